"""The pages of the subject in front, in a line: where we are and what has been asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.interview import paint
from desktop.interview.marks import State
from desktop.style import icons, theme
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the forms; ``step`` is the first of its parts."""

    step: int
    title: str
    state: State
    current: bool


def rows_of(widths: Sequence[int], room: int, *, gap: int, least: int) -> list[list[int]]:
    """Which tab stands in which row: one row while they fit with the ``least`` gap, else as many
    as they need with the whole ``gap``. Titles stay whole; nobody guesses a page by its start."""
    if sum(widths) + least * (len(widths) - 1) <= room:
        return [list(range(len(widths)))] if widths else []
    rows: list[list[int]] = []
    x = 0
    for number, width in enumerate(widths):
        if not rows or x + width > room:
            rows.append([])
            x = 0
        rows[-1].append(number)
        x += width + gap
    return rows


class StepBar(QWidget):
    """Painted tabs. The keyboard moves by Enter and Ctrl+Page keys; the mouse may click."""

    chosen = Signal(int)  # step

    _GAP = 18
    _LEAST = 8
    SIGN = 16

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("steps")
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._tabs: tuple[Tab, ...] = ()
        self._over = -1

    def show_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show these pages."""
        if tuple(tabs) == self._tabs:
            return
        self._tabs = tuple(tabs)
        current = next((n for n, tab in enumerate(tabs, start=1) if tab.current), 0)
        if current:
            self.setAccessibleName(
                tr(
                    "Page {number} of {count}: {title}",
                    number=current,
                    count=len(tabs),
                    title=tabs[current - 1].title,
                )
            )
        self.updateGeometry()
        self.update()

    def tabs(self) -> tuple[Tab, ...]:
        return self._tabs

    def sizeHint(self) -> QSize:
        return QSize(200, self._row_height(1))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self._row_height(1))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = max(1, len(self._rows(width)))
        return rows * self._row_height(rows)

    def _row_height(self, rows: int) -> int:
        """Rows above one another stand closer, so that the questions keep their room."""
        return self.fontMetrics().height() + (16 if rows == 1 else 6)

    def _rows(self, room: int) -> list[list[int]]:
        """The rows, which stay while signs come and go and another page comes to the front."""
        strong = QFontMetrics(paint.strong(self.font()))
        widths = [strong.horizontalAdvance(tab.title) + self.SIGN for tab in self._tabs]
        return rows_of(widths, room, gap=self._GAP, least=self._LEAST)

    def _widths(self) -> list[int]:
        """How wide each tab is, with its sign."""
        strong = QFontMetrics(paint.strong(self.font()))
        plain = self.fontMetrics()
        return [
            (strong if tab.current else plain).horizontalAdvance(tab.title)
            + (self.SIGN if tab.state is not State.OPEN else 0)
            for tab in self._tabs
        ]

    def areas(self) -> list[QRect]:
        """Where each tab is. Gaps shrink before there is a second row."""
        widths, rows = self._widths(), self._rows(self.width())
        height = self._row_height(len(rows))
        areas = []
        for place, row in enumerate(rows):
            used = sum(widths[number] for number in row)
            gap = self._GAP
            if len(rows) == 1:
                spare = (self.width() - used) // max(1, len(row) - 1)
                gap = max(self._LEAST, min(self._GAP, spare))
            x = 0
            for number in row:
                width = min(widths[number], self.width())
                areas.append(QRect(x, place * height, width, height))
                x += width + gap
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            for area in areas:
                area.moveLeft(self.width() - area.right() - 1)
        return areas

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for number, (tab, area) in enumerate(zip(self._tabs, self.areas(), strict=True)):
            painter.setFont(paint.strong(self.font()) if tab.current else self.font())
            ink = "text" if tab.current or number == self._over else "muted"
            text = area
            if tab.state is not State.OPEN:
                name, role = {
                    State.COMPLETE: ("check", "success"),
                    State.ERROR: ("danger", "danger"),
                    State.WARNING: ("warning", "warning"),
                }[tab.state]
                x = area.right() - 12 if rtl else area.left()
                y = area.center().y() - 6
                painter.drawPixmap(QPoint(x, y), icons.pixmap(name, role=role, size=12))
                text = (
                    area.adjusted(0, 0, -self.SIGN, 0) if rtl else area.adjusted(self.SIGN, 0, 0, 0)
                )
            painter.setPen(theme.colour(ink))
            leads = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            title = painter.fontMetrics().elidedText(
                tab.title, Qt.TextElideMode.ElideRight, text.width() + 2
            )
            painter.drawText(text, int(leads | Qt.TextFlag.TextDontClip), title)
            if tab.current:
                painter.setPen(QPen(theme.colour("accent"), 3))
                painter.drawLine(area.left(), area.bottom() - 1, area.right(), area.bottom() - 1)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._at(event.position().toPoint())
        if over != self._over:
            self._over = over
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if over >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        over = self._at(event.position().toPoint())
        if over >= 0:
            self.chosen.emit(self._tabs[over].step)

    def leaveEvent(self, event: Any) -> None:
        self._over = -1
        self.update()

    def _at(self, point: QPoint) -> int:
        for number, area in enumerate(self.areas()):
            if area.adjusted(-4, 0, 4, 0).contains(point):
                return number
        return -1
