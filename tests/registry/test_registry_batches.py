"""Imports in batches: where a batch ends changes nothing, and a kill loses nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.records import EntryState
from ledger import kinds
from ledger.entry import Subject
from registry import admit, batches, owing
from tests.places import Site, families, opened
from workspace import care
from workspace.session import Session

_numbers = count(1)
VIEWS = ("person", "household", "event", "document", "registration")


class Killed(BaseException):
    """Stands for a program that is gone: nothing catches it."""


@dataclass(frozen=True)
class World:
    """Bundles of one station, and a registry that has seen none of them."""

    site: Site
    bundles: list[Path]
    expected: dict[str, Any]

    def registry(self) -> Path:
        """A fresh copy of the registry."""
        folder = self.site.folder / f"registry-{next(_numbers)}"
        shutil.copytree(self.site.registry, folder)
        return folder

    def taken(self, folder: Path, **more: Any) -> list[admit.Imported]:
        """All bundles in order."""
        with opened(folder, "registrar", self.site.env) as session:
            done = [admit.import_bundle(session, one, **more) for one in self.bundles]
            owing.propose(session)
            return done


def state(session: Session) -> dict[str, Any]:
    """All that an import leaves behind, apart from times and names of its own."""
    with session.store.read() as reader:
        stood = [
            (entry.hash, standing.state.value, standing.reason)
            for _, entry, standing in reader.arrivals()
            if entry.header.office != session.office.id
        ]
        said = [
            (entry.header.kind, entry.body)
            for kind in (kinds.BUNDLE_ADMITTED, kinds.ENTRIES_QUARANTINED)
            for entry in reader.entries_of_kind(kind, "bundle")
        ]
        return {
            "entries": sorted(stood),
            "forks": sorted((entry.hash, reason) for entry, reason in reader.forks()),
            "views": {kind: list(reader.views(kind)) for kind in VIEWS},
            "keys": sorted(
                tuple(row)
                for row in reader.connection.exec_driver_sql("SELECT id, keys FROM persons")
            ),
            "said": said,
            "bundles": sorted(
                (one.id, one.state, sorted(one.details["counts"].items()))
                for one in reader.bundles()
            ),
            "pairs": sorted(
                (one.first, one.second, one.score) for one in reader.match_cases("proposed")
            ),
            "open": [list(reader.findings(one.id)) for one in reader.bundles()],
        }


def seen(folder: Path, site: Site) -> dict[str, Any]:
    """The state of a registry, which has to be sound."""
    with opened(folder, "registrar", site.env) as session:
        assert care.check(session).problems == ()
        found = state(session)
    shutil.rmtree(folder)
    return found


@pytest.fixture(scope="module")
def world(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two bundles: what is good, what a role forbids, and all of it again with more."""
    site = founded_site.copied(tmp_path_factory.mktemp("batches") / "site")
    site.take_in(families(3))
    with site.at_station("officer") as session, session.store.read() as reader:
        person = next(iter(reader.persons()))
    with site.at_station("officer") as session, session.act() as act:
        act.say(kinds.PERSON_VOIDED, Subject("person", person.id), {"reason": "twice"})
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", person.id),
            {"changes": {"notes": "of an act that does not stand"}, "reason": "x"},
            form="person",
            base=person.heads,
        )
    site.approve()
    first = site.send()
    site.take_in(families(2, first=20), name="more.csv")
    site.approve()
    # All of the chain again, with more: as a station does that has no receipt yet.
    second = site.send()
    made = World(site, [first, second], {})
    folder = made.registry()
    done = made.taken(folder, batch=10**9)
    assert done[0].quarantined == 2 and done[1].known > 20
    made.expected.update(seen(folder, site))
    assert made.expected["pairs"]
    yield made


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(size=st.integers(1, 40), backwards=st.booleans())
def test_any_batch_size_gives_the_same(world: World, size: int, backwards: bool) -> None:
    folder = world.registry()
    world.taken(folder, batch=size)
    if backwards:
        # What is known already adds nothing, in whatever pieces it is looked at.
        again = world.taken(folder, batch=max(1, size // 2))
        assert {(one.admitted, one.held, one.quarantined) for one in again} == {(0, 0, 0)}
    found = seen(folder, world.site)
    if backwards:
        found.pop("bundles")
        assert found.items() <= world.expected.items()
    else:
        assert found == world.expected


def failing(name: str, turn: int) -> Callable[[str], None]:
    """Stops at the so many-th time that an import comes to a place."""
    left = [turn]

    def stop(where: str) -> None:
        if where == name:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    return stop


@pytest.mark.parametrize("turn", [1, 3])
@pytest.mark.parametrize("name", admit.FAILPOINTS)
def test_a_killed_import_goes_on_where_it_was(world: World, name: str, turn: int) -> None:
    folder = world.registry()
    for bundle in world.bundles:
        with opened(folder, "registrar", world.site.env) as session:
            try:
                admit.import_bundle(session, bundle, batch=4, failpoint=failing(name, turn))
            except Killed:
                pass
            else:
                assert turn > 1 and name in {"photos", "mended", "finished"}
                continue
        with opened(folder, "registrar", world.site.env) as session:
            admit.import_bundle(session, bundle, batch=7)
    with opened(folder, "registrar", world.site.env) as session:
        owing.propose(session)
    found = seen(folder, world.site)
    if name == "finished" and turn == 1:
        # The end was there: the second time all was known, and counted so.
        found.pop("bundles")
        assert found.items() <= world.expected.items()
    else:
        assert found == world.expected


def test_the_counts_go_on_too(world: World) -> None:
    """What is told in the end is told of the whole bundle, not of what was left of it."""
    folder = world.registry()
    with opened(folder, "registrar", world.site.env) as session, pytest.raises(Killed):
        admit.import_bundle(session, world.bundles[0], batch=5, failpoint=failing("batch", 3))
    with opened(folder, "registrar", world.site.env) as session, session.store.read() as reader:
        (record,) = reader.bundles()
        assert record.state == batches.IMPORTING and record.details["done"] >= 15
    with opened(folder, "registrar", world.site.env) as session:
        seen_: list[tuple[int, int]] = []
        done = admit.import_bundle(session, world.bundles[0], progress=lambda *at: seen_.append(at))
        assert seen_[0][0] >= 15, "what was stored is not done again"
        assert done.quarantined == 2 and done.known == 0
        assert len(done.reasons) == 2
    shutil.rmtree(folder)


def test_a_process_that_is_killed(world: World) -> None:
    """The same with a program that ends at once, as when the power goes."""
    folder = world.registry()

    def end(where: str) -> None:
        if where == "stored":
            counted[0] += 1
            if counted[0] == 3:
                os._exit(9)

    counted = [0]
    child = os.fork()
    if child == 0:
        try:
            with opened(folder, "registrar", world.site.env) as session:
                admit.import_bundle(session, world.bundles[0], batch=4, failpoint=end)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    with opened(folder, "registrar", world.site.env) as session, session.store.read() as reader:
        assert 0 < reader.count_entries(EntryState.ADMITTED) < 40
    world.taken(folder)
    assert seen(folder, world.site) == world.expected


def test_another_bundle_of_the_same_name_begins_anew(world: World) -> None:
    """How far an import got counts for the very bundle alone: its digest is kept."""
    record = batches.BundleRecord(
        id=world.expected["bundles"][0][0],
        office=Any,  # type: ignore[arg-type]  # not looked at
        at=Any,  # type: ignore[arg-type]  # not looked at
        state=batches.IMPORTING,
        details=batches.Tally(done=12).to_details(b"one"),
    )
    kept = batches.Tally.from_record(record, b"one")
    assert kept is not None and kept.done == 12
    assert batches.Tally.from_record(record, b"two") is None
