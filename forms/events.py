"""An event as it is told: what is wrong in it, and what the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.definition import Form, Kind
from forms.draft import Raw
from forms.errors import DraftError
from forms.persons import Person
from forms.problems import Problem, error, warning
from forms.raw import BIRTH
from forms.reading import Read, holds, read
from values.dates import DateError

__all__ = ["EventFacts", "check_event", "event_facts"]

DATE = "date"
"""The field that every event's form has: when it happened."""
INFORMANT = "informant"
"""Who tells of it, who may well have a part in it: a mother tells of a birth."""


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event ready to be recorded.

    Attributes:
        date: when, as a partial date's body; None when it was not told.
        values: the other answers. sensitive: those to be sealed before they are kept.
        people: (role, id of a registered person), in the order of the form.
        late: whether it is registered later than the form's limit.
        no_document: codes of the rules that forbid a document about it.
        unsure: what was not told of the date (``unknown``, ...), or empty.
    """

    form: Form
    date: Mapping[str, Any] | None
    values: Mapping[str, Any]
    sensitive: Mapping[str, Any]
    people: tuple[tuple[str, bytes], ...]
    late: bool
    no_document: tuple[str, ...]
    unsure: str = ""


def check_event(
    form: Form, raw: Mapping[str, Raw], today: date, people: Mapping[str, Person] | None = None
) -> list[Problem]:
    """What is wrong or odd in an event's raw answers. ``people`` are those that it names."""
    seen = read(form, raw, today, people=people)
    return [*seen.problems, *_same_person(form, raw), *_birth(form, raw, seen, today)]


def _same_person(form: Form, raw: Mapping[str, Raw]) -> Iterator[Problem]:
    """One person in two parts: an error where nobody can have both, else worth a look."""
    parts = [one.name for one in form.people() if one.name != INFORMANT]
    first: dict[str, str] = {}
    for name in sorted(parts, key=lambda name: name not in form.distinct):
        identity = _chosen(raw, name)
        if not identity:
            continue
        if identity not in first:
            first[identity] = name
        elif {name, first[identity]} <= set(form.distinct):
            yield error("person_in_both", name)
        else:
            yield warning("person_twice", name)


def _birth(form: Form, raw: Mapping[str, Raw], seen: Read, today: date) -> Iterator[Problem]:
    """Whoever is registered with the event is alive, and was born when somebody alive can be."""
    answer = form.effects.creates.get(BIRTH, "")
    said = seen.date(answer)
    if said is None or _chosen(raw, form.effects.created_as):
        return
    try:
        said.check_birth(today)
    except DateError as reason:
        yield error(reason.code, answer)


def _chosen(raw: Mapping[str, Raw], name: str) -> str:
    """The registered person who was chosen for a part, or nothing."""
    chosen = raw.get(name)
    identity = chosen.get("person") if isinstance(chosen, Mapping) else None
    return identity if isinstance(identity, str) else ""


def event_facts(
    form: Form, raw: Mapping[str, Raw], today: date, people: Mapping[str, Person] | None = None
) -> EventFacts:
    """The event as the ledger keeps it.

    Raises :class:`~forms.errors.DraftError` while errors remain; warnings are the caller's to ask
    about.
    """
    seen = read(form, raw, today, people=people)
    if any(problem.is_error for problem in seen.problems):
        raise DraftError("not_ready", "The event has errors; mend them, then record it.")
    values = seen.values()
    when = values.pop(DATE, None)
    unsure = when["missing"] if isinstance(when, Mapping) and "missing" in when else ""
    said = seen.date(DATE)
    roles = []
    for one in form.people():
        value = values.get(one.name)
        if isinstance(value, Mapping) and isinstance(value.get("person"), bytes):
            roles.append((one.name, value["person"]))
            del values[one.name]
    return EventFacts(
        form=form,
        date=None if unsure else when,
        values={
            name: value
            for name, value in values.items()
            if not form.field(name).sensitive and form.field(name).kind is not Kind.SEALED
        },
        sensitive={name: value for name, value in values.items() if form.field(name).sensitive},
        people=tuple(roles),
        late=bool(form.late_after and said and (today - said.latest).days > form.late_after),
        no_document=tuple(
            rule.code
            for rule in form.rules
            if rule.no_document and holds(rule.when, seen.context, unknown=True)
        ),
        unsure=unsure,
    )
