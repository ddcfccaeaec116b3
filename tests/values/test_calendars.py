"""Calendars against conversions published elsewhere, and against convertdate as an oracle."""

from __future__ import annotations

from datetime import date

import pytest
from convertdate import coptic, gregorian, islamic, persian
from hypothesis import given, settings
from hypothesis import strategies as st

from values.calendars import (
    MONTHS,
    NAMES,
    Calendar,
    CalendarError,
    days_in_month,
    from_gregorian,
    is_leap,
    months_in_year,
    to_gregorian,
)

G, S, E, B, I = Calendar  # noqa: E741 - the order of the enumeration, for short tables

# Feasts and days that almanacs and newspapers give in both calendars.
KNOWN = [
    (S, (1304, 1, 1), date(1925, 3, 21)),  # the year in which Iran adopted the calendar
    (S, (1357, 11, 22), date(1979, 2, 11)),  # the revolution in Iran
    (S, (1375, 1, 1), date(1996, 3, 20)),
    (S, (1379, 1, 1), date(2000, 3, 20)),
    (S, (1387, 12, 30), date(2009, 3, 20)),
    (S, (1399, 12, 30), date(2021, 3, 20)),
    (S, (1400, 1, 1), date(2021, 3, 21)),
    (S, (1403, 12, 30), date(2025, 3, 20)),
    (S, (1404, 1, 1), date(2025, 3, 21)),
    (E, (1967, 1, 2), date(1974, 9, 12)),  # the fall of the empire
    (E, (1983, 9, 20), date(1991, 5, 28)),  # Ginbot 20
    (E, (1999, 13, 5), date(2007, 9, 10)),
    (E, (1999, 13, 6), date(2007, 9, 11)),
    (E, (2000, 1, 1), date(2007, 9, 12)),  # the millennium
    (E, (2012, 1, 1), date(2019, 9, 12)),
    (E, (2016, 1, 1), date(2023, 9, 12)),
    (E, (2017, 1, 1), date(2024, 9, 11)),
    (E, (2009, 4, 29), date(2017, 1, 7)),  # Christmas falls on 29 Tahsas
    (B, (2499, 2, 29), date(1956, 2, 29)),
    (B, (2543, 2, 29), date(2000, 2, 29)),
    (B, (2569, 12, 31), date(2026, 12, 31)),
    (I, (1, 1, 1), date(622, 7, 19)),  # 16 July in the Julian calendar
    (I, (1400, 1, 1), date(1979, 11, 21)),
    (I, (1420, 1, 1), date(1999, 4, 17)),
    (I, (1440, 1, 1), date(2018, 9, 12)),  # Saudi Arabia began that year a day earlier
    (I, (1445, 1, 1), date(2023, 7, 19)),
    (I, (1445, 9, 1), date(2024, 3, 11)),
    (G, (2000, 2, 29), date(2000, 2, 29)),
]

NO_SUCH_DAY = [
    (G, (1987, 2, 30)),
    (G, (1987, 2, 29)),
    (G, (1900, 2, 29)),
    (G, (1987, 4, 31)),
    (G, (1987, 4, 0)),
    (B, (2544, 2, 29)),
    (S, (1402, 12, 30)),
    (S, (1404, 12, 30)),
    (S, (1403, 7, 31)),
    (S, (1403, 1, 32)),
    (E, (2000, 13, 6)),
    (E, (1999, 13, 7)),
    (E, (2000, 1, 31)),
    (I, (1443, 2, 30)),
    (I, (1443, 12, 30)),
    (I, (1445, 12, 31)),
]

NO_SUCH_MONTH = [(G, 13), (G, 0), (S, 13), (E, 14), (E, 0), (B, 13), (I, 13)]


@pytest.mark.parametrize(("calendar", "said", "day"), KNOWN, ids=str)
def test_known_conversions(calendar: Calendar, said: tuple[int, int, int], day: date) -> None:
    assert to_gregorian(calendar, *said) == day
    assert from_gregorian(calendar, day) == said


