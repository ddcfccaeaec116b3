"""A station whose program was changed speaks about another station's records.

People move, so amendments stand; what only the record's own office or the registry may say does
not, and what it says cannot stop or change the trust list for anybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from documents.trust import load_trust
from ledger import authority, kinds
from ledger.entry import Subject
from ledger.status import SIZE
from ledger.views import DocumentView, RegistrationView
from registry import decide, numbered, queues, trust
from station import printing
from tests import paperwork
from tests.neighbours import changed_program, neighbour
from tests.places import START, Site, environment, families
from workspace import care, papers

Told = tuple[str, Subject, dict[str, Any], tuple[Any, ...]]
Say = Callable[["Known"], Told]


class Known:
    """What the other station has learned of the first one's records: ids and heads."""

    def __init__(self, registration: RegistrationView, document: DocumentView) -> None:
        self.registration = registration
        self.document = document
        self.person = registration.persons[0]


@pytest.fixture
def known(busy_site: Site) -> Known:
    """The first station's records, registered nowhere yet but known at the registry."""
    with busy_site.at_station("officer") as session:
        with session.store.read() as reader:
            person = next(iter(reader.persons())).id
        paperwork.issue(session, [printing.Target("registration", person)], language="en")
    assert busy_site.admit(busy_site.send(), notice=False).quarantined == 0
    with busy_site.at_registry() as session, session.store.read() as reader:
        (document,) = reader.views("document")
        registration = reader.registration_of(person)
        assert registration is not None
        return Known(registration, document)


def say(site: Site, folder: Path, user: str, told: Told) -> None:
    """The changed program signs one entry."""
    kind, subject, body, base = told
    with changed_program(site, folder, user) as session, session.act() as act:
        act.say(kind, subject, body, base=base)


def aside(site: Site) -> dict[str, str]:
    """Kind and code of what was put aside at the registry."""
    with site.at_registry() as session:
        return {row.kind: row.code for row in queues.aside(session)}


def problems(site: Site) -> tuple[str, ...]:
    """What `check` says at the registry."""
    with site.at_registry() as session:
        return care.check(session).problems


def _approve(known: Known) -> Told:
    view = known.registration
    return kinds.REGISTRATION_APPROVED, Subject("registration", view.id), {}, view.heads


def _return(known: Known) -> Told:
    view = known.registration
    body = {"reason": "not ours"}
    return kinds.REGISTRATION_RETURNED, Subject("registration", view.id), body, view.heads


def _submit(known: Known) -> Told:
    view = known.registration
    subject = Subject("registration", view.id)
    return kinds.REGISTRATION_SUBMITTED, subject, dict(view.values), view.heads


def _void(known: Known) -> Told:
    return kinds.PERSON_VOIDED, Subject("person", known.person), {"reason": "x"}, ()


def _register(known: Known) -> Told:
    body = {"number": "WST-A01-K7Q-P00042-46", "values": {"name": "Overwritten Name"}}
    return kinds.PERSON_REGISTERED, Subject("person", known.person), body, ()


def _household(known: Known) -> Told:
    body: dict[str, Any] = {"number": "WST-A01-K7Q-H00042-46", "values": {}, "members": []}
    return kinds.HOUSEHOLD_REGISTERED, Subject("household", known.registration.household), body, ()


def _revoke(known: Known) -> Told:
    return kinds.DOCUMENT_REVOKED, Subject("document", known.document.id), {"reason": "lost"}, ()


def _reprint(known: Known) -> Told:
    return kinds.DOCUMENT_REPRINTED, Subject("document", known.document.id), {"reason": "x"}, ()


def issued(person: UUID, **changes: Any) -> dict[str, Any]:
    """The body of an issued document."""
    return {
        "number": "WST-A02-K7Q-D00001-46",
        "type": "registration",
        "person": person.bytes,
        "household": None,
        "language": "en",
        "issued": "2026-11-15",
        "expires": "2027-11-15",
        "status_index": 5,
        "credential": bytes(32),
        **changes,
    }


def _issue(known: Known) -> Told:
    return kinds.DOCUMENT_ISSUED, Subject("document", known.document.id), issued(known.person), ()


def _event(known: Known) -> Told:
    body: dict[str, Any] = {
        "type": "flight", "date": None, "values": {}, "participants": [], "household": None,
    }  # fmt: skip
    return kinds.EVENT_RECORDED, Subject("event", UUID(int=7)), body, ()


