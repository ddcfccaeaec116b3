"""Enter moves on, Shift+Enter back: typing a form without the mouse or the Tab key."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from desktop.widgets import tab_order
from desktop.widgets.ticks import TickBox

_TYPED = (QLineEdit, QComboBox, TickBox)
_PLUS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)  # the same key, with and without Shift


class EnterMoves(QObject):
    """Makes Enter walk through the inputs of ``area`` in Tab order.

    On the last one it emits ``past_end`` (the page moves on), before the first one
    ``past_start``. A button that is not a choice keeps Enter for itself, and so
    does a text of several lines. A button with the property ``passed`` is passed by: Tab
    finds it, Space presses it. Ctrl+Plus adds to the next of the groups in the area.
    """

    past_end = Signal()
    past_start = Signal()

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self.watch()

    def watch(self) -> None:
        """Take in inputs added since; a widget with keys of its own then claims Enter again."""
        children = self._area.findChildren(QWidget)
        for widget in children:
            if isinstance(widget, _TYPED) or self._is_choice(widget) or self._is_passed(widget):
                widget.removeEventFilter(self)
                widget.installEventFilter(self)
        for widget in children:
            claim = getattr(widget, "claim_enter", None)
            if claim is not None:
                claim()

    @classmethod
    def teach(cls, widget: QWidget) -> None:
        """Let whoever walks through the area around ``widget`` take in what was added to it."""
        above: QWidget | None = widget
        while above is not None:
            found = above.findChild(cls, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if isinstance(found, EnterMoves):
                found.watch()
                return
            above = above.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _PLUS and modifiers & Qt.KeyboardModifier.ControlModifier:
            return isinstance(watched, QWidget) and self._add_row(watched)
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return super().eventFilter(watched, event)
        if modifiers == Qt.KeyboardModifier.NoModifier and isinstance(watched, QWidget):
            accept = getattr(watched, "accept_pending", None)
            if accept is not None:
                accept()
            self._move(watched, forward=True)
            return True
        if modifiers == Qt.KeyboardModifier.ShiftModifier and isinstance(watched, QWidget):
            self._move(watched, forward=False)
            return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _is_choice(widget: QWidget) -> bool:
        return isinstance(widget, QPushButton) and widget.property("look") == "segment"

    @classmethod
    def _choice_of(cls, widget: QWidget) -> QWidget | None:
        """What holds the answers of which the widget is one. It is not asked for its group: the
        group and the answer would then keep each other, and nobody else need keep them."""
        return widget.parentWidget() if cls._is_choice(widget) else None

    @staticmethod
    def _is_passed(widget: QWidget) -> bool:
        return isinstance(widget, QPushButton) and bool(widget.property("passed"))

    def _stops(self) -> list[QWidget]:
        """The inputs in Tab order; of a choice only the chosen answer, or the first."""
        stops: list[QWidget] = []
        places: dict[QWidget, int] = {}
        for widget in tab_order.after(self._area):
            if not (self._area.isAncestorOf(widget) and self._takes_keys(widget)):
                continue
            choice = self._choice_of(widget)
            if choice is None:
                stops.append(widget)
            elif choice not in places:
                places[choice] = len(stops)
                stops.append(widget)
            elif isinstance(widget, QPushButton) and widget.isChecked():
                stops[places[choice]] = widget
        return stops

    def _takes_keys(self, widget: QWidget) -> bool:
        if not widget.isEnabled() or not widget.isVisibleTo(self._area):
            return False
        if isinstance(widget, QPlainTextEdit) or self._is_choice(widget) or self._is_passed(widget):
            return True
        if isinstance(widget, QLineEdit):
            return not isinstance(widget.parentWidget(), QComboBox)
        return isinstance(widget, _TYPED)

    def _move(self, current: QWidget, *, forward: bool) -> None:
        stops = self._stops()
        choice = self._choice_of(current)
        if choice is not None:
            here = next((i for i, one in enumerate(stops) if self._choice_of(one) is choice), -1)
        else:
            here = stops.index(current) if current in stops else -1
        step = 1 if forward else -1
        target = here + step
        while 0 <= target < len(stops) and self._is_passed(stops[target]):
            target += step
        if here == -1 or target >= len(stops):
            self.past_end.emit()
        elif target < 0:
            self.past_start.emit()
        else:
            stops[target].setFocus(Qt.FocusReason.TabFocusReason)

    def _add_row(self, current: QWidget) -> bool:
        """Add to the group after ``current``, else to the first; says whether there is one."""
        groups = [
            widget
            for widget in self._area.findChildren(QWidget)
            if hasattr(widget, "add_row") and widget.isVisibleTo(self._area)
        ]
        height = current.mapTo(self._area, QPoint(0, 0)).y()
        below = (one for one in groups if one.mapTo(self._area, QPoint(0, 0)).y() >= height)
        chosen: Any = next(below, groups[0] if groups else None)
        if chosen is not None:
            chosen.add_row()
        return chosen is not None
