from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger import cose
from ledger.certificate import CertificateHash, OfficeType, SubjectKind
from ledger.errors import TrustError
from ledger.trust import (
    DOMAIN,
    DocumentKey,
    KeyStatus,
    Offer,
    Station,
    StatusEntry,
    StatusList,
    TrustList,
    compare,
)
from tests.ledger.builders import NOW, YEAR, World, certified, key
from values import cbor


def make(world: World, number: int = 1, **changes: Any) -> TrustList:
    stations = world.stations
    arguments: dict[str, Any] = {
        "number": number,
        "issued_at": NOW,
        "root": world.root.public,
        "certificate": world.trust,
        "key": world.trust_key,
        "keys": [
            DocumentKey(key("d0").public, stations[0].id, NOW, NOW + YEAR, NOW + 2 * YEAR),
            DocumentKey(
                key("d1").public,
                stations[1].id,
                NOW,
                NOW + YEAR,
                NOW + 2 * YEAR,
                KeyStatus.REVOKED,
            ),
        ],
        "stations": [Station(s.id, f"A0{i}", f"Site {i}") for i, s in enumerate(stations)],
        "status_lists": [
            StatusEntry(stations[0].id, stations[0].epoch, StatusList.empty().revoked([7])),
        ],
        "recipient": "age1registry",
        "revoked": [CertificateHash(bytes(32))],
    }
    return TrustList.issue(**(arguments | changes))


def test_what_is_issued_reads_back(world: World) -> None:
    made = make(world)
    found = TrustList.from_bytes(made.data, root=world.root.public)
    assert found == made
    assert found.root_pinned
    assert found.number == 1
    assert found.issued_at == NOW
    assert found.recipient == "age1registry"
    assert found.revoked == {bytes(32)}
    assert {k.public for k in found.keys} == {key("d0").public, key("d1").public}
    station = found.station(world.stations[1].id)
    assert station is not None
    assert (station.code, station.name) == ("A01", "Site 1")
    assert found.station(world.registry.id) is None


def test_the_order_of_the_parts_does_not_matter(world: World) -> None:
    made = make(world)
    again = make(
        world, keys=made.keys[::-1], stations=made.stations[::-1], status_lists=made.status_lists
    )
    assert again.data == made.data


def test_without_a_pinned_root_that_is_said(world: World) -> None:
    assert not TrustList.from_bytes(make(world).data, root=None).root_pinned


def test_another_pinned_root_refuses(world: World) -> None:
    with pytest.raises(TrustError) as fault:
        TrustList.from_bytes(make(world).data, root=key("other").public)
    assert fault.value.code == "other_root"


def test_keys_are_found_by_kid(world: World) -> None:
    trust = make(world)
    (found,) = trust.keys_by_kid(key("d1").public.kid)
    assert found.status is KeyStatus.REVOKED
    assert trust.keys_by_kid(bytes(8)) == ()


def test_status_lists_are_found_by_uri_or_unknown(world: World) -> None:
    trust = make(world)
    bits = trust.status_list(trust.status_lists[0].uri)
    assert bits is not None
    assert bits.is_revoked(7)
    assert trust.status_list("urn:wst:unknown") is None


def test_jwks_as_in_rfc_8037(world: World) -> None:
    keys = make(world).to_jwks()["keys"]
    assert len(keys) == 1  # the revoked one is left out
    assert set(keys[0]) == {"kty", "crv", "use", "alg", "kid", "x"}
    assert (keys[0]["kty"], keys[0]["crv"], keys[0]["alg"]) == ("OKP", "Ed25519", "EdDSA")
    assert len(keys[0]["kid"]) == 11
    assert len(keys[0]["x"]) == 43


def test_a_lower_number_never_replaces_a_higher(world: World) -> None:
    """Sync 6 (j): a registry or a line that shows an older policy."""
    first, second = make(world, 1), make(world, 2)
    assert compare(None, first) is Offer.NEWER
    assert compare(first, second) is Offer.NEWER
    assert compare(second, first) is Offer.OLDER
    assert compare(first, make(world, 1)) is Offer.SAME
    assert compare(first, make(world, 1, recipient="age1other")) is Offer.CLASH


