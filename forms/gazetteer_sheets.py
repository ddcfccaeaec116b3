"""The rows of place tables, whatever program wrote them: CSV in its kinds, or a workbook."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from forms.errors import WorkbookError
from forms.gazetteer_areas import Fault, GazetteerError
from forms.gazetteer_columns import table_columns
from forms.workbooks import COLUMN_LIMIT, DAMAGED, ROW_NUMBER_LIMIT, check_limits

__all__ = ["Row", "Sheet", "refused", "sheets"]

BYTE_LIMIT = 64 * 1024 * 1024
"""The largest table of one country, some 85,000 villages with their names in two languages, has
about 20 MiB."""

Row = tuple[int, Sequence[str]]
"""A row as a spreadsheet counts it, from 1, and its cells without outer spaces."""

_SEPARATORS = (",", ";", "\t")  # the last two: what spreadsheets write under some settings
_COMMENT = re.compile(r"#\s*(\w+)\s*:\s*(.*)", re.DOTALL)
_PADDING = " \t,;"  # what a spreadsheet puts behind a line with fewer cells than the others
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SAVE_AGAIN = 'open it in a spreadsheet, save it as "CSV UTF-8" and import that'


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a file. ``comments`` are the lines ``# key: text`` above its header."""

    name: str
    rows: Iterable[Row] = field(repr=False)
    comments: Mapping[str, str] = field(default_factory=dict)


def refused(faults: Sequence[Fault], *, more: bool = False) -> GazetteerError:
    """The error that tells these faults, the first of them as its sentence."""
    count = f" (fault 1 of {'more than ' if more else ''}{len(faults)})" if len(faults) > 1 else ""
    return GazetteerError(f"{faults[0]}{count}.", faults)


def sheets(name: str, data: bytes) -> Iterator[Sheet]:
    """The tables of a file, told apart by content. Raises
    :class:`~forms.gazetteer.GazetteerError` for a file that is empty, too large, no table, or in
    another encoding."""
    if len(data) > BYTE_LIMIT:
        raise refused([Fault(name, 0, "it is too large for a place table; choose another file")])
    if data.startswith(_OLD_EXCEL):
        raise refused([Fault(name, 0, f"this is an old Excel file; {_SAVE_AGAIN}")])
    if data.startswith(_ZIP):
        yield from _workbook(name, data)
    else:
        yield _csv(name, _decoded(name, data))


def _decoded(name: str, data: bytes) -> str:
    encoding = "utf-8"
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise refused([Fault(name, row, f"this is not UTF-8; {_SAVE_AGAIN}")]) from error
    if not text.strip():
        raise refused([Fault(name, 0, "the file is empty; choose another file")])
    return text


def _csv(name: str, text: str) -> Sheet:
    lines = list(io.StringIO(text, newline=""))  # breaks where a CSV does, and nowhere else
    comments = {}
    above = 0
    while above < len(lines) and (lines[above].startswith("#") or not lines[above].strip()):
        if found := _COMMENT.fullmatch(lines[above].strip()):
            comments[found[1].casefold()] = found[2].rstrip(_PADDING)
        above += 1
    separator = next((one for one in _SEPARATORS if _heads(lines[above:], one)), ",")
    return Sheet(name, _records(name, lines[above:], above, separator), comments)


def _heads(lines: list[str], separator: str) -> bool:
    """Whether the first line is a header of places when it is parted so."""
    try:
        header = next(csv.reader(lines[:1], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return False
    return table_columns(header) is not None


def _records(name: str, lines: list[str], above: int, separator: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    row = above
    try:
        for cells in reader:
            row += 1
            yield row, [cell.strip() for cell in cells]
    except csv.Error as error:
        remedy = f"the quotation marks or control characters are wrong here; {_SAVE_AGAIN}"
        raise refused([Fault(name, row + 1, remedy)]) from error


def _workbook(name: str, data: bytes) -> Iterator[Sheet]:
    # Imported here: openpyxl takes 0.2 s, and places are imported once.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        check_limits(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    sheet.reset_dimensions()
                    title = f"{name} ({sheet.title})"
                    rows = sheet.iter_rows(
                        max_row=ROW_NUMBER_LIMIT, max_col=COLUMN_LIMIT, values_only=True
                    )
                    yield Sheet(title, _rows(title, rows))
        finally:
            book.close()
    except WorkbookError as error:
        raise refused([Fault(name, 0, error.sentence.rstrip("."))]) from error
    except (*DAMAGED, InvalidFileException) as error:
        raise refused([Fault(name, 0, f"the workbook cannot be read; {_SAVE_AGAIN}")]) from error


def _rows(title: str, rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    number = 0
    try:
        for cells in rows:
            number += 1
            if any(cell is not None for cell in cells):
                yield number, [_text(cell) for cell in cells]
    except DAMAGED as error:
        remedy = f"the workbook is damaged here; {_SAVE_AGAIN}"
        raise refused([Fault(title, number + 1, remedy)]) from error


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)
