"""Names in the Cyrillic script as Latin letters, in a Ukrainian and in a Russian reading.

One person's papers may be in both, and ``Галина`` is Halyna in one and Galina in the other. The
spellings follow ICAO Doc 9303-3 and the Ukrainian table of 2010 closely enough for search.
"""

from __future__ import annotations

_COMMON = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "ы": "y", "э": "e", "ё": "e",
    "ю": "iu", "я": "ia", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj",
    "џ": "dz", "ѓ": "g", "ќ": "k", "ѕ": "dz", "ә": "a", "ғ": "g", "қ": "k", "ң": "ng", "ө": "o",
    "ұ": "u", "ү": "u", "һ": "h", "ӣ": "i", "ӯ": "u", "ҳ": "h", "ҷ": "j", "ӈ": "n", "ӏ": "",
}  # fmt: skip
_UKRAINIAN = str.maketrans(_COMMON)
_RUSSIAN = str.maketrans(_COMMON | {"г": "g", "и": "i"})
_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya", "ё": "yo"}


def readings(piece: str) -> tuple[str, ...]:
    """Latin letters for one piece of a name: Ukrainian, then Russian where that differs."""
    lower = piece.lower()
    first = _INITIAL.get(lower[:1])
    rest = lower[1:] if first else lower
    start = first or ""
    ukrainian = start + rest.translate(_UKRAINIAN)
    russian = start + rest.translate(_RUSSIAN)
    return (ukrainian,) if ukrainian == russian else (ukrainian, russian)
