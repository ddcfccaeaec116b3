"""The stations this registry has enrolled, as its own chain says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ledger import kinds
from ledger.certificate import Certificate, SubjectKind
from values.identifiers import OfficeId
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Container

    from db.store import Reader
    from ledger.keys import PublicKey

_CODE = re.compile(r"([A-Z])(\d{2})")
_LETTERS = "ABCDEFGHJKMNPQRTUVWXY"
"""Without letters that look like digits or like each other on paper."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """That a station counts no longer: when it was said, since when it is so, and why."""

    at: datetime
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Station:
    """An enrolled station with its certificates: station, document key, administrator."""

    id: OfficeId
    code: str
    name: str
    recipient: str
    certificates: tuple[Certificate, ...]
    enrolled_at: datetime
    documents: tuple[Certificate, ...] = ()
    """Of every document key it ever had, in the order in which they were certified."""
    revoked: Revoked | None = None
    replaces: OfficeId | None = None
    """The station whose place it took."""

    @property
    def key(self) -> PublicKey:
        """The key that signs its bundles."""
        return self._of(SubjectKind.STATION).public_key

    @property
    def document(self) -> Certificate:
        """The certificate of the key that signs its documents."""
        return self._of(SubjectKind.DOCUMENT)

    def _of(self, kind: SubjectKind) -> Certificate:
        return next(one for one in self.certificates if one.subject_kind is kind)


def stations(reader: Reader) -> list[Station]:
    """Every station, each by the newest of its enrolments, in the order of their codes."""
    found: dict[OfficeId, Station] = {}
    gone = _revoked(reader)
    for entry in reader.entries_of_kind(kinds.STATION_ENROLLED, "station"):
        body = entry.body
        if body is None:
            continue
        office = OfficeId(entry.header.subject.id)
        certificates = tuple(Certificate.from_bytes(raw) for raw in body["certificates"])
        before = found[office].documents if office in found else ()
        found[office] = Station(
            id=office,
            code=body["code"],
            name=body["name"],
            recipient=body["recipient"],
            certificates=certificates,
            enrolled_at=entry.header.device_time,
            documents=(*before, *(one for one in certificates if _for_documents(one))),
            revoked=gone.get(office),
            replaces=OfficeId(UUID(bytes=body["replaces"])) if body.get("replaces") else None,
        )
    return sorted(found.values(), key=lambda station: station.code)


def _revoked(reader: Reader) -> dict[OfficeId, Revoked]:
    found: dict[OfficeId, Revoked] = {}
    for entry in reader.entries_of_kind(kinds.STATION_REVOKED, "station"):
        body, at = entry.body, entry.header.device_time
        if body is not None:
            told = body.get("since")
            since = at if told is None else datetime.fromtimestamp(told, UTC)
            found.setdefault(
                OfficeId(entry.header.subject.id), Revoked(at, since, str(body["reason"]))
            )
    return found


def by_code(reader: Reader, code: str) -> Station:
    """The station of that code. Raises `RefusedError` when there is none."""
    found = next((one for one in stations(reader) if one.code == code.strip().upper()), None)
    if found is None:
        raise RefusedError("unknown_station", "No station has that code. See the list of stations.")
    return found


def _for_documents(certificate: Certificate) -> bool:
    return certificate.subject_kind is SubjectKind.DOCUMENT


def next_code(taken: Container[str]) -> str:
    """The first free station code: A01 ... A99, B01 ..."""
    for letter in _LETTERS:
        for number in range(1, 100):
            code = f"{letter}{number:02d}"
            if code not in taken:
                return code
    raise ValueError("two thousand stations are enrolled")
