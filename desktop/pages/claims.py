"""What a code says, in words to compare with the paper and the person. On a worker.

Keys are those of a CWT (RFC 8392) and of claim 169 (MOSIP specification 1.2.0), as strings.
Other makers' codes carry other keys; what is not known here is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from desktop import words
from desktop.words import N_, isolate, ntr, tr
from forms import wording
from values.dates import DateError, PartialDate

if TYPE_CHECKING:
    from documents.templates.library import FindForm, Library

    Known = tuple[Library, FindForm]

ISSUER, EXPIRES, NOT_BEFORE, ISSUED, NUMBER = "1", "4", "5", "6", "7"
CLAIM_169: Final = "169"
_SEX: Final = {1: "M", 2: "F", 3: "X"}
_NAMES: Final = (
    ("19", N_("Name")),
    ("4", N_("Name in Latin letters")),
    ("5", N_("First name")),
    ("6", N_("Middle name")),
    ("7", N_("Family name")),
)
_LONGEST: Final = 400
"""Characters of a value, as docs/formats/credential.md allows a fact."""
_DIGITS = re.compile(r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)")


@dataclass(frozen=True, slots=True)
class Said:
    """What one code says: the name to look for, facts to compare, and a face if it carries one."""

    name: str
    facts: tuple[tuple[str, str], ...]
    photo: bytes | None


def said_by(
    claims: Mapping[str, Any], language: str, today: date, *, known: Known | None = None
) -> Said:
    """The claims in words of ``language``. ``known``: the documents and forms of the operation,
    besides those of the program."""
    inner = _map(claims.get(CLAIM_169))
    facts: list[tuple[str, str]] = []

    def add(label: str, value: object) -> None:
        text = _one_line(value) if isinstance(value, str) else ""
        if text:
            facts.append((label, text))

    names = [(tr(label), _text(inner.get(key))) for key, label in _NAMES]
    for label, value in names:
        add(label, value)
    add(tr("Born"), _birth(inner, language, today))
    add(tr("Sex"), wording.label("sex", _SEX.get(_number(inner.get("9")), ""), language))
    add(tr("Nationality as declared"), wording.label("countries", _text(inner.get("13")), language))
    add(tr("Personal number"), isolate(_text(inner.get("1"))))
    members = _number(inner.get("76"))
    if members > 0:
        add(tr("Household"), ntr("{n} person", "{n} persons", members))
    for label, value in _told(claims, language, known):
        add(label, isolate(_one_line(value)))
    add(tr("Document number"), isolate(_text(claims.get(NUMBER))))
    add(tr("Issued by"), _text(claims.get(ISSUER)))
    add(tr("Issued on"), _day(claims.get(ISSUED)))
    add(tr("Valid until"), _day(claims.get(EXPIRES), ends=True))
    name = next((value for _, value in names if value), "")
    photo = inner.get("16")
    return Said(name, tuple(facts), photo if isinstance(photo, bytes) else None)


def _one_line(value: str) -> str:
    """What was written, on one line and not endless: anybody may have written it."""
    line = " ".join(value[: 4 * _LONGEST].split())
    return f"{line[:_LONGEST]}…" if len(line) > _LONGEST else line


def _told(claims: Mapping[str, Any], language: str, known: Known | None) -> list[tuple[str, str]]:
    from documents.told import told  # the templates, with the first check

    plain = {**claims, CLAIM_169: _map(claims.get(CLAIM_169))}
    if known is None:
        return told(plain, language)
    return told(plain, language, library=known[0], form=known[1])


def _map(value: object) -> dict[str, Any]:
    return {str(key): inner for key, inner in value.items()} if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("ascii", "replace") if value.isascii() else ""
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _birth(inner: Mapping[str, Any], language: str, today: date) -> str:
    said = _text(inner.get("75"))
    if not said and (found := _DIGITS.fullmatch(_text(inner.get("8")))):
        said = f"{found[1]}-{found[2]}-{found[3]}"
    if not said:
        return ""
    try:
        birth = PartialDate(said)
    except DateError:
        return said
    age = wording.say_age(birth, today, language)
    return tr("{date}, age {age}", date=wording.say_date(birth, language), age=age)


def _day(value: object, *, ends: bool = False) -> str:
    """The day of a moment; ``ends``: the last day before it, which stands on the paper."""
    from documents.credential import last_day  # with the first check, as cryptography is

    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    try:
        at = datetime.fromtimestamp(value, UTC)
        return words.day(last_day(at) if ends else at.date())
    except (OverflowError, ValueError, OSError):
        return ""
