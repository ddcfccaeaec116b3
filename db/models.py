"""The tables, as SQLAlchemy typed models. The same on SQLCipher and on PostgreSQL.

Two kinds. *Kept*: entries, forks, receipts, drafts, settings, counters, bundles, notices, audit,
match cases, certificates, photos. They are the truth or lead to it. *Folded*: views with their
side tables, search keys, conflicts. `rebuild` makes these anew from the entries.

What must hold even if the code is wrong is a named constraint: lengths of hashes and ids, one
entry per place of a chain, states from a closed list. There are no triggers, sequences or
deferrable constraints, so that the tables could be spread over several database servers. Columns
that hold personal data say so in their comment; on PostgreSQL these comments are in the catalogue.
"""

from __future__ import annotations

from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

REVISION = "0003"
"""The migration that these models correspond to. A test holds it equal to Alembic's head."""

PERSONAL = "Personal data: the name or circumstances of a registered person."

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}


class Octets(LargeBinary):
    """Bytes as both drivers take and give them, without a wrapper around every single value."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """None: bytes go in as they are."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """None: bytes come out as they are."""


Id = Annotated[bytes, mapped_column(Octets(16))]
"""A UUID as 16 bytes, on every engine; UUID types differ between databases, bytes do not."""
Hash = Annotated[bytes, mapped_column(Octets(32))]
"""SHA-256."""
Blob = Annotated[bytes, mapped_column(Octets)]
Word = Annotated[str, mapped_column(Text)]
"""A short text. Not limited in length: what comes from a bundle must fail checks, not columns."""
Millis = Annotated[int, mapped_column(BigInteger)]
"""Milliseconds since 1970 in UTC."""
Count = Annotated[int, mapped_column(BigInteger)]


KEY = "distributed_by"
"""In a table's `info`: the column by which its rows are spread over servers; None for the small
tables of which every server would hold a copy. A test holds every unique constraint to it."""


def _by(column: str | None, *, compact: bool = False) -> dict[str, Any]:
    """Table options. `compact`: little more than its key, so SQLite keeps it as its own index."""
    options: dict[str, Any] = {"info": {KEY: column}}
    return options | {"sqlite_with_rowid": False} if compact else options


def _everywhere() -> dict[str, Any]:
    return _by(None)


def _length(column: str, size: int) -> CheckConstraint:
    return CheckConstraint(f"length({column}) = {size}", name=f"{column}_size")


def _one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Base(DeclarativeBase):
    """Tables of the main file, or of the database."""

    metadata = MetaData(naming_convention=NAMES)


class PhotoBase(DeclarativeBase):
    """The table of the photo file; on PostgreSQL it lies beside the others."""

    metadata = MetaData(naming_convention=NAMES)


# -- kept -------------------------------------------------------------------------------------


class EntryRow(Base):
    """One signed entry at its place in a chain. Header and signature never change."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("office_id", "epoch", "sequence", name="uq_entries_place"),
        _length("hash", 32),
        _length("office_id", 16),
        _length("epoch", 8),
        _length("subject_id", 16),
        CheckConstraint("sequence >= 1", name="sequence_from_one"),
        _one_of("state", "admitted", "held", "quarantined"),
        _one_of("lost", "", "pruned", "erased"),
        CheckConstraint("(lost = '') = (body IS NOT NULL)", name="body_unless_lost"),
        Index("ix_entries_subject", "subject_type", "subject_id"),
        Index("ix_entries_group", "group_id"),
        Index("ix_entries_kind", "kind"),
        # What does not stand: few among millions, and looked for at every visit of the queues.
        Index(
            "ix_entries_aside",
            "state",
            "office_id",
            "epoch",
            "sequence",
            sqlite_where=text("state <> 'admitted'"),
            postgresql_where=text("state <> 'admitted'"),
        ),
        UniqueConstraint("arrival", "office_id", name="uq_entries_arrival"),
        # The hash alone is unique, for it says the place; the office makes the key one that a
        # table spread by office can hold.
        PrimaryKeyConstraint("hash", "office_id"),
        _by("office_id"),
    )

    hash: Mapped[Hash]
    arrival: Mapped[Count] = mapped_column(
        comment="Counts entries as they came into this store; means nothing elsewhere."
    )
    entry_id: Mapped[Id]
    office_id: Mapped[Id]
    epoch: Mapped[bytes] = mapped_column(Octets(8))
    sequence: Mapped[Count]
    kind: Mapped[Word]
    subject_type: Mapped[Word]
    subject_id: Mapped[Id]
    group_id: Mapped[Id]
    author_id: Mapped[Id]
    device_time: Mapped[Millis] = mapped_column(comment="As the device's clock said; may be wrong.")
    state: Mapped[Word]
    reason: Mapped[Word | None] = mapped_column(comment="Why it is held or quarantined; a code.")
    lost: Mapped[Word] = mapped_column(
        comment="How the body went: pruned after receipt, or erased by law; never by accident."
    )
    header: Mapped[Blob] = mapped_column(comment="Verbatim; its SHA-256 is the entry's hash.")
    signature: Mapped[Blob]
    body: Mapped[Blob | None] = mapped_column(
        comment=PERSONAL + " Sealed by us (AES-256-GCM) on PostgreSQL."
    )


