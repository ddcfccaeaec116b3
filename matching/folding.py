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

# Letters that sound as one. A capital C stands for the class of sh, ch and j until the end, so
# that it is not taken for a written c.
_TOGETHER = {
    **dict.fromkeys(("ai", "ay", "ei", "ey"), "e"),
    **dict.fromkeys(("au", "aw", "ou", "ow", "oe"), "o"),
    **dict.fromkeys(("shch", "tsch", "sch", "tch", "dzh", "sh", "ch", "zh", "dj"), "C"),
    **dict.fromkeys(("tz", "ts", "dz", "c"), "s"),
    **dict.fromkeys(("kh", "gh", "ck"), "k"),
    **dict.fromkeys(("th", "dh"), "t"),
    **dict.fromkeys(("ng", "ny"), "n"),
    "ph": "b",
    "h": "",
}
_SOUNDS = re.compile(
    "^h(?=[^aeiouy])|[ae][iy]|[ao][uw]|oe|shch|tsch|sch|tch|dzh|[scz]h|dj|t[zs]|dz|[kg]h|ck|ph"
    "|[td]h|ng(?=[^aeiou]|$)|ny(?=[aeou])|c(?=[eiy])"
)
_CLASSES = str.maketrans("cgqjpfvdzxCuwiy", "kkkcbbbtsscooee")
_DOUBLED = re.compile(r"(.)\1+")
_DOUBLED_VOWEL = re.compile(r"([aeo])\1+")
_VOWELS = str.maketrans("", "", "aeo")
_SOMALI_AYN = re.compile("^c(?=[aeiou])|(?<=[aeiou])c(?=[aeiou])")


@lru_cache(maxsize=_CACHE)
def fold(token: str) -> str:
    """The folded form of one token of lowercase Latin letters."""
    letters = _DOUBLED.sub(_once, _SPELLINGS.get(token, token))
    letters = _SOUNDS.sub(_sound, letters).translate(_CLASSES)
    letters = _DOUBLED.sub(_once, letters)
    letters = letters[:1] + letters[1:].replace("h", "")
    return _DOUBLED_VOWEL.sub(_once, letters)


def _once(match: re.Match[str]) -> str:
    return match[1]


def _sound(match: re.Match[str]) -> str:
    return _TOGETHER[match[0]]


@lru_cache(maxsize=_CACHE)
def skeleton(token: str) -> str:
    """The consonants of one token in their classes; a vowel at the start leaves ``a``.

    A token with fewer than two of them keeps its vowels, as its folded form: a single consonant
    would say too little.
    """
    return bones(fold(token))


def bones(folded: str) -> str:
    """The skeleton of a folded form."""
    first = "a" if folded[:1] in ("a", "e", "o") else folded[:1]
    whole = first + folded[1:].translate(_VOWELS)
    return whole if len(whole) >= 2 else folded


@lru_cache(maxsize=_CACHE)
def variants(token: str) -> tuple[str, ...]:
    """The token, and how it is spelt where letters have other values.

    Somali writes *x* and *c* for the Arabic letters that others write *h* or not at all; an
    initial *j* is *y* in many languages.
    """
    found = [token]
    if "x" in token or "c" in token:
        somali = _SOMALI_AYN.sub("", token).replace("x", "h")
        if somali and somali != token:
            found.append(somali)
    if token.startswith("j") and len(token) > 2:
        found.append("y" + token[1:])
    return tuple(found)


def deletions(form: str) -> set[str]:
    """The form and each form with one letter taken out (symmetric deletion: two forms that
    differ by one letter more, less, other or changed over share one of these)."""
    return {form} | {form[:at] + form[at + 1 :] for at in range(len(form))}
