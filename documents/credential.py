"""The credential: what the QR code of a document says, signed.

Claims become a CWT (RFC 8392) with claim 169 (MOSIP specification 1.2.0), that becomes a
COSE_Sign1 (RFC 9052, bare tag 18), then zlib (RFC 1950), then Base45 (RFC 9285), and that
is the text of the QR code. The bytes are fixed in ``docs/formats/credential.md``.

The claims are few on purpose: anybody who finds the paper can read them. There is no field
here for address, phone, guardian, legal status, religion, ethnicity or needs. A document
about an event says what its template signs, and nothing else of it.
"""

import hashlib
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from documents import base45, photo
from documents.errors import CredentialError
from ledger import cose
from ledger.keys import SigningKey
from values import cbor
from values.dates import PartialDate
from values.text import scripts_of

# CWT claims, RFC 8392 section 4 and the IANA registry.
ISS, EXP, NBF, IAT, CTI = 1, 4, 5, 6, 7
STATUS = 65535  # Token Status List, the `status` claim of a CWT
CLAIM_169 = 169

# Attributes inside claim 169. 75 to 79 are ours, from the range left to closed systems.
PERSON_NUMBER, LATIN_NAME, BIRTH_DATE, SEX, NATIONALITY = 1, 4, 8, 9, 13
PHOTO, PHOTO_FORMAT, OWN_NAME, OWN_NAME_LANGUAGE = 16, 17, 19, 20
BIRTH_EDTF, MEMBER_COUNT = 75, 76
DOCUMENT, FACTS, SERIAL = 77, 78, 79

_UNSAID = ("registration", "household")  # told by 76, or by nothing at all
_FACTS_MOST, _FACT_LENGTH, _SERIAL_LENGTH = 32, 400, 40

WEBP = 4  # claim 169 attribute 17
SEX_CODES = {"M": 1, "F": 2, "X": 3}

# Signed bytes that still print at 0.40 mm a module: 35 mm without a photo, 45 mm with one.
TEXT_LIMIT = 400
PHOTO_LIMIT = 780
# A portrait below this is a smudge; above, it costs modules and adds nothing to recognise.
PHOTO_LEAST, PHOTO_MOST = 300, 450
# CBOR of keys 16 and 17, the longer photo header and the longer map and string heads around.
_PHOTO_OVERHEAD = 12
# Names may be 200 characters each; their bytes at most, with everything else, stay below this.
# 1,150 bytes are version 29 (133 modules), which a 60 mm symbol prints at 0.45 mm.
HARD_LIMIT = 1150


@dataclass(frozen=True, slots=True)
class StatusReference:
    """Where revocation of this credential is written: a status list and a place in it."""

    uri: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a credential says. Absent facts are ``None`` or empty, never invented.

    `issued_at` and `expires_at` are aware times; whole seconds count. `name` is the name in
    its own script, `name_latin` its romanisation; a name already in Latin letters without a
    romanisation is written once, as the Latin name. Both may be empty: a newborn is not yet
    named. `members` is set for a household attestation, whose subject is the focal point.
    `photo` is a small WebP made by `documents.photo`. `document` is the id of the document,
    `facts` what it tells of an event, as pairs of a field's name and a value, in the order of its
    template; `serial` the number of pre-numbered paper.
    """

    issuer: str
    issued_at: datetime
    expires_at: datetime
    document_number: str
    person_number: str
    name: str = field(default="", repr=False)
    name_latin: str = field(default="", repr=False)
    name_language: str = ""
    birth: PartialDate | None = field(default=None, repr=False)
    sex: str = ""
    nationality: str = ""
    members: int | None = None
    status: StatusReference | None = None
    photo: bytes | None = field(default=None, repr=False)
    document: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """A signed credential: its claims, the COSE_Sign1 bytes and the text of its QR code."""

    claims: Claims
    signed: bytes = field(repr=False)
    text: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the signed bytes: what the ledger's entry of the issue names."""
        return hashlib.sha256(self.signed).digest()


def last_day(expires_at: datetime) -> date:
    """Return the last day of a document that ends at `expires_at`: `end_of_day` undone.

    Other issuers may end theirs at any hour; then it is the day of the last second.
    """
    at = expires_at.astimezone(UTC)
    if (at.hour, at.minute, at.second) == (12, 0, 0):
        return (at - timedelta(days=1, hours=12)).date()
    return (at - timedelta(seconds=1)).date()


def end_of_day(last_day: date) -> datetime:
    """Return the moment at which a document valid until `last_day`, that day included, ends.

    The day ends everywhere on earth: midnight UTC after it, and twelve hours more for the
    zones west of Greenwich, so that no holder is refused on the day printed on the paper.
    """
    following = datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC)
    return following + timedelta(days=1, hours=12)


def encode_claims(claims: Claims) -> bytes:
    """Return the CWT claims set as deterministic CBOR: the payload that is signed.

    Raises:
        CredentialError: a claim is empty that must not be, or outside its range.
    """
    _require_sound(claims)
    cwt: dict[int, Any] = {
        ISS: claims.issuer,
        EXP: int(claims.expires_at.timestamp()),
        IAT: int(claims.issued_at.timestamp()),
        CTI: claims.document_number.encode("ascii"),
        CLAIM_169: _attributes(claims),
    }
    if claims.status is not None:
        reference = {"idx": claims.status.index, "uri": claims.status.uri}
        cwt[STATUS] = {"status_list": reference}
    return cbor.encode(cwt)


