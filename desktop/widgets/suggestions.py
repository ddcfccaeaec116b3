"""A list of suggestions under an input, inside the window.

Not a popup of its own: those take the keyboard, which breaks input methods and
confuses screen readers. The input keeps the keyboard; the list only shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.style import theme
from desktop.widgets.drawn import draw_line
from desktop.widgets.follows import Follows

_DETAIL: Final = Qt.ItemDataRole.UserRole + 1
_GAP: Final = 12
_MOST: Final = 8  # lines in sight; more are scrolled to


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line: what it says, what tells it from others, and what it stands for."""

    text: str
    value: Any
    detail: str = ""


class Suggestions(QListWidget):
    """The list. ``move`` steps through it, ``take`` chooses, a click chooses."""

    chosen = Signal(object)  # the suggestion's value

    def __init__(self, owner: QWidget, *, label: str, width: int = 0) -> None:
        super().__init__(owner)
        self._owner = owner
        self._least = width
        self._floor = -1
        self.moved = False  # whether the person stepped through it
        self.setProperty("look", "suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Line(self))
        self.setAccessibleName(label)
        self.itemClicked.connect(self._clicked)
        self._follows = Follows(owner, self)
        self._follows.moved.connect(self._owner_moved)
        self.hide()
        owner.destroyed.connect(self.deleteLater)

    def show_lines(
        self, lines: Sequence[Suggestion], *, current: int = -1, likely: bool = False
    ) -> None:
        """Show these under the input; nothing to show hides the list.

        ``likely``: the first is marked for Enter, and one's own words are an answer too: the
        first Down stays on it, and Up takes the mark off.
        """
        self.clear()
        self.moved = False
        for line in lines:
            item = QListWidgetItem(line.text)
            item.setData(Qt.ItemDataRole.UserRole, line.value)
            item.setData(_DETAIL, line.detail)
            said = f"{line.text}, {line.detail}" if line.detail else line.text
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self.addItem(item)
        if not lines:
            self.hide()
            return
        self._floor = current
        self.setCurrentRow(0 if likely else current)
        self._place()
        self._follows.watch()
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Move the mark; where none was at first, before the first line there is none."""
        arrives = by > 0 and not self.moved and self.currentRow() > self._floor
        to = self.currentRow() + (0 if arrives else by)
        self.setCurrentRow(max(self._floor, min(self.count() - 1, to)))
        self.moved = True

    def take(self) -> bool:
        """Choose the marked line; False when there is none."""
        item = self.currentItem() if self.isVisible() else None
        if item is None:
            return False
        self._clicked(item)
        return True

    def _clicked(self, item: QListWidgetItem) -> None:
        value = item.data(Qt.ItemDataRole.UserRole)
        self.hide()
        self.chosen.emit(value)

    def _place(self) -> None:
        window = self._owner.window()
        if self.parentWidget() is not window:
            self.setParent(window)
            self._follow_scrolling()
        line = self.sizeHintForRow(0)
        height = min(_MOST, self.count()) * line + 10
        width = max(self._owner.width(), self._least)
        below = self._owner.mapTo(window, QPoint(0, self._owner.height() + 4))
        if below.y() + height > window.height():  # no room: above the input
            above = self._owner.mapTo(window, QPoint(0, -4 - height))
            below = above if above.y() >= 0 else below
        grows_left = self._owner.isRightToLeft() is not (self._least > self._owner.width())
        left = below.x() + self._owner.width() - width if grows_left else below.x()
        self.setGeometry(max(0, left), below.y(), width, height)

    def _owner_moved(self) -> None:
        if not self.isHidden() and self.count():
            self._place()

    def _follow_scrolling(self) -> None:
        """What the list belongs to scrolls away under it: then it goes."""
        above = self._owner.parentWidget()
        while above is not None:
            if isinstance(above, QAbstractScrollArea):
                above.verticalScrollBar().valueChanged.connect(lambda _value: self.hide())
            above = above.parentWidget()


class _Line(QStyledItemDelegate):
    """A text, strong when a detail stands under it."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        lines = 2 if index.data(_DETAIL) else 1
        return QSize(100, lines * option.fontMetrics.height() + _GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        view = option.widget
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(view, QListWidget) and view.currentRow() == index.row():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(area, 4, 4)
        rtl = option.direction is Qt.LayoutDirection.RightToLeft
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        room = area.adjusted(10, 4, -10, -4)
        detail = str(index.data(_DETAIL) or "")
        strong, plain = QFont.Weight.DemiBold, QFont.Weight.Normal
        lines = [(str(index.data() or ""), "text", strong if detail else plain)]
        if detail:
            lines.append((detail, "muted", plain))
        font = QFont(option.font)
        height = room.height() // len(lines)
        for place, (text, role, weight) in enumerate(lines):
            font.setWeight(weight)
            painter.setFont(font)
            painter.setPen(theme.colour(role))
            line = QRect(room.left(), room.top() + place * height, room.width(), height)
            draw_line(painter, line, text, right=rtl)
        painter.restore()
