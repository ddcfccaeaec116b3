"""Partial dates: what is accepted, what is refused, and what they answer."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from values.dates import OLDEST, Calendar, DateError, PartialDate, years_before

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "values" / "dates.json").read_text(encoding="utf-8")
)
SAID_ON = date(2026, 11, 15)


def parse(text: str, calendar: str = "gregorian") -> PartialDate:
    return PartialDate.parse(text, calendar, said_on=SAID_ON)


@pytest.mark.parametrize("vector", VECTORS["read"], ids=lambda v: f"{v['text']} {v['calendar']}")
def test_golden_dates(vector: dict[str, Any]) -> None:
    said = PartialDate.parse(
        vector["text"], vector["calendar"], said_on=date.fromisoformat(VECTORS["said_on"])
    )
    assert said.to_body() == vector["body"]
    assert said.earliest.isoformat() == vector["earliest"]
    assert said.latest.isoformat() == vector["latest"]
    assert said.gregorian == vector["gregorian"]
    assert said.precision == vector["precision"]
    assert said.approximate is vector["approximate"]
    complete = said.complete.isoformat() if said.complete else None
    assert complete == vector["complete"]
    assert PartialDate.from_body(vector["body"]) == said


@pytest.mark.parametrize("vector", VECTORS["refuse"], ids=lambda v: f"{v['text']} {v['calendar']}")
def test_golden_refusals(vector: dict[str, Any]) -> None:
    with pytest.raises(DateError) as caught:
        PartialDate.parse(
            vector["text"], vector["calendar"], said_on=date.fromisoformat(VECTORS["said_on"])
        )
    assert caught.value.code == vector["code"]
    assert caught.value.sentence == str(caught.value)


@pytest.mark.parametrize(
    "digits",
    ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "၀၁၂၃၄၅၆၇၈၉", "០១២៣៤៥៦៧៨៩", "๐๑๒๓๔๕๖๗๘๙", "໐໑໒໓໔໕໖໗໘໙",
     "০১২৩৪৫৬৭৮৯", "०१२३४५६७८९", "𐴰𐴱𐴲𐴳𐴴𐴵𐴶𐴷𐴸𐴹"],
    ids=["Arab", "Persian", "Mymr", "Khmr", "Thai", "Laoo", "Beng", "Deva", "Rohg"],
)  # fmt: skip
def test_digits_of_every_script_are_read_and_kept(digits: str) -> None:
    typed = "".join(digits[int(char)] if char.isdigit() else char for char in "1987-05-03")
    said = parse(typed)
    assert said.edtf == "1987-05-03"
    assert said.entered == typed


def test_marks_of_right_to_left_typing_do_not_matter() -> None:
    assert parse("\u200f۱۳۶۱\u200f-۰۷-۱۲", "solar-hijri").edtf == "1361-07-12"


def test_typographic_hyphens_are_hyphens() -> None:
    assert parse("1987\u201105\u201303").edtf == "1987-05-03"


def test_a_year_is_never_the_first_of_january() -> None:
    for said in (parse("1987"), parse("1361", "solar-hijri"), parse("2530", "buddhist")):
        assert said.complete is None
        assert said.earliest < said.latest
        assert not said.gregorian.endswith("-01-01")


def test_what_needs_the_day_it_was_said() -> None:
    with pytest.raises(DateError, match="day on which it was said"):
        PartialDate.parse("age:34")
    assert PartialDate.parse("1987").edtf == "1987"


@pytest.mark.parametrize(
    ("said_on", "age", "interval"),
    [
        (date(2026, 11, 15), 34, "1991-11-16/1992-11-15"),
        (date(2026, 11, 15), 0, "2025-11-16/2026-11-15"),
        (date(2026, 1, 1), 1, "2024-01-02/2025-01-01"),
        (date(2024, 2, 29), 1, "2022-03-01/2023-02-28"),
        (date(2024, 2, 29), 4, "2019-03-01/2020-02-29"),
        (date(2023, 2, 28), 2, "2020-02-29/2021-02-28"),
        (date(2023, 3, 1), 3, "2019-03-02/2020-03-01"),
    ],
)
def test_a_stated_age_is_the_interval_of_possible_births(
    said_on: date, age: int, interval: str
) -> None:
    said = PartialDate.parse(f"age:{age}", said_on=said_on)
    assert said.edtf == said.gregorian == interval
    assert said.calendar is Calendar.GREGORIAN
    assert said.precision == "range"


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, OLDEST))
@settings(max_examples=100, deadline=None)
def test_exactly_the_births_in_the_interval_have_that_age(said_on: date, age: int) -> None:
    said = PartialDate.parse(f"age:{age}", said_on=said_on)
    assert said.age_on(said_on) == (age, age)
    day_before = PartialDate.of_day(said.earliest - timedelta(days=1))
    day_after = PartialDate.of_day(said.latest + timedelta(days=1))
    assert day_before.age_on(said_on) == (age + 1, age + 1)
    if age:
        assert day_after.age_on(said_on) == (age - 1, age - 1)
    else:
        assert day_after.in_future(said_on)


def test_an_age_said_in_another_calendar_is_still_an_age() -> None:
    assert parse("age:34", "ethiopic") == parse("age:34")


def test_ages_of_partial_dates_are_ranges() -> None:
    assert parse("1987").age_on(SAID_ON) == (38, 39)
    assert parse("198X").age_on(SAID_ON) == (36, 46)
    assert parse("1987-11-15").age_on(SAID_ON) == (39, 39)
    assert parse("1987-11-16").age_on(SAID_ON) == (38, 38)


def test_born_on_29_february() -> None:
    said = parse("2004-02-29")
    assert said.age_on(date(2022, 2, 28)) == (17, 17)
    assert said.age_on(date(2022, 3, 1)) == (18, 18)


def test_the_future_is_asked_for_not_assumed() -> None:
    said = parse("2026-11-16")
    assert said.in_future(SAID_ON)
    assert not said.in_future(date(2026, 11, 16))
    assert not parse("2026").in_future(SAID_ON)
    with pytest.raises(DateError) as caught:
        said.check_birth(SAID_ON)
    assert caught.value.code == "future"


def test_a_gregorian_year_under_another_calendar_shows_by_its_bounds() -> None:
    assert parse("1402", "islamic").earliest.year == 1981
    assert parse("1987", "solar-hijri").in_future(SAID_ON)
    assert parse("1361").too_old(SAID_ON)


@pytest.mark.parametrize(
    ("text", "too_old"),
    [("1905-11-15", True), ("1905-11-16", False), ("1905", False), ("1904", True),
     ("190X", False), ("189X", True)],
)  # fmt: skip
def test_too_old_only_when_even_the_youngest_reading_is(text: str, too_old: bool) -> None:
    said = parse(text)
    assert said.too_old(SAID_ON) is too_old
    if too_old:
        with pytest.raises(DateError) as caught:
            said.check_birth(SAID_ON)
        assert caught.value.code == "age_impossible"
    else:
        said.check_birth(SAID_ON)


def test_too_old_takes_another_limit() -> None:
    assert parse("2000").too_old(SAID_ON, years=20)


def test_about_a_year_does_not_widen_its_bounds() -> None:
    about, year = parse("1985~"), parse("1985")
    assert (about.earliest, about.latest) == (year.earliest, year.latest)
    assert about.approximate and not year.approximate


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"edtf": "", "calendar": "gregorian", "entered": ""},
        {"edtf": 1987, "calendar": "gregorian", "entered": "1987"},
        {"edtf": "1987", "calendar": "julian", "entered": "1987"},
        {"edtf": "1987", "calendar": 7, "entered": "1987"},
        {"edtf": "1987", "entered": "1987"},
        {"edtf": "1987", "calendar": "gregorian", "entered": None},
        {"edtf": "1987", "calendar": "gregorian", "entered": "x" * 101},
        {"edtf": "age:34", "calendar": "gregorian", "entered": "age:34"},
        {"edtf": "1991-11-16/1992-11-15", "calendar": "ethiopic", "entered": "age:34"},
        {"edtf": "1992-11-15/1991-11-16", "calendar": "gregorian", "entered": "age:34"},
        {"edtf": "1992-02-30/1993-11-16", "calendar": "gregorian", "entered": "age:34"},
        {"edtf": "۱۹۸۷", "calendar": "gregorian", "entered": "1987"},
        {"edtf": "1987\n", "calendar": "gregorian", "entered": "1987"},
    ],
    ids=repr,
)
def test_a_body_from_elsewhere_is_checked(body: dict[str, Any]) -> None:
    with pytest.raises(DateError):
        PartialDate.from_body(body)


def test_a_body_may_know_more_than_we_do() -> None:
    body = parse("1987").to_body() | {"source": "birth certificate"}
    assert PartialDate.from_body(body) == parse("1987")


def test_it_cannot_be_built_of_nonsense() -> None:
    with pytest.raises(DateError):
        PartialDate("yesterday")
    with pytest.raises(DateError):
        PartialDate("")


@given(st.sampled_from(list(Calendar)), st.dates(date(1890, 1, 1), date(2100, 12, 31)))
@settings(max_examples=100, deadline=None)
def test_of_day_and_back(calendar: Calendar, day: date) -> None:
    said = PartialDate.of_day(day, calendar)
    assert said.earliest == said.latest == day
    assert PartialDate.from_body(said.to_body()) == said
    assert said.complete == (None if calendar is Calendar.ISLAMIC else day)


@given(
    st.sampled_from(list(Calendar)),
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    st.sampled_from(["day", "month", "year", "decade"]),
    st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_less_said_is_less_known(
    calendar: Calendar, day: date, precision: str, about: bool
) -> None:
    whole = PartialDate.of_day(day, calendar).edtf
    cut = {"day": whole, "month": whole[:7], "year": whole[:4], "decade": f"{whole[:3]}X"}
    assume(not (about and precision == "decade"))
    said = PartialDate(cut[precision] + ("~" if about else ""), calendar)
    assert said.precision == precision
    assert said.earliest <= day <= said.latest
    low, high = said.age_on(SAID_ON)
    assert 0 <= low <= high
    # The Gregorian form can be read again and means no less and no more.
    if "~/" not in said.gregorian:
        again = PartialDate(said.gregorian)
        assert (again.earliest, again.latest) == (said.earliest, said.latest)


def test_of_day_before_the_calendar_is_refused() -> None:
    with pytest.raises(DateError):
        PartialDate.of_day(date(600, 1, 1), Calendar.SOLAR_HIJRI)


def test_years_before_a_leap_day() -> None:
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)
