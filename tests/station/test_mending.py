"""A registration that was sent back is mended by amendments and waits for review anew."""

from __future__ import annotations

import pytest

from forms.check import check
from forms.draft import Confirmation, Draft
from ledger import kinds
from station import drafts, export, mending, register, review
from tests import places
from tests.places import Site, listing, row
from workspace.errors import RefusedError
from workspace.session import Session

REASON = "The year of birth of the second child is missing."
CONSENT = dict.fromkeys(
    (
        "registration",
        "document",
        "assistance",
        "tracing",
        "host_state",
        "third_state",
        "statistics",
    ),
    "yes",
)


def _send_back(site: Site) -> None:
    with site.at_station("supervisor") as session:
        (row, *_rest) = review.waiting(session)
        review.send_back(session, row.registration, REASON)


def _complete(session: Session, identity: str) -> Draft:
    """The draft with what an interview asks beyond a list."""
    draft = drafts.load(session, identity)
    for member in draft.members:
        for field, value in {
            "consent": CONSENT,
            "language": "ara",
            "phone": "+999550100011",
            "marital_status": {"missing": "unknown"},
            "mother_name": {"missing": "unknown"},
            "father_name": {"missing": "unknown"},
            "birth_place": {"missing": "unknown"},
        }.items():
            draft = draft.with_value(member.key, field, value)
    draft = draft.with_household("origin_country", "SYR").with_household("shelter", "tent")
    today = session.clock.now().date()
    for problem in check(draft, today):
        key = "" if problem.person is None else draft.members[problem.person].key
        draft = draft.with_confirmation(
            Confirmation(problem.code, problem.field, key, "looked at it")
        )
    return draft


def test_the_officer_sees_what_came_back_and_why(site: Site) -> None:
    site.take_in(places.families(2))
    _send_back(site)
    with site.at_station("officer") as session:
        (row,) = [one for one in drafts.list_drafts(session) if one.reason]
        assert row.reason == REASON
        assert row.members == 2
        draft = drafts.load(session, row.id)
        assert draft.members[0].relation == "head"


def test_mended_it_waits_for_review_again_and_nothing_is_overwritten(site: Site) -> None:
    site.take_in(places.families(1))
    _send_back(site)
    with site.at_station("officer") as session:
        (row,) = drafts.list_drafts(session)
        draft = drafts.load(session, row.id)
        second = draft.members[1].key
        draft = draft.with_value(second, "birth", {"text": "1999", "calendar": "gregorian"})
        drafts.save(session, row.id, draft)
        made = register.register(session, row.id, _complete(session, row.id))
        with session.store.read() as reader:
            view = reader.registration(made.registration)
            assert view is not None
            assert view.status == "recorded"
            person = reader.person(made.persons[1][0])
            assert person is not None
            assert person.values["birth"]["edtf"] == "1999"
            said = [one.header.kind for one in reader.entries_of("person", person.id)]
            assert said == [kinds.PERSON_REGISTERED, kinds.PERSON_AMENDED]
        assert drafts.list_drafts(session) == []
    with site.at_station("supervisor") as session:
        assert review.approve_all(session).approved == 1


def test_a_member_is_added_and_one_is_taken_out(site: Site) -> None:
    site.take_in(places.families(1))
    _send_back(site)
    with site.at_station("officer") as session:
        (row,) = drafts.list_drafts(session)
        draft = drafts.load(session, row.id)
        gone = draft.members[1].key
        draft = draft.without_member(gone).with_member(
            {
                "relation": "sibling",
                "name": "Invented Newcomer",
                "sex": "F",
                "birth": {"text": "1985~", "calendar": "gregorian"},
                "nationality": "SYR",
            }
        )
        drafts.save(session, row.id, draft)
        done = register.register(session, row.id, _complete(session, row.id))
        with session.store.read() as reader:
            household = reader.household(done.household)
            assert household is not None
            present = {member.person for member in household.present()}
        assert done.persons[1][0] in present
        assert gone not in {person.hex for person in present}
        assert len(present) == 2


def test_what_was_mended_meanwhile_is_not_mended_twice(site: Site) -> None:
    site.take_in(places.families(1))
    _send_back(site)
    with site.at_station("officer") as session:
        (row,) = drafts.list_drafts(session)
        draft = _complete(session, row.id)
        register.register(session, row.id, draft)
        with pytest.raises(RefusedError) as refused:
            register.register(session, row.id, draft)
        assert refused.value.code == "not_returned"


def test_mended_at_the_registry_it_reads_the_same(site: Site) -> None:
    site.take_in(places.families(1))
    _send_back(site)
    with site.at_station("officer") as session:
        (row,) = drafts.list_drafts(session)
        made = register.register(session, row.id, _complete(session, row.id))
    site.approve()
    assert site.admit(site.send()).quarantined == 0
    with site.at_registry("registrar") as session, session.store.read() as reader:
        view = reader.registration(made.registration)
        assert view is not None
        assert view.status == "approved"


def test_only_drafts_that_mend_have_such_an_id() -> None:
    assert mending.registration_of("3f0c") is None
    assert mending.registration_of("mend-none") is None


def test_a_sealed_need_stays_sealed_and_does_not_stop_the_mending(site: Site) -> None:
    """The officer who mends cannot read it, and what is not touched is not lost."""
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M", needs="SV-VF DS-BD")))
    with site.at_station() as session, session.store.read() as reader:
        (sealed,) = (view.values["needs_sealed"] for view in reader.views("person"))
    _send_back(site)
    with site.at_station("officer") as session:
        (back,) = [one for one in drafts.list_drafts(session) if one.reason]
        draft = drafts.load(session, back.id)
        assert "needs_sealed" not in draft.members[0].values
        draft = _complete(session, back.id).with_value(draft.members[0].key, "name", "Banun Orlok")
        drafts.save(session, back.id, draft)
        register.register(session, back.id, drafts.load(session, back.id))
        with session.store.read() as reader:
            (view,) = reader.views("person")
        assert view.values["name"] == "Banun Orlok"
        assert view.values["needs_sealed"] == sealed
    with site.at_station("supervisor") as session:
        plan = export.plan(session)
        assert (plan.registrations, plan.unreviewed, plan.persons) == (1, 1, 1)
