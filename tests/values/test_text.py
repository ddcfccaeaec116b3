"""Cleaning, scripts, direction, formulas and digits."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values.text import (
    BIDI_CONTROLS,
    ascii_digits,
    clean,
    has_control,
    is_rtl,
    isolate,
    looks_like_formula,
    scripts_of,
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
