"""The law of the fold, for changes as offices make them.

Two stations and a registry register families, amend and correct persons, split, merge and move
households, name other heads, void records, undo what they did and settle what is in conflict. Each
acts on what it has heard, and writes one act of several entries at a time. Some of their programs
are older: they name fields as they were called then, and some bring fields that nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.migration import Migration, Split, migrate
from ledger import facts, kinds
from ledger.conflicts import ConflictSets, SetRule
from ledger.entry import Entry, FormRef, Group, Subject, from_wire, to_wire
from ledger.fold import fold, fold_subject
from ledger.history import field_history
from ledger.views import EventView, HouseholdView, PersonView, View
from tests.ledger.builders import NOW, make_world, uuid

STEPS = (
    Migration((1, 0, 0), {"tongue": "language"}, (Split("origin", ("province", "place"), ";"),)),
)
FORMS = {version: FormRef("person", version, bytes(32)) for version in ("1.0.0", "2.0.0")}


def renamed(form: str, version: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    known = form == "person" and version in FORMS
    return migrate(said, tuple(map(int, version.split("."))), STEPS) if known else said


SETS = ConflictSets(
    {
        "person": {
            "name": SetRule(frozenset({"name", "name_latin"}), identity=True),
            "home": SetRule(frozenset({"province", "place"})),
            "speech": SetRule(frozenset({"language"})),
        }
    },
    migrate=renamed,
)
AUTHORS = ("officer", "officer", "registrar")
DECIDERS = ("supervisor", "supervisor", "registrar")

WHAT = "register amend amend amend correct split merge move head void undo undo settle hear hear"

_few = st.integers(0, 5)
_move = st.tuples(
    st.sampled_from(WHAT.split()),
    st.integers(0, 2),
    _few,
    _few,
    st.integers(-3, 3),
)
_moves = st.lists(_move, min_size=8, max_size=22)


class Camp:
    """What each of three offices knows, and what all of them said."""

    def __init__(self) -> None:
        self.world = make_world()
        self.offices = [*self.world.stations, self.world.registry]
        self.known: list[dict[bytes, Entry]] = [{}, {}, {}]
        self.acts: list[list[list[Entry]]] = [[], [], []]
        self.made = 0
        for place in (0, 0, 1):
            self.register(place, 2, 0, 0)
        for place in range(3):
            self.hear(place, 0, 0, 0)

    # what an office sees ---------------------------------------------------------------------

    def views(self, place: int, wanted: type[Any]) -> list[Any]:
        found = fold(self.known[place].values(), SETS).values()
        return [view for view in found if isinstance(view, wanted)]

    def persons(self, place: int) -> list[PersonView]:
        return [view for view in self.views(place, PersonView) if view.voided is None]

    def families(self, place: int) -> list[HouseholdView]:
        return [view for view in self.views(place, HouseholdView) if view.present()]

    def say(self, place: int, minutes: int, *said: tuple[Any, ...], by: str = "") -> None:
        """One act: every entry of it, signed by one person."""
        self.made += 1
        group = uuid(f"act {self.made}")
        written = []
        for index, (kind, subject, body, base, *form) in enumerate(said):
            entry = self.offices[place].write(
                kind,
                subject,
                body,
                by=by or AUTHORS[place],
                base=base,
                at=NOW + timedelta(minutes=minutes),
                form=form[0] if form else None,
                group=Group(group, index, len(said)),
            )
            self.known[place][entry.hash] = entry
            written.append(entry)
        self.acts[place].append(written)

    # what an office does ---------------------------------------------------------------------

    def hear(self, place: int, a: int, b: int, minutes: int) -> None:
        """What another office said comes in."""
        self.known[place] |= self.known[a % 3]

    def register(self, place: int, a: int, b: int, minutes: int) -> None:
        if place == 2:
            return
        number = self.made
        persons = [Subject(kinds.PERSON, uuid(f"person {number}/{i}")) for i in range(1 + a % 3)]
        relations = ["head", "spouse", "child"]
        values = {"name": f"N{number}", "tongue": "ara", "origin": "North; Town", "of_later": b}
        self.say(
            place,
            minutes,
            *(
                (
                    kinds.PERSON_REGISTERED,
                    one,
                    {"number": "P", "values": values},
                    (),
                    FORMS["1.0.0"],
                )
                for one in persons
            ),
            (
                kinds.HOUSEHOLD_REGISTERED,
                Subject(kinds.HOUSEHOLD, uuid(f"household {number}")),
                {
                    "number": "H",
                    "values": {"shelter": "tent"},
                    "members": [
                        {"person": one.id.bytes, "relation": relation}
                        for one, relation in zip(persons, relations, strict=False)
                    ],
                },
                (),
            ),
        )

    def amend(self, place: int, a: int, b: int, minutes: int) -> None:
        found = self.persons(place)
        if not found:
            return
        person = found[a % len(found)]
        version = "1.0.0" if b % 2 else "2.0.0"
        told: list[dict[str, Any]] = [
            {"language": "fra"},
            {"tongue": "deu", "origin": "South"},
            {"place": "Harbour"},
            {"origin": "West; Hill", "tongue": None},
            {"name_latin": "L", "unheard_of": [b]},
            {"tongue": {"missing": "unknown"}},
        ]
        body = {"changes": told[b], "reason": "told"}
        subject = Subject(kinds.PERSON, person.id)
        self.say(
            place, minutes, (kinds.PERSON_AMENDED, subject, body, person.heads, FORMS[version])
        )

    def correct(self, place: int, a: int, b: int, minutes: int) -> None:
        found = self.persons(place)
        if not found:
            return
        person = found[a % len(found)]
        subject, event = Subject(kinds.PERSON, person.id), uuid(f"event {self.made}")
        changes = {"name": f"C{b}"}
        proposal = {
            "type": "correction",
            "date": None,
            "values": {"changes": changes, "of": ["person", "2.0.0"], "seen": list(person.heads)},
            "participants": [{"role": "subject", "person": person.id.bytes}],
            "household": None,
        }
        self.say(place, minutes, (kinds.EVENT_RECORDED, Subject(kinds.EVENT, event), proposal, ()))
        body = {"changes": changes, "reason": "seen", "proposal": event.bytes}
        if b % 3:
            self.say(
                place,
                minutes,
                (kinds.PERSON_CORRECTED, subject, body, person.heads, FORMS["2.0.0"]),
                by=DECIDERS[place],
            )
        else:
            (view,) = (one for one in self.views(place, EventView) if one.id == event)
            refused = (
                kinds.EVENT_VOIDED,
                Subject(kinds.EVENT, event),
                {"reason": "no"},
                view.heads,
            )
            self.say(place, minutes, refused, by=DECIDERS[place])

    def split(self, place: int, a: int, b: int, minutes: int) -> None:
        found = [one for one in self.families(place) if len(one.present()) > 1]
        if not found or place == 2:
            return
        family = found[a % len(found)]
        goes = [one for one in family.present() if one.relation != "head"][-1]
        made = Subject(kinds.HOUSEHOLD, uuid(f"household {self.made}"))
        members = [{"person": goes.person.bytes, "relation": "head"}]
        self.say(
            place,
            minutes,
            self.gone(family, goes.person, made.id),
            (
                kinds.HOUSEHOLD_REGISTERED,
                made,
                {"number": "H", "values": dict(family.values), "members": members, "as": "split"},
                (),
            ),
        )

    def merge(self, place: int, a: int, b: int, minutes: int) -> None:
        found = self.families(place)
        if len(found) < 2:
            return
        into, other = found[a % len(found)], found[b % len(found)]
        if into.id == other.id:
            return
        here = {one.person for one in into.present()}
        said = []
        for one in other.present():
            said.append(self.gone(other, one.person, into.id))
            if one.person not in here:
                said.append(self.come(into, one.person, "other", other.id))
        self.say(place, minutes, *said)

    def move(self, place: int, a: int, b: int, minutes: int) -> None:
        found = self.families(place)
        if len(found) < 2:
            return
        left, to = found[a % len(found)], found[b % len(found)]
        goes = left.present()[-1]
        if left.id == to.id or goes.person in {one.person for one in to.present()}:
            return
        self.say(
            place,
            minutes,
            self.gone(left, goes.person, to.id),
            self.come(to, goes.person, "child", left.id),
        )

    def head(self, place: int, a: int, b: int, minutes: int) -> None:
        found = [one for one in self.families(place) if len(one.present()) > 1]
        if not found:
            return
        family = found[a % len(found)]
        others = [one for one in family.present() if one.relation != "head"]
        wanted = others[b % len(others)]
        said = [self.come(family, wanted.person, "head", None)]
        for one in family.present():
            if one.relation == "head":
                said.append(self.come(family, one.person, "sibling", None))
        self.say(place, minutes, *said)

    def void(self, place: int, a: int, b: int, minutes: int) -> None:
        found = self.persons(place)
        if not found:
            return
        person = found[a % len(found)]
        said: list[tuple[Any, ...]] = [
            (kinds.PERSON_VOIDED, Subject(kinds.PERSON, person.id), {"reason": "x"}, person.heads)
        ]
        for family in self.families(place):
            if person.id in {one.person for one in family.present()}:
                said.append(self.gone(family, person.id, None))
        self.say(place, minutes, *said, by=DECIDERS[place])

    def undo(self, place: int, a: int, b: int, minutes: int) -> None:
        """The places of an earlier act's members are put back by further entries."""
        mine = [
            act
            for act in self.acts[place]
            if {entry.header.subject.type for entry in act} == {kinds.HOUSEHOLD}
        ]
        if not mine:
            return
        hashes = {entry.hash for entry in mine[-1 - a % len(mine)]}
        said = []
        for family in self.views(place, HouseholdView):
            about = [
                entry
                for entry in self.known[place].values()
                if entry.header.subject == Subject(kinds.HOUSEHOLD, family.id)
            ]
            for change in field_history(about, SETS):
                if change.entry in hashes and change.field.startswith(facts.MEMBER):
                    person = UUID(hex=change.field.removeprefix(facts.MEMBER))
                    old = change.old
                    said.append(
                        self.come(family, person, old, None)
                        if isinstance(old, str)
                        else self.gone(family, person, None)
                    )
        if said:
            self.say(place, minutes, *said)

    def settle(self, place: int, a: int, b: int, minutes: int) -> None:
        """Everything that this office knows to be in conflict is settled as it is shown."""
        for view in self.views(place, PersonView | HouseholdView):
            if view.conflicts:
                kind = kinds.PERSON if isinstance(view, PersonView) else kinds.HOUSEHOLD
                body = {"changes": {}, "reason": "asked"}
                entry = (kinds.CONFLICT_RESOLVED, Subject(kind, view.id), body, view.heads)
                self.say(place, minutes, entry, by=DECIDERS[place])
                again = {one.id: one for one in self.views(place, type(view))}
                assert again[view.id].conflicts == ()

    @staticmethod
    def gone(family: HouseholdView, person: UUID, to: UUID | None) -> tuple[Any, ...]:
        body = {"person": person.bytes, "reason": "x", "to": to.bytes if to else None}
        return (
            kinds.HOUSEHOLD_MEMBER_LEFT,
            Subject(kinds.HOUSEHOLD, family.id),
            body,
            family.heads,
        )

    @staticmethod
    def come(
        family: HouseholdView, person: UUID, relation: str, left: UUID | None
    ) -> tuple[Any, ...]:
        body = {"person": person.bytes, "relation": relation, "reason": "x"}
        if left is not None:
            body["from"] = left.bytes
        return (
            kinds.HOUSEHOLD_MEMBER_JOINED,
            Subject(kinds.HOUSEHOLD, family.id),
            body,
            family.heads,
        )

    @property
    def all(self) -> list[Entry]:
        return list({**self.known[0], **self.known[1], **self.known[2]}.values())


