"""A list's bytes as a header and records, whatever program wrote them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from forms.errors import PrelistError
from forms.prelist import csvtext, sheet
from forms.prelist.csvtext import Record

__all__ = ["COLUMNS", "EXTRA_COLUMNS", "REQUIRED_COLUMNS", "Table", "column_name", "read_table"]

COLUMNS = (
    "household",
    "relation",
    "name",
    "name_latin",
    "father_name",
    "mother_name",
    "sex",
    "birth",
    "calendar",
    "birth_place",
    "nationality",
    "language",
    "phone",
    "document_type",
    "document_number",
    "arrival",
    "origin",
    "cause",
    "hazard",
    "needs",
    "share_with_origin",
    "notes",
)
"""The columns of a list, in the order in which a row is hashed."""

EXTRA_COLUMNS = ("code", "message", "joins")
"""What a list of refused rows has beside its own columns."""

REQUIRED_COLUMNS = ("household", "relation", "name")
"""Without these nobody can be registered from a list."""

BYTE_LIMIT = 64 * 1024 * 1024
"""A list of 50,000 people has about 15 MiB; more is not a list, or not one camp's."""
ROW_LIMIT = 50_000
"""The people one station is sized for."""

_SEPARATORS = (",", ";", "\t")  # the last two: what spreadsheets write under some settings
_SEPARATOR_LINE = re.compile(r"\A\ufeff?sep=.\r?\n")  # a hint to Excel before the header
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SAVE_AGAIN = 'Save it as "CSV UTF-8" and take that in.'


@dataclass(frozen=True, slots=True)
class Table:
    """The header as written and the records under it. ``bom``: it began with a byte order mark."""

    columns: tuple[str, ...]
    records: tuple[Record, ...]
    bom: bool = False


def column_name(cell: str) -> str:
    """A header cell as a column name: case, outer spaces and a stray byte order mark are gone."""
    return cell.strip().strip("\ufeff").strip().casefold()


def read_table(data: bytes) -> Table:
    """Read CSV or XLSX, told apart by content. Raises :class:`~forms.errors.PrelistError` when
    there is no list in it: empty, too large, another encoding, or without its header."""
    if len(data) > BYTE_LIMIT:
        raise PrelistError("too_large", "The file is too large; split the list into parts.")
    if data.startswith(_OLD_EXCEL):
        raise PrelistError("format", f"This is an old Excel file. {_SAVE_AGAIN}")
    if data.startswith(_ZIP):
        return _workbook(data)
    bom = data.startswith(codecs.BOM_UTF8)
    text = _SEPARATOR_LINE.sub("", _decoded(data), count=1)
    if not text.strip():
        raise PrelistError("empty", "The file is empty; choose the list.")
    header, separator = _header(text)
    found = csvtext.records(text, separator)
    next(found)
    return Table(header, tuple(_limited(found)), bom)


def _decoded(data: bytes) -> str:
    """Bytes that are not UTF-8 stay as lone surrogates (PEP 383), so that a row keeps them."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise PrelistError("encoding", f"The file is UTF-32. {_SAVE_AGAIN}")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise PrelistError("encoding", f"The file is damaged UTF-16. {_SAVE_AGAIN}") from error
    start = data[:400]
    if start.count(0) * 4 > len(start):
        raise PrelistError("encoding", f"The file is not UTF-8. {_SAVE_AGAIN}")
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _header(text: str) -> tuple[tuple[str, ...], str]:
    best: tuple[str, ...] = ()
    separator = ","
    for candidate in _SEPARATORS:
        first = next(csvtext.records(text, candidate), Record(()))
        if _known(first.cells) > _known(best):
            best, separator = first.cells, candidate
    _check_header(best)
    return best, separator


def _known(cells: tuple[str, ...]) -> int:
    return sum(column_name(cell) in COLUMNS for cell in cells)


def _check_header(cells: tuple[str, ...]) -> None:
    names = [column_name(cell) for cell in cells]
    missing = [name for name in REQUIRED_COLUMNS if name not in names]
    if missing:
        raise PrelistError(
            "header",
            f"The first row must name the columns; add {', '.join(missing)}.",
        )
    for name in (*COLUMNS, *EXTRA_COLUMNS):
        if names.count(name) > 1:
            raise PrelistError("header", f"The column {name} stands twice; remove one.")


def _workbook(data: bytes) -> Table:
    rows = sheet.records(data)
    first = next(rows, None)
    if first is None:
        raise PrelistError("empty", "The sheet is empty; choose the list.")
    header = first.cells
    while header and not header[-1].strip():
        header = header[:-1]
    _check_header(header)
    fitted = (replace(one, cells=_fitted(one.cells, len(header))) for one in rows)
    return Table(header, tuple(_limited(fitted)))


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """A sheet has no cell count: empty cells at the end are neither missing nor too many."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells + ("",) * (width - len(cells))


def _limited(found: Iterator[Record]) -> Iterator[Record]:
    for number, record in enumerate(found, start=1):
        if number > ROW_LIMIT:
            raise PrelistError(
                "too_large", f"The list has more than {ROW_LIMIT} rows; split it into parts."
            )
        yield record
