"""Pruning: what the registry has acknowledged leaves the station, as the operation's policy says.

The best protection against a stolen laptop is that little lies on it. Whole families are pruned,
with their events, never a part of one: entries keep header and signature and lose their bodies,
photos go, and of each person a stub stays (`workspace.stubs`). Registrations and documents stay as
they are: they hold no names, a list that is taken in again is still known, and papers can still be
withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from db.records import Lost
from ledger import kinds
from ledger.entry import Subject
from ledger.views import EventView, HouseholdView, PersonView
from sync.errors import FormatError
from sync.notice import Notice
from workspace import erasure, stubs, waiting
from workspace.errors import RefusedError
from workspace.exported import covered_upto
from workspace.rights import Right, may, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from db.store import Reader
    from ledger.entry import Entry
    from values.identifiers import HouseholdId, OfficeId, PersonId
    from workspace.session import Session

LARGEST: Final = 500
"""Families that hang together by more persons than this are left alone: nobody could tell what
goes."""

_SETTLED: Final = frozenset({"approved", "registered"})
_REFUSED: Final = frozenset({"held", "quarantined", "refused"})

KEEP_EVERYTHING: Final = (
    "This operation keeps everything at its stations: nothing is pruned. The registry decides how "
    "many days a station keeps what was acknowledged, when it is set up."
)


@dataclass(frozen=True, slots=True)
class PruningPlan:
    """What pruning would take now. `kept` counts families that stay, by the reason: `recent`,
    `unacknowledged`, `review`, `conflict`, `correction`, `draft`, `set_aside`, `large`."""

    days: int
    households: int
    persons: int
    entries: int
    photos: int
    kept: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was pruned."""

    households: int
    persons: int
    entries: int
    photos: int


@dataclass(slots=True)
class _Family:
    """Households that share persons or events, and all that is said about them."""

    households: dict[HouseholdId, HouseholdView] = field(default_factory=dict)
    persons: dict[PersonId, PersonView] = field(default_factory=dict)
    events: dict[UUID, EventView] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def ids(self) -> Iterator[UUID]:
        yield from (*self.households, *self.persons, *self.events)

    def subjects(self) -> Iterator[tuple[str, UUID]]:
        for type_, ids in (
            ("household", self.households),
            ("person", self.persons),
            ("event", self.events),
        ):
            for identity in ids:
                yield type_, identity


def policy(session: Session) -> int | None:
    """How many days this station keeps what was acknowledged; None where it keeps everything, or
    where it is not this user's to prune."""
    if session.kind != "station" or not may(session.user.role, Right.PRUNE):
        return None
    return session.office.operation.keep_days


def plan(session: Session) -> PruningPlan:
    """Count what would go. Raises `RefusedError` (`keeps_everything`) without a policy to."""
    require(session, Right.PRUNE)
    days = _days(session)
    ready, kept = _sort(session, days)
    blobs = {bytes(blob) for one in ready for entry in one.entries for blob in entry.header.blobs}
    return PruningPlan(
        days=days,
        households=sum(len(one.households) for one in ready),
        persons=sum(len(one.persons) for one in ready),
        entries=sum(len(one.entries) for one in ready),
        photos=len(blobs),
        kept=kept,
    )


