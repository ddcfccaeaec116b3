"""A line that breaks: a TCP relay which cuts, stalls and repeats, by a seed.

What happens on a connection follows from the seed and the connection's number alone, so a run can
be played again.
"""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

KINDS = ("cut", "stall", "double bytes", "double request")
PIECE = 4096


@dataclass(frozen=True)
class Fate:
    """What happens in one direction of one connection, after so many bytes."""

    kind: str
    after: int
    length: int = 0


def fate(chance: random.Random, *, share: float, reach: int) -> Fate | None:
    """A fault, or none."""
    if chance.random() >= share:
        return None
    return Fate(chance.choice(KINDS), chance.randrange(reach), chance.randrange(1, 400))


class BadLine:
    """Listens on `port` and carries to another port of this machine. Use it in a ``with``."""

    def __init__(self, to: int, *, seed: int, share: float = 0.5, reach: int = 9000) -> None:
        self._to = to
        self._seed = seed
        self.share = share
        self._reach = reach
        self._count = 0
        self._ending = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self.met: Counter[str] = Counter()
        self._listening = socket.socket(proto=socket.IPPROTO_TCP)
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen(64)
        self.port = int(self._listening.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending = True
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _start(self, what: object, *args: object) -> None:
        thread = threading.Thread(target=what, args=args, daemon=True)  # type: ignore[arg-type]  # ours
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ending:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            self._count += 1
            chance = random.Random(f"{self._seed}/{self._count}")
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {near, far}
            fates = [fate(chance, share=self.share, reach=self._reach) for _ in range(2)]
            left = [2]
            self._start(self._carry, near, far, fates[0], left)
            self._start(self._carry, far, near, fates[1], left)

    def _carry(
        self, source: socket.socket, sink: socket.socket, fate: Fate | None, left: list[int]
    ) -> None:
        carried = bytearray()
        try:
            while piece := source.recv(PIECE):
                before = len(carried)
                carried += piece
                if fate is None or not before <= fate.after < len(carried):
                    sink.sendall(piece)
                    continue
                at = fate.after - before
                self.met[fate.kind] += 1
                sink.sendall(piece[:at])
                if fate.kind == "cut":
                    break
                if fate.kind == "stall":
                    # The rest never comes; the connection stays until somebody gives it up.
                    while source.recv(PIECE):
                        pass
                    break
                if fate.kind == "double bytes":
                    sink.sendall(bytes(carried[max(0, fate.after - fate.length) : fate.after]))
                    sink.sendall(piece[at:])
                else:
                    sink.sendall(piece[at:])
                    sink.sendall(bytes(carried))
        except OSError:
            pass
        finally:
            for one in (source, sink):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            with self._lock:
                left[0] -= 1
                if left[0] == 0:
                    for one in (source, sink):
                        self._open.discard(one)
                        one.close()
