"""Find anyone: the box in the header, with the first few hits under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.style import icons, theme
from desktop.words import tr

_PAUSE_MS = 180  # a typist's pause; searching at each key would waste the worker
_LEAST = 2
_DETAIL = Qt.ItemDataRole.UserRole + 1
_GAP = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the list: what to show and what to open."""

    text: str
    detail: str
    person: object


class Finder(QLineEdit):
    """Typing asks ``wanted``; Enter asks for the whole list; a line opens a person."""

    wanted = Signal(str)  # show the first hits for this
    searched = Signal(str)  # open the find page with this
    opened = Signal(object)  # a person

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("finder")
        self.setFixedWidth(280)
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
        self._list = _Hits(self)
        self._list.itemActivated.connect(self._activated)
        self._list.itemClicked.connect(self._activated)

    def ask(self) -> None:
        """Take the keyboard, ready to type something new."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def show_hits(self, query: str, hits: Sequence[Found]) -> None:
        """Show the first hits for ``query``, unless something else was typed since."""
        if query != self.text().strip() or not self.hasFocus():
            return
        self._list.clear()
        for hit in hits:
            item = QListWidgetItem(hit.text)
            item.setData(Qt.ItemDataRole.UserRole, hit.person)
            item.setData(_DETAIL, hit.detail)
            said = f"{hit.text}, {hit.detail}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self._list.addItem(item)
        if not hits:
            self.hide_hits()
            return
        self._list.setCurrentRow(-1)
        self._place()
        self._list.show()
        self._list.raise_()

    def hide_hits(self) -> None:
        self._list.hide()

    def hits_shown(self) -> int:
        """How many lines are shown now."""
        return self._list.count() if self._list.isVisible() else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self._list.currentItem() if self._list.isVisible() else None
            if item is not None:
                self._activated(item)
            elif self.text().strip():
                self.hide_hits()
                self.searched.emit(self.text().strip())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._list.isVisible():
            step = 1 if key == Qt.Key.Key_Down else -1
            row = max(-1, min(self._list.count() - 1, self._list.currentRow() + step))
            self._list.setCurrentRow(row)
        elif key == Qt.Key.Key_Escape:
            if self._list.isVisible():
                self.hide_hits()
            else:
                self.clear()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_glass"):
            self._glass.setIcon(icons.icon("find", role="muted", size=16))
        super().changeEvent(event)

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

    def _activated(self, item: QListWidgetItem) -> None:
        self.hide_hits()
        self.opened.emit(item.data(Qt.ItemDataRole.UserRole))

    def _place(self) -> None:
        window = self.window()
        self._list.setParent(window)
        below = self.mapTo(window, QPoint(0, self.height() + 4))
        rows = min(6, self._list.count())
        height = rows * (2 * self.fontMetrics().height() + _GAP) + _GAP
        width = max(self.width(), 340)
        left = below.x() if self.isRightToLeft() else below.x() + self.width() - width
        self._list.setGeometry(left, below.y(), width, height)


class _Hit(QStyledItemDelegate):
    """A name over what tells it from others."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, 2 * option.fontMetrics.height() + _GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        view = option.widget
        current = isinstance(view, QListWidget) and view.currentRow() == index.row()
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(area, 4, 4)
        room = area.adjusted(10, 4, -10, -4)
        rtl = option.direction is Qt.LayoutDirection.RightToLeft
        across = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        half = room.height() // 2
        font = QFont(option.font)
        for text, role, top, weight in (
            (index.data(), "text", room.top(), QFont.Weight.DemiBold),
            (index.data(_DETAIL), "muted", room.top() + half, QFont.Weight.Normal),
        ):
            font.setWeight(weight)
            painter.setFont(font)
            painter.setPen(theme.colour(role))
            shown = painter.fontMetrics().elidedText(
                str(text or ""), Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(
                QRect(room.left(), top, room.width(), half),
                int(across | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute),
                shown,
            )
        painter.restore()


class _Hits(QListWidget):
    """The list under the box. It never takes the keyboard from it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(None)
        self.setObjectName("finder-hits")
        self.setProperty("look", "suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Hit(self))
        self.setAccessibleName(tr("First hits"))
        self.hide()
        parent.destroyed.connect(self.deleteLater)
