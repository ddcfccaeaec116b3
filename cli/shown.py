"""Text from records, papers and files, made safe for a line on a terminal.

A name can hold what a terminal obeys: a control sequence that wipes the line above, a line break
that begins a false verdict, a mark that turns the order of letters. None of it is shown.
"""

from __future__ import annotations

import re
import unicodedata

from values.text import BIDI_CONTROLS, isolate

MOST = 240
"""Characters of one value: the longest names have 200, and a longer text fills the screen."""

_BLANKS = re.compile("[\\s\u115f\u1160\u2800\u3164\uffa0]+")
"""What looks like space: enough of it pushes what follows to a line of its own."""
_ISOLATES = "\u2066\u2067\u2068\u2069"
_WITHOUT_ISOLATES = {ord(char): None for char in _ISOLATES}
_TURNING = frozenset(BIDI_CONTROLS) - frozenset(_ISOLATES)
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def plain(line: str) -> str:
    """One line without control characters or marks that turn its order; isolates stay, closed."""
    if line.isascii() and line.isprintable():
        return line
    kept = "".join(_kept(char) for char in line)
    return _closed(kept)


def shown(value: object) -> str:
    """One value from a record or a paper, for a place inside a line: on one line and not endless,
    without any mark of direction of its own, and set apart where it runs from right to left."""
    text = _BLANKS.sub(" ", plain(str(value)).translate(_WITHOUT_ISOLATES)).strip()
    if len(text) > MOST:
        text = f"{text[:MOST]}…"
    turned = any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text)
    return isolate(text) if turned else text


def _kept(char: str) -> str:
    """The character, a space for what breaks lines, nothing for what is obeyed and not seen."""
    category = unicodedata.category(char)
    if char in "\t\n\v\f\r\x85" or category in ("Zl", "Zp"):
        return " "
    if category in ("Cc", "Cs") or char in _TURNING:
        return ""
    if category == "Cf" and ord(char) >= 0xE0000:  # tags: letters that nobody sees
        return ""
    return char


def _closed(line: str) -> str:
    """With as many isolates closed as were opened, so that the next line is not turned too."""
    depth, kept = 0, []
    for char in line:
        if char == "\u2069":
            if not depth:
                continue
            depth -= 1
        elif char in _ISOLATES:
            depth += 1
        kept.append(char)
    return "".join(kept) + "\u2069" * depth
