"""How long a broken line is tried again: bounded, growing, and never in step with others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Pause = Callable[[float], None]
Chance = Callable[[], float]
"""Between 0.0 and 1.0."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Handed in, so that tests wait for nothing.

    `attempts` in a row without progress end the work, and so do `most` in all. Between them lie
    `first` seconds, twice as long each time up to `longest`, each cut by chance to between half
    and whole: fifty stations that lost one line do not come back as one.
    """

    pause: Pause
    chance: Chance
    attempts: int = 6
    most: int = 100
    first: float = 0.5
    longest: float = 30.0

    def begin(self) -> Tries:
        """A count for one run."""
        return Tries(self)


class Tries:
    """How often it was tried in one run."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._row = 0
        self._all = 0

    def progress(self) -> None:
        """Something arrived: the line is there."""
        self._row = 0

    def again(self, *, at_least: float = 0.0) -> bool:
        """Wait for the next attempt; False when it is enough."""
        patience = self._patience
        self._row += 1
        self._all += 1
        if self._row >= patience.attempts or self._all >= patience.most:
            return False
        length = min(patience.longest, patience.first * 2.0 ** (self._row - 1))
        wait = length * (0.5 + 0.5 * patience.chance())
        patience.pause(max(wait, min(at_least, patience.longest)))
        return True
