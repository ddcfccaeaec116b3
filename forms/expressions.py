"""The words and signs of a condition, and what of them the language does not have.

CEL's own reader says what is no CEL and what is compared wrongly; this one sees to it that every
condition can be worked out on any answers, at a cost that is known beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

__all__ = ["LISTED", "Token", "follows", "looks", "refused", "tokens"]

LISTED = 250
"""Entries of a list that is written out in a condition: no more have room in it."""

_LOOPS = frozenset({"all", "exists", "exists_one", "filter"})
_TOKEN = re.compile(
    r"""(?P<text>'(?:\\.|[^'\\\r\n])*'|"(?:\\.|[^"\\\r\n])*")"""
    r"|(?P<number>[0-9][0-9A-Za-z_.]*)"
    r"|(?P<name>[A-Za-z_][0-9A-Za-z_]*)"
    r"|(?P<sign>&&|\|\||[=!<>]=|[-+*!<>?:.,()\[\]])"
    r"|(?P<space>[ \t\r\n]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign: ``kind`` is ``text``, ``number``, ``name``, ``sign`` or ``other``.
    ``joined``: nothing stands between it and the one before."""

    kind: str
    text: str
    joined: bool = False

    NONE: ClassVar[Token]

    @property
    def is_name(self) -> bool:
        """Whether it is a word outside of quotation marks."""
        return self.kind == "name"

    @property
    def is_text(self) -> bool:
        """Whether it stands in quotation marks."""
        return self.kind == "text"

    @property
    def ends_value(self) -> bool:
        """Whether a value may end with it."""
        return (self.is_name and self.text != "in") or self.is_text or self.text in (")", "]")


Token.NONE = Token("", "")


def tokens(source: str) -> list[Token]:
    """The words and signs of a condition. Never fails: what is neither is of the kind ``other``."""
    found: list[Token] = []
    joined = False
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match[0], joined))
        joined = kind != "space"
    return found


def refused(found: Sequence[Token], rows: Collection[str]) -> str:
    """What the language does not have, in words; empty when all is well. ``rows`` are the names
    of lists whose entries have parts."""
    before = Token.NONE
    open_: list[bool] = []  # for each bracket, whether it is inside a loop
    for place, one in enumerate(found):
        if one.kind == "other":
            return f"take out {one.text!r}: no condition has it"
        if one.is_text and (before.is_text or (before.is_name and one.joined)):
            return f"write one text in single quotation marks instead of {before.text}{one.text}"
        if one.text == "[" and before.ends_value:
            return "ask with exists, all or has instead of picking one by [...]"
        if one.text in rows and before.text != "." and not _counted(found, place):
            return f"ask with exists, all or size of {one.text}"
        if one.text in ("(", "["):
            loop = _loop(found, place)
            if loop and before.text == "filter" and not _filtered(found, place):
                return "count what filter finds: size(list.filter(...))"
            if loop and not (found[place - 3].is_name or found[place - 3].text == "]"):
                return f"name the list before .{before.text}"
            open_.append(loop or any(open_))
        elif one.text in (")", "]") and open_:
            open_.pop()
        elif one.text == "+" and any(open_):
            return "subtract instead of adding inside of all, exists and filter"
        if before.text == "matches" and one.text == "(":
            pattern = [found[at].kind if at < len(found) else "" for at in (place + 1, place + 2)]
            if pattern != ["text", "sign"] or found[place + 2].text != ")":
                return "write the pattern of matches as a text in quotation marks"
        before = one
    return ""


def looks(found: Sequence[Token], sizes: Mapping[str, int]) -> int:
    """How many rows are looked at, at most: lists inside of lists multiply. ``sizes`` are the
    most entries of a list, by name; one that has none counts like the longest."""
    longest = max((LISTED, *sizes.values()))
    factors = [1]
    total = 0
    for place, one in enumerate(found):
        if one.text in ("(", "["):
            factor = factors[-1]
            if _loop(found, place):
                listed = found[place - 3]
                factor *= LISTED if listed.text == "]" else sizes.get(listed.text, longest)
                total += factor
            factors.append(factor)
        elif one.text in (")", "]") and len(factors) > 1:
            factors.pop()
    return total


def follows(found: Sequence[Token], *before: str) -> Iterator[Token]:
    """Every token that stands behind these."""
    for place in range(len(before), len(found)):
        if tuple(one.text for one in found[place - len(before) : place]) == before:
            yield found[place]


def _counted(found: Sequence[Token], place: int) -> bool:
    """Whether a list of rows is looked through or counted: compared or looked up as a whole, it
    would be gone through once more for each row."""
    after = found[place + 1].text if place + 1 < len(found) else ""
    return after == "." or [one.text for one in found[max(0, place - 2) : place]] == ["size", "("]


def _filtered(found: Sequence[Token], place: int) -> bool:
    """Whether the list that is filtered at ``place`` stands right behind ``size(``."""
    at = place - 3
    while at > 1 and found[at - 1].text == ".":
        at -= 2
    return at >= 2 and (found[at - 2].text, found[at - 1].text) == ("size", "(")


def _loop(found: Sequence[Token], place: int) -> bool:
    """Whether the bracket at ``place`` opens a look through a list."""
    return (
        place >= 3
        and found[place].text == "("
        and found[place - 1].text in _LOOPS
        and found[place - 2].text == "."
    )
