"""The migrations lead to the models, on each engine, with data, up and down."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, inspect, text
from sqlalchemy.exc import IntegrityError

from db import schema, staging
from db.engine import WRITES, cipher_engine, postgres_engine
from db.errors import NewerStoreError, NoStoreError, OutdatedStoreError
from db.models import REVISION, Base, PhotoBase
from db.postgres import address
from db.store import Store
from tests.db.conftest import KEY
from tests.db.people import Office, save

MIGRATIONS = Path(str(files("db") / "migrations"))


@pytest.fixture(params=["sqlcipher", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if request.param == "sqlcipher":
        made = cipher_engine(tmp_path / "store.db", KEY)
    else:
        made = postgres_engine(address(request.getfixturevalue("new_database")()))
    yield made
    made.dispose()


def migrate(engine: Engine, to: str, *, verb: Callable[..., None] = command.upgrade) -> None:
    config = schema.configuration(str(MIGRATIONS))
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        config.attributes["connection"] = connection
        verb(config, to)
        connection.commit()


def _told(index: Any) -> str:
    """An index in words; its condition is an object, which would be told by its address."""
    options = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def shape(engine: Engine) -> dict[str, object]:
    """What the database itself says of its tables."""
    with engine.connect() as connection:
        looking = inspect(connection)
        return {
            name: {
                "columns": [
                    (column["name"], str(column["type"]), column["nullable"], column["comment"])
                    if engine.dialect.name == "postgresql"
                    else (column["name"], str(column["type"]), column["nullable"])
                    for column in looking.get_columns(name)
                ],
                "key": looking.get_pk_constraint(name),
                "indexes": sorted(map(_told, looking.get_indexes(name))),
                "unique": sorted(map(str, looking.get_unique_constraints(name))),
                "checks": sorted(map(str, looking.get_check_constraints(name))),
            }
            for name in looking.get_table_names()
        }


def test_head_is_the_revision_of_the_models() -> None:
    scripts = ScriptDirectory.from_config(schema.configuration(str(MIGRATIONS)))
    assert scripts.get_heads() == [REVISION]


def test_migrating_gives_what_creating_gives(
    engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    photos = engine.dialect.name == "postgresql"
    migrate(engine, "head")
    migrated = shape(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        everything = [Base.metadata, PhotoBase.metadata, staging.METADATA]
        metadata: Any = everything if photos else Base.metadata
        assert compare_metadata(context, metadata) == []
    if photos:
        other = postgres_engine(address(request.getfixturevalue("new_database")()))
    else:
        other = cipher_engine(tmp_path / "other.db", KEY)
    schema.create(other, photos=photos)
    assert shape(other) == migrated
    schema.require_current(other, read_only=True)
    schema.require_current(engine, read_only=True)
    other.dispose()


def test_sqlite_says_the_same_words(tmp_path: Path) -> None:
    """Constraints, WITHOUT ROWID and all: the text that SQLite keeps of each table."""

    def words(engine: Engine) -> dict[str, list[str]]:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql > ''"))
            # Alembic writes the constraints of a table in an order of its own.
            return {
                row.name: sorted(
                    re.sub(r" \)( WITHOUT ROWID)?$", r"\1", " ".join(part.split()))
                    for part in row.sql.split(", \n")
                )
                for row in rows
            }

    one = cipher_engine(tmp_path / "one.db", KEY)
    two = cipher_engine(tmp_path / "two.db", KEY)
    schema.create(one, photos=False)
    migrate(two, "head")
    assert words(one) == words(two)
    assert "WITHOUT ROWID" in str(words(one)["search_keys"])
    one.dispose()
    two.dispose()


def test_down_and_up_again(engine: Engine) -> None:
    migrate(engine, "head")
    migrate(engine, "base", verb=command.downgrade)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate(engine, "head")
    schema.require_current(engine, read_only=True)


def test_an_older_store_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    """Against a made-up next revision, with data in the tables."""
    folder = tmp_path / "office"
    with Store.create(folder, KEY) as store:
        views = save(store, office.household())
    migrations = tmp_path / "db" / "migrations"
    (migrations / "versions").mkdir(parents=True)
    for name in (
        "env.py",
        "script.py.mako",
        "versions/0001_first_tables.py",
        "versions/0002_batches.py",
        "versions/0003_aside.py",
    ):
        (migrations / name).write_bytes((MIGRATIONS / name).read_bytes())
    (migrations / "versions" / "0004_colour.py").write_text(NEXT)
    monkeypatch.setattr(schema, "REVISION", "0004")
    monkeypatch.setattr(schema, "files", lambda package: tmp_path / package)
    with pytest.raises(OutdatedStoreError):
        Store.open(folder, KEY, read_only=True)
    with Store.open(folder, KEY) as store:
        with store.read() as reader:
            assert reader.counts().persons == 4
            colours = reader.connection.exec_driver_sql("SELECT colour FROM persons").scalars()
            assert set(colours) == {"green"}
            assert all(reader.view("person", view.id) for view in views[:4])
        assert store.integrity() == []
    with Store.open(folder, KEY, read_only=True) as store, store.read() as reader:
        assert reader.count_entries() == 7


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0004", "0003", None, None


def upgrade():
    with op.batch_alter_table("persons") as batch:
        batch.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="green"))


def downgrade():
    with op.batch_alter_table("persons") as batch:
        batch.drop_column("colour")
"""


