"""Find anyone: the box in the header, with the first few hits under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.style import icons
from desktop.widgets.suggestions import Suggestion, Suggestions
from desktop.words import tr

_PAUSE_MS: Final = 180  # a typist's pause; searching at each key would waste the worker
_LEAST: Final = 2
_WIDTH: Final = 280
_LIST_WIDTH: Final = 360


class Finder(QLineEdit):
    """Typing asks ``wanted``; Enter asks for the whole list; a line opens a person."""

    wanted = Signal(str)  # show the first hits for this
    searched = Signal(str)  # open the find page with this
    opened = Signal(object)  # a person

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("finder")
        self.setFixedWidth(_WIDTH)
        self.setPlaceholderText(tr("Find anyone (Ctrl+K)"))
        self.setAccessibleName(tr("Find anyone"))
        self.setAccessibleDescription(tr("A name in any script, a number, or a document number"))
        self._glass = self.addAction(
            icons.icon("find", role="muted", size=16), QLineEdit.ActionPosition.LeadingPosition
        )
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(self._typed)
        self._list = Suggestions(self, label=tr("First hits"), width=_LIST_WIDTH)
        self._list.setObjectName("finder-hits")
        self._list.chosen.connect(self.opened)

    def ask(self) -> None:
        """Take the keyboard, ready to type something new."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def show_hits(self, query: str, hits: Sequence[Suggestion]) -> None:
        """Show the first hits for ``query``, unless something else was typed since."""
        if query == self.text().strip() and self.hasFocus():
            self._list.show_lines(hits)

    def hide_hits(self) -> None:
        self._list.hide()

    def hits_shown(self) -> int:
        """How many lines are shown now."""
        return self._list.count() if self._list.isVisible() else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._list.take() and self.text().strip():
                self.hide_hits()
                self.searched.emit(self.text().strip())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._list.isVisible():
            self._list.step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            if self._list.isVisible():
                self.hide_hits()
            else:
                self.clear()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.StyleChange and self._has_glass():
            self._glass.setIcon(icons.icon("find", role="muted", size=16))
        super().changeEvent(event)

    def _has_glass(self) -> bool:
        """Whether there is an icon to paint: not yet in ``__init__``, no more while Qt tears down.

        A line edit's actions go before the line edit, which still hears of a new style.
        """
        return "_glass" in vars(self) and shiboken6.isValid(self._glass)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hide_hits()

    def _typed(self, text: str) -> None:
        if len(text.strip()) < _LEAST:
            self._pause.stop()
            self.hide_hits()
        else:
            self._pause.start()

    def _ask(self) -> None:
        self.wanted.emit(self.text().strip())
