"""Python's collector of reference cycles, kept on the UI thread.

A window full of widgets makes cycles all the time. Python collects them on whichever thread
happens to allocate next, and a widget that is collected on a worker is destroyed there, in the
middle of whatever Qt is doing with it: the window then crashes, seldom and anywhere. So while
workers run, the collector runs on the UI thread alone, when a timer finds that it is due.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

LOOK_MS: Final = 250
"""How often to look whether a collection is due: often enough that a page's leavings are small,
seldom enough that nobody feels it."""

_keepers = 0
"""How many collectors keep the automatic one off; it is one switch for the whole process."""

_was = True
"""Whether the automatic one was on before the first of them."""


class UiCollector(QObject):
    """Collects on the thread it was made on until `stop`, and nobody else does meanwhile."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        global _keepers, _was
        if not _keepers:
            _was = gc.isenabled()
        _keepers += 1
        gc.disable()
        self._running = True
        self._timer = QTimer(self)
        self._timer.timeout.connect(look)
        self._timer.start(LOOK_MS)

    def stop(self) -> None:
        """Let Python collect where it likes again, if it did before, once nobody needs it here."""
        global _keepers
        if not self._running:
            return
        self._running = False
        self._timer.stop()
        _keepers -= 1
        if not _keepers and _was:
            gc.enable()


def look() -> None:
    """Collect the oldest generation that is due, as Python would: by its own thresholds."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return