def test_a_failed_migration_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    folder = tmp_path / "office"
    with Store.create(folder, KEY) as store:
        save(store, office.household())
    migrations = tmp_path / "db" / "migrations"
    (migrations / "versions").mkdir(parents=True)
    for name in (
        "env.py",
        "script.py.mako",
        "versions/0001_first_tables.py",
        "versions/0002_batches.py",
        "versions/0003_aside.py",
    ):
        (migrations / name).write_bytes((MIGRATIONS / name).read_bytes())
    broken = NEXT.replace("def downgrade", "    raise RuntimeError('half way')\n\n\ndef downgrade")
    (migrations / "versions" / "0004_colour.py").write_text(broken)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "REVISION", "0004")
        patch.setattr(schema, "files", lambda package: tmp_path / package)
        with pytest.raises(RuntimeError, match="half way"):
            Store.open(folder, KEY)
    with Store.open(folder, KEY) as store, store.read() as reader:
        assert reader.counts().persons == 4


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    with Store.create(folder, KEY) as store, store.write() as unit:
        unit.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerStoreError) as newer:
        Store.open(folder, KEY)
    assert "newer Waystation" in newer.value.sentence


def test_a_database_without_our_tables_is_no_store(engine: Engine) -> None:
    assert schema.is_empty(engine)
    with pytest.raises(NoStoreError):
        schema.require_current(engine, read_only=True)


def test_migrations_are_frozen() -> None:
    """They import nothing of the application, or they would change with it."""
    for path in (MIGRATIONS / "versions").glob("0*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= {"sqlalchemy"}
            elif isinstance(node, ast.ImportFrom):
                assert node.module in {"alembic", "collections.abc"}


def test_opening_a_current_store_does_not_import_alembic(tmp_path: Path) -> None:
    Store.create(tmp_path / "office", KEY).close()
    script = (
        "import sys; from pathlib import Path; from db.store import Store;"
        "from values.secret import Secret;"
        "Store.open(Path(sys.argv[1]), Secret(bytes(range(32)))).close();"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'alembic']"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "office")], check=True)


def test_the_unlock_window_needs_no_database() -> None:
    """`db.slots` and `db.device` are imported while the first window is painted."""
    script = (
        "import sys, db, db.slots, db.device;"
        "heavy = {'sqlalchemy', 'alembic', 'sqlcipher3', 'pyrage', 'keyring', 'psycopg'};"
        "found = heavy & {name.split('.')[0] for name in sys.modules};"
        "assert not found, found"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def every_constraint() -> Iterator[tuple[str, str | None]]:
    for metadata in (Base.metadata, PhotoBase.metadata):
        for table in metadata.sorted_tables:
            for constraint in table.constraints:
                yield table.name, str(constraint.name) if constraint.name else None


def test_every_constraint_has_a_name() -> None:
    assert [table for table, name in every_constraint() if name is None] == []


def test_personal_data_says_so_in_the_catalogue() -> None:
    personal = {
        f"{table.name}.{column.name}"
        for metadata in (Base.metadata, PhotoBase.metadata)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.comment and column.comment.startswith("Personal data")
    }
    assert {
        "entries.body",
        "persons.name",
        "persons.view",
        "search_keys.key",
        "photos.data",
        "drafts.data",
    } <= personal


def bad_rows() -> list[tuple[str, dict[str, object]]]:
    """Rows that the database itself must refuse, whatever the code does."""
    entry: dict[str, object] = {
        "hash": bytes(32),
        "arrival": 1,
        "entry_id": bytes(16),
        "office_id": bytes(16),
        "epoch": bytes(8),
        "sequence": 1,
        "kind": "person.registered",
        "subject_type": "person",
        "subject_id": bytes(16),
        "group_id": bytes(16),
        "author_id": bytes(16),
        "device_time": 0,
        "state": "admitted",
        "reason": None,
        "lost": "",
        "header": b"h",
        "signature": b"s",
        "body": b"b",
    }
    changes: list[dict[str, object]] = [
        {"hash": b"short"},
        {"epoch": b"short"},
        {"sequence": 0},
        {"state": "maybe"},
        {"lost": "eaten"},
        {"body": None},
        {"lost": "pruned"},
        {"header": None},
    ]
    return [("entries", entry | change) for change in changes]


@pytest.mark.parametrize(("table", "row"), bad_rows())
def test_the_database_refuses_what_must_not_be(
    cipher: Store, table: str, row: dict[str, object]
) -> None:
    found = Base.metadata.tables[table]
    with pytest.raises(Exception) as refused, cipher.write() as unit:
        unit.connection.execute(insert(found), row)
    assert isinstance(refused.value, IntegrityError) or isinstance(
        refused.value.__cause__, IntegrityError
    )
