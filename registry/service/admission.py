"""Admission: takes in what the front staged, and leaves the notices that answer.

It has the registry open for writing while there is something to do, and a little longer: one
program writes a registry, and its staff want to work too. While they do, what arrives waits.
Bundles are taken in the order of their arrival, those of several stations beside each other where
the store lets several write (PostgreSQL); the same bundle again changes nothing, so whatever a kill
interrupted is begun again. When nothing waits, it looks for persons who are here twice among those
who came, part by part, and lets every bundle and every question go before.
"""

from __future__ import annotations

import logging
import shutil
import time
import traceback
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.errors import ConnectionLostError, StoreFullError, WorkspaceBusyError
from registry import notices, owing, trust
from registry.admit import import_bundle
from registry.pool import SERVER, ImportPool
from registry.service.known import Caller, Known
from registry.service.staging import Result
from registry.stations import stations
from sync.limits import NOTICES_AT_ONCE
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from registry.admit import Imported
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
"""Between two looks at who is enrolled, beside those at each piece of work."""
AILING_SECONDS: Final = 600.0
"""After looking for persons who are here twice ended with a fault of ours, until it is tried again.
"""
SWEEP_SECONDS: Final = 3600.0
"""Between two looks for what nobody needs any more."""
ORPHAN_SECONDS: Final = 30 * 86400.0
"""Parts of no bundle are dropped after this; the station has them still."""
TOLD_SECONDS: Final = 400 * 86400.0
"""What became of a bundle is forgotten after this; one that comes again then is known all the
same, entry by entry."""

COUNTED: Final = (
    "imported",
    "refused",
    "aside",
    "notices",
    "entries",
    "seconds",
    "kept_out",
    "compared",
)
"""What a sign of life tells (`registry.service.metrics`)."""

ASIDE = (
    "The registry could not take this in for a fault of its own. Nothing is lost: it is kept "
    "there. Call the registry; its administrator has to look."
)


