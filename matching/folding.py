"""Spellings of one name brought together: folded forms and consonant skeletons.

A **folded** form keeps the order of consonants and vowels but not their exact letters (Yusuf,
Youssef and Jusuf differ little; Senowara and Senuara not at all). A **skeleton** keeps only the
consonants, so that names from scripts without short vowels meet their Latin spellings. Nine
classes of consonants: b (b p f v), k (k g q kh gh hard c), t (t d th), s (s z ts x), c (sh ch j),
l, r, m, n; *h* and *w* count only at the start, as *h* and as a vowel.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CACHE = 50_000  # distinct name parts; a camp of 100,000 people has fewer

_SPELLINGS = {
    "abdul": "abd", "abdel": "abd", "abdal": "abd", "abdu": "abd", "abdou": "abd", "abdi": "abd",
    "md": "mohammad", "mohd": "mohammad", "muhd": "mohammad", "mohmd": "mohammad",
    "moh": "mohammad", "mhd": "mohammad",
    "mst": "mosammat", "most": "mosammat", "moch": "mosammat", "mosa": "mosammat",
    "mocha": "mosammat", "mochah": "mosammat",
}  # fmt: skip
"""Abbreviations that stand on papers for a whole part of a name, and the forms of Abd."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"(.)\1+", r"\1"),
        (r"^h(?=[^aeiouy])", ""),
        (r"ai|ay|ei|ey", "e"),
        (r"au|aw|ou|ow|oe", "o"),
        (r"shch|sch|tsch|tch|sh|ch|dzh|zh|dj|j", "C"),
        (r"tz|ts|dz", "s"),
        (r"kh|gh|ck|q", "k"),
        (r"ph", "b"),
        (r"th|dh", "t"),
        (r"ng(?=[^aeiou]|$)", "n"),
        (r"ny(?=[aeou])", "n"),
        (r"c(?=[eiy])", "s"),
        (r"[gc]", "k"),
        (r"[pfv]", "b"),
        (r"d", "t"),
        (r"[zx]", "s"),
        (r"C", "c"),
        (r"(.)\1+", r"\1"),
        (r"(?!^)h", ""),
        (r"[uw]", "o"),
        (r"[iy]", "e"),
        (r"([aeo])\1+", r"\1"),
    )
)
_VOWELS = re.compile("[aeo]+")
_SOMALI_AYN = re.compile("^c(?=[aeiou])|(?<=[aeiou])c(?=[aeiou])")


@lru_cache(maxsize=_CACHE)
def fold(token: str) -> str:
    """The folded form of one token of lowercase Latin letters."""
    folded = _SPELLINGS.get(token, token)
    for pattern, letters in _RULES:
        folded = pattern.sub(letters, folded)
    return folded


@lru_cache(maxsize=_CACHE)
def skeleton(token: str) -> str:
    """The consonants of one token in their classes; a vowel at the start leaves ``a``.

    A token with fewer than two of them keeps its vowels, as its folded form: a single consonant
    would say too little.
    """
    folded = fold(token)
    bones = _VOWELS.sub("", folded[1:]) if folded else ""
    first = "a" if folded[:1] in ("a", "e", "o") else folded[:1]
    whole = first + bones
    return whole if len(whole) >= 2 else folded


@lru_cache(maxsize=_CACHE)
def variants(token: str) -> tuple[str, ...]:
    """The token, and how it is spelt where letters have other values.

    Somali writes *x* and *c* for the Arabic letters that others write *h* or not at all; an
    initial *j* is *y* in many languages.
    """
    found = [token]
    somali = _SOMALI_AYN.sub("", token).replace("x", "h")
    if somali and somali != token:
        found.append(somali)
    if token.startswith("j") and len(token) > 2:
        found.append("y" + token[1:])
    return tuple(found)


def deletions(folded: str) -> set[str]:
    """The folded form and each form with one letter taken out (symmetric deletion: two forms
    that differ by one letter more, less, other or changed over share one of these)."""
    return {folded} | {folded[:at] + folded[at + 1 :] for at in range(len(folded))}
