"""Admission: takes in what the front staged, and leaves the notices that answer.

It has the registry open for writing while there is something to do, and a little longer: one
program writes a registry, and its staff want to work too. While they do, what arrives waits.
One bundle after the other, in the order of their arrival; the same bundle again changes nothing,
so whatever a kill interrupted is begun again.
"""

from __future__ import annotations

import logging
import shutil
import time
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.errors import ConnectionLostError, StoreFullError, WorkspaceBusyError
from registry import notices, trust
from registry.admit import import_bundle
from registry.service.known import Caller, Known
from registry.service.staging import Result
from registry.stations import stations
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from registry.service.staging import Question, Staged, Staging
    from registry.stations import Station
    from values.identifiers import OfficeId
    from workspace.session import Session

log = logging.getLogger("waystation.service")

TRIES: Final = 3
"""Of one bundle whose import ended with a fault of ours or with our end, before it is put aside:
the bundles of others must go on."""
LOOK_SECONDS: Final = 0.1
"""Between two looks at the bell."""
ROUND_SECONDS: Final = 5.0
"""Between two looks at everything, whether the bell was rung or not."""
LINGER_SECONDS: Final = 3.0
"""The registry stays open for so long when nothing is left to do."""
KNOWN_SECONDS: Final = 30.0
"""Between two looks at who is enrolled, while nothing else is to do."""
SWEEP_SECONDS: Final = 3600.0
"""Between two looks for what nobody needs any more."""
ORPHAN_SECONDS: Final = 30 * 86400.0
"""Parts of no bundle are dropped after this; the station has them still."""
TOLD_SECONDS: Final = 400 * 86400.0
"""What became of a bundle is forgotten after this; one that comes again then is known all the
same, entry by entry."""
RESTORED: Final = 20
"""Notices that a restored registry offers to a station that had more."""

ASIDE = (
    "The registry could not take this in for a fault of its own. Nothing is lost: it is kept "
    "there. Call the registry; its administrator has to look."
)


Opening = Callable[[bool], "AbstractContextManager[Session]"]
"""Opens the registry, for reading only when told so. Raises what opening raises."""


