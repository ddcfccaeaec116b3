"""Families that lost their head or their last adult: told on home and with the household."""

from __future__ import annotations

import pytest

from station import changes, households
from tests.places import Site, listing, row
from tests.station.lives import record
from values.identifiers import PersonId
from workspace.home import NextStep, home
from workspace.left_behind import LeftBehind
from workspace.people import person_page
from workspace.session import Session

LIST = listing(
    row("H-1", "head", "Alim Orlok", sex="M", birth="1980-01-02"),
    row("H-1", "spouse", "Bela Orlok", birth="1982-05-06"),
    row("H-1", "child", "Cala Orlok", birth="2014-05-06"),
    row("H-2", "head", "Ema Velin", birth="1985-05-06"),
    row("H-2", "child", "Fado Velin", sex="M", birth="2012-05-06"),
)
Family = dict[str, PersonId]


@pytest.fixture
def camp(site: Site) -> tuple[Site, Family]:
    site.take_in(LIST)
    with site.at_station() as session, session.store.read() as reader:
        family = {view.values["name"].split()[0]: view.id for view in reader.persons()}
    return site, family


def advised(session: Session) -> dict[str, NextStep]:
    steps = {step.code: step for step in home(session).next_steps}
    return {code: step for code, step in steps.items() if code in ("headless", "children")}


def lacks(session: Session, person: PersonId) -> LeftBehind | None:
    card = person_page(session, person).household
    assert card is not None
    return card.lacks


def test_a_family_whose_head_died_names_a_new_one(camp: tuple[Site, Family]) -> None:
    site, family = camp
    with site.at_station("officer") as session:
        assert advised(session) == {}
        record(session, "death", deceased="Alim", spouse="Bela")
        step = advised(session)["headless"]
        assert (step.page, step.count, step.person) == ("household", 1, family["Bela"])
        assert lacks(session, family["Cala"]) == LeftBehind(family["Bela"], True, False)
        card = person_page(session, family["Bela"]).household
        assert card is not None
        households.set_head(
            session, card.id, family["Bela"], relation_of_old="", reason="speaks for them"
        )
        assert advised(session) == {} and lacks(session, family["Cala"]) is None


def test_children_left_without_an_adult_are_told_until_somebody_knows(
    camp: tuple[Site, Family],
) -> None:
    site, family = camp
    child = family["Fado"]
    with site.at_station("officer") as session:
        record(session, "death", deceased="Ema")
        step = advised(session)["children"]
        assert (step.page, step.person) == ("household", child)
        card = person_page(session, child).household
        assert card is not None
        households.set_head(
            session, card.id, child, relation_of_old="", reason="nobody else is there"
        )
        assert set(advised(session)) == {"children"}, "a child as head is not an adult"
        at = changes.begin(session, child)
        said = {**at.raw, "uasc_status": "unaccompanied", "best_interests": "yes"}
        changes.change(session, child, said, at=at, reason="The focal point came")
        assert advised(session) == {} and lacks(session, child) is None


def test_a_household_that_everybody_left_lacks_nobody(camp: tuple[Site, Family]) -> None:
    site, family = camp
    with site.at_station("officer") as session:
        card = person_page(session, family["Alim"]).household
        other = person_page(session, family["Ema"]).household
        assert card is not None and other is not None
        relations = {family["Ema"]: "sibling", family["Fado"]: "nephew_niece"}
        households.merge(session, card.id, other.id, relations, reason="one family")
        assert advised(session) == {}
    with site.at_station("supervisor") as session:
        with session.act() as act:
            view = act.unit.household(card.id)
            assert view is not None
            households.leave(act, view, family["Alim"], what="move", reason="gone")
        assert set(advised(session)) == {"headless"}
    with site.at_station("auditor") as session:
        assert advised(session) == {}, "who may do nothing about it is not asked to"
