"""The folder on the drive: file names from integers, careful reading, durable writing.

Names found in a folder are never used as paths: every name below is built here, from a constant
or an integer. Only regular files are opened; links, pipes and devices count as not there.
:class:`Drive` is the seam to the operating system: tests hand in one that is full or broken.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.errors import CopyDiffersError, DriveError, NoRoomError, WriteError
from sync.limits import CHUNK_BYTES, MAX_PARTS

SIGNED_NAME: Final = "manifest.sig"
SEALED_NAME: Final = "manifest.age"
PARTIAL_SUFFIX: Final = ".partial"

Pulse = Callable[[int], None]
"""Called after each piece with the number of bytes done; may raise to stop."""


def part_name(index: int) -> str:
    """``00000.age`` for part 0, counting from zero."""
    if not 0 <= index < MAX_PARTS:
        raise ValueError("part index out of range")
    return f"{index:05d}.age"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """SHA-256 and size in bytes of one file."""

    sha256: bytes
    size: int

    @classmethod
    def of(cls, data: bytes) -> FileRecord:
        return cls(hashlib.sha256(data).digest(), len(data))


class AbsentError(Exception):
    """Handled inside the room: no regular file of that name in the folder."""


class OversizeError(Exception):
    """Handled inside the room: the file is larger than it may be."""


class Drive:
    """The few operations on files that this room needs. Subclass to inject faults."""

    # -- reading ---------------------------------------------------------------------------

    def pieces(self, path: Path) -> Iterator[bytes]:
        """The file's bytes in pieces of at most :data:`CHUNK_BYTES`.

        Raises :class:`AbsentError` when there is no regular file, ``OSError`` from the drive.
        """
        descriptor = _open_regular(path)
        try:
            while piece := os.read(descriptor, CHUNK_BYTES):
                yield piece
        finally:
            os.close(descriptor)

    def read(self, path: Path, *, limit: int) -> bytes:
        """The whole file. Raises :class:`OversizeError` past ``limit``, else as :meth:`pieces`."""
        data = bytearray()
        for piece in self.pieces(path):
            data += piece
            if len(data) > limit:
                raise OversizeError
        return bytes(data)

    def measure(self, path: Path, *, limit: int, pulse: Pulse | None = None) -> FileRecord:
        """Hash and size, with flat memory. Stops with :class:`OversizeError` past ``limit``."""
        digest, size = hashlib.sha256(), 0
        for piece in self.pieces(path):
            digest.update(piece)
            size += len(piece)
            if size > limit:
                raise OversizeError
            if pulse is not None:
                pulse(len(piece))
        return FileRecord(digest.digest(), size)

    def names(self, folder: Path) -> list[str]:
        """Names in the folder, sorted; for telling people, never for opening."""
        return sorted(entry.name for entry in folder.iterdir())

    # -- writing ---------------------------------------------------------------------------

    def make_folder(self, path: Path) -> None:
        """Make a new folder; ``FileExistsError`` when there is one already."""
        path.mkdir()

    def put(self, path: Path, data: bytes, *, pulse: Pulse | None = None) -> None:
        """Write a file so that after a power cut it is either whole or not there by its name."""
        temporary = path.with_name(path.name + PARTIAL_SUFFIX)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        # Readable by all, as the umask allows: a stick is read under another user's number at the
        # registry, and what lies on it is sealed.
        descriptor = os.open(temporary, flags, 0o644)
        try:
            for start in range(0, len(data), CHUNK_BYTES):
                self.write(descriptor, data[start : start + CHUNK_BYTES])
                if pulse is not None:
                    pulse(min(CHUNK_BYTES, len(data) - start))
            self.flush(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
        self.flush_folder(path.parent)

    def write(self, descriptor: int, piece: bytes) -> None:
        """Write all of ``piece``; the system may take it in several bites."""
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]

    def flush(self, descriptor: int) -> None:
        """Onto the medium, and out of the cache so that reading back reads the medium."""
        os.fsync(descriptor)
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):  # advice only: some file systems do not take it
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def flush_folder(self, folder: Path) -> None:
        """Make a rename durable, where the system can: FAT drivers and Windows refuse to."""
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except OSError as error:
            if error.errno in _NO_FOLDER_SYNC:
                return
            raise
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _NO_FOLDER_SYNC:
                raise
        finally:
            os.close(descriptor)

    def discard(self, path: Path) -> None:
        """Remove one file that this room wrote, or began to; nothing happens when it is gone."""
        path.unlink(missing_ok=True)

    def free(self, folder: Path) -> int:
        """Bytes that can still be written to the drive of a folder."""
        return shutil.disk_usage(folder).free

    def remove(self, folder: Path) -> None:
        """Remove a folder that this room made; silently leaves what cannot be removed."""
        shutil.rmtree(folder, ignore_errors=True)


_NO_FOLDER_SYNC: Final = frozenset(
    {errno.EINVAL, errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOSYS}
    | {errno.ENOTSUP, errno.EOPNOTSUPP}
)
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_NOT_WRITABLE: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR})
_GONE: Final = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ESTALE})


def _open_regular(path: Path) -> int:
    """A descriptor on a regular file that is not reached through a link.

    Looked at before opening (a pipe would block, a device might act) and again after, because
    the folder may be changed by somebody else in between.
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise AbsentError
        flags = os.O_RDONLY
        for name in ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
            flags |= getattr(os, name, 0)
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise AbsentError from error
    except OSError as error:
        if error.errno == errno.ELOOP:  # O_NOFOLLOW met a link
            raise AbsentError from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise AbsentError
    return descriptor


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the drive says while writing into a :class:`WriteError` that says what to do."""
    try:
        yield
    except OSError as error:
        raise _write_error(error) from error


def _write_error(error: OSError) -> WriteError:
    detail = errno.errorcode.get(error.errno or 0, "unknown")
    if error.errno in _NO_ROOM:
        return NoRoomError(
            "no_room",
            "The drive is full. Free some space, use another drive, or write onto several. "
            "Nothing was left on it.",
            detail=detail,
        )
    if error.errno in _NOT_WRITABLE:
        return DriveError(
            "not_writable",
            "This place cannot be written to. Take the write protection off the drive, "
            "or choose another folder.",
            detail=detail,
        )
    if error.errno in _GONE:
        return DriveError(
            "drive_gone",
            "The drive is no longer there. Put it back in and write again.",
            detail=detail,
        )
    return DriveError(
        "drive_fault",
        "The drive reports a fault. Use another drive and write again.",
        detail=detail,
    )


def copy_differs(name: str) -> CopyDiffersError:
    """What was read back is not what was written: drives that lie exist and are sold."""
    return CopyDiffersError(
        "copy_differs",
        "The drive did not keep what was written to it. Use another drive and write again.",
        detail=name,
    )
