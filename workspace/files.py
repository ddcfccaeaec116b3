"""Files that leave the store: written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from db.files import BINARY, read_object, read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Prepared", "down", "prepared", "read_object", "read_whole", "write_whole"]


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write through a temporary name in the same folder, fsync, then rename over.

    What is there already must be a file.

    `private` keeps everybody but this account out. Raises `OSError`; the temporary file is gone
    then, and whatever stood under the name before still stands.
    """
    with prepared(path, private=private) as file:
        file.write(data)
        file.keep()


class Prepared:
    """A file that lies beside its place under another name until `keep` puts it there."""

    def __init__(self, path: Path, temporary: Path) -> None:
        self.path = path
        self._temporary = temporary

    def write(self, data: bytes) -> None:
        """Write all of it, down to the disk. Raises `OSError`."""
        with self.opened() as file:
            file.write(data)
            file.truncate()
            down(file)

    def opened(self) -> IO[bytes]:
        """The file itself, for what is written bit by bit; close it before `keep`."""
        return self._temporary.open("r+b")

    def keep(self) -> None:
        """Put it in its place. Raises `OSError`; what stood there before still stands then."""
        self._temporary.replace(self.path)


def down(file: IO[bytes]) -> None:
    """See that what was written is on the disk. Raises `OSError`."""
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def prepared(path: Path, *, private: bool = False) -> Iterator[Prepared]:
    """Prove that a file can be written, before something is done that needs it to be.

    What was not kept when the block ends is gone. Raises `OSError` when the place cannot be
    written or holds something else than a file.
    """
    if path.exists() and not path.is_file():
        # As root, renaming over a device would take it from the machine.
        raise OSError(errno.EINVAL, "not a file", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    mode = 0o600 if private else 0o644
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, mode))
    try:
        yield Prepared(path, temporary)
    finally:
        # Gone already when it was kept.
        with suppress(OSError):
            temporary.unlink()
