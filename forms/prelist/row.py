"""A row of a list: as written, and as it is compared."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forms.codes import code_list
from forms.prelist.csvtext import Record
from forms.prelist.table import COLUMNS
from forms.problems import Problem, error
from forms.suspicion import in_unicode
from values import cbor
from values.text import clean, clean_lines

__all__ = ["CELL_LIMIT", "CODE_LISTS", "Row", "as_code", "make_row"]

CODE_LISTS = {
    "relation": "relation",
    "sex": "sex",
    "calendar": "calendars",
    "nationality": "countries",
    "language": "languages",
    "document_type": "document_types",
    "cause": "causes",
    "hazard": "hazards",
    "needs": "needs",
    "share_with_origin": "yes_no",
}
"""Columns whose cells are codes, with their lists."""

CELL_LIMIT = 32_767
"""Characters that a spreadsheet holds in a cell: more was never written by a person."""

_HASH_DOMAIN = b"waystation/prelist-row/1\0"


@dataclass(frozen=True, slots=True)
class Row:
    """One data record. ``cells`` are as written, lone surrogates standing for bad bytes.

    ``values`` are cleaned, by column, codes in the case of their list; a column that the list
    does not have is empty. ``changes`` says which cells held ``bidi_controls``, a
    ``line_break``, ``piled_marks`` or a ``leading_tab``, or were in the ``zawgyi`` encoding.
    ``fault`` is set when the row cannot be read; its ``values`` are then a guess good only for
    finding its household. ``number`` counts the data records, ``line`` is the line of the sheet on
    which its writer sees it. ``hash`` is stable when the list is saved again.
    """

    number: int
    cells: tuple[str, ...] = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    changes: Mapping[str, frozenset[str]] = field(repr=False)
    hash: bytes
    fault: Problem | None = None
    line: int = 0

    @property
    def household(self) -> str:
        """The list's own number of the household."""
        return self.values["household"]

    @property
    def relation(self) -> str:
        """The relation to the head, in the case of the code list."""
        return self.values["relation"]

    @property
    def joins(self) -> str:
        """The number of a registered household that this row joins, or empty."""
        return self.values["joins"]


def as_code(column: str, text: str) -> str:
    """``text`` in the case of the column's code list; unchanged when it is no code."""
    known = code_list(CODE_LISTS[column])
    if column == "needs":
        return " ".join(known.find(word) or word for word in text.split())
    return known.find(text) or text


def make_row(number: int, record: Record, names: tuple[str, ...]) -> Row:
    """A row from a record under the header ``names``."""
    values = dict.fromkeys((*COLUMNS, "joins"), "")
    changes: dict[str, frozenset[str]] = {}
    for name, cell in zip(names, record.cells, strict=False):
        if name not in values:
            continue
        cleaned = clean(cell)
        text = clean_lines(cell).text if name == "notes" else cleaned.text
        values[name] = as_code(name, text) if name in CODE_LISTS else text
        seen = set(cleaned.changes)
        if (converted := in_unicode(text)) is not None:
            text = converted
            seen.add("zawgyi")
        if text and cell[0] in "\t\r":  # spreadsheets run what follows, as after "="
            seen.add("leading_tab")
        if seen:
            changes[name] = frozenset(seen)
    fault = _fault(record, names)
    misaligned = record.broken or len(record.cells) != len(names)
    digest = _digest(record.cells) if misaligned else _hash(values)
    return Row(number, record.cells, values, changes, digest, fault, record.line)


def _fault(record: Record, names: tuple[str, ...]) -> Problem | None:
    """Why the row cannot be read, if it cannot."""
    if record.broken:
        return error("broken_quotes")
    if len(record.cells) != len(names):
        return error("column_count", found=len(record.cells), expected=len(names))
    for name, cell in zip(names, record.cells, strict=True):
        if len(cell) > CELL_LIMIT:
            return error("cell_too_long", _column(name), limit=CELL_LIMIT)
    for name, cell in zip(names, record.cells, strict=True):
        if any("\ud800" <= char <= "\udfff" for char in cell):
            return error("bad_bytes", _column(name))
    for name, cell in zip(names, record.cells, strict=True):
        if any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in cell):
            return error("control_character", _column(name))
    return None


def _column(name: str) -> str:
    return name if name in COLUMNS else ""


def _hash(values: Mapping[str, str]) -> bytes:
    """Of what the row says, whatever the order of columns, the line ends and the encoding."""
    texts = [" ".join(values[name].split()) for name in COLUMNS]
    return _digest(texts)


def _digest(texts: Sequence[str]) -> bytes:
    content = cbor.encode([text.encode("utf-8", "surrogateescape") for text in texts])
    return hashlib.sha256(_HASH_DOMAIN + content).digest()
