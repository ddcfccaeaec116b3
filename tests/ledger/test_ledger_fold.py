"""What each kind of entry does to the view of its subject."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger import facts, kinds
from ledger.entry import Entry, Subject
from ledger.fold import SUBJECTS, fold, fold_subject
from ledger.views import (
    DocumentView,
    EventView,
    HouseholdView,
    Membership,
    Participant,
    PersonView,
)
from tests.ledger.builders import NOW, World, uuid
from values.identifiers import PersonId

PERSON = Subject(kinds.PERSON, uuid("person"))
HOUSEHOLD = Subject(kinds.HOUSEHOLD, uuid("household"))
EVENT = Subject(kinds.EVENT, uuid("event"))
DOCUMENT = Subject(kinds.DOCUMENT, uuid("document"))
A, B, C = (PersonId(uuid(f"member {i}")) for i in "abc")


class Book:
    """Entries about one subject, each seeing all before it unless told otherwise."""

    def __init__(self, world: World, subject: Subject) -> None:
        self.world, self.subject = world, subject
        self.entries: list[Entry] = []

    def add(
        self,
        kind: str,
        values: dict[str, Any],
        *,
        by: str = "officer",
        base: list[Entry] | None = None,
        other: bool = False,
    ) -> Entry:
        central = by in ("registrar", "clerk")
        office = self.world.registry if central else self.world.stations[other]
        entry = office.write(
            kind,
            self.subject,
            values,
            by=by,
            base=self.entries[-1:] if base is None else base,
            at=NOW + timedelta(minutes=len(self.entries)),
        )
        self.entries.append(entry)
        return entry

    def view(self) -> Any:
        return fold_subject(self.subject.type, self.entries)

    @property
    def latest(self) -> Any:
        return self.entries[-1].header.device_time


# -- persons ---------------------------------------------------------------------------


@pytest.fixture
def person(world: World) -> Book:
    book = Book(world, PERSON)
    book.add(
        kinds.PERSON_REGISTERED,
        {"number": "P1", "values": {"name": "Amal", "photo": b"\1" * 32, "@voided": "no"}},
    )
    return book


def test_a_person(person: Book) -> None:
    view = person.view()
    assert isinstance(view, PersonView)
    assert view.id == PERSON.id
    assert (view.number, view.permanent, view.voided, view.links) == ("P1", None, None, ())
    assert view.values == {"name": "Amal", "photo": b"\1" * 32}
    assert view.photo == b"\1" * 32
    assert (view.first_at, view.last_at) == (NOW, NOW)


def test_amended_corrected_numbered_voided(person: Book) -> None:
    person.add(kinds.PERSON_AMENDED, {"changes": {"phone": "+41", "photo": None}, "reason": None})
    person.add(kinds.PERSON_CORRECTED, {"changes": {"name": "Amel"}, "reason": "misheard"})
    person.add(kinds.PERSON_NUMBERED, {"permanent": "WST-R-0000001-11"}, by="registrar")
    person.add(kinds.PERSON_VOIDED, {"reason": "entered twice"}, by="supervisor")
    view = person.view()
    assert view.values == {"name": "Amel", "phone": "+41"}
    assert view.photo is None
    assert (view.permanent, view.voided) == ("WST-R-0000001-11", "entered twice")
    assert (view.first_at, view.last_at) == (NOW, person.latest)
    assert view.heads == (person.entries[-1].hash,)


def test_links_come_and_go(person: Book) -> None:
    linked = person.add(
        kinds.PERSONS_LINKED, {"other": A.bytes, "reason": "same scar"}, by="registrar"
    )
    person.add(kinds.PERSONS_LINKED, {"other": B.bytes, "reason": None}, by="registrar")
    assert {(link.other, link.reason) for link in person.view().links} == {
        (A, "same scar"),
        (B, None),
    }
    assert linked.hash in {link.entry for link in person.view().links}
    person.add(kinds.PERSONS_UNLINKED, {"other": A.bytes, "reason": "twins"}, by="registrar")
    assert [link.other for link in person.view().links] == [B]


def test_links_and_voids_are_no_task_for_people(person: Book) -> None:
    root = person.entries[:1]
    person.add(kinds.PERSON_VOIDED, {"reason": "one"}, by="supervisor", base=root)
    person.add(kinds.PERSON_VOIDED, {"reason": "two"}, by="supervisor", base=root, other=True)
    person.add(kinds.PERSONS_LINKED, {"other": A.bytes}, by="registrar", base=root)
    person.add(kinds.PERSONS_UNLINKED, {"other": A.bytes}, by="registrar", base=root)
    assert person.view().conflicts == ()
    assert person.view().voided == "two"
    assert person.view().links == ()


def test_an_amendment_alone_is_no_person(person: Book) -> None:
    person.add(kinds.PERSON_AMENDED, {"changes": {"name": "x"}, "reason": None})
    assert fold_subject(kinds.PERSON, person.entries[1:]) is None


def test_nothing_is_no_view() -> None:
    assert fold_subject(kinds.PERSON, []) is None
    assert fold([]) == {}


def test_a_pruned_registration_leaves_no_view(person: Book) -> None:
    assert fold_subject(kinds.PERSON, [person.entries[0].without_body()]) is None


def test_a_pruned_amendment_keeps_its_place_among_the_heads(person: Book) -> None:
    amended = person.add(kinds.PERSON_AMENDED, {"changes": {"name": "x"}, "reason": None})
    view = fold_subject(kinds.PERSON, [person.entries[0], amended.without_body()])
    assert view is not None
    assert view.heads == (amended.hash,)
    assert view.values["name"] == "Amal"


def test_of_two_copies_the_one_with_a_body_counts(person: Book) -> None:
    (entry,) = person.entries
    whole = fold_subject(kinds.PERSON, [entry])
    for copies in ([entry, entry.without_body()], [entry.without_body(), entry]):
        assert fold_subject(kinds.PERSON, copies) == whole


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (kinds.PERSON_AMENDED, {}),
        (kinds.PERSON_AMENDED, {"changes": []}),
        (kinds.PERSON_VOIDED, {"reason": 1}),
        (kinds.PERSON_VOIDED, {"reason": " "}),
        (kinds.PERSONS_LINKED, {"other": "x"}),
        (kinds.CONFLICT_RESOLVED, {"changes": 1}),
        ("person.blessed", {"changes": {"name": "x"}}),
        (kinds.HOUSEHOLD_AMENDED, {"nothing": 1}),
    ],
)
def test_what_does_not_fit_sets_nothing(person: Book, kind: str, body: dict[str, Any]) -> None:
    before = person.view()
    entry = person.add(kind, body, by="supervisor")
    after = person.view()
    assert after.values == before.values
    assert after.voided is None
    assert after.heads == (entry.hash,)


def test_a_body_cannot_reach_the_ledgers_own_fields(person: Book) -> None:
    person.add(
        kinds.PERSON_AMENDED,
        {"changes": {"@number": "P9", "@voided": "x", "@permanent": "R9"}, "reason": None},
    )
    view = person.view()
    assert (view.number, view.voided, view.permanent) == ("P1", None, None)


def test_entries_of_several_subjects_are_a_program_error(person: Book, world: World) -> None:
    other = world.stations[0].write(
        kinds.PERSON_REGISTERED, Subject(kinds.PERSON, A), {"number": "P2", "values": {}}
    )
    with pytest.raises(ValueError, match="one subject"):
        fold_subject(kinds.PERSON, [*person.entries, other])
    with pytest.raises(ValueError, match="one subject"):
        fold_subject(kinds.HOUSEHOLD, person.entries)


def test_subjects_without_views(world: World, person: Book) -> None:
    begun = world.stations[0].begin()
    assert fold_subject(kinds.OFFICE, [begun]) is None
    assert set(fold([begun, *person.entries])) == {(kinds.PERSON, PERSON.id)}
    assert kinds.OFFICE not in SUBJECTS


# -- households ------------------------------------------------------------------------


def member(person: UUID, relation: str) -> dict[str, Any]:
    return {"person": person.bytes, "relation": relation}


@pytest.fixture
def household(world: World) -> Book:
    book = Book(world, HOUSEHOLD)
    book.add(
        kinds.HOUSEHOLD_REGISTERED,
        {
            "number": "H1",
            "values": {"shelter": "tent"},
            "members": [member(B, "head"), member(A, "spouse")],
        },
    )
    return book


def test_a_household(household: Book) -> None:
    view = household.view()
    assert isinstance(view, HouseholdView)
    assert (view.number, view.values) == ("H1", {"shelter": "tent"})
    assert view.members == (Membership(B, "head", NOW), Membership(A, "spouse", NOW))


def test_joining_leaving_and_coming_back(household: Book) -> None:
    household.add(kinds.HOUSEHOLD_MEMBER_JOINED, member(C, "child"))
    joined = household.latest
    household.add(kinds.HOUSEHOLD_MEMBER_LEFT, {"person": A.bytes, "reason": "moved on"})
    left = household.latest
    household.add(kinds.HOUSEHOLD_MEMBER_JOINED, member(A, "spouse"))
    household.add(kinds.HOUSEHOLD_AMENDED, {"changes": {"shelter": "house"}})
    view = household.view()
    assert view.members == (
        Membership(B, "head", NOW),
        Membership(A, "spouse", NOW, left, "moved on"),
        Membership(C, "child", joined),
        Membership(A, "spouse", joined + timedelta(minutes=2)),
    )
    assert [m.person for m in view.present()] == [B, C, A]
    assert view.values == {"shelter": "house"}


def test_a_relation_told_again_replaces_the_former(household: Book) -> None:
    household.add(kinds.HOUSEHOLD_MEMBER_JOINED, member(A, "sister"))
    assert household.view().members[1] == Membership(A, "sister", NOW)


def test_leaving_twice_and_leaving_unheard_of_change_nothing(household: Book) -> None:
    household.add(kinds.HOUSEHOLD_MEMBER_LEFT, {"person": A.bytes, "reason": "one"})
    left = household.latest
    household.add(kinds.HOUSEHOLD_MEMBER_LEFT, {"person": A.bytes, "reason": "two"})
    household.add(kinds.HOUSEHOLD_MEMBER_LEFT, {"person": C.bytes, "reason": None})
    assert household.view().members == (
        Membership(B, "head", NOW),
        Membership(A, "spouse", NOW, left, "one"),
    )


def test_both_stations_say_that_one_left(household: Book) -> None:
    root = household.entries[:1]
    household.add(kinds.HOUSEHOLD_MEMBER_LEFT, {"person": A.bytes, "reason": "one"}, base=root)
    household.add(
        kinds.HOUSEHOLD_MEMBER_LEFT, {"person": A.bytes, "reason": "two"}, base=root, other=True
    )
    view = household.view()
    assert view.conflicts == ()
    assert view.members[1] == Membership(A, "spouse", NOW, household.latest, "two")


def test_a_resolution_without_values_lets_the_stay_shown_stand(household: Book) -> None:
    root = household.entries[:1]
    left = household.add(
        kinds.HOUSEHOLD_MEMBER_LEFT, {"person": A.bytes, "reason": None}, base=root
    )
    told = household.add(kinds.HOUSEHOLD_MEMBER_JOINED, member(A, "sister"), base=root, other=True)
    household.add(
        kinds.CONFLICT_RESOLVED,
        {"changes": {}, "reason": "asked"},
        by="supervisor",
        base=[left, told],
    )
    assert household.view().conflicts == ()
    assert household.view().members[1] == Membership(A, "sister", NOW)


def test_left_here_and_another_relation_there_is_a_conflict(household: Book) -> None:
    root = household.entries[:1]
    left = household.add(
        kinds.HOUSEHOLD_MEMBER_LEFT, {"person": A.bytes, "reason": None}, base=root
    )
    stayed = household.add(
        kinds.HOUSEHOLD_MEMBER_JOINED, member(A, "sister"), base=root, other=True
    )
    view = household.view()
    (conflict,) = view.conflicts
    assert conflict.set == facts.member_field(A)
    assert [c.hash for c in conflict.candidates] == [stayed.hash, left.hash]
    assert view.members[1] == Membership(A, "sister", NOW)
    household.add(
        kinds.HOUSEHOLD_MEMBER_LEFT, {"person": A.bytes, "reason": "seen both"}, base=[left, stayed]
    )
    assert household.view().conflicts == ()
    assert [m.person for m in household.view().present()] == [B]


def test_two_new_members_at_two_stations_merge(household: Book) -> None:
    root = household.entries[:1]
    household.add(kinds.HOUSEHOLD_MEMBER_JOINED, member(C, "child"), base=root)
    household.add(kinds.HOUSEHOLD_MEMBER_JOINED, member(uuid("d"), "child"), base=root, other=True)
    assert household.view().conflicts == ()
    assert len(household.view().present()) == 4


# -- events ----------------------------------------------------------------------------

DATE = {"edtf": "2026-10", "calendar": "gregorian", "entered": "October"}


@pytest.fixture
def event(world: World) -> Book:
    book = Book(world, EVENT)
    book.add(
        kinds.EVENT_RECORDED,
        {
            "type": "flight",
            "date": DATE,
            "values": {"cause": "conflict", "type": "hidden"},
            "participants": [{"role": "displaced", "person": A.bytes}],
            "household": HOUSEHOLD.id.bytes,
        },
    )
    return book


def test_an_event(event: Book) -> None:
    view = event.view()
    assert isinstance(view, EventView)
    assert (view.type, view.date, view.household) == ("flight", DATE, HOUSEHOLD.id)
    assert view.participants == (Participant("displaced", A),)
    assert view.values == {"cause": "conflict"}


def test_an_event_amended_and_voided(event: Book) -> None:
    event.add(
        kinds.EVENT_AMENDED,
        {"changes": {"date": None, "cause": "flood", "household": None, "participants": ["bad"]}},
    )
    event.add(kinds.EVENT_VOIDED, {"reason": "never happened"})
    view = event.view()
    assert (view.date, view.values, view.household) == (None, {"cause": "flood"}, None)
    assert view.participants == ()
    assert view.voided == "never happened"


def test_an_event_amended_with_nonsense_stays_readable(event: Book) -> None:
    event.add(
        kinds.EVENT_AMENDED, {"changes": {"date": 7, "household": b"x", "type": [], "cause": 1}}
    )
    view = event.view()
    assert (view.date, view.household, view.type) == (None, None, "")


# -- documents -------------------------------------------------------------------------


@pytest.fixture
def document(world: World) -> Book:
    book = Book(world, DOCUMENT)
    book.add(
        kinds.DOCUMENT_ISSUED,
        {
            "number": "D1",
            "type": "registration",
            "person": A.bytes,
            "household": None,
            "language": "en",
            "issued": "2026-11-15",
            "expires": "2027-05-14",
            "status_index": 77,
            "credential": bytes(32),
            "qr": "later",
        },
    )
    return book


def test_a_document(document: Book, world: World) -> None:
    view = document.view()
    assert isinstance(view, DocumentView)
    assert (view.number, view.type, view.person, view.household) == ("D1", "registration", A, None)
    assert (view.language, view.issued, view.expires) == ("en", "2026-11-15", "2027-05-14")
    assert (view.status_index, view.credential) == (77, bytes(32))
    assert (view.office, view.epoch) == (world.stations[0].id, world.stations[0].epoch)
    assert (view.reprints, view.revoked) == ((), None)
    assert view.values["qr"] == "later"


def test_reprinted_and_revoked(document: Book) -> None:
    document.add(kinds.DOCUMENT_REPRINTED, {"reason": "wet"})
    document.add(kinds.DOCUMENT_REPRINTED, {"reason": "torn"})
    document.add(kinds.DOCUMENT_REVOKED, {"reason": "lost"}, by="supervisor")
    view = document.view()
    assert view.reprints == ("wet", "torn")
    assert view.revoked == "lost"
