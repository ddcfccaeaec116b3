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
    from collections.abc import Mapping

    from sqlalchemy import Connection, Engine

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

    def expect(self, counts: Mapping[str, int]) -> None:
        """Have so many numbers of these series at hand, taken in one commit."""
        wanted = {
            series: count
            for series, count in sorted(counts.items())
            if count > len(self._left.get(series, ()))
        }
        if not wanted:
            return
        with self._engine.connect() as connection, connection.begin():
            for series, count in wanted.items():
                self._left[series] = _taken(connection, series, count)

    def next(self, series: str) -> int:
        """The next number of a series; higher than all that were taken before this block."""
        left = self._left.get(series)
        if not left:
            size = self._size.get(series, SMALLEST)
            self._size[series] = min(2 * size, LARGEST)
            with self._engine.connect() as connection, connection.begin():
                left = self._left[series] = _taken(connection, series, size)
        return left.pop()


def _taken(connection: Connection, series: str, count: int) -> list[int]:
    """So many numbers, the lowest last."""
    last = int(connection.execute(_TAKE, {"series": series, "count": count}).scalar_one())
    return list(range(last, last - count, -1))
