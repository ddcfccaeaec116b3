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
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from station import export as exporting
from station import line as lines
from station.receive import GAP, Outcome, receive
from station.setup import NOTICE_NUMBER
from station.spool import NOTICES, Spool, Spooled, Turn, at_once
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
from sync.limits import NOTICES_AT_ONCE
from sync.verify import parse_signed, total_size
from workspace import service
from workspace.errors import NotEnrolledError, RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.http import Times
    from sync.http_patience import Patience
    from workspace.session import Session

WAIT_SECONDS: Final = 60.0
"""How long a sync waits for admission; a country's registry may need longer, and the next sync
asks again."""
ASK_SECONDS: Final = 20.0
"""How long one question may wait for its answer there; a cancel is heard after it."""
_DRIVE = Drive()
_ENDED = frozenset({"imported", "refused", "aside"})


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
    spool = Spool(session, turn)
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


class _Work:
    """One sync, while the line stands."""

    def __init__(
        self,
        session: Session,
        line: Line,
        spool: Spool,
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
        while True:
            gap = self._take_each(numbers)
            if gap is None:
                if len(numbers) < NOTICES_AT_ONCE or numbers[-1] <= last:
                    break
                last = numbers[-1]  # there may be more
            else:
                # Numbers repeat after a restore of the registry, so what is missed may have one
                # that was taken: it is looked for further back. What was taken is known by its
                # contents.
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
