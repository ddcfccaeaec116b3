"""The card in the middle of an empty window, for the first run and for unlocking."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.style import theme, tokens
from desktop.widgets.labels import Label
from desktop.widgets.layout import Card, Plain


class Mark(QWidget):
    """Our sign: a roof over an open door."""

    def __init__(self, size: int = 32) -> None:
        super().__init__()
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 32, self.height() / 32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(QRectF(0, 0, 32, 32), 8, 8)
        pen = painter.pen()
        pen.setStyle(Qt.PenStyle.SolidLine)
        pen.setColor(theme.colour("on_accent"))
        pen.setWidthF(2.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([QPointF(6.5, 15.5), QPointF(16, 7.5), QPointF(25.5, 15.5)])
        painter.drawPolyline(
            [
                QPointF(10, 24.5),
                QPointF(10, 17.5),
                QPointF(16, 14),
                QPointF(22, 17.5),
                QPointF(22, 24.5),
            ]
        )


class Brand(QWidget):
    """Sign and name."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        name = Label("Waystation", as_="section", wrap=False)
        layout.addWidget(Mark(28))
        layout.addWidget(name)
        layout.addStretch(1)


class CardShell(QWidget):
    """A window with one card of ``width`` px in its middle; ``card.body`` takes the content."""

    def __init__(self, *, width: int) -> None:
        super().__init__()
        self.setProperty("look", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.card = Card(spacing=tokens.S16, margin=tokens.S32)
        self.card.setFixedWidth(theme.scaled(width))
        self.card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.card.installEventFilter(self)
        self.top = QHBoxLayout()
        self.top.setContentsMargins(tokens.S24, tokens.S16, tokens.S24, 0)
        self.top.addWidget(Brand(), 1)
        holder = Plain()
        centre = QVBoxLayout(holder)
        centre.setContentsMargins(tokens.S16, tokens.S16, tokens.S16, tokens.S24)
        centre.addStretch(2)
        centre.addWidget(self.card, 0, Qt.AlignmentFlag.AlignHCenter)
        centre.addStretch(3)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(holder)
        self.under = QVBoxLayout()
        self.under.setContentsMargins(tokens.S24, 0, tokens.S24, tokens.S16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.above = QVBoxLayout()
        layout.addLayout(self.above)
        layout.addLayout(self.top)
        layout.addWidget(scroll, 1)
        layout.addLayout(self.under)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.card and event.type() in (
            QEvent.Type.LayoutRequest,
            QEvent.Type.Polish,
        ):
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """Make the card as high as its wrapped text needs; Qt would centre it too low."""
        needed = self.card.body.totalHeightForWidth(self.card.width())
        if needed > 0 and needed != self.card.height():
            self.card.setFixedHeight(needed)
