"""Reading the store: one consistent picture for as long as the reader is open.

Entries come back verbatim and parse when they are looked at; views come back as the fold made
them. Nothing here judges: what is admitted, held or quarantined was decided by an office.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from db import search
from db import statements as q
from db.codec import millis, moment
from db.records import (
    AuditLine,
    BundleRecord,
    Candidate,
    Counts,
    DraftRecord,
    EntryState,
    Lost,
    MatchCase,
    NoticeRecord,
    OpenConflict,
    Standing,
)
from db.statements import PAGE, parts
from db.viewrows import document_key, read_view
from ledger.certificate import Certificate
from ledger.chain import Head, Receipt
from ledger.entry import Entry
from values import cbor
from values.identifiers import (
    BundleId,
    DocumentId,
    EntryHash,
    EventId,
    HouseholdId,
    OfficeId,
    PersonId,
    RegistrationId,
    UserId,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable

    from db.sealing import BodyCodec
    from ledger.views import (
        DocumentView,
        EventView,
        HouseholdView,
        PersonView,
        RegistrationView,
        View,
    )


class Reader:
    """One reading transaction. Use `Store.read()`; not for two threads at a time."""

    def __init__(self, connection: Connection, codec: BodyCodec) -> None:
        self._connection = connection
        self._codec = codec

    @property
    def connection(self) -> Connection:
        """The transaction itself, for this room's own modules."""
        return self._connection

    # -- entries ------------------------------------------------------------------------------

    def head(self, office: OfficeId, epoch: bytes) -> Head | None:
        """The last entry that stands in a chain, or None when the chain is unknown here.

        Entries that are held, and forked ones, do not stand; one that is quarantined does.
        """
        row = self._one(q.HEAD, office=office.bytes, epoch=epoch)
        return _head(row) if row else None

    def latest_head(self, office: OfficeId) -> Head | None:
        """The head of the chain that this office began last, as far as this store knows."""
        row = self._one(q.LATEST_HEAD, office=office.bytes)
        return _head(row) if row else None

    def epochs(self, office: OfficeId) -> list[tuple[bytes, Head]]:
        """Every epoch of an office with its head, in the order in which they began here."""
        return [(row.epoch, _head(row)) for row in self._all(q.EPOCHS, office=office.bytes)]

    def chains(self) -> list[Head]:
        """The head of every chain in the store."""
        return [_head(row) for row in self._all(q.CHAINS)]

    def entry(self, hash_: bytes) -> Entry | None:
        """The entry of that hash in whatever state, forked ones included."""
        row = self._one(q.BY_HASH, hash=hash_) or self._one(q.FORK_BY_HASH, hash=hash_)
        return self._entry(row) if row else None

    def standing(self, hash_: bytes) -> Standing | None:
        """What was decided about an entry, or None when it is unknown here."""
        if row := self._one(q.STANDING, hash=hash_):
            return Standing(EntryState(row.state), row.reason, Lost(row.lost))
        if row := self._one(q.FORK_BY_HASH, hash=hash_):
            return Standing(EntryState.QUARANTINED, row.reason, forked=True)
        return None

    def at(self, office: OfficeId, epoch: bytes, sequence: int) -> Entry | None:
        """What stands at a place of a chain, in whatever state; forked entries do not stand."""
        row = self._one(q.AT, office=office.bytes, epoch=epoch, sequence=sequence)
        return self._entry(row) if row else None

    def known(self, hashes: Iterable[bytes]) -> frozenset[EntryHash]:
        """Those of these entries that the store holds, forked ones included."""
        found: set[EntryHash] = set()
        for part in parts(hashes):
            for statement in (q.KNOWN, q.KNOWN_FORKS):
                found.update(EntryHash(row.hash) for row in self._all(statement, hashes=part))
        return frozenset(found)

    def entries_of(self, subject_type: str, subject_id: UUID) -> list[Entry]:
        """The admitted entries about one subject: what its view is folded from."""
        rows = self._all(q.OF_SUBJECT, type=subject_type, id=subject_id.bytes)
        return [self._entry(row) for row in rows]

    def entries_of_kind(self, kind: str, subject_type: str) -> list[Entry]:
        """The admitted entries of one kind about one type of subject, as they came in.

        For kinds that are few: it looks through every entry about that type.
        """
        rows = self._all(q.OF_KIND, kind=kind, type=subject_type)
        return [self._entry(row) for row in rows]

    def group(self, group_id: UUID) -> list[Entry]:
        """The entries of one act in whatever state, in their order."""
        return [self._entry(row) for row in self._all(q.GROUP, group=group_id.bytes)]

    def chain(
        self, office: OfficeId, epoch: bytes, *, after: int = 0, upto: int | None = None
    ) -> Iterator[Entry]:
        """A chain's entries in order, whatever their state, from `after` (exclusive)."""
        last = upto if upto is not None else (1 << 62)
        while True:
            rows = self._all(
                q.CHAIN, office=office.bytes, epoch=epoch, after=after, upto=last, limit=PAGE
            )
            for row in rows:
                yield self._entry(row)
            if len(rows) < PAGE:
                return
            after = rows[-1].sequence

    def arrivals(self, *, after: int = 0) -> Iterator[tuple[int, Entry, Standing]]:
        """Every entry as it came in, with its arrival number, from `after` (exclusive)."""
        while True:
            rows = self._all(q.ARRIVALS, after=after, limit=PAGE)
            for row in rows:
                standing = Standing(EntryState(row.state), row.reason, Lost(row.lost))
                yield row.arrival, self._entry(row), standing
            if len(rows) < PAGE:
                return
            after = rows[-1].arrival

    def entries_in(self, state: EntryState | str) -> list[Entry]:
        """Every entry in one state; for quarantined, the forked ones too."""
        wanted = EntryState(state)
        found = [self._entry(row) for row in self._all(q.IN_STATE, state=wanted.value)]
        if wanted is EntryState.QUARANTINED:
            found += [self._entry(row) for row in self._all(q.FORKS)]
        return found

    def held(self, office: OfficeId, epoch: bytes) -> list[Entry]:
        """Entries of a chain that wait for a gap to be filled, in order."""
        rows = self._all(q.HELD, office=office.bytes, epoch=epoch)
        return [self._entry(row) for row in rows]

    def forks(self, office: OfficeId | None = None) -> list[tuple[Entry, str | None]]:
        """Quarantined entries whose place another entry holds, with the reason."""
        rows = self._all(q.FORKS) if office is None else self._all(q.FORKS_OF, office=office.bytes)
        return [(self._entry(row), row.reason) for row in rows]

    def count_entries(self, state: EntryState | str | None = None) -> int:
        """How many entries there are, in all or in one state; forked ones are not counted."""
        if state is None:
            return int(self._scalar(q.COUNT_ENTRIES))
        return int(self._scalar(q.COUNT_STATE, state=EntryState(state).value))

    def subjects(self) -> Iterator[tuple[str, UUID]]:
        """Every subject that an admitted entry speaks about, once: what `rebuild` folds."""
        for row in self._connection.execute(q.SUBJECTS).yield_per(PAGE):
            yield row.subject_type, UUID(bytes=row.subject_id)

    # -- views --------------------------------------------------------------------------------

    def view(self, subject_type: str, subject_id: UUID) -> View | None:
        """The view of a subject, or None when it has none."""
        row = self._one(q.view_by_id(subject_type), id=subject_id.bytes)
        return read_view(subject_type, row.view) if row else None

    def views(self, subject_type: str) -> Iterator[Any]:
        """All views of one type, by identifier."""
        after = b""
        statement = q.views_after(subject_type)
        while True:
            rows = self._all(statement, after=after, limit=PAGE)
            for row in rows:
                yield read_view(subject_type, row.view)
            if len(rows) < PAGE:
                return
            after = rows[-1].id

    def person(self, person: PersonId) -> PersonView | None:
        """One person, or None."""
        return self.view("person", person)  # type: ignore[return-value]  # by its type

    def persons(self, ids: Iterable[PersonId] | None = None) -> Iterator[PersonView]:
        """These persons, or all; those that are unknown are left out."""
        return self._several("person", ids)

    def household(self, household: HouseholdId) -> HouseholdView | None:
        """One household, or None."""
        return self.view("household", household)  # type: ignore[return-value]  # by its type

    def households(self, ids: Iterable[HouseholdId] | None = None) -> Iterator[HouseholdView]:
        """These households, or all."""
        return self._several("household", ids)

    def event(self, event: EventId) -> EventView | None:
        """One event, or None."""
        return self.view("event", event)  # type: ignore[return-value]  # by its type

    def document(self, document: DocumentId) -> DocumentView | None:
        """One document, or None."""
        return self.view("document", document)  # type: ignore[return-value]  # by its type

    def registration(self, registration: RegistrationId | UUID) -> RegistrationView | None:
        """One registration, or None."""
        return self.view("registration", registration)  # type: ignore[return-value]  # by its type

    def person_by_number(self, number: str) -> PersonView | None:
        """The person of a control number or permanent number; the first when two share it."""
        found = self.persons_by_number(number)
        return found[0] if found else None

    def persons_by_number(self, number: str) -> list[PersonView]:
        """Every person with that number. More than one is a conflict, never a merge."""
        return [read_view("person", row.view) for row in self._all(q.BY_NUMBER, number=number)]

    def household_by_number(self, number: str) -> HouseholdView | None:
        """The household of a control number; the first when two share it."""
        row = self._one(q.HOUSEHOLD_BY_NUMBER, number=number)
        return read_view("household", row.view) if row else None

    def members(self, household: HouseholdId) -> list[PersonView]:
        """Who belongs to a household now, in the household's own order."""
        rows = self._all(q.MEMBERS, household=household.bytes)
        return [read_view("person", row.view) for row in rows]

    def household_of(self, person: PersonId) -> HouseholdView | None:
        """The household that a person belongs to now; the one joined last when there are two."""
        row = self._one(q.HOUSEHOLD_OF, person=person.bytes)
        return read_view("household", row.view) if row else None

    def events_of(
        self, person: PersonId | None = None, *, household: HouseholdId | None = None
    ) -> list[EventView]:
        """The events in which a person takes part, or that concern a household."""
        rows: list[Any] = []
        if person is not None:
            rows += self._all(q.EVENTS_OF_PERSON, person=person.bytes)
        if household is not None:
            rows += self._all(q.EVENTS_OF_HOUSEHOLD, household=household.bytes)
        return [read_view("event", row.view) for row in _distinct(rows)]

    def documents_of(
        self, person: PersonId | None = None, *, household: HouseholdId | None = None
    ) -> list[DocumentView]:
        """The documents issued for a person or for a household, the earliest first."""
        rows: list[Any] = []
        if person is not None:
            rows += self._all(q.DOCUMENTS_OF_PERSON, person=person.bytes)
        if household is not None:
            rows += self._all(q.DOCUMENTS_OF_HOUSEHOLD, household=household.bytes)
        return [read_view("document", row.view) for row in _distinct(rows)]

    def document_by_number(self, number: str) -> DocumentView | None:
        """The document that we issued under a number."""
        row = self._one(q.DOCUMENT_BY_NUMBER, number=number)
        return read_view("document", row.view) if row else None

    def persons_of_document(self, number: str) -> list[PersonView]:
        """The persons for whom we issued the document of that number."""
        document = self.document_by_number(number)
        if document is None:
            return []
        if document.person is not None:
            view = self.person(document.person)
            return [view] if view else []
        return self.members(document.household) if document.household is not None else []

    def by_document_number(self, number: str) -> list[PersonView]:
        """Persons by a document's number: one of ours, or one of theirs (a passport, a card)."""
        found = self.persons_of_document(number)
        if key := document_key(number):
            seen = {view.id for view in found}
            found += [view for view in self.search_persons([key], PAGE) if view.id not in seen]
        return found

    def queue(self, status: str, *, limit: int | None = None) -> list[RegistrationView]:
        """Registrations in one status, the oldest first."""
        rows = self._all(q.QUEUE, status=status, limit=limit or 1 << 62)
        return [read_view("registration", row.view) for row in rows]

    def count_queue(self, status: str) -> int:
        """How many registrations are in one status."""
        return int(self._scalar(q.COUNT_QUEUE, status=status))

    def registered_since(self, moment_: datetime) -> tuple[int, int]:
        """Registrations first told since a moment, and the persons in them."""
        row = self._one(q.REGISTERED_SINCE, since=millis(moment_))
        return (int(row.registrations), int(row.persons)) if row else (0, 0)

    def count_unprinted(self) -> int:
        """How many persons have no document of their own that stands."""
        return int(self._scalar(q.COUNT_UNPRINTED))

    def whereabouts(self, persons: Sequence[PersonId]) -> dict[PersonId, tuple[str, str]]:
        """For each of a few persons the household's number and the registration's status.

        From columns alone, so that a list of search results costs two statements.
        """
        ids = [person.bytes for person in persons]
        numbers = {row.person_id: row.number for row in self._all(q.HOUSEHOLD_NUMBERS, persons=ids)}
        states = {row.person_id: row.status for row in self._all(q.STATUSES, persons=ids)}
        return {
            person: (numbers.get(person.bytes) or "", states.get(person.bytes) or "")
            for person in persons
        }

    def registration_of(self, person: PersonId) -> RegistrationView | None:
        """The latest registration that is about a person."""
        row = self._one(q.REGISTRATION_OF, person=person.bytes)
        return read_view("registration", row.view) if row else None

    def registration_of_row(self, row_hash: bytes) -> RegistrationId | None:
        """The registration that a row of a pre-registration list led to, by the row's hash."""
        row = self._one(q.OF_ROW, row=row_hash)
        return RegistrationId(UUID(bytes=row.registration_id)) if row else None

    def registrations_of_source(self, series: str, household: str) -> list[RegistrationView]:
        """The registrations that a household of a pre-registration list led to."""
        rows = self._all(q.OF_SOURCE, series=series, household=household)
        return [read_view("registration", row.view) for row in _distinct(rows)]

    def conflicts(self) -> list[OpenConflict]:
        """Every open conflict, the oldest first."""
        return [
            OpenConflict(row.subject_type, UUID(bytes=row.subject_id), row.name, moment(row.since))
            for row in self._all(q.CONFLICTS)
        ]

    # -- search -------------------------------------------------------------------------------

    def candidates(self, keys: Iterable[str], limit: int = 200) -> list[Candidate]:
        """Whom these search keys may mean, the best first; a key ending in ``*`` is a prefix.

        The rarest keys are followed first and common ones only as far as a limit of postings,
        so a search costs about the same in a store of any size. Names are columns here: score
        these, and fetch views for those that are shown.
        """
        return search.candidates(self._all, keys, limit)

    def search_persons(self, keys: Iterable[str], limit: int = 200) -> list[PersonView]:
        """The views of `candidates`, in the same order."""
        found = self.candidates(keys, limit)
        views = {view.id: view for view in self.persons([one.id for one in found])}
        return [views[one.id] for one in found if one.id in views]

    # -- kept beside the ledger ---------------------------------------------------------------

    def drafts(self) -> list[DraftRecord]:
        """All drafts, the last touched first."""
        return [
            DraftRecord(row.id, moment(row.at), self._open(row.data, f"draft/{row.id}"))
            for row in self._all(q.DRAFTS)
        ]

    def draft(self, draft_id: str) -> bytes | None:
        """One draft's bytes, or None when it is gone."""
        row = self._one(q.DRAFT, id=str(draft_id))
        return self._open(row.data, f"draft/{row.id}") if row else None

    def setting(self, key: str) -> bytes | None:
        """A setting's bytes, or None."""
        row = self._one(q.SETTING, key=key)
        return self._open(row.value, f"setting/{key}") if row else None

    def settings(self, prefix: str) -> dict[str, bytes]:
        """The settings whose key begins so."""
        rows = self._all(q.SETTINGS, prefix=prefix, size=len(prefix))
        return {row.key: self._open(row.value, f"setting/{row.key}") for row in rows}

    def counter(self, series: str) -> int:
        """The last number given in a series; 0 when none was."""
        row = self._one(q.COUNTER, series=series)
        return int(row.value) if row else 0

    def receipt(self, office: OfficeId, epoch: bytes) -> Receipt | None:
        """How far the registry holds a chain, by the receipts taken in here."""
        row = self._one(q.RECEIPT, office=office.bytes, epoch=epoch)
        return _receipt(row) if row else None

    def receipts(self, office: OfficeId | None = None) -> list[Receipt]:
        """Every receipt, of one office or of all, in the order of chains and sequences."""
        rows = self._all(q.RECEIPTS)
        return [_receipt(row) for row in rows if office is None or row.office_id == office.bytes]

    def bundle(self, bundle: BundleId) -> BundleRecord | None:
        """What is noted about a bundle."""
        row = self._one(q.BUNDLE, id=bundle.bytes)
        return _bundle(row) if row else None

    def bundles(self, *, office: OfficeId | None = None) -> list[BundleRecord]:
        """Every bundle noted here, or those of one station; the newest first."""
        rows = self._all(q.BUNDLES)
        return [_bundle(row) for row in rows if office is None or row.office_id == office.bytes]

    def notice(self, station: OfficeId, number: int) -> NoticeRecord | None:
        """A notice as it was kept."""
        row = self._one(q.NOTICE, office=station.bytes, number=number)
        return self._notice(row) if row else None

    def notices(self, station: OfficeId) -> list[NoticeRecord]:
        """The notices for a station, by number."""
        return [self._notice(row) for row in self._all(q.NOTICES, office=station.bytes)]

    def last_notice(self, station: OfficeId) -> int:
        """The highest number of a notice for a station; 0 when there is none."""
        return int(self._scalar(q.LAST_NOTICE, office=station.bytes) or 0)

    def certificate(self, hash_: bytes) -> Certificate | None:
        """A certificate by its hash, revoked or not."""
        row = self._one(q.CERTIFICATE, hash=hash_)
        return Certificate.from_bytes(row.certificate) if row else None

    def certificates(self) -> list[Certificate]:
        """Every certificate that was put here or came with an admitted entry."""
        return [Certificate.from_bytes(row.certificate) for row in self._all(q.CERTIFICATES)]

    def users(self, office: OfficeId | None = None) -> list[Certificate]:
        """The certificates of users that are not revoked, of one office or of all."""
        return [
            Certificate.from_bytes(row.certificate)
            for row in self._all(q.USERS)
            if office is None or row.office_id == office.bytes
        ]

    def revoked(self, hash_: bytes) -> str | None:
        """Why a certificate was revoked, or None while it stands."""
        row = self._one(q.CERTIFICATE, hash=hash_)
        return row.revoked if row else None

    def user_name(self, user: UserId) -> str | None:
        """The login name of a user of any office, from the latest certificate."""
        row = self._one(q.USER_NAME, user=user.bytes)
        return row.name if row else None

    def audit_lines(self, *, limit: int = 500, before: int | None = None) -> list[AuditLine]:
        """The audit, the newest first; `before` a position pages on."""
        return [
            AuditLine(
                row.position,
                moment(row.at),
                UserId(UUID(bytes=row.user_id)),
                row.act,
                (row.subject_type, UUID(bytes=row.subject_id)) if row.subject_id else None,
                row.detail,
            )
            for row in self._all(q.AUDIT, before=before or 1 << 62, limit=limit)
        ]

    def match_case(self, one: PersonId, other: PersonId) -> MatchCase | None:
        """What is noted about a pair, in either order."""
        first, second = sorted((one.bytes, other.bytes))
        row = self._one(q.MATCH, first=first, second=second)
        return _match(row) if row else None

    def match_cases(self, state: str, *, limit: int | None = None) -> list[MatchCase]:
        """Pairs in one state, the likeliest first."""
        return [_match(row) for row in self._all(q.MATCHES, state=state, limit=limit or 1 << 62)]

    def match_cases_of(self, person: PersonId) -> list[MatchCase]:
        """Every pair that a person is part of."""
        return [_match(row) for row in self._all(q.MATCHES_OF, person=person.bytes)]

    def counts(self) -> Counts:
        """How much there is. Reads indexes throughout: not for every keystroke."""
        states = {row.state: row.number for row in self._all(q.STATES)}
        sizes = [int(self._scalar(statement)) for statement in q.SIZES]
        persons, households, events, documents, registrations, conflicts, drafts, forks = sizes
        return Counts(
            entries=sum(states.values()),
            held=states.get("held", 0),
            quarantined=states.get("quarantined", 0) + forks,
            persons=persons,
            households=households,
            events=events,
            documents=documents,
            registrations=registrations,
            conflicts=conflicts,
            drafts=drafts,
        )

    # -- how ----------------------------------------------------------------------------------

    def _all(self, statement: Executable, **parameters: Any) -> Sequence[Any]:
        return self._connection.execute(statement, parameters).all()

    def _one(self, statement: Executable, **parameters: Any) -> Any:
        return self._connection.execute(statement, parameters).first()

    def _scalar(self, statement: Executable, **parameters: Any) -> Any:
        return self._connection.execute(statement, parameters).scalar()

    def _entry(self, row: Any) -> Entry:
        body = row.body
        return Entry(
            row.header, row.signature, None if body is None else self._codec.open(body, row.hash)
        )

    def _open(self, stored: bytes, about: str) -> bytes:
        return self._codec.open(stored, about.encode())

    def _notice(self, row: Any) -> NoticeRecord:
        about = notice_place(row.office_id, row.number)
        return NoticeRecord(
            OfficeId(UUID(bytes=row.office_id)),
            row.number,
            moment(row.at),
            self._open(row.data, about),
        )

    def _several(self, subject_type: str, ids: Iterable[UUID] | None) -> Iterator[Any]:
        if ids is None:
            yield from self.views(subject_type)
            return
        wanted = [one.bytes for one in ids]
        statement = q.views_by_ids(subject_type)
        for part in parts(wanted):
            rows = {row.id: row.view for row in self._all(statement, ids=part)}
            for one in part:
                if one in rows:
                    yield read_view(subject_type, rows[one])


