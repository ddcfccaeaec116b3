"""The five calendars in which people say dates, as day arithmetic.

Each function is exact integer arithmetic, so it costs microseconds and imports nothing. Published
tables, ICU and ``convertdate`` are the oracles of the tests; why none of the libraries does the
work itself is said in ``docs/formats/dates.md``.

* Gregorian: the civil calendar, also for days before a country adopted it.
* Solar Hijri (Iran, Afghanistan): the 33-year rule of leap years. It agrees with the table of
  Tehran's Calendar Centre for all its years, 1206 to 1498 (1827 to 2119), and with the computed
  equinox up to 1502; beyond that it may be a day off.
* Ethiopic: twelve months of 30 days and Pagume of five, six before a year divisible by four.
* Buddhist era: Gregorian day and month, year + 543, as Thailand, Laos and Cambodia count today.
  (Before 1941 the Thai year began in April; such a date is converted as it stands.)
* Islamic: the tabular civil calendar (leap years 2 5 7 10 13 16 18 21 24 26 29 of 30). Months
  began by sight of the moon or by a country's own table, so that a day may be off by as much as
  :data:`INEXACT_DAYS` says.

Every function takes the years of :func:`years` and refuses others.
"""

from __future__ import annotations

import calendar as _civil
from datetime import date
from enum import StrEnum


class Calendar(StrEnum):
    """A calendar in which a date was said."""

    GREGORIAN = "gregorian"
    SOLAR_HIJRI = "solar-hijri"
    ETHIOPIC = "ethiopic"
    BUDDHIST = "buddhist"
    ISLAMIC = "islamic"


class CalendarError(ValueError):
    """A year, month or day does not exist in the calendar. ``code`` says which of them:
    ``no_such_year``, ``no_such_month`` or ``no_such_day``. :mod:`values.dates` handles it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


BUDDHIST_ERA = 543
"""Years to add to a Gregorian year."""

INEXACT_DAYS: dict[Calendar, int] = {Calendar.ISLAMIC: 2}
"""By how many days a converted day may be off. The Umm al-Qura calendar as printed from 1343 to
1500 (1924 to 2077) begins its months up to two days earlier and up to one day later than the
tabular one, and 95 of 100 of them within a day."""

INEXACT = frozenset(INEXACT_DAYS)
"""Calendars whose days convert only to within some days."""

NAMES: dict[Calendar, str] = {
    Calendar.GREGORIAN: "Gregorian",
    Calendar.SOLAR_HIJRI: "Solar Hijri",
    Calendar.ETHIOPIC: "Ethiopic",
    Calendar.BUDDHIST: "Buddhist era",
    Calendar.ISLAMIC: "Islamic",
}
"""The calendars' English names, source strings for the faces."""

_GREGORIAN_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTHS: dict[Calendar, tuple[str, ...]] = {
    Calendar.GREGORIAN: _GREGORIAN_MONTHS,
    Calendar.BUDDHIST: _GREGORIAN_MONTHS,
    Calendar.SOLAR_HIJRI: (
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ),
    Calendar.ETHIOPIC: (
        "Meskerem",
        "Tikimt",
        "Hidar",
        "Tahsas",
        "Tir",
        "Yekatit",
        "Megabit",
        "Miyazya",
        "Ginbot",
        "Sene",
        "Hamle",
        "Nehase",
        "Pagume",
    ),
    Calendar.ISLAMIC: (
        "Muharram",
        "Safar",
        "Rabi al-Awwal",
        "Rabi al-Thani",
        "Jumada al-Ula",
        "Jumada al-Akhira",
        "Rajab",
        "Shaban",
        "Ramadan",
        "Shawwal",
        "Dhu al-Qada",
        "Dhu al-Hijja",
    ),
}
"""The months' English names, source strings for the faces; index 0 is the first month."""

# Ordinals (as date.toordinal) of the day before each calendar's first day.
_SOLAR_HIJRI_EPOCH = date(2025, 3, 20).toordinal() - 365 * 1403 - (8 * 1404 + 21) // 33
_ETHIOPIC_EPOCH = date(2007, 9, 11).toordinal() - 365 * 1999 - 2000 // 4
_ISLAMIC_EPOCH = date(2023, 7, 18).toordinal() - 354 * 1444 - (11 * 1445 + 3) // 30


# The years that convert to the last day and have four digits at most, as EDTF wants them.
_YEARS: dict[Calendar, range] = {
    Calendar.GREGORIAN: range(1, 10_000),
    Calendar.SOLAR_HIJRI: range(1, 9378),
    Calendar.ETHIOPIC: range(1, 9992),
    Calendar.BUDDHIST: range(1 + BUDDHIST_ERA, 10_000),
    Calendar.ISLAMIC: range(1, 9666),
}


def years(calendar: Calendar) -> range:
    """The years of that calendar in which every day has a Gregorian day. Which of them make sense
    for a birth is for the form to say."""
    return _YEARS[calendar]


def months_in_year(calendar: Calendar) -> int:
    """Thirteen in the Ethiopic calendar, twelve in the others."""
    return len(MONTHS[calendar])


