"""Records of an XLSX workbook: its first visible sheet, as texts."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from forms.errors import PrelistError

__all__ = ["records"]

_UNPACKED_LIMIT = 512 * 1024 * 1024
"""Bytes a workbook may unpack to: a list of 50,000 people needs about 60 MiB."""

_DAMAGED = (
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

_UNREADABLE = "The workbook cannot be read. Open it, save it as CSV UTF-8 and take that in."


def records(data: bytes) -> Iterator[tuple[str, ...]]:
    """The rows of the first visible sheet; empty rows are left out. Formulas come as formulas
    (``=A1``), so that they are seen and not trusted. Raises
    :class:`~forms.errors.PrelistError`."""
    # Imported here: openpyxl takes 0.2 s and most lists are CSV.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_size(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        try:
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not visible:
                raise PrelistError("empty", "The workbook has no visible sheet; add the list.")
            sheet = visible[0]
            sheet.reset_dimensions()
            for cells in sheet.iter_rows(values_only=True):
                texts = tuple(_text(cell) for cell in cells)
                if any(text.strip() for text in texts):
                    yield texts
        finally:
            book.close()
    except (*_DAMAGED, InvalidFileException) as error:
        raise PrelistError("unreadable", _UNREADABLE) from error


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except _DAMAGED as error:
        raise PrelistError("unreadable", _UNREADABLE) from error
    if unpacked > _UNPACKED_LIMIT:
        raise PrelistError("too_large", "The workbook is too large; split the list into parts.")


def _text(cell: object) -> str:
    """A cell as a person reads it. Sheets turn what looks like a date into one: undone here."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
