"""A pre-registration list as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from forms.prelist.row import Row, make_row
from forms.prelist.table import column_name, read_table

__all__ = ["Prelist", "read", "series_of"]

_REFUSED = re.compile(r"(?:\.rejected)+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prelist:
    """A list as read. ``columns`` are the header as written; ``series`` is its name without
    ``.rejected``, which tells a second reading of it; ``on`` is the day it was written."""

    filename: str
    series: str
    on: date
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    bom: bool = False

    def row(self, number: int) -> Row:
        """The data record counted from 1. Raises :class:`IndexError`."""
        if number < 1:
            raise IndexError(number)
        return self.rows[number - 1]


def read(data: bytes, filename: str, *, on: date) -> Prelist:
    """Read a list (CSV or XLSX) written on the day ``on``.

    Rows that cannot be read are part of the result, with their fault. Raises
    :class:`~forms.errors.PrelistError` only when there is no list to read.
    """
    table = read_table(data)
    names = tuple(column_name(cell) for cell in table.columns)
    rows = tuple(
        make_row(number, record, names) for number, record in enumerate(table.records, start=1)
    )
    return Prelist(PurePath(filename).name, series_of(filename), on, table.columns, rows, table.bom)


def series_of(filename: str) -> str:
    """The name of the list that a file belongs to: ``camp.rejected.csv`` belongs to ``camp``."""
    stem = PurePath(filename.replace("\\", "/")).stem
    return _REFUSED.sub("", stem) or stem
