"""Dates as people know them: a day, a month, a year, about a year, a decade, an age.

A :class:`PartialDate` keeps what was said, in the calendar in which it was said, and answers
with Gregorian bounds. It never makes a first of January out of a year. The notation is EDTF
(ISO 8601-2:2019) of levels 0 and 1; see ``docs/formats/dates.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from values.ages import OLDEST, StatedAge, completed_years, years_before
from values.calendars import (
    BUDDHIST_ERA,
    INEXACT,
    INEXACT_DAYS,
    NAMES,
    Calendar,
    CalendarError,
    days_in_month,
    from_gregorian,
    months_in_year,
    to_gregorian,
)
from values.date_error import DateError
from values.text import BIDI_CONTROLS, ascii_digits

__all__ = ["OLDEST", "Calendar", "DateError", "PartialDate", "StatedAge", "years_before"]

Precision = Literal["day", "month", "year", "decade", "range"]

_ENTERED_LIMIT = 100  # longer than any way to say a date; keeps a pasted page out of the ledger
_EDTF = re.compile(
    r"(?P<decade>\d{3})X|(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?P<about>~)?",
    re.ASCII,
)
_INTERVAL = re.compile(r"(\d{4}-\d\d-\d\d)(~?)/(\d{4}-\d\d-\d\d)\2", re.ASCII)
_HYPHENS = re.compile("[\u2010-\u2013\u2212]")
_INVISIBLE = re.compile(f"[{BIDI_CONTROLS}\u200b-\u200d\ufeff]")

_FORM_SENTENCE = (
    "Write the date as 1987-05-03, 1987-05, 1987, 1985~ (about), 198X (decade), age:34, "
    "age:30-35 or age:8m."
)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date with its precision, its calendar and the words in which it was entered.

    ``edtf`` is in ``calendar``; an interval (from a stated age) is always Gregorian. Building one
    checks it: :class:`DateError` is raised for anything that does not exist.
    """

    edtf: str
    calendar: Calendar = Calendar.GREGORIAN
    entered: str = ""
    earliest: date = field(init=False, repr=False, compare=False)
    """The first Gregorian day it can mean. ``~`` does not widen it: EDTF gives it no width."""
    latest: date = field(init=False, repr=False, compare=False)
    """The last Gregorian day it can mean."""

    def __post_init__(self) -> None:
        if len(self.entered) > _ENTERED_LIMIT:
            raise DateError("form", _FORM_SENTENCE)
        earliest, latest = _bounds(self.edtf, self.calendar)
        object.__setattr__(self, "earliest", earliest)
        object.__setattr__(self, "latest", latest)

    @classmethod
    def parse(
        cls,
        text: str,
        calendar: Calendar | str = Calendar.GREGORIAN,
        *,
        said_on: date | None = None,
    ) -> PartialDate:
        """Read what was typed: ``1987-05-03``, ``1987-05``, ``1987``, ``1985~``, ``198X``,
        ``age:34``, ``age:30-35``, ``age:8m``, ``age:34~``. Digits of any script are read, and
        kept as typed in ``entered``.

        ``said_on`` is the day of the interview or of the list; an age needs it and becomes the
        Gregorian interval of possible birth days. Whether the date lies after that day is not
        judged here: see :meth:`in_future` and :meth:`check_birth`.
        """
        entered = text.strip()
        said_in = _calendar(calendar)
        plain = _levelled(entered)
        if age := StatedAge.read(plain):
            return cls(_birth_interval(age, said_on), Calendar.GREGORIAN, entered)
        plain = plain[:-1] + "X" if plain.endswith("x") else plain
        if not _EDTF.fullmatch(plain):
            raise DateError("form", _FORM_SENTENCE)
        return cls(plain, said_in, entered)

    @classmethod
    def of_day(cls, day: date, calendar: Calendar = Calendar.GREGORIAN) -> PartialDate:
        """A whole day, written in ``calendar``, as a calendar widget gives it."""
        try:
            year, month, number = from_gregorian(calendar, day)
        except CalendarError as error:
            raise DateError("form", str(error)) from error
        edtf = f"{year:04d}-{month:02d}-{number:02d}"
        return cls(edtf, calendar, edtf)

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> PartialDate:
        """Read the map that an entry keeps. Raises :class:`DateError` for anything else."""
        edtf, entered = body.get("edtf"), body.get("entered", "")
        if not isinstance(edtf, str) or not isinstance(entered, str):
            raise DateError("form", _FORM_SENTENCE)
        return cls(edtf, _calendar(body.get("calendar", "")), entered)

    def to_body(self) -> dict[str, str]:
        """The map that an entry keeps."""
        return {"edtf": self.edtf, "calendar": self.calendar.value, "entered": self.entered}

    @property
    def approximate(self) -> bool:
        """Whether it was said to be about (``~``)."""
        return self.edtf.endswith("~")

    @property
    def precision(self) -> Precision:
        """The part of it that is known; an age gives ``range``."""
        if "/" in self.edtf:
            return "range"
        if "X" in self.edtf:
            return "decade"
        parts: tuple[Precision, Precision, Precision] = ("year", "month", "day")
        return parts[self.edtf.count("-")]

    @property
    def parts(self) -> tuple[int, int | None, int | None] | None:
        """Year, month and day as said, in its calendar; a decade gives its first year. ``None``
        for a range, which was not said in parts."""
        match = _EDTF.fullmatch(self.edtf)
        if match is None:
            return None
        if decade := match["decade"]:
            return int(f"{decade}0"), None, None
        month, day = match["month"], match["day"]
        return int(match["year"]), int(month) if month else None, int(day) if day else None

    @property
    def stated_age(self) -> StatedAge | None:
        """The age that was stated, if the range came from one that is still in ``entered``: "34
        years old when asked". A range that was corrected has none."""
        if self.precision != "range":
            return None
        try:
            return StatedAge.read(_levelled(self.entered))
        except DateError:
            return None

    @property
    def complete(self) -> date | None:
        """The Gregorian day, if the date is a whole day, not approximate, and the conversion is
        exact. ``None`` for an Islamic date: its day is known only to within two."""
        if self.precision != "day" or self.approximate or self.calendar in INEXACT:
            return None
        return self.earliest

    @property
    def gregorian(self) -> str:
        """EDTF in the Gregorian calendar, no more precise than what was said.

        A day becomes a day. A month, year or decade stays one in the Gregorian and Buddhist
        calendars, except that a decade counted in another era is an interval; in the other
        calendars it becomes the interval ``first day/last day``. ``~`` is kept (in an interval on
        both ends), and is added to a converted Islamic date, which may be two days off.
        """
        if self.calendar is Calendar.GREGORIAN:
            return self.edtf
        about = "~" if self.approximate or self.calendar in INEXACT else ""
        if self.precision == "day":
            return f"{self.earliest}{about}"
        if self.calendar is Calendar.BUDDHIST and self.precision in ("month", "year"):
            return f"{int(self.edtf[:4]) - BUDDHIST_ERA:04d}{self.edtf[4:]}"
        return f"{self.earliest}{about}/{self.latest}{about}"

    def in_future(self, day: date) -> bool:
        """Whether even its earliest day lies after ``day``. A day that converts only to within
        some days (see :data:`values.calendars.INEXACT_DAYS`) is given the benefit of them."""
        return self.earliest - timedelta(days=INEXACT_DAYS.get(self.calendar, 0)) > day

    def age_on(self, day: date) -> tuple[int, int]:
        """The least and the greatest age in completed years on ``day`` of someone born then.

        Someone born on 29 February comes of age on 1 March in a common year. Days of birth after
        ``day`` count as age 0; ask :meth:`in_future` first.
        """
        return completed_years(self.latest, day), completed_years(self.earliest, day)

    def too_old(self, day: date, *, years: int = OLDEST) -> bool:
        """Whether someone born then would have completed more than ``years`` years on ``day``,
        even when born on the latest day it can mean."""
        return self.age_on(day)[0] > years

    def check_birth(self, day: date) -> None:
        """Raise :class:`DateError` (``future`` or ``age_impossible``) if nobody alive on ``day``
        can have been born then."""
        if self.in_future(day):
            raise DateError("future", "The date lies in the future; check the year and calendar.")
        if self.too_old(day):
            raise DateError(
                "age_impossible",
                f"This birth would be more than {OLDEST} years ago; check the year and calendar.",
            )


