"""Golden vectors: the exact bytes of version 1, and sealed folders that must always open.

The seal draws its own randomness, so sealed files cannot be made again byte for byte; everything
under the seal can, and a bundle and a notice sealed once are kept whole.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from ledger import cose
from ledger.entry import Entry
from ledger.keys import PublicKey
from sync.bundle import Kind, OpenedBundle, Photo, known_signers, open_bundle, verify
from sync.folder import FileRecord
from sync.inspect import inspect
from sync.manifest import SIGNED_CONTEXT, Range, SealedManifest, SignedManifest
from sync.notice import GroupOutcome, Notice, OpenedNotice, Origin, Receipt, open_notice
from sync.parts import (
    PartInfo,
    PartKind,
    decompress,
    entries_in,
    pack_entries,
    pack_photos,
    photos_in,
)
from sync.verify import VerifiedBundle
from values.identifiers import BundleId, OfficeId
from values.secret import Secret

VECTORS = Path(__file__).parents[1] / "vectors" / "sync"
WRITTEN_MS = 1_794_736_800_000


@pytest.fixture(scope="module")
def stored() -> dict[str, str]:
    values: dict[str, str] = json.loads((VECTORS / "vectors.json").read_text("utf-8"))
    return values


@pytest.fixture
def entries(world) -> list[Entry]:
    """Two epochs of one station; the last entry has lost its body."""
    second = world.chain(2, epoch=b"epoch--2")
    return [*world.chain(3, epoch=b"epoch--1", first=4), second[0], second[1].without_body()]


@pytest.fixture
def photos() -> list[Photo]:
    return [Photo.of(b"the first picture"), Photo.of(bytes(range(256)))]


@pytest.fixture
def notice(world, entries) -> Notice:
    last = entries[-1]
    return Notice(
        number=3,
        station=world.office,
        registry=OfficeId(UUID(int=0xCE)),
        written_ms=WRITTEN_MS,
        receipts=(Receipt(world.office, last.header.epoch, 2, last.hash),),
        outcomes=(
            GroupOutcome(UUID(int=11), "admitted"),
            GroupOutcome(UUID(int=12), "held", "gap", "Entries before this one are missing."),
        ),
        decisions=(entries[0],),
        entries=(last,),
        certificates=(b"a certificate",),
        trust_list=b"a trust list",
        policy={"expiry_days": 90},
    )


ORIGINS = {
    "notice, the first of all": Origin(b"begun--1"),
    "notice, of a restored registry": Origin(
        b"begun--3", (b"begun--1", b"begun--2"), bytes(range(32))
    ),
}
"""Key 12: where a notice comes from. The vector `notice` has none, as earlier programs wrote it."""


def signed_manifest(world) -> SignedManifest:
    return SignedManifest(
        bundle=world.bundle,
        kind=Kind.BUNDLE,
        signer=world.station.public.kid,
        sealed=FileRecord.of(b"sealed manifest"),
        parts=(FileRecord.of(b"part 0"), FileRecord.of(b"part 1")),
    )


def sealed_manifest(world, entries) -> SealedManifest:
    first, last = entries[:3], entries[3:]
    return SealedManifest(
        bundle=world.bundle,
        kind=Kind.BUNDLE,
        signer=world.station.public.kid,
        office=world.office,
        ranges=tuple(
            Range(
                run[0].header.epoch,
                run[0].header.sequence,
                run[-1].header.sequence,
                run[0].header.previous,
                run[-1].hash,
            )
            for run in (first, last)
        ),
        parts=(PartInfo(PartKind.ENTRIES, 5, 2_000), PartInfo(PartKind.PHOTOS, 2, 276)),
        written_ms=WRITTEN_MS,
    )


def built(world, entries, photos, notice) -> dict[str, str]:
    """Everything that is deterministic, under the names of ``vectors.json``."""
    (entry_part,) = pack_entries(entries)
    (photo_part,) = pack_photos(photos)
    payload = signed_manifest(world).to_bytes()
    message = cose.sign1(payload, world.station, external_aad=SIGNED_CONTEXT)
    return {
        "entries part": decompress(entry_part.plain, size=entry_part.info.size).hex(),
        "photos part": photo_part.plain.hex(),
        "signed manifest": payload.hex(),
        "manifest.sig": message.hex(),
        "sealed manifest": sealed_manifest(world, entries).to_bytes().hex(),
        "notice": notice.to_bytes().hex(),
        **{name: replace(notice, origin=one).to_bytes().hex() for name, one in ORIGINS.items()},
    }


@pytest.mark.parametrize(
    "name",
    [
        "entries part", "photos part", "signed manifest", "manifest.sig", "sealed manifest",
        "notice", *ORIGINS,
    ],
)  # fmt: skip
def test_exact_bytes(world, entries, photos, notice, stored, name):
    assert built(world, entries, photos, notice)[name] == stored[name]


def test_stored_values_are_read(world, entries, photos, notice, stored):
    data = bytes.fromhex(stored["entries part"])
    assert list(entries_in(PartInfo(PartKind.ENTRIES, 5, len(data)), data)) == entries
    data = bytes.fromhex(stored["photos part"])
    assert list(photos_in(PartInfo(PartKind.PHOTOS, 2, len(data)), data)) == photos
    signed = SignedManifest.from_bytes(bytes.fromhex(stored["signed manifest"]))
    assert signed == signed_manifest(world)
    sealed = SealedManifest.from_bytes(bytes.fromhex(stored["sealed manifest"]))
    assert sealed == sealed_manifest(world, entries)
    assert Notice.from_bytes(bytes.fromhex(stored["notice"])) == notice
    for name, origin in ORIGINS.items():
        assert Notice.from_bytes(bytes.fromhex(stored[name])) == replace(notice, origin=origin)


def test_the_stored_bundle_still_opens(world, entries, photos, stored):
    path = VECTORS / "bundle"
    assert inspect(path).whole
    key = PublicKey(bytes.fromhex(stored["station public key"]))
    verified = verify(path, known_signers([key]), expect=Kind.BUNDLE)
    assert isinstance(verified, VerifiedBundle)
    for who in ("registry identity", "recovery identity"):
        opened = open_bundle(verified, [Secret(stored[who].encode())])
        assert isinstance(opened, OpenedBundle)
        assert opened.bundle == BundleId(UUID(int=1))
        assert opened.office == world.office
        assert list(opened.entries()) == entries
        assert list(opened.photos()) == photos


def test_the_stored_notice_still_opens(notice, photos, stored):
    path = VECTORS / "notice"
    key = PublicKey(bytes.fromhex(stored["trust public key"]))
    verified = verify(path, known_signers([key]), expect=Kind.NOTICE)
    assert isinstance(verified, VerifiedBundle)
    opened = open_notice(verified, [Secret(stored["station identity"].encode())])
    assert isinstance(opened, OpenedNotice)
    assert opened.notice == notice
    assert list(opened.photos()) == photos