class ChainRow(Base):
    """The last entry that stands in each chain; kept in step with the entries."""

    __tablename__ = "chains"
    __table_args__ = (
        _length("office_id", 16),
        _length("epoch", 8),
        _length("head", 32),
        _by("office_id"),
    )

    office_id: Mapped[Id] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(Octets(8), primary_key=True)
    begun: Mapped[Count] = mapped_column(comment="Arrival of its first entry here.")
    sequence: Mapped[Count]
    head: Mapped[Hash]


class ForkRow(Base):
    """An entry whose place in the chain another entry holds. Quarantined until it is decided."""

    __tablename__ = "forks"
    __table_args__ = (
        _length("hash", 32),
        _length("epoch", 8),
        Index("ix_forks_place", "office_id", "epoch", "sequence"),
        PrimaryKeyConstraint("hash", "office_id"),
        _by("office_id"),
    )

    hash: Mapped[Hash]
    office_id: Mapped[Id]
    epoch: Mapped[bytes] = mapped_column(Octets(8))
    sequence: Mapped[Count]
    reason: Mapped[Word | None]
    header: Mapped[Blob]
    signature: Mapped[Blob]
    body: Mapped[Blob | None] = mapped_column(
        comment=PERSONAL + " Sealed by us (AES-256-GCM) on PostgreSQL."
    )


class ReceiptRow(Base):
    """The registry's word that it holds a chain up to here. Only this makes entries sent."""

    __tablename__ = "receipts"
    __table_args__ = (_length("epoch", 8), _length("head", 32), _by("office_id"))

    office_id: Mapped[Id] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(Octets(8), primary_key=True)
    sequence: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    head: Mapped[Hash]
    notice: Mapped[Count] = mapped_column(comment="The number of the notice that brought it.")


class BundleRow(Base):
    """A bundle that was exported from here, or staged and taken in here."""

    __tablename__ = "bundles"
    __table_args__ = (
        _length("id", 16),
        Index("ix_bundles_office", "office_id", "state"),
        PrimaryKeyConstraint("id", "office_id"),
        _by("office_id"),
    )

    id: Mapped[Id]
    office_id: Mapped[Id] = mapped_column(comment="The station whose chain it carries.")
    epoch: Mapped[bytes | None] = mapped_column(Octets(8))
    first: Mapped[Count]
    last: Mapped[Count]
    state: Mapped[Word]
    at: Mapped[Millis]
    details: Mapped[Blob] = mapped_column(comment="CBOR of the office's choosing; no names.")


class FindingRow(Base):
    """What people are told about an import that is not finished: an entry that was held, put aside,
    flagged, or let out of waiting. What was admitted as it came has no row."""

    __tablename__ = "findings"
    __table_args__ = (_by("bundle_id"),)

    bundle_id: Mapped[Id] = mapped_column(primary_key=True)
    hash: Mapped[Hash] = mapped_column(primary_key=True)
    group_id: Mapped[Id]
    outcome: Mapped[Word]
    code: Mapped[Word | None]
    position: Mapped[Count] = mapped_column(comment="Its order among the findings of the import.")


