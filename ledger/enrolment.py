"""Enrolment: a station's request, and the registry's grant.

Both are COSE_Sign1 files that travel by stick or mail (``docs/formats/enrolment.md``).
Each shows six words which the two administrators compare by telephone: that, and not the
channel, is what ties a request to the people who made it.  A request proves possession
of its three keys; a grant carries all that a station needs to work without a network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ledger import cose
from ledger.certificate import (
    Certificate,
    CertificateHash,
    OfficeType,
    Role,
    SubjectKind,
    verify_chain,
)
from ledger.errors import CertificateError, CoseError, EnrolmentError, TrustError
from ledger.fields import HASH_BYTES, MapReader, read_map
from ledger.instants import to_seconds
from ledger.keys import KEY_BYTES, SIGNATURE_BYTES, PublicKey, SigningKey, domain
from ledger.trust import TrustList
from ledger.words import six_words
from values import cbor
from values.identifiers import OfficeId, UserId

VERSION = 1
REQUEST_DOMAIN = domain("request")
GRANT_DOMAIN = domain("grant")
POSSESSION_DOMAIN = domain("possession")

MAX_REQUEST_BYTES = 16 * 1024
"""A request has about 600 bytes."""
MAX_SETTINGS_BYTES = 256 * 1024
"""An operation's profile: texts and switches, no pictures."""