def prune(
    session: Session, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> Pruned:
    """Prune what the plan counts, one act for each family: a kill leaves whole ones.

    Photos follow once their entries are committed; those that a kill left are dropped by the next
    run. Raises as `plan`.
    """
    require(session, Right.PRUNE)
    days = _days(session)
    ready, _ = _sort(session, days)
    photos = erasure.drop_photos(session, _left_over(session))
    for done, family in enumerate(ready, start=1):
        _prune(session, family, days)
        progress(done, len(ready))
    photos += erasure.drop_photos(session, [entry for one in ready for entry in one.entries])
    return Pruned(
        households=sum(len(one.households) for one in ready),
        persons=sum(len(one.persons) for one in ready),
        entries=sum(len(one.entries) for one in ready),
        photos=photos,
    )


def _prune(session: Session, family: _Family, days: int) -> None:
    today = session.clock.now().date()
    left = [
        stubs.make(person, household=_number_of(family, person), on=today)
        for person in family.persons.values()
    ]
    with session.act() as act:
        act.say(
            kinds.ENTRY_PRUNED,
            Subject("office", session.office.id),
            {
                "entries": [entry.hash for entry in family.entries],
                "basis": f"acknowledged, and kept for {days} days",
                "second": None,
            },
        )
        erasure.carry_out(session, act.unit, family.entries, lost=Lost.PRUNED)
        for stub in left:
            stubs.put(act.unit, stub)


def _number_of(family: _Family, person: PersonView) -> str:
    return next(
        (
            one.number
            for one in family.households.values()
            if any(member.person == person.id for member in one.members)
        ),
        "",
    )


def _days(session: Session) -> int:
    days = session.office.operation.keep_days
    if session.kind != "station" or days is None:
        raise RefusedError("keeps_everything", KEEP_EVERYTHING)
    return days


def _sort(session: Session, days: int) -> tuple[list[_Family], dict[str, int]]:
    """The families that can go, and how many households stay for which reason."""
    ready: list[_Family] = []
    kept: dict[str, int] = {}
    with session.store.read() as reader:
        judge = _Judge(session, reader, days)
        for family in _families(reader):
            reason = judge.keeps(family)
            if reason is None:
                ready.append(family)
            else:
                kept[reason] = kept.get(reason, 0) + len(family.households)
    return ready, kept


def _families(reader: Reader) -> Iterator[_Family]:
    seen: set[UUID] = set()
    for household in reader.households():
        if household.id not in seen:
            family = _gather(reader, household)
            seen.update(family.households)
            yield family


def _gather(reader: Reader, first: HouseholdView) -> _Family:
    """Everybody who ever belonged to the household, what happened to them, and whoever else had
    part in that, with their households."""
    family = _Family()
    waiting_: list[HouseholdView] = [first]
    while waiting_ and len(family.persons) <= LARGEST:
        household = waiting_.pop()
        if household.id in family.households:
            continue
        family.households[household.id] = household
        fresh = {one.person for one in household.members} - family.persons.keys()
        while fresh:
            identity = fresh.pop()
            person = reader.person(identity)
            if person is None or stubs.is_stub(person) or identity in family.persons:
                continue
            family.persons[identity] = person
            waiting_ += reader.households_of(identity)
            for event in reader.events_of(identity):
                family.events.setdefault(event.id, event)
                fresh |= {one.person for one in event.participants} - family.persons.keys()
    return family


class _Judge:
    """Why a family is not pruned yet."""

    def __init__(self, session: Session, reader: Reader, days: int) -> None:
        self._reader = reader
        self._office = session.office.id
        self._before = session.clock.now() - timedelta(days=days)
        self._covered = {
            epoch: covered_upto(reader, self._office, epoch)
            for epoch, _ in reader.epochs(self._office)
        }
        self._acknowledged, self._set_aside = _from_notices(reader, self._office)
        self._conflicts = {one.subject_id for one in reader.conflicts()}
        self._corrections = {
            one.person
            for event in map(reader.event, waiting.noted(reader))
            if event is not None
            for one in event.participants
        }
        self._drafts = [(one.id, one.data) for one in reader.drafts()]

    def keeps(self, family: _Family) -> str | None:
        """The first reason that holds; None when the family can go. Gathers its entries."""
        if len(family.persons) > LARGEST:
            return "large"
        if any(one in self._conflicts for one in family.ids()) or _in_conflict(family):
            return "conflict"
        if not self._corrections.isdisjoint(family.persons):
            return "correction"
        if self._in_draft(family):
            return "draft"
        if not self._reviewed(family):
            return "review"
        family.entries = [
            entry
            for type_, identity in family.subjects()
            for entry in self._reader.entries_of(type_, identity)
            if entry.body_bytes is not None
        ]
        return self._unripe(family)

    def _unripe(self, family: _Family) -> str | None:
        for entry in (*family.entries, *self._beside(family)):
            header = entry.header
            if header.device_time > self._before:
                return "recent"
            if header.office != self._office:
                continue
            if header.sequence > self._covered.get(header.epoch, 0):
                return "unacknowledged"
            if header.group.id in self._set_aside:
                return "set_aside"
            at = self._receipt_of(header.epoch, header.sequence)
            if at is None or at > self._before:
                return "recent"
        return None

    def _beside(self, family: _Family) -> Iterator[Entry]:
        """What is said about their papers and registrations: it stays, but it shows that somebody
        had to do with them, and a review has to have reached the registry."""
        for person in family.persons:
            for one in self._reader.documents_of(person=person):
                yield from self._reader.entries_of("document", one.id)
        for household in family.households:
            for registration in self._reader.registrations_of_household(household):
                yield from self._reader.entries_of("registration", registration.id)

    def _receipt_of(self, epoch: bytes, sequence: int) -> datetime | None:
        """When the first receipt came that covers a place."""
        return min(
            (at for upto, at in self._acknowledged.get(epoch, ()) if upto >= sequence),
            default=None,
        )

    def _reviewed(self, family: _Family) -> bool:
        return all(
            one.status in _SETTLED
            for household in family.households
            for one in self._reader.registrations_of_household(household)
        )

    def _in_draft(self, family: _Family) -> bool:
        """Whether an unfinished form names one of them, however it writes ids."""
        if not self._drafts:
            return False
        names = [text for one in family.ids() for text in (one.hex, str(one))]
        return any(
            name in id_ or name.encode("ascii") in data
            for id_, data in self._drafts
            for name in names
        )


def _in_conflict(family: _Family) -> bool:
    views = (*family.households.values(), *family.persons.values(), *family.events.values())
    return any(view.conflicts for view in views)


def _from_notices(
    reader: Reader, office: OfficeId
) -> tuple[dict[bytes, list[tuple[int, datetime]]], set[UUID]]:
    """For each epoch, how far it was acknowledged and when; and the acts that the registry holds
    back or has put aside, by its latest word."""
    acknowledged: dict[bytes, list[tuple[int, datetime]]] = {}
    said: dict[UUID, str] = {}
    for record in reader.notices(office):
        try:
            notice = Notice.from_bytes(record.data)
        except FormatError:
            continue
        for receipt in notice.receipts:
            if receipt.office == office:
                at = record.at.astimezone(UTC)
                acknowledged.setdefault(receipt.epoch, []).append((receipt.sequence, at))
        said.update((one.group, one.outcome) for one in notice.outcomes)
    return acknowledged, {group for group, outcome in said.items() if outcome in _REFUSED}


def _left_over(session: Session) -> list[Entry]:
    """Pruned entries whose photos are still here: a kill came between the commit and the drop."""
    with session.store.read() as reader:
        pruned = [
            entry
            for _, entry, standing in reader.arrivals()
            if standing.lost is Lost.PRUNED and entry.header.blobs
        ]
    named: set[bytes] = {bytes(blob) for entry in pruned for blob in entry.header.blobs}
    here: set[bytes] = named - set(session.store.photos.missing(sorted(named)))
    return [entry for entry in pruned if here.intersection(entry.header.blobs)]
