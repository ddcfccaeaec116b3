"""A month's page: one square for each day, a mark that the keyboard moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.style import theme
from desktop.widgets.calendar_names import CalendarNames
from desktop.widgets.picking import ROWS, Extent, Mark, YearTyping
from values.calendars import Calendar

_CELL: Final = QSize(42, 30)
_HEAD: Final = 24
_K = Qt.Key
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ABOUT: Final = frozenset({_K.Key_AsciiTilde, _K.Key_Dead_Tilde, _K.Key_A})


class MonthGrid(QWidget):
    """Shows the month of a mark, and moves it.

    Arrows move by days, Page keys by months, with Ctrl by years, with Shift by ten; Home and End
    go to the month's ends, T to today, four digits to a year. Enter takes the day, M only its
    month, Y only its year; ~ says "about".
    """

    moved = Signal(object)  # the Mark
    taken = Signal(object)  # an Extent
    typing = Signal(str)  # the digits of a year so far

    def __init__(self, names: CalendarNames, today: Callable[[], date]) -> None:
        super().__init__()
        self._names = names
        self.today = today
        self._year = YearTyping()
        self._hover = 0
        self.mark = Mark.at(today(), Calendar.GREGORIAN)
        self._weeks = self.mark.weeks(names.first_weekday)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_mark(self, mark: Mark) -> None:
        """Show this day's month; does not tell ``moved``."""
        self.mark = mark
        self._weeks = mark.weeks(self._names.first_weekday)
        self.update()

    def go(self, mark: Mark) -> None:
        """Move the mark, and tell it."""
        self.show_mark(mark)
        self.moved.emit(mark)

    def forget_year(self) -> None:
        """Drop the digits typed so far."""
        if self._year.typed:
            self._year.forget()
            self.typing.emit("")

    # keys ------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (_K.Key_PageUp, _K.Key_PageDown, _K.Key_Escape)
        ):
            event.accept()  # the window's keys of that name mean the page below
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        target = self._moves(key, modifiers)
        if target is not None:
            self.forget_year()
            self.go(target)
        elif key in (_K.Key_Return, _K.Key_Enter):
            self.taken.emit(Extent.DAY)
        elif key == _K.Key_Escape:
            super().keyPressEvent(event)
        elif key == _K.Key_Backspace and self._year.back():
            self.typing.emit(self._year.typed)
        elif modifiers in (Qt.KeyboardModifier.NoModifier, _SHIFT) and self._letter(event):
            pass
        else:
            super().keyPressEvent(event)

    def _moves(self, key: int, modifiers: Qt.KeyboardModifier) -> Mark | None:
        """Where a key moves the mark; None for other keys."""
        mark, onward = self.mark, -1 if self.isRightToLeft() else 1
        if key in (_K.Key_PageUp, _K.Key_PageDown):
            by = 1 if key == _K.Key_PageDown else -1
            if modifiers & _SHIFT:
                return mark.years(10 * by)
            return mark.years(by) if modifiers & _CTRL else mark.months(by)
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return None
        match key:
            case _K.Key_Left:
                return mark.days(-onward)
            case _K.Key_Right:
                return mark.days(onward)
            case _K.Key_Up:
                return mark.days(-7)
            case _K.Key_Down:
                return mark.days(7)
            case _K.Key_Home:
                return mark.on_day(1)
            case _K.Key_End:
                return mark.on_day(mark.length)
            case _K.Key_T:
                return replace(Mark.at(self.today(), mark.calendar), about=mark.about)
            case _:
                return None

    def _letter(self, event: QKeyEvent) -> bool:
        if event.key() in (_K.Key_M, _K.Key_Y):
            self.taken.emit(Extent.MONTH if event.key() == _K.Key_M else Extent.YEAR)
            return True
        if event.key() in _ABOUT or event.text() in ("~", "≈"):
            self.go(replace(self.mark, about=not self.mark.about))
            return True
        had = self._year.typed
        year = self._year.take(event.text())
        if year is not None:
            self.go(self.mark.in_year(year))
        if year is not None or had != self._year.typed:
            self.typing.emit(self._year.typed)
            return True
        return False

    # the mouse -------------------------------------------------------------------------

    def _at(self, point: QPoint) -> int:
        """The day under the mouse, 0 for none."""
        cell = self._cell()
        column, line = point.x() // cell.width(), (point.y() - self._head()) // cell.height()
        if point.y() < self._head() or not (0 <= column < 7 and 0 <= line < ROWS):
            return 0
        return self._weeks[line][6 - column if self.isRightToLeft() else column]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self._at(event.position().toPoint())
        if under != self._hover:
            self._hover = under
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = 0
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        chosen = self._at(event.position().toPoint())
        if chosen and event.button() is Qt.MouseButton.LeftButton:
            self.go(self.mark.on_day(chosen))
            self.taken.emit(Extent.DAY)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.go(self.mark.months(-1 if event.angleDelta().y() > 0 else 1))
        event.accept()

    # looks -----------------------------------------------------------------------------

    def _cell(self) -> QSize:
        return QSize(theme.scaled(_CELL.width()), theme.scaled(_CELL.height()))

    def _head(self) -> int:
        return theme.scaled(_HEAD)

    def sizeHint(self) -> QSize:
        cell = self._cell()
        return QSize(7 * cell.width(), self._head() + ROWS * cell.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell, rtl = self._cell(), self.isRightToLeft()
        self._paint_head(painter, cell, rtl)
        today = Mark.at(self.today(), self.mark.calendar)
        this_month = (today.year, today.month) == (self.mark.year, self.mark.month)
        for line, week in enumerate(self._weeks):
            for place, number in enumerate(week):
                if number:
                    column = 6 - place if rtl else place
                    top = self._head() + line * cell.height()
                    area = QRect(QPoint(column * cell.width(), top), cell)
                    self._paint_day(painter, area, number, today=this_month and number == today.day)

    def _paint_head(self, painter: QPainter, cell: QSize, rtl: bool) -> None:
        font = QFont(self.font())
        font.setPixelSize(theme.scaled(12))
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        room = cell.width() - 4
        fits = all(
            painter.fontMetrics().horizontalAdvance(name) <= room for name in self._names.short
        )
        names = self._names.short if fits else self._names.narrow
        for place, day in enumerate(self._names.week()):
            column = 6 - place if rtl else place
            area = QRect(column * cell.width(), 0, cell.width(), self._head())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), names[day])

    def _paint_day(self, painter: QPainter, area: QRect, number: int, *, today: bool) -> None:
        inner = QRectF(area).adjusted(2, 1.5, -2, -1.5)
        marked = number == self.mark.day
        painter.setPen(Qt.PenStyle.NoPen)
        ink = "text"
        if marked:
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(inner, 5, 5)
            ink = "on_accent"
        elif number == self._hover:
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(inner, 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if marked and self.hasFocus():
            painter.setPen(QPen(theme.colour("on_accent"), 2))
            painter.drawRoundedRect(inner.adjusted(2.5, 2.5, -2.5, -2.5), 3, 3)
        elif today and not marked:
            painter.setPen(QPen(theme.colour("outline"), 1.5))
            painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if marked or today else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), str(number))
