"""A place to learn in: both offices on one machine, and a camp of invented people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file
from typing import TYPE_CHECKING

from resources import path as resource
from station.intake import intake
from training.offices import ADMINISTRATOR, OFFICER, REGISTRAR, STEPS, SUPERVISOR, found, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from values.secret import Secret
    from workspace.environment import Environment

LIST = "samples/site-a.csv"
LIST_DAY = date(2026, 11, 15)
"""The day the bundled list was written; stated ages in it count from then."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A user of the training place. All share the passphrase that was chosen."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class TrainingPlace:
    """Where the two offices lie, and who can open them."""

    station: Path
    registry: Path
    users: tuple[Learner, ...] = (
        Learner(OFFICER, "officer"),
        Learner(SUPERVISOR, "supervisor"),
        Learner(REGISTRAR, "registrar"),
        Learner(ADMINISTRATOR, "administrator"),
    )


def make(
    parent: Path,
    *,
    passphrase: Secret,
    env: Environment,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> TrainingPlace:
    """Found both offices under `parent` and take a list of invented families in.

    The families wait for review, so that each role finds something to do. Raises
    `workspace.errors.RefusedError` when there are offices already.
    """
    total = STEPS + 1
    place = found(
        parent,
        passphrase=passphrase,
        env=env,
        training=True,
        progress=lambda done, _steps: progress(done, total),
    )
    with (
        as_file(resource(LIST)) as listed,
        opened(place.station, OFFICER, passphrase, env=env) as session,
    ):
        intake(session, listed, on=LIST_DAY, series="training")
    progress(total, total)
    return TrainingPlace(place.station, place.registry)
