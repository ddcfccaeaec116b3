"""What a person would see is wrong: text that does not fit, controls without a name."""

from __future__ import annotations

import gettext

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTabBar,
    QWidget,
)

from desktop.interview import paint
from desktop.interview.marks import State
from desktop.interview.step_bar import StepBar
from desktop.widgets.labels import Elided
from desktop.widgets.layout import Scroll

_ACCENTED = str.maketrans("aeioucnsyAEIOUCNSY", "áéíóúçñšýÁÉÍÓÚÇÑŠÝ")
_SLACK = 2  # pixels of rounding


class Longer(gettext.NullTranslations):
    """A language whose sentences are two fifths longer than English ones."""

    def gettext(self, message: str) -> str:
        return _longer(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _longer(msgid1 if n == 1 else msgid2)


def _longer(text: str) -> str:
    parts = []
    depth = 0
    for char in text:  # what stands in braces is filled in later
        depth += (char == "{") - (char == "}")
        parts.append(char if depth or char == "}" else char.translate(_ACCENTED))
    return "".join(parts) + " " + "wo rd " * max(1, len(text) // 15)


def clipped(window: QWidget) -> list[str]:
    """Visible texts that have less room than they need."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, Elided):
            continue
        if isinstance(widget, QLabel) and widget.text():
            if widget.wordWrap():
                if widget.heightForWidth(widget.width()) > widget.height() + _SLACK:
                    found.append(f"label too low: {widget.text()[:60]}")
            elif widget.sizeHint().width() > widget.width() + _SLACK:
                found.append(f"label too narrow: {widget.text()[:60]}")
        elif isinstance(widget, QPushButton) and widget.text():
            if widget.sizeHint().width() > widget.width() + _SLACK:
                found.append(
                    f"button too narrow: {widget.text()[:60]} "
                    f"{widget.width()} of {widget.sizeHint().width()}"
                )
            if widget.sizeHint().height() > widget.height() + _SLACK:
                found.append(f"button too low: {widget.text()[:60]}")
        elif isinstance(widget, QCheckBox) and (
            widget.heightForWidth(widget.width()) > widget.height() + _SLACK
        ):
            found.append(f"tick box too low: {widget.text()[:60]}")
    return found


def cut(window: QWidget) -> list[str]:
    """Everything ``clipped`` finds, and what shortens itself without a tooltip that holds it whole:
    headings, the titles of columns, the tabs of the interview, what is chosen in a list."""
    found = clipped(window)
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, Elided):
            widget.grab()  # the tooltip comes with the painting
            narrow = widget.sizeHint().width() > widget.width() + _SLACK
            if narrow and widget.toolTip() != widget.text():
                found.append(f"heading without its tooltip: {widget.text()[:60]}")
            if widget.sizeHint().height() > widget.height():
                found.append(f"heading too low: {widget.text()[:60]}")
        elif isinstance(widget, QLabel) and widget.text() and not widget.wordWrap():
            if widget.sizeHint().height() > widget.height() + _SLACK:
                found.append(f"label too low: {widget.text()[:60]}")
        elif isinstance(widget, StepBar):
            found += _tabs(widget)
        elif isinstance(widget, QTabBar):
            found += [
                f"tab too narrow: {widget.tabText(place)}"
                for place in range(widget.count())
                if widget.tabSizeHint(place).width() > widget.tabRect(place).width() + _SLACK
            ]
        elif isinstance(widget, QComboBox) and widget.currentText():
            room = widget.width() - 30 - 12  # the arrow, and the edge before the text
            if widget.fontMetrics().horizontalAdvance(widget.currentText()) > room + _SLACK:
                found.append(f"choice too narrow: {widget.currentText()}")
        elif isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
            found += _titles(widget)
    return found


def _tabs(bar: StepBar) -> list[str]:
    found = []
    for tab, area in zip(bar.tabs(), bar.areas(), strict=True):
        font = paint.strong(bar.font()) if tab.current else bar.font()
        sign = bar.SIGN if tab.state is not State.OPEN else 0
        needed = QFontMetrics(font).horizontalAdvance(tab.title) + sign
        if needed > area.width() or not bar.rect().contains(area):
            found.append(f"tab too narrow: {tab.title}")
    return found


def _titles(head: QHeaderView) -> list[str]:
    found = []
    across, tip = Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    font = QFont(head.font())
    font.setWeight(QFont.Weight.DemiBold)
    for place in range(head.count()):
        title = str(head.model().headerData(place, across) or "")
        room = head.sectionSize(place) - 24 - (16 if head.sortIndicatorSection() == place else 0)
        narrow = QFontMetrics(font).horizontalAdvance(title) > room + _SLACK
        if narrow and head.model().headerData(place, across, tip) != title:
            found.append(f"column without its tooltip: {title}")
    return found


def nameless(window: QWidget) -> list[str]:
    """Widgets that take the keyboard and that a screen reader could not name."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not isinstance(widget, QLabel)
    ]


def needless(window: QWidget) -> list[str]:
    """Scroll bars that show although everything fits."""
    found = []
    for scroll in window.findChildren(Scroll):
        bar = scroll.verticalScrollBar()
        if not scroll.isVisible() or not bar.isVisible():
            continue
        width = scroll.width()
        needed = scroll.inner.heightForWidth(width)
        if needed <= scroll.height():
            found.append(f"{scroll.objectName()}: {needed} of {scroll.height()}")
    return found
