"""Parts of the window that come up as windows of their own, if only for a moment.

A part that is shown before it has a parent is a window to the computer: it flashes, takes the
keyboard away, and leaves nobody with it once it is put where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QWidget

from desktop.frame import Frame


class _Strays(QObject):
    """Notices them as they come up."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if (
            event.type() is QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and type(watched).__module__.startswith("desktop.")
            and not isinstance(watched, QMainWindow | QDialog | QMenu | Frame)
            and not watched.property("stands_alone")
        ):
            self.seen.append(f"{type(watched).__name__} {watched.objectName()}".strip())
        return super().eventFilter(watched, event)


@contextmanager
def no_strays() -> Iterator[None]:
    """Fails at its end if a part came up as a window of its own meanwhile."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    strays = _Strays()
    application.installEventFilter(strays)
    try:
        yield
    finally:
        application.removeEventFilter(strays)
    assert strays.seen == [], f"came up as windows of their own: {strays.seen}"


__all__ = ["no_strays"]
