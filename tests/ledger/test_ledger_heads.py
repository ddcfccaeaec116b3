"""Who is head, and who went where, when two offices did not know of each other."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from ledger import facts, kinds
from ledger.entry import Entry, Subject
from ledger.fold import fold_subject
from ledger.views import HouseholdView
from tests.ledger.builders import NOW, World, uuid

HOUSEHOLD = Subject(kinds.HOUSEHOLD, uuid("household"))
HEAD, WIFE, SON, AUNT = (uuid(name) for name in ("head", "wife", "son", "aunt"))
NEAR, FAR = uuid("near"), uuid("far")


class Book:
    """Entries about one household by two stations and a registry."""

    def __init__(self, world: World) -> None:
        self.offices = [*world.stations, world.registry]
        self.entries: list[Entry] = []
        self.first = self.say(
            0,
            kinds.HOUSEHOLD_REGISTERED,
            [],
            number="H",
            values={},
            members=[
                {"person": HEAD.bytes, "relation": "head"},
                {"person": WIFE.bytes, "relation": "spouse"},
                {"person": SON.bytes, "relation": "child"},
                {"person": AUNT.bytes, "relation": "sibling"},
            ],
        )

    def say(self, office: int, kind: str, base: list[Entry], **body: Any) -> Entry:
        entry = self.offices[office].write(
            kind,
            HOUSEHOLD,
            body,
            by="registrar" if office == 2 else "officer",
            base=base,
            at=NOW + timedelta(minutes=len(self.entries)),
        )
        self.entries.append(entry)
        return entry

    def tell(self, office: int, who: UUID, relation: str, base: list[Entry]) -> Entry:
        return self.say(
            office,
            kinds.HOUSEHOLD_MEMBER_JOINED,
            base,
            person=who.bytes,
            relation=relation,
        )

    def send(self, office: int, who: UUID, to: UUID | None, base: list[Entry]) -> Entry:
        return self.say(
            office,
            kinds.HOUSEHOLD_MEMBER_LEFT,
            base,
            person=who.bytes,
            reason="x",
            to=to.bytes if to else None,
        )

    @property
    def view(self) -> HouseholdView:
        views = [fold_subject(kinds.HOUSEHOLD, some) for some in self._orders()]
        assert all(view == views[0] for view in views)
        assert isinstance(views[0], HouseholdView)
        return views[0]

    def _orders(self) -> list[tuple[Entry, ...]]:
        if len(self.entries) > 5:
            return [tuple(self.entries), tuple(reversed(self.entries))]
        return list(permutations(self.entries))

    @property
    def told(self) -> dict[UUID, str]:
        return {member.person: member.relation for member in self.view.present()}

    @property
    def conflicts(self) -> list[str]:
        return [conflict.set for conflict in self.view.conflicts]


@pytest.fixture
def book(world: World) -> Book:
    return Book(world)


def test_another_head_is_no_conflict(book: Book) -> None:
    old = book.tell(0, HEAD, "parent", [book.first])
    book.tell(0, WIFE, "head", [old])
    assert book.told == {HEAD: "parent", WIFE: "head", SON: "child", AUNT: "sibling"}
    assert book.conflicts == []


def test_two_heads_unaware_of_each_other(book: Book) -> None:
    book.tell(0, HEAD, "parent", [book.first])
    book.tell(1, HEAD, "parent", [book.first])
    wife = book.tell(0, WIFE, "head", [book.first])
    aunt = book.tell(1, AUNT, "head", [book.first])
    assert book.told == {HEAD: "parent", WIFE: "spouse", SON: "child", AUNT: "head"}
    (conflict,) = book.view.conflicts
    assert (conflict.set, conflict.identity) == (facts.HEAD, False)
    assert conflict.fields == tuple(sorted(map(facts.member_field, (WIFE, AUNT))))
    assert [(one.hash, dict(one.values)) for one in conflict.candidates] == [
        (aunt.hash, {facts.member_field(AUNT): "head"}),
        (wife.hash, {facts.member_field(WIFE): "head"}),
    ]


def test_whoever_saw_both_settles_it(book: Book) -> None:
    wife = book.tell(0, WIFE, "head", [book.first])
    aunt = book.tell(1, AUNT, "head", [book.first])
    book.tell(0, HEAD, "parent", [wife, aunt])
    assert book.conflicts == [facts.HEAD]
    book.tell(1, WIFE, "head", book.entries[1:])
    assert book.conflicts == []
    assert book.told == {HEAD: "parent", WIFE: "head", SON: "child", AUNT: "sibling"}


def test_a_resolution_lets_the_one_shown_stand(book: Book) -> None:
    wife = book.tell(0, WIFE, "head", [book.first])
    aunt = book.tell(1, AUNT, "head", [book.first])
    half = book.say(2, kinds.CONFLICT_RESOLVED, [wife], changes={}, reason="saw one")
    assert book.conflicts == [facts.HEAD]
    book.say(2, kinds.CONFLICT_RESOLVED, [half, aunt], changes={}, reason="asked")
    assert book.conflicts == []
    assert book.told[AUNT] == "head"
    assert book.told[HEAD] == kinds.UNKNOWN_RELATION
    # A third one is another matter.
    book.tell(0, SON, "head", [book.first])
    assert book.conflicts == [facts.HEAD]


def test_a_resolution_may_say_every_place(book: Book) -> None:
    wife = book.tell(0, WIFE, "head", [book.first])
    aunt = book.tell(1, AUNT, "head", [book.first])
    gone = book.send(0, SON, NEAR, [book.first])
    other = book.send(1, SON, FAR, [book.first])
    assert book.conflicts == [facts.HEAD, facts.member_field(SON)]
    book.say(
        2,
        kinds.CONFLICT_RESOLVED,
        [wife, aunt, gone, other],
        changes={},
        members=[
            {"person": WIFE.bytes, "relation": "head"},
            {"person": AUNT.bytes, "relation": "sibling"},
            {"person": HEAD.bytes, "relation": "parent"},
            {"person": SON.bytes, "relation": None, "to": NEAR.bytes},
        ],
        reason="asked",
    )
    assert book.conflicts == []
    assert book.told == {HEAD: "parent", WIFE: "head", AUNT: "sibling"}
    (stay,) = (one for one in book.view.members if one.person == SON)
    assert (stay.relation, stay.reason) == ("child", "x")


def test_two_heads_in_one_entry_are_the_first(world: World, book: Book) -> None:
    """No program of ours says so; another one might."""
    book.entries.clear()
    book.say(
        0,
        kinds.HOUSEHOLD_REGISTERED,
        [],
        number="H",
        values={},
        members=[{"person": one.bytes, "relation": "head"} for one in (WIFE, HEAD)],
    )
    assert book.told == {WIFE: "head", HEAD: kinds.UNKNOWN_RELATION}
    assert book.conflicts == []


def test_gone_to_two_households_is_a_conflict_and_to_one_is_none(book: Book) -> None:
    near, far = (book.send(office, SON, to, [book.first]) for office, to in ((0, NEAR), (1, FAR)))
    (conflict,) = book.view.conflicts
    assert conflict.set == facts.member_field(SON)
    assert [one.values for one in conflict.candidates] == [
        {facts.member_field(SON): {"to": FAR.bytes}},
        {facts.member_field(SON): {"to": NEAR.bytes}},
    ]
    assert SON not in book.told
    book.send(0, SON, FAR, [near, far])
    assert book.conflicts == []


def test_both_stations_send_one_to_the_same_household(book: Book) -> None:
    book.send(0, SON, NEAR, [book.first])
    book.send(1, SON, NEAR, [book.first])
    assert book.conflicts == []


def test_gone_and_dead_is_a_conflict(book: Book) -> None:
    book.send(0, SON, NEAR, [book.first])
    book.send(1, SON, None, [book.first])
    assert book.conflicts == [facts.member_field(SON)]


def test_who_came_back_has_two_stays_and_the_relation_before_is_remembered(book: Book) -> None:
    gone = book.send(0, WIFE, NEAR, [book.first])
    back = book.tell(0, WIFE, "head", [gone])
    aunt = book.tell(1, AUNT, "head", [book.first])
    stays = [one for one in book.view.members if one.person == WIFE]
    assert [(one.relation, one.left_at is None) for one in stays] == [
        ("spouse", False),
        ("spouse", True),
    ]
    assert book.told[AUNT] == "head"
    book.tell(1, AUNT, "sibling", [back, aunt])
    assert book.told[WIFE] == "head"
    assert book.conflicts == []


def test_relations_are_not_empty() -> None:
    body = {"person": SON.bytes, "relation": ""}
    assert kinds.bad_field(kinds.HOUSEHOLD_MEMBER_JOINED, body) == "relation"
    registered = {"number": "H", "values": {}, "members": [body]}
    assert kinds.bad_field(kinds.HOUSEHOLD_REGISTERED, registered) == "members"
    resolved = {"changes": {}, "members": [body]}
    assert kinds.bad_field(kinds.CONFLICT_RESOLVED, resolved) == "members"
