"""Pictures of numbers, painted by ourselves: bars by day, and how long things wait.

What is told apart is told apart by lightness and by pattern, never by hue alone, and every number
that matters stands beside its bar. A picture says the same to a screen reader in one sentence, and
whoever shows one offers a table of the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.interview.paint import small, strong
from desktop.style import theme, tokens
from desktop.words import number

SERIES: Final = 4
"""How many can be told apart in one bar; what is more goes together."""
_PATTERNS: Final = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.Dense6Pattern,
    Qt.BrushStyle.HorPattern,
)
_GRID: Final = 4
_KEY: Final = 12  # side of the square in a legend
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name in full, and the part of each series."""

    name: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.parts)


class Chart(QWidget):
    """What both pictures share: ink, mirror image, and a legend above."""

    def __init__(self, title: str, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.bars: tuple[Bar, ...] = ()
        self.series: tuple[str, ...] = ()

    def set_bars(self, series: Sequence[str], bars: Sequence[Bar], told: str) -> None:
        """Show these; ``told`` says the same in words."""
        self.series, self.bars = tuple(series), tuple(bars)
        self.setAccessibleDescription(told)
        self.setToolTip("")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(420), theme.scaled(208))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(260), theme.scaled(168))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    # for those who paint ---------------------------------------------------------------------

    def _ink(self, place: int) -> QColor:
        """The ink of a series: darker means more, in every theme."""
        return theme.colour("accent" if place < SERIES else "muted")

    def _brush(self, place: int) -> tuple[QBrush, QPen]:
        ink = self._ink(place)
        return QBrush(ink, _PATTERNS[place % SERIES]), QPen(ink, 1)

    def _mirrored(self, rect: QRectF) -> QRectF:
        """Where it stands when the page runs from right to left."""
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            return QRectF(self.width() - rect.right(), rect.top(), rect.width(), rect.height())
        return rect

    def _fill(self, painter: QPainter, rect: QRectF, place: int) -> None:
        at = self._mirrored(rect)
        brush, pen = self._brush(place)
        painter.fillRect(at, theme.colour("raised"))
        painter.setPen(pen)
        painter.setBrush(brush)
        # Half a pixel inside, so that an outline of one pixel is one pixel.
        painter.drawRect(at.adjusted(0.5, 0.5, -0.5, -0.5))

    def _say(self, painter: QPainter, rect: QRectF, text: str, side: str) -> None:
        """Text at the beginning, in the middle or at the end of a place."""
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        at = self._mirrored(rect)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        flag = {
            "begin": right if rtl else left,
            "middle": Qt.AlignmentFlag.AlignHCenter,
            "end": left if rtl else right,
        }[side]
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, round(at.width()) + 1
        )
        painter.drawText(
            at, int(flag | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter), shown
        )

    def _legend(self, painter: QPainter, metrics: QFontMetricsF) -> float:
        """The series by name, one line; returns how high it is."""
        if len(self.series) < 2:
            return 0.0
        x, height = 0.0, metrics.height() + tokens.S8
        for place, name in enumerate(self.series):
            wide = metrics.horizontalAdvance(name) + 2
            if x + _KEY + tokens.S4 + wide > self.width():
                break
            self._fill(painter, QRectF(x, (metrics.height() - _KEY) / 2, _KEY, _KEY), place)
            painter.setPen(theme.colour("muted"))
            self._say(
                painter,
                QRectF(x + _KEY + tokens.S4, 0, wide, metrics.height()),
                name,
                "begin",
            )
            x += _KEY + tokens.S4 + wide + tokens.S12
        return height


