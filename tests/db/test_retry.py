"""Trying again: what passes is tried again, with longer waits; everything else at once is told."""

from __future__ import annotations

import pytest

from db.errors import ConnectionLostError, RivalError, StoreFullError
from db.retry import FIRST_WAIT, TRIES, retrying


def test_what_passes_is_tried_again() -> None:
    """Sync 4 (f): serialization errors must be tried again by the client."""
    waited: list[float] = []
    errors: list[Exception] = [RivalError(), ConnectionLostError(), RivalError()]

    def work() -> str:
        if errors:
            raise errors.pop()
        return "done"

    assert retrying(work, wait=waited.append, chance=lambda: 0.5) == "done"
    assert waited == [FIRST_WAIT * 1.5, FIRST_WAIT * 3, FIRST_WAIT * 6]


def test_it_ends() -> None:
    turns = []

    def work() -> None:
        turns.append(1)
        raise RivalError

    with pytest.raises(RivalError):
        retrying(work, wait=lambda seconds: None)
    assert len(turns) == TRIES


def test_nothing_else_is_tried_again() -> None:
    turns = []

    def work() -> None:
        turns.append(1)
        raise StoreFullError

    with pytest.raises(StoreFullError):
        retrying(work, wait=lambda seconds: None)
    assert len(turns) == 1
