"""A page of a document as a picture, drawn away from the UI thread."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.style import theme, tokens
from desktop.words import tr

DPI: Final = 130
"""Sharp at the size of the pane on a dense screen, and drawn in a moment."""


class Paper(QWidget):
    """A sheet on a desk, or words where it will be."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paper")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self._picture: QPixmap | None = None
        self._words = ""
        self.say("")

    def say(self, words: str) -> None:
        """Show no sheet, but these words."""
        self._picture = None
        self._words = words
        self.setAccessibleName(words or tr("No preview"))
        self.update()

    def show_page(self, image: QImage, name: str) -> None:
        """Show a page."""
        self._picture = QPixmap.fromImage(image)
        self.setAccessibleName(name)
        self.update()

    @property
    def has_page(self) -> bool:
        """Whether a sheet is in sight."""
        return self._picture is not None

    def sizeHint(self) -> QSize:
        return QSize(380, 520)

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.rect().adjusted(0, 0, -1, -1)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("hover"))
        painter.drawRoundedRect(area, tokens.CARD_RADIUS, tokens.CARD_RADIUS)
        if self._picture is None:
            painter.setPen(theme.colour("muted"))
            centre = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(32, 32, -32, -32), int(centre), self._words)
            return
        density = self.devicePixelRatio()
        room = area.adjusted(14, 14, -14, -14)
        sheet = self._picture.scaled(
            room.size() * density,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        sheet.setDevicePixelRatio(density)
        size = sheet.deviceIndependentSize()
        left = round(room.center().x() - size.width() / 2)
        top = round(room.center().y() - size.height() / 2)
        painter.drawPixmap(left, top, sheet)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colour("outline"))
        painter.drawRect(left, top, round(size.width()), round(size.height()))
