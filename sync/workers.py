"""Both cores for what is computed part by part: sealing, opening, parsing, checking signatures.

Measured: compressing, hashing and the drive let go of Python's lock, and age holds it but is quick,
quicker than handing eight megabytes to another process and back. So sealing, and opening photos,
go to threads, which overlap with the drive. Parsing entries strictly holds the lock and is slow,
and what comes of a part is small: that goes to processes. Parts come back in their order, and only
a few are under way at a time, which keeps memory flat however large a bundle is. A small bundle
never starts a process.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

CORES: Final = min(2, os.cpu_count() or 1)
"""More would outrun the drive, and a laptop is also being worked at."""

UNDER_WAY: Final = CORES + 1
"""Parts handed out and not yet taken back: one for each core, one that waits to be taken."""

ALONE: Final = 1
"""Parts of a reading done here, while processes start for those that follow: a part of some ten
thousand entries takes a second or two, as long as starting two processes. Where none follow, none
are started."""


class Workers:
    """Runs one pure function over tasks, on two cores once there are more than a few.

    Function, tasks and results have to be picklable, and the function may not raise: what can go
    wrong is part of its result. When processes cannot be had, or die, the work is done here.
    """

    def __init__(self, cores: int = CORES) -> None:
        self._cores = cores
        self._pool: ProcessPoolExecutor | None = None

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """The results in the order of the tasks, which are drawn only a little ahead."""
        yield from (self._spread if self._cores > 1 else map)(function, tasks)

    def close(self) -> None:
        """End the processes. Whoever forgets is covered when this is collected."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _spread(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        under_way: deque[tuple[Task, Future[Result] | None]] = deque()
        alone = ALONE if self._pool is None else 0
        try:
            for at, task in enumerate(tasks):
                under_way.append((task, None if at < alone else self._submit(function, task)))
                if len(under_way) >= UNDER_WAY:
                    yield self._result(function, *under_way.popleft())
            while under_way:
                yield self._result(function, *under_way.popleft())
        finally:
            for _, future in under_way:
                if future is not None:
                    future.cancel()

    def _submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result] | None:
        try:
            if self._pool is None:
                self._pool = _processes(self._cores)
                weakref.finalize(self, self._pool.shutdown, wait=False, cancel_futures=True)
            return self._pool.submit(function, task)
        except (OSError, RuntimeError):  # no processes to be had, or they died
            self._cores = 1
            return None

    def _result(
        self, function: Callable[[Task], Result], task: Task, future: Future[Result] | None
    ) -> Result:
        if future is not None:
            try:
                return future.result()
            except BrokenProcessPool:  # killed, for want of memory as a rule
                self._cores = 1
        return function(task)


def on_threads(function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
    """The results in the order of the tasks, computed on two threads; errors come out here."""
    under_way: deque[Future[Result]] = deque()
    pool: Executor = ThreadPoolExecutor(CORES)
    try:
        for task in tasks:
            under_way.append(pool.submit(function, task))
            if len(under_way) > UNDER_WAY:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _processes(count: int) -> ProcessPoolExecutor:
    # Spawned and not forked: the window's process has threads, and a fork of one that holds a
    # lock never gets it back.
    return ProcessPoolExecutor(
        count, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
    )


def _begin() -> None:
    """In the new process: a Ctrl+C is the parent's to hear, and its end is ours as well."""
    # What it makes of a part is in no circle and goes with the part.
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
