"""Telephone numbers in international form."""

from __future__ import annotations

import re

from values.text import BIDI_CONTROLS, ascii_digits

_PUNCTUATION = re.compile(rf"[\s().\-\u2010-\u2013/{BIDI_CONTROLS}]+")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class PhoneError(ValueError):
    """A telephone number is not in international form. Faces show the sentence at the field."""

    code = "phone"


def e164(text: str) -> str:
    """``+999550100011`` from a number written with its country code (ITU-T E.164).

    Spaces, brackets, dots and dashes go; digits of any script are read; a leading ``00`` is the
    usual way to write ``+``. Which numbers a country has given out is not checked: plans change
    faster than a field laptop is updated.
    """
    number = _PUNCTUATION.sub("", ascii_digits(text))
    if number.startswith("00"):
        number = "+" + number[2:]
    if not _E164.fullmatch(number):
        raise PhoneError("Write the telephone number with + and the country code.")
    return number
