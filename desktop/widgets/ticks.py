"""A tick box and a combo box drawn from the tokens.

Style sheets can only draw their marks from files; these paint the tinted icon.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QWidget

from desktop.style import icons, theme

_BOX = 20
_GAP = 10


class TickBox(QCheckBox):
    """A check box with a clear box, a clear tick and a clear focus ring; its text wraps."""

    def __init__(self, text: str = "", *, name: str = "") -> None:
        super().__init__(text)
        if name:
            self.setObjectName(name)
        self.setAccessibleName(text.replace("&", ""))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + _BOX + _GAP + 8
        return QSize(width, max(28, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(160, self.sizeHint().width()), self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(40, width - _BOX - _GAP - 8), 10_000)
        text = self.fontMetrics().boundingRect(
            room, int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextShowMnemonic), self.text()
        )
        return max(28, text.height() + 8)

    def hitButton(self, position: object) -> bool:
        return bool(self.rect().contains(position))  # type: ignore[call-overload]  # a QPoint

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = self.width() - _BOX - 3 if rtl else 3
        metrics = self.fontMetrics()
        first_line = (max(28, metrics.height() + 8) - _BOX) // 2
        box = QRectF(left + 0.5, first_line + 0.5, _BOX - 1, _BOX - 1)
        ticked = self.isChecked()
        edge = "accent" if ticked else "outline"
        fill = "accent" if ticked else "field"
        if not self.isEnabled():
            edge, fill = "line", "pressed" if ticked else "window"
        painter.setPen(QPen(theme.colour(edge), max(1.5, theme.current().border)))
        painter.setBrush(theme.colour(fill))
        painter.drawRoundedRect(box, 4, 4)
        if ticked:
            mark = icons.pixmap("check", role="on_accent" if self.isEnabled() else "muted", size=16)
            painter.drawPixmap(left + 2, first_line + 2, mark)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6)
        painter.setPen(theme.colour("text" if self.isEnabled() else "muted"))
        top = (max(28, metrics.height() + 8) - metrics.height()) // 2
        start = _BOX + _GAP + 3
        room = (
            self.rect().adjusted(0, top, -start, 0)
            if rtl
            else self.rect().adjusted(start, top, 0, 0)
        )
        flags = (
            Qt.TextFlag.TextWordWrap
            | Qt.TextFlag.TextShowMnemonic
            | Qt.AlignmentFlag.AlignTop
            | Qt.AlignmentFlag.AlignLeading
        )
        painter.drawText(room, int(flags), self.text())


class Select(QComboBox):
    """A combo box with our chevron, which the wheel does not change by accident."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(6)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        mark = icons.pixmap("chevron-down", role="muted", size=16)
        x = 9 if rtl else self.width() - 16 - 9
        painter.drawPixmap(x, (self.height() - 16) // 2, mark)
