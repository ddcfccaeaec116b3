"""A small panel over the page, inside the window, that belongs to one input.

Not a window of its own: those take the keyboard away from input methods, and some window managers
place them wherever they like. It goes when the keyboard goes elsewhere or the page is scrolled.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from desktop.style import theme, tokens
from desktop.widgets.follows import Follows

_GAP = 4


class Overlay(QWidget):
    """The panel. ``owner`` is the input under which it stands; Tab goes round inside it."""

    closed = Signal(bool)  # whether the keyboard is to go back to the owner

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._hears_focus = False
        self._follows = Follows(owner, self)
        self._follows.moved.connect(self._owner_moved)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.hide()
        owner.destroyed.connect(self.deleteLater)

    def come_up(self, first: QWidget) -> None:
        """Show the panel, with the keyboard in ``first``."""
        window = self._owner.window()
        if self.parentWidget() is not window:
            self.setParent(window)
            self._follow_scrolling()
        self.adjustSize()
        self.move(self._place(window))
        self._follows.watch()
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        if not self._hears_focus and isinstance(application, QApplication):
            self._hears_focus = True
            application.focusChanged.connect(self._focus_moved)

    def go(self, *, back: bool = True) -> None:
        """Take the panel away; ``back`` gives the keyboard to the owner again."""
        if self.isHidden():
            return
        self.hide()
        self.closed.emit(back)

    def _place(self, window: QWidget) -> QPoint:
        """Under the owner, above it where there is more room, and never outside the window."""
        top = self._owner.mapTo(window, QPoint(0, 0))
        x = top.x()
        if self._owner.isRightToLeft():
            x += self._owner.width() - self.width()
        below = top.y() + self._owner.height() + _GAP
        above = top.y() - _GAP - self.height()
        y = below
        if below + self.height() > window.height():
            y = above if above >= 0 else window.height() - self.height()
        return QPoint(max(0, min(x, window.width() - self.width())), max(0, y))

    def _owner_moved(self) -> None:
        if not self.isHidden():
            self.move(self._place(self._owner.window()))

    def _follow_scrolling(self) -> None:
        above = self._owner.parentWidget()
        while above is not None:
            if isinstance(above, QAbstractScrollArea):
                above.verticalScrollBar().valueChanged.connect(lambda _value: self.go())
            above = above.parentWidget()

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self.isHidden() or now is None:  # None: another window is in front for a moment
            return
        if now is not self and not self.isAncestorOf(now):
            self.go(back=False)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if not self.isVisible():
            return super().focusNextPrevChild(forward)
        stops = [
            child
            for child in self.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible()
        ]
        now = self.focusWidget()
        if not stops:
            return True
        here = stops.index(now) if now in stops else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(here + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go()
        event.accept()  # no key means the page under the panel

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("outline"), theme.current().border))
        painter.setBrush(theme.colour("raised"))
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, tokens.CARD_RADIUS, tokens.CARD_RADIUS)
