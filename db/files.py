"""Files that are there whole or not at all, and read as what they claim to be."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from values.files import BINARY, read_whole

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "BINARY",
    "PRIVATE",
    "read_object",
    "read_whole",
    "sync_file",
    "sync_folder",
    "write_atomically",
]

PRIVATE = 0o600
"""Readable by its owner only. On Windows the profile folder's access list does this instead."""


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


def read_object(path: Path, *, limit: int) -> dict[str, Any]:
    """The JSON object in a small file of ours, whatever somebody made of it.

    Raises `OSError` as `read_whole` does, and ValueError for anything but one object.
    """
    data = read_whole(path, limit=limit)
    try:
        found = json.loads(data)
    except RecursionError:
        raise ValueError("nested without end") from None
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


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
