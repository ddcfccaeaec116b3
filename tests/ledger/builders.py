"""Invented offices, people and entries for the ledger's tests; everything from fixed seeds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from ledger import kinds
from ledger.certificate import (
    Certificate,
    CertificateHash,
    OfficeType,
    Role,
    SubjectKind,
    issue,
)
from ledger.chain import Head
from ledger.entry import Entry, FormRef, Group, Subject, write
from ledger.keys import SigningKey
from values.clock import Entropy
from values.identifiers import EntryHash, EntryId, OfficeId, UserId
from values.secret import Secret

NOW = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


def stream(seed: str) -> Entropy:
    """Reproducible bytes that never repeat."""
    count = 0

    def draw(length: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}/{count}".encode()).digest(length)

    return draw


def key(seed: str) -> SigningKey:
    return SigningKey.from_bytes(Secret(hashlib.sha256(seed.encode()).digest()))


def uuid(seed: str) -> UUID:
    return UUID(bytes=hashlib.sha256(b"id/" + seed.encode()).digest()[:16], version=4)


@dataclass
class Person:
    """A user with a key and a certificate."""

    id: UserId
    key: SigningKey
    certificate: Certificate


@dataclass
class Office:
    """An office that writes a chain."""

    id: OfficeId
    type: OfficeType
    epoch: bytes
    administrator: Person
    users: dict[str, Person] = field(default_factory=dict)
    head: Head | None = None
    entropy: Entropy = field(default_factory=lambda: stream("office"))

    def add(self, name: str, role: Role) -> Person:
        """A user certified by the administrator."""
        user_key = key(f"{self.id}/{name}")
        certificate = issue(
            subject_kind=SubjectKind.USER,
            subject_id=uuid(f"{self.id}/{name}"),
            office=self.id,
            office_type=self.type,
            role=role,
            name=name,
            public_key=user_key.public,
            not_before=NOW,
            not_after=NOW + YEAR,
            issuer=self.administrator.certificate,
            key=self.administrator.key,
        )
        self.users[name] = Person(certificate.user, user_key, certificate)
        return self.users[name]

    def write(
        self,
        kind: str,
        subject: Subject,
        values: Mapping[str, Any],
        *,
        by: str = "officer",
        base: Iterable[Entry | EntryHash] = (),
        at: datetime = NOW,
        form: FormRef | None = None,
        **changes: Any,
    ) -> Entry:
        """The next entry of the chain; ``changes`` replace any argument of ``write``."""
        author = self.administrator if by == "administrator" else self.users[by]
        arguments: dict[str, Any] = {
            "entry_id": EntryId(UUID(bytes=self.entropy(16))),
            "office": self.id,
            "office_type": self.type,
            "epoch": self.epoch,
            "sequence": 1 if self.head is None else self.head.sequence + 1,
            "previous": None if self.head is None else self.head.hash,
            "device_time": at,
            "author": author.id,
            "certificate": author.certificate.hash,
            "kind": kind,
            "subject": subject,
            "group": Group(UUID(bytes=self.entropy(16)), 0, 1),
            "values": values,
            "key": author.key,
            "entropy": self.entropy,
            "form": form,
            "base": [b.hash if isinstance(b, Entry) else b for b in base],
        }
        entry = write(**(arguments | changes))
        self.head = Head.of(entry)
        return entry

    def begin(self) -> Entry:
        """The first entry of the epoch."""
        return self.write(
            kinds.EPOCH_BEGUN,
            Subject(kinds.OFFICE, self.id),
            {"reason": "new", "previous": None, "tag": "K7Q"},
            by="administrator",
        )


@dataclass
class World:
    """One registry and its stations."""

    root: SigningKey
    trust_key: SigningKey
    trust: Certificate
    registry: Office
    stations: list[Office]

    @property
    def certificates(self) -> dict[CertificateHash, Certificate]:
        people = [
            person
            for office in (self.registry, *self.stations)
            for person in (office.administrator, *office.users.values())
        ]
        return {c.hash: c for c in (self.trust, *(p.certificate for p in people))}


def certified(
    issuer: Certificate | None,
    issuer_key: SigningKey,
    *,
    kind: SubjectKind,
    seed: str,
    office: OfficeId,
    office_type: OfficeType,
    role: Role | None = None,
    name: str | None = None,
    subject_id: UUID | None = None,
) -> Person:
    """A certificate with a fixed key."""
    subject_key = key(seed)
    certificate = issue(
        subject_kind=kind,
        subject_id=subject_id or uuid(seed),
        office=office,
        office_type=office_type,
        role=role,
        name=name,
        public_key=subject_key.public,
        not_before=NOW,
        not_after=NOW + YEAR,
        issuer=issuer,
        key=issuer_key,
    )
    return Person(UserId(certificate.subject_id), subject_key, certificate)


def make_world(stations: int = 2) -> World:
    """A registry with a clerk and a registrar, stations with officers and a supervisor."""
    root = key("root")
    registry_id = OfficeId(uuid("registry"))
    trust = certified(
        None,
        root,
        kind=SubjectKind.TRUST,
        seed="trust",
        office=registry_id,
        office_type=OfficeType.REGISTRY,
        subject_id=registry_id,
    )
    administrator = certified(
        None,
        root,
        kind=SubjectKind.USER,
        seed="registry/administrator",
        office=registry_id,
        office_type=OfficeType.REGISTRY,
        role=Role.ADMINISTRATOR,
        name="central",
    )
    registry = Office(
        registry_id, OfficeType.REGISTRY, b"registry", administrator, entropy=stream("registry")
    )
    registry.add("clerk", Role.CLERK)
    registry.add("registrar", Role.REGISTRAR)
    offices = []
    for number in range(stations):
        office_id = OfficeId(uuid(f"station/{number}"))
        office = Office(
            office_id,
            OfficeType.STATION,
            b"station" + bytes([48 + number]),
            certified(
                trust.certificate,
                trust.key,
                kind=SubjectKind.USER,
                seed=f"station/{number}/administrator",
                office=office_id,
                office_type=OfficeType.STATION,
                role=Role.ADMINISTRATOR,
                name="lead",
            ),
            entropy=stream(f"station/{number}"),
        )
        office.add("officer", Role.OFFICER)
        office.add("second", Role.OFFICER)
        office.add("supervisor", Role.SUPERVISOR)
        offices.append(office)
    return World(root, trust.key, trust.certificate, registry, offices)
