"""Machine readable zones of travel documents: passports (TD3), cards (TD1), TD2 and visas.

:func:`parse` takes the lines as a person types them or a scanner sends them and gives what they
say, or raises :class:`MrzError` with a sentence that says what to do. A character that was
probably misread is only ever suggested in the error, never put right in silence. :func:`write`
makes the lines for our own cards. See ``docs/formats/mrz.md`` and ICAO Doc 9303, parts 3 to 7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from values.dates import PartialDate
from values.mrz_checks import check_characters, check_digits, document_number
from values.mrz_dates import read_birth, read_expiry, write_date
from values.mrz_error import MrzError
from values.mrz_layout import (
    ALPHABET,
    FILLER,
    LAYOUTS,
    LONG_NUMBERS,
    Format,
    Layout,
    Span,
    check_digit,
)
from values.mrz_lines import lines_of
from values.mrz_names import fit, to_mrz

__all__ = ["Format", "Mrz", "MrzError", "Names", "check_digit", "country", "parse", "write"]

_NAMES_END = re.compile(r"<{3,}(?=[^<])")  # letters after the filling of a name field
_COUNTRIES = {
    "D": "DEU",
    "GBD": "GBR",
    "GBN": "GBR",
    "GBO": "GBR",
    "GBP": "GBR",
    "GBS": "GBR",
    "RKS": "XKX",
}
# United Nations officials, organisations, and codes that name no country any more (part 3, 5).
_NO_COUNTRY = {"UNA", "UNK", "UNO", "EUE", "IAO", "ANT", "NTZ"} | {
    "XBA", "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP", "XOM", "XPO",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The holder's names as the zone has them: A to Z, parted by spaces.

    Someone with a single name has it in ``primary``. ``truncated`` says that the field is full,
    so that something may be missing.
    """

    primary: str
    secondary: str = ""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a machine readable zone says. ``issuer`` and ``nationality`` are ICAO's codes without
    fillers (``D`` is Germany): see :func:`country`. ``sex`` is ``F``, ``M`` or, as ICAO means its
    filler, ``X``. Optional data are as printed, without the fillers at their end."""

    format: Format
    document_code: str
    issuer: str
    document_number: str = field(repr=False)
    names: Names = field(repr=False)
    nationality: str
    birth: PartialDate | None = field(repr=False)
    sex: str
    expiry: PartialDate | None
    optional: str = field(default="", repr=False)
    optional_2: str = field(default="", repr=False)

    @property
    def document_type(self) -> str:
        """The code of the list of documents people hold: ``passport``, ``national_id`` for
        plain identity cards, and ``other`` for what an issuer's own second letter means."""
        if self.document_code.startswith("P"):
            return "passport"
        return "national_id" if self.document_code in ("I", "ID") else "other"


def country(code: str) -> str:
    """The ISO 3166-1 code (or XXA, XXB, XXC, XXX, UTO) that ICAO's code stands for; empty for an
    organisation or a code that names no country."""
    plain = code.rstrip(FILLER)
    return "" if plain in _NO_COUNTRY else _COUNTRIES.get(plain, plain)


def parse(text: str, *, today: date) -> Mrz:
    """Read the lines of one zone. Case, spaces and kinds of line break do not matter, nor whether
    the lines come as one; fillers missing at the end of a line of names are supplied.

    ``today`` decides the century of two-digit years. Raises :class:`MrzError`.
    """
    layout, lines = lines_of(text)
    check_characters(layout, lines)
    number, optional = document_number(layout, lines)
    check_digits(layout, lines)
    at = layout.spans
    birth = read_birth(at["birth"].of(lines), at["birth"], today)
    expiry = read_expiry(at["expiry"].of(lines), at["expiry"], today, birth)
    sex = at["sex"].of(lines)
    second = at["optional_2"].of(lines) if "optional_2" in at else ""
    return Mrz(
        format=layout.format,
        document_code=at["code"].of(lines).rstrip(FILLER),
        issuer=at["issuer"].of(lines).rstrip(FILLER),
        document_number=number.rstrip(FILLER).replace(FILLER, " "),
        names=_names(at["names"], lines),
        nationality=at["nationality"].of(lines).rstrip(FILLER),
        birth=birth,
        sex="X" if sex == FILLER else sex,
        expiry=expiry,
        optional=optional.rstrip(FILLER),
        optional_2=second.rstrip(FILLER),
    )