def is_leap(calendar: Calendar, year: int) -> bool:
    """Whether the year of that calendar has its additional day."""
    match calendar:
        case Calendar.GREGORIAN:
            return _civil.isleap(year)
        case Calendar.BUDDHIST:
            return _civil.isleap(year - BUDDHIST_ERA)
        case Calendar.SOLAR_HIJRI:
            return (8 * year + 29) % 33 < 8
        case Calendar.ETHIOPIC:
            return year % 4 == 3
        case Calendar.ISLAMIC:
            return (11 * year + 14) % 30 < 11


def days_in_month(calendar: Calendar, year: int, month: int) -> int:
    """Days of that month. Raises :class:`CalendarError` for a month or year that does not exist."""
    if year not in _YEARS[calendar]:
        raise CalendarError(
            "no_such_year",
            f"The {NAMES[calendar]} year {year} cannot be converted; check year and calendar.",
        )
    if not 1 <= month <= months_in_year(calendar):
        raise CalendarError(
            "no_such_month", f"{NAMES[calendar]} month {month} does not exist; check the month."
        )
    match calendar:
        case Calendar.GREGORIAN | Calendar.BUDDHIST:
            if month == 2:
                return 29 if is_leap(calendar, year) else 28
            return 30 if month in (4, 6, 9, 11) else 31
        case Calendar.SOLAR_HIJRI:
            if month == 12:
                return 30 if is_leap(calendar, year) else 29
            return 31 if month <= 6 else 30
        case Calendar.ETHIOPIC:
            if month == 13:
                return 6 if is_leap(calendar, year) else 5
            return 30
        case Calendar.ISLAMIC:
            if month == 12 and is_leap(calendar, year):
                return 30
            return 30 if month % 2 else 29


def to_gregorian(calendar: Calendar, year: int, month: int, day: int) -> date:
    """The Gregorian day. Raises :class:`CalendarError` when the calendar has no such day, month or
    year."""
    limit = days_in_month(calendar, year, month)
    if not 1 <= day <= limit:
        raise CalendarError("no_such_day", _no_such_day(calendar, year, month, day, limit))
    match calendar:
        case Calendar.GREGORIAN:
            return date(year, month, day)
        case Calendar.BUDDHIST:
            return date(year - BUDDHIST_ERA, month, day)
        case Calendar.SOLAR_HIJRI:
            before = 31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6
            ordinal = _new_year(calendar, year) + before + day - 1
        case Calendar.ETHIOPIC:
            ordinal = _new_year(calendar, year) + 30 * (month - 1) + day - 1
        case Calendar.ISLAMIC:
            ordinal = _new_year(calendar, year) + (59 * (month - 1) + 1) // 2 + day - 1
    return date.fromordinal(ordinal)


def weekday(calendar: Calendar, year: int, month: int, day: int) -> int:
    """The day of the week, from 0 for Monday to 6 for Sunday as in :mod:`datetime`; a week is the
    same in all five calendars. Raises :class:`CalendarError` as :func:`to_gregorian` does."""
    return to_gregorian(calendar, year, month, day).weekday()


def from_gregorian(calendar: Calendar, day: date) -> tuple[int, int, int]:
    """Year, month and day in that calendar of a Gregorian day. Raises :class:`CalendarError` for
    a day before the calendar's first or in a year after its last (see :func:`years`)."""
    match calendar:
        case Calendar.GREGORIAN:
            return day.year, day.month, day.day
        case Calendar.BUDDHIST:
            return _known(calendar, day.year + BUDDHIST_ERA), day.month, day.day
    ordinal = day.toordinal()
    # A year too late at most by two (the Islamic year is the shortest); step back to the right one.
    year = (ordinal - _new_year(calendar, 1)) // 354 + 2
    if calendar is not Calendar.ISLAMIC:
        year = (ordinal - _new_year(calendar, 1)) // 365 + 2
    while year > 0 and _new_year(calendar, year) > ordinal:
        year -= 1
    rest = ordinal - _new_year(calendar, _known(calendar, year))
    month = 1
    while rest >= (length := days_in_month(calendar, year, month)):
        rest -= length
        month += 1
    return year, month, rest + 1


def _known(calendar: Calendar, year: int) -> int:
    """The year itself, if it can be converted back."""
    if year not in _YEARS[calendar]:
        side = "begins after" if year < _YEARS[calendar][0] else "is not counted as far as"
        raise CalendarError("no_such_year", f"The {NAMES[calendar]} calendar {side} that day.")
    return year


def _new_year(calendar: Calendar, year: int) -> int:
    """The ordinal of a year's first day, in the three calendars with arithmetic of their own."""
    match calendar:
        case Calendar.SOLAR_HIJRI:
            return _SOLAR_HIJRI_EPOCH + 365 * (year - 1) + (8 * year + 21) // 33 + 1
        case Calendar.ETHIOPIC:
            return _ETHIOPIC_EPOCH + 365 * (year - 1) + year // 4 + 1
        case _:
            return _ISLAMIC_EPOCH + 354 * (year - 1) + (11 * year + 3) // 30 + 1


def _no_such_day(calendar: Calendar, year: int, month: int, day: int, limit: int) -> str:
    name = MONTHS[calendar][month - 1]
    if day == limit + 1 and day <= max(
        days_in_month(calendar, other, month)
        for other in range(year, year + 40)
        if other in _YEARS[calendar]
    ):
        return f"{day} {name} {year} does not exist: {name} had {limit} days that year."
    return f"{day} {name} does not exist; check the day and the month."
