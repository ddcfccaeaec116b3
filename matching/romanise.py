"""Names in any script as Latin letters, cut into the parts that people tell apart.

The result is for search and comparison, never for print: original script is authoritative, and
what a person calls herself in Latin letters is asked, not computed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from matching import arabic, brahmic, burmese, cyrillic

Part = tuple[str, ...]
"""One part of a name in lowercase Latin letters; more than one where it can be read otherwise."""

NAME_LIMIT = 200
"""Characters of a name that are read; lists refuse longer ones."""

_CACHE = 4096  # names
_WORD_CACHE = 20_000  # words of names, of which a people has few
_JOINERS = re.compile("[-\u05be\u05f3\u200c\u2010-\u2015\u2212\u30fb\u00b7]+")
_APOSTROPHES = re.compile("['`´\u02b9-\u02bf\u2018-\u201b\u2032\uff07\u02c8\u02ca\u02cb\u200d]+")
_ASCII_WORDS = re.compile("[a-z]+(?:['`-]+[a-z]+)*")
_NOT_LATIN = re.compile("[^a-z]+")
_CAPITALS = re.compile("[A-Z][a-z']*|[a-z']+")
_ABD = re.compile(
    "c?abd[aeiou]{1,2}(?!l+ah)(?:l|r(?=r)|s(?=s)|n(?=n)|z(?=z)|d(?=d)|t(?=t))?(?=[a-z]{4})"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: its parts, and its other spellings as one word, if it has any.

    A hyphen, a joiner or a script without spaces makes several parts of one word.
    """

    parts: tuple[Part, ...]
    whole: Part = ()


@lru_cache(maxsize=_CACHE)
def words(text: str) -> tuple[Word, ...]:
    """The words of a name, in order."""
    text = text[:NAME_LIMIT]
    if text.isascii():
        chunks = _ASCII_WORDS.findall(text.lower())
    else:
        chunks = _chunks(unicodedata.normalize("NFC", text))
    return tuple(found for chunk in chunks if (found := word(chunk)).parts)


def _chunks(text: str) -> list[str]:
    """Split at spaces and punctuation; marks that belong to letters stay with them."""
    chunks: list[str] = []
    current: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if category[0] in "LM" or _JOINERS.match(char) or _APOSTROPHES.match(char):
            current.append(char)
        elif category == "Cf" and char != "\u200b":
            continue  # invisible and not a space, such as a bidi control
        elif current:
            chunks.append("".join(current))
            current = []
    if current:
        chunks.append("".join(current))
    return chunks


@lru_cache(maxsize=_WORD_CACHE)
def word(chunk: str) -> Word:
    """One word, as :func:`words` cuts it out."""
    if chunk.isascii() and chunk.isalpha() and "abd" not in chunk[:4].lower():
        return Word(((chunk.lower(),),))
    pieces = [piece for piece in _JOINERS.split(_APOSTROPHES.sub("", chunk)) if piece]
    parts: list[Part] = []
    whole: list[str] = []
    for piece in pieces:
        if piece.isascii():
            parts += _latin(piece.lower())
            whole.append(piece.lower())
        else:
            more, one = _piece(piece)
            parts += more
            whole.append(one)
    joined = "".join(whole)
    single = parts[0] if len(parts) == 1 else ()
    return Word(tuple(parts), () if joined in single or not parts else (joined,))


def _latin(token: str) -> list[Part]:
    """``abdelmoneim`` as the two parts that it is in Arabic."""
    letters = _NOT_LATIN.sub("", token)
    if match := _ABD.match(letters):
        return [("abd",), (letters[match.end() :],)]
    return [(letters,)] if letters else []


def _piece(piece: str) -> tuple[list[Part], str]:
    """The parts of a piece in another script, and the piece as one word."""
    script = _script(piece)
    if script == "Arab":
        some = [_part(arabic.readings(one)) for one in arabic.split(piece)]
        return [part for part in some if part], _ascii(arabic.readings(piece)[0])
    if script == "Cyrl":
        part = _part(cyrillic.readings(piece))
        return ([part], part[0]) if part else ([], "")
    if script == "Mymr":
        syllables = [part for one in burmese.syllables(piece) if (part := _part(one))]
        return syllables, "".join(one[0] for one in syllables)
    if script == "Hani":
        found = [_part((one,)) for one in _CAPITALS.findall(_general(piece))]
        characters = [part for part in found if part]
        return characters, "".join(one[0] for one in characters)
    if script == "Thai":
        letters = _ascii(brahmic.thai(piece))
    elif script == "Laoo":
        letters = _ascii(brahmic.lao(piece))
    elif script == "Khmr":
        letters = _ascii(brahmic.khmer(piece))
    elif script in ("Beng", "Deva"):
        letters = _ascii(brahmic.indic(piece, script))
    elif script == "Hebr":
        letters = _ascii(_without_marks(piece).translate(_HEBREW))
    elif script == "Ethi":
        letters = _ascii(piece.translate(_ETHIOPIC))
    else:
        letters = _ascii(_without_marks(piece))
        return _latin(letters), letters
    return ([(letters,)] if letters else []), letters


def _part(readings: tuple[str, ...]) -> Part:
    return tuple(dict.fromkeys(letters for one in readings if (letters := _ascii(one))))


# The Tigrinya row that the general table reads as h and names spell k, and the w of its kin.
_ETHIOPIC = {0x12B8 + order: 0x12A8 + order for order in range(7)}
# Vowels are seldom written, so its w is mostly one; and of two sounds of a letter, the harder.
_HEBREW = str.maketrans("אבוהיכךעפף", "abwhykkapp")

_RANGES = (
    ("Cyrl", 0x0400, 0x052F),
    ("Hebr", 0x0590, 0x05FF),
    ("Arab", 0x0600, 0x077F),
    ("Arab", 0x0870, 0x08FF),
    ("Deva", 0x0900, 0x097F),
    ("Beng", 0x0980, 0x09FF),
    ("Thai", 0x0E00, 0x0E7F),
    ("Laoo", 0x0E80, 0x0EFF),
    ("Mymr", 0x1000, 0x109F),
    ("Ethi", 0x1200, 0x139F),
    ("Khmr", 0x1780, 0x17FF),
    ("Hani", 0x3040, 0x30FF),
    ("Hani", 0x3400, 0x9FFF),
    ("Hani", 0xAC00, 0xD7AF),
    ("Mymr", 0xAA60, 0xAA7F),
    ("Hani", 0xF900, 0xFAFF),
    ("Arab", 0xFB50, 0xFDFF),
    ("Arab", 0xFE70, 0xFEFC),
    ("Hani", 0x20000, 0x3134F),
)


def _script(piece: str) -> str:
    """The script of the first letter that has a way of its own here."""
    for char in piece:
        code = ord(char)
        for script, first, last in _RANGES:
            if first <= code <= last:
                return script
    return ""


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _general(text: str) -> str:
    if text.isascii():
        return text
    # Imported at first use: Latin names without marks need no table.
    from anyascii import anyascii

    return str(anyascii(text))


def _ascii(text: str) -> str:
    return _NOT_LATIN.sub("", _general(text).lower())
