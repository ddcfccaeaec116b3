"""A camp of 100,000 invented persons in a real station, and its unencrypted twin.

Built once and kept in the folder that is given; the twin is what the same program does without
encryption and without signatures, so that a ratio tells the price of both.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.people import households
from db.device import DeviceState
from db.slots import CostPolicy, passphrase
from db.store import Store
from ledger.keys import SIGNATURE_BYTES, PublicKey
from station.enter import enter_household
from training.offices import OFFICER, found, opened
from values.clock import SystemClock
from workspace.environment import Environment
from workspace.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

PERSONS = 100_000
SEED = 20261115
WORDS = "bench bench bench bench"
BATCH = 500
"""Households in one commit while the camp is filled; acts are as in the field otherwise."""


class NoSignature:
    """Stands where a signing key stands, in the twin without signatures."""

    def __init__(self, public: PublicKey) -> None:
        self.public = public

    def sign(self, domain: bytes, message: bytes) -> bytes:
        """Sixty-four zeros."""
        return bytes(SIGNATURE_BYTES)


class UnsignedSession(Session):
    """A session of the twin: everything as in the field, but nothing is signed."""

    __slots__ = ()

    @property
    def signing_key(self) -> NoSignature:  # type: ignore[override]  # the twin's whole point
        return NoSignature(self.own_certificate.public_key)


@dataclass(frozen=True, slots=True)
class Camp:
    """Where the camp lies, and how to open it."""

    folder: Path
    env: Environment
    persons: int

    @property
    def station(self) -> Path:
        return self.folder / "station"

    @contextmanager
    def session(self, user: str = OFFICER) -> Iterator[Session]:
        """The station, opened as one of its users."""
        with self.session_at("station", user) as session:
            yield session

    @contextmanager
    def session_at(self, office: str, user: str) -> Iterator[Session]:
        """One of the two offices, opened as one of its users."""
        with opened(self.folder / office, user, passphrase(WORDS), env=self.env) as session:
            yield session

    @contextmanager
    def twin(self, session: Session) -> Iterator[Session]:
        """The same office over plain SQLite with the same rows, without signatures."""
        engine, photos = _plain(self.folder / "plain.db"), _plain(self.folder / "plain-photos.db")
        store = Store.over(engine, photos=photos)
        try:
            values = {name: getattr(session, name) for name in Session.__dataclass_fields__}
            yield UnsignedSession(**{**values, "store": store, "epoch": session.epoch})
        finally:
            store.close()


def environment(folder: Path) -> Environment:
    """Slots at their floor's cost: unlocking is not what these benchmarks measure."""
    return Environment(
        clock=SystemClock(),
        entropy=os.urandom,
        policy=CostPolicy.standard(),
        device=DeviceState(folder / "state"),
        state_folder=folder / "state",
    )


def camp(
    folder: Path,
    *,
    persons: int = PERSONS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Camp:
    """The camp under `folder`, built unless it is there already."""
    place = folder / f"camp-{persons}"
    env = environment(place)
    made = Camp(place, env, persons)
    if (place / "ready").exists():
        return made
    place.mkdir(parents=True, exist_ok=True)
    found(place, passphrase=passphrase(WORDS), env=env, training=True, station_name="Bench site")
    with made.session() as session:
        fill(session, persons // 4, progress=progress)
        with made.twin(session) as twin:
            _copy(session, twin)
    (place / "ready").touch()
    return made


def fill(
    session: Session,
    count: int,
    *,
    seed: int = SEED,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Register `count` households of four, many in one commit."""
    waiting = households(seed, count)
    done = 0
    while done < count:
        with session.store.write() as unit:
            for _ in range(min(BATCH, count - done)):
                with session.act(unit=unit) as act:
                    enter_household(
                        session,
                        act,
                        next(waiting),
                        on="2026-11-15",
                        source={"way": "list", "series": "bench", "household": str(done)},
                    )
                done += 1
        progress(done, count)


def _copy(source: Session, target: Session) -> None:
    """The same entries, settings and views in the twin's plain files."""
    from workspace.act import search_keys

    with source.store.read() as reader, target.store.write() as unit:
        for _, entry, _ in reader.arrivals():
            unit.append(entry)
        for kind in ("person", "household", "event", "registration", "document"):
            for view in reader.views(kind):
                unit.put_view(view, search_keys(view) if kind == "person" else frozenset())
        for name, value in reader.settings("").items():
            unit.put_setting(name, value)
        for certificate in reader.certificates():
            unit.put_certificate(certificate)
        for series in ("P", "H", "D"):
            counter = f"number/{series}/{(reader.setting('epoch_tag') or b'').decode('ascii')}"
            unit.raise_counter(counter, reader.counter(counter))


def _plain(path: Path) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import QueuePool

    return create_engine(f"sqlite:///{path}", poolclass=QueuePool)
