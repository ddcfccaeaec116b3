"""What lies finished of a container that is still being written, for whoever goes on with it.

An export may be cut off: the stick is pulled out, the program killed, the battery empty. The parts
that had reached the drive are whole and stay good; which they are is remembered on the computer,
never on the drive, and compared with the drive before anything is added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sync import fields
from sync.fields import Reader
from sync.folder import FileRecord
from sync.parts import PartInfo, PartKind
from values import cbor

VERSION = 1


@dataclass(frozen=True, slots=True)
class DonePart:
    """A part on the drive: what it holds, its file, and the name of its last photo."""

    info: PartInfo
    record: FileRecord
    last: bytes = b""


@dataclass(frozen=True, slots=True)
class Going:
    """A folder that was begun, by its name, and the parts that lie in it, in order."""

    folder: str
    parts: tuple[DonePart, ...]

    @property
    def entries(self) -> int:
        """How many entries its parts hold."""
        return sum(part.info.items for part in self.parts if part.info.kind is PartKind.ENTRIES)

    def to_bytes(self) -> bytes:
        """For the writer's own store."""
        return cbor.encode({0: VERSION, 1: self.folder, 2: [_row(part) for part in self.parts]})

    @classmethod
    def from_bytes(cls, data: bytes) -> Going:
        """The reverse. Raises :class:`sync.errors.FormatError`."""
        reader = Reader.over(data, version=VERSION)
        return cls(reader.text(1), tuple(map(_part, reader.list(2, most=20_000))))


Keep = Callable[[Path, Sequence[DonePart]], None]
"""Told of the folder and its finished parts: when it was made, and after each part."""


def _row(part: DonePart) -> list[object]:
    info, record = part.info, part.record
    return [info.kind.value, info.items, info.size, record.sha256, record.size, part.last]


def _part(item: object) -> DonePart:
    kind, items, size, sha256, length, last = fields.as_list(item, length=6)
    return DonePart(
        PartInfo(PartKind(fields.as_text(kind)), fields.as_natural(items), fields.as_natural(size)),
        FileRecord(fields.as_bytes(sha256, length=32), fields.as_natural(length)),
        fields.as_bytes(last),
    )
