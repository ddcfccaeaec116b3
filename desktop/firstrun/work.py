"""What the first run has the offices do. Everything here runs on a worker."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop import files, offices

if TYPE_CHECKING:
    from workspace.environment import Environment
    from workspace.session import Session

_PARTS: Final = re.compile(r"[\s-]+")
Environments = Callable[[], "Environment"]


@dataclass(frozen=True, slots=True)
class StationMade:
    """A station that waits for its grant."""

    session: Session
    words: tuple[str, ...]
    request: bytes


@dataclass(frozen=True, slots=True)
class RegistryMade:
    """A registry, and what has to be taken away from it."""

    session: Session
    root: str
    keys: tuple[Path, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrainingMade:
    """Two offices to learn with."""

    station: Path
    registry: Path
    users: tuple[tuple[str, str], ...]  # login name and role


@dataclass(frozen=True, slots=True)
class GrantRead:
    """A grant that could be taken: the six words to compare first."""

    path: Path
    words: tuple[str, ...]


def make_station(
    folder: Path, *, name: str, administrator: str, passphrase: str, environment: Environments
) -> StationMade:
    """A station's store, keys and request; it stays open for what comes next."""
    env = environment()
    secret = offices.slots.passphrase(passphrase)
    out = folder / files.REQUEST
    made = offices.station_setup.request(
        folder, name=name, admin=administrator, passphrase=secret, out=out, env=env
    )
    session = offices.opening.open_workspace(folder, administrator, secret, env=env)
    asked = offices.station_setup.pending_request(session)
    return StationMade(session, tuple(made.words), asked.data if asked is not None else b"")


def make_registry(
    folder: Path,
    *,
    name: str,
    code: str,
    administrator: str,
    passphrase: str,
    keys_folder: Path,
    environment: Environments,
) -> RegistryMade:
    """A registry; the private halves of its root and recovery keys go to ``keys_folder``."""
    env = environment()
    secret = offices.slots.passphrase(passphrase)
    made = offices.registry_setup.create(
        folder,
        admin=administrator,
        passphrase=secret,
        keys_out=keys_folder,
        env=env,
        operation=offices.office.Operation(code=code, name=name, issuing_office=name),
    )
    session = offices.opening.open_workspace(folder, administrator, secret, env=env)
    return RegistryMade(session, made.root, tuple(made.keys), tuple(made.notes))


def make_training(
    parent: Path,
    *,
    passphrase: str,
    environment: Environments,
    progress: Callable[[int, int], None],
) -> TrainingMade:
    """Both offices with invented people."""
    made = offices.training.make(
        parent,
        passphrase=offices.slots.passphrase(passphrase),
        env=environment(),
        progress=progress,
    )
    users = tuple((user.name, str(user.role)) for user in made.users)
    return TrainingMade(made.station, made.registry, users)


def suggest(environment: Environments) -> str:
    """Six words by chance."""
    return offices.accounts.suggest_passphrase(environment().entropy)


def sheet(session: Session) -> tuple[str, ...]:
    """A new recovery sheet, in the parts it is written down in; it replaces the last one."""
    return tuple(part for part in _PARTS.split(offices.care.recovery_sheet(session)) if part)


def write_request(data: bytes, out: Path) -> Path:
    """Save the request again, for another stick."""
    out.write_bytes(data)
    return out


def read_grant(path: Path) -> GrantRead:
    """Read a grant and its words; nothing is taken yet."""
    return GrantRead(path, tuple(offices.station_setup.read_grant(path).words()))


def take_grant(session: Session, path: Path) -> str:
    """Take the grant; returns the station's code."""
    return str(offices.station_setup.enrol(session, path).station_code)


def restore(file: Path, folder: Path, *, environment: Environments) -> int:
    """A backup into a new folder; returns its entries."""
    return int(offices.care.restore(file, folder, env=environment()).entries)


def recover(folder: Path, *, code: str, new: str, environment: Environments) -> str:
    """Back in with the recovery sheet; returns the administrator whose passphrase is new."""
    return str(
        offices.care.recover(
            folder,
            key=None,
            secret=offices.slots.passphrase(code),
            new=offices.slots.passphrase(new),
            env=environment(),
        ).administrator
    )
