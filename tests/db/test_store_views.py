"""The contract of views, search and what lies beside the ledger, on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from db.models import Base
from db.records import BundleRecord, MatchCase, OpenConflict
from db.store import Store
from db.viewrows import subject_type
from ledger import kinds
from ledger.chain import Receipt
from ledger.conflicts import Candidate as Side
from ledger.conflicts import Conflict
from ledger.views import DocumentView, HouseholdView, Membership, PersonView, View
from tests.db.people import START, Office, keys_of, save
from values.identifiers import BundleId, DocumentId, EntryHash, OfficeId, PersonId


def one_of(views: list[View], kind: type[View]) -> View:
    return next(view for view in views if isinstance(view, kind))


def people_of(views: list[View]) -> list[PersonView]:
    return [view for view in views if isinstance(view, PersonView)]


def document(office: Office, *, person: PersonId | None, number: str) -> DocumentView:
    return DocumentView(
        id=DocumentId(office.new_id()),
        heads=(EntryHash(office.entropy(32)),),
        first_at=START,
        last_at=START,
        values={},
        number=number,
        type="registration",
        person=person,
        household=None,
        language="en",
        issued="2026-11-15",
        expires="2027-05-15",
        status_index=7,
        credential=bytes(32),
        office=office.id,
        epoch=office.epoch,
    )


def test_views_come_back_exactly(store: Store, office: Office) -> None:
    views = save(store, office.household())
    assert {subject_type(view) for view in views} == {
        "person",
        "household",
        "event",
        "registration",
    }
    with store.read() as reader:
        for view in views:
            assert reader.view(subject_type(view), view.id) == view
        people = people_of(views)
        assert list(reader.persons([people[2].id, people[0].id])) == [people[2], people[0]]
        assert sorted(reader.persons(), key=lambda one: one.id) == sorted(
            people, key=lambda one: one.id
        )
        assert list(reader.views("household")) == [one_of(views, HouseholdView)]
        assert reader.view("person", UUID(int=1)) is None
        counts = reader.counts()
    assert (counts.persons, counts.households, counts.events, counts.registrations) == (4, 1, 1, 1)


def test_a_view_replaces_the_former_one(store: Store, office: Office) -> None:
    view = people_of(save(store, office.household()))[0]
    changed = replace(view, permanent="WST-R-0000042-17", values={"name": "Nova Orlok"})
    with store.write() as unit:
        unit.put_view(changed, keys_of(changed))
        assert unit.person(view.id) == changed
        assert unit.changes.persons == {view.id}
        assert not unit.changes.queue
    with store.read() as reader:
        assert reader.person(view.id) == changed
        assert reader.person_by_number("WST-R-0000042-17") == changed
        assert reader.person_by_number(view.number) == changed
        assert [one.id for one in reader.search_persons(["t:nova"])] == [view.id]
        gone = keys_of(view) - keys_of(changed)
        assert view.id not in {one.id for one in reader.candidates(gone)}


def test_two_persons_with_one_number_are_both_found(store: Store, office: Office) -> None:
    people = people_of(save(store, office.household()))
    twin = replace(people[1], number=people[0].number, first_at=people[0].first_at)
    with store.write() as unit:
        unit.put_view(twin, keys_of(twin))
    with store.read() as reader:
        assert {one.id for one in reader.persons_by_number(twin.number)} == {
            people[0].id,
            people[1].id,
        }


def test_families_and_what_concerns_them(store: Store, office: Office) -> None:
    save(store, office.household())
    views = save(store, office.household())
    household = one_of(views, HouseholdView)
    assert isinstance(household, HouseholdView)
    people = people_of(views)
    with store.read() as reader:
        assert reader.members(household.id) == people
        assert reader.household_of(people[0].id) == household
        assert reader.household_by_number(household.number) == household
        assert [one.id for one in reader.events_of(people[3].id)] == [
            view.id for view in views if subject_type(view) == "event"
        ]
        assert reader.events_of(household=household.id) == reader.events_of(people[0].id)
        registration = reader.registration_of(people[1].id)
        assert registration is not None
        assert registration.persons == tuple(view.id for view in people)
        assert reader.queue("recorded")[-1] == registration
        assert reader.count_queue("recorded") == 2
        assert reader.queue("recorded", limit=1)[0].first_at < registration.first_at
        assert reader.queue("approved") == []
        row = registration.source["rows"][0]
        assert reader.registration_of_row(row) == registration.id
        assert reader.registration_of_row(bytes(32)) is None
        source = registration.source
        assert reader.registrations_of_source(source["series"], source["household"]) == [
            registration
        ]
        assert reader.registered_since(registration.first_at) == (1, 4)
        assert reader.registered_since(START) == (2, 8)


def test_whoever_left_is_no_member(store: Store, office: Office) -> None:
    views = save(store, office.household(2))
    household = one_of(views, HouseholdView)
    assert isinstance(household, HouseholdView)
    first, second = household.members
    later = START + timedelta(days=1)
    back = Membership(first.person, "head", later)
    left = replace(second, left_at=later, reason="marriage")
    changed = replace(household, members=(replace(first, left_at=later), left, back))
    with store.write() as unit:
        unit.put_view(changed)
    with store.read() as reader:
        assert [one.id for one in reader.members(household.id)] == [first.person]
        assert reader.household_of(second.person) is None
        assert reader.household_of(first.person) == changed


def test_documents(store: Store, office: Office) -> None:
    people = people_of(save(store, office.household()))
    with store.read() as reader:
        assert reader.count_unprinted() == 4
    mine = document(office, person=people[0].id, number="WST-A01-K7Q-D00001-55")
    carried = replace(
        people[1],
        values={**people[1].values, "documents": [{"type": "passport", "number": "ZZ 123-456 x"}]},
    )
    with store.write() as unit:
        unit.put_view(mine)
        unit.put_view(carried, keys_of(carried))
    with store.read() as reader:
        assert reader.documents_of(people[0].id) == [mine]
        assert reader.documents_of(person=people[2].id) == []
        assert reader.document(mine.id) == mine
        assert reader.document_by_number(mine.number) == mine
        assert [one.id for one in reader.persons_of_document(mine.number)] == [people[0].id]
        assert [one.id for one in reader.by_document_number(mine.number)] == [people[0].id]
        assert [one.id for one in reader.by_document_number("zz123456X")] == [people[1].id]
        assert reader.by_document_number("--") == []
        assert reader.count_unprinted() == 3


def test_removed_views_leave_nothing(store: Store, office: Office) -> None:
    views = save(store, office.household())
    with store.write() as unit:
        for view in views:
            unit.delete_view(subject_type(view), view.id)
    with store.read() as reader:
        counts = reader.counts()
        assert counts.entries == 7
        for table in Base.metadata.sorted_tables:
            if table.name in FOLDED:
                rows = reader.connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}")  # noqa: S608 - our own names
                assert rows.scalar() == 0, table.name


FOLDED = {
    "persons",
    "households",
    "members",
    "events",
    "participants",
    "documents",
    "registrations",
    "attendees",
    "sources",
    "search_keys",
    "conflicts",
}


def test_a_rebuild_begins_with_nothing_but_stubs(store: Store, office: Office) -> None:
    people = people_of(save(store, office.household()))
    stub = replace(people[0], values={})
    with store.write() as unit:
        unit.put_view(stub, ["s:stub"], stub=True)
    with store.write() as unit:
        unit.clear_views()
        assert [view.id for view in unit.persons()] == [stub.id]
        assert [one.id for one in unit.candidates(["s:stub"])] == [stub.id]
    with store.read() as reader:
        counts = reader.counts()
        assert (counts.persons, counts.households, counts.registrations) == (1, 0, 0)
        assert reader.candidates(keys_of(people[1])) == []
        assert reader.candidates(["s:stub"])[0].stub


def test_open_conflicts_are_listed(store: Store, office: Office) -> None:
    view = people_of(save(store, office.household()))[0]
    sides = tuple(
        Side(EntryHash(bytes([at]) * 32), {"sex": sex}, office.author, START + timedelta(days=at))
        for at, sex in enumerate("FM")
    )
    torn = replace(view, conflicts=(Conflict("sex", ("sex",), sides, True),))
    with store.write() as unit:
        unit.put_view(torn, keys_of(torn))
        assert unit.conflicts() == [
            OpenConflict("person", view.id, "sex", START + timedelta(days=1))
        ]
        assert unit.changes.conflicts
    with store.read() as reader:
        assert reader.person(view.id) == torn
        assert reader.counts().conflicts == 1
    with store.write() as unit:
        unit.put_view(view, keys_of(view))
    with store.read() as reader:
        assert reader.conflicts() == []


def test_search_follows_rare_keys_first(store: Store, office: Office) -> None:
    view = people_of(save(store, office.household()))[0]
    crowd = [
        replace(view, id=PersonId(office.new_id()), number=f"N{at}", permanent=None)
        for at in range(60)
    ]
    with store.write() as unit:
        for at, one in enumerate(crowd):
            unit.put_view(one, ["t:common", f"t:rare{at}", "s:kmn" if at < 5 else "s:oth"])
    with store.read() as reader:
        found = reader.candidates(["t:common", "t:rare7"], limit=10)
        assert found[0].id == crowd[7].id
        assert found[0].keys == 2
        assert len(found) == 10
        assert found[0].weight > found[1].weight
        assert found[0].name == view.values["name"]
        assert [one.id for one in reader.candidates(["t:rare1*"])] != []
        prefixed = {one.id for one in reader.candidates(["t:rare1*"])}
        assert prefixed == {crowd[at].id for at in (1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)}
        assert len(reader.candidates(["s:kmn"])) == 5
        assert reader.candidates([]) == []
        assert reader.candidates(["t:nobody"]) == []
        assert reader.search_persons(["t:rare7"]) == [crowd[7]]


def test_search_stops_at_its_budget(
    store: Store, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sync 1 (l): a search that ranks everything alike grows with the number of people."""
    monkeypatch.setattr("db.search.POSTINGS", 20)
    monkeypatch.setattr("db.search.BUDGET", 25)
    view = people_of(save(store, office.household()))[0]
    with store.write() as unit:
        for at in range(50):
            one = replace(view, id=PersonId(office.new_id()), number=f"N{at}")
            unit.put_view(one, ["t:aa", "t:bb", "t:cc"])
    with store.read() as reader:
        found = reader.candidates(["t:aa", "t:bb", "t:cc"], limit=100)
    assert len(found) == 20
    # The keys beyond the budget still say what they know of those who were found.
    assert {one.keys for one in found} == {3}


