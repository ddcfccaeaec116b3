"""The questions that a reader asks, built once so that each is compiled once per engine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from db.models import (
    AttendeeRow,
    AuditRow,
    BundleRow,
    CertificateRow,
    ChainRow,
    ConflictRow,
    CounterRow,
    DocumentRow,
    DraftRow,
    EntryRow,
    EventRow,
    FindingRow,
    ForkRow,
    HouseholdRow,
    MatchCaseRow,
    MemberRow,
    NoticeRow,
    ParticipantRow,
    PersonRow,
    ReceiptRow,
    RegistrationRow,
    SettingRow,
    SourceRow,
)
from db.records import EntryState
from db.viewrows import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Select

PAGE = 500
"""Rows fetched at a time by iterators, so that a large store never lies in memory whole."""

LISTED = 2000
"""The most values in one IN (...), which every engine takes: what a batch asks about fits."""


def parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Lists short enough for one IN (...) of any engine."""
    part: list[Any] = []
    for value in values:
        part.append(value)
        if len(part) == LISTED:
            yield part
            part = []
    if part:
        yield part


ENTRY = (EntryRow.hash, EntryRow.header, EntryRow.signature, EntryRow.body)
FORK = (ForkRow.hash, ForkRow.header, ForkRow.signature, ForkRow.body)


def _param(name: str) -> Any:
    return bindparam(name)


def _many(name: str) -> Any:
    return bindparam(name, expanding=True)


