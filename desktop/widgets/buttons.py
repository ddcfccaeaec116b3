"""Buttons. One primary per page; the rest recede."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.style import icons, theme
from desktop.widgets.labels import Caption, Strong
from desktop.widgets.layout import column


class Button(QPushButton):
    """An ordinary button. ``on`` is called when it is pressed."""

    look = ""
    ink = "text"

    def __init__(
        self,
        text: str = "",
        *,
        icon: str | None = None,
        on: Callable[[], object] | None = None,
        name: str = "",
    ) -> None:
        super().__init__(text)
        self._icon_name = icon
        if self.look:
            self.setProperty("look", self.look)
        if name:
            self.setObjectName(name)
        self.setAccessibleName(text.replace("&", ""))
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if on is not None:
            self.clicked.connect(lambda _checked=False: on())
        self._tint()

    def setText(self, text: str) -> None:
        """Say something else, to eyes and to screen readers."""
        super().setText(text)
        self.setAccessibleName(text.replace("&", ""))

    def set_icon(self, name: str | None) -> None:
        """Another icon, or none."""
        self._icon_name = name
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_icon_name"):
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        if self._icon_name:
            gap = 6 if self.text() else 0
            self.setIcon(icons.icon(self._icon_name, role=self.ink, size=18, gap=gap))
            self.setIconSize(QSize(18 + gap, 18))


class PrimaryButton(Button):
    """What the page is for. Its focus ring runs inside it, in the colour of its text."""

    look = "primary"
    ink = "on_accent"

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus() or self.property("look") != "primary":
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(self.ink), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 3, 3)


class QuietButton(Button):
    """A lesser act; shows its shape on hover."""

    look = "quiet"


class DangerButton(Button):
    """An act that takes something away; it asks for the reason."""

    look = "danger"
    ink = "danger"


class LinkButton(Button):
    """An act or a place, set as a link."""

    look = "link"
    ink = "accent"


class IconButton(Button):
    """An icon alone; ``label`` is its name for screen readers and its tooltip."""

    look = "icon"

    def __init__(
        self,
        icon: str,
        label: str,
        *,
        on: Callable[[], object] | None = None,
        name: str = "",
        ink: str = "text",
    ) -> None:
        self.ink = ink
        super().__init__("", icon=icon, on=on, name=name)
        self.setAccessibleName(label)
        self.setToolTip(label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class OptionButton(QPushButton):
    """One of a few large choices: a title and what it means."""

    def __init__(self, title: str, explanation: str, *, icon: str, name: str = "") -> None:
        super().__init__()
        self.setProperty("look", "option")
        self.setCheckable(True)
        self.setAutoDefault(True)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAccessibleDescription(explanation)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._icon_name = icon
        self._picture = Caption("", wrap=False)
        self._picture.setFixedSize(24, 24)
        words = column(Strong(title), spacing=2)
        if explanation:
            words.addWidget(Caption(explanation))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(16)
        layout.addWidget(self._picture)
        layout.addLayout(words, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tint()

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_picture"):
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon_name, role="accent", size=24))
