"""Control numbers: their form, their check digits, and what copying by hand does to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values.numbers import (
    ALPHABET,
    SERIES,
    ControlNumber,
    NumberError,
    PermanentNumber,
    check_digits,
    epoch_tag,
    operation_code,
    parse_any,
)

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "values" / "numbers.json").read_text(encoding="utf-8")
)
NUMBER = ControlNumber("WST", "A01", "K7Q", "P", 42)

letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
digits = st.sampled_from("0123456789")
stations = st.one_of(
    st.builds(
        str.__add__,
        st.text(letters, min_size=1, max_size=1),
        st.text(digits, min_size=1, max_size=4),
    ),
    st.builds(str.__add__, st.text(letters, min_size=2, max_size=3), st.text(digits, max_size=2)),
)
numbers = st.builds(
    ControlNumber,
    operation=st.text(letters, min_size=3, max_size=3),
    station=stations,
    epoch=st.text(st.sampled_from(ALPHABET), min_size=3, max_size=3),
    series=st.sampled_from(sorted(SERIES)),
    counter=st.integers(1, 9_999_999),
)


@pytest.mark.parametrize("vector", VECTORS["control"], ids=lambda v: v["text"])
def test_golden_control_numbers(vector: dict[str, str | int]) -> None:
    fields = {key: value for key, value in vector.items() if key != "text"}
    number = ControlNumber(**fields)  # type: ignore[arg-type]  # the file holds the right types
    assert str(number) == vector["text"]
    assert ControlNumber.parse(str(vector["text"])) == number


@pytest.mark.parametrize("vector", VECTORS["permanent"], ids=lambda v: v["text"])
def test_golden_permanent_numbers(vector: dict[str, str | int]) -> None:
    number = PermanentNumber(str(vector["operation"]), int(vector["counter"]))
    assert str(number) == vector["text"]
    assert PermanentNumber.parse(str(vector["text"])) == number


@pytest.mark.parametrize("vector", VECTORS["spellings"], ids=lambda v: ascii(v["text"]))
def test_golden_spellings(vector: dict[str, str]) -> None:
    assert str(parse_any(vector["text"])) == vector["reads_as"]


@pytest.mark.parametrize("vector", VECTORS["refuse"], ids=lambda v: ascii(v["text"]))
def test_golden_refusals(vector: dict[str, str]) -> None:
    with pytest.raises(NumberError) as caught:
        parse_any(vector["text"])
    assert caught.value.code == vector["code"]


@pytest.mark.parametrize("vector", VECTORS["check_digits"], ids=lambda v: v["payload"])
def test_golden_check_digits(vector: dict[str, str]) -> None:
    assert check_digits(vector["payload"]) == vector["digits"]
    base10 = "".join(str(int(char, 36)) for char in vector["payload"] + vector["digits"])
    assert int(base10) % 97 == 1


@given(numbers)
@settings(max_examples=100, deadline=None)
def test_round_trip_with_and_without_separators(number: ControlNumber) -> None:
    text = str(number)
    assert parse_any(text) == number
    assert parse_any(text.replace("-", "").lower()) == number
    assert parse_any(text.replace("-", " ")) == number


@given(st.integers(1, 999_999_999))
@settings(max_examples=50, deadline=None)
def test_permanent_round_trip(counter: int) -> None:
    number = PermanentNumber("WST", counter)
    assert parse_any(str(number)) == number
    with pytest.raises(NumberError):
        ControlNumber.parse(str(number))


@given(numbers, st.data())
@settings(max_examples=100, deadline=None)
def test_one_wrong_digit_or_letter_is_seen(number: ControlNumber, data: st.DataObject) -> None:
    text = str(number).replace("-", "")
    place = data.draw(st.integers(0, len(text) - 1))
    kind = "0123456789" if text[place].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    wrong = data.draw(st.sampled_from(kind.replace(text[place], "")))
    with pytest.raises(NumberError):
        parse_any(text[:place] + wrong + text[place + 1 :])


@given(numbers, st.data())
@settings(max_examples=100, deadline=None)
def test_two_neighbours_changed_over_are_seen(number: ControlNumber, data: st.DataObject) -> None:
    text = str(number).replace("-", "")
    place = data.draw(st.integers(0, len(text) - 2))
    if text[place] != text[place + 1]:
        with pytest.raises(NumberError):
            parse_any(text[:place] + text[place + 1] + text[place] + text[place + 2 :])


@pytest.mark.parametrize(
    "fields",
    [
        ("WS", "A01", "K7Q", "P", 1),
        ("WSTX", "A01", "K7Q", "P", 1),
        ("wst", "A01", "K7Q", "P", 1),
        ("WST", "1A0", "K7Q", "P", 1),
        ("WST", "A", "K7Q", "P", 1),
        ("WST", "A01234", "K7Q", "P", 1),
        ("WST", "A1B", "K7Q", "P", 1),
        ("WST", "ABCDEF", "K7Q", "P", 1),
        ("WST", "AB0123", "K7Q", "P", 1),
        ("WST", "A01", "K7", "P", 1),
        ("WST", "A01", "K7X", "P", 1),
        ("WST", "A01", "K7O", "P", 1),
        ("WST", "A01", "K7Q", "X", 1),
        ("WST", "A01", "K7Q", "P", 0),
        ("WST", "A01", "K7Q", "P", 10_000_000),
        ("WST", "A0\u0661", "K7Q", "P", 1),
    ],
    ids=str,
)
def test_it_cannot_be_built_of_other_parts(fields: tuple[str, str, str, str, int]) -> None:
    with pytest.raises(NumberError):
        ControlNumber(*fields)


@pytest.mark.parametrize(("operation", "counter"), [("WS", 1), ("WST", 0), ("WST", 10**9)])
def test_a_permanent_number_has_limits_too(operation: str, counter: int) -> None:
    with pytest.raises(NumberError):
        PermanentNumber(operation, counter)


def test_numbers_sort_by_their_parts() -> None:
    assert ControlNumber("WST", "A01", "K7Q", "P", 41) < NUMBER


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL2Z5S8BUVX")


def test_epoch_tags_are_drawn_evenly_from_the_alphabet() -> None:
    every_byte = iter(range(256))
    drawn = [epoch_tag(lambda n: bytes([next(every_byte)])) for _ in range(80)]
    counted = {char: "".join(drawn).count(char) for char in ALPHABET}
    assert max(counted.values()) - min(counted.values()) <= 1


def test_bytes_that_would_favour_some_characters_are_drawn_again() -> None:
    stream = iter([255, 0, 254, 1, 253, 2])
    assert epoch_tag(lambda n: bytes([next(stream)])) == ALPHABET[:3]


def test_the_code_of_an_operation() -> None:
    assert operation_code(" wst ") == "WST"
    for wrong in ("WS", "WSTX", "W5T", "ВСТ", ""):
        with pytest.raises(NumberError, match="three letters"):
            operation_code(wrong)


def test_a_pasted_page_is_refused_quickly() -> None:
    with pytest.raises(NumberError):
        parse_any("WST-A01" * 1_000_000)
