"""What a person would see is wrong: text that does not fit, controls without a name."""

from __future__ import annotations

import gettext

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget

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