class _WaitedForError(Exception):
    """Somebody came by while persons were compared."""


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
        self._owed = False
        self._ailing = float("-inf")
        self.counts = dict.fromkeys(COUNTED, 0.0)

    def run(self, *, stop: Callable[[], bool]) -> None:
        """Go on until `stop` says so."""
        looked = swept = self._monotonic()
        # Sealed anew from the store when they are asked for: it may have been restored under us,
        # and a receipt of before would say that it holds what it lost.
        self._staging.drop_all_notices()
        shutil.rmtree(self._desks, ignore_errors=True)
        self._staging.sweep(parts=ORPHAN_SECONDS, results=TOLD_SECONDS)
        while not stop():
            self._staging.beat(self.counts)
            if self._monotonic() - swept >= SWEEP_SECONDS:
                self._staging.sweep(parts=ORPHAN_SECONDS, results=TOLD_SECONDS)
                swept = self._monotonic()
            try:
                if self._monotonic() - looked >= KNOWN_SECONDS:
                    # Whatever waits: somebody may be revoked in a window that is open all day.
                    with self.opened(read_only=True):
                        self.say_known()
                    looked = self._monotonic()
                if self._anything() or self._to_compare():
                    with self.opened():
                        self._work(stop)
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
            if self._to_compare():
                self._compare(stop)
                until = self._monotonic() + LINGER_SECONDS
            else:
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
        waiting = list(self._staging.waiting())
        if self._session.store.engine == SERVER and len({one.office for one in waiting}) > 1:
            return done + self._take_beside(waiting, stop)
        for staged in waiting:
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
            self._owed = owing.waits(reader)
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

    # -- persons who are here twice ------------------------------------------------------------

    def _to_compare(self) -> bool:
        return self._owed and self._monotonic() >= self._ailing

    def _compare(self, stop: Callable[[], bool]) -> None:
        """Compare those who came, until something else is to be done; one part of them in any
        case, so that they have their turn where somebody always comes."""
        begun: list[int] = []

        def moved(done: int, total: int) -> None:
            self._alive(done, total)
            if begun:
                self.counts["compared"] += max(0, done - begun[-1])
            begun.append(done)
            rung = self._staging.rung()
            if stop() or (len(begun) > 1 and rung != self._heard):
                self._heard = rung
                raise _WaitedForError

        try:
            owing.propose(self._session, progress=moved)
        except _WaitedForError:
            pass
        except (ConnectionLostError, StoreFullError):
            raise
        except Exception as fault:
            # Nothing is lost: it stays noted. Bundles go on.
            log.error("comparing persons failed: %s at %s", type(fault).__name__, _where(fault))
            self._ailing = self._monotonic() + AILING_SECONDS
        with self._session.store.read() as reader:
            self._owed = owing.waits(reader)

    # -- bundles -----------------------------------------------------------------------------

    def _take_beside(self, waiting: Sequence[Staged], stop: Callable[[], bool]) -> int:
        """Import what several stations sent, as many at once as there are workers and one of each
        station; returns how much was done."""
        ahead, done = list(waiting), 0
        running: dict[Future[Imported], tuple[Staged, Result, float]] = {}
        failed: BaseException | None = None
        with ImportPool(self._session) as pool:
            while running or (ahead and failed is None and not stop()):
                busy = {one.office for one, _, _ in running.values()}
                for staged in list(ahead) if failed is None and not stop() else ():
                    if len(running) < pool.workers and staged.office not in busy:
                        ahead.remove(staged)
                        busy.add(staged.office)
                        begun = self._monotonic()
                        result = self._begin(staged)
                        if result is not None:
                            desk = self._desk(staged.bundle.hex)
                            job = pool.submit(staged.path, notice_parent=desk)
                            running[job] = staged, result, begun
                self._staging.beat(self.counts)
                for job in wait(running, LOOK_SECONDS, FIRST_COMPLETED).done:
                    staged, result, begun = running.pop(job)
                    try:
                        self._settle(staged, result, begun, job.result)
                    except Exception as error:
                        # The others are waited for; what they came to is kept.
                        failed = error
                    done += 1
                done += self.answer(but={one.office for one, _, _ in running.values()})
        if failed is not None:
            raise failed
        return done

    def _take(self, staged: Staged) -> None:
        """Import one bundle, and put its notice where the station fetches it."""
        begun = self._monotonic()
        result = self._begin(staged)
        if result is None:
            return
        desk = self._desk(staged.bundle.hex)
        self._settle(
            staged,
            result,
            begun,
            lambda: import_bundle(
                self._session,
                staged.path,
                notice_parent=desk,
                progress=self._alive,
            ),
        )

    def _begin(self, staged: Staged) -> Result | None:
        """Note that a bundle is being imported; None when it was tried often enough."""
        result = replace(staged.result, state="importing", tries=staged.result.tries + 1)
        if result.tries > TRIES:
            self._put_aside(staged, result)
            return None
        self._staging.put_result(staged.office, staged.bundle, result)
        self._staging.reached("import begun")
        return result

    def _settle(
        self, staged: Staged, result: Result, begun: float, imported: Callable[[], Imported]
    ) -> None:
        """Note what came of a bundle. `imported` gives it, or raises what importing raises."""
        try:
            done = imported()
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
        self._owed = True
        number = self._last(staged.office)
        if done.notice is not None:
            self._staging.put_notice(staged.office, number, done.notice)
            self.counts["notices"] += 1
        self._cleared(staged.bundle.hex)
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

    def answer(self, *, but: Collection[OfficeId] = ()) -> int:
        """Put in place what stations ask for: each notice after the one that they have; returns
        how many stations asked. Those in `but` are answered later: a notice for them is being
        written."""
        asked = [one for one in self._staging.asked() if one[0] not in but]
        if not asked:
            return 0
        with self._session.store.read() as reader:
            enrolled = {one.id: one for one in stations(reader)}
        for office, question in asked:
            station = enrolled.get(office)
            try:
                numbers = self._answer(station, question) if station is not None else []
            except (ConnectionLostError, StoreFullError):
                raise
            except Exception as fault:
                # Nobody else waits for one station's notice, and it may ask again.
                log.error("answering failed: %s at %s", type(fault).__name__, _where(fault))
                there = self._staging.notices(office)
                numbers = [one for one in there if one > question.after]
            self._staging.answer(office, question, numbers)
        return len(asked)

    def _answer(self, station: Station, question: Question) -> list[int]:
        """The numbers of the notices that a station lacks, the first of them, each of which is in
        place."""
        staging = self._staging
        if notices.news(self._session, station):
            # A registrar may have decided while nothing came.
            written = notices.answer(self._session, station, self._desk())
            staging.put_notice(station.id, self._last(station.id), written)
            self.counts["notices"] += 1
        last = self._last(station.id)
        # A station that has more than there are here took some from before this registry was
        # restored (ADR 0017): it is given the latest, and knows what it has by the contents.
        after = question.after if question.after <= last else max(0, last - NOTICES_AT_ONCE)
        wanted = range(after + 1, min(last, after + NOTICES_AT_ONCE) + 1)
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

    def _desk(self, name: str = "answers") -> Path:
        """An empty folder on the same disk: what is left in it was left by a kill."""
        self._cleared(name)
        work = self._desks / name
        work.mkdir(mode=0o700, parents=True)
        return work

    def _cleared(self, name: str) -> None:
        shutil.rmtree(self._desks / name, ignore_errors=True)

    @property
    def _desks(self) -> Path:
        return self._staging.root / "work" / "notices"


def _where(fault: Exception) -> str:
    """The last frames of a fault, and nothing of what it says."""
    frames = traceback.extract_tb(fault.__traceback__)[-4:]
    return ", ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames)
