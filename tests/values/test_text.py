"""Cleaning, scripts, direction, formulas and digits."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values.text import (
    BIDI_CONTROLS,
    MOST_MARKS,
    ascii_digits,
    clean,
    clean_lines,
    has_control,
    is_rtl,
    isolate,
    looks_like_formula,
    normalized,
    scripts_of,
    stream_safe,
)


@pytest.mark.parametrize(
    ("given_text", "text", "changes"),
    [
        ("Amina Yusuf", "Amina Yusuf", ()),
        ("  Amina \u00a0", "Amina", ()),
        ("Ange\u0301la", "Ang\u00e9la", ()),
        ("মালতী \u202eরানী\u202c সরদার", "মালতী রানী সরদার", ("bidi_controls",)),
        ("\u200fرحيمه\u061c", "رحيمه", ("bidi_controls",)),
        ("Jonalyn\nYbañez", "Jonalyn Ybañez", ("line_break",)),
        ("Jonalyn \r\n\t Ybañez", "Jonalyn Ybañez", ("line_break",)),
        ("Jonalyn\u2028Ybañez", "Jonalyn Ybañez", ("line_break",)),
        ("Jonalyn\n", "Jonalyn", ()),
        ("a\u202e\nb", "a b", ("bidi_controls", "line_break")),
        ("گل\u200cآقا", "گل\u200cآقا", ()),
        ("ක්\u200dෂ", "ක්\u200dෂ", ()),
        ("\ufeffAmina", "Amina", ()),
        ("two  spaces", "two  spaces", ()),
        ("Ali\x00Khan", "Ali\x00Khan", ()),
        ("", "", ()),
        (" \n ", "", ()),
    ],
    ids=ascii,
)
def test_clean(given_text: str, text: str, changes: tuple[str, ...]) -> None:
    cleaned = clean(given_text)
    assert cleaned.text == text
    assert cleaned.changes == set(changes)


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_clean_text_is_clean(text: str) -> None:
    once = clean(text)
    twice = clean(once.text)
    assert twice.text == once.text
    assert not twice.changes
    assert not set(once.text) & set(BIDI_CONTROLS + "\n\r\t")
    assert unicodedata.is_normalized("NFC", once.text)


@pytest.mark.parametrize(
    "text", ["Ali\x00", "\x01", "a\x7fb", "a\x9fb", "\x1b[31m", "\ud800"], ids=ascii
)
def test_control_characters_are_reported(text: str) -> None:
    assert has_control(text)
    assert has_control(clean(text).text)


@pytest.mark.parametrize("text", ["Ali", "a\nb", "a\tb", "گل\u200cآقا", "a\u202eb", ""], ids=ascii)
def test_what_cleaning_mends_is_no_control_character(text: str) -> None:
    assert not has_control(text)


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Amina Yusuf", ("Latn",)),
        ("گل\u200cآقا رضایی", ("Arab",)),
        ("𐴕𐴟𐴌𐴟𐴓𐴢", ("Rohg",)),
        ("စိုးနိုင်", ("Mymr",)),
        ("Мар'яна", ("Cyrl",)),
        ("አለሙ", ("Ethi",)),
        ("សុខ", ("Khmr",)),
        ("ບຸນທັນ", ("Laoo",)),
        ("ประเสริฐ", ("Thai",)),
        ("রহিমা", ("Beng",)),
        ("段启荣", ("Hani",)),
        ("Anna Мар'яна", ("Cyrl", "Latn")),
        ("Maria М", ("Latn", "Cyrl")),
        ("12-34 !", ()),
        ("", ()),
    ],
)
def test_scripts(text: str, scripts: tuple[str, ...]) -> None:
    assert scripts_of(text) == scripts


@pytest.mark.parametrize("text", ["رحيمه", "12 رحيمه", "𐴕𐴟𐴌", "שלום", "(رحيمه) Amina"])
def test_right_to_left(text: str) -> None:
    assert is_rtl(text)


@pytest.mark.parametrize("text", ["Amina", "", "12-34", "Amina رحيمه", "စိုး"])
def test_left_to_right(text: str) -> None:
    assert not is_rtl(text)


def test_isolated_text_can_be_found_again() -> None:
    assert isolate("12-34") == "\u206812-34\u2069"
    assert clean(isolate("12-34")).text == "12-34"


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://camp.invalid")',
        "  =1+1",
        "\t=1",
        "+A1",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\uff1dSUM(A1)",
        "+",
    ],
)
def test_formulas(cell: str) -> None:
    assert looks_like_formula(cell) is (cell != "+")


@pytest.mark.parametrize(
    "cell", ["+999550100011", "+999 (550) 100-011", "-12.5", "Amina", "", "a=b", "1987~", "-"]
)
def test_numbers_and_words_are_no_formulas(cell: str) -> None:
    assert not looks_like_formula(cell)


def test_digits_of_every_script() -> None:
    assert ascii_digits("۱۳۶۱-07-၁၂") == "1361-07-12"
    assert ascii_digits("Amina") == "Amina"
    assert ascii_digits("½ ² 五") == "½ ² 五"


# long and hostile text ----------------------------------------------------------------------

MARKS = st.sampled_from("\u0301\u0316\u0323\u0344\u0f73\u0f71\uff9e\u0334\u202e\u200b\ne ")


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301\u0316" * 400_000,
        "\u0f73\u0316" * 400_000,
        "\uff9e\u0301" * 400_000,
        ("\u0301\u0316" * 15 + "\u202e") * 25_000,
        " \u200b" * 400_000 + "a" + " \u200b" * 400_000,
        "a" + " " * 800_000 + "b",
        "a" + " \n" * 400_000 + "b",
        "\ufdfa" * 200_000,
    ],
    ids=["marks", "tibetan", "kana", "controls", "edges", "spaces", "breaks", "ligatures"],
)
def test_cleaning_takes_no_longer_than_the_text_is_long(text: str) -> None:
    """Each would take minutes in the time that grows with the square."""
    once = clean(text)
    assert clean(once.text) == type(once)(once.text, frozenset())
    clean_lines(text)
    for form in ("NFC", "NFKD"):
        normalized(form, text)


def test_more_marks_than_any_writing_has_are_parted_and_told() -> None:
    """Unicode Standard Annex 15, section 13: nothing is lost, and nothing is sorted for ever."""
    most = "a" + "\u0316" * MOST_MARKS
    assert stream_safe(most) == most
    assert clean(most).changes == frozenset()
    assert stream_safe(most + "\u0316") == most + "\u034f\u0316"
    assert clean(most + "\u0316").changes == {"piled_marks"}
    assert clean_lines(most + "\u0316").changes == {"piled_marks"}
    apart = "a" + "\u0316" * 20 + "\u202e" + "\u0316" * 20
    assert clean(apart).changes == {"piled_marks", "bidi_controls"}


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Ánh Tuyết", "ဇော်ဂျီ မြင့်ကြွယ်", "བསྟན་འཛིན་རྒྱ་མཚོ", "עֲבֵד־נְגוֹ", "مُحَمَّدٌ", "កញ្ញា ស្រីពៅ"],
)
def test_names_of_people_are_left_alone(name: str) -> None:
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, name)
        assert stream_safe(typed * 10) == typed * 10
        assert clean(typed) == type(clean(""))(unicodedata.normalize("NFC", name), frozenset())


@given(st.text(MARKS, max_size=90))
@settings(max_examples=100, deadline=None)
def test_piled_marks_are_cleaned_once_for_all(text: str) -> None:
    for cleaned in (clean, clean_lines):
        once = cleaned(text)
        assert cleaned(once.text).text == once.text
        assert not cleaned(once.text).changes
        assert unicodedata.is_normalized("NFC", once.text)
        assert stream_safe(once.text) == once.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a\r\nb\rc\n", "a\nb\nc"),
        ("a\tb", "a\tb"),
        ("A\u202e\u030angstrom", "\u00c5ngstrom"),
        ("\u200fa\n\u200f", "a"),
        ("", ""),
    ],
)
def test_lines_stay_in_longer_text(typed: str, kept: str) -> None:
    assert clean_lines(typed).text == kept
