"""Founding a registry and a station beside each other, enrolled, with a user for each role."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import enrol as registry_enrol
from registry import setup as registry_setup
from station import setup as station_setup
from workspace.accounts import add_user
from workspace.errors import RefusedError
from workspace.folder import holds_workspace
from workspace.founding import check_empty
from workspace.opening import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from values.secret import Secret
    from workspace.environment import Environment
    from workspace.session import Session

ADMINISTRATOR = "administrator"
OFFICER = "officer"
SUPERVISOR = "supervisor"
REGISTRAR = "registrar"

TRAINING_OPERATION = registry_setup.DEFAULT_OPERATION
STEPS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Two offices that know each other. All users share one passphrase."""

    station: Path
    registry: Path
    keys: Path
    users: tuple[str, ...] = (ADMINISTRATOR, OFFICER, SUPERVISOR, REGISTRAR)


def found(
    folder: Path,
    *,
    passphrase: Secret,
    env: Environment,
    training: bool,
    station_name: str = "Training site",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Place:
    """Make both offices under `folder`, which may exist but not hold them already.

    Raises `workspace.errors.RefusedError` when one of them is there, or when `folder` is a
    workspace itself; then nothing is made.
    """
    place = Place(
        station=folder / "station", registry=folder / "registry", keys=folder / "offline-keys"
    )
    if holds_workspace(folder):
        raise RefusedError(
            "workspace_there",
            f"{folder} is a workspace itself. Name a folder that does not exist yet.",
        )
    for part in (place.registry, place.station, place.keys):
        check_empty(part)
    folder.mkdir(parents=True, exist_ok=True)
    request, grant = folder / "station-request.wst", folder / "station-grant.wst"
    registry_setup.create(
        place.registry,
        admin=ADMINISTRATOR,
        passphrase=passphrase,
        keys_out=place.keys,
        env=env,
        operation=TRAINING_OPERATION,
        training=training,
    )
    progress(1, STEPS)
    station_setup.request(
        place.station,
        name=station_name,
        admin=ADMINISTRATOR,
        passphrase=passphrase,
        out=request,
        env=env,
        training=training,
    )
    progress(2, STEPS)
    with opened(place.registry, ADMINISTRATOR, passphrase, env=env) as session:
        registry_enrol.enrol(session, request, grant)
        add_user(session, name=REGISTRAR, role="registrar", passphrase=passphrase)
    progress(3, STEPS)
    with opened(place.station, ADMINISTRATOR, passphrase, env=env) as session:
        station_setup.enrol(session, grant)
        progress(4, STEPS)
        add_user(session, name=OFFICER, role="officer", passphrase=passphrase)
        add_user(session, name=SUPERVISOR, role="supervisor", passphrase=passphrase)
    progress(5, STEPS)
    return place


@contextmanager
def opened(folder: Path, user: str, passphrase: Secret, *, env: Environment) -> Iterator[Session]:
    """A session for one step, closed after it."""
    session = open_workspace(folder, user, passphrase, env=env)
    try:
        yield session
    finally:
        session.close()
