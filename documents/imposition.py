"""Finished pages on sheets: cards side by side.

Works on what is drawn already and changes nothing in it: a page becomes a form that is placed at
its own size, so a code that was read on the page is the same on the sheet.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as native

from documents.errors import PageError, RasterError
from documents.joining import for_both_sides as for_both_sides
from documents.joining import joined as joined
from documents.raster import PDFIUM

MM: Final = 72 / 25.4
CARD: Final = (85.6, 53.98)
"""ID-1 of ISO/IEC 7810, in millimetres."""
SLACK: Final = 1.0
"""Millimetres by which a page may differ from the card it is taken for: makers round."""
_MARK: Final = 4.0  # millimetres of a cut mark, outside the cards
_OFF: Final = 1.0  # millimetres between a card's corner and its mark
_HAIR: Final = 0.25  # points: the thinnest line that every office printer shows


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its grid, in millimetres. Cut marks stand outside the cards."""

    width: float = 210.0
    height: float = 297.0
    columns: int = 2
    rows: int = 4
    cell: tuple[float, float] = CARD
    gap: float = 8.0

    @property
    def cells(self) -> int:
        """How many pages one side takes."""
        return self.columns * self.rows

    def place(self, cell: int, *, back: bool) -> tuple[float, float]:
        """The lower left corner of a cell, from the top left on; a back is mirrored, so that it
        lies behind its front when the sheet is turned over its long edge."""
        line, column = divmod(cell, self.columns)
        if back:
            column = self.columns - 1 - column
        wide = self.columns * self.cell[0] + (self.columns - 1) * self.gap
        high = self.rows * self.cell[1] + (self.rows - 1) * self.gap
        left = (self.width - wide) / 2 + column * (self.cell[0] + self.gap)
        top = (self.height + high) / 2 - line * (self.cell[1] + self.gap)
        return left, top - self.cell[1]


CARDS_ON_A4: Final = Sheet()
"""Eight cards on an A4 sheet."""


def on_sheets(pdf: bytes, sheet: Sheet = CARDS_ON_A4, *, backs: bool = False) -> bytes:
    """Card-size pages side by side on sheets, with cut marks.

    With `backs`, pages come in pairs of front and back, and so do the sheets.

    Raises:
        RasterError: the PDF cannot be read. PageError: a page is no card, or a back is missing.
    """
    with PDFIUM:
        made = pdfium.PdfDocument.new()
        try:
            with _opened(pdf) as document:
                total = len(document)
                for index in range(total):
                    _require_card(document.get_page_size(index), sheet)
                if backs and total % 2:
                    raise PageError("backs", "A card has no back. Print the fronts alone.")
                step = 2 if backs else 1
                for first in range(0, total, sheet.cells * step):
                    block = range(first, min(first + sheet.cells * step, total))
                    for side in range(step):
                        _side(made, document, list(block[side::step]), sheet, back=side == 1)
            return _saved(made)
        finally:
            made.close()


def _require_card(size: tuple[float, float], sheet: Sheet) -> None:
    if any(abs(got / MM - want) > SLACK for got, want in zip(size, sheet.cell, strict=True)):
        raise PageError("no_card", "These documents are no cards. Print each on its own sheet.")


def _side(
    made: pdfium.PdfDocument,
    document: pdfium.PdfDocument,
    pages: Sequence[int],
    sheet: Sheet,
    *,
    back: bool,
) -> None:
    page = made.new_page(sheet.width * MM, sheet.height * MM)
    for cell, index in enumerate(pages):
        left, low = sheet.place(cell, back=back)
        form = document.page_as_xobject(index, made)
        placed = form.as_pageobject()
        placed.set_matrix(pdfium.PdfMatrix().translate(left * MM, low * MM))
        page.insert_obj(placed)
        form.close()
        if not back:
            _marks(page, left, low, sheet)
    page.gen_content()
    page.close()


def _marks(page: pdfium.PdfPage, left: float, low: float, sheet: Sheet) -> None:
    """Two short lines at each corner of a card: where to cut, and nothing on the card itself."""
    right, high = left + sheet.cell[0], low + sheet.cell[1]
    reach = min(_MARK, sheet.gap / 2)
    for x, away in ((left, -1), (right, 1)):
        for y, up in ((low, -1), (high, 1)):
            _line(page, x + away * _OFF, y, x + away * reach, y)
            _line(page, x, y + up * _OFF, x, y + up * reach)


def _line(page: pdfium.PdfPage, x1: float, y1: float, x2: float, y2: float) -> None:
    path = native.FPDFPageObj_CreateNewPath(ctypes.c_float(x1 * MM), ctypes.c_float(y1 * MM))
    native.FPDFPath_LineTo(path, ctypes.c_float(x2 * MM), ctypes.c_float(y2 * MM))
    native.FPDFPageObj_SetStrokeColor(path, 0, 0, 0, 255)
    native.FPDFPageObj_SetStrokeWidth(path, ctypes.c_float(_HAIR))
    native.FPDFPath_SetDrawMode(path, 0, 1)
    native.FPDFPage_InsertObject(page.raw, path)


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    """An open PDF; the lock is held by the caller. Raises `RasterError`."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        raise RasterError("damaged_file", "The PDF is damaged. Print it again.") from None
    try:
        yield document
    finally:
        document.close()


def _saved(document: pdfium.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
