"""The input for machine readable lines, typed by a person or sent by a scanner.

A wedge scanner types as a keyboard does, only faster than anybody can, and ends each line with
Enter or Tab. Those ends belong to the lines: they press no button and leave no field.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from desktop.interview import paint
from desktop.style import fonts, theme
from desktop.widgets.drawn import draw_line
from desktop.words import tr

BURST: Final = 0.06
"""Seconds between two keys that nobody types; scanners send within a few thousandths."""

LINES: Final = 3
_BESIDE: Final = 8  # pixels between a line, what is said of it, and the edge
_MOST: Final = 400  # characters; three lines have ninety, a page pasted by mistake has thousands
_ENTERS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MrzLines(QPlainTextEdit):
    """Two or three lines. ``confirmed`` is an Enter that a person pressed after whole lines.

    ``monotonic`` gives seconds, by which a scanner is told from a typist.
    """

    confirmed = Signal()

    def __init__(self, *, monotonic: Callable[[], float], whole: Callable[[], bool]) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._whole = whole
        self._last = float("-inf")
        self.setObjectName("mrz-lines")
        self.setAccessibleName(tr("Machine-readable lines"))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhPreferUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhLatinOnly
        )
        font = fonts.mono()
        font.setPixelSize(theme.scaled(15))
        self.setFont(font)
        self.textChanged.connect(self._tell_counts)

    def sizeHint(self) -> QSize:
        return QSize(480, LINES * self.fontMetrics().lineSpacing() + 30)

    def text(self) -> str:
        return self.toPlainText()

    def counts(self) -> list[tuple[QRect, str]]:
        """How long each line is, and where that is said: at the end of the line itself. Where the
        line leaves little room it is the bare number."""
        font = paint.small(self.font())
        metrics = QFontMetrics(font)
        found = []
        for place, said in enumerate(self._said_counts()):
            block = self.document().findBlockByNumber(place)
            line = self.blockBoundingGeometry(block).translated(self.contentOffset()).toRect()
            ends = line.left() + self.fontMetrics().horizontalAdvance(block.text()) + _BESIDE
            room = self.viewport().width() - _BESIDE - ends
            for text in (said, str(len(block.text().replace(" ", "")))):
                width = metrics.horizontalAdvance(text) + 1
                if block.text().strip() and width <= room:
                    left = self.viewport().width() - _BESIDE - width
                    found.append((QRect(left, line.top(), width, line.height()), text))
                    break
        return found

    def _said_counts(self) -> list[str]:
        return [
            tr("line {n}: {count} characters", n=place, count=len(line.replace(" ", "").strip()))
            for place, line in enumerate(self.text().split("\n")[: LINES + 1], 1)
        ]

    def _tell_counts(self) -> None:
        self.setAccessibleDescription(", ".join(self._said_counts()) if self.text() else "")
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setFont(paint.small(self.font()))
        painter.setPen(theme.colour("muted"))
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        for area, text in self.counts():
            draw_line(painter, area, text, right=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        now = self._monotonic()
        scanned = now - self._last < BURST
        self._last = now
        key = event.key()
        if key in _ENTERS:
            self._enter(scanned)
        elif key == Qt.Key.Key_Tab and scanned:
            self._break()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.setTabChangesFocus(True)
            self.focusNextPrevChild(key == Qt.Key.Key_Tab)
            self.setTabChangesFocus(False)  # or a scanner's Tab would never come here
        elif len(self.toPlainText()) >= _MOST and event.text().isprintable() and event.text():
            return
        else:
            super().keyPressEvent(event)

    def _enter(self, scanned: bool) -> None:
        if not self._whole():
            self._break()
        elif not scanned:
            self.confirmed.emit()

    def _break(self) -> None:
        """A new line, where there is one to begin."""
        text = self.toPlainText()
        if text and not text.endswith("\n") and text.count("\n") < LINES:
            self.insertPlainText("\n")

    def mark(self, line: int | None, position: int | None) -> None:
        """Point at a character, counted from 1 as on the document; None for none."""
        block = self.document().findBlockByNumber(line - 1) if line else None
        if block is None or not block.isValid() or not position:
            self.setExtraSelections([])
            return
        place = QTextEdit.ExtraSelection()
        cursor = QTextCursor(block)
        cursor.movePosition(
            QTextCursor.MoveOperation.Right,
            QTextCursor.MoveMode.MoveAnchor,
            min(position - 1, max(0, block.length() - 2)),
        )
        cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor)
        shape = QTextCharFormat()
        shape.setBackground(QColor(theme.current().danger_soft))
        shape.setForeground(QColor(theme.current().danger))
        shape.setFontUnderline(True)
        place.cursor = cursor
        place.format = shape
        self.setExtraSelections([place])
