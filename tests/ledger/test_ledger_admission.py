from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger import cose, kinds
from ledger.admission import (
    SENTENCES,
    Accept,
    Hold,
    Known,
    Outcome,
    Quarantine,
    Revocation,
    check_alone,
    check_entry,
)
from ledger.certificate import DOMAIN, Certificate, OfficeType, Role, SubjectKind
from ledger.chain import Head, Receipt
from ledger.entry import Entry, Subject, read
from tests.ledger.builders import Office, Person, World, certified, key, uuid
from values.identifiers import OfficeId

PERSON = Subject(kinds.PERSON, uuid("person"))
BORN = {"number": "P1", "values": {"name": "Amal"}}


class Desk:
    """Checks the entries of one office against a head that it keeps."""

    def __init__(self, world: World, office: Office) -> None:
        self.world, self.office = world, office
        self.certificates = world.certificates
        self.head: Head | None = None
        self.revocations: list[Revocation] = []

    def check(self, entry: Entry, **more: Any) -> Outcome:
        outcome = check_entry(
            entry,
            self.certificates,
            self.world.root.public,
            self.head,
            self.revocations,
            **more,
        )
        if isinstance(outcome, Accept):
            self.head = outcome.head
        return outcome

    def code(self, entry: Entry, **more: Any) -> str | None:
        outcome = self.check(entry, **more)
        return outcome.code if isinstance(outcome, Quarantine) else None


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, world.stations[0])


def register(office: Office, /, **changes: Any) -> Entry:
    return office.write(kinds.PERSON_REGISTERED, PERSON, BORN, **changes)


def test_a_chain_is_accepted_and_then_known(desk: Desk) -> None:
    entries = [desk.office.begin(), register(desk.office), register(desk.office)]
    for entry in entries:
        assert desk.check(entry) == Accept(Head.of(entry))
    assert desk.check(entries[2]) == Known()
    assert desk.check(entries[1], standing=entries[1].hash) == Known()


def test_the_caller_says_what_stands_at_an_earlier_place(desk: Desk) -> None:
    entries = [desk.office.begin(), register(desk.office)]
    for entry in entries:
        desk.check(entry)
    with pytest.raises(ValueError, match="stands"):
        desk.check(entries[0])


def test_a_gap_is_held(desk: Desk) -> None:
    desk.check(desk.office.begin())
    missing, later = register(desk.office), register(desk.office)
    assert desk.check(later) == Hold(2)
    desk.check(missing)
    assert isinstance(desk.check(later), Accept)


def test_a_fork_is_quarantined_from_its_first_differing_place(desk: Desk) -> None:
    begun, one, two = desk.office.begin(), register(desk.office), register(desk.office)
    for entry in (begun, one, two):
        desk.check(entry)
    desk.office.head = Head.of(begun)
    clone_one, clone_two, clone_three = (register(desk.office) for _ in range(3))
    assert desk.check(clone_one, standing=one.hash) == Quarantine("fork")
    assert desk.check(clone_two) == Quarantine("fork")
    assert desk.check(clone_three) == Quarantine("broken_link")
    assert desk.head == Head.of(two)


def test_a_false_signature_is_not_called_a_fork(desk: Desk) -> None:
    begun, one = desk.office.begin(), register(desk.office)
    desk.check(begun)
    desk.check(one)
    desk.office.head = Head.of(begun)
    assert desk.code(register(desk.office, key=key("mallory"))) == "signature"


def test_an_entry_in_question_still_moves_the_chain(desk: Desk) -> None:
    desk.check(desk.office.begin())
    wrong = register(desk.office, key=key("mallory"))
    outcome = desk.check(wrong)
    assert outcome == Quarantine("signature", Head.of(wrong))
    assert isinstance(outcome, Quarantine)
    desk.head = outcome.head
    assert isinstance(desk.check(register(desk.office)), Accept)


