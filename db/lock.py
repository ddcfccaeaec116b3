"""One program writes a workspace: a lock of the operating system on a file in its folder.

The lock belongs to the open file, so the system drops it when the program ends, however it ends.
Nothing has to be cleaned up after a crash, and the file itself means nothing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

from db.errors import WorkspaceBusyError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "lock"
_LOCKED_BYTE = 1 << 20
"""Windows forbids reading locked bytes; locking one far away keeps the note readable."""


class WriterLock:
    """Held from `acquire` to `release`. Not re-entrant."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock at once.

        Raises `WorkspaceBusyError` when another program holds it, and `OSError` with ``EINVAL``
        when something else than a file lies in its place: writing through a link would destroy
        the file it points to, and a pipe would wait for ever.
        """
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            descriptor = os.open(self._path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
        except OSError as failure:
            if failure.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
                raise self._in_the_way() from None
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise self._in_the_way()
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise WorkspaceBusyError from None
        # For people who look: which process it was. Nothing reads it back.
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        self._descriptor = descriptor

    def _in_the_way(self) -> OSError:
        return OSError(errno.EINVAL, "not a file", str(self._path))

    def release(self) -> None:
        """Give the lock up; does nothing when it is not held."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        with contextlib.suppress(OSError):
            _unlock(descriptor)
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # flock, not lockf: it also keeps two stores of one process apart, and closing another
        # descriptor of the same file does not drop it.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
