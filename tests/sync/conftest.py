"""Invented offices, chains and keys for the container's tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ledger import cose
from ledger.certificate import CertificateHash, OfficeType
from ledger.entry import Entry, Group, Subject, write
from ledger.keys import SigningKey
from sync.bundle import BundleInfo, OpenedBundle, Photo, open_bundle, write_bundle
from sync.folder import FileRecord
from sync.manifest import SIGNED_CONTEXT, Kind, Range, SealedManifest, SignedManifest
from sync.parts import PartInfo
from sync.seal import new_identity, recipient_of, seal
from sync.signers import SignerLookup, known_signers
from sync.verify import VerifiedBundle, verify
from values.clock import Entropy
from values.identifiers import BundleId, EntryHash, EntryId, OfficeId, UserId
from values.secret import Secret

AT = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)


def stream(seed: str) -> Entropy:
    """Reproducible bytes that never repeat."""
    count = 0

    def draw(length: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}/{count}".encode()).digest(length)

    return draw


def chain(
    length: int,
    *,
    office: OfficeId,
    key: SigningKey,
    epoch: bytes = b"epoch--1",
    first: int = 1,
    previous: EntryHash | None = None,
    padding: int = 0,
    office_type: OfficeType = OfficeType.STATION,
) -> list[Entry]:
    """Entries that follow one another, each about another invented person."""
    draw = stream(f"{office}/{epoch.hex()}/{first}")
    head = previous
    if first > 1 and head is None:
        head = EntryHash(hashlib.sha256(f"before {first}".encode()).digest())
    entries = []
    for sequence in range(first, first + length):
        entry = write(
            entry_id=EntryId(UUID(bytes=draw(16))),
            office=office,
            office_type=office_type,
            epoch=epoch,
            sequence=sequence,
            previous=head,
            device_time=AT,
            author=UserId(UUID(int=7)),
            certificate=CertificateHash(bytes(32)),
            kind="person.registered",
            subject=Subject("person", UUID(bytes=draw(16))),
            group=Group(UUID(bytes=draw(16)), 0, 1),
            values={"number": f"WST-A01-{sequence}", "values": {"notes": draw(padding).hex()}},
            key=key,
            entropy=draw,
        )
        head = entry.hash
        entries.append(entry)
    return entries


@dataclass(frozen=True)
class World:
    """One station, one registry, and what is needed to send something from here to there."""

    station: SigningKey
    office: OfficeId
    registry: Secret
    recovery: Secret
    recipients: tuple[str, ...]
    bundle: BundleId = field(default_factory=lambda: BundleId(UUID(int=1)))
    draw: Entropy = field(default_factory=lambda: stream("world"))

    @property
    def signers(self) -> SignerLookup:
        return known_signers([self.station.public])

    def chain(self, length: int = 5, **options: Any) -> list[Entry]:
        return chain(length, office=self.office, key=self.station, **options)

    def photos(self, count: int = 3, size: int = 900) -> list[Photo]:
        draw = stream(f"photos {count} {size}")
        return [Photo.of(draw(size)) for _ in range(count)]

    def write(
        self,
        parent: Path,
        entries: Iterable[Entry] = (),
        photos: Iterable[Photo] = (),
        **options: Any,
    ) -> BundleInfo:
        settings: dict[str, Any] = {
            "bundle": self.bundle,
            "office": self.office,
            "signer": self.station,
            "recipients": self.recipients,
            "now": AT,
            "entropy": self.draw,
            **options,
        }
        return write_bundle(parent, entries=entries, photos=photos, **settings)

    def verify(self, path: Path, *, expect: Kind = Kind.BUNDLE) -> VerifiedBundle:
        verified = verify(path, self.signers, expect=expect)
        assert isinstance(verified, VerifiedBundle), verified
        return verified

    def open(self, path: Path) -> OpenedBundle:
        opened = open_bundle(self.verify(path), [self.registry])
        assert isinstance(opened, OpenedBundle), opened
        return opened

    def forge(
        self,
        path: Path,
        plain: Sequence[bytes],
        sealed: SealedManifest | bytes,
        *,
        kind: Kind = Kind.BUNDLE,
        key: SigningKey | None = None,
        **changes: Any,
    ) -> Path:
        """A container with whatever inside, properly sealed and signed: a hostile station's."""
        path.mkdir(parents=True)
        key = key or self.station
        data = sealed if isinstance(sealed, bytes) else sealed.to_bytes()
        files = {"manifest.age": seal(data, self.recipients)}
        for index, part in enumerate(plain):
            files[f"{index:05d}.age"] = seal(part, self.recipients)
        for name, content in files.items():
            (path / name).write_bytes(content)
        records = [FileRecord.of(content) for content in files.values()]
        signed = SignedManifest(
            bundle=self.bundle,
            kind=kind,
            signer=key.public.kid,
            sealed=records[0],
            parts=tuple(records[1:]),
        )
        self.sign(path, replace(signed, **changes).to_bytes(), key)
        return path

    def sign(self, path: Path, payload: bytes, key: SigningKey | None = None) -> None:
        message = cose.sign1(payload, key or self.station, external_aad=SIGNED_CONTEXT)
        (path / "manifest.sig").write_bytes(message)

    def sealed(
        self, ranges: Sequence[Range] = (), parts: Sequence[PartInfo] = (), **changes: Any
    ) -> SealedManifest:
        manifest = SealedManifest(
            bundle=self.bundle,
            kind=Kind.BUNDLE,
            signer=self.station.public.kid,
            office=self.office,
            ranges=tuple(ranges),
            parts=tuple(parts),
            written_ms=1_794_650_400_000,
        )
        return replace(manifest, **changes)


@pytest.fixture(scope="session")
def world() -> World:
    registry, recovery = new_identity(), new_identity()
    return World(
        station=SigningKey.from_bytes(Secret(bytes(range(32)))),
        office=OfficeId(UUID(int=0xA01)),
        registry=registry,
        recovery=recovery,
        recipients=(recipient_of(registry), recipient_of(recovery)),
    )


@pytest.fixture
def other_key() -> SigningKey:
    return SigningKey.from_bytes(Secret(bytes(32)))
