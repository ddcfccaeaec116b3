"""What of an event a person is told who asks what is recorded about them.

An event holds words about several people. Whoever it is about is told what was answered, whoever
else took part their own part and the date, and of what is private nothing at all. See "What a
person is told" in ``docs/formats/forms.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from forms.definition import Kind
from forms.events import DATE, INFORMANT

if TYPE_CHECKING:
    from forms.definition import Form
    from ledger.views import EventView
    from values.identifiers import PersonId

SUBJECT = "subject"
"""The part of the one person whom an event is about, where a form does not ask for another."""

PRINCIPALS: Mapping[str, frozenset[str]] = {
    "adoption": frozenset({"child"}),
    "death": frozenset({"deceased"}),
    "divorce": frozenset({"spouse_a", "spouse_b"}),
    "foetal_death": frozenset({"mother"}),
    "live_birth": frozenset({"child", "mother"}),
    "marriage": frozenset({"spouse_a", "spouse_b"}),
    "recognition": frozenset({"child"}),
    "tracing_request": frozenset({"inquirer"}),
}
"""By event, the parts of those whom it is about; of any other event it is the subject."""

_OF_ONE: Mapping[str, Mapping[str, frozenset[str]]] = {
    "divorce": {"other_knows": frozenset(), "notes": frozenset()},
    "live_birth": {"children_born": frozenset({"mother"}), "notes": frozenset()},
    "marriage": {
        "age_a": frozenset({"spouse_a"}),
        "consent_a": frozenset({"spouse_a"}),
        "age_b": frozenset({"spouse_b"}),
        "consent_b": frozenset({"spouse_b"}),
        "heard_apart": frozenset(),
        "notes": frozenset(),
    },
}
"""Of an event about two: answers about one of them, and whom they are told. What an officer wrote
down beside it may be what one of the two said in private."""

_ABOUT_WHO_TOLD = frozenset({INFORMANT, "informant_relation"})
"""Who told of it is told nobody: some tell of what another may not know that they saw."""

_PRIVATE_FAMILY = "protection"
_PRIVATE = frozenset({"foetal_death"})

_ALLOWED: Mapping[str, Mapping[str, tuple[str, frozenset[str]]]] = {
    "tracing_request": {"sought": ("tell_sought", frozenset({"inquirer", "contact"}))},
}
"""By event and part: the question whose yes lets that person know of it, and what they are told
then."""


def concerns(form: Form, event: EventView, person: PersonId) -> frozenset[str] | None:
    """The fields of an event that this person is told, their own part among them; None for an
    event of which they are told nothing."""
    mine = {one.role for one in event.participants if one.person == person}
    if principal := mine & PRINCIPALS.get(event.type, frozenset({SUBJECT})):
        of_one = _OF_ONE.get(event.type, {})
        return frozenset(mine) | {
            one.name
            for one in form.fields()
            if one.name not in _ABOUT_WHO_TOLD
            and (one.name not in of_one or of_one[one.name] & principal)
        }
    allowed: set[str] = set()
    for role, (question, fields) in _ALLOWED.get(event.type, {}).items():
        if role in mine and event.values.get(question) == "yes":
            allowed |= fields
    if not allowed and _is_private(form, event):
        return None
    return frozenset(mine | {DATE} | allowed)


def _is_private(form: Form, event: EventView) -> bool:
    """Whether that it happened is nobody's to know but theirs whom it is about. What a later
    program calls an event may be anything."""
    unknown = not any(one.kind is Kind.PERSON for one in form.fields())
    return unknown or form.event == _PRIVATE_FAMILY or event.type in _PRIVATE
