"""Credentials: golden bytes, what is said and left out, sizes, and an independent reader."""

from __future__ import annotations

import hashlib
import json
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import claim169
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import base45
from documents.credential import (
    HARD_LIMIT,
    PHOTO_LIMIT,
    PHOTO_MOST,
    TEXT_LIMIT,
    Claims,
    StatusReference,
    encode_claims,
    end_of_day,
    issue,
    last_day,
)
from documents.errors import CredentialError
from documents.qr import symbol
from ledger.keys import SigningKey
from tests.documents import builders
from tests.documents.conftest import VECTORS, ListedPerson
from values import cbor
from values.dates import PartialDate
from values.secret import Secret

GOLDEN = json.loads((VECTORS / "documents" / "credential.json").read_text(encoding="utf-8"))


def golden_claims(said: dict[str, Any]) -> Claims:
    return Claims(
        issuer=said["issuer"],
        issued_at=datetime.fromtimestamp(said["issued_at"], UTC),
        expires_at=datetime.fromtimestamp(said["expires_at"], UTC),
        document_number=said["document_number"],
        person_number=said["person_number"],
        name=said["name"],
        name_latin=said["name_latin"],
        name_language=said["name_language"],
        birth=PartialDate.from_body(said["birth"]) if said["birth"] else None,
        sex=said["sex"],
        nationality=said["nationality"],
        members=said["members"],
        status=StatusReference(*said["status"]) if said["status"] else None,
        photo=bytes.fromhex(said["photo"]) if said["photo"] else None,
        document=said.get("document", ""),
        facts=tuple((name, value) for name, value in said.get("facts", ())),
        serial=said.get("serial", ""),
    )


@pytest.mark.parametrize("vector", GOLDEN["vectors"], ids=lambda vector: vector["name"])
def test_golden_bytes(vector: dict[str, Any]) -> None:
    key = SigningKey.from_bytes(Secret(bytes.fromhex(GOLDEN["seed"])))
    said = golden_claims(vector["claims"])
    made = issue(said, key)
    assert encode_claims(said).hex() == vector["payload"]
    assert made.signed.hex() == vector["signed"]
    assert made.digest.hex() == vector["sha256"] == hashlib.sha256(made.signed).hexdigest()
    for text in (made.text, vector["text"]):
        assert zlib.decompress(base45.decode(text)) == made.signed


def test_the_envelope_is_what_the_format_says() -> None:
    signed = builders.credential().signed
    assert signed[0] == 0xD2, "bare tag 18"
    protected, unprotected, payload, signature = cbor.decode(signed[1:])
    assert cbor.decode(protected) == {1: -8, 4: builders.DOCUMENT_KEY.public.kid}
    assert unprotected == {}
    assert len(signature) == 64
    assert set(cbor.decode(payload)) == {1, 4, 6, 7, 169, 65535}


def test_only_the_decided_attributes_are_written() -> None:
    picture = issue(builders.claims(members=3), builders.DOCUMENT_KEY, portrait=builders.portrait())
    _, _, payload, _ = cbor.decode(picture.signed[1:])
    attributes = set(cbor.decode(payload)[169])
    assert attributes == {1, 4, 8, 9, 13, 16, 17, 19, 20, 76}
    assert not attributes & {10, 11, 12, 15, 21, 22}


@pytest.mark.parametrize(
    ("said", "calendar", "edtf"),
    [
        ("1985", "gregorian", "1985"),
        ("1985~", "gregorian", "1985~"),
        ("198X", "gregorian", "198X"),
        ("1987-05", "gregorian", "1987-05"),
        ("1987-05-03~", "gregorian", "1987-05-03~"),
        ("2520", "buddhist", "1977"),
        ("1366", "solar-hijri", "1987-03-21/1988-03-20"),
        ("age:34", "gregorian", "1991-11-16/1992-11-15"),
    ],
)
def test_a_partial_birth_is_never_a_day(said: str, calendar: str, edtf: str) -> None:
    birth = PartialDate.parse(said, calendar, said_on=date(2026, 11, 15))
    attributes = cbor.decode(encode_claims(builders.claims(birth=birth)))[169]
    assert 8 not in attributes
    assert attributes[75] == edtf


