"""Stores to test: the same contract on SQLCipher, PostgreSQL and the plain twin of benchmarks."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from db.models import Base, PhotoBase
from db.store import Store
from tests.db.people import Office
from values.secret import Secret

KEY = Secret(bytes(range(32)))
_numbers = count(1)


def postgres_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


@contextlib.contextmanager
def running_postgres() -> Iterator[Path]:
    """A throwaway cluster that listens on a socket in the folder it gives, and nowhere else."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("No PostgreSQL server found: install Debian's package postgresql.")
    # Not pytest's own folder: PostgreSQL refuses to run as root, and others may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="waystation-pg-"))
    who: dict[str, Any] = {}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    data = folder / "data"

    def run(*arguments: str) -> None:
        subprocess.run(
            arguments,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            **who,
        )

    try:
        initdb = str(binaries / "initdb")
        run(initdb, "-D", str(data), "-A", "trust", "-U", "waystation", "-E", "UTF8", "--no-sync")
        # Durability is the server's affair; a test cluster only has to be quick.
        options = f"-c listen_addresses='' -k {folder} -F -c full_page_writes=off"
        run(str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-w", "start")
        try:
            yield folder
        finally:
            run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    """The socket folder of this run's cluster."""
    with running_postgres() as folder:
        yield folder


def _address(socket: Path, database: str) -> str:
    return f"postgresql+psycopg://waystation@/{database}?host={socket}"


def _run(socket: Path, *statements: str, database: str = "postgres") -> None:
    engine = create_engine(
        _address(socket, database), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def new_database(postgres_socket: Path) -> Iterator[Callable[[], str]]:
    """Makes empty databases and gives their addresses."""
    made: list[str] = []

    def make() -> str:
        name = f"store_{next(_numbers)}"
        _run(postgres_socket, f"CREATE DATABASE {name} TEMPLATE template0")
        made.append(name)
        return _address(postgres_socket, name)

    yield make
    # Seven megabytes each: thrown away at once, or the disk has more to do than the tests.
    _run(postgres_socket, *(f"DROP DATABASE {name} WITH (FORCE)" for name in made))


@pytest.fixture(scope="session")
def postgres_folder(postgres_socket: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store on PostgreSQL that the tests take turns in."""
    folder = tmp_path_factory.mktemp("shared")
    _run(postgres_socket, "CREATE DATABASE shared TEMPLATE template0")
    Store.create_postgres(folder, _address(postgres_socket, "shared"), KEY).close()
    return folder


@pytest.fixture
def postgres_store(postgres_folder: Path, postgres_socket: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store on PostgreSQL; its folder is `tmp_path / "office"`."""
    folder = tmp_path / "office"
    shutil.copytree(postgres_folder, folder)
    with Store.open(folder, KEY) as store:
        yield store
    tables = [*Base.metadata.tables, *PhotoBase.metadata.tables]
    _run(postgres_socket, f"TRUNCATE {', '.join(tables)}", database="shared")


@pytest.fixture(params=["sqlcipher", "postgresql", "plain"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store on each engine in turn."""
    match request.param:
        case "sqlcipher":
            opened = Store.create(tmp_path / "office", KEY)
        case "postgresql":
            opened = request.getfixturevalue("postgres_store")
        case _:
            opened = Store.over(create_engine(f"sqlite:///{tmp_path / 'plain.db'}"))
    with opened:
        yield opened


@pytest.fixture
def cipher(tmp_path: Path) -> Iterator[Store]:
    """An empty encrypted store in `tmp_path / "office"`."""
    with Store.create(tmp_path / "office", KEY) as opened:
        yield opened


@pytest.fixture
def office() -> Office:
    """An office of invented people."""
    return Office()
