"""A light look at the number of a paper that a person holds. It never refuses one.

Papers of a hundred states and many decades pass a desk, and an officer copies what is printed. So
there are only warnings: signs that something else was typed into the field, or that a digit was
misread where the state's own check digit says so (``python-stdnum``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from values.text import ascii_digits, normalized

CODES: Final = frozenset(
    {
        "paper_characters",
        "paper_short",
        "paper_long",
        "paper_no_digits",
        "paper_repeated",
        "paper_is_date",
        "paper_is_phone",
        "paper_form",
        "paper_check_digit",
    }
)
"""Everything that :func:`doubt` may say."""

SHORTEST: Final = 3
LONGEST: Final = 30
LONGEST_PASSPORT: Final = 9
"""ICAO Doc 9303-4 has nine places for the number of a passport."""

_PUNCTUATION = frozenset(" -/.,()#:№°'’\"+_*\\ʼ\u200c\u200d")
_DATE = re.compile(r"(?:\d{1,2}[-/.]\d{1,2}[-/.](?:1[3-9]|2[0-5])\d\d)|(?:(?:1[3-9]|2[0-5])\d\d"
                   r"[-/.]\d{1,2}[-/.]\d{1,2})", re.ASCII)  # fmt: skip
_PHONE = re.compile(r"\+[1-9][\d ()-]{6,20}", re.ASCII)

# The modules of python-stdnum for the number that a country prints on its identity card as the
# number of the person. Countries whose cards bear another number besides, or that issue numbers
# without check digits as well, are left out: there nothing is certain.
_NATIONAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ARG": ("stdnum.ar.dni",),
        "CHL": ("stdnum.cl.rut",),
        "CHN": ("stdnum.cn.ric",),
        "CRI": ("stdnum.cr.cpf",),
        "CUB": ("stdnum.cu.ni",),
        "DOM": ("stdnum.do.cedula",),
        "ECU": ("stdnum.ec.ci",),
        "ESP": ("stdnum.es.dni", "stdnum.es.nie"),
        "ISR": ("stdnum.il.idnr",),
        "MUS": ("stdnum.mu.nid",),
        "MYS": ("stdnum.my.nric",),
        "PAK": ("stdnum.pk.cnic",),
        "PER": ("stdnum.pe.cui",),
        "PRT": ("stdnum.pt.cc",),
        "THA": ("stdnum.th.pin",),
        "TUR": ("stdnum.tr.tckimlik",),
        "ZAF": ("stdnum.za.idnr",),
    }
)


def doubt(number: str, *, kind: str = "", issuer: str = "") -> str | None:
    """A warning code (one of :data:`CODES`) for what is probably not the number of a paper.

    ``kind`` is the type of paper (``passport``, ``national_id`` ...), ``issuer`` the ISO 3166-1
    alpha-3 code of the state it is from; both may be unknown. ``None`` means no doubt, not that
    the number exists.
    """
    text = ascii_digits(normalized("NFC", number)).strip()
    signs = "".join(char for char in text if unicodedata.category(char)[0] in "LN").upper()
    if not text:
        return None
    if any(not _may_stand(char) for char in text):
        return "paper_characters"
    if _DATE.fullmatch(text):
        return "paper_is_date"
    if _PHONE.fullmatch(text):
        return "paper_is_phone"
    if len(signs) < SHORTEST:
        return "paper_short"
    if len(signs) > (LONGEST_PASSPORT if kind == "passport" else LONGEST):
        return "paper_long"
    if len(set(signs)) == 1:
        return "paper_repeated"
    if not any(char.isdecimal() for char in signs):
        return "paper_no_digits"
    if kind == "national_id" and issuer in _NATIONAL:
        return _national(text, _NATIONAL[issuer])
    return None


def _may_stand(char: str) -> bool:
    return char in _PUNCTUATION or unicodedata.category(char)[0] in "LMN"


def _national(number: str, modules: tuple[str, ...]) -> str | None:
    # Imported by name at first use: one small module per country, and few lists need any.
    from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

    found: list[str] = []
    for name in modules:
        try:
            import_module(name).validate(number)
        except InvalidChecksum:
            found.append("paper_check_digit")
        except InvalidComponent:
            return None  # a date or place unknown to its tables: they age, so nothing is certain
        except ValidationError:
            found.append("paper_form")
        else:
            return None
    return "paper_check_digit" if "paper_check_digit" in found else "paper_form"
