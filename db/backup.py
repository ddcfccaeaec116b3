"""A backup: one file with everything that a workspace keeps, encrypted as the store is.

An uncompressed tar of the two database files (copied through SQLCipher, so consistent while
others write), the key slots and the cards. Its last member, `backup.json`, lists the others with
their SHA-256, so that a backup that was cut off is known for what it is. Nothing in it can be
read without a passphrase, the recovery sheet or the recovery key.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tarfile
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from db.errors import BackupError, NewerFormatError, StoreExistsError, StoreFullError
from db.files import PRIVATE, sync_file, sync_folder

if TYPE_CHECKING:
    from datetime import datetime

FORMAT = 1
INDEX = "backup.json"
FILES = ("slots.json", "office.json", "store.json", "store.db", "photos.db")
"""What a backup may hold, and nothing else. Names come from here, never from a file."""

MAX_INDEX_BYTES = 64 * 1024
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup says of itself."""

    at: str
    entries: int
    bytes: int


class _Hashing:
    """A file that is hashed while tarfile reads it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def pack(target: Path, parts: dict[str, Path], *, at: datetime, entries: int) -> BackupInfo:
    """Write a backup of these files (member name to file) whole or not at all.

    It is read back before it gets its name. Raises `StoreFullError` when the disk of `target` is
    full, `BackupError` when it cannot be read back, OSError when it cannot be written.
    """
    temporary = target.with_name(f".{target.name}.new")
    listed: dict[str, dict[str, Any]] = {}
    stamp = at.isoformat()
    try:
        temporary.touch(PRIVATE)
        with tarfile.open(temporary, "w:", format=tarfile.PAX_FORMAT) as tar:
            for name, path in parts.items():
                with path.open("rb") as file:
                    hashing = _Hashing(file)
                    size = path.stat().st_size
                    tar.addfile(_member(name, size), hashing)
                listed[name] = {"size": size, "sha256": hashing.digest.hexdigest()}
            index = {"format": FORMAT, "at": stamp, "entries": entries, "files": listed}
            raw = json.dumps(index, indent=1).encode()
            tar.addfile(_member(INDEX, len(raw)), BytesIO(raw))
        sync_file(temporary)
        _read_back(temporary, index)
        temporary.replace(target)
        sync_folder(target.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFullError(
                "The disk is full, so no backup was made. Choose another disk for it."
            ) from None
        raise
    return BackupInfo(stamp, entries, target.stat().st_size)


def _read_back(written: Path, index: dict[str, Any]) -> None:
    """Read what was written once more, from the disk: a backup that cannot be read is none."""
    try:
        with written.open("rb") as file:
            # What lies in memory says nothing about the stick.
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        found = _unpack(written, None)
    except (BackupError, tarfile.TarError, EOFError):
        found = None
    if found is None or (found.at, found.entries) != (index["at"], index["entries"]):
        raise BackupError(
            "The backup cannot be read back as it was written, so it was thrown away. Use another "
            "disk or stick: this one is not to be trusted."
        )


def restore(source: Path, folder: Path) -> BackupInfo:
    """Unpack a backup into a new or empty folder, whole or not at all.

    Needs no key. The store then opens as before, on this machine with the same passphrases; on
    another one with the recovery sheet or key, because the device secret stays behind. Raises
    `BackupError`, `StoreExistsError`, `StoreFullError`, `NewerFormatError`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise StoreExistsError
    workplace = folder.with_name(f".{folder.name}.restoring")
    shutil.rmtree(workplace, ignore_errors=True)
    try:
        workplace.mkdir(parents=True, mode=0o700)
        info = _unpack(source, workplace)
        if folder.exists():
            folder.rmdir()
        workplace.replace(folder)
        sync_folder(folder.parent)
    except BaseException as error:
        shutil.rmtree(workplace, ignore_errors=True)
        if isinstance(error, tarfile.TarError | EOFError):
            raise BackupError from None
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFullError(
                "The disk is full, so nothing was restored. Choose a folder on another disk."
            ) from None
        raise
    return info


def inspect(source: Path) -> BackupInfo:
    """What a backup says of itself, after checking that it is whole. Raises `BackupError`."""
    try:
        return _unpack(source, None)
    except (tarfile.TarError, EOFError):
        raise BackupError from None


def _unpack(source: Path, folder: Path | None) -> BackupInfo:
    found: dict[str, dict[str, Any]] = {}
    index: dict[str, Any] | None = None
    with tarfile.open(source, "r:") as tar:
        for member in tar:
            if not member.isreg() or member.name in found or index is not None:
                raise BackupError
            file = tar.extractfile(member)
            assert file is not None  # noqa: S101 - it is a regular file
            if member.name == INDEX:
                index = _read_index(file, member.size)
            elif member.name in FILES:
                found[member.name] = _take(file, folder / member.name if folder else None)
            else:
                raise BackupError
    if index is None or index["files"] != found or "store.db" not in found:
        raise BackupError
    return BackupInfo(str(index["at"]), int(index["entries"]), source.stat().st_size)


def _read_index(file: IO[bytes], size: int) -> dict[str, Any]:
    if size > MAX_INDEX_BYTES:
        raise BackupError
    try:
        index: dict[str, Any] = json.loads(file.read(MAX_INDEX_BYTES))
        version = index["format"]
        _ = index["files"], index["at"], int(index["entries"])
    except (ValueError, KeyError, TypeError):
        raise BackupError from None
    if version != FORMAT:
        raise NewerFormatError(
            "This backup was made by a newer Waystation. Install that version to restore it."
        )
    return index


def _take(file: IO[bytes], path: Path | None) -> dict[str, Any]:
    """Read a member to its end, into `path` if given; its size and hash."""
    digest, size = sha256(), 0
    with contextlib.ExitStack() as stack:
        target = stack.enter_context(path.open("xb")) if path else None
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if target:
                target.write(chunk)
    if path:
        path.chmod(PRIVATE)
        sync_file(path)
    return {"size": size, "sha256": digest.hexdigest()}


def _member(name: str, size: int) -> tarfile.TarInfo:
    # Time and owner stay out: a backup says no more of the machine than it must.
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = PRIVATE
    return info
