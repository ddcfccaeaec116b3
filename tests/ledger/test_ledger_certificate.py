from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ledger import cose
from ledger.certificate import (
    DOMAIN,
    MAX_PATH,
    Certificate,
    OfficeType,
    Role,
    SubjectKind,
    issue,
    may_issue,
    officer_and_supervisor,
    path_to_root,
    verify_chain,
)
from ledger.errors import CertificateError
from tests.ledger.builders import NOW, YEAR, Office, World, certified, key, uuid
from values import cbor
from values.identifiers import OfficeId


def payload_of(certificate: Certificate) -> dict[Any, Any]:
    payload = cbor.decode(cose.parse1(certificate.data).payload)
    assert isinstance(payload, dict)
    return payload


def resigned(certificate: Certificate, changes: dict[Any, Any], by: str = "trust") -> bytes:
    payload = payload_of(certificate) | changes
    payload = {k: v for k, v in payload.items() if v != "drop"}
    return cose.sign1(cbor.encode(payload), key(by), external_aad=DOMAIN)


def test_what_is_issued_reads_back(station: Office) -> None:
    officer = station.users["officer"]
    found = Certificate.from_bytes(officer.certificate.data)
    assert found == officer.certificate
    assert found.subject_kind is SubjectKind.USER
    assert found.role is Role.OFFICER
    assert found.user == officer.id
    assert (found.office, found.office_type) == (station.id, OfficeType.STATION)
    assert found.public_key == officer.key.public
    assert (found.not_before, found.not_after) == (NOW, NOW + YEAR)
    assert found.issuer == station.administrator.certificate.hash
    assert found.name == "officer"
    assert not found.issued_by_root


def test_repr_holds_no_name(station: Office) -> None:
    certificate = replace(station.users["officer"].certificate, name="Amina Yusuf")
    assert "Amina" not in repr(certificate)


def test_only_a_users_certificate_has_a_user(world: World) -> None:
    with pytest.raises(CertificateError) as fault:
        _ = world.trust.user
    assert fault.value.code == "subject"


def test_unknown_fields_survive(world: World) -> None:
    data = resigned(world.stations[0].administrator.certificate, {40: "later", "x": [1]})
    found = Certificate.from_bytes(data)
    assert found.data == data
    verify_chain(found, world.certificates, world.root.public)


BAD: dict[str, tuple[dict[Any, Any], str]] = {
    "version 2": ({0: 2}, "version"),
    "version missing": ({0: "drop"}, "missing"),
    "version text": ({0: "1"}, "form"),
    "kind unknown": ({1: "bishop"}, "subject"),
    "kind number": ({1: 1}, "form"),
    "id short": ({2: bytes(15)}, "form"),
    "office no pair": ({3: bytes(16)}, "form"),
    "office of one": ({3: ["station"]}, "form"),
    "office unknown": ({3: ["camp", bytes(16)]}, "subject"),
    "office id text": ({3: ["station", "x"]}, "form"),
    "role unknown": ({4: "king"}, "subject"),
    "user without role": ({4: None}, "role"),
    "role of a station": ({1: "station"}, "role"),
    "key short": ({5: bytes(31)}, "form"),
    "time text": ({6: "2026"}, "form"),
    "time true": ({6: True}, "form"),
    "time impossible": ({7: 2**62}, "form"),
    "time huge": ({7: 2**64 - 1}, "form"),
    "window reversed": ({7: 0}, "window"),
    "issuer of 9 bytes": ({8: bytes(9)}, "form"),
    "issuer missing": ({8: "drop"}, "missing"),
    "name empty": ({9: ""}, "form"),
    "name long": ({9: "n" * 513}, "size"),
    "key of bytes": ({b"k": 1}, "form"),
}


@pytest.mark.parametrize(("changes", "code"), BAD.values(), ids=BAD.keys())
def test_bad_certificates(world: World, changes: dict[Any, Any], code: str) -> None:
    data = resigned(world.stations[0].administrator.certificate, changes)
    with pytest.raises(CertificateError) as fault:
        Certificate.from_bytes(data)
    assert fault.value.code == code
    assert fault.value.sentence.endswith(".")


