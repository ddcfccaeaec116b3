"""Files that leave the store: written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


BINARY = getattr(os, "O_BINARY", 0)
"""Windows changes line ends in what `os.open` gave, unless told not to."""


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


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write through a temporary name in the same folder, fsync, then rename over.

    What is there already must be a file.

    `private` keeps everybody but this account out. Raises `OSError`; the temporary file is gone
    then, and whatever stood under the name before still stands.
    """
    if path.exists() and not path.is_file():
        # As root, renaming over a device would take it from the machine.
        raise OSError(errno.EINVAL, "not a file", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        mode = 0o600 if private else 0o644
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY
        descriptor = os.open(temporary, flags, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
