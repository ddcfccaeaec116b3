from __future__ import annotations

from datetime import timedelta

from ledger import facts, kinds
from ledger.conflicts import ConflictSets, SetRule
from ledger.entry import FormRef, Subject
from ledger.history import field_history
from tests.ledger.builders import NOW, World, uuid

PERSON = Subject(kinds.PERSON, uuid("person"))
SETS = ConflictSets({"person": {"name": SetRule(frozenset({"name"}), identity=True)}})
FORM = FormRef("person", "1.0.0", bytes(32))


def test_a_life_of_a_record(world: World) -> None:
    here, there = world.stations
    born = here.write(
        kinds.PERSON_REGISTERED,
        PERSON,
        {"number": "P1", "values": {"name": "Amal", "sex": "F"}},
        form=FORM,
    )
    fixed = here.write(
        kinds.PERSON_CORRECTED,
        PERSON,
        {"changes": {"name": "Amel", "sex": "F", "phone": "+41"}, "reason": "misheard"},
        base=[born],
        at=NOW + timedelta(minutes=1),
        doubt=True,
    )
    gone = there.write(
        kinds.PERSON_VOIDED,
        PERSON,
        {"reason": "twice"},
        by="supervisor",
        base=[fixed],
        at=NOW + timedelta(minutes=2),
    )
    changes = field_history([gone, born, fixed, born], SETS)
    assert [(c.field, c.old, c.new, c.entry) for c in changes] == [
        ("name", None, "Amal", born.hash),
        ("sex", None, "F", born.hash),
        (facts.NUMBER, None, "P1", born.hash),
        ("name", "Amal", "Amel", fixed.hash),
        ("phone", None, "+41", fixed.hash),
        (facts.VOIDED, None, "twice", gone.hash),
    ]
    correction = changes[3]
    assert (correction.kind, correction.reason) == (kinds.PERSON_CORRECTED, "misheard")
    assert (correction.author, correction.office) == (here.users["officer"].id, here.id)
    assert (correction.time, correction.doubt) == (NOW + timedelta(minutes=1), True)
    assert changes[0].reason is None
    assert changes[-1].author == there.users["supervisor"].id


def test_old_is_what_the_author_saw(world: World) -> None:
    here, there = world.stations
    born = here.write(
        kinds.PERSON_REGISTERED, PERSON, {"number": "P1", "values": {"name": "A"}}, form=FORM
    )
    change = {"reason": None}
    one = here.write(
        kinds.PERSON_AMENDED,
        PERSON,
        {"changes": {"name": "B"}} | change,
        base=[born],
        at=NOW + timedelta(minutes=1),
    )
    other = there.write(
        kinds.PERSON_AMENDED,
        PERSON,
        {"changes": {"name": "C"}} | change,
        base=[born],
        at=NOW + timedelta(minutes=2),
    )
    kept = world.registry.write(
        kinds.CONFLICT_RESOLVED,
        PERSON,
        {"changes": {}, "reason": "asked her"},
        by="registrar",
        base=[one, other],
        at=NOW + timedelta(minutes=3),
    )
    told = [
        (c.old, c.new, c.entry)
        for c in field_history([kept, other, one, born], SETS)
        if c.field == "name"
    ]
    assert told == [
        (None, "A", born.hash),
        ("A", "B", one.hash),
        ("A", "C", other.hash),
        ("C", "C", kept.hash),
    ]


def test_members_of_a_household(world: World) -> None:
    station = world.stations[0]
    subject = Subject(kinds.HOUSEHOLD, uuid("household"))
    person = uuid("member")
    first = station.write(
        kinds.HOUSEHOLD_REGISTERED,
        subject,
        {
            "number": "H1",
            "values": {},
            "members": [{"person": person.bytes, "relation": "head"}],
        },
    )
    left = station.write(
        kinds.HOUSEHOLD_MEMBER_LEFT,
        subject,
        {"person": person.bytes, "reason": "moved on"},
        base=[first],
        at=NOW + timedelta(minutes=1),
    )
    field = facts.member_field(person)
    assert [(c.old, c.new, c.reason) for c in field_history([first, left]) if c.field == field] == [
        (None, "head", None),
        ("head", None, "moved on"),
    ]


def test_reviews_that_do_not_count_are_left_out(world: World) -> None:
    station = world.stations[0]
    subject = Subject(kinds.REGISTRATION, uuid("registration"))
    submitted = station.write(
        kinds.REGISTRATION_SUBMITTED,
        subject,
        {
            "household": bytes(16),
            "persons": [],
            "on": "2026-11-15",
            "source": {"way": "interview"},
        },
    )
    own = station.write(kinds.REGISTRATION_APPROVED, subject, {}, base=[submitted])
    approved = station.write(
        kinds.REGISTRATION_APPROVED, subject, {}, by="supervisor", base=[submitted]
    )
    entries = [submitted, own, approved]
    told = [(c.new, c.entry) for c in field_history(entries) if c.field == facts.STATUS]
    assert told == [("recorded", submitted.hash), ("approved", approved.hash)]


def test_nothing_has_no_history() -> None:
    assert field_history([]) == []
