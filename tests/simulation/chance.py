"""Chance and time of a simulated world: from a seed, so that a run can be repeated."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from unittest import mock

from hypothesis.internal.conjecture import providers

from tests.places import START

STEP = timedelta(seconds=1)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2090, 1, 1, tzinfo=UTC)


class Stream:
    """Bytes that look random and follow from a seed: entropy as the offices take it."""

    def __init__(self, seed: str) -> None:
        self._state = sha256(seed.encode("utf-8")).digest()

    def __call__(self, size: int) -> bytes:
        made = bytearray()
        while len(made) < size:
            made += sha256(self._state + b"out").digest()
            self._state = sha256(self._state + b"next").digest()
        return bytes(made[:size])

    def turn(self, word: str) -> None:
        """Go on elsewhere: two copies of a machine do not draw the same."""
        self._state = sha256(self._state + word.encode("utf-8")).digest()


class Time:
    """The true time, which moves at every look that anybody takes at a clock."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def moves(self) -> datetime:
        """The time now; a moment later it is later."""
        now = self.at
        self.at += STEP
        return now

    def passes(self, by: timedelta) -> None:
        """Nobody did anything for so long."""
        self.at += by


class OwnClock:
    """A machine's own clock, which may be wrong by any amount."""

    def __init__(self, time: Time, wrong_by: timedelta = timedelta(0)) -> None:
        self.time = time
        self.wrong_by = wrong_by

    def now(self) -> datetime:
        """See `values.clock.Clock`."""
        return min(max(self.time.moves() + self.wrong_by, EARLIEST), LATEST)

    def monotonic(self) -> float:
        """See `values.clock.Clock`."""
        return (self.time.at - START).total_seconds()


def chances(seed: str) -> random.Random:
    """Dice that fall the same for one seed in every process."""
    return random.Random(seed)


@contextmanager
def only_the_seed() -> Iterator[None]:
    """Let what Hypothesis chooses follow from its seed alone.

    It likes to draw numbers that stand in the program's own modules, as many as are loaded by then:
    one round played alone would not be what it was after others, nor after a line was changed.
    """
    none = providers.Constants()
    with mock.patch.object(providers, "_get_local_constants", lambda: none):
        providers.CONSTANTS_CACHE.cache.clear()
        yield
    providers.CONSTANTS_CACHE.cache.clear()
