"""The rows of a machine readable zone, as typed or scanned, made lines of the right length."""

from __future__ import annotations

import re
import unicodedata

from values.mrz_error import MrzError
from values.mrz_layout import FILLER, MRV_A, MRV_B, TD1, TD2, TD3, Layout
from values.text import normalized

_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_OTHER_FILLERS = {"«": "<<", "‹": "<"}
_LINES = {30: "three lines of 30", 36: "two lines of 36", 44: "two lines of 44"}


def lines_of(text: str) -> tuple[Layout, list[str]]:
    """The layout and its lines. Case, spaces and kinds of line break do not matter, nor whether
    the lines come as one. Raises :class:`MrzError` (``length``, ``names``)."""
    rows = [row for row in map(_typed, _BREAKS.split(text)) if row.strip()]
    for whole in (" ".join(rows).replace(" ", ""), "".join(rows).replace(" ", FILLER)):
        # All on one line, or broken somewhere else; with or without blanks for fillers.
        for layout in (TD1, TD2, TD3):
            if len(whole) == layout.width * layout.lines and len(rows) != layout.lines:
                width = layout.width
                return _visa(layout, [whole[i : i + width] for i in range(0, len(whole), width)])
    if not 2 <= len(rows) <= 3:
        raise MrzError(
            "length",
            f"A machine readable zone has {_LINES[30]}, {_LINES[36]} or {_LINES[44]} characters; "
            "read it again from the first line to the last.",
        )
    layout = TD1 if len(rows) == 3 else _two_line_layout(rows)
    return _visa(layout, [_full(row, line, layout) for line, row in enumerate(rows, 1)])


def _typed(row: str) -> str:
    """A row in upper case; what scanners put around it is gone, its spaces are kept."""
    shown = "".join(_OTHER_FILLERS.get(char, char) for char in normalized("NFKC", row))
    kept = (char for char in shown if unicodedata.category(char) not in ("Cc", "Cf"))
    return "".join(char.upper() if char.isascii() else char for char in kept)


def _two_line_layout(rows: list[str]) -> Layout:
    lengths = [len(row.replace(" ", "")) for row in reversed(rows)] + [len(rows[1])]
    for width, layout in ((36, TD2), (44, TD3)):
        if lengths[0] == width or lengths[2] == width:
            return layout
    return TD2 if max(lengths[:2]) <= 40 else TD3


def _full(row: str, line: int, layout: Layout) -> str:
    """A row at its full width, or an error that counts."""
    if len(row) == layout.width:  # a reader that sends a blank for every filler
        return row.replace(" ", FILLER)
    row = row.strip()
    close = row.replace(" ", "")
    names = layout.spans["names"]
    if line == names.line and names.first <= len(close) < layout.width:
        if re.search(r"[A-Za-z] +[A-Za-z]", row[names.first - 1 :]):
            raise MrzError(
                "names",
                f"Line {line} has a space between letters; type every < of the line, so that the "
                "parts of the name stay apart.",
                line,
            )
        close = close.ljust(layout.width, FILLER)
    if len(close) != layout.width:
        raise MrzError(
            "length",
            f"Line {line} has {len(close)} characters and must have {layout.width}; read it again "
            "with every <.",
            line,
        )
    return close


def _visa(layout: Layout, lines: list[str]) -> tuple[Layout, list[str]]:
    if lines[0].startswith("V") and layout in (TD2, TD3):
        return (MRV_B if layout is TD2 else MRV_A), lines
    return layout, lines
