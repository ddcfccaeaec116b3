"""The registry's service for tests: the front in a thread behind a real socket, and admission."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from registry.service.admission import Admission, Opening
from registry.service.front import Front
from registry.service.limits import Limits
from registry.service.running import Prepared, Where, prepare, run
from registry.service.serving import server
from registry.service.staging import Staging
from station.syncing import Synced
from station.syncing import sync as exchange
from sync.http import Times
from sync.http_patience import Patience
from tests.places import Site
from workspace.rights import Right
from workspace.session import Session

PATIENCE = Patience(pause=lambda seconds: None, chance=lambda: 0.5)
"""Waits for nothing: in tests the line is there at once or never."""


@dataclass(frozen=True)
class Served:
    """A front that answers."""

    port: int
    front: Front
    staging: Staging
    server: uvicorn.Server
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for a condition of another thread or process."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come about"
        threading.Event().wait(0.005)


@contextmanager
def fronting(
    staging: Staging, *, limits: Limits | None = None, context: ssl.SSLContext | None = None
) -> Iterator[Served]:
    """The front in a thread, on any free port of this machine."""
    serving, front = server(staging, limits=limits, context=context, open_metrics=True)
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:  # asyncio sets no delay by it
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: serving.started or not thread.is_alive())
            yield Served(
                listening.getsockname()[1], front, staging, serving, "https" if context else "http"
            )
        finally:
            serving.should_exit = serving.force_exit = True
            thread.join(30)
            assert not thread.is_alive()


@contextmanager
def admission(site: Site, staging: Staging) -> Iterator[Admission]:
    """Admission with the registry open, to be told step by step."""
    found = Admission(opening(site), staging)
    with found.opened():
        found.say_known()
        yield found


def opening(site: Site, user: str = "service") -> Opening:
    """Opens the site's registry as the service does."""

    @contextmanager
    def at_registry(read_only: bool) -> Iterator[Session]:
        with site.at_registry(user, read_only=read_only) as session:
            session.lent = frozenset({Right.IMPORT})
            yield session

    return at_registry


@contextmanager
def admitting(site: Site, staging: Staging, user: str = "service") -> Iterator[None]:
    """Admission in a thread, until the block ends."""
    stop, begun = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def pause(seconds: float) -> None:
        stop.wait(min(seconds, 0.01))

    def run() -> None:
        try:
            found = Admission(opening(site, user), staging, pause=pause)
            with found.opened(read_only=True):
                found.say_known()
            staging.beat(found.counts)
            begun.set()
            found.run(stop=stop.is_set)
        except BaseException as error:
            failed.append(error)
            begun.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert begun.wait(60)
        yield
    finally:
        stop.set()
        thread.join(60)
        if failed:
            raise failed[0]


@contextmanager
def served(site: Site, *, limits: Limits | None = None) -> Iterator[Served]:
    """Front and admission of a site's registry."""
    staging = Staging.of(site.registry)
    with admitting(site, staging), fronting(staging, limits=limits) as found:
        yield found


def sync(
    site: Site,
    url: str | None,
    *,
    patience: Patience = PATIENCE,
    wait: float = 60.0,
    times: Times | None = None,
) -> Synced:
    """The supervisor syncs."""
    with site.at_station("supervisor") as session:
        return exchange(session, url=url, patience=patience, wait_seconds=wait, times=times)


@dataclass
class Running:
    """Both processes."""

    url: str
    pids: list[int]
    prepared: Prepared


@contextmanager
def running(site: Site, armed: Path, *, name: str = "") -> Iterator[Running]:
    """The service of a site, in two processes; with TLS when it has a name."""
    with site.at_registry("service") as session:
        prepared = prepare(session, Where("127.0.0.1", 0, name=name))
    pids: list[int] = []
    ready, stop = threading.Event(), threading.Event()

    def said(found: list[int]) -> None:
        pids.extend(found)
        ready.set()

    thread = threading.Thread(
        target=run,
        args=(prepared,),
        kwargs={
            "ready": said,
            "stop": stop,
            "program": (sys.executable, "-m", "tests.faults.service_child", str(armed)),
            "longest_pause": 0.05,
        },
    )
    thread.start()
    try:
        assert ready.wait(120)
        yield Running(prepared.url, pids, prepared)
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()