def test_drafts(store: Store) -> None:
    with store.write() as unit:
        unit.save_draft("one", START, b"as typed")
        unit.save_draft("two", START + timedelta(minutes=1), b"also")
        unit.save_draft("one", START + timedelta(minutes=2), b"typed on")
        assert unit.changes.drafts
    with store.read() as reader:
        assert [draft.id for draft in reader.drafts()] == ["one", "two"]
        assert reader.draft("one") == b"typed on"
        assert reader.drafts()[0].at == START + timedelta(minutes=2)
        assert reader.draft("three") is None
        assert "typed" not in repr(reader.drafts())
    with store.write() as unit:
        unit.delete_draft("one")
        unit.delete_draft("three")
    with store.read() as reader:
        assert [draft.id for draft in reader.drafts()] == ["two"]


def test_settings_and_counters(store: Store) -> None:
    with store.write() as unit:
        unit.put_setting("office", b"\0\1")
        unit.put_setting("office", b"\2")
        unit.put_setting("office/key", b"\3")
        assert unit.setting("office") == b"\2"
        assert unit.setting("absent") is None
        assert [unit.next_counter("number/P/K7Q") for _ in range(3)] == [1, 2, 3]
        unit.raise_counter("number/H/K7Q", 10)
        unit.raise_counter("number/H/K7Q", 5)
        assert unit.next_counter("number/H/K7Q") == 11
        assert unit.changes.settings
    with store.read() as reader:
        assert reader.settings("office") == {"office": b"\2", "office/key": b"\3"}
        assert reader.settings("office/") == {"office/key": b"\3"}
        assert reader.counter("number/P/K7Q") == 3
        assert reader.counter("number/D/K7Q") == 0
    with pytest.raises(RuntimeError), store.write() as unit:
        assert unit.next_counter("number/P/K7Q") == 4
        raise RuntimeError
    with store.write() as unit:
        assert unit.next_counter("number/P/K7Q") == 4
        unit.delete_setting("office")
        assert unit.setting("office") is None


