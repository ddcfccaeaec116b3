"""Reading the views: persons, families, queues, and whom a search may mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from db import search
from db import statements as q
from db.asking import Asking
from db.codec import millis, moment
from db.plain import indexed
from db.records import (
    Candidate,
    OpenConflict,
)
from db.statements import PAGE, parts
from db.viewrows import document_key, read_view
from values.identifiers import (
    DocumentId,
    EventId,
    HouseholdId,
    PersonId,
    RegistrationId,
)

if TYPE_CHECKING:
    from ledger.views import (
        DocumentView,
        EventView,
        HouseholdView,
        PersonView,
        RegistrationView,
        View,
    )


class ViewReader(Asking):
    """Views come back as the fold made them; lists and lookups go by columns."""

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
        rows = self._all(q.BY_NUMBER, number=indexed(number))
        return [read_view("person", row.view) for row in rows]

    def household_by_number(self, number: str) -> HouseholdView | None:
        """The household of a control number; the first when two share it."""
        row = self._one(q.HOUSEHOLD_BY_NUMBER, number=indexed(number))
        return read_view("household", row.view) if row else None

    def members(self, household: HouseholdId) -> list[PersonView]:
        """Who belongs to a household now, in the household's own order."""
        rows = self._all(q.MEMBERS, household=household.bytes)
        return [read_view("person", row.view) for row in rows]

    def household_of(self, person: PersonId) -> HouseholdView | None:
        """The household that a person belongs to now; the one joined last when there are two."""
        row = self._one(q.HOUSEHOLD_OF, person=person.bytes)
        return read_view("household", row.view) if row else None

    def households_of(self, person: PersonId) -> list[HouseholdView]:
        """Every household that a person belongs or once belonged to, the newest first."""
        rows = self._all(q.HOUSEHOLDS_OF, person=person.bytes)
        return [read_view("household", row.view) for row in rows]

    def somebody_left(self, limit: int) -> list[HouseholdView]:
        """Households with members, out of which somebody has gone, the last changed first."""
        rows = self._all(q.SOMEBODY_LEFT, limit=limit)
        return [read_view("household", row.view) for row in rows]

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
        row = self._one(q.DOCUMENT_BY_NUMBER, number=indexed(number))
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
        """Registrations in one status, the oldest first, without those whose persons are void."""
        rows = self._all(q.QUEUE, status=status, limit=limit or 1 << 62)
        return [read_view("registration", row.view) for row in rows]

    def count_queue(self, status: str) -> int:
        """How many registrations :meth:`queue` has in one status."""
        return int(self._scalar(q.COUNT_QUEUE, status=status))

    def registered_since(self, moment_: datetime) -> tuple[int, int]:
        """Families first registered since a moment, and persons: those of whom a registration was
        first told since, so that somebody born or joining counts as a person alone."""
        row = self._one(q.REGISTERED_SINCE, since=millis(moment_))
        return (int(row.families), int(row.persons)) if row else (0, 0)

    def newest_persons(self, limit: int, *, unprinted: bool = False) -> list[PersonView]:
        """Persons as they came in, the latest first; those without a document of their own alone
        when asked for."""
        statement = q.NEWEST_UNPRINTED if unprinted else q.NEWEST
        return [read_view("person", row.view) for row in self._all(statement, limit=limit)]

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
        rows = self._all(q.OF_SOURCE, series=indexed(series), household=indexed(household))
        return [read_view("registration", row.view) for row in _distinct(rows)]

    def registrations_of_household(self, household: HouseholdId) -> list[RegistrationView]:
        """The registrations that led to a household, or to members of it who joined later."""
        rows = self._all(q.OF_HOUSEHOLD, household=household.bytes)
        return [read_view("registration", row.view) for row in rows]

    def conflicts(self) -> list[OpenConflict]:
        """Every open conflict, the oldest first."""
        return [
            OpenConflict(row.subject_type, UUID(bytes=row.subject_id), row.name, moment(row.since))
            for row in self._all(q.CONFLICTS)
        ]

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


def _distinct(rows: Iterable[Any]) -> list[Any]:
    """Rows in order, each identifier once: a person may take part in two roles."""
    return list({row.id: row for row in rows}.values())
