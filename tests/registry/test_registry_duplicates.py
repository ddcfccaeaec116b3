"""Pairs: proposed with reasons, decided by two, linked and unlinked, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import kinds
from ledger.entry import Subject
from ledger.views import PersonView
from registry import adjudication, admit, claims, decide, notices, owing
from registry import adjudication_acts as acts
from registry.adjudication_cases import MARK, State, fold_case, match_id
from registry.stations import stations
from station.receive import receive
from tests.places import Site, listing, row
from tests.registry.pairs import TWICE, arrive, at, both, person, state
from tests.registry.test_registry_acts import Cut
from tests.workspace.formwork import guarded
from values.identifiers import EntryHash, PersonId
from workspace import care
from workspace.errors import NotAllowedError, RefusedError
from workspace.linked import records_of, standing_number
from workspace.people import person_page
from workspace.session import Session
from workspace.voiding import void


@pytest.fixture
def paired(site: Site) -> Site:
    arrive(site)
    return site


def permanent(session: Session, one: PersonId) -> str:
    with session.store.read() as reader:
        return standing_number(reader, records_of(reader, one))


def linked(session: Session) -> set[PersonId]:
    with session.store.read() as reader:
        return {view.id for view in records_of(reader, both(session)[0])}


def amend(session: Session, one: PersonId, **changes: object) -> None:
    with session.store.read() as reader:
        view = reader.person(one)
    assert view is not None
    with session.act() as act:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", one),
            {"changes": changes, "reason": "asked again"},
            form="person",
            base=view.heads,
        )


def test_a_person_registered_twice_is_proposed_with_reasons(paired: Site) -> None:
    with at(paired, "registrar") as session, session.store.read() as reader:
        (case,) = reader.match_cases("proposed")
        assert {case.first, case.second} == set(both(session))
        codes = [code for code, _ in case.details["reasons"]]
        assert codes[:2] == ["name_alike", "birth_same"]
        assert all(isinstance(weight, int) for _, weight in case.details["reasons"])


def test_proposing_again_changes_nothing(paired: Site) -> None:
    with at(paired, "registrar") as session:
        everybody = [view.id for view in _everybody(session)]
        with session.store.read() as reader:
            before = reader.match_cases("proposed")
        assert adjudication.propose_for(session, everybody) == 0
        assert adjudication.propose_new(session) == 0
        with session.store.read() as reader:
            assert reader.match_cases("proposed") == before


def _everybody(session: Session) -> list[PersonView]:
    with session.store.read() as reader:
        return list(reader.persons())


def test_one_registrar_links_nobody(paired: Site) -> None:
    with at(paired, "registrar") as session:
        one, other = both(session)
        made = acts.decide(session, one, other, "same", reason="one face")
        assert made.state is State.SECOND
        assert len(linked(session)) == 1
        with pytest.raises(RefusedError) as error:
            acts.decide(session, one, other, "same", reason="again", seen=_head(session))
        assert error.value.code == "own_review"


def _head(session: Session) -> EntryHash | None:
    with session.store.read() as reader:
        told = reader.entries_of(kinds.MATCH, match_id(*both(session)))
    return told[-1].hash if told else None


def agree(site: Site) -> None:
    for user, why in (("registrar", "one face"), ("second", "one mother, asked by phone")):
        with at(site, user) as session:
            acts.decide(session, *both(session), "same", reason=why, seen=_head(session))


def test_the_second_registrar_links_and_both_records_stay(paired: Site) -> None:
    agree(paired)
    with at(paired, "registrar") as session:
        assert state(session) is State.LINKED
        assert linked(session) == set(both(session))
        one, other = both(session)
        assert {view.id for view in _everybody(session)} >= {one, other}
        assert care.check(session).problems == ()
        before = care.rebuild(session)
        assert before[1] == 0


def test_the_second_has_to_have_read_the_first(paired: Site) -> None:
    with at(paired, "registrar") as session:
        acts.decide(session, *both(session), "same", reason="one face")
    with at(paired, "second") as session, pytest.raises(RefusedError) as error:
        acts.decide(session, *both(session), "same", reason="I think so too")
    assert error.value.code == "decided_meanwhile"


def test_a_second_who_does_not_agree_leaves_it_to_a_third(paired: Site) -> None:
    with at(paired, "registrar") as session:
        acts.decide(session, *both(session), "same", reason="one face")
    with at(paired, "second") as session:
        made = acts.decide(
            session, *both(session), "different", reason="cousins", seen=_head(session)
        )
        assert made.state is State.DISPUTED
    with at(paired, "third") as session:
        made = acts.decide(session, *both(session), "same", reason="a scar", seen=_head(session))
        assert made.state is State.LINKED
        assert linked(session) == set(both(session))


def test_a_link_taken_back_leaves_everything_as_it_was(paired: Site) -> None:
    """Sync 2 (j): duplicates are merged by deleting one of them."""
    with at(paired, "registrar") as session:
        before = {view.id: (view.values, view.number) for view in _everybody(session)}
    agree(paired)
    with at(paired, "registrar") as session:
        acts.unlink(session, *both(session), reason="she came with her cousin")
        assert state(session) is State.DIFFERENT
        assert len(linked(session)) == 1
        assert {view.id: (view.values, view.number) for view in _everybody(session)} == before
        with pytest.raises(RefusedError):
            acts.unlink(session, *both(session), reason="again")


def test_ones_own_last_word_is_taken_back_by_a_counter_entry(paired: Site) -> None:
    agree(paired)
    with at(paired, "second") as session:
        made = acts.withdraw(session, *both(session), reason="the wrong pair")
        assert made.state is State.SECOND
        assert len(linked(session)) == 1
        with session.store.read() as reader:
            told = reader.entries_of(kinds.MATCH, match_id(*both(session)))
        assert [(entry.body or {})["decision"] for entry in told] == ["same", "same", "withdrawn"]
        with pytest.raises(RefusedError) as error:
            acts.withdraw(session, *both(session), reason="once more")
        assert error.value.code == "nothing_said"
    with at(paired, "registrar") as session:
        assert acts.withdraw(session, *both(session), reason="wrong").state is State.PROPOSED


def test_different_is_asked_again_only_when_an_answer_changed(paired: Site) -> None:
    with at(paired, "registrar") as session:
        guarded(session)
        one, other = both(session)
        acts.decide(session, one, other, "different", reason="two faces")
        assert adjudication.propose_for(session, [one, other]) == 0
        amend(session, one, phone="+999550100011")
        assert adjudication.propose_new(session) == 0
        assert state(session) is State.DIFFERENT
        amend(session, one, mother_name="Zohra Omar")
        assert adjudication.propose_new(session) == 1
        assert state(session) is State.PROPOSED
        with session.store.read() as reader:
            case = reader.match_case(one, other)
            assert case is not None and case.details["again"]
        # What was said of other answers counts no more, and is still there to be read.
        made = acts.decide(session, one, other, "same", reason="now", seen=_head(session))
        assert made.state is State.SECOND


def test_a_correction_that_takes_away_what_spoke_for_it_ends_a_proposal(paired: Site) -> None:
    """OpenCRVS matching 7: corrections and imports are not looked at for duplicates."""
    with at(paired, "registrar") as session:
        guarded(session)
        one, _ = both(session)
        amend(session, one, name_latin="Selin Orlok", name="Amina Yusuf Ali", sex="M")
        amend(session, one, birth={"edtf": "1940", "calendar": "gregorian", "entered": "1940"})
        adjudication.propose_new(session)
        assert state(session) is State.GONE


def test_a_voided_record_is_no_duplicate(paired: Site) -> None:
    with at(paired, "registrar") as session:
        one, other = both(session)
        void(session, one, reason="entered twice")
        adjudication.propose_new(session)
        assert state(session) is State.GONE
        with pytest.raises(RefusedError) as error:
            acts.decide(session, one, other, "same", reason="one face")
        assert error.value.code == "voided"


def test_one_person_has_one_number_and_the_first_given_stands(site: Site) -> None:
    """MOSIP repeated requests: one request given twice makes two permanent numbers."""
    arrive(site, register=True)
    with at(site, "registrar") as session:
        own = [permanent(session, one) for one in both(session)]
    assert all(own) and len(set(own)) == 2
    agree(site)
    with at(site, "registrar") as session:
        one, other = both(session)
        assert permanent(session, one) == permanent(session, other) == min(own)
        with session.store.read() as reader:
            # The other number still leads to the record it was given to.
            assert [view.id for view in reader.persons_by_number(own[1])] == [other]
        acts.unlink(session, one, other, reason="cousins")
        assert [permanent(session, each) for each in (one, other)] == own


def test_a_linked_record_gets_no_number_of_its_own_until_it_is_alone(paired: Site) -> None:
    agree(paired)
    with at(paired, "registrar") as session:
        with session.store.read() as reader:
            waiting = [view.id for view in reader.queue("approved")]
        made = decide.register(session, waiting)
        assert (made.registered, made.numbered) == (3, 3)  # four records, three persons
        one, other = both(session)
        assert permanent(session, one) == permanent(session, other)
        undone = acts.unlink(session, one, other, reason="cousins")
        assert undone.given
        numbers = [permanent(session, each) for each in (one, other)]
        assert all(numbers) and len(set(numbers)) == 2


def test_links_go_to_the_station_and_reasons_stay_here(paired: Site, tmp_path: Path) -> None:
    agree(paired)
    with at(paired, "registrar") as session:
        with session.store.read() as reader:
            (station,) = stations(reader)
        notice = notices.answer(session, station, tmp_path)
        pair_id = match_id(*both(session))
    with paired.at_station() as session:
        receive(session, notice)
        assert linked(session) == set(both(session))
        with session.store.read() as reader:
            assert reader.entries_of(kinds.MATCH, pair_id) == []
            told = reader.entries_of("person", both(session)[0])
        said = [entry.body for entry in told if entry.header.kind == kinds.PERSONS_LINKED]
        assert [body["reason"] for body in said if body] == [None]


def test_who_takes_a_case_has_it_until_it_is_released_or_forgotten(paired: Site) -> None:
    with at(paired, "registrar") as session:
        key = acts.key_of(*both(session))
        claims.take(session, [key])
    with at(paired, "second") as session:
        with session.store.read() as reader:
            owner = claims.owners(session, reader)[key]
        assert (owner.name, owner.own) == ("registrar", False)
        with pytest.raises(RefusedError) as error:
            acts.decide(session, *both(session), "different", reason="two faces")
        assert error.value.code == "taken"
        assert "registrar is looking at this" in error.value.sentence
        claims.release(session, [key])  # not hers to give back
        with pytest.raises(RefusedError):
            claims.take(session, [key])
    paired.clock.advance(claims.KEPT)
    with at(paired, "second") as session:
        acts.decide(session, *both(session), "different", reason="two faces")
        with session.store.read() as reader:
            assert claims.owners(session, reader) == {}


def test_several_pairs_are_decided_in_one_act(site: Site) -> None:
    arrive(
        site,
        listing(
            *(
                row(f"H-{n}{m}", "head", f"{name} Orlok Ali", birth=f"198{n}-05-03")
                for n, name in enumerate(("Banin", "Ferola", "Gudrit"))
                for m in "ab"
            )
        ),
    )
    with at(site, "registrar") as session:
        with session.store.read() as reader:
            pairs = [(one.first, one.second) for one in reader.match_cases("proposed")]
        assert len(pairs) == 3
        made = acts.decide_all(session, pairs, "different", reason="namesakes, all looked at")
        assert [one.state for one in made] == [State.DIFFERENT] * 3
        with session.store.read() as reader:
            told = [reader.entries_of(kinds.MATCH, match_id(*one)) for one in pairs]
            assert len({entry.header.group.id for (entry,) in told}) == 1
            assert all(fold_case(one).state is State.DIFFERENT for one in told)


@pytest.mark.parametrize("user", ["clerk", "administrator", "auditor"])
def test_only_registrars_decide(paired: Site, user: str) -> None:
    with at(paired, user) as session, pytest.raises(NotAllowedError):
        acts.decide(session, *both(session), "same", reason="one face")


def test_nobody_decides_without_a_reason_or_about_no_case(paired: Site) -> None:
    with at(paired, "registrar") as session:
        one, other = both(session)
        for decision, reason, code in (("same", " ", "reason"), ("perhaps", "so", "no_decision")):
            with pytest.raises(RefusedError) as error:
                acts.decide(session, one, other, decision, reason=reason)
            assert error.value.code == code
        with pytest.raises(RefusedError) as error:
            acts.decide(session, one, person(session, "Banin Orlok"), "same", reason="so")
        assert error.value.code == "no_case"


def test_what_lay_held_is_proposed_when_it_is_let_in(site: Site) -> None:
    """MOSIP duplicates: what was not there when duplicates were looked for is never looked for
    again."""
    lines = TWICE.splitlines()
    for name, part in (("first.csv", lines[1:3]), ("second.csv", lines[3:])):
        site.take_in("\n".join([lines[0], *part]) + "\n", name=name)
        site.approve()
    cut = Cut(site)
    bodies = [(entry.body or {}).get("values", {}) for entry in cut.chain]
    there = next(at for at, one in enumerate(bodies) if one.get("name") == "Ameena Youssef Ali")
    group = cut.chain[there].header.group.id
    place = next(at for at, one in enumerate(cut.chain) if one.header.group.id == group)
    with at(site, "registrar") as session:
        waiting = admit.import_bundle(session, cut.send(place, len(cut.chain)))
        assert (waiting.held > 0, waiting.match_cases) == (True, 0)
        owing.propose(session)
        done = admit.import_bundle(session, cut.send(0, place))
        assert (done.held, done.match_cases) == (0, 0)
        assert owing.propose(session) == 1
        assert state(session) is State.PROPOSED


def test_a_registry_of_before_there_were_proposals_looks_at_everybody_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.take_in(TWICE)
    site.approve()
    with monkeypatch.context() as patched:
        patched.setattr(owing, "propose", lambda *args, **more: 0)
        site.admit(site.send(), notice=False)
    with at(site, "registrar") as session:
        assert adjudication.propose_new(session) == 0, "what comes is looked at as it comes"
        with session.store.write() as unit:
            unit.delete_setting(MARK)
        assert adjudication.propose_new(session) == 1
        assert adjudication.propose_new(session) == 0


def test_the_pages_of_linked_records_show_them_as_one_person(site: Site) -> None:
    arrive(site, register=True)
    with at(site, "registrar") as session:
        one, other = both(session)
        alone = person_page(session, one)
        own = [person_page(session, each).permanent for each in (one, other)]
        assert alone.linked == () and len(set(own)) == 2
    agree(site)
    with at(site, "registrar") as session:
        first, second = person_page(session, one), person_page(session, other)
        assert first.permanent == second.permanent == min(own)
        assert [row.person for row in first.linked] == [other]
        assert [row.permanent for row in first.linked] == [own[1]]
        # What happened to either is told together, each once, and says of which record it is.
        theirs = {row.entry for row in first.timeline if row.of}
        assert theirs and all(row.of == second.number for row in first.timeline if row.of)
        assert {row.entry for row in first.timeline} == {row.entry for row in second.timeline}
        assert len(first.timeline) == len({row.entry for row in first.timeline})
        moments = [row.at for row in first.timeline]
        assert moments == sorted(moments, reverse=True)
        # What somebody is handed about themselves is of their own record.
        assert person_page(session, one, for_them=True).linked == ()
