"""What the registry's pages list: stations, imports, what waits, what was put aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.kinds import HEAD
from ledger.views import EventView, HouseholdView, PersonView
from registry import notices
from registry.judging import sentence
from registry.stations import stations as enrolled
from workspace import telling
from workspace.differing import form_of
from workspace.search import text

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from db.records import OpenConflict
    from db.store import Reader
    from ledger.views import View
    from registry.stations import Revoked
    from values.identifiers import EntryHash, OfficeId, PersonId, RegistrationId
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
    revoked: Revoked | None = None
    replaces: str = ""
    """The code of the station whose place it took."""
    due: bool = False
    """Whether it has to be brought a notice: a key or a rule changed, or this was restored."""


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
class ConflictRow:
    """An open conflict: about whom, and what is said in two ways. `person` is where it is settled
    (None: nobody of the record is here)."""

    subject: UUID
    set: str
    person: PersonId | None
    name: str
    number: str
    what: str
    at: datetime


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
    due = notices.due(session)
    with session.store.read() as reader:
        contacts = _contacts(reader)
        known = enrolled(reader)
        codes = {one.id: one.code for one in known}
        for one in known:
            rows.append(
                StationRow(
                    id=one.id,
                    code=one.code,
                    name=one.name,
                    last_contact=contacts.get(one.id.bytes),
                    entries=sum(head.sequence for _, head in reader.epochs(one.id)),
                    certificate_until=one.certificates[0].not_after,
                    revoked=one.revoked,
                    due=one.id in due,
                    replaces=codes.get(one.replaces, "") if one.replaces else "",
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
            admitted = body.get("admitted") or 0
            outcomes: dict[str, int] = {"admitted": admitted} if admitted else {}
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


def conflicts(session: Session, *, language: str = "en") -> list[ConflictRow]:
    """Every open conflict, the oldest first."""
    with session.store.read() as reader:
        return [conflict_row(session, reader, one, language) for one in reader.conflicts()]


def conflict_row(session: Session, reader: Reader, one: OpenConflict, language: str) -> ConflictRow:
    """One open conflict as it is listed."""
    view = reader.view(one.subject_type, one.subject_id)
    person = _whose(reader, view)
    name = (text(person, "name") or text(person, "name_latin")) if person else ""
    number = view.number if isinstance(view, HouseholdView) else person.number if person else ""
    what = one.name
    if view is not None:
        form = form_of(session, one.subject_type, view)
        fields = next((held.fields for held in view.conflicts if held.set == one.name), ())
        role = session.user.role
        seen = [
            telling.field_text(form, f, language) for f in fields if telling.seen_by(form, f, role)
        ]
        what = ", ".join(seen)
    return ConflictRow(
        subject=one.subject_id,
        set=one.name,
        person=person.id if person else None,
        name=name,
        number=number,
        what=what,
        at=one.since,
    )


def _whose(reader: Reader, view: View | None) -> PersonView | None:
    """The person whose page leads to the conflict: the one, the head, or who took part."""
    if isinstance(view, PersonView):
        return view
    if isinstance(view, HouseholdView):
        members = sorted(view.present() or view.members, key=lambda one: one.relation != HEAD)
        return reader.person(members[0].person) if members else None
    if isinstance(view, EventView) and view.participants:
        return reader.person(view.participants[0].person)
    return None


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