def played(moves: list[Any]) -> Camp:
    camp = Camp()
    for what, place, a, b, minutes in moves:
        act: Callable[[int, int, int, int], None] = getattr(camp, what)
        act(place, a, b, minutes)
    return camp


@settings(max_examples=25, deadline=None)
@given(_moves, st.randoms(use_true_random=False), st.integers(1, 4))
def test_changes_fold_alike_in_any_order_partition_and_number(
    moves: list[Any], random: Any, parts: int
) -> None:
    entries = played(moves).all
    expected = fold(entries, SETS)
    again = [from_wire(to_wire(entry)) for entry in [*entries, *random.choices(entries, k=5)]]
    again += [entry.without_body() for entry in random.choices(entries, k=3)]
    random.shuffle(again)
    assert fold(again, SETS) == expected
    views: dict[tuple[str, UUID], View] = {}
    stored: list[Entry] = []
    for part in (again[i::parts] for i in range(parts)):
        stored += part
        for subject in {entry.header.subject for entry in part}:
            view = fold_subject(
                subject.type, [e for e in stored if e.header.subject == subject], SETS
            )
            if view is not None:
                views[subject.type, subject.id] = view
    assert views == expected


@settings(max_examples=25, deadline=None)
@given(_moves)
def test_no_household_has_two_heads_or_a_member_without_a_relation(moves: list[Any]) -> None:
    camp = played(moves)
    for known in (*camp.known, {entry.hash: entry for entry in camp.all}):
        for view in fold(known.values(), SETS).values():
            if isinstance(view, HouseholdView):
                relations = [one.relation for one in view.present()]
                assert relations.count("head") <= 1
                assert all(one.relation for one in view.members)
                people = [one.person for one in view.present()]
                assert len(set(people)) == len(people)