class NoticeRow(Base):
    """A notice that a registry wrote for a station, or that the station took in."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        _by("office_id"),
    )

    office_id: Mapped[Id] = mapped_column(primary_key=True, comment="The station it is for.")
    number: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Millis]
    data: Mapped[Blob] = mapped_column(comment=PERSONAL + " Sealed by us on PostgreSQL.")


class DraftRow(Base):
    """A form as the officer left it, before anything was signed."""

    __tablename__ = "drafts"
    __table_args__ = (_everywhere(),)

    id: Mapped[Word] = mapped_column(primary_key=True)
    at: Mapped[Millis]
    data: Mapped[Blob] = mapped_column(comment=PERSONAL + " As typed. Sealed by us on PostgreSQL.")


class SettingRow(Base):
    """A value of the office, its own keys among them. Sealed by us on PostgreSQL."""

    __tablename__ = "settings"
    __table_args__ = (_everywhere(),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Blob] = mapped_column(comment="Secret: may be a private key.")


class CounterRow(Base):
    """The last number given in a series. Numbers are given once, and gaps are harmless."""

    __tablename__ = "counters"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value_not_negative"),
        _everywhere(),
    )

    series: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Count]


class AuditRow(Base):
    """Who did or looked at what. Identifiers only, never names."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_at", "at"),
        Index("ix_audit_subject", "subject_type", "subject_id"),
        _by("position"),
    )

    position: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Millis]
    user_id: Mapped[Id]
    act: Mapped[Word]
    subject_type: Mapped[Word | None]
    subject_id: Mapped[Id | None]
    detail: Mapped[Word]


class MatchCaseRow(Base):
    """Two persons who may be the same, and what was decided."""

    __tablename__ = "match_cases"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="ordered"),
        Index("ix_match_cases_queue", "state", "score"),
        Index("ix_match_cases_second", "second_id"),
        _by("first_id"),
    )

    first_id: Mapped[Id] = mapped_column(primary_key=True)
    second_id: Mapped[Id] = mapped_column(primary_key=True)
    state: Mapped[Word]
    score: Mapped[Count] = mapped_column(comment="Thousandths; whole numbers compare exactly.")
    at: Mapped[Millis]
    details: Mapped[Blob] = mapped_column(comment="CBOR: why they were proposed, who decided.")


# -- folded -----------------------------------------------------------------------------------


