"""The law at the offices: however two stations' work reaches the registry, the views are the same.

Each station's chain is cut into bundles at any place, even inside an act; they come in any order,
some twice, from both stations in turn. What the registry shows at the end does not depend on it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import kinds
from ledger.entry import Entry, Subject
from registry import admit
from registry import enrol as registry_enrol
from station import intake, review, setup
from sync.bundle import write_bundle
from tests import places
from tests.places import DAY, PASSPHRASE, Site, families, opened
from values.identifiers import BundleId, uuid7
from workspace import care
from workspace.accounts import add_user
from workspace.session import Session

VIEWS = ("person", "household", "event", "document", "registration")
_numbers = count()


@dataclass
class World:
    """A registry that knows two stations, and what both have written."""

    site: Site
    folder: Path
    chains: list[list[Entry]]
    signers: list[Any]
    recipient: str
    bundles: dict[tuple[int, int, int], Path] = field(default_factory=dict)
    expected: dict[str, dict[object, Any]] = field(default_factory=dict)

    def bundle(self, station: int, first: int, last: int) -> Path:
        """The bundle with these entries of a station, `last` excluded."""
        key = (station, first, last)
        if key not in self.bundles:
            entries = self.chains[station][first:last]
            self.bundles[key] = write_bundle(
                self.folder,
                bundle=BundleId(uuid7(self.site.clock.now(), self.site.env.entropy)),
                office=entries[0].header.office,
                entries=entries,
                photos=[],
                signer=self.signers[station],
                recipients=[self.recipient],
                now=self.site.clock.now(),
                entropy=self.site.env.entropy,
            ).path
        return self.bundles[key]


def amend(session: Session, person: Any, base: tuple[Any, ...], **changes: str) -> None:
    """Change somebody, having seen these heads."""
    with session.act() as act:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", person.id),
            {"changes": changes, "reason": "said so"},
            form="person",
            base=base,
        )


def work(session: Session, site: Site, *, first: int, name: str) -> None:
    """Take families in, and amend some of them, twice unaware of the first time."""
    intake.intake(session, site.write_list(families(2, first=first), f"{name}.csv"), on=DAY)
    with session.store.read() as reader:
        persons = sorted(reader.persons(), key=lambda one: one.number)
    heads = persons[0].heads
    amend(session, persons[0], heads, notes=f"Another {name}", marital_status="married")
    amend(session, persons[0], heads, notes=f"Third {name}", phone="+999550100011")
    amend(session, persons[1], persons[1].heads, language="ara")


@pytest.fixture(scope="module")
def world(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two stations with some work each, one of which corrects the other's people."""
    folder = tmp_path_factory.mktemp("world")
    site = founded_site.copied(folder / "site")
    second, request, grant = (folder / name for name in ("second", "request", "grant"))
    setup.request(
        second, name="Site B", admin="administrator", passphrase=PASSPHRASE, out=request,
        env=site.env,
    )  # fmt: skip
    with site.at_registry("administrator") as session:
        registry_enrol.enrol(session, request, grant)
    with opened(second, "administrator", site.env) as session:
        setup.enrol(session, grant)
        for name in ("officer", "supervisor"):
            add_user(session, name=name, role=name, passphrase=PASSPHRASE)
    with site.at_station("officer") as session:
        work(session, site, first=1, name="one")
        with session.store.read() as reader:
            stranger = min(reader.persons(), key=lambda one: one.number)
    with opened(second, "officer", site.env) as session:
        work(session, site, first=100, name="two")
        # Of a person of the other station, seen on paper: aware of the first entry only.
        amend(session, stranger, stranger.heads[:1], notes="Fourth", marital_status="widowed")
    chains, signers = [], []
    for place in (site.station, second):
        with opened(place, "supervisor", site.env) as session:
            review.approve_all(session)
            with session.store.read() as reader:
                chains.append(list(reader.chain(session.office.id, session.epoch)))
            signers.append(session.office.keys.signing_key())
            recipient = session.office.registry_recipient
    (folder / "bundles").mkdir()
    made = World(site, folder / "bundles", chains, signers, recipient)
    whole = [made.bundle(number, 0, len(chain)) for number, chain in enumerate(chains)]
    made.expected = outcome(made, whole)
    assert len(made.expected["person"]) == 8
    assert any(view.conflicts for view in made.expected["person"].values())
    yield made
    shutil.rmtree(folder)


def outcome(world: World, bundles: list[Path]) -> dict[str, dict[object, Any]]:
    """What a fresh registry shows after these bundles, which must leave nothing waiting."""
    folder = world.folder / f"registry-{next(_numbers)}"
    shutil.copytree(world.site.registry, folder)
    try:
        with opened(folder, "registrar", world.site.env) as session:
            for bundle in bundles:
                done = admit.import_bundle(session, bundle)
                assert done.quarantined == 0
            assert care.check(session).problems == ()
            with session.store.read() as reader:
                assert reader.counts().held == 0
                return {kind: {one.id: one for one in reader.views(kind)} for kind in VIEWS}
    finally:
        shutil.rmtree(folder)


Run = tuple[int, int, int]


def _cut(station: int, length: int) -> st.SearchStrategy[tuple[Run, ...]]:
    """One station's chain in bundles, cut anywhere."""
    return st.sets(st.integers(1, length - 1), max_size=4).map(
        lambda cuts: tuple(
            (station, first, last) for first, last in pairwise((0, *sorted(cuts), length))
        )
    )


def journeys(lengths: tuple[int, int]) -> st.SearchStrategy[list[Run]]:
    """Bundles that together hold both chains, cut anywhere, in any order, some of them twice.

    What is drawn depends on the lengths and on what was drawn before, and on nothing that an
    example could change: every step is a value of its own.
    """
    whole = st.tuples(*(_cut(station, length) for station, length in enumerate(lengths)))
    runs = whole.map(lambda cut: tuple(chain.from_iterable(cut)))
    twice = runs.flatmap(
        lambda once: st.lists(st.sampled_from(once), max_size=3).map(lambda more: (*once, *more))
    )
    return twice.flatmap(st.permutations)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_order_and_partition_give_the_same_views(world: World, data: st.DataObject) -> None:
    """Sync 2 (l): the same events in another order give another state."""
    lengths = (len(world.chains[0]), len(world.chains[1]))
    runs = data.draw(journeys(lengths))
    assert outcome(world, [world.bundle(*run) for run in runs]) == world.expected


def test_the_stations_own_views_agree(world: World) -> None:
    with world.site.at_station() as session, session.store.read() as reader:
        for view in reader.persons():
            there = world.expected["person"][view.id]
            if not there.conflicts:
                assert there == view
        for kind in ("household", "event", "registration"):
            for view in reader.views(kind):
                assert world.expected[kind][view.id] == view
    assert places.DAY
