from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from ledger import cose
from ledger.certificate import OfficeType, Role, SubjectKind, verify_chain
from ledger.enrolment import GRANT_DOMAIN, REQUEST_DOMAIN, Grant, Operation, Request
from ledger.errors import EnrolmentError
from ledger.trust import TrustList
from ledger.words import six_words, word
from tests.ledger.builders import NOW, Person, World, certified, key, uuid
from values import cbor
from values.identifiers import OfficeId, UserId

STATION = OfficeId(uuid("new station"))
ADMINISTRATOR = UserId(uuid("new administrator"))


def make_request(**changes: Any) -> Request:
    arguments: dict[str, Any] = {
        "office": STATION,
        "name": "Border post North",
        "station_key": key("station key"),
        "document_key": key("document key"),
        "recipient": "age1station",
        "administrator": ADMINISTRATOR,
        "login": "lead",
        "administrator_key": key("administrator key"),
        "requested_at": NOW,
    }
    return Request.create(**(arguments | changes))


def trust_list(world: World) -> TrustList:
    return TrustList.issue(
        number=3,
        issued_at=NOW,
        root=world.root.public,
        certificate=world.trust,
        key=world.trust_key,
        keys=(),
        stations=(),
        status_lists=(),
        recipient="age1registry",
    )


def certificates(world: World) -> dict[str, Person]:
    def station_certificate(kind: SubjectKind, seed: str, **more: Any) -> Person:
        return certified(
            world.trust,
            world.trust_key,
            kind=kind,
            seed=seed,
            office=STATION,
            office_type=OfficeType.STATION,
            **more,
        )

    return {
        "station": station_certificate(SubjectKind.STATION, "station key", subject_id=STATION),
        "document": station_certificate(SubjectKind.DOCUMENT, "document key", subject_id=STATION),
        "administrator": station_certificate(
            SubjectKind.USER,
            "administrator key",
            subject_id=ADMINISTRATOR,
            role=Role.ADMINISTRATOR,
            name="lead",
        ),
    }


def make_grant(world: World, **changes: Any) -> Grant:
    made = certificates(world)
    arguments: dict[str, Any] = {
        "request": make_request(),
        "code": "A01",
        "operation": Operation("WST", "Test operation", {"document_days": 180, "later": [1]}),
        "trust_certificate": world.trust,
        "station_certificate": made["station"].certificate,
        "administrator_certificate": made["administrator"].certificate,
        "document_certificate": made["document"].certificate,
        "registry": world.registry.id,
        "registry_recipient": "age1registry",
        "recovery_recipient": "age1recovery",
        "vault_recipient": "age1vault",
        "root": world.root.public,
        "trust_list": trust_list(world),
        "first_notice": 1,
        "granted_at": NOW,
        "key": world.trust_key,
    }
    return Grant.create(**(arguments | changes))


# -- requests --------------------------------------------------------------------------


def test_a_request_reads_back() -> None:
    made = make_request()
    found = Request.from_bytes(made.data)
    assert found == made
    assert (found.office, found.name) == (STATION, "Border post North")
    assert found.station_key == key("station key").public
    assert found.document_key == key("document key").public
    assert found.administrator_key == key("administrator key").public
    assert (found.administrator, found.login) == (ADMINISTRATOR, "lead")
    assert found.recipient == "age1station"
    assert found.requested_at == NOW
    assert "lead" not in repr(found)


def rewritten(data: bytes, changes: dict[Any, Any], by: str, domain: bytes) -> bytes:
    payload = cbor.decode(cose.parse1(data).payload)
    payload = {k: v for k, v in (payload | changes).items() if v != "drop"}
    return cose.sign1(cbor.encode(payload), key(by), external_aad=domain)


BAD_REQUEST: dict[str, tuple[dict[Any, Any], str]] = {
    "version": ({0: 2}, "version"),
    "office short": ({1: b"x"}, "form"),
    "name missing": ({2: "drop"}, "missing"),
    "name empty": ({2: ""}, "form"),
    "name long": ({2: "n" * 600}, "size"),
    "station key short": ({3: b"x"}, "form"),
    "another station key": ({3: bytes(32)}, "signature"),
    "another document key": ({4: bytes(32)}, "possession"),
    "recipient number": ({5: 1}, "form"),
    "administrator text": ({6: "x"}, "form"),
    "another administrator key": ({8: bytes(32)}, "possession"),
    "proof short": ({10: b"x"}, "form"),
    "proof false": ({11: bytes(64)}, "possession"),
    "another office": ({1: bytes(16)}, "possession"),
    "time text": ({9: "now"}, "form"),
}


@pytest.mark.parametrize(("changes", "code"), BAD_REQUEST.values(), ids=BAD_REQUEST.keys())
def test_bad_requests(changes: dict[Any, Any], code: str) -> None:
    data = rewritten(make_request().data, changes, "station key", REQUEST_DOMAIN)
    with pytest.raises(EnrolmentError) as fault:
        Request.from_bytes(data)
    assert fault.value.code == code


def test_damaged_requests() -> None:
    good = make_request().data
    for data, code in (
        (b"", "cbor"),
        (good[:-1], "cbor"),
        (good[1:], "strict"),
        (bytes(20_000), "size"),
        (cose.sign1(cbor.encode(1), key("k"), external_aad=REQUEST_DOMAIN), "form"),
    ):
        with pytest.raises(EnrolmentError) as fault:
            Request.from_bytes(data)
        assert fault.value.code == code


def test_a_grant_is_no_request(world: World) -> None:
    with pytest.raises(EnrolmentError):
        Request.from_bytes(make_grant(world).data)