def test_damage(world: World) -> None:
    good = world.trust.data
    cases = {
        b"": "cbor",
        good[:-1]: "cbor",
        good[1:]: "strict",
        good + b"\x00": "cbor",
        bytes(5000): "size",
        cose.sign1(b"\xff", key("root"), external_aad=DOMAIN): "cbor",
        cose.sign1(cbor.encode([1]), key("root"), external_aad=DOMAIN): "form",
    }
    for data, code in cases.items():
        with pytest.raises(CertificateError) as fault:
            Certificate.from_bytes(data)
        assert fault.value.code == code


def test_a_newer_version_says_what_to_do(world: World) -> None:
    with pytest.raises(CertificateError, match="Update Waystation"):
        Certificate.from_bytes(resigned(world.trust, {0: 2}, by="root"))


def test_a_certificate_signed_with_another_algorithm_is_refused(world: World) -> None:
    header = cbor.encode({1: -7})
    payload = cose.parse1(world.trust.data).payload
    data = b"\xd2" + cbor.encode([header, {}, payload, bytes(64)])
    with pytest.raises(CertificateError) as fault:
        Certificate.from_bytes(data)
    assert fault.value.code == "algorithm"


# -- chains ----------------------------------------------------------------------------


def test_every_certificate_of_the_world_leads_to_the_root(world: World) -> None:
    for certificate in world.certificates.values():
        verify_chain(certificate, world.certificates, world.root.public)
        verify_chain(certificate, world.certificates, world.root.public, at=NOW + timedelta(days=1))


def code_of(certificate: Certificate, world: World, **kwargs: Any) -> str | None:
    try:
        verify_chain(certificate, world.certificates, world.root.public, **kwargs)
    except CertificateError as fault:
        return fault.code
    return None


def test_windows_count_only_when_a_time_is_given(world: World) -> None:
    officer = world.stations[0].users["officer"].certificate
    assert code_of(officer, world) is None
    assert code_of(officer, world, at=NOW) is None
    assert code_of(officer, world, at=NOW - timedelta(seconds=1)) == "not_yet_valid"
    assert code_of(officer, world, at=NOW + YEAR) is None
    assert code_of(officer, world, at=NOW + YEAR + timedelta(seconds=1)) == "expired"


def test_another_root_is_not_ours(world: World) -> None:
    with pytest.raises(CertificateError) as fault:
        verify_chain(world.trust, {}, key("other").public)
    assert fault.value.code == "other_root"


def test_a_missing_issuer_is_said(world: World) -> None:
    officer = world.stations[0].users["officer"].certificate
    with pytest.raises(CertificateError) as fault:
        verify_chain(officer, {}, world.root.public)
    assert fault.value.code == "issuer_unknown"


def test_a_forged_link_is_found_anywhere_in_the_path(world: World) -> None:
    station = world.stations[0]
    forged = Certificate.from_bytes(resigned(station.administrator.certificate, {}, by="mallory"))
    assert code_of(forged, world) == "signature"
    officer = issue(
        subject_kind=SubjectKind.USER,
        subject_id=uuid("x"),
        office=station.id,
        office_type=OfficeType.STATION,
        role=Role.OFFICER,
        public_key=key("x").public,
        not_before=NOW,
        not_after=NOW + YEAR,
        issuer=forged,
        key=station.administrator.key,
    )
    lookup = {**world.certificates, forged.hash: forged}
    with pytest.raises(CertificateError) as fault:
        verify_chain(officer, lookup, world.root.public)
    assert fault.value.code == "signature"


def test_a_self_made_root_certificate_is_refused(world: World) -> None:
    fake = resigned(world.trust, {5: key("mallory").public.raw}, by="mallory")
    assert code_of(Certificate.from_bytes(fake), world) == "signature"


def test_an_entry_signature_is_no_certificate_signature(world: World) -> None:
    payload = cose.parse1(world.trust.data).payload
    for aad in (b"", b"waystation/grant/1\0"):
        fake = Certificate.from_bytes(cose.sign1(payload, world.root, external_aad=aad))
        assert code_of(fake, world) == "signature"


def test_the_path_is_bounded(world: World) -> None:
    registry = world.registry
    last, lookup = registry.administrator, world.certificates
    for number in range(MAX_PATH):
        last = certified(
            last.certificate,
            last.key,
            kind=SubjectKind.USER,
            seed=f"administrator/{number}",
            office=registry.id,
            office_type=OfficeType.REGISTRY,
            role=Role.ADMINISTRATOR,
        )
        lookup[last.certificate.hash] = last.certificate
    with pytest.raises(CertificateError) as fault:
        verify_chain(last.certificate, lookup, world.root.public)
    assert fault.value.code == "too_long"
    issuer = lookup[last.certificate.issuer]  # type: ignore[index]  # a hash of 32 bytes
    assert len(path_to_root(issuer, lookup)) == MAX_PATH


