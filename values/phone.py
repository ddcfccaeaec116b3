"""Telephone numbers in international form (ITU-T E.164).

How long the numbers of a country are, and how they are written inside it, is known to
``phonenumbers``, the Python port of Google's libphonenumber. Lengths are checked; which ranges a
country has given out is only asked for a warning (:func:`doubt`), because plans change faster
than a laptop in the field is updated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from values.text import BIDI_CONTROLS, ascii_digits

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_PUNCTUATION = re.compile(rf"[\s().\-\u2010-\u2013/{BIDI_CONTROLS}]+")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NATIONAL = re.compile(r"[0-9]{2,15}")

WITH_CODE: Final = "Write the telephone number with + and the country code, digits only."


class PhoneError(ValueError):
    """A telephone number cannot be brought into international form. Faces show the sentence at
    the field. ``code`` is ``phone_form`` (signs, or no country code), ``phone_length`` (digits
    are missing or too many) or ``phone_region`` (the country to dial from is not known)."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def e164(text: str, *, region: str | None = None) -> str:
    """``+999550100011`` from a number as people write it.

    Spaces, brackets, dots and dashes go; digits of any script are read; a leading ``00`` is the
    usual way to write ``+``. A number without either is read as dialled inside ``region`` (ISO
    3166-1 alpha-2), if one is given. The number must have a length that its country has; one
    with a country code that is not assigned is only checked for its form.
    """
    number = _PUNCTUATION.sub("", ascii_digits(text))
    if number.startswith("00"):
        number = "+" + number[2:]
    if number.startswith("+"):
        return _international(number)
    if region is None or not _NATIONAL.fullmatch(number):
        raise PhoneError("phone_form", WITH_CODE)
    return _inside(number, region)


def doubt(number: str) -> str | None:
    """A warning code for a number in international form: ``phone_country`` when no country has
    its code, ``phone_range`` when the plan of its country has no such number. Both may be wrong
    tomorrow; ask the person to say it again."""
    from phonenumbers import is_valid_number

    parsed = _parsed(number, None)
    if parsed is None:
        return "phone_country"
    return None if is_valid_number(parsed) else "phone_range"


def _international(number: str) -> str:
    if not _E164.fullmatch(number):
        raise PhoneError("phone_form", WITH_CODE)
    parsed = _parsed(number, None)
    return number if parsed is None else _possible(parsed)


def _inside(number: str, region: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS

    if region not in SUPPORTED_REGIONS:
        raise PhoneError("phone_region", f"The country to dial from is not known. {WITH_CODE}")
    parsed = _parsed(number, region)
    if parsed is None:
        raise PhoneError("phone_form", WITH_CODE)
    return _possible(parsed)


def _parsed(number: str, region: str | None) -> PhoneNumber | None:
    # Imported at first use: 30 ms and 3 MB that most commands never need.
    from phonenumbers import NumberParseException, parse

    try:
        return parse(number, region)
    except NumberParseException:
        return None


def _possible(parsed: PhoneNumber) -> str:
    """The number in international form, if its country has numbers of that length."""
    from phonenumbers import (
        PhoneNumberFormat,
        ValidationResult,
        format_number,
        is_possible_number_with_reason,
    )

    reason = is_possible_number_with_reason(parsed)
    if reason == ValidationResult.IS_POSSIBLE:
        return format_number(parsed, PhoneNumberFormat.E164)
    code = f"+{parsed.country_code}"
    what = {
        ValidationResult.TOO_SHORT: "A digit is missing",
        ValidationResult.TOO_LONG: "There is a digit too many",
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "The area code is missing",
    }.get(reason, "Digits are missing or too many")
    raise PhoneError(
        "phone_length",
        f"{what}: numbers with the country code {code} have another length. Ask for the number "
        "again, with its area code.",
    )
