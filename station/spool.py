"""The spool: bundles on their way over a network, inside the workspace until a receipt covers them.

So a broken upload goes on where it stopped. What lies here is not written into another bundle by a
sync.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from uuid import UUID

from station import export as exporting
from sync.inspect import inspect
from values import cbor
from values.identifiers import BundleId
from workspace.exported import covered_upto

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workspace.session import Session

SPOOL: Final = "spool"
SETTING: Final = "spool"
NOTICES: Final = "notices"

T = TypeVar("T")


class Turn(Protocol):
    """Runs what touches the workspace, and gives back what came of it.

    A line may be slow for an hour: whoever has one thread for the workspace lets a sync run on
    another, and takes these pieces, which are short, in turn with other work.
    """

    def __call__(self, fn: Callable[[], T], /) -> T: ...


def at_once(fn: Callable[[], T]) -> T:
    """For a program that does nothing else meanwhile."""
    return fn()


@dataclass(frozen=True, slots=True)
class Spooled:
    """A bundle that is on its way."""

    id: BundleId
    folder: str
    entries: int
    ranges: Mapping[bytes, tuple[int, int]]
    """By epoch, the first and the last sequence in it."""
    there: bool = False
    """The service has taken all of it over; nothing counts as sent before."""

    def to_body(self) -> dict[str, Any]:
        """Plain values for the store."""
        return {
            "id": self.id.bytes,
            "folder": self.folder,
            "entries": self.entries,
            "ranges": {epoch: list(ends) for epoch, ends in self.ranges.items()},
            "there": self.there,
        }

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Spooled:
        """The reverse."""
        return cls(
            id=BundleId(UUID(bytes=body["id"])),
            folder=str(body["folder"]),
            entries=int(body["entries"]),
            ranges={epoch: (first, last) for epoch, (first, last) in body["ranges"].items()},
            there=body.get("there") is True,  # absent in what an earlier program kept
        )


def on_their_way(session: Session) -> list[Spooled]:
    """The bundles in the spool, the oldest first."""
    with session.store.read() as reader:
        raw = reader.setting(SETTING)
    return [Spooled.from_body(body) for body in cbor.decode(raw)] if raw else []


class Spool:
    """Bundles on their way: folders in the workspace, and what the store knows of them."""

    def __init__(self, session: Session, turn: Turn) -> None:
        self._session = session
        self._turn = turn
        self.folder = session.folder / SPOOL

    def bundles(self) -> list[Spooled]:
        """Those on their way, the oldest first."""
        return self._turn(partial(on_their_way, self._session))

    def path(self, one: Spooled) -> Path:
        """Where its files lie."""
        return self.folder / one.folder

    def beyond(self) -> dict[bytes, int]:
        """How far the chain is on its way without a gap, by epoch."""
        return self._turn(self._beyond)

    def _beyond(self) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        office = self._session.office.id
        with self._session.store.read() as reader:
            for one in on_their_way(self._session):
                for epoch, (first, last) in one.ranges.items():
                    before = found.get(epoch, covered_upto(reader, office, epoch))
                    # Behind a gap: a registry that fell back lost what lies before it.
                    found[epoch] = max(before, last) if first <= before + 1 else before
        return found

    def tidy(self) -> None:
        """Drop what a receipt covers, what is damaged, and what a kill left of no use.

        Entries of a bundle that is dropped without a receipt are simply exported again.
        """
        self.folder.mkdir(mode=0o700, exist_ok=True)
        uncovered = self._turn(self._uncovered)
        whole = {one.id for one in uncovered if inspect(self.path(one)).whole}
        self._keep([one for one in uncovered if one.id in whole])

    def _uncovered(self) -> list[Spooled]:
        office = self._session.office.id
        with self._session.store.read() as reader:
            return [
                one
                for one in on_their_way(self._session)
                if any(
                    covered_upto(reader, office, epoch) < last
                    for epoch, (_, last) in one.ranges.items()
                )
            ]

    def add(self, made: exporting.Exported) -> Spooled:
        """Remember a bundle that was just written."""
        ends = {run.epoch: (run.after + 1, run.upto) for run in made.runs}
        one = Spooled(made.id, made.bundle.name, made.entries, ends)
        self._keep([*self.bundles(), one])
        return one

    def arrived(self, one: Spooled) -> None:
        """The service has taken all of it over."""
        if not one.there:
            self._keep([
                replace(other, there=True) if other.id == one.id else other
                for other in self.bundles()
            ])  # fmt: skip

    def drop(self, *gone: Spooled) -> None:
        """Forget bundles: the registry has them, or will never take them."""
        ids = {one.id for one in gone}
        self._keep([other for other in self.bundles() if other.id not in ids])

    def _keep(self, bundles: list[Spooled]) -> None:
        self._turn(partial(self._write, bundles))
        names = {NOTICES, *(one.folder for one in bundles)}
        if begun := self._turn(partial(exporting.cut_off, self._session, self.folder)):
            names.add(begun.name)
        for path in self.folder.iterdir():
            if path.name not in names:
                shutil.rmtree(path, ignore_errors=True)

    def _write(self, bundles: list[Spooled]) -> None:
        with self._session.store.write() as unit:
            unit.put_setting(SETTING, cbor.encode([one.to_body() for one in bundles]))
