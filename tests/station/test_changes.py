"""Amending, proposing, approving and refusing; what two officers did unaware of each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from forms.draft import Confirmation
from ledger import kinds
from ledger.entry import Subject
from ledger.views import PersonView
from resources.i18n import translation
from station import changes
from tests import paperwork
from tests.places import Site, families, listing, row
from tests.workspace.formwork import APPROVED, guarded, use
from values.identifiers import EventId, PersonId
from workspace import people
from workspace import proposals as of_proposals
from workspace.errors import NotAllowedError, RefusedError
from workspace.problems import ProblemsError
from workspace.session import Session
from workspace.waiting import noted


def date(text: str) -> dict[str, str]:
    return {"text": text, "calendar": "gregorian"}


@pytest.fixture
def person(site: Site) -> PersonId:
    """The head of an approved family of two, born 1990-03-04."""
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M"), row("H-1", "child", "Orlin")))
    site.approve()
    with site.at_station() as session, session.store.read() as reader:
        return next(view.id for view in reader.persons() if view.values["name"] == "Banin Orlok")


def view_of(session: Session, person: PersonId) -> PersonView:
    with session.store.read() as reader:
        view = reader.person(person)
    assert view is not None
    return view


def kinds_of(session: Session, person: PersonId) -> list[str]:
    with session.store.read() as reader:
        return [entry.header.kind for entry in reader.entries_of("person", person)]


def changed(
    session: Session,
    person: PersonId,
    at: changes.Correcting | None = None,
    *,
    reason: str = "said so",
    basis: str = "",
    confirmed: Mapping[str, str] | None = None,
    **answers: Any,
) -> changes.Changed:
    """Change these answers, with every warning looked at unless told otherwise."""
    at = at or changes.begin(session, person)
    raw = {**at.raw, **answers}
    told = [
        Confirmation(problem.code, problem.field, "", "looked at it")
        for problem in changes.check(session, at, raw)
        if not problem.is_error
    ]
    told += [Confirmation(code, "", "", why) for code, why in (confirmed or {}).items()]
    return changes.change(session, person, raw, at=at, reason=reason, basis=basis, confirmed=told)


def proposed(session: Session, person: PersonId, **answers: Any) -> EventId:
    made = changed(session, person, **answers).proposed
    assert made is not None
    return made


# amending ---------------------------------------------------------------------------------------


def test_only_what_differs_is_said_on_the_heads_that_were_seen(
    site: Site, person: PersonId
) -> None:
    """MOSIP update: an update overwrites what it has never seen."""
    with site.at_station() as session:
        guarded(session)
        at = changes.begin(session, person)
        assert at.relation == "head"
        made = changed(session, person, at, phone="+999 550 100 011", notes="Speaks softly.")
        assert made == changes.Changed(("notes", "phone"), None)
        with session.store.read() as reader:
            entry = reader.entries_of("person", person)[-1]
        assert entry.header.kind == kinds.PERSON_AMENDED
        assert entry.header.base == at.heads
        assert entry.body is not None
        assert entry.body["changes"] == {"notes": "Speaks softly.", "phone": "+999550100011"}
        assert entry.body["reason"] == "said so"
        # An answer that is taken back is emptied, not forgotten.
        changed(session, person, notes="")
        assert "notes" not in view_of(session, person).values
        past = changes.history(session, person, "notes")
        assert [(one.old, one.new) for one in past] == [
            ("Speaks softly.", ""),
            ("", "Speaks softly."),
        ]


def test_side_by_side_before_signing(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        guarded(session)
        at = changes.begin(session, person)
        assert changes.compare(session, at, at.raw) == ()
        found = changes.compare(
            session, at, {**at.raw, "birth": date("1991"), "phone": "nonsense", "sex": "F"}
        )
        told = {one.field: (one.before, one.after, one.approval, one.identity) for one in found}
        assert told["birth"] == ("4 March 1990", "1991", True, True)
        assert told["phone"] == ("", "nonsense", False, False)
        assert told["sex"][:2] == ("Male", "Female")
        assert [one.field for one in found] == ["sex", "birth", "phone"]
        french = changes.compare(session, at, {**at.raw, "birth": date("1991")}, language="fr")
        assert french[0].label != found[1].label


def test_nothing_changed_and_nothing_is_said(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        guarded(session)
        at = changes.begin(session, person)
        for raw in (at.raw, {**at.raw, "notes": "  "}, {**at.raw, "name": "Banin Orlok "}):
            with pytest.raises(RefusedError) as refused:
                changes.change(session, person, raw, at=at, reason="")
            assert refused.value.code == "nothing_changed"
        assert kinds_of(session, person) == [kinds.PERSON_REGISTERED]


def test_errors_and_warnings_of_what_was_changed_count_and_no_others(
    site: Site, person: PersonId
) -> None:
    """A list asks less than an interview: what it left open does not stop a telephone number."""
    with site.at_station() as session:
        guarded(session)
        at = changes.begin(session, person)
        with pytest.raises(ProblemsError) as wrong:
            changes.change(
                session, person, {**at.raw, "birth": date("1990-02-30")}, at=at, reason="x"
            )
        assert {one.field for one in wrong.value.problems} == {"birth"}
        assert wrong.value.code == "problems"
        doubtful = {**at.raw, "phone": "12"}
        with pytest.raises(ProblemsError) as odd:
            changes.change(session, person, doubtful, at=at, reason="x")
        (problem,) = odd.value.problems
        assert not problem.is_error
        confirmed = [Confirmation(problem.code, problem.field, "", "so it is on the card")]
        changes.change(session, person, doubtful, at=at, reason="", confirmed=confirmed)
        with session.store.read() as reader:
            body = reader.entries_of("person", person)[-1].body
        assert body is not None and body["reason"] is None
        assert body["confirmed"] == [
            {"code": problem.code, "field": "phone", "reason": "so it is on the card"}
        ]


def test_what_is_never_corrected_and_who_was_voided(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        guarded(session)
        with pytest.raises(RefusedError) as refused:
            changed(session, person, sex="F")
        assert refused.value.code == "never_corrected"
        at = changes.begin(session, person)
    with site.at_station("supervisor") as session:
        changes.void(session, person, reason="made twice")
    with site.at_station() as session:
        for call in (
            lambda: changes.begin(session, person),
            lambda: changed(session, person, at, phone="+999550100011"),
        ):
            with pytest.raises(RefusedError) as refused:
                call()
            assert refused.value.code == "voided"


def test_changed_meanwhile_is_told_and_both_are_kept(site: Site, person: PersonId) -> None:
    """OpenCRVS 12878: what was done offline after the record was given to somebody else is refused
    and lost."""
    with site.at_station() as session:
        guarded(session)
        at = changes.begin(session, person)
        changed(session, person, phone="+999550100011")
        with pytest.raises(changes.ChangedMeanwhileError) as moved:
            changed(session, person, at, phone="+999550100012")
        assert moved.value.code == "changed_meanwhile"
        assert [(one.field, one.before, one.after) for one in moved.value.differences] == [
            ("phone", "", "+999550100011")
        ]
        changed(
            session, person, at, phone="+999550100012",
            confirmed={"changed_meanwhile": "the daughter has another"},
        )  # fmt: skip
        (conflict,) = changes.conflicts(session, "person", person)
        assert {said.value for side in conflict.sides for said in side.values} == {
            "+999550100011",
            "+999550100012",
        }
        # A change elsewhere in the record merges, once it is meant.
        changed(session, person, at, notes="Calm.", confirmed={"changed_meanwhile": "no matter"})
        assert view_of(session, person).values["notes"] == "Calm."
        # What is in conflict is settled first: writing into it would settle it unawares.
        with pytest.raises(RefusedError) as refused:
            changed(session, person, phone="+999550100013")
        assert refused.value.code == "in_conflict"
        changed(session, person, notes="Calm, and kind.")


def test_a_number_given_meanwhile_is_no_change_to_tell(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        at = changes.begin(guarded(session), person)
    with site.at_station("supervisor") as session, session.act() as act:
        act.say(
            kinds.PERSON_AMENDED, Subject("person", person), {"changes": {}, "reason": None},
            base=at.heads,
        )  # fmt: skip
    with site.at_station() as session:
        guarded(session)
        assert changed(session, person, at, notes="Calm.").amended == ("notes",)


def test_the_households_own_answers(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        with session.store.read() as reader:
            household = reader.household_of(person)
        assert household is not None
        at = changes.begin_household(session, household.id)
        # A question that is not asked any more loses its answer.
        flood = {**at.raw, "origin_country": "SYR", "cause": "disaster", "hazard": "flood"}
        changes.change_household(session, household.id, flood, at=at, reason="asked again")
        at = changes.begin_household(session, household.id)
        assert at.raw["hazard"] == "flood"
        war = {**at.raw, "cause": "conflict"}
        assert {one.field for one in changes.compare(session, at, war)} == {"cause", "hazard"}
        made = changes.change_household(session, household.id, war, at=at, reason="asked again")
        assert made.amended == ("cause", "hazard")
        with session.store.read() as reader:
            view = reader.household(household.id)
        assert view is not None and "hazard" not in view.values


def test_an_answer_of_the_household_that_needs_approval_is_a_supervisors(
    site: Site, person: PersonId
) -> None:
    with site.at_station() as session, session.store.read() as reader:
        household = reader.household_of(person)
    assert household is not None
    rules = {"arrival": {"correctable": APPROVED}}
    with site.at_station() as session:
        use(session, "household", **rules)
        at = changes.begin_household(session, household.id)
        raw = {**at.raw, "origin_country": "SYR", "arrival": date("2026-09-01")}
        with pytest.raises(NotAllowedError):
            changes.change_household(session, household.id, raw, at=at, reason="x")
    with site.at_station("supervisor") as session:
        use(session, "household", **rules)
        changes.change_household(session, household.id, raw, at=at, reason="x")


# proposing and deciding ---------------------------------------------------------------------------


def test_a_second_person_corrects_who_somebody_is(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        guarded(session)
        made = changed(
            session, person, name="Banun Orlok", phone="+999550100011",
            reason="misheard", basis="document",
        )  # fmt: skip
        assert made.amended == ("phone",)
        assert made.proposed is not None
        assert view_of(session, person).values["name"] == "Banin Orlok"
        (waiting,) = changes.proposals(session)
        assert (waiting.own, waiting.stale, waiting.by) == (True, False, "officer")
        assert (waiting.basis, waiting.reason) == ("document", "misheard")
        (difference,) = waiting.differences
        assert (difference.before, difference.after) == ("Banin Orlok", "Banun Orlok")
        assert changes.begin(session, person).proposed == {"name"}
        with pytest.raises(NotAllowedError):
            changes.approve(session, made.proposed)
        with pytest.raises(RefusedError) as twice:
            changed(session, person, name="Third")
        assert twice.value.code == "proposed_already"
    with site.at_station("supervisor") as session:
        guarded(session)
        assert changes.approve(session, made.proposed, note="saw the card") == person
        view = view_of(session, person)
        assert view.values["name"] == "Banun Orlok"
        assert len(view.heads) == 1
        assert changes.proposals(session) == ()
        with session.store.read() as reader:
            assert noted(reader) == []
            entry = reader.entries_of("person", person)[-1]
        assert entry.header.kind == kinds.PERSON_CORRECTED
        assert entry.body is not None and entry.body["proposal"] == made.proposed.bytes
        (told,) = (one for one in changes.history(session, person, "name") if one.old)
        assert (told.by, told.proposed_by, told.reason, told.note) == (
            "supervisor",
            "officer",
            "misheard",
            "saw the card",
        )
        with pytest.raises(RefusedError) as decided:
            changes.approve(session, made.proposed)
        assert decided.value.code == "decided"


def test_a_refusal_stays_in_the_history(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        event = proposed(guarded(session), person, birth=date("1991"))
    with site.at_station("supervisor") as session:
        guarded(session)
        with pytest.raises(RefusedError) as silent:
            changes.refuse(session, event, reason=" ")
        assert silent.value.code == "reason"
        changes.refuse(session, event, reason="the card says 1990")
        assert changes.proposals(session) == ()
        assert view_of(session, person).values["birth"]["edtf"] == "1990-03-04"
        refused, first = changes.history(session, person, "birth")
        assert (refused.old, refused.new, refused.state) == ("4 March 1990", "1991", "refused")
        assert (refused.by, refused.decided_by, refused.note) == (
            "officer",
            "supervisor",
            "the card says 1990",
        )
        assert first.new == "4 March 1990"
        with pytest.raises(RefusedError) as decided:
            changes.approve(session, event)
        assert decided.value.code == "decided"


def test_nobody_approves_their_own_but_may_withdraw_it(site: Site, person: PersonId) -> None:
    with site.at_station("supervisor") as session:
        guarded(session)
        event = proposed(session, person, name="Banun Orlok")
        with pytest.raises(RefusedError) as own:
            changes.approve(session, event)
        assert own.value.code == "own_proposal"
        changes.refuse(session, event, reason="misread it myself")
    with site.at_station() as session:
        guarded(session)
        mine = proposed(session, person, name="Banun Orlok")
        changes.refuse(session, mine, reason="misread it myself")
        assert changes.proposals(session) == ()


def test_a_stale_proposal_says_so(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        guarded(session)
        name = proposed(session, person, name="Banun Orlok")
        birth = proposed(session, person, birth=date("1991"))
        # Told together with the name; and something else.
        changed(session, person, name_latin="Banin O.", notes="Calm.")
    with site.at_station("supervisor") as session:
        guarded(session)
        stale = {one.event: one for one in changes.proposals(session)}
        assert stale[name].stale and not stale[birth].stale
        assert stale[name].touched == ("Name in Latin letters",)
        with pytest.raises(RefusedError) as refused:
            changes.approve(session, name)
        assert refused.value.code == "stale"
        assert "Name in Latin letters" in refused.value.sentence
        changes.approve(session, birth)
        assert view_of(session, person).values["birth"]["edtf"] == "1991"
        changes.refuse(session, name, reason="look again")
    with site.at_station() as session:
        assert proposed(guarded(session), person, name="Banun Orlok")


def test_a_first_answer_completes_and_corrects_nothing(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        use(session, father_name={"correctable": APPROVED})
        at = changes.begin(session, person)
        assert not changes.compare(session, at, {**at.raw, "father_name": "Gofin"})[0].approval
        assert changed(session, person, father_name="Gofin").amended == ("father_name",)
        assert changed(session, person, father_name="Gofan").proposed is not None


def test_a_proposal_needs_a_reason_and_a_known_basis(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        guarded(session)
        for given, code in (
            ({"reason": " "}, "reason"),
            ({"basis": "hearsay"}, "basis"),
        ):
            with pytest.raises(RefusedError) as refused:
                changed(session, person, name="Banun", **given)
            assert refused.value.code == code
        assert changes.proposals(session) == ()


def test_what_a_role_is_not_shown_is_not_opened_and_not_lost(site: Site, person: PersonId) -> None:
    rules = {"birth": {"sees": frozenset({"supervisor"}), "correctable": APPROVED}}
    with site.at_station() as session:
        use(session, **rules)
        at = changes.begin(session, person)
        assert "birth" not in at.raw and "birth" not in at.values
        assert changed(session, person, notes="Calm.").amended == ("notes",)
        assert changes.history(session, person, "birth") == ()
        # Whoever writes over what they are not shown asks for it like anybody.
        assert changed(session, person, birth=date("1991")).proposed is not None
        assert changes.proposals(session)[0].differences == ()
        assert view_of(session, person).values["birth"]["edtf"] == "1990-03-04"
    with site.at_station("supervisor") as session:
        use(session, **rules)
        assert [one.field for one in changes.proposals(session)[0].differences] == ["birth"]


def test_sensitive_answers_are_sealed_and_stay_when_nothing_is_typed(
    site: Site, person: PersonId
) -> None:
    rules = {"notes": {"sensitive": True}}
    with site.at_station() as session:
        use(session, **rules)
        changed(session, person, notes="Not for every eye.")
        kept = view_of(session, person).values["notes"]
        assert set(kept) == {"sealed"}
        at = changes.begin(session, person)
        assert "notes" not in at.raw
        changed(session, person, at, phone="+999550100011", needs=["DS-BD", "SV-VF"])
        view = view_of(session, person)
        assert view.values["notes"] == kept
        assert view.values["needs"] == ["DS-BD"]
        assert isinstance(view.values["needs_sealed"], bytes)
        changed(session, person, needs=[])
        assert "needs" not in view_of(session, person).values
        assert "needs_sealed" in view_of(session, person).values


def test_one_of_another_program_is_passed_over(site: Site, person: PersonId) -> None:
    """Proposals in another shape wait for nobody, and stop no page."""
    with site.at_station() as session:
        guarded(session)
        for values in ({}, {"changes": [], "of": [], "seen": []}, {"changes": {"name": "x"}}):
            with session.act() as act:
                event = act.new_id()
                act.say(
                    kinds.EVENT_RECORDED,
                    Subject("event", event),
                    {
                        "type": "correction",
                        "date": None,
                        "values": values,
                        "participants": [{"role": "subject", "person": person.bytes}],
                        "household": None,
                    },
                )
        assert changes.proposals(session) == ()
        assert changes.begin(session, person).proposed == frozenset()
    with site.at_station("supervisor") as session:
        guarded(session)
        with pytest.raises(RefusedError) as refused:
            changes.approve(session, EventId(event))
        assert refused.value.code == "no_proposal"


def test_an_unknown_field_is_not_approved_unseen(site: Site, person: PersonId) -> None:
    with site.at_station() as session:
        guarded(session)
        view = view_of(session, person)
        with session.act() as act:
            event = of_proposals.propose(
                session, act, view, {"of_tomorrow": "x"}, at=view.heads, reason="later"
            )
    with site.at_station("supervisor") as session:
        guarded(session)
        with pytest.raises(RefusedError) as refused:
            changes.approve(session, event)
        assert refused.value.code == "unknown_field"


@pytest.mark.parametrize("user", ["auditor", "administrator"])
def test_others_change_nothing(site: Site, person: PersonId, user: str) -> None:
    with site.at_station(user) as session:
        for call in (
            lambda: changes.begin(session, person),
            lambda: changes.proposals(session),
            lambda: changes.void(session, person, reason="x"),
            lambda: changes.settle(session, "person", person, {}, reason="x"),
        ):
            with pytest.raises(NotAllowedError):
                call()


# voiding ------------------------------------------------------------------------------------------


def test_voiding_leaves_the_household_and_names_the_papers(site: Site, person: PersonId) -> None:
    from station import printing

    with site.at_station() as session:
        issued = paperwork.issue(session, printing.targets_for_all(session), language="en")
    own, attested = issued.documents[1], issued.documents[0]
    with site.at_station("supervisor") as session:
        with pytest.raises(RefusedError) as silent:
            changes.void(session, person, reason="")
        assert silent.value.code == "reason"
        made = changes.void(session, person, reason="made twice")
        assert {(one.number, one.type) for one in made.documents} == {
            (own.number, "registration"),
            (attested.number, "household"),
        }
        assert made.headless
        with session.store.read() as reader:
            assert reader.household_of(person) is None
            # Nothing is withdrawn unasked.
            assert all(one.revoked is None for one in reader.documents_of(person))
        assert view_of(session, person).voided == "made twice"
        with pytest.raises(RefusedError) as again:
            changes.void(session, person, reason="made twice")
        assert again.value.code == "voided_already"
    with site.at_station("officer") as session, pytest.raises(NotAllowedError):
        changes.void(session, person, reason="x")


def test_a_proposal_about_somebody_who_was_voided_waits_no_more(
    site: Site, person: PersonId
) -> None:
    with site.at_station() as session:
        event = proposed(guarded(session), person, name="Banun Orlok")
    with site.at_station("supervisor") as session:
        guarded(session)
        changes.void(session, person, reason="made twice")
        assert changes.proposals(session) == ()
        with pytest.raises(RefusedError) as refused:
            changes.approve(session, event)
        assert refused.value.code == "voided"


def test_the_list_of_what_waits_can_be_made_anew(site: Site, person: PersonId) -> None:
    from workspace import care

    site.take_in(families(1, first=7))
    with site.at_station() as session:
        event = proposed(guarded(session), person, name="Banun Orlok")
        with session.store.write() as unit:
            for one in noted(unit):
                unit.delete_setting(f"proposal/{one.hex}")
        assert changes.proposals(session) == ()
        assert [one.event for one in changes.proposals(session, person=person)] == [event]
        care.rebuild(session)
        assert [one.event for one in changes.proposals(session)] == [event]


def test_what_is_told_together_waits_together(site: Site) -> None:
    """A first name in Latin letters, given with a correction of the name, does not overtake it."""
    site.take_in(
        listing(row("H-1", "head", "Banin Orlok")).replace(
            "Banin Orlok,Banin Orlok", "بنين أورلوك,"
        )
    )
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            known = next(iter(reader.persons()))
        assert "name_latin" not in known.values
        done = changed(session, known.id, name="بنين أورلك", name_latin="Banin Orlok")
        assert done.amended == () and done.proposed is not None
    with site.at_station("supervisor") as session:
        (waiting,) = of_proposals.proposals(session)
        assert not waiting.stale and len(waiting.differences) == 2
        changes.approve(session, done.proposed)
        now = view_of(session, known.id).values
        assert (now["name"], now["name_latin"]) == ("بنين أورلك", "Banin Orlok")


def test_an_old_sex_marker_is_shown_to_few(site: Site, person: PersonId) -> None:
    with site.at_station("officer") as session:
        done = changed(session, person, sex="F")
        waits = people.person_page(session, person).timeline
        assert any("Male → Female" in one.detail for one in waits)
    with site.at_station("supervisor") as session:
        changes.approve(session, done.proposed)
        assert any(
            "Male → Female" in one.detail for one in people.person_page(session, person).timeline
        )
    with site.at_station("officer") as session:
        page = people.person_page(session, person)
        past = [
            *changes.history(session, person, "sex"),
            *(row for row in page.history if row.field == "sex"),
        ]
        told = [part for row in past for part in (row.old, row.new)]
        assert "Female" in told and "not shown" in told and "Male" not in told
        assert not any("Male" in row.detail for row in page.timeline)


def test_a_first_answer_beside_a_proposal_does_not_overtake_it(site: Site) -> None:
    site.take_in(
        listing(row("H-1", "head", "Banin Orlok")).replace(
            "Banin Orlok,Banin Orlok", "بنين أورلوك,"
        )
    )
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            known = next(iter(reader.persons())).id
        name = proposed(session, known, name="بنين أورلك")
        changed(session, known, name_latin="Banin Orluk")
    with site.at_station("supervisor") as session:
        (waiting,) = changes.proposals(session)
        assert not waiting.stale and waiting.touched == ()
        changes.approve(session, name)
        now = view_of(session, known).values
        assert (now["name"], now["name_latin"]) == ("بنين أورلك", "Banin Orluk")


@pytest.mark.parametrize("chosen", ["Registered twice", "Enregistré deux fois"])
def test_why_somebody_was_voided_is_told_in_the_language_of_the_reader(
    site: Site, person: PersonId, chosen: str
) -> None:
    with site.at_station("supervisor") as session:
        changes.void(session, person, reason=chosen)
        told = {
            language: {
                one.detail
                for one in people.person_page(session, person, language=language).timeline
            }
            for language in ("en", "fr", "ar")
        }
    for language, details in told.items():
        assert translation(language).gettext("Registered twice") in details
