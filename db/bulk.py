"""Many rows into PostgreSQL: by COPY, which takes them as fast as the server can write them.

Rows that nobody has are copied where they belong; that nobody has them is held by the table's own
key, and whoever meets a rival does the work again. Others are copied into a staging table and
merged by one statement, which knows all of them at once and puts them in the order of the key, so
that two programs that merge the same rows wait for each other and do not lock each other out.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, Boolean, LargeBinary, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from db.engine import translate
from db.errors import RivalError
from db.staging import BATCH, STAGED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg
    from sqlalchemy import Connection, Delete, Table
    from sqlalchemy.dialects.postgresql import Insert

Row = dict[str, Any]

FEW = 40
"""Fewer rows than this are inserted as they are: an act of one person has no more."""


def copies(engine: str, table: Table, rows: Sequence[object]) -> bool:
    """Whether these rows are worth copying."""
    return engine == "postgresql" and len(rows) >= FEW and table.name in STAGED


def merge(
    connection: Connection,
    table: Table,
    rows: Sequence[Row],
    *,
    batch: int,
    keep: bool = False,
    except_: tuple[str, ...] = (),
    keys: bool = False,
) -> None:
    """Copy and merge rows. Those that meet their own key replace what is there, apart from the
    columns in `except_`; with `keep`, what is there stays. With `keys`, the search keys that these
    persons lack are written.

    `batch` is a number of this unit's own. Raises what the engine's errors become.
    """
    stage(connection, table, rows, batch=batch)
    connection.execute(_merge(table, keep=keep, except_=except_), {"batch": batch})
    if keys:
        connection.execute(_KEYS, {"batch": batch})
    connection.execute(_drop(table), {"batch": batch})


def stage(connection: Connection, table: Table, rows: Sequence[Row], *, batch: int) -> None:
    """Copy rows into the staging table of `table`."""
    staged = STAGED[table.name]
    values = itemgetter(*(column.name for column in table.columns))
    _copy(connection, staged, ((batch, *values(row)) for row in rows))


def add(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Copy rows that nobody has into their table. Raises `RivalError` when somebody has one."""
    _copy(connection, table, map(itemgetter(*(column.name for column in table.columns)), rows))


def add_keys(connection: Connection, persons: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Copy the search keys of persons whom nobody knew, each with its ordinal. Raises
    `RivalError`."""
    # As text: of these rows a person has fifty, and nothing is made of them quicker. In the order
    # of the index, so that each of its pages is written once.
    lines: list[str] = []
    for ordinal, keys in persons:
        end = f"\t{ordinal}\n"
        lines += [key + end for key in _escaped(keys)]
    lines.sort()
    statement = "COPY search_keys (key, ordinal) FROM STDIN"
    with _translated(), _driver(connection).cursor() as cursor, cursor.copy(statement) as copying:
        for at in range(0, len(lines), LINES):
            copying.write("".join(lines[at : at + LINES]))


def _escaped(keys: Iterable[str]) -> list[str]:
    """As COPY reads text (PostgreSQL, "COPY", File Formats)."""
    listed = list(keys)
    if _SPECIAL.search("".join(listed)) is None:
        return listed
    return [_SPECIAL.sub(lambda found: f"\\{_LETTERS[found[0]]}", key) for key in listed]


LINES = 4096
"""Lines handed to the driver at once: some 100 kB."""
_LETTERS = {"\\": "\\", "\t": "t", "\n": "n", "\r": "r", "\b": "b", "\f": "f", "\v": "v"}
_SPECIAL = re.compile(r"[\\\t\n\r\x08\f\v]")


def _copy(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    from psycopg.types.string import BytesBinaryDumper  # the driver of this engine alone

    statement, types = _copying(table)
    with _translated(), _driver(connection).cursor() as cursor:
        # The one that COPY finds by itself looks at every value in Python, for a wrapper of bytes
        # that is never used here: most of what handing rows over cost on this side.
        cursor.adapters.register_dumper(None, BytesBinaryDumper)
        with cursor.copy(statement) as copying:
            copying.set_types(types)
            write = copying.write_row
            for row in rows:
                write(row)


@cache
def _copying(table: Table) -> tuple[str, list[str]]:
    listed = ", ".join(f'"{column.name}"' for column in table.columns)
    statement = f"COPY {table.name} ({listed}) FROM STDIN (FORMAT BINARY)"
    return statement, [_type(column) for column in table.columns]


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    found: psycopg.Connection[Any] = cast("Any", connection.connection.driver_connection)
    return found


def _type(column: Any) -> str:
    kinds = {Boolean: "bool", BigInteger: "int8", LargeBinary: "bytea"}
    return next((name for kind, name in kinds.items() if isinstance(column.type, kind)), "text")


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """The driver's errors as ours, as where SQLAlchemy runs a statement."""
    import psycopg  # the driver of this engine alone

    try:
        yield
    except psycopg.errors.IntegrityError as error:
        raise RivalError from error
    except psycopg.Error as error:
        found = translate(error)
        if found is None:
            raise
        raise found from error


@cache
def _merge(table: Table, *, keep: bool, except_: tuple[str, ...]) -> Insert:
    staged = STAGED[table.name]
    names = [column.name for column in table.columns]
    key = [column.name for column in table.primary_key]
    rows = (
        select(*(staged.c[name] for name in names))
        .where(staged.c[BATCH] == bindparam("batch"))
        .order_by(*(staged.c[name] for name in key))
    )
    statement = insert(table).from_select(names, rows)
    changed = {
        name: statement.excluded[name] for name in names if name not in key and name not in except_
    }
    if keep or not changed:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


@cache
def _drop(table: Table) -> Delete:
    staged = STAGED[table.name]
    return delete(staged).where(staged.c[BATCH] == bindparam("batch"))


# A person's row has its search keys, one a line.
_KEYS = text(
    "INSERT INTO search_keys (key, ordinal)"
    " SELECT one.key, person.ordinal FROM staged_persons AS staged"
    " JOIN persons AS person ON person.id = staged.id"
    " CROSS JOIN LATERAL unnest(string_to_array(staged.keys, E'\\n')) AS one (key)"
    ' WHERE staged.batch = :batch ORDER BY one.key COLLATE "C", person.ordinal'
    " ON CONFLICT (key, ordinal) DO NOTHING"
)