def test_receipts(store: Store, office: Office) -> None:
    first = Receipt(office.id, office.epoch, 5, EntryHash(bytes(32)))
    second = replace(first, sequence=9, hash=EntryHash(bytes([1]) * 32))
    other = replace(first, office=OfficeId(office.new_id()))
    with store.write() as unit:
        for receipt in (first, second, other, first):
            unit.add_receipt(receipt, notice=3)
    with store.read() as reader:
        assert reader.receipt(office.id, office.epoch) == second
        assert reader.receipt(office.id, bytes(8)) is None
        assert reader.receipts(office.id) == [first, second]
        assert len(reader.receipts()) == 3


def test_bundles_and_notices(store: Store, office: Office) -> None:
    bundle = BundleRecord(
        id=BundleId(office.new_id()),
        office=office.id,
        at=START,
        state="staged",
        epoch=office.epoch,
        first=1,
        last=9,
        details={"parts": 2},
    )
    later = replace(bundle, id=BundleId(office.new_id()), at=START + timedelta(days=1), epoch=None)
    with store.write() as unit:
        unit.put_bundle(bundle)
        unit.put_bundle(later)
        unit.put_bundle(replace(bundle, state="admitted"))
        unit.put_notice(office.id, 1, START, b"first")
        unit.put_notice(office.id, 2, START, b"second")
    with store.read() as reader:
        assert reader.bundle(bundle.id) == replace(bundle, state="admitted")
        assert [one.id for one in reader.bundles(office=office.id)] == [later.id, bundle.id]
        assert reader.bundles(office=OfficeId(UUID(int=1))) == []
        notice = reader.notice(office.id, 2)
        assert notice is not None
        assert (notice.data, notice.at) == (b"second", START)
        assert [one.number for one in reader.notices(office.id)] == [1, 2]
        assert reader.last_notice(office.id) == 2
        assert reader.last_notice(OfficeId(UUID(int=1))) == 0
        assert reader.notice(office.id, 3) is None


