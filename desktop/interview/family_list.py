"""The family as a list that grows: the household, then each member, each with a dot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from desktop.interview import paint
from desktop.interview.marks import State
from desktop.style import icons, theme, tokens
from desktop.widgets.buttons import Button
from desktop.widgets.drawn import draw_line
from desktop.widgets.layout import Plain
from desktop.words import tr

WIDTH: Final = 216
_ROW: Final = 52
_ROLE: Final = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is shown. ``spoken`` is what a screen reader says of it."""

    subject: str
    name: str
    detail: str
    state: State
    key: str
    spoken: str


class _Paint(QStyledItemDelegate):
    """Name over relation and age, the function key, and the dot with its shape."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(WIDTH - 16, max(_ROW, 2 * option.fontMetrics.height() + 12))

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        line: Line = index.data(_ROLE)
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect.adjusted(1, 1, -1, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if selected:
            painter.setPen(QPen(theme.colour("focus"), 2) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), tokens.RADIUS, tokens.RADIUS)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(area, tokens.RADIUS, tokens.RADIUS)
        mark = QRect(area.left() + 10, area.center().y() - 8, 16, 16)
        tail = 34
        text = area.adjusted(36, 6, -tail, -6)
        key = QRect(area.right() - tail, area.top(), tail - 8, area.height())
        if rtl:
            mark.moveRight(area.right() - 10)
            text = area.adjusted(tail, 6, -36, -6)
            key.moveLeft(area.left() + 8)
        self._dot(painter, line.state, mark)
        self._words(painter, option, line, text, selected=selected)
        painter.setPen(theme.colour("muted"))
        painter.setFont(paint.small(option.font))
        ends = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(key, int(ends), line.key)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, option: Any, line: Line, area: QRect, *, selected: bool) -> None:
        painter.setFont(paint.strong(option.font))
        painter.setPen(theme.colour("on_accent_soft" if selected else "text"))
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        right = option.direction == Qt.LayoutDirection.RightToLeft
        top = QRect(area.left(), area.top(), area.width(), area.height() // 2)
        draw_line(painter, top, line.name, right=right)
        painter.setFont(paint.small(option.font))
        painter.setPen(theme.colour("muted"))
        painter.setLayoutDirection(option.direction)
        low = QRect(area.left(), top.bottom() + 1, area.width(), area.height() // 2)
        draw_line(painter, low, line.detail, right=right)

    @staticmethod
    def _dot(painter: QPainter, state: State, area: QRect) -> None:
        """A ring while something is open, a tick when done, else the sign of a problem."""
        if state is State.OPEN:
            painter.setPen(QPen(theme.colour("outline"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(area.center()), 5, 5)
            return
        name, role = {
            State.COMPLETE: ("check", "success"),
            State.ERROR: ("danger", "danger"),
            State.WARNING: ("warning", "warning"),
        }[state]
        painter.drawPixmap(area.topLeft(), icons.pixmap(name, role=role, size=16))


class FamilyList(Plain):
    """Rows to go to, a way to add one, and the way to the end."""

    chosen = Signal(str)  # subject
    add_wanted = Signal()
    read_back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("family-list")
        self.setFixedWidth(WIDTH)
        self._lines: tuple[Line, ...] = ()
        self.rows = QListWidget()
        self.rows.setObjectName("family-rows")
        self.rows.setAccessibleName(tr("The family"))
        self.rows.setItemDelegate(_Paint(self.rows))
        self.rows.setMouseTracking(True)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.itemClicked.connect(self._pick)
        self.rows.itemActivated.connect(self._pick)
        self.add = Button(
            tr("Add a member"), icon="plus", on=self.add_wanted.emit, name="family-add"
        )
        self.add.setToolTip(tr("F10"))
        self.end = Button(
            tr("Read back"), icon="check", on=self.read_back_wanted.emit, name="family-read-back"
        )
        self.end.setToolTip(tr("Ctrl+R"))
        for button in (self.add, self.end):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S8)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.add)
        layout.addWidget(self.end)

    def show_family(self, lines: Sequence[Line], *, current: str | None) -> None:
        """Show these rows; ``current`` is in front, None while the family is read back."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            while self.rows.count() > len(lines):
                self.rows.takeItem(self.rows.count() - 1)
            for number, line in enumerate(lines):
                if number >= self.rows.count():
                    self.rows.addItem(QListWidgetItem())
                item = self.rows.item(number)
                item.setText(line.spoken)
                item.setData(_ROLE, line)
        wanted = next((n for n, line in enumerate(lines) if line.subject == current), -1)
        if wanted != self.rows.currentRow():
            self.rows.setCurrentRow(wanted)
        if wanted < 0:
            self.rows.clearSelection()

    def lines(self) -> tuple[Line, ...]:
        """The rows as they are shown."""
        return self._lines

    def current(self) -> str | None:
        """The subject that is marked."""
        place = self.rows.currentRow()
        return self._lines[place].subject if 0 <= place < len(self._lines) else None

    def _pick(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_ROLE).subject)
