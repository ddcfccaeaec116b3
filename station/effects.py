"""What an event does to the records of people, told before it is signed and done with it.

A form declares its effects; here they become steps, from what is stored now. The steps are shown
side by side with what stands, then said as entries of the same act as the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms.codes import code_list
from forms.effects import amendments, told
from forms.problems import error, warning
from ledger import kinds
from station import reading
from station.memberships import RELATIONS, head_of
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.store import Reader
    from forms.definition import Effects, Form
    from forms.draft import Raw
    from forms.events import EventFacts
    from forms.persons import Person
    from forms.problems import Problem
    from ledger.views import HouseholdView, PersonView
    from values.identifiers import HouseholdId

__all__ = ["Amends", "Creates", "Joins", "Leaves", "Step", "objections", "plan"]

DEATH = "death"
"""The field of a person's record that tells of a death."""
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
    """What is said of a person's record: field to (before, after); None is empty.

    The two may be the same: the event says so too, and goes on saying so when another event that
    did is withdrawn.
    """

    person: PersonView
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Leaves:
    """A stay in a household ends; `to` says where the person goes, when that is known."""

    person: PersonView
    household: HouseholdView
    relation: str
    reason: str
    to: HouseholdId | None = None


@dataclass(frozen=True, slots=True)
class Joins:
    """A stay in a household begins, or goes on under another relation."""

    person: PersonView
    household: HouseholdView
    relation: str
    came_from: HouseholdId | None = None


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
        if (view := reader.person(_id(identity))) is None:
            continue
        for field, value in amended.items():
            # Said even where it stands already: it goes on standing when that is withdrawn.
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
            if moved is None or DEATH in moved.values:
                continue  # a reunion may be told after a death: nobody dead joins a household
            left = [
                replace(one, to=target.id)
                for one in _leaves(reader, moved.id.bytes, facts.form.id)
                if one.household.id != target.id
            ]
            steps += left
            joined_as = relation if isinstance(relation, str) else OTHER
            steps.append(Joins(moved, target, joined_as, left[0].household.id if left else None))
    return tuple(steps)


def objections(
    reader: Reader, form: Form, raw: Mapping[str, Raw], known: Mapping[str, Person]
) -> Iterator[Problem]:
    """What speaks against the households that an event would leave, told while it is typed.

    A household has one head at most; that one is left without any must be said on purpose.
    """
    effects = form.effects
    becomes_head = _becomes_head(raw.get(effects.relation))
    people = {name: one for name in _roles(effects) if (one := _named(raw, known, name))}

    def home(role: str) -> HouseholdView | None:
        return reader.household_of(_person_id(people[role])) if role in people else None

    if effects.creates and effects.created_as not in people:
        taking = next((found for role in effects.joins if (found := home(role))), None)
        if taking is None:
            yield error("no_household", effects.joins[0])
        elif becomes_head and head_of(taking) is not None:
            yield error("two_heads", effects.relation)
    target = home(effects.moves_to)
    moves = [one for one in effects.moves if target and one in people and not people[one].dead]
    for role in (*effects.leaves, *moves):
        left = home(role)
        person = _person_id(people[role]) if role in people else None
        if role in moves and target and becomes_head:
            if head_of(target) not in (None, person):
                yield error("two_heads", effects.relation)
            elif left and left.id == target.id:
                continue  # and stays the head of it
        if left and head_of(left) == person and len(left.present()) > 1:
            yield warning("head_leaves", role)


def _roles(effects: Effects) -> set[str]:
    roles = {effects.created_as, effects.moves_to, *effects.joins, *effects.leaves, *effects.moves}
    return roles - {""}


def _named(raw: Mapping[str, Raw], known: Mapping[str, Person], role: str) -> Person | None:
    """The registered person whom a raw answer names."""
    chosen = raw.get(role)
    identity = chosen.get("person") if isinstance(chosen, Mapping) else None
    return known.get(identity) if isinstance(identity, str) else None


def _person_id(person: Person) -> PersonId:
    return PersonId(UUID(hex=person.id))


def _becomes_head(typed: Raw) -> bool:
    codes = code_list(RELATIONS)
    return isinstance(typed, str) and codes.find(typed.strip()) == kinds.HEAD


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
    for household in reader.households_of(view.id) if view is not None else ():
        if view is not None and (relation := reading.relation_of(household, view.id)):
            yield Leaves(view, household, relation, reason)


def _person(reader: Reader, identity: bytes | None) -> PersonView | None:
    return None if identity is None else reader.person(_id(identity))


def _household_of(reader: Reader, identity: bytes | None) -> HouseholdView | None:
    return None if identity is None else reader.household_of(_id(identity))


def _id(identity: bytes) -> PersonId:
    return PersonId(UUID(bytes=identity))
