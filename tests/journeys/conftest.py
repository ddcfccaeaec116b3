"""The main job, done once on the bundled list; the journeys look at what it left."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.resources import as_file
from pathlib import Path

import pytest

import resources
from tests.conftest import Shared
from tests.places import DAY, PASSPHRASE, Site, environment
from training import main_job

LIST = "samples/site-a.csv"


@dataclass(frozen=True)
class Demo:
    """What the main job did, where, and every line that was logged meanwhile."""

    site: Site
    job: main_job.MainJob
    log: str


class _Lines(logging.Handler):
    """Keeps what is logged, at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="session")
def demo(shared: Shared) -> Demo:
    """The main job on the bundled list of forty households. Do not write to it."""
    folder, (job, log) = shared("demo", _run)
    return Demo(Site(folder, environment(folder / "state")), job, log)


def _run(folder: Path) -> tuple[main_job.MainJob, str]:
    env = environment(folder / "state")
    handler, root = _Lines(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with as_file(resources.path(LIST)) as listed:
            job = main_job.run(folder, Path(listed), on=DAY, passphrase=PASSPHRASE, env=env)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return job, "\n".join(handler.lines)
