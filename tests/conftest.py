"""Fixtures of the offices' tests: both offices founded once in a run, copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import places
from tests.places import Site


@pytest.fixture(scope="session")
def founded_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Both offices as they were founded. Do not write to them: take `site`."""
    return places.found(tmp_path_factory.mktemp("founded") / "site")


@pytest.fixture
def site(founded_site: Site, tmp_path: Path) -> Site:
    """Both offices, enrolled, with a user for every role and nobody registered."""
    return founded_site.copied(tmp_path / "site")


@pytest.fixture(scope="session")
def stranger_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Another registry with a station of its own, which has one family. Only read it."""
    site = places.found(tmp_path_factory.mktemp("stranger") / "site")
    site.take_in(places.families(1))
    return site


@pytest.fixture(scope="session")
def worked_site(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Three families taken in and approved; nothing exported. Do not write to it."""
    site = founded_site.copied(tmp_path_factory.mktemp("worked") / "site")
    site.take_in(places.families(3))
    site.approve()
    return site


@pytest.fixture
def busy_site(worked_site: Site, tmp_path: Path) -> Site:
    """Both offices with three approved families at the station."""
    return worked_site.copied(tmp_path / "site")
