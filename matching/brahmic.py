"""Thai, Lao, Khmer, Bengali and Devanagari as Latin letters, where a letter table is not enough.

Each function rewrites the letters so that the general table (:func:`anyascii.anyascii`) reads
them in the order and with the sounds that people use when they spell their names in Latin.
"""

from __future__ import annotations

import re

# Thai and Lao write some vowels before the consonants after which they are spoken.
_THAI_BEFORE = re.compile("([เแโใไ])((?:[กขคตทปผพ][รลว](?=[ก-ฮะ-ู็-๎])|[ก-ฮ]))")
_THAI_SILENT = re.compile("[ก-ฮ][ิุ]?์")
_THAI_LAST = re.compile("([ก-ฮ])[ิุ]?$")
_THAI_CLOSING = {
    **dict.fromkeys("ญณรลฬ", "น"),
    **dict.fromkeys("จชซฌฎฏฐฑฒดตถทธศษส", "ต"),
    **dict.fromkeys("บปพฟภ", "ป"),
    **dict.fromkeys("ขคฆ", "ก"),
}
_THAI_NY = re.compile("ญ(?![ะ-ูเ-ไ])")
_LAO_BEFORE = re.compile("([ເແໂໃໄ])([ກ-ຮໜໝ][ຼລຣວ]?(?=[ກ-ຮະ-ູົຽໜໝ]|$)|[ກ-ຮໜໝ])")
_LAO_SILENT_H = re.compile("ຫ(?=[ຼລນມຍວງຣ])")
_KHMER_SILENT = re.compile("[\u1780-\u17a2]\u17cd|\u17d2\u179a$|[\u17cb\u17c9\u17ca\u17d0]")
_INHERENT = {
    "Beng": (re.compile("(?<=[ক-হড়ঢ়য়])(?=[ক-হ](?!্))"), "অ"),
    "Deva": (re.compile("(?<=[क-ह])(?=[क-ह](?!्))"), "अ"),
}
_SOUNDS = str.maketrans(
    {"ঁ": "", "ং": "ng", "শ": "sh", "ষ": "sh", "ं": "n", "ँ": "", "श": "sh", "ष": "sh"}
)
_NUKTA = (("ড\u09bc", "র"), ("ঢ\u09bc", "র"), ("য\u09bc", "য়"), ("ड\u093c", "र"))


def thai(piece: str) -> str:
    """Spoken order, letters under a cancelling sign dropped, closing consonants as they sound."""
    text = _THAI_SILENT.sub("", piece)
    text = _THAI_BEFORE.sub(r"\2\1", text)
    if match := _THAI_LAST.search(text):
        closing = match[1]
        text = text[: match.start()] + _THAI_CLOSING.get(closing, closing)
    return _THAI_NY.sub("น", text).replace("อ", "")


def lao(piece: str) -> str:
    """Spoken order; *h* that only sets the tone dropped; the letters for y and w as in names."""
    text = _LAO_SILENT_H.sub("", piece)
    text = _LAO_BEFORE.sub(r"\2\1", text)
    return text.replace("ົວ", "ua").replace("ັວ", "ua").replace("ຍ", "y").replace("ຽ", "ia")


def khmer(piece: str) -> str:
    """Letters that are written and not spoken dropped, and the signs that say so."""
    return _KHMER_SILENT.sub("", piece).replace("ញ", "ny")


def indic(piece: str, script: str) -> str:
    """Bengali (``Beng``) or Devanagari (``Deva``) with its unwritten vowel between consonants."""
    for letters, plain in _NUKTA:
        piece = piece.replace(letters, plain)
    pattern, vowel = _INHERENT[script]
    return pattern.sub(vowel, piece).translate(_SOUNDS)
