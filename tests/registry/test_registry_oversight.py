"""The figures of those who oversee: counted on both engines, and nothing of them is a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.certificate import Role
from registry import batches, oversight
from registry.oversight import Queue, Standing
from tests.places import Site, families
from tests.registry.conftest import moved_to_postgres
from tests.registry.test_registry_acts import Cut
from workspace.errors import NotAllowedError


@pytest.fixture(params=["sqlcipher", "postgresql"])
def told(request: pytest.FixtureRequest, site: Site, tmp_path: Path) -> Site:
    """A registry that has taken in three families of one station."""
    site.take_in(families(3))
    site.approve()
    site.admit(site.send(), notice=False)
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("new_database")
        moved_to_postgres(site, new_database(), tmp_path / "spare")
    return site


def queue(figures: oversight.Figures, name: Queue) -> oversight.Waiting:
    return next(one for one in figures.queues if one.queue is name)


def test_what_was_registered_where_and_what_waits(told: Site) -> None:
    told.clock.advance(timedelta(days=5))
    with told.at_registry() as session:
        found = oversight.figures(session, days=14)
    (day,) = found.days
    assert (day.families, day.persons) == (3, 6)
    assert found.last_day - found.first_day == timedelta(days=13)
    assert len(found.by_day()) == 14
    assert sum(one.families for _, some in found.by_day() for one in some) == 3
    waiting = queue(found, Queue.NEW)
    assert waiting.number == sum(waiting.ages) == 3
    assert waiting.ages == (0, 0, 3, 0, 0), "between three days and a week"
    assert waiting.oldest is not None
    assert found.totals["persons"] == 6
    assert found.statuses == {"approved": 3}
    (station,) = found.stations
    assert (station.standing, station.missing, station.families) == (Standing.WELL, 0, 3)
    assert station.last_contact is not None
    assert (found.missing, found.unfinished, found.ahead) == ((), (), 0)
    assert "Orlok" not in str(asdict(found)), "figures name nobody"


def test_a_day_begins_where_the_reader_is(told: Site) -> None:
    with told.at_registry() as session:
        first = oversight.figures(session)
        later = oversight.figures(session, offset=timedelta(hours=14))
        none = oversight.figures(session, offset=timedelta(days=-3))
    assert later.days[0].day - first.days[0].day in (timedelta(0), timedelta(days=1))
    assert none.ahead == 0
    told.clock.advance(-timedelta(days=30))
    with told.at_registry() as session:
        assert oversight.figures(session).ahead == 3, "dated after the reader's own clock"


def test_a_station_that_is_silent_and_one_never_heard_of(told: Site) -> None:
    told.clock.advance(timedelta(days=8))
    with told.at_registry() as session:
        (station,) = oversight.figures(session).stations
    assert station.standing is Standing.SILENT


def test_what_is_missing_in_a_chain_is_named(told: Site) -> None:
    """A bundle spoke of entries that never came: its place in the chain, to the entry."""
    with told.at_registry() as session:
        with session.store.read() as reader:
            (bundle,) = reader.bundles()
        with session.store.write() as unit:
            unit.put_bundle(replace(bundle, state=batches.IMPORTING, last=bundle.last + 7))
        found = oversight.figures(session)
    (gap,) = found.missing
    assert (gap.first, gap.last, gap.entries, gap.tail) == (
        bundle.last + 1, bundle.last + 7, 7, True,
    )  # fmt: skip
    (cut,) = found.unfinished
    assert (cut.bundle, cut.state) == (bundle.id, "importing")
    (station,) = found.stations
    assert (station.standing, station.missing, station.unfinished) == (Standing.MISSING, 7, 1)


def test_gaps_between_what_is_held(site: Site) -> None:
    """What came without what is before it: the numbers that lack, between and before."""
    site.take_in(families(2))
    site.approve()
    cut = Cut(site)
    last = len(cut.chain)
    site.admit(cut.send(4, 5), notice=False)
    site.admit(cut.send(8, last), notice=False)
    with site.at_registry() as session:
        found = oversight.figures(session)
    assert [(one.first, one.last, one.tail) for one in found.missing] == [
        (1, 4, False),
        (6, 8, False),
    ]
    held = queue(found, Queue.HELD)
    assert held.number == sum(held.ages) == 1 + last - 8
    (station,) = found.stations
    assert (station.standing, station.missing) == (Standing.MISSING, 7)


def test_a_service_user_sees_nothing(site: Site) -> None:
    with site.at_registry("service") as session, pytest.raises(NotAllowedError):
        oversight.figures(session)
    assert Role.SERVICE.value == "service"


def test_the_days_asked_for_have_bounds(site: Site) -> None:
    with site.at_registry() as session:
        for days in (0, 367):
            with pytest.raises(ValueError, match="366"):
                oversight.figures(session, days=days)
