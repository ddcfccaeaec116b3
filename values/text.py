"""Text as it enters the house, and what can be seen of it without knowing the language.

Original script is authoritative and is kept as given, in NFC; only what cannot be meant (bidi
controls, line breaks in a line) is taken out, and that is reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Unicode Standard Annex 9, table 4: invisible marks that reorder what is read."""

_BIDI = re.compile(f"[{BIDI_CONTROLS}]+")
_LINE_BREAKS = re.compile("[ ]*[\t\n\v\f\r\x85\u2028\u2029]+[ \t\n\v\f\r\x85\u2028\u2029]*")
_LINE_ENDS = re.compile("\r\n|[\v\f\r\x85\u2028\u2029]")
_NOT_CONTROLS = frozenset("\t\n\v\f\r\x85")
_NUMBER_LIKE = re.compile(r"[+-][\d\s().,/+-]*")
_FORMULA_STARTS = "=@\uff1d\uff20"
_SIGN_STARTS = "+-\uff0b\uff0d"
_INVISIBLE_EDGES = "\ufeff\u200b"
_FSI, _PDI = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text made fit to keep, and which visible things were done to it.

    ``changes`` holds ``bidi_controls`` and ``line_break``; NFC and trimming go without saying.
    """

    text: str
    changes: frozenset[str]


def clean(text: str) -> Cleaned:
    """One line of NFC text without bidi controls; joiners (ZWJ, ZWNJ) and all else stay.

    Line breaks and tabs become one space. Other control characters are not removed, because that
    would hide a fault of whoever wrote them: ask :func:`has_control`.
    """
    changes = set()
    result = unicodedata.normalize("NFC", text)
    result, found = _BIDI.subn("", result)
    if found:
        changes.add("bidi_controls")
    result = _trimmed(result)
    result, found = _LINE_BREAKS.subn(" ", result)
    if found:
        changes.add("line_break")
    # Taking a control out can bring a letter and its mark together, so compose once more.
    return Cleaned(_trimmed(unicodedata.normalize("NFC", result)), frozenset(changes))


def lines(text: str) -> str:
    """Text of one or several lines: NFC, without bidi controls, its line ends alike. As with
    :func:`clean`, other control characters stay: ask :func:`has_control`."""
    result = _BIDI.sub("", unicodedata.normalize("NFC", text))
    result = _LINE_ENDS.sub("\n", result).replace("\t", " ")
    return _trimmed(unicodedata.normalize("NFC", result))


def _trimmed(text: str) -> str:
    previous = None
    while previous != text:
        previous, text = text, text.strip().strip(_INVISIBLE_EDGES)
    return text


def has_control(text: str) -> bool:
    """Whether it holds a control character (C0, DEL, C1) that :func:`clean` does not replace, or
    half a character (a lone surrogate), which no file can hold."""
    return any(
        unicodedata.category(char) in ("Cc", "Cs") and char not in _NOT_CONTROLS for char in text
    )


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    # Imported at first use: the tables cost some 30 ms and many commands never ask for them.
    from fontTools import unicodedata as scripts

    return str(scripts.script(char))


def scripts_of(text: str) -> tuple[str, ...]:
    """ISO 15924 codes of the scripts in ``text``, the most frequent first, then by first use.

    Common and inherited characters (spaces, digits, marks) and unassigned ones do not count.
    """
    codes = (_script(char) for char in text)
    counted = Counter(code for code in codes if code not in ("Zyyy", "Zinh", "Zzzz"))
    return tuple(code for code, _ in counted.most_common())


def is_rtl(text: str) -> bool:
    """Whether its first strong character runs right to left (UAX 9, rules P2 and P3)."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def isolate(text: str) -> str:
    """``text`` between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, so that a number or name
    keeps its own order inside a sentence of the other direction."""
    return f"{_FSI}{text}{_PDI}"


def looks_like_formula(cell: str) -> bool:
    """Whether a spreadsheet would run ``cell`` instead of showing it.

    A cell that starts with ``=`` or ``@`` counts (their full-width forms too), and one that
    starts with a sign unless only a number or a telephone number follows.
    """
    text = cell.lstrip()
    if text[:1] and text[0] in _FORMULA_STARTS:
        return True
    return bool(text[:1]) and text[0] in _SIGN_STARTS and not _NUMBER_LIKE.fullmatch(text)


def ascii_digits(text: str) -> str:
    """Decimal digits of every script as 0 to 9; all else as it was."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.decimal(char, None) is not None else char
        for char in text
    )
