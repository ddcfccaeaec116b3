"""A registry and three stations on machines of their own, founded once and copied for each run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Engine, create_engine

from db.device import DeviceState
from forms.library import Catalogue
from registry import enrol as registry_enrol
from registry import setup as registry_setup
from station import setup as station_setup
from tests.places import CHEAP, office_of
from tests.simulation.chance import OwnClock, Stream, Time
from values.identifiers import EntryHash, OfficeId
from values.secret import Secret
from workspace import renewal
from workspace.accounts import add_user
from workspace.environment import Environment
from workspace.errors import RefusedError
from workspace.opening import open_workspace
from workspace.session import Session, mark_name

CANARY = "Canáry"
"""Part of every name, note and reason here, and of nobody's in the world; never seen in a file."""
PASSPHRASE = Secret(f"{CANARY} of seven easy words".encode())
STATIONS = ("a", "b", "c")
REGISTRY = "registry"
KEEP_DAYS = 2
"""Days that a station keeps what was acknowledged, so that pruning has something to do."""

_STATION_USERS = {
    "first officer": "officer",
    "second officer": "officer",
    "supervisor": "supervisor",
}
_REGISTRY_USERS = {"registrar": "registrar", "second registrar": "registrar"}


Watch = Callable[["Machine", Session], None]


def _nobody(machine: Machine, session: Session) -> None:
    """Nobody looks."""


@dataclass
class Machine:
    """A laptop with an office on it, and what the people there know to be recorded."""

    name: str
    folder: Path
    state: Path
    stream: Stream
    clock: OwnClock
    chain: dict[bytes, list[EntryHash]] = field(default_factory=dict)
    """By epoch: what is recorded here, in order. Nothing of it may ever be missing."""
    covered: dict[bytes, int] = field(default_factory=dict)
    """By epoch: how far the registry holds it, as far as this machine was told."""
    told_by: int = 0
    """Which registry told so: it is counted how often that fell back to a backup."""
    watch: Watch = field(default=_nobody)
    """Looks at the office whenever a user is done with it."""

    @property
    def office(self) -> OfficeId:
        """The office that lies on it."""
        return OfficeId(office_of(self.folder))

    @property
    def env(self) -> Environment:
        """What the program is handed on this machine."""
        device = DeviceState(self.state, entropy=self.stream)
        return Environment(
            clock=self.clock,
            entropy=self.stream,
            policy=CHEAP,
            device=device,
            state_folder=self.state,
        )

    @contextmanager
    def opened(self, user: str, *, read_only: bool = False) -> Iterator[Session]:
        """One user's session."""
        session = open_workspace(self.folder, user, PASSPHRASE, env=self.env, read_only=read_only)
        try:
            try:
                yield session
            except RefusedError:
                self.watch(self, session)
                raise
            self.watch(self, session)
        finally:
            session.close()

    @property
    def stick(self) -> Path:
        """The stick on which its bundles leave."""
        path = self.folder.parent / "stick"
        path.mkdir(exist_ok=True)
        return path

    def chain_hashes(self) -> list[EntryHash]:
        """All that is recorded here."""
        return [one for known in self.chain.values() for one in known]

    def forget(self, chain: dict[bytes, list[EntryHash]]) -> None:
        """Its disk was replaced by an older one, on which this is recorded."""
        self.chain = {epoch: list(kept) for epoch, kept in chain.items()}
        self.covered = {}


def machine(root: Path, name: str, time: Time, seed: str) -> Machine:
    """The machine of that name, whatever lies on it."""
    return Machine(
        name=name,
        folder=root / name / "office",
        state=root / name / "state",
        stream=Stream(f"{seed}/{name}"),
        clock=OwnClock(time),
    )


@contextmanager
def warm_engines() -> Iterator[None]:
    """Let all offices of this process share what SQLAlchemy compiles and what is computed from the
    forms, which is most of the time that opening one takes: a simulation opens hundreds a minute.
    """
    shared: list[Engine] = []

    def alike(*arguments: Any, **more: Any) -> Engine:
        made = create_engine(*arguments, **more)
        shared.append(made)
        del shared[1:]
        made.dialect = shared[0].dialect
        made._compiled_cache = shared[0]._compiled_cache
        return made

    stamps: dict[int, tuple[Catalogue, bytes]] = {}
    """By the catalogue, which is kept so that no other gets its place in memory."""

    def stamp(catalogue: Catalogue) -> bytes:
        if id(catalogue) not in stamps:
            stamps[id(catalogue)] = catalogue, genuine(catalogue)
        return stamps[id(catalogue)][1]

    genuine = renewal.stamp
    with (
        mock.patch("db.engine.create_engine", alike),
        mock.patch("workspace.renewal.stamp", stamp),
    ):
        yield


def found(root: Path) -> None:
    """Found everything under `root`, which takes seconds: the offline keys' scrypt."""
    time = Time()
    centre = machine(root, REGISTRY, time, "founding")
    registry_setup.create(
        centre.folder,
        admin="administrator",
        passphrase=PASSPHRASE,
        keys_out=root / REGISTRY / "keys",
        env=centre.env,
        operation=replace(registry_setup.DEFAULT_OPERATION, keep_days=KEEP_DAYS),
    )
    with centre.opened("administrator") as session:
        for name, role in _REGISTRY_USERS.items():
            add_user(session, name=name, role=role, passphrase=PASSPHRASE)
    for letter in STATIONS:
        place = machine(root, letter, time, "founding")
        request, grant = (root / f"{letter}.{end}" for end in ("request", "grant"))
        station_setup.request(
            place.folder,
            name=f"Site {letter}",
            admin="administrator",
            passphrase=PASSPHRASE,
            out=request,
            env=place.env,
        )
        with centre.opened("administrator") as session:
            registry_enrol.enrol(session, request, grant)
        with place.opened("administrator") as session:
            station_setup.enrol(session, grant)
            for name, role in _STATION_USERS.items():
                add_user(session, name=name, role=role, passphrase=PASSPHRASE)


def copy_all(founded: Path, root: Path, time: Time, seed: str) -> dict[str, Machine]:
    """The founded offices under `root`, as if they had always lain there."""
    shutil.copytree(founded, root)
    made = {}
    for name in (REGISTRY, *STATIONS):
        made[name] = machine(root, name, time, seed)
        keep_mark(made[name].env, founded / name / "office", made[name].folder)
    return made


def keep_mark(env: Environment, before: Path, after: Path) -> None:
    """A workspace lies in another folder, and its machine takes it for the same place."""
    office = office_of(after)
    mark = env.device.high_water(mark_name(office, before))
    if mark is not None:
        env.device.set_high_water(mark_name(office, after), mark.epoch, mark.sequence)


def clone(old: Machine, root: Path, name: str, *, whole: bool = True) -> Machine:
    """A disk copied onto another laptop: both go on, and neither knows of the other.

    Not `whole` is a copy into another folder, which the program can tell from the place it was in.
    """
    shutil.copytree(old.folder.parent, root / name)
    made = Machine(
        name=name,
        folder=root / name / "office",
        state=root / name / "state",
        stream=Stream(f"{name} of {old.name}"),
        clock=OwnClock(old.clock.time, old.clock.wrong_by),
        chain={epoch: list(kept) for epoch, kept in old.chain.items()},
        covered=dict(old.covered),
        told_by=old.told_by,
        watch=old.watch,
    )
    made.stream.turn(old.stream(8).hex())
    if whole:
        keep_mark(made.env, old.folder, made.folder)
    return made
