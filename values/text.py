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
from typing import Literal

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Unicode Standard Annex 9, table 4: invisible marks that reorder what is read."""

MOST_MARKS = 30
"""Marks in a row that no writing exceeds: the Stream-Safe Text Format of Unicode Standard Annex 15,
section 13. Longer rows are put in order in quadratic time, by every program that comes after."""

_BIDI = re.compile(f"[{BIDI_CONTROLS}]+")
_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"
_LINE_BREAKS = re.compile(f"[ {_BREAKS}]+")
_LINE_END = re.compile("\r\n|[\v\f\r\x85\u2028\u2029]")
_JOINER = "\u034f"
"""COMBINING GRAPHEME JOINER: not seen, and marks before it are not sorted with those after."""
_HIDDEN_MARKS = {"\u0344": 2, "\u0f73": 2, "\u0f75": 2, "\u0f81": 2, "\uff9e": 1, "\uff9f": 1}
"""Characters that are taken apart into so many marks."""
_NOT_CONTROLS = frozenset("\t\n\v\f\r\x85")
_NUMBER_LIKE = re.compile(r"[+-][\d\s().,/+-]*")
_GUARDED = re.compile("[' ]*[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may take for a formula, however many apostrophes are before it."""
_FORMULA_STARTS = "=@\uff1d\uff20"
_SIGN_STARTS = "+-\uff0b\uff0d"
_INVISIBLE_EDGES = "\ufeff\u200b"
_FSI, _PDI = "\u2068", "\u2069"
_NOTATION = re.compile(
    rf"(?<![\w{_FSI}/.-])"
    r"(?:age:\d+(?:-\d+)?[my]?~?|\d+(?:[-/]\d+)+~?|\d{3}X|\d+[~?])"
    rf"(?![\w{_PDI}])",
    re.ASCII,
)
"""Dates and ages as they are typed: after a letter of Arabic their parts change places."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text made fit to keep, and which visible things were done to it.

    ``changes`` holds ``bidi_controls``, ``line_break`` and ``piled_marks`` (more than
    :data:`MOST_MARKS` in a row, which no writing has); NFC and trimming go without saying.
    """

    text: str
    changes: frozenset[str]


def clean(text: str) -> Cleaned:
    """One line of NFC text without bidi controls; joiners (ZWJ, ZWNJ) and all else stay.

    Line breaks and tabs become one space. Other control characters are not removed, because that
    would hide a fault of whoever wrote them: ask :func:`has_control`. The time grows with the
    length and no faster, whatever the text.
    """
    changes = set()
    result, found = _BIDI.subn("", text)
    if found:
        changes.add("bidi_controls")
    result = _trimmed(result)
    joined = _LINE_BREAKS.sub(_one_space, result)
    if joined != result:
        changes.add("line_break")
    safe = stream_safe(_trimmed(joined))
    if safe != _trimmed(joined):
        changes.add("piled_marks")
    # Composed last: taking a control out can bring a letter and its mark together.
    return Cleaned(_trimmed(unicodedata.normalize("NFC", safe)), frozenset(changes))


def clean_lines(text: str) -> Cleaned:
    """The same for text of several lines: they stay, each ending in LF, and so do tabs."""
    result, found = _BIDI.subn("", text)
    result = _trimmed(_LINE_END.sub("\n", result))
    changes = {"bidi_controls"} if found else set()
    safe = stream_safe(result)
    if safe != result:
        changes.add("piled_marks")
    return Cleaned(_trimmed(unicodedata.normalize("NFC", safe)), frozenset(changes))


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """``text`` in a normalization form of Unicode, in time that grows with its length and no
    faster: for text that :func:`clean` has not seen."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, stream_safe(text))


def stream_safe(text: str) -> str:
    """The Stream-Safe Text Process (Unicode Standard Annex 15, section 13): a COMBINING GRAPHEME
    JOINER after every :data:`MOST_MARKS` marks in a row. Text that people write stays as it is."""
    if len(text) <= MOST_MARKS or text.isascii():
        return text
    kept: list[str] = []
    row = 0
    for char in text:
        marks = _HIDDEN_MARKS.get(char) or (1 if unicodedata.combining(char) else 0)
        row = row + marks if marks else 0
        if row > MOST_MARKS:
            kept.append(_JOINER)
            row = marks
        kept.append(char)
    return "".join(kept)


def _one_space(match: re.Match[str]) -> str:
    """Spaces stay as they are where no line ends among them."""
    return " " if match[0].strip(" ") else match[0]


def _trimmed(text: str) -> str:
    first, last = 0, len(text)
    while first < last and (text[first].isspace() or text[first] in _INVISIBLE_EDGES):
        first += 1
    while first < last and (text[last - 1].isspace() or text[last - 1] in _INVISIBLE_EDGES):
        last -= 1
    return text[first:last]


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


def isolate_notation(text: str) -> str:
    """Every date or age in the notation people type (``2026-04-18``, ``1985~``, ``age:34``)
    isolated: inside a sentence that runs right to left it reads 18-04-2026 else (UAX 9, W2)."""
    return _NOTATION.sub(lambda match: isolate(match[0]), text)


def looks_like_formula(cell: str) -> bool:
    """Whether a spreadsheet would run ``cell`` instead of showing it.

    A cell that starts with ``=`` or ``@`` counts (their full-width forms too), and one that
    starts with a sign unless only a number or a telephone number follows.
    """
    text = cell.lstrip()
    if text[:1] and text[0] in _FORMULA_STARTS:
        return True
    return bool(text[:1]) and text[0] in _SIGN_STARTS and not _NUMBER_LIKE.fullmatch(text)


def guarded(cell: str) -> str:
    """``cell`` with an apostrophe before it where a spreadsheet might run it or change it.

    A cell whose first sign, after apostrophes and spaces, is ``= + - @`` (or the full-width form),
    a tab or a line break gets one more apostrophe. So nothing runs when a file is opened, telephone
    numbers stay whole, and ``unguarded`` gives back exactly what was written.
    """
    return f"'{cell}" if _GUARDED.match(cell) else cell


def unguarded(cell: str) -> str:
    """What was guarded, without the apostrophe that ``guarded`` put there; all else as it is."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def ascii_digits(text: str) -> str:
    """Decimal digits of every script as 0 to 9; all else as it was."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.decimal(char, None) is not None else char
        for char in text
    )