@pytest.mark.parametrize(("calendar", "said"), NO_SUCH_DAY, ids=str)
def test_days_that_do_not_exist(calendar: Calendar, said: tuple[int, int, int]) -> None:
    with pytest.raises(CalendarError) as caught:
        to_gregorian(calendar, *said)
    assert caught.value.code == "no_such_day"


@pytest.mark.parametrize(("calendar", "month"), NO_SUCH_MONTH, ids=str)
def test_months_that_do_not_exist(calendar: Calendar, month: int) -> None:
    with pytest.raises(CalendarError) as caught:
        to_gregorian(calendar, 1400, month, 1)
    assert caught.value.code == "no_such_month"


@pytest.mark.parametrize(
    ("calendar", "year"), [(G, 0), (G, 10_000), (B, 543), (S, 0), (S, 9999), (E, 9999), (I, 9999)]
)
def test_years_that_cannot_be_converted(calendar: Calendar, year: int) -> None:
    with pytest.raises(CalendarError) as caught:
        to_gregorian(calendar, year, 1, 1)
        to_gregorian(calendar, year, 12, 29)
    assert caught.value.code == "no_such_year"


def test_leap_years_of_solar_hijri_as_iran_kept_them() -> None:
    leap = [year for year in range(1342, 1410) if is_leap(S, year)]
    assert leap == [1342, 1346, 1350, 1354, 1358, 1362, 1366, 1370, 1375, 1379, 1383, 1387, 1391,
                    1395, 1399, 1403, 1408]  # fmt: skip


def test_solar_hijri_agrees_with_the_computed_equinox() -> None:
    # Computing one takes 20 ms, so every ninth year of those that living people name.
    for year in range(1277, 1430, 9):
        computed = date(*gregorian.from_jd(persian.to_jd(year, 1, 1)))
        assert to_gregorian(S, year, 1, 1) == computed, year


@pytest.mark.parametrize("year", range(1300, 1480))
def test_islamic_agrees_with_convertdate(year: int) -> None:
    for month in range(1, 13):
        assert to_gregorian(I, year, month, 1) == date(*islamic.to_gregorian(year, month, 1))
        assert days_in_month(I, year, month) == islamic.month_length(year, month)


@pytest.mark.parametrize("year", range(1880, 2060))
def test_ethiopic_is_coptic_276_years_later(year: int) -> None:
    for month in range(1, 14):
        assert to_gregorian(E, year, month, 1) == date(*coptic.to_gregorian(year - 276, month, 1))
        assert days_in_month(E, year, month) == coptic.month_length(year - 276, month)


@given(st.sampled_from(list(Calendar)), st.dates(date(1800, 1, 1), date(2200, 12, 31)))
@settings(max_examples=100, deadline=None)
def test_every_day_has_one_name_in_every_calendar(calendar: Calendar, day: date) -> None:
    assert to_gregorian(calendar, *from_gregorian(calendar, day)) == day


@given(st.sampled_from(list(Calendar)), st.integers(1300, 2300))
@settings(max_examples=100, deadline=None)
def test_a_year_is_as_long_as_its_months(calendar: Calendar, year: int) -> None:
    first, after = to_gregorian(calendar, year, 1, 1), to_gregorian(calendar, year + 1, 1, 1)
    months = range(1, months_in_year(calendar) + 1)
    length = sum(days_in_month(calendar, year, month) for month in months)
    assert (after - first).days == length
    assert length == (354 if calendar is I else 365) + is_leap(calendar, year)


def test_a_day_before_the_calendar_began_has_no_name() -> None:
    with pytest.raises(CalendarError):
        from_gregorian(I, date(622, 7, 18))


def test_every_calendar_has_english_names() -> None:
    assert set(MONTHS) == set(NAMES) == set(Calendar)
    assert len(MONTHS[E]) == 13
