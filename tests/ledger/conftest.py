"""Fixtures of the ledger's tests."""

from __future__ import annotations

import pytest

from tests.ledger.builders import Office, World, make_world


@pytest.fixture
def world() -> World:
    """One registry, two stations, their users; nothing written yet."""
    return make_world()


@pytest.fixture
def station(world: World) -> Office:
    return world.stations[0]


@pytest.fixture
def registry(world: World) -> Office:
    return world.registry
