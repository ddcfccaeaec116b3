"""Fixtures of the offices' tests: both offices founded once in a run, copied for each test."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from desktop import garbage
from tests import places
from tests.places import START, Site, environment

SOAK = 10
"""Times as many examples as in a run of every day."""

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
"""No law fails because a machine is slow; how fast things are is for the benchmarks."""
settings.register_profile(
    "soak", max_examples=100 * SOAK, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
"""For a machine left alone with it (``make soak``): more examples, however long each takes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a soak, laws that say themselves how many examples they want get more of them too."""
    if settings.get_current_profile_name() != "soak":
        return
    for item in items:
        test = getattr(item, "obj", None)
        # Hypothesis keeps what `@settings` said here and lets nobody decorate a second time
        said = getattr(test, "_hypothesis_internal_use_settings", None)
        if said is not None and said.max_examples < 100 * SOAK:
            more = settings(said, max_examples=said.max_examples * SOAK)
            getattr(test, "__func__", test)._hypothesis_internal_use_settings = more


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, Any, Any]:
    """Collect cycles between tests, on this thread: windows of earlier tests lie in them.

    A thread of a later test, writing a bundle say, would destroy their widgets there and crash.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        garbage.look()


class PatientBot(QtBot):  # type: ignore[misc]  # pytest-qt is not typed
    """Waits for a condition as long as a loaded machine may take; one never met still fails."""

    def waitUntil(  # noqa: N802 - as pytest-qt calls it
        self, callback: Callable[[], object], *, timeout: int = 120_000
    ) -> None:
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: Any, request: pytest.FixtureRequest) -> PatientBot:
    return PatientBot(request)


Shared = Callable[[str, Callable[[Path], Any]], tuple[Path, Any]]


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Let one worker of a run at a time into the block."""
    import fcntl

    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Shared:
    """Make something dear once for all workers of a run: a folder, and what making it told.

    Called with a name and with what fills the folder of that name.
    """
    base = tmp_path_factory.getbasetemp()
    root = base if worker_id == "master" else base.parent

    def once(name: str, make: Callable[[Path], Any]) -> tuple[Path, Any]:
        folder, told = root / name, root / f"{name}.told"
        with _only_one(root / f"{name}.lock"):
            if not told.exists():
                told.write_bytes(pickle.dumps(make(folder)))
            return folder, pickle.loads(told.read_bytes())  # noqa: S301 - our own, of this run

    return once


def _site(folder: Path) -> Site:
    """A site that another worker may have made: its clock goes on after whatever was done."""
    return Site(folder, environment(folder / "state", at=START + timedelta(hours=1)))


@pytest.fixture(scope="session")
def founded_site(shared: Shared) -> Site:
    """Both offices as they were founded. Do not write to them: take `site`."""
    folder, _ = shared("founded", lambda folder: places.found(folder) and None)
    return _site(folder)


@pytest.fixture
def site(founded_site: Site, tmp_path: Path) -> Site:
    """Both offices, enrolled, with a user for every role and nobody registered."""
    return founded_site.copied(tmp_path / "site")


@pytest.fixture(scope="session")
def stranger_site(shared: Shared) -> Site:
    """Another registry with a station of its own, which has one family. Only copy it."""

    def make(folder: Path) -> None:
        places.found(folder).take_in(places.families(1))

    folder, _ = shared("stranger", make)
    return _site(folder)


@pytest.fixture(scope="session")
def worked_site(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Three families taken in and approved; nothing exported. Do not write to it."""
    site = founded_site.copied(tmp_path_factory.mktemp("worked") / "site")
    site.take_in(places.families(3))
    site.approve()
    return site


@pytest.fixture
def busy_site(worked_site: Site, tmp_path: Path) -> Site:
    """Both offices with three approved families at the station."""
    return worked_site.copied(tmp_path / "site")
