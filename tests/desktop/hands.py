"""Hands on single widgets: put them on a screen, press keys, hear what they tell."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop.widgets.field import Field
from desktop.widgets.layout import Plain

K = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Table:
    """Widgets under each other in a shown window."""

    def __init__(self, qtbot: Any, *widgets: QWidget, width: int = 720, height: int = 620) -> None:
        self.edits: list[tuple[str, Any]] = []
        self.lefts: list[str] = []
        self.window = Plain()
        self.window.setProperty("stands_alone", True)
        layout = QVBoxLayout(self.window)
        for widget in widgets:
            layout.addWidget(widget)
            if isinstance(widget, Field):
                widget.edited.connect(lambda key, raw: self.edits.append((key, raw)))
                widget.left.connect(self.lefts.append)
        layout.addStretch(1)
        qtbot.addWidget(self.window)
        self.window.resize(width, height)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    @property
    def told(self) -> list[Any]:
        """The raw answers that were told."""
        return [raw for _, raw in self.edits]


def focus() -> QWidget:
    now = QApplication.focusWidget()
    assert now is not None
    return now


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, *, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(focus(), key, modifiers)


def type_in(text: str) -> None:
    QTest.keyClicks(focus(), text)


def windows() -> list[str]:
    """Widgets of ours that stand on the screen as windows, but for those that are meant to."""
    return [
        type(widget).__name__
        for widget in QApplication.topLevelWidgets()
        if widget.isVisible()
        and type(widget).__module__.startswith("desktop.")
        and not widget.property("stands_alone")
    ]
