"""How things are put next to and under each other."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.style import tokens

Item = QWidget | QLayout | int | None
"""A widget, a layout, a gap in pixels, or None for the stretch."""


def fill(layout: QBoxLayout, *items: Item) -> None:
    """Add items to a box: widgets, layouts, gaps (int), and the stretch (None)."""
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def row(*items: Item, spacing: int = tokens.S8) -> QHBoxLayout:
    """Items beside each other, in reading direction."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    fill(layout, *items)
    return layout


def column(*items: Item, spacing: int = tokens.S8) -> QVBoxLayout:
    """Items under each other."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    fill(layout, *items)
    return layout


def look(widget: QWidget, name: str) -> None:
    """Say what a widget is to the style sheet, also after it was shown."""
    widget.setProperty("look", name)
    restyle(widget)


def restyle(widget: QWidget) -> None:
    """Have Qt read the widget's dynamic properties again."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


class Plain(QWidget):
    """A widget that is only there to hold a layout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")


class Stack(QStackedWidget):
    """One of several in front. Needs the room of that one: Qt would ask for that of them all."""

    def sizeHint(self) -> QSize:
        front = self.currentWidget()
        return front.sizeHint() if front is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        front = self.currentWidget()
        return front.minimumSizeHint() if front is not None else super().minimumSizeHint()


class Card(QFrame):
    """A raised box for things that belong together. Put them in ``body``."""

    def __init__(self, *items: Item, spacing: int = tokens.S12, margin: int = tokens.S16) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)
        fill(self.body, *items)


class Rule(QFrame):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "rule")
        self.setFixedHeight(1)


class Scroll(QScrollArea):
    """A vertical scroll without a frame, whose content is ``inner`` with ``body``.

    ``limit`` is the greatest width of the content; the rest stays empty at its end.
    """

    def __init__(
        self,
        *,
        limit: int | None = None,
        margin: int = tokens.S32,
        top: int = tokens.S8,
        bottom: int = tokens.S32,
        spacing: int = tokens.S16,
    ) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.inner = Plain()
        outer = QHBoxLayout(self.inner)
        outer.setContentsMargins(margin, top, margin, bottom)
        outer.setSpacing(0)
        holder = Plain()
        self.body = QVBoxLayout(holder)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(spacing)
        if limit is not None:
            holder.setMaximumWidth(limit)
            outer.addWidget(holder, 1000)
            outer.addStretch(1)
        else:
            outer.addWidget(holder)
        self.setWidget(self.inner)

    def settle(self) -> None:
        """Lay the content out now. Qt does it later, and until then would scroll by where things
        stood for the person before."""
        QCoreApplication.sendEvent(self.inner, QEvent(QEvent.Type.LayoutRequest))

    def reveal(self, widget: QWidget) -> None:
        """Scroll so that ``widget`` is in view."""
        self.ensureWidgetVisible(widget, tokens.S24, tokens.S32)
