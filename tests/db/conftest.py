"""Stores to test: the same contract on SQLCipher, PostgreSQL and the plain twin of benchmarks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from benchmarks import cluster
from db.models import Base, PhotoBase
from db.store import Store
from tests.db.people import Office
from values.secret import Secret

KEY = Secret(bytes(range(32)))
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    """The socket folder of this run's own cluster, which is stopped and thrown away after it."""
    try:
        with cluster.running(durable=False) as folder:
            yield folder
    except cluster.NoServerError as error:
        pytest.skip(str(error))


@pytest.fixture
def new_database(postgres_socket: Path) -> Iterator[Callable[[], str]]:
    """Makes empty databases and gives their addresses."""
    made: list[str] = []

    def make() -> str:
        name = f"store_{next(_numbers)}"
        made.append(name)
        return cluster.new_database(postgres_socket, name)

    yield make
    # Seven megabytes each: thrown away at once, or the disk has more to do than the tests.
    cluster.execute(postgres_socket, *(f"DROP DATABASE {name} WITH (FORCE)" for name in made))


@pytest.fixture(scope="session")
def postgres_folder(postgres_socket: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store on PostgreSQL that the tests take turns in."""
    folder = tmp_path_factory.mktemp("shared")
    Store.create_postgres(folder, cluster.new_database(postgres_socket, "shared"), KEY).close()
    return folder


@pytest.fixture
def postgres_store(postgres_folder: Path, postgres_socket: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store on PostgreSQL; its folder is `tmp_path / "office"`."""
    folder = tmp_path / "office"
    shutil.copytree(postgres_folder, folder)
    with Store.open(folder, KEY) as store:
        yield store
    tables = [*Base.metadata.tables, *PhotoBase.metadata.tables]
    cluster.execute(postgres_socket, f"TRUNCATE {', '.join(tables)}", database="shared")


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
