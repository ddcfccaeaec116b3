"""Numbers of papers: warnings only, and none for the papers people really hold."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values.papers import CODES, doubt

LIST = Path(__file__).parents[2] / "resources" / "samples" / "site-a.csv"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("=1+1", "paper_characters"),
        ("A1234\x00", "paper_characters"),
        ("12345?", "paper_characters"),
        ("P<UTO1234", "paper_characters"),
        ("a@b.example", "paper_characters"),
        ("12", "paper_short"),
        ("A-1", "paper_short"),
        ("1" * 15 + "2" * 16, "paper_long"),
        ("0000000", "paper_repeated"),
        ("XXXX", "paper_repeated"),
        ("----", "paper_short"),
        ("lost", "paper_no_digits"),
        ("no number", "paper_no_digits"),
        ("مفقود", "paper_no_digits"),
        ("12/03/1987", "paper_is_date"),
        ("12.3.1987", "paper_is_date"),
        ("1987-03-12", "paper_is_date"),
        ("١٩٨٧-٠٣-١٢", "paper_is_date"),
        ("1366/12/21", "paper_is_date"),
        ("+999 550 100 011", "paper_is_phone"),
    ],
)
def test_something_else_was_typed(number: str, code: str) -> None:
    assert doubt(number) == code


@pytest.mark.parametrize(
    "number",
    ["", " ", "၁၂/လကန(နိုင်)၀၀၀၁၁၇", "ВВ000118", "V-00.417.220", "N00417", "19870312", "00A12345",
     "KK-00001204-31", "IQ 0000-118204", "№ 441", "A/1987/12", "1/12/1987/5", "بطاقة ٤٤١٢",
     "E0000417", "00-12345-678", "550100011", "00113918205"],
)  # fmt: skip
def test_papers_of_many_states(number: str) -> None:
    assert doubt(number) is None


def test_the_papers_of_the_sample_list() -> None:
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = [row for row in rows if row["document_number"]]
    assert len(numbers) > 30
    for row in numbers:
        assert doubt(row["document_number"], kind=row["document_type"]) is None


def test_passports_have_nine_places() -> None:
    assert doubt("L898902C3", kind="passport") is None
    assert doubt("L898902C36", kind="passport") == "paper_long"
    assert doubt("L898902C36", kind="national_id") is None


@pytest.mark.parametrize(
    ("issuer", "right", "wrong", "code"),
    [
        # numbers from the documentation of python-stdnum, and the same with a digit changed
        ("THA", "1-2345-45678-78-1", "1-2345-45678-78-9", "paper_check_digit"),
        ("TUR", "17291716060", "17291716050", "paper_check_digit"),
        ("ESP", "54362315-K", "54362315-A", "paper_check_digit"),
        ("ESP", "x-2482300w", "x-2482300a", "paper_check_digit"),
        ("CHL", "76086428-5", "76086428-1", "paper_check_digit"),
        ("ECU", "171430710-3", "171430710-4", "paper_check_digit"),
        ("DOM", "00113918205", "00113918204", "paper_check_digit"),
        ("ISR", "3933742-3", "3933742-2", "paper_check_digit"),
        ("MUS", "J2803802500050", "J2803802500051", "paper_check_digit"),
        ("PER", "10117410-2", "10117410-1", "paper_check_digit"),
        ("ZAF", "7503305044089", "7503305044088", "paper_check_digit"),
        ("PAK", "34201-0891231-8", "34201-0891231", "paper_form"),
        ("MYS", "770305-02-1234", "770305-02", "paper_form"),
        ("CUB", "91021027775", "9102102777", "paper_form"),
        ("ARG", "20.123.456", "2012345699", "paper_form"),
        ("CHN", "360426199101010071", "360426199101010072", "paper_check_digit"),
        ("PRT", "00000000 0 ZZ4", "00000000 0 ZZ3", "paper_check_digit"),
        ("CRI", "3-0455-0175", "30-1234-1234-1", "paper_form"),
    ],
)
def test_national_numbers_with_a_rule_that_is_certain(
    issuer: str, right: str, wrong: str, code: str
) -> None:
    assert doubt(right, kind="national_id", issuer=issuer) is None
    assert doubt(wrong, kind="national_id", issuer=issuer) == code
    assert doubt(wrong, kind="other", issuer=issuer) is None
    assert doubt(wrong, kind="national_id", issuer="MMR") is None


def test_native_digits_are_read() -> None:
    typed = "".join("๐๑๒๓๔๕๖๗๘๙"[int(c)] if c.isdigit() else c for c in "1-2345-45678-78-1")
    assert doubt(typed, kind="national_id", issuer="THA") is None


def test_a_date_or_place_the_tables_do_not_know_is_no_ground_for_a_warning() -> None:
    assert doubt("771305-02-1234", kind="national_id", issuer="MYS") is None


@given(st.text(max_size=30), st.sampled_from(["passport", "national_id", "other", ""]),
       st.sampled_from(["", "THA", "ESP", "CHN", "DOM", "PRT", "MMR", "nowhere"]))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_any_text_gets_a_code_or_none(number: str, kind: str, issuer: str) -> None:
    assert doubt(number, kind=kind, issuer=issuer) in {None, *CODES}