def test_audit(store: Store, office: Office) -> None:
    subject = ("person", office.new_id())
    with store.write() as unit:
        unit.audit(at=START, user=office.author, act="opened")
        unit.audit(
            at=START, user=office.author, act="sealed.read", subject=subject, detail="care plan"
        )
    with store.read() as reader:
        last, first = reader.audit_lines()
        assert (last.act, last.subject, last.detail) == ("sealed.read", subject, "care plan")
        assert (first.position, first.subject, first.user) == (1, None, office.author)
        assert reader.audit_lines(limit=1) == [last]
        assert reader.audit_lines(before=last.position) == [first]


def test_match_cases(store: Store, office: Office) -> None:
    one, two, three = (PersonId(office.new_id()) for _ in range(3))
    with store.write() as unit:
        unit.put_match_case(MatchCase(two, one, "proposed", 910, START, {"why": ["name"]}))
        unit.put_match_case(MatchCase(one, three, "proposed", 950, START))
        unit.put_match_case(MatchCase(two, three, "different", 700, START))
        assert unit.changes.matches
    with store.read() as reader:
        case = reader.match_case(one, two)
        assert case == reader.match_case(two, one)
        assert case is not None
        assert case.details == {"why": ["name"]}
        assert [found.score for found in reader.match_cases("proposed")] == [950, 910]
        assert len(reader.match_cases_of(three)) == 2
        assert reader.match_case(one, PersonId(office.new_id())) is None


def test_certificates_of_admitted_entries_are_found(store: Store, office: Office) -> None:
    certificate = office.certificate()
    issued = office.say(
        kinds.CERTIFICATE_ISSUED,
        ("user", certificate.subject_id),
        {"certificate": certificate.data},
    )
    unreadable = office.say(
        kinds.CERTIFICATE_ISSUED, ("user", office.new_id()), {"certificate": b"nonsense"}
    )
    with store.write() as unit:
        unit.append(issued, state="quarantined", reason="stranger")
        unit.append(unreadable)
    with store.read() as reader:
        assert reader.certificates() == []
    with store.write() as unit:
        unit.set_state([issued.hash], "admitted")
    with store.read() as reader:
        assert reader.certificate(certificate.hash) == certificate
        assert reader.users(office.id) == [certificate]
        assert reader.user_name(certificate.user) == "officer-1"
        assert reader.revoked(certificate.hash) is None
    with store.write() as unit:
        unit.append(
            office.say(
                kinds.CERTIFICATE_REVOKED,
                ("user", certificate.subject_id),
                {"certificate": certificate.hash, "reason": "left"},
            )
        )
    with store.read() as reader:
        assert reader.users() == []
        assert reader.certificate(certificate.hash) == certificate
        assert reader.revoked(certificate.hash) == "left"
        assert reader.user_name(certificate.user) == "officer-1"


def test_changes_say_what_was_touched(store: Store, office: Office) -> None:
    with store.write() as unit:
        assert not unit.changes
        unit.next_counter("number/P")
        assert not unit.changes
        unit.put_setting("office", b"")
        assert unit.changes
    entries = office.household()
    with store.write() as unit:
        for entry in entries:
            unit.append(entry)
        assert unit.changes.entries == 7
        assert not unit.changes.queue