@pytest.mark.parametrize(
    ("user", "tell", "code"),
    [
        ("supervisor", _approve, authority.NOT_ITS_OFFICE),
        ("supervisor", _return, authority.NOT_ITS_OFFICE),
        ("supervisor", _void, authority.NOT_ITS_OFFICE),
        ("officer", _revoke, authority.NOT_ITS_OFFICE),
        ("officer", _reprint, authority.NOT_ITS_OFFICE),
        ("officer", _submit, authority.TAKEN),
        ("officer", _register, authority.TAKEN),
        ("officer", _household, authority.TAKEN),
        ("officer", _issue, authority.TAKEN),
    ],
)
def test_another_stations_record_is_not_undone(
    busy_site: Site, known: Known, user: str, tell: Say, code: str
) -> None:
    second = neighbour(busy_site)
    told = tell(known)
    with busy_site.at_registry() as session, session.store.read() as reader:
        before = reader.view(told[1].type, told[1].id)
    say(busy_site, second, user, told)
    done = busy_site.admit(busy_site.send(folder=second))
    assert done.quarantined == 1
    assert aside(busy_site) == {told[0]: code}
    assert authority.SENTENCES[code] in " ".join(done.reasons)
    with busy_site.at_registry() as session, session.store.read() as reader:
        assert reader.view(told[1].type, told[1].id) == before
    assert problems(busy_site) == ()


@pytest.mark.parametrize(("user", "tell"), [("officer", _register), ("officer", _issue)])
def test_nor_does_the_own_station_make_a_record_twice(
    busy_site: Site, known: Known, user: str, tell: Say
) -> None:
    told = tell(known)
    say(busy_site, busy_site.station, user, told)
    assert busy_site.admit(busy_site.send()).quarantined == 1
    assert aside(busy_site) == {told[0]: authority.TAKEN}


def test_another_stations_people_are_not_handed_in(busy_site: Site, known: Known) -> None:
    """A registration of another station's people would have stood before their own: whoever was
    reviewed there waited for a review here, or had been sent back."""
    second = neighbour(busy_site)
    with changed_program(busy_site, second, "officer") as session, session.act() as act:
        body = {**known.registration.values, **_named(known)}
        act.say(kinds.REGISTRATION_SUBMITTED, Subject("registration", act.id), body)
    assert busy_site.admit(busy_site.send(folder=second)).quarantined == 1
    assert aside(busy_site) == {kinds.REGISTRATION_SUBMITTED: authority.NOT_ITS_OFFICE}
    with busy_site.at_registry() as session, session.store.read() as reader:
        for person in known.registration.persons:
            found = reader.registration_of(person)
            assert found is not None and found.id == known.registration.id
            assert found.status == "approved"
    assert problems(busy_site) == ()


def test_another_stations_numbers_are_not_given(busy_site: Site, known: Known) -> None:
    """A paper under another station's number, written with a clock set back, would have been found
    and withdrawn instead of the one that was lost."""
    second = neighbour(busy_site)
    with busy_site.at_registry() as session, session.store.read() as reader:
        body = dict(reader.entries_of("document", known.document.id)[0].body or {})
        person = reader.person(known.person)
        assert person is not None
    earlier = replace(busy_site, env=environment(busy_site.state, at=START - timedelta(days=3650)))
    with changed_program(earlier, second, "officer") as session:
        for kind, about, told in (
            (kinds.DOCUMENT_ISSUED, "document", body),
            (kinds.PERSON_REGISTERED, "person", {"number": person.number, "values": {}}),
            (kinds.PERSON_REGISTERED, "person", {"number": "WST-R-0000042-56", "values": {}}),
        ):
            with session.act() as act:
                act.say(kind, Subject(about, act.new_id()), told)
    assert busy_site.admit(busy_site.send(folder=second)).quarantined == 3
    assert set(aside(busy_site).values()) == {numbered.ELSEWHERE}
    with busy_site.at_registry() as session:
        assert papers.by_number(session, known.document.number).id == known.document.id
    assert problems(busy_site) == ()


def test_nor_before_they_are_known(busy_site: Site) -> None:
    """The other station's bundle comes first: it waits, and is refused once they are here."""
    second = neighbour(busy_site)
    with busy_site.at_station() as session, session.store.read() as reader:
        (theirs, *_) = reader.views("registration")
        assert isinstance(theirs, RegistrationView)
    with changed_program(busy_site, second, "officer") as session, session.act() as act:
        body = {**theirs.values, "household": bytes(16), "persons": [theirs.persons[0].bytes]}
        act.say(kinds.REGISTRATION_SUBMITTED, Subject("registration", act.id), body)
    assert busy_site.admit(busy_site.send(folder=second)).quarantined == 1
    assert aside(busy_site) == {kinds.REGISTRATION_SUBMITTED: authority.OWNER_UNKNOWN}
    assert busy_site.admit(busy_site.send()).quarantined == 0
    with busy_site.at_registry() as session, session.store.read() as reader:
        found = reader.registration_of(theirs.persons[0])
        assert found is not None and found.id == theirs.id


def _named(known: Known) -> dict[str, Any]:
    view = known.registration
    return {"household": view.household.bytes, "persons": [one.bytes for one in view.persons]}


def test_what_is_said_before_the_record_is_known_waits(busy_site: Site) -> None:
    """The other station's bundle comes first: nobody can tell whose the record is."""
    second = neighbour(busy_site)
    with busy_site.at_station("officer") as session, session.store.read() as reader:
        view = reader.queue("approved")[0]
    told = (
        kinds.PERSON_VOIDED, Subject("person", view.persons[0]), {"reason": "x"}, (),
    )  # fmt: skip
    say(busy_site, second, "supervisor", told)
    bundle = busy_site.send(folder=second)
    busy_site.admit(bundle, notice=False)
    assert aside(busy_site) == {kinds.PERSON_VOIDED: authority.OWNER_UNKNOWN}
    assert busy_site.admit(busy_site.send(), notice=False).quarantined == 0
    # Judged anew when it comes again, and found wanting still.
    assert busy_site.admit(bundle, notice=False).admitted == 0
    with busy_site.at_registry() as session, session.store.read() as reader:
        person = reader.person(view.persons[0])
        assert person is not None
        assert person.voided is None


