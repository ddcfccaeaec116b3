"""The plain values that the store takes and gives, beside entries and views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from values.identifiers import (
    BundleId,
    EntryHash,
    OfficeId,
    PersonId,
    RegistrationId,
    UserId,
)


class EntryState(StrEnum):
    """What the office decided about an entry it holds. Only admitted ones are folded."""

    ADMITTED = "admitted"
    HELD = "held"
    QUARANTINED = "quarantined"


class Lost(StrEnum):
    """How an entry lawfully lost its body."""

    NOTHING = ""
    PRUNED = "pruned"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an entry stands in this store. `forked`: another entry holds its place."""

    state: EntryState
    reason: str | None = None
    lost: Lost = Lost.NOTHING
    forked: bool = False


@dataclass(frozen=True, slots=True)
class BundleRecord:
    """A bundle that went out or came in. `state` and `details` are the office's; no names."""

    id: BundleId
    office: OfficeId
    at: datetime
    state: str
    epoch: bytes | None = None
    first: int = 0
    last: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


class Finding(NamedTuple):
    """What people are to be told about one entry of an import, in its order."""

    hash: EntryHash
    group: UUID
    outcome: str
    code: str | None
    position: int


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice's bytes as the office keeps them. Numbers run from 1 per station, without gaps."""

    station: OfficeId
    number: int
    at: datetime
    data: bytes = field(repr=False)


class DraftRecord(NamedTuple):
    """A form as it was left: the office's own bytes."""

    id: str
    at: datetime
    data: bytes

    def __repr__(self) -> str:
        return f"<DraftRecord {self.id}>"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did or saw what: identifiers only. `position` counts from 1."""

    position: int
    at: datetime
    user: UserId
    act: str
    subject: tuple[str, UUID] | None
    detail: str


@dataclass(frozen=True, slots=True)
class MatchCase:
    """Two persons who may be one. `score` in thousandths, 0 to 1000."""

    first: PersonId
    second: PersonId
    state: str
    score: int
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict set of a view in which unaware amendments differ."""

    subject_type: str
    subject_id: UUID
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person whom a search may mean. `keys` of those asked for were found, weighed in `weight`.

    `weight` grows with the rarity of the keys that were found; only its order means anything.
    """

    id: PersonId
    number: str | None
    permanent: str | None
    name: str = field(repr=False)
    name_latin: str = field(repr=False)
    sex: str
    birth: str = field(repr=False)
    voided: str | None
    stub: bool
    keys: int
    weight: float


@dataclass(frozen=True, slots=True)
class Source:
    """The list row a registration came from."""

    registration: RegistrationId
    series: str
    household: str
    row_hash: bytes


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds."""

    entries: int
    held: int
    quarantined: int
    persons: int
    households: int
    events: int
    documents: int
    registrations: int
    conflicts: int
    drafts: int


@dataclass(slots=True)
class Changes:
    """What one transaction touched, so that each view can decide whether to look again.

    Filled while the transaction runs; trustworthy once it has been committed.
    """

    entries: int = 0
    persons: set[UUID] = field(default_factory=set)
    households: set[UUID] = field(default_factory=set)
    events: set[UUID] = field(default_factory=set)
    documents: set[UUID] = field(default_factory=set)
    registrations: set[UUID] = field(default_factory=set)
    queue: bool = False
    drafts: bool = False
    conflicts: bool = False
    receipts: bool = False
    bundles: bool = False
    notices: bool = False
    matches: bool = False
    settings: bool = False
    certificates: bool = False

    def __bool__(self) -> bool:
        """Whether anything was written."""
        return any(getattr(self, name) for name in self.__dataclass_fields__)
