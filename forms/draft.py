"""A household as the officer is typing it: kept as typed, wrong or not, and saved as JSON.

Raw answers, by the kind of their field: a text for text, name, phone, code and yes_no; a list of
codes for codes; ``{"text", "calendar"}`` for a date; a list of ``{"type", "number"}`` for
documents; ``{purpose: "yes" | "no"}`` for consent; the hash in hexadecimal for a photo; a text for
a number or a time; ``{"text", "code"}`` for a place; ``{"person": id in hexadecimal}`` or
``{"name"}`` for a person; a list of answers by field for a group. Any answer may instead be
:data:`UNKNOWN`, :data:`REFUSED` or :data:`NOT_APPLICABLE`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from forms.errors import DraftError

__all__ = [
    "NOT_APPLICABLE",
    "REFUSED",
    "UNKNOWN",
    "Confirmation",
    "Draft",
    "MemberDraft",
    "Raw",
    "is_missing",
]

Raw = Any
"""Any JSON value: a draft holds what was typed, and :mod:`forms.check` judges it."""

UNKNOWN: Final[Mapping[str, str]] = MappingProxyType({"missing": "unknown"})
NOT_APPLICABLE: Final[Mapping[str, str]] = MappingProxyType({"missing": "not_applicable"})
REFUSED: Final[Mapping[str, str]] = MappingProxyType({"missing": "refused"})

_MISSING = ("unknown", "refused", "not_applicable")
_FORMAT = 1
_SIZE_LIMIT = 4 * 1024 * 1024  # far above any family; keeps a damaged file from filling memory


def is_missing(raw: Raw) -> bool:
    """Whether the answer is "unknown", "does not want to say" or "does not apply"."""
    return isinstance(raw, Mapping) and raw.get("missing") in _MISSING


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """One member. ``key`` names it within the draft and never changes."""

    key: str
    values: Mapping[str, Raw] = field(default_factory=dict)

    @property
    def relation(self) -> str:
        """The relation to the head, as far as it has been chosen."""
        value = self.values.get("relation", "")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An officer's word that a warning has been looked at. ``member`` is a key, or empty for the
    household."""

    code: str
    field: str
    member: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A household in the making. Changing one gives a new one, so that undo is keeping the old.

    ``opened``: of records that are there already, what they stood on when the draft was opened: an
    id to the hashes of its heads, all in hexadecimal. ``sheet``: the number of the blank form that
    the family was written down on before, as typed; empty for one that was asked at the table.
    """

    household: Mapping[str, Raw] = field(default_factory=dict)
    members: tuple[MemberDraft, ...] = ()
    confirmed: tuple[Confirmation, ...] = ()
    opened: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str = ""

    @classmethod
    def new(cls) -> Draft:
        """A draft with its first member, who is the head."""
        return cls(members=(MemberDraft("m1", {"relation": "head"}),))

    def index(self, key: str) -> int:
        """The place of a member. Raises :class:`KeyError`."""
        for number, member in enumerate(self.members):
            if member.key == key:
                return number
        raise KeyError(key)

    def member(self, key: str) -> MemberDraft:
        """The member called ``key``. Raises :class:`KeyError`."""
        return self.members[self.index(key)]

    def with_household(self, name: str, raw: Raw) -> Draft:
        """The household's answer to ``name`` is ``raw``."""
        return replace(self, household={**self.household, name: raw})

    def with_value(self, key: str, name: str, raw: Raw) -> Draft:
        """The member's answer to ``name`` (a field of the person, or ``relation``) is ``raw``."""
        place = self.index(key)
        changed = replace(self.members[place], values={**self.members[place].values, name: raw})
        return replace(self, members=(*self.members[:place], changed, *self.members[place + 1 :]))

    def with_member(self, values: Mapping[str, Raw] | None = None) -> Draft:
        """One more member, last, under a key not used before in this draft."""
        taken = {member.key for member in self.members}
        number = len(self.members) + 1
        while f"m{number}" in taken:
            number += 1
        made = MemberDraft(f"m{number}", dict(values or {}))
        return replace(self, members=(*self.members, made))

    def without_member(self, key: str) -> Draft:
        """The member is taken out, and what was confirmed about it."""
        place = self.index(key)
        return replace(
            self,
            members=self.members[:place] + self.members[place + 1 :],
            confirmed=tuple(one for one in self.confirmed if one.member != key),
        )

    def repeated(self, key: str, name: str) -> Draft:
        """The answer of the member before is taken over (Ctrl+D); the first member keeps its own.
        Raises :class:`KeyError`."""
        place = self.index(key)
        if place == 0 or name not in self.members[place - 1].values:
            return self
        return self.with_value(key, name, self.members[place - 1].values[name])

    def with_confirmation(self, confirmation: Confirmation) -> Draft:
        """The warning is confirmed; a second reason replaces the first."""
        kept = tuple(
            one
            for one in self.confirmed
            if (one.code, one.field, one.member)
            != (confirmation.code, confirmation.field, confirmation.member)
        )
        return replace(self, confirmed=(*kept, confirmation))

    def from_sheet(self, number: str) -> Draft:
        """The family stands on the blank form with this number."""
        return replace(self, sheet=number)

    def to_json(self) -> str:
        """The draft as saved: everything as typed."""
        content: dict[str, Raw] = {
            "format": _FORMAT,
            "household": _plain(self.household),
            "members": [
                {"key": member.key, "values": _plain(member.values)} for member in self.members
            ],
            "confirmed": [
                {"code": one.code, "field": one.field, "member": one.member, "reason": one.reason}
                for one in self.confirmed
            ],
        }
        if self.opened:
            content["opened"] = {one: list(heads) for one, heads in self.opened.items()}
        if self.sheet:
            content["sheet"] = self.sheet
        # ASCII, so that half a character from a keyboard driver cannot stop the saving.
        return json.dumps(content, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Draft:
        """Read a saved draft. Raises :class:`~forms.errors.DraftError` when it is damaged or of a
        newer format."""
        if len(text) > _SIZE_LIMIT:
            raise DraftError("too_large", "The draft is too large to be one; restore a backup.")
        try:
            raw = json.loads(text)
            if raw["format"] != _FORMAT:
                raise DraftError(
                    "version", "The draft was saved by a newer program; update Waystation."
                )
            draft = cls(
                household=_answers(raw["household"]),
                members=tuple(
                    MemberDraft(_text(one["key"]), _answers(one["values"]))
                    for one in raw["members"]
                ),
                confirmed=tuple(
                    Confirmation(*(_text(one[key]) for key in Confirmation.__slots__))
                    for one in raw["confirmed"]
                ),
                opened={
                    one: tuple(bytes.fromhex(head).hex() for head in heads)
                    for one, heads in _answers(raw.get("opened", {})).items()
                },
                sheet=_text(raw.get("sheet", "")),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise DraftError("damaged", "The draft is damaged; restore a backup.") from error
        if len({member.key for member in draft.members}) != len(draft.members):
            raise DraftError("damaged", "The draft is damaged; restore a backup.")
        return draft


def _plain(raw: Raw) -> Raw:
    """``raw`` without read-only views, which JSON does not know."""
    if isinstance(raw, Mapping):
        return {key: _plain(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [_plain(value) for value in raw]
    return raw


def _answers(raw: object) -> dict[str, Raw]:
    if not isinstance(raw, dict):
        raise TypeError("answers are a table")
    return raw


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError("a text is expected")
    return raw
