"""What a verifier may be given as trust, and what it says of it."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from documents.errors import TrustError
from documents.trust import MAX_TRUST_BYTES, Revocation, load_trust
from documents.verdict import Verdict
from documents.verify import verify_text
from tests.documents import builders
from tests.documents.builders import DOCUMENT_KEY, NOW, ROOT, STRANGER, envelope, text_of

GENUINE = builders.credential()


def test_a_trust_list_pinned_by_its_fingerprint() -> None:
    trust = load_trust(builders.trust_list().data, root=ROOT.public.fingerprint.upper())
    told = verify_text(GENUINE.text, trust, at=NOW)
    assert told.verdict is Verdict.VALID
    assert told.root == ROOT.public.fingerprint
    assert told.root_pinned


def test_a_trust_list_that_is_not_pinned_says_so() -> None:
    told = verify_text(GENUINE.text, load_trust(builders.trust_list().data), at=NOW)
    assert told.root == ROOT.public.fingerprint
    assert not told.root_pinned


def test_another_root_is_refused() -> None:
    with pytest.raises(TrustError) as refused:
        load_trust(builders.trust_list().data, root=STRANGER.public.fingerprint)
    assert refused.value.code == "root_mismatch"


def test_a_changed_trust_list_is_refused() -> None:
    data = bytearray(builders.trust_list().data)
    data[-1] ^= 1
    with pytest.raises(TrustError) as refused:
        load_trust(bytes(data))
    assert refused.value.code == "not_trust"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_trust"),
        (b"no trust", "not_trust"),
        (b"{", "not_trust"),
        (b"[" * 100_000, "not_trust"),
        (b'{"keys": 3}', "keys"),
        (b'{"keys": []}', "keys"),
        (b'{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}', "keys"),
        (b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}]}', "keys"),
        (b'{"keys": [{"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}]}', "keys"),
        (b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": 7}]}', "keys"),
        (b"x" * (MAX_TRUST_BYTES + 1), "too_large"),
    ],
    ids=range(11),
)
def test_what_is_no_trust_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(TrustError) as refused:
        load_trust(data)
    assert refused.value.code == code


def test_a_key_set_vouches_for_nothing_and_knows_no_revocation() -> None:
    told = verify_text(GENUINE.text, load_trust(builders.key_set(DOCUMENT_KEY)), at=NOW)
    assert told.verdict is Verdict.VALID
    assert told.revocation is Revocation.UNKNOWN
    assert told.trust_age_days is None
    assert told.root is None
    assert not told.root_pinned


def test_a_key_set_cannot_be_pinned() -> None:
    with pytest.raises(TrustError) as refused:
        load_trust(builders.key_set(DOCUMENT_KEY), root=ROOT.public.fingerprint)
    assert refused.value.code == "no_root"


def test_our_own_key_set_reads_our_credentials() -> None:
    exported = json.dumps(builders.trust_list().to_jwks()).encode()
    assert verify_text(GENUINE.text, load_trust(exported), at=NOW).verdict is Verdict.VALID


class TestNames:
    """Keys and credentials, each with or without a name."""

    def test_a_nameless_key_reads_a_named_credential(self) -> None:
        trust = load_trust(builders.key_set(DOCUMENT_KEY, named=False))
        assert verify_text(GENUINE.text, trust, at=NOW).verdict is Verdict.VALID

    def test_a_nameless_key_still_proves_a_forgery_of_its_own_credential(self) -> None:
        trust = load_trust(builders.key_set(DOCUMENT_KEY, named=False))
        changed = text_of(GENUINE.signed.replace(b"Htoo", b"Htun"))
        assert verify_text(changed, trust, at=NOW).verdict is Verdict.FORGED

    def test_a_nameless_key_does_not_make_a_forger_of_another_makers_holder(self) -> None:
        trust = load_trust(builders.key_set(STRANGER, named=False))
        told = verify_text(GENUINE.text, trust, at=NOW)
        assert (told.verdict, told.results[0].reason) == (Verdict.UNKNOWN_KEY, "no_key_fits")

    def test_a_nameless_credential_is_read_by_a_named_key(self) -> None:
        payload = envelope(_payload(), protected={1: -8})
        trust = load_trust(builders.key_set(STRANGER, DOCUMENT_KEY))
        assert verify_text(text_of(payload), trust, at=NOW).verdict is Verdict.VALID

    def test_a_name_in_the_unprotected_header_is_found(self) -> None:
        payload = envelope(_payload(), protected={1: -8}, unprotected={4: DOCUMENT_KEY.public.kid})
        trust = load_trust(builders.key_set(DOCUMENT_KEY))
        assert verify_text(text_of(payload), trust, at=NOW).verdict is Verdict.VALID

    @pytest.mark.parametrize("style", ["base64url", "hex", "text"])
    def test_names_are_written_in_many_ways(self, style: str) -> None:
        kid = b"key-0001"
        name = {
            "base64url": base64.urlsafe_b64encode(kid).decode().rstrip("="),
            "hex": kid.hex(),
            "text": kid.decode(),
        }[style]
        entry = json.loads(builders.key_set(DOCUMENT_KEY, named=False))["keys"][0]
        trust = load_trust(json.dumps({"keys": [{**entry, "kid": name}]}).encode())
        signed = envelope(_payload(), protected={1: -8, 4: kid})
        assert verify_text(text_of(signed), trust, at=NOW).verdict is Verdict.VALID

    def test_two_keys_of_one_name_are_both_tried(self) -> None:
        kid = DOCUMENT_KEY.public.kid
        entries = [
            {**entry, "kid": kid.hex()}
            for entry in json.loads(builders.key_set(STRANGER, DOCUMENT_KEY))["keys"]
        ]
        trust = load_trust(json.dumps({"keys": entries}).encode())
        assert verify_text(GENUINE.text, trust, at=NOW).verdict is Verdict.VALID


def test_keys_for_other_purposes_are_passed_over() -> None:
    entries: list[Any] = json.loads(builders.key_set(DOCUMENT_KEY))["keys"]
    entries += [{**entries[0], "use": "enc"}, {"kty": "oct", "k": "AAAA"}, "nonsense", None]
    trust = load_trust(json.dumps({"keys": entries}).encode())
    assert len(trust.keys) == 1


def test_a_single_key_is_a_set_of_one() -> None:
    entry = json.loads(builders.key_set(DOCUMENT_KEY))["keys"][0]
    assert len(load_trust(json.dumps(entry).encode()).keys) == 1


def test_our_key_name_is_eight_bytes_of_the_hash() -> None:
    entry = builders.trust_list().to_jwks()["keys"][0]
    digest = hashlib.sha256(DOCUMENT_KEY.public.raw).digest()
    assert base64.urlsafe_b64decode(entry["kid"] + "=") == digest[:8]


def _payload() -> bytes:
    from documents.credential import encode_claims

    return encode_claims(builders.claims())
