"""Sending a finished document to a printer, through the system's own print dialog.

Pages are drawn on a worker, one at a time, at the printer's resolution; no file is written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from PySide6.QtCore import QEventLoop, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from desktop.drawn import as_image
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
    return print_to(printer, pdf) > 0


def print_to(printer: QPrinter, pdf: bytes) -> int:
    """Print the pages that were asked for, or all, each on paper of its own size; returns how many
    were printed. A range without any of them prints nothing."""
    tasks = Tasks(pool_threads=1)
    try:
        count = _await(tasks, lambda _task: _count(pdf))
        painter: QPainter | None = None
        ranges = printer.pageRanges()
        pages = [at for at in range(count) if ranges.isEmpty() or ranges.contains(at + 1)]
        for page in pages:
            image = _await(tasks, partial(_draw_on_worker, pdf, page))
            points = QSizeF(image.size()) * (_POINTS_PER_INCH / _DPI)
            paper = QPageSize(
                points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch
            )
            printer.setPageLayout(QPageLayout(paper, QPageLayout.Orientation.Portrait, QMarginsF()))
            if painter is None:
                painter = QPainter(printer)
            else:
                printer.newPage()
            painter.drawImage(QRectF(painter.viewport()), image)
        if painter is not None:
            painter.end()
        return len(pages)
    finally:
        tasks.close()


def draw_page(pdf: bytes, page: int, *, dpi: int = _DPI) -> QImage:
    """One page as a picture. On a worker.

    Raises `documents.errors.RasterError` for what is no PDF, or has no such page.
    """
    from documents import raster  # pdfium, with the first page that is shown

    return as_image(raster.page(pdf, page, dpi=dpi))


def _count(pdf: bytes) -> int:
    from documents import raster  # pdfium, with the first page that is shown

    return raster.page_count(pdf)


def _draw_on_worker(pdf: bytes, page: int, _task: Task) -> QImage:
    return draw_page(pdf, page, dpi=_DPI)


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
