"""The queues: what is in conflict is listed, and whoever was voided waits for nothing."""

from __future__ import annotations

from ledger import kinds
from ledger.entry import Subject
from registry import queues
from station import review
from tests.places import Site, listing, row
from values.identifiers import PersonId
from workspace.home import home
from workspace.session import Session
from workspace.voiding import void

ONE = listing(row("H-1", "head", "Banin Orlok", sex="M"))


def only(session: Session) -> PersonId:
    with session.store.read() as reader:
        (view,) = reader.persons()
        return view.id


def called(session: Session, person: PersonId, phone: str) -> None:
    """Says a telephone number, not knowing of any other that was said since the registration."""
    with session.store.read() as reader:
        first = next(
            entry
            for entry in reader.entries_of("person", person)
            if entry.header.kind == kinds.PERSON_REGISTERED
        )
    with session.act() as act:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", person),
            {"changes": {"phone": phone}, "reason": "told"},
            form="person",
            base=[first.hash],
        )


def test_a_conflict_is_listed_and_home_counts_it(site: Site) -> None:
    site.take_in(ONE)
    site.approve()
    with site.at_station() as session:
        person = only(session)
        called(session, person, "+999550100011")
        called(session, person, "+999550100012")
    site.admit(site.send(), notice=False)
    with site.at_registry() as session:
        (row_,) = queues.conflicts(session)
        assert (row_.person, row_.name) == (person, "Banin Orlok")
        assert row_.what == "Telephone number"
        assert queues.counts(session).conflicts == 1
        (step,) = [one for one in home(session).next_steps if one.code == "conflicts"]
        assert (step.count, step.page) == (1, "queues")


def test_a_voided_family_waits_neither_for_review_nor_to_be_registered(site: Site) -> None:
    site.take_in(ONE)
    with site.at_station("supervisor") as session:
        assert len(review.waiting(session)) == 1
    site.approve()
    with site.at_station("supervisor") as session:
        void(session, only(session), reason="made twice")
    site.admit(site.send(), notice=False)
    with site.at_registry() as session:
        assert queues.to_register(session) == []
        assert queues.counts(session).to_register == 0
        assert "register" not in {one.code for one in home(session).next_steps}


def test_a_voided_family_is_not_reviewed(site: Site) -> None:
    site.take_in(ONE)
    with site.at_station("supervisor") as session:
        void(session, only(session), reason="made twice")
        assert review.waiting(session) == []
