"""What an event changes in the records of those who take part, as its form says.

Pure: a station says it in the act of the event, and a registry computes it again before it admits
that act.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.definition import Form
from forms.events import DATE

__all__ = ["amendments", "told"]


def amendments(
    form: Form, people: Mapping[str, bytes], told: Mapping[str, Any]
) -> dict[bytes, dict[str, Any]]:
    """By id of a registered person, the fields of that person's record and what they become.

    `people` are the registered persons by role, `told` the answers, the date among them. What was
    not answered changes nothing, and what is sealed stays in the event.
    """
    made: dict[bytes, dict[str, Any]] = {}
    for one in form.effects.amends:
        identity = people.get(one.person)
        sealed = one.answer in form and form.field(one.answer).sensitive
        value = one.value or (None if sealed else told.get(one.answer))
        if identity is not None and value is not None:
            made.setdefault(identity, {})[one.field] = value
    return made


def told(
    values: Mapping[str, Any], date: Mapping[str, Any] | None, unsure: str = ""
) -> dict[str, Any]:
    """The answers of an event with its date, or why there is none, as effects take them."""
    return {**values, DATE: date or ({"missing": unsure} if unsure else None)}
