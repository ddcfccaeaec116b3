"""Moving, splitting, merging, another head, another relation, and undoing each of them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from ledger import kinds
from ledger.entry import Subject
from ledger.views import HouseholdView
from station import changes, households
from tests.places import Site, families, listing, row
from values.identifiers import HouseholdId, PersonId
from workspace import care, people
from workspace.errors import NotAllowedError, RefusedError
from workspace.session import Session

LIST = listing(
    row("H-1", "head", "Alim Orlok", sex="M"),
    row("H-1", "spouse", "Bela Orlok"),
    row("H-1", "child", "Cala Orlok", birth="2012-05-06"),
    row("H-1", "child", "Dara Orlok", birth="2014-05-06"),
    row("H-2", "head", "Ema Velin"),
    row("H-2", "sibling", "Fado Velin", sex="M"),
)
Family = dict[str, PersonId]


@pytest.fixture
def camp(site: Site) -> tuple[Site, Family, HouseholdId, HouseholdId]:
    """Two households: Alim with Bela, Cala and Dara; Ema with Fado."""
    site.take_in(LIST)
    with site.at_station() as session, session.store.read() as reader:
        family = {view.values["name"].split()[0]: view.id for view in reader.persons()}
        one, two = (reader.household_of(family[name]) for name in ("Alim", "Ema"))
    assert one is not None and two is not None
    return site, family, one.id, two.id


def view_of(session: Session, household: HouseholdId) -> HouseholdView:
    with session.store.read() as reader:
        view = reader.household(household)
    assert view is not None
    return view


def told(session: Session, household: HouseholdId) -> dict[str, str]:
    """Who belongs to a household now, by given name."""
    with session.store.read() as reader:
        view = reader.household(household)
        assert view is not None
        made = {}
        for member in view.present():
            person = reader.person(member.person)
            assert person is not None
            made[person.values["name"].split()[0]] = member.relation
    assert list(made.values()).count("head") <= 1
    assert all(made.values())
    return made


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        call()
    assert caught.value.sentence.endswith(".")
    assert "Orlok" not in caught.value.sentence
    return caught.value.code


FIRST = {"Alim": "head", "Bela": "spouse", "Cala": "child", "Dara": "child"}
SECOND = {"Ema": "head", "Fado": "sibling"}


def test_moving_is_one_act_and_is_told_on_both_sides(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    site, family, one, two = camp
    with site.at_station() as session:
        with session.store.read() as reader:
            before = reader.count_entries()
        act = households.move(
            session, family["Dara"], to=two, relation="nephew_niece", reason="goes to her aunt"
        )
        assert told(session, one) == {k: v for k, v in FIRST.items() if k != "Dara"}
        assert told(session, two) == {**SECOND, "Dara": "nephew_niece"}
        with session.store.read() as reader:
            assert reader.count_entries() == before + 2
            left, came = reader.group(act)
            number = view_of(session, two).number
        assert left.body is not None and came.body is not None
        assert (left.body["to"], came.body["from"]) == (two.bytes, one.bytes)
        (gone, *_) = households.past(session, one)
        assert (gone.act, gone.what, gone.reason) == (act, "move", "goes to her aunt")
        assert gone.lines == (f"Dara Orlok went to household {number}",)
        assert gone.undoable and not gone.undone
        (came_here, *_) = households.past(session, two)
        assert came_here.lines[0].startswith("Dara Orlok came from household ")
        page = people.person_page(session, family["Dara"])
        assert any(one.title == f"Moved to household {number}" for one in page.timeline)
        assert page.household is not None and page.household.id == two


def test_what_moving_refuses(camp: tuple[Site, Family, HouseholdId, HouseholdId]) -> None:
    site, family, one, two = camp
    dara, nobody = family["Dara"], PersonId(UUID(int=1))
    with site.at_station() as session:

        def move(person: PersonId = dara, relation: str = "child", reason: str = "x") -> UUID:
            return households.move(session, person, to=two, relation=relation, reason=reason)

        assert refused(lambda: move(relation="")) == "relation"
        assert refused(lambda: move(relation="cousin of a friend")) == "relation"
        assert refused(lambda: move(relation="head")) == "two_heads"
        assert refused(lambda: move(reason=" ")) == "reason"
        assert refused(lambda: move(person=nobody)) == "unknown_person"
        assert refused(lambda: move(person=family["Fado"])) == "already_a_member"
        assert refused(lambda: move(person=family["Alim"])) == "head_leaves"
        unknown = HouseholdId(UUID(int=1))
        assert (
            refused(
                lambda: households.move(session, dara, to=unknown, relation="child", reason="x")
            )
            == "unknown_household"
        )
        assert told(session, one) == FIRST
    with site.at_station("auditor") as session, pytest.raises(NotAllowedError):
        households.move(session, dara, to=two, relation="child", reason="x")


def test_splitting_off_makes_a_household_with_what_was_told(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    site, family, one, _two = camp
    with site.at_station("supervisor") as session:
        made = households.split(
            session, one, {family["Dara"]: "child", family["Bela"]: "head"}, reason="separated"
        )
        assert told(session, one) == {"Alim": "head", "Cala": "child"}
        assert told(session, made.household) == {"Bela": "head", "Dara": "child"}
        old, new = view_of(session, one), view_of(session, made.household)
        assert new.number == made.number != old.number
        assert new.values == old.values
        assert new.members[0].relation == "head"
        with session.store.read() as reader:
            assert len(reader.group(made.act)) == 3
        assert people.person_page(session, family["Bela"]).household is not None
    # A supervisor may say all of it, also for the registry.
    site.approve()
    assert site.admit(site.send()).quarantined == 0


def test_what_splitting_refuses(camp: tuple[Site, Family, HouseholdId, HouseholdId]) -> None:
    site, family, one, two = camp
    with site.at_station() as session:

        def split(household: HouseholdId = one, reason: str = "x", **relations: str) -> str:
            by_id = {family[name]: relation for name, relation in relations.items()}
            return refused(lambda: households.split(session, household, by_id, reason=reason))

        assert split() == "one_head"
        assert split(Cala="child", Dara="child") == "one_head"
        assert split(Cala="head", Dara="head") == "one_head"
        assert split(Bela="head", reason="") == "reason"
        assert split(Bela="head", Cala="") == "relation"
        assert split(Bela="head", Fado="child") == "not_a_member"
        assert split(two, Bela="head") == "not_a_member"
        assert split(Alim="head", Cala="child") == "head_leaves"
        assert split(Alim="head", Bela="spouse", Cala="child", Dara="child") == "nobody_left"
        assert told(session, one) == FIRST


def test_merging_empties_one_which_stays_in_the_past(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    site, family, one, two = camp
    with site.at_station() as session:
        number = view_of(session, two).number

        def merge(**relations: str) -> UUID:
            by_id = {family[name]: relation for name, relation in relations.items()}
            return households.merge(session, one, two, by_id, reason="one family after all")

        assert refused(lambda: merge(Ema="sibling")) == "relations"
        assert refused(lambda: merge(Ema="head", Fado="sibling")) == "two_heads"
        assert refused(lambda: merge(Ema="sibling", Fado="sibling", Dara="child")) == "relations"
        assert (
            refused(lambda: households.merge(session, one, one, {}, reason="x")) == "same_household"
        )
        act = merge(Ema="sibling", Fado="sibling_in_law")
        assert told(session, one) == {**FIRST, "Ema": "sibling", "Fado": "sibling_in_law"}
        assert told(session, two) == {}
        with session.store.read() as reader:
            # It stays: by its number, with its past.
            assert reader.household_by_number(number) is not None
            assert len(reader.group(act)) == 4
        assert [row.what for row in households.past(session, two)] == [
            "merge",
            kinds.HOUSEHOLD_REGISTERED,
        ]
        assert refused(lambda: merge(Ema="sibling", Fado="sibling")) == "nobody_left"
        assert care.check(session).problems == ()


def test_another_head_changes_both(camp: tuple[Site, Family, HouseholdId, HouseholdId]) -> None:
    site, family, one, _two = camp
    with site.at_station() as session:

        def set_head(name: str, relation: str, **others: str) -> UUID:
            return households.set_head(
                session, one, family[name], relation, reason="he is away",
                relations={family[other]: told_ for other, told_ in others.items()},
            )  # fmt: skip

        assert refused(lambda: set_head("Alim", "spouse")) == "nothing_changed"
        assert refused(lambda: set_head("Bela", "")) == "relation"
        assert refused(lambda: set_head("Bela", "head")) == "one_head"
        assert refused(lambda: set_head("Fado", "spouse")) == "not_a_member"
        assert refused(lambda: set_head("Bela", "spouse", Cala="head")) == "one_head"
        act = set_head("Bela", "spouse", Cala="step_child")
        assert told(session, one) == {
            "Bela": "head",
            "Alim": "spouse",
            "Cala": "step_child",
            "Dara": "child",
        }
        (row_, *_) = households.past(session, one)
        assert set(row_.lines) == {
            "Alim Orlok: Head of the household → Husband or wife",
            "Bela Orlok: Husband or wife → Head of the household",
            "Cala Orlok: Son or daughter → Stepchild",
        }
        households.undo(session, act)
        assert told(session, one) == FIRST


def test_another_relation(camp: tuple[Site, Family, HouseholdId, HouseholdId]) -> None:
    site, family, one, _two = camp
    with site.at_station() as session:

        def relate(name: str, relation: str) -> UUID:
            return households.set_relation(session, one, family[name], relation, reason="asked")

        assert refused(lambda: relate("Cala", "child")) == "nothing_changed"
        assert refused(lambda: relate("Cala", "head")) == "head_needed"
        assert refused(lambda: relate("Alim", "spouse")) == "head_needed"
        assert refused(lambda: relate("Cala", "")) == "relation"
        assert refused(lambda: relate("Ema", "sibling")) == "not_a_member"
        act = relate("Cala", "Foster_Child")
        assert told(session, one)["Cala"] == "foster_child"
        households.undo(session, act)
        assert told(session, one) == FIRST


def test_undoing_and_undoing_that(camp: tuple[Site, Family, HouseholdId, HouseholdId]) -> None:
    site, family, one, two = camp
    with site.at_station() as session:
        acts = []
        split = households.split(
            session, one, {family["Bela"]: "head", family["Cala"]: "child"}, reason="x"
        )
        acts.append(split.act)
        acts.append(households.undo(session, split.act))
        assert told(session, one) == FIRST
        assert told(session, split.household) == {}
        # Undoing what was undone does it again.
        households.undo(session, acts[-1])
        assert told(session, one) == {"Alim": "head", "Dara": "child"}
        assert told(session, split.household) == {"Bela": "head", "Cala": "child"}
        merged = households.merge(
            session, two, one, {family["Alim"]: "other", family["Dara"]: "other"}, reason="x"
        )
        assert told(session, one) == {}
        back = households.undo(session, merged)
        assert told(session, one) == {"Alim": "head", "Dara": "child"}
        assert told(session, two) == SECOND
        rows = {row_.act: row_ for row_ in households.past(session, two)}
        assert rows[merged].undone and not rows[merged].undoable
        assert rows[back].what == "undo" and rows[back].undoable
        assert care.check(session).problems == ()


def test_a_split_that_was_undone_is_told_with_its_undoing(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    site, family, one, _two = camp
    with site.at_station() as session:
        split = households.split(
            session, one, {family["Bela"]: "head", family["Cala"]: "child"}, reason="wants it"
        )
        (row,) = [one for one in told_of(session, family["Cala"]) if one.act]
        assert (row.title, row.undone) == (f"Split off into household {split.number}", False)
        back = households.undo(session, split.act, reason="changed their mind")
        undoing, undone = [one for one in told_of(session, family["Cala"]) if one.act]
        assert (undone.act, undone.undone) == (split.act, True)
        assert "undone by officer: changed their mind" in undone.detail
        assert (undoing.act, undoing.undoes, undoing.undone) == (back, split.act, False)
        assert undoing.title.startswith("Moved back to household")
        assert [one.act for one in told_of(session, family["Dara"]) if one.act] == []


def told_of(session: Session, person: PersonId) -> tuple[people.TimelineRow, ...]:
    return people.person_page(session, person).timeline


def test_what_somebody_changed_since_is_not_undone(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    site, family, one, two = camp
    with site.at_station() as session:
        split = households.split(
            session, one, {family["Bela"]: "head", family["Cala"]: "child"}, reason="x"
        )
        moved = households.move(
            session, family["Fado"], to=split.household, relation="other", reason="x"
        )
        # Somebody else came, and would be left alone.
        assert refused(lambda: households.undo(session, split.act)) == "changed_since"
        households.undo(session, moved)
        households.set_relation(
            session, split.household, family["Cala"], "step_child", reason="asked"
        )
        assert refused(lambda: households.undo(session, split.act)) == "changed_since"
        # A head came after the old one had gone.
        merged = households.merge(
            session, one, two, {family["Ema"]: "other", family["Fado"]: "other"}, reason="x"
        )
        households.move(session, family["Dara"], to=two, relation="head", reason="alone")
        assert refused(lambda: households.undo(session, merged)) == "changed_since"
        (first, *_) = households.past(session, two)
        assert first.undoable


def test_what_is_no_change_of_households_is_not_undone(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    site, family, one, _two = camp
    with site.at_station() as session:
        with session.store.read() as reader:
            registered = reader.entries_of("household", one)[0].header.group.id
        assert refused(lambda: households.undo(session, registered)) == "not_undoable"
        assert refused(lambda: households.undo(session, UUID(int=5))) == "not_undoable"
        (first,) = households.past(session, one)
        assert not first.undoable
        assert len(first.lines) >= 4
    with site.at_station("supervisor") as session:
        changes.void(session, family["Dara"], reason="made twice")
        (last, *_) = households.past(session, one)
        assert (last.what, last.undoable) == ("void", False)
        assert refused(lambda: households.undo(session, last.act)) == "not_undoable"
        assert refused(lambda: households.undo(session, registered)) == "not_undoable"


def test_the_past_in_other_languages(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    site, family, one, two = camp
    with site.at_station() as session:
        households.move(session, family["Dara"], to=two, relation="other", reason="x")
        at = changes.begin_household(session, one)
        raw = {**at.raw, "origin_country": "SYR", "shelter": "tent"}
        changes.change_household(session, one, raw, at=at, reason="asked")
        for language in ("en", "fr", "ar", "xx"):
            rows = households.past(session, one, language)
            assert len(rows) == 3
            assert all(row_.title for row_ in rows)
        assert any("Tent" in line for line in households.past(session, one)[0].lines)


def test_two_who_did_not_know_of_each_other(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    """Two officers name another head each, and send one child to two households."""
    site, family, one, two = camp
    with site.at_station() as session:
        before = view_of(session, one)
        third = households.split(session, two, {family["Fado"]: "head"}, reason="x").household
        households.set_head(session, one, family["Bela"], "spouse", reason="here")
        households.move(session, family["Dara"], to=two, relation="other", reason="here")
        with session.act() as act:
            for person, relation in ((family["Alim"], "parent"), (family["Cala"], "head")):
                act.say(
                    kinds.HOUSEHOLD_MEMBER_JOINED,
                    Subject("household", one),
                    {"person": person.bytes, "relation": relation, "reason": "there"},
                    base=before.heads,
                )
            act.say(
                kinds.HOUSEHOLD_MEMBER_LEFT,
                Subject("household", one),
                {"person": family["Dara"].bytes, "to": third.bytes, "reason": "there"},
                base=before.heads,
            )
            act.say(
                kinds.HOUSEHOLD_MEMBER_JOINED,
                Subject("household", third),
                {"person": family["Dara"].bytes, "relation": "other", "from": one.bytes},
                base=view_of(session, third).heads,
            )
        assert list(told(session, one).values()).count("head") == 1
        assert (
            refused(lambda: households.set_head(session, one, family["Alim"], "other", reason="x"))
            == "in_conflict"
        )
        shown = changes.conflicts(session, "household", one)
        by_set = {conflict.set: conflict for conflict in shown}
        head = by_set["@head"]
        assert head.title == "Head of the household"
        assert {said.label for side in head.sides for said in side.values} == {
            "Bela Orlok",
            "Cala Orlok",
        }
        moved = by_set[f"@member:{family['Dara'].hex}"]
        assert moved.title == "Dara Orlok"
        numbers = {view_of(session, each).number for each in (two, third)}
        assert {side.values[0].value for side in moved.sides} == {
            f"moved to household {number}" for number in numbers
        }
        assert {side.reason for side in moved.sides} == {"here", "there"}
    with site.at_station("supervisor") as session:
        chosen = {
            conflict.set: next(side.entry for side in conflict.sides if side.reason == "here")
            for conflict in shown
        }
        assert (
            refused(lambda: changes.settle(session, "household", one, {"@head": b""}, reason="x"))
            == "unsettled"
        )
        changes.settle(session, "household", one, chosen, reason="asked them", at=shown[0].heads)
        assert changes.conflicts(session, "household", one) == ()
        assert told(session, one) == {"Bela": "head", "Alim": "spouse", "Cala": "child"}
        assert "Dara" in told(session, two)
        assert "Dara" not in told(session, third)
        assert (
            refused(lambda: changes.settle(session, "household", one, chosen, reason="again"))
            == "no_conflict"
        )
        assert len(view_of(session, one).heads) == 1
        assert care.check(session).problems == ()


def test_a_household_comes_back_whole_from_the_registry(
    camp: tuple[Site, Family, HouseholdId, HouseholdId],
) -> None:
    site, family, one, two = camp
    site.take_in(families(1, first=30), name="more.csv")
    with site.at_station() as session:
        households.move(session, family["Dara"], to=two, relation="other", reason="x")
        split = households.split(session, one, {family["Bela"]: "head"}, reason="x")
        households.undo(session, split.act)
        here = {each: view_of(session, each) for each in (one, two, split.household)}
    site.approve()
    assert site.admit(site.send()).quarantined == 0
    with site.at_registry() as session:
        for each, view in here.items():
            assert view_of(session, each) == view
