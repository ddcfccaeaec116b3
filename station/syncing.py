"""Syncing over a network: what no receipt covers goes up, notices come down, and nothing is lost
whenever the line breaks.

A bundle is written into the *spool* inside the workspace and stays there until a receipt covers
it, so that a broken upload goes on where it stopped. What lies in the spool is not written into
another bundle by a sync; one whose writing was cut off is written to its end first. Notices are
taken by `station.receive`, in order, as from a stick.
"""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from uuid import UUID

from station import export as exporting
from station import line as lines
from station.receive import GAP, Outcome, receive
from station.setup import NOTICE_NUMBER
from sync.errors import (
    BadOutcome,
    CancelledError,
    FalseServiceError,
    NotAdmittedError,
    ServiceError,
    SyncError,
)
from sync.folder import Drive
from sync.gather import listed_files, read_signed
from sync.http import Line, check_url, pinned
from sync.inspect import inspect
from sync.verify import parse_signed, total_size
from values import cbor
from values.identifiers import BundleId
from workspace import service
from workspace.errors import NotEnrolledError, RefusedError
from workspace.exported import covered_upto
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sync.http import Times
    from sync.http_patience import Patience
    from workspace.session import Session

SPOOL: Final = "spool"
SETTING: Final = "spool"
NOTICES: Final = "notices"
WAIT_SECONDS: Final = 60.0
"""How long a sync waits for admission; a country's registry may need longer, and the next sync
asks again."""
ASK_SECONDS: Final = 20.0
"""How long one question may wait for its answer there; a cancel is heard after it."""
_DRIVE = Drive()
_ENDED = frozenset({"imported", "refused", "aside"})

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


class Stage(StrEnum):
    """What a sync is doing."""

    WRITING = "writing"
    SENDING = "sending"
    WAITING = "waiting"
    RECEIVING = "receiving"


@dataclass(frozen=True, slots=True)
class Step:
    """How far a sync is: entries while it writes, bytes while it sends, notices while it receives.
    `part` of `parts` are there, and the bundle holds `entries`."""

    stage: Stage
    done: int = 0
    total: int = 0
    part: int = 0
    parts: int = 0
    entries: int = 0


Told = Callable[[Step], None]


@dataclass(slots=True)
class Synced:
    """What a sync did, as far as it came.

    `uploaded` counts entries that the service took over in this run, `acknowledged` those that a
    receipt covers now and did not before. `waiting` says that a bundle is there and not yet taken
    in. `refused` are sentences about bundles that the registry did not take.
    """

    uploaded: int = 0
    acknowledged: int = 0
    parts: int = 0
    bytes: int = 0
    notices: list[int] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waiting: bool = False


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


def sync(
    session: Session,
    *,
    patience: Patience,
    url: str | None = None,
    done: Synced | None = None,
    wait_seconds: float = WAIT_SECONDS,
    ask_seconds: float = ASK_SECONDS,
    times: Times | None = None,
    told: Told = lambda step: None,
    cancelled: Callable[[], bool] = lambda: False,
    turn: Turn = at_once,
) -> Synced:
    """Export, upload what the service lacks, and take the notices that answer. A notice that
    cannot be taken holds up no upload.

    `url` is where the service is, unless the newest grant or notice is to be believed. `done` is
    filled as the work goes on, so that it tells how far it came when this raises: the errors of
    `sync.errors` when the line broke or the service refused, and `RefusedError`.
    """
    require(session, Right.EXPORT)
    require(session, Right.RECEIVE)
    if not session.office.enrolled:
        raise NotEnrolledError
    done = done if done is not None else Synced()
    where, context = turn(partial(_service, session, url))
    spool = _Spool(session, turn)
    spool.tidy()

    def write(*, beyond: Mapping[bytes, int]) -> Spooled:
        def progress(at: int, of: int) -> None:
            told(Step(Stage.WRITING, at, of))

        return spool.add(turn(partial(
            exporting.export, session, spool.folder,
            beyond=beyond, progress=progress, cancelled=cancelled,
        )))  # fmt: skip

    if turn(partial(exporting.cut_off, session, spool.folder)):
        write(beyond=exporting.NOTHING)
    with Line(
        where,
        office=session.office.id,
        key=turn(session.office.keys.signing_key),
        context=context,
        patience=patience,
        times=times,
        cancelled=cancelled,
    ) as line:
        patient = min(wait_seconds, ask_seconds)
        work = _Work(session, line, spool, done, told, turn, ask_seconds)
        for one in spool.bundles():
            work.send(one)
        if spool.bundles():
            work.await_answers(wait_seconds)
        trouble = _trouble(partial(work.take_notices, wait=patient))
        beyond = spool.beyond()
        if not done.refused and turn(partial(exporting.waits, session, beyond=beyond)):
            work.send(write(beyond=beyond))
            if trouble is None:
                work.await_answers(wait_seconds)
                work.take_notices(wait=patient)
    if trouble is not None:
        raise trouble
    return done


def _trouble(take: Callable[[], None]) -> Exception | None:
    """Take notices; returns what stood in the way, so that new work goes up before it is raised.

    What shuts the station out, or stops it, is raised at once.
    """
    try:
        take()
    except (CancelledError, FalseServiceError, NotAdmittedError):
        raise
    except (SyncError, RefusedError) as error:
        return error
    return None


