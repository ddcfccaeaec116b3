"""Withdrawing events: what stands afterwards is what the others say, and what does not is told."""

from __future__ import annotations

import pytest

from station import changes, events, households, printing, review
from tests import paperwork
from tests.places import Site
from tests.station.lives import FAMILIES, answer, homes, person, record
from values.text import isolate
from workspace import care
from workspace.errors import RefusedError

ORLOKS = {"Banin": "head", "Dalia": "spouse", "Tarun": "child"}
VEDINS = {"Sesha": "head", "Milo": "child"}


@pytest.fixture
def camp(site: Site) -> Site:
    site.take_in(FAMILIES)
    return site


def withdraw(camp: Site, made: events.Recorded) -> events.Withdrawn:
    with camp.at_station("supervisor") as session:
        done = events.void(session, made.event, reason="It was about somebody else.")
        assert not care.check(session).problems
        return done


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("adoption", {"child": "Milo", "adopter": "Dalia"}),
        ("reunification", {"subject": "Milo", "family_member": "Dalia"}),
    ],
)
def test_whoever_was_moved_is_put_back(camp: Site, form: str, parts: dict[str, str]) -> None:
    with camp.at_station("officer") as session:
        made = record(session, form, **parts)
        moved = homes(session)
        assert [set(home) for home in moved] == [{*ORLOKS, "Milo"}, {"Sesha"}]
    assert withdraw(camp, made) == events.Withdrawn()
    with camp.at_station("officer") as session:
        assert homes(session) == [ORLOKS, VEDINS]


def test_whoever_was_moved_by_hand_since_stays_and_is_named(camp: Site) -> None:
    with camp.at_station("officer") as session:
        made = record(session, "adoption", child="Milo", adopter="Dalia")
        milo = person(session, "Milo").id
        with session.store.read() as reader:
            orloks = reader.household_of(person(session, "Banin").id)
        assert orloks is not None
        households.split(session, orloks.id, {milo: "head"}, reason="He lives by himself.")
    done = withdraw(camp, made)
    assert done.left == (f"{isolate('Milo Vedin')}: Place in the household",)
    with camp.at_station("officer") as session:
        assert homes(session) == [ORLOKS, {"Sesha": "head"}, {"Milo": "head"}]


def test_another_relation_told_since_does_not_keep_somebody_there(camp: Site) -> None:
    with camp.at_station("officer") as session:
        made = record(session, "adoption", child="Milo", adopter="Dalia")
        milo = person(session, "Milo").id
        with session.store.read() as reader:
            orloks = reader.household_of(milo)
        assert orloks is not None
        households.set_relation(session, orloks.id, milo, "foster_child", reason="as it is")
    assert withdraw(camp, made) == events.Withdrawn()
    with camp.at_station("officer") as session:
        assert homes(session) == [ORLOKS, VEDINS]


def test_moved_twice_withdrawn_in_any_order(camp: Site) -> None:
    for first, second in ((0, 1), (1, 0)):
        with camp.at_station("officer") as session:
            made = (
                record(session, "reunification", subject="Milo", family_member="Dalia"),
                record(session, "adoption", child="Milo", adopter="Dalia"),
            )
            assert homes(session)[0]["Milo"] == "child"
        done = withdraw(camp, made[first])
        with camp.at_station("officer") as session:
            assert homes(session)[0]["Milo"] == ("child" if first == 0 else "nephew_niece")
        assert bool(done.left) == (first == 0)
        withdraw(camp, made[second])
        with camp.at_station("officer") as session:
            assert homes(session) == [ORLOKS, VEDINS]
            assert answer(session, person(session, "Milo").id, "uasc_status") is None


def test_a_head_who_comes_back_is_no_second_one(camp: Site) -> None:
    with camp.at_station("officer") as session:
        made = record(session, "death", deceased="Banin", spouse="Dalia")
        dalia = person(session, "Dalia").id
        with session.store.read() as reader:
            orloks = reader.household_of(dalia)
        assert orloks is not None
        households.set_head(session, orloks.id, dalia, "", reason="widowed")
    done = withdraw(camp, made)
    assert done.left == (f"{isolate('Banin Orlok')}: Place in the household",)
    with camp.at_station("officer") as session:
        assert homes(session)[0] == {"Dalia": "head", "Tarun": "child", "Banin": "unknown"}


def test_a_household_left_without_a_head_is_named(camp: Site) -> None:
    with camp.at_station("officer") as session:
        adopted = record(session, "adoption", child="Milo", adopter="Dalia")
        record(session, "death", deceased="Sesha")
        with session.store.read() as reader:
            vedins = [one.number for one in reader.views("household") if not one.present()]
    assert withdraw(camp, adopted).headless == tuple(vedins)
    with camp.at_station("officer") as session:
        assert homes(session) == [ORLOKS, {"Milo": "child"}]