def test_a_whole_day_of_another_calendar_is_the_gregorian_day() -> None:
    birth = PartialDate.parse("1361-07-12", "solar-hijri")
    attributes = cbor.decode(encode_claims(builders.claims(birth=birth)))[169]
    assert attributes[8] == "19821004"
    assert 75 not in attributes


def test_everyone_in_the_list_fits_the_small_symbol(listed_people: list[ListedPerson]) -> None:
    largest = ""
    for person in listed_people:
        birth = (
            PartialDate.parse(person.birth, person.calendar, said_on=date(2026, 11, 15))
            if person.birth
            else None
        )
        said = builders.claims(
            name=person.name,
            name_latin=person.name_latin,
            name_language=person.language,
            birth=birth,
            sex=person.sex,
            nationality=person.nationality,
        )
        plain = issue(said, builders.DOCUMENT_KEY)
        assert len(plain.signed) <= TEXT_LIMIT
        largest = max(largest, plain.text, key=len)
    assert symbol(largest).side_mm == 35.0


def test_a_portrait_gives_way_to_the_names() -> None:
    said = builders.claims(name="ခင်မာချို" * 5, name_latin="Khin Mar Cho " * 4)
    with_portrait = issue(said, builders.DOCUMENT_KEY, portrait=builders.portrait())
    photo = with_portrait.claims.photo
    assert photo is not None
    assert len(photo) <= PHOTO_MOST
    assert len(with_portrait.signed) <= PHOTO_LIMIT
    assert symbol(with_portrait.text).side_mm == 45.0
    attributes = cbor.decode(cbor.decode(with_portrait.signed[1:])[2])[169]
    assert attributes[19] == said.name
    assert attributes[4] == said.name_latin


def test_the_longest_names_are_not_cut() -> None:
    said = builders.claims(name="ခ" * 200, name_latin="K" * 200)
    made = issue(said, builders.DOCUMENT_KEY, portrait=builders.portrait())
    assert made.claims.photo is None, "not even a recognisable portrait fits"
    assert len(made.signed) <= HARD_LIMIT
    attributes = cbor.decode(cbor.decode(made.signed[1:])[2])[169]
    assert attributes[19] == said.name
    assert symbol(made.text).module_mm >= 0.40


def test_names_beyond_any_symbol_are_refused_with_a_sentence() -> None:
    with pytest.raises(CredentialError, match="leave the name whole") as refused:
        issue(builders.claims(name="ခ" * 500), builders.DOCUMENT_KEY)
    assert refused.value.code == "names_too_long"
    assert "ခ" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuer": ""}, "missing"),
        ({"document_number": ""}, "missing"),
        ({"document_number": "WST-٤٢"}, "number"),
        ({"expires_at": builders.NOW}, "expiry"),
        ({"issued_at": datetime(2026, 11, 15)}, "zone"),  # noqa: DTZ001 - that is the fault
        ({"sex": "female"}, "sex"),
        ({"members": 0}, "members"),
        ({"photo": b"JFIF"}, "photo"),
    ],
)
def test_impossible_claims_are_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CredentialError) as refused:
        builders.credential(**changes)
    assert refused.value.code == code


def test_the_last_day_is_whole_everywhere_on_earth() -> None:
    assert end_of_day(date(2027, 5, 14)) == datetime(2027, 5, 15, 12, tzinfo=UTC)


@settings(max_examples=50)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_last_day_is_told_as_it_stands_on_the_paper(day: date) -> None:
    assert last_day(end_of_day(day)) == day


