"""Carrying a bundle on several sticks: its files copied, in their order, until each is full.

The bundle is sealed and whole in a folder of the computer before the first stick is written, so
that every stick can have both manifests and say by itself what belongs to it. On each stick the
signed manifest comes last, and what was written is read back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync import limits
from sync.container import Cancelled
from sync.errors import BadOutcome, CancelledError, DriveError, NoRoomError
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
from sync.gather import listed_files, read_signed
from sync.verify import parse_signed

SLACK_BYTES: Final = 4 * limits.MIB
"""Left free on a stick: a file takes whole clusters (64 KiB at most on FAT), and so do folders."""

Step = Callable[[int, int], None]
"""Bytes of this bundle on sticks by now, bytes in all."""


@dataclass(frozen=True, slots=True)
class Stick:
    """What lies on a stick: the parts from ``first`` to before ``end``, of ``parts`` in all."""

    path: Path
    first: int
    end: int
    parts: int
    size: int

    @property
    def left(self) -> int:
        """Parts that are still to be put on another stick."""
        return self.parts - self.end


def spread(
    source: Path,
    parent: Path,
    *,
    first: int,
    room: int | None = None,
    progress: Step | None = None,
    cancelled: Cancelled | None = None,
    drive: Drive | None = None,
) -> Stick:
    """Copy the parts from ``first`` on into a folder of the same name in ``parent``.

    ``room`` is how many bytes this stick may take, at most what is free on it. Parts that are
    there already, from a run that was cut off, stay. Raises :class:`sync.errors.WriteError`:
    ``no_room`` when not even one part fits, ``cancelled``, and what the drive reports; a folder on
    a drive that failed stays, without a signed manifest, and is gone on with.
    """
    copying = _Copying(source, parent / source.name, first, progress, cancelled, drive or Drive())
    return copying.run(room)


class _Copying:
    def __init__(
        self,
        source: Path,
        target: Path,
        first: int,
        progress: Step | None,
        cancelled: Cancelled | None,
        drive: Drive,
    ) -> None:
        message = read_signed(source, drive)
        signed = message if isinstance(message, BadOutcome) else parse_signed(message)
        if isinstance(message, BadOutcome) or isinstance(signed, BadOutcome):
            raise DriveError(
                "drive_fault",
                "The bundle that was prepared on this computer is damaged. Begin the export again.",
            )
        self._source, self._target, self._drive = source, target, drive
        self._message = message
        self._files = listed_files(signed)
        self._parts = len(signed.parts)
        self._first = first
        self._progress, self._cancelled = progress, cancelled
        self._done = sum(self._record(index).size for index in range(first))
        self._total = sum(record.size for record in self._files.values())

    def run(self, room: int | None) -> Stick:
        made = not self._target.is_dir()
        with explained():
            if made:
                self._drive.make_folder(self._target)
        try:
            end = self._copy(self._allowed(room))
            while not self._finish(end):
                end -= 1  # the drive has less room than it says: the last part makes some
                self._discard(part_name(end))
                self._full(end)
        except (CancelledError, NoRoomError):
            self._drive.remove(self._target)
            raise
        size = sum(self._record(index).size for index in range(self._first, end))
        return Stick(self._target, self._first, end, self._parts, size)

    def _allowed(self, room: int | None) -> int:
        with explained():
            free = self._drive.free(self._target)
        kept = self._files[SEALED_NAME].size + len(self._message)
        if room is None or room > free - SLACK_BYTES:
            return free - SLACK_BYTES - kept
        return room - kept

    def _copy(self, allowed: int) -> int:
        """Parts until the room is used up; returns the first that is not on this stick."""
        for index in range(self._first, self._parts):
            name, record = part_name(index), self._record(index)
            there = self._there(name, record)
            if not there:
                if record.size > allowed:
                    return self._full(index)
                try:
                    self._put(name, self._read(name, record))
                except NoRoomError:  # the drive has less than it says
                    self._discard(name)
                    return self._full(index)
                allowed -= record.size
            self._done += record.size
            self._pulse(0)
        return self._parts

    def _full(self, index: int) -> int:
        if index == self._first:
            raise NoRoomError(
                "no_room",
                "Not one file of the bundle fits here. A stick, or a size, of 16 MB is enough for "
                "one; more is better. Nothing was left on it.",
            )
        return index

    def _finish(self, end: int) -> bool:
        """Both manifests, the signed one last; False when there is no room for them."""
        try:
            self._put(SEALED_NAME, self._read(SEALED_NAME, self._files[SEALED_NAME]))
            self._compare(end)
            self._put(SIGNED_NAME, self._message)
        except NoRoomError:
            for name in (SEALED_NAME, SIGNED_NAME):
                self._discard(name)
            return False
        if not self._there(SIGNED_NAME, FileRecord.of(self._message)):
            raise copy_differs(SIGNED_NAME)
        return True

    def _compare(self, end: int) -> None:
        """What was written, read back, before the signed manifest says that it counts."""
        for name in (SEALED_NAME, *(part_name(index) for index in range(self._first, end))):
            if not self._there(name, self._files[name]):
                raise copy_differs(name)

    def _record(self, index: int) -> FileRecord:
        return self._files[part_name(index)]

    def _there(self, name: str, record: FileRecord) -> bool:
        try:
            with explained():
                found = self._drive.measure(
                    self._target / name, limit=record.size, pulse=self._pulse
                )
        except (AbsentError, OversizeError):
            return False
        return found == record

    def _read(self, name: str, record: FileRecord) -> bytes:
        try:
            with explained():
                data = self._drive.read(self._source / name, limit=record.size)
        except (AbsentError, OversizeError):
            data = b""
        if FileRecord.of(data) != record:
            raise DriveError(
                "drive_fault",
                "The bundle that was prepared on this computer is damaged. Begin the export again.",
                detail=name,
            )
        return data

    def _put(self, name: str, data: bytes) -> None:
        self._discard(name)
        with explained():
            self._drive.put(self._target / name, data, pulse=self._pulse)

    def _discard(self, name: str) -> None:
        with explained():
            for leftover in (name, name + PARTIAL_SUFFIX):
                self._drive.discard(self._target / leftover)

    def _pulse(self, size: int) -> None:
        if self._cancelled is not None and self._cancelled():
            raise CancelledError("cancelled", "Stopped, as asked. Nothing was left behind.")
        if self._progress is not None:
            self._progress(self._done, self._total)
