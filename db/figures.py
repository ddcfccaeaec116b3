"""Figures over whole tables, counted where the rows lie: nothing here reads them one by one.

Every question is one statement, the same on SQLCipher and PostgreSQL, that an index answers or
that reads no more than what waits. Times are milliseconds since 1970 in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, and_, bindparam, case, cast, func, select, text

from db.asking import Asking
from db.models import (
    AttendeeRow,
    BundleRow,
    ChainRow,
    ConflictRow,
    DocumentRow,
    EntryRow,
    EventRow,
    ForkRow,
    HouseholdRow,
    MatchCaseRow,
    PersonRow,
    RegistrationRow,
)
from db.statements import parts
from ledger import kinds

DAY = 86_400_000
"""Milliseconds of a day."""


class DayRow(NamedTuple):
    """Registrations that one office submitted on one day, counted from 1970."""

    office: bytes
    day: int
    families: int
    persons: int


class WaitRow(NamedTuple):
    """How much waits, since when the longest, and how much since each of the moments asked for."""

    number: int
    oldest: int | None
    since: tuple[int, ...]


class PlaceRow(NamedTuple):
    """A place in a chain: its last entry here, or the last that a bundle spoke of."""

    office: bytes
    epoch: bytes
    sequence: int


class GapRow(NamedTuple):
    """Entries that are not here, though later ones of their chain are."""

    office: bytes
    epoch: bytes
    first: int
    last: int


class CutRow(NamedTuple):
    """A bundle whose import has not come to its end."""

    office: bytes
    bundle: bytes
    first: int
    last: int
    at: int


def _param(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


# As it stands in the index, word for word, so that SQLite knows that the index answers.
_ASIDE = text("entries.state <> 'admitted'")


def _days() -> Any:
    day = ((RegistrationRow.first_at + _param("offset")) // DAY).label("day")
    first = (
        select(RegistrationRow.id, EntryRow.office_id, day)
        .join(
            EntryRow,
            and_(
                EntryRow.subject_type == "registration",
                EntryRow.subject_id == RegistrationRow.id,
                EntryRow.kind == kinds.REGISTRATION_SUBMITTED,
                EntryRow.state == "admitted",
            ),
        )
        .where(RegistrationRow.first_at >= _param("since"))
        .where(RegistrationRow.first_at < _param("until"))
        .distinct()
        .subquery()
    )
    return (
        select(
            first.c.office_id,
            first.c.day,
            func.count(first.c.id.distinct()).label("families"),
            func.count(AttendeeRow.person_id).label("persons"),
        )
        .outerjoin(AttendeeRow, AttendeeRow.registration_id == first.c.id)
        .group_by(first.c.office_id, first.c.day)
        .order_by(first.c.day, first.c.office_id)
    )


def _waits(at: Any, table: Any, *where: Any) -> Any:
    """How much waits; ``at`` says since when. Three moments at most, the latest first."""
    since = [
        func.coalesce(func.sum(case((at >= _param(f"m{place}"), 1), else_=0)), 0).label(f"m{place}")
        for place in range(4)
    ]
    asked = select(func.count().label("number"), func.min(at).label("oldest"), *since)
    return asked.select_from(table).where(*where)


_STATUS = _waits(
    RegistrationRow.first_at, RegistrationRow, RegistrationRow.status == bindparam("status")
)
_PAIRS = _waits(
    MatchCaseRow.at, MatchCaseRow, MatchCaseRow.state.in_(bindparam("states", expanding=True))
)
_CONFLICTS = _waits(ConflictRow.since, ConflictRow)
_ENTRIES = _waits(
    EntryRow.device_time,
    EntryRow,
    _ASIDE,
    EntryRow.state == bindparam("state"),
    func.coalesce(EntryRow.reason, "") != bindparam("but"),
)
_STATUSES = select(RegistrationRow.status, func.count().label("number")).group_by(
    RegistrationRow.status
)
_LATER = (
    select(func.count())
    .select_from(RegistrationRow)
    .where(RegistrationRow.first_at >= _param("until"))
)
_TABLES = tuple(
    (name, select(func.count()).select_from(table))
    for name, table in (
        ("persons", PersonRow),
        ("households", HouseholdRow),
        ("events", EventRow),
        ("documents", DocumentRow),
    )
)
_HEADS = select(ChainRow.office_id, ChainRow.epoch, ChainRow.sequence)
_ANNOUNCED = (
    select(BundleRow.office_id, BundleRow.epoch, func.max(BundleRow.last).label("sequence"))
    .where(BundleRow.epoch.is_not(None), BundleRow.last > 0)
    .group_by(BundleRow.office_id, BundleRow.epoch)
)
_BEYOND = (
    select(EntryRow.office_id, EntryRow.epoch, func.max(EntryRow.sequence).label("sequence"))
    .where(_ASIDE)
    .group_by(EntryRow.office_id, EntryRow.epoch)
)


def _gaps() -> Any:
    place = (EntryRow.office_id, EntryRow.epoch)
    before = func.lag(EntryRow.sequence).over(partition_by=place, order_by=EntryRow.sequence)
    aside = select(*place, EntryRow.sequence, before.label("before")).where(_ASIDE).subquery()
    told = func.coalesce(aside.c.before, 0)
    head = func.coalesce(ChainRow.sequence, 0)
    here = cast(case((told > head, told), else_=head), BigInteger)
    return (
        select(
            aside.c.office_id,
            aside.c.epoch,
            (here + 1).label("first"),
            (aside.c.sequence - 1).label("last"),
        )
        .outerjoin(
            ChainRow,
            and_(ChainRow.office_id == aside.c.office_id, ChainRow.epoch == aside.c.epoch),
        )
        .where(aside.c.sequence > here + 1)
        .order_by(aside.c.office_id, aside.c.epoch, aside.c.sequence)
        .limit(_param("limit"))
    )


_DAYS = _days()
_GAPS = _gaps()
_CONTACTS = select(BundleRow.office_id, func.max(BundleRow.at).label("at")).group_by(
    BundleRow.office_id
)
_CUT = (
    select(BundleRow.office_id, BundleRow.id, BundleRow.first, BundleRow.last, BundleRow.at)
    .where(BundleRow.state == bindparam("state"))
    .order_by(BundleRow.at)
    .limit(_param("limit"))
)
_FORKS = select(ForkRow.office_id, func.count().label("number")).group_by(ForkRow.office_id)
_PERSON_NUMBERS = select(PersonRow.id, PersonRow.number, PersonRow.permanent).where(
    PersonRow.id.in_(bindparam("ids", expanding=True))
)
_HOUSEHOLD_NUMBERS = select(HouseholdRow.id, HouseholdRow.number).where(
    HouseholdRow.id.in_(bindparam("ids", expanding=True))
)


class FigureReader(Asking):
    """Counts for those who oversee the work, and numbers for tables of many rows."""

    def registered_by_day(self, since: int, until: int, *, offset: int = 0) -> Iterator[DayRow]:
        """Families and persons by office and day. ``offset``: of the local clock from UTC."""
        for row in self._all(_DAYS, since=since, until=until, offset=offset):
            yield DayRow(row.office_id, int(row.day), int(row.families), int(row.persons))

    def registered_later(self, until: int) -> int:
        """Registrations that are dated at or after a moment."""
        return int(self._scalar(_LATER, until=until))

    def statuses(self) -> dict[str, int]:
        """How many registrations stand where."""
        return {row.status: int(row.number) for row in self._all(_STATUSES)}

    def sizes(self) -> dict[str, int]:
        """How many persons, households, events and documents there are."""
        return {name: int(self._scalar(asked)) for name, asked in _TABLES}

    def waiting_status(self, status: str, since: Sequence[int]) -> WaitRow:
        """Registrations of one status, by when they were first submitted."""
        return self._wait(_STATUS, since, status=status)

    def waiting_pairs(self, states: Iterable[str], since: Sequence[int]) -> WaitRow:
        """Pairs of persons in these states."""
        return self._wait(_PAIRS, since, states=list(states))

    def waiting_conflicts(self, since: Sequence[int]) -> WaitRow:
        """Open conflicts."""
        return self._wait(_CONFLICTS, since)

    def waiting_entries(self, state: str, since: Sequence[int], *, but: str = "") -> WaitRow:
        """Entries held or put aside, by when they were written; ``but``: not for this reason."""
        return self._wait(_ENTRIES, since, state=state, but=but or "-")

    def heads(self) -> list[PlaceRow]:
        """How far every chain stands."""
        return _places(self._all(_HEADS))

    def announced(self) -> list[PlaceRow]:
        """How far the bundles that came here reach, by chain."""
        return _places(self._all(_ANNOUNCED))

    def beyond(self) -> list[PlaceRow]:
        """The last entry of each chain that is here and does not stand."""
        return _places(self._all(_BEYOND))

    def gaps(self, limit: int) -> list[GapRow]:
        """What is missing before entries that are here, by chain and place."""
        return [
            GapRow(row.office_id, row.epoch, int(row.first), int(row.last))
            for row in self._all(_GAPS, limit=limit)
        ]

    def contacts(self) -> dict[bytes, int]:
        """When a bundle of each office was last taken in."""
        return {row.office_id: int(row.at) for row in self._all(_CONTACTS)}

    def cut_off(self, state: str, limit: int) -> list[CutRow]:
        """Bundles in a state, the oldest first."""
        return [
            CutRow(row.office_id, row.id, int(row.first), int(row.last), int(row.at))
            for row in self._all(_CUT, state=state, limit=limit)
        ]

    def forks_by_office(self) -> dict[bytes, int]:
        """Entries of each office whose place another entry holds."""
        return {row.office_id: int(row.number) for row in self._all(_FORKS)}

    def numbers_of_persons(self, ids: Iterable[bytes]) -> dict[bytes, str]:
        """The number of each person: the permanent one where there is one."""
        return {
            row.id: row.permanent or row.number or ""
            for part in parts(ids)
            for row in self._all(_PERSON_NUMBERS, ids=part)
        }

    def numbers_of_households(self, ids: Iterable[bytes]) -> dict[bytes, str]:
        """The number of each household."""
        return {
            row.id: row.number or ""
            for part in parts(ids)
            for row in self._all(_HOUSEHOLD_NUMBERS, ids=part)
        }

    def _wait(self, asked: Any, since: Sequence[int], **named: Any) -> WaitRow:
        if len(since) != 4:  # as many as the statement has
            raise ValueError("four moments")
        moments = {f"m{place}": one for place, one in enumerate(since)}
        row = self._one(asked, **moments, **named)
        found = tuple(int(getattr(row, name)) for name in moments)
        return WaitRow(int(row.number), None if row.oldest is None else int(row.oldest), found)


def _places(rows: Iterable[Any]) -> list[PlaceRow]:
    return [PlaceRow(row.office_id, row.epoch, int(row.sequence)) for row in rows]
