"""The five calendars in which people say dates, as day arithmetic.

Each function is exact integer arithmetic, so it costs microseconds and imports nothing:
``convertdate`` finds Nowruz by computing the equinox (20 ms a year, 90 ms to import) and serves
as the oracle of the tests instead.

* Gregorian: the civil calendar, also for days before a country adopted it.
* Solar Hijri (Iran, Afghanistan): the 33-year rule of leap years. It agrees with the computed
  equinox for 1277 to 1502 (1898 to 2124), all that a living person can mean; beyond that it may
  be a day off.
* Ethiopic: twelve months of 30 days and Pagume of five, six before a year divisible by four.
* Buddhist era: Gregorian day and month, year + 543, as Thailand, Laos and Cambodia count today.
  (Before 1941 the Thai year began in April; such a date is converted as it stands.)
* Islamic: the tabular civil calendar (leap years 2 5 7 10 13 16 18 21 24 26 29 of 30). Months
  began by sight of the moon, so that any day may be one day off: see :data:`INEXACT`.
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

INEXACT = frozenset({Calendar.ISLAMIC})
"""Calendars whose days convert only to within a day."""

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
    """Days of that month. Raises :class:`CalendarError` for a month that does not exist."""
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
    """The Gregorian day. Raises :class:`CalendarError` when the calendar has no such day, or when
    the day lies outside the Gregorian years 1 to 9999."""
    limit = days_in_month(calendar, year, month)
    if not 1 <= day <= limit:
        raise CalendarError("no_such_day", _no_such_day(calendar, year, month, day, limit))
    match calendar:
        case Calendar.GREGORIAN:
            ordinal = _civil_ordinal(year, month, day)
        case Calendar.BUDDHIST:
            ordinal = _civil_ordinal(year - BUDDHIST_ERA, month, day)
        case Calendar.SOLAR_HIJRI:
            before = 31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6
            ordinal = _new_year(calendar, year) + before + day - 1
        case Calendar.ETHIOPIC:
            ordinal = _new_year(calendar, year) + 30 * (month - 1) + day - 1
        case Calendar.ISLAMIC:
            ordinal = _new_year(calendar, year) + (59 * (month - 1) + 1) // 2 + day - 1
    if year < 1 or not 1 <= ordinal <= date.max.toordinal():
        raise CalendarError(
            "no_such_year",
            f"The {NAMES[calendar]} year {year} cannot be converted; check year and calendar.",
        )
    return date.fromordinal(ordinal)


def from_gregorian(calendar: Calendar, day: date) -> tuple[int, int, int]:
    """Year, month and day in that calendar of a Gregorian day. Raises :class:`CalendarError` for
    a day before the calendar's first."""
    match calendar:
        case Calendar.GREGORIAN:
            return day.year, day.month, day.day
        case Calendar.BUDDHIST:
            return day.year + BUDDHIST_ERA, day.month, day.day
    ordinal = day.toordinal()
    # A year too late at most by two (the Islamic year is the shortest); step back to the right one.
    year = (ordinal - _new_year(calendar, 1)) // 354 + 2
    if calendar is not Calendar.ISLAMIC:
        year = (ordinal - _new_year(calendar, 1)) // 365 + 2
    while year > 0 and _new_year(calendar, year) > ordinal:
        year -= 1
    if year < 1:
        raise CalendarError(
            "no_such_year", f"The {NAMES[calendar]} calendar begins after that day."
        )
    rest = ordinal - _new_year(calendar, year)
    month = 1
    while rest >= (length := days_in_month(calendar, year, month)):
        rest -= length
        month += 1
    return year, month, rest + 1


def _civil_ordinal(year: int, month: int, day: int) -> int:
    return date(year, month, day).toordinal() if 1 <= year <= 9999 else 0


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
        days_in_month(calendar, y, month) for y in range(year, year + 40)
    ):
        return f"{day} {name} {year} does not exist: {name} had {limit} days that year."
    return f"{day} {name} does not exist; check the day and the month."
