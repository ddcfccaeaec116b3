"""The registry's queues: what waits, since when, who has it; refusing, sending back, settling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger import kinds
from ledger.entry import Subject
from registry import adjudication_conflicts as settling
from registry import adjudication_queues as worklists
from registry import admit, claims, decide, notices
from registry.adjudication_shown import case
from registry.stations import stations
from station import answers, drafts, register, review
from station.receive import Received, receive
from tests.places import Site, listing, row
from tests.registry.pairs import arrive, at, both
from tests.registry.test_registry_acts import Cut
from tests.registry.test_registry_corrections import say_corrected
from tests.registry.test_registry_queues import only
from tests.station.test_mending import _complete
from tests.workspace.formwork import use
from values.identifiers import PersonId
from workspace import care
from workspace.errors import NotAllowedError, RefusedError
from workspace.session import Session

ONE = listing(row("H-1", "head", "Banin Orlok", sex="M"))
TWO = listing(row("H-1", "head", "Banin Orlok", sex="M"), row("H-2", "head", "Ema Velin"))


def told(site: Site, folder: Path) -> Received:
    """The registry answers, and the station takes the answer in."""
    with at(site, "registrar") as session:
        with session.store.read() as reader:
            (station,) = stations(reader)
        notice = notices.answer(session, station, folder)
    with site.at_station("supervisor") as session:
        return receive(session, notice)


def amended(session: Session, person: PersonId, **changes: Any) -> None:
    """Says something, not knowing of anything else that was said since the registration."""
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
            {"changes": changes, "reason": "told at the gate"},
            form="person",
            base=[first.hash],
        )


def people(session: Session) -> dict[str, PersonId]:
    with session.store.read() as reader:
        return {view.values["name"].split()[0]: view.id for view in reader.persons()}


@pytest.fixture
def aside(site: Site) -> Site:
    """A correction that nobody proposed was put aside at the registry."""
    site.take_in(ONE)
    site.approve()
    with site.at_station("supervisor") as session:
        use(session)
        say_corrected(session, only(session), None)
    assert site.admit(site.send(), notice=False).quarantined == 1
    return site


@pytest.fixture
def differing(site: Site) -> Site:
    """Two families; of both, two sides say another telephone number, and of one other parents."""
    site.take_in(TWO)
    site.approve()
    with site.at_station() as session:
        use(session)
        banin, ema = people(session)["Banin"], people(session)["Ema"]
        amended(session, banin, phone="+999550100011")
        amended(session, banin, phone="+999550100012")
        amended(session, ema, phone="+999550100021", marital_status="single")
        amended(session, ema, phone="+999550100022", marital_status="married")
    assert site.admit(site.send(), notice=False).quarantined == 0
    return site


# the lists ------------------------------------------------------------------------------------


def test_new_families_are_listed_with_their_station_and_pairs(site: Site) -> None:
    arrive(site)
    with at(site, "registrar") as session:
        rows = {one.head: one for one in worklists.new(session)}
        assert {name: (one.station, one.persons, one.pairs) for name, one in rows.items()} == {
            "Amina Yusuf Ali": ("A01", 2, 1),
            "Ameena Youssef Ali": ("A01", 1, 1),
            "Banin Orlok": ("A01", 1, 0),
        }
        (pair,) = worklists.pairs(session)
        assert set(pair.names) == {"Amina Yusuf Ali", "Ameena Youssef Ali"}
        assert pair.station == "A01" and 500 < pair.score < 1000
        found = worklists.sizes(session)
        assert (found.new, found.duplicates, found.second, found.quarantined) == (3, 1, 0, 0)


def test_a_case_that_is_taken_names_its_owner_in_every_list(site: Site) -> None:
    arrive(site)
    with at(site, "registrar") as session:
        keys = [worklists.new(session)[0].key, worklists.pairs(session)[0].key]
        worklists.take(session, keys)
    with at(site, "second") as session:
        owners = [worklists.new(session)[0].owner, worklists.pairs(session)[0].owner]
        assert [(one.name, one.own) for one in owners if one] == [("registrar", False)] * 2
    with at(site, "registrar") as session:
        worklists.give_back(session, keys)
        assert worklists.new(session)[0].owner is None


def test_a_pair_is_shown_with_both_sides_in_words(site: Site) -> None:
    arrive(site)
    with at(site, "registrar") as session:
        found = case(session, *both(session), language="fr")
    lines = {line.name: line.standing for line in found.lines}
    assert (lines["name"], lines["birth"], lines["sex"]) == ("near", "agrees", "agrees")
    assert [side.station for side in found.sides] == ["A01", "A01"]
    assert found.reasons[0].share > found.reasons[-1].share > 0
    assert found.seen is None and not found.may_undo and not found.second


def test_what_is_held_says_which_number_lacks(site: Site) -> None:
    site.take_in(ONE)
    site.approve()
    cut = Cut(site)
    done = site.admit(cut.send(2, len(cut.chain)), notice=False)
    with at(site, "registrar") as session:
        (held,) = worklists.held(session)
        assert (held.entries, held.lacks, held.station) == (done.held, 1, "A01")
        assert worklists.sizes(session).held == done.held > 0


# what was put aside ---------------------------------------------------------------------------


def test_what_is_put_aside_is_listed_by_act_with_its_bundle(aside: Site) -> None:
    with at(aside, "registrar") as session:
        (found,) = worklists.quarantined(session)
        assert (found.code, found.what, found.station) == (
            "proposal_missing", "Corrected", "A01",
        )  # fmt: skip
        assert found.bundle is not None and len(found.entries) == 1


@pytest.mark.parametrize("user", ["registrar", "administrator"])
def test_what_is_refused_stays_aside_and_the_station_reads_why(
    aside: Site, tmp_path: Path, user: str
) -> None:
    with at(aside, user) as session:
        (found,) = worklists.quarantined(session)
        assert decide.refuse(session, found.entries, reason="nobody asked for it") == 1
        assert worklists.quarantined(session) == []
        assert worklists.sizes(session).quarantined == 0
        (after,) = worklists.quarantined(session, refused=True)
        assert after.sentence == "nobody asked for it"
        assert care.check(session).problems == ()
    answered = told(aside, tmp_path)
    outcomes = {(one.outcome, one.sentence) for one in answered.outcomes}
    assert ("refused", "nobody asked for it") in outcomes
    with aside.at_station("supervisor") as session:
        (open_,) = answers.open_ones(session)
        assert (open_.outcome, open_.sentence) == ("refused", "nobody asked for it")
    # It is not judged again by itself, and a registrar may still admit it.
    aside.take_in(listing(row("H-2", "head", "Ema Velin")), name="later.csv")
    aside.approve()
    aside.admit(aside.send(), notice=False)
    with at(aside, "registrar") as session:
        assert worklists.quarantined(session) == []
        assert decide.release(session, after.entries, reason="it was asked for after all") == 1
        assert worklists.quarantined(session, refused=True) == []
    told(aside, tmp_path)
    with aside.at_station("supervisor") as session:
        assert answers.open_ones(session) == []


def test_refusing_needs_a_reason_a_right_and_something_put_aside(aside: Site) -> None:
    with at(aside, "registrar") as session:
        (found,) = worklists.quarantined(session)
        for entries, reason, code in (
            (found.entries, " ", "reason"),
            ([bytes(32)], "so", "not_aside"),
        ):
            with pytest.raises(RefusedError) as error:
                decide.refuse(session, entries, reason=reason)  # type: ignore[arg-type]  # no hash
            assert error.value.code == code
    with at(aside, "clerk") as session, pytest.raises(NotAllowedError):
        decide.refuse(session, found.entries, reason="so")


# what is sent back ----------------------------------------------------------------------------


def test_a_registration_is_sent_back_mended_and_sent_again(site: Site, tmp_path: Path) -> None:
    site.take_in(ONE)
    site.approve()
    site.admit(site.send(), notice=False)
    with at(site, "registrar") as session:
        (waiting,) = worklists.new(session)
        assert decide.send_back(session, [waiting.registration], reason="which Banin?") == 1
        assert decide.send_back(session, [waiting.registration], reason="again") == 0
        (back,) = worklists.returned(session)
        assert (back.reason, back.by, back.head) == ("which Banin?", "registrar", "Banin Orlok")
        assert worklists.sizes(session).returned == 1
    answered = told(site, tmp_path)
    assert ("returned", "which Banin?") in {
        (one.outcome, one.sentence) for one in answered.outcomes
    }
    with site.at_station("supervisor") as session:
        (shown,) = review.returned(session)
        assert (shown.reason, shown.by_registry, shown.head_name) == (
            "which Banin?", True, "Banin Orlok",
        )  # fmt: skip
    with site.at_station() as session:
        (listed,) = drafts.list_drafts(session)
        assert listed.reason == "which Banin?"
        draft = drafts.load(session, listed.id)
        draft = draft.with_value(draft.members[0].key, "name", "Banin Ali Orlok")
        drafts.save(session, listed.id, draft)
        register.register(session, listed.id, _complete(session, listed.id))
    site.approve()
    assert site.admit(site.send(), notice=False).quarantined == 0
    with at(site, "registrar") as session:
        assert worklists.returned(session) == []
        (again,) = worklists.new(session)
        assert again.head == "Banin Ali Orlok"


def test_what_is_registered_is_not_sent_back(site: Site) -> None:
    arrive(site, register=True)
    with at(site, "registrar") as session:
        with session.store.read() as reader:
            done = [view.id for view in reader.queue("registered")]
        assert decide.send_back(session, done, reason="which?") == 0


# conflicts ------------------------------------------------------------------------------------


def test_a_conflict_is_told_question_by_question_with_its_past(differing: Site) -> None:
    with at(differing, "registrar") as session:
        rows = worklists.conflicts(session)
        assert {one.name for one in rows} == {"Banin Orlok", "Ema Velin"}
        ema = people(session)["Ema"]
        found = settling.page(session, "person", ema)
        fields = {one.name: one for one in found.fields}
        assert set(fields) == {"phone", "marital_status"}
        phone = fields["phone"]
        assert {side.value for side in phone.sides} == {"+999550100021", "+999550100022"}
        assert {(side.by, side.station, side.evidence) for side in phone.sides} == {
            ("officer", "A01", "told at the gate")
        }
        assert len(phone.past) == 2 and phone.editor == "text"
        assert fields["marital_status"].editor == "choice"


def test_each_answer_is_chosen_by_itself_or_typed(differing: Site) -> None:
    with at(differing, "registrar") as session:
        ema = people(session)["Ema"]
        found = settling.page(session, "person", ema)
        fields = {one.name: one for one in found.fields}
        older = fields["marital_status"].sides[1]
        settling.settle(
            session, "person", ema,
            {
                fields["phone"].set: {"phone": "+999550100033"},
                fields["marital_status"].set: {"marital_status": older.entry},
            },
            reason="asked her", at=found.heads,
        )  # fmt: skip
        with session.store.read() as reader:
            view = reader.person(ema)
        assert view is not None and view.conflicts == ()
        assert view.values["phone"] == "+999550100033"
        with pytest.raises(RefusedError):
            settling.page(session, "person", ema)


def test_alike_conflicts_are_settled_together_after_a_preview(differing: Site) -> None:
    with at(differing, "registrar") as session:
        subjects = [(one.subject_type, one.subject) for one in worklists.conflicts(session)]
        shown = settling.preview(session, subjects, settling.EARLIEST)
        assert len(shown) == 2 and all(not one.why_not for one in shown)
        assert ("Telephone number", "+999550100012", "+999550100011") in shown[0].lines + shown[
            1
        ].lines
        claims.take(session, [f"conflict/person/{people(session)['Ema'].hex}"])
        done = settling.settle_alike(session, shown, reason="the first list was checked by hand")
        assert (done.settled, done.left) == (2, 0)
        assert worklists.conflicts(session) == []
        again = settling.settle_alike(session, shown, reason="once more")
        assert (again.settled, again.left) == (0, 2)


def test_who_somebody_is_is_never_settled_in_bulk(site: Site) -> None:
    site.take_in(ONE)
    site.approve()
    with site.at_station() as session:
        use(session)
        amended(session, only(session), name="Banun Orlok")
        amended(session, only(session), name="Banan Orlok")
    bundle = site.send()
    with at(site, "registrar") as session:
        use(session)  # with forms of which nothing needs a second person
        admit.import_bundle(session, bundle)
        with session.store.read() as reader:
            subjects = [(one.subject_type, one.subject_id) for one in reader.conflicts()]
        (shown,) = settling.preview(session, subjects, settling.LATEST)
        assert shown.why_not == "identity"
        assert settling.settle_alike(session, [shown], reason="so").settled == 0
