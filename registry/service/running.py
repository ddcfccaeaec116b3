"""Front and admission as two processes under one parent, started again when they end.

The parent opens the registry once, to see that its user may serve and to make the certificates;
then it holds what the children are told at their start, and the listening socket, so that a front
that is started again finds the line where it was. What is secret goes to a child through its
standard input. When the parent ends, however it ends, that input closes and the children end too.
"""

from __future__ import annotations

import base64
import errno
import ipaddress
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry import notices
from registry.renewing import AUTHORITY, told_authorities
from registry.service.limits import Limits
from registry.service.staging import Staging
from registry.service.tls import Authority, ServerKey, is_host, new_authority, server_key
from workspace import service
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from workspace.session import Session

log = logging.getLogger("waystation.service")

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 30.0
STEADY_SECONDS: Final = 60.0
"""A child that lived so long starts again at once; one that does not, later and later."""
FIRST_TRIES: Final = 3
"""A child that was never ready is not tried more often than this."""
STOP_SECONDS: Final = 30.0
"""For the children to end in order; the import of one batch takes less."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where the service listens and under which name stations know it.

    `name` is empty only on this machine's own address: then there is no TLS. `public_port` is what
    stations see when something in between forwards another port.
    """

    host: str
    port: int
    name: str = ""
    public_port: int | None = None
    metrics_port: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that the children are told. The socket listens already."""

    url: str
    socket: socket.socket
    front: dict[str, Any] = field(repr=False)
    admission: dict[str, Any] = field(repr=False)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.socket.getsockname()[1])


def prepare(session: Session, where: Where, *, limits: Limits | None = None) -> Prepared:
    """See that this can be served, and listen. The session is to be closed then.

    Raises `RefusedError`: a user without the right, a port that is taken, an address without TLS,
    a program without the extra.
    """
    require(session, Right.SERVE)
    if sys.platform == "win32":
        raise RefusedError("no_service_here", "The service runs on Linux and macOS.")
    _check_extra()
    loopback = _is_loopback(where.host)
    if where.name and not is_host(where.name):
        raise RefusedError(
            "bad_name", "That is no name of a host. Give it as registry.example.org."
        )
    if not where.name and not loopback:
        raise RefusedError(
            "no_tls_name",
            "Beyond this machine the service speaks TLS only, and its certificate needs the name "
            "that stations use. Give it with --name.",
        )
    listening = _listen(where.host, where.port)
    try:
        port = int(listening.getsockname()[1])
        staging = Staging.of(session.folder)
        secure: ServerKey | None = None
        if where.name:
            authority = _authority(session)
            url = _url("https", where.name, where.public_port or port)
            with session.store.write() as unit:
                told = service.Service(url, told_authorities(unit, authority.certificate))
                if service.held(unit) != told:
                    service.keep(unit, told)
                    notices.changed(unit, session)
            secure = server_key(
                authority,
                [where.name, *(["127.0.0.1", "localhost"] if loopback else [])],
                now=session.clock.now(),
                entropy=session.env.entropy,
            )
        else:
            url = _url("http", where.host, port)
    except BaseException:
        listening.close()
        raise
    return Prepared(
        url=url,
        socket=listening,
        front={
            "staging": str(staging.root),
            "descriptor": listening.fileno(),
            "tls": _tls_body(secure) if secure else None,
            "open_metrics": not where.name,
            "metrics_port": where.metrics_port,
            "limits": asdict(limits or Limits()),
        },
        admission={
            "folder": str(session.folder.resolve()),
            "state": str(session.env.state_folder) if session.env.state_folder else None,
            "user": {
                "id": str(session.user.id),
                "name": session.user.name,
                "role": session.user.role.value,
            },
            "keys": {
                "data": _encoded(session.keys.data_key.reveal()),
                "signing": _encoded(session.keys.signing_key.reveal()),
            },
        },
    )


class Child:
    """One process, started again when it ends."""

    def __init__(
        self,
        what: str,
        told: dict[str, Any],
        *,
        descriptors: tuple[int, ...] = (),
        program: tuple[str, ...] = (),
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self.what = what
        self._longest = longest_pause
        self._told = told
        self._descriptors = descriptors
        # -P: a folder that happens to be the current one is not searched for modules.
        self._program = program or (sys.executable, "-P", "-m", "registry.service.process")
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._hopeless = False
        self._thread = threading.Thread(target=self._keep, name=what, daemon=True)

    @property
    def pid(self) -> int:
        """Of the process that runs now; 0 while none does."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def start(self) -> None:
        """Start it, and keep it going."""
        self._thread.start()

    def wait_ready(self, seconds: float, stop: threading.Event) -> bool:
        """Whether it said that it is ready, within so many seconds and tries, or is not wanted any
        more."""
        until = time.monotonic() + seconds
        while not self._ready.wait(0.1):
            if stop.is_set() or time.monotonic() > until:
                return stop.is_set()
        return not self._hopeless

    def stop(self) -> None:
        """Ask it to end."""
        self._stopping.set()
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()

    def join(self, seconds: float) -> None:
        """Wait for its end; end it when it takes too long."""
        self._thread.join(seconds)
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
            self._thread.join(5.0)

    def _keep(self) -> None:
        pause, lives = FIRST_PAUSE, 0
        while not self._stopping.is_set():
            lived = self._live()
            lives += 1
            if self._stopping.is_set():
                return
            if not self._ready.is_set() and lives == FIRST_TRIES:
                self._hopeless = True
                self._ready.set()
                return
            pause = FIRST_PAUSE if lived >= STEADY_SECONDS else min(pause * 2, self._longest)
            log.warning("%s ended and is started again in %.1f s", self.what, pause)
            self._stopping.wait(pause)

    def _live(self) -> float:
        """One life of the process; returns how many seconds it had."""
        begun = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - this program, with a fixed word
            [*self._program, self.what],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(self.what),
            pass_fds=self._descriptors,
            start_new_session=True,
        )
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - pipes
        self._process = process
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(self._told).encode("ascii") + b"\n")
            process.stdin.flush()
        if self._stopping.is_set():
            with suppress(OSError):
                process.stdin.close()
        for line in process.stdout:
            if line == b"ready\n":
                self._ready.set()
        process.wait()
        with suppress(OSError):
            process.stdin.close()
        process.stdout.close()
        return time.monotonic() - begun


