"""One process of the service: `python -m registry.service.process front` or ``admission``.

It is told what it needs in one line on its standard input, and ends when that closes. It says
`ready` on its standard output. A person starts `waystation registry serve` instead.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from registry.service.staging import Reached, Staging, nothing


def main(what: str, *, reached: Reached = nothing) -> None:
    """Be one of the two."""
    logging.basicConfig(
        level=logging.INFO,
        format=f"%(asctime)s {what} %(levelname)s %(message)s",
        stream=sys.stderr,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    told = json.loads(sys.stdin.buffer.readline())
    if what == "front":
        _front(told, reached)
    else:
        _admission(told, reached)


def _front(told: dict[str, Any], reached: Reached) -> None:
    import socket

    from prometheus_client import start_http_server

    from registry.service.limits import Limits
    from registry.service.running import told_server_key
    from registry.service.serving import server
    from registry.service.tls import server_context

    staging = Staging(Path(told["staging"]), reached=reached)
    limits = Limits(**told["limits"])
    context = None
    if told["tls"] is not None:
        context = server_context(told_server_key(told["tls"]), folder=staging.root / "work")
    serving, front = server(
        staging, limits=limits, context=context, open_metrics=told["open_metrics"]
    )
    if told["metrics_port"] is not None:
        start_http_server(told["metrics_port"], addr="127.0.0.1", registry=front.metrics.registry)

    def end() -> None:
        serving.should_exit = True

    _when_input_closes(end)
    listening = socket.socket(fileno=told["descriptor"])
    _say_ready()  # the socket listens already: whoever comes now waits for a moment
    serving.run(sockets=[listening])


def _admission(told: dict[str, Any], reached: Reached) -> None:
    from dataclasses import replace

    from db.slots import UserKeys
    from ledger.certificate import Role
    from registry.service.admission import Admission
    from values.identifiers import UserId
    from values.secret import Secret
    from workspace.environment import Environment
    from workspace.opening import open_with_keys
    from workspace.rights import Right
    from workspace.session import Session, User

    state = Path(told["state"]) if told["state"] else None
    env = replace(Environment.default(state_folder=state), calibrate=False)
    user = User(UserId(UUID(told["user"]["id"])), told["user"]["name"], Role(told["user"]["role"]))
    keys = UserKeys(
        Secret(base64.b64decode(told["keys"]["data"])),
        Secret(base64.b64decode(told["keys"]["signing"])),
    )
    folder = Path(told["folder"])

    @contextmanager
    def opening(read_only: bool) -> Iterator[Session]:
        # A copy each time: closing a session drops its keys.
        session = open_with_keys(folder, user, replace(keys), env=env, read_only=read_only)
        session.lent = frozenset({Right.IMPORT})
        try:
            yield session
        finally:
            session.close()

    stop = threading.Event()
    _when_input_closes(stop.set)
    staging = Staging(Staging.of(folder).root, reached=reached)

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    admission = Admission(opening, staging, pause=pause)
    with admission.opened(read_only=True):
        admission.say_known()
    _say_ready()
    admission.run(stop=stop.is_set)


def _when_input_closes(act: Callable[[], None]) -> None:
    def wait() -> None:
        # Not through Python's buffer: its lock would be held when the interpreter ends.
        while os.read(0, 4096):
            pass
        act()

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
