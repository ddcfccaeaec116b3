"""Two people amending one person, unaware of each other: every case of the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger import kinds
from ledger.conflicts import Conflict, ConflictSets, SetRule
from ledger.entry import Entry, FormRef, Subject
from ledger.fold import fold_subject
from ledger.views import PersonView
from tests.ledger.builders import NOW, World, uuid

PERSON = Subject(kinds.PERSON, uuid("person"))
FORM = FormRef("person", "1.0.0", bytes(32))
SETS = ConflictSets(
    {
        "person": {
            "name": SetRule(frozenset({"name", "name_latin"}), identity=True),
            "sex": SetRule(frozenset({"sex"}), identity=True),
            "contact": SetRule(frozenset({"phone", "language"})),
        }
    }
)
BORN = {"name": "Amal", "name_latin": "Amal", "sex": "F", "phone": "+41", "notes": "first"}


class Pair:
    """A person registered at one station and known at another."""

    def __init__(self, world: World) -> None:
        self.here, self.there = world.stations
        self.registry = world.registry
        self.root = self.here.write(
            kinds.PERSON_REGISTERED, PERSON, {"number": "P1", "values": dict(BORN)}, form=FORM
        )
        self.entries = [self.root]

    def amend(
        self,
        changes: dict[str, Any],
        *,
        at_other: bool = False,
        base: list[Entry] | None = None,
        minutes: int = 0,
        kind: str = kinds.PERSON_AMENDED,
    ) -> Entry:
        office = self.there if at_other else self.here
        entry = office.write(
            kind,
            PERSON,
            {"changes": changes, "reason": "told"},
            by="supervisor",
            base=[self.root] if base is None else base,
            at=NOW + timedelta(minutes=minutes),
        )
        self.entries.append(entry)
        return entry

    @property
    def view(self) -> PersonView:
        view = fold_subject(kinds.PERSON, self.entries, SETS)
        assert isinstance(view, PersonView)
        return view

    @property
    def conflict(self) -> Conflict:
        (conflict,) = self.view.conflicts
        return conflict


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


def test_registered_alone(pair: Pair) -> None:
    assert pair.view.values == BORN
    assert pair.view.heads == (pair.root.hash,)
    assert pair.view.number == "P1"
    assert pair.view.form == FORM


def test_aware_amendments_follow_one_another(pair: Pair) -> None:
    first = pair.amend({"name": "Amal A"}, minutes=9)
    # The second station's clock is behind; what counts is that it saw the first.
    pair.amend({"name": "Amal B"}, base=[first], at_other=True, minutes=-9)
    assert pair.view.values["name"] == "Amal B"
    assert pair.view.conflicts == ()


def test_different_sets_merge(pair: Pair) -> None:
    one = pair.amend({"phone": "+42"})
    other = pair.amend({"notes": "second"}, at_other=True)
    assert (pair.view.values["phone"], pair.view.values["notes"]) == ("+42", "second")
    assert pair.view.conflicts == ()
    assert pair.view.heads == tuple(sorted([one.hash, other.hash]))


def test_an_identity_set_and_an_ordinary_one_merge(pair: Pair) -> None:
    pair.amend({"sex": "M"})
    pair.amend({"phone": "+42"}, at_other=True)
    assert (pair.view.values["sex"], pair.view.values["phone"]) == ("M", "+42")
    assert pair.view.conflicts == ()


def test_one_set_with_a_difference_is_a_conflict(pair: Pair) -> None:
    early = pair.amend({"phone": "+42"}, minutes=1)
    late = pair.amend({"phone": "+43"}, at_other=True, minutes=2)
    assert pair.view.values["phone"] == "+43"
    conflict = pair.conflict
    assert (conflict.set, conflict.fields, conflict.identity) == ("contact", ("phone",), False)
    assert [c.hash for c in conflict.candidates] == [late.hash, early.hash]
    assert [c.values for c in conflict.candidates] == [{"phone": "+43"}, {"phone": "+42"}]
    assert conflict.candidates[1].author == pair.here.users["supervisor"].id
    assert conflict.candidates[0].at == NOW + timedelta(minutes=2)


def test_a_set_is_judged_as_a_whole(pair: Pair) -> None:
    pair.amend({"phone": "+42"}, minutes=1)
    pair.amend({"language": "ara"}, at_other=True, minutes=2)
    assert pair.conflict.fields == ("language", "phone")
    assert pair.conflict.candidates[0].values == {"language": "ara", "phone": "+41"}
    assert pair.conflict.candidates[1].values == {"phone": "+42"}  # language left empty


def test_the_same_change_on_both_sides_merges(pair: Pair) -> None:
    pair.amend({"phone": "+42"})
    pair.amend({"phone": "+42"}, at_other=True)
    assert pair.view.conflicts == ()
    assert pair.view.values["phone"] == "+42"


def test_emptying_and_changing_conflict(pair: Pair) -> None:
    pair.amend({"phone": None}, minutes=1)
    pair.amend({"phone": "+42"}, at_other=True)
    assert "phone" not in pair.view.values
    assert [c.values for c in pair.conflict.candidates] == [{}, {"phone": "+42"}]


def test_emptying_on_both_sides_merges(pair: Pair) -> None:
    pair.amend({"phone": None})
    pair.amend({"phone": None}, at_other=True)
    assert pair.view.conflicts == ()
    assert "phone" not in pair.view.values


def test_types_differ_even_when_python_calls_them_equal(pair: Pair) -> None:
    pair.amend({"notes": 1})
    pair.amend({"notes": True}, at_other=True)
    assert pair.conflict.set == "notes"


def test_identity_conflicts_even_when_equal(pair: Pair) -> None:
    """Sync 2 (i): vital facts are merged by a program."""
    pair.amend({"name": "Amel"})
    pair.amend({"name": "Amel"}, at_other=True)
    assert pair.conflict.identity
    assert (pair.conflict.set, pair.conflict.fields) == ("name", ("name",))


def test_identity_conflicts_across_its_sets(pair: Pair) -> None:
    pair.amend({"name": "Amel"}, minutes=1)
    pair.amend({"sex": "M"}, at_other=True, minutes=2)
    assert (pair.conflict.set, pair.conflict.fields) == ("identity", ("name", "sex"))
    # Shown is one side as it stands, never a person nobody described.
    assert (pair.view.values["name"], pair.view.values["sex"]) == ("Amal", "M")


def test_equal_times_are_decided_by_hash(pair: Pair) -> None:
    one = pair.amend({"phone": "+42"})
    other = pair.amend({"phone": "+43"}, at_other=True)
    assert pair.conflict.candidates[0].hash == max(one.hash, other.hash)


def test_three_sides(pair: Pair, world: World) -> None:
    pair.amend({"phone": "+42"}, minutes=1)
    pair.amend({"phone": "+43"}, at_other=True, minutes=2)
    entry = world.registry.write(
        kinds.PERSON_AMENDED,
        PERSON,
        {"changes": {"phone": "+44"}, "reason": None},
        by="registrar",
        base=[pair.root],
    )
    pair.entries.append(entry)
    assert len(pair.conflict.candidates) == 3
    assert pair.view.values["phone"] == "+43"


def test_an_amendment_that_saw_both_settles(pair: Pair) -> None:
    sides = [pair.amend({"phone": "+42"}), pair.amend({"phone": "+43"}, at_other=True)]
    pair.amend({"phone": "+44"}, base=sides)
    assert pair.view.conflicts == ()
    assert pair.view.values["phone"] == "+44"


def test_an_amendment_that_saw_both_and_speaks_of_something_else_does_not(pair: Pair) -> None:
    sides = [pair.amend({"phone": "+42"}), pair.amend({"phone": "+43"}, at_other=True)]
    pair.amend({"notes": "other"}, base=sides)
    assert pair.conflict.set == "contact"
    assert len(pair.view.heads) == 1


def test_an_amendment_that_saw_one_side_keeps_the_other(pair: Pair) -> None:
    """Sync 2 (a): an edit is compared with the last version and not with the one it was made on
    (ODK Central 698)."""
    one = pair.amend({"phone": "+42"}, minutes=1)
    pair.amend({"phone": "+43"}, at_other=True, minutes=2)
    later = pair.amend({"phone": "+44"}, base=[one], minutes=3)
    assert pair.view.values["phone"] == "+44"
    assert [c.values["phone"] for c in pair.conflict.candidates] == ["+44", "+43"]
    assert pair.conflict.candidates[0].hash == later.hash


def test_a_resolution_settles_with_its_values(pair: Pair) -> None:
    sides = [pair.amend({"name": "Amel"}), pair.amend({"sex": "M"}, at_other=True)]
    pair.amend({"name": "Amel", "sex": "F"}, base=sides, kind=kinds.CONFLICT_RESOLVED)
    assert pair.view.conflicts == ()
    assert (pair.view.values["name"], pair.view.values["sex"]) == ("Amel", "F")


def test_a_resolution_without_values_keeps_what_was_shown(pair: Pair) -> None:
    sides = [
        pair.amend({"phone": "+42", "name": "Amel"}, minutes=1),
        pair.amend({"phone": "+43", "name": "Emel"}, at_other=True, minutes=2),
    ]
    assert {c.set for c in pair.view.conflicts} == {"contact", "name"}
    pair.amend({}, base=sides, kind=kinds.CONFLICT_RESOLVED)
    assert not pair.view.conflicts
    assert (pair.view.values["phone"], pair.view.values["name"]) == ("+43", "Emel")


def test_a_resolution_that_saw_one_side_settles_nothing(pair: Pair) -> None:
    one = pair.amend({"phone": "+42"}, minutes=1)
    pair.amend({"phone": "+43"}, at_other=True, minutes=2)
    pair.amend({}, base=[one], kind=kinds.CONFLICT_RESOLVED)
    assert pair.conflict.set == "contact"


def test_two_resolutions_unaware_of_each_other(pair: Pair) -> None:
    sides = [pair.amend({"phone": "+42"}), pair.amend({"phone": "+43"}, at_other=True)]
    pair.amend({"phone": "+42"}, base=sides, kind=kinds.CONFLICT_RESOLVED)
    pair.amend({"phone": "+43"}, base=sides, kind=kinds.CONFLICT_RESOLVED, at_other=True)
    assert pair.conflict.set == "contact"
    pair.entries.pop()
    pair.amend({"phone": "+42"}, base=sides, kind=kinds.CONFLICT_RESOLVED, at_other=True)
    assert pair.view.conflicts == ()


def test_two_empty_resolutions_of_identity_conflict_again(pair: Pair) -> None:
    sides = [pair.amend({"name": "Amel"}), pair.amend({"name": "Emel"}, at_other=True)]
    pair.amend({}, base=sides, kind=kinds.CONFLICT_RESOLVED)
    pair.amend({}, base=sides, kind=kinds.CONFLICT_RESOLVED, at_other=True)
    assert pair.conflict.identity
    assert "name" in pair.conflict.fields


def test_a_record_registered_twice_is_a_conflict_of_identity(pair: Pair) -> None:
    again = pair.there.write(
        kinds.PERSON_REGISTERED,
        PERSON,
        {"number": "P2", "values": dict(BORN)},
        at=NOW + timedelta(1),
    )
    pair.entries.append(again)
    assert {c.set for c in pair.view.conflicts} == {"@number", "identity"}
    assert pair.view.number == "P2"


def test_without_sets_each_field_stands_alone(pair: Pair) -> None:
    pair.amend({"name": "Amel"})
    pair.amend({"name_latin": "Amel"}, at_other=True)
    view = fold_subject(kinds.PERSON, pair.entries)
    assert view is not None
    assert view.conflicts == ()


def test_a_field_in_two_sets_belongs_to_identity(pair: Pair) -> None:
    sets = ConflictSets(
        {
            "person": {
                "a": SetRule(frozenset({"phone", "notes"})),
                "b": SetRule(frozenset({"phone"}), identity=True),
            }
        }
    )
    pair.amend({"phone": "+42"})
    pair.amend({"phone": "+42"}, at_other=True)
    view = fold_subject(kinds.PERSON, pair.entries, sets)
    assert view is not None
    assert [c.set for c in view.conflicts] == ["b"]


def test_an_amendment_whose_middle_is_missing_conflicts_until_it_comes(pair: Pair) -> None:
    """Sync 2 (a): an edit is compared with the last version and not with the one it was made on
    (ODK Central 698)."""
    one = pair.amend({"phone": "+42"})
    two = pair.amend({"phone": "+43"}, base=[one], at_other=True)
    three = pair.amend({"phone": "+44"}, base=[two])
    pair.entries = [pair.root, one, three]
    assert pair.conflict.set == "contact"
    pair.entries = [three, two, one, pair.root]
    assert pair.view.conflicts == ()
    assert pair.view.values["phone"] == "+44"


@pytest.mark.parametrize(
    "form", [None, FormRef("nope", "1.0.0", bytes(32)), FormRef("death", "1.0.0", bytes(32))]
)
def test_no_later_entry_changes_which_sets_apply(pair: Pair, form: FormRef | None) -> None:
    """What a record is says what belongs together in it, not what somebody called it later."""
    one = pair.amend({"name": "Amina"})
    other = pair.amend({"name_latin": "Amel"}, at_other=True)
    torn = pair.view.conflicts
    assert [one.set for one in torn] == ["name"]
    pair.entries.append(
        pair.here.write(
            kinds.PERSON_AMENDED, PERSON, {"changes": {"notes": "x"}}, by="supervisor",
            base=[one, other], form=form,
        )
    )  # fmt: skip
    assert pair.view.conflicts == torn


def test_an_event_keeps_the_sets_it_was_recorded_with(world: World) -> None:
    event = Subject(kinds.EVENT, uuid("event"))
    sets = ConflictSets({"death": {"death": SetRule(frozenset({"date", "place"}))}})
    here = world.stations[0]
    body = {"type": "death", "date": None, "values": {}, "participants": [], "household": None}
    recorded = here.write(
        kinds.EVENT_RECORDED, event, body, form=FormRef("death", "1.0.0", bytes(32))
    )
    told = [
        here.write(kinds.EVENT_AMENDED, event, {"changes": changes}, base=[recorded])
        for changes in ({"date": {"edtf": "2026"}}, {"place": "North"})
    ]
    later = here.write(
        kinds.EVENT_AMENDED, event, {"changes": {"notes": "x"}}, base=told,
        form=FormRef("nope", "1.0.0", bytes(32)),
    )  # fmt: skip
    view = fold_subject(kinds.EVENT, [recorded, *told, later], sets)
    assert view is not None
    assert [one.set for one in view.conflicts] == ["death"]