def run(
    prepared: Prepared,
    *,
    ready: Callable[[list[int]], None],
    stop: threading.Event,
    ready_seconds: float = 120.0,
    program: tuple[str, ...] = (),
    longest_pause: float = LONGEST_PAUSE,
) -> None:
    """Serve until `stop` is set. `ready` is told the process ids once both children work.

    `program` is what is started instead of this one, before the word that says which child.

    Raises `RefusedError` when one of them does not begin to work.
    """
    children = [
        Child(what, told, descriptors=passed, program=program, longest_pause=longest_pause)
        for what, told, passed in (
            ("front", prepared.front, (prepared.socket.fileno(),)),
            ("admission", prepared.admission, ()),
        )
    ]
    for child in children:
        child.start()
    try:
        if not all(child.wait_ready(ready_seconds, stop) for child in children):
            raise RefusedError("not_started", "The service did not start. The lines above say why.")
        if not stop.is_set():
            ready([child.pid for child in children])
            stop.wait()
    finally:
        for child in children:
            child.stop()
        for child in children:
            child.join(STOP_SECONDS)
        prepared.socket.close()


def stopped_by_signals() -> threading.Event:
    """An event that SIGINT and SIGTERM set, for the main thread of a program."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, frame: stop.set())
    return stop


def told_server_key(body: dict[str, str]) -> ServerKey:
    """What the front is told about TLS."""
    from values.secret import Secret

    return ServerKey(
        certificate=base64.b64decode(body["certificate"]),
        key=base64.b64decode(body["key"]),
        password=Secret(base64.b64decode(body["password"])),
    )


def _tls_body(secure: ServerKey) -> dict[str, str]:
    return {
        "certificate": _encoded(secure.certificate),
        "key": _encoded(secure.key),
        "password": _encoded(secure.password.reveal()),
    }


def _authority(session: Session) -> Authority:
    """The registry's authority, made when it first serves with TLS."""
    with session.store.write() as unit:
        raw = unit.setting(AUTHORITY)
        if raw is not None:
            return Authority.from_bytes(raw)
        made = new_authority(now=session.clock.now())
        unit.put_setting(AUTHORITY, made.to_bytes())
        return made


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `RefusedError` with what stands in the way."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise RefusedError(
            "no_address", "This machine does not know that address. Check --host."
        ) from None
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise _in_the_way(error, port) from error
    return listening


def _in_the_way(error: OSError, port: int) -> RefusedError:
    if error.errno == errno.EADDRINUSE:
        return RefusedError(
            "port_taken", f"Port {port} is taken by another program. Give another with --port."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return RefusedError(
            "port_kept", f"Port {port} needs rights that this account has not. Use one over 1023."
        )
    return RefusedError("no_address", "This machine has no such address. Check --host.")


def _check_extra() -> None:
    try:
        import fastapi  # noqa: F401 - is it there?
        import prometheus_client  # noqa: F401 - is it there?
        import uvicorn  # noqa: F401 - is it there?
    except ImportError:
        raise RefusedError(
            "no_extra",
            "The service is not installed here. Install Waystation with the extra `registry`.",
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _url(scheme: str, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port}"


def _environment(what: str) -> dict[str, str]:
    """The variables of a child: no passphrase, and for the front no key to a database or a store of
    photos either."""
    secret = ("WAYSTATION_", "PG", "AWS_") if what == "front" else ("WAYSTATION_",)
    found = {name: value for name, value in os.environ.items() if not name.startswith(secret)}
    # The same program as this one, wherever it was started from.
    here = str(Path(__file__).resolve().parents[2])
    found["PYTHONPATH"] = os.pathsep.join([here, *filter(None, [found.get("PYTHONPATH")])])
    return found


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
