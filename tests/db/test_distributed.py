"""The tables could be spread over several servers: read from what PostgreSQL says it made.

`docs/scaling.md` says by which column each table would be spread; the models carry it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, text

from db import staging
from db.models import KEY, Base, PhotoBase
from db.store import Store

SCALING = Path(__file__).parents[2] / "docs" / "scaling.md"

UNWANTED = {
    "sequences": "SELECT sequencename FROM pg_sequences",
    "triggers": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "generated columns": "SELECT attname FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid"
    " WHERE relnamespace = 'public'::regnamespace AND (attidentity <> '' OR attgenerated <> '')",
    "defaults": "SELECT adnum FROM pg_attrdef JOIN pg_class ON adrelid = pg_class.oid"
    " WHERE relnamespace = 'public'::regnamespace",
    "deferrable constraints": "SELECT conname FROM pg_constraint WHERE condeferrable",
    "exclusion constraints": "SELECT conname FROM pg_constraint WHERE contype = 'x'",
    "foreign keys": "SELECT conname FROM pg_constraint WHERE contype = 'f'",
    "other indexes than B-trees": "SELECT pg_class.relname FROM pg_class JOIN pg_am ON"
    " relam = pg_am.oid WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace"
    " AND amname <> 'btree'",
    "indexes on expressions": "SELECT indexrelid::regclass FROM pg_index JOIN"
    " pg_class ON indrelid = pg_class.oid WHERE relnamespace = 'public'::regnamespace"
    " AND indexprs IS NOT NULL",
    "rules, views and functions": "SELECT proname FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "extensions": "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'",
    "inheritance": "SELECT inhrelid::regclass FROM pg_inherits",
}


def tables() -> Iterator[Table]:
    for metadata in (Base.metadata, PhotoBase.metadata, staging.METADATA):
        yield from metadata.sorted_tables


def asked(store: Store, statement: str) -> list[Any]:
    with store._engine.connect() as connection:
        return list(connection.execute(text(statement)))


@pytest.mark.parametrize("what", UNWANTED)
def test_nothing_that_databases_of_many_servers_lack(postgres_store: Store, what: str) -> None:
    """Sync 4 (d): Yugabyte and Cockroach lack triggers, sequences, deferrable constraints, GiST and
    more.

    Sync 4 (l): servers made for tests lack pg_trgm and other extensions.
    """
    with postgres_store as store:
        assert asked(store, UNWANTED[what]) == []


def test_every_unique_constraint_holds_the_column_that_spreads_its_table(
    postgres_store: Store,
) -> None:
    """Sync 4 (c): Citus wants its distribution column in every unique constraint."""
    spread = {table.name: table.info[KEY] for table in tables()}
    with postgres_store as store:
        unique = asked(
            store,
            "SELECT indrelid::regclass::text AS name, array_agg(attname::text) AS columns"
            " FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
            " JOIN pg_class ON indrelid = pg_class.oid"
            " WHERE indisunique AND relnamespace = 'public'::regnamespace"
            " GROUP BY indexrelid, indrelid",
        )
        made = {row.name for row in asked(store, "SELECT tablename AS name FROM pg_tables"
                                          " WHERE schemaname = 'public'")}  # fmt: skip
    assert made == {*spread, "alembic_version"}, "every table says how it would be spread"
    assert len(unique) > 20
    for name, columns in unique:
        key = spread.get(name)
        assert key is None or key in columns, (name, columns)


def test_only_staging_may_be_lost_in_a_crash(postgres_store: Store) -> None:
    """Sync 4 (g): unlogged and temporary tables are empty after a crash."""
    with postgres_store as store:
        rows = asked(
            store,
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence <> 'p'"
            " AND relnamespace = 'public'::regnamespace",
        )
    assert {row.relname for row in rows} == set(staging.METADATA.tables)


def test_no_lock_that_other_databases_lack() -> None:
    """In the room's own statements: advisory locks, LOCK TABLE, LISTEN and NOTIFY, temporary
    tables, and sequences.

    Sync 4 (e): they lack LOCK TABLE, advisory locks and LISTEN/NOTIFY.
    """
    bad = re.compile(
        r"pg_(try_)?advisory|LOCK TABLE|\bLISTEN\b|\bNOTIFY\b|TEMP(ORARY)? TABLE|nextval|SERIAL"
    )
    for path in (Path(__file__).parents[2] / "db").rglob("*.py"):
        assert not bad.search(path.read_text("utf-8")), path.name


def test_the_page_names_every_table() -> None:
    """`docs/scaling.md` has the same columns as the models."""
    told = dict(re.findall(r"^\| `(\w+)` \| `?([\w-]+)`? \|", SCALING.read_text("utf-8"), re.M))
    ours = {table.name: table.info[KEY] or "everywhere" for table in tables()}
    ours = {name: key for name, key in ours.items() if not name.startswith(staging.PREFIX)}
    assert told == ours
