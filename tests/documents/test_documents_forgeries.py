"""A table of credentials that are not what they seem, each with the verdict it deserves."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import base45
from documents.credential import StatusReference, encode_claims
from documents.trust import KeyStatus, Revocation, Trust, from_trust_list
from documents.verdict import Verdict
from documents.verify import verify_text
from ledger.status import list_uri
from tests.documents import builders
from tests.documents.builders import DOCUMENT_KEY, NOW, STRANGER, envelope, text_of
from values import cbor

GENUINE = builders.credential()
PAYLOAD = encode_claims(builders.claims())
CLAIMS = cbor.decode(PAYLOAD)
KID = DOCUMENT_KEY.public.kid


def with_claims(**changes: object) -> bytes:
    """The genuine payload with claims (named by c<number>) replaced or, for None, taken out."""
    changed = dict(CLAIMS)
    for name, value in changes.items():
        number = int(name[1:])
        if value is None:
            changed.pop(number)
        else:
            changed[number] = value
    return cbor.encode(changed)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def duplicate_keys() -> bytes:
    """The genuine claims with claim 4 twice: encoded by hand, no encoder of ours writes it."""
    first = PAYLOAD[0]
    assert first == 0xA6, "six claims"
    return bytes([0xA7]) + PAYLOAD[1:] + cbor.encode(4) + cbor.encode(2_000_000_000)


def nested(depth: int) -> bytes:
    return cbor.encode({**CLAIMS, 300: 0})[:-1] + b"\x81" * depth + b"\x00"


def genuine_structure() -> list[object]:
    parts: list[object] = cbor.decode(GENUINE.signed[1:])
    return parts


@dataclass(frozen=True)
class Forgery:
    """A text, and what a verifier must say of it."""

    name: str
    text: Callable[[], str]
    verdict: Verdict
    reason: str
    at: datetime = NOW


def signed(payload: bytes, **changes: object) -> Callable[[], str]:
    return lambda: text_of(envelope(payload, **changes))  # type: ignore[arg-type]  # test table


OTHER_NAME = with_claims(c169={**CLAIMS[169], 4: "Somebody Else"})

FORGERIES = [
    Forgery(
        "a letter of the name changed",
        lambda: text_of(GENUINE.signed.replace(b"Saw Htoo", b"Saw Htun")),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "another name under the old signature",
        lambda: text_of(
            envelope(OTHER_NAME, signature=genuine_structure()[3])  # type: ignore[arg-type]  # bytes
        ),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "a later expiry under the old signature",
        lambda: text_of(
            envelope(
                with_claims(c4=CLAIMS[4] + 86_400 * 365),
                signature=genuine_structure()[3],  # type: ignore[arg-type]  # bytes
            )
        ),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "one bit of the signature",
        lambda: text_of(flipped(GENUINE.signed, len(GENUINE.signed) - 1)),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "an empty signature", signed(PAYLOAD, signature=b""), Verdict.FORGED, "empty_signature"
    ),
    Forgery(
        "63 bytes of signature",
        signed(PAYLOAD, signature=b"x" * 63),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "zeros for a signature",
        signed(PAYLOAD, signature=bytes(64)),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "a stranger's key under our key's name",
        signed(PAYLOAD, signer=STRANGER, protected={1: -8, 4: KID}),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "a stranger's key under its own name",
        signed(PAYLOAD, signer=STRANGER),
        Verdict.UNKNOWN_KEY,
        "no_such_key",
    ),
    Forgery(
        "a stranger's key without a name",
        signed(PAYLOAD, signer=STRANGER, protected={1: -8}),
        Verdict.UNKNOWN_KEY,
        "no_key_fits",
    ),
    Forgery(
        "the algorithm outside the protected header",
        signed(PAYLOAD, protected={4: KID}, unprotected={1: -8}),
        Verdict.FORGED,
        "no_algorithm",
    ),
    Forgery(
        "no algorithm at all", signed(PAYLOAD, protected={4: KID}), Verdict.FORGED, "no_algorithm"
    ),
    Forgery(
        "an empty protected header", signed(PAYLOAD, protected=b""), Verdict.FORGED, "no_algorithm"
    ),
    Forgery(
        "the algorithm in both headers",
        signed(PAYLOAD, unprotected={1: -7}),
        Verdict.FORGED,
        "header_twice",
    ),
    Forgery(
        "the algorithm of another kind of key",
        signed(PAYLOAD, protected={1: -7, 4: KID}),
        Verdict.FORGED,
        "wrong_algorithm",
    ),
    Forgery(
        "an HMAC instead of a signature",
        signed(PAYLOAD, protected={1: 5, 4: KID}),
        Verdict.FORGED,
        "wrong_algorithm",
    ),
    Forgery(
        "the protected header changed after signing",
        lambda: text_of(
            envelope(
                PAYLOAD,
                protected={1: -8, 4: KID, 3: 0},
                signature=genuine_structure()[3],  # type: ignore[arg-type]  # bytes
            )
        ),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "a header that must be understood",
        signed(PAYLOAD, protected={1: -8, 4: KID, 2: [99], 99: 1}),
        Verdict.UNREADABLE,
        "critical_header",
    ),
    Forgery("claims twice", signed(duplicate_keys()), Verdict.UNREADABLE, "bad_claims"),
    Forgery(
        "one claim as number and as text",
        signed(with_claims(c169={**CLAIMS[169], "4": "Somebody Else"})),
        Verdict.UNREADABLE,
        "bad_claims",
    ),
    Forgery("nested over the limit", signed(nested(20)), Verdict.UNREADABLE, "bad_claims"),
    Forgery(
        "claims that are no map", signed(cbor.encode([1, 2])), Verdict.UNREADABLE, "bad_claims"
    ),
    Forgery(
        "claims with something after them",
        signed(PAYLOAD + b"\0"),
        Verdict.UNREADABLE,
        "bad_claims",
    ),
    Forgery("no identity in it", signed(with_claims(c169=None)), Verdict.UNREADABLE, "no_identity"),
    Forgery(
        "an expiry that is no date",
        signed(with_claims(c4="never")),
        Verdict.UNREADABLE,
        "bad_times",
    ),
    Forgery(
        "an expiry that is not a number",
        signed(with_claims(c4=float("nan"))),
        Verdict.UNREADABLE,
        "bad_times",
    ),
    Forgery(
        "a bomb",
        lambda: base45.encode(zlib.compress(bytes(4_000_000), 9)),
        Verdict.UNREADABLE,
        "too_large",
    ),
    Forgery(
        "just over the inflated limit",
        signed(with_claims(c300=b"x" * 8_192)),
        Verdict.UNREADABLE,
        "too_large",
    ),
    Forgery("too long a text", lambda: "A" * 9_000, Verdict.UNREADABLE, "too_long"),
    Forgery(
        "bytes after the zlib stream",
        lambda: base45.encode(zlib.compress(GENUINE.signed) + b"!"),
        Verdict.UNREADABLE,
        "not_cose",
    ),
    Forgery(
        "a zlib stream cut short",
        lambda: base45.encode(zlib.compress(GENUINE.signed)[:-6]),
        Verdict.UNREADABLE,
        "not_cose",
    ),
    Forgery("a truncated text", lambda: GENUINE.text[:-2], Verdict.UNREADABLE, "not_cose"),
    Forgery("a web address", lambda: "https://example.org/x", Verdict.UNREADABLE, "not_base45"),
    Forgery("an empty text", lambda: "", Verdict.UNREADABLE, "not_base45"),
    Forgery(
        "a signature without what was signed",
        lambda: text_of(b"\xd2" + cbor.encode([cbor.encode({1: -8}), {}, None, bytes(64)])),
        Verdict.UNREADABLE,
        "detached",
    ),
    Forgery(
        "an encrypted message",
        lambda: text_of(b"\xd0" + cbor.encode([cbor.encode({1: 3}), {5: bytes(12)}, b"?" * 40])),
        Verdict.UNREADABLE,
        "encrypted",
    ),
    Forgery(
        "a trust list instead of a credential",
        lambda: text_of(builders.trust_list(lists=False).data),
        Verdict.UNKNOWN_KEY,
        "no_such_key",
    ),
    Forgery("expired", lambda: GENUINE.text, Verdict.EXPIRED, "expired", NOW + timedelta(days=200)),
    Forgery(
        "issued the day after tomorrow",
        signed(with_claims(c6=CLAIMS[6] + 2 * 86_400)),
        Verdict.NOT_YET_VALID,
        "not_yet_valid",
    ),
    Forgery(
        "not before the day after tomorrow",
        signed(with_claims(c5=CLAIMS[6] + 2 * 86_400)),
        Verdict.NOT_YET_VALID,
        "not_yet_valid",
    ),
    Forgery(
        "revoked",
        lambda: (
            builders.credential(
                status=StatusReference(
                    list_uri(builders.OFFICE, builders.EPOCH), builders.REVOKED_INDEX
                )
            ).text
        ),
        Verdict.REVOKED,
        "revoked",
    ),
    Forgery(
        "revoked and expired: the worse counts",
        lambda: (
            builders.credential(
                status=StatusReference(
                    list_uri(builders.OFFICE, builders.EPOCH), builders.REVOKED_INDEX
                )
            ).text
        ),
        Verdict.REVOKED,
        "revoked",
        NOW + timedelta(days=200),
    ),
    Forgery(
        "issued before the key was allowed to",
        signed(with_claims(c6=CLAIMS[6] - 40 * 86_400)),
        Verdict.UNKNOWN_KEY,
        "outside_window",
    ),
    Forgery(
        "issued after the key was retired",
        signed(with_claims(c6=CLAIMS[6] + 160 * 86_400, c4=CLAIMS[4] + 160 * 86_400)),
        Verdict.UNKNOWN_KEY,
        "outside_window",
        NOW + timedelta(days=161),
    ),
    Forgery(
        "valid longer than the key's last document",
        signed(with_claims(c4=CLAIMS[4] + 86_400 * 5_000)),
        Verdict.EXPIRED,
        "expired",
        NOW + timedelta(days=601),
    ),
]


def test_the_genuine_one_is_valid(trust: Trust) -> None:
    told = verify_text(GENUINE.text, trust, at=NOW)
    assert told.verdict is Verdict.VALID
    assert told.revocation is Revocation.CHECKED
    assert told.claims["169"]["4"] == "Saw Htoo Wah"
    assert told.claims["7"] == b"WST-A01-K7Q-D00042-31"


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_forgery(forgery: Forgery, trust: Trust) -> None:
    told = verify_text(forgery.text(), trust, at=forgery.at)
    assert (told.verdict, told.results[0].reason) == (forgery.verdict, forgery.reason)
    assert told.results[0].sentence


def test_a_day_of_skew_is_allowed_and_no_more(trust: Trust) -> None:
    day = timedelta(hours=24)
    assert verify_text(GENUINE.text, trust, at=NOW - day).verdict is Verdict.VALID
    late = verify_text(GENUINE.text, trust, at=NOW - day - timedelta(seconds=1))
    assert late.verdict is Verdict.NOT_YET_VALID


def test_expiry_is_exact(trust: Trust) -> None:
    end = builders.claims().expires_at
    assert verify_text(GENUINE.text, trust, at=end - timedelta(seconds=1)).verdict is Verdict.VALID
    assert verify_text(GENUINE.text, trust, at=end).verdict is Verdict.EXPIRED


def test_a_revoked_key_vouches_for_nothing() -> None:
    withdrawn = from_trust_list(builders.trust_list(status=KeyStatus.REVOKED))
    told = verify_text(GENUINE.text, withdrawn, at=NOW)
    assert (told.verdict, told.results[0].reason) == (Verdict.REVOKED, "key_revoked")


def test_a_retired_key_still_verifies() -> None:
    retired = from_trust_list(builders.trust_list(status=KeyStatus.RETIRED))
    assert verify_text(GENUINE.text, retired, at=NOW).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "reference",
    [None, StatusReference("urn:wst:somewhereelse", 1), StatusReference("urn:wst:x", 2**17)],
    ids=["none", "another list", "outside"],
)
def test_what_cannot_be_looked_up_is_unknown_and_said_so(
    reference: StatusReference | None, trust: Trust
) -> None:
    told = verify_text(builders.credential(status=reference).text, trust, at=NOW)
    assert told.verdict is Verdict.VALID
    assert told.revocation is Revocation.UNKNOWN


def test_the_age_of_the_trust_list_is_told(trust: Trust) -> None:
    assert verify_text(GENUINE.text, trust, at=NOW).trust_age_days == 3
    assert verify_text(GENUINE.text, trust, at=NOW + timedelta(days=38)).trust_age_days == 41


@given(place=st.integers(min_value=0, max_value=len(GENUINE.signed) - 1), bit=st.integers(0, 7))
@settings(max_examples=100)
def test_no_single_bit_can_be_changed(place: int, bit: int) -> None:
    changed = bytearray(GENUINE.signed)
    changed[place] ^= 1 << bit
    told = verify_text(text_of(bytes(changed)), TRUST, at=NOW)
    assert told.verdict is not Verdict.VALID


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_any_text_gets_a_verdict(text: str) -> None:
    assert verify_text(text, TRUST, at=NOW).verdict is Verdict.UNREADABLE


@given(st.binary(max_size=120))
@settings(max_examples=100)
def test_any_bytes_get_a_verdict(data: bytes) -> None:
    assert verify_text(base45.encode(data), TRUST, at=NOW).verdict is not Verdict.VALID
    assert verify_text(text_of(envelope(data)), TRUST, at=NOW).verdict is not Verdict.VALID


TRUST = from_trust_list(builders.trust_list())
