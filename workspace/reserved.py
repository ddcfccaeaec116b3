"""Numbers of papers are spoken for before anything is signed, and each is accounted for.

A run reserves what it needs in a commit of its own, by an entry, and issues from that alone. What
was reserved and not issued, because the run was stopped, refused or killed, is said to be spoiled:
the registry then counts its place in the status list as revoked, so that a page which got away is
not good. A note beside the ledger says what is still open, and where files of the run lie.
"""

from __future__ import annotations

import glob
import hmac
import re
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.errors import StoreError
from ledger import kinds
from ledger.entry import Subject
from ledger.trust import StatusIndex
from values import cbor
from values.secret import Secret
from workspace.act import number
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from db.store import Reader, UnitOfWork
    from ledger.entry import Entry
    from workspace.session import Session

STATUS_COUNTER = "status_index"
DOCUMENTS = "D"
"""The series whose numbers have a place in the status list."""
KILLED = "the program ended while they were printed"
ENDED = "the run ended before they were issued"
_UNDER_WAY = "under_way/"
_LEFT = re.compile(r"\.[0-9a-f]{8}")
"""How the temporary name of a file ends while it is written: see `workspace.files.prepared`."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A number that is spoken for, and its place in the status list; sheets without a code have
    none."""

    number: str
    index: int | None


class Reservation:
    """What one run has reserved. Each number is on one page, and stays open until `issued`."""

    def __init__(self, session: Session, series: str, out: Path | None) -> None:
        self._session = session
        self._series = series
        self._out = str(out.absolute()) if out is not None else ""
        self._epoch = session.epoch
        self._key = self._new_key()
        self._noted = False
        self._left: deque[Paper] = deque()
        self._taken: list[Paper] = []

    def reserve(self, count: int) -> None:
        """See that so many numbers are there to be handed out. Commits, also the first time that
        none is needed: the note says where the run writes."""
        session, missing = self._session, count - len(self._left)
        self._taken.clear()
        if missing > 0:
            with session.act() as act:
                if session.epoch != self._epoch:
                    # What is open of the former epoch is left to be settled under its own note.
                    self._epoch, self._key = session.epoch, self._new_key()
                    self._left.clear()
                    missing = count
                new = [self._given(act.unit) for _ in range(missing)]
                act.say(
                    kinds.NUMBERS_RESERVED,
                    Subject("office", session.office.id),
                    {"papers": [_said(one) for one in new]},
                )
                self._note(act.unit, [*self._open(act.unit), *new])
            self._left += new
        elif not self._noted:
            with session.store.write() as unit:
                self._note(unit, [])
        self._noted = True

    def take(self) -> Paper:
        """The next number, in an act. Raises `RefusedError` when none is left, and when another
        epoch has begun: a place in the list of one is none in that of another."""
        if not self._left or self._session.epoch != self._epoch:
            raise RefusedError(
                "changed_meanwhile", "The record was changed while it was printed. Print it now."
            )
        self._taken.append(self._left.popleft())
        return self._taken[-1]

    def drawn_in_vain(self) -> None:
        """What was taken since `reserve` was on pages that never left memory: this run may take it
        once more."""
        self._left.extendleft(reversed(self._taken))
        self._taken.clear()

    def issued(self, unit: UnitOfWork, numbers: Collection[str]) -> None:
        """In the commit that issues them: these are accounted for."""
        self._note(unit, [one for one in self._open(unit) if one.number not in numbers])

    def _given(self, unit: UnitOfWork) -> Paper:
        session, index = self._session, None
        if self._series == DOCUMENTS:
            counter = unit.next_counter(f"{STATUS_COUNTER}/{session.epoch.hex()}")
            index = _order(session).index(counter)
        return Paper(number(session, unit, self._series), index)

    def _open(self, unit: UnitOfWork) -> list[Paper]:
        raw = unit.setting(self._key)
        return _Note.read(raw).papers if raw is not None else []

    def _note(self, unit: UnitOfWork, papers: list[Paper]) -> None:
        unit.put_setting(self._key, _Note(self._epoch, self._out, papers).written())

    def _new_key(self) -> str:
        return _UNDER_WAY + self._session.env.entropy(8).hex()


@contextmanager
def under_way(session: Session, series: str, out: Path | None = None) -> Iterator[Reservation]:
    """A run that writes papers of a series, into a file beside `out` or into memory.

    Before it what a killed run left is settled, after it what this one left. A store that cannot be
    written now is settled the next time.
    """
    settle(session, KILLED)
    try:
        yield Reservation(session, series, out)
    finally:
        with suppress(OSError, StoreError):
            settle(session, ENDED)


def settle(session: Session, reason: str) -> None:
    """Say of every number that is open that it is spoiled, and remove the files that were left.

    For nobody but whoever holds the workspace, with no run under way. A folder that is not there
    now, as on a stick, is looked at again the next time.
    """
    with session.store.read() as reader:
        notes = {key: _Note.read(raw) for key, raw in reader.settings(_UNDER_WAY).items()}
    swept = {key for key, one in notes.items() if not one.out or _swept(Path(one.out))}
    if not any(one.papers or key in swept for key, one in notes.items()):
        return
    with session.act() as act:
        for key, one in notes.items():
            if one.papers:
                act.say(
                    kinds.NUMBERS_SPOILED,
                    Subject("office", session.office.id),
                    {
                        "epoch": one.epoch,
                        "papers": [_said(paper) for paper in one.papers],
                        "reason": reason,
                    },
                )
            if key in swept:
                act.unit.delete_setting(key)
            else:
                act.unit.put_setting(key, _Note(one.epoch, one.out, []).written())


def spoiled_papers(session: Session, reader: Reader) -> Iterator[tuple[Entry, Paper]]:
    """The numbers of this office that were never issued: each with the entry that says so."""
    for entry in reader.entries_of_kind(kinds.NUMBERS_SPOILED, "office"):
        if entry.header.office == session.office.id and entry.body is not None:
            for one in entry.body["papers"]:
                yield entry, Paper(one["number"], one.get("status_index"))


@dataclass(frozen=True, slots=True)
class _Note:
    epoch: bytes
    out: str
    papers: list[Paper]

    @classmethod
    def read(cls, raw: bytes) -> _Note:
        said = cbor.decode(raw)
        return cls(said["epoch"], said["out"], [Paper(*one) for one in said["papers"]])

    def written(self) -> bytes:
        papers = [[one.number, one.index] for one in self.papers]
        return cbor.encode({"epoch": self.epoch, "out": self.out, "papers": papers})


def _said(paper: Paper) -> dict[str, Any]:
    said: dict[str, Any] = {"number": paper.number}
    return said if paper.index is None else said | {"status_index": paper.index}


def _order(session: Session) -> StatusIndex:
    """The epoch's secret order of indices, so that nobody reads counts from documents."""
    key = hmac.digest(session.office.keys.status.reveal(), session.epoch, "sha256")
    return StatusIndex(Secret(key))


def _swept(out: Path) -> bool:
    """Whether what a killed run left beside the place is gone: plain text with people in it."""
    try:
        if not out.parent.is_dir():
            return False
        for old in out.parent.glob(f".{glob.escape(out.name)}.*"):
            if _LEFT.fullmatch(old.name.removeprefix(f".{out.name}")) and old.is_file():
                old.unlink()
    except OSError:
        return False
    return True
