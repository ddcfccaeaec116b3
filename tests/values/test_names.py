"""Names: nothing is invented, and what says "no name" is noticed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values.names import chain, doubt, is_single, words

LIST = Path(__file__).parents[2] / "resources" / "samples" / "site-a.csv"


@pytest.mark.parametrize(
    "name",
    ["FNU", "fnu", "LNU", "FNU LNU", "N/A", "n.a.", "unknown", "Unknown ", "UNKNOWN", "XXX", "xx",
     "ХХХ", "-", "--", ".", "...", "?", "0", "123", "no name", "No  Name", "NoName", "(unknown)",
     "[n/a]", "none", "null", "Not applicable", "aaa", "qqqq", "Baby girl", "Inconnu", "sans nom",
     "SANS PRÉNOM", "SNP", "Desconocida", "sin nombre", "مجهول", "غير معروف", "بدون اسم", "نامعلوم",
     "بی‌نام", "Неизвестно", "НЕТ", "Без имени", "невідомо", "အမည်မရှိ", "ያልታወቀ", "অজানা", "अज्ञात",
     "ไม่มีชื่อ", "មិនស្គាល់", "không rõ", "不详", "isimsiz", "tanpa nama"],
)  # fmt: skip
def test_what_says_that_there_is_no_name(name: str) -> None:
    assert doubt(name) == "name_placeholder"


@pytest.mark.parametrize(
    "name", ["FNU Rahimi", "Ahmad LNU", "Sita . ", "- Ali", "Maria NMN Cruz", "Thu 2", "? Okello"]
)
def test_a_part_that_stands_for_a_missing_one(name: str) -> None:
    assert doubt(name) == "name_holds_placeholder"


@pytest.mark.parametrize(
    "name",
    ["", "  ", "Na", "NA", "Nil", "X", "O", "U", "E", "Ng", "Baby", "Infant Jesus", "Nona",
     "Noname A", "Suharto", "Amina Yusuf", "Unknown Soldier Ali", "چراغ", "الف", "လှ", "Nn Mary",
     "Mohd. Ali", "O'Brien", "Ana-María", "J. R.", "Soe Soe", "Ee", "Aa", "Li Li", "Ooi", "段启荣",
     "Мар'яна", "Lulu", "Nul", "Sin", "Nettie", "Нет Ли"],
)  # fmt: skip
def test_what_may_be_a_name_is_left_alone(name: str) -> None:
    assert doubt(name) is None


def test_no_name_of_the_sample_list_is_doubted() -> None:
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = ("name", "name_latin", "father_name", "mother_name")
    doubted = [row[field] for row in rows for field in fields if doubt(row[field])]
    assert len(rows) > 150
    assert not doubted


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Ahmad bin Ali bin Hasan", ("Ahmad", "Ali", "Hasan")),
        ("Siti Aminah binti Yusof", ("Siti Aminah", "Yusof")),
        ("Mohamed Ould Cheikh", ("Mohamed", "Cheikh")),
        ("Aicha mint Sidi", ("Aicha", "Sidi")),
        ("Iyad ag Ghali", ("Iyad", "Ghali")),
        ("Muthu a/l Raman", ("Muthu", "Raman")),
        ("عمر بن الخطاب", ("عمر", "الخطاب")),
        ("فاطمة بنت محمد بن عبد الله", ("فاطمة", "محمد", "عبد الله")),
        ("Ben Okri", ("Ben Okri",)),
        ("Bin", ("Bin",)),
        ("Ali bin", ("Ali bin",)),
        ("Ali bin bin Omar", ("Ali", "bin Omar")),
        ("Mohammed Ahmed Ali", ("Mohammed Ahmed Ali",)),
        ("Suharto", ("Suharto",)),
        ("  Soe   Naing ", ("Soe Naing",)),
        ("", ("",)),
    ],
)
def test_chains_of_fathers_only_where_the_name_says_so(name: str, names: tuple[str, ...]) -> None:
    assert chain(name) == names


@given(st.text(alphabet="ab بن-\u200c", max_size=20))
@settings(max_examples=100, deadline=None)
def test_nothing_is_added_to_a_name(name: str) -> None:
    said = set(words(name))
    assert {word for part in chain(name) for word in words(part)} <= said
    assert is_single(name) is (len(words(name)) == 1)


def test_a_joined_name_is_one_word() -> None:
    assert words("گل\u200cآقا رضایی") == ("گل\u200cآقا", "رضایی")
    assert is_single("گل\u200cآقا")
    assert is_single("Suharto") and not is_single("Soe Naing") and not is_single("")
