"""Work off the UI thread.

The UI thread draws and listens; everything that can wait (the store, key
derivation, files, the network) runs here. One worker thread serves the open
workspace, so its work happens in the order it was asked for; a small pool serves
pure computation; another thread waits for the network, and takes what it has to do
with the workspace in turn with the first. Results come back on the UI thread.

``forbid_on_ui_thread`` turns a slip into an exception; the tests run under it.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from typing import Any, Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from desktop.garbage import UiCollector

T = TypeVar("T")


class Lane(StrEnum):
    """Where a piece of work runs."""

    OFFICE = "office"  # the one thread that touches the open workspace
    POOL = "pool"  # pure computation, in any order
    LINE = "line"  # the network, which may be slow for an hour


class UiThreadError(RuntimeError):
    """Blocking work was about to happen on the UI thread. A fault of ours."""


class Task:
    """One piece of work that was asked for."""

    def __init__(
        self,
        fn: Callable[[Task], Any],
        *,
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        progress: Callable[..., object] | None,
        parent: QObject | None,
        deliver: Callable[[Task, str, Any], None],
        always: Callable[[Any, bool], object] | None = None,
    ) -> None:
        self._fn = fn
        self.on_done = done
        self.on_always = always
        self.on_failed = failed
        self.on_progress = progress
        self.parent = parent
        self._deliver = deliver
        self._stop = threading.Event()
        self._dropped = False
        self._muted = False
        self.running = True

    def cancel(self) -> None:
        """Ask the work to stop; it ends when it next looks at ``cancelled``."""
        self._stop.set()

    def drop(self) -> None:
        """Cancel, and deliver nothing whatever comes."""
        self._dropped = True
        self.cancel()

    def mute(self) -> None:
        """Let the work finish, but deliver nothing."""
        self._muted = True

    def cancelled(self) -> bool:
        """Whether the work was asked to stop. Safe from any thread."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, on the worker, but not beyond being asked to stop."""
        self._stop.wait(seconds)

    def progress(self, done: int, total: int) -> None:
        """Report how far the work is, from the worker."""
        self.tell(done, total)

    def tell(self, *what: object) -> None:
        """Hand this to ``progress`` on the UI thread, from the worker."""
        if self.on_progress is not None:
            self._deliver(self, "progress", what)

    def forget(self) -> None:
        """Let go of everything it was asked with, here on the UI thread.

        The worker may hold the task a moment longer than anybody else, and what dies with its
        last holder must not be a page.
        """
        self._fn = _nothing
        self.on_done = self.on_always = self.on_failed = self.on_progress = None
        self.parent = None

    @property
    def deliverable(self) -> bool:
        """Whether somebody still waits for the result."""
        return not self.silent and (self.parent is None or shiboken6.isValid(self.parent))

    @property
    def silent(self) -> bool:
        """Whether it was dropped or muted."""
        return self._dropped or self._muted

    def work(self) -> None:
        """Do it. On a worker."""
        if self._dropped:
            self._deliver(self, "dropped", None)
            return
        try:
            result = self._fn(self)
        except Exception as error:  # every fault is handed to the UI thread, which says it
            self._deliver(self, "failed", error)
        else:
            self._deliver(self, "done", result)


def _nowhere(task: Task, what: str, value: Any) -> None:
    """Nobody waits for it."""


def _nothing(_: Task) -> None:
    """What is left to do of a task that is over."""


