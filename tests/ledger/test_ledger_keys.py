from __future__ import annotations

import hashlib
import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from ledger.errors import KeyFormError
from ledger.keys import P256PublicKey, PublicKey, SigningKey, domain
from tests.ledger.builders import key
from values.secret import Secret

ENTRY = domain("entry")
GRANT = domain("grant")


def test_a_signature_holds_under_its_own_domain_only() -> None:
    signing = key("a")
    signature = signing.sign(ENTRY, b"message")
    assert signing.public.verify(ENTRY, signature, b"message")
    assert not signing.public.verify(GRANT, signature, b"message")
    assert not signing.public.verify(ENTRY, signature, b"messagf")
    assert not key("b").public.verify(ENTRY, signature, b"message")
    assert not signing.public.verify(ENTRY, signature[:-1], b"message")
    assert not signing.public.verify(ENTRY, b"", b"message")


def test_ed25519_as_in_rfc_8032_section_7_1_test_3() -> None:
    seed = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
    signing = SigningKey.from_bytes(Secret(seed))
    assert signing.public.raw.hex() == (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    )
    assert signing.sign_structure(bytes.fromhex("af82")).hex() == (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )


@pytest.mark.parametrize("bad", [b"", b"entry", b"waystation/entry/1", b"waystation/Entry/1\0"])
def test_a_domain_is_one_of_ours(bad: bytes) -> None:
    with pytest.raises(ValueError, match="domain"):
        key("a").sign(bad, b"")
    with pytest.raises(ValueError, match="domain"):
        key("a").public.verify(bad, bytes(64), b"")


def test_domain_names_are_plain() -> None:
    assert domain("status-list") == b"waystation/status-list/1\0"
    with pytest.raises(ValueError, match="letters"):
        domain("two words")


def test_kid_and_fingerprint_come_from_one_digest() -> None:
    public = key("a").public
    digest = hashlib.sha256(public.raw).digest()
    assert public.kid == digest[:8]
    assert public.fingerprint.replace(" ", "") == digest.hex()
    assert len(public.fingerprint.split()) == 16
    assert public.has_fingerprint(public.fingerprint.upper().replace(" ", ":"))
    assert not public.has_fingerprint(public.fingerprint[:-1])


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(33), "x" * 32])
def test_a_public_key_has_32_bytes(raw: bytes) -> None:
    with pytest.raises(KeyFormError) as fault:
        PublicKey(raw)
    assert fault.value.code == "key"


def test_a_signing_key_has_32_bytes_and_gives_its_seed_back() -> None:
    with pytest.raises(KeyFormError):
        SigningKey.from_bytes(Secret(bytes(31)))
    signing = SigningKey.generate(lambda size: b"\x07" * size)
    assert signing.secret() == Secret(b"\x07" * 32)


def test_a_signing_key_shows_and_pickles_nothing() -> None:
    signing = SigningKey.from_bytes(Secret(b"\x07" * 32))
    assert "0707" not in repr(signing)
    assert "private" not in repr(signing).lower()
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(signing)


def test_p256_verifies_raw_signatures() -> None:
    private = ec.derive_private_key(7, ec.SECP256R1())
    public = P256PublicKey.from_key(private.public_key())
    r, s = decode_dss_signature(private.sign(b"message", ec.ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert public.verify_structure(signature, b"message")
    assert not public.verify_structure(signature, b"messagf")
    assert not public.verify_structure(bytes(64), b"message")
    assert not public.verify_structure(signature[:63], b"message")


def test_p256_refuses_other_curves_and_points() -> None:
    with pytest.raises(KeyFormError):
        P256PublicKey.from_key(ec.derive_private_key(7, ec.SECP384R1()).public_key())
    with pytest.raises(KeyFormError):
        P256PublicKey(bytes(32), bytes(32))
    with pytest.raises(KeyFormError):
        P256PublicKey(bytes(31), bytes(32))
