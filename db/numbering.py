"""Numbers of the store's own, taken in blocks: on PostgreSQL several programs write at once.

A counter that each took from inside its transaction would make all wait for one another, so blocks
are taken in commits of their own. What is left of a block is lost, and gaps are harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from db.models import CounterRow

if TYPE_CHECKING:
    from sqlalchemy import Engine

SMALLEST, LARGEST = 16, 4096
"""Numbers in a block: few for an act, more and more for an import."""

_FIRST = insert(CounterRow).values(series=bindparam("series"), value=bindparam("count"))
_TAKE = _FIRST.on_conflict_do_update(
    index_elements=[CounterRow.series], set_={"value": CounterRow.value + _FIRST.excluded.value}
).returning(CounterRow.value)


class Blocks:
    """The blocks of one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._left: dict[str, list[int]] = {}
        self._size: dict[str, int] = {}

    def next(self, series: str) -> int:
        """The next number of a series; higher than all that were taken before this block."""
        left = self._left.get(series)
        if not left:
            size = self._size.get(series, SMALLEST)
            self._size[series] = min(2 * size, LARGEST)
            last = take(self._engine, series, size)
            left = self._left[series] = list(range(last, last - size, -1))
        return left.pop()


def take(engine: Engine, series: str, count: int) -> int:
    """Take so many numbers in a commit of its own; returns the last of them."""
    with engine.connect() as connection, connection.begin():
        taken = connection.execute(_TAKE, {"series": series, "count": count})
        return int(taken.scalar_one())
