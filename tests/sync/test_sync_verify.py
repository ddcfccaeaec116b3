"""What is found before anything is decrypted, with and without keys."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from ledger import cose
from sync.bundle import BadOutcome, Flaw, Kind, check_contents, verify
from sync.folder import Drive, FileRecord
from sync.inspect import inspect
from sync.limits import MAX_PARTS, MAX_SIGNED_BYTES
from sync.manifest import SIGNED_CONTEXT, SignedManifest
from values import cbor
from values.identifiers import BundleId


@pytest.fixture
def folder(world, tmp_path: Path) -> Path:
    return world.write(tmp_path, world.chain(3), world.photos(2)).path


def outcome_of(world, path: Path, **options: object) -> BadOutcome:
    outcome = verify(path, world.signers, expect=Kind.BUNDLE, **options)
    assert isinstance(outcome, BadOutcome), outcome
    assert outcome.sentence.endswith(".")
    found = inspect(path)
    if outcome.code not in (Flaw.BAD_SIGNATURE, Flaw.UNKNOWN_SIGNER, Flaw.WRONG_KIND):
        assert not found.whole
        assert found.problem is not None
    return outcome


def signed_in(path: Path) -> SignedManifest:
    return SignedManifest.from_bytes(cose.parse1((path / "manifest.sig").read_bytes()).payload)


def test_an_intact_folder_is_whole(world, folder):
    found = inspect(folder)
    assert found.whole
    assert found.signed_by == world.station.public.kid.hex()
    assert (found.kind, found.bundle, found.parts) == (Kind.BUNDLE, world.bundle, 2)
    assert found.missing == found.altered == found.unexpected == ()
    assert found.problem is None
    assert not found.unfinished
    assert world.verify(folder).size == found.size


def test_missing_parts_are_named(world, folder):
    (folder / "00001.age").unlink()
    (folder / "manifest.age").unlink()
    outcome = outcome_of(world, folder)
    assert outcome.code is Flaw.MISSING
    assert outcome.files == ("manifest.age", "00001.age")
    assert "00001.age" in outcome.sentence
    assert inspect(folder).missing == ("manifest.age", "00001.age")


def test_many_missing_parts_are_counted_in_the_sentence(world, tmp_path):
    path = world.forge(tmp_path / "many", [b"x"] * 9, world.sealed())
    for index in range(9):
        (path / f"{index:05d}.age").unlink()
    outcome = outcome_of(world, path)
    assert len(outcome.files) == 9
    assert "9 files are missing: 00000.age to 00008.age." in outcome.sentence


@pytest.mark.parametrize("change", ["flip", "shorter", "longer", "empty"])
def test_altered_files_are_named(world, folder, change):
    part = folder / "00000.age"
    data = part.read_bytes()
    changed = {
        "flip": bytes([data[0] ^ 1]) + data[1:],
        "shorter": data[:-1],
        "longer": data + b"\x00",
        "empty": b"",
    }[change]
    part.write_bytes(changed)
    outcome = outcome_of(world, folder)
    assert outcome.code is Flaw.ALTERED
    assert outcome.files == ("00000.age",)
    assert inspect(folder).altered == ("00000.age",)


def test_parts_swapped_are_altered(world, folder):
    first, second = folder / "00000.age", folder / "00001.age"
    a, b = first.read_bytes(), second.read_bytes()
    first.write_bytes(b)
    second.write_bytes(a)
    assert outcome_of(world, folder).files == ("00000.age", "00001.age")


def test_other_files_are_shown_and_ignored(world, folder):
    for name in (".DS_Store", "00002.age", "..\\evil", "Thumbs.db"):
        (folder / name).write_bytes(b"whatever")
    (folder / "System Volume Information").mkdir()
    (folder / "00000.age.partial").write_bytes(b"left over")
    found = inspect(folder)
    assert found.whole
    assert set(found.unexpected) == {
        ".DS_Store",
        "00002.age",
        "..\\evil",
        "Thumbs.db",
        "System Volume Information",
    }
    assert check_contents(world.open(folder)) is None


@pytest.mark.parametrize("name", ["manifest.sig", "manifest.age", "00000.age"])
@pytest.mark.parametrize("what", ["link", "hanging link", "folder", "pipe"])
def test_only_regular_files_count(world, folder, tmp_path, name, what):
    real = folder / name
    aside = tmp_path / "aside"
    shutil.move(real, aside)
    if what == "link":
        real.symlink_to(aside)  # even one that leads to the right bytes
    elif what == "hanging link":
        real.symlink_to(tmp_path / "nowhere")
    elif what == "folder":
        real.mkdir()
    else:
        os.mkfifo(real)  # opening it would wait for ever
    outcome = outcome_of(world, folder)
    assert outcome.code is (Flaw.UNFINISHED if name == "manifest.sig" else Flaw.MISSING)


def test_without_the_signed_manifest_it_is_unfinished(world, folder):
    (folder / "manifest.sig").unlink()
    assert outcome_of(world, folder).code is Flaw.UNFINISHED
    assert inspect(folder).unfinished


def test_a_single_temporary_file_is_unfinished(world, tmp_path):
    (tmp_path / "00000.age.partial").write_bytes(b"half")
    assert outcome_of(world, tmp_path).code is Flaw.UNFINISHED


@pytest.mark.parametrize("what", ["nothing", "a file", "an empty folder", "another folder"])
def test_what_is_no_bundle_at_all(world, tmp_path, what):
    path = tmp_path / "x"
    if what == "a file":
        path.write_bytes(b"hello")
    elif what != "nothing":
        path.mkdir()
        if what == "another folder":
            (path / "holiday.jpg").write_bytes(b"...")
    outcome = outcome_of(world, path)
    assert outcome.code is Flaw.NOT_A_BUNDLE
    assert inspect(path).signed_by is None


def test_a_signature_of_somebody_else_does_not_hold(world, folder, other_key):
    """Right key id, wrong key: kid is eight bytes, no proof.

    Sync 3 (b): age says nothing about who sealed a file.
    """
    signed = signed_in(folder)
    message = cose.sign1(
        signed.to_bytes(),
        other_key,
        headers={cose.KID: world.station.public.kid},
        external_aad=SIGNED_CONTEXT,
    )
    (folder / "manifest.sig").write_bytes(message)
    assert outcome_of(world, folder).code is Flaw.BAD_SIGNATURE


def test_a_signature_made_for_something_else_does_not_hold(world, folder):
    message = cose.sign1(signed_in(folder).to_bytes(), world.station)
    (folder / "manifest.sig").write_bytes(message)
    assert outcome_of(world, folder).code is Flaw.BAD_SIGNATURE


def test_a_changed_list_does_not_pass_the_signature(world, folder):
    """A part replaced together with its line in the manifest."""
    (folder / "00000.age").write_bytes(b"other")
    signed = signed_in(folder)
    parts = (FileRecord.of(b"other"), *signed.parts[1:])
    old = cose.parse1((folder / "manifest.sig").read_bytes())
    payload = replace(signed, parts=parts).to_bytes()
    (folder / "manifest.sig").write_bytes(
        b"\xd2" + cbor.encode([old.protected_bytes, {}, payload, old.signature])
    )
    assert outcome_of(world, folder).code is Flaw.BAD_SIGNATURE


def test_an_empty_signature_is_refused(world, folder):
    old = cose.parse1((folder / "manifest.sig").read_bytes())
    (folder / "manifest.sig").write_bytes(
        b"\xd2" + cbor.encode([old.protected_bytes, {}, old.payload, b""])
    )
    assert outcome_of(world, folder).code is Flaw.BAD_SIGNATURE


def test_the_algorithm_must_be_protected(world, folder):
    old = cose.parse1((folder / "manifest.sig").read_bytes())
    (folder / "manifest.sig").write_bytes(
        b"\xd2" + cbor.encode([b"", {1: -8}, old.payload, old.signature])
    )
    assert outcome_of(world, folder).code is Flaw.MALFORMED


def test_two_key_ids_are_a_contradiction(world, folder, other_key):
    world.sign(folder, signed_in(folder).to_bytes(), other_key)
    assert outcome_of(world, folder).code is Flaw.MALFORMED


def test_a_newer_version_says_to_update(world, folder):
    payload = {**cbor.decode(signed_in(folder).to_bytes()), 0: 2}
    world.sign(folder, cbor.encode(payload))
    outcome = outcome_of(world, folder)
    assert outcome.code is Flaw.VERSION
    assert "Update" in outcome.sentence


def test_an_unknown_kind_says_to_update(world, folder):
    payload = {**cbor.decode(signed_in(folder).to_bytes()), 2: "parcel"}
    world.sign(folder, cbor.encode(payload))
    assert outcome_of(world, folder).code is Flaw.VERSION


def test_unknown_fields_do_not_disturb(world, folder):
    payload = {**cbor.decode(signed_in(folder).to_bytes()), 99: "new", "more": [1, 2]}
    world.sign(folder, cbor.encode(payload))
    assert check_contents(world.open(folder)) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (0, 0),
        (0, True),
        (0, "1"),
        (1, b"short"),
        (1, None),
        (2, 7),
        (3, b"123456789"),
        (4, [bytes(32)]),
        (4, [bytes(31), 5]),
        (4, [bytes(32), -1]),
        (4, [bytes(32), True]),
        (5, {}),
        (5, [[bytes(32)]]),
        (5, [bytes(32)]),
        (6, [1]),
        (6, None),
    ],
)
def test_wrong_types_are_malformed(world, folder, field, value):
    payload = {**cbor.decode(signed_in(folder).to_bytes()), field: value}
    world.sign(folder, cbor.encode(payload))
    assert outcome_of(world, folder).code is Flaw.MALFORMED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (4, [bytes(32), 2**63]),
        (5, [[bytes(32), 16 * 1024 * 1024 + 1]]),
        (6, [b""] * 9),
    ],
)
def test_huge_claims_are_refused_before_reading(world, folder, field, value):
    payload = {**cbor.decode(signed_in(folder).to_bytes()), field: value}
    world.sign(folder, cbor.encode(payload))
    assert outcome_of(world, folder).code is Flaw.LIMIT


def test_too_many_parts_are_refused():
    parts = (FileRecord(bytes(32), 1),) * (MAX_PARTS + 1)
    with pytest.raises(Exception, match="larger than anything") as caught:
        SignedManifest.from_bytes(_with_parts(parts).to_bytes())
    assert caught.value.code == "limit"


def test_as_many_parts_as_allowed_fit_the_limits():
    parts = (FileRecord(bytes(32), 16 * 1024 * 1024),) * MAX_PARTS
    data = _with_parts(parts).to_bytes()
    assert len(data) < MAX_SIGNED_BYTES
    assert len(SignedManifest.from_bytes(data).parts) == MAX_PARTS


def _with_parts(parts: tuple[FileRecord, ...]) -> SignedManifest:
    sealed = FileRecord(bytes(32), 1)
    return SignedManifest(BundleId(UUID(int=1)), Kind.BUNDLE, bytes(8), sealed, parts)


def test_an_oversized_manifest_is_not_read(world, folder):
    with (folder / "manifest.sig").open("wb") as file:
        file.truncate(50_000_000_000)  # sparse: takes no room, would take all memory
    assert outcome_of(world, folder).code is Flaw.LIMIT


def test_an_oversized_part_is_not_read_to_its_end(world, folder):
    with (folder / "00000.age").open("ab") as file:
        file.truncate(50_000_000_000)
    assert outcome_of(world, folder).code is Flaw.ALTERED


def test_garbage_for_a_manifest_is_malformed(world, folder):
    (folder / "manifest.sig").write_bytes(b"not a manifest")
    assert outcome_of(world, folder).code is Flaw.MALFORMED


def test_deep_nesting_is_refused(world, folder):
    """Sync 3 (h): content that unpacks without end, or nests without end."""
    (folder / "manifest.sig").write_bytes(b"\x81" * 500_000)
    assert outcome_of(world, folder).code is Flaw.MALFORMED
    world.sign(folder, b"\xa1\x00" + b"\x81" * 100_000 + b"\x00")
    assert outcome_of(world, folder).code is Flaw.MALFORMED


class FailingDrive(Drive):
    """A stick that is pulled out while it is read."""

    def __init__(self, name: str) -> None:
        self._name = name

    def pieces(self, path):
        if path.name == self._name:
            raise OSError(errno.EIO, "Input/output error")
        return super().pieces(path)


@pytest.mark.parametrize("name", ["manifest.sig", "manifest.age", "00001.age"])
def test_a_failing_drive_is_an_outcome(world, folder, name):
    drive = FailingDrive(name)
    outcome = verify(folder, world.signers, expect=Kind.BUNDLE, drive=drive)
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.UNREADABLE
    found = inspect(folder, drive=drive)
    assert not found.whole
    assert found.problem is not None
    assert found.problem.code is Flaw.UNREADABLE


def test_verifying_can_be_followed_and_stopped(world, folder):
    seen: list[tuple[int, int]] = []
    verify(folder, world.signers, expect=Kind.BUNDLE, pulse=lambda *at: seen.append(at))
    assert seen[-1][0] == seen[-1][1] == world.verify(folder).size

    def stop(done: int, total: int) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        verify(folder, world.signers, expect=Kind.BUNDLE, pulse=stop)
