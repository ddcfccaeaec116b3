"""Sending a finished document to a printer, through the system's own print dialog.

Pages are drawn by QtPdf on a worker, one at a time, at the printer's resolution.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QMarginsF, QRectF, QSize
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from desktop.tasks import Lane, Task, Tasks

T = TypeVar("T")

_POINTS_PER_INCH: Final = 72
_DPI: Final = 300  # the smallest module of a code, 0.40 mm, is nearly 5 dots


def ask_and_print(parent: QWidget, pdf: bytes, title: str) -> bool:
    """Ask for a printer and print; False when cancelled or when there is none."""
    if not QPrinterInfo.availablePrinterNames():
        return False
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setFullPage(True)
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    print_to(printer, pdf)
    return True


def print_to(printer: QPrinter, pdf: bytes) -> int:
    """Print every page, each on paper of its own size; returns how many there were."""
    tasks = Tasks(pool_threads=1)
    try:
        sizes = _await(tasks, lambda _task: _page_sizes(pdf))
        painter: QPainter | None = None
        for page, (width, height) in enumerate(sizes):
            image = _await(tasks, partial(_draw_on_worker, pdf, page))
            paper = QPageSize(
                QRectF(0, 0, width, height).size(),
                QPageSize.Unit.Point,
                "",
                QPageSize.SizeMatchPolicy.FuzzyMatch,
            )
            printer.setPageLayout(QPageLayout(paper, QPageLayout.Orientation.Portrait, QMarginsF()))
            if painter is None:
                painter = QPainter(printer)
            else:
                printer.newPage()
            painter.drawImage(QRectF(painter.viewport()), image)
        if painter is not None:
            painter.end()
        return len(sizes)
    finally:
        tasks.close()


def draw_page(pdf: bytes, page: int, *, dpi: int = _DPI) -> QImage:
    """One page as a picture. On a worker. Raises ValueError for what is no PDF."""
    document, _held = _opened(pdf)
    points = document.pagePointSize(page)
    size = QSize(
        round(points.width() * dpi / _POINTS_PER_INCH),
        round(points.height() * dpi / _POINTS_PER_INCH),
    )
    image = document.render(page, size)
    flat = QImage(image.size(), QImage.Format.Format_RGB32)
    flat.fill(0xFFFFFFFF)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    return flat


def _draw_on_worker(pdf: bytes, page: int, _task: Task) -> QImage:
    return draw_page(pdf, page, dpi=_DPI)


def _page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    document, _held = _opened(pdf)
    sizes = [document.pagePointSize(page) for page in range(document.pageCount())]
    return [(size.width(), size.height()) for size in sizes]


def _opened(pdf: bytes) -> tuple[QPdfDocument, QBuffer]:
    """The document, and the buffer that has to outlive it."""
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    if document.status() is not QPdfDocument.Status.Ready:
        raise ValueError("These bytes are no document that can be printed.")
    return document, buffer


def _await(tasks: Tasks, fn: Callable[[Task], T]) -> T:
    """Wait for a worker while the window goes on drawing, deaf to the keyboard."""
    loop = QEventLoop()
    results: list[T] = []
    errors: list[Exception] = []

    def finish(where: list[Any], value: Any) -> None:
        where.append(value)
        loop.quit()

    tasks.run(
        fn,
        done=lambda value: finish(results, value),
        failed=lambda error: finish(errors, error),
        lane=Lane.POOL,
    )
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    if errors:
        raise errors[0]
    return results[0]