def test_two_deaths_and_the_second_stands(camp: Site) -> None:
    with camp.at_station("officer") as session:
        banin = person(session, "Banin").id
        first = record(session, "death", deceased="Banin", spouse="Dalia")
        second = record(session, "death", deceased="Banin", date="2026-10-09")
    done = withdraw(camp, first)
    assert done.left == tuple(
        f"{isolate('Banin Orlok')}: {what}" for what in ("Date of death", "Place in the household")
    )
    with camp.at_station("officer") as session:
        assert answer(session, banin, "death") == "2026-10-09"
        assert answer(session, person(session, "Dalia").id, "marital_status") is None
        assert "Banin" not in homes(session)[0]
    assert withdraw(camp, second) == events.Withdrawn()
    with camp.at_station("officer") as session:
        assert answer(session, banin, "death") is None
        assert homes(session) == [ORLOKS, VEDINS]


@pytest.mark.parametrize("absence_first", [True, False])
def test_absence_and_presence_withdrawn_in_any_order(camp: Site, absence_first: bool) -> None:
    with camp.at_station("officer") as session:
        sesha = person(session, "Sesha").id
        made = [record(session, one, subject="Sesha") for one in ("absence", "presence")]
    expected = ["present", None] if absence_first else ["absent", None]
    for one, stands in zip(made if absence_first else reversed(made), expected, strict=True):
        withdraw(camp, one)
        with camp.at_station("officer") as session:
            assert answer(session, sesha, "presence") == stands


def test_a_marriage_that_stands_goes_on_making_married(camp: Site) -> None:
    with camp.at_station("officer") as session:
        first = record(session, "marriage", spouse_a="Banin", spouse_b="Dalia")
        record(session, "marriage", spouse_a="Banin", spouse_b="Sesha")
    withdraw(camp, first)
    with camp.at_station("officer") as session:
        status = {
            name: answer(session, person(session, name).id, "marital_status")
            for name in ("Banin", "Dalia", "Sesha")
        }
    assert status == {"Banin": "married", "Dalia": None, "Sesha": "married"}


def test_what_was_said_by_hand_since_stays_and_is_named(camp: Site) -> None:
    with camp.at_station("officer") as session:
        made = record(session, "marriage", spouse_a="Banin", spouse_b="Dalia")
        dalia = person(session, "Dalia").id
        at = changes.begin(session, dalia)
        changes.change(
            session, dalia, {**at.raw, "marital_status": "divorced"}, at=at, reason="said so"
        )
    assert withdraw(camp, made).left == (f"{isolate('Dalia Orlok')}: Marital status",)
    with camp.at_station("officer") as session:
        assert answer(session, dalia, "marital_status") == "divorced"
        assert answer(session, person(session, "Banin").id, "marital_status") is None


def test_a_child_who_was_not_born_leaves_every_household_and_the_papers_are_named(
    camp: Site,
) -> None:
    with camp.at_station("officer") as session:
        made = record(session, "live_birth", mother="Dalia")
        assert made.created is not None
    with camp.at_station("supervisor") as session:
        review.approve_all(session)
        printed = paperwork.issue(
            session, [printing.Target("registration", made.created)], language="en"
        )
    with camp.at_station("officer") as session:
        with session.store.read() as reader:
            home = reader.household_of(made.created)
        assert home is not None
        households.split(session, home.id, {made.created: "head"}, reason="by mistake")
    done = withdraw(camp, made)
    assert [one.number for one in done.documents] == [one.number for one in printed.documents]
    with camp.at_station("officer") as session, session.store.read() as reader:
        child = reader.person(made.created)
        assert child is not None and child.voided is not None
        assert reader.household_of(made.created) is None


def test_what_was_told_with_a_registration_takes_nobody_along(camp: Site) -> None:
    """Flight and arrival are said in the act that registers the family."""
    with camp.at_station("supervisor") as session:
        with session.store.read() as reader:
            arrivals = [one for one in reader.views("event") if one.type == "arrival"]
        for one in arrivals:
            assert events.void(session, one.id, reason="another day") == events.Withdrawn()
        assert homes(session) == [ORLOKS, VEDINS]
        with session.store.read() as reader:
            assert not [one for one in reader.views("person") if one.voided is not None]


def test_a_correction_is_put_right_by_another_one(camp: Site) -> None:
    with camp.at_station("officer") as session:
        dalia = person(session, "Dalia").id
        at = changes.begin(session, dalia)
        raw = {**at.raw, "name": "Dalia Orlak", "notes": "kept"}
        made = changes.change(session, dalia, raw, at=at, reason="misheard", basis="document")
        assert made.proposed is not None
    with camp.at_station("supervisor") as session:
        for approved in (False, True):
            if approved:
                changes.approve(session, made.proposed)
            with pytest.raises(RefusedError) as refused:
                events.void(session, made.proposed, reason="x")
            assert refused.value.code == "correction"
        assert answer(session, dalia, "name") == "Dalia Orlak"
        assert answer(session, dalia, "notes") == "kept"
