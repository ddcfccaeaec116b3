"""Text that is probably not what its writer meant: broken, disguised, or meant for a machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from values import burmese, names
from values.text import scripts_of

__all__ = ["in_unicode", "not_latin", "suspicious"]

_MARKUP = re.compile(r"<[A-Za-z/!][^<>]*>|://|\bjavascript:", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_LOOKALIKES = ({"Latn", "Cyrl"}, {"Latn", "Grek"}, {"Cyrl", "Grek"})
"""Scripts whose letters look alike (Unicode Technical Standard 39): a word of both is a slip of
the keyboard or a disguise."""
_HIGH = re.compile(r"[^\x00-\x7f]")
_PLACEHOLDER = 40
"""Characters of the longest text that says "no name"."""


def suspicious(text: str, *, name: bool) -> Iterator[str]:
    """Codes of what is odd: ``lost_characters``, ``mis_decoded``, and in a name also ``markup``,
    ``mixed_scripts`` and what says that there is none (:func:`values.names.doubt`)."""
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
        # A name without letters, or beyond any length, is refused elsewhere in better words.
        lettered = len(text) <= _PLACEHOLDER and any(map(str.isalpha, text))
        if lettered and (doubt := names.doubt(text)):
            yield doubt


def in_unicode(text: str) -> str | None:
    """Burmese that was typed for a Zawgyi font, in Unicode; None when the text is no such text."""
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