def test_amendments_by_another_station_stand(busy_site: Site, known: Known) -> None:
    """People move: the station where they are now mends what it knows better.

    MOSIP 732: what one kind of machine took in cannot be corrected on another.
    """
    second = neighbour(busy_site)
    subject = Subject("person", known.person)
    with busy_site.at_registry() as session, session.store.read() as reader:
        person = reader.person(known.person)
        assert person is not None
    say(
        busy_site, second, "officer",
        (
            kinds.PERSON_AMENDED, subject,
            {"changes": {"phone": "+999550100011"}, "reason": None}, person.heads,
        ),
    )  # fmt: skip
    say(busy_site, second, "officer", _event(known))
    assert busy_site.admit(busy_site.send(folder=second)).quarantined == 0
    with busy_site.at_registry() as session, session.store.read() as reader:
        person = reader.person(known.person)
        assert person is not None
        assert person.values["phone"] == "+999550100011"


def test_the_own_office_and_the_registry_still_may(busy_site: Site, known: Known) -> None:
    with busy_site.at_station("officer") as session:
        papers.withdraw(session, known.document.id, code="lost")
    assert busy_site.admit(busy_site.send()).quarantined == 0
    with busy_site.at_registry() as session, session.act() as act:
        act.say(
            kinds.REGISTRATION_RETURNED,
            Subject("registration", known.registration.id),
            {"reason": "see the family again"},
            base=known.registration.heads,
        )
    assert problems(busy_site) == ()


# The trust list


def revoked_bits(site: Site) -> int:
    """How many documents the registry's trust list calls revoked."""
    out = site.folder / "trust.wst"
    with site.at_registry("administrator") as session:
        trust.export(session, out, jwks=False)
    load_trust(out.read_bytes(), root=None)
    with site.at_registry("administrator") as session, session.store.write() as unit:
        return sum(one.bits.count() for one in trust.refresh(session, unit).status_lists)


def test_another_stations_revocation_does_not_count(busy_site: Site, known: Known) -> None:
    second = neighbour(busy_site)
    say(busy_site, second, "officer", _revoke(known))
    busy_site.admit(busy_site.send(folder=second))
    assert revoked_bits(busy_site) == 0
    # Even when a registrar lets it stand by mistake: then `check` says so.
    with busy_site.at_registry() as session:
        (row,) = queues.aside(session)
        assert decide.release(session, [row.entry], reason="by mistake") == 1
    assert revoked_bits(busy_site) == 0
    (problem,) = problems(busy_site)
    assert "revocation" in problem


@pytest.mark.parametrize("index", [SIZE, 2**20, 2**63, 2**64 - 1])
def test_a_status_index_outside_its_list_is_put_aside(busy_site: Site, index: int) -> None:
    second = neighbour(busy_site)
    document = Subject("document", UUID(int=9))
    body = issued(UUID(int=8), status_index=index)
    with changed_program(busy_site, busy_site.station, "officer") as session, session.act() as act:
        act.say(kinds.DOCUMENT_ISSUED, document, body)
        act.say(kinds.DOCUMENT_REVOKED, document, {"reason": "x"})
    busy_site.admit(busy_site.send())
    assert aside(busy_site)[kinds.DOCUMENT_ISSUED] == "body"
    # Everybody else goes on.
    busy_site.take_in(families(1, first=50), name="b.csv", folder=second)
    assert busy_site.admit(busy_site.send(folder=second)).quarantined == 0
    assert revoked_bits(busy_site) == 0


def test_a_bad_record_that_was_admitted_once_stops_nobody(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older program admitted it: the list leaves it out, and `check` says which."""
    document = Subject("document", UUID(int=9))
    with changed_program(busy_site, busy_site.station, "officer") as session, session.act() as act:
        act.say(kinds.DOCUMENT_ISSUED, document, issued(UUID(int=8), status_index=2**20))
        act.say(kinds.DOCUMENT_REVOKED, document, {"reason": "x"})
    rule = kinds.RULES[kinds.DOCUMENT_ISSUED]
    with monkeypatch.context() as older:
        lenient = {**rule.body, "status_index": lambda value: isinstance(value, int)}
        older.setattr(
            kinds,
            "RULES",
            {
                **kinds.RULES,
                kinds.DOCUMENT_ISSUED: kinds.KindRule(
                    rule.subjects, rule.roles, rule.offices, lenient
                ),
            },
        )
        assert busy_site.admit(busy_site.send(), notice=False).quarantined == 0
    assert revoked_bits(busy_site) == 0
    assert any("lack something" in one or "lacks" in one for one in problems(busy_site))
