"""Credentials that others have published: what they sign is read, what they refuse is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import claim169
import pytest

from documents import base45
from documents.envelope import open_signed
from documents.trust import Trust, load_trust
from documents.verdict import Verdict, json_claims
from documents.verify import judge, verify_text
from tests.documents import builders
from tests.documents.builders import DOCUMENT_KEY, NOW, envelope, text_of
from tests.documents.conftest import VECTORS
from tests.documents.samples import (
    CLAIM169,
    DAY_OF_CLAIM169,
    DCC,
    base64url,
    dcc_jwk,
    load,
    spec_example,
)
from values import cbor

# What each sample of the EU's quality assurance gets from us. Rules about what a health
# certificate must contain, and about its prefix, are not ours.
_DCC_VERDICTS = {
    "common_B1": Verdict.UNREADABLE,
    "common_CBO1": Verdict.UNREADABLE,
    "common_CO5": Verdict.FORGED,
    "common_CO20": Verdict.FORGED,  # alg stands outside the protected header: we refuse it
    "common_CO22": Verdict.FORGED,
}


def dcc_trust(certificate: str, *, named: bool) -> Trust | None:
    entry = dcc_jwk(certificate, named=named)
    return None if entry is None else load_trust(json.dumps({"keys": [entry]}).encode())


@pytest.mark.parametrize("named", [True, False], ids=["named", "nameless"])
@pytest.mark.parametrize("name", DCC)
def test_health_certificates(name: str, named: bool) -> None:
    sample = load(DCC[name])
    trust = dcc_trust(sample["TESTCTX"]["CERTIFICATE"], named=named)
    if trust is None:
        assert name == "common_CO2", "the only one with an RSA key, which we do not read"
        return
    at = datetime.fromisoformat(sample["TESTCTX"]["VALIDATIONCLOCK"][:19]).replace(tzinfo=UTC)
    told = verify_text(sample["PREFIX"], trust, at=at)
    expected = _DCC_VERDICTS.get(name, Verdict.VALID)
    if expected is Verdict.FORGED and told.results[0].reason == "no_key_fits":
        expected = Verdict.UNKNOWN_KEY  # without a name nothing proves that this key was meant
    assert told.verdict is expected
    if sample["EXPECTEDRESULTS"].get("EXPECTEDVERIFY") is False:
        assert told.verdict is not Verdict.VALID


def test_a_bare_health_certificate_opens() -> None:
    envelope_ = open_signed((VECTORS / "dcc" / "ehn_test1.bin").read_bytes())
    assert envelope_.algorithm == -7
    assert envelope_.kid is not None


@pytest.mark.parametrize("name", CLAIM169)
def test_published_claim169(name: str) -> None:
    sample = load(CLAIM169[name])
    if "qr_data" not in sample:
        return  # the example of the specification has a test of its own
    key = sample.get("signing_key", {}).get("public_key_hex")
    entry = {"kty": "OKP", "crv": "Ed25519", "x": base64url(bytes.fromhex(key or "00" * 32))}
    trust = load_trust(json.dumps(entry).encode())
    told = verify_text(sample["qr_data"], trust, at=DAY_OF_CLAIM169)
    if name == "valid_ed25519-signed":
        assert told.verdict is Verdict.VALID
    elif name in {"valid_encrypted-aes256", "invalid_bad-base45", "invalid_bad-zlib"}:
        assert told.verdict is Verdict.UNREADABLE
    else:
        assert (told.verdict, told.results[0].reason) == (Verdict.FORGED, "empty_signature")
    expected = sample.get("expected_claim169", {})
    if expected.get("fullName") and told.verdict is not Verdict.UNREADABLE:
        assert told.claims["169"]["4"] == expected["fullName"]


def test_a_tampered_published_one_is_not_valid() -> None:
    sample = load(CLAIM169["valid_ed25519-signed"])
    entry = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": base64url(bytes.fromhex(sample["signing_key"]["public_key_hex"])),
    }
    trust = load_trust(json.dumps(entry).encode())
    text = sample["qr_data"]
    for place in range(20, len(text), 17):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert verify_text(changed, trust, at=DAY_OF_CLAIM169).verdict is not Verdict.VALID


class TestQuirks:
    """Forms seen in published data, under a key we know: all are read."""

    trust = load_trust(builders.key_set(DOCUMENT_KEY))
    claims: Mapping[int, Any] = MappingProxyType(
        {1: "x", 4: 1_900_000_000, 6: 1_790_000_000, 169: {1: "N-1", 4: "Ada", 9: 2}}
    )

    def verdict(self, text: str) -> Verdict:
        return judge(text, self.trust, at=NOW).verdict

    def signed(self) -> bytes:
        return envelope(cbor.encode(dict(self.claims)))

    def test_the_tag_of_a_cwt_around_it(self) -> None:
        text = text_of(envelope(cbor.encode(dict(self.claims)), tag=b"\xd8\x3d\xd2"))
        assert self.verdict(text) is Verdict.VALID

    def test_no_tag_at_all(self) -> None:
        assert (
            self.verdict(text_of(envelope(cbor.encode(dict(self.claims)), tag=b"")))
            is Verdict.VALID
        )

    def test_no_zlib(self) -> None:
        assert self.verdict(base45.encode(self.signed())) is Verdict.VALID

    @pytest.mark.parametrize("prefix", ["HC1:", "PH1:", "WS1:"])
    def test_a_prefix(self, prefix: str) -> None:
        assert self.verdict(prefix + text_of(self.signed())) is Verdict.VALID
        assert self.verdict(prefix + base45.encode(self.signed())) is Verdict.VALID

    def test_claim_169_as_bytes(self) -> None:
        payload = cbor.encode({**self.claims, 169: cbor.encode(self.claims[169])})
        result = judge(text_of(envelope(payload)), self.trust, at=NOW)
        assert result.verdict is Verdict.VALID
        assert result.claims["169"]["4"] == "Ada"

    def test_text_for_keys_and_for_sex(self) -> None:
        said = {"1": "N-1", "4": "Ada", "9": "2", "8": "1984-01-18", "20": "AR"}
        result = judge(
            text_of(envelope(cbor.encode({**self.claims, 169: said}))), self.trust, at=NOW
        )
        assert result.verdict is Verdict.VALID
        assert result.claims["169"] == said

    def test_one_face_instead_of_a_list(self) -> None:
        said = {**self.claims[169], 62: {0: b"\xff\xd8", 1: 0}}
        payload = cbor.encode({**self.claims, 169: said})
        assert self.verdict(text_of(envelope(payload))) is Verdict.VALID

    def test_indefinite_lengths_and_floats(self) -> None:
        payload = (
            b"\xbf\x04\xfb" + _double(1_900_000_000.5) + b"\x18\xa9\xbf\x01\x63N-1"
            b"\x04\x7f\x61A\x62da\xff\xff\xff"
        )
        result = judge(text_of(envelope(payload)), self.trust, at=NOW)
        assert result.verdict is Verdict.VALID
        assert result.claims["169"] == {"1": "N-1", "4": "Ada"}


def _double(value: float) -> bytes:
    import struct

    return struct.pack(">d", value)


def test_the_example_of_the_specification() -> None:
    """Tag 61, claim 169 as bytes, sex as text; its key is not published, so it is unknown."""
    trust = load_trust(builders.key_set(DOCUMENT_KEY))
    told = verify_text(spec_example(), trust, at=DAY_OF_CLAIM169)
    assert told.verdict is Verdict.UNKNOWN_KEY
    assert json_claims(told.claims)["169"]["4"] == "Janardhan BS"
    assert told.claims["169"]["9"] == "1"


def test_what_the_published_encoder_writes_is_read() -> None:
    seed = bytes(range(32))
    said = claim169.Claim169Input(id="N-2", full_name="Grace")
    meta = claim169.CwtMetaInput(issuer="maker", expires_at=1_900_000_000)
    text = claim169.encode_with_ed25519(said, meta, seed)
    from ledger.keys import SigningKey
    from values.secret import Secret

    key = SigningKey.from_bytes(Secret(seed))
    told = verify_text(text, load_trust(builders.key_set(key, named=False)), at=NOW)
    assert told.verdict is Verdict.VALID
    assert told.claims["169"] == {"1": "N-2", "4": "Grace"}
