"""Trying again what failed for a reason that passes: another program was in the way, or the line.

Whoever hands work in hands in all of a transaction, which is begun anew each time.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from db.errors import ConnectionLostError, RivalError

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

TRIES = 6
FIRST_WAIT = 0.05
"""Seconds before the second try, twice as long before each further one: 1.5 seconds in all, which
outlasts a batch of another worker, and a connection that was cut."""

PASSING = (RivalError, ConnectionLostError)


def retrying(
    work: Callable[[], Result],
    *,
    wait: Callable[[float], None] = time.sleep,
    chance: Callable[[], float] = random.random,
) -> Result:
    """What `work` returns. Raises its last error when it keeps failing, and every other at once."""
    for turn in range(TRIES - 1):
        try:
            return work()
        except PASSING:
            # Not all at the same moment again: up to as much more, by chance.
            wait(FIRST_WAIT * 2**turn * (1 + chance()))
    return work()
