"""A file's bytes, whatever lies under its name: the one way to read what somebody chose."""

from __future__ import annotations

import errno
import os
import stat
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
