"""The header of a table."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView

from desktop.style import icons, theme


class Head(QHeaderView):
    """The header, with our own mark for the order."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(False)
        self.setMinimumSectionSize(48)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, theme.colour("raised"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
        font = self.font()
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        model = self.model()
        title = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        side = model.headerData(
            section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole
        )
        rtl = self.isRightToLeft()
        at_end = bool(side is not None and side & Qt.AlignmentFlag.AlignTrailing)
        room = rect.adjusted(12, 0, -12, 0)
        ordered = self.sortIndicatorSection() == section
        if ordered:
            room = room.adjusted(16, 0, 0, 0) if rtl else room.adjusted(0, 0, -16, 0)
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        across = Qt.AlignmentFlag.AlignRight if at_end is not rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            room,
            int(across | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute),
            shown,
        )
        if ordered:
            up = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            mark = icons.pixmap("chevron-up" if up else "chevron-down", role="muted", size=12)
            width = painter.fontMetrics().horizontalAdvance(shown)
            if across is Qt.AlignmentFlag.AlignRight:
                x = room.right() - width - 15 if rtl else room.right() + 3
            else:
                x = room.left() + width + 3
            painter.drawPixmap(x, rect.center().y() - 5, mark)
        painter.restore()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 34)
