"""Ages as people state them, and the days of birth they allow.

``age:34`` (completed years), ``age:30-35`` (between), ``age:8m`` (completed months of a small
child), each with ``~`` when it was said to be about. See ``docs/formats/dates.md``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from values.date_error import DateError

OLDEST = 120
"""Completed years of age above which a date of birth is taken for a mistake."""

OLDEST_IN_MONTHS = 59
"""Nobody counts the age of a five-year-old in months; more is a slip of the finger."""

_AGE = re.compile(
    r"age:\s*(?P<least>-?\d{1,6})(?:\s*-\s*(?P<most>\d{1,6}))?\s*(?P<months>m)?\s*(?P<about>~)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedAge:
    """An age as it was stated: from ``least`` to ``most`` completed years or months."""

    least: int
    most: int
    unit: Literal["years", "months"] = "years"
    about: bool = False

    @classmethod
    def read(cls, text: str) -> StatedAge | None:
        """Read ``age:34`` and its relatives, with ASCII digits and hyphens; ``None`` for anything
        that is not in that form. Raises :class:`DateError` for an age that cannot be."""
        match = _AGE.fullmatch(text)
        if match is None:
            return None
        unit: Literal["years", "months"] = "months" if match["months"] else "years"
        least = int(match["least"])
        age = cls(least, int(match["most"] or least), unit, bool(match["about"]))
        age._check()
        return age

    def _check(self) -> None:
        limit = OLDEST if self.unit == "years" else OLDEST_IN_MONTHS
        for age in (self.least, self.most):
            if not 0 <= age <= limit:
                in_months = "" if self.unit == "years" else " in months; from 5 on, enter years"
                raise DateError(
                    "age_impossible",
                    f"A stated age of {age} is impossible; enter an age from 0 to "
                    f"{limit}{in_months}.",
                )
        if self.least > self.most:
            mark = "m" if self.unit == "months" else ""
            raise DateError(
                "form",
                f"Write the smaller age first: age:{self.most}-{self.least}{mark}.",
            )

    def births(self, said_on: date) -> tuple[date, date]:
        """The first and the last day of birth that make it true on the day it was said."""
        before = years_before if self.unit == "years" else months_before
        return before(said_on, self.most + 1) + timedelta(days=1), before(said_on, self.least)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February for the 29th of a common year."""
    return months_before(day, 12 * years)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def completed_years(birth: date, day: date) -> int:
    """Age in completed years, 0 before birth. Someone born on 29 February completes a year on
    1 March of a common year."""
    return completed_months(birth, day) // 12


def completed_months(birth: date, day: date) -> int:
    """Age in completed months, 0 before birth. Someone born on the 31st completes a month of 30
    days on the first of the following one."""
    months = (day.year - birth.year) * 12 + day.month - birth.month
    return max(0, months - (1 if day.day < birth.day else 0))