def write(mrz: Mrz) -> tuple[str, ...]:
    """The lines of a zone, with all their check digits. Names are put into A to Z by ICAO's
    tables and cut by its rules. Raises :class:`MrzError` for what cannot be written: a name in
    another script (``letters``), a number (``number``) or other field (``field``) too long."""
    layout = LAYOUTS[mrz.format]
    at = layout.spans
    values = {
        "code": _plain(mrz.document_code, at["code"]),
        "issuer": _plain(mrz.issuer, at["issuer"]),
        "nationality": _plain(mrz.nationality, at["nationality"]),
        "birth": write_date(mrz.birth),
        "expiry": write_date(mrz.expiry),
        "sex": mrz.sex if mrz.sex in ("F", "M") else FILLER,
        "optional": mrz.optional,
        "optional_2": mrz.optional_2,
        "names": fit(to_mrz(mrz.names.primary), to_mrz(mrz.names.secondary), len(at["names"])),
    }
    values |= _number_fields(layout, mrz.document_number, mrz.optional)
    lines = [[FILLER] * layout.width for _ in range(layout.lines)]

    def put(name: str, value: str) -> None:
        span = at[name]
        text = _plain(value, span)
        lines[span.line - 1][span.first - 1 : span.last] = text

    for name, value in values.items():
        if name in at:
            put(name, value)
    for covered, digit in layout.checks:
        if digit not in values:
            put(digit, check_digit(at[covered].of(["".join(line) for line in lines])))
    if layout.composite:
        done = ["".join(line) for line in lines]
        put("composite", check_digit("".join(span.of(done) for span in layout.composite)))
    return tuple("".join(line) for line in lines)


def _number_fields(layout: Layout, number: str, optional: str) -> dict[str, str]:
    """The number, and where it is too long for its field the rest of it in the optional data."""
    plain = re.sub(r"[\s-]+", FILLER, number.strip().upper())
    room = len(layout.spans["number"])
    if len(plain) <= room:
        return {"number": plain}
    rest = plain[room:] + check_digit(plain) + FILLER + optional
    if layout.format not in LONG_NUMBERS or len(rest) > len(layout.spans["optional"]):
        raise MrzError("number", "The document number is too long for the machine readable zone.")
    return {"number": plain[:room], "number_check": FILLER, "optional": rest}


def _plain(value: str, span: Span) -> str:
    text = value.upper().replace(" ", FILLER).ljust(len(span), FILLER)
    if len(text) > len(span) or not set(text) <= {*ALPHABET, FILLER}:
        raise MrzError(
            "field",
            f"Line {span.line}, places {span.first} to {span.last} take {len(span)} letters A to "
            "Z or digits; shorten what is to stand there.",
            span.line,
            span.first,
        )
    return text


def _names(span: Span, lines: list[str]) -> Names:
    text = span.of(lines)
    if stray := _NAMES_END.search(text):
        place = span.first + stray.end()
        raise MrzError(
            "names",
            f"Line {span.line} has a letter at place {place}, after its filling; look at the "
            "document and type < there if it has none.",
            span.line,
            place,
            suggestion=FILLER,
        )
    primary, _, secondary = text.rstrip(FILLER).partition(FILLER * 2)
    return Names(
        primary=" ".join(filter(None, primary.split(FILLER))),
        secondary=" ".join(filter(None, secondary.split(FILLER))),
        truncated=not text.endswith(FILLER),
    )
