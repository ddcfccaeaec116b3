"""Asking for one of a few answers that are all in sight: a number key picks one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from desktop.style import tokens
from desktop.widgets.buttons import OptionButton
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Plain


class OneOfFew(Plain):
    """A question with large answers under each other; Up and Down move, Enter or 1 to 9 choose."""

    chosen = Signal(object)  # the answer's value

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = Section("")
        self._explanation = Text("", muted=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(tokens.S8)
        self._layout.addWidget(self._title)
        self._layout.addWidget(self._explanation)
        self._layout.addStretch(1)
        self.buttons: list[OptionButton] = []
        self._values: list[Any] = []

    def ask(
        self, title: str, explanation: str, answers: Sequence[tuple[Any, str, str, str]]
    ) -> None:
        """``answers``: value, title, what it means, icon."""
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self._title.setText(title)
        self._explanation.setText(explanation)
        self._explanation.setVisible(bool(explanation))
        self.buttons, self._values = [], [answer[0] for answer in answers]
        for number, (_value, said, means, icon) in enumerate(answers):
            button = OptionButton(
                f"{number + 1}  {said}", means, icon=icon, name=f"{self.objectName()}-{number + 1}"
            )
            button.setCheckable(False)
            button.clicked.connect(partial(self._pick, number))
            self._layout.insertWidget(2 + number, button)
            self.buttons.append(button)

    def focus_first(self) -> None:
        """Give the first answer the keyboard."""
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if text.isdecimal() and 1 <= int(text) <= len(self.buttons):
            self._pick(int(text) - 1)
            return
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        here = next((n for n, one in enumerate(self.buttons) if one.hasFocus()), -1)
        if step and here >= 0:
            self.buttons[(here + step) % len(self.buttons)].setFocus(
                Qt.FocusReason.OtherFocusReason
            )
            return
        super().keyPressEvent(event)

    def _pick(self, number: int, _checked: bool = False) -> None:
        self.chosen.emit(self._values[number])
