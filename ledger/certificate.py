"""Certificates: who holds which key, in which office and role, by whose word.

A certificate is a COSE_Sign1 by its issuer (``docs/formats/certificate.md``); its hash
is SHA-256 of its bytes.  The root certifies trust keys and the registry's administrator;
a trust key certifies stations, their document keys and their administrators; an
administrator certifies users of the same office.  Nothing else issues.

Time windows are checked only against a time that the caller hands in: a wrong clock
never blocks work, so admission and the opening of a workspace hand in ``None``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NewType
from uuid import UUID

from ledger import cose
from ledger.errors import CertificateError, CoseError, KeyFormError
from ledger.fields import HASH_BYTES, MapReader, read_map
from ledger.instants import to_seconds
from ledger.keys import KEY_BYTES, KID_BYTES, PublicKey, SigningKey, domain
from values import cbor
from values.identifiers import OfficeId, UserId

VERSION = 1
DOMAIN = domain("certificate")
MAX_BYTES = 4096
"""A certificate has about 250 bytes; room for fields of later minor versions."""
MAX_PATH = 8
"""Links from the root: three are usual; administrators of a registry may follow one
another, but not without end."""

CertificateHash = NewType("CertificateHash", bytes)
"""SHA-256 of a certificate's bytes: 32 bytes."""


class OfficeType(StrEnum):
    """The two kinds of office."""

    STATION = "station"
    REGISTRY = "registry"


class SubjectKind(StrEnum):
    """What a certificate speaks about."""

    TRUST = "trust"
    STATION = "station"
    USER = "user"
    DOCUMENT = "document"


