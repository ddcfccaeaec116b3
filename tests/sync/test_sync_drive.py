"""Writing to drives that are full, lying, pulled out, or of a humble kind."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from sync import errors
from sync.bundle import check_contents
from sync.errors import (
    CancelledError,
    CopyDiffersError,
    DriveError,
    NoRoomError,
    SyncError,
    WriteError,
)
from sync.folder import Drive
from sync.inspect import inspect


class SmallDrive(Drive):
    """Holds so many bytes and then no more."""

    def __init__(self, room: int, fault: int = errno.ENOSPC) -> None:
        self._room, self._fault = room, fault

    def write(self, descriptor: int, piece: bytes) -> None:
        if len(piece) > self._room:
            super().write(descriptor, piece[: self._room])  # what a real one does: half of it
            raise OSError(self._fault, os.strerror(self._fault))
        self._room -= len(piece)
        super().write(descriptor, piece)


class FaultyDrive(Drive):
    """Fails in one operation with one error number."""

    def __init__(self, operation: str, fault: int, *, on: str = "") -> None:
        self._operation, self._fault, self._on = operation, fault, on

    def _maybe(self, operation: str, name: str = "") -> None:
        if operation == self._operation and self._on in name:
            raise OSError(self._fault, os.strerror(self._fault))

    def make_folder(self, path: Path) -> None:
        self._maybe("make_folder")
        super().make_folder(path)

    def flush(self, descriptor: int) -> None:
        self._maybe("flush")
        super().flush(descriptor)

    def flush_folder(self, folder: Path) -> None:
        self._maybe("flush_folder")
        super().flush_folder(folder)

    def pieces(self, path: Path):
        self._maybe("pieces", path.name)
        return super().pieces(path)


class LyingDrive(Drive):
    """Takes everything, keeps something else, as cheap sticks do."""

    def __init__(self, name: str, how: str) -> None:
        self._name, self._how = name, how

    def put(self, path, data, *, pulse=None) -> None:
        super().put(path, data, pulse=pulse)
        if path.name != self._name:
            return
        if self._how == "loses it":
            path.unlink()
        elif self._how == "zeros":
            path.write_bytes(bytes(len(data)))
        elif self._how == "shorter":
            path.write_bytes(data[:-4096])
        else:
            path.write_bytes(data + b"\x00")


@pytest.mark.parametrize("percent", [0, 5, 20, 40, 60, 80])
def test_a_full_drive_says_so_and_keeps_nothing(world, tmp_path, percent):
    (tmp_path / "roomy").mkdir()
    # Sizes differ a little each time: the seal adds random padding of its own.
    needed = world.write(tmp_path / "roomy", world.chain(3), world.photos(2)).size
    tmp_path = tmp_path / "small"
    tmp_path.mkdir()
    room = needed * percent // 100
    with pytest.raises(NoRoomError) as caught:
        world.write(tmp_path, world.chain(3), world.photos(2), drive=SmallDrive(room))
    assert caught.value.code == "no_room"
    assert "drive is full" in caught.value.sentence
    assert caught.value.detail == "ENOSPC"
    assert list(tmp_path.iterdir()) == []


def test_room_enough_is_enough(world, tmp_path):
    size = world.write(tmp_path, world.chain(3), world.photos(2)).size
    world.write(tmp_path, world.chain(3), world.photos(2), drive=SmallDrive(2 * size))


@pytest.mark.parametrize("fault", [errno.EFBIG, errno.EDQUOT])
def test_other_ways_of_being_full(world, tmp_path, fault):
    with pytest.raises(NoRoomError):
        world.write(tmp_path, world.chain(1), drive=SmallDrive(10, fault))


@pytest.mark.parametrize(
    ("operation", "fault", "code"),
    [
        ("make_folder", errno.EROFS, "not_writable"),
        ("make_folder", errno.EACCES, "not_writable"),
        ("make_folder", errno.ENOENT, "drive_gone"),
        ("make_folder", errno.EIO, "drive_fault"),
        ("make_folder", errno.EEXIST, "not_writable"),  # every name is taken: not a drive
        ("flush", errno.EIO, "drive_fault"),
        ("flush", errno.ENODEV, "drive_gone"),
        ("flush", errno.ENOSPC, "no_room"),
        ("flush_folder", errno.EIO, "drive_fault"),
        ("pieces", errno.EIO, "drive_fault"),
    ],
)
def test_each_fault_has_its_name_and_leaves_nothing(world, tmp_path, operation, fault, code):
    with pytest.raises(WriteError) as caught:
        world.write(tmp_path, world.chain(1), drive=FaultyDrive(operation, fault))
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(world, tmp_path):
    with pytest.raises(DriveError) as caught:
        world.write(tmp_path / "nowhere", world.chain(1))
    assert caught.value.code == "drive_gone"


def test_a_name_that_is_taken_is_drawn_again(world, tmp_path):
    """Sync 3 (g): a name of a part is used again for other content."""
    names = iter([bytes(8), bytes(8), b"\x01" * 8])
    (tmp_path / bytes(8).hex()).mkdir()
    info = world.write(tmp_path, world.chain(1), entropy=lambda length: next(names))
    assert info.path.name == "01" * 8
    assert list((tmp_path / bytes(8).hex()).iterdir()) == []


@pytest.mark.parametrize("how", ["zeros", "shorter", "longer", "loses it"])
@pytest.mark.parametrize("name", ["00000.age", "manifest.age", "manifest.sig"])
def test_a_drive_that_keeps_something_else_is_found_out(world, tmp_path, name, how):
    """Sync 3 (e): cheap sticks give back something else than was written."""
    with pytest.raises(CopyDiffersError) as caught:
        world.write(tmp_path, world.chain(2), drive=LyingDrive(name, how))
    assert caught.value.code == "copy_differs"
    assert caught.value.detail == name
    assert list(tmp_path.iterdir()) == []


def test_a_stick_that_writes_over_its_beginning_is_found_out(world, tmp_path):
    """One that claims more room than it has: all is well when each part is written."""

    class Counterfeit(Drive):
        def put(self, path, data, *, pulse=None) -> None:
            super().put(path, data, pulse=pulse)
            if path.name == "manifest.age":
                (path.parent / "00000.age").write_bytes(data)

    with pytest.raises(CopyDiffersError) as caught:
        world.write(tmp_path, world.chain(2), drive=Counterfeit())
    assert caught.value.detail == "00000.age"
    assert list(tmp_path.iterdir()) == []


def test_a_cancel_is_heard_while_a_part_is_on_its_way(world, tmp_path):
    """A slow stick takes long for one part; what it was writing then is gone as well."""
    begun, heard = threading.Event(), threading.Event()

    class Slow(Drive):
        def put(self, path, data, *, pulse=None) -> None:
            begun.set()
            assert heard.wait(60)
            super().put(path, data, pulse=pulse)

    def cancelled() -> bool:
        if begun.is_set():
            heard.set()
        return heard.is_set()

    with pytest.raises(CancelledError):
        world.write(tmp_path, world.chain(2), drive=Slow(), cancelled=cancelled)
    assert list(tmp_path.iterdir()) == []


def test_a_drive_that_vanishes_leaves_something_recognisable(world, tmp_path):
    """Nothing can be removed from a drive that is gone; what stays on it is unfinished."""

    class Pulled(FaultyDrive):
        def remove(self, folder: Path) -> None:
            pass

    drive = Pulled("pieces", errno.EIO, on="manifest.age")
    with pytest.raises(DriveError):
        world.write(tmp_path, world.chain(2), drive=drive)
    (left,) = tmp_path.iterdir()
    assert sorted(file.name for file in left.iterdir()) == ["00000.age", "manifest.age"]
    assert inspect(left).unfinished


@pytest.mark.parametrize(
    "fault", [errno.EINVAL, errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS]
)
@pytest.mark.parametrize("call", ["open", "fsync"])
def test_folders_that_cannot_be_flushed_are_tolerated(world, tmp_path, monkeypatch, fault, call):
    real = getattr(os, call)

    def refusing(what, *rest):
        if stat.S_ISDIR(os.fstat(what).st_mode) if call == "fsync" else Path(what).is_dir():
            raise OSError(fault, os.strerror(fault))
        return real(what, *rest)

    monkeypatch.setattr(f"sync.folder.os.{call}", refusing)
    info = world.write(tmp_path, world.chain(1))
    monkeypatch.undo()
    assert check_contents(world.open(info.path)) is None


def test_writing_in_small_bites(world, tmp_path, monkeypatch):
    """A system may take fewer bytes than it is given."""
    real = os.write
    monkeypatch.setattr("sync.folder.os.write", lambda fd, data: real(fd, bytes(data[:97])))
    info = world.write(tmp_path, world.chain(1))
    monkeypatch.undo()
    assert check_contents(world.open(info.path)) is None


def test_everything_is_flushed_before_it_is_named(world, tmp_path):
    """Part by part: written aside, flushed, renamed, the folder flushed; the signature last.

    Sync 5 (c): a power cut, which a kill does not show: what was not flushed is gone.
    """
    log: list[str] = []

    class Watched(Drive):
        def flush(self, descriptor: int) -> None:
            names = sorted(file.name for file in self.folder.iterdir())
            log.append("flush " + " ".join(names))
            super().flush(descriptor)

        def make_folder(self, path: Path) -> None:
            self.folder = path
            super().make_folder(path)

        def flush_folder(self, folder: Path) -> None:
            log.append("folder")
            super().flush_folder(folder)

        def pieces(self, path: Path):
            log.append(f"read {path.name}")
            return super().pieces(path)

    world.write(tmp_path, world.chain(1), drive=Watched())
    assert log == [
        "flush 00000.age.partial",
        "folder",
        "flush 00000.age manifest.age.partial",
        "folder",
        "read manifest.age",
        "read 00000.age",
        "flush 00000.age manifest.age manifest.sig.partial",
        "folder",
        "read manifest.sig",
    ]


def test_all_errors_are_of_one_tree():
    found = [thing for thing in vars(errors).values() if isinstance(thing, type)]
    raised = [kind for kind in found if issubclass(kind, Exception)]
    assert len(raised) > 8
    assert all(issubclass(kind, SyncError) for kind in raised)
