"""Entries that name an older version of their form are folded under the newest names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from forms.migration import Migration, Split, migrate
from ledger import kinds
from ledger.conflicts import ConflictSets, SetRule
from ledger.entry import Entry, FormRef, Subject
from ledger.facts import writes_of
from ledger.fold import fold_subject
from ledger.history import field_history
from tests.ledger.builders import NOW, Office, World, uuid

OLD, NEW, LATER = (FormRef("person", version, bytes(32)) for version in ("1.0.0", "2.0.0", "9.0.0"))
PERSON = Subject(kinds.PERSON, uuid("person"))
STEPS = (
    Migration((1, 0, 0), {"tongue": "language"}, (Split("origin", ("province", "place"), ";"),)),
)


def renamed(form: str, version: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    key = tuple(int(part) for part in version.split("."))
    return migrate(values, key, STEPS) if form == "person" else values


SETS = ConflictSets(
    {
        "person": {
            "speech": SetRule(frozenset({"language"}), identity=True),
            "home": SetRule(frozenset({"province", "place"})),
        }
    },
    migrate=renamed,
)


def amend(office: Office, form: FormRef | None, base: list[Entry], **changes: Any) -> Entry:
    return office.write(
        kinds.PERSON_AMENDED,
        PERSON,
        {"changes": changes, "reason": None},
        base=base,
        form=form,
        at=NOW,
    )


@pytest.fixture
def born(station: Office) -> Entry:
    return station.write(
        kinds.PERSON_REGISTERED,
        PERSON,
        {"number": "P", "values": {"tongue": "ara", "origin": "North; Old Town", "seen": 1}},
        form=OLD,
    )


def values(*entries: Entry) -> dict[str, Any]:
    view = fold_subject(kinds.PERSON, entries, SETS)
    assert view is not None
    return dict(view.values)


def test_renamed_split_and_what_nobody_speaks_of_stays(born: Entry) -> None:
    assert values(born) == {
        "language": "ara",
        "province": "North",
        "place": "Old Town",
        "seen": 1,
    }
    view = fold_subject(kinds.PERSON, [born])
    assert view is not None and set(view.values) == {"tongue", "origin", "seen"}


def test_an_old_change_leaves_no_former_part_standing(born: Entry, station: Office) -> None:
    assert values(born, amend(station, OLD, [born], origin="South")) == {
        "language": "ara",
        "province": "South",
        "seen": 1,
    }
    missing = {"missing": "unknown"}
    assert values(born, amend(station, OLD, [born], origin=missing, tongue=None)) == {
        "province": missing,
        "seen": 1,
    }


def test_an_old_and_a_new_name_of_one_field_are_in_conflict(born: Entry, world: World) -> None:
    here, there = world.stations
    old = amend(here, OLD, [born], tongue="fra")
    new = amend(there, NEW, [born], language="deu")
    view = fold_subject(kinds.PERSON, [new, old, born], SETS)
    assert view is not None
    (conflict,) = view.conflicts
    assert (conflict.set, conflict.fields) == ("speech", ("language",))
    assert {one.values["language"] for one in conflict.candidates} == {"fra", "deu"}


def test_an_old_split_and_a_new_part_are_one_set(born: Entry, world: World) -> None:
    here, there = world.stations
    old = amend(here, OLD, [born], origin="North; New Town")
    new = amend(there, NEW, [born], place="Harbour")
    view = fold_subject(kinds.PERSON, [old, new, born], SETS)
    assert view is not None
    assert [one.set for one in view.conflicts] == ["home"]


def test_the_history_tells_new_names(born: Entry, station: Office) -> None:
    entries = [born, amend(station, OLD, [born], tongue="fra")]
    told = [(one.field, one.old, one.new) for one in field_history(entries, SETS)]
    assert ("language", "ara", "fra") in told
    assert not {field for field, _, _ in told} & {"tongue", "origin"}


@pytest.mark.parametrize("form", [None, LATER, FormRef("other", "1.0.0", bytes(32))])
def test_what_no_migration_concerns_keeps_its_names(
    born: Entry, station: Office, form: FormRef | None
) -> None:
    change = amend(station, form, [born], tongue="fra", **{"@number": "x"})
    assert writes_of(change, renamed) == {"tongue": "fra"}
    assert values(born, change)["language"] == "ara"


def test_the_ledgers_own_fields_are_out_of_reach(station: Office) -> None:
    def greedy(form: str, version: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**said, "@number": "stolen", "@voided": "stolen", "type": "stolen"}

    entry = station.write(
        kinds.PERSON_REGISTERED, PERSON, {"number": "P", "values": {"name": "Amal"}}, form=OLD
    )
    assert writes_of(entry, greedy) == {"name": "Amal", "@number": "P", "type": "stolen"}
    event = station.write(
        kinds.EVENT_RECORDED,
        Subject(kinds.EVENT, uuid("event")),
        {"type": "flight", "date": None, "values": {}, "participants": [], "household": None},
        form=OLD,
    )
    assert writes_of(event, greedy)["type"] == "flight"


def test_roles_of_participants_are_renamed_with_their_fields(station: Office) -> None:
    steps = (Migration((1, 0, 0), {"wife": "spouse_a"}),)
    form = FormRef("marriage", "1.0.0", bytes(32))
    subject = Subject(kinds.EVENT, uuid("event"))
    sets = ConflictSets(migrate=lambda _form, _version, said: migrate(said, (1, 0, 0), steps))
    who = uuid("who").bytes
    people = [{"role": "wife", "person": who}, {"role": "witness", "person": who}]
    event = station.write(
        kinds.EVENT_RECORDED,
        subject,
        {
            "type": "marriage",
            "date": None,
            "values": {"wife": {"name": "x"}},
            "participants": people,
            "household": None,
        },
        form=form,
    )
    odd = station.write(
        kinds.EVENT_AMENDED,
        subject,
        {"changes": {"participants": [*people, 7, {"role": 1}, {}]}, "reason": None},
        form=form,
        base=[event],
    )
    for entries in ([event], [event, odd]):
        view = fold_subject(kinds.EVENT, entries, sets)
        assert view is not None
        assert [one.role for one in view.participants] == ["spouse_a", "witness"]  # type: ignore[union-attr]  # an event
        assert view.values == {"spouse_a": {"name": "x"}}
