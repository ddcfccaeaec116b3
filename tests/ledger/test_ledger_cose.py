from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import cose
from ledger.errors import CoseError
from ledger.keys import P256PublicKey
from tests.ledger.builders import key
from values import cbor

KEY = key("cose")


def message(
    protected: Any = None,
    *,
    unprotected: Any = None,
    payload: Any = b"payload",
    signature: Any = bytes(64),
    tag: bytes = b"\xd2",
) -> bytes:
    header = cbor.encode({1: -8} if protected is None else protected)
    return tag + cbor.encode([header, unprotected or {}, payload, signature])


def test_what_is_signed_verifies_and_reads_back() -> None:
    data = cose.sign1(b"payload", KEY, headers={3: "text/plain"}, external_aad=b"aad")
    found = cose.parse1(data, strict=True)
    assert data[0] == 0xD2
    assert found.payload == b"payload"
    assert found.protected == {1: -8, 3: "text/plain", 4: KEY.public.kid}
    assert found.unprotected == {}
    assert found.kid == KEY.public.kid
    assert cose.verify1(found, KEY.public, external_aad=b"aad")
    assert not cose.verify1(found, KEY.public)
    assert not cose.verify1(found, key("other").public, external_aad=b"aad")


def test_headers_may_replace_kid_but_never_alg() -> None:
    found = cose.parse1(cose.sign1(b"", KEY, headers={1: -7, 4: b"mine"}))
    assert (found.alg, found.kid) == (-8, b"mine")


def test_sig_structure_is_that_of_rfc_9052() -> None:
    found = cose.parse1(cose.sign1(b"p", KEY))
    structure = cbor.encode(["Signature1", found.protected_bytes, b"", b"p"])
    assert KEY.public.verify_structure(found.signature, structure)


@pytest.mark.parametrize("tag", [b"", b"\xd2", b"\xd8\x3d\xd2", b"\xd8\x3d"])
def test_published_tag_quirks_are_read_but_not_when_strict(tag: bytes) -> None:
    data = tag + cose.sign1(b"p", KEY)[1:]
    assert cose.verify1(cose.parse1(data), KEY.public)
    if tag != b"\xd2":
        with pytest.raises(CoseError, match="one encoding"):
            cose.parse1(data, strict=True)


def test_kid_may_lie_outside_the_protected_header() -> None:
    assert cose.parse1(message(unprotected={4: b"kid"})).kid == b"kid"
    assert cose.parse1(message({1: -8, 4: b"a"}, unprotected={4: b"b"})).kid == b"a"


BAD = {
    "empty": (b"", "cbor"),
    "garbage": (b"\xd2\xff\xff", "cbor"),
    "trailing": (message() + b"\x00", "cbor"),
    "a map": (b"\xd2" + cbor.encode({}), "form"),
    "three parts": (b"\xd2" + cbor.encode([b"", {}, b""]), "form"),
    "another tag": (message(tag=b"\xd1"), "cbor"),
    "detached payload": (message(payload=None), "form"),
    "payload text": (message(payload="text"), "form"),
    "signature null": (message(signature=None), "form"),
    "unprotected list": (message(unprotected=[1]), "form"),
    "header label of bytes": (message({1: -8, b"x": 1}), "form"),
    "protected no map": (message([1]), "form"),
    "protected damaged": (b"\xd2" + cbor.encode([b"\xff", {}, b"", b""]), "cbor"),
    "no algorithm": (message({4: b"kid"}), "algorithm"),
    "empty protected": (b"\xd2" + cbor.encode([b"", {1: -8}, b"", b""]), "algorithm"),
    "algorithm outside": (message({4: b"k"}, unprotected={1: -8}), "algorithm"),
    "algorithm PS256": (message({1: -37}), "algorithm"),
    "algorithm HMAC": (message({1: 5}), "algorithm"),
    "algorithm text": (message({1: "EdDSA"}), "algorithm"),
    "algorithm true": (message({1: True}), "algorithm"),
    "kid a number": (message({1: -8, 4: 7}), "form"),
    "critical unknown": (message({1: -8, 2: [99], 99: 1}), "critical"),
    "critical absent": (message({1: -8, 2: [4]}), "critical"),
    "critical empty": (message({1: -8, 2: []}), "critical"),
    "critical no list": (message({1: -8, 2: 1}), "critical"),
    "duplicate label": (b"\xd2" + cbor.encode([b"\xa2\x01\x27\x01\x26", {}, b"", b""]), "cbor"),
    "too large": (b"\xd2" + bytes(cose.MAX_BYTES), "size"),
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_bad_messages(data: bytes, code: str) -> None:
    with pytest.raises(CoseError) as fault:
        cose.parse1(data)
    assert fault.value.code == code


STRICT = {
    "unprotected kid": message(unprotected={4: b"kid"}),
    "no tag": message(tag=b""),
    "long length": b"\xd2\x84\x43\xa1\x01\x27\xa0\x58\x01p\x40",
}


@pytest.mark.parametrize("data", STRICT.values(), ids=STRICT.keys())
def test_strict_allows_one_encoding(data: bytes) -> None:
    cose.parse1(data)
    with pytest.raises(CoseError) as fault:
        cose.parse1(data, strict=True)
    assert fault.value.code == "strict"


def test_understood_critical_parameters_pass() -> None:
    assert cose.parse1(message({1: -8, 2: [4], 4: b"kid"})).kid == b"kid"


def test_an_empty_signature_never_verifies() -> None:
    assert not cose.verify1(cose.parse1(message(signature=b"")), KEY.public)


def test_the_algorithm_must_be_the_one_of_the_key() -> None:
    private = ec.derive_private_key(9, ec.SECP256R1())
    public = P256PublicKey.from_key(private.public_key())
    protected = cbor.encode({1: -7})
    r, s = decode_dss_signature(
        private.sign(cbor.encode(["Signature1", protected, b"", b"p"]), ec.ECDSA(SHA256()))
    )
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    good = cose.parse1(b"\xd2" + cbor.encode([protected, {}, b"p", signature]))
    assert cose.verify1(good, public)
    assert not cose.verify1(good, KEY.public)
    assert not cose.verify1(cose.parse1(cose.sign1(b"p", KEY)), public)


@settings(max_examples=60)
@given(st.binary(max_size=64), st.integers(0, 10_000))
def test_a_changed_byte_never_verifies(payload: bytes, place: int) -> None:
    data = bytearray(cose.sign1(payload, KEY))
    data[place % len(data)] ^= 1
    try:
        found = cose.parse1(bytes(data), strict=True)
    except CoseError:
        return
    assert not cose.verify1(found, KEY.public)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_parsing_raises_nothing_else(data: bytes) -> None:
    for candidate in (data, b"\xd2" + data):
        try:
            cose.parse1(candidate)
        except CoseError as fault:
            assert fault.sentence
