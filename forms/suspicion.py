"""Text that is probably not what its writer meant: broken, disguised, or meant for a machine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from values import burmese, names
from values.text import scripts_of

__all__ = ["has_letters", "in_unicode", "is_seen", "not_latin", "suspicious"]

_MARKUP = re.compile(r"<[A-Za-z/!][^<>]*>|://|\bjavascript:", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_LOOKALIKES = ({"Latn", "Cyrl"}, {"Latn", "Grek"}, {"Cyrl", "Grek"})
"""Scripts whose letters look alike (Unicode Technical Standard 39): a word of both is a slip of
the keyboard or a disguise."""
_HIGH = re.compile(r"[^\x00-\x7f]")
_MOST_MARKS = 8
"""Marks in a row on one letter. A syllable of Tibetan or Burmese has five or six, a Hebrew letter
four; Unicode Standard Annex 15 calls text with more than 30 no stream-safe text."""
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
"""Hangul fillers: letters by their category, and nothing on paper."""
_INVISIBLE = re.compile(
    f"[\u00ad\u2060-\u2064\u206a-\u206f\u2800\ufeff{_BLANK_LETTERS}\U000e0000-\U000e007f]"
)
"""Signs that nobody sees in a name. Joiners (ZWJ, ZWNJ), variation selectors and the space of no
width belong to the writing of some scripts and are left alone."""
_LONGEST = 10_000
"""Characters of the longest text that a form takes. Burmese is converted in a tenth of a
millisecond for each, and longer texts cost more."""
_PLACEHOLDER = 40
"""Characters of the longest text that says "no name"."""


def suspicious(text: str, *, name: bool) -> Iterator[str]:
    """Codes of what is odd: ``lost_characters``, ``mis_decoded``, and in a name also ``markup``,
    ``mixed_scripts``, ``piled_marks``, ``invisible_signs`` and what says that there is none
    (:func:`values.names.doubt`)."""
    if text.isascii() and not name:
        return
    if "\ufffd" in text:
        yield "lost_characters"
    if _mis_decoded(text):
        yield "mis_decoded"
    if name:
        if _MARKUP.search(text) or text.count('"') % 2:
            yield "markup"
        if _mixed(text):
            yield "mixed_scripts"
        if _most_marks(text) > _MOST_MARKS:
            yield "piled_marks"
        if _INVISIBLE.search(text):
            yield "invisible_signs"
        # A name without letters, or beyond any length, is refused elsewhere in better words.
        lettered = len(text) <= _PLACEHOLDER and any(map(str.isalpha, text))
        if lettered and (doubt := names.doubt(text)):
            yield doubt


def has_letters(text: str) -> bool:
    """Whether a name has a letter that can be seen."""
    return any(unicodedata.category(char)[0] == "L" and char not in _BLANK_LETTERS for char in text)


def is_seen(text: str) -> bool:
    """Whether anything of a text can be seen on paper."""
    return any(
        unicodedata.category(char)[0] not in "CZM" and not _INVISIBLE.match(char) for char in text
    )


def _most_marks(text: str) -> int:
    most = row = 0
    for char in "" if text.isascii() else text:
        row = row + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        most = max(most, row)
    return most


def in_unicode(text: str) -> str | None:
    """Burmese that was typed for a Zawgyi font, in Unicode; None when the text is no such text, or
    too long for one that a person typed."""
    if len(text) > _LONGEST:
        return None
    return burmese.to_unicode(text) if burmese.looks_like_zawgyi(text) else None


def not_latin(text: str) -> bool:
    """Whether a name that should be in Latin letters is mostly in another script."""
    return not text.isascii() and scripts_of(text)[:1] not in ((), ("Latn",))


def _mis_decoded(text: str) -> bool:
    """Whether UTF-8 was read as Windows-1252 or Latin-1 once too often (``NÃ©lida``)."""
    if not _HIGH.search(text):
        return False
    for encoding in ("cp1252", "latin-1"):
        try:
            text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False


def _mixed(text: str) -> bool:
    if text.isascii():
        return False
    for word in _WORDS.findall(text):
        scripts = set(scripts_of(word))
        if any(pair <= scripts for pair in _LOOKALIKES):
            return True
    return False
