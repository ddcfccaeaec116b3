"""Two copies of one station change the same people unaware of each other; the registry hears of it
in either order, and people decide."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from db.viewrows import VIEWS
from registry import admit
from station import changes, households
from tests.places import Site, listing, opened, row
from tests.workspace.formwork import guarded
from values.identifiers import HouseholdId, PersonId
from workspace import care
from workspace.session import Session


def families(session: Session) -> tuple[dict[str, PersonId], dict[str, HouseholdId]]:
    with session.store.read() as reader:
        people = {view.values["name"].split()[0]: view.id for view in reader.persons()}
        homes = {
            name: found.id for name, person in people.items()
            if (found := reader.household_of(person)) is not None
        }  # fmt: skip
    return people, homes


def outcome(site: Site, folder: Path, bundles: list[Path]) -> dict[str, Any]:
    """What a fresh registry shows after these bundles."""
    shutil.copytree(site.registry, folder)
    with opened(folder, "registrar", site.env) as session:
        guarded(session)
        for bundle in bundles:
            assert admit.import_bundle(session, bundle).quarantined == 0
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            return {kind: {view.id: view for view in reader.views(kind)} for kind in VIEWS}


def test_either_order_gives_the_same_and_a_registrar_settles_it(site: Site, tmp_path: Path) -> None:
    site.take_in(
        listing(
            row("H-1", "head", "Alim Orlok", sex="M"),
            row("H-1", "spouse", "Bela Orlok"),
            row("H-1", "child", "Cala Orlok", birth="2012-05-06"),
            row("H-2", "head", "Ema Velin"),
        )
    )
    site.approve()
    other = tmp_path / "other"
    shutil.copytree(site.station, other)
    with site.at_station() as session:
        guarded(session)
        people, homes = families(session)
        households.set_head(session, homes["Alim"], people["Bela"], "spouse", reason="here")
        households.move(session, people["Cala"], to=homes["Ema"], relation="other", reason="here")
        at = changes.begin(session, people["Ema"])
        raw = {**at.raw, "phone": "+999550100011"}
        changes.change(session, people["Ema"], raw, at=at, reason="here")
    with site.at_station(folder=other) as session:
        guarded(session)
        split = households.split(
            session, homes["Alim"], {people["Bela"]: "head", people["Cala"]: "child"},
            reason="there",
        )  # fmt: skip
        raw = {**at.raw, "phone": "+999550100012"}
        changes.change(session, people["Ema"], raw, at=at, reason="there")
        undone = households.split(session, split.household, {people["Cala"]: "head"}, reason="no")
        households.undo(session, undone.act)
    bundles = [site.send(), site.send(folder=other)]
    one = outcome(site, tmp_path / "one", bundles)
    two = outcome(site, tmp_path / "two", [*reversed(bundles), bundles[0]])
    assert one == two
    with opened(tmp_path / "one", "registrar", site.env) as session:
        guarded(session)
        found = changes.conflicts(session, "household", homes["Alim"])
        places = {conflict.title: conflict for conflict in found}
        assert set(places) == {"Bela Orlok", "Cala Orlok"}
        told = {side.reason: side.values[0].value for side in places["Cala Orlok"].sides}
        assert set(told) == {"here", "there"}
        assert all(words.startswith("moved to household ") for words in told.values())
        (contact,) = changes.conflicts(session, "person", people["Ema"])
        # Whoever went to two households is a member of both until somebody decides.
        choices = {
            conflict.set: next(side.entry for side in conflict.sides if side.reason == "there")
            for conflict in found
        }
        changes.settle(session, "household", homes["Alim"], choices, reason="called them")
        with session.store.read() as reader:
            where = reader.household_of(people["Cala"])
            left = reader.household(homes["Ema"])
        assert where is not None and where.id == split.household
        assert left is not None and people["Cala"] not in {m.person for m in left.present()}
        changes.settle(
            session, "person", people["Ema"], {"phone": contact.sides[0].entry}, reason="called"
        )
        with session.store.read() as reader:
            assert reader.conflicts() == []
        assert care.check(session).problems == ()