class PersonRow(Base):
    """The person as folded: columns for lists and lookups, and the whole view as CBOR."""

    __tablename__ = "persons"
    __table_args__ = (
        _length("id", 16),
        UniqueConstraint("ordinal", "id", name="uq_persons_ordinal"),
        Index("ix_persons_number", "number"),
        Index("ix_persons_permanent", "permanent"),
        _by("id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    ordinal: Mapped[Count] = mapped_column(
        comment="A small number for search keys; local to this store, never shown."
    )
    number: Mapped[Word | None]
    permanent: Mapped[Word | None]
    name: Mapped[Word] = mapped_column(comment=PERSONAL)
    name_latin: Mapped[Word] = mapped_column(comment=PERSONAL)
    sex: Mapped[Word]
    birth: Mapped[Word] = mapped_column(comment=PERSONAL + " EDTF as entered in its calendar.")
    first_at: Mapped[Millis]
    last_at: Mapped[Millis]
    voided: Mapped[Word | None]
    stub: Mapped[bool] = mapped_column(
        comment="What is left of a pruned person; `rebuild` keeps it."
    )
    keys: Mapped[Word] = mapped_column(
        comment=PERSONAL + " Search keys in force, so that a change touches only the difference."
    )
    view: Mapped[Blob] = mapped_column(comment=PERSONAL)


class HouseholdRow(Base):
    """The household as folded."""

    __tablename__ = "households"
    __table_args__ = (_length("id", 16), Index("ix_households_number", "number"), _by("id"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    number: Mapped[Word | None]
    size: Mapped[Count]
    first_at: Mapped[Millis]
    last_at: Mapped[Millis]
    voided: Mapped[Word | None]
    view: Mapped[Blob] = mapped_column(comment=PERSONAL)


class MemberRow(Base):
    """Who belongs to which household, from the household's view."""

    __tablename__ = "members"
    __table_args__ = (Index("ix_members_person_id", "person_id"), _by("household_id", compact=True))

    household_id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(primary_key=True)
    relation: Mapped[Word] = mapped_column(comment=PERSONAL)
    position: Mapped[Count]
    present: Mapped[bool] = mapped_column(comment="False once the person has left.")


class EventRow(Base):
    """A civil or displacement event as folded."""

    __tablename__ = "events"
    __table_args__ = (_length("id", 16), Index("ix_events_household_id", "household_id"), _by("id"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    type: Mapped[Word]
    household_id: Mapped[Id | None]
    first_at: Mapped[Millis]
    last_at: Mapped[Millis]
    voided: Mapped[Word | None]
    view: Mapped[Blob] = mapped_column(comment=PERSONAL)


class ParticipantRow(Base):
    """Who takes part in which event, from the event's view."""

    __tablename__ = "participants"
    __table_args__ = (
        Index("ix_participants_person_id", "person_id"),
        _by("event_id", compact=True),
    )

    event_id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(primary_key=True)
    role: Mapped[Word] = mapped_column(primary_key=True)


class DocumentRow(Base):
    """A provisional document as folded."""

    __tablename__ = "documents"
    __table_args__ = (
        _length("id", 16),
        Index("ix_documents_number", "number"),
        Index("ix_documents_person_id", "person_id"),
        Index("ix_documents_household_id", "household_id"),
        _by("id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    number: Mapped[Word | None]
    type: Mapped[Word]
    person_id: Mapped[Id | None]
    household_id: Mapped[Id | None]
    first_at: Mapped[Millis]
    last_at: Mapped[Millis]
    voided: Mapped[Word | None]
    view: Mapped[Blob] = mapped_column(comment=PERSONAL)


class RegistrationRow(Base):
    """A registration as folded: the queue of the supervisor and of the registrar."""

    __tablename__ = "registrations"
    __table_args__ = (
        _length("id", 16),
        Index("ix_registrations_queue", "status", "first_at"),
        Index("ix_registrations_first_at", "first_at"),
        Index("ix_registrations_household_id", "household_id"),
        _by("id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    status: Mapped[Word]
    household_id: Mapped[Id | None]
    first_at: Mapped[Millis]
    last_at: Mapped[Millis]
    view: Mapped[Blob] = mapped_column(comment=PERSONAL)


class AttendeeRow(Base):
    """Which persons a registration is about, from the registration's view."""

    __tablename__ = "attendees"
    __table_args__ = (
        Index("ix_attendees_person_id", "person_id"),
        _by("registration_id", compact=True),
    )

    registration_id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(primary_key=True)


class SourceRow(Base):
    """Which row of which list a registration came from, so that a second intake is a no-op."""

    __tablename__ = "sources"
    __table_args__ = (
        Index("ix_sources_household", "series", "household"),
        Index("ix_sources_registration_id", "registration_id"),
        _by("registration_id", compact=True),
    )

    row_hash: Mapped[Hash] = mapped_column(primary_key=True)
    registration_id: Mapped[Id] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(Text)
    household: Mapped[str] = mapped_column(Text)


class SearchKeyRow(Base):
    """One posting: a person (by ordinal) is found under a key. The table is its own index."""

    __tablename__ = "search_keys"
    __table_args__ = (_by("key", compact=True),)

    key: Mapped[str] = mapped_column(
        # Bytewise order everywhere: prefixes are looked up as ranges.
        Text().with_variant(Text(collation="C"), "postgresql"),
        primary_key=True,
        comment=PERSONAL + " A folded piece of a name.",
    )
    ordinal: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)


class CertificateRow(Base):
    """A certificate that entries rely on."""

    __tablename__ = "certificates"
    __table_args__ = (
        _length("hash", 32),
        Index("ix_certificates_subject", "subject_kind", "subject_id"),
        _everywhere(),
    )

    hash: Mapped[Hash] = mapped_column(primary_key=True)
    subject_kind: Mapped[Word]
    subject_id: Mapped[Id]
    office_id: Mapped[Id | None]
    role: Mapped[Word | None]
    name: Mapped[Word | None] = mapped_column(comment="A login name of staff.")
    not_before: Mapped[Millis]
    not_after: Mapped[Millis]
    revoked: Mapped[Word | None] = mapped_column(comment="Why, when it was revoked; a code.")
    certificate: Mapped[Blob]


class ConflictRow(Base):
    """An open conflict of a view: a task for people."""

    __tablename__ = "conflicts"
    __table_args__ = (
        Index("ix_conflicts_since", "since"),
        _by("subject_id"),
    )

    subject_type: Mapped[Word] = mapped_column(primary_key=True)
    subject_id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True, comment="The conflict set.")
    since: Mapped[Millis]


# -- photos -----------------------------------------------------------------------------------


class PhotoRow(PhotoBase):
    """A photo under the name of its content: SHA-256, on PostgreSQL a keyed hash of that."""

    __tablename__ = "photos"
    __table_args__ = (
        _length("name", 32),
        _by("name"),
    )

    name: Mapped[Hash] = mapped_column(primary_key=True)
    data: Mapped[Blob] = mapped_column(comment=PERSONAL + " Sealed by us on PostgreSQL.")