@settings(max_examples=25, deadline=None)
@given(_moves)
def test_nothing_is_lost(moves: list[Any]) -> None:
    """Old names are told under new ones, unknown fields stay, and every side is kept."""
    entries = played(moves).all
    for view in fold(entries, SETS).values():
        about = [entry for entry in entries if entry.header.subject.id == view.id]
        if isinstance(view, PersonView):
            assert not {"tongue", "origin"} & set(view.values)
            assert "of_later" in view.values
            told = {change.field for change in field_history(about, SETS)}
            assert not {"tongue", "origin"} & told
            brought = any("unheard_of" in (e.body or {}).get("changes", {}) for e in about)
            assert ("unheard_of" in view.values) == brought
        said = {entry.hash for entry in about}
        for conflict in view.conflicts:
            assert len(conflict.candidates) >= 2
            assert {one.hash for one in conflict.candidates} <= said


def _told_at_once(moves: list[Any]) -> list[Any]:
    hearing = [("hear", place, source, 0, 0) for place in range(3) for source in range(3)]
    return [one for move in moves for one in (move, *hearing)]


@settings(max_examples=12, deadline=None)
@given(_moves)
def test_offices_that_always_hear_of_each_other_are_never_in_conflict(moves: list[Any]) -> None:
    camp = played(_told_at_once(moves))
    for view in fold(camp.all, SETS).values():
        assert view.conflicts == ()


def test_the_camp_reaches_what_it_is_about() -> None:
    """The strategies above would prove little if nothing ever crossed."""
    camp = played(
        [("head", 0, 0, 0, 1), ("head", 1, 0, 1, 2), ("move", 0, 1, 0, 1), ("move", 1, 1, 2, 2)]
    )
    sets = {conflict.set for view in fold(camp.all, SETS).values() for conflict in view.conflicts}
    assert any(name.startswith(facts.MEMBER) for name in sets)
    doing = {entry.header.kind for entry in camp.all}
    assert {kinds.HOUSEHOLD_MEMBER_JOINED, kinds.HOUSEHOLD_MEMBER_LEFT} <= doing