def test_who_signed(desk: Desk) -> None:
    office = desk.office
    second = office.users["second"]
    cases: dict[str, dict[str, Any]] = {
        "certificate_unknown": {"certificate": bytes(32)},
        "signature": {"key": second.key},
        "author": {"author": second.id},
    }
    for code, changes in cases.items():
        office.head = None
        assert desk.code(register(office, **changes)) == code


def test_whose_certificate(desk: Desk) -> None:
    office, trust = desk.office, desk.world.trust
    foreign = desk.world.stations[1].users["officer"]
    borrowed: list[dict[str, Any]] = [
        {"author": foreign.id, "certificate": foreign.certificate.hash, "key": foreign.key},
        {"office_type": OfficeType.REGISTRY},
        {
            "author": trust.subject_id,
            "certificate": trust.hash,
            "key": desk.world.trust_key,
            "office": desk.world.registry.id,
            "office_type": OfficeType.REGISTRY,
        },
    ]
    for changes in borrowed:
        office.head = None
        assert desk.code(register(office, **changes)) == "author"


def test_a_certificate_that_does_not_lead_to_the_root(desk: Desk) -> None:
    officer = desk.office.users["officer"]
    payload = cose.parse1(officer.certificate.data).payload
    forged = Certificate.from_bytes(cose.sign1(payload, key("mallory"), external_aad=DOMAIN))
    desk.certificates[forged.hash] = forged
    assert desk.code(register(desk.office, certificate=forged.hash)) == "certificate"
    del desk.certificates[desk.office.administrator.certificate.hash]
    desk.office.head = None
    assert desk.code(register(desk.office)) == "certificate"


@pytest.mark.parametrize(
    ("kind", "by", "subject", "body", "code"),
    [
        (kinds.PERSON_REGISTERED, "supervisor", PERSON, BORN, "role"),
        (kinds.PERSON_REGISTERED, "administrator", PERSON, BORN, "role"),
        (kinds.REGISTRATION_APPROVED, "officer", PERSON, {}, "role"),
        (kinds.PERSON_NUMBERED, "supervisor", PERSON, {"permanent": "R1"}, "role"),
        (kinds.PERSON_REGISTERED, "officer", Subject(kinds.EVENT, uuid("e")), BORN, "subject"),
        (kinds.PERSON_REGISTERED, "officer", PERSON, {"number": "P1"}, "body"),
        ("person.blessed", "officer", PERSON, {}, "kind_unknown"),
    ],
)
def test_what_is_said(
    desk: Desk, kind: str, by: str, subject: Subject, body: dict[str, Any], code: str
) -> None:
    assert desk.code(desk.office.write(kind, subject, body, by=by)) == code


def test_a_registry_kind_in_a_station(desk: Desk, world: World) -> None:
    # Even a registrar's role does not make a station a registry, nor the reverse.
    entry = world.registry.write(kinds.PERSON_NUMBERED, PERSON, {"permanent": "R1"}, by="registrar")
    assert isinstance(desk.check(entry), Accept)
    assert not kinds.may_write(kinds.PERSON_NUMBERED, Role.REGISTRAR, OfficeType.STATION)


def test_a_body_is_required_unless_erasure_is_expected(desk: Desk) -> None:
    entry = desk.office.begin().without_body()
    assert desk.code(entry) == "body_missing"
    assert isinstance(desk.check(entry, body_required=False), Accept)


def test_an_erasure_needs_a_second_person(world: World) -> None:
    desk = Desk(world, world.registry)
    registrar, clerk = (world.registry.users[n].id.bytes for n in ("registrar", "clerk"))
    office = Subject(kinds.OFFICE, world.registry.id)
    erased = {"entries": [bytes(32)], "basis": "court order"}
    own = world.registry.write(
        kinds.ENTRY_ERASED, office, erased | {"second": registrar}, by="registrar"
    )
    assert desk.code(own) == "second"
    world.registry.head = None
    both = world.registry.write(
        kinds.ENTRY_ERASED, office, erased | {"second": clerk}, by="registrar"
    )
    assert isinstance(desk.check(both), Accept)


