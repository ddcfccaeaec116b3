"""An export that is under way: what it was begun with, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from sync import fields
from sync.done import Going
from sync.fields import Reader
from values import cbor
from values.identifiers import BundleId

VERSION = 1
MAX_RUNS = 1_000


@dataclass(frozen=True, slots=True)
class Run:
    """Of one epoch, the entries after one sequence up to another."""

    epoch: bytes
    after: int
    upto: int


@dataclass(frozen=True, slots=True)
class Begun:
    """`first` and `last` are of the epoch in force, as the entry about the export says them.
    `going` is the folder and its finished parts, once there is one."""

    bundle: BundleId
    runs: tuple[Run, ...]
    first: int
    last: int
    going: Going | None = field(default=None)

    def to_bytes(self) -> bytes:
        """For a setting of the store."""
        return cbor.encode(
            {
                0: VERSION,
                1: self.bundle.bytes,
                2: [[run.epoch, run.after, run.upto] for run in self.runs],
                3: self.first,
                4: self.last,
                5: self.going.to_bytes() if self.going else None,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The reverse. Raises `sync.errors.FormatError`."""
        reader = Reader.over(data, version=VERSION)
        going = reader.get(5)
        return cls(
            bundle=BundleId(reader.uuid(1)),
            runs=tuple(_run(item) for item in reader.list(2, most=MAX_RUNS)),
            first=reader.natural(3),
            last=reader.natural(4),
            going=None if going is None else Going.from_bytes(fields.as_bytes(going)),
        )


def _run(item: object) -> Run:
    epoch, after, upto = fields.as_list(item, length=3)
    return Run(fields.as_bytes(epoch), fields.as_natural(after), fields.as_natural(upto))
