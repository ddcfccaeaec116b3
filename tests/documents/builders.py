"""Invented people, keys and pages for the tests of documents; everything from fixed seeds."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import struct
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw, ImageFilter

from documents import base45
from documents.credential import Claims, Credential, StatusReference, end_of_day, issue
from documents.page_data import Answer, Party
from documents.pages import DocumentType, Identity, Issuer, MemberLine, PageData
from documents.templates.library import shipped
from forms.library import catalogue
from ledger.certificate import OfficeType, SubjectKind
from ledger.certificate import issue as certify
from ledger.keys import SigningKey
from ledger.status import StatusList, list_uri
from ledger.trust import DocumentKey, KeyStatus, Station, StatusEntry, TrustList
from resources.i18n import papers
from values import cbor
from values.dates import PartialDate
from values.identifiers import OfficeId
from values.secret import Secret

NOW = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
ISSUED, EXPIRES = date(2026, 11, 15), date(2027, 5, 14)
EPOCH = b"epoch-01"
OFFICE = OfficeId(UUID("11111111-1111-4111-8111-111111111111"))
REVOKED_INDEX, GOOD_INDEX = 4711, 77


def key(seed: str) -> SigningKey:
    return SigningKey.from_bytes(Secret(hashlib.sha256(seed.encode()).digest()))


ROOT, TRUST_KEY, DOCUMENT_KEY, STRANGER = (key(name) for name in ("root", "trust", "doc", "other"))


def claims(**changes: Any) -> Claims:
    """A whole, ordinary set of claims."""
    ordinary = Claims(
        issuer="Invented operation",
        issued_at=NOW,
        expires_at=end_of_day(EXPIRES),
        document_number="WST-A01-K7Q-D00042-31",
        person_number="WST-A01-K7Q-P00042-08",
        name="စောထူးဝါး",
        name_latin="Saw Htoo Wah",
        name_language="ksw",
        birth=PartialDate.parse("1986-03-09"),
        sex="M",
        nationality="MMR",
        status=StatusReference(list_uri(OFFICE, EPOCH), GOOD_INDEX),
    )
    return replace(ordinary, **changes)


def credential(**changes: Any) -> Credential:
    return issue(claims(**changes), DOCUMENT_KEY)


def credential_with_portrait(*, skin: tuple[int, int, int] = (190, 140, 110)) -> Credential:
    """The ordinary credential with a face in it."""
    return issue(claims(), DOCUMENT_KEY, portrait=portrait(skin=skin))


def trust_list(
    *,
    document_key: SigningKey = DOCUMENT_KEY,
    status: KeyStatus = KeyStatus.ACTIVE,
    issue_from: datetime = NOW - timedelta(days=30),
    issue_until: datetime = NOW + timedelta(days=150),
    last_expiry: datetime = NOW + timedelta(days=600),
    issued_at: datetime = NOW - timedelta(days=3),
    lists: bool = True,
    since: datetime | None = None,
    genuine: frozenset[bytes] = frozenset(),
) -> TrustList:
    """A trust list with one document key and one status list, signed from an invented root."""
    certificate = certify(
        subject_kind=SubjectKind.TRUST,
        subject_id=UUID("22222222-2222-4222-8222-222222222222"),
        office=OFFICE,
        office_type=OfficeType.REGISTRY,
        public_key=TRUST_KEY.public,
        not_before=NOW - timedelta(days=60),
        not_after=NOW + timedelta(days=300),
        issuer=None,
        key=ROOT,
    )
    bits = StatusList.empty().revoked([REVOKED_INDEX])
    return TrustList.issue(
        number=7,
        issued_at=issued_at,
        root=ROOT.public,
        certificate=certificate,
        key=TRUST_KEY,
        keys=[
            DocumentKey(
                document_key.public,
                OFFICE,
                issue_from,
                issue_until,
                last_expiry,
                status,
                since,
                genuine,
            )
        ],
        stations=[Station(OFFICE, "A01", "Station A")],
        status_lists=[StatusEntry(OFFICE, EPOCH, bits)] if lists else [],
        recipient="age1invented",
    )


def key_set(*keys: SigningKey, named: bool = True) -> bytes:
    """A JSON Web Key Set of Ed25519 keys, with or without names."""
    entries = []
    for one in keys:
        entry = {"kty": "OKP", "crv": "Ed25519", "x": _base64url(one.public.raw)}
        if named:
            entry["kid"] = _base64url(one.public.kid)
        entries.append(entry)
    return json.dumps({"keys": entries}).encode()


def envelope(
    payload: bytes,
    *,
    signer: SigningKey = DOCUMENT_KEY,
    protected: dict[Any, Any] | bytes | None = None,
    unprotected: dict[Any, Any] | None = None,
    signature: bytes | None = None,
    tag: bytes = b"\xd2",
) -> bytes:
    """A COSE_Sign1 made by hand, so that it can be made wrong."""
    header: dict[Any, Any] | bytes
    header = {1: -8, 4: signer.public.kid} if protected is None else protected
    header = header if isinstance(header, bytes) else cbor.encode(header)
    structure = cbor.encode(["Signature1", header, b"", payload])
    made = signer.sign_structure(structure) if signature is None else signature
    return tag + cbor.encode([header, unprotected or {}, payload, made])


def text_of(signed: bytes) -> str:
    return base45.encode(zlib.compress(signed, 9))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@lru_cache
def portrait(
    size: tuple[int, int] = (720, 926), *, skin: tuple[int, int, int] = (190, 140, 110)
) -> bytes:
    """A drawn face as a JPEG."""
    picture = Image.new("RGB", (720, 926), (205, 214, 220))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 640, 600, 1300), fill=(70, 80, 110))
    draw.ellipse((210, 180, 510, 620), fill=skin)
    draw.pieslice((195, 140, 525, 560), 180, 360, fill=(40, 30, 28))
    for x in (290, 430):
        draw.ellipse((x - 28, 350, x + 28, 380), fill="white")
        draw.ellipse((x - 13, 352, x + 13, 378), fill=(40, 25, 20))
    draw.arc((300, 460, 420, 550), 20, 160, fill=(140, 60, 60), width=12)
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(2)).resize(size).save(out, "JPEG", quality=90)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG header that promises a size, with almost nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def identity(**changes: Any) -> Identity:
    ordinary = Identity(
        number="WST-A01-K7Q-P00042-08",
        name="စောထူးဝါး",
        name_latin="Saw Htoo Wah",
        name_language="ksw",
        sex="M",
        birth=PartialDate.parse("1986-03-09"),
        nationality="MMR",
    )
    return replace(ordinary, **changes)


def page(
    who: Identity | None = None,
    *,
    language: str = "en",
    photo: bytes | None = None,
    members: tuple[MemberLine, ...] = (),
    number: str = "WST-A01-K7Q-D00042-31",
    **changes: Any,
) -> PageData:
    """A page whose code says what the page says."""
    who = who or identity()
    signed = issue(
        claims(
            document_number=number,
            person_number=who.number,
            name=who.name,
            name_latin=who.name_latin,
            name_language=who.name_language,
            birth=who.birth,
            sex=who.sex,
            nationality=who.nationality,
            members=len(members) or None,
        ),
        DOCUMENT_KEY,
        portrait=photo,
    )
    ordinary = PageData(
        type=DocumentType.HOUSEHOLD if members else DocumentType.REGISTRATION,
        language=language,
        number=number,
        issued=ISSUED,
        expires=EXPIRES,
        issuer=Issuer(operation="Invented operation", office="Reception site A, Station A01"),
        subject=who,
        credential=signed.text,
        photo=photo,
        members=members,
        household_number="WST-A01-K7Q-H00007-55" if members else "",
        issued_by="amal",
    )
    return replace(ordinary, **changes)


def card(at: int = 0) -> PageData:
    """A card with a photograph; each number has a code of its own."""
    signed = credential(document_number=f"WST-A01-K7Q-D{at + 1:05d}-31", status=None)
    made = page(language="ar" if at % 2 else "en", photo=portrait())
    return replace(made, paper="card", credential=signed.text)


def household(size: int, *, language: str = "en", photo: bytes | None = None) -> PageData:
    """A household attestation with `size` members."""
    members = tuple(
        MemberLine(
            identity=identity(number=f"WST-A01-K7Q-P{place:05d}-08", name_latin=f"Member {place}"),
            relation="head" if place == 1 else "child",
        )
        for place in range(1, size + 1)
    )
    return page(members[0].identity, language=language, photo=photo, members=members)


def told(type_: str, language: str) -> PageData:
    """A page of any document, with every answer and party that its template knows."""
    if type_ == "household":
        return household(6, language=language, photo=portrait())
    template = shipped().templates[type_]
    say = papers(language).gettext
    form = catalogue().form(template.forms[0]) if template.forms else None

    def label(name: str) -> str:
        return form.field(name).label if form is not None and name in form else name

    parties = tuple(
        Party(
            role,
            say(label(role)),
            identity() if at == 0 else identity(number="", name="နော်မူ"),
            label(role) if say(label(role)) != label(role) else "",
        )
        for at, role in enumerate(template.roles())
    )
    answers = tuple(
        Answer(
            name,
            say(label(name)),
            f"told {name}",
            label(name) if say(label(name)) != label(name) else "",
        )
        for name in template.answers()
    )
    asked = tuple(Answer(f"asked.{one.name}", one.label, "told") for one in template.asks)
    return replace(
        page(language=language),
        photo=portrait(),
        type=type_,
        answers=answers + asked,
        parties=parties,
        consents=(("registration", "yes"), ("tracing", "no"), ("statistics", "")),
        household_number="WST-A01-K7Q-H00007-55",
        household_size=4,
    )
