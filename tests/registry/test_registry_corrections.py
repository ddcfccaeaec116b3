"""Corrections that come in bundles: two persons agreed, or the correction is put aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ledger import kinds
from ledger.entry import Subject
from ledger.views import PersonView
from registry import admit, corrections, decide, guarded, queues
from station import changes
from station.receive import receive
from tests.places import Site, listing, row
from tests.workspace.formwork import APPROVED, use
from tests.workspace.formwork import guarded as with_guards
from values.identifiers import EventId, PersonId
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session


@pytest.fixture
def person(site: Site) -> PersonId:
    """The head of an approved family of two."""
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M"), row("H-1", "child", "Orlin")))
    site.approve()
    with site.at_station() as session, session.store.read() as reader:
        return next(view.id for view in reader.persons() if view.values["name"] == "Banin Orlok")


def view_of(session: Session, person: PersonId) -> PersonView:
    with session.store.read() as reader:
        view = reader.person(person)
    assert view is not None
    return view


def proposed(session: Session, person: PersonId, **answers: Any) -> EventId:
    with_guards(session)
    at = changes.begin(session, person)
    made = changes.change(
        session, person, {**at.raw, **answers}, at=at, reason="misheard", basis="document"
    )
    assert made.proposed is not None
    return made.proposed


def say_corrected(session: Session, person: PersonId, proposal: UUID | None, **told: Any) -> None:
    """As a changed program would."""
    with session.act() as act:
        act.say(
            kinds.PERSON_CORRECTED,
            Subject("person", person),
            {
                "changes": told or {"name": "Banun Orlok"},
                "reason": "forged",
                "proposal": proposal.bytes if proposal else None,
            },
            form="person",
            base=view_of(session, person).heads,
        )


def aside(site: Site) -> dict[str, str]:
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        for one in queues.aside(session):
            assert one.sentence.endswith(".")
        return {one.kind: one.code for one in queues.aside(session)}


def test_what_two_persons_agreed_to_is_admitted(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        event = proposed(session, person, name="Banun Orlok")
    with site.at_station("supervisor") as session:
        changes.approve(with_guards(session), event)
        here = view_of(session, person)
    assert site.admit(site.send()).quarantined == 0
    with site.at_registry() as session:
        assert view_of(session, person) == here
        assert changes.proposals(with_guards(session)) == ()
        (told,) = (one for one in changes.history(session, person, "name") if one.old)
        assert (told.by, told.proposed_by) == ("supervisor", "officer")


def _without(session: Session, person: PersonId, event: EventId) -> None:
    say_corrected(session, person, None)


def _of_nothing(session: Session, person: PersonId, event: EventId) -> None:
    say_corrected(session, person, UUID(int=7))


def _otherwise(session: Session, person: PersonId, event: EventId) -> None:
    say_corrected(session, person, event, name="Somebody Else")


def _more(session: Session, person: PersonId, event: EventId) -> None:
    say_corrected(session, person, event, name="Banun Orlok", sex="F")


def _of_another(session: Session, person: PersonId, event: EventId) -> None:
    with session.store.read() as reader:
        other = next(view.id for view in reader.persons() if view.id != person)
    say_corrected(session, other, event)


def _own(session: Session, person: PersonId, event: EventId) -> None:
    mine = proposed(session, person, birth={"text": "1991", "calendar": "gregorian"})
    with session.store.read() as reader:
        view = reader.event(mine)
    assert view is not None
    say_corrected(session, person, mine, **view.values["changes"])


def _refused(session: Session, person: PersonId, event: EventId) -> None:
    changes.refuse(session, event, reason="the card says otherwise")
    say_corrected(session, person, event)


@pytest.mark.parametrize(
    ("say", "code"),
    [
        (_without, corrections.MISSING),
        (_of_nothing, corrections.MISSING),
        (_of_another, corrections.MISSING),
        (_otherwise, corrections.DIFFERS),
        (_more, corrections.DIFFERS),
        (_own, corrections.OWN),
        (_refused, corrections.REFUSED),
    ],
)
def test_what_nobody_else_agreed_to_is_put_aside(
    site: Site,
    person: PersonId,
    say: Callable[[Session, PersonId, EventId], None],
    code: str,
) -> None:
    with site.at_station() as session:
        event = proposed(session, person, name="Banun Orlok")
    with site.at_station("supervisor") as session:
        say(session, person, event)
    done = site.admit(site.send())
    assert done.quarantined == 1
    assert aside(site) == {kinds.PERSON_CORRECTED: code}
    with site.at_registry() as session:
        assert view_of(session, person).values["name"] == "Banin Orlok"
        # A registrar may look into it, and vouch for it.
        (one,) = queues.aside(session)
        assert decide.release(session, [one.entry], reason="asked the station") == 1


def test_an_officer_corrects_nothing_alone(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        event = proposed(session, person, name="Banun Orlok")
        say_corrected(session, person, event)
    assert site.admit(site.send()).quarantined == 1
    assert aside(site) == {kinds.PERSON_CORRECTED: "role"}


def test_a_proposal_that_is_put_aside_takes_its_approval_along(
    site: Site, person: PersonId
) -> None:
    """The proposal's act says something that its author may not say."""
    with site.at_station() as session:
        view = view_of(session, person)
        with_guards(session)
        from workspace import proposals

        with session.act() as act:
            event = proposals.propose(
                session, act, view, {"name": "Banun Orlok"}, at=view.heads, reason="x"
            )
            act.say(kinds.PERSON_VOIDED, Subject("person", UUID(int=9)), {"reason": "x"})
    with site.at_station("supervisor") as session:
        changes.approve(with_guards(session), event)
    assert site.admit(site.send()).quarantined == 3
    assert aside(site) == {
        kinds.EVENT_RECORDED: "act_incomplete",
        kinds.PERSON_VOIDED: "role",
        kinds.PERSON_CORRECTED: corrections.MISSING,
    }


