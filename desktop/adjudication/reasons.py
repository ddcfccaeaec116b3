"""Why a pair was proposed, as sentences with small bars; and what was said of it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop import words
from desktop.style import theme, tokens
from desktop.widgets.labels import Caption, Section, Strong, Text
from desktop.widgets.layout import Plain, column
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from registry.adjudication_shown import CaseShown, Why, Word

_BAR: Final = 6


class Bar(QWidget):
    """How much one reason weighs: from the middle to the end of reading when it speaks for one
    person, to the beginning when it speaks against. The side says it, not the colour alone."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share
        self.setFixedHeight(_BAR + 2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        percent = words.number(round(abs(share) * 100))
        self.setAccessibleName(
            tr("speaks for it, {n} of 100", n=percent)
            if share >= 0
            else tr("speaks against it, {n} of 100", n=percent)
        )

    def sizeHint(self) -> QSize:
        return QSize(120, _BAR + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(0, 1, self.width(), _BAR)
        painter.setBrush(theme.colour("hover"))
        painter.drawRoundedRect(whole, _BAR / 2, _BAR / 2)
        middle = self.width() / 2
        length = max(3.0, abs(self._share) * middle)
        rightwards = (self._share >= 0) is (
            self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        )
        begin = middle if rightwards else middle - length
        painter.setBrush(theme.colour("accent" if self._share >= 0 else "warning"))
        painter.drawRoundedRect(QRectF(begin, 1, length, _BAR), _BAR / 2, _BAR / 2)
        painter.setBrush(theme.colour("muted"))
        painter.drawRect(QRectF(middle - 0.5, 0, 1, _BAR + 2))


class Reasons(Plain):
    """The side panel of a pair: what speaks for it and against it, then what people said."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("case-reasons")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(tokens.S12)

    def show_case(self, shown: CaseShown) -> None:
        """Show these, the weightiest first."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._layout.addWidget(Section(tr("Why they may be one")))
        for why in shown.reasons:
            self._layout.addWidget(_reason(why))
        if shown.told:
            self._layout.addSpacing(tokens.S8)
            self._layout.addWidget(Section(tr("What was said")))
            for word in reversed(shown.told):
                self._layout.addWidget(_said(word))
        self._layout.addStretch(1)


def _reason(why: Why) -> Plain:
    made = Plain()
    bar = Bar(why.share)
    made.setLayout(column(Text(why.sentence), bar, spacing=tokens.S4))
    made.setAccessibleName(f"{why.sentence}: {bar.accessibleName()}")
    return made


def _said(word: Word) -> Plain:
    made = Plain()
    lines: list[QWidget] = [
        Strong(word.what) if word.counts else Text(word.what, muted=True),
        Text(word.reason, muted=not word.counts),
        Caption(tr("{when}, by {who}", when=words.moment(word.at), who=isolate(word.by))),
    ]
    if not word.counts and word.decision != "withdrawn":
        lines.append(Caption(tr("It counts no more.")))
    made.setLayout(column(*lines, spacing=2))
    return made
