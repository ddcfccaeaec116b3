"""Law: after any events and withdrawals, in any order, the records are as the standing events alone
would have made them; nobody is in two households, and no household loses its head untold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forms.draft import Confirmation
from station import events
from tests.forms.filled_events import PEOPLE, filled
from tests.places import Site
from tests.station.lives import FAMILIES, told
from values.identifiers import EventId, HouseholdId, PersonId
from workspace import care
from workspace.session import Session

NAMES = ("Banin", "Dalia", "Tarun", "Sesha", "Milo")
FIELDS = ("death", "presence", "marital_status")

Place = tuple[HouseholdId, str] | None


@dataclass
class Said:
    """What one event says, as it was when it was recorded."""

    event: EventId
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)


@dataclass
class Camp:
    """The program, and beside it a plain list of what stands."""

    session: Session
    ids: Mapping[str, PersonId]
    begun: dict[str, Place]
    standing: list[Said] = field(default_factory=list)

    def expected(self) -> tuple[dict[tuple[str, str], str], dict[str, Place]]:
        answers: dict[tuple[str, str], str] = {}
        places = dict(self.begun)
        for said in self.standing:
            answers |= said.answers
            places |= said.places
        return answers, places

    def places(self) -> dict[str, Place]:
        with self.session.store.read() as reader:
            found: dict[str, list[tuple[HouseholdId, str]]] = {name: [] for name in NAMES}
            for household in reader.views("household"):
                assert not household.conflicts
                for one in household.present():
                    name = next(name for name in NAMES if self.ids[name] == one.person)
                    found[name].append((household.id, one.relation))
        assert all(len(homes) < 2 for homes in found.values()), "somebody lives twice"
        return {name: homes[0] if homes else None for name, homes in found.items()}

    def answers(self) -> dict[tuple[str, str], str]:
        with self.session.store.read() as reader:
            made = {}
            for name in NAMES:
                view = reader.person(self.ids[name])
                assert view is not None and not view.conflicts
                for one in FIELDS:
                    value = view.values.get(one)
                    if value is not None:
                        made[name, one] = value["edtf"] if isinstance(value, dict) else value
        return made

    def headless(self) -> set[HouseholdId]:
        homes: dict[HouseholdId, set[str]] = {}
        for place in self.places().values():
            if place is not None:
                homes.setdefault(place[0], set()).add(place[1])
        return {one for one, relations in homes.items() if "head" not in relations}

    def record(self, form: str, first: str, second: str, *, relation: str) -> None:
        """Record an event about the two, unless it cannot be."""
        typed = self.typed(form, first, second, relation)
        found = events.check(self.session, form, typed)
        if any(one.is_error for one in found):
            codes = {one.code for one in found if one.is_error}
            assert codes <= {"person_in_both", "two_heads"}, codes
            return
        dead = (first, "death") in self.answers()
        homes, before = self.places(), self.headless()
        sure = [Confirmation(one.code, one.field, "", "as told") for one in found]
        made = events.record(self.session, form, typed, confirmed=sure)
        said = Said(made.event)
        match form:
            case "death":
                said.answers = {
                    (first, "death"): "2026-11-09",
                    (second, "marital_status"): "widowed",
                }
                said.places = {first: None}
            case "return":
                said.places = {first: None}
            case "marriage":
                said.answers = {(one, "marital_status"): "married" for one in (first, second)}
            case "absence" | "presence":
                said.answers = {(first, "presence"): "absent" if form == "absence" else "present"}
            case _:
                target = homes[second]
                if target is not None and not dead:
                    said.places = {first: (target[0], relation)}
        self.standing.append(said)
        if self.headless() - before:
            assert "head_leaves" in {one.code for one in found}, "nobody said who becomes head"
        self.settled()

    def withdraw(self, place: int) -> None:
        """Withdraw one of the events that stand."""
        if not self.standing:
            return
        said = self.standing.pop(place % len(self.standing))
        before = self.headless()
        done = events.void(self.session, said.event, reason="It was told wrongly.")
        with self.session.store.read() as reader:
            numbers = {
                view.number for one in self.headless() - before if (view := reader.household(one))
            }
        assert numbers <= set(done.headless)
        self.settled()

    def settled(self) -> None:
        answers, places = self.expected()
        assert self.answers() == answers
        now = self.places()
        assert {name: one and one[0] for name, one in now.items()} == {
            name: one and one[0] for name, one in places.items()
        }
        heads = [one[0] for one in places.values() if one and one[1] == "head"]
        for name, one in places.items():
            if one and heads.count(one[0]) < 2:
                assert now[name] == one

    def typed(self, form: str, first: str, second: str, relation: str) -> dict[str, Any]:
        if form == "return":
            ids = dict.fromkeys(PEOPLE, self.ids["Sesha"].hex)
            raw = filled(form, ids)
            return {**raw, "subject": {"person": self.ids[first].hex}}
        parts = {
            "death": ("deceased", "spouse"),
            "marriage": ("spouse_a", "spouse_b"),
            "adoption": ("child", "adopter"),
            "reunification": ("subject", "family_member"),
        }.get(form, ("subject",))
        named = dict(zip(parts, (first, second), strict=False))
        more = {"relation": relation} if form in ("adoption", "reunification") else {}
        return told(self.session, form, **named, **more)


@pytest.fixture(scope="module")
def two_families(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Only copy it."""
    site = founded_site.copied(tmp_path_factory.mktemp("law") / "site")
    site.take_in(FAMILIES)
    return site


RECORDED = st.tuples(
    st.sampled_from(
        ("death", "marriage", "absence", "presence", "adoption", "reunification", "return")
    ),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(("child", "other", "head")),
)
STEPS = st.lists(RECORDED | st.integers(0, 9), min_size=2, max_size=9)


@given(STEPS)
@example([("adoption", "Banin", "Dalia", "child"), ("adoption", "Dalia", "Banin", "head")])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_stands_is_what_the_standing_events_say(
    two_families: Site, tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    site = two_families.copied(tmp_path_factory.mktemp("lives") / "site")
    with site.at_station("supervisor") as session:
        with session.store.read() as reader:
            people = list(reader.persons())
        ids = {str(one.values["name"]).split()[0]: one.id for one in people}
        camp = Camp(session, ids, {})
        camp.begun = camp.places()
        for step in steps:
            if isinstance(step, int):
                camp.withdraw(step)
            else:
                form, first, second, relation = step
                camp.record(form, first, second, relation=relation)
        while camp.standing:
            camp.withdraw(len(steps))
        assert camp.places() == camp.begun
        assert not care.check(session).problems