def _service(session: Session, url: str | None) -> tuple[str, ssl.SSLContext | None]:
    """Where to go, and what to believe there. Raises `RefusedError` when that is not known."""
    with session.store.read() as reader:
        known = service.held(reader)
    if url is None and known is None:
        raise RefusedError(
            "no_service",
            "This station does not know where the registry's service is. Give its address with "
            "--url, or take a newer notice.",
        )
    try:
        where = check_url(url or (known.url if known else ""))
    except ServiceError as error:
        raise RefusedError(error.code, error.sentence) from error
    if where.startswith("http://"):
        return where, None
    if known is None:
        raise RefusedError(
            "no_authority",
            "This station does not know the certificate of the registry's service yet. It comes "
            "with the next notice: take one from a stick first.",
        )
    try:
        return where, pinned(known.authority)
    except ssl.SSLError as error:
        raise RefusedError(
            "bad_authority",
            "The certificate of the registry's service cannot be read. Take a newer notice.",
        ) from error


class _Spool:
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


class _Work:
    """One sync, while the line stands."""

    def __init__(
        self,
        session: Session,
        line: Line,
        spool: _Spool,
        done: Synced,
        told: Told,
        turn: Turn,
        ask_seconds: float,
    ) -> None:
        self._session = session
        self._line = line
        self._spool = spool
        self._done = done
        self._told = told
        self._turn = turn
        self._ask_seconds = ask_seconds
        self._ahead: list[Spooled] = []
        """Bundles that the service has and that wait for admission."""
        self._answered: list[Spooled] = []
        """Bundles that were taken in: the notices to come speak of them."""

    def send(self, one: Spooled) -> None:
        """Bring a bundle to the service, as far as it is not there."""
        known = self._line.state(one.id)
        if known is None or known.state == "missing":
            self._upload(one)
            self._done.uploaded += one.entries
        self._spool.arrived(one)
        self._ahead.append(one)

    def _upload(self, one: Spooled) -> None:
        path = self._spool.path(one)
        message = read_signed(path, _DRIVE)
        signed = message if isinstance(message, BadOutcome) else parse_signed(message)
        if isinstance(message, BadOutcome) or isinstance(signed, BadOutcome):
            raise RefusedError(
                "spool", "The bundle in the spool is damaged. Sync again: it is written anew."
            )
        names = {record.sha256.hex(): (name, record.size)
                 for name, record in listed_files(signed).items()}  # fmt: skip
        total = total_size(signed)
        there = self._line.have(list(names))
        at = sum(names[sha256][1] for sha256 in there.have)
        whole = len(there.have)

        def moved(count: int) -> None:
            nonlocal at
            at += count
            bytes_ = max(0, min(at, total))
            self._told(Step(Stage.SENDING, bytes_, total, whole, len(names), one.entries))

        moved(0)
        lacking = [sha256 for sha256 in names if sha256 not in there.have]
        begun = there.begun
        while True:
            for sha256 in lacking:
                name, size = names[sha256]
                start = begun.get(sha256, 0)
                start = start if start < size else 0
                moved(start)
                self._line.put(sha256, path / name, start=start, moved=moved)
                whole = min(whole + 1, len(names))
                moved(0)
                self._done.parts += 1
                self._done.bytes += size - start
            said = self._line.offer(one.id, message)
            if said.state != "missing":
                return
            # Dropped there in between, or by a fault of its disk: once more, from the beginning.
            lacking = [sha256 for sha256 in said.missing if sha256 in names]
            if not lacking or not self._line.once_more():
                raise ServiceError(
                    "missing", "The service loses what is sent to it. Ask the registry to look."
                )
            begun = {}

    def await_answers(self, seconds: float) -> None:
        """Wait until admission is through with what was sent; not for ever."""
        left = seconds
        for one in self._ahead:
            self._told(Step(Stage.WAITING, entries=one.entries))
            while True:
                wait = min(left, self._ask_seconds)
                said = self._line.state(one.id, wait=wait)
                left -= wait
                if said is None or said.state in _ENDED or said.late or left <= 0.0:
                    break
            if said is not None and said.state == "refused":
                # Its entries are covered by nothing, so the next bundle has them again.
                self._done.refused.append(said.sentence)
                self._spool.drop(one)
            elif said is not None and said.state == "aside":
                self._done.refused.append(said.sentence)
            elif said is not None and said.state == "imported":
                self._answered.append(one)
            else:
                self._done.waiting = True
        self._ahead.clear()

    def take_notices(self, *, wait: float) -> None:
        """Fetch and take the notices that this station lacks, in order."""
        last = self._turn(partial(_last_notice, self._session))
        numbers = self._line.notices(last, wait=wait)
        self._turn(partial(lines.answered, self._session))
        back = 1
        while (gap := self._take_each(numbers)) is not None:
            # Numbers repeat after a restore of the registry, so what is missed may have one that
            # was taken: it is looked for further back. What was taken is known by its contents.
            number, refused = gap
            if last == 0 and back > 1:
                raise refused
            last = max(0, number - 1 - back)
            back *= 2
            numbers = self._line.notices(last, wait=wait)
        # What these notices do not cover is held there for a gap: it is exported again with what
        # lies before it, as onto a stick.
        self._spool.drop(*self._answered)
        self._answered.clear()
        self._spool.tidy()

    def _take_each(self, numbers: Sequence[int]) -> tuple[int, RefusedError] | None:
        """Take these; the number and the refusal of the first before which one is missing."""
        for at, number in enumerate(numbers):
            self._told(Step(Stage.RECEIVING, at, len(numbers)))
            folder = self._spool.folder / NOTICES / str(number)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in self._line.notice_files(number):
                self._line.fetch(number, file, folder)
            try:
                got = self._turn(partial(receive, self._session, folder))
            except RefusedError as refused:
                if refused.code != GAP:
                    raise
                return number, refused
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            self._done.notices.append(number)
            self._done.acknowledged += got.acknowledged
            self._done.outcomes += got.outcomes
            self._done.alarms += got.alarms
        return None


def _last_notice(session: Session) -> int:
    with session.store.read() as reader:
        return int(reader.setting(NOTICE_NUMBER) or b"0")
