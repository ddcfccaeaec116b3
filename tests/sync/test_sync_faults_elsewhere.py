"""Faults that were found in packets and outboxes of other systems, each shown not to be ours."""

from __future__ import annotations

import inspect as signatures
from pathlib import Path

import pytest

from sync import reading, seal
from sync.bundle import BadOutcome, Kind, open_bundle, verify
from sync.errors import ContentsError, Flaw
from sync.folder import SEALED_NAME, SIGNED_NAME
from sync.gather import look_for
from sync.inspect import inspect
from values import cbor


@pytest.fixture
def folder(world, tmp_path) -> Path:
    return world.write(tmp_path, world.chain(4), world.photos(3)).path


def outcome(world, folder: Path) -> BadOutcome:
    found = verify(folder, world.signers, expect=Kind.BUNDLE)
    assert isinstance(found, BadOutcome)
    return found


@pytest.mark.parametrize("name", [SEALED_NAME, "00000.age", "00001.age"])
def test_a_missing_file_fails(world, folder, name):
    """MOSIP (a): a validator that strikes every name from the list, found or not."""
    (folder / name).unlink()
    found = outcome(world, folder)
    assert (found.code, found.files) == (Flaw.MISSING, (name,))
    assert inspect(folder).missing == (name,)


def test_no_list_of_hashes_is_no_pass(world, folder):
    """MOSIP (b): without the file of hashes, every file counted as good."""
    (folder / SIGNED_NAME).unlink()
    assert outcome(world, folder).code is Flaw.UNFINISHED
    assert not inspect(folder).whole


def test_a_file_that_no_hash_names_is_not_read(world, folder):
    """MOSIP (b), the other way round: what the list does not name is not part of the bundle."""
    (folder / "00002.age").write_bytes((folder / "00001.age").read_bytes())
    opened = world.open(folder)
    assert len(list(opened.photos())) == 3
    assert inspect(folder).unexpected == ("00002.age",)


def test_bytes_moved_between_files_are_noticed(world, folder):
    """MOSIP (c): one hash over all files joined, without lengths, holds wherever they are cut."""
    first, second = (folder / name for name in ("00000.age", "00001.age"))
    joined = first.read_bytes() + second.read_bytes()
    cut = first.stat().st_size - 1
    first.write_bytes(joined[:cut])
    second.write_bytes(joined[cut:])
    found = outcome(world, folder)
    assert (found.code, found.files) == (Flaw.ALTERED, ("00000.age", "00001.age"))


@pytest.mark.parametrize("data", [b"", b"{", b"\xff" * 40, cbor.encode({0: 1})])
def test_what_cannot_be_parsed_is_not_valid(world, folder, data):
    """MOSIP (d): an error while parsing was recorded, and the packet then called valid."""
    (folder / SIGNED_NAME).write_bytes(data)
    assert outcome(world, folder).code is Flaw.MALFORMED
    assert not inspect(folder).whole


@pytest.mark.parametrize("version", [0, 2, 99])
def test_no_version_escapes_the_checks(world, folder, version):
    """MOSIP (e): a packet that declares an old version had its signature left unchecked."""
    signed = verify(folder, world.signers, expect=Kind.BUNDLE)
    assert not isinstance(signed, BadOutcome)
    fields = cbor.decode(signed.signed.to_bytes())
    world.sign(folder, cbor.encode({**fields, 0: version}))
    assert outcome(world, folder).code in {Flaw.VERSION, Flaw.MALFORMED}


def test_nothing_switches_a_check_off():
    """MOSIP (f): a setting, on by default, that turned the validation of trust off."""
    for function in (verify, open_bundle, look_for):
        for parameter in signatures.signature(function).parameters.values():
            assert parameter.annotation not in ("bool", bool), parameter


def test_the_signature_is_checked_before_anything_is_opened(world, folder, monkeypatch):
    """MOSIP (g): a signature that is verified only after decrypting."""

    def never(*_: object) -> bytes:
        raise AssertionError("opened before it was trusted")

    monkeypatch.setattr(seal, "unseal", never)
    monkeypatch.setattr(reading, "unseal", never)
    data = bytearray((folder / SIGNED_NAME).read_bytes())
    data[-1] ^= 1
    (folder / SIGNED_NAME).write_bytes(data)
    assert outcome(world, folder).code is Flaw.BAD_SIGNATURE
    with pytest.raises(AssertionError):
        world.open(world.write(folder.parent, world.chain(1)).path)


def test_a_part_changed_after_it_was_checked_is_noticed(world, folder):
    """Checked once, read later: a stick can be written to in between."""
    opened = world.open(folder)
    data = bytearray((folder / "00001.age").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "00001.age").write_bytes(data)
    with pytest.raises(ContentsError) as caught:
        list(opened.photos())
    assert caught.value.outcome.code is Flaw.ALTERED


def test_one_wrong_signature_among_many_is_told(world, tmp_path):
    """Each entry stands on its own signature, whoever signed the bundle."""
    from dataclasses import replace

    entries = world.chain(5)
    entries[2] = replace(entries[2], signature=bytes(64))
    opened = world.open(world.write(tmp_path, entries).path)
    certificate = entries[0].header.certificate
    public = world.station.public
    told = [signed for _, _, signed in opened.checked({certificate: public})]
    assert told == [True, True, False, True, True]
    assert [signed for _, _, signed in opened.checked({})] == [None] * 5


def test_processes_tell_the_same_as_none(world, tmp_path, monkeypatch):
    """On two cores: the same entries, in order, and the same verdict on damage."""
    from sync import limits, workers

    monkeypatch.setattr(limits, "PART_PLAIN_BYTES", 2 * 1024)
    entries = world.chain(30, padding=200)
    path = world.write(tmp_path, entries).path
    opened = world.open(path)
    keys = {entries[0].header.certificate: world.station.public}
    if workers.CORES > 1:
        assert opened.manifest.parts[workers.ALONE + 2]
    told = [(one, signed) for one, _, signed in opened.checked(keys)]
    assert told == [(one, True) for one in entries]
    assert [one.header for one in opened.entries()] == [one.header for one in entries]
    (path / "00003.age").write_bytes(b"other")
    with pytest.raises(ContentsError):
        list(opened.entries())


def test_a_small_bundle_never_starts_a_process(world, tmp_path, monkeypatch):
    """However often it is read: an import reads it twice."""
    from sync import workers

    monkeypatch.setattr(workers, "_processes", None)
    opened = world.open(world.write(tmp_path, world.chain(5)).path)
    for _ in range(3):
        assert len(list(opened.entries())) == 5
