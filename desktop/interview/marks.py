"""What the interview's model speaks of: places, rows of the family list, empty answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from forms.definition import Kind
from forms.draft import Draft, Raw, is_missing

GREGORIAN: Final = "gregorian"
"""The calendar that dates are said in until somebody chooses another."""

HOUSEHOLD: Final = ""
"""The household's place in the family list; a member's place is the member's key."""


class State(StrEnum):
    """What the dot beside a row of the family list says."""

    OPEN = "open"  # something has not been asked yet
    ERROR = "error"  # something must be mended
    WARNING = "warning"  # something should be looked at
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Target:
    """A field of the household or of one member."""

    subject: str
    field: str


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One row of the family list. ``key`` is the number of its function key, 0 for none."""

    subject: str
    name: str
    relation: str  # a code, empty when not chosen
    birth: Raw
    state: State
    missing: int
    errors: int
    warnings: int
    key: int


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A member taken out, with what it needs to come back."""

    before: Draft
    subject: str


def is_empty(raw: Raw) -> bool:
    """Whether nothing was answered. "Unknown" and "does not want to say" are answers."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    if is_missing(raw):
        return False
    if isinstance(raw, Mapping):
        return is_empty(raw.get("text")) if "text" in raw else not raw
    if isinstance(raw, Sequence):
        return not raw
    return False


def shown_name(values: Mapping[str, Raw]) -> str:
    """The name to call a member by: the own script first."""
    for field in ("name", "name_latin"):
        text = values.get(field)
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""


def blank(kind: Kind) -> Raw:
    """What an unanswered field of this kind holds."""
    match kind:
        case Kind.DATE:
            return {"text": "", "calendar": GREGORIAN}
        case Kind.CODES | Kind.DOCUMENTS | Kind.GROUP:
            return []
        case Kind.CONSENT | Kind.PLACE | Kind.PERSON:
            return {}
        case _:
            return ""


def calendar_of(*answers: Mapping[str, Raw]) -> str:
    """The calendar in which dates were said last; Gregorian while none was."""
    for values in reversed(answers):
        for raw in values.values():
            if isinstance(raw, Mapping) and raw.get("text") and raw.get("calendar"):
                return str(raw["calendar"])
    return GREGORIAN
