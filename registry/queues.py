"""What the registry's pages list: stations, imports, what waits, what was put aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import kinds
from registry.judging import sentence
from registry.stations import stations as enrolled

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from db.store import Reader
    from values.identifiers import EntryHash, OfficeId, RegistrationId
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class StationRow:
    """One enrolled station. `last_contact` is when a bundle of it was last admitted here."""

    id: OfficeId
    code: str
    name: str
    last_contact: datetime | None
    entries: int
    certificate_until: datetime


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One past import, by what its decisions say."""

    at: datetime
    station: str
    bundle: UUID
    first: int
    last: int
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A reviewed registration that can be registered."""

    registration: RegistrationId
    household_number: str
    persons: int
    station: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AsideRow:
    """An entry that was put aside, and why."""

    entry: EntryHash
    station: str
    sequence: int
    kind: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much lies in each queue."""

    to_register: int
    recorded: int
    held: int
    quarantined: int
    conflicts: int
    match_cases: int


def stations(session: Session) -> list[StationRow]:
    """Every enrolled station."""
    rows = []
    with session.store.read() as reader:
        contacts = _contacts(reader)
        for one in enrolled(reader):
            rows.append(
                StationRow(
                    id=one.id,
                    code=one.code,
                    name=one.name,
                    last_contact=contacts.get(one.id.bytes),
                    entries=sum(head.sequence for _, head in reader.epochs(one.id)),
                    certificate_until=one.certificates[0].not_after,
                )
            )
    return rows


def counts(session: Session) -> QueueCounts:
    """The sizes of the queues."""
    with session.store.read() as reader:
        sizes = reader.counts()
        return QueueCounts(
            to_register=reader.count_queue("approved"),
            recorded=reader.count_queue("recorded"),
            held=sizes.held,
            quarantined=sizes.quarantined,
            conflicts=sizes.conflicts,
            match_cases=len(reader.match_cases("proposed")),
        )


def imports(session: Session) -> list[ImportRow]:
    """Past imports, the newest first."""
    with session.store.read() as reader:
        codes = {one.id.bytes: one.code for one in enrolled(reader)}
        rows = []
        for entry in reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle"):
            body = entry.body
            if body is None:
                continue
            outcomes: dict[str, int] = {}
            for one in body["outcomes"]:
                outcomes[one["outcome"]] = outcomes.get(one["outcome"], 0) + 1
            rows.append(
                ImportRow(
                    at=entry.header.device_time,
                    station=codes.get(body["station"], "—"),
                    bundle=entry.header.subject.id,
                    first=body["first"],
                    last=body["last"],
                    outcomes=outcomes,
                )
            )
    return rows[::-1]


def to_register(session: Session, *, limit: int = 500) -> list[WaitingRow]:
    """Reviewed registrations, the oldest first."""
    with session.store.read() as reader:
        codes = {one.id: one.code for one in enrolled(reader)}
        rows = []
        for view in reader.queue("approved", limit=limit):
            household = reader.household(view.household)
            first = reader.entries_of("registration", view.id)[0]
            rows.append(
                WaitingRow(
                    registration=view.id,
                    household_number=household.number if household else "",
                    persons=len(view.persons),
                    station=codes.get(first.header.office, "—"),
                    at=view.submitted_at,
                )
            )
    return rows


def aside(session: Session) -> list[AsideRow]:
    """What was put aside, with the reason in words."""
    with session.store.read() as reader:
        codes = {one.id: one.code for one in enrolled(reader)}
        rows = []
        for entry in reader.entries_in("quarantined"):
            standing = reader.standing(entry.hash)
            code = (standing.reason if standing else None) or ""
            rows.append(
                AsideRow(
                    entry=entry.hash,
                    station=codes.get(entry.header.office, "—"),
                    sequence=entry.header.sequence,
                    kind=entry.header.kind,
                    code=code,
                    sentence=sentence(code),
                )
            )
    return rows


def _contacts(reader: Reader) -> dict[bytes, datetime]:
    return {
        entry.body["station"]: entry.header.device_time
        for entry in reader.entries_of_kind(kinds.BUNDLE_ADMITTED, "bundle")
        if entry.body is not None
    }
