"""Engines: an encrypted file, a PostgreSQL database, or one that a benchmark brings.

Every engine handed out here begins writing transactions so that two writers wait for each other
instead of failing late, and turns the driver's errors into this room's.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event
from sqlalchemy.pool import QueuePool

from db.errors import (
    ConnectionLostError,
    DamagedStoreError,
    RivalError,
    StoreError,
    StoreFileError,
    StoreFullError,
    WorkspaceBusyError,
    WrongKeyError,
)
from db.files import sync_file

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import ExceptionContext

    from values.secret import Secret

WRITES = "waystation_writes"
"""Execution option of a connection that will write."""

BUSY_MILLIS = 10_000
"""How long a statement waits for another program before it gives up."""
CACHE_KIB = 32 * 1024
"""Pages of one connection kept decrypted; taken only as far as they are used."""

POOL = 4
"""One writer and a few readers: more threads than that never touch a store at once."""

_SETTINGS = (
    f"PRAGMA busy_timeout = {BUSY_MILLIS}",
    "PRAGMA journal_mode = WAL",
    # FULL, also under WAL: an act that was called saved is saved, even when the power goes.
    "PRAGMA synchronous = FULL",
    # What is pruned or erased leaves the file.
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    f"PRAGMA cache_size = -{CACHE_KIB}",
)


def cipher_engine(path: Path, key: Secret, *, read_only: bool = False) -> Engine:
    """An engine over an SQLCipher file with a raw 32-byte key. The file must exist or be new.

    Connecting raises `WrongKeyError` for another key or a damaged first page.
    """
    import sqlcipher3.dbapi2 as sqlcipher  # the driver loads OpenSSL: only where a store opens

    def connect() -> Any:
        return cipher_connection(path, key, read_only=read_only)

    # `creator` and not a URL: a key in a URL ends in logs, and the cipher dialect would send an
    # empty key first, which SQLCipher 4.19 refuses.
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=POOL,
        max_overflow=POOL,
        pool_use_lifo=True,
    )
    return prepared(engine, folder=path.parent)


def cipher_connection(path: Path, key: Secret, *, read_only: bool = False) -> Any:
    """A bare driver connection, keyed and set up. Raises `WrongKeyError`."""
    import sqlcipher3.dbapi2 as sqlcipher

    try:
        connection = sqlcipher.connect(
            path.absolute().as_uri() + ("?mode=rw" if path.exists() else "?mode=rwc"),
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
    except sqlcipher.OperationalError as error:
        raise translate(error, folder=path.parent) or error from None
    try:
        # SQLCipher otherwise writes its own lines to standard error.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(_key_pragma(key))
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in _SETTINGS:
            connection.execute(pragma)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except sqlcipher.DatabaseError as error:
        connection.close()
        if "readonly database" in str(error):
            # Setting up writes: so this is the disk, and not a reader that wants to write.
            raise StoreFileError from None
        raise translate(error, folder=path.parent) or error from None
    return connection


def copy_cipher(source: Path, key: Secret, target: Path) -> None:
    """A consistent copy of an SQLCipher file under the same key, while others may write it.

    Flushed to the disk when this returns. `target` must not exist. Raises `DamagedStoreError`
    for a damaged source: SQLCipher copies a page that it cannot authenticate as an empty one
    and signs that, so the copy would pass for sound (measured). Every page is checked first.
    """
    import sqlcipher3.dbapi2 as sqlcipher

    reading = cipher_connection(source, key)
    try:
        # What was committed moves from the log into the file, where the check sees it.
        reading.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        if reading.execute("PRAGMA cipher_integrity_check").fetchall():
            raise DamagedStoreError
        writing = sqlcipher.connect(str(target), isolation_level=None)
        try:
            writing.execute("PRAGMA cipher_log_level = NONE")
            writing.execute(_key_pragma(key))
            # The copy is flushed once, at its end.
            writing.execute("PRAGMA synchronous = OFF")
            # All pages in one step: a writer in between would only make it begin again.
            reading.backup(writing)
            # A copy is one file: without this it would ask for a log beside it.
            writing.execute("PRAGMA journal_mode = DELETE")
        finally:
            writing.close()
    except sqlcipher.Error as error:
        translated = translate(error)
        if translated is None:
            raise
        raise translated from error
    finally:
        reading.close()
    sync_file(target)


def cipher_problems(path: Path, key: Secret) -> list[str]:
    """What SQLCipher's and SQLite's own checks find wrong in a file; empty when it is sound."""
    import sqlcipher3.dbapi2 as sqlcipher

    problems: list[str] = []
    try:
        connection = cipher_connection(path, key, read_only=True)
    except WrongKeyError:
        return [f"{path.name}: the first page is damaged; restore the latest backup."]
    try:
        # Every page against its HMAC, then the structure of tables and indexes.
        found = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        problems += [f"{path.name}: {row[0]}" for row in found]
        found = connection.execute("PRAGMA quick_check").fetchall()
        problems += [f"{path.name}: {row[0]}" for row in found if row[0] != "ok"]
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            problems.append(f"{path.name}: the file is empty; restore the latest backup.")
    except sqlcipher.DatabaseError as error:
        problems.append(f"{path.name}: {error}")
    finally:
        connection.close()
    return problems


def postgres_engine(url: URL, *, read_only: bool = False) -> Engine:
    """An engine over psycopg. Connecting raises `ConnectionLostError`."""
    engine = create_engine(
        url,
        pool_size=POOL,
        max_overflow=POOL,
        pool_use_lifo=True,
        pool_pre_ping=True,
        # The SQLAlchemy default prints bound values in errors; they are personal data.
        hide_parameters=True,
        connect_args={"application_name": "waystation", "connect_timeout": 10},
    )
    if read_only:

        @event.listens_for(engine, "connect")
        def _read_only(connection: Any, _record: Any) -> None:
            connection.read_only = True

    return prepared(engine)


def injected_engine(engine: Engine) -> Engine:
    """Prepare an engine that a benchmark or test made: plain SQLite gets the same settings."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _set_up(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in _SETTINGS:
                connection.execute(pragma)

    return prepared(engine)


