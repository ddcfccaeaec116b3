"""What those who oversee the work look at: how much was registered where, what waits for how long,
which stations have not been heard of, and what is missing in their chains.

Counts and codes of stations; nobody's name. One reading, so that all figures are of one moment.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from uuid import UUID

from ledger.views import RegistrationStatus
from registry import batches
from registry.adjudication_cases import OPEN
from registry.decide import REFUSED
from registry.service.staging import FOLDER, Staging
from registry.stations import stations
from values.identifiers import BundleId, OfficeId
from workspace.rights import Right, require
from workspace.waiting import noted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from db.figures import DayRow, PlaceRow, WaitRow
    from db.store import Reader
    from registry.stations import Station
    from workspace.session import Session

DAYS: Final = 14
"""Days of the picture, today included, unless more are asked for."""
MOST_DAYS: Final = 366
SILENT_AFTER: Final = timedelta(days=7)
"""A station that was heard of longer ago is to be asked."""
LISTED: Final = 1000
"""Gaps and bundles listed: more than anybody reads."""
STEPS: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
"""Where the bands of age end; the last has no end."""

_DAY_MS: Final = 86_400_000
NOBODY: Final = "—"
STAGED: Final = "staged"


class Queue(StrEnum):
    """What waits. The first two wait at a station, the rest here."""

    RECORDED = "recorded"
    RETURNED = "returned"
    NEW = "new"
    DUPLICATES = "duplicates"
    CONFLICTS = "conflicts"
    CORRECTIONS = "corrections"
    HELD = "held"
    QUARANTINED = "quarantined"


class Standing(StrEnum):
    """How it stands with a station, the worst first."""

    FORKED = "forked"
    MISSING = "missing"
    SILENT = "silent"
    NEVER = "never"
    REVOKED = "revoked"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Day:
    """What one station registered on one day."""

    day: date
    station: str
    families: int
    persons: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much lies in a queue, since when the longest, and how much of each age: under a day,
    under three, under a week, under thirty days, and longer."""

    queue: Queue
    number: int
    oldest: datetime | None
    ages: tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch of a station's chain that is not here: numbers of entries, both included.

    `tail`: nothing after it is here; a bundle that was not taken in to its end spoke of it.
    """

    station: str
    epoch: str
    first: int
    last: int
    tail: bool

    @property
    def entries(self) -> int:
        """How many entries that is."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A bundle that is here and not taken in to its end. `state`: ``importing`` was cut off in the
    midst, ``staged`` waits in the service's folder, ``aside`` was put aside there."""

    station: str
    bundle: BundleId
    state: str
    first: int
    last: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StationFigures:
    """One station: when a bundle of it was last taken in, how far its chain reaches, what lacks."""

    id: OfficeId
    code: str
    name: str
    standing: Standing
    last_contact: datetime | None
    entries: int
    missing: int
    unfinished: int
    forks: int
    families: int
    """Registered within the days that were asked for."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it, at one moment. `ahead`: registrations dated after it, by a wrong clock."""

    at: datetime
    first_day: date
    last_day: date
    days: tuple[Day, ...]
    ahead: int
    totals: Mapping[str, int]
    statuses: Mapping[str, int]
    queues: tuple[Waiting, ...]
    stations: tuple[StationFigures, ...]
    missing: tuple[Missing, ...]
    unfinished: tuple[Unfinished, ...]

    @property
    def families(self) -> int:
        """Registered within these days."""
        return sum(one.families for one in self.days)

    @property
    def backlog(self) -> int:
        """What waits for somebody here."""
        return sum(one.number for one in self.queues if one.queue not in _AT_STATIONS)

    def by_day(self) -> list[tuple[date, list[Day]]]:
        """Every day of the time asked for, those without a registration too."""
        found: dict[date, list[Day]] = defaultdict(list)
        for one in self.days:
            found[one.day].append(one)
        count = (self.last_day - self.first_day).days + 1
        span = [self.first_day + timedelta(days=place) for place in range(count)]
        return [(day, found.get(day, [])) for day in span]


_AT_STATIONS: Final = frozenset({Queue.RECORDED, Queue.RETURNED})


def figures(session: Session, *, days: int = DAYS, offset: timedelta = timedelta(0)) -> Figures:
    """The figures as they are now. ``offset``: of the reader's clock from UTC, which says where a
    day begins. Raises `NotAllowedError`, and `ValueError` for days out of range."""
    require(session, Right.OVERSEE)
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"1 to {MOST_DAYS} days")
    now = session.clock.now()
    shift = offset // timedelta(milliseconds=1)
    today = (_ms(now) + shift) // _DAY_MS
    since, until = (today - days + 1) * _DAY_MS - shift, (today + 1) * _DAY_MS - shift
    with session.store.read() as reader:
        known = stations(reader)
        codes = {one.id.bytes: one.code for one in known}
        rows = list(reader.registered_by_day(since, until, offset=shift))
        missing = tuple(_missing(reader, codes))
        unfinished = (*_cut_off(reader, codes), *_staged(session, codes))
        return Figures(
            at=now,
            first_day=_date(today - days + 1),
            last_day=_date(today),
            days=_days(rows, codes),
            ahead=reader.registered_later(until),
            totals=reader.sizes(),
            statuses=reader.statuses(),
            queues=tuple(_waiting(reader, now)),
            stations=tuple(_stations(reader, known, rows, missing, unfinished, now)),
            missing=missing,
            unfinished=unfinished,
        )


def _days(rows: Iterable[DayRow], codes: Mapping[bytes, str]) -> tuple[Day, ...]:
    found = [
        Day(_date(one.day), codes.get(one.office, NOBODY), one.families, one.persons)
        for one in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.station)))


