"""Choosing a date in a calendar: where the mark is, and what would be taken. No widgets in here.

What is taken is a day, or only its month, or only its year, each perhaps "about": nobody has to
invent a day. It is written as in ``values.dates``, in the calendar it was chosen in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from values.calendars import (
    Calendar,
    CalendarError,
    days_in_month,
    from_gregorian,
    months_in_year,
    to_gregorian,
    years,
)
from values.dates import DateError, PartialDate
from values.text import ascii_digits

ROWS: Final = 6
"""Weeks that a month of 31 days may touch; the page of every month has them, so nothing moves."""


class Extent(StrEnum):
    """How much of the marked day is taken."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of a calendar, always one that exists. A move that would leave the years that the
    calendar counts stays where it is."""

    calendar: Calendar
    year: int
    month: int
    day: int
    about: bool = False

    @classmethod
    def at(cls, day: date, calendar: Calendar) -> Mark:
        """On a Gregorian day."""
        return cls(calendar, *from_gregorian(calendar, day))

    @classmethod
    def of(cls, said: PartialDate | None, calendar: Calendar, today: date) -> Mark:
        """Where somebody looks first: at what was said so far, else at today."""
        if said is None or said.earliest > date.max - timedelta(days=1):
            return cls.at(today, calendar)
        parts = said.parts
        if parts is not None and said.calendar is calendar:
            year, month, day = parts
            return cls(calendar, year, month or 1, day or 1, said.approximate)
        try:
            return replace(cls.at(said.earliest, calendar), about=said.approximate)
        except CalendarError:
            return cls.at(today, calendar)

    @property
    def date(self) -> date:
        """The Gregorian day."""
        return to_gregorian(self.calendar, self.year, self.month, self.day)

    @property
    def length(self) -> int:
        """Days of the marked month."""
        return days_in_month(self.calendar, self.year, self.month)

    # moves -----------------------------------------------------------------------------

    def days(self, by: int) -> Mark:
        """So many days on, or back."""
        try:
            return replace(Mark.at(self.date + timedelta(days=by), self.calendar), about=self.about)
        except (CalendarError, OverflowError):
            return self

    def months(self, by: int) -> Mark:
        """So many months on: the same day, or the month's last."""
        count = months_in_year(self.calendar)
        year, month = divmod(self.year * count + self.month - 1 + by, count)
        return self._to(year, month + 1, self.day)

    def years(self, by: int) -> Mark:
        """The same day so many years on, or the month's last."""
        return self._to(self.year + by, self.month, self.day)

    def in_year(self, year: int) -> Mark:
        """The same day of another year."""
        return self._to(year, self.month, self.day)

    def on_day(self, day: int) -> Mark:
        """A day of the same month; beyond its end the last."""
        return self._to(self.year, self.month, day)

    def _to(self, year: int, month: int, day: int) -> Mark:
        if year not in years(self.calendar):
            return self
        last = days_in_month(self.calendar, year, month)
        return replace(self, year=year, month=month, day=max(1, min(day, last)))

    # what it looks like, and what it says ----------------------------------------------

    def weeks(self, first_weekday: int) -> tuple[tuple[int, ...], ...]:
        """The days of the month in weeks that begin on ``first_weekday`` (0: Monday); 0 where
        another month's day would stand. Always ``ROWS`` weeks."""
        first = to_gregorian(self.calendar, self.year, self.month, 1).weekday()
        before = (first - first_weekday) % 7
        cells = [0] * before + list(range(1, self.length + 1))
        cells += [0] * (7 * ROWS - len(cells))
        return tuple(tuple(cells[start : start + 7]) for start in range(0, 7 * ROWS, 7))

    def text(self, extent: Extent = Extent.DAY) -> str:
        """What is taken, as it is typed: ``1361-07-12``, ``1361-07``, ``1361~``."""
        parts = {
            Extent.DAY: f"{self.year:04d}-{self.month:02d}-{self.day:02d}",
            Extent.MONTH: f"{self.year:04d}-{self.month:02d}",
            Extent.YEAR: f"{self.year:04d}",
        }
        return parts[extent] + ("~" if self.about else "")

    def said(self, extent: Extent = Extent.DAY) -> PartialDate | None:
        """What is taken, as a date."""
        try:
            return PartialDate.parse(self.text(extent), self.calendar)
        except DateError:
            return None


class YearTyping:
    """Digits typed over a month's page: four of them are a year. Digits of any script count."""

    def __init__(self) -> None:
        self._digits = ""

    @property
    def typed(self) -> str:
        """The digits so far."""
        return self._digits

    def forget(self) -> None:
        self._digits = ""

    def take(self, text: str) -> int | None:
        """One key's text; the year when it completes one."""
        digit = ascii_digits(text)
        if len(digit) != 1 or digit not in "0123456789":
            self._digits = ""
            return None
        self._digits += digit
        if len(self._digits) < 4:
            return None
        year, self._digits = int(self._digits), ""
        return year

    def back(self) -> bool:
        """Take the last digit back; says whether there was one."""
        had = bool(self._digits)
        self._digits = self._digits[:-1]
        return had


__all__ = ["ROWS", "Extent", "Mark", "YearTyping"]
