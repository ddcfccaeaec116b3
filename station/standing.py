"""What stands of a person when an event is withdrawn: answers and place, from what is left.

Nothing is turned back step by step: two events may have said the same, and one may have built on
the other. An entry that names a withdrawn event counts for nothing here, whether it said what the
event did or undid it; all others do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger import kinds
from ledger.fold import fold_subject
from ledger.views import PersonView
from station import reading
from values.identifiers import EventId, HouseholdId, PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from db.store import Reader
    from ledger.entry import Entry
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person belongs, and under which relation to the head."""

    household: HouseholdId
    relation: str


@dataclass(frozen=True, slots=True)
class _Step:
    """What one act says of a person's place. ``by_event``: an event said it; ``counts``: it was
    not withdrawn. ``left`` are the households left; ``out``: the person left whatever there was."""

    by_event: bool
    counts: bool
    left: frozenset[HouseholdId] = frozenset()
    joined: Place | None = None
    out: bool = False


def answers(
    session: Session, reader: Reader, person: PersonId, without: EventId
) -> Mapping[str, Any]:
    """The person's answers as all would have them who did not speak of a withdrawn event."""
    entries = [
        entry if _counts(reader, entry, without) else entry.without_body()
        for entry in reader.entries_of("person", person)
    ]
    view = fold_subject("person", entries, session.conflict_sets)
    return view.values if isinstance(view, PersonView) else {}


def place(session: Session, reader: Reader, person: PersonId, without: EventId) -> Place | None:
    """Where the person belongs once the event is withdrawn; None for nowhere."""
    actual: Place | None = None
    stands: Place | None = None
    for step in _steps(session, reader, person, without):
        joined = step.joined
        if joined is None:
            here = actual is not None and actual.household in step.left
            if step.counts and (step.out or here):
                stands = None
            actual = None if here else actual
            continue
        # Another relation to the head holds for as long as the person stays in that household.
        again = actual is not None and actual.household == joined.household and not step.by_event
        if step.counts and (not again or (stands and stands.household == joined.household)):
            stands = joined
        actual = joined
    return stands


def recorded(reader: Reader, event: EventId) -> Entry:
    """The entry by which an event was recorded."""
    return next(
        one for one in reader.entries_of("event", event) if one.header.kind == kinds.EVENT_RECORDED
    )


def _counts(reader: Reader, entry: Entry, without: EventId) -> bool:
    named = (entry.body or {}).get("event")
    if not isinstance(named, bytes) or len(named) != 16:
        return True
    event = EventId(UUID(bytes=named))
    view = reader.event(event)
    return event != without and (view is None or view.voided is None)


def _steps(session: Session, reader: Reader, person: PersonId, without: EventId) -> Iterator[_Step]:
    """What acts said of the person's place, in the order of time."""
    acts: dict[UUID, list[Entry]] = {}
    for household in reader.households_of(person):
        for entry in reader.entries_of("household", household.id):
            if _speaks_of(entry, person):
                acts.setdefault(entry.header.group.id, []).append(entry)
    # Whoever had no household any more left none; a standing event says all the same who is gone.
    gone: set[UUID] = set()
    for event in reader.events_of(person):
        if event.id == without or event.voided is not None or event.type not in _types(session):
            continue
        leaving = session.catalogue.form(event.type).effects.leaves
        if any(one.person == person and one.role in leaving for one in event.participants):
            first = recorded(reader, event.id)
            acts.setdefault(first.header.group.id, []).append(first)
            gone.add(first.header.group.id)
    for act in _in_order(acts.values()):
        yield _step(reader, person, act, without, out=act[0].header.group.id in gone)


def _step(
    reader: Reader, person: PersonId, act: Iterable[Entry], without: EventId, *, out: bool
) -> _Step:
    left: set[HouseholdId] = set()
    joined: Place | None = None
    by_event, counts = False, True
    for entry in act:
        body = entry.body or {}
        household = HouseholdId(entry.header.subject.id)
        by_event |= "event" in body
        counts &= _counts(reader, entry, without)
        match entry.header.kind:
            case kinds.HOUSEHOLD_MEMBER_LEFT:
                left.add(household)
            case kinds.HOUSEHOLD_MEMBER_JOINED:
                joined = Place(household, body["relation"])
            case kinds.HOUSEHOLD_REGISTERED | kinds.CONFLICT_RESOLVED:
                told = next(one for one in body["members"] if one["person"] == person.bytes)
                if told.get("relation"):
                    joined = Place(household, told["relation"])
                elif isinstance(told.get("to"), bytes):
                    joined = _there(reader, HouseholdId(UUID(bytes=told["to"])), person)
                else:
                    left.add(household)
    return _Step(by_event, counts, frozenset(left), joined, out)


def _there(reader: Reader, household: HouseholdId, person: PersonId) -> Place | None:
    view = reader.household(household)
    relation = reading.relation_of(view, person) if view is not None else ""
    return Place(household, relation or kinds.UNKNOWN_RELATION) if view is not None else None


def _speaks_of(entry: Entry, person: PersonId) -> bool:
    body = entry.body or {}
    if entry.header.kind in (kinds.HOUSEHOLD_MEMBER_JOINED, kinds.HOUSEHOLD_MEMBER_LEFT):
        return bool(body.get("person") == person.bytes)
    if entry.header.kind in (kinds.HOUSEHOLD_REGISTERED, kinds.CONFLICT_RESOLVED):
        return person.bytes in {one["person"] for one in body.get("members") or ()}
    return False


def _in_order(acts: Iterable[list[Entry]]) -> list[list[Entry]]:
    """Acts by time, and those of one chain as the chain has them: a clock may have been set
    back."""
    latest: dict[tuple[bytes, bytes], datetime] = {}
    keyed = []
    for act in sorted(acts, key=lambda act: act[0].header.sequence):
        header = act[0].header
        chain = (header.office.bytes, header.epoch)
        latest[chain] = max(latest.get(chain, header.device_time), header.device_time)
        keyed.append(((latest[chain], header.sequence, chain), act))
    return [act for _, act in sorted(keyed, key=lambda one: one[0])]


def _types(session: Session) -> frozenset[str]:
    return frozenset(form.id for form in session.catalogue.events())
