"""What people say when asked for a date, brought into the notation the forms read.

``34y``, ``age 34`` and ``34 years`` become ``age:34``; ``about 1985``, ``~1985`` and ``c. 1985``
become ``1985~``; ``1980s`` becomes ``198X``; ``3/5/1987`` and ``3.5.1987`` become ``1987-05-03``
(day first, as on the papers of nearly every country of origin; the words under the field show
what was understood). Anything else is left as typed, for the forms to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from forms.draft import Draft, Raw
from values.text import ascii_digits

BIRTH: Final = "birth"
"""The one date that may be said as an age."""

_YEARS: Final = (
    r"y|yr|yrs|yo|y/o|year|years|years old|an|ans|"
    r"سنة|سنوات|عام|سال|ساله|کاله|ዓመት|año|años|лет|год|года"
)
_AGE_WORDS: Final = r"age|aged|âge|âgé|âgée|عمر|العمر|عمره|عمرها|سن"
_AGE = re.compile(rf"(?:{_AGE_WORDS})[\s:=]*(\d{{1,3}})\s*(?:{_YEARS})?\.?", re.IGNORECASE)
_AGE_AFTER = re.compile(rf"(\d{{1,3}})\s*(?:{_YEARS})\.?", re.IGNORECASE)
# Nobody says a year of birth in two digits and means it; an age is said so.
_BARE_AGE = re.compile(r"(\d{1,2})")
_NOTATION = re.compile(r"\d{3}X|\d{4}(?:-\d\d(?:-\d\d)?)?~?|age:\d+", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:about|around|circa|ca\.?|c\.?|~|≈|vers|environ|حوالي|نحو|حدود)\s*(\d{4}(?:-\d\d)?)",
    re.IGNORECASE,
)
_ABOUT_AFTER = re.compile(r"(\d{4}(?:-\d\d)?)\s*[~?≈]")
_DECADE = re.compile(r"(\d{3})0\s*(?:'?s|’s)", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/. ]\s*(\d{1,2})\s*[/. ]\s*(\d{4})")
_MONTH_FIRST = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[/. -]\s*(\d{1,2})(?:\s*[/. -]\s*(\d{1,2}))?")


def understood(text: str, *, ages: bool) -> str:
    """The text in the notation of the forms, or as it was when it is none of the above.

    ``ages``: whether the date may be said as an age, as a birth may and an arrival may not.
    """
    plain = ascii_digits(text.strip())
    if _NOTATION.fullmatch(plain):
        return text  # in the notation already: what was typed is kept, native digits and all
    if ages:
        for pattern in (_AGE, _AGE_AFTER, _BARE_AGE):
            if match := pattern.fullmatch(plain):
                return f"age:{int(match[1])}"
    for pattern in (_ABOUT, _ABOUT_AFTER):
        if match := pattern.fullmatch(plain):
            return f"{match[1]}~"
    if match := _DECADE.fullmatch(plain):
        return f"{match[1]}X"
    if match := _DAY_FIRST.fullmatch(plain):
        return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    if match := _MONTH_FIRST.fullmatch(plain):
        return f"{match[2]}-{int(match[1]):02d}"
    if match := _YEAR_FIRST.fullmatch(plain):
        day = f"-{int(match[3]):02d}" if match[3] else ""
        return f"{match[1]}-{int(match[2]):02d}{day}"
    return text


def as_meant(raw: Mapping[str, Raw], *, ages: bool) -> dict[str, Raw]:
    """A typed date in the notation that the forms read; one marked missing stays as it is."""
    if "text" not in raw:
        return dict(raw)
    return {**raw, "text": understood(str(raw["text"]), ages=ages)}


def dates_meant(draft: Draft, of_household: Iterable[str], of_members: Iterable[str]) -> Draft:
    """A family with these dates in the notation that the forms read."""
    for name in of_household:
        raw = draft.household.get(name)
        if isinstance(raw, dict) and (said := as_meant(raw, ages=name == BIRTH)) != raw:
            draft = draft.with_household(name, said)
    for name in of_members:
        for member in draft.members:
            raw = member.values.get(name)
            if isinstance(raw, dict) and (said := as_meant(raw, ages=name == BIRTH)) != raw:
                draft = draft.with_value(member.key, name, said)
    return draft