class Admission:
    """One pass after the other over the staging folder."""

    def __init__(
        self,
        opening: Opening,
        staging: Staging,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._opening = opening
        self._staging = staging
        self._monotonic = monotonic
        self._pause = pause
        self._open: Session | None = None
        self._beaten = 0.0
        self._heard = ""
        self.counts: dict[str, float] = dict.fromkeys(
            ("imported", "refused", "aside", "notices", "entries", "seconds", "kept_out"), 0.0
        )

    def run(self, *, stop: Callable[[], bool]) -> None:
        """Go on until `stop` says so."""
        looked = swept = self._monotonic()
        # Sealed anew from the store when they are asked for: it may have been restored under us,
        # and a receipt of before would say that it holds what it lost.
        self._staging.drop_all_notices()
        self._staging.sweep(parts=ORPHAN_SECONDS, results=TOLD_SECONDS)
        while not stop():
            self._staging.beat(self.counts)
            if self._monotonic() - swept >= SWEEP_SECONDS:
                self._staging.sweep(parts=ORPHAN_SECONDS, results=TOLD_SECONDS)
                swept = self._monotonic()
            try:
                if self._anything():
                    with self.opened():
                        self._work(stop)
                elif self._monotonic() - looked >= KNOWN_SECONDS:
                    with self.opened(read_only=True):
                        self.say_known()
                    looked = self._monotonic()
                self.counts["kept_out"] = 0.0
            except WorkspaceBusyError:
                if not self.counts["kept_out"]:
                    log.info("another program writes the registry; what arrives waits")
                self.counts["kept_out"] = 1.0
                self._pause(ROUND_SECONDS)
            except (ConnectionLostError, StoreFullError) as error:
                # The machine's trouble and nobody's fault: everything waits where it lies.
                log.warning("admission waits: %s", error.code)
                self._pause(ROUND_SECONDS)
            self._listen(ROUND_SECONDS, stop)

    @contextmanager
    def opened(self, *, read_only: bool = False) -> Iterator[None]:
        """The registry open, as long as the block lasts."""
        with self._opening(read_only) as session:
            self._open = session
            try:
                yield
            finally:
                self._open = None

    @property
    def _session(self) -> Session:
        assert self._open is not None  # noqa: S101 - only inside `opened`
        return self._open

    def _work(self, stop: Callable[[], bool]) -> None:
        """Do what is to be done, and what comes a little later."""
        self.once(stop=stop)
        until = self._monotonic() + LINGER_SECONDS
        while not stop() and self._monotonic() < until:
            self._listen(until - self._monotonic(), stop)
            if not stop() and self.once(stop=stop):
                until = self._monotonic() + LINGER_SECONDS

    def _listen(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Wait for the bell, at most so long; the next wait hears what this one did not."""
        until = self._monotonic() + seconds
        while self._monotonic() < until and not stop():
            rung = self._staging.rung()
            if rung != self._heard:
                self._heard = rung
                return
            self._staging.beat(self.counts)
            self._pause(LOOK_SECONDS)

    def _anything(self) -> bool:
        return bool(self._staging.waiting()) or any(True for _ in self._staging.asked())

    def once(self, *, stop: Callable[[], bool] = lambda: False) -> int:
        """Say who is known, answer questions, take in all that waits; returns how much that was."""
        self.say_known()
        done = self.answer()
        for staged in self._staging.waiting():
            if stop():
                break
            self._staging.beat(self.counts)
            self._take(staged)
            done += 1 + self.answer()
        return done

    def say_known(self) -> None:
        """Write whom the front may let in."""
        office = self._session.office
        with self._session.store.read() as reader:
            revoked = set(trust.revoked(reader))
            enrolled = stations(reader)
        callers = [
            Caller(
                office=one.id,
                code=one.code,
                key=one.key,
                active=not revoked & {certificate.hash for certificate in one.certificates},
            )
            for one in enrolled
        ]
        known = Known(office.id, office.operation.name, {one.office: one for one in callers})
        if known.write(self._staging.known):
            log.info("the front knows %d stations", len(callers))

    # -- bundles -----------------------------------------------------------------------------

    def _take(self, staged: Staged) -> None:
        """Import one bundle, and put its notice where the station fetches it."""
        begun = self._monotonic()
        result = replace(staged.result, state="importing", tries=staged.result.tries + 1)
        if result.tries > TRIES:
            self._put_aside(staged, result)
            return
        self._staging.put_result(staged.office, staged.bundle, result)
        self._staging.reached("import begun")
        work = self._desk()
        try:
            done = import_bundle(
                self._session, staged.path, notice_parent=work, progress=self._alive
            )
        except RefusedError as refused:
            self.counts["refused"] += 1
            log.warning("a bundle was refused: %s", refused.code)
            self._staging.finish(
                staged,
                replace(result, state="refused", code=refused.code, sentence=refused.sentence),
            )
            return
        except (ConnectionLostError, StoreFullError):
            # Not counted as a try: it says nothing about the bundle.
            self._staging.put_result(
                staged.office, staged.bundle, replace(result, tries=staged.result.tries)
            )
            raise
        except Exception as fault:
            # Without its text, which could quote a record.
            log.error("importing a bundle failed: %s at %s", type(fault).__name__, _where(fault))
            if result.tries >= TRIES:
                self._put_aside(staged, result)
            return
        self._staging.reached("import done")
        number = self._last(staged.office)
        if done.notice is not None:
            self._staging.put_notice(staged.office, number, done.notice)
            self.counts["notices"] += 1
        self._staging.reached("notice written")
        self.counts["imported"] += 1
        self.counts["entries"] += done.admitted
        self.counts["seconds"] += self._monotonic() - begun
        self._staging.finish(staged, replace(result, state="imported", notice=number))
        self._staging.reached("bundle finished")
        log.info(
            "a bundle of station %s: admitted %d, known %d, held %d, quarantined %d",
            done.station, done.admitted, done.known, done.held, done.quarantined,
        )  # fmt: skip

    def _alive(self, done: int, total: int) -> None:
        """A sign of life in the midst of a large bundle."""
        now = self._monotonic()
        if now - self._beaten >= 1.0:
            self._beaten = now
            self._staging.beat(self.counts)

    def _put_aside(self, staged: Staged, result: Result) -> None:
        self.counts["aside"] += 1
        log.error("a bundle was put aside after %d tries", TRIES)
        self._staging.put_aside(
            staged, replace(result, state="aside", code="aside", sentence=ASIDE)
        )

    # -- notices -----------------------------------------------------------------------------

    def answer(self) -> int:
        """Put in place what stations ask for: each notice after the one that they have; returns
        how many stations asked."""
        asked = list(self._staging.asked())
        if not asked:
            return 0
        with self._session.store.read() as reader:
            enrolled = {one.id: one for one in stations(reader)}
        for office, question in asked:
            station = enrolled.get(office)
            numbers = self._answer(station, question) if station is not None else []
            self._staging.answer(office, question, numbers)
        return len(asked)

    def _answer(self, station: Station, question: Question) -> list[int]:
        """The numbers of the notices that a station lacks, each of which is in place."""
        staging = self._staging
        if notices.news(self._session, station):
            # A registrar may have decided while nothing came.
            written = notices.answer(self._session, station, self._desk())
            staging.put_notice(station.id, self._last(station.id), written)
            self.counts["notices"] += 1
        last = self._last(station.id)
        # A station that has more than there are here took some from before this registry was
        # restored (ADR 0017): it is given the latest, and knows what it has by the contents.
        after = question.after if question.after <= last else max(0, last - RESTORED)
        wanted = range(after + 1, last + 1)
        there = set(staging.notices(station.id))
        for number in wanted:
            if number not in there:
                staging.put_notice(station.id, number, self._written_again(station, number))
        staging.drop_notices(station.id, upto=after)
        return list(wanted)

    def _written_again(self, station: Station, number: int) -> Path:
        return notices.again(
            self._session, station=station.code, number=number, parent=self._desk()
        )

    def _last(self, office: OfficeId) -> int:
        with self._session.store.read() as reader:
            return reader.last_notice(office)

    def _desk(self) -> Path:
        """An empty folder on the same disk: what is left in it was left by a kill."""
        work = self._staging.root / "work" / "notices"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        return work


def _where(fault: Exception) -> str:
    """The last frames of a fault, and nothing of what it says."""
    frames = traceback.extract_tb(fault.__traceback__)[-4:]
    return ", ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames)