class DayChart(Chart):
    """One upright bar for each day, its parts on top of each other."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(small(self.font()))
        metrics = QFontMetricsF(painter.font())
        top = self._legend(painter, metrics) + metrics.height() / 2
        high = step_over(max((bar.total for bar in self.bars), default=0))
        scale = metrics.horizontalAdvance(number(high)) + tokens.S8
        floor = self.height() - metrics.height() - tokens.S8
        wide, tall = self.width() - scale, max(1.0, floor - top)
        for line in range(_GRID + 1):
            value = high * line / _GRID
            if value != int(value):
                continue
            y = floor - tall * line / _GRID
            painter.setPen(QPen(theme.colour("outline" if line == 0 else "line"), 1))
            beside = self._mirrored(QRectF(scale, y, wide, 0))
            painter.drawLine(
                QPointF(beside.left(), round(y) + 0.5), QPointF(beside.right(), round(y) + 0.5)
            )
            painter.setPen(theme.colour("muted"))
            self._say(
                painter,
                QRectF(0, y - metrics.height() / 2, scale - tokens.S8, metrics.height()),
                number(int(value)),
                "end",
            )
        if not self.bars:
            return
        each = wide / len(self.bars)
        thick = min(each * 0.72, theme.scaled(32))
        for place, bar in enumerate(self.bars):
            x, y = scale + each * place + (each - thick) / 2, floor
            for series, part in enumerate(bar.parts):
                if part:
                    part_tall = max(2.0, tall * part / high)
                    y -= part_tall
                    self._fill(
                        painter, QRectF(x, y, thick, part_tall - (1 if y > top else 0)), series
                    )
        painter.setPen(theme.colour("muted"))
        under = QRectF(scale, floor + tokens.S4, wide, metrics.height())
        first, last = self.bars[0].name, self.bars[-1].name
        self._say(painter, under, first, "begin")
        if len(self.bars) > 1:
            self._say(painter, under, last, "end")


class AgeChart(Chart):
    """One lying bar for each queue, the longer it waits the darker, its number at the end."""

    BANDS: Final = 5

    def _brush(self, place: int) -> tuple[QBrush, QPen]:
        """One hue from light to dark: lightness alone tells them apart, and their order does."""
        paper, ink = theme.colour("raised"), theme.colour("accent")
        share = (0.12, 0.32, 0.54, 0.76, 1.0)[place % self.BANDS]
        mixed = QColor(
            *(
                round(low + (to - low) * share)
                for low, to in zip(paper.getRgb()[:3], ink.getRgb()[:3], strict=True)  # type: ignore[index]  # a tuple of four
            )
        )
        return QBrush(mixed), QPen(ink, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(small(self.font()))
        metrics = QFontMetricsF(painter.font())
        top = self._legend(painter, metrics)
        names = max((metrics.horizontalAdvance(bar.name) for bar in self.bars), default=0.0)
        names = min(names, self.width() * 0.42) + tokens.S12
        heavy = strong(painter.font())
        most = max((bar.total for bar in self.bars), default=0)
        count = QFontMetricsF(heavy).horizontalAdvance(number(most)) + tokens.S12
        wide = self.width() - names - count
        if not self.bars:
            return
        each = (self.height() - top) / len(self.bars)
        thick = min(each * 0.62, theme.scaled(18))
        light = painter.font()
        for place, bar in enumerate(self.bars):
            middle = top + each * (place + 0.5)
            painter.setPen(theme.colour("text" if bar.total else "muted"))
            line = QRectF(0, middle - metrics.height() / 2, names - tokens.S8, metrics.height())
            self._say(painter, line, bar.name, "begin")
            x = names
            for band, part in enumerate(bar.parts):
                if part:
                    long = max(3.0, wide * part / max(most, 1))
                    long = min(long, self.width() - count - x)
                    self._fill(painter, QRectF(x, middle - thick / 2, long, thick), band)
                    x += long
            painter.setFont(heavy if bar.total else light)
            painter.setPen(theme.colour("text" if bar.total else "muted"))
            after = QRectF(x + tokens.S8, line.top(), count, line.height())
            self._say(painter, after, number(bar.total), "begin")
            painter.setFont(light)


def step_over(value: int) -> int:
    """The end of an axis: a round number that four steps divide where they can."""
    if value <= _GRID:
        return _GRID
    size = 1
    while True:
        for step in (1, 2, 3, 5, 10):
            if step * size * _GRID >= value:
                return step * size * _GRID
        size *= 10
