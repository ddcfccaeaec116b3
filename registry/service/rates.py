"""How often somebody may ask: a bucket that fills with time (token bucket)."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST: Final = 20_000
"""Buckets kept. The one that was asked longest ago is forgotten, and is full again then."""


class Rates:
    """Buckets by name: a station's id, or an address."""

    def __init__(self, rate: float, burst: float, *, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._monotonic = monotonic
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, name: Hashable, cost: float = 1.0) -> float:
        """0.0 when there is enough, else how many seconds to wait; nothing is taken then."""
        now = self._monotonic()
        left, at = self._buckets.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._rate)
        wait = 0.0 if left >= cost else (cost - left) / self._rate
        self._buckets[name] = (left - cost if wait == 0.0 else left, now)
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return wait
