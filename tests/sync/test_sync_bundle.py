"""Writing a bundle and reading it back."""

from __future__ import annotations

import pytest

from ledger.keys import SigningKey
from sync.bundle import (
    BadOutcome,
    Flaw,
    Kind,
    OpenedBundle,
    Photo,
    Progress,
    Stage,
    check_contents,
    known_signers,
    open_bundle,
    verify,
)
from sync.errors import CancelledError, NotPackableError, SealError
from sync.limits import PART_PLAIN_BYTES
from sync.notice import open_notice
from sync.parts import PartKind
from sync.seal import new_identity
from values.identifiers import OfficeId, PhotoHash


def test_what_was_written_is_read(world, tmp_path):
    entries, photos = world.chain(5), world.photos(3)
    info = world.write(tmp_path, entries, photos)
    found = world.open(info.path)
    assert list(found.entries()) == entries
    assert list(found.photos()) == photos
    assert check_contents(found) is None
    assert (info.entries, info.photos, info.parts) == (5, 3, 2)
    assert info.size == sum(file.stat().st_size for file in info.path.iterdir())
    assert found.office == world.office
    assert found.bundle == world.bundle
    assert found.signer == world.station.public
    (run,) = info.ranges
    assert (run.first, run.last, run.previous, run.head) == (1, 5, None, entries[-1].hash)


def test_both_the_registry_and_the_recovery_key_open_it(world, tmp_path):
    info = world.write(tmp_path, world.chain(1))
    for identity in (world.registry, world.recovery):
        found = open_bundle(world.verify(info.path), [identity])
        assert isinstance(found, OpenedBundle)
        assert len(list(found.entries())) == 1


def test_names_say_nothing_and_files_are_only_those_of_the_format(world, tmp_path):
    info = world.write(tmp_path, world.chain(2), world.photos(1))
    assert len(info.path.name) == 16
    assert int(info.path.name, 16) >= 0
    assert sorted(file.name for file in info.path.iterdir()) == [
        "00000.age",
        "00001.age",
        "manifest.age",
        "manifest.sig",
    ]


def test_nothing_readable_lies_in_the_folder(world, tmp_path):
    entries = world.chain(3)
    info = world.write(tmp_path, entries)
    everything = b"".join(file.read_bytes() for file in info.path.iterdir())
    assert b"person" not in everything
    assert world.office.bytes not in everything
    assert entries[0].header.epoch not in everything


def test_an_export_may_span_epochs_and_gaps(world, tmp_path):
    before = world.chain(3, epoch=b"epoch--1", first=4)
    after = world.chain(2, epoch=b"epoch--2")
    late = world.chain(1, epoch=b"epoch--2", first=9)
    info = world.write(tmp_path, before + after + late)
    assert [(r.epoch, r.first, r.last) for r in info.ranges] == [
        (b"epoch--1", 4, 6),
        (b"epoch--2", 1, 2),
        (b"epoch--2", 9, 9),
    ]
    assert info.ranges[0].previous == before[0].header.previous
    assert list(world.open(info.path).entries()) == before + after + late


def test_an_erased_body_travels_as_null(world, tmp_path):
    entries = [entry.without_body() for entry in world.chain(2)]
    info = world.write(tmp_path, entries)
    assert [entry.body_bytes for entry in world.open(info.path).entries()] == [None, None]


def test_an_empty_bundle_is_still_a_bundle(world, tmp_path):
    info = world.write(tmp_path, [])
    found = world.open(info.path)
    assert list(found.entries()) == []
    assert found.manifest.ranges == ()


def test_parts_are_cut_before_eight_mebibytes(world, tmp_path):
    """Sync 3 (d): FAT32 holds no file above 4 GiB."""
    photos = world.photos(20, size=900_000)
    info = world.write(tmp_path, world.chain(2), iter(photos))
    found = world.open(info.path)
    sizes = [part.size for part in found.manifest.parts if part.kind is PartKind.PHOTOS]
    assert len(sizes) == 3
    assert max(sizes) <= PART_PLAIN_BYTES
    assert list(found.photos()) == photos


def test_entries_and_photos_may_be_read_in_any_order_and_twice(world, tmp_path):
    entries, photos = world.chain(2), world.photos(2)
    found = world.open(world.write(tmp_path, entries, photos).path)
    assert list(found.photos()) == photos
    assert list(found.entries()) == entries
    assert list(found.entries()) == entries