def prepared(engine: Engine, *, folder: Path | None = None) -> Engine:
    """Attach how transactions begin and what errors become. `folder` is where its file lies."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            # IMMEDIATE takes the write lock now, where waiting is safe; a deferred transaction
            # that turns into a writer later fails instead of waiting.
            writes = connection.get_execution_options().get(WRITES)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def _become(context: ExceptionContext) -> BaseException | None:
        if context.is_disconnect:
            return ConnectionLostError()
        return translate(context.original_exception, folder=folder)

    event.listen(engine, "handle_error", _become, retval=True)
    return engine


def _key_pragma(key: Secret) -> str:
    return f"PRAGMA key = \"x'{key.reveal().hex()}'\""


def translate(error: BaseException, *, folder: Path | None = None) -> StoreError | None:
    """The driver's error as one of ours; None leaves it (a fault of ours) as it is."""
    text = str(error)
    state = getattr(error, "sqlstate", None)
    if "database or disk is full" in text or state == "53100":
        return StoreFullError()
    if "disk I/O error" in text and folder is not None and _no_room(folder):
        # Where SQLite cannot lay down its shared memory, it does not say why.
        return StoreFullError()
    if state in _RIVALS:
        return RivalError()
    if "database is locked" in text or "database table is locked" in text:
        return WorkspaceBusyError()
    if "unable to open database" in text:
        return StoreFileError()
    if "malformed" in text or "disk I/O error" in text or (state or "").startswith("XX"):
        return DamagedStoreError()
    if "file is not a database" in text:
        return WrongKeyError()
    if (state or "").startswith(("08", "28", "57P")):
        return ConnectionLostError()
    if type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError":
        return ConnectionLostError()
    return None


_RIVALS = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock not available (PostgreSQL, appendix A)."""

NO_ROOM_BYTES = 128 * 1024
"""The log and its index do not begin with less; a disk error with so little left is that."""


def _no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < NO_ROOM_BYTES
    except OSError:
        return False
