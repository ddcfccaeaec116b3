"""Writing behind the work: rows go to the server on a thread while the next ones are made.

Making rows keeps a processor busy here, merging them keeps one busy there; one after the other,
each waits for the other. The thread has the connection while it works, and nobody else: asking for
the connection waits until all that was handed over is done.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    Work = Callable[[Connection], object]

AHEAD = 4
"""Portions that wait at most: whoever makes them faster than they are written waits too."""


class Behind:
    """The connection of one unit of work, and what is being written on it meanwhile."""

    def __init__(self, connection: Connection, *, threaded: bool) -> None:
        """Without `threaded`, everything is done where it is asked for."""
        self._connection = connection
        self._threaded = threaded
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: list[Future[object]] = []

    @property
    def connection(self) -> Connection:
        """The connection, when nothing is being written. Raises what writing raised."""
        self.wait()
        return self._connection

    def run(self, work: Work) -> None:
        """Have something written, after all that was handed over before."""
        if not self._threaded:
            work(self._connection)
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="behind")
        if len(self._waiting) >= AHEAD:
            self._waiting.pop(0).result()
        self._waiting.append(self._thread.submit(work, self._connection))

    def wait(self) -> None:
        """Until all is written. Raises what writing raised first."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.result()

    def close(self) -> None:
        """End the thread, whatever became of its work."""
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
            self._thread = None
