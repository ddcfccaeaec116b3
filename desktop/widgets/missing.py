"""The ways of not knowing an answer, and the button that offers them.

``unknown``, ``refused`` and ``not_applicable`` are answers, distinct from an empty field. A form
says which of them a question takes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from desktop.style import icons, theme, tokens
from desktop.words import N_, tr

MISSING: Final = {
    "unknown": N_("Unknown"),
    "refused": N_("Did not want to say"),
    "not_applicable": N_("Does not apply"),
}
"""What may stand for an answer, in the order in which it is offered."""

_MARK: Final = 12  # the chevron, and its room
_PAD: Final = 8


def ways(allowed: Collection[str]) -> tuple[str, ...]:
    """Those of ``MISSING`` that are allowed, in their order."""
    return tuple(way for way in MISSING if way in allowed)


def next_way(offered: tuple[str, ...], now: str | None) -> str | None:
    """The way after ``now``; None, an answer, after the last."""
    if now is None or now not in offered:
        return offered[0] if now is None and offered else None
    following = offered.index(now) + 1
    return offered[following] if following < len(offered) else None


class MissingButton(QPushButton):
    """A small button that says what stands for the answer, and offers the ways there are.

    With one way it is a switch. It never takes the keyboard from the answers: its key does.
    """

    chosen = Signal(str)  # a way; empty for an answer

    def __init__(self, offered: tuple[str, ...], *, field: str, key: str) -> None:
        super().__init__()
        self._offered = offered
        self._field = field
        self._key = key
        self._way: str | None = None
        self.setProperty("look", "link")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(key)
        self.clicked.connect(lambda _checked=False: self._pressed())
        self.show_way(None)

    def show_way(self, way: str | None) -> None:
        """Show that this stands for the answer; None for an answer."""
        self._way = way
        words = tr(MISSING[way]) if way else self._invitation()
        self.setText(words)
        self.setAccessibleName(f"{self._field}: {words}")
        self.updateGeometry()
        self.update()

    def way(self) -> str | None:
        return self._way

    def _invitation(self) -> str:
        return tr(MISSING[self._offered[0]]) if len(self._offered) == 1 else tr("No answer")

    def menu_of_ways(self) -> QMenu:
        """The ways, the one that stands ticked, and the way back to an answer."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for way in self._offered:
            action = QAction(tr(MISSING[way]), menu)
            if way == self._way:
                action.setIcon(icons.icon("check", size=16))
            action.triggered.connect(lambda _checked=False, one=way: self.chosen.emit(one))
            menu.addAction(action)
        if self._way:
            menu.addSeparator()
            back = QAction(tr("Give an answer"), menu)
            back.triggered.connect(lambda _checked=False: self.chosen.emit(""))
            menu.addAction(back)
        return menu

    def _pressed(self) -> None:
        if len(self._offered) == 1:
            self.chosen.emit("" if self._way else self._offered[0])
            return
        menu = self.menu_of_ways()
        at = self.rect().bottomRight() if self.isRightToLeft() else self.rect().bottomLeft()
        place = self.mapToGlobal(at)
        if self.isRightToLeft():
            place.setX(place.x() - menu.sizeHint().width())
        menu.popup(place)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + 2 * _PAD
        if len(self._offered) > 1:
            width += _MARK + 4
        return QSize(width, max(24, metrics.height() + 6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        marked = self._way is not None
        painter.setPen(Qt.PenStyle.NoPen)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
        elif marked:
            painter.setPen(QPen(theme.colour("accent"), theme.current().border))
        painter.setBrush(theme.colour("accent_soft" if marked else "window"))
        if not marked:
            painter.setBrush(theme.colour("hover") if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, tokens.RADIUS - 1, tokens.RADIUS - 1)
        ink = "on_accent_soft" if marked else "muted"
        room = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        if len(self._offered) > 1:
            left = room.left() if self.isRightToLeft() else room.right() + 1 - _MARK
            top = (self.height() - _MARK) // 2
            painter.drawPixmap(left, top, icons.pixmap("chevron-down", role=ink, size=_MARK))
            room = (
                room.adjusted(_MARK + 4, 0, 0, 0)
                if self.isRightToLeft()
                else room.adjusted(0, 0, -_MARK - 4, 0)
            )
        painter.setPen(theme.colour(ink))
        painter.setFont(self.font())
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(flags), self.text())
