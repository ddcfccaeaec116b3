"""The desk: what every page is handed.

It holds the open session, runs office calls on the worker, and tells the pages
what changed. Pages collect, ask the desk, and render.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop import words
from desktop.syncer import Syncer
from desktop.tasks import Lane, Task, Tasks
from values import burmese
from values.clock import Clock

if TYPE_CHECKING:
    from uuid import UUID

    from desktop.dialogs import Dialogs
    from desktop.prefs import Preferences
    from station.spool import Turn
    from workspace.office import Office
    from workspace.session import Session, User

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an act changed, so that each view can decide whether to look again."""

    persons: frozenset[UUID] = field(default_factory=frozenset)
    households: frozenset[UUID] = field(default_factory=frozenset)
    queue: bool = False  # registrations that wait for review or a decision
    drafts: bool = False
    documents: bool = False
    sending: bool = False  # what is exported and acknowledged
    imports: bool = False
    users: bool = False
    care: bool = False  # backups, storage
    people: bool = False  # some persons, nobody knows which

    @classmethod
    def all(cls) -> Changes:
        """Everything may be different."""
        return cls(
            queue=True,
            drafts=True,
            documents=True,
            sending=True,
            imports=True,
            users=True,
            care=True,
            people=True,
        )

    def touches_person(self, person: UUID) -> bool:
        """Whether this person may look different now."""
        return self.people or person in self.persons

    @property
    def any(self) -> bool:
        """Whether there is a change at all."""
        return any(bool(getattr(self, f.name)) for f in fields(self))


@dataclass(frozen=True, slots=True)
class Work:
    """What a piece of office work is given, on the worker."""

    session: Session
    progress: Callable[[int, int], None]
    cancelled: Callable[[], bool]
    tell: Callable[..., None]
    """Hands anything to whoever is told of progress, where there is more to say than how far."""


@dataclass(frozen=True, slots=True)
class LineWork:
    """What work over a network is given, on the thread that waits for it: what touches the
    workspace goes through ``turn``, in the order of everything else."""

    session: Session
    told: Callable[[object], None]
    cancelled: Callable[[], bool]
    pause: Callable[[float], None]
    turn: Turn


class LockedError(RuntimeError):
    """The desk has no session: the window is locked."""


class Desk(QObject):
    """The open session and the ways to work with it."""

    changed = Signal(object)  # Changes
    opened = Signal()
    locked = Signal()
    language_wanted = Signal(str)  # settings ask; the window does
    look_wanted = Signal()
    idle_wanted = Signal(int)  # minutes
    rebuild_wanted = Signal(str, str)  # a page, and what to say on it: the office changed
    place_wanted = Signal(object)  # a folder to lock this place for and open instead

    def __init__(
        self,
        *,
        tasks: Tasks,
        dialogs: Dialogs,
        prefs: Preferences,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.dialogs = dialogs
        self.prefs = prefs
        self.clock = clock
        self._session: Session | None = None
        self.syncer = Syncer(self)

    # the session ---------------------------------------------------------------

    @property
    def unlocked(self) -> bool:
        return self._session is not None

    @property
    def session(self) -> Session:
        """The open session. Raises LockedError."""
        if self._session is None:
            raise LockedError("The window is locked.")
        return self._session

    def open(self, session: Session) -> None:
        """Sit down at an opened workspace.

        What the first name typed needs is read before the first page is: no key and no page turn
        opens a file.
        """
        self._session = session
        self.tasks.run(lambda _task: burmese.prepare())
        self.opened.emit()

    def lock(self) -> None:
        """Let go of the session: what is queued still runs, then its keys are dropped."""
        session, self._session = self._session, None
        if session is None:
            return
        self.tasks.mute_all()
        self.tasks.run(lambda _task: session.close())
        self.locked.emit()

    @property
    def user(self) -> User:
        return self.session.user

    @property
    def office(self) -> Office:
        return self.session.office

    @property
    def kind(self) -> str:
        """``station`` or ``registry``."""
        return str(self.session.kind)

    @property
    def user_name(self) -> str:
        return str(self.session.user.name)

    @property
    def role(self) -> str:
        return str(self.session.user.role)

    @property
    def training(self) -> bool:
        return bool(self.session.office.training)

    @property
    def language(self) -> str:
        """The language of the interface."""
        return words.language()

    def today(self) -> date:
        """The day it is where this computer stands."""
        return self.clock.now().astimezone().date()

    # work ----------------------------------------------------------------------

    def read(
        self,
        fn: Callable[[Work], T],
        *,
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        progress: Callable[[int, int], object] | None = None,
        parent: QObject,
        latest: str | None = None,
    ) -> Task:
        """Ask an office something; ``done`` gets the answer on the UI thread."""
        return self._run(
            fn, done=done, failed=failed, progress=progress, parent=parent, latest=latest
        )

    def act(
        self,
        fn: Callable[[Work], T],
        *,
        changes: Changes | Callable[[T], Changes],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        progress: Callable[..., object] | None = None,
        parent: QObject,
    ) -> Task:
        """Have an office do something; then ``done``, then ``changed`` for the views.

        The changes are told even when the page that asked is gone.
        """
        session = self._session

        def tell(result: T, parent_alive: bool) -> None:
            if parent_alive:
                done(result)
            made = changes if isinstance(changes, Changes) else changes(result)
            if made.any and self._session is session:
                self.changed.emit(made)

        return self._run(fn, done=None, failed=failed, progress=progress, parent=parent, tell=tell)

    def pure(
        self,
        fn: Callable[[], T],
        *,
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        parent: QObject,
        latest: str | None = None,
    ) -> Task:
        """Compute something that needs no session, off the UI thread."""
        return self.tasks.run(
            lambda _task: fn(),
            done=done,
            failed=failed,
            parent=parent,
            lane=Lane.POOL,
            latest=latest,
        )

    def over_the_line(
        self,
        fn: Callable[[LineWork], T],
        *,
        done: Callable[[T], object],
        failed: Callable[[Exception], object],
        told: Callable[..., object],
        parent: QObject,
    ) -> Task:
        """Do something over a network, beside what the office does."""
        session = self.session

        def work(task: Task) -> T:
            return fn(
                LineWork(
                    session, task.tell, task.cancelled, task.wait, partial(self._turn, session)
                )
            )

        return self.tasks.run(
            work, done=done, failed=failed, progress=told, parent=parent, lane=Lane.LINE
        )

    def _turn(self, session: Session, fn: Callable[[], T]) -> T:
        """Run this on the office's thread and wait for it; after a lock, not any more."""
        over = threading.Event()
        came: list[T] = []
        fault: list[BaseException] = []

        def work(_task: Task) -> None:
            try:
                if self._session is not session:
                    raise LockedError("The window is locked.")
                came.append(fn())
            except BaseException as error:  # raised again where it was asked for
                fault.append(error)
            finally:
                over.set()

        self.tasks.borrow(work)
        over.wait()
        if fault:
            raise fault[0]
        return came[0]

    def _run(
        self,
        fn: Callable[[Work], T],
        *,
        done: Callable[[T], object] | None,
        failed: Callable[[Exception], object] | None,
        progress: Callable[[int, int], object] | None,
        parent: QObject,
        latest: str | None = None,
        tell: Callable[[T, bool], None] | None = None,
    ) -> Task:
        session = self.session

        def work(task: Task) -> T:
            return fn(Work(session, task.progress, task.cancelled, task.tell))

        return self.tasks.run(
            work,
            done=done,
            always=tell,
            failed=failed,
            progress=progress,
            parent=parent,
            latest=latest,
        )
