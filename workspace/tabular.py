"""Tables in files that other programs open: CSV, CSV with hashtags of HXL, and XLSX.

Rows go through one by one, so that a table of a million rows needs no more memory than a small one.
Files are for this account alone (0600) and lie beside their place under another name until all of
them are whole. CSV is UTF-8 with a byte order mark (spreadsheets take it for Latin letters else),
RFC 4180, every text guarded against being run (`values.text.guarded`); `docs/formats/tables.md`.
"""

from __future__ import annotations

import csv
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from values.clock import rfc3339
from values.text import guarded
from workspace.errors import RefusedError
from workspace.files import down

if TYPE_CHECKING:
    from openpyxl import Workbook

    Cell = str | int | float | bool | date | datetime | None
    Row = Sequence[Cell]

SHEET_ROWS: Final = 1_048_576
"""Rows of a sheet of XLSX; what is more goes on in another."""
CELL: Final = 32_767
"""Characters of a cell of XLSX."""
WORKBOOK: Final = "tables.xlsx"
_PULSE: Final = 500


class Form(StrEnum):
    """How tables are written."""

    CSV = "csv"
    XLSX = "xlsx"
    HXL = "hxl"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, and its hashtag with attributes (HXL 1.1; may be empty)."""

    name: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `rows` is called once, and read once. `about`: how many rows are expected."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]
    about: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A table that was written: how many rows, and where."""

    table: str
    rows: int
    file: Path


def write(
    out: Path,
    tables: Sequence[Table],
    form: Form,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Written]:
    """Write the tables into the new folder ``out``: one file each, or one workbook.

    All or nothing: a run that was stopped or failed leaves no folder. Raises `RefusedError` when
    there is something at ``out`` already or it was stopped, and `OSError`.
    """
    count = _Count(progress, cancelled, sum(one.about for one in tables))
    with _folder(out) as temporary:
        if form is Form.XLSX:
            made = _workbook(temporary / WORKBOOK, tables, count)
            return [Written(one.name, rows, out / WORKBOOK) for one, rows in made]
        written = []
        for table in tables:
            name = f"{table.name}.hxl.csv" if form is Form.HXL else f"{table.name}.csv"
            rows = _csv(temporary / name, table, count, tags=form is Form.HXL)
            written.append(Written(table.name, rows, out / name))
        return written


def write_file(path: Path, table: Table, form: Form) -> int:
    """One table in one file, which may be written over. Returns the rows. Raises `OSError`."""
    count = _Count(lambda done, total: None, lambda: False, table.about)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        if form is Form.XLSX:
            rows = _workbook(temporary, [table], count)[0][1]
        else:
            rows = _csv(temporary, table, count, tags=form is Form.HXL)
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink()
    return rows


class _Count:
    """Tells how far it is, and hears that it is to stop."""

    def __init__(
        self, progress: Callable[[int, int], None], cancelled: Callable[[], bool], total: int
    ) -> None:
        self._progress, self._cancelled = progress, cancelled
        self._done, self._total = 0, total

    def each(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            if self._done % _PULSE == 0:
                if self._cancelled():
                    raise RefusedError("stopped", "It was stopped. Nothing was written.")
                self._progress(self._done, max(self._total, self._done))
            self._done += 1
            yield row
        self._progress(self._done, max(self._total, self._done))


@contextmanager
def _folder(out: Path) -> Iterator[Path]:
    """A folder beside its place that comes there whole, or not at all."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise RefusedError("exists", f"There is something at {out} already. Name a new folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    temporary.mkdir(mode=0o700)
    try:
        yield temporary
        if out.exists():
            out.rmdir()
        temporary.replace(out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL, 0o600)


def _csv(path: Path, table: Table, count: _Count, *, tags: bool) -> int:
    rows = 0
    with open(path, "w", encoding="utf-8-sig", newline="", opener=_private) as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([one.name for one in table.columns])
        if tags:
            # Guarding is for what people typed; hashtags are ours.
            writer.writerow([one.tag for one in table.columns])
        for row in count.each(table.rows()):
            writer.writerow([_text(cell) for cell in row])
            rows += 1
        down(file)  # type: ignore[arg-type]  # only its number is looked at
    return rows


def _text(cell: Cell) -> Any:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return rfc3339(cell)
        case date():
            return cell.isoformat()
        case str():
            return guarded(cell)
        case _:
            return cell


def _workbook(path: Path, tables: Sequence[Table], count: _Count) -> list[tuple[Table, int]]:
    """Texts are cells of type text, which nothing runs: they need no guard."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    made: list[tuple[Table, int]] = []
    parts: list[Path] = []
    try:
        for table in tables:
            rows = 0
            sheet = None
            for row in count.each(table.rows()):
                if sheet is None or rows % (SHEET_ROWS - 2) == 0:
                    place = rows // (SHEET_ROWS - 2) + 1
                    sheet = _sheet(book, table, place, path, parts)
                sheet.append([_cell(sheet, one) for one in row])
                rows += 1
            if sheet is None:
                _sheet(book, table, 1, path, parts).append([])
            made.append((table, rows))
        with open(path, "xb", opener=_private) as file:
            book.save(file)
            down(file)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return made


def _sheet(book: Workbook, table: Table, place: int, path: Path, parts: list[Path]) -> Any:
    """A sheet with its two head rows. Its rows lie beside the workbook until it is whole: the
    library would put them, in the clear, into the machine's common folder for such files."""
    from openpyxl.worksheet._writer import ALL_TEMP_FILES, WorksheetWriter

    sheet: Any = book.create_sheet(table.name if place == 1 else f"{table.name} {place}")
    part = path.with_name(f".{path.name}.{len(parts)}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    parts.append(part)
    ALL_TEMP_FILES.append(str(part))  # which the library takes away itself, once it is read
    sheet.freeze_panes = "A3"
    sheet._writer = WorksheetWriter(sheet, out=str(part))
    sheet._writer.write_top()
    sheet.append([one.name for one in table.columns])
    sheet.append([one.tag for one in table.columns])
    return sheet


def _cell(sheet: Any, cell: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    value = _plain(cell)
    if not isinstance(value, str):
        return value
    made = WriteOnlyCell(sheet)
    try:
        made.value = value[:CELL]
    except IllegalCharacterError:
        made.value = "".join(char if char.isprintable() else "\ufffd" for char in value)[:CELL]
    made.data_type = "s"  # whatever it begins with
    return made


def _plain(cell: Cell) -> Any:
    if isinstance(cell, bool | datetime | date):
        return _text(cell)
    return cell
