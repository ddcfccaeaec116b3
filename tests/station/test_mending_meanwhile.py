"""Life goes on while a registration waits to be mended: nothing of it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from forms.check import check
from forms.draft import Confirmation, Draft
from ledger import kinds
from ledger.entry import Subject
from station import changes, drafts, households, mending, register, review
from tests.places import Site, listing, row
from tests.station.lives import CONSENT, FAMILIES, answer, homes, person, record
from values.identifiers import HouseholdId, PersonId
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session


@pytest.fixture
def camp(site: Site) -> Site:
    """Two families taken in, and both sent back."""
    site.take_in(FAMILIES)
    with site.at_station("supervisor") as session:
        for waiting in review.waiting(session):
            review.send_back(session, waiting.registration, "The consent is missing.")
    return site


def draft_of(session: Session, name: str) -> str:
    with session.store.read() as reader:
        view = reader.registration_of(person(session, name).id)
    assert view is not None
    return mending.draft_id(view.id)


def complete(session: Session, identity: str, draft: Draft) -> register.Registered:
    """What a list does not hold is asked; every warning is looked at."""
    draft = draft.with_household("origin_country", "SYR").with_household("shelter", "tent")
    for member in draft.members:
        draft = draft.with_value(member.key, "consent", CONSENT)
    for problem in check(draft, session.clock.now().date()):
        assert not problem.is_error, problem
        key = "" if problem.person is None else draft.members[problem.person].key
        draft = draft.with_confirmation(Confirmation(problem.code, problem.field, key, "seen"))
    return register.register(session, identity, draft)


def home(session: Session, who: PersonId) -> HouseholdId:
    with session.store.read() as reader:
        view = reader.household_of(who)
    assert view is not None
    return view.id


def registered_persons(session: Session, identity: str) -> set[PersonId]:
    registration = mending.registration_of(identity)
    assert registration is not None
    with session.store.read() as reader:
        view = reader.registration(registration)
    assert view is not None and view.status == "recorded"
    return set(view.persons)


def meanwhile(session: Session) -> None:
    """The son lives by himself, the wife dies, and the husband has a telephone."""
    banin, tarun = person(session, "Banin").id, person(session, "Tarun").id
    households.split(session, home(session, banin), {tarun: "head"}, reason="grown up")
    record(session, "death", deceased="Dalia", spouse="Banin")
    at = changes.begin(session, banin)
    raw = {**at.raw, "notes": "Speaks softly.", "phone": "+999550100011"}
    changes.change(session, banin, raw, at=at, reason="said so")


@pytest.mark.parametrize("opened", ["before", "after", "before, by an older program"])
def test_what_happened_meanwhile_stands(camp: Site, opened: str) -> None:
    with camp.at_station("officer") as session:
        names = {name: person(session, name).id for name in ("Banin", "Dalia", "Tarun")}
        identity = draft_of(session, "Banin")
        draft = drafts.load(session, identity)
        if "older" in opened:
            draft = replace(draft, opened={})
        drafts.save(session, identity, draft)
        meanwhile(session)
        if opened == "after":
            drafts.discard(session, identity)
        draft = drafts.load(session, identity)
        offered = {member.key for member in draft.members}
        here = ["Banin"] if opened == "after" else list(names)
        assert offered == {names[name].hex for name in here}
        complete(session, identity, draft)
        assert homes(session) == [
            {"Banin": "head"},
            {"Sesha": "head", "Milo": "child"},
            {"Tarun": "head"},
        ]
        assert answer(session, names["Dalia"], "death") == "2026-11-09"
        for field, value in {
            "marital_status": "widowed",
            "notes": "Speaks softly.",
            "phone": "+999550100011",
            "consent": None,
        }.items():
            told = person(session, "Banin").values.get(field)
            assert told == (CONSENT if field == "consent" else value)
        # All of them are reviewed, wherever they are.
        assert registered_persons(session, identity) == set(names.values())
        assert not care.check(session).problems
        with session.store.read() as reader:
            assert not reader.conflicts()


def test_what_was_not_touched_is_not_said_again(site: Site) -> None:
    """Told as an age, a birth reads as a range when the draft is opened: that is no change."""
    site.take_in(listing(row("H-1", "head", "Orlan Mird", birth="age:34")))
    with site.at_station("supervisor") as session:
        (waiting,) = review.waiting(session)
        review.send_back(session, waiting.registration, "The consent is missing.")
    with site.at_station("officer") as session:
        orlan = person(session, "Orlan")
        identity = draft_of(session, "Orlan")
        complete(session, identity, drafts.load(session, identity))
        assert person(session, "Orlan").values["birth"] == orlan.values["birth"]
        with session.store.read() as reader:
            (_, mended) = reader.entries_of("person", orlan.id)
    assert mended.body is not None and set(mended.body["changes"]) == {"consent"}


def test_a_dead_head_leaves_the_family_another_to_choose(camp: Site) -> None:
    with camp.at_station("officer") as session:
        record(session, "death", deceased="Banin", spouse="Dalia")
        identity = draft_of(session, "Banin")
        draft = drafts.load(session, identity)
        dalia = person(session, "Dalia").id
        assert [member.relation for member in draft.members] == ["spouse", "child"]
        complete(session, identity, draft.with_value(dalia.hex, "relation", "head"))
        assert homes(session)[0] == {"Dalia": "head", "Tarun": "child"}


def test_one_who_lived_alone_and_died_is_mended_and_stays_dead(camp: Site) -> None:
    with camp.at_station("officer") as session:
        for name in ("Milo", "Sesha"):
            record(session, "death", deceased=name)
        sesha = person(session, "Sesha").id
        identity = draft_of(session, "Sesha")
        draft = drafts.load(session, identity)
        assert {member.relation for member in draft.members} == {"head", "child"}
        complete(session, identity, draft.with_value(sesha.hex, "birth_place", "Old Vedin"))
        assert answer(session, sesha, "birth_place") == "Old Vedin"
        assert answer(session, sesha, "death") == "2026-11-09"
        assert homes(session)[1] == {}


def test_a_record_that_was_voided_meanwhile_is_left_out(camp: Site) -> None:
    with camp.at_station("officer") as session:
        identity = draft_of(session, "Banin")
        tarun = person(session, "Tarun").id
        drafts.save(session, identity, drafts.load(session, identity))
    with camp.at_station("supervisor") as session:
        changes.void(session, tarun, reason="made twice")
    with camp.at_station("officer") as session:
        complete(session, identity, drafts.load(session, identity))
        assert tarun not in registered_persons(session, identity)
        assert homes(session)[0] == {"Banin": "head", "Dalia": "spouse"}
        with session.store.read() as reader:
            said = [one.header.kind for one in reader.entries_of("person", tarun)]
        assert said == [kinds.PERSON_REGISTERED, kinds.PERSON_VOIDED]


def test_whoever_is_taken_out_leaves_and_whoever_moved_does_not_leave_twice(camp: Site) -> None:
    with camp.at_station("officer") as session:
        banin, tarun = person(session, "Banin").id, person(session, "Tarun").id
        identity = draft_of(session, "Banin")
        draft = drafts.load(session, identity)
        households.split(session, home(session, banin), {tarun: "head"}, reason="grown up")
        dalia = person(session, "Dalia").id
        draft = draft.without_member(tarun.hex).without_member(dalia.hex)
        complete(session, identity, draft)
        assert homes(session)[0] == {"Banin": "head"}
        assert homes(session)[2] == {"Tarun": "head"}
        assert registered_persons(session, identity) == {banin, tarun}


def amend(session: Session, who: PersonId, **answers: str) -> None:
    at = changes.begin(session, who)
    changes.change(session, who, {**at.raw, **answers}, at=at, reason="said so")


def head(session: Session, who: PersonId) -> None:
    dalia = person(session, "Dalia").id
    households.set_head(session, home(session, who), dalia, "spouse", reason="as they wish")


def tear(session: Session, who: PersonId) -> None:
    view = person(session, "Banin")
    for number in ("+999550100012", "+999550100013"):
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", who),
                {"changes": {"phone": number}, "reason": None},
                form="person",
                base=view.heads,
            )


@pytest.mark.parametrize(
    ("other", "field", "mine", "code"),
    [
        (lambda s, who: amend(s, who, phone="+999550100012"), "phone", "+999550100011",
         "changed_meanwhile"),
        (head, "relation", "other", "changed_meanwhile"),
        (tear, "phone", "+999550100011", "changed_meanwhile"),
        # The same said twice is no other word, and another answer is none about this one.
        (lambda s, who: amend(s, who, phone="+999550100011"), "phone", "+999550100011", ""),
        (lambda s, who: amend(s, who, notes="Speaks softly."), "phone", "+999550100011", ""),
    ],
)  # fmt: skip
def test_the_same_answer_changed_by_two_is_not_overwritten(
    camp: Site, other: Callable[[Session, PersonId], None], field: str, mine: str, code: str
) -> None:
    with camp.at_station("officer") as session:
        banin, tarun = person(session, "Banin").id, person(session, "Tarun").id
        identity = draft_of(session, "Banin")
        draft = drafts.load(session, identity)
        other(session, banin)
        draft = draft.with_value(banin.hex, field, mine)
        if field == "relation":
            draft = draft.with_value(tarun.hex, field, "head")
        if not code:
            complete(session, identity, draft)
            assert answer(session, banin, "phone") == mine
            return
        with pytest.raises(RefusedError) as refused:
            complete(session, identity, draft)
        assert refused.value.code == code


def test_an_answer_in_conflict_is_not_settled_by_mending(camp: Site) -> None:
    with camp.at_station("officer") as session:
        banin = person(session, "Banin").id
        tear(session, banin)
        identity = draft_of(session, "Banin")
        draft = drafts.load(session, identity)
        with pytest.raises(RefusedError) as refused:
            complete(session, identity, draft.with_value(banin.hex, "phone", "+999550100011"))
        assert refused.value.code == "in_conflict"
        complete(session, identity, draft)
        assert [one.set for one in person(session, "Banin").conflicts] == ["phone"]


def test_somebody_who_joined_as_head_meanwhile_is_not_doubled(camp: Site) -> None:
    with camp.at_station("officer") as session:
        banin = person(session, "Banin").id
        identity = draft_of(session, "Banin")
        draft = drafts.load(session, identity)
        dalia, sesha = person(session, "Dalia").id, person(session, "Sesha").id
        orloks = home(session, banin)
        record(session, "death", deceased="Banin", spouse="Dalia")
        vedins, milo = home(session, sesha), person(session, "Milo").id
        households.merge(
            session, orloks, vedins, {sesha: "head", milo: "other"}, reason="they live together"
        )
        drafts.discard(session, identity)
        draft = drafts.load(session, identity).with_value(dalia.hex, "relation", "head")
        with pytest.raises(RefusedError) as refused:
            complete(session, identity, draft)
        assert refused.value.code == "two_heads"
