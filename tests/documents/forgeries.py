"""A table of credentials that are not what they seem, each with the verdict it deserves.

Everything that verifies is asked the same table: the function, the command, the window and the page
for verifiers (`tests/verifier`). A verdict that differs anywhere is a fault.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from documents import base45
from documents.credential import StatusReference, encode_claims
from documents.trust import Revocation
from documents.verdict import Verdict
from ledger.status import list_uri
from tests.documents import builders
from tests.documents.builders import DOCUMENT_KEY, NOW, STRANGER, envelope, text_of
from values import cbor

GENUINE = builders.credential()
PAYLOAD = encode_claims(builders.claims())
CLAIMS = cbor.decode(PAYLOAD)
KID = DOCUMENT_KEY.public.kid
STATUS = CLAIMS[65535]["status_list"]


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
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


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


def under_the_old_signature(payload: bytes) -> Callable[[], str]:
    return signed(payload, signature=genuine_structure()[3])


def with_attributes(**changes: object) -> bytes:
    """The genuine payload with attributes of claim 169 (named by a<number>) replaced."""
    changed = {int(name[1:]): value for name, value in changes.items()}
    return with_claims(c169={**CLAIMS[169], **changed})


def swapped_portrait() -> str:
    """The credential of one person with the face of another in it."""
    one = builders.credential_with_portrait()
    other = builders.credential_with_portrait(skin=(90, 60, 40))
    parts: list[object] = cbor.decode(one.signed[1:])
    claims = cbor.decode(parts[2])  # type: ignore[arg-type]  # the payload is bytes
    face = cbor.decode(cbor.decode(other.signed[1:])[2])[169][16]
    assert face != claims[169][16]
    payload = cbor.encode({**claims, 169: {**claims[169], 16: face}})
    return text_of(envelope(payload, signature=parts[3]))  # type: ignore[arg-type]  # bytes


def other_form_of_the_signature() -> str:
    """The same signature with the order of the group added to S (RFC 8032 section 5.1.7)."""
    signature = genuine_structure()[3]
    assert isinstance(signature, bytes)
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(signature[32:], "little") + order
    return text_of(envelope(PAYLOAD, signature=signature[:32] + s.to_bytes(32, "little")))


def wrong_checksum() -> str:
    return base45.encode(flipped(zlib.compress(GENUINE.signed), -1))


COFACTORED = bytes.fromhex(
    "1dd960b291c53514fece1341fc0dcd8a648b3934c2c533666f737a654ff1e1bf"
    "09ce039eb79b32e85ad7017472fd8f9a5cdad1a2ff5b08e87b6e7ad47114dd00"
)
"""Made with the document key over the genuine claims, with a point of order 8 added to R. The
equation of RFC 8032 times 8 holds, the equation itself does not; libraries differ (Chalkias et al.,
"Taming the many EdDSAs", 2020)."""


OTHER_NAME = with_claims(c169={**CLAIMS[169], 4: "Somebody Else"})


def _one_small(text: str) -> str:
    at = next(place for place, letter in enumerate(text) if letter.isalpha())
    return text[:at] + text[at].lower() + text[at + 1 :]


def _parted(text: str, between: str) -> str:
    return text[:40] + between + text[40:]


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
    Forgery("the face of somebody else", swapped_portrait, Verdict.FORGED, "bad_signature"),
    Forgery(
        "a letter O for a zero in the person number",
        under_the_old_signature(with_attributes(a1="WST-A01-K7Q-POOO42-08")),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "the digits of another script in the person number",
        under_the_old_signature(with_attributes(a1="WST-A01-K7Q-P٠٠٠٤٢-08")),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "one member more in the household",
        under_the_old_signature(with_attributes(a76=4)),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "the number of a genuine paper in claims of a stranger's making",
        signed(OTHER_NAME, signer=STRANGER),
        Verdict.UNKNOWN_KEY,
        "no_such_key",
    ),
    Forgery(
        "the status of a good paper under the old signature",
        under_the_old_signature(with_claims(c65535={"status_list": {"idx": 1, "uri": "urn:x"}})),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "the signature in its other form",
        other_form_of_the_signature,
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "a signature that only a lenient check accepts",
        signed(PAYLOAD, signature=COFACTORED),
        Verdict.FORGED,
        "bad_signature",
    ),
    Forgery(
        "the algorithm as a list",
        signed(PAYLOAD, protected={1: [-8], 4: KID}),
        Verdict.FORGED,
        "wrong_algorithm",
    ),
    Forgery(
        "the algorithm as text",
        signed(PAYLOAD, protected={1: "EdDSA", 4: KID}),
        Verdict.FORGED,
        "wrong_algorithm",
    ),
    Forgery(
        "the algorithm as a fraction",
        signed(PAYLOAD, protected=b"\xa2\x01\xf9\xc8\x00\x04\x48" + KID),
        Verdict.FORGED,
        "wrong_algorithm",
    ),
    Forgery(
        "the algorithm null",
        signed(PAYLOAD, protected={1: None, 4: KID}),
        Verdict.FORGED,
        "no_algorithm",
    ),
    Forgery(
        "the algorithm twice in one header",
        signed(PAYLOAD, protected=b"\xa3\x01\x27\x01\x26\x04\x48" + KID),
        Verdict.UNREADABLE,
        "not_cose",
    ),
    Forgery(
        "a message with a shared secret instead of a signature",
        lambda: text_of(b"\xd1" + GENUINE.signed[1:]),
        Verdict.UNREADABLE,
        "not_cose",
    ),
    Forgery("a wrong checksum of zlib", wrong_checksum, Verdict.UNREADABLE, "not_cose"),
    Forgery(
        "a string without an end",
        lambda: base45.encode(b"\xd2\x84\x5f\x41\x00"),
        Verdict.UNREADABLE,
        "not_cose",
    ),
    Forgery(
        "a list that claims to have a billion items",
        lambda: base45.encode(b"\x9a\x3b\x9a\xca\x00"),
        Verdict.UNREADABLE,
        "not_cose",
    ),
    Forgery("one small letter", lambda: _one_small(GENUINE.text), Verdict.UNREADABLE, "not_base45"),
    Forgery("a wide blank", lambda: GENUINE.text + "\xa0", Verdict.UNREADABLE, "not_base45"),
    Forgery(
        "a blank inside", lambda: _parted(GENUINE.text, "\t"), Verdict.UNREADABLE, "not_base45"
    ),
    Forgery(
        "wide digits in the text of the code",
        lambda: GENUINE.text.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}),
        Verdict.UNREADABLE,
        "not_base45",
    ),
    Forgery(
        "a health certificate under a key that signs identities",
        signed(with_claims(c169=None, **{"c-260": {1: {"v": []}}})),
        Verdict.UNREADABLE,
        "no_identity",
    ),
    Forgery(
        "an issue that is a truth value",
        signed(with_claims(c6=True)),
        Verdict.UNREADABLE,
        "bad_times",
    ),
]


@dataclass(frozen=True)
class Tolerated:
    """An unusual text that is as good as any, and whether its status can be looked up."""

    name: str
    text: Callable[[], str]
    revocation: Revocation = Revocation.CHECKED


TOLERATED = [
    Tolerated("the genuine one", lambda: GENUINE.text),
    Tolerated("with a portrait", lambda: builders.credential_with_portrait().text),
    Tolerated("small letters", lambda: GENUINE.text.lower()),
    Tolerated("blanks around", lambda: f" \t{GENUINE.text} \t "),
    Tolerated("line breaks behind", lambda: f"{GENUINE.text}\r\n\n"),
    Tolerated("a byte order mark", lambda: f"\ufeff{GENUINE.text}"),
    Tolerated("a prefix", lambda: f"WS1:{GENUINE.text}"),
    Tolerated("no zlib", lambda: base45.encode(GENUINE.signed)),
    Tolerated(
        "zlib that does not compress", lambda: base45.encode(zlib.compress(GENUINE.signed, 0))
    ),
    Tolerated("a prefix and no zlib", lambda: f"HC1:{base45.encode(GENUINE.signed)}"),
    Tolerated("the tag of a CWT", signed(PAYLOAD, tag=b"\xd8\x3d\xd2")),
    Tolerated("no tag", signed(PAYLOAD, tag=b"")),
    Tolerated(
        "the key's name unprotected", signed(PAYLOAD, protected={1: -8}, unprotected={4: KID})
    ),
    Tolerated("no name of a key", signed(PAYLOAD, protected={1: -8})),
    Tolerated("a name of a key that is text", signed(PAYLOAD, protected={1: -8, 4: "key"})),
    Tolerated("claim 169 as bytes", signed(with_claims(c169=cbor.encode(CLAIMS[169])))),
    Tolerated(
        "text for keys", signed(cbor.encode({str(key): value for key, value in CLAIMS.items()}))
    ),
    Tolerated("text for sex", signed(with_attributes(a9="1"))),
    Tolerated("a tag around the claims", signed(b"\xd8\x3d" + PAYLOAD)),
    Tolerated(
        "an indefinite length",
        signed(b"\xbf" + PAYLOAD[1:] + b"\xff"),
    ),
    Tolerated("no expiry", signed(with_claims(c4=None))),
    Tolerated("no time of issue", signed(with_claims(c6=None))),
    Tolerated("times with fractions", signed(with_claims(c4=CLAIMS[4] + 0.5))),
    Tolerated("no status", signed(with_claims(c65535=None)), Revocation.UNKNOWN),
    Tolerated(
        "a status that is elsewhere",
        signed(with_claims(c65535={"status_list": {"idx": 1, "uri": "urn:wst:elsewhere"}})),
        Revocation.UNKNOWN,
    ),
    Tolerated(
        "a status outside its list",
        signed(with_claims(c65535={"status_list": {**STATUS, "idx": 2**17}})),
        Revocation.UNKNOWN,
    ),
    Tolerated(
        "a status before its list",
        signed(with_claims(c65535={"status_list": {**STATUS, "idx": -1}})),
        Revocation.UNKNOWN,
    ),
    Tolerated(
        "a place in the list that is a truth value",
        signed(with_claims(c65535={"status_list": {**STATUS, "idx": True}})),
        Revocation.UNKNOWN,
    ),
]
"""Read as valid on the day of issue: what other makers write, and what cannot be looked up."""