def notice_place(station: bytes, number: int) -> str:
    """What a stored notice is bound to where we seal it ourselves."""
    return f"notice/{station.hex()}/{number}"


def _head(row: Any) -> Head:
    return Head(OfficeId(UUID(bytes=row.office_id)), row.epoch, row.sequence, EntryHash(row.head))


def _receipt(row: Any) -> Receipt:
    return Receipt(
        OfficeId(UUID(bytes=row.office_id)), row.epoch, row.sequence, EntryHash(row.head)
    )


def _bundle(row: Any) -> BundleRecord:
    return BundleRecord(
        id=BundleId(UUID(bytes=row.id)),
        office=OfficeId(UUID(bytes=row.office_id)),
        at=moment(row.at),
        state=row.state,
        epoch=row.epoch,
        first=row.first,
        last=row.last,
        details=_details(row.details),
    )


def _match(row: Any) -> MatchCase:
    return MatchCase(
        first=PersonId(UUID(bytes=row.first_id)),
        second=PersonId(UUID(bytes=row.second_id)),
        state=row.state,
        score=row.score,
        at=moment(row.at),
        details=_details(row.details),
    )


def _details(data: bytes) -> Mapping[str, Any]:
    value: Mapping[str, Any] = cbor.decode(data)
    return value


def _distinct(rows: Iterable[Any]) -> list[Any]:
    """Rows in order, each identifier once: a person may take part in two roles."""
    return list({row.id: row for row in rows}.values())