def issue(claims: Claims, key: SigningKey, *, portrait: bytes | None = None) -> Credential:
    """Sign `claims` with a document key and return the credential.

    `portrait` is a stored photograph (JPEG): it is made small enough for what the names leave
    free, and left out when not even a recognisable one fits. Names are never cut.

    Raises:
        CredentialError: a claim is missing or impossible, or the names alone exceed the symbol.
        PhotoError: the portrait cannot be decoded.
    """
    if portrait is not None:
        claims = replace(claims, photo=_fitting_portrait(claims, key, portrait))
    signed = _sign(claims, key)
    if len(signed) > HARD_LIMIT:
        if claims.facts:
            raise CredentialError(
                "facts_too_long",
                "The answers are too long for the QR code. Shorten places and names that are no "
                "more than what is used every day.",
            )
        raise CredentialError(
            "names_too_long",
            "The names are too long for the QR code, so no paper can be made. Tell the registry, "
            "and leave the name whole.",
        )
    return Credential(claims=claims, signed=signed, text=qr_text(signed))


def qr_text(signed: bytes) -> str:
    """Return the text of the QR code for COSE_Sign1 bytes: zlib, then Base45, no prefix."""
    return base45.encode(zlib.compress(signed, level=9))


def _sign(claims: Claims, key: SigningKey) -> bytes:
    return cose.sign1(encode_claims(claims), key)


def _fitting_portrait(claims: Claims, key: SigningKey, portrait: bytes) -> bytes | None:
    """The best portrait that the names leave room for, or None when there is too little."""
    without = len(_sign(replace(claims, photo=None), key))
    budget = min(PHOTO_MOST, PHOTO_LIMIT - without - _PHOTO_OVERHEAD)
    if budget < PHOTO_LEAST:
        return None
    return photo.thumbnail(portrait, budget=budget)


def _attributes(claims: Claims) -> dict[int, Any]:
    """The map of claim 169. A fact that is not known has no key."""
    birth_day = claims.birth.complete if claims.birth is not None else None
    latin, own = _names(claims)
    pairs: list[tuple[int, Any]] = [
        (PERSON_NUMBER, claims.person_number),
        (LATIN_NAME, latin),
        (BIRTH_DATE, _compact(birth_day) if birth_day else None),
        (SEX, SEX_CODES.get(claims.sex)),
        (NATIONALITY, claims.nationality),
        (PHOTO, claims.photo),
        (PHOTO_FORMAT, WEBP if claims.photo else None),
        (OWN_NAME, own),
        (OWN_NAME_LANGUAGE, claims.name_language if own else None),
        # A partial date in attribute 8 would be read as an exact one, or refused: see the format.
        (BIRTH_EDTF, claims.birth.gregorian if claims.birth and not birth_day else None),
        (MEMBER_COUNT, claims.members),
        (DOCUMENT, claims.document if claims.document not in _UNSAID else None),
        (FACTS, [list(one) for one in claims.facts] or None),
        (SERIAL, claims.serial),
    ]
    return {key: value for key, value in pairs if value is not None and value != ""}


def _names(claims: Claims) -> tuple[str, str]:
    """The Latin name and, when it is another one, the name in its own script."""
    latin, own = claims.name_latin, claims.name
    if not latin and own and set(scripts_of(own)) <= {"Latn"}:
        latin = own
    return latin, "" if own == latin else own


def _compact(day: date) -> str:
    """YYYYMMDD, as claim 169 writes a date of birth; strftime does not pad early years."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _require_sound(claims: Claims) -> None:
    problem = None
    if not claims.issuer or not claims.document_number or not claims.person_number:
        problem = ("missing", "A document needs an issuer, a document number and a person number.")
    elif not claims.document_number.isascii():
        problem = ("number", "A document number consists of ASCII letters, digits and hyphens.")
    elif claims.issued_at.tzinfo is None or claims.expires_at.tzinfo is None:
        problem = ("zone", "Times of issue and expiry need a time zone.")
    elif claims.expires_at <= claims.issued_at:
        problem = ("expiry", "The document would expire before it is issued. Check the clock.")
    elif claims.sex not in {"", *SEX_CODES}:
        problem = ("sex", "Sex is F, M, X or empty.")
    elif claims.members is not None and claims.members < 1:
        problem = ("members", "A household has at least one member.")
    elif claims.photo is not None and not photo.is_webp(claims.photo):
        problem = ("photo", "The portrait in a QR code is a WebP picture.")
    elif len(claims.facts) > _FACTS_MOST or any(
        not name or not value or len(value) > _FACT_LENGTH for name, value in claims.facts
    ):
        problem = ("facts", "A fact of an event has a name and a value, and is not too long.")
    elif len(claims.serial) > _SERIAL_LENGTH or not claims.serial.isascii():
        problem = ("serial", "A number of a sheet has at most 40 ASCII letters and digits.")
    if problem is not None:
        raise CredentialError(*problem)
