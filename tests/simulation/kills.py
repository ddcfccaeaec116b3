"""Programs that die at a named point, as when the power goes; and sticks that are pulled out.

A kill is a real one: the work is done in a child process, which sends itself SIGKILL, so that no
clause that cleans up is run.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any
from unittest import mock

from registry import owing
from registry.admit import FAILPOINTS
from sync.folder import Drive

POINTS = {
    "written, not committed": ("db.unit", "UnitOfWork.flush", "after"),
    "committed, not marked": ("workspace.session", "Session.committed", "before"),
    "mark half made": ("db.device", "Path.replace", "before"),
    "marked": ("db.device", "DeviceState.set_high_water", "after"),
    "photo kept": ("db.photos", "PhotoStore.put_many", "after"),
    "photo dropped": ("db.photos", "PhotoStore.drop", "before"),
    "piece written": ("sync.folder", "Drive.write", "after"),
    "piece not flushed": ("sync.folder", "Drive.flush", "before"),
    "file not named": ("sync.folder", "Path.replace", "before"),
    "file named": ("sync.folder", "Drive.put", "after"),
    "folder not flushed": ("sync.folder", "Drive.flush_folder", "before"),
    "bundle whole, not noted": ("station.export", "note", "before"),
    "bundle noted": ("station.export", "note", "after"),
    "notice taken, time not noted": ("station.receive", "note_time", "before"),
    "notice made, not written": ("registry.notices", "_write", "before"),
    "synced to disk": ("os", "fsync", "after"),
}
"""Where a program dies: a module, a function in it, and whether that did its work. Not every work
comes by every point; what does not is done to its end."""

IMPORT_POINTS = (*FAILPOINTS, *owing.FAILPOINTS)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def _deadly(point: str, turn: int) -> Iterator[None]:
    module, name, when = POINTS[point]
    holder: Any = import_module(module)
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part)
    genuine, turns = getattr(holder, last), iter(range(1, 10**6))

    def dying(*arguments: Any, **more: Any) -> Any:
        now = next(turns) == turn
        if now and when == "before":
            _die()
        done = genuine(*arguments, **more)
        if now:
            _die()
        return done

    with mock.patch.object(holder, last, dying):
        yield


def dies(work: Callable[[], object], point: str, turn: int) -> bool:
    """Do this in a child that is killed at the point, the so many-th time that it comes by; whether
    it came so far."""

    def killed() -> None:
        with _deadly(point, turn):
            work()

    return _in_child(killed)


def dies_importing(work: Callable[[Callable[[str], None]], object], point: str, turn: int) -> bool:
    """The same for an import, which is handed what to call at its own points."""
    turns = iter(range(1, 10**6))

    def failpoint(name: str) -> None:
        if name == point and next(turns) == turn:
            _die()

    return _in_child(lambda: work(failpoint))


def _in_child(work: Callable[[], object]) -> bool:
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@contextmanager
def pulled_out(turn: int) -> Iterator[None]:
    """The stick is pulled out at the so many-th piece that is written to it."""
    genuine, turns = Drive.write, iter(range(1, 10**6))

    def write(self: Drive, descriptor: int, piece: bytes) -> None:
        if next(turns) >= turn:
            genuine(self, descriptor, piece[: len(piece) // 2])
            raise OSError(errno.EIO, "gone")
        genuine(self, descriptor, piece)

    with mock.patch.object(Drive, "write", write):
        yield
