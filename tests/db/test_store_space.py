"""Room on the disk, the reserve, and the files that are whole or not there."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from db import space as spaces
from db.errors import DbError, NoStoreError, StoreError, WorkspaceBusyError
from db.files import write_atomically
from db.lock import WriterLock
from db.space import FULL_BYTES, LOW_BYTES, Ballast, Space
from db.store import Store

Usage = namedtuple("Usage", "total used free")


def test_the_reserve_takes_room_and_gives_it_back(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path, size=3 * 1024 * 1024 + 17)
    assert not ballast.held
    assert ballast.reserve()
    assert ballast.reserve()
    path = tmp_path / "ballast"
    assert path.stat().st_size == 3 * 1024 * 1024 + 17
    assert path.stat().st_blocks * 512 >= 3 * 1024 * 1024
    assert ballast.release()
    assert not ballast.release()
    assert not path.exists()


def test_a_reserve_without_fallocate_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fallocate")
    assert Ballast(tmp_path, size=1024 * 1024 + 1).reserve()
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 1024 * 1024


def test_the_last_room_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100, 99, 1000))
    assert not Ballast(tmp_path, size=600).reserve()
    assert not (tmp_path / "ballast").exists()


def test_a_reserve_that_does_not_fit_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    monkeypatch.setattr(os, "urandom", full)
    assert not Ballast(tmp_path, size=4096).reserve()
    assert not (tmp_path / "ballast").exists()


@pytest.mark.parametrize(
    ("free", "low", "full"),
    [(LOW_BYTES, False, False), (LOW_BYTES - 1, True, False), (FULL_BYTES - 1, True, True)],
)
def test_when_to_say_so(free: int, low: bool, full: bool) -> None:
    assert (Space(free).low, Space(free).full) == (low, full)


def test_of_a_store(cipher: Store, tmp_path: Path) -> None:
    assert cipher.free_space().free > 0
    assert cipher.reserve_space()
    assert (tmp_path / "office" / "ballast").stat().st_size == spaces.BALLAST_BYTES
    assert cipher.release_space()
    from sqlalchemy import create_engine

    with Store.over(create_engine("sqlite://")) as plain, pytest.raises(NoStoreError):
        plain.free_space()


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    one, two = WriterLock(tmp_path), WriterLock(tmp_path)
    one.acquire()
    assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
    with pytest.raises(WorkspaceBusyError):
        two.acquire()
    one.release()
    one.release()
    two.acquire()
    two.release()


def test_a_file_that_cannot_be_finished_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "card.json"
    write_atomically(path, b"old")

    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("db.files.os.fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def every_error() -> list[type[DbError]]:
    found, todo = [], [DbError]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += one.__subclasses__()
    return found


@pytest.mark.parametrize("error", every_error())
def test_every_error_says_what_to_do(error: type[DbError]) -> None:
    raised = error()
    assert raised.sentence.endswith(".")
    assert str(raised) == raised.sentence
    assert raised.code.replace("_", "").isalpha()
    assert error("Do this.").sentence == "Do this."


def test_codes_tell_errors_apart() -> None:
    """One that only says more of what its parent says has its parent's."""
    codes = [
        error.code
        for error in every_error()
        if error not in (DbError, StoreError) and "code" in vars(error)
    ]
    assert len(codes) == len(set(codes))
