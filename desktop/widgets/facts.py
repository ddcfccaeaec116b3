"""Facts in two columns, and a face."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from desktop.style import theme, tokens
from desktop.widgets.labels import Text
from desktop.words import tr


class Facts(QWidget):
    """What is known, label beside value. Values can be copied."""

    def __init__(self, facts: Sequence[tuple[str, str]] = (), *, label_width: int = 160) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(tokens.S16)
        self._grid.setVerticalSpacing(tokens.S8)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self._shown: list[tuple[str, str]] = []
        self.set_facts(facts)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these, in order; an empty value reads as a dash."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._shown = list(facts)
        top = Qt.AlignmentFlag.AlignTop
        for place, (label, value) in enumerate(facts):
            name = Text(label, muted=True)
            said = Text(value or "–").selectable()
            said.setAccessibleName(f"{label}: {value}")
            self._grid.addWidget(name, place, 0, top)
            self._grid.addWidget(said, place, 1, top)

    def facts(self) -> list[tuple[str, str]]:
        return list(self._shown)


class Avatar(QWidget):
    """A photo in a rounded square; without one, the first letters of the name."""

    def __init__(self, size: int = 48) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self._letters = ""
        self.setFixedSize(size, size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_person(self, name: str, photo: QImage | None = None) -> None:
        """Show a person. The photo was decoded on a worker (`desktop.drawn`)."""
        words = name.split()
        self._letters = "".join(word[0] for word in words[:2]).upper()
        self._pixmap = QPixmap.fromImage(photo) if photo is not None else None
        self.setAccessibleName(
            tr("Photo of {name}", name=name)
            if self._pixmap
            else tr("No photo of {name}", name=name)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        outline = QPainterPath()
        radius = 6 if self.width() > 40 else self.width() / 2
        outline.addRoundedRect(area, radius, radius)
        painter.setClipPath(outline)
        if self._pixmap is not None:
            filled = self._pixmap.scaled(
                self.size() * self.devicePixelRatio(),
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            filled.setDevicePixelRatio(self.devicePixelRatio())
            at = (filled.deviceIndependentSize() - area.size()) / 2
            painter.drawPixmap(round(-at.width()), round(-at.height()), filled)
            return
        painter.fillPath(outline, theme.colour("accent_soft"))
        font = QFont(self.font())
        font.setPixelSize(max(11, self.width() * 2 // 5))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("on_accent_soft"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._letters)
