"""Which part a person may have in an event, judged by the form's own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from forms.definition import Field, Form
from forms.draft import Raw
from forms.events import check_event
from forms.persons import Person

TELLS: Final = ("informant", "witness", "registrar", "officiant", "declarant")
"""Beginnings of the names of roles that tell of an event rather than take part in it."""


@dataclass(frozen=True, slots=True)
class Role:
    """A part in an event: the field that names who has it."""

    field: str
    label: str


def roles_of(form: Form) -> tuple[Field, ...]:
    """The fields that name those who take part, in the form's order."""
    return tuple(one for one in form.people() if not one.name.startswith(TELLS))


def fitting(form: Form, person: Person, today: date) -> tuple[Field, ...]:
    """The parts that the person may have.

    A part does not fit when the form would object to the person there: a man as the mother, a
    child as a spouse, one who died as the one who arrives. Where everything is objected to, nothing
    is left out: the form says why when it is told.
    """
    roles = roles_of(form)
    fit = tuple(one for one in roles if not _objections(form, one.name, person, today))
    return fit or roles


def placed(form: Form, field: str, person: str) -> dict[str, Raw]:
    """The answers of a form that begins with the person in this part."""
    return {field: {"person": person}} if field in form else {}


def _objections(form: Form, name: str, person: Person, today: date) -> bool:
    empty: Mapping[str, Raw] = {}
    before = {one.code for one in check_event(form, empty, today, {})}
    said = check_event(form, placed(form, name, person.id), today, {person.id: person})
    return any(one.field == name and one.code not in before for one in said)