def _import(site: Site, bundle: Path) -> admit.Imported:
    with site.at_registry() as session:
        use(session, name={"correctable": APPROVED}, father_name={"correctable": APPROVED})
        return admit.import_bundle(session, bundle, notice_parent=None)


def amend(session: Session, person: PersonId, **told: Any) -> None:
    with session.act() as act:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", person),
            {"changes": told, "reason": None},
            form="person",
            base=view_of(session, person).heads,
        )


def test_amending_is_no_way_around_the_second_person(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        amend(session, person, phone="+999550100011")
        amend(session, person, father_name="Gofin")  # a first answer completes the record
        amend(session, person, name="Banun Orlok")
        amend(session, person, father_name=None, notes="x")
    assert _import(site, site.send()).quarantined == 2
    with site.at_registry() as session:
        assert {one.code for one in queues.aside(session)} == {guarded.UNAPPROVED}
        view = view_of(session, person)
        assert (view.values["name"], view.values["father_name"]) == ("Banin Orlok", "Gofin")


def test_what_is_reviewed_anew_may_be_amended(site: Site) -> None:
    """Mending a registration that came back changes names, and hands it in for review."""
    from station import drafts, register, review
    from tests.station.test_mending import _complete

    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M")))
    with site.at_station("supervisor") as session:
        (waiting,) = review.waiting(session)
        review.send_back(session, waiting.registration, "the name is misspelt")
    with site.at_station() as session:
        (back,) = drafts.list_drafts(session)
        draft = drafts.load(session, back.id)
        draft = draft.with_value(draft.members[0].key, "name", "Banun Orlok")
        drafts.save(session, back.id, draft)
        register.register(session, back.id, _complete(session, back.id))
    site.approve()
    assert _import(site, site.send()).quarantined == 0


def test_a_registrar_decides_and_the_station_hears_of_it(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        name = proposed(session, person, name="Banun Orlok")
        birth = proposed(session, person, birth={"text": "1991", "calendar": "gregorian"})
    site.admit(site.send(), notice=False)
    with site.at_registry() as session:
        with_guards(session)
        assert [one.event for one in changes.proposals(session)] == [name, birth]
        changes.approve(session, name)
        changes.refuse(session, birth, reason="the register says 1990")
        there = view_of(session, person)
        # What a registrar proposes waits for another one.
        mine = proposed(session, person, birth={"text": "1992", "calendar": "gregorian"})
        with pytest.raises(RefusedError) as own:
            changes.approve(session, mine)
        assert own.value.code == "own_proposal"
        changes.refuse(session, mine, reason="read it again")
        at = changes.begin(session, person)
        raw = {**at.raw, "phone": "+999550100011"}
        assert changes.change(session, person, raw, at=at, reason="called").amended == ("phone",)
    notice = site.admit(site.send()).notice
    assert notice is not None
    with site.at_station("supervisor") as session:
        receive(session, notice)
        with_guards(session)
        assert changes.proposals(session) == ()
        view = view_of(session, person)
        assert (view.values["name"], view.values["phone"]) == ("Banun Orlok", "+999550100011")
        assert set(there.values) <= set(view.values)
        refused = next(one for one in changes.history(session, person, "birth") if one.state)
        assert (refused.state, refused.note) == ("refused", "the register says 1990")
