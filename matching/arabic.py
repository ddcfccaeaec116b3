"""Names in the Arabic script as Latin letters.

Short vowels are not written, so a result such as ``mhmd`` is not a transcription; it has the
consonants in order, which is what :mod:`matching.folding` compares. Two readings are given where
languages differ: Arabic says *d* where Persian, Dari, Urdu and Kurdish say *z*.
"""

from __future__ import annotations

import re
import unicodedata

# Diacritics, tatweel and Quranic marks say nothing about which name it is.
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff]")

_LETTERS = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ٲ": "a", "ٵ": "a",
    "ء": "", "ؤ": "w", "ئ": "", "ٶ": "w",
    "ب": "b", "پ": "p", "ٻ": "b", "ت": "t", "ة": "a", "ۃ": "a", "ټ": "t", "ٹ": "t", "ٺ": "t",
    "ث": "th", "ج": "j", "چ": "ch", "ڃ": "j", "ح": "h", "خ": "kh", "ځ": "dz", "څ": "ts",
    "د": "d", "ډ": "d", "ڈ": "d", "ڌ": "d", "ذ": "dh", "ر": "r", "ړ": "r", "ڑ": "r", "ڕ": "r",
    "ز": "z", "ژ": "zh", "ږ": "zh", "س": "s", "ش": "sh", "ښ": "sh", "ص": "s", "ض": "d",
    "ط": "t", "ظ": "dh", "ع": "a", "غ": "gh", "ڠ": "ng", "ف": "f", "ڤ": "v", "ڢ": "f",
    "ق": "q", "ڨ": "g", "ك": "k", "ک": "k", "ڪ": "k", "گ": "g", "ګ": "g", "ڭ": "ng",
    "ل": "l", "ڵ": "l", "م": "m", "ن": "n", "ں": "n", "ڼ": "n", "ڽ": "ny", "ه": "h", "ھ": "h",
    "ہ": "h", "ۂ": "h", "ە": "e", "و": "w", "ۆ": "o", "ۇ": "u", "ۈ": "u", "ۋ": "v", "ى": "a",
    "ي": "y", "ی": "y", "ے": "y", "ۍ": "y", "ې": "e", "ێ": "e", "ۓ": "y",
}  # fmt: skip
_ARABIC = str.maketrans(_LETTERS)
_PERSIAN = str.maketrans(_LETTERS | {"ث": "s", "ذ": "z", "ض": "z", "ظ": "z"})
_S_AND_H = re.compile("[سص][هحھہ]")

_ARTICLE = "ال"
_SERVANT = "عبد"
_LONG_U = re.compile("(?<=[^aeiouwy])w(?=[^aeiouwy]|$)")
_LONG_I = re.compile("(?<=[^aeiouy])y(?=[^aeiouwy]|$)")
_FIRST_H = re.compile("^h(?=[^aeiouwy])")
_SPOKEN_V = re.compile("(?<=[^aeiouw])w(?=[aiy])|(?<=a)w(?=[aiu])")
_SILENT_LAST = re.compile("(?<=..)[هہۂھ]$")
# Two letters that would read as one in Latin (s and h as sh) lose the h, which folding drops too.
_APART = re.compile("(?<=[تټٹجدډڈزژسصضطظقكکگګپ])[هحھہ]")


def split(word: str) -> list[str]:
    """A word without marks, its article and a leading ``Abd al-`` taken off.

    ``عبدالغفور`` gives two pieces, as ``عبد الغفور`` does; ``عبدالله`` stays one name.
    """
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", word))
    servant = _SERVANT + _ARTICLE
    if bare.startswith(servant) and len(bare) >= len(servant) + 3:
        return [_SERVANT, bare[len(servant) :]]
    if bare.startswith(_ARTICLE) and len(bare) >= len(_ARTICLE) + 2:
        return [bare[len(_ARTICLE) :]]
    return [bare] if bare else []


def readings(piece: str) -> tuple[str, ...]:
    """Latin letters for one piece: as Arabic says it and, where they differ, other ways."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", piece))
    whole = _SILENT_LAST.sub("ة", bare)
    bare = _APART.sub("", whole)
    found = [_smooth(bare.translate(_ARABIC))]
    if _S_AND_H.search(whole):  # Ishaq is written with sh, which Latin cannot tell from one sound
        found.append(_smooth(whole.translate(_ARABIC)))
    found.append(_smooth(_SPOKEN_V.sub("v", bare.translate(_PERSIAN))))
    return tuple(dict.fromkeys(found))


def _smooth(letters: str) -> str:
    """``w`` and ``y`` as the vowels for which they usually stand, and a vowel after a first h,
    which Latin spellings of other languages write before consonants without saying it."""
    return _FIRST_H.sub("ha", _LONG_I.sub("i", _LONG_U.sub("u", letters)))
