"""What an event does to the records of people, told before it is signed and done with it.

A form declares its effects; here they become steps, from what is stored now. The steps are shown
side by side with what stands, then said as entries of the same act as the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms.effects import amendments, told
from station import reading
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.store import Reader
    from forms.definition import Effects
    from forms.events import EventFacts
    from ledger.views import HouseholdView, PersonView

__all__ = ["Amends", "Creates", "Joins", "Leaves", "Step", "plan"]

OTHER = "other"
"""The relation of somebody who goes over to a household and nobody said as what."""


@dataclass(frozen=True, slots=True)
class Creates:
    """A person is registered with the event, and joins a household."""

    role: str
    values: Mapping[str, Any]
    household: HouseholdView
    relation: str


@dataclass(frozen=True, slots=True)
class Amends:
    """Answers of a person's record change: field to (before, after); None is empty."""

    person: PersonView
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Leaves:
    """A stay in a household ends."""

    person: PersonView
    household: HouseholdView
    relation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Joins:
    """A stay in a household begins."""

    person: PersonView
    household: HouseholdView
    relation: str


Step = Creates | Amends | Leaves | Joins


def plan(reader: Reader, facts: EventFacts) -> tuple[Step, ...]:
    """The steps of an event, in the order in which they are said.

    One entry for each person and household that is touched: two of one act would not know of each
    other, and would look like two people in conflict.
    """
    effects = facts.form.effects
    people = dict(facts.people)
    steps: list[Step] = []
    if created := _creates(reader, facts, effects):
        steps.append(created)
    changes: dict[PersonId, dict[str, tuple[Any, Any]]] = {}
    for identity, amended in amendments(facts.form, people, _told(facts)).items():
        view = reader.person(_id(identity))
        for field, value in amended.items():
            if view is not None and view.values.get(field) != value:
                changes.setdefault(view.id, {})[field] = (view.values.get(field), value)
    for person, changed in changes.items():
        view = reader.person(person)
        if view is not None:
            steps.append(Amends(view, changed))
    for role in effects.leaves:
        steps += _leaves(reader, people.get(role), effects.leave_reason)
    target = _household_of(reader, people.get(effects.moves_to))
    if target is not None:
        relation = facts.values.get(effects.relation)
        for role in effects.moves:
            moved = _person(reader, people.get(role))
            if moved is None or reading.relation_of(target, moved.id):
                continue
            steps += _leaves(reader, moved.id.bytes, facts.form.id)
            steps.append(Joins(moved, target, relation if isinstance(relation, str) else OTHER))
    return tuple(steps)


def _creates(reader: Reader, facts: EventFacts, effects: Effects) -> Creates | None:
    people = dict(facts.people)
    if not effects.creates or effects.created_as in people:
        return None
    household = next(
        (found for role in effects.joins if (found := _household_of(reader, people.get(role)))),
        None,
    )
    if household is None:
        return None
    values: dict[str, Any] = {}
    for field, answer in effects.creates.items():
        value = _answer(reader, facts, answer)
        if value is not None:
            values[field] = value
    relation = facts.values.get(effects.relation)
    return Creates(
        effects.created_as, values, household, relation if isinstance(relation, str) else OTHER
    )


def _answer(reader: Reader, facts: EventFacts, name: str) -> Any:
    """What was answered; of a person, the name."""
    person = _person(reader, dict(facts.people).get(name))
    if person is not None:
        return reading.name_of(person)
    value = _told(facts).get(name)
    if isinstance(value, Mapping):
        # Somebody who is not registered, or a place: the person's record keeps the words.
        return value.get("name") or value.get("text") or (value if "code" not in value else None)
    return value


def _told(facts: EventFacts) -> dict[str, Any]:
    return told(facts.values, facts.date, facts.unsure)


def _leaves(reader: Reader, identity: bytes | None, reason: str) -> Iterator[Leaves]:
    view = _person(reader, identity)
    household = _household_of(reader, identity)
    if view is not None and household is not None:
        yield Leaves(view, household, reading.relation_of(household, view.id), reason)


def _person(reader: Reader, identity: bytes | None) -> PersonView | None:
    return None if identity is None else reader.person(_id(identity))


def _household_of(reader: Reader, identity: bytes | None) -> HouseholdView | None:
    return None if identity is None else reader.household_of(_id(identity))


def _id(identity: bytes) -> PersonId:
    return PersonId(UUID(bytes=identity))