def _levelled(entered: str) -> str:
    """What was typed, with ASCII digits and hyphens and without invisible marks."""
    return _HYPHENS.sub("-", _INVISIBLE.sub("", ascii_digits(entered)))


def _birth_interval(age: StatedAge, said_on: date | None) -> str:
    if said_on is None:
        raise DateError("form", "A stated age needs the day on which it was said; enter a date.")
    about = "~" if age.about else ""
    first, last = age.births(said_on)
    return f"{first}{about}/{last}{about}"


def _calendar(calendar: object) -> Calendar:
    try:
        return Calendar(calendar)  # type: ignore[arg-type]  # any other type is refused by it
    except ValueError:
        known = ", ".join(one.value for one in Calendar)
        raise DateError("calendar", f"The calendar is not known; use one of {known}.") from None


def _bounds(edtf: str, calendar: Calendar) -> tuple[date, date]:
    """First and last Gregorian day of an EDTF text in ``calendar``."""
    try:
        if interval := _INTERVAL.fullmatch(edtf):
            return _interval_bounds(interval, calendar)
        match = _EDTF.fullmatch(edtf)
        if match is None:
            raise DateError("form", _FORM_SENTENCE)
        if decade := match["decade"]:
            first, last = int(f"{decade}0"), int(f"{decade}9")
            return _year_start(calendar, max(first, 1)), _year_end(calendar, last)
        year = int(match["year"])
        if match["month"] is None:
            return _year_start(calendar, year), _year_end(calendar, year)
        month = int(match["month"])
        if match["day"] is None:
            last = days_in_month(calendar, year, month)
            return to_gregorian(calendar, year, month, 1), to_gregorian(calendar, year, month, last)
        day = to_gregorian(calendar, year, month, int(match["day"]))
        return day, day
    except CalendarError as error:
        code = "form" if error.code == "no_such_year" else error.code
        raise DateError(code, str(error)) from error


def _interval_bounds(interval: re.Match[str], calendar: Calendar) -> tuple[date, date]:
    if calendar is not Calendar.GREGORIAN:
        raise DateError(
            "form", f"An interval is Gregorian, not {NAMES[calendar]}; enter the age again."
        )
    first, _ = _bounds(interval[1], calendar)
    _, last = _bounds(interval[3], calendar)
    if first > last:
        raise DateError("form", "The interval ends before it begins; enter the age again.")
    return first, last


def _year_start(calendar: Calendar, year: int) -> date:
    return to_gregorian(calendar, year, 1, 1)


def _year_end(calendar: Calendar, year: int) -> date:
    month = months_in_year(calendar)
    return to_gregorian(calendar, year, month, days_in_month(calendar, year, month))