# -- who certifies whom ----------------------------------------------------------------

STATION, REGISTRY = OfficeType.STATION, OfficeType.REGISTRY
USER = SubjectKind.USER


def subject(
    world: World, kind: SubjectKind, office_type: OfficeType, role: Role | None = None
) -> Certificate:
    office = world.registry.id if office_type is REGISTRY else world.stations[0].id
    return replace(
        world.trust, subject_kind=kind, office=office, office_type=office_type, role=role
    )


def allowed(world: World, issuer: Certificate | None) -> set[str]:
    found = set()
    for office_type in OfficeType:
        for kind in SubjectKind:
            for role in Role if kind is USER else (None,):
                if may_issue(issuer, subject(world, kind, office_type, role)):
                    found.add(f"{office_type} {role or kind}")
    return found


def test_the_root_certifies_trust_and_the_registrys_administrator(world: World) -> None:
    assert allowed(world, None) == {"registry trust", "registry administrator"}


def test_a_trust_key_certifies_stations_their_keys_and_administrators(world: World) -> None:
    assert allowed(world, world.trust) == {
        "station station",
        "station administrator",
        "station document",
        "registry document",
    }


def test_an_administrator_certifies_users_of_the_same_office(world: World) -> None:
    assert allowed(world, world.stations[0].administrator.certificate) == {
        "station officer",
        "station supervisor",
        "station auditor",
    }
    assert allowed(world, world.stations[1].administrator.certificate) == set()
    assert allowed(world, world.registry.administrator.certificate) == {
        "registry clerk",
        "registry registrar",
        "registry auditor",
        "registry administrator",
        "registry service",
    }


def test_nobody_else_certifies(world: World) -> None:
    station = world.stations[0]
    for person in station.users.values():
        assert allowed(world, person.certificate) == set()
    assert allowed(world, subject(world, SubjectKind.STATION, STATION)) == set()
    assert allowed(world, subject(world, SubjectKind.DOCUMENT, STATION)) == set()


def test_what_may_not_be_issued_is_not_signed(station: Office) -> None:
    with pytest.raises(CertificateError) as fault:
        station.add("chief", Role.REGISTRAR)
    assert fault.value.code == "may_not_issue"


def test_an_illegitimate_certificate_is_found_on_verifying(world: World) -> None:
    officer = world.stations[0].users["officer"]
    payload = payload_of(officer.certificate) | {8: officer.certificate.hash}
    data = cose.sign1(cbor.encode(payload), officer.key, external_aad=DOMAIN)
    assert code_of(Certificate.from_bytes(data), world) == "may_not_issue"


def test_the_issuers_key_must_be_the_issuers(world: World) -> None:
    with pytest.raises(CertificateError) as fault:
        certified(
            world.trust,
            key("mallory"),
            kind=SubjectKind.STATION,
            seed="s",
            office=OfficeId(uuid("s")),
            office_type=STATION,
        )
    assert fault.value.code == "key"


# -- officer or supervisor, not both ----------------------------------------------------


def test_one_person_is_officer_or_supervisor(station: Office) -> None:
    certificates = [p.certificate for p in station.users.values()]
    assert officer_and_supervisor(certificates) == frozenset()
    officer = station.users["officer"].certificate
    as_supervisor = replace(officer, role=Role.SUPERVISOR)
    assert officer_and_supervisor([*certificates, as_supervisor]) == {officer.user}
    renewed = replace(officer, not_after=NOW + 2 * YEAR)
    assert officer_and_supervisor([officer, renewed]) == frozenset()


def test_two_ids_with_one_key_are_one_person(station: Office) -> None:
    officer = station.users["officer"].certificate
    other = replace(
        station.users["supervisor"].certificate, public_key=officer.public_key, name="other"
    )
    assert officer_and_supervisor([officer, other]) == {officer.user, other.user}


def test_administrators_and_stations_do_not_matter(world: World) -> None:
    station = world.stations[0]
    officer = station.users["officer"].certificate
    administrator = replace(officer, role=Role.ADMINISTRATOR)
    assert officer_and_supervisor([officer, administrator, world.trust]) == frozenset()
