"""From the text of a QR code to what a signature can be checked over, and nothing further.

Reads our own credentials and tolerates what others have published (see
``docs/formats/credential.md``, "Reading"): a short prefix before the Base45, no zlib, the CWT
tag 61 around the COSE tag, the key id outside the protected header. It refuses before it
allocates: the text's length, the inflated size and the depth are limited here.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from documents import base45
from documents.base45 import Base45Error
from documents.cbor_reader import CborReadError, Tagged, read
from values import cbor

MAX_TEXT = 8_192  # characters; a version 40 symbol holds 4,296
MAX_INFLATED = 8_192  # bytes; ours have 780, the largest published sample with biometrics 2,900

# RFC 9052 section 2 and 3.1, RFC 8392 section 6.
COSE_SIGN1, COSE_ENCRYPT0, CWT_TAG = 18, 16, 61
_TAG_18 = b"\xd2"  # as our own encoder does not write tags
ALG, CRIT, KID = 1, 2, 4

# What no Base45 of a credential begins or ends with: a last character stands for at most 32, a
# first one for the beginning of COSE or zlib, and a blank is 36.
_AROUND = " \t\n\v\f\r\ufeff"

# "HC1:", "PH1:", "WS1:" and their like. A colon is a Base45 character, so the bare text is
# tried first and only then without what looks like a prefix.
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,3}:")


class Algorithm(IntEnum):
    """The signature algorithms a verifier knows, by their COSE numbers."""

    EDDSA = -8
    ES256 = -7


class EnvelopeError(ValueError):
    """The text is no signed credential; `code` names the reason in a verdict."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Envelope:
    """A COSE_Sign1 taken apart. Nothing in it has been verified."""

    protected_bytes: bytes
    protected: dict[Any, Any]
    unprotected: dict[Any, Any]
    payload: bytes
    signature: bytes

    @property
    def algorithm(self) -> Any:
        """The algorithm as the protected header states it, or None. Elsewhere it does not count."""
        return self.protected.get(ALG)

    @property
    def kid(self) -> bytes | None:
        """The key id: protected if there, else unprotected, where other makers put it."""
        for header in (self.protected, self.unprotected):
            kid = header.get(KID)
            if isinstance(kid, bytes) and kid:
                return kid
        return None

    @property
    def digest(self) -> bytes:
        """SHA-256 of the credential as its maker wrote it, by which the ledger names it."""
        parts = [self.protected_bytes, {}, self.payload, self.signature]
        return hashlib.sha256(_TAG_18 + cbor.encode(parts)).digest()

    @property
    def signed_bytes(self) -> bytes:
        """The Sig_structure of RFC 9052 section 4.4: what the signature is over."""
        return cbor.encode(["Signature1", self.protected_bytes, b"", self.payload])


def open_text(text: str) -> Envelope:
    """Take the text of a QR code apart.

    Raises:
        EnvelopeError: ``too_long``, ``not_base45``, ``too_large``, ``not_cose``, ``encrypted``,
            ``detached``, ``critical_header``, ``header_twice``.
    """
    text = _as_printed(text)
    if len(text) > MAX_TEXT:
        raise EnvelopeError("too_long")
    failure = EnvelopeError("not_base45")
    # The reason that got furthest is the one worth telling.
    for candidate in _readings(text):
        try:
            return open_signed(candidate)
        except EnvelopeError as error:
            if failure.code in {"not_base45", "not_cose"}:
                failure = error
    raise failure


def open_signed(data: bytes) -> Envelope:
    """Take COSE bytes apart, inflated first when they are a zlib stream.

    Raises:
        EnvelopeError: as `open_text`.
    """
    try:
        item = read(_inflated(data))
    except CborReadError:
        raise EnvelopeError("not_cose") from None
    for tag in (CWT_TAG, COSE_SIGN1):
        if isinstance(item, Tagged) and item.tag == tag:
            item = item.value
    if isinstance(item, Tagged):
        raise EnvelopeError("encrypted" if item.tag == COSE_ENCRYPT0 else "not_cose")
    return _envelope(item)


def _as_printed(text: str) -> str:
    """The text as it is in the code: without what files and readers put around it, and, when it has
    no capital at all, in capitals, because a reader with Caps Lock on types nothing else."""
    text = text.strip(_AROUND)
    return text.upper() if text.isascii() and text == text.lower() else text


def _readings(text: str) -> Iterator[bytes]:
    """The bytes the text may stand for: as it is, then without a prefix."""
    prefix = _PREFIX.match(text)
    for candidate in (text, text[prefix.end() :] if prefix else ""):
        if not candidate:
            continue
        try:
            yield base45.decode(candidate)
        except Base45Error:
            continue


def _inflated(data: bytes) -> bytes:
    """Inflate a zlib stream; other bytes stay, for the makers that do not compress."""
    # RFC 1950: deflate with a window up to 32 kB, and the two bytes divide by 31. CBOR that begins
    # so would be a negative number, which is no credential.
    if len(data) < 2 or data[0] & 0x0F != 8 or (data[0] << 8 | data[1]) % 31:
        return data
    stream = zlib.decompressobj()
    try:
        inflated = stream.decompress(data, MAX_INFLATED + 1)
    except zlib.error:
        raise EnvelopeError("not_cose") from None
    if len(inflated) > MAX_INFLATED:
        raise EnvelopeError("too_large")
    if not stream.eof or stream.unused_data:
        raise EnvelopeError("not_cose")
    return inflated


def _envelope(item: Any) -> Envelope:
    match item:
        case [bytes(protected_bytes), dict(unprotected), payload, bytes(signature)]:
            pass
        case _:
            raise EnvelopeError("not_cose")
    if not isinstance(payload, bytes):
        raise EnvelopeError("detached")
    try:
        protected = read(protected_bytes) if protected_bytes else {}
    except CborReadError:
        raise EnvelopeError("not_cose") from None
    if not isinstance(protected, dict):
        raise EnvelopeError("not_cose")
    if CRIT in protected or CRIT in unprotected:
        raise EnvelopeError("critical_header")
    # RFC 9052 section 3: one label in both maps could be read either way.
    if ALG in protected and ALG in unprotected:
        raise EnvelopeError("header_twice")
    return Envelope(protected_bytes, protected, unprotected, payload, signature)
