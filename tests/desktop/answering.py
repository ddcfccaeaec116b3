"""Somebody who answers a dialog that waits: within some seconds, or the test fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

D = TypeVar("D", bound=QDialog)
SECONDS = 20
"""Other work may share the machine."""


@contextmanager
def answered(kind: type[D], answer: Callable[[D], object]) -> Iterator[None]:
    """Within, the first dialog of this kind gets its answer once it is in front. A fault of the
    answer closes it and is raised: under Qt's loop it would be printed, and the dialog stay."""
    faults: list[BaseException] = []
    done = False
    until = time.monotonic() + SECONDS
    timer = QTimer()
    timer.setInterval(5)

    def look() -> None:
        nonlocal done
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog):
            return
        if time.monotonic() > until:
            faults.append(AssertionError(f"{type(dialog).__name__} stayed open"))
            dialog.reject()
        elif not done and isinstance(dialog, kind) and not dialog.isActiveWindow():
            dialog.activateWindow()  # keys go to the window that is active
        elif not done and isinstance(dialog, kind):
            done = True
            try:
                answer(dialog)
            except BaseException as fault:
                faults.append(fault)
                dialog.reject()

    timer.timeout.connect(look)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
    if faults:
        raise faults[0]