class Role(StrEnum):
    """What a user may do; see ``ledger.kinds`` for the kinds of entry of each."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    CLERK = "clerk"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


ROLES_OF_OFFICE: Mapping[OfficeType, frozenset[Role]] = {
    OfficeType.STATION: frozenset({Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR}),
    OfficeType.REGISTRY: frozenset(
        {Role.CLERK, Role.REGISTRAR, Role.AUDITOR, Role.ADMINISTRATOR, Role.SERVICE}
    ),
}
"""Roles that an administrator of each kind of office may certify. A station's further
administrator comes from the registry, in a new grant or a notice."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A parsed certificate. Parsed does not mean verified: see :func:`verify_chain`.

    Attributes:
        data: the bytes, verbatim.
        subject_id: the user, station or key that is certified.
        office: the office in which the subject acts.
        role: of a user; None otherwise.
        public_key: the certified key.
        not_before, not_after: the window, whole seconds, both inclusive.
        issuer: hash of the issuing certificate (32 bytes) or the root's kid (8 bytes).
        name: a user's login name or an office's name; shown to people of the office.
    """

    data: bytes
    subject_kind: SubjectKind
    subject_id: UUID
    office: OfficeId
    office_type: OfficeType
    role: Role | None
    public_key: PublicKey
    not_before: datetime
    not_after: datetime
    issuer: bytes
    name: str | None
    version: int = VERSION

    @property
    def hash(self) -> CertificateHash:
        """SHA-256 of the bytes: how entries and other certificates name this one."""
        return CertificateHash(hashlib.sha256(self.data).digest())

    @property
    def user(self) -> UserId:
        """The certified user. Raises :class:`CertificateError` for any other subject."""
        if self.subject_kind is not SubjectKind.USER:
            raise CertificateError("subject", "This certificate does not belong to a user.")
        return UserId(self.subject_id)

    @property
    def issued_by_root(self) -> bool:
        return len(self.issuer) == KID_BYTES

    def covers(self, at: datetime) -> bool:
        """True when ``at`` lies in the window."""
        return self.not_before <= at <= self.not_after

    @classmethod
    def from_bytes(cls, data: bytes) -> Certificate:
        """Parse.

        Raises:
            CertificateError: ``size``, ``cbor``, ``form``, ``missing``, ``version``,
                ``subject``, ``role``, ``window``, or the code of a :class:`CoseError`.
        """
        if len(data) > MAX_BYTES:
            raise CertificateError("size", "This certificate is too large. Ask for a new one.")
        try:
            message = cose.parse1(data, strict=True)
        except CoseError as fault:
            raise CertificateError(
                fault.code, "This certificate is damaged or is something else. Ask for a new one."
            ) from fault
        if message.alg != cose.EDDSA:
            raise CertificateError("algorithm", "This certificate is not signed with Ed25519.")
        fields = read_map(message.payload, what="certificate", error=CertificateError)
        return _parse(bytes(data), fields)

    def __repr__(self) -> str:
        # Without the name: certificates appear in logs and tracebacks.
        role = f" {self.role}" if self.role else ""
        return f"<Certificate {self.subject_kind}{role} {self.subject_id}>"


def _parse(data: bytes, fields: MapReader) -> Certificate:
    version = fields.version(VERSION)
    try:
        kind = SubjectKind(fields.text(1))
        office = fields.row(3, 2)
        office_type = OfficeType(fields.row_text(3, office[0]))
        role_text = fields.optional_text(4)
        role = None if role_text is None else Role(role_text)
    except ValueError as fault:
        raise fields.wrong("subject", "names a subject, office or role unknown here") from fault
    if (kind is SubjectKind.USER) != (role is not None):
        raise fields.wrong("role", "gives a role to no user, or a user no role")
    try:
        public_key = PublicKey(fields.octets(5, size=KEY_BYTES))
    except KeyFormError as fault:  # pragma: no cover - the size is checked above
        raise fields.wrong("form", "has no public key") from fault
    issuer = fields.octets(8)
    if len(issuer) not in (HASH_BYTES, KID_BYTES):
        raise fields.wrong("form", "names no issuer")
    certificate = Certificate(
        data=data,
        version=version,
        subject_kind=kind,
        subject_id=fields.uuid(2),
        office=OfficeId(fields.row_uuid(3, office[1])),
        office_type=office_type,
        role=role,
        public_key=public_key,
        not_before=fields.seconds(6),
        not_after=fields.seconds(7),
        issuer=issuer,
        name=fields.optional_text(9),
    )
    if certificate.not_after < certificate.not_before:
        raise fields.wrong("window", "ends before it begins")
    return certificate


def issue(
    *,
    subject_kind: SubjectKind,
    subject_id: UUID,
    office: OfficeId,
    office_type: OfficeType,
    public_key: PublicKey,
    not_before: datetime,
    not_after: datetime,
    issuer: Certificate | None,
    key: SigningKey,
    role: Role | None = None,
    name: str | None = None,
) -> Certificate:
    """Sign a certificate.

    Args:
        issuer: the certificate of ``key``; None when ``key`` is the root.
        not_before, not_after: cut to whole seconds.

    Raises:
        CertificateError: ``may_not_issue`` when the issuer's place does not allow this
            certificate, ``key`` when ``key`` is not the issuer's, or a form error.
    """
    if issuer is not None and issuer.public_key != key.public:
        raise CertificateError("key", "The signing key does not belong to this issuer.")
    payload = {
        0: VERSION,
        1: subject_kind.value,
        2: subject_id.bytes,
        3: [office_type.value, office.bytes],
        4: None if role is None else role.value,
        5: public_key.raw,
        6: to_seconds(not_before),
        7: to_seconds(not_after),
        8: key.public.kid if issuer is None else issuer.hash,
        9: name,
    }
    certificate = Certificate.from_bytes(cose.sign1(cbor.encode(payload), key, external_aad=DOMAIN))
    if not may_issue(issuer, certificate):
        raise CertificateError(
            "may_not_issue",
            "This key may not certify that. An administrator certifies users of the same "
            "office; stations and their administrators are certified by the registry.",
        )
    return certificate


def may_issue(issuer: Certificate | None, subject: Certificate) -> bool:
    """The table of who certifies whom; ``issuer`` None is the root."""
    user_role = subject.role if subject.subject_kind is SubjectKind.USER else None
    if issuer is None:
        if subject.office_type is not OfficeType.REGISTRY:
            return False
        return subject.subject_kind is SubjectKind.TRUST or user_role is Role.ADMINISTRATOR
    if issuer.subject_kind is SubjectKind.TRUST:
        if subject.subject_kind is SubjectKind.DOCUMENT:
            return True
        if subject.office_type is not OfficeType.STATION:
            return False
        return subject.subject_kind is SubjectKind.STATION or user_role is Role.ADMINISTRATOR
    if issuer.role is Role.ADMINISTRATOR:
        same_office = (subject.office, subject.office_type) == (issuer.office, issuer.office_type)
        return same_office and user_role in ROLES_OF_OFFICE[issuer.office_type]
    return False


@lru_cache(maxsize=4096)
def _signature_holds(data: bytes, issuer_key: PublicKey) -> bool:
    # Cached because an import meets the same few certificates once per entry; the
    # answer depends on these bytes alone.
    return cose.verify1(cose.parse1(data, strict=True), issuer_key, external_aad=DOMAIN)


def path_to_root(
    certificate: Certificate, lookup: Mapping[CertificateHash, Certificate]
) -> tuple[Certificate, ...]:
    """The certificates from ``certificate`` up to the one that the root issued.

    Verifies nothing. Raises :class:`CertificateError`: ``issuer_unknown`` when a link is
    not in ``lookup``, ``too_long`` beyond :data:`MAX_PATH`.
    """
    path = [certificate]
    while not path[-1].issued_by_root:
        if len(path) == MAX_PATH:
            raise CertificateError("too_long", "This certificate is too far from the root.")
        issuer = lookup.get(CertificateHash(path[-1].issuer))
        if issuer is None:
            raise CertificateError(
                "issuer_unknown",
                "The issuer of this certificate is not known here. Take in the newest notice "
                "or grant, then try again.",
            )
        path.append(issuer)
    return tuple(path)


def verify_chain(
    certificate: Certificate,
    lookup: Mapping[CertificateHash, Certificate],
    root: PublicKey,
    *,
    at: datetime | None = None,
) -> None:
    """Verify that ``certificate`` leads back to ``root``.

    Args:
        lookup: certificates by hash; only issuers are looked up, the root has none.
        at: every certificate of the path must be within its window at this time (RFC 5280
            6.1.3 (a) (2)); None skips the windows.

    Raises:
        CertificateError: ``issuer_unknown``, ``too_long``, ``other_root``, ``signature``,
            ``may_not_issue``, ``not_yet_valid``, ``expired``.
    """
    path = path_to_root(certificate, lookup)
    if path[-1].issuer != root.kid:
        raise CertificateError(
            "other_root",
            "This certificate belongs to another registry. Check that the file is meant for here.",
        )
    for link, issuer in zip(path, (*path[1:], None), strict=True):
        if not may_issue(issuer, link):
            raise CertificateError(
                "may_not_issue", "This certificate was issued by a key that may not issue it."
            )
        if not _signature_holds(link.data, root if issuer is None else issuer.public_key):
            raise CertificateError(
                "signature",
                "The signature on this certificate is false. Do not use it; tell the registry.",
            )
        if at is not None and at < link.not_before:
            raise CertificateError(
                "not_yet_valid",
                "This certificate is not valid yet. Check the date of this computer.",
            )
        if at is not None and at > link.not_after:
            raise CertificateError(
                "expired", "This certificate has expired. Ask the registry to renew it."
            )


def officer_and_supervisor(certificates: Iterable[Certificate]) -> frozenset[UserId]:
    """Users who are certified both as officer and as supervisor.

    One person is one or the other, never both.  A person is recognised by user id and by
    key: two ids that share a key are one person.  Hand in the certificates in force
    (leave out revoked ones: a promotion revokes the old certificate first).
    """
    roles_of: dict[UUID | PublicKey, set[Role]] = {}
    users = []
    for certificate in certificates:
        if certificate.role is None:
            continue
        users.append(certificate)
        roles_of.setdefault(certificate.subject_id, set()).add(certificate.role)
        roles_of.setdefault(certificate.public_key, set()).add(certificate.role)
    both = {Role.OFFICER, Role.SUPERVISOR}
    return frozenset(
        certificate.user
        for certificate in users
        if both <= roles_of[certificate.subject_id] or both <= roles_of[certificate.public_key]
    )