# -- certificates as entries -----------------------------------------------------------


def issued(office: Office, person: Person, **changes: Any) -> Entry:
    return office.write(
        kinds.CERTIFICATE_ISSUED,
        Subject(kinds.USER, person.id),
        {"certificate": person.certificate.data},
        by="administrator",
        **changes,
    )


def test_a_certificate_issued_in_the_chain(desk: Desk) -> None:
    desk.check(desk.office.begin())
    new = desk.office.add("third", Role.OFFICER)
    assert isinstance(desk.check(issued(desk.office, new)), Accept)
    # It counts once the caller has put it among the certificates, not before.
    entry = register(desk.office, by="third")
    assert desk.code(entry) == "certificate_unknown"
    desk.certificates[new.certificate.hash] = new.certificate
    assert isinstance(desk.check(entry), Accept)


def test_a_certificate_from_above_may_be_recorded(desk: Desk) -> None:
    assert isinstance(desk.check(issued(desk.office, desk.office.administrator)), Accept)


def test_certificates_that_do_not_belong_into_the_entry(desk: Desk, world: World) -> None:
    office, other = desk.office, world.stations[1]
    officer = office.users["officer"]
    foreign = other.users["officer"]
    station = certified(
        world.trust,
        world.trust_key,
        kind=SubjectKind.STATION,
        seed="s",
        office=office.id,
        office_type=OfficeType.STATION,
    )
    cases = [
        issued(office, foreign),
        issued(office, station),
        issued(office, replace(officer, id=foreign.id)),
        office.write(
            kinds.CERTIFICATE_ISSUED,
            Subject(kinds.USER, officer.id),
            {"certificate": b"garbage"},
            by="administrator",
        ),
    ]
    for entry in cases:
        fault = check_alone(entry, desk.certificates, world.root.public)
        assert fault == "issued_certificate"


def test_nobody_becomes_officer_and_supervisor(desk: Desk) -> None:
    office = desk.office
    officer = office.users["officer"]
    desk.check(office.begin())
    promoted = certified(
        office.administrator.certificate,
        office.administrator.key,
        kind=SubjectKind.USER,
        seed="new key",
        office=office.id,
        office_type=OfficeType.STATION,
        role=Role.SUPERVISOR,
        subject_id=officer.id,
    )
    entry = issued(office, promoted)
    outcome = desk.check(entry)
    assert outcome == Quarantine("both_roles", Head.of(entry))
    assert isinstance(outcome, Quarantine)
    desk.head = outcome.head
    revoking = office.write(
        kinds.CERTIFICATE_REVOKED,
        Subject(kinds.USER, officer.id),
        {"certificate": officer.certificate.hash, "reason": "promoted"},
        by="administrator",
    )
    assert isinstance(desk.check(revoking), Accept)
    desk.revocations.append(Revocation.of(revoking, []))
    assert isinstance(desk.check(issued(office, promoted)), Accept)


# -- revocation ------------------------------------------------------------------------


def revoke(office: Office, person: Person) -> Entry:
    return office.write(
        kinds.CERTIFICATE_REVOKED,
        Subject(kinds.USER, person.id),
        {"certificate": person.certificate.hash, "reason": "left"},
        by="administrator",
    )


def test_what_no_receipt_covers_is_quarantined_whatever_time_it_claims(
    desk: Desk, world: World
) -> None:
    officer = desk.office.users["officer"]
    begun, covered = desk.office.begin(), register(desk.office)
    revoking = revoke(world.registry, officer)
    desk.revocations = [Revocation.of(revoking, [Receipt.of(Head.of(covered))])]
    assert isinstance(desk.check(begun), Accept)
    assert isinstance(desk.check(covered), Accept)
    early = register(desk.office, at=covered.header.device_time.replace(year=2020))
    outcome = desk.check(early)
    assert outcome == Quarantine("revoked", Head.of(early))
    assert isinstance(outcome, Quarantine)
    desk.head = outcome.head
    assert isinstance(desk.check(register(desk.office, by="second")), Accept)


