"""Python's collector of reference cycles, kept on the UI thread.

A window full of widgets makes cycles all the time. Python collects them on whichever thread
happens to allocate next, and a widget that is collected on a worker is destroyed there, in the
middle of whatever Qt is doing with it: the window then crashes, seldom and anywhere. So while
workers run, the collector runs on the UI thread alone, when a timer finds that it is due.
"""

from __future__ import annotations

import gc
from contextlib import ExitStack
from typing import Final

from PySide6.QtCore import QObject, QTimer

from values import collecting

LOOK_MS: Final = 250
"""How often to look whether a collection is due: often enough that a page's leavings are small,
seldom enough that nobody feels it."""


class UiCollector(QObject):
    """Collects on the thread it was made on until `stop`, and nobody else does meanwhile."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._off = ExitStack()
        self._off.enter_context(collecting.later())
        self._timer = QTimer(self)
        self._timer.timeout.connect(look)
        self._timer.start(LOOK_MS)

    def stop(self) -> None:
        """Let Python collect as it did before, once nobody else keeps it off."""
        self._timer.stop()
        self._off.close()


def look() -> None:
    """Collect the oldest generation that is due, as Python would: by its own thresholds."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return