def test_other_issuers_end_theirs_at_midnight() -> None:
    assert last_day(datetime(2027, 5, 15, tzinfo=UTC)) == date(2027, 5, 14)


class TestIndependentReader:
    """The published `claim169` package reads what we write."""

    def test_everyone_in_the_list(self, listed_people: list[ListedPerson]) -> None:
        for person in listed_people:
            birth = (
                PartialDate.parse(person.birth, person.calendar, said_on=date(2026, 11, 15))
                if person.birth
                else None
            )
            made = builders.credential(
                name=person.name,
                name_latin=person.name_latin,
                name_language=person.language,
                birth=birth,
                sex=person.sex,
                nationality=person.nationality,
            )
            read = claim169.decode_with_ed25519(
                made.text, builders.DOCUMENT_KEY.public.raw, validate_timestamps=False
            )
            assert read.verification_status == "verified"
            whole = birth.complete if birth else None
            assert read.claim169.date_of_birth == (whole.strftime("%Y%m%d") if whole else None)
            assert person.name in {
                read.claim169.full_name or "",
                read.claim169.secondary_full_name or "",
            }

    def test_a_portrait(self) -> None:
        made = issue(builders.claims(), builders.DOCUMENT_KEY, portrait=builders.portrait())
        read = claim169.decode_with_ed25519(
            made.text, builders.DOCUMENT_KEY.public.raw, validate_timestamps=False
        )
        assert read.claim169.photo == made.claims.photo
        assert read.claim169.photo_format == 4

    def test_a_stranger_is_refused(self) -> None:
        with pytest.raises(claim169.SignatureError):
            claim169.decode_with_ed25519(
                builders.credential().text,
                builders.STRANGER.public.raw,
                validate_timestamps=False,
            )


@given(
    name=st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable()),
    latin=st.text(alphabet="ABC xyz-'", max_size=40),
    days=st.integers(min_value=1, max_value=900),
)
@settings(max_examples=50)
def test_what_is_signed_is_what_was_claimed(name: str, latin: str, days: int) -> None:
    said = builders.claims(
        name=name, name_latin=latin, expires_at=builders.NOW + timedelta(days=days)
    )
    payload = cbor.decode(cbor.decode(issue(said, builders.DOCUMENT_KEY).signed[1:])[2])
    attributes = payload[169]
    assert payload[4] - payload[6] == days * 86_400
    assert name in (attributes.get(4), attributes.get(19))


def test_vectors_have_their_licence_beside_them() -> None:
    for folder in ("claim169", "dcc"):
        assert list(Path(VECTORS / folder).glob("LICENSE*"))


class TestDocumentsAboutEvents:
    facts = (("holder", "child"), ("date", "2026-11"), ("mother", "နော်မူ"))

    def test_the_first_two_documents_are_not_named(self) -> None:
        for document in ("", "registration", "household"):
            said = cbor.decode(encode_claims(builders.claims(document=document)))[169]
            assert not {77, 78, 79} & set(said)

    def test_facts_stand_in_their_order(self) -> None:
        made = builders.claims(document="birth", facts=self.facts, serial="A-17")
        said = cbor.decode(encode_claims(made))[169]
        assert said[77] == "birth" and said[79] == "A-17"
        assert said[78] == [list(one) for one in self.facts]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"facts": (("date", ""),)},
            {"facts": (("", "x"),)},
            {"facts": (("place", "x" * 401),)},
            {"facts": (("place", "x"),) * 33},
            {"serial": "x" * 41},
            {"serial": "\u0661"},
        ],
    )
    def test_what_is_no_fact_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(CredentialError):
            encode_claims(builders.claims(**wrong))

    def test_facts_never_give_way(self) -> None:
        long = tuple((f"place{at}", "x" * 300) for at in range(5))
        with pytest.raises(CredentialError) as refused:
            issue(builders.claims(document="birth", facts=long), builders.DOCUMENT_KEY)
        assert refused.value.code == "facts_too_long"
