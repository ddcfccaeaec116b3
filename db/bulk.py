"""Many rows into PostgreSQL: copied into a staging table, then merged by one statement.

COPY takes rows as fast as the server can write them; the merge then knows all of them at once and
puts them in the order of the key. Two programs that merge the same rows wait for each other and do
not lock each other out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from enum import Enum
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, Boolean, LargeBinary, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from db.engine import translate
from db.errors import RivalError
from db.staging import BATCH, STAGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg
    from sqlalchemy import Connection, Delete, Table
    from sqlalchemy.dialects.postgresql import Insert

Row = dict[str, Any]

FEW = 40
"""Fewer rows than this are inserted as they are: an act of one person has no more."""


class Keys(Enum):
    """The search keys of the persons whose rows are merged: none are written, those that are
    missing, or all, since nobody knew these persons before."""

    NONE = 0
    MORE = 1
    NEW = 2


def copies(engine: str, table: Table, rows: Sequence[Row]) -> bool:
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
    keys: Keys = Keys.NONE,
) -> None:
    """Copy and merge rows. Those that meet their own key replace what is there, apart from the
    columns in `except_`; with `keep`, what is there stays. `keys` says what of persons' search
    keys follows from their rows.

    `batch` is a number of this unit's own. Raises what the engine's errors become.
    """
    copy(connection, table, rows, batch=batch)
    connection.execute(_merge(table, keep=keep, except_=except_), {"batch": batch})
    if keys is Keys.NEW:
        if connection.execute(_OTHERS, {"batch": batch}).first() is not None:
            raise RivalError
        connection.execute(_NEW_KEYS, {"batch": batch})
    elif keys is Keys.MORE:
        connection.execute(_KEYS, {"batch": batch})
    connection.execute(_drop(table), {"batch": batch})


def copy(connection: Connection, table: Table, rows: Sequence[Row], *, batch: int) -> None:
    """Copy rows into the staging table of `table`."""
    staged = STAGED[table.name]
    names = [column.name for column in table.columns]
    listed = ", ".join(f'"{name}"' for name in (BATCH, *names))
    values = itemgetter(*names)
    statement = f"COPY {staged.name} ({listed}) FROM STDIN (FORMAT BINARY)"
    with _translated(), _driver(connection).cursor() as cursor, cursor.copy(statement) as copying:
        copying.set_types([_type(column) for column in staged.columns])
        for row in rows:
            copying.write_row((batch, *values(row)))


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
# Of new persons no key can be there, and not having to look saves two fifths of the time. That they
# are new is looked at: another program may have made one known meanwhile, under another ordinal.
_OTHERS = text(
    "SELECT 1 FROM staged_persons AS staged JOIN persons AS person ON person.id = staged.id"
    " WHERE staged.batch = :batch AND person.ordinal <> staged.ordinal LIMIT 1"
)
_NEW_KEYS = text(
    "INSERT INTO search_keys (key, ordinal)"
    " SELECT one.key, staged.ordinal FROM staged_persons AS staged"
    " CROSS JOIN LATERAL unnest(string_to_array(staged.keys, E'\\n')) AS one (key)"
    ' WHERE staged.batch = :batch ORDER BY one.key COLLATE "C", staged.ordinal'
)
_KEYS = text(
    "INSERT INTO search_keys (key, ordinal)"
    " SELECT one.key, person.ordinal FROM staged_persons AS staged"
    " JOIN persons AS person ON person.id = staged.id"
    " CROSS JOIN LATERAL unnest(string_to_array(staged.keys, E'\\n')) AS one (key)"
    ' WHERE staged.batch = :batch ORDER BY one.key COLLATE "C", person.ordinal'
    " ON CONFLICT (key, ordinal) DO NOTHING"
)
