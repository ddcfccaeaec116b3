"""Hearing that a widget came to stand elsewhere in its window.

What floats over a page is placed once, but a page may be laid out again under it: a message
comes, a field that is not asked any more goes. Then it has to follow its input.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget


class Follows(QObject):
    """Tells when ``owner``, or anything it lies in, moves or gets another size."""

    moved = Signal()

    def __init__(self, owner: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._owner = owner

    def watch(self) -> None:
        """Listen to all that the owner lies in now. May be called again when that changed."""
        window = self._owner.window()
        above: QWidget | None = self._owner
        while above is not None and above is not window:
            above.installEventFilter(self)  # the same one twice is the same as once
            above = above.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self.moved.emit()
        return super().eventFilter(watched, event)
