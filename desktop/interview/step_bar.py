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


def _fitted(widths: Sequence[int], room: int, *, keep: int) -> list[int]:
    """The longest are shortened first, so that short titles stay whole; ``keep`` always does."""
    fitted = list(widths)
    others = [n for n in range(len(fitted)) if n != keep]
    while others and sum(fitted) > room:
        longest = max(fitted[n] for n in others)
        tallest = [n for n in others if fitted[n] == longest]
        second = max((fitted[n] for n in others if fitted[n] < longest), default=0)
        needed = -(-(sum(fitted) - room) // len(tallest))  # rounded up: the last must fit too
        least = max(longest - needed, second, StepBar.SIGN * 2)
        if least >= longest:
            break
        for n in tallest:
            fitted[n] = least
    return fitted


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
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
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
        self.update()

    def tabs(self) -> tuple[Tab, ...]:
        return self._tabs

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def _widths(self) -> list[int]:
        """How wide each tab would be, with its sign."""
        strong = QFontMetrics(paint.strong(self.font()))
        plain = self.fontMetrics()
        return [
            (strong if tab.current else plain).horizontalAdvance(tab.title)
            + (self.SIGN if tab.state is not State.OPEN else 0)
            for tab in self._tabs
        ]

    def _areas(self) -> list[QRect]:
        """Where each tab is. Gaps shrink first; then the others are shortened, never the one in
        front."""
        widths = self._widths()
        others = max(1, len(widths) - 1)
        gap = max(self._LEAST, min(self._GAP, (self.width() - sum(widths)) // others))
        current = next((n for n, tab in enumerate(self._tabs) if tab.current), -1)
        widths = _fitted(widths, self.width() - gap * (len(widths) - 1), keep=current)
        areas, x = [], 0
        for width in widths:
            areas.append(QRect(x, 0, width, self.height()))
            x += width + gap
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            for area in areas:
                area.moveLeft(self.width() - area.right() - 1)
        return areas

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for number, (tab, area) in enumerate(zip(self._tabs, self._areas(), strict=True)):
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
        for number, area in enumerate(self._areas()):
            if area.adjusted(-4, 0, 4, 0).contains(point):
                return number
        return -1
