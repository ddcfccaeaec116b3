"""The input for a person's name, which shows the person once one is chosen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionFrame

from desktop.interview.person_line import PersonLine
from desktop.style import icons, theme, tokens
from desktop.widgets.code_field import TypeAhead
from desktop.widgets.drawn import draw_line


class PersonChip(TypeAhead):
    """A line to type in. Once a person is chosen it shows them, and Delete lets them go."""

    entered = Signal()
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line: PersonLine | None = None

    def show_line(self, line: PersonLine | None) -> None:
        self.line = line
        self.setReadOnly(line is not None)
        self.setText(line.name if line is not None else "")
        self.setToolTip(line.detail if line is not None else "")
        if line is not None:
            self.deselect()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.line is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.line is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QStyleOptionFrame()
        self.initStyleOption(frame)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, frame, painter, self)
        self._paint_chip(painter, self.line)

    def _paint_chip(self, painter: QPainter, line: PersonLine) -> None:
        rtl = self.isRightToLeft()
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        painter.setFont(strong)
        name_width = painter.fontMetrics().horizontalAdvance(line.name)
        painter.setFont(self.font())
        detail = f" · {line.detail}" if line.detail else ""
        room = self.rect().adjusted(6, 5, -6, -5)
        width = min(room.width(), 40 + name_width + painter.fontMetrics().horizontalAdvance(detail))
        chip = QRect(
            room.right() + 1 - width if rtl else room.left(), room.top(), width, room.height()
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_soft"))
        painter.drawRoundedRect(QRectF(chip), tokens.RADIUS - 2, tokens.RADIUS - 2)
        icon_x = chip.right() - 23 if rtl else chip.left() + 8
        icon = icons.pixmap("person", role="on_accent_soft", size=16)
        painter.drawPixmap(icon_x, chip.center().y() - 7, icon)
        words = chip.adjusted(8, 0, -30, 0) if rtl else chip.adjusted(30, 0, -8, 0)
        name_room = min(name_width + 1, words.width())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        name_area = (
            words.adjusted(words.width() - name_room, 0, 0, 0)
            if rtl
            else QRect(words.left(), words.top(), name_room, words.height())
        )
        rest = words.adjusted(0, 0, -name_room, 0) if rtl else words.adjusted(name_room, 0, 0, 0)
        painter.setFont(strong)
        painter.setPen(theme.colour("text"))
        draw_line(painter, name_area, line.name, right=rtl)
        if detail and rest.width() > 24:
            painter.setFont(self.font())
            painter.setPen(theme.colour("muted"))
            painter.setLayoutDirection(self.layoutDirection())
            draw_line(painter, rest, detail, right=rtl)
