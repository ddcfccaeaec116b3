"""Syncing behind the pages: one errand at a time over the line, and when the next one is due.

It lives as long as the desk, so that it goes on while other pages are in front. A lost line is a
state here, with a time for the next try; a lock ends what is under way, and the next opening by
somebody who may sync goes on with it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop import offices, words

if TYPE_CHECKING:
    from desktop.desk import Desk, LineWork
    from desktop.tasks import Task
    from station.errand import Errand
    from station.line import Standing
    from station.syncing import Step

SENDERS: Final = frozenset({"supervisor"})
"""Roles that may sync."""
_LOOK_EVERY_MS: Final = 1_000
_SOON: Final = 3.0
"""Seconds after the place was opened: the first page comes before the network."""


class Phase(StrEnum):
    """What is going on."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    LOST = "lost"  # the next try is at ``due``
    REFUSED = "refused"  # trying again changes nothing
    FAULT = "fault"  # ours


class Syncer(QObject):
    """Runs errands to the registry and keeps what a page has to say about them."""

    moved = Signal()
    """Phase, step or time changed."""
    ended = Signal(object)  # Errand
    """One came to its end, whatever page is in front."""

    def __init__(self, desk: Desk, *, chance: Callable[[], float] = random.random) -> None:
        super().__init__(desk)
        self._desk = desk
        self._chance = chance
        self._task: Task | None = None
        self.phase = Phase.IDLE
        self.step: Step | None = None
        self.code = self.sentence = ""
        self.automatic = False
        self.waiting = False
        """The registry has it and has not taken all of it in."""
        self.due: float | None = None
        """When the next one begins by itself, in monotonic seconds."""
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        desk.opened.connect(self._opened)
        desk.locked.connect(self._left)

    @property
    def able(self) -> bool:
        """Whether who sits here may sync at all."""
        desk = self._desk
        return (
            desk.unlocked
            and desk.kind == "station"
            and desk.role in SENDERS
            and bool(desk.office.enrolled)
        )

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self.phase is Phase.RUNNING

    def seconds_left(self) -> float:
        """Until the next one begins by itself."""
        return max(0.0, (self.due or 0.0) - self._now())

    # what a person asks -------------------------------------------------------------------

    def begin(self) -> None:
        """Sync now; go on; try now."""
        if not self.able or self.running:
            return
        self.phase, self.step, self.due = Phase.RUNNING, None, None
        self._task = self._desk.over_the_line(
            _run,
            done=self._came_back,
            failed=self._failed,
            told=self._told,
            parent=self,
        )
        self.moved.emit()

    def pause(self) -> None:
        """Stop where it is, and begin nothing until somebody says so."""
        self._stop(Phase.PAUSED)
        self._note(paused=True)

    def cancel(self) -> None:
        """Stop it. What arrived stays there, and the next sync goes on behind it."""
        self._stop(Phase.IDLE)
        self._note(paused=False, underway=False, failures=0, code="", sentence="")
        self._plan_next()

    def set_automatic(self, on: bool) -> None:
        """Whether syncs begin by themselves while the window is open."""
        self.automatic = on
        self._note(automatic=on)
        if self.phase is Phase.IDLE:
            self.due = self._now() if on else None
        self._mind()

    # time ----------------------------------------------------------------------------------

    def look(self) -> None:
        """Is one due? The timer asks; so does a test."""
        if self.due is not None and not self.running and self._now() >= self.due:
            self.begin()
        elif self.due is not None:
            self.moved.emit()

    def _now(self) -> float:
        return float(self._desk.clock.monotonic())

    def _mind(self) -> None:
        """Have the timer run exactly as long as there is something to wait for."""
        if self.due is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
        self.moved.emit()

    def _plan(self, seconds: float) -> None:
        self.due = self._now() + seconds
        self._mind()

    def _plan_next(self, *, waiting: bool = False) -> None:
        """After one that went well, or was called off: the next regular one, if there is any."""
        if not (self.automatic or waiting):
            self.due = None
            self._mind()
            return
        self._desk.read(
            lambda _work: offices.rhythm.Rhythm().after_success(self._chance, waiting=waiting),
            done=lambda seconds: self._plan(seconds) if self.phase is Phase.IDLE else None,
            parent=self,
            latest="rhythm",
        )

    # the desk ------------------------------------------------------------------------------

    def _opened(self) -> None:
        self.phase, self.due, self.waiting = Phase.IDLE, None, False
        self.code = self.sentence = ""
        if self.able:
            self._desk.read(
                lambda work: offices.line.standing(work.session),
                done=self._stands,
                failed=lambda _error: None,  # whoever opens the page is told
                parent=self,
                latest="standing",
            )
        self.moved.emit()

    def _stands(self, standing: Standing) -> None:
        """Go on where the last window ended."""
        self.automatic = standing.automatic
        self.code, self.sentence = standing.code, standing.sentence
        if self.running:
            return
        if standing.paused:
            self.phase = Phase.PAUSED
        elif standing.underway or standing.automatic:
            self.phase = Phase.LOST if standing.failures else Phase.IDLE
            self._plan(_SOON)
        elif standing.code:
            self.phase = Phase.REFUSED
        self.moved.emit()

    def _left(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = None
        self._timer.stop()
        self.phase, self.step, self.due = Phase.IDLE, None, None

    # one errand ----------------------------------------------------------------------------

    def _stop(self, phase: Phase) -> None:
        if self._task is not None:
            self._task.drop()  # it ends by itself; what it says then is of before
            self._task = None
        self.phase, self.step, self.due = phase, None, None
        self._mind()

    def _note(self, **fields: Any) -> None:
        from desktop.desk import Changes  # it makes us

        self._desk.act(
            lambda work: offices.line.change(work.session, **fields),
            done=lambda _standing: None,
            changes=Changes(sending=True),
            parent=self,
        )

    def _told(self, step: Step) -> None:
        if self.running:
            self.step = step
            self.moved.emit()

    def _came_back(self, errand: Errand) -> None:
        from desktop.desk import Changes  # it makes us

        self._task, self.step = None, None
        self.code, self.sentence = errand.code, errand.sentence
        self.waiting = errand.done.waiting
        end = str(errand.end)
        if end == "lost":
            self.phase = Phase.LOST
            self._desk.read(
                lambda _work: offices.rhythm.Rhythm().after_failure(errand.failures, self._chance),
                done=lambda seconds: self._plan(seconds) if self.phase is Phase.LOST else None,
                parent=self,
                latest="rhythm",
            )
        elif end == "refused":
            self.phase = Phase.REFUSED
        else:
            self.phase = Phase.IDLE
            self._plan_next(waiting=self.waiting)
        self.moved.emit()
        self.ended.emit(errand)
        self._desk.changed.emit(Changes.all() if errand.done.notices else Changes(sending=True))

    def _failed(self, error: Exception) -> None:
        self._task, self.step = None, None
        self.phase, self.code, self.sentence = Phase.FAULT, "fault", words.failure(error)
        self.moved.emit()


def _run(work: LineWork) -> Errand:
    # On the thread of the line: the office's own is asked in turns.
    return offices.errand.run(
        work.session,
        pause=work.pause,
        chance=random.random,
        told=work.told,
        cancelled=work.cancelled,
        turn=work.turn,
    )
