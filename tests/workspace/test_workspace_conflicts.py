"""Conflicts in words, and settling them: all of a record's at once, by those who may."""

from __future__ import annotations

from typing import Any

import pytest

from ledger import kinds
from ledger.entry import Subject
from ledger.views import EventView, PersonView
from registry import admit
from tests.places import Site, listing, row
from tests.workspace.formwork import use
from values.identifiers import EventId, PersonId
from workspace import care
from workspace.conflicts import ConflictShown, conflicts, settle
from workspace.errors import NotAllowedError, RefusedError
from workspace.problems import ProblemsError
from workspace.session import Session


@pytest.fixture
def person(site: Site) -> PersonId:
    """Somebody of whom two officers said different things, unaware of each other."""
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M")))
    with site.at_station() as session:
        with session.store.read() as reader:
            (view,) = reader.persons()
        use(session)
        for told, reason in (
            ({"phone": "+999550100011", "birth": birth("1990")}, "by voice"),
            ({"phone": "+999550100012", "birth": birth("1991"), "name": "Banun"}, "by card"),
        ):
            amend(session, view, told, reason)
    return view.id


def birth(year: str) -> dict[str, str]:
    return {"edtf": year, "calendar": "gregorian", "entered": year}


def amend(session: Session, view: PersonView, told: dict[str, Any], reason: str) -> None:
    with session.act() as act:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", view.id),
            {"changes": told, "reason": reason},
            form="person",
            base=view.heads,
        )


def view_of(session: Session, person: PersonId) -> PersonView:
    with session.store.read() as reader:
        view = reader.person(person)
    assert view is not None
    return view


def sides(shown: ConflictShown, reason: str) -> bytes:
    return next(side.entry for side in shown.sides if side.reason == reason)


def test_both_sides_in_words(site: Site, person: PersonId) -> None:
    """Sync 2 (c): a winner is picked, and nobody is told (CouchDB)."""
    with site.at_station() as session:
        contact, identity = sorted(
            conflicts(session, "person", person), key=lambda one: one.identity
        )
        assert (contact.set, contact.title) == ("phone", "Telephone number")
        assert {(side.by, side.reason, side.values[0].value) for side in contact.sides} == {
            ("officer", "by voice", "+999550100011"),
            ("officer", "by card", "+999550100012"),
        }
        assert [side.shown for side in contact.sides] == [True, False]
        assert set(identity.fields) == {"name", "birth"}
        told = {
            side.reason: {said.field: said.value for said in side.values} for side in identity.sides
        }
        assert told == {
            "by voice": {"birth": "1990", "name": "Banin Orlok"},
            "by card": {"birth": "1991", "name": "Banun"},
        }
        french = conflicts(session, "person", person, "fr")
        assert {one.title for one in french} != {contact.title, identity.title}


