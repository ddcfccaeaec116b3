"""Events about persons of whom two offices say different things: nothing is settled unawares."""

from __future__ import annotations

from typing import Any

import pytest

from ledger import kinds
from ledger.conflicts import Conflict
from ledger.entry import Subject
from ledger.views import PersonView
from station import changes, events
from tests.places import Site
from tests.station.lives import FAMILIES, answer, homes, person, record
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session


@pytest.fixture
def camp(site: Site) -> Site:
    site.take_in(FAMILIES)
    return site


def tear(session: Session, view: PersonView, *sides: dict[str, Any]) -> None:
    """What each of several said of a person, unaware of each other."""
    for changes_ in sides:
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", view.id),
                {"changes": changes_, "reason": "as each was told"},
                form="person",
                base=view.heads,
            )


def torn(session: Session, name: str) -> list[tuple[str, frozenset[str]]]:
    return [(one.set, frozenset(one.fields)) for one in conflicts(session, name)]


def conflicts(session: Session, name: str) -> tuple[Conflict, ...]:
    return person(session, name).conflicts


def born(year: str) -> dict[str, str]:
    return {"edtf": year, "calendar": "gregorian", "entered": year}


def test_a_death_settles_no_conflict_and_holds_on_every_side(camp: Site) -> None:
    with camp.at_station("officer") as session:
        view = person(session, "Banin")
        tear(session, view, {"name": "Banin Orlak"}, {"birth": born("1980")})
        before = torn(session, "Banin")
        assert before == [("identity", frozenset({"name", "birth"}))]
        made = record(session, "death", deceased="Banin", spouse="Dalia")
        assert torn(session, "Banin") == before
        assert answer(session, view.id, "death") == "2026-11-09"
    with camp.at_station("supervisor") as session:
        (conflict,) = conflicts(session, "Banin")
        names = {side.values["name"] for side in conflict.candidates}
        assert names == {"Banin Orlok", "Banin Orlak"}
        # Whichever side is chosen, he is dead; withdrawn, on neither.
        assert events.void(session, made.event, reason="He came back.") == events.Withdrawn()
        assert torn(session, "Banin") == before
        assert answer(session, view.id, "death") is None
        (conflict,) = conflicts(session, "Banin")
        for side in conflict.candidates:
            choice = {conflict.set: bytes(side.hash)}
        changes.settle(session, "person", view.id, choice, reason="asked him")
        assert torn(session, "Banin") == []
        assert answer(session, view.id, "death") is None
        assert not care.check(session).problems


def test_the_side_that_is_chosen_later_has_the_death_too(camp: Site) -> None:
    with camp.at_station("officer") as session:
        view = person(session, "Banin")
        tear(session, view, {"name": "Banin Orlak"}, {"birth": born("1980")})
        record(session, "death", deceased="Banin")
    for place in (0, 1):
        copy = camp.copied(camp.folder.parent / f"side-{place}")
        with copy.at_station("supervisor") as session:
            (conflict,) = conflicts(session, "Banin")
            choice = {conflict.set: bytes(conflict.candidates[place].hash)}
            changes.settle(session, "person", view.id, choice, reason="asked them")
            assert answer(session, view.id, "death") == "2026-11-09"


def test_an_event_goes_on_from_the_side_that_is_shown(camp: Site) -> None:
    """Where the very answer is in conflict, the other side is not said to agree."""
    with camp.at_station("officer") as session:
        dalia = person(session, "Dalia")
        tear(session, dalia, {"marital_status": "married"}, {"marital_status": "divorced"})
        record(session, "death", deceased="Banin", spouse="Dalia")
        (conflict,) = conflicts(session, "Dalia")
        shown, other = (side.values["marital_status"] for side in conflict.candidates)
        assert shown == "widowed" and other in ("married", "divorced")


def test_a_place_in_conflict_stays_in_conflict(camp: Site) -> None:
    with camp.at_station("officer") as session:
        milo, banin = person(session, "Milo"), person(session, "Banin")
        with session.store.read() as reader:
            vedins, orloks = reader.household_of(milo.id), reader.household_of(banin.id)
        assert vedins is not None and orloks is not None
        for body in (
            {"person": milo.id.bytes, "to": orloks.id.bytes},
            {"person": milo.id.bytes, "reason": "gone"},
        ):
            with session.act() as act:
                act.say(
                    kinds.HOUSEHOLD_MEMBER_LEFT,
                    Subject("household", vedins.id),
                    {"reason": None, **body},
                    base=vedins.heads,
                )
        with session.act() as act:
            act.say(
                kinds.HOUSEHOLD_MEMBER_JOINED,
                Subject("household", orloks.id),
                {"person": milo.id.bytes, "relation": "nephew_niece"},
                base=orloks.heads,
            )
        record(session, "death", deceased="Milo")
        assert all("Milo" not in home for home in homes(session))
        with session.store.read() as reader:
            view = reader.household(vedins.id)
        assert view is not None and len(view.conflicts) == 1


def test_an_approval_settles_no_conflict(camp: Site) -> None:
    with camp.at_station("officer") as session:
        view = person(session, "Banin")
        at = changes.begin(session, view.id)
        raw = {**at.raw, "name": "Banin Orlak"}
        made = changes.change(session, view.id, raw, at=at, reason="misheard", basis="document")
        assert made.proposed is not None
        heads = person(session, "Banin")
        tear(session, heads, {"birth": born("1980")}, {"birth": born("1981")})
    with camp.at_station("supervisor") as session:
        before = torn(session, "Banin")
        assert before == [("birth", frozenset({"birth"}))]
        with pytest.raises(RefusedError) as refused:
            changes.approve(session, made.proposed)
        assert refused.value.code == "in_conflict"
        assert torn(session, "Banin") == before
