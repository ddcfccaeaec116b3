"""The trust list: what a verifier without a network has to know.

A COSE_Sign1 by a trust key over numbered CBOR (``docs/formats/trust-list.md``): document
keys with their windows, stations, status lists, certificates that are revoked, and whom
to seal bundles to.  It carries the trust key's certificate and the root's public key; a
verifier who pinned the root's fingerprint knows that they belong together, one who did
not learns only that the list is consistent with itself.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ledger import cose
from ledger.certificate import Certificate, CertificateHash, SubjectKind, verify_chain
from ledger.errors import CertificateError, CoseError, StatusError, TrustError
from ledger.fields import EPOCH_BYTES, HASH_BYTES, MapReader, read_map
from ledger.instants import to_seconds
from ledger.keys import KEY_BYTES, KID_BYTES, PublicKey, SigningKey, domain
from ledger.status import SIZE, StatusIndex, StatusList, list_uri
from values import cbor
from values.identifiers import OfficeId

__all__ = [
    "DocumentKey",
    "KeyStatus",
    "Offer",
    "Station",
    "StatusEntry",
    "StatusIndex",
    "StatusList",
    "TrustList",
    "compare",
    "list_uri",
]

VERSION = 1
DOMAIN = domain("trust-list")

MAX_KEYS = 10_000
MAX_STATIONS = 10_000
MAX_LISTS = 10_000
MAX_REVOKED = 100_000
GENUINE_BYTES = 16
"""Of each digest: nobody finds a second credential with the same 128 bits."""
MAX_GENUINE = 131_072
"""Credentials of one compromised key: as many as an epoch has."""
"""Ten thousand stations with a key each; far beyond any operation, and the whole list is
bounded by ``cose.MAX_BYTES`` before it is decoded."""

_MAX_ITEMS = 400_000  # CBOR items in the largest list these limits allow, roughly
_MAX_COMPRESSED = SIZE // 8 + 64  # incompressible bits and zlib's own overhead


class KeyStatus(StrEnum):
    """ACTIVE signs; RETIRED still verifies what it signed; REVOKED vouches for nothing."""

    ACTIVE = "active"
    RETIRED = "retired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """A key that signs credentials.

    Attributes:
        issue_from, issue_until: credentials say they were issued within this window.
        last_expiry: no credential of this key is valid after this time.
        since: the key may have been in other hands from this time on, and is revoked for it.
        genuine: of a compromised key, what it vouches for still: the first bytes of the SHA-256
            of each credential that the registry knows was issued before. A time of issue inside
            a credential proves nothing, for whoever holds the key writes it.
    """

    public: PublicKey
    office: OfficeId
    issue_from: datetime
    issue_until: datetime
    last_expiry: datetime
    status: KeyStatus = KeyStatus.ACTIVE
    since: datetime | None = None
    genuine: frozenset[bytes] = field(default=frozenset(), repr=False)

    @property
    def kid(self) -> bytes:
        return self.public.kid


@dataclass(frozen=True, slots=True)
class Station:
    """An enrolled station, for showing who issued a document."""

    office: OfficeId
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """The status list of one station and epoch."""

    office: OfficeId
    epoch: bytes
    bits: StatusList

    @property
    def uri(self) -> str:
        return list_uri(self.office, self.epoch)


@dataclass(frozen=True, slots=True)
class TrustList:
    """A verified trust list: :meth:`from_bytes` and :meth:`issue` make no other.

    Attributes:
        data: the bytes, verbatim.
        number: counts up; a lower number never replaces a higher, see :func:`compare`.
        root: the root's public key, as carried inside.
        root_pinned: True when the caller knew the root beforehand and it is this one.
        certificate: the trust key's certificate.
        recipient: age recipient of the registry, to which bundles are sealed.
        revoked: hashes of certificates that count no longer.
    """

    data: bytes = field(repr=False)
    number: int
    issued_at: datetime
    root: PublicKey
    root_pinned: bool
    certificate: Certificate
    keys: tuple[DocumentKey, ...] = field(repr=False)
    stations: tuple[Station, ...] = field(repr=False)
    status_lists: tuple[StatusEntry, ...] = field(repr=False)
    recipient: str = field(repr=False)
    revoked: frozenset[CertificateHash] = field(repr=False)

    def keys_by_kid(self, kid: bytes) -> tuple[DocumentKey, ...]:
        """Every key with this kid: 8 bytes may collide, so a verifier tries all."""
        return tuple(key for key in self.keys if key.kid == kid)

    def station(self, office: OfficeId) -> Station | None:
        return next((s for s in self.stations if s.office == office), None)

    def status_list(self, uri: str) -> StatusList | None:
        """The list a credential names; None means *revocation unknown*, and is said so."""
        return next((s.bits for s in self.status_lists if s.uri == uri), None)

    def to_jwks(self) -> dict[str, Any]:
        """The document keys as a JSON Web Key Set (RFC 7517, RFC 8037) for the readers of
        other makers. Revoked keys are left out; windows have no place in it."""
        return {
            "keys": [
                {
                    "kty": "OKP",
                    "crv": "Ed25519",
                    "use": "sig",
                    "alg": "EdDSA",
                    "kid": _base64url(key.kid),
                    "x": _base64url(key.public.raw),
                }
                for key in self.keys
                if key.status is not KeyStatus.REVOKED
            ]
        }

    @classmethod
    def from_bytes(cls, data: bytes, *, root: PublicKey | None) -> TrustList:
        """Verify and parse.

        Args:
            root: the pinned root; None accepts the root that the list itself carries and
                leaves ``root_pinned`` False.

        Raises:
            TrustError: ``size``, ``cbor``, ``form``, ``missing``, ``version``,
                ``other_root``, ``certificate`` (the trust key is not certified),
                ``signature``, ``status`` and the codes of :class:`CoseError`.
        """
        try:
            message = cose.parse1(data, strict=True)
        except CoseError as fault:
            raise TrustError(
                fault.code, "This file is not a trust list, or it is damaged. Ask for a new copy."
            ) from fault
        fields = read_map(
            message.payload, what="trust list", error=TrustError, max_items=_MAX_ITEMS
        )
        fields.version(VERSION)
        carried = PublicKey(fields.octets(3, size=KEY_BYTES))
        if root is not None and root != carried:
            raise TrustError(
                "other_root",
                "This trust list belongs to another registry than the one you trust. Check "
                "where it came from.",
            )
        certificate = _verified_certificate(fields.octets(4), carried)
        if not cose.verify1(message, certificate.public_key, external_aad=DOMAIN):
            raise TrustError(
                "signature",
                "The signature on this trust list is false. Do not use it; ask the registry "
                "for a new copy.",
            )
        return cls(
            data=bytes(data),
            number=fields.uint(1),
            issued_at=fields.seconds(2),
            root=carried,
            root_pinned=root is not None,
            certificate=certificate,
            keys=tuple(_key(item) for item in fields.items(5, maximum=MAX_KEYS)),
            stations=tuple(_station(item) for item in fields.items(6, maximum=MAX_STATIONS)),
            status_lists=tuple(_status(item) for item in fields.items(7, maximum=MAX_LISTS)),
            recipient=fields.text(8),
            revoked=frozenset(
                CertificateHash(h)
                for h in fields.octets_list(9, size=HASH_BYTES, maximum=MAX_REVOKED)
            ),
        )

    @classmethod
    def issue(
        cls,
        *,
        number: int,
        issued_at: datetime,
        root: PublicKey,
        certificate: Certificate,
        key: SigningKey,
        keys: Iterable[DocumentKey],
        stations: Iterable[Station],
        status_lists: Iterable[StatusEntry],
        recipient: str,
        revoked: Iterable[CertificateHash] = (),
    ) -> TrustList:
        """Sign a list with the trust key. Its parts are put into a fixed order, so the
        same contents give the same bytes.

        Raises:
            TrustError: code ``certificate`` when ``key`` is not the certified trust key.
        """
        payload = {
            0: VERSION,
            1: number,
            2: to_seconds(issued_at),
            3: root.raw,
            4: certificate.data,
            5: [_key_fields(k) for k in sorted(keys, key=lambda k: k.public.raw)],
            6: [
                {0: s.office.bytes, 1: s.code, 2: s.name}
                for s in sorted(stations, key=lambda s: s.office.bytes)
            ],
            7: [
                {0: s.office.bytes, 1: s.epoch, 2: s.bits.compressed()}
                for s in sorted(status_lists, key=lambda s: (s.office.bytes, s.epoch))
            ],
            8: recipient,
            9: sorted(revoked),
        }
        data = cose.sign1(cbor.encode(payload), key, external_aad=DOMAIN)
        return cls.from_bytes(data, root=root)


class Offer(StrEnum):
    """What an offered list is to the one already held."""

    NEWER = "newer"
    SAME = "same"
    OLDER = "older"
    CLASH = "clash"
    OTHER_ROOT = "other_root"


def compare(held: TrustList | None, offered: TrustList) -> Offer:
    """Whether ``offered`` may replace ``held``: only when NEWER.

    CLASH means two different lists with one number: the registry was restored from a
    backup, or somebody else holds the trust key. Keep the old one and ask the registry.
    """
    if held is None:
        return Offer.NEWER
    if held.root != offered.root:
        return Offer.OTHER_ROOT
    if offered.number == held.number:
        return Offer.SAME if offered.data == held.data else Offer.CLASH
    return Offer.NEWER if offered.number > held.number else Offer.OLDER


def _verified_certificate(data: bytes, root: PublicKey) -> Certificate:
    try:
        certificate = Certificate.from_bytes(data)
        verify_chain(certificate, {}, root)
    except CertificateError as fault:
        raise TrustError(
            "certificate",
            "The key that signed this trust list is not certified by its root. Do not use it.",
        ) from fault
    if certificate.subject_kind is not SubjectKind.TRUST:
        raise TrustError(
            "certificate", "This trust list was signed by a key that may not sign trust lists."
        )
    return certificate


def _reader(item: object, what: str) -> MapReader:
    return MapReader(item, what=what, error=TrustError)


def _key(item: object) -> DocumentKey:
    fields = _reader(item, "document key")
    public = PublicKey(fields.octets(1, size=KEY_BYTES))
    if fields.octets(0, size=KID_BYTES) != public.kid:
        raise fields.wrong("form", "has a key identifier that is not its own")
    try:
        status = KeyStatus(fields.text(6))
    except ValueError as fault:
        raise fields.wrong("form", "has a status unknown here") from fault
    return DocumentKey(
        public=public,
        office=OfficeId(fields.uuid(2)),
        issue_from=fields.seconds(3),
        issue_until=fields.seconds(4),
        last_expiry=fields.seconds(5),
        status=status,
        since=fields.seconds(7) if fields.has(7) else None,
        genuine=_digests(fields) if fields.has(8) else frozenset(),
    )


def _digests(fields: MapReader) -> frozenset[bytes]:
    joined = fields.octets(8, maximum=MAX_GENUINE * GENUINE_BYTES)
    if len(joined) % GENUINE_BYTES:
        raise fields.wrong("form", "has a broken digest in field 8")
    return frozenset(joined[at : at + GENUINE_BYTES] for at in range(0, len(joined), GENUINE_BYTES))


def _key_fields(key: DocumentKey) -> dict[int, Any]:
    said: dict[int, Any] = {
        0: key.kid,
        1: key.public.raw,
        2: key.office.bytes,
        3: to_seconds(key.issue_from),
        4: to_seconds(key.issue_until),
        5: to_seconds(key.last_expiry),
        6: key.status.value,
    }
    if key.since is not None:
        said[7] = to_seconds(key.since)
        said[8] = b"".join(sorted(key.genuine))
    return said


def _station(item: object) -> Station:
    fields = _reader(item, "station")
    return Station(OfficeId(fields.uuid(0)), fields.text(1), fields.text(2))


def _status(item: object) -> StatusEntry:
    fields = _reader(item, "status list")
    try:
        bits = StatusList.from_compressed(fields.octets(2, maximum=_MAX_COMPRESSED))
    except StatusError as fault:
        raise TrustError("status", fault.sentence) from fault
    return StatusEntry(OfficeId(fields.uuid(0)), fields.octets(1, size=EPOCH_BYTES), bits)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
