"""Whose record it is: one office makes it, others amend it, and none but its own undoes it."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from ledger import authority, kinds
from ledger.authority import (
    NOT_ALONE,
    NOT_ITS_OFFICE,
    OWNER_UNKNOWN,
    TAKEN,
    fault,
    faults,
    revoked_index,
)
from ledger.certificate import OfficeType, Role
from ledger.entry import Entry, Subject
from ledger.status import SIZE
from tests.ledger.builders import Office, World, uuid

DOCUMENT = Subject(kinds.DOCUMENT, uuid("document"))
ISSUED: dict[str, Any] = {
    "number": "D1",
    "type": "registration",
    "person": None,
    "household": None,
    "language": "en",
    "issued": "2026-11-15",
    "expires": "2027-11-15",
    "status_index": 5,
    "credential": bytes(32),
}
FOUNDED = {
    kinds.PERSON_REGISTERED: kinds.PERSON,
    kinds.HOUSEHOLD_REGISTERED: kinds.HOUSEHOLD,
    kinds.EVENT_RECORDED: kinds.EVENT,
    kinds.REGISTRATION_SUBMITTED: kinds.REGISTRATION,
    kinds.DOCUMENT_ISSUED: kinds.DOCUMENT,
}
UNDONE = {
    kinds.REGISTRATION_APPROVED: kinds.REGISTRATION_SUBMITTED,
    kinds.REGISTRATION_RETURNED: kinds.REGISTRATION_SUBMITTED,
    kinds.PERSON_VOIDED: kinds.PERSON_REGISTERED,
    kinds.EVENT_VOIDED: kinds.EVENT_RECORDED,
    kinds.EVENT_AMENDED: kinds.EVENT_RECORDED,
    kinds.DOCUMENT_REVOKED: kinds.DOCUMENT_ISSUED,
    kinds.DOCUMENT_REPRINTED: kinds.DOCUMENT_ISSUED,
}


def said(office: Office, kind: str, subject: Subject, **more: Any) -> Entry:
    """One entry of an office; what it says does not matter here."""
    by = "registrar" if office.type is OfficeType.REGISTRY else "officer"
    return office.write(kind, subject, {}, by=by, **more)


@pytest.mark.parametrize("kind", FOUNDED)
def test_a_record_is_made_once(world: World, kind: str) -> None:
    own, other = world.stations[:2]
    subject = Subject(FOUNDED[kind], uuid(kind))
    first = said(own, kind, subject)
    assert fault(first.header, []) is None
    for office in (own, other):
        second = said(office, kind, subject)
        assert fault(second.header, [first]) == TAKEN
        assert list(faults([first, second])) == [(second, TAKEN)]


def test_a_registration_is_submitted_again_by_its_own_office_alone(world: World) -> None:
    own, other = world.stations[:2]
    subject = Subject(kinds.REGISTRATION, uuid("registration"))
    first = said(own, kinds.REGISTRATION_SUBMITTED, subject)
    returned = said(own, kinds.REGISTRATION_RETURNED, subject, base=[first])
    again = said(own, kinds.REGISTRATION_SUBMITTED, subject, base=[returned])
    assert fault(again.header, [first, returned]) is None
    for arrived in permutations([first, returned, again]):
        assert list(faults(arrived)) == []
    assert fault(again.header, []) == OWNER_UNKNOWN
    theirs = said(other, kinds.REGISTRATION_SUBMITTED, subject, base=[returned])
    assert fault(theirs.header, [first, returned]) == TAKEN
    # A registry that was restored has lost its word that sent it back: it may be heard of again,
    # and a registrar may let it in. Another office's is never its to make.
    assert fault(again.header, [first]) == OWNER_UNKNOWN
    assert fault(theirs.header, [first]) == TAKEN


@pytest.mark.parametrize("kind", UNDONE)
def test_the_own_office_and_the_registry_undo_it(world: World, kind: str) -> None:
    own, other = world.stations[:2]
    subject = Subject(FOUNDED[UNDONE[kind]], uuid(kind))
    first = said(own, UNDONE[kind], subject)
    assert fault(said(own, kind, subject).header, [first]) is None
    assert fault(said(other, kind, subject).header, [first]) == NOT_ITS_OFFICE
    assert fault(said(own, kind, subject).header, []) == OWNER_UNKNOWN
    registry = fault(said(world.registry, kind, subject).header, [first])
    assert registry == (NOT_ITS_OFFICE if kind == kinds.REGISTRATION_APPROVED else None)
    # Where the order of arrival tells nothing, not knowing the record is no fault.
    assert list(faults([said(other, kind, subject)])) == []


def test_an_officer_withdraws_no_event_alone(world: World) -> None:
    own = world.stations[0]
    event, proposal = Subject(kinds.EVENT, uuid("event")), Subject(kinds.EVENT, uuid("proposal"))
    recorded = own.write(kinds.EVENT_RECORDED, event, {"type": "death"})
    proposed = own.write(kinds.EVENT_RECORDED, proposal, {"type": kinds.CORRECTION})
    theirs = own.write(kinds.EVENT_RECORDED, proposal, {"type": kinds.CORRECTION}, by="supervisor")
    for kind in (kinds.EVENT_VOIDED, kinds.EVENT_AMENDED):
        said_ = said(own, kind, event).header
        assert fault(said_, [recorded], Role.OFFICER) == NOT_ALONE
        assert fault(said_, [recorded], Role.SUPERVISOR) is None
    withdrawn = said(own, kinds.EVENT_VOIDED, proposal)
    assert fault(withdrawn.header, [proposed], Role.OFFICER) is None
    assert fault(withdrawn.header, [theirs], Role.OFFICER) == NOT_ALONE
    assert list(faults([recorded, said(own, kinds.EVENT_AMENDED, event)])) == []
    amended = said(own, kinds.EVENT_AMENDED, event)
    assert list(faults([recorded, amended], lambda entry: Role.OFFICER)) == [(amended, NOT_ALONE)]


def test_the_record_is_known_by_its_header_when_its_body_is_gone(world: World) -> None:
    own, other = world.stations[:2]
    subject = Subject(kinds.PERSON, uuid("erased"))
    first = said(own, kinds.PERSON_REGISTERED, subject).without_body()
    voided = said(other, kinds.PERSON_VOIDED, subject)
    assert fault(voided.header, [first]) == NOT_ITS_OFFICE


def test_anybody_amends(world: World) -> None:
    own, other = world.stations[:2]
    subject = Subject(kinds.PERSON, uuid("moved"))
    first = said(own, kinds.PERSON_REGISTERED, subject)
    for kind in (kinds.PERSON_AMENDED, kinds.PERSON_CORRECTED, kinds.CONFLICT_RESOLVED):
        amended = said(other, kind, subject)
        assert not authority.concerns(amended.header)
        assert fault(amended.header, [first]) is None


def test_which_revocation_marks_a_bit(world: World) -> None:
    own, other = world.stations[:2]

    def issued(**changes: Any) -> Entry:
        return own.write(kinds.DOCUMENT_ISSUED, DOCUMENT, {**ISSUED, **changes})

    document = issued()
    mine, theirs, registrys = (
        said(office, kinds.DOCUMENT_REVOKED, DOCUMENT) for office in (own, other, world.registry)
    )
    assert revoked_index(mine, document) == 5
    assert revoked_index(registrys, document) == 5
    assert revoked_index(theirs, document) is None
    assert revoked_index(mine, document.without_body()) is None
    assert revoked_index(mine, mine) is None
    for index in (SIZE, 2**63, -1, True, "5", None):
        assert revoked_index(mine, issued(status_index=index)) is None
    assert revoked_index(mine, issued(status_index=SIZE - 1)) == SIZE - 1


def test_every_code_has_a_sentence() -> None:
    assert set(authority.SENTENCES) == {TAKEN, NOT_ITS_OFFICE, OWNER_UNKNOWN, NOT_ALONE}
