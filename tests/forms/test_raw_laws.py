"""Reading an answer never fails, and takes time that grows with its length: whatever was typed,
pasted, or kept by another program."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms.definition import DOCUMENT_LIMIT, Field, Kind
from forms.raw import is_blank, raw_of, read_raw
from tests.forms.raws import anything, kept
from values import cbor

TODAY = date(2026, 11, 15)
FIELDS: dict[Kind, Field] = {
    field.kind: field for form in forms.catalogue().all() for field in form.fields()
}
MARKS = "\u0301\u0316"


def codes(kind: Kind, raw: Any) -> list[str]:
    return [one.code for one in read_raw(FIELDS[kind], raw, TODAY).problems]


def test_every_kind_is_tried() -> None:
    assert FIELDS.keys() == set(Kind)


@pytest.mark.parametrize("kind", Kind)
@given(raw=anything)
@settings(max_examples=60, deadline=None)
def test_reading_never_fails(kind: Kind, raw: Any) -> None:
    answer = read_raw(FIELDS[kind], raw, TODAY)
    if answer.value is not None and not any(one.is_error for one in answer.problems):
        cbor.encode(answer.value)  # fit for the ledger
    assert is_blank(raw) in (True, False)


@pytest.mark.parametrize("kind", Kind)
@given(value=kept)
@settings(max_examples=60, deadline=None)
def test_a_kept_value_becomes_some_answer(kind: Kind, value: Any) -> None:
    """Correcting a record reads what any program may have kept there."""
    read_raw(FIELDS[kind], raw_of(FIELDS[kind], value), TODAY)


@pytest.mark.parametrize("kind", Kind)
def test_what_was_read_can_be_corrected(kind: Kind) -> None:
    for raw in ("Orlok", "17", "7:30", "1987-05", ["SV-VA"], {"name": "Orlok"}, "0a" * 32):
        answer = read_raw(FIELDS[kind], raw, TODAY)
        if answer.value is not None and not answer.problems:
            again = read_raw(FIELDS[kind], raw_of(FIELDS[kind], answer.value), TODAY)
            assert again.value == answer.value


def test_an_interval_of_no_known_calendar_is_no_date() -> None:
    for text in ("x/y", "/", "2020-01-01/2021-01-01"):
        assert codes(Kind.DATE, {"text": text, "calendar": "lunar"}) == ["unknown_code"]


@pytest.mark.parametrize("value", [5, 2**40, True, "zz", [1, 2], {"a": 1}, 1.5, None])
def test_a_photo_is_its_hash_and_nothing_else(value: Any) -> None:
    assert read_raw(FIELDS[Kind.PHOTO], raw_of(FIELDS[Kind.PHOTO], value), TODAY).value is None


def test_a_reason_that_is_not_known_is_kept() -> None:
    for kind in Kind:
        if kind is not Kind.SEALED:
            assert raw_of(FIELDS[kind], {"missing": "in another way"}) == {
                "missing": "in another way"
            }


@pytest.mark.timeout(30)
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "text",
    ["a" + MARKS * 500_000, " \u200b" * 500_000 + "a", "a" + " " * 1_000_000 + "b", "ေျ" * 300_000],
    ids=["marks", "edges", "spaces", "zawgyi"],
)
def test_a_page_pasted_into_a_field_is_no_wait(kind: Kind, text: str) -> None:
    for raw in (text, {"text": text}, {"name": text}, [{"type": "passport", "number": text}]):
        read_raw(FIELDS[kind], raw, TODAY)


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.NAME, Kind.LONG_TEXT, Kind.PLACE, Kind.PERSON])
def test_marks_that_no_writing_has_are_refused_in_words(kind: Kind) -> None:
    assert codes(kind, "Ba" + MARKS * 15) == []
    assert codes(kind, "Ba" + MARKS * 16) == ["too_many_marks"]


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.NAME, Kind.LONG_TEXT, Kind.PLACE, Kind.PERSON])
def test_half_a_character_is_no_answer(kind: Kind) -> None:
    answer = read_raw(FIELDS[kind], "Ba\ud800", TODAY)
    assert [one.code for one in answer.problems] == ["control_character"]
    assert answer.value is None


def test_a_number_has_nine_digits_at_most() -> None:
    number = FIELDS[Kind.NUMBER]
    for raw in ("1" * 10, "9" * 5000, 10**5000, -1, "-1", "²", "1_0"):
        assert codes(Kind.NUMBER, raw) == ["number_form"], raw
    assert read_raw(number, "१७", TODAY).value == 17


def test_nobody_brings_more_papers_than_there_is_room_for() -> None:
    papers = [{"type": "passport", "number": f"A{number:07d}"} for number in range(1, 52)]
    assert codes(Kind.DOCUMENTS, papers[:DOCUMENT_LIMIT]) == []
    assert codes(Kind.DOCUMENTS, papers) == ["too_many_rows"]


@given(st.recursive(anything, lambda inner: st.fixed_dictionaries({"text": inner}), max_leaves=3))
@settings(max_examples=60, deadline=None)
def test_nothing_inside_of_nothing_is_no_answer(raw: Any) -> None:
    assert is_blank({"text": raw}) == (raw is None or (isinstance(raw, str) and not raw.strip()))


def test_what_is_nested_without_end_is_read() -> None:
    raw: Any = "x"
    for _ in range(5000):
        raw = {"text": raw, "name": raw}
    for field in FIELDS.values():
        read_raw(field, raw, TODAY)