def test_a_list_of_another_root_is_no_replacement(world: World) -> None:
    root = key("other root")
    trust = certified(
        None,
        root,
        kind=SubjectKind.TRUST,
        seed="other trust",
        office=world.registry.id,
        office_type=OfficeType.REGISTRY,
    )
    other = make(world, 9, root=root.public, certificate=trust.certificate, key=trust.key)
    assert compare(make(world), other) is Offer.OTHER_ROOT


def resigned(trust: TrustList, changes: dict[Any, Any], by: str = "trust") -> bytes:
    payload = cbor.decode(cose.parse1(trust.data).payload)
    payload = {k: v for k, v in (payload | changes).items() if v != "drop"}
    return cose.sign1(cbor.encode(payload), key(by), external_aad=DOMAIN)


def test_unknown_fields_survive(world: World) -> None:
    data = resigned(make(world), {40: "later"})
    assert TrustList.from_bytes(data, root=None).data == data


KEY = {0: b"kid", 1: bytes(32), 2: bytes(16), 3: 0, 4: 1, 5: 2, 6: "active"}
BAD: dict[str, tuple[dict[Any, Any], str]] = {
    "version": ({0: 2}, "version"),
    "number negative": ({1: -1}, "form"),
    "number missing": ({1: "drop"}, "missing"),
    "root short": ({3: b"x"}, "form"),
    "another root inside": ({3: bytes(32)}, "certificate"),
    "certificate garbage": ({4: b"x"}, "certificate"),
    "keys no list": ({5: {}}, "form"),
    "key no map": ({5: [1]}, "form"),
    "key kid short": ({5: [KEY]}, "form"),
    "key kid of another": ({5: [KEY | {0: bytes(8)}]}, "form"),
    "key status": ({5: [KEY | {0: key("d0").public.kid, 1: key("d0").public.raw, 6: "?"}]}, "form"),
    "station without name": ({6: [{0: bytes(16), 1: "A01"}]}, "missing"),
    "stations too many": ({6: [{}] * 10_001}, "size"),
    "status damaged": ({7: [{0: bytes(16), 1: bytes(8), 2: b"x"}]}, "status"),
    "status too large": ({7: [{0: bytes(16), 1: bytes(8), 2: bytes(20_000)}]}, "size"),
    "epoch short": ({7: [{0: bytes(16), 1: b"x", 2: StatusList.empty().compressed()}]}, "form"),
    "recipient missing": ({8: "drop"}, "missing"),
    "revoked short": ({9: [b"x"]}, "form"),
}


@pytest.mark.parametrize(("changes", "code"), BAD.values(), ids=BAD.keys())
def test_bad_lists(world: World, changes: dict[Any, Any], code: str) -> None:
    with pytest.raises(TrustError) as fault:
        TrustList.from_bytes(resigned(make(world), changes), root=None)
    assert fault.value.code == code


def test_a_false_signature(world: World) -> None:
    with pytest.raises(TrustError) as fault:
        TrustList.from_bytes(resigned(make(world), {}, by="mallory"), root=None)
    assert fault.value.code == "signature"


def test_a_credential_signature_is_no_list_signature(world: World) -> None:
    payload = cose.parse1(make(world).data).payload
    with pytest.raises(TrustError) as fault:
        TrustList.from_bytes(cose.sign1(payload, world.trust_key), root=None)
    assert fault.value.code == "signature"


def test_only_a_trust_key_signs_lists(world: World) -> None:
    administrator = world.registry.administrator
    with pytest.raises(TrustError) as fault:
        make(world, certificate=administrator.certificate, key=administrator.key)
    assert fault.value.code == "certificate"


def test_the_signing_key_must_be_the_certified_one(world: World) -> None:
    with pytest.raises(TrustError) as fault:
        make(world, key=key("mallory"))
    assert fault.value.code == "signature"


def test_damage(world: World) -> None:
    for data in (b"", b"{}", make(world).data[:-1], make(world).data[1:]):
        with pytest.raises(TrustError):
            TrustList.from_bytes(data, root=None)


def test_a_list_may_be_older_than_its_certificates_window(world: World) -> None:
    # A wrong clock at the registry is no reason to refuse what it signed.
    assert make(world, issued_at=NOW - timedelta(days=4000)).issued_at < NOW
