"""Time and randomness, handed in rather than reached for.

Rooms take a :class:`Clock` and an :data:`Entropy` as arguments; only the faces construct the
real ones. Times are kept in UTC and written as RFC 3339; the zone is added at the glass.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

Entropy = Callable[[int], bytes]
"""Gives so many random bytes: ``os.urandom`` in production, a seeded stream in tests."""

_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


class TimeError(ValueError):
    """A text is not an RFC 3339 time, or a time has no zone. Callers at the edges handle it."""


class Clock(Protocol):
    """What the rooms know of time."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC. It may be wrong; the ledger keeps its doubt."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never run backwards while the machine is on."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class FixedClock:
    """A clock that stands still, or moves by ``step`` each time it is read.

    It is an in-memory twin of :class:`SystemClock` for tests, demonstrations and golden vectors,
    where the same reading has to come out on every run. ``monotonic`` does not advance it.
    """

    def __init__(self, at: datetime, step: timedelta = timedelta(0)) -> None:
        self._start = self._at = in_utc(at)
        self._step = step

    def now(self) -> datetime:
        current = self._at
        self._at += self._step
        return current

    def monotonic(self) -> float:
        return (self._at - self._start).total_seconds()

    def advance(self, by: timedelta) -> None:
        """Let time pass (or, with a negative step, set the wall clock back)."""
        self._at += by


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises :class:`TimeError` for a time without a zone."""
    if moment.tzinfo is None:
        raise TimeError("A time needs a zone; give it in UTC.")
    return moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """``2026-11-15T10:00:00Z``; milliseconds are written only when they are not zero."""
    at = in_utc(moment).replace(tzinfo=None)
    milliseconds = at.microsecond // 1000
    whole = at.replace(microsecond=0).isoformat()
    return f"{whole}.{milliseconds:03d}Z" if milliseconds else f"{whole}Z"


def parse_rfc3339(text: str) -> datetime:
    """An aware UTC datetime from an RFC 3339 time; a zone is required.

    Fractions finer than a microsecond are cut. A leap second (``:60``) is refused, because no
    clock here can show it.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise TimeError("Write the time as in 2026-11-15T10:00:00Z, with its zone.")
    day, clock, fraction, zone = match.groups()
    fraction = (fraction or "")[:7]
    zone = "+00:00" if zone in "Zz" else zone
    try:
        return datetime.fromisoformat(f"{day}T{clock}{fraction}{zone}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise TimeError("There is no such time; write it as in 2026-11-15T10:00:00Z.") from error
