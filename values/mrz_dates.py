"""The six characters of a date in a machine readable zone (ICAO Doc 9303-3, section 4.8).

The year has two digits; unknown parts are fillers. Many issuers write ``00`` for an unknown month
or day, which no calendar has, so it is read alike.
"""

from __future__ import annotations

import re
from datetime import date

from values.calendars import INEXACT_DAYS, Calendar
from values.date_error import DateError
from values.dates import PartialDate
from values.mrz_error import MrzError
from values.mrz_layout import Span

_DATE = re.compile(r"(\d\d|<<)(\d\d|<<)(\d\d|<<)", re.ASCII)
_UNKNOWN = frozenset({"<<", "00"})
UNKNOWN = "<<<<<<"
VALID_AHEAD = 50
"""No document is valid for more years than these; a later year of expiry is of last century."""


def read_birth(six: str, span: Span, today: date) -> PartialDate | None:
    """The birth, in the latest century in which it does not lie after ``today``. ``None`` when
    the year is unknown. Someone over a hundred reads as a child: the officer sees the year."""
    year, month, day = _parts(six, span)
    if year is None:
        return None
    full = today.year // 100 * 100 + year
    if (full, month or 1, day or 1) > (today.year, today.month, today.day):
        full -= 100
    return _partial(full, month, day, six, span)


def read_expiry(six: str, span: Span, today: date, birth: PartialDate | None) -> PartialDate | None:
    """The last day of validity; ``None`` when there is none. Its century is the latest that lies
    at most :data:`VALID_AHEAD` years ahead, unless the holder was born later than that."""
    year, month, day = _parts(six, span)
    if year is None:
        return None
    full = today.year // 100 * 100 + year
    full += 100 if full + 100 <= today.year + VALID_AHEAD else 0
    full -= 100 if full > today.year + VALID_AHEAD else 0
    if birth is not None and full < birth.earliest.year:
        full += 100
    return _partial(full, month, day, six, span)


def write_date(when: PartialDate | None) -> str:
    """Six characters, no more precise than the date is known. The zone has no sign for "about";
    a year that is not certain in the Gregorian calendar becomes unknown."""
    if when is None:
        return UNKNOWN
    if when.complete is not None:
        return f"{when.complete:%y%m%d}"
    slack = INEXACT_DAYS.get(when.calendar, 0)
    first = date.fromordinal(when.earliest.toordinal() - slack)
    last = date.fromordinal(when.latest.toordinal() + slack)
    if when.calendar is Calendar.GREGORIAN and when.precision == "day":
        return f"{first:%y%m%d}"
    if first.year != last.year:
        return UNKNOWN
    if first.month == last.month and when.precision == "month":
        return f"{first:%y%m}<<"
    return f"{first:%y}<<<<"


def _parts(six: str, span: Span) -> tuple[int | None, int | None, int | None]:
    match = _DATE.fullmatch(six)
    if match is None:
        raise MrzError(
            "date",
            f"Line {span.line}, places {span.first} to {span.last} must be a date of six digits, "
            "or << for a part that is unknown; read the line again.",
            span.line,
            span.first,
        )
    year, month, day = match[1], match[2], match[3]
    return (
        None if year == "<<" else int(year),
        None if month in _UNKNOWN else int(month),
        None if day in _UNKNOWN else int(day),
    )


def _partial(year: int, month: int | None, day: int | None, six: str, span: Span) -> PartialDate:
    edtf = f"{year:04d}"
    if month is not None:
        edtf += f"-{month:02d}" + (f"-{day:02d}" if day is not None else "")
    try:
        return PartialDate(edtf, Calendar.GREGORIAN, six)
    except DateError as error:
        raise MrzError(
            "date",
            f"Line {span.line}, places {span.first} to {span.last}: {error.sentence} "
            "Read the line again.",
            span.line,
            span.first,
        ) from error
