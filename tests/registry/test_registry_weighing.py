"""Weighing hundreds at once finds what looking at one after the other finds, on each engine."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.store import Store, UnitOfWork
from db.viewrows import document_key
from ledger.views import HouseholdView, Membership, PersonView
from matching import weights
from matching.proposing import Profile, Proposal, blocking_keys, comparable, compare
from registry import weighing
from registry.weighing import Weighing, profile_of
from tests.db.people import START
from values.identifiers import HouseholdId, PersonId
from values.secret import Secret
from workspace.act import search_keys

KEY = Secret(bytes(range(32)))
NAMES = ("Amina", "Ameena", "Yusuf", "Youssef", "Ali", "أمينة", "يوسف", "Orlok", "Selin", "Мариам")
CALENDARS = ("gregorian", "gregorian", "gregorian", "solar-hijri", "ethiopic")
"""Invented people of few names, so that many share a key and some are one."""


def populate(chance: random.Random, size: int) -> tuple[list[PersonView], list[HouseholdView]]:
    persons = [invented(chance, number) for number in range(size)]
    for number in range(size // 6):
        persons.append(again(chance, chance.choice(persons), size + number))
    homes = []
    for number in range(size // 4):
        some = chance.sample(persons, min(len(persons), chance.randint(1, 4)))
        homes.append(home(number, some))
    return persons, homes


def invented(chance: random.Random, number: int) -> PersonView:
    parts = chance.choices(NAMES, k=chance.randint(1, 3))
    values: dict[str, Any] = {"name": " ".join(parts), "sex": chance.choice(["F", "M", "X", ""])}
    if chance.random() < 0.9:
        year = chance.choice([1980, 1981, 1984, 1990, 1359, 1362, 2001])
        edtf = f"{year}-{chance.randint(1, 3):02d}-{chance.randint(1, 3):02d}"
        edtf = chance.choice([edtf, edtf, edtf, f"{year}", f"{year}~", "1980-01-01/1981-12-31"])
        values["birth"] = {"edtf": edtf, "calendar": chance.choice(CALENDARS), "entered": edtf}
        if "/" in edtf:
            values["birth"]["calendar"] = "gregorian"
    if chance.random() < 0.3:
        values["mother_name"] = chance.choice(NAMES)
    if chance.random() < 0.3:
        values["documents"] = [{"type": "passport", "number": f"P-{chance.randint(1, 9)} 7"}]
    if chance.random() < 0.2:
        values["other_names"] = [{"name": " ".join(chance.choices(NAMES, k=2))}]
    voided = "entered twice" if chance.random() < 0.05 else None
    return view(number, values, voided)


def again(chance: random.Random, one: PersonView, number: int) -> PersonView:
    changed = {**one.values}
    changed.pop(chance.choice(["documents", "birth", "mother_name", "sex"]), None)
    return view(number, changed, None)


def view(number: int, values: dict[str, Any], voided: str | None) -> PersonView:
    return PersonView(
        id=PersonId(UUID(int=number * 7919 % 100_003 + 1)),
        heads=(),
        first_at=START,
        last_at=START,
        voided=voided,
        values=values,
        conflicts=(),
        number=f"WST-A01-K7Q-P{number:05d}",
    )


def home(number: int, some: Iterable[PersonView]) -> HouseholdView:
    return HouseholdView(
        id=HouseholdId(UUID(int=1_000_000 + number)),
        heads=(),
        first_at=START + timedelta(seconds=number),
        last_at=START,
        voided=None,
        values={},
        conflicts=(),
        number=f"WST-A01-K7Q-H{number:05d}",
        members=tuple(Membership(one.id, "child", START) for one in some),
    )


def plainly(
    persons: Sequence[PersonView], homes: Sequence[HouseholdView], of: PersonView
) -> list[Proposal]:
    """The rule as it is told, for one person, by looking at everybody."""
    person = whole(of, homes)
    named = {one.id: search_keys(one) for one in persons}
    papers = {one.id: numbers(profile_of(one)) for one in persons}
    near: dict[PersonId, float] = {}
    spent = 0
    under = {key: [one for one in persons if key in named[one.id]] for key in blocking_keys(person)}
    for size, key in sorted(
        (min(len(found), weighing.NAMED + 1), key) for key, found in under.items() if found
    ):
        if spent and spent + size > weighing.BUDGET:
            break
        spent += size
        for one in under[key][: weighing.NAMED]:
            near[one.id] = near.get(one.id, 0.0) + 1 / math.log2(size + 2)
    order = {one.id: place for place, one in enumerate(persons)}
    best = sorted(near, key=lambda one: (-near[one], order[one]))[: weighing.CANDIDATES]
    holders = {
        other.id
        for key in numbers(person)
        for other in [one for one in persons if key in papers[one.id]][: weighing.NAMED]
    }
    others = [one for one in persons if one.id in {*best, *holders} and one.voided is None]
    # Twenty of those who are alike before households are read, and what is left of them after.
    likely = laid_beside(profile_of(of), [profile_of(one) for one in others])
    chosen = {made.other for made in likely}
    return laid_beside(person, [whole(one, homes) for one in others if one.id in chosen])


def laid_beside(person: Profile, others: Iterable[Profile]) -> list[Proposal]:
    made = [compare(person, one) for one in others if comparable(person, one)]
    found = [one for one in made if one is not None and one.weight >= weights.LEAST]
    return sorted(found, key=lambda one: (-one.weight, one.other.bytes))[:20]


def whole(one: PersonView, homes: Iterable[HouseholdView]) -> Profile:
    belongs = {home.id for home in homes if one.id in {member.person for member in home.members}}
    return replace(profile_of(one), households=frozenset(belongs))


def numbers(person: Profile) -> set[str | None]:
    return {document_key(number) for _, number in person.documents}


def fill(store: Store, persons: Sequence[PersonView], homes: Sequence[HouseholdView]) -> None:
    with store.write() as unit:
        for one in persons:
            unit.put_view(one, search_keys(one))
        for one in homes:
            unit.put_view(one)


def weighed(unit: UnitOfWork, persons: Sequence[PersonView], part: int) -> dict[UUID, Any]:
    """Everybody, some at a time, as in a run."""
    run = Weighing()
    ids = weighing.sorted_ids(one.id for one in persons)
    found: dict[UUID, Any] = {}
    for at in range(0, len(ids), part):
        for one in run.weigh(unit, ids[at : at + part]):
            found[one.view.id] = [made for _, made in one.proposals]
            assert [other.id for other, _ in one.proposals] == [
                made.other for _, made in one.proposals
            ]
    return found


def agree(store: Store, seed: int, size: int, part: int) -> int:
    persons, homes = populate(random.Random(seed), size)
    fill(store, persons, homes)
    with store.write() as unit:
        found = weighed(unit, persons, part)
    expected = {
        one.id: [] if one.voided is not None else plainly(persons, homes, one) for one in persons
    }
    assert found == expected
    return sum(map(len, found.values()))


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), part=st.integers(1, 60))
def test_many_at_once_are_weighed_as_one_after_the_other(
    tmp_path_factory: pytest.TempPathFactory, seed: int, part: int
) -> None:
    with Store.create(tmp_path_factory.mktemp("weighed") / "office", KEY) as store:
        agree(store, seed, 40, part)


@pytest.mark.parametrize("engine", ["sqlcipher", "postgresql"])
def test_common_keys_are_followed_only_so_far_and_alike_on_each_engine(
    engine: str,
    tmp_path: Path,
    new_database: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("NAMED", 9), ("BUDGET", 30), ("CANDIDATES", 7), ("KEPT", 20)):
        monkeypatch.setattr(weighing, name, value)
    made = (
        Store.create_postgres(tmp_path / "office", new_database(), KEY)
        if engine == "postgresql"
        else Store.create(tmp_path / "office", KEY)
    )
    with made as store:
        assert agree(store, 5, 120, 25) > 10
