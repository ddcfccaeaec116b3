"""Files that are there whole or not at all, and read as what they claim to be."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import sys
from typing import TYPE_CHECKING, Any

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


def read_whole(path: Path, *, limit: int) -> bytes:
    """A file's bytes, at most `limit` of them.

    Raises `OSError`: with ``EFBIG`` for a larger one, with ``EINVAL`` for what is no file (a
    device or a pipe could be read for ever).
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | BINARY)
    # Not blocking: opening a pipe would otherwise wait for whoever writes it.
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a file", str(path))
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, "too large", str(path))
    return data


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
