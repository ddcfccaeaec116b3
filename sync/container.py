"""Writing the container that bundles and notices share.

Parts first, then the sealed manifest, the signed manifest last: a folder without it is
unfinished and says so. Every file goes through a temporary name, fsync and rename. At the end
everything is read back from the drive and compared. Whatever interrupts removes the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ledger import cose
from ledger.keys import SigningKey
from sync import limits
from sync.errors import CancelledError, DriveError, NotPackableError
from sync.folder import (
    SEALED_NAME,
    SIGNED_NAME,
    AbsentError,
    Drive,
    FileRecord,
    OversizeError,
    copy_differs,
    explained,
    part_name,
)
from sync.manifest import SIGNED_CONTEXT, SealedManifest, SignedManifest
from sync.parts import PackedPart, PartInfo, PartKind
from sync.seal import check_recipient, seal
from values.clock import Entropy

_NAME_BYTES: Final = 8  # 16 hexadecimal digits: never twice on one stick, and short to read out
_NAME_TRIES: Final = 8


class Stage(StrEnum):
    """What the writer is doing."""

    WRITING = "writing"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far writing has come; all counts since the beginning of the stage.

    ``size`` is bytes written, or read back; while checking, ``total`` is how many there are (0
    while writing: the writer does not know what is still to come).
    """

    stage: Stage
    entries: int
    photos: int
    parts: int
    size: int
    total: int = 0


Report = Callable[[Progress], None]
Cancelled = Callable[[], bool]
# What these raise passes through, and the folder is removed; an OSError of theirs would be taken
# for the drive's.


@dataclass(frozen=True, slots=True)
class Written:
    """A finished container: every byte was read back and compared."""

    path: Path
    signed: SignedManifest
    sealed: SealedManifest
    size: int
    """Bytes of all files together."""


class ContainerWriter:
    """One folder while it is being written; use it in a ``with`` statement.

    Leaving the statement before :meth:`finish`, by an error or a cancel, removes the folder.
    """

    def __init__(
        self,
        parent: Path,
        *,
        recipients: Sequence[str],
        entropy: Entropy,
        drive: Drive,
        progress: Report | None,
        cancelled: Cancelled | None,
    ) -> None:
        # A bad recipient is found before anything is on the drive.
        if not recipients:
            seal(b"", recipients)
        for recipient in recipients:
            check_recipient(recipient)
        self._recipients = tuple(recipients)
        self._drive = drive
        self._progress = progress
        self._cancelled = cancelled
        self._infos: list[PartInfo] = []
        self._items = dict.fromkeys(PartKind, 0)
        self._records: list[FileRecord] = []
        self._size = 0
        self._total = 0
        self._stage = Stage.WRITING
        self._finished = False
        self.path = self._make(parent, entropy)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._finished:
            self._drive.remove(self.path)

    @property
    def infos(self) -> tuple[PartInfo, ...]:
        """What the parts written so far hold, for the sealed manifest."""
        return tuple(self._infos)

    def add(self, parts: Iterable[PackedPart]) -> None:
        """Seal and write parts as they come; one is in memory at a time.

        Raises a :class:`WriteError`.
        """
        for part in parts:
            index = len(self._infos)
            if index >= limits.MAX_PARTS:
                raise NotPackableError(
                    "contents", "This is too much for one bundle. Ask for help with the export."
                )
            self._records.append(self._put(part_name(index), seal(part.plain, self._recipients)))
            self._infos.append(part.info)
            self._items[part.info.kind] += part.info.items
            self._pulse(0)

    def finish(
        self, sealed: SealedManifest, *, signer: SigningKey, certificates: Sequence[bytes] = ()
    ) -> Written:
        """Write both manifests, read everything back, and give the finished folder.

        Raises a :class:`WriteError`.
        """
        record = self._put(SEALED_NAME, seal(sealed.to_bytes(), self._recipients))
        signed = SignedManifest(
            bundle=sealed.bundle,
            kind=sealed.kind,
            signer=signer.public.kid,
            sealed=record,
            parts=tuple(self._records),
            certificates=tuple(certificates),
        )
        message = cose.sign1(signed.to_bytes(), signer, external_aad=SIGNED_CONTEXT)
        self._check({SEALED_NAME: record, **self._numbered()})
        last = self._put(SIGNED_NAME, message)
        self._check({SIGNED_NAME: last})
        self._finished = True
        return Written(self.path, signed, sealed, self._total)

    def _numbered(self) -> dict[str, FileRecord]:
        return {part_name(index): record for index, record in enumerate(self._records)}

    def _make(self, parent: Path, entropy: Entropy) -> Path:
        for _ in range(_NAME_TRIES):
            path = parent / entropy(_NAME_BYTES).hex()
            try:
                with explained():
                    self._drive.make_folder(path)
            except DriveError as error:
                if isinstance(error.__cause__, FileExistsError):
                    continue
                raise
            return path
        raise DriveError("not_writable", "No new folder can be made here. Choose another folder.")

    def _put(self, name: str, data: bytes) -> FileRecord:
        self._stage = Stage.WRITING
        with explained():
            self._drive.put(self.path / name, data, pulse=self._pulse)
        self._total += len(data)
        return FileRecord.of(data)

    def _check(self, files: dict[str, FileRecord]) -> None:
        self._stage, written, self._size = Stage.CHECKING, self._size, 0
        for name, record in files.items():
            try:
                with explained():
                    found = self._drive.measure(
                        self.path / name, limit=record.size, pulse=self._pulse
                    )
            except (AbsentError, OversizeError) as error:
                raise copy_differs(name) from error
            if found != record:
                raise copy_differs(name)
        self._size = written

    def _pulse(self, size: int) -> None:
        self._size += size
        if self._cancelled is not None and self._cancelled():
            raise CancelledError("cancelled", "Stopped, as asked. Nothing was left behind.")
        if self._progress is not None:
            self._progress(
                Progress(
                    stage=self._stage,
                    entries=self._items[PartKind.ENTRIES],
                    photos=self._items[PartKind.PHOTOS],
                    parts=len(self._infos),
                    size=self._size,
                    total=self._total if self._stage is Stage.CHECKING else 0,
                )
            )
