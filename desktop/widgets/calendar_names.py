"""Months and days of the week in the user's language, for five calendars.

The names are those of CLDR, through ICU: Babel has the Gregorian ones only. They are read once per
language, in some milliseconds; a page does it on a worker with the rest of its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from values.calendars import Calendar, from_gregorian, months_in_year, to_gregorian

_ICU: Final = {
    Calendar.GREGORIAN: "gregorian",
    Calendar.SOLAR_HIJRI: "persian",
    Calendar.ETHIOPIC: "ethiopic",
    Calendar.BUDDHIST: "buddhist",
    Calendar.ISLAMIC: "islamic-civil",
}
_TAGS: Final = {"": "en-GB", "en": "en-GB", "prs": "fa-AF"}
"""Plain English means the United Kingdom's, as on documents; CLDR has Dari as Afghan Persian."""
_MONDAY: Final = date(2024, 1, 1)
_SAMPLE: Final = date(2023, 6, 15)  # its Ethiopic year, 2015, has the thirteenth month's sixth day


@dataclass(frozen=True, slots=True)
class CalendarNames:
    """The words of a month's page. Days of the week count from 0 for Monday.

    ``short`` are two or three letters where a language has such, ``narrow`` a single one.
    """

    months: Mapping[Calendar, tuple[str, ...]] = field(repr=False)
    weekdays: tuple[str, ...] = field(repr=False)
    short: tuple[str, ...] = field(repr=False)
    narrow: tuple[str, ...] = field(repr=False)
    first_weekday: int = 0

    def month(self, calendar: Calendar, number: int) -> str:
        """The name of a month, counted from 1."""
        return self.months[calendar][number - 1]

    def week(self) -> tuple[int, ...]:
        """The days of a week in the order in which they are shown."""
        return tuple((self.first_weekday + place) % 7 for place in range(7))


@lru_cache(maxsize=8)
def calendar_names(language: str, *, first_weekday: int | None = None) -> CalendarNames:
    """The names in a language (BCP 47), or in English where CLDR has none in it."""
    tag = _TAGS.get(language, language)
    days = [_MONDAY.replace(day=1 + number) for number in range(7)]
    return CalendarNames(
        months=MappingProxyType({one: _months(one, tag) for one in Calendar}),
        weekdays=tuple(_say(day, "cccc", Calendar.GREGORIAN, tag) for day in days),
        short=tuple(_say(day, "cccccc", Calendar.GREGORIAN, tag) for day in days),
        narrow=tuple(_say(day, "ccccc", Calendar.GREGORIAN, tag) for day in days),
        first_weekday=_first_weekday(tag) if first_weekday is None else first_weekday,
    )


def _months(calendar: Calendar, tag: str) -> tuple[str, ...]:
    year = from_gregorian(calendar, _SAMPLE)[0]
    # A day near the beginning: the thirteenth month has five, and tables may be two days apart.
    return tuple(
        _say(to_gregorian(calendar, year, month, 4), "LLLL", calendar, tag)
        for month in range(1, months_in_year(calendar) + 1)
    )


def _say(day: date, pattern: str, calendar: Calendar, tag: str) -> str:
    from icu4py.messageformat import MessageFormat  # ICU's data are large; not for the first window

    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    locale = f"{tag.replace('-', '_')}@calendar={_ICU[calendar]}"
    return MessageFormat(f"{{day, date, {pattern}}}", locale).format({"day": noon}).strip()


def _first_weekday(tag: str) -> int:
    """The day on which weeks begin: as this computer has it when it speaks the language."""
    from PySide6.QtCore import QLocale

    system = QLocale.system()
    mine = system if system.name().partition("_")[0] == tag.partition("-")[0] else QLocale(tag)
    return int(mine.firstDayOfWeek().value) - 1
