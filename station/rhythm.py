"""When a station syncs by itself, and how long it waits after a line that was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.http_patience import Chance


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds. After a failure `first`, twice as long each time up to `longest`; after a sync that
    went well `every`; `soon` while the registry has not taken all of it in.

    Each is cut by chance to between half and whole: stations that lost one line, or were opened at
    one hour, do not come as one.
    """

    first: float = 30.0
    longest: float = 1800.0
    every: float = 900.0
    soon: float = 120.0

    def after_failure(self, failures: int, chance: Chance) -> float:
        """How long to wait after so many failures in a row."""
        doubled = self.first * 2.0 ** min(max(failures, 1) - 1, 30)
        return _cut(min(self.longest, doubled), chance)

    def after_success(self, chance: Chance, *, waiting: bool = False) -> float:
        """How long until the next one; `waiting`: the registry still works on what it has."""
        return _cut(self.soon if waiting else self.every, chance)


def _cut(seconds: float, chance: Chance) -> float:
    return seconds * (0.5 + 0.5 * chance())
