"""The views: what the admitted entries say now about one person, household, event, ...

Views are frozen values made by :mod:`ledger.fold` and by nothing else.  They hold no
judgement of their own and can be thrown away and folded again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ledger.conflicts import Conflict
from ledger.entry import FormRef
from values.identifiers import (
    DocumentId,
    EntryHash,
    EventId,
    HouseholdId,
    OfficeId,
    PersonId,
    PhotoHash,
    RegistrationId,
    UserId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What every view has.

    Attributes:
        heads: the entries nobody has built on yet, ascending; the next entry about this
            subject names them as its base.
        first_at, last_at: earliest and latest device time of its entries; clocks may be
            wrong.
        values: the fields shown, as written; empty ones are left out.
        conflicts: open conflicts; ``values`` shows the first candidate of each.
        voided: the reason, when the record no longer counts.
        form: the form of the latest entry that was filled in with one.
    """

    heads: tuple[EntryHash, ...]
    first_at: datetime
    last_at: datetime
    values: Mapping[str, Any]
    conflicts: tuple[Conflict, ...] = ()
    voided: str | None = None
    form: FormRef | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The registry says that two records are of one person. ``entry`` said so."""

    other: PersonId
    reason: str | None
    entry: EntryHash


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView(_View):
    """A person as recorded.

    Attributes:
        number: the control number given offline. permanent: the registry's, or None.
        links: records of the same person, by the registry's decision.
    """

    id: PersonId
    number: str
    permanent: str | None = None
    links: tuple[Link, ...] = ()

    @property
    def photo(self) -> PhotoHash | None:
        """Hash of the photo, when there is one."""
        found = self.values.get("photo")
        return PhotoHash(found) if isinstance(found, bytes) and len(found) == 32 else None


@dataclass(frozen=True, slots=True)
class Membership:
    """One stay in a household; whoever left and came back has two.

    Attributes:
        relation: code of the relation to the focal point; the latest one told.
        joined_at, left_at: device times of the entries that said so.
        reason: why the person left.
    """

    person: PersonId
    relation: str
    joined_at: datetime
    left_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdView(_View):
    """A household with its members, past ones included, in the order they were entered."""

    id: HouseholdId
    number: str
    members: tuple[Membership, ...] = ()

    def present(self) -> tuple[Membership, ...]:
        """Those who have not left."""
        return tuple(m for m in self.members if m.left_at is None)


@dataclass(frozen=True, slots=True)
class Participant:
    """A person's part in an event: ``mother``, ``spouse``, ``displaced``, ..."""

    role: str
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView(_View):
    """A civil or displacement event. ``date`` is a partial date's body map, or None."""

    id: EventId
    type: str
    date: Mapping[str, Any] | None = None
    participants: tuple[Participant, ...] = ()
    household: HouseholdId | None = None


class RegistrationStatus(StrEnum):
    """Where a registration stands.

    RECORDED waits for review; RETURNED waits for the officer; APPROVED waits for the
    registry; REGISTERED is final.
    """

    RECORDED = "recorded"
    RETURNED = "returned"
    APPROVED = "approved"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class RefusedReview:
    """A review that does not count, and why.

    Codes: ``own`` (the author submitted what is approved), ``nothing_submitted`` (its
    base contains no submission), ``not_approved`` (registered without an approval that
    counts).
    """

    entry: EntryHash
    author: UserId
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationView(_View):
    """One act of registering a household or a part of it.

    Attributes:
        household, persons: what was registered.
        on: the day of the interview or the list, ``YYYY-MM-DD``.
        source: ``way``, and for lists ``series``, ``household``, ``rows``.
        flags, confirmed: what was flagged, and what the officer confirmed and why.
        submitter: author of the submission shown.
        reviewer: author of the approval or return that counts now; None while recorded.
        returned: the reason, while returned.
        refused_reviews: reviews that do not count.
    """

    id: RegistrationId
    status: RegistrationStatus
    household: HouseholdId
    persons: tuple[PersonId, ...]
    on: str
    source: Mapping[str, Any]
    flags: tuple[Mapping[str, Any], ...]
    confirmed: tuple[Mapping[str, Any], ...]
    submitter: UserId
    submitted_at: datetime
    reviewer: UserId | None = None
    reviewed_at: datetime | None = None
    returned: str | None = None
    refused_reviews: tuple[RefusedReview, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView(_View):
    """A printed document.

    Attributes:
        person, household: whose; one of them is there.
        issued, expires: as written, RFC 3339 dates or times.
        status_index: its bit in the status list of the issuing office and epoch.
        credential: SHA-256 of the signed credential.
        reprints: reasons of the reprints, oldest first.
        revoked: the reason, or None. revoked_code: what kind of reason (``lost``, ``stolen``,
            ``wrong``, ``fraud``, ``death``, ``replaced``); empty when none was given.
    """

    id: DocumentId
    number: str
    type: str
    person: PersonId | None
    household: HouseholdId | None
    language: str
    issued: str
    expires: str
    status_index: int
    credential: bytes
    office: OfficeId
    epoch: bytes
    reprints: tuple[str, ...] = ()
    revoked: str | None = None
    revoked_code: str = ""


View = PersonView | HouseholdView | EventView | RegistrationView | DocumentView
