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

import pytest
from sqlalchemy import create_engine, text

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
    who: dict[str, int] = {}
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


@pytest.fixture
def new_database(postgres_socket: Path) -> Callable[[], str]:
    """Makes empty databases and gives their addresses."""

    def make() -> str:
        name = f"store_{next(_numbers)}"
        base = f"postgresql+psycopg://waystation@/{{}}?host={postgres_socket}"
        engine = create_engine(base.format("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        engine.dispose()
        return base.format(name)

    return make


@pytest.fixture(scope="session")
def postgres_template(postgres_socket: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty store whose database others are copied from: five times quicker."""
    folder = tmp_path_factory.mktemp("template")
    base = f"postgresql+psycopg://waystation@/{{}}?host={postgres_socket}"
    engine = create_engine(base.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE store_template TEMPLATE template0"))
    engine.dispose()
    Store.create_postgres(folder, base.format("store_template"), KEY).close()
    return folder


@pytest.fixture
def postgres_store(postgres_template: Path, postgres_socket: Path, tmp_path: Path) -> Store:
    """An empty store in a PostgreSQL database of its own."""
    name = f"copy_{next(_numbers)}"
    base = f"postgresql+psycopg://waystation@/{{}}?host={postgres_socket}"
    engine = create_engine(base.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE store_template"))
    engine.dispose()
    folder = tmp_path / "office"
    shutil.copytree(postgres_template, folder)
    return Store.open_postgres(folder, base.format(name), KEY)


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