class _Worker:
    """Some threads and a queue."""

    def __init__(self, name: str, threads: int) -> None:
        self._name = name
        self._limit = threads
        self._threads: list[threading.Thread] = []
        self._queue: deque[Task] = deque()
        self._wake = threading.Condition()
        self._closed = False

    def submit(self, task: Task) -> None:
        with self._wake:
            if self._closed:
                raise RuntimeError("Work was asked for after the program began to close.")
            self._queue.append(task)
            if len(self._threads) < self._limit:
                thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
                self._threads.append(thread)
                thread.start()
            self._wake.notify()

    def close(self, timeout: float) -> None:
        """Finish what is queued, then end the threads."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(timeout)

    def _loop(self) -> None:
        while True:
            with self._wake:
                while not self._queue:
                    if self._closed:
                        return
                    self._wake.wait()
                task = self._queue.popleft()
            task.work()
            del task  # not held until the next one comes


class Tasks(QObject):
    """Runs work off the UI thread and brings results back to it."""

    busy_changed = Signal(bool)
    unhandled = Signal(object)  # an exception nobody gave a ``failed`` for
    _came_back = Signal(object, str, object)

    def __init__(self, parent: QObject | None = None, *, pool_threads: int = 2) -> None:
        super().__init__(parent)
        self._workers = {
            Lane.OFFICE: _Worker("waystation-office", 1),
            Lane.POOL: _Worker("waystation-pool", pool_threads),
            Lane.LINE: _Worker("waystation-line", 1),
        }
        self._live: set[Task] = set()
        self._latest: dict[tuple[int, str], Task] = {}
        self._came_back.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._collector = UiCollector(self)

    @property
    def busy(self) -> bool:
        """Whether anything is under way or waits to be delivered."""
        return bool(self._live)

    def run(
        self,
        fn: Callable[[Task], T],
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        progress: Callable[..., object] | None = None,
        parent: QObject | None = None,
        lane: Lane = Lane.OFFICE,
        latest: str | None = None,
        always: Callable[[T, bool], object] | None = None,
    ) -> Task:
        """Run ``fn`` on a worker; call ``done`` or ``failed`` on the UI thread.

        Neither is called once ``parent`` is destroyed; ``always`` is, with the
        result and whether the parent still lives. With ``latest``, a newer run of
        the same name for the same parent drops the older ones.
        """
        task = Task(
            fn,
            done=done,
            failed=failed,
            progress=progress,
            parent=parent,
            deliver=self._deliver,
            always=always,
        )
        if latest is not None:
            key = (id(parent), latest)
            older = self._latest.get(key)
            if older is not None:
                older.drop()
            self._latest[key] = task
        was_busy = self.busy
        self._live.add(task)
        self._workers[lane].submit(task)
        if not was_busy:
            self.busy_changed.emit(True)
        return task

    def borrow(self, fn: Callable[[Task], object]) -> None:
        """Run ``fn`` on the office's worker in its turn; from any thread, and nothing comes back.
        Raises RuntimeError when the program is closing."""
        self._workers[Lane.OFFICE].submit(
            Task(fn, done=None, failed=None, progress=None, parent=None, deliver=_nowhere)
        )

    def mute_all(self) -> None:
        """Deliver none of what is under way, though it runs (the place is being locked)."""
        for task in self._live:
            task.mute()

    def close(self, timeout: float = 10.0) -> None:
        """Finish queued work and end the threads; at most ``timeout`` seconds each."""
        for worker in self._workers.values():
            worker.close(timeout)
        self._collector.stop()

    def _deliver(self, task: Task, what: str, value: Any) -> None:
        if shiboken6.isValid(self):
            self._came_back.emit(task, what, value)

    def _take(self, task: Task, what: str, value: Any) -> None:
        if what == "progress":
            if task.deliverable and task.on_progress is not None:
                task.on_progress(*value)
            return
        self._finish(task)
        try:
            self._hand_over(task, what, value)
        finally:
            task.forget()

    def _hand_over(self, task: Task, what: str, value: Any) -> None:
        if what == "done" and task.on_always is not None and not task.silent:
            task.on_always(value, task.deliverable)
        if not task.deliverable:
            return
        if what == "done" and task.on_done is not None:
            task.on_done(value)
        elif what == "failed":
            if task.on_failed is not None:
                task.on_failed(value)
            else:
                self.unhandled.emit(value)

    def _finish(self, task: Task) -> None:
        task.running = False
        self._live.discard(task)
        for key in [key for key, newest in self._latest.items() if newest is task]:
            del self._latest[key]
        if not self._live:
            self.busy_changed.emit(False)


# The guard --------------------------------------------------------------------

# Python functions that block, beyond what audit events show: sealed databases and
# key derivation are C code that raises no event of its own.
BLOCKING: Final = (
    "db.slots:KeySlots.open",
    "db.slots:KeySlots.load",
    "db.store:Store.open",
    "db.store:Store.create",
    "workspace.opening:open_workspace",
)

_EVENTS: Final = frozenset(
    {
        "open",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.bind",
        "sqlite3.connect",
        "subprocess.Popen",
        "os.listdir",
        "os.scandir",
        "os.mkdir",
        "os.rename",
        "os.remove",
        "os.rmdir",
        "shutil.copyfile",
        "shutil.copytree",
        "shutil.rmtree",
        "shutil.move",
    }
)
_HEAVY: Final = frozenset(
    {"sqlalchemy", "alembic", "reportlab", "sqlcipher3", "babel", "openpyxl", "db", "pyrage"}
)


class _Guard:
    """State of the guard. One per process: an audit hook can never be removed."""

    def __init__(self) -> None:
        self.active = 0
        self.hooked = False
        self.permitted = threading.local()


_guard = _Guard()


def on_ui_thread() -> bool:
    """Whether the caller runs on the thread that draws (Python's main thread)."""
    return threading.current_thread() is threading.main_thread()


def must_not_block(what: str) -> None:
    """Raise UiThreadError when the guard is on and this is the UI thread."""
    if _guard.active and on_ui_thread() and not getattr(_guard.permitted, "depth", 0):
        raise UiThreadError(f"{what} ran on the UI thread; hand it to desktop.tasks.")


@contextmanager
def permitted(reason: str) -> Iterator[None]:
    """Allow a short, bounded read on the UI thread; ``reason`` says why it is one."""
    if not reason:
        raise ValueError("A permission to block needs its reason.")
    _guard.permitted.depth = getattr(_guard.permitted, "depth", 0) + 1
    try:
        yield
    finally:
        _guard.permitted.depth -= 1


@contextmanager
def forbid_on_ui_thread(blocking: Sequence[str] = BLOCKING) -> Iterator[None]:
    """Make blocking calls from the interface raise while the context lasts.

    Files, sockets, processes and heavy imports are seen through audit events
    (PEP 578) when a frame of ``desktop`` is on the stack; ``blocking`` names
    Python functions (``module:Class.method``) to guard besides. Modules not yet
    imported are left alone: importing them is an event of its own.
    """
    if not _guard.hooked:
        sys.addaudithook(_audit)
        _guard.hooked = True
    undo = [_wrap(name) for name in blocking]
    _guard.active += 1
    try:
        yield
    finally:
        _guard.active -= 1
        for restore in reversed(undo):
            restore()


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if not _guard.active:
        return
    if event == "import":
        if str(args[0]).partition(".")[0] in _HEAVY and _asked_by_desktop(importing=True):
            must_not_block(f"importing {args[0]}")
    elif event in _EVENTS and _asked_by_desktop(importing=False):
        must_not_block(event)


def _asked_by_desktop(*, importing: bool) -> bool:
    """Whether a frame of ours is on this thread's stack.

    Reading our own small modules when a page is first shown is allowed, and so is
    reading source lines: Shiboken does it after an import, Python for a traceback.
    """
    if not on_ui_thread():
        return False
    frame = sys._getframe(2)
    while True:
        name = frame.f_globals.get("__name__", "")
        if not importing and (
            name == "linecache" or frame.f_code.co_filename.startswith("<frozen importlib")
        ):
            return False
        if name.partition(".")[0] == "desktop" and name != __name__:
            return True
        if frame.f_back is None:
            return False
        frame = frame.f_back


def _wrap(name: str) -> Callable[[], None]:
    """Guard one Python function; returns how to undo it."""
    module_name, _, path = name.partition(":")
    if module_name not in sys.modules:
        return lambda: None
    owner: Any = importlib.import_module(module_name)
    *parents, last = path.split(".")
    for part in parents:
        owner = getattr(owner, part, None)
    raw = vars(owner).get(last) if owner is not None else None
    if raw is None:
        return lambda: None
    function = raw.__func__ if isinstance(raw, classmethod | staticmethod) else raw

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        must_not_block(name)
        return function(*args, **kwargs)

    setattr(owner, last, type(raw)(guarded) if raw is not function else guarded)
    return lambda: setattr(owner, last, raw)
