"""How much a workbook may hold before it is read: looked through once, in bounded memory.

A workbook is XML in a ZIP archive, and a small file can say very much: a row with the number nine
thousand million, a cell in the last of sixteen thousand columns of every row, the same tag sixty
million times. What a list needs is known, so whatever is far beyond it is refused with a sentence
before the reader of workbooks sees it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from forms.errors import WorkbookError

__all__ = ["COLUMN_LIMIT", "DAMAGED", "ROW_NUMBER_LIMIT", "TEXT_LIMIT", "check_limits"]

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    OSError,
    EOFError,
    RuntimeError,
)
"""What openpyxl lets through for a file that lies about itself: it has no error of its own."""

UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes a workbook may unpack to: a list of 50,000 people needs about 60 MiB."""
PART_LIMIT = 10_000
"""Parts of a workbook: a list has about ten, and one more for each picture in it."""
ELEMENT_LIMIT = 8_000_000
"""Elements in all parts: 50,000 rows of 25 cells need three to five for a cell."""
ROW_LIMIT = 200_000
"""Rows that are written down: a list of 50,000 people, and empty ones that were formatted."""
ROW_NUMBER_LIMIT = 1_048_576
"""The last row that a spreadsheet has (ECMA-376; Excel's specifications and limits)."""
COLUMN_LIMIT = 256
"""Columns with something in them. A list has 25; a spreadsheet has 16,384."""
OTHER_LIMIT = 1_000_000
"""Elements of a sheet that are no rows or cells: links, comments, rules of colour. Kept in memory
while the sheet is read."""
FORMULA_LIMIT = 20_000_000
"""Characters of formulas that are shared by cells, once for each cell: each is worked out anew."""
TEXT_LIMIT = 64 * 1024 * 1024
"""Characters in all cells, as many as a CSV list may have: one text may stand in every cell."""

_CHUNK = 1024 * 1024  # bytes
_IN_CELLS = frozenset({"t", "r", "rPr", "si"})
_CONTENT = frozenset({"v", "f", "is"})
_SAVE = "Save the list as CSV UTF-8 and take that in."
_TOO_WIDE = (
    f"The sheet has something in a column beyond the {COLUMN_LIMIT}th. Delete what lies right of "
    "the list, or save the list as CSV UTF-8."
)
_TOO_LARGE = f"The workbook holds far more than a list. {_SAVE}"


def check_limits(data: bytes) -> None:
    """Look through a workbook. Raises :class:`~forms.errors.WorkbookError` for one that holds too
    much, and what the ZIP reader raises for a damaged one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > UNPACKED_LIMIT or len(parts) > PART_LIMIT:
            raise WorkbookError("too_large", _TOO_LARGE)
        looked = _Look()
        for part in parts:
            with archive.open(part) as file:
                looked.through(file)


class _Look:
    """Counts what the parts of one workbook hold. Whichever part it is: a name proves nothing."""

    def __init__(self) -> None:
        self._elements = self._others = self._rows = 0
        self._shared_cells = self._shared_longest = self._shared_length = 0
        self._column = 0
        self._row_above: float = 0
        self._in_shared = False
        self._parser = expat.ParserCreate()

    def through(self, file: IO[bytes]) -> None:
        """Count one part. What is no XML, a picture or noise, is left at its first fault: whoever
        reads it later comes no further."""
        self._row_above = 0
        self._in_shared = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = _doctype
        try:
            while chunk := file.read(_CHUNK):
                self._parser.Parse(chunk, False)
        except expat.ExpatError:
            return

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        self._elements += 1
        if self._elements > ELEMENT_LIMIT:
            raise WorkbookError("too_large", _TOO_LARGE)
        if self._in_shared:
            self._in_shared = False
            self._parser.CharacterDataHandler = None
        if tag == "c":
            self._column = _column(attributes.get("r", "")) or self._column + 1
        elif tag in _CONTENT:
            if self._column > COLUMN_LIMIT:
                raise WorkbookError("too_wide", _TOO_WIDE)
            if tag == "f" and attributes.get("t") == "shared":
                self._shared_cells += 1
                self._shared_length = 0
                self._in_shared = True
                self._parser.CharacterDataHandler = self._text
                self._text("")
        elif tag == "row":
            self._row(attributes)
        elif tag not in _IN_CELLS:
            self._others += 1
            if self._others > OTHER_LIMIT:
                raise WorkbookError("too_large", _TOO_LARGE)

    def _text(self, text: str) -> None:
        """Of a formula that cells share: the first has its text, the others only point to it."""
        self._shared_length += len(text)
        self._shared_longest = max(self._shared_longest, self._shared_length)
        if self._shared_cells * self._shared_longest > FORMULA_LIMIT:
            raise WorkbookError("too_large", _TOO_LARGE)

    def _row(self, attributes: Mapping[str, str]) -> None:
        self._rows += 1
        self._column = 0
        if self._rows > ROW_LIMIT:
            raise WorkbookError(
                "too_large", f"The sheet has more than {ROW_LIMIT:,} rows, full or empty. {_SAVE}"
            )
        number = _row_number(attributes["r"]) if "r" in attributes else self._row_above + 1
        # A row that comes after a later one would be passed over in silence.
        if not self._row_above < number <= ROW_NUMBER_LIMIT:
            raise WorkbookError(
                "row_number", f"The workbook is damaged: its rows are numbered wrongly. {_SAVE}"
            )
        self._row_above = number


def _row_number(text: str) -> float:
    """A row's number; the reader takes ``1E5`` too. 0, which no row has, for what is none."""
    try:
        return float(text)
    except ValueError:
        return 0


def _column(reference: str) -> int:
    """The column of a cell's reference, from 1: ``C7`` is 3. 0 when there is none."""
    column = 0
    for letter in reference.lstrip("$")[:8].upper():
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column


def _doctype(*_: object) -> None:
    raise WorkbookError("unreadable", f"The workbook is not what a spreadsheet writes. {_SAVE}")