def _waiting(reader: Reader, now: datetime) -> Iterable[Waiting]:
    since = [_ms(now - step) for step in STEPS]
    status = RegistrationStatus
    found: dict[Queue, WaitRow] = {
        Queue.RECORDED: reader.waiting_status(status.RECORDED, since),
        Queue.RETURNED: reader.waiting_status(status.RETURNED, since),
        Queue.NEW: reader.waiting_status(status.APPROVED, since),
        Queue.DUPLICATES: reader.waiting_pairs(OPEN, since),
        Queue.CONFLICTS: reader.waiting_conflicts(since),
        Queue.HELD: reader.waiting_entries("held", since),
        Queue.QUARANTINED: reader.waiting_entries("quarantined", since, but=REFUSED),
    }
    for queue in Queue:
        if queue in found:
            row = found[queue]
            yield _aged(queue, row.number, row.oldest, row.since)
        else:
            # Their ids begin with the time in milliseconds; there are as many as wait.
            asked = [one.int >> 80 for one in noted(reader)]
            counted = [sum(at >= moment for at in asked) for moment in since]
            yield _aged(queue, len(asked), min(asked, default=None), counted)


def _aged(queue: Queue, number: int, oldest: int | None, since: Sequence[int]) -> Waiting:
    """Bands from sums: those since each moment less those since the one before."""
    steps = [0, *since, number]
    bands = [after - before for before, after in pairwise(steps)]
    first, second, third, fourth, fifth = bands
    return Waiting(
        queue,
        number,
        None if oldest is None else _at(oldest),
        (first, second, third, fourth, fifth),
    )


def _missing(reader: Reader, codes: Mapping[bytes, str]) -> Iterable[Missing]:
    """Gaps before what is here, then what bundles spoke of beyond it."""
    for gap in reader.gaps(LISTED):
        yield Missing(codes.get(gap.office, NOBODY), _epoch(gap.epoch), gap.first, gap.last, False)
    here = _highest([*reader.heads(), *reader.beyond()])
    for told in reader.announced():
        reached = here.get((told.office, told.epoch), 0)
        if told.sequence > reached and told.office in codes:
            yield Missing(codes[told.office], _epoch(told.epoch), reached + 1, told.sequence, True)


def _highest(places: Iterable[PlaceRow]) -> dict[tuple[bytes, bytes], int]:
    found: dict[tuple[bytes, bytes], int] = {}
    for one in places:
        place = (one.office, one.epoch)
        found[place] = max(found.get(place, 0), one.sequence)
    return found


def _cut_off(reader: Reader, codes: Mapping[bytes, str]) -> Iterable[Unfinished]:
    for one in reader.cut_off(batches.IMPORTING, LISTED):
        yield Unfinished(
            codes.get(one.office, NOBODY),
            BundleId(UUID(bytes=one.bundle)),
            batches.IMPORTING,
            one.first,
            one.last,
            _at(one.at),
        )


def _staged(session: Session, codes: Mapping[bytes, str]) -> Iterable[Unfinished]:
    """What came over a network and waits, where this registry serves."""
    root = session.folder / FOLDER
    if not root.is_dir():
        return
    for one in Staging(root).waiting()[:LISTED]:
        yield Unfinished(codes.get(one.office.bytes, NOBODY), one.bundle, STAGED, 0, 0, None)
    for path in sorted((root / "aside").glob("*/*"))[:LISTED]:
        try:
            office, bundle = UUID(path.parent.name), BundleId(UUID(path.name))
        except ValueError:
            continue
        yield Unfinished(codes.get(office.bytes, NOBODY), bundle, "aside", 0, 0, None)


def _stations(
    reader: Reader,
    known: Iterable[Station],
    days: Iterable[DayRow],
    missing: Iterable[Missing],
    unfinished: Iterable[Unfinished],
    now: datetime,
) -> Iterable[StationFigures]:
    contacts, forks = reader.contacts(), reader.forks_by_office()
    reached: dict[bytes, int] = defaultdict(int)
    for head in reader.heads():
        reached[head.office] += head.sequence
    families: dict[bytes, int] = defaultdict(int)
    for day in days:
        families[day.office] += day.families
    lacks: dict[str, int] = defaultdict(int)
    for gap in missing:
        lacks[gap.station] += gap.entries
    begun: dict[str, int] = defaultdict(int)
    for bundle in unfinished:
        # What waits in the service's folder for its turn lacks nothing.
        begun[bundle.station] += bundle.state != STAGED
    for one in known:
        told = contacts.get(one.id.bytes)
        last = None if told is None else _at(told)
        forked = forks.get(one.id.bytes, 0)
        if one.revoked is not None:
            standing = Standing.REVOKED
        elif forked:
            standing = Standing.FORKED
        elif lacks[one.code] or begun[one.code]:
            standing = Standing.MISSING
        elif last is None:
            standing = Standing.NEVER
        else:
            standing = Standing.SILENT if now - last > SILENT_AFTER else Standing.WELL
        yield StationFigures(
            id=one.id,
            code=one.code,
            name=one.name,
            standing=standing,
            last_contact=last,
            entries=reached[one.id.bytes],
            missing=lacks[one.code],
            unfinished=begun[one.code],
            forks=forked,
            families=families[one.id.bytes],
        )


def _epoch(epoch: bytes) -> str:
    return epoch.hex()


def _ms(at: datetime) -> int:
    return (at - _UNIX) // timedelta(milliseconds=1)


def _at(ms: int) -> datetime:
    return _UNIX + timedelta(milliseconds=ms)


def _date(day: int) -> date:
    return _UNIX.date() + timedelta(days=day)


_UNIX: Final = datetime(1970, 1, 1, tzinfo=UTC)
