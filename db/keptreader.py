"""Reading what is kept beside the ledger: drafts, settings, receipts, parcels, the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from db import statements as q
from db.asking import Asking
from db.codec import moment
from db.records import (
    AuditLine,
    BundleRecord,
    DraftRecord,
    Finding,
    MatchCase,
    NoticeRecord,
)
from db.statements import PAGE, parts
from ledger.certificate import Certificate
from ledger.chain import Receipt
from values import cbor
from values.identifiers import (
    BundleId,
    EntryHash,
    OfficeId,
    PersonId,
    UserId,
)


class KeptReader(Asking):
    """What is neither entry nor view."""

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

    def bundles_in(self, office: OfficeId, state: str) -> list[BundleRecord]:
        """The bundles of a station that are in one state."""
        rows = self._all(q.BUNDLES_IN, office=office.bytes, state=state)
        return [_bundle(row) for row in rows]

    def findings(self, bundle: BundleId) -> Iterator[Finding]:
        """What is to be told about an import that is not finished, in its order."""
        after = 0
        while True:
            rows = self._all(q.FINDINGS, bundle=bundle.bytes, after=after, limit=PAGE)
            for row in rows:
                yield Finding(
                    EntryHash(row.hash),
                    UUID(bytes=row.group_id),
                    row.outcome,
                    row.code,
                    row.position,
                )
            if len(rows) < PAGE:
                return
            after = rows[-1].position

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

    def certificates_of(self, offices: Iterable[OfficeId]) -> list[Certificate]:
        """The certificates for one of these offices."""
        wanted = [one.bytes for one in offices]
        return [
            Certificate.from_bytes(row.certificate)
            for part in parts(wanted)
            for row in self._all(q.CERTIFICATES_OF, offices=part)
        ]

    def certificates_named(self, hashes: Iterable[bytes]) -> list[Certificate]:
        """The certificates of these hashes that are here."""
        return [
            Certificate.from_bytes(row.certificate)
            for part in parts(hashes)
            for row in self._all(q.CERTIFICATES_NAMED, hashes=part)
        ]

    def certificates_about(self, user: UUID) -> list[Certificate]:
        """The certificates of a user, of whatever office."""
        rows = self._all(q.CERTIFICATES_ABOUT, user=user.bytes)
        return [Certificate.from_bytes(row.certificate) for row in rows]

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
        return match_case(row) if row else None

    def match_cases(self, state: str, *, limit: int | None = None) -> list[MatchCase]:
        """Pairs in one state, the likeliest first."""
        rows = self._all(q.MATCHES, state=state, limit=limit or 1 << 62)
        return [match_case(row) for row in rows]

    def count_match_cases(self) -> dict[str, int]:
        """How many pairs there are in each state."""
        return {row.state: int(row.number) for row in self._all(q.COUNT_MATCHES)}

    def match_cases_of(self, person: PersonId) -> list[MatchCase]:
        """Every pair that a person is part of."""
        return [match_case(row) for row in self._all(q.MATCHES_OF, person=person.bytes)]

    def _notice(self, row: Any) -> NoticeRecord:
        about = notice_place(row.office_id, row.number)
        return NoticeRecord(
            OfficeId(UUID(bytes=row.office_id)),
            row.number,
            moment(row.at),
            self._open(row.data, about),
        )


def notice_place(station: bytes, number: int) -> str:
    """What a stored notice is bound to where we seal it ourselves."""
    return f"notice/{station.hex()}/{number}"


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


def match_case(row: Any) -> MatchCase:
    """A row of the table of pairs as a record."""
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