def test_progress_counts_up_and_ends_with_everything_read_back(world, tmp_path):
    seen: list[Progress] = []
    info = world.write(tmp_path, world.chain(4), world.photos(2), progress=seen.append)
    assert {step.stage for step in seen} == {Stage.WRITING, Stage.CHECKING}
    last = seen[-1]
    assert (last.entries, last.photos, last.parts) == (4, 2, 2)
    checked = [step for step in seen if step.stage is Stage.CHECKING]
    assert all(0 < step.size <= step.total <= info.size for step in checked)


@pytest.mark.parametrize("after", [0, 1, 3, 5, 7])
def test_cancelling_leaves_nothing(world, tmp_path, after):
    calls = 0

    def cancelled() -> bool:
        nonlocal calls
        calls += 1
        return calls > after

    with pytest.raises(CancelledError) as caught:
        world.write(tmp_path, world.chain(3), world.photos(2), cancelled=cancelled)
    assert caught.value.code == "cancelled"
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_breaks_leaves_nothing_and_its_error_passes(world, tmp_path):
    def broken():
        yield from world.chain(2)
        raise LookupError("the store closed")

    with pytest.raises(LookupError):
        world.write(tmp_path, broken())
    assert list(tmp_path.iterdir()) == []


def test_entries_of_another_office_are_not_exported(world, tmp_path):
    with pytest.raises(NotPackableError) as caught:
        world.write(tmp_path, world.chain(2), office=OfficeId(world.bundle))
    assert caught.value.code == "contents"
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_entry_is_found_before_it_leaves(world, tmp_path):
    entry = world.chain(1)[0]
    object.__setattr__(entry, "body_bytes", entry.body_bytes + b"\x00")
    with pytest.raises(NotPackableError, match="damaged"):
        world.write(tmp_path, [entry])


def test_a_damaged_photo_is_found_before_it_leaves(world, tmp_path):
    with pytest.raises(NotPackableError, match="damaged"):
        world.write(tmp_path, [], [Photo(PhotoHash(bytes(32)), b"not that photo")])
    assert list(tmp_path.iterdir()) == []


def test_a_photo_too_large_to_read_is_not_written(world, tmp_path):
    with pytest.raises(NotPackableError, match="too large"):
        world.write(tmp_path, [], world.photos(1, size=1_048_577))


@pytest.mark.parametrize("recipients", [(), ("age1nonsense",), ("",)])
def test_bad_recipients_are_refused_before_anything_is_written(world, tmp_path, recipients):
    with pytest.raises(SealError) as caught:
        world.write(tmp_path, world.chain(1), recipients=recipients)
    assert caught.value.code == "recipient"
    assert list(tmp_path.iterdir()) == []


def test_a_stranger_cannot_open_it(world, tmp_path):
    info = world.write(tmp_path, world.chain(1))
    verified = world.verify(info.path)
    outcome = open_bundle(verified, [new_identity()])
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.NOT_FOR_THIS_KEY
    assert "AGE-SECRET" not in repr(outcome)
    assert open_bundle(verified, []).code is Flaw.NOT_FOR_THIS_KEY


def test_an_unknown_signer_is_named_by_key_id_only(world, tmp_path, other_key: SigningKey):
    info = world.write(tmp_path, world.chain(1))
    outcome = verify(info.path, known_signers([other_key.public]), expect=Kind.BUNDLE)
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.UNKNOWN_SIGNER
    assert world.station.public.kid.hex() in outcome.detail


def test_a_key_that_the_lookup_mixes_up_is_not_taken(world, tmp_path, other_key: SigningKey):
    info = world.write(tmp_path, world.chain(1))
    outcome = verify(info.path, lambda _: other_key.public, expect=Kind.BUNDLE)
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.UNKNOWN_SIGNER


def test_a_bundle_is_no_notice(world, tmp_path):
    info = world.write(tmp_path, world.chain(1))
    outcome = verify(info.path, world.signers, expect=Kind.NOTICE)
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.WRONG_KIND
    assert open_notice(world.verify(info.path), [world.registry]).code is Flaw.WRONG_KIND


def test_secrets_are_not_shown(world, tmp_path):
    found = world.open(world.write(tmp_path, world.chain(1)).path)
    assert "AGE-SECRET" not in repr(found)
    assert "***" not in repr(found)


def test_a_part_changed_after_verifying_is_noticed(world, tmp_path):
    info = world.write(tmp_path, world.chain(3))
    found = world.open(info.path)
    part = info.path / "00000.age"
    data = part.read_bytes()
    part.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    outcome = check_contents(found)
    assert outcome is not None
    assert outcome.code is Flaw.ALTERED
    assert outcome.files == ("00000.age",)
    part.unlink()
    assert check_contents(found).code is Flaw.MISSING
    (info.path / "manifest.age").unlink()
    assert open_bundle(found.unsealed.verified, [world.registry]).code is Flaw.MISSING
