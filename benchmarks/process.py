"""One process of a window benchmark: `python -m benchmarks.process WHAT STATION`.

`bare` and `unlock` end at their first paint, so that their whole life is the figure; `memory`,
`gaps`, `forms` and `keys` print JSON.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def bare() -> None:
    """The least that PySide6 can show."""
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Bare(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            os._exit(0)

    app = QApplication([])
    window = Bare()
    window.show()
    app.exec()


def unlock(station: Path) -> None:
    """The real program, up to the paint of its locked door."""
    from PySide6.QtCore import QEvent, QObject

    from desktop import app as desktop
    from desktop.pages.unlock import UnlockPage

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, UnlockPage):
                os._exit(0)
            return False

    watch = FirstPaint()
    desktop.application(sys.argv[:1]).installEventFilter(watch)
    desktop.main(station)


def main() -> None:
    """Do what the first argument says."""
    what, station = sys.argv[1], Path(sys.argv[2])
    if what == "bare":
        bare()
    elif what == "unlock":
        unlock(station)
    else:
        from benchmarks import at_work

        at_work.run(what, station)


if __name__ == "__main__":
    main()
