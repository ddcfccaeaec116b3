"""The calendars against published tables and against ICU; each table names its sources."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icu4py.messageformat import MessageFormat

from values.calendars import (
    INEXACT,
    INEXACT_DAYS,
    Calendar,
    CalendarError,
    days_in_month,
    from_gregorian,
    is_leap,
    months_in_year,
    to_gregorian,
    weekday,
    years,
)

TABLES = Path(__file__).parents[1] / "vectors" / "calendars"
ICU_NAMES = {
    Calendar.SOLAR_HIJRI: "persian",
    Calendar.ETHIOPIC: "ethiopic",
    Calendar.BUDDHIST: "buddhist",
    Calendar.ISLAMIC: "islamic-civil",
}
CONVERTED = {
    Calendar.SOLAR_HIJRI: "solar-hijri.csv",
    Calendar.ETHIOPIC: "ethiopic.csv",
    Calendar.BUDDHIST: "buddhist.csv",
    Calendar.ISLAMIC: "islamic-civil.csv",
}


def table(name: str) -> list[dict[str, str]]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def icu(calendar: str) -> MessageFormat:
    return MessageFormat("{day, date, y-M-d}", f"en@calendar={calendar}")


def asked(form: MessageFormat, day: date) -> tuple[int, ...]:
    return tuple(int(part) for part in form.format({"day": day}).split("-"))


@pytest.mark.parametrize("calendar", CONVERTED, ids=str)
def test_every_day_of_the_table_both_ways(calendar: Calendar) -> None:
    rows = table(CONVERTED[calendar])
    assert len(rows) >= 200
    assert len({row["source"] for row in rows}) >= 2
    for row in rows:
        said = int(row["year"]), int(row["month"]), int(row["day"])
        day = date.fromisoformat(row["gregorian"])
        assert to_gregorian(calendar, *said) == day, row
        assert from_gregorian(calendar, day) == said, row


def test_the_ethiopic_table_holds_leap_days_and_the_thirteenth_month() -> None:
    said = Counter((row["month"], row["day"]) for row in table("ethiopic.csv"))
    assert said["13", "6"] >= 20
    assert said["13", "5"] >= 10


def test_the_years_of_tehrans_calendar_centre() -> None:
    rows = table("nowruz.csv")
    assert [int(row["year"]) for row in rows] == list(range(1206, 1499))
    for row in rows:
        year, first = int(row["year"]), date.fromisoformat(row["gregorian"])
        assert is_leap(Calendar.SOLAR_HIJRI, year) is (row["leap"] == "yes"), year
        assert to_gregorian(Calendar.SOLAR_HIJRI, year, 1, 1) == first
        assert from_gregorian(Calendar.SOLAR_HIJRI, first) == (year, 1, 1)
        last = (year - 1, 12, days_in_month(Calendar.SOLAR_HIJRI, year - 1, 12))
        assert from_gregorian(Calendar.SOLAR_HIJRI, first - timedelta(days=1)) == last


def umm_al_qura() -> Iterator[tuple[int, int, date]]:
    """Year, month and first day of every month that the newspaper printed."""
    for row in table("umm-al-qura.csv"):
        first = date.fromisoformat(row["first"])
        for month, length in enumerate(row["lengths"].split(), 1):
            yield int(row["year"]), month, first
            first += timedelta(days=int(length))


def test_the_umm_al_qura_table_hangs_together() -> None:
    months = list(umm_al_qura())
    starts = {(year, month): first for year, month, first in months}
    assert len(months) == 158 * 12
    assert starts[1400, 1] == date(1979, 11, 20)  # the seizure of the Great Mosque
    assert starts[1344, 7] == date(1926, 1, 15)  # "Friday 8 Rajab 1344 = 22 January 1926"
    assert starts[1445, 1] == date(2023, 7, 19)
    for (_, _, first), (_, _, following) in pairwise(months):
        # 28 and 31 as printed: in its first decades the newspaper mended a month in the next
        assert 28 <= (following - first).days <= 31


def test_islamic_days_lie_within_two_of_the_umm_al_qura_calendar() -> None:
    """Never more than two days early or one late, and within one in 95 of 100 months."""
    off = Counter(
        (first - to_gregorian(Calendar.ISLAMIC, year, month, 1)).days
        for year, month, first in umm_al_qura()
    )
    assert off == {-2: 92, -1: 1099, 0: 684, 1: 21}
    assert max(abs(days) for days in off) == INEXACT_DAYS[Calendar.ISLAMIC]


def test_the_bound_holds_for_the_computed_umm_al_qura_calendar_too() -> None:
    """ICU's table (the one King Abdulaziz City computes) differs from what was printed."""
    form = icu("islamic-umalqura")
    off: Counter[int] = Counter()
    for year in range(1343, 1501):
        for month in range(1, 13):
            # the same day of the month in the middle of it, so that it exists in both
            day = to_gregorian(Calendar.ISLAMIC, year, month, 15)
            said = asked(form, day)
            assert said[:2] == (year, month)
            off[15 - said[2]] += 1
    assert set(off) == {-2, -1, 0, 1}
    assert off[-2] < off.total() / 100


