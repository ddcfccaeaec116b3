"""What happened and what was done, newest first, on one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.style import theme, tokens
from desktop.widgets.labels import Caption, Pill, Strong, Text
from desktop.widgets.layout import Plain, row
from desktop.words import isolate


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing: when in words, what, more about it, who, how far it has got, its document."""

    when: str
    title: str
    detail: str
    by: str
    state: str
    tone: str
    document: str = ""


class _Rail(QWidget):
    """The line beside a moment, with its dot."""

    def __init__(self, *, first: bool, last: bool) -> None:
        super().__init__()
        self.setFixedWidth(20)
        self._first, self._last = first, last

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(9.5, 11)
        painter.setPen(QPen(theme.colour("line"), 2))
        top = centre.y() if self._first else 0
        bottom = centre.y() if self._last else self.height()
        painter.drawLine(QPointF(centre.x(), top), QPointF(centre.x(), bottom))
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.setBrush(theme.colour("accent" if self._first else "raised"))
        painter.drawEllipse(centre, 4.5, 4.5)


class Timeline(Plain):
    """Moments under each other."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._moments: tuple[Moment, ...] = ()

    def moments(self) -> tuple[Moment, ...]:
        """What is shown."""
        return self._moments

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show these, in order."""
        self._moments = tuple(moments)
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, moment in enumerate(moments):
            last = place == len(moments) - 1
            self._layout.addWidget(self._line(moment, first=place == 0, last=last))

    @staticmethod
    def _line(moment: Moment, *, first: bool, last: bool) -> QWidget:
        line = Plain()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        layout.addWidget(_Rail(first=first, last=last))
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0 if last else tokens.S16)
        words.setSpacing(2)
        head = row(Strong(moment.title, wrap=False), None)
        if moment.state:
            head.addWidget(Pill(moment.state, tone=moment.tone))
        words.addLayout(head)
        if moment.detail:
            words.addWidget(Text(moment.detail))
        if moment.document:
            words.addWidget(Text(isolate(moment.document)).selectable())
        words.addWidget(Caption(" · ".join(part for part in (moment.when, moment.by) if part)))
        layout.addLayout(words, 1)
        said = (moment.title, moment.detail, moment.document, moment.when, moment.by, moment.state)
        line.setAccessibleName(", ".join(part for part in said if part))
        return line
