"""The tables of a store: made at once for a fresh one, migrated for an older one.

A fresh store is created from the models and stamped with their revision; a test holds the
migrations to the same result. `alembic.command` costs most of a second to import, so it is
imported only when a store's stamp differs from ours.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
)

from db import staging
from db.engine import WRITES
from db.errors import NewerStoreError, NoStoreError, OutdatedStoreError
from db.models import REVISION, Base, PhotoBase

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.config import Config
    from sqlalchemy import Connection, Engine

STAMP = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, so that its tools read our stamp and we read theirs."""


def create(engine: Engine, *, photos: bool) -> None:
    """Make all tables in an empty database and stamp it; with the photo table if asked."""
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        Base.metadata.create_all(connection, checkfirst=False)
        if photos:
            PhotoBase.metadata.create_all(connection, checkfirst=False)
        if engine.dialect.name == "postgresql":
            staging.METADATA.create_all(connection, checkfirst=False)
        STAMP.create(connection)
        connection.execute(insert(STAMP), {"version_num": REVISION})
        connection.commit()


def create_photos(engine: Engine) -> None:
    """Make the table of a fresh photo file. It has had one shape; `db.migrations` says so."""
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        PhotoBase.metadata.create_all(connection, checkfirst=False)
        connection.commit()


def is_empty(engine: Engine) -> bool:
    """Whether a database holds no store of ours."""
    with engine.connect() as connection:
        return not inspect(connection).has_table(STAMP.name)


def require_current(
    engine: Engine, *, read_only: bool, before: Callable[[str], object] = lambda stamp: None
) -> None:
    """Bring the tables up to date, or raise.

    `before` is called with the stamp of an older store before anything in it is changed. Raises
    what it raises, `NoStoreError`, `NewerStoreError`, and `OutdatedStoreError` when reading only.
    """
    with engine.connect() as connection:
        stamp = _stamp(connection)
    if stamp == REVISION:
        return
    upgrade(engine, stamp, read_only=read_only, before=before)


def upgrade(
    engine: Engine,
    stamp: str,
    *,
    read_only: bool,
    before: Callable[[str], object] = lambda stamp: None,
) -> None:
    """Run the migrations from `stamp` to ours in one transaction."""
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    with as_file(files("db") / "migrations") as folder:
        config = configuration(str(folder))
        try:
            known = ScriptDirectory.from_config(config).get_revision(stamp) is not None
        except CommandError:
            known = False
        if not known:
            raise NewerStoreError
        if read_only:
            raise OutdatedStoreError
        before(stamp)
        with engine.connect().execution_options(**{WRITES: True}) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()


def configuration(folder: str) -> Config:
    """Alembic's configuration, without a file and without logging."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _stamp(connection: Connection) -> str:
    if not inspect(connection).has_table(STAMP.name):
        raise NoStoreError
    stamp = connection.execute(select(STAMP.c.version_num)).scalar()
    if stamp is None:
        raise NoStoreError
    return str(stamp)