@pytest.mark.parametrize("calendar", ICU_NAMES, ids=str)
def test_an_independent_implementation_agrees_through_a_life(calendar: Calendar) -> None:
    form = icu(ICU_NAMES[calendar])
    day = date(1890, 1, 1)
    while day < date(2120, 1, 1):
        assert from_gregorian(calendar, day) == asked(form, day)
        day += timedelta(days=11)  # falls on every day of every month in the end


def test_days_of_the_week_of_the_table() -> None:
    for row in table("weekdays.csv"):
        day = date.fromisoformat(row["gregorian"])
        assert weekday(Calendar.GREGORIAN, day.year, day.month, day.day) == int(row["weekday"]) - 1


@given(st.sampled_from(list(Calendar)), st.dates(date(1800, 1, 1), date(2200, 12, 31)))
@settings(max_examples=100, deadline=None)
def test_a_day_has_one_weekday_in_every_calendar(calendar: Calendar, day: date) -> None:
    assert weekday(calendar, *from_gregorian(calendar, day)) == day.weekday()


def test_no_such_day_has_no_weekday() -> None:
    with pytest.raises(CalendarError) as caught:
        weekday(Calendar.ETHIOPIC, 2000, 13, 6)
    assert caught.value.code == "no_such_day"


@pytest.mark.parametrize("calendar", list(Calendar), ids=str)
def test_the_years_of_a_picker_can_all_be_converted(calendar: Calendar) -> None:
    offered = years(calendar)
    for year in (offered[0], offered[-1]):
        months = months_in_year(calendar)
        first = to_gregorian(calendar, year, 1, 1)
        last = to_gregorian(calendar, year, months, days_in_month(calendar, year, months))
        assert from_gregorian(calendar, first) == (year, 1, 1)
        assert from_gregorian(calendar, last)[0] == year
    for year in (offered[0] - 1, offered[-1] + 1):
        for ask in (days_in_month, lambda c, y, m: to_gregorian(c, y, m, 1)):
            with pytest.raises(CalendarError) as caught:
                ask(calendar, year, 1)
            assert caught.value.code == "no_such_year"


def test_every_year_offered_has_four_digits_at_most() -> None:
    assert {calendar: (years(calendar)[0], years(calendar)[-1]) for calendar in Calendar} == {
        Calendar.GREGORIAN: (1, 9999),
        Calendar.SOLAR_HIJRI: (1, 9377),
        Calendar.ETHIOPIC: (1, 9991),
        Calendar.BUDDHIST: (544, 9999),
        Calendar.ISLAMIC: (1, 9665),
    }


def test_a_day_past_the_last_year_has_no_name() -> None:
    for calendar in (Calendar.BUDDHIST, Calendar.SOLAR_HIJRI):
        with pytest.raises(CalendarError) as caught:
            from_gregorian(calendar, date.max)
        assert caught.value.code == "no_such_year"


def test_which_calendars_are_inexact() -> None:
    assert frozenset(INEXACT_DAYS) == INEXACT == {Calendar.ISLAMIC}