def test_a_request_signed_as_something_else_is_refused() -> None:
    data = rewritten(make_request().data, {}, "station key", GRANT_DOMAIN)
    with pytest.raises(EnrolmentError) as fault:
        Request.from_bytes(data)
    assert fault.value.code == "signature"


# -- grants ----------------------------------------------------------------------------


def test_a_grant_reads_back_and_is_enough_to_work_with(world: World) -> None:
    made = make_grant(world)
    found = Grant.from_bytes(made.data)
    assert found == made
    assert (found.office, found.code, found.first_notice) == (STATION, "A01", 1)
    assert (found.operation.code, found.operation.name) == ("WST", "Test operation")
    assert dict(found.operation.settings) == {"document_days": 180, "later": [1]}
    assert found.registry == world.registry.id
    assert (found.registry_recipient, found.recovery_recipient, found.vault_recipient) == (
        "age1registry",
        "age1recovery",
        "age1vault",
    )
    assert found.root == world.root.public
    assert found.trust_list.number == 3
    assert found.granted_at == NOW
    for certificate in found.certificates.values():
        verify_chain(certificate, found.certificates, found.root)
    found.check_answers(make_request())


def test_a_known_root_is_insisted_on(world: World) -> None:
    data = make_grant(world).data
    Grant.from_bytes(data, root=world.root.public)
    with pytest.raises(EnrolmentError) as fault:
        Grant.from_bytes(data, root=key("other").public)
    assert fault.value.code == "other_root"


def test_windows_count_only_when_a_time_is_given(world: World) -> None:
    data = make_grant(world).data
    Grant.from_bytes(data, at=NOW)
    with pytest.raises(EnrolmentError, match="expired") as fault:
        Grant.from_bytes(data, at=NOW + timedelta(days=4000))
    assert fault.value.code == "certificate"


def test_a_grant_answers_one_request(world: World) -> None:
    grant = make_grant(world)
    with pytest.raises(EnrolmentError) as fault:
        grant.check_answers(make_request(name="Border post South"))
    assert fault.value.code == "other_request"


def test_a_grant_with_other_keys_than_requested_is_never_signed(world: World) -> None:
    with pytest.raises(EnrolmentError) as fault:
        make_grant(world, request=make_request(document_key=key("another")))
    assert fault.value.code == "other_request"


def data_of(world: World, name: str) -> bytes:
    return certificates(world)[name].certificate.data


def test_the_certificates_must_be_the_four(world: World) -> None:
    trust = world.trust.data
    station, administrator, document = (
        data_of(world, name) for name in ("station", "administrator", "document")
    )
    foreign = world.stations[0].administrator.certificate.data
    for row, code in (
        ([trust, station, administrator], "form"),
        ([trust, station, administrator, document, document], "size"),
        ([trust, station, administrator, station], "certificate"),
        ([trust, document, administrator, document], "certificate"),
        ([trust, station, foreign, document], "certificate"),
        ([station, station, administrator, document], "certificate"),
        ([trust, station, b"x", document], "certificate"),
        ([trust, station, 1, document], "form"),
    ):
        data = rewritten(make_grant(world).data, {4: row}, "trust", GRANT_DOMAIN)
        with pytest.raises(EnrolmentError) as fault:
            Grant.from_bytes(data)
        assert fault.value.code == code


BAD_GRANT: dict[str, tuple[dict[Any, Any], str]] = {
    "version": ({0: 2}, "version"),
    "another office": ({1: bytes(16)}, "certificate"),
    "code missing": ({2: "drop"}, "missing"),
    "operation no map": ({3: []}, "form"),
    "operation without code": ({3: {"name": "x"}}, "form"),
    "operation name number": ({3: {"code": "x", "name": 1}}, "form"),
    "operation key": ({3: {"code": "x", "name": "y", 1: 2}}, "form"),
    "operation large": ({3: {"code": "x", "name": "y", "z": "z" * 300_000}}, "size"),
    "registry short": ({5: b""}, "form"),
    "recipient missing": ({6: None}, "form"),
    "root short": ({9: b""}, "form"),
    "another root": ({9: bytes(32)}, "certificate"),
    "trust list garbage": ({10: b"x"}, "trust_list"),
    "notice negative": ({11: -1}, "form"),
    "request hash short": ({13: b"x"}, "form"),
}


@pytest.mark.parametrize(("changes", "code"), BAD_GRANT.values(), ids=BAD_GRANT.keys())
def test_bad_grants(world: World, changes: dict[Any, Any], code: str) -> None:
    data = rewritten(make_grant(world).data, changes, "trust", GRANT_DOMAIN)
    with pytest.raises(EnrolmentError) as fault:
        Grant.from_bytes(data)
    assert fault.value.code == code


def test_a_false_signature(world: World) -> None:
    data = rewritten(make_grant(world).data, {}, "mallory", GRANT_DOMAIN)
    with pytest.raises(EnrolmentError) as fault:
        Grant.from_bytes(data)
    assert fault.value.code == "signature"


# -- words -----------------------------------------------------------------------------


def test_words_are_2048_and_can_be_spelt() -> None:
    words = {word(bits) for bits in range(2048)}
    assert len(words) == 2048
    assert all(re.fullmatch(r"[bdfghjklmnrstwyz][aeiu][bdlmnrst][aeiu]", w) for w in words)


def test_six_words_differ_by_what_is_compared(world: World) -> None:
    request, grant = make_request(), make_grant(world)
    assert len(request.words()) == len(grant.words()) == 6
    assert request.words() == Request.from_bytes(request.data).words()
    assert request.words() != make_request(name="Border post South").words()
    assert six_words("request", b"x") != six_words("grant", b"x")
