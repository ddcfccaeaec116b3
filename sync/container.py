"""Writing the container that bundles and notices share.

Parts first, then the sealed manifest, the signed manifest last: a folder without it is
unfinished and says so. Every file goes through a temporary name, fsync and rename. At the end
everything is read back from the drive and compared. Whatever interrupts removes the folder,
unless a journal remembers what lies finished in it: then a drive that was pulled out, or a program
that was killed, leaves parts with which a second run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ledger import cose
from ledger.keys import SigningKey
from sync import limits
from sync.done import DonePart, Going, Keep
from sync.errors import CancelledError, DriveError, NotPackableError
from sync.folder import (
    PARTIAL_SUFFIX,
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
from sync.workers import on_threads
from values.clock import Entropy

_NAME_BYTES: Final = 8  # 16 hexadecimal digits: never twice on one stick, and short to read out
_NAME_TRIES: Final = 8
_LOOK_SECONDS: Final = 0.1
"""Between two looks whether a part has reached the drive: a cancel is heard as soon."""


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

    Leaving the statement before :meth:`finish`, by an error or a cancel, removes the folder. With
    ``keep``, which is told of every part that has reached the drive, the folder stays when it was
    the drive that failed. ``going`` is what was kept of a folder in ``parent``: the parts that are
    still as they were written are its beginning, everything after the first that is not is gone.
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
        going: Going | None = None,
        keep: Keep | None = None,
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
        self._keep = keep
        self._parts: list[DonePart] = []
        self._items = dict.fromkeys(PartKind, 0)
        self._size = 0
        self._total = 0
        self._stage = Stage.WRITING
        self._finished = False
        if going is None:
            self.path = self._make(parent, entropy)
        else:
            self.path = parent / going.folder
            self._go_on(going)
        if keep is not None:
            keep(self.path, self.parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        kept = self._keep is not None and isinstance(error, DriveError)
        if not self._finished and not kept:
            self._drive.remove(self.path)

    @property
    def parts(self) -> tuple[DonePart, ...]:
        """The parts that lie finished in the folder."""
        return tuple(self._parts)

    @property
    def infos(self) -> tuple[PartInfo, ...]:
        """What the parts written so far hold, for the sealed manifest."""
        return tuple(part.info for part in self._parts)

    def add(self, parts: Iterable[PackedPart]) -> None:
        """Seal and write parts as they come; a few are in memory at a time.

        Raises a :class:`WriteError`.
        """
        tasks = ((part, self._recipients) for part in parts)
        with ThreadPoolExecutor(1) as hand:
            landing: tuple[Future[None], DonePart] | None = None
            for info, last, sealed, record in on_threads(seal_part, tasks):
                if landing is not None:
                    self._land(*landing)
                index = len(self._parts)
                if index >= limits.MAX_PARTS:
                    raise NotPackableError(
                        "contents", "This is too much for one bundle. Ask for help with the export."
                    )
                # On the drive while the next part is read and packed; never two at once, so that
                # whatever happens at most one part lies there that nobody counts.
                putting = hand.submit(self._drive.put, self.path / part_name(index), sealed)
                landing = putting, DonePart(info, record, last)
            if landing is not None:
                self._land(*landing)

    def _land(self, putting: Future[None], part: DonePart) -> None:
        """Wait until a part has reached the drive, and count it."""
        self._stage = Stage.WRITING
        while not wait([putting], _LOOK_SECONDS).done:
            self._pulse(0)
        with explained():
            putting.result()
        self._total += part.record.size
        self._count(part)
        if self._keep is not None:
            self._keep(self.path, self.parts)
        self._pulse(part.record.size)

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
            parts=tuple(part.record for part in self._parts),
            certificates=tuple(certificates),
        )
        message = cose.sign1(signed.to_bytes(), signer, external_aad=SIGNED_CONTEXT)
        self._check({SEALED_NAME: record, **self._numbered()})
        last = self._put(SIGNED_NAME, message)
        self._check({SIGNED_NAME: last})
        self._finished = True
        return Written(self.path, signed, sealed, self._total)

    def _numbered(self) -> dict[str, FileRecord]:
        return {part_name(index): part.record for index, part in enumerate(self._parts)}

    def _count(self, part: DonePart) -> None:
        self._parts.append(part)
        self._items[part.info.kind] += part.info.items

    def _go_on(self, going: Going) -> None:
        """Count the parts that are still as they were written, and clear away what follows."""
        self._stage = Stage.CHECKING
        for index, part in enumerate(going.parts):
            try:
                with explained():
                    found = self._drive.measure(
                        self.path / part_name(index), limit=part.record.size, pulse=self._pulse
                    )
            except (AbsentError, OversizeError):
                break
            if found != part.record:
                break
            self._count(part)
            self._total += part.record.size
        self._stage, self._size = Stage.WRITING, self._total
        following = [part_name(index) for index in range(len(self._parts), len(going.parts) + 1)]
        with explained():
            for name in [*following, SEALED_NAME, SIGNED_NAME]:
                for leftover in (name, name + PARTIAL_SUFFIX):
                    self._drive.discard(self.path / leftover)

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
        """Read back, two files at once. All of them at the end, and not each as it was written: a
        stick that claims more room than it has writes over its beginning."""
        self._stage, written, self._size = Stage.CHECKING, self._size, 0
        for (name, record), found in zip(
            files.items(), on_threads(self._found, files.items()), strict=True
        ):
            if found != record:
                raise copy_differs(name)
            self._pulse(record.size)
        self._size = written

    def _found(self, file: tuple[str, FileRecord]) -> FileRecord | None:
        """What lies under a name now; None for no file, or a larger one."""
        name, record = file
        try:
            with explained():
                return self._drive.measure(self.path / name, limit=record.size)
        except (AbsentError, OversizeError):
            return None

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
                    parts=len(self._parts),
                    size=self._size,
                    total=self._total if self._stage is Stage.CHECKING else 0,
                )
            )


def seal_part(
    task: tuple[PackedPart, tuple[str, ...]],
) -> tuple[PartInfo, bytes, bytes, FileRecord]:
    """What is costly about a part, apart from everything else: compress, seal, hash. Done on a
    thread, while the next part is read and the last one written. Recipients were checked before."""
    part, recipients = task
    sealed = seal(part.plain, recipients)
    return part.info, part.last, sealed, FileRecord.of(sealed)
