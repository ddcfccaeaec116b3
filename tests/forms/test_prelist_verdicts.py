"""The rules of judgement, row by row: ``docs/formats/prelist.md``."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import resources
from forms import prelist
from forms.prelist import Judgement
from forms.wording import say_row
from tests.forms.families import TODAY, judged, listed, verdicts

VECTORS = Path(__file__).parents[1] / "vectors" / "forms"

ACCEPTED: tuple[str, list[str]] = ("accepted", [])
HEAD: dict[str, str] = {}


def ascii_start(value: object) -> str:
    return ascii(value)[:16]


def rejected(*codes: str) -> tuple[str, list[str]]:
    return ("rejected", list(codes))


def flagged(*codes: str) -> tuple[str, list[str]]:
    return ("flagged", list(codes))


def test_every_row_of_the_faulty_list_is_judged_as_expected() -> None:
    data = (VECTORS / "site-a-faulty.csv").read_bytes()
    found = prelist.judge(prelist.read(data, "site-a-faulty.csv", on=TODAY))
    with (VECTORS / "site-a-faulty.expected.csv").open(encoding="utf-8", newline="") as file:
        expected = {int(one["row"]): one["verdict"] for one in csv.DictReader(file)}
    assert {one.row: one.verdict.value for one in found} == expected


def test_the_bundled_list_is_accepted_whole() -> None:
    found = prelist.judge(
        prelist.read(resources.read_bytes("samples/site-a.csv"), "site-a.csv", on=TODAY)
    )
    assert [one for one in found if one.verdict is not Judgement.ACCEPTED] == []
    assert len(found) == 177


@pytest.mark.parametrize(
    "birth",
    [
        *("", "1985-04-02", "1985-04", "1985", "1985~", "198X", "age:34", "age:0", "age:120"),
        *("1906", "1905", "190X", "۱۹۸۵", "၁၉၈၅-၀၄", "2026-11-15", "2026-11", "2026", "202X"),
    ],
)
def test_births_that_can_be_true(birth: str) -> None:
    # A sibling, so that no rule about heads or spouses speaks.
    assert judged(HEAD, {"relation": "sibling", "name": "Bo", "birth": birth})[1] == ACCEPTED


@pytest.mark.parametrize(
    ("birth", "code"),
    [
        ("2026-11-16", "date_future"),
        ("2026-12", "date_future"),
        ("2027", "date_future"),
        ("203X", "date_future"),
        ("1904", "age_impossible"),
        ("189X", "age_impossible"),
        ("age:121", "age_impossible"),
        ("age:-1", "age_impossible"),
        ("2025-02-29", "no_such_day"),
        ("1985-04-31", "no_such_day"),
        ("1985-13", "no_such_month"),
        ("1985-00-01", "no_such_month"),
        ("85", "date_form"),
        ("age:2.5", "date_form"),
        ("age:", "date_form"),
        ("34", "date_form"),
        ("02.04.1985", "date_form"),
        ("1985/04/02", "date_form"),
        ("1985?", "date_form"),
        ("19XX", "date_form"),
        ("1985/1990", "date_form"),
        ("0000", "date_form"),
        ("unknown", "date_form"),
    ],
)
def test_births_that_cannot_be_true_go_back(birth: str, code: str) -> None:
    assert judged({"birth": birth}) == [rejected(f"{code}:birth")]


@pytest.mark.parametrize(
    ("birth", "calendar", "expected"),
    [
        ("1361-07-12", "solar-hijri", ACCEPTED),
        ("1361", "Solar-Hijri", ACCEPTED),
        ("1979-13-06", "ethiopic", ACCEPTED),
        ("1978-13-06", "ethiopic", rejected("no_such_day:birth")),
        ("2001-14-02", "ethiopic", rejected("no_such_month:birth")),
        ("2528", "buddhist", ACCEPTED),
        ("1985", "buddhist", rejected("age_impossible:birth")),  # a Gregorian year
        ("1985", "solar-hijri", rejected("date_future:birth")),  # the same
        ("1361", "gregorian", rejected("age_impossible:birth")),  # and the other way round
        ("1405-06-11", "islamic", ACCEPTED),
        ("age:30", "ethiopic", ACCEPTED),
        ("1361", "hebrew", rejected("unknown_code:calendar")),
        ("", "hebrew", rejected("unknown_code:calendar")),
    ],
)
def test_calendars(birth: str, calendar: str, expected: tuple[str, list[str]]) -> None:
    assert judged({"birth": birth, "calendar": calendar}) == [expected]


@pytest.mark.parametrize(
    ("column", "code", "expected"),
    [
        ("sex", "", ACCEPTED),
        ("sex", "x", ACCEPTED),
        ("sex", "male", rejected("unknown_code:sex")),
        ("relation", "HEAD", ACCEPTED),
        ("relation", " head ", ACCEPTED),
        ("relation", "", rejected("relation_missing:relation", "no_head:relation")),
        ("relation", "godson", rejected("unknown_code:relation", "no_head:relation")),
        ("relation", "cousin", rejected("unknown_code:relation", "no_head:relation")),
        ("nationality", "XXA", ACCEPTED),
        ("nationality", "", ACCEPTED),
        ("nationality", "som", ACCEPTED),
        ("nationality", "XXX", rejected("unknown_code:nationality")),
        ("nationality", "ZAR", rejected("unknown_code:nationality")),
        ("nationality", "SO", rejected("unknown_code:nationality")),
        ("language", "uly", ACCEPTED),
        ("language", "so", rejected("unknown_code:language")),
        ("language", "per", rejected("unknown_code:language")),
        ("language", "qaa", rejected("unknown_code:language")),
        ("document_type", "visa", rejected("unknown_code:document_type")),
        ("cause", "", ACCEPTED),
        ("cause", "war", rejected("unknown_code:cause")),
        ("needs", "sm-dp  WR-LC WR-LC", ACCEPTED),
        ("needs", "SV-VA", ACCEPTED),
        ("needs", "ZZ-AA", rejected("unknown_code:needs")),
        ("needs", "SM", rejected("unknown_code:needs")),
        ("needs", "SM-DP,WR-LC", rejected("unknown_code:needs")),
        ("needs", "LP-AP", ACCEPTED),  # an accusation: sealed, and no flag tells of it
        ("share_with_origin", "", ACCEPTED),
        ("share_with_origin", "YES", ACCEPTED),
        ("share_with_origin", "maybe", rejected("unknown_code:share_with_origin")),
    ],
)
def test_codes(column: str, code: str, expected: tuple[str, list[str]]) -> None:
    row = {column: code, "document_number": "A-1"} if column == "document_type" else {column: code}
    assert judged(row) == [expected]


def test_a_hazard_that_is_no_code_goes_back() -> None:
    assert judged({"cause": "disaster", "hazard": "tsunami"}) == [rejected("unknown_code:hazard")]


@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        ("2026-11-15", ACCEPTED),
        ("2026-04", ACCEPTED),
        ("", ACCEPTED),
        ("2026-11-16", rejected("date_future:arrival")),
        ("2026-02-30", rejected("no_such_day:arrival")),
        ("18/04/2026", rejected("date_form:arrival")),
        ("age:3", rejected("date_form:arrival")),
        ("1980-01-01", flagged("arrival_before_birth:arrival")),
    ],
)
def test_arrivals(arrival: str, expected: tuple[str, list[str]]) -> None:
    assert judged({"arrival": arrival}) == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("گل‌آقا", ACCEPTED),  # with a zero-width non-joiner
        ('Anastacio "Boyet" Macaraeg Jr.', ACCEPTED),
        ("x" * 200, ACCEPTED),
        ("e\u0301" * 200, ACCEPTED),  # 200 characters once composed
        ("x" * 201, rejected("name_too_long:name")),
        ("", rejected("name_missing:name")),
        (" \u200b ", rejected("name_missing:name")),
        ("-", rejected("name_without_letters:name")),
        ("123", rejected("name_without_letters:name")),
        ("Ali\x00", rejected("control_character:name")),
        ("Ali\x7f", rejected("control_character:name")),
        ("Ali\x85B", rejected("control_character:name")),
        ("Ali\udcc9", rejected("bad_bytes:name")),
        ("Ali\nBaba", flagged("line_break:name")),
        ("Ali\u2028Baba", flagged("line_break:name")),
        ("Ali\tBaba", flagged("line_break:name")),
        ("\tAli", flagged("formula:name")),
        ("=cmd|' /C calc'!A0", flagged("formula:name")),
        ("+Ali", flagged("formula:name")),
        ("-Ali", flagged("formula:name")),
        ("@Ali", flagged("formula:name")),
        ("\u202eilA", flagged("bidi_controls:name")),
        ("A\u200fli", flagged("bidi_controls:name")),
        ("<b>Ali</b>", flagged("markup:name")),
        ('"Ali', flagged("markup:name")),
        ("Иvan", flagged("mixed_scripts:name")),
        ("NÃ©lida", flagged("mis_decoded:name")),
        ("Ali\ufffd", flagged("lost_characters:name")),
    ],
)
def test_names(name: str, expected: tuple[str, list[str]]) -> None:
    assert judged({"name": name}) == [expected]


@pytest.mark.parametrize("column", ["name_latin", "father_name", "mother_name"])
def test_the_other_names_have_the_same_limit(column: str) -> None:
    assert judged({column: "x" * 201}) == [rejected(f"name_too_long:{column}")]


def test_a_latin_name_is_in_latin_letters() -> None:
    assert judged({"name_latin": "أمينة"}) == [flagged("not_latin:name_latin")]
    assert judged({"name_latin": "Nyakuɔth Duɔp Gai"}) == [ACCEPTED]


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2025-11-16", ACCEPTED),  # the day before the first birthday
        ("2025-11-15", rejected("name_missing:name")),
        ("age:0", ACCEPTED),
        ("age:1", rejected("name_missing:name")),
        ("2026", ACCEPTED),
        ("2025", ACCEPTED),  # may be below 1
        ("2024", rejected("name_missing:name")),
        ("202X", rejected("name_missing:name")),
        ("", rejected("name_missing:name")),
    ],
)
def test_only_an_infant_may_be_without_a_name(birth: str, expected: tuple[str, list[str]]) -> None:
    child = {"relation": "child", "name": "", "birth": birth}
    assert judged(HEAD, child)[1] == expected
    latin_only = {**child, "name_latin": "Ali"}
    assert judged(HEAD, latin_only)[1] == expected


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("two\nlines", ACCEPTED),
        ("-5", ACCEPTED),
        ("-", ACCEPTED),
        ("+1 (555) 0100", ACCEPTED),
        ("a = b", ACCEPTED),
        ('=HYPERLINK("http://x.invalid")', flagged("formula:notes")),
        ("＝1+1", flagged("formula:notes")),
        ("-2+3+cmd|' /C calc'!A0", flagged("formula:notes")),
        ("\u2066x", flagged("bidi_controls:notes")),
        ("x" * 32_767, ACCEPTED),
        ("x" * 32_768, rejected("cell_too_long:notes")),
        ("\x0b", rejected("control_character:notes")),
    ],
)
def test_notes(notes: str, expected: tuple[str, list[str]]) -> None:
    assert judged({"notes": notes}) == [expected]


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+999550100011", ACCEPTED),
        ("+44 7700 900118", ACCEPTED),
        ("+۹۹۹۵۵۰۱۰۰۰۱۱", ACCEPTED),
        ("", ACCEPTED),
        ("012 000 0417", flagged("phone_form:phone")),
        ("00447700900118", flagged("phone_form:phone")),
        ("447700900118", flagged("phone_form:phone")),
        ("+1234567890123456", flagged("phone_form:phone")),
        ("none", flagged("phone_form:phone")),
    ],
)
def test_telephone_numbers(phone: str, expected: tuple[str, list[str]]) -> None:
    assert judged({"phone": phone}) == [expected]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"document_type": "passport", "document_number": "P1"}, ACCEPTED),
        ({"document_type": ""}, ACCEPTED),
        ({"document_type": "passport"}, flagged("document_without_number:documents")),
        ({"document_number": "P1"}, flagged("number_without_document:documents")),
        (
            {"document_type": "", "document_number": "P1"},
            flagged("number_without_document:documents"),
        ),
        ({"cause": "disaster", "hazard": "flood"}, ACCEPTED),
        ({"cause": "conflict", "hazard": "flood"}, flagged("hazard_without_cause:hazard")),
        ({"cause": "", "hazard": "flood"}, flagged("hazard_without_cause:hazard")),
        (
            {"cause": "persecution", "share_with_origin": "yes"},
            flagged("share_after_persecution:share_with_origin"),
        ),
        ({"sex": "M", "needs": "WR-LC"}, flagged("need_contradicts:needs")),
        ({"needs": "CR-NE"}, flagged("need_contradicts:needs")),
        ({"needs": "ER-FR"}, flagged("need_contradicts:needs")),
        ({"birth": "2011"}, flagged("head_under_18:birth")),
        ({"birth": "2011", "needs": "SC-CH"}, ACCEPTED),
        ({"birth": "age:17", "needs": "SC-UC"}, ACCEPTED),
        ({"household": ""}, rejected("household_missing:household")),
    ],
)
def test_what_contradicts_itself_is_flagged(
    row: dict[str, str], expected: tuple[str, list[str]]
) -> None:
    assert judged(row) == [expected]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"relation": "spouse", "birth": "age:9"}, flagged("spouse_under_18:birth")),
        ({"relation": "spouse", "birth": "2008"}, flagged("spouse_under_18:birth")),
        ({"relation": "spouse", "birth": "age:18"}, ACCEPTED),
        ({"relation": "spouse", "birth": ""}, ACCEPTED),
        ({"relation": "co_wife", "birth": "age:17"}, flagged("spouse_under_18:birth")),
        ({"relation": "co_wife", "sex": "M"}, flagged("relation_against_sex:relation")),
        ({"relation": "child", "birth": "1980"}, flagged("older_than_parent:birth")),
        ({"relation": "child", "birth": "1995"}, flagged("too_close_to_parent:birth")),
        ({"relation": "child", "birth": "1998"}, ACCEPTED),
        ({"relation": "child", "birth": "199X"}, ACCEPTED),
        ({"relation": "grandchild", "birth": "2000"}, flagged("too_close_to_parent:birth")),
        ({"relation": "grandchild", "birth": "2020"}, ACCEPTED),
        ({"relation": "foster_child", "birth": "1990"}, ACCEPTED),
        ({"relation": "foster_child", "birth": "1980"}, flagged("older_than_parent:birth")),
        ({"relation": "parent", "birth": "1990"}, flagged("parent_younger:birth")),
        ({"relation": "parent", "birth": "1980"}, flagged("parent_too_close:birth")),
        ({"relation": "parent", "birth": "195X"}, ACCEPTED),
        (
            {"relation": "unrelated_minor", "birth": "2015"},
            flagged("child_without_parents:needs"),
        ),
        ({"relation": "unrelated_minor", "birth": "2015", "needs": "SC-UC"}, ACCEPTED),
        (
            {"relation": "sibling", "needs": "SC-CH", "birth": "2015"},
            flagged("need_contradicts:needs"),
        ),
    ],
)
def test_families(row: dict[str, str], expected: tuple[str, list[str]]) -> None:
    assert judged(HEAD, {"name": "Bo", **row})[1] == expected


def test_a_child_older_than_its_named_mother_is_flagged() -> None:
    mother = {"relation": "spouse", "name": "Najwa  Barakat", "birth": "1990"}
    child = {"relation": "child", "name": "Bo", "birth": "2000", "mother_name": "najwa barakat"}
    head = {"birth": "1970", "sex": "M"}
    assert judged(head, mother, child)[2] == flagged("too_close_to_parent:birth")


def test_a_grandson_who_bears_his_grandfathers_name_is_not_taken_for_him() -> None:
    head = {"name": "Mustafa Khaled", "father_name": "Khaled Mustafa", "sex": "M", "birth": "1979"}
    child = {"relation": "child", "name": "Khaled Mustafa", "birth": "2006"}
    assert judged(head, child) == [ACCEPTED, ACCEPTED]


def test_a_second_head_counts_against_the_second_row_wherever_it_stands() -> None:
    rows = [HEAD, {"household": "2", "name": "Bo"}, {"name": "Cy", "birth": "1980"}]
    assert judged(*rows) == [ACCEPTED, ACCEPTED, rejected("second_head:relation")]


def test_a_missing_head_counts_against_the_whole_household() -> None:
    rows = [{"relation": "spouse"}, {"relation": "child", "name": "Bo", "birth": "2015"}, HEAD]
    rows[2] = {"household": "2", "name": "Cy"}
    assert judged(*rows) == [
        rejected("no_head:relation"),
        rejected("no_head:relation"),
        ACCEPTED,
    ]


def test_a_head_who_cannot_be_read_is_still_a_head() -> None:
    rows = [{"name": "Ali\udcc9"}, {"relation": "child", "name": "Bo", "birth": "2015"}]
    assert judged(*rows) == [rejected("bad_bytes:name"), ACCEPTED]


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ({"birth": "2010-05"}, flagged("possible_repeat:name")),
        ({"birth": "age:16"}, flagged("possible_repeat:name")),
        ({"birth": ""}, flagged("possible_repeat:name")),
        ({"name": "BO  BO"}, flagged("possible_repeat:name")),
        ({"birth": "2012"}, ACCEPTED),  # a half-brother of the same name
        ({"mother_name": "Eve"}, ACCEPTED),
        ({"sex": "M"}, ACCEPTED),
    ],
)
def test_the_same_member_twice(again: dict[str, str], expected: tuple[str, list[str]]) -> None:
    child = {"relation": "child", "name": "Bo Bo", "birth": "2010", "mother_name": "Ada"}
    assert judged(HEAD, child, {**child, **again})[2] == expected


def test_twins_without_names_are_looked_at_only_when_nothing_tells_them_apart() -> None:
    twin = {"relation": "child", "name": "", "birth": "2026-10-01"}
    assert judged(HEAD, twin, twin)[2] == flagged("possible_repeat:name")
    assert judged(HEAD, twin, {**twin, "sex": "M"})[2] == ACCEPTED


def test_one_person_in_two_households_is_flagged_only_when_all_is_equal() -> None:
    other = {"household": "2"}
    assert judged(HEAD, other)[1] == flagged("possible_repeat:name")
    january = {"birth": "1985-01-01"}
    assert judged(january, {**january, **other})[1] == ACCEPTED
    father = {**january, "father_name": "Omar"}
    assert judged(father, {**father, **other})[1] == flagged("possible_repeat:name")


def test_one_paper_cannot_have_two_holders_unless_it_is_the_familys() -> None:
    child = {"relation": "child", "name": "Bo", "birth": "2010"}
    card = {"document_type": "national_id", "document_number": "A-1"}
    same = {"document_type": "national_id", "document_number": "a 1"}
    assert judged(card, {**child, **same})[1] == flagged("document_twice:documents")
    assert judged(card, {"household": "2", "name": "Cy", **same})[1] == flagged(
        "document_twice:document_number"
    )
    book = {"document_type": "family_book", "document_number": "A-1"}
    assert judged(book, {**child, **book})[1] == ACCEPTED


def test_an_empty_row_goes_back() -> None:
    blank = dict.fromkeys(prelist.COLUMNS, "")
    assert judged(HEAD, blank)[1] == rejected("empty_row:")


def test_a_value_is_quoted_only_when_it_can_be_a_code() -> None:
    data = "household,relation,name,sex\n1,head,A B,Amina Yusuf of Baidoa\n"
    found = prelist.judge(prelist.read(data.encode(), "x.csv", on=TODAY)).of(1)
    assert "Amina" not in found.message()
    assert found.message() == "Write one of F, M, X in sex; this is not one."


def test_rows_cannot_be_read() -> None:
    head = ",".join(prelist.COLUMNS).encode()
    good = b"1,head,Bo" + b"," * 19
    assert verdicts(head + b"\n" + good[:-1] + b"\n" + good + b"\n") == [
        rejected("column_count:"),
        rejected("second_head:relation"),
    ]
    unclosed = b'1,head,"Bo' + b"," * 19
    assert verdicts(head + b"\n" + unclosed + b"\n" + good.replace(b"1", b"2")) == [
        rejected("broken_quotes:"),
        ACCEPTED,
    ]


# cells without end ----------------------------------------------------------------------------

MARKS = "\u0301\u0316"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("column", "cell", "verdict"),
    [
        ("name", "Ba" + MARKS * 30_000, rejected("cell_too_long:name")),
        ("name", "Ba" + MARKS * 16_000, rejected("name_too_long:name", "piled_marks:name")),
        ("name", "Ba" + MARKS * 40, flagged("piled_marks:name")),
        ("notes", "Ba" + MARKS * 40, flagged("piled_marks:notes")),
        ("birth_place", "Ba" + MARKS * 16_000, flagged("piled_marks:birth_place")),
        ("origin", "a" + " " * 32_000 + "b", ACCEPTED),
        ("origin", "[" * 32_000, ACCEPTED),
        ("notes", "ေျ" * 16_000, ACCEPTED),
        ("notes", "a" + " \n" * 16_000 + "b", ACCEPTED),
        ("phone", "1" * 32_000, flagged("phone_form:phone")),
    ],
    ids=ascii_start,
)
def test_a_cell_without_end_gets_a_verdict(
    column: str, cell: str, verdict: tuple[str, list[str]]
) -> None:
    assert judged({column: cell})[0] == verdict


def judge_one(values: dict[str, str]) -> prelist.RowVerdict:
    return prelist.judge(prelist.read(listed(values), "x.csv", on=TODAY)).of(1)


def test_another_row_is_named_by_the_line_that_its_writer_sees() -> None:
    paper = {"document_type": "passport", "document_number": "X1234567"}
    text = listed(paper, {"household": "2", "name": "Two", "notes": "one\ntwo", **paper}).decode()
    head, first, rest = text.split("\r\n", 2)
    spaced = "\r\n".join([head, "", first, "", rest])
    for data, line in ((text, 2), (spaced, 3), (f"sep=,\r\n{text}", 2)):
        found = prelist.judge(prelist.read(data.encode(), "x.csv", on=TODAY))
        (problem,) = [one for one in found.of(2).problems if one.code == "document_twice"]
        assert say_row(problem).startswith(f"Compare with line {line} of the sheet.")
        assert found.of(2).row == 2


@pytest.mark.parametrize("number", ["1.23457E+17", "1,23457e+17", "9E+15"])
@pytest.mark.parametrize(
    "column, verdict", [("household", "rejected"), ("document_number", "flagged")]
)
def test_digits_that_a_sheet_did_not_keep_are_told(column: str, verdict: str, number: str) -> None:
    one = judge_one({column: number, "document_type": "national_id"})
    assert one.verdict.value == verdict
    assert one.code == "digits_lost"
    assert f"Make the column {column} of the sheet a column of text" in one.message()


@pytest.mark.parametrize("number", ["12E4567", "123456789012345", "E+17", "1E17"])
def test_numbers_that_are_no_amounts_have_their_digits(number: str) -> None:
    one = judge_one({"document_number": number, "document_type": "national_id"})
    assert "digits_lost" not in [problem.code for problem in one.problems]
