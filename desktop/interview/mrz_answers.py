"""What the machine readable lines of a document answer, and how that differs from what is known.

Pure: from the lines' content to raw answers of the person's form.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from desktop.interview.birth import understood
from forms.codes import code_list
from forms.draft import Raw, is_missing
from forms.raw import is_blank
from values.calendars import Calendar
from values.mrz import Mrz, country

FIELDS: Final = ("name_latin", "sex", "birth", "nationality", "documents")
"""The questions that the lines answer, in the order in which they are shown."""


class Standing(StrEnum):
    """How an answer of the lines stands to what was answered before."""

    NEW = "new"  # nothing was answered
    SAME = "same"  # the same was answered
    OTHER = "other"  # something else was: somebody has to decide


@dataclass(frozen=True, slots=True)
class Change:
    """One question: what was answered, and what the lines say."""

    name: str
    before: Raw = field(repr=False)
    after: Raw = field(repr=False)
    standing: Standing


def mrz_answers(mrz: Mrz) -> dict[str, Raw]:
    """The raw answers that the lines give, without those that they leave open.

    The name goes into the name in Latin letters, given names first, in capitals as it is printed:
    the lines do not tell how the person writes it. A nationality that is no country's, such as
    "refugee", is left out.
    """
    names = " ".join(part for part in (mrz.names.secondary, mrz.names.primary) if part)
    number = mrz.document_number.strip()
    found: dict[str, Raw] = {"name_latin": names, "sex": mrz.sex}
    if mrz.birth is not None:
        found["birth"] = {"text": mrz.birth.edtf, "calendar": Calendar.GREGORIAN.value}
    found["nationality"] = _nationality(mrz)
    if number:
        found["documents"] = [{"type": mrz.document_type, "number": number}]
    return {name: raw for name, raw in found.items() if not is_blank(raw)}


def compare(
    current: Mapping[str, Raw], found: Mapping[str, Raw], *, asked: Collection[str] = FIELDS
) -> tuple[Change, ...]:
    """What the answers of the lines would change. A paper that is not listed yet is added to the
    others. ``asked``: the questions that can be answered here."""
    changes = []
    for name in FIELDS:
        if name not in found or name not in asked:
            continue
        before, after = current.get(name), found[name]
        if name == "documents":
            changes.append(_papers(before, after))
            continue
        standing = Standing.OTHER
        if is_blank(before):
            standing = Standing.NEW
        elif not is_missing(before) and _folded(name, before) == _folded(name, after):
            standing = Standing.SAME
        changes.append(Change(name, before, after, standing))
    return tuple(changes)


def _nationality(mrz: Mrz) -> str:
    countries = code_list("countries")
    code = countries.find(country(mrz.nationality)) or ""
    return code if code and countries[code].offered else ""


def _papers(before: Raw, found: Raw) -> Change:
    held = [one for one in before if isinstance(one, Mapping)] if isinstance(before, list) else []
    new = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    numbers = {_letters(one.get("number")) for one in held}
    lacking = [one for one in new if _letters(one.get("number")) not in numbers]
    standing = Standing.NEW if lacking else Standing.SAME
    return Change("documents", before, [*held, *lacking], standing)


def _letters(raw: Any) -> str:
    return "".join(char for char in str(raw or "").casefold() if char.isalnum())


def _folded(name: str, raw: Raw) -> object:
    if name == "birth" and isinstance(raw, Mapping):
        text = understood(str(raw.get("text", "")), ages=True)
        return text.strip(), str(raw.get("calendar") or Calendar.GREGORIAN.value)
    if name == "name_latin":
        # Neither the order of the parts nor accents are told by the lines.
        return sorted(str(raw).casefold().replace("-", " ").split())
    return str(raw).casefold()