MAX_URL = 512
"""Characters in the address of a service."""
MAX_AUTHORITY_BYTES = 8 * 1024
"""A certificate on a curve has about 500 bytes, an RSA one less than two thousand."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a station asks to have certified.

    Attributes:
        data: the bytes, verbatim.
        office: the station's id, drawn by itself.
        name: the proposed name of the station.
        station_key: signs bundles. document_key: signs credentials.
        recipient: the station's age recipient, to which notices are sealed.
        administrator, login, administrator_key: its first user.
    """

    data: bytes = field(repr=False)
    office: OfficeId
    name: str
    station_key: PublicKey
    document_key: PublicKey
    recipient: str
    administrator: UserId
    login: str = field(repr=False)
    administrator_key: PublicKey
    requested_at: datetime

    @property
    def hash(self) -> bytes:
        """SHA-256 of the bytes: a grant names its request by it."""
        return hashlib.sha256(self.data).digest()

    def words(self) -> tuple[str, ...]:
        """Six words to compare by telephone."""
        return six_words("request", self.data)

    @classmethod
    def create(
        cls,
        *,
        office: OfficeId,
        name: str,
        station_key: SigningKey,
        document_key: SigningKey,
        recipient: str,
        administrator: UserId,
        login: str,
        administrator_key: SigningKey,
        requested_at: datetime,
    ) -> Request:
        """Sign a request with the station's key, and prove possession of the others."""
        bound = _bound(office, station_key.public)
        payload = {
            0: VERSION,
            1: office.bytes,
            2: name,
            3: station_key.public.raw,
            4: document_key.public.raw,
            5: recipient,
            6: administrator.bytes,
            7: login,
            8: administrator_key.public.raw,
            9: to_seconds(requested_at),
            10: document_key.sign(POSSESSION_DOMAIN, bound),
            11: administrator_key.sign(POSSESSION_DOMAIN, bound),
        }
        return cls.from_bytes(
            cose.sign1(cbor.encode(payload), station_key, external_aad=REQUEST_DOMAIN)
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Request:
        """Parse, and verify the three signatures.

        Raises:
            EnrolmentError: ``size``, ``cbor``, ``form``, ``missing``, ``version``,
                ``signature``, ``possession`` and the codes of :class:`CoseError`.
        """
        if len(data) > MAX_REQUEST_BYTES:
            raise EnrolmentError("size", "This file is too large to be a request.")
        message, fields = _open(data, "request")
        station_key = PublicKey(fields.octets(3, size=KEY_BYTES))
        if not cose.verify1(message, station_key, external_aad=REQUEST_DOMAIN):
            raise _false_signature("request")
        request = cls(
            data=bytes(data),
            office=OfficeId(fields.uuid(1)),
            name=fields.text(2),
            station_key=station_key,
            document_key=PublicKey(fields.octets(4, size=KEY_BYTES)),
            recipient=fields.text(5),
            administrator=UserId(fields.uuid(6)),
            login=fields.text(7),
            administrator_key=PublicKey(fields.octets(8, size=KEY_BYTES)),
            requested_at=fields.seconds(9),
        )
        bound = _bound(request.office, station_key)
        for place, key in ((10, request.document_key), (11, request.administrator_key)):
            proof = fields.octets(place, size=SIGNATURE_BYTES)
            if not key.verify(POSSESSION_DOMAIN, proof, bound):
                raise EnrolmentError(
                    "possession",
                    "This request names a key that the station does not hold. Make a new "
                    "request at the station.",
                )
        return request


@dataclass(frozen=True, slots=True)
class Operation:
    """The operation a station joins.

    Attributes:
        code: the first part of every number, such as ``WST``.
        name: for headings and documents.
        settings: what else the profile says (expiry days, languages, vault fields): plain
            CBOR values under text keys; unknown ones are kept.
    """

    code: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """Where the registry's HTTP service is.

    Attributes:
        url: without a path. authority: the certificate (DER) of the only authority that may vouch
            for it.
    """

    url: str
    authority: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What the registry grants; verified, see :meth:`from_bytes`.

    Attributes:
        office: the station's id. code: its code inside numbers.
        trust_certificate, station_certificate, administrator_certificate,
        document_certificate: all chained to ``root``.
        registry: the registry's office id.
        registry_recipient, recovery_recipient: age recipients; bundles are sealed to both.
        vault_recipient: age recipient of the operation's vault, for sensitive fields.
        first_notice: number of the first notice this station will receive.
        request_hash: which request this answers.
        service: the registry's HTTP service, when it has one.
    """

    data: bytes = field(repr=False)
    office: OfficeId
    code: str
    operation: Operation
    trust_certificate: Certificate
    station_certificate: Certificate
    administrator_certificate: Certificate
    document_certificate: Certificate
    registry: OfficeId
    registry_recipient: str
    recovery_recipient: str
    vault_recipient: str
    root: PublicKey
    trust_list: TrustList
    first_notice: int
    granted_at: datetime
    request_hash: bytes
    service: ServiceAddress | None = None

    @property
    def certificates(self) -> dict[CertificateHash, Certificate]:
        """The four certificates by hash, for :func:`ledger.certificate.verify_chain`."""
        found = (
            self.trust_certificate,
            self.station_certificate,
            self.administrator_certificate,
            self.document_certificate,
        )
        return {certificate.hash: certificate for certificate in found}

    def words(self) -> tuple[str, ...]:
        """Six words to compare by telephone."""
        return six_words("grant", self.data)

    def check_answers(self, request: Request) -> None:
        """Raises :class:`EnrolmentError` (code ``other_request``) unless this grant
        answers exactly that request, with its keys."""
        same = (
            self.request_hash == request.hash
            and self.office == request.office
            and self.station_certificate.public_key == request.station_key
            and self.document_certificate.public_key == request.document_key
            and self.administrator_certificate.public_key == request.administrator_key
            and self.administrator_certificate.subject_id == request.administrator
        )
        if not same:
            raise EnrolmentError(
                "other_request",
                "This grant answers another request. Ask the registry for the grant that "
                "belongs to this station's request.",
            )

    @classmethod
    def create(
        cls,
        *,
        request: Request,
        code: str,
        operation: Operation,
        trust_certificate: Certificate,
        station_certificate: Certificate,
        administrator_certificate: Certificate,
        document_certificate: Certificate,
        registry: OfficeId,
        registry_recipient: str,
        recovery_recipient: str,
        vault_recipient: str,
        root: PublicKey,
        trust_list: TrustList,
        first_notice: int,
        granted_at: datetime,
        key: SigningKey,
        service: ServiceAddress | None = None,
    ) -> Grant:
        """Sign a grant with the trust key.

        Raises:
            EnrolmentError: as :meth:`from_bytes` and :meth:`check_answers`: what the
                station would refuse is refused here first.
        """
        payload = {
            0: VERSION,
            1: request.office.bytes,
            2: code,
            3: {**operation.settings, "code": operation.code, "name": operation.name},
            4: [
                trust_certificate.data,
                station_certificate.data,
                administrator_certificate.data,
                document_certificate.data,
            ],
            5: registry.bytes,
            6: registry_recipient,
            7: recovery_recipient,
            8: vault_recipient,
            9: root.raw,
            10: trust_list.data,
            11: first_notice,
            12: to_seconds(granted_at),
            13: request.hash,
        }
        if service is not None:
            payload[14] = {"url": service.url, "authority": service.authority}
        data = cose.sign1(cbor.encode(payload), key, external_aad=GRANT_DOMAIN)
        grant = cls.from_bytes(data, root=root)
        grant.check_answers(request)
        return grant

    @classmethod
    def from_bytes(
        cls, data: bytes, *, root: PublicKey | None = None, at: datetime | None = None
    ) -> Grant:
        """Parse and verify all of it: signature, certificates, trust list.

        Args:
            root: the root if it is known already; a new station learns it here, and the
                six words are its warrant.
            at: checks the certificates' windows; None, the usual case at a station whose
                clock may be wrong, skips them.

        Raises:
            EnrolmentError: ``cbor``, ``form``, ``missing``, ``size``, ``version``,
                ``other_root``, ``certificate``, ``trust_list``, ``signature`` and the
                codes of :class:`CoseError`.
        """
        message, fields = _open(data, "grant")
        carried = PublicKey(fields.octets(9, size=KEY_BYTES))
        if root is not None and root != carried:
            raise EnrolmentError(
                "other_root",
                "This grant comes from another registry. Ask the registry that you trust.",
            )
        office = OfficeId(fields.uuid(1))
        trust, station, administrator, document = _certificates(fields, office, carried, at)
        if not cose.verify1(message, trust.public_key, external_aad=GRANT_DOMAIN):
            raise _false_signature("grant")
        try:
            trust_list = TrustList.from_bytes(fields.octets(10), root=carried)
        except TrustError as fault:
            raise EnrolmentError("trust_list", fault.sentence) from fault
        return cls(
            data=bytes(data),
            office=office,
            code=fields.text(2),
            operation=_operation(fields),
            trust_certificate=trust,
            station_certificate=station,
            administrator_certificate=administrator,
            document_certificate=document,
            registry=OfficeId(fields.uuid(5)),
            registry_recipient=fields.text(6),
            recovery_recipient=fields.text(7),
            vault_recipient=fields.text(8),
            root=carried,
            trust_list=trust_list,
            first_notice=fields.uint(11),
            granted_at=fields.seconds(12),
            request_hash=fields.octets(13, size=HASH_BYTES),
            service=_service(fields),
        )


def _bound(office: OfficeId, station_key: PublicKey) -> bytes:
    """What the further keys of a request sign: this office, under this station key."""
    return office.bytes + station_key.raw


def _open(data: bytes, what: str) -> tuple[cose.Sign1, MapReader]:
    try:
        message = cose.parse1(data, strict=True)
    except CoseError as fault:
        raise EnrolmentError(
            fault.code, f"This file is not a {what}, or it is damaged. Ask for it again."
        ) from fault
    fields = read_map(message.payload, what=what, error=EnrolmentError)
    fields.version(VERSION)
    return message, fields


def _false_signature(what: str) -> EnrolmentError:
    return EnrolmentError(
        "signature", f"The signature on this {what} is false. Do not use it; ask for it again."
    )


_PLACES = (
    ("trust", SubjectKind.TRUST, None),
    ("station", SubjectKind.STATION, None),
    ("administrator", SubjectKind.USER, Role.ADMINISTRATOR),
    ("document", SubjectKind.DOCUMENT, None),
)


def _certificates(
    fields: MapReader, office: OfficeId, root: PublicKey, at: datetime | None
) -> list[Certificate]:
    found: list[Certificate] = []
    lookup: dict[CertificateHash, Certificate] = {}
    for data, (place, kind, role) in zip(fields.row(4, len(_PLACES)), _PLACES, strict=True):
        try:
            certificate = Certificate.from_bytes(fields.row_octets(4, data, size=None))
            verify_chain(certificate, lookup, root, at=at)
        except CertificateError as fault:
            raise EnrolmentError(
                "certificate",
                f"The {place} certificate in this grant cannot be used. {fault.sentence}",
            ) from fault
        here = certificate.office == office and certificate.office_type is OfficeType.STATION
        if (
            certificate.subject_kind is not kind
            or certificate.role is not role
            or (kind is not SubjectKind.TRUST and not here)
        ):
            raise EnrolmentError(
                "certificate",
                f"The {place} certificate in this grant belongs to something else. Ask the "
                "registry for a new grant.",
            )
        lookup[certificate.hash] = certificate
        found.append(certificate)
    return found


def _service(fields: MapReader) -> ServiceAddress | None:
    if not fields.has(14):
        return None
    found = fields.submap(14)
    url, authority = found.get("url"), found.get("authority")
    if not isinstance(url, str) or not isinstance(authority, bytes):
        raise fields.wrong("form", "does not say where the registry's service is")
    if len(url) > MAX_URL or len(authority) > MAX_AUTHORITY_BYTES:
        raise fields.wrong("size", "says too much of the registry's service")
    return ServiceAddress(url, authority)


def _operation(fields: MapReader) -> Operation:
    settings = fields.submap(3)
    if len(cbor.encode(settings)) > MAX_SETTINGS_BYTES:
        raise fields.wrong("size", "has an operation profile that is too large")
    code, name = settings.pop("code", None), settings.pop("name", None)
    if not (isinstance(code, str) and code and isinstance(name, str) and name):
        raise fields.wrong("form", "does not say which operation it is for")
    if not all(isinstance(key, str) for key in settings):
        raise fields.wrong("form", "has an operation profile with a key that is no text")
    return Operation(code, name, MappingProxyType(settings))
