"""Laws: manifests and bundles come back as they went, and nothing unknown is lost."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.bundle import check_contents
from sync.errors import FormatError, SealError
from sync.folder import FileRecord, part_name
from sync.limits import MAX_PARTS
from sync.manifest import Kind, Range, SealedManifest, SignedManifest, disagreement
from sync.parts import PartInfo, PartKind
from sync.seal import check_recipient, new_identity, recipient_of, seal, unseal
from values import cbor
from values.identifiers import BundleId, EntryHash, OfficeId
from values.secret import Secret

digests = st.binary(min_size=32, max_size=32)
records = st.builds(FileRecord, sha256=digests, size=st.integers(0, 16 * 1024 * 1024))
extras = st.dictionaries(
    st.integers(50, 99) | st.text(max_size=5), st.none() | st.integers(0, 9) | st.text(max_size=5)
)
signed_manifests = st.builds(
    SignedManifest,
    bundle=st.uuids().map(BundleId),
    kind=st.sampled_from(Kind),
    signer=st.binary(min_size=8, max_size=8),
    sealed=records,
    parts=st.lists(records, max_size=5).map(tuple),
    certificates=st.lists(st.binary(max_size=9), max_size=8).map(tuple),
    extra=extras,
)
ranges = st.builds(
    lambda epoch, first, more, previous, head: Range(epoch, first, first + more, previous, head),
    epoch=st.binary(min_size=8, max_size=8),
    first=st.integers(1, 2**40),
    more=st.integers(0, 2**40),
    previous=st.none() | digests.map(EntryHash),
    head=digests.map(EntryHash),
)
infos = st.builds(
    PartInfo,
    kind=st.sampled_from(PartKind),
    items=st.integers(1, 250_000),
    size=st.integers(1, 64 * 1024 * 1024),
)
sealed_manifests = st.builds(
    SealedManifest,
    bundle=st.uuids().map(BundleId),
    kind=st.sampled_from(Kind),
    signer=st.binary(min_size=8, max_size=8),
    office=st.uuids().map(OfficeId),
    ranges=st.lists(ranges, max_size=3).map(tuple),
    parts=st.lists(infos, max_size=5).map(tuple),
    written_ms=st.integers(0, 2**48),
    receiver=st.none() | st.uuids().map(OfficeId),
    number=st.none() | st.integers(1, 2**32),
    extra=extras,
)


@given(signed_manifests)
@settings(max_examples=80, deadline=None)
def test_signed_manifests(made: SignedManifest):
    again = SignedManifest.from_bytes(made.to_bytes())
    assert again == made
    assert again.to_bytes() == made.to_bytes()


@given(sealed_manifests)
@settings(max_examples=80, deadline=None)
def test_sealed_manifests(made: SealedManifest):
    again = SealedManifest.from_bytes(made.to_bytes())
    assert again == made
    assert again.to_bytes() == made.to_bytes()


@given(signed_manifests, sealed_manifests)
@settings(max_examples=60, deadline=None)
def test_strangers_disagree(signed: SignedManifest, sealed: SealedManifest):
    assert disagreement(signed, sealed) is not None


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_value_or_a_format_error(data: bytes):
    for kind in (SignedManifest, SealedManifest):
        with pytest.raises(FormatError):
            kind.from_bytes(data)


@given(st.dictionaries(st.integers(0, 12), st.none() | st.integers() | st.binary(max_size=40)))
@settings(max_examples=100, deadline=None)
def test_any_map_is_a_value_or_a_format_error(values: dict[int, object]):
    in_range = {k: v for k, v in values.items() if not isinstance(v, int) or abs(v) < 2**64}
    data = cbor.encode({**in_range, 0: 1})
    for kind in (SignedManifest, SealedManifest):
        with pytest.raises(FormatError):
            kind.from_bytes(data)


@given(
    lengths=st.lists(st.integers(1, 6), max_size=3),
    photos=st.lists(st.binary(max_size=300), max_size=6),
    padding=st.integers(0, 400),
)
@settings(max_examples=30, deadline=None)
def test_any_bundle_is_read_as_written(world, lengths, photos, padding):
    entries = []
    for index, length in enumerate(lengths):
        epoch = index.to_bytes(8, "big")
        entries += world.chain(length, epoch=epoch, first=1 + index * 7, padding=padding)
    pictures = [type(world.photos(1)[0]).of(data) for data in photos]
    with TemporaryDirectory() as parent:
        info = world.write(Path(parent), entries, pictures)
        opened = world.open(info.path)
        assert list(opened.entries()) == entries
        assert list(opened.photos()) == pictures
        assert check_contents(opened) is None
    assert len(info.ranges) == len(lengths)
    assert sum(run.count for run in info.ranges) == info.entries == len(entries)


@given(st.binary(max_size=1000))
@settings(max_examples=50, deadline=None)
def test_seals_open_for_every_recipient_and_nobody_else(data: bytes):
    one, two, stranger = new_identity(), new_identity(), new_identity()
    sealed = seal(data, [recipient_of(one), recipient_of(two), recipient_of(one)])
    assert unseal(sealed, [one]) == data
    assert unseal(sealed, [stranger, two]) == data
    with pytest.raises(SealError) as caught:
        unseal(sealed, [stranger])
    assert caught.value.code == "not_for_this_key"


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_bytes_are_a_seal_by_chance(data: bytes):
    for prefix in (b"", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n-> X25519 "):
        with pytest.raises(SealError):
            unseal(prefix + data, [IDENTITY])


IDENTITY = new_identity()


@pytest.mark.parametrize("text", [b"", b"AGE-SECRET-KEY-1QQQ", b"\xff\xfe", b"age1x"])
def test_a_damaged_identity_is_not_quoted(text: bytes):
    with pytest.raises(SealError) as caught:
        recipient_of(Secret(text))
    assert caught.value.code == "identity"
    assert caught.value.__cause__ is None
    assert "QQQ" not in str(caught.value) + caught.value.detail


def test_identities_are_age_identities():
    identity = new_identity()
    assert identity.reveal().startswith(b"AGE-SECRET-KEY-1")
    assert recipient_of(identity).startswith("age1")
    check_recipient(recipient_of(identity))
    assert repr(identity) == "***"


def test_part_names_are_integers():
    assert part_name(0) == "00000.age"
    assert part_name(MAX_PARTS - 1) == "19999.age"
    for index in (-1, MAX_PARTS):
        with pytest.raises(ValueError, match="out of range"):
            part_name(index)
