"""Room on the disk: how much is left, and a reserve to give up when none is.

A full disk must not keep an officer from exporting what was registered. So a ballast file is laid
down while there is room, and released when an export needs it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.files import BINARY, PRIVATE

if TYPE_CHECKING:
    from pathlib import Path

BALLAST_BYTES = 64 * 1024**2
"""An export of a few thousand persons with photos, plus the store's own log."""

LOW_BYTES = 2 * 1024**3
"""About a week of families with photos and one export of all of them."""

FULL_BYTES = 200 * 1024**2
"""Below this, no new work should be begun."""

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes free on the disk of a folder."""

    free: int

    @property
    def low(self) -> bool:
        """Time to say so."""
        return self.free < LOW_BYTES

    @property
    def full(self) -> bool:
        """Time to stop taking in and to export."""
        return self.free < FULL_BYTES


def space(folder: Path) -> Space:
    """Ask the file system."""
    return Space(shutil.disk_usage(folder).free)


class Ballast:
    """The reserve of one workspace. Losing it harms nothing."""

    FILE = "ballast"

    def __init__(self, folder: Path, *, size: int = BALLAST_BYTES) -> None:
        self._path = folder / self.FILE
        self._size = size

    @property
    def held(self) -> bool:
        """Whether the reserve is there in full."""
        try:
            return self._path.stat().st_size == self._size
        except OSError:
            return False

    def reserve(self) -> bool:
        """Lay the reserve down unless it is there; False when the disk has no room for it."""
        if self.held:
            return True
        if shutil.disk_usage(self._path.parent).free < 2 * self._size:
            # Taking the last room to keep room would be no help.
            return False
        try:
            self._fill()
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Give the room back; False when there was nothing to give."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def _fill(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, PRIVATE)
        try:
            if hasattr(os, "posix_fallocate"):
                with contextlib.suppress(OSError):
                    os.posix_fallocate(descriptor, 0, self._size)
                    return
            # Chance, not zeros: file systems that compress would keep zeros for nothing.
            left = self._size
            while left:
                left -= os.write(descriptor, os.urandom(min(CHUNK, left)))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