def test_a_station_revokes_from_its_own_place_on(desk: Desk) -> None:
    officer = desk.office.users["officer"]
    before = [desk.office.begin(), register(desk.office)]
    revoking = revoke(desk.office, officer)
    after = register(desk.office)
    desk.revocations = [Revocation.of(revoking, [])]
    assert [type(desk.check(entry)) for entry in (*before, revoking)] == [Accept] * 3
    assert desk.code(after) == "revoked"


def test_revoking_an_administrator_revokes_what_hangs_on_it(desk: Desk, world: World) -> None:
    revoking = revoke(world.registry, desk.office.administrator)
    desk.revocations = [Revocation.of(revoking, [])]
    assert desk.code(register(desk.office)) == "revoked"


def test_who_may_revoke_whom(desk: Desk, world: World) -> None:
    own, other = desk.office, world.stations[1]
    root = world.root.public

    def fault(entry: Entry) -> str | None:
        return check_alone(entry, desk.certificates, root)

    assert fault(revoke(own, own.users["officer"])) is None
    assert fault(revoke(own, other.users["officer"])) == "revoked_certificate"
    assert fault(revoke(world.registry, other.users["officer"])) is None
    unknown = own.write(
        kinds.CERTIFICATE_REVOKED,
        Subject(kinds.USER, uuid("u")),
        {"certificate": bytes(32), "reason": "x"},
        by="administrator",
    )
    assert fault(unknown) == "revoked_certificate"


def test_a_revocation_is_made_from_its_entry_only(desk: Desk) -> None:
    with pytest.raises(ValueError, match="not a revocation"):
        Revocation.of(desk.office.begin(), [])
    with pytest.raises(ValueError, match="not a revocation"):
        Revocation.of(revoke(desk.office, desk.office.users["officer"]).without_body(), [])


# -- alone -----------------------------------------------------------------------------


def test_a_decision_in_a_notice_stands_alone(world: World) -> None:
    world.registry.begin()
    for _ in range(3):
        decision = world.registry.write(
            kinds.PERSON_NUMBERED, PERSON, {"permanent": "R1"}, by="registrar"
        )
    assert check_alone(decision, world.certificates, world.root.public) is None
    forged = read(decision.header_bytes, bytes(64), decision.body_bytes)
    assert check_alone(forged, world.certificates, world.root.public) == "signature"
    assert check_alone(decision, {}, world.root.public) == "certificate_unknown"


def test_every_code_has_a_sentence_that_says_what_to_do() -> None:
    for code, sentence in SENTENCES.items():
        assert Quarantine(code).sentence == sentence
        assert sentence.endswith(".")
        assert OfficeId.__name__ not in sentence


@pytest.mark.parametrize(
    "changes", [{"name": "a\0b"}, {"a\0": 1}, {"x": [{"y": "\0"}]}, {"x": {"y\0": []}}]
)
def test_u_0000_is_put_aside_wherever_it_stands(desk: Desk, changes: dict[str, Any]) -> None:
    registered = desk.office.write(kinds.PERSON_REGISTERED, PERSON, BORN)
    assert desk.code(registered) is None
    amended = desk.office.write(kinds.PERSON_AMENDED, PERSON, {"changes": changes})
    assert desk.code(amended) == "text"


def test_the_registrys_word_is_taken_as_it_is(world: World) -> None:
    told = world.registry.write(
        kinds.PERSON_VOIDED, PERSON, {"reason": "typed\0twice"}, by="registrar"
    )
    assert check_alone(told, world.certificates, world.root.public) is None
