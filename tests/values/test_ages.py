"""Stated ages: in years, in months, about, or between two; and what a face needs to say them."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values.ages import OLDEST, OLDEST_IN_MONTHS, StatedAge, completed_months, months_before
from values.calendars import INEXACT_DAYS, to_gregorian
from values.dates import Calendar, DateError, PartialDate

SAID_ON = date(2026, 11, 15)


def parse(text: str, said_on: date | None = SAID_ON) -> PartialDate:
    return PartialDate.parse(text, said_on=said_on)


@pytest.mark.parametrize(
    ("text", "edtf", "age"),
    [
        ("age:34", "1991-11-16/1992-11-15", StatedAge(34, 34)),
        ("age:34~", "1991-11-16~/1992-11-15~", StatedAge(34, 34, about=True)),
        ("age: 34 ~", "1991-11-16~/1992-11-15~", StatedAge(34, 34, about=True)),
        ("age:30-35", "1990-11-16/1996-11-15", StatedAge(30, 35)),
        ("Age:30 - 35", "1990-11-16/1996-11-15", StatedAge(30, 35)),
        ("age:30\u201335~", "1990-11-16~/1996-11-15~", StatedAge(30, 35, about=True)),
        ("age:34-34", "1991-11-16/1992-11-15", StatedAge(34, 34)),
        ("age:0-1", "2024-11-16/2026-11-15", StatedAge(0, 1)),
        ("age:8m", "2026-02-16/2026-03-15", StatedAge(8, 8, "months")),
        ("AGE:8M", "2026-02-16/2026-03-15", StatedAge(8, 8, "months")),
        ("age:8m~", "2026-02-16~/2026-03-15~", StatedAge(8, 8, "months", about=True)),
        ("age:6-9m", "2026-01-16/2026-05-15", StatedAge(6, 9, "months")),
        ("age:0m", "2026-10-16/2026-11-15", StatedAge(0, 0, "months")),
        ("age:59m", "2021-11-16/2021-12-15", StatedAge(59, 59, "months")),
        ("age:۳۴", "1991-11-16/1992-11-15", StatedAge(34, 34)),
        ("age:၈m", "2026-02-16/2026-03-15", StatedAge(8, 8, "months")),
    ],
)
def test_what_is_typed_becomes_an_interval(text: str, edtf: str, age: StatedAge) -> None:
    said = parse(text)
    assert said.edtf == said.gregorian == edtf
    assert said.precision == "range"
    assert said.approximate is age.about
    assert said.stated_age == age
    assert said.entered == text
    assert said.complete is None
    assert PartialDate.from_body(said.to_body()) == said


def _golden() -> list[dict[str, str]]:
    path = Path(__file__).parents[1] / "vectors" / "calendars" / "ages.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", _golden(), ids=lambda row: f"{row['text']} {row['said_on']}")
def test_golden_ages(row: dict[str, str]) -> None:
    assert parse(row["text"], date.fromisoformat(row["said_on"])).edtf == row["edtf"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("age:-1", "age_impossible", "-1"),
        ("age:121", "age_impossible", "121"),
        ("age:30-121", "age_impossible", "121"),
        ("age:60m", "age_impossible", "months"),
        ("age:34m-35m", "form", "age:34"),
        ("age:35-30", "form", "age:30-35"),
        ("age:9-6m", "form", "age:6-9m"),
        ("age:34.5", "form", ""),
        ("age:34?", "form", ""),
        ("age:~34", "form", ""),
        ("age:30-", "form", ""),
        ("age:30--35", "form", ""),
        ("age:8 months", "form", ""),
        ("age:8d", "form", ""),
        ("age:", "form", ""),
        ("age", "form", ""),
    ],
)
def test_what_is_refused(text: str, code: str, words: str) -> None:
    with pytest.raises(DateError) as caught:
        parse(text)
    assert caught.value.code == code
    assert words in caught.value.sentence


@pytest.mark.parametrize("text", ["age:34", "age:30-35", "age:8m", "age:8m~"])
def test_an_age_needs_the_day_on_which_it_was_said(text: str) -> None:
    with pytest.raises(DateError, match="day on which it was said"):
        parse(text, None)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_someone_born_on_the_31st_completes_a_month_on_the_first_of_the_next_but_one() -> None:
    assert completed_months(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert completed_months(date(2026, 1, 31), date(2026, 3, 1)) == 1
    assert completed_months(date(2026, 2, 1), date(2026, 1, 1)) == 0


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, OLDEST_IN_MONTHS))
@settings(max_examples=100, deadline=None)
def test_exactly_the_births_in_the_interval_have_that_age_in_months(day: date, age: int) -> None:
    said = parse(f"age:{age}m", day)
    assert completed_months(said.earliest, day) == completed_months(said.latest, day) == age
    assert completed_months(said.earliest - timedelta(days=1), day) == age + 1
    if age:
        assert completed_months(said.latest + timedelta(days=1), day) == age - 1
    else:
        assert said.latest == day


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, OLDEST), st.integers(0, OLDEST)
)
@settings(max_examples=100, deadline=None)
def test_between_two_ages_is_from_the_first_to_the_last_birth(day: date, a: int, b: int) -> None:
    least, most = sorted((a, b))
    said = parse(f"age:{least}-{most}", day)
    assert said.age_on(day) == (least, most)
    assert said.earliest == parse(f"age:{most}", day).earliest
    assert said.latest == parse(f"age:{least}", day).latest


def test_other_dates_state_no_age() -> None:
    for text in ("1987", "1987-05-03", "198X", "1985~"):
        assert parse(text).stated_age is None
    corrected = PartialDate("1991-11-16/1992-11-15", entered="1991-11-16/1992-11-15")
    assert corrected.stated_age is None
    assert PartialDate("1987", entered="age:34").stated_age is None


@pytest.mark.parametrize(
    ("text", "calendar", "parts"),
    [
        ("1987-05-03", "gregorian", (1987, 5, 3)),
        ("1987-05~", "gregorian", (1987, 5, None)),
        ("1985~", "gregorian", (1985, None, None)),
        ("198X", "gregorian", (1980, None, None)),
        ("1361-07-12", "solar-hijri", (1361, 7, 12)),
        ("1999-13-06", "ethiopic", (1999, 13, 6)),
        ("2530-05", "buddhist", (2530, 5, None)),
        ("age:34", "gregorian", None),
    ],
)
def test_the_parts_as_they_were_said(
    text: str, calendar: str, parts: tuple[int, int | None, int | None] | None
) -> None:
    assert PartialDate.parse(text, calendar, said_on=SAID_ON).parts == parts


def test_about_stands_on_both_ends_or_on_neither() -> None:
    assert PartialDate("1991-11-16~/1992-11-15~").approximate
    for edtf in ("1991-11-16~/1992-11-15", "1991-11-16/1992-11-15~", "1991~/1992~"):
        with pytest.raises(DateError):
            PartialDate(edtf)


def test_an_islamic_birth_of_today_is_not_in_the_future() -> None:
    """A month seen up to two days before the table begins it makes the converted day too late."""
    today = to_gregorian(Calendar.ISLAMIC, 1448, 5, 10)
    said = PartialDate.parse("1448-05-10", "islamic")
    slack = INEXACT_DAYS[Calendar.ISLAMIC]
    for days in range(slack + 1):
        seen_on = today - timedelta(days=days)
        assert not said.in_future(seen_on)
        said.check_birth(seen_on)
    assert said.in_future(today - timedelta(days=slack + 1))
    assert said.age_on(today - timedelta(days=slack)) == (0, 0)


def test_the_other_calendars_have_no_such_slack() -> None:
    said = PartialDate.parse("1405-08-24", "solar-hijri")
    assert not said.in_future(said.earliest)
    assert said.in_future(said.earliest - timedelta(days=1))
