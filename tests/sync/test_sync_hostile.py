"""Containers that are properly signed and sealed, and lie about what is inside."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from uuid import UUID

import pytest
import zstandard

from ledger import cose
from ledger.entry import to_wire
from sync import limits
from sync.bundle import BadOutcome, Flaw, Kind, Range, check_contents, open_bundle
from sync.folder import FileRecord
from sync.manifest import SignedManifest
from sync.notice import Notice, open_notice
from sync.parts import PartInfo, PartKind, compress, decompress
from sync.seal import new_identity, recipient_of, seal
from values import cbor
from values.identifiers import BundleId, EntryHash, OfficeId


def run_of(entries, **changes) -> Range:
    fields = {
        "epoch": entries[0].header.epoch,
        "first": entries[0].header.sequence,
        "last": entries[-1].header.sequence,
        "previous": entries[0].header.previous,
        "head": entries[-1].hash,
        **changes,
    }
    return Range(**fields)


def info(content: bytes, items: int, kind: PartKind = PartKind.ENTRIES) -> PartInfo:
    return PartInfo(kind, items, len(content))


def flaw_of(world, path) -> BadOutcome:
    """The outcome of opening, else of reading to the end."""
    opened = open_bundle(world.verify(path), [world.registry])
    outcome = opened if isinstance(opened, BadOutcome) else check_contents(opened)
    assert outcome is not None, "taken for good"
    assert outcome.sentence.endswith(".")
    return outcome


def forge_entries(world, path, entries, content=None, *, plain=None, items=None, **changes):
    """A bundle of ``entries`` whose one part holds ``content`` instead, if given."""
    content = b"".join(map(to_wire, entries)) if content is None else content
    part = info(content, len(entries) if items is None else items)
    sealed = replace(world.sealed([run_of(entries)], [part]), **changes)
    return world.forge(path, [compress(content) if plain is None else plain], sealed)


def test_the_forge_makes_good_bundles_too(world, tmp_path):
    entries = world.chain(3)
    path = forge_entries(world, tmp_path / "b", entries)
    assert list(world.open(path).entries()) == entries


@pytest.mark.parametrize(
    ("changes", "point"),
    [
        ({"bundle": BundleId(UUID(int=9))}, "bundle id"),
        ({"kind": Kind.NOTICE}, "kind"),
        ({"signer": bytes(8)}, "signing key"),
        ({"parts": ()}, "number of parts"),
        ({"receiver": OfficeId(UUID(int=9))}, "a bundle that is also a notice"),
        ({"number": 4}, "a bundle that is also a notice"),
        ({"ranges": ()}, "entries and ranges"),
    ],
)
def test_a_sealed_manifest_that_contradicts_its_signer(world, tmp_path, changes, point):
    path = forge_entries(world, tmp_path / "b", world.chain(2), **changes)
    outcome = flaw_of(world, path)
    assert outcome.code is Flaw.SEALED_DIFFERS
    assert outcome.detail == point


@pytest.mark.parametrize(
    "changes",
    [
        {"first": 2, "last": 3},
        {"epoch": b"another!"},
        {"head": EntryHash(bytes(32))},
        {"previous": EntryHash(bytes(32))},
    ],
)
def test_ranges_that_are_not_those_of_the_entries(world, tmp_path, changes):
    entries = world.chain(2)
    content = b"".join(map(to_wire, entries))
    sealed = world.sealed([run_of(entries, **changes)], [info(content, 2)])
    path = world.forge(tmp_path / "b", [compress(content)], sealed)
    assert flaw_of(world, path).code is Flaw.CONTENT_DIFFERS


def test_entries_of_another_office(world, tmp_path):
    path = forge_entries(world, tmp_path / "b", world.chain(2), office=OfficeId(UUID(int=5)))
    assert flaw_of(world, path).code is Flaw.CONTENT_DIFFERS


def test_entries_in_another_order(world, tmp_path):
    entries = world.chain(3)
    content = b"".join(map(to_wire, [entries[1], entries[0], entries[2]]))
    path = forge_entries(world, tmp_path / "b", entries, content)
    assert flaw_of(world, path).code is Flaw.CONTENT_DIFFERS


@pytest.mark.parametrize("keep", [1, 4])
def test_fewer_or_more_items_than_promised(world, tmp_path, keep):
    entries = world.chain(4)
    content = b"".join(map(to_wire, entries[:keep]))
    path = forge_entries(world, tmp_path / "b", entries[:2], content)
    assert flaw_of(world, path).code is Flaw.CONTENT_DIFFERS


@pytest.mark.parametrize("delta", [-1, 1])
def test_a_size_other_than_promised(world, tmp_path, delta):
    entries = world.chain(1)
    content = to_wire(entries[0])
    part = PartInfo(PartKind.ENTRIES, 1, len(content) + delta)
    sealed = world.sealed([run_of(entries)], [part])
    path = world.forge(tmp_path / "b", [compress(content)], sealed)
    assert flaw_of(world, path).code is Flaw.CONTENT_DIFFERS


@pytest.mark.parametrize(
    "item",
    [
        b"text",
        [b"", b"", b""],
        [b"", b""],
        ["a", b"", None],
        [b"", b"", 5],
        {0: b""},
        [[[[[[b""]]]]]],
        [0] * 100,
        None,
    ],
)
def test_items_that_are_no_entries(world, tmp_path, item):
    entries = world.chain(1)
    path = forge_entries(world, tmp_path / "b", entries, cbor.encode(item))
    assert flaw_of(world, path).code is Flaw.MALFORMED


def test_a_body_that_is_not_the_signed_one(world, tmp_path):
    entries = world.chain(2)
    content = cbor.encode(
        [entries[0].header_bytes, entries[0].signature, entries[1].body_bytes]
    ) + to_wire(entries[1])
    path = forge_entries(world, tmp_path / "b", entries, content)
    assert flaw_of(world, path).code is Flaw.MALFORMED


def test_an_entry_of_a_newer_format_says_to_update(world, tmp_path):
    entries = world.chain(1)
    header = cbor.encode({**cbor.decode(entries[0].header_bytes), 0: 2})
    content = cbor.encode([header, entries[0].signature, entries[0].body_bytes])
    outcome = flaw_of(world, forge_entries(world, tmp_path / "b", entries, content))
    assert outcome.code is Flaw.VERSION
    assert "Update" in outcome.sentence


@pytest.mark.parametrize(
    "content", [b"\xff", b"\x9f\x00\xff", b"\x83\x40\x40", b"\x5b" + b"\xff" * 8, b"\x81" * 9000]
)
def test_content_that_is_no_cbor_sequence(world, tmp_path, content):
    path = forge_entries(world, tmp_path / "b", world.chain(1), content)
    assert flaw_of(world, path).code is Flaw.MALFORMED


def test_a_zstd_bomb_is_not_unpacked(world, tmp_path):
    """One gibibyte of zeros in 33 kB, and a manifest that says it is small.

    Sync 3 (h): content that unpacks without end, or nests without end.
    """
    bomb = _bomb(1024 * limits.MIB)
    path = forge_entries(world, tmp_path / "b", world.chain(1), b"x" * 100, plain=bomb)
    tracemalloc.start()
    outcome = flaw_of(world, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.code is Flaw.CONTENT_DIFFERS
    assert peak < 16 * limits.MIB


def _bomb(size: int) -> bytes:
    compressor = zstandard.ZstdCompressor(level=1).compressobj(size=size)
    piece = bytes(limits.MIB)
    data = b"".join(compressor.compress(piece) for _ in range(size // len(piece)))
    return data + compressor.flush()


def test_a_zstd_bomb_that_hides_its_size(world, tmp_path):
    frame = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(1000))
    path = forge_entries(world, tmp_path / "b", world.chain(1), bytes(1000), plain=frame)
    assert flaw_of(world, path).code is Flaw.CONTENT_DIFFERS


def test_a_frame_that_understates_its_content():
    """The content size field says 100; the blocks hold 1000."""
    frame = bytearray(zstandard.ZstdCompressor().compress(bytes(range(200)) * 5))
    # Frame_Content_Size: RFC 8878, 3.1.1.1.4; two bytes here, stored minus 256.
    assert zstandard.get_frame_parameters(bytes(frame)).content_size == 1000
    frame[5:7] = (300 - 256).to_bytes(2, "little")
    assert zstandard.get_frame_parameters(bytes(frame)).content_size == 300
    with pytest.raises(Exception, match="does not fit") as caught:
        decompress(bytes(frame), size=300)
    assert caught.value.outcome.code is Flaw.MALFORMED


def test_a_promised_size_over_the_limit(world, tmp_path):
    part = PartInfo(PartKind.ENTRIES, 1, limits.MAX_UNPACKED_BYTES + 1)
    sealed = world.sealed([run_of(world.chain(1))], [part])
    assert flaw_of(world, world.forge(tmp_path / "b", [b""], sealed)).code is Flaw.LIMIT


def test_more_items_promised_than_the_limit(world, tmp_path):
    part = PartInfo(PartKind.PHOTOS, limits.MAX_ITEMS_PER_PART + 1, 1)
    path = world.forge(tmp_path / "b", [b""], world.sealed([], [part]))
    assert flaw_of(world, path).code is Flaw.LIMIT


@pytest.mark.parametrize("tail", [b"\x00", None, compress(b"more")])
def test_exactly_one_frame(world, tmp_path, tail):
    entries = world.chain(1)
    frame = compress(to_wire(entries[0]))
    plain = frame[:-1] if tail is None else frame + tail
    path = forge_entries(world, tmp_path / "b", entries, plain=plain)
    assert flaw_of(world, path).code is Flaw.MALFORMED


def test_a_huge_window_is_refused():
    # Frame header (RFC 8878, 3.1.1.1): 4-byte content size, no single segment; window 2 GiB.
    frame = b"\x28\xb5\x2f\xfd" + bytes([0b1000_0000, 21 << 3]) + (100).to_bytes(4, "little")
    assert zstandard.get_frame_parameters(frame).window_size == 1 << 31
    with pytest.raises(Exception, match="does not fit") as caught:
        decompress(frame + b"\x23\x03\x00\x00", size=100)
    assert caught.value.outcome.code is Flaw.LIMIT


@pytest.mark.parametrize("item", ["text", [b"photo"], 5])
def test_items_that_are_no_photos(world, tmp_path, item):
    content = cbor.encode(item)
    sealed = world.sealed([], [info(content, 1, PartKind.PHOTOS)])
    path = world.forge(tmp_path / "b", [content], sealed)
    assert flaw_of(world, path).code is Flaw.MALFORMED


def test_a_photo_over_the_limit(world, tmp_path):
    content = cbor.encode(bytes(limits.MAX_PHOTO_BYTES + 1))
    sealed = world.sealed([], [info(content, 1, PartKind.PHOTOS)])
    assert flaw_of(world, world.forge(tmp_path / "b", [content], sealed)).code is Flaw.LIMIT


def test_a_part_sealed_for_somebody_else(world, tmp_path):
    entries = world.chain(1)
    content = to_wire(entries[0])
    path = forge_entries(world, tmp_path / "b", entries)
    other = seal(compress(content), [recipient_of(new_identity())])
    (path / "00000.age").write_bytes(other)
    signed = SignedManifest.from_bytes(cose.parse1((path / "manifest.sig").read_bytes()).payload)
    world.sign(path, replace(signed, parts=(FileRecord.of(other),)).to_bytes())
    assert flaw_of(world, path).code is Flaw.NOT_FOR_THIS_KEY


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (0, 2, Flaw.VERSION),
        (0, None, Flaw.MALFORMED),
        (4, b"", Flaw.MALFORMED),
        (5, [[bytes(8), 3, 2, None, bytes(32)]], Flaw.MALFORMED),
        (5, [[bytes(8), 0, 2, None, bytes(32)]], Flaw.MALFORMED),
        (5, [[bytes(7), 1, 2, None, bytes(32)]], Flaw.MALFORMED),
        (5, [[bytes(8), 1, 2, None, bytes(31)]], Flaw.MALFORMED),
        (5, [[bytes(8), 1, 2, None]], Flaw.MALFORMED),
        (5, [[bytes(8), 1, 1, None, bytes(32)]] * 1001, Flaw.LIMIT),
        (6, [["entries", 0, 5]], Flaw.MALFORMED),
        (6, [["entries", 1, 0]], Flaw.MALFORMED),
        (6, [["songs", 1, 5]], Flaw.VERSION),
        (6, [[5, 1, 5]], Flaw.MALFORMED),
        (7, [9, 9], Flaw.MALFORMED),
        (7, None, Flaw.MALFORMED),
        (8, -1, Flaw.MALFORMED),
        (9, b"short", Flaw.MALFORMED),
        (10, 0, Flaw.MALFORMED),
        (10, "1", Flaw.MALFORMED),
    ],
)
def test_sealed_manifests_of_the_wrong_shape(world, tmp_path, field, value, code):
    entries = world.chain(1)
    content = to_wire(entries[0])
    payload = cbor.decode(world.sealed([run_of(entries)], [info(content, 1)]).to_bytes())
    data = cbor.encode({**payload, field: value})
    path = world.forge(tmp_path / "b", [compress(content)], data)
    assert flaw_of(world, path).code is code


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x80", b"\xa1\x00", b"\xa2\x00\x01\x00\x01"])
def test_sealed_manifests_that_are_no_map(world, tmp_path, data):
    assert flaw_of(world, world.forge(tmp_path / "b", [], data)).code is Flaw.MALFORMED


def test_a_sealed_manifest_over_the_limit(world, tmp_path):
    data = cbor.encode({0: 1, 99: bytes(limits.MAX_SEALED_BYTES)})
    assert flaw_of(world, world.forge(tmp_path / "b", [], data)).code is Flaw.LIMIT


NOTICE = Notice(
    number=4, station=OfficeId(UUID(int=1)), registry=OfficeId(UUID(int=2)), written_ms=5
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"number": 5}, Flaw.SEALED_DIFFERS),
        ({"receiver": OfficeId(UUID(int=9))}, Flaw.SEALED_DIFFERS),
        ({"office": OfficeId(UUID(int=9))}, Flaw.SEALED_DIFFERS),
        ({"number": None}, Flaw.SEALED_DIFFERS),
        ({"receiver": None}, Flaw.SEALED_DIFFERS),
        ({"ranges": (Range(bytes(8), 1, 1, None, EntryHash(bytes(32))),)}, Flaw.SEALED_DIFFERS),
        ({"parts": (PartInfo(PartKind.PHOTOS, 1, 5),)}, Flaw.SEALED_DIFFERS),
        ({"parts": (PartInfo(PartKind.NOTICE, 1, 5),)}, Flaw.CONTENT_DIFFERS),
    ],
)
def test_notices_that_contradict_themselves(world, tmp_path, changes, code):
    data = NOTICE.to_bytes()
    fields = {
        "kind": Kind.NOTICE,
        "office": NOTICE.registry,
        "receiver": NOTICE.station,
        "number": NOTICE.number,
        **changes,
    }
    parts = fields.pop("parts", (info(data, 1, PartKind.NOTICE),))
    ranges = fields.pop("ranges", ())
    sealed = world.sealed(ranges, parts, **fields)
    path = world.forge(tmp_path / "n", [compress(data)], sealed, kind=Kind.NOTICE)
    outcome = open_notice(world.verify(path, expect=Kind.NOTICE), [world.registry])
    assert (outcome.code if isinstance(outcome, BadOutcome) else None) is code


def test_a_notice_larger_than_memory_is_not_put_together(world, tmp_path):
    parts = [PartInfo(PartKind.NOTICE, 1, limits.MAX_UNPACKED_BYTES)] * 2
    sealed = world.sealed(
        [], parts, kind=Kind.NOTICE, receiver=NOTICE.station, number=4, office=NOTICE.registry
    )
    path = world.forge(tmp_path / "n", [b"", b""], sealed, kind=Kind.NOTICE)
    outcome = open_notice(world.verify(path, expect=Kind.NOTICE), [world.registry])
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.LIMIT
