"""Files that are there whole or not at all, and a lock that dies with its program."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE = 0o600
"""Readable by its owner only. On Windows the profile folder's access list does this instead."""


BINARY = getattr(os, "O_BINARY", 0)
"""Windows changes line ends in what `os.open` gave, unless told not to."""


def write_atomically(path: Path, data: bytes, *, mode: int = PRIVATE) -> None:
    """Write `data` to `path` so that a crash leaves the old content or the new, never a mix.

    Temporary name in the same folder, fsync, rename, fsync of the folder. Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.new")
    # A fixed temporary name: a leftover of a crash is overwritten instead of piling up.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Flush a file that another library wrote to the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
