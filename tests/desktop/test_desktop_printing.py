"""Printing a finished document."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QImage, QPageRanges, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from desktop.printing import draw_page, print_to
from documents import raster
from documents.errors import RasterError


@pytest.fixture
def document(dressed: QApplication) -> bytes:
    """Two pages of A5 with a black square each."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    painter = QPainter(writer)
    for page in range(2):
        if page:
            writer.newPage()
        painter.fillRect(QRect(0, 0, 2000, 2000), Qt.GlobalColor.black)
    painter.end()
    return bytes(buffer.data().data())


def black(image: QImage) -> int:
    small = image.scaled(60, 60)
    return sum(small.pixelColor(x, y).lightness() < 60 for x in range(60) for y in range(60))


def test_every_page_reaches_the_paper_at_its_size(document: bytes, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.setFullPage(True)
    assert print_to(printer, document) == 2
    printed = (tmp_path / "out.pdf").read_bytes()
    assert raster.page_count(printed) == 2
    assert raster.page(printed, 0, dpi=72).width == pytest.approx(420, abs=2)  # A5


@pytest.mark.parametrize(("asked", "count"), [("2", 1), ("1-2", 2), ("2-9", 1), ("7", 0)])
def test_a_range_of_pages_is_what_is_printed(
    document: bytes, tmp_path: Path, asked: str, count: int
) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.setFullPage(True)
    printer.setPageRanges(QPageRanges.fromString(asked))
    assert print_to(printer, document) == count
    if count:
        assert raster.page_count((tmp_path / "out.pdf").read_bytes()) == count


def test_a_page_is_drawn_on_white(document: bytes) -> None:
    image = draw_page(document, 0, dpi=72)
    assert image.width() == pytest.approx(420, abs=2)
    assert 0 < black(image) < 3600 / 2
    corner = image.pixelColor(image.width() - 2, image.height() - 2)
    assert corner.lightness() == 255


def test_what_is_no_document_is_refused(dressed: QApplication) -> None:
    with pytest.raises(RasterError):
        draw_page(bytes(QByteArray(b"hello").data()), 0)
