"""Consent, purpose by purpose: a sentence to read aloud, and what the person answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from desktop.style import tokens
from desktop.widgets.field import MISSING, Field
from desktop.widgets.labels import Text
from desktop.widgets.layout import Plain, Rule
from desktop.words import tr

YES: Final = "yes"
NO: Final = "no"


class _Answer(QPushButton):
    """Yes or no."""

    def __init__(self, code: str, text: str, name: str) -> None:
        super().__init__(text)
        self.code = code
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty("look", "segment")
        self.setObjectName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class _Question(Plain):
    """One purpose. Y and N answer it while it has the keyboard; Delete takes the answer back."""

    answered = Signal()
    moved_on = Signal()

    def __init__(self, key: str, purpose: str, sentence: str) -> None:
        super().__init__()
        self.purpose = purpose
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.yes = _Answer(YES, tr("Yes"), f"consent-{purpose}-yes")
        self.no = _Answer(NO, tr("No"), f"consent-{purpose}-no")
        words = Text(sentence)
        words.setObjectName(f"{key}-{purpose}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, tokens.S4, 0, tokens.S4)
        layout.setSpacing(tokens.S8)
        layout.addWidget(words, 1)
        for button in (self.yes, self.no):
            self._group.addButton(button)
            button.setAccessibleName(f"{sentence} {button.text()}")
            button.setMinimumWidth(72)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._group.buttonClicked.connect(lambda _button: self.answered.emit())

    def answer(self) -> str:
        return next((one.code for one in (self.yes, self.no) if one.isChecked()), "")

    def show_answer(self, code: str) -> None:
        self._group.setExclusive(False)
        self.yes.setChecked(code == YES)
        self.no.setChecked(code == NO)
        self._group.setExclusive(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.text().casefold()
        if typed and typed in (tr("Yes")[0].casefold(), "+"):
            self._say(YES)
        elif typed and typed in (tr("No")[0].casefold(), "-"):
            self._say(NO)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.show_answer("")
            self.answered.emit()
        else:
            super().keyPressEvent(event)

    def _say(self, code: str) -> None:
        self.show_answer(code)
        self.answered.emit()
        self.moved_on.emit()


class ConsentField(Field):
    """Every purpose with its sentence. The raw value is a map of those that were answered."""

    def __init__(
        self, key: str, label: str, *, options: Sequence[tuple[str, str]], **rest: Any
    ) -> None:
        """``options``: each purpose and the sentence to read aloud."""
        super().__init__(key, label, **rest)
        holder = Plain()
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._questions: list[_Question] = []
        for number, (purpose, sentence) in enumerate(options):
            question = _Question(key, purpose, sentence)
            question.answered.connect(self._changed)
            question.moved_on.connect(lambda n=number: self._next(n))
            if number:
                layout.addWidget(Rule())
            layout.addWidget(question)
            self._questions.append(question)
        buttons = [button for one in self._questions for button in (one.yes, one.no)]
        self._seat(holder, *buttons)

    def _next(self, number: int) -> None:
        if number + 1 < len(self._questions):
            self._give(self._questions[number + 1])
        elif (open_one := self._first_open()) is not None:
            self._give(open_one)

    @staticmethod
    def _give(question: _Question) -> None:
        button = question.no if question.answer() == NO else question.yes
        button.setFocus(Qt.FocusReason.TabFocusReason)

    def _first_open(self) -> _Question | None:
        return next((one for one in self._questions if not one.answer()), None)

    def focus_editor(self) -> None:
        self._give(self._first_open() or self._questions[0])

    def _read(self) -> dict[str, str]:
        return {one.purpose: one.answer() for one in self._questions if one.answer()}

    def _write(self, raw: Any) -> None:
        given = raw if isinstance(raw, dict) else {}
        for one in self._questions:
            one.show_answer(str(given.get(one.purpose, "")))

    def _show_missing(self, missing: str | None) -> None:
        self.set_note(tr(MISSING[missing]) if missing else "")