def test_a_supervisor_settles_all_of_them_at_once(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        found = {one.set: one for one in conflicts(session, "person", person)}
        with pytest.raises(NotAllowedError):
            settle(session, "person", person, {}, reason="x")
    with site.at_station("supervisor") as session:
        use(session)
        choices = {name: sides(one, "by card") for name, one in found.items()}

        def code(choices: Any, reason: str = "saw the card", **more: Any) -> str:
            with pytest.raises(RefusedError) as refused:
                settle(session, "person", person, choices, reason=reason, **more)
            return refused.value.code

        assert code(choices, reason=" ") == "reason"
        assert code({"phone": choices["phone"]}) == "unsettled"
        assert code({name: bytes(32) for name in choices}) == "no_side"
        assert code(choices, at=(bytes(32),)) == "changed_meanwhile"
        assert len(view_of(session, person).conflicts) == 2
        settle(session, "person", person, choices, reason="saw the card", at=found["phone"].heads)
        view = view_of(session, person)
        assert (view.conflicts, len(view.heads)) == ((), 1)
        assert view.values["name"] == "Banun"
        assert view.values["phone"] == "+999550100012"
        assert view.values["birth"]["edtf"] == "1991"
        assert code(choices) == "no_conflict"
        with session.store.read() as reader:
            assert reader.conflicts() == []
    site.approve()
    bundle = site.send()
    with site.at_registry() as session:
        use(session)
        assert admit.import_bundle(session, bundle).quarantined == 0
        assert view_of(session, person) == view
        assert care.check(session).problems == ()


def test_an_answer_of_ones_own_is_read_like_any(site: Site, person: PersonId) -> None:
    with site.at_station("supervisor") as session:
        found = {one.set: one for one in conflicts(session, "person", person)}
        (identity,) = (name for name in found if name != "phone")
        wrong = {"phone": {"phone": "+999550100019"}, identity: {"birth": "1990-02-31"}}
        with pytest.raises(ProblemsError) as odd:
            settle(session, "person", person, wrong, reason="asked")
        assert {one.field for one in odd.value.problems} == {"birth"}
        mine = {"phone": {"phone": ""}, identity: {"birth": {"text": "1989~"}}}
        settle(session, "person", person, mine, reason="asked")
        view = view_of(session, person)
        assert "phone" not in view.values
        assert view.values["birth"]["edtf"] == "1989~"
        # What was not answered anew stays as it was shown.
        assert view.values["name"] in {"Banin Orlok", "Banun"}


def test_what_is_kept_from_a_role_is_not_in_the_conflict(site: Site, person: PersonId) -> None:
    rules = {name: {"sees": frozenset({"supervisor"})} for name in ("phone", "birth")}
    with site.at_station() as session:
        use(session, **rules)
        (shown,) = conflicts(session, "person", person)
        assert shown.fields == ("name",)
        assert all(len(side.values) == 1 for side in shown.sides)


def test_an_events_conflict(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        with session.act() as act:
            event = EventId(act.new_id())
            subject = Subject("event", event)
            act.say(
                kinds.EVENT_RECORDED,
                subject,
                {
                    "type": "arrival",
                    "date": birth("2026"),
                    "values": {"place": "Gate"},
                    "participants": [{"role": "subject", "person": person.bytes}],
                    "household": None,
                },
                form="arrival",
            )
        with session.store.read() as reader:
            view = reader.event(event)
        assert view is not None
        for changes in (
            {"date": birth("2025"), "place": "Pier"},
            {"date": birth("2024"), "participants": []},
        ):
            with session.act() as act:
                act.say(
                    kinds.EVENT_AMENDED, subject, {"changes": changes, "reason": None},
                    form="arrival", base=view.heads,
                )  # fmt: skip
        (shown,) = conflicts(session, "event", event)
        assert shown.set == "date"
        assert {side.values[0].value for side in shown.sides} == {"2025", "2024"}
    with site.at_station("supervisor") as session:
        chosen = next(side.entry for side in shown.sides if side.values[0].value == "2025")
        settle(session, "event", event, {"date": chosen}, reason="the ticket says so")
        with session.store.read() as reader:
            settled = reader.event(event)
        assert isinstance(settled, EventView)
        assert settled.date == birth("2025")
        assert settled.values["place"] == "Pier"
        assert settled.conflicts == ()


def test_an_event_of_a_later_program_is_told_by_its_fields(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        with session.act() as act:
            event = EventId(act.new_id())
            subject = Subject("event", event)
            act.say(
                kinds.EVENT_RECORDED,
                subject,
                {
                    "type": "of_later",
                    "date": None,
                    "values": {"how": "well"},
                    "participants": [{"role": "subject", "person": person.bytes}],
                    "household": None,
                },
            )
        with session.store.read() as reader:
            view = reader.event(event)
        assert view is not None
        for told in ("so", "otherwise"):
            with session.act() as act:
                changes = {"how": told, "participants": []}
                if told == "so":
                    changes = {"how": told}
                act.say(
                    kinds.EVENT_AMENDED, subject, {"changes": changes, "reason": None},
                    base=view.heads,
                )  # fmt: skip
        (shown,) = conflicts(session, "event", event)
        assert (shown.title, {side.values[0].value for side in shown.sides}) == (
            "how",
            {"so", "otherwise"},
        )
    with site.at_station("supervisor") as session:
        settle(session, "event", event, {"how": shown.sides[0].entry}, reason="asked")
        assert conflicts(session, "event", event) == ()


@pytest.mark.parametrize("subject_type", ["person", "household", "event", "document", "user"])
def test_nothing_there(site: Site, subject_type: str) -> None:
    with site.at_station("supervisor") as session:
        nobody = PersonId(session.office.id)
        for call in (
            lambda: conflicts(session, subject_type, nobody),
            lambda: settle(session, subject_type, nobody, {}, reason="x"),
        ):
            with pytest.raises(RefusedError) as refused:
                call()
            assert refused.value.code == "unknown_record"
