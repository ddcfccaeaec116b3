"""Records of an XLSX workbook: its first visible sheet, as texts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time

from forms.errors import PrelistError, WorkbookError
from forms.prelist.csvtext import Record
from forms.workbooks import (
    COLUMN_LIMIT,
    DAMAGED,
    ROW_NUMBER_LIMIT,
    TEXT_LIMIT,
    check_limits,
)

__all__ = ["records"]


_EXACT = 10**15
"""Sheets keep 15 digits of a number, and put zeros for the rest."""
_UNREADABLE = "The workbook cannot be read. Open it, save it as CSV UTF-8 and take that in."


def records(data: bytes) -> Iterator[Record]:
    """The rows of the first visible sheet, each with its line; empty rows are left out. Formulas
    come as formulas (``=A1``), so that they are seen and not trusted. Whatever the file says of
    itself, it is read in bounded time. Raises :class:`~forms.errors.PrelistError`."""
    # Imported here: openpyxl takes 0.2 s and most lists are CSV.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    total = 0
    try:
        check_limits(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        try:
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not visible:
                raise PrelistError("empty", "The workbook has no visible sheet; add the list.")
            sheet = visible[0]
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_row=ROW_NUMBER_LIMIT, max_col=COLUMN_LIMIT, values_only=True)
            for line, cells in enumerate(rows, start=1):
                if cells.count(None) == len(cells):
                    continue  # most rows of a gap; counted without looking at each cell
                texts = [_text(cell) for cell in cells]
                total += sum(map(len, texts))
                if total > TEXT_LIMIT:
                    raise PrelistError(
                        "too_large", "The workbook is too large; split the list into parts."
                    )
                if found := _trimmed(texts):
                    yield Record(found, line=line)
        finally:
            book.close()
    except WorkbookError as error:
        raise PrelistError(error.code, error.sentence) from error
    except (*DAMAGED, InvalidFileException) as error:
        raise PrelistError("unreadable", _UNREADABLE) from error


def _trimmed(texts: list[str]) -> tuple[str, ...]:
    """Without the empty cells at the end."""
    while texts and not texts[-1].strip():
        texts.pop()
    return tuple(texts)


def _text(cell: object) -> str:
    """A cell as a person reads it. Sheets turn what looks like a date into one: undone here. Of a
    number with more digits than sheets keep the last ones are made up: it is written as sheets
    show it, so that nobody takes it for what was typed."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float) and abs(cell) >= _EXACT:
        return f"{cell:.14E}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
