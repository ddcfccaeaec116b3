"""Text as columns hold it: what no database refuses, whatever an entry said.

Views and entries are kept whole beside their columns, so a column may say less than they do. What
it holds is for lists and lookups; the record itself is never changed by it.
"""

from __future__ import annotations

import hashlib
import re

LONGEST = 200
"""Characters of an indexed text: no number, code or role has as many, and PostgreSQL refuses rows
of an index above some 2,700 bytes."""

_UNKEPT = re.compile("[\0\ud800-\udfff]")
"""U+0000, which PostgreSQL takes in no text, and halves of characters, which are not UTF-8."""
_INSTEAD = "\ufffd"
_MARK = 16
"""Hexadecimal digits of the hash that keeps two shortened texts apart."""


def shown(text: str) -> str:
    """The text with U+FFFD for what a column cannot hold."""
    return _UNKEPT.sub(_INSTEAD, text)


def indexed(text: str) -> str:
    """The text fit for an index or a key. One that had to be changed ends in a part of its hash, so
    that two never become one."""
    if len(text) <= LONGEST and not _UNKEPT.search(text):
        return text
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
    return f"{shown(text)[: LONGEST - _MARK - 1]}~{mark}"
