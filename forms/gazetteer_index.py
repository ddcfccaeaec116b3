"""Finding a place while its name is typed: by the beginning of any word, in any script.

Every name is kept folded, once from each of its words on, in one sorted list: what was typed is
looked up by bisection, so a key costs the same with fifty places and with fifty thousand. Places
are known by their rank, the order in which equal hits are shown.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from values.text import normalized

__all__ = ["NameIndex", "fold", "index"]

_INNER = 1 << 31
"""Set in the owner of a key that begins inside a name, so that whole names sort first."""
_WORDS = 12
"""Words of a name that can be found by; further ones only in their row."""
_MISSPELT_FROM = 4
"""Letters; in a shorter word one wrong letter would find everything."""
_LAST = "\U0010ffff"

# Written into a word or left out of it as one likes: Ma'rib, Marib. U+0640 stretches Arabic words.
_SILENT = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u0640\u05f3\u05f4\u2018\u2019"
)
# Letters that Unicode does not decompose and that people type without their stroke or hook; letters
# of Arabic script that keyboards of different languages encode differently.
_SAME = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
    "ŋ": "n", "ŧ": "t", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ǝ": "e", "ə": "e",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ٱ": "ا",
}  # fmt: skip


class _Folding(dict[int, str]):
    """What becomes of each character, found once: nothing, a space, or a letter."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        kind = unicodedata.category(char)
        # Canonical classes 10 to 36 are the points of Hebrew, Arabic and Syriac, 200 and above
        # the accents. Other marks are vowels and finals of their scripts: they tell names apart.
        dropped = 10 <= unicodedata.combining(char) <= 36 or unicodedata.combining(char) >= 200
        if char in _SAME:
            found = _SAME[char]
        elif char in _SILENT or kind == "Cf" or dropped:
            found = ""
        elif kind == "Nd":
            found = str(unicodedata.decimal(char))
        else:
            found = char if kind[0] in "LMN" else " "
        self[point] = found
        return found


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text as it is compared: words of letters and digits without case and accents, with one
    space between them; empty when it has none."""
    if not text.isascii():
        text = normalized("NFKD", text)
    return " ".join(text.casefold().translate(_FOLDING).split())


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Sorted keys and, beside each, the place it belongs to: its rank, and whether the key begins
    inside a name. ``most`` is the largest number of keys that one place has."""

    keys: Sequence[str] = field(repr=False)
    owners: array[int] = field(repr=False)
    most: int

    def exact(self, wanted: str) -> list[int]:
        """Places whose whole name is ``wanted``, which is folded, in their order."""
        low = bisect_left(self.keys, wanted)
        high = bisect_right(self.keys, wanted, low)
        return sorted({owner for owner in self.owners[low:high] if owner < _INNER})

    def starting(self, wanted: str, limit: int, inside: _Inside = None) -> list[int]:
        """Places with a word that begins with ``wanted``; those whose name begins with it first."""
        return self._best([self._range(wanted)], limit, inside)

    def misspelt(self, wanted: str, limit: int, inside: _Inside = None) -> list[int]:
        """Places with a word whose beginning is ``wanted`` but for one letter: one too many, one
        missing, another, or two neighbours exchanged. Nothing for what is too short to tell."""
        if len(wanted) < _MISSPELT_FROM:
            return []
        return self._best(list(self._near(wanted)), limit, inside)

    def _best(self, ranges: list[tuple[int, int]], limit: int, inside: _Inside) -> list[int]:
        owners = [owner for low, high in ranges for owner in self.owners[low:high]]
        if inside is not None:
            numbers, marked = inside
            owners = [owner for owner in owners if marked[numbers[owner & ~_INNER]]]
        # A place may stand there several times, at most once for each of its keys and each range.
        enough = limit * self.most * len(ranges)
        first = nsmallest(enough, owners) if enough < len(owners) else sorted(owners)
        return list(dict.fromkeys(owner & ~_INNER for owner in first))[:limit]

    def _range(self, start: str, low: int = 0, high: int | None = None) -> tuple[int, int]:
        high = len(self.keys) if high is None else high
        low = bisect_left(self.keys, start, low, high)
        return low, bisect_left(self.keys, start + _LAST, low, high)

    def _near(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Ranges of keys that begin with ``wanted`` but for one letter. Only letters that some key
        has at that place are tried, so the alphabets of all scripts cost nothing."""
        tried = set()
        for place in range(len(wanted)):
            start, rest = wanted[:place], wanted[place:]
            low, high = self._range(start)
            if low == high:
                return
            ends = {rest[1:], rest[1:2] + rest[0] + rest[2:]}  # one too many, two exchanged
            for letter in self._letters(place, low, high):
                ends |= {letter + rest, letter + rest[1:]}  # one missing, another
            for end in sorted(ends - {rest}):
                found = self._range(start + end, low, high)
                if found[0] < found[1] and found not in tried:
                    tried.add(found)
                    yield found

    def _letters(self, place: int, low: int, high: int) -> Iterator[str]:
        while low < high:
            key = self.keys[low]
            if len(key) == place:
                low += 1
                continue
            yield key[place]
            low = bisect_left(self.keys, key[: place + 1] + _LAST, low, high)


_Inside = tuple[Sequence[int], bytes | bytearray] | None
"""What is looked through: a number for each rank, and for each number whether it is inside."""


def index(names: Iterable[Iterable[str]]) -> NameIndex:
    """Index the folded names of the places, which come in the order of their ranks."""
    keys: list[str] = []
    owners: list[int] = []
    most = 1
    for rank, folded in enumerate(names):
        before = len(keys)
        for name in dict.fromkeys(folded):
            keys.append(name)
            owners.append(rank)
            space = name.find(" ")
            for _ in range(_WORDS - 1):
                if space < 0:
                    break
                keys.append(name[space + 1 :])
                owners.append(rank | _INNER)
                space = name.find(" ", space + 1)
        most = max(most, len(keys) - before)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return NameIndex([keys[one] for one in order], array("I", (owners[one] for one in order)), most)
