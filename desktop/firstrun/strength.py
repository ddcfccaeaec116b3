"""How good a passphrase is, roughly, and what would make it better.

An estimate for advice, not a gate: the only gate is the least length. It counts
what a guesser would have to try who knows words, repetitions and keyboard rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

LEAST: Final = 8  # characters; the offices refuse fewer

_WORD_BITS: Final = 11.0  # a word from a list of about two thousand
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "azertyuiop", "abcdefghij")
_COMMON: Final = frozenset(
    word
    for line in (
        "password passphrase passwort motdepasse bonjour welcome admin administrator",
        "officer supervisor station registry waystation refugee unhcr letmein secret",
        "iloveyou monkey dragon football sunshine princess master qwerty azerty abc123",
        "test changeme",
    )
    for word in line.split()
)


class Level(IntEnum):
    """Five steps, for a bar and a sentence."""

    TOO_SHORT = 0
    WEAK = 1
    FAIR = 2
    GOOD = 3
    STRONG = 4


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong, and what to say: a code that the page puts into words."""

    level: Level
    advice: str  # short, common, personal, pattern, longer, good


def choice_problems(passphrase: str, again: str) -> dict[str, str]:
    """What stops a new passphrase that is typed twice: a code by field, ``first`` or ``again``."""
    if len(passphrase) < LEAST:
        return {"first": "short"}
    if passphrase != again:
        return {"again": "differs"}
    return {}


def judge(passphrase: str, *, names: tuple[str, ...] = ()) -> Strength:
    """Advice on a passphrase. ``names`` are words a guesser would try first."""
    if len(passphrase) < LEAST:
        return Strength(Level.TOO_SHORT, "short")
    folded = passphrase.casefold()
    words = folded.split()
    if folded.strip(" 0123456789!.?-_") in _COMMON:
        return Strength(Level.WEAK, "common")
    personal = {part for name in names for part in name.casefold().split() if len(part) > 2}
    if any(part in folded for part in personal) and len(words) < 4:
        return Strength(Level.WEAK, "personal")
    bits = _bits(folded, words)
    if bits < 28:
        return Strength(Level.WEAK, "pattern" if _is_pattern(folded) else "longer")
    if bits < 44:
        return Strength(Level.FAIR, "longer")
    if bits < 60:
        return Strength(Level.GOOD, "good")
    return Strength(Level.STRONG, "good")


def _bits(folded: str, words: list[str]) -> float:
    """Bits of guessing, the cheaper of two guessers: by characters, by words."""
    kinds = sum(
        size
        for size, has in (
            (26, any(char.isalpha() for char in folded)),
            (10, any(char.isdigit() for char in folded)),
            (20, any(not char.isalnum() for char in folded)),
        )
        if has
    )
    fresh = 0
    for before, char in zip(" " + folded, folded, strict=False):
        fresh += char != before and not _next_on_row(before, char)
    by_characters = fresh * math.log2(max(kinds, 2))
    if len(words) >= 3:
        return min(by_characters, len(set(words)) * _WORD_BITS)
    return min(by_characters, 12.0 + 3.0 * fresh)  # one or two words with trimmings


def _is_pattern(folded: str) -> bool:
    runs = sum(_next_on_row(a, b) or a == b for a, b in pairwise(folded))
    return runs >= len(folded) // 2


def _next_on_row(one: str, other: str) -> bool:
    return any(one + other in row or other + one in row for row in _ROWS)
