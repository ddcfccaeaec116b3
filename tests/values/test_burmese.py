"""Zawgyi: recognised in names, never seen in Unicode, converted as ICU converts it."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values import burmese
from values.burmese import SURE, looks_like_zawgyi, to_unicode, zawgyi_probability
from values.text import clean

HERE = Path(__file__).parent
LIST = HERE.parents[1] / "resources" / "samples" / "site-a.csv"


def table(name: str) -> list[dict[str, str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def from_hex(text: str) -> str:
    return "".join(chr(int(code, 16)) for code in text.split())


NAMES = table("zawgyi_names.csv")
WORDS = table("myanmar_words.csv")


def test_names_are_converted() -> None:
    for row in NAMES:
        assert to_unicode(row["zawgyi"]) == row["unicode"]


def test_names_are_recognised() -> None:
    for row in NAMES:
        assert looks_like_zawgyi(row["zawgyi"]) is (row["recognised"] == "yes"), row
        assert not looks_like_zawgyi(row["unicode"]), row
    recognised = sum(row["recognised"] == "yes" for row in NAMES)
    assert recognised / len(NAMES) > 0.97


@pytest.mark.parametrize("language", ["mya", "ksw", "shn", "mnw"])
def test_unicode_of_no_language_is_taken_for_zawgyi(language: str) -> None:
    words = [row["word"] for row in WORDS if row["language"] == language]
    assert len(words) > 20
    assert [word for word in words if looks_like_zawgyi(word)] == []
    assert not looks_like_zawgyi(" ".join(words))


def test_no_name_of_the_sample_list_is_taken_for_zawgyi() -> None:
    with LIST.open(encoding="utf-8", newline="") as file:
        cells = {cell for row in csv.DictReader(file) for cell in row.values()}
    burmese = [cell for cell in cells if any("\u1000" <= char <= "\u109f" for char in cell)]
    assert len(burmese) > 10
    assert not [cell for cell in cells if looks_like_zawgyi(cell)]


@pytest.mark.parametrize(
    ("zawgyi", "text"),
    [
        ("မ္း", "မ်း"),
        ("ျမန္မာ", "မြန်မာ"),
        ("ေမာင္ေမာင္၀", "မောင်မောင်ဝ"),
        ("ေရႊေစ်း", "ရွှေဈေး"),
        ("ႁခြင္းခ်က္မရွိ", "ခြွင်းချက်မရှိ"),
        ("\u200bေရႊေစ်း\u200b", "ရွှေဈေး"),
        ("အဂၤလိပ္", "အင်္ဂလိပ်"),
        ("၁၉၄၈ ခုႏွစ္", "၁၉၄၈ ခုနှစ်"),
        ("Daw ေအးရီ (Aye Yi)", "Daw အေးရီ (Aye Yi)"),
        ("", ""),
        ("Amina", "Amina"),
    ],
)
def test_known_pairs(zawgyi: str, text: str) -> None:
    assert to_unicode(zawgyi) == text
    assert clean(text).text == text  # in NFC already


def test_every_string_becomes_what_icu_makes_of_it() -> None:
    rows = table("zawgyi_icu.csv")
    assert len(rows) >= 200
    for row in rows:
        assert to_unicode(from_hex(row["zawgyi"])) == from_hex(row["unicode"]), row


def test_a_slip_of_the_published_rules_is_mended() -> None:
    # \1u36 in the source made visarga change places with the characters "3", "6" and "u".
    assert to_unicode("ေလး3") == "လေး3"
    assert to_unicode("\u1000\u1038\u1036") == "\u1000\u1036\u1038"


@pytest.mark.parametrize("text", ["", "Amina", "၁၂၃", "段启荣", "မမ", "ကိုကို", "၀", "123", "သူ"])
def test_what_both_write_alike_is_no_zawgyi(text: str) -> None:
    assert zawgyi_probability(text) == 0.0
    assert not looks_like_zawgyi(text)


def test_the_probability_is_that_of_the_model() -> None:
    assert zawgyi_probability("ဘဂၤလားေဒရွ္႕") > 0.99
    assert zawgyi_probability("စင်္ကာပူမှာ") < 0.01
    both = "ascii ေမာင္ ascii"
    assert zawgyi_probability(both) == pytest.approx(zawgyi_probability("ေမာင္"))


def test_a_name_that_is_one_either_way_is_left_to_people() -> None:
    assert zawgyi_probability("အေရာ") > SURE
    assert not looks_like_zawgyi("အေရာ")


def test_the_model_loads_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        detector = burmese._detector.__wrapped__()
    assert detector.get_zawgyi_probability("ေမာင္") > SURE


@given(st.text(alphabet=[chr(code) for code in range(0x1000, 0x10A0)] + [" ", "a"], max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_text_is_answered(text: str) -> None:
    assert 0.0 <= zawgyi_probability(text) <= 1.0
    assert isinstance(looks_like_zawgyi(text), bool)
    assert all(char in text or "\u1000" <= char <= "\u103f" or char in "\u104e\u200b"
               for char in to_unicode(text))  # fmt: skip
