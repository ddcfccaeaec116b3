"""Marks piled on one letter: more of them than any script has would leave the line, and the page.

They are drawn up to a number that no writing reaches, and an ellipsis shows that some are not. The
record itself, and the code on the page, keep the name as it was written.
"""

import unicodedata
from functools import lru_cache

MOST_MARKS = 8  # a syllable of Tibetan or Burmese has five or six
CUT = "\u2026"


@lru_cache(maxsize=1024)
def tamed(text: str) -> str:
    """The text with at most `MOST_MARKS` combining marks in a row, an ellipsis for the rest."""
    if text.isascii():
        return text
    kept: list[str] = []
    row = 0
    for char in text:
        row = row + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if row <= MOST_MARKS:
            kept.append(char)
        elif row == MOST_MARKS + 1:
            kept.append(CUT)
    return "".join(kept)