PLACE = (EntryRow.office_id == _param("office"), EntryRow.epoch == _param("epoch"))
HEAD = select(ChainRow).where(
    ChainRow.office_id == _param("office"), ChainRow.epoch == _param("epoch")
)
EPOCHS = select(ChainRow).where(ChainRow.office_id == _param("office")).order_by(ChainRow.begun)
LATEST_HEAD = (
    select(ChainRow)
    .where(ChainRow.office_id == _param("office"))
    .order_by(ChainRow.begun.desc())
    .limit(1)
)
CHAINS = select(ChainRow).order_by(ChainRow.begun)
BY_HASH = select(*ENTRY).where(EntryRow.hash == _param("hash"))
FORK_BY_HASH = select(*FORK, ForkRow.reason).where(ForkRow.hash == _param("hash"))
STANDING = select(EntryRow.state, EntryRow.reason, EntryRow.lost).where(
    EntryRow.hash == _param("hash")
)
AT = select(*ENTRY).where(*PLACE, EntryRow.sequence == _param("sequence"))
STANDINGS = select(EntryRow.hash, EntryRow.state, EntryRow.reason, EntryRow.lost).where(
    EntryRow.hash.in_(_many("hashes"))
)
FORK_STANDINGS = select(ForkRow.hash, ForkRow.reason).where(ForkRow.hash.in_(_many("hashes")))
PLACES = select(EntryRow.sequence, EntryRow.hash).where(
    *PLACE,
    EntryRow.sequence.between(_param("low"), _param("high")),
    EntryRow.state != EntryState.HELD.value,
)
KNOWN = select(EntryRow.hash).where(EntryRow.hash.in_(_many("hashes")))
KNOWN_FORKS = select(ForkRow.hash).where(ForkRow.hash.in_(_many("hashes")))
OF_SUBJECT = (
    select(*ENTRY)
    .where(
        EntryRow.subject_type == _param("type"),
        EntryRow.subject_id == _param("id"),
        EntryRow.state == EntryState.ADMITTED.value,
    )
    .order_by(EntryRow.arrival)
)
OF_KIND = (
    select(*ENTRY)
    .where(
        EntryRow.subject_type == _param("type"),
        EntryRow.kind == _param("kind"),
        EntryRow.state == EntryState.ADMITTED.value,
    )
    .order_by(EntryRow.arrival)
)
_SINCE = (
    EntryRow.kind.in_(_many("kinds")),
    EntryRow.arrival > _param("after"),
    EntryRow.state == EntryState.ADMITTED.value,
)
SUBJECTS_SINCE = (
    select(EntryRow.subject_id)
    .where(
        EntryRow.subject_type == _param("type"),
        EntryRow.office_id.in_(_many("offices")),
        EntryRow.arrival <= _param("upto"),
        *_SINCE,
    )
    .distinct()
    .order_by(EntryRow.subject_id)
)
ENTRIES_SINCE = select(*ENTRY).where(*_SINCE).order_by(EntryRow.arrival)
OF_SUBJECTS = (
    select(*ENTRY, EntryRow.subject_type, EntryRow.subject_id)
    .where(
        # The types too, though the ids say it all: the index begins with them.
        EntryRow.subject_type.in_(_many("types")),
        EntryRow.subject_id.in_(_many("ids")),
        EntryRow.state == EntryState.ADMITTED.value,
    )
    .order_by(EntryRow.arrival)
)
GROUP = (
    select(*ENTRY)
    .where(EntryRow.group_id == _param("group"))
    .order_by(EntryRow.office_id, EntryRow.epoch, EntryRow.sequence)
)
GROUPS = (
    select(*ENTRY, EntryRow.group_id, EntryRow.state, EntryRow.reason, EntryRow.lost)
    .where(EntryRow.group_id.in_(_many("groups")))
    .order_by(EntryRow.office_id, EntryRow.epoch, EntryRow.sequence)
)
_OTHER = aliased(EntryRow)
SHARED = (
    select(EntryRow.subject_type, EntryRow.subject_id)
    .where(
        *PLACE,
        EntryRow.sequence.between(_param("first"), _param("last")),
        EntryRow.state == EntryState.ADMITTED.value,
        select(_OTHER.hash)
        .where(
            _OTHER.subject_type == EntryRow.subject_type,
            _OTHER.subject_id == EntryRow.subject_id,
            _OTHER.office_id != EntryRow.office_id,
            _OTHER.state == EntryState.ADMITTED.value,
        )
        .exists(),
    )
    .distinct()
)
ARRIVED_SINCE = select(EntryRow.hash).where(
    EntryRow.hash.in_(_many("hashes")), EntryRow.arrival > _param("since")
)
LAST_ARRIVAL = select(func.max(EntryRow.arrival))
WAITING = (
    select(EntryRow.group_id, EntryRow.office_id, func.min(EntryRow.arrival).label("first"))
    .where(EntryRow.state == EntryState.QUARANTINED.value, EntryRow.reason.in_(_many("reasons")))
    .group_by(EntryRow.group_id, EntryRow.office_id)
    .having(func.min(EntryRow.arrival) > _param("after"))
    .order_by(func.min(EntryRow.arrival))
    .limit(_param("limit"))
)
CHAIN = (
    select(*ENTRY, EntryRow.sequence)
    .where(*PLACE, EntryRow.sequence > _param("after"), EntryRow.sequence <= _param("upto"))
    .order_by(EntryRow.sequence)
    .limit(_param("limit"))
)
ARRIVALS = (
    select(*ENTRY, EntryRow.arrival, EntryRow.state, EntryRow.reason, EntryRow.lost)
    .where(EntryRow.arrival > _param("after"))
    .order_by(EntryRow.arrival)
    .limit(_param("limit"))
)
IN_STATE = select(*ENTRY).where(EntryRow.state == _param("state")).order_by(EntryRow.arrival)
HELD = (
    select(*ENTRY)
    .where(*PLACE, EntryRow.state == EntryState.HELD.value)
    .order_by(EntryRow.sequence)
)
HELD_AFTER = (
    select(*ENTRY, EntryRow.sequence)
    .where(
        *PLACE,
        EntryRow.state == EntryState.HELD.value,
        EntryRow.sequence > _param("after"),
    )
    .order_by(EntryRow.sequence)
    .limit(_param("limit"))
)
HELD_BETWEEN = select(*ENTRY).where(
    *PLACE,
    EntryRow.state == EntryState.HELD.value,
    EntryRow.sequence.between(_param("first"), _param("last")),
)
BRANCHES = select(*FORK, ForkRow.reason).order_by(
    ForkRow.office_id, ForkRow.epoch, ForkRow.sequence, ForkRow.hash
)
BRANCHES_OF = BRANCHES.where(ForkRow.office_id == _param("office"))
RELEASED = "released"
"""The reason of a fork that stands among the entries: beside its place, which it claims still."""
_ASIDE = func.coalesce(ForkRow.reason, "") != RELEASED
FORKS = BRANCHES.where(_ASIDE)
FORKS_OF = BRANCHES_OF.where(_ASIDE)
COUNT_FORKS = select(func.count()).select_from(ForkRow).where(_ASIDE)
COUNT_ENTRIES = select(func.count()).select_from(EntryRow)
COUNT_STATE = COUNT_ENTRIES.where(EntryRow.state == _param("state"))
SUBJECTS = (
    select(EntryRow.subject_type, EntryRow.subject_id)
    .where(EntryRow.state == EntryState.ADMITTED.value)
    .group_by(EntryRow.subject_type, EntryRow.subject_id)
)
BY_NUMBER = (
    select(PersonRow.view)
    .where((PersonRow.number == _param("number")) | (PersonRow.permanent == _param("number")))
    .order_by(PersonRow.first_at, PersonRow.id)
)
HOUSEHOLD_BY_NUMBER = (
    select(HouseholdRow.view)
    .where(HouseholdRow.number == _param("number"))
    .order_by(HouseholdRow.first_at, HouseholdRow.id)
)
MEMBERS = (
    select(PersonRow.view)
    .join(MemberRow, MemberRow.person_id == PersonRow.id)
    .where(MemberRow.household_id == _param("household"), MemberRow.present)
    .order_by(MemberRow.position)
)
HOUSEHOLD_OF = (
    select(HouseholdRow.view)
    .join(MemberRow, MemberRow.household_id == HouseholdRow.id)
    .where(MemberRow.person_id == _param("person"), MemberRow.present)
    .order_by(HouseholdRow.first_at.desc(), HouseholdRow.id)
    .limit(1)
)
HOUSEHOLDS_OF = (
    select(HouseholdRow.view)
    .join(MemberRow, MemberRow.household_id == HouseholdRow.id)
    .where(MemberRow.person_id == _param("person"))
    .order_by(HouseholdRow.first_at.desc(), HouseholdRow.id)
)
SOMEBODY_LEFT = (
    select(HouseholdRow.view)
    .where(
        HouseholdRow.id.in_(select(MemberRow.household_id).where(~MemberRow.present)),
        HouseholdRow.id.in_(select(MemberRow.household_id).where(MemberRow.present)),
    )
    .order_by(HouseholdRow.last_at.desc(), HouseholdRow.id)
    .limit(_param("limit"))
)
EVENTS_OF_PERSON = (
    select(EventRow.id, EventRow.view)
    .join(ParticipantRow, ParticipantRow.event_id == EventRow.id)
    .where(ParticipantRow.person_id == _param("person"))
    .order_by(EventRow.first_at, EventRow.id)
)
EVENTS_OF_HOUSEHOLD = (
    select(EventRow.id, EventRow.view)
    .where(EventRow.household_id == _param("household"))
    .order_by(EventRow.first_at, EventRow.id)
)
DOCUMENTS_OF_PERSON = (
    select(DocumentRow.id, DocumentRow.view)
    .where(DocumentRow.person_id == _param("person"))
    .order_by(DocumentRow.first_at, DocumentRow.id)
)
DOCUMENTS_OF_HOUSEHOLD = (
    select(DocumentRow.id, DocumentRow.view)
    .where(DocumentRow.household_id == _param("household"))
    .order_by(DocumentRow.first_at, DocumentRow.id)
)
DOCUMENT_BY_NUMBER = (
    select(DocumentRow.view)
    .where(DocumentRow.number == _param("number"))
    .order_by(DocumentRow.first_at, DocumentRow.id)
)
_ABOUT = select(AttendeeRow.person_id).where(AttendeeRow.registration_id == RegistrationRow.id)
_SOMEBODY_LEFT = or_(
    ~_ABOUT.exists(),
    _ABOUT.outerjoin(PersonRow, PersonRow.id == AttendeeRow.person_id)
    .where(PersonRow.voided.is_(None))
    .exists(),
)
"""A registration whose persons were all voided waits for nobody's decision."""
QUEUE = (
    select(RegistrationRow.view)
    .where(RegistrationRow.status == _param("status"), _SOMEBODY_LEFT)
    .order_by(RegistrationRow.first_at, RegistrationRow.id)
    .limit(_param("limit"))
)
COUNT_QUEUE = (
    select(func.count())
    .select_from(RegistrationRow)
    .where(RegistrationRow.status == _param("status"), _SOMEBODY_LEFT)
)
_EARLIER = aliased(RegistrationRow)
_FIRST_OF_ITS_FAMILY = ~(
    select(_EARLIER.id)
    .where(
        _EARLIER.household_id == RegistrationRow.household_id,
        _EARLIER.first_at < RegistrationRow.first_at,
    )
    .exists()
)
"""Not a birth, nor members who joined: their family was registered before."""
REGISTERED_SINCE = (
    select(
        func.count(case((_FIRST_OF_ITS_FAMILY, RegistrationRow.id)).distinct()).label("families"),
        func.count(AttendeeRow.person_id).label("persons"),
    )
    .select_from(RegistrationRow)
    .join(AttendeeRow, AttendeeRow.registration_id == RegistrationRow.id)
    .where(RegistrationRow.first_at >= _param("since"))
)
NEWEST = (
    select(PersonRow.view)
    .where(PersonRow.voided.is_(None))
    .order_by(PersonRow.ordinal.desc())
    .limit(_param("limit"))
)
NEWEST_UNPRINTED = NEWEST.where(
    ~select(DocumentRow.id)
    .where(
        DocumentRow.person_id == PersonRow.id,
        DocumentRow.type == "registration",
        DocumentRow.voided.is_(None),
    )
    .exists()
)
COUNT_UNPRINTED = (
    select(func.count())
    .select_from(PersonRow)
    .where(
        PersonRow.voided.is_(None),
        ~select(DocumentRow.id)
        .where(
            DocumentRow.person_id == PersonRow.id,
            DocumentRow.type == "registration",
            DocumentRow.voided.is_(None),
        )
        .exists(),
    )
)
HOUSEHOLD_NUMBERS = (
    select(MemberRow.person_id, HouseholdRow.number)
    .join(HouseholdRow, MemberRow.household_id == HouseholdRow.id)
    .where(MemberRow.person_id.in_(_many("persons")), MemberRow.present)
    .order_by(HouseholdRow.first_at, HouseholdRow.id)
)
STATUSES = (
    select(AttendeeRow.person_id, RegistrationRow.status)
    .join(RegistrationRow, AttendeeRow.registration_id == RegistrationRow.id)
    .where(AttendeeRow.person_id.in_(_many("persons")))
    .order_by(RegistrationRow.first_at, RegistrationRow.id)
)
REGISTRATION_OF = (
    select(RegistrationRow.view)
    .join(AttendeeRow, AttendeeRow.registration_id == RegistrationRow.id)
    .where(AttendeeRow.person_id == _param("person"))
    .order_by(RegistrationRow.first_at.desc(), RegistrationRow.id)
    .limit(1)
)
OF_ROW = (
    select(SourceRow.registration_id)
    .where(SourceRow.row_hash == _param("row"))
    .order_by(SourceRow.registration_id)
)
OF_SOURCE = (
    select(RegistrationRow.id, RegistrationRow.view)
    .join(SourceRow, SourceRow.registration_id == RegistrationRow.id)
    .where(SourceRow.series == _param("series"), SourceRow.household == _param("household"))
    .order_by(RegistrationRow.first_at, RegistrationRow.id)
)
OF_HOUSEHOLD = (
    select(RegistrationRow.view)
    .where(RegistrationRow.household_id == _param("household"))
    .order_by(RegistrationRow.first_at, RegistrationRow.id)
)
CONFLICTS = select(ConflictRow).order_by(
    ConflictRow.since, ConflictRow.subject_id, ConflictRow.name
)
DRAFTS = select(DraftRow).order_by(DraftRow.at.desc(), DraftRow.id)
DRAFT = select(DraftRow).where(DraftRow.id == _param("id"))
SETTING = select(SettingRow.value).where(SettingRow.key == _param("key"))
SETTINGS = select(SettingRow).where(
    func.substr(SettingRow.key, 1, _param("size")) == _param("prefix")
)
COUNTER = select(CounterRow.value).where(CounterRow.series == _param("series"))
RECEIPTS = select(ReceiptRow).order_by(ReceiptRow.office_id, ReceiptRow.epoch, ReceiptRow.sequence)
RECEIPT = (
    select(ReceiptRow)
    .where(ReceiptRow.office_id == _param("office"), ReceiptRow.epoch == _param("epoch"))
    .order_by(ReceiptRow.sequence.desc())
    .limit(1)
)
BUNDLE = select(BundleRow).where(BundleRow.id == _param("id"))
BUNDLES = select(BundleRow).order_by(BundleRow.at.desc(), BundleRow.id)
BUNDLES_IN = BUNDLES.where(
    BundleRow.office_id == _param("office"), BundleRow.state == _param("state")
)
NOTICES = (
    select(NoticeRow).where(NoticeRow.office_id == _param("office")).order_by(NoticeRow.number)
)
NOTICE = NOTICES.where(NoticeRow.number == _param("number"))
LAST_NOTICE = select(func.max(NoticeRow.number)).where(NoticeRow.office_id == _param("office"))
CERTIFICATE = select(CertificateRow).where(CertificateRow.hash == _param("hash"))
CERTIFICATES = select(CertificateRow).order_by(CertificateRow.not_before, CertificateRow.hash)
CERTIFICATES_OF = select(CertificateRow.certificate).where(
    CertificateRow.office_id.in_(_many("offices"))
)
CERTIFICATES_NAMED = select(CertificateRow.certificate).where(
    CertificateRow.hash.in_(_many("hashes"))
)
CERTIFICATES_ABOUT = select(CertificateRow.certificate).where(
    CertificateRow.subject_kind == "user", CertificateRow.subject_id == _param("user")
)
FINDINGS = (
    select(FindingRow)
    .where(FindingRow.bundle_id == _param("bundle"), FindingRow.position > _param("after"))
    .order_by(FindingRow.position)
    .limit(_param("limit"))
)
USERS = CERTIFICATES.where(CertificateRow.subject_kind == "user", CertificateRow.revoked.is_(None))
USER_NAME = (
    select(CertificateRow.name)
    .where(CertificateRow.subject_kind == "user", CertificateRow.subject_id == _param("user"))
    .order_by(CertificateRow.not_before.desc())
    .limit(1)
)
AUDIT = (
    select(AuditRow)
    .where(AuditRow.position < _param("before"))
    .order_by(AuditRow.position.desc())
    .limit(_param("limit"))
)
MATCH = select(MatchCaseRow).where(
    MatchCaseRow.first_id == _param("first"), MatchCaseRow.second_id == _param("second")
)
MATCHES = (
    select(MatchCaseRow)
    .where(MatchCaseRow.state == _param("state"))
    .order_by(MatchCaseRow.score.desc(), MatchCaseRow.first_id, MatchCaseRow.second_id)
    .limit(_param("limit"))
)
COUNT_MATCHES = select(MatchCaseRow.state, func.count().label("number")).group_by(
    MatchCaseRow.state
)
MATCHES_OF = select(MatchCaseRow).where(
    (MatchCaseRow.first_id == _param("person")) | (MatchCaseRow.second_id == _param("person"))
)
STATES = select(EntryRow.state, func.count().label("number")).group_by(EntryRow.state)
SIZES = (
    *(
        select(func.count()).select_from(table)
        for table in (
            PersonRow,
            HouseholdRow,
            EventRow,
            DocumentRow,
            RegistrationRow,
            ConflictRow,
            DraftRow,
        )
    ),
    COUNT_FORKS,
)


@cache
def view_by_id(subject_type: str) -> Select[Any]:
    table = VIEWS[subject_type].table
    return select(table.c.view).where(table.c.id == _param("id"))


@cache
def views_by_ids(subject_type: str) -> Select[Any]:
    table = VIEWS[subject_type].table
    return select(table.c.id, table.c.view).where(table.c.id.in_(_many("ids")))


@cache
def views_after(subject_type: str) -> Select[Any]:
    table = VIEWS[subject_type].table
    return (
        select(table.c.id, table.c.view)
        .where(table.c.id > _param("after"))
        .order_by(table.c.id)
        .limit(_param("limit"))
    )
