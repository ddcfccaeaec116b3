"""Both offices, founded cheaply for tests, and copied instead of founded again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from db.device import DeviceState
from db.slots import CostPolicy, KeySlots
from registry import admit, owing
from station import export, intake, review
from training import offices
from values.clock import FixedClock
from values.secret import Secret
from workspace.accounts import add_user
from workspace.environment import Environment
from workspace.folder import SLOTS
from workspace.opening import open_workspace
from workspace.session import Session, mark_name

PASSPHRASE = Secret(b"seven easy words, invented")
WORDS = PASSPHRASE.reveal().decode()
START = datetime(2026, 11, 15, 10, tzinfo=UTC)
DAY = date(2026, 11, 15)

CHEAP = CostPolicy(memory_kib=64, iterations=1, lanes=1, floor_kib=8)
"""Costs a millisecond. Only in-process: a program that is started refuses such slots."""

STATION_USERS = {
    "administrator": "administrator",
    "officer": "officer",
    "supervisor": "supervisor",
    "auditor": "auditor",
}
REGISTRY_USERS = {
    "administrator": "administrator",
    "registrar": "registrar",
    "clerk": "clerk",
    "auditor": "auditor",
    "service": "service",
}

FOUNDED = {"administrator", "officer", "supervisor", "registrar"}
"""Those who are there from the founding on."""

HEADER = (
    "household,relation,name,name_latin,father_name,mother_name,sex,birth,calendar,birth_place,"
    "nationality,language,phone,document_type,document_number,arrival,origin,cause,hazard,needs,"
    "share_with_origin,notes"
)


def row(
    household: str,
    relation: str,
    name: str,
    *,
    sex: str = "F",
    birth: str = "1990-03-04",
    document: str = "",
    needs: str = "",
    share: str = "no",
) -> str:
    """One record of an invented list."""
    kind = "national_id" if document else ""
    cells = [household, relation, name, name, "", "", sex, birth, "", "", "SYR", "ara", "", kind]
    return ",".join([*cells, document, "2026-10-01", "", "conflict", "", needs, share, ""])


def listing(*rows: str) -> str:
    """A list of these records."""
    return "\n".join([HEADER, *rows]) + "\n"


def families(count: int, *, first: int = 1, size: int = 2) -> str:
    """A list of so many invented families, numbered from `first`."""
    rows = []
    for number in range(first, first + count):
        given = _given(number)
        rows.append(row(f"H-{number:04d}", "head", f"{given} Orlok", sex="M"))
        rows += [
            row(
                f"H-{number:04d}",
                "child",
                f"{given}{_given(place)} Orlok",
                birth=f"{2010 + place % 9}-05-06",
            )
            for place in range(1, size)
        ]
    return listing(*rows)


def _given(number: int) -> str:
    """A name of syllables, another for every number."""
    syllables = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "ru", "sa", "te", "vi", "zo")
    name = ""
    while number:
        number, digit = divmod(number, len(syllables))
        name += syllables[digit]
    return (name or "ya").capitalize() + "n"


def environment(state: Path, *, at: datetime = START, policy: CostPolicy = CHEAP) -> Environment:
    """Cheap slots, a state folder of its own, and a clock that moves a second at each look."""
    return Environment(
        clock=FixedClock(at, step=timedelta(seconds=1)),
        entropy=os.urandom,
        policy=policy,
        device=DeviceState(state),
        state_folder=state,
    )


@dataclass(frozen=True)
class Site:
    """A station and its registry in one folder, with the state of the machine they lie on."""

    folder: Path
    env: Environment

    @property
    def station(self) -> Path:
        return self.folder / "station"

    @property
    def registry(self) -> Path:
        return self.folder / "registry"

    @property
    def keys(self) -> Path:
        return self.folder / "offline-keys"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def outbox(self) -> Path:
        """A stick."""
        path = self.folder / "outbox"
        path.mkdir(exist_ok=True)
        return path

    @property
    def clock(self) -> FixedClock:
        assert isinstance(self.env.clock, FixedClock)
        return self.env.clock

    @contextmanager
    def at_station(
        self, user: str = "officer", *, read_only: bool = False, folder: Path | None = None
    ) -> Iterator[Session]:
        """Open the station (or a copy of it in `folder`) as one of its users."""
        with opened(folder or self.station, user, self.env, read_only=read_only) as session:
            yield session

    @contextmanager
    def at_registry(self, user: str = "registrar", *, read_only: bool = False) -> Iterator[Session]:
        """Open the registry as one of its users."""
        with opened(self.registry, user, self.env, read_only=read_only) as session:
            yield session

    def write_list(self, text: str, name: str = "list.csv") -> Path:
        """A list as a file."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def take_in(
        self, text: str, *, name: str = "list.csv", folder: Path | None = None
    ) -> intake.IntakeResult:
        """The officer takes a list in."""
        with self.at_station("officer", folder=folder) as session:
            return intake.intake(session, self.write_list(text, name), on=DAY)

    def approve(self, *, folder: Path | None = None) -> review.ReviewResult:
        """The supervisor approves what waits."""
        with self.at_station("supervisor", folder=folder) as session:
            return review.approve_all(session)

    def send(self, *, folder: Path | None = None) -> Path:
        """The supervisor exports; returns the bundle."""
        with self.at_station("supervisor", folder=folder) as session:
            return export.export(session, self.outbox).bundle

    def admit(self, bundle: Path, *, notice: bool = True) -> admit.Imported:
        """The registrar imports a bundle, and whom it brought is compared."""
        with self.at_registry("registrar") as session:
            done = admit.import_bundle(
                session, bundle, notice_parent=self.outbox if notice else None
            )
            owing.propose(session)
            return done

    def copied(self, folder: Path, *, env: Environment | None = None) -> Site:
        """The same offices in another folder, as if they had always lain there."""
        shutil.copytree(self.folder, folder)
        # The copy's clock goes on from here: behind its own entries it would be doubted.
        at = max(START, self.clock.now())
        copy = Site(folder, env or environment(folder / "state", at=at))
        for before, after in ((self.station, copy.station), (self.registry, copy.registry)):
            office = office_of(after)
            mark = copy.env.device.high_water(mark_name(office, before))
            assert mark is not None
            copy.env.device.set_high_water(mark_name(office, after), mark.epoch, mark.sequence)
        return copy


def office_of(folder: Path) -> UUID:
    """The id of the office that a workspace holds."""
    return KeySlots.load(folder / SLOTS).workspace


@contextmanager
def opened(
    folder: Path, user: str, env: Environment, *, read_only: bool = False
) -> Iterator[Session]:
    """One user's session, closed after the block."""
    session = open_workspace(folder, user, PASSPHRASE, env=env, read_only=read_only)
    try:
        yield session
    finally:
        session.close()


def found(folder: Path, *, policy: CostPolicy = CHEAP) -> Site:
    """Both offices with a user for every role. Takes some seconds: the offline keys' scrypt."""
    site = Site(folder, environment(folder / "state", at=START - timedelta(hours=2), policy=policy))
    offices.found(
        folder, passphrase=PASSPHRASE, env=site.env, training=False, station_name="Site A"
    )
    for opening, users in ((site.at_station, STATION_USERS), (site.at_registry, REGISTRY_USERS)):
        with opening("administrator") as session:
            for name, role in users.items():
                if name not in FOUNDED:
                    add_user(session, name=name, role=role, passphrase=PASSPHRASE)
    return site
