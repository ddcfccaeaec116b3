"""Insert, or replace what is there: one statement that SQLite and PostgreSQL both know."""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Dialect

Row = dict[str, Any]


@cache
def upsert(engine: str, row: Any, *, keep: bool = False, except_: tuple[str, ...] = ()) -> Insert:
    """The statement for a model or table on an engine (``sqlite``, ``postgresql``).

    Rows that meet their own primary key replace what is there, apart from the columns in
    `except_`; with `keep`, what is there stays.
    """
    table: Table = row if isinstance(row, Table) else row.__table__
    statement: Any = (postgresql if engine == "postgresql" else sqlite).insert(table)
    key = [column.name for column in table.primary_key]
    if keep:
        kept: Insert = statement.on_conflict_do_nothing(index_elements=key)
        return kept
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in key and column.name not in except_
    }
    replaced: Insert = statement.on_conflict_do_update(index_elements=key, set_=changed)
    return replaced


def execute_many(connection: Connection, statement: Any, rows: Sequence[Row]) -> None:
    """Run a writing statement for many rows that all have the same names.

    The same as ``connection.execute(statement, rows)`` for columns that need no conversion, as
    all of ours are, at half its cost per row: the statement is compiled once and rows go to the
    driver as they are. A bulk load spends most of its time here.
    """
    if not rows:
        return
    sql, order = _compiled(statement, tuple(rows[0]), connection.dialect)
    connection.exec_driver_sql(sql, [order(row) for row in rows])


def execute_tuples(
    connection: Connection, statement: Any, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """`execute_many` for rows given as tuples in the order of `names`: for very many small ones,
    such as search keys, of which a person has dozens."""
    if not rows:
        return
    compiled = _text(statement, names, connection.dialect)
    if compiled.positiontup is None:
        connection.exec_driver_sql(
            str(compiled), [dict(zip(names, row, strict=True)) for row in rows]
        )
    elif tuple(compiled.positiontup) == names:
        connection.exec_driver_sql(str(compiled), list(rows))
    else:
        order = itemgetter(*(names.index(name) for name in compiled.positiontup))
        connection.exec_driver_sql(str(compiled), [order(row) for row in rows])


@cache
def _text(statement: Any, names: tuple[str, ...], dialect: Dialect) -> Any:
    return statement.compile(dialect=dialect, column_keys=list(names))


@cache
def _compiled(
    statement: Any, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, Callable[[Row], Any]]:
    compiled = _text(statement, names, dialect)
    positions = compiled.positiontup
    if positions is None:
        # The driver takes named values.
        return str(compiled), _same
    if len(positions) == 1:
        only = positions[0]
        return str(compiled), lambda row: (row[only],)
    return str(compiled), itemgetter(*positions)


def _same(row: Row) -> Row:
    return row
