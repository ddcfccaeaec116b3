"""Parts the first run shares with pages: words to read out, a passphrase in the making."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.firstrun.strength import Level, Strength, choice_problems, judge
from desktop.style import theme, tokens
from desktop.widgets.buttons import LinkButton
from desktop.widgets.fields import PassphraseField
from desktop.widgets.labels import Caption, Label
from desktop.widgets.layout import Plain, row
from desktop.words import N_, number, tr

_LEVELS: Final = {
    Level.TOO_SHORT: (N_("Too short"), "danger"),
    Level.WEAK: (N_("Weak"), "danger"),
    Level.FAIR: (N_("Fair"), "warning"),
    Level.GOOD: (N_("Good"), "success"),
    Level.STRONG: (N_("Strong"), "success"),
}
_ADVICE: Final = {
    "short": N_("Use at least 8 characters; six words are good."),
    "common": N_("This is one of the first that anyone would try."),
    "personal": N_("Leave out names that others know."),
    "pattern": N_("Repetitions and keyboard rows are quickly guessed."),
    "longer": N_("One or two more words would make it much better."),
    "good": N_("Good. Write it down until you know it, then destroy the paper."),
}


class WordGrid(QWidget):
    """Words to read out or copy, numbered, in reading order."""

    def __init__(self, words: Sequence[str] = (), *, columns: int = 3) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens.S8)
        self._words: tuple[str, ...] = ()
        self.set_words(words)

    def set_words(self, words: Sequence[str]) -> None:
        """Show these."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._words = tuple(words)
        for place, word in enumerate(words):
            cell = Plain()
            line = QHBoxLayout(cell)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(tokens.S8)
            count = Caption(number(place + 1), wrap=False)
            count.setFixedWidth(18)
            said = Label(word, as_="word", wrap=False)
            said.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            line.addWidget(count)
            line.addWidget(said, 1)
            self._grid.addWidget(cell, place // self._columns, place % self._columns)
        self.setAccessibleName(tr("Words: {words}", words=", ".join(words)))

    def words(self) -> tuple[str, ...]:
        return self._words


class _Bar(QWidget):
    """Four short strokes that fill with strength."""

    def __init__(self) -> None:
        super().__init__()
        self.level = Level.TOO_SHORT
        self.setFixedSize(132, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for place in range(4):
            filled = place < self.level
            painter.setBrush(theme.colour(_LEVELS[self.level][1] if filled else "pressed"))
            x = self.width() - (place + 1) * 33 + 3 if rtl else place * 33
            painter.drawRoundedRect(x, 0, 30, 6, 3, 3)


class StrengthBar(QWidget):
    """How good the passphrase is, as strokes, a word and advice."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self.setObjectName("strength")
        self._bar = _Bar()
        self._word = Caption("", wrap=False)
        self._advice = Caption("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row(self._bar, self._word, None))
        layout.addWidget(self._advice)
        self.show_strength(None)

    def show_strength(self, strength: Strength | None) -> None:
        """Say it; None for nothing typed yet."""
        self._bar.level = strength.level if strength else Level.TOO_SHORT
        self._bar.update()
        self._word.setText(tr(_LEVELS[strength.level][0]) if strength else "")
        self._advice.setText(
            tr(_ADVICE[strength.advice])
            if strength
            else tr("Six random words are easy to remember and hard to guess.")
        )


class NewPassphrase(QWidget):
    """Two fields, advice, and a suggestion of six words on request."""

    edited = Signal()
    suggestion_wanted = Signal()

    def __init__(self, *, label: str = "") -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self.names: tuple[str, ...] = ()
        self.first = PassphraseField("passphrase", label or tr("Passphrase"))
        self.second = PassphraseField("again", tr("The same once more"))
        self._strength = StrengthBar()
        self.suggest = LinkButton(
            tr("Suggest six words"),
            icon="key",
            on=self.suggestion_wanted.emit,
            name="suggest",
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        layout.addWidget(self.first)
        layout.addWidget(self._strength)
        layout.addLayout(row(self.suggest, None))
        layout.addWidget(self.second)
        self.first.edited.connect(lambda _key, _raw: self._changed())
        self.second.edited.connect(lambda _key, _raw: self._changed())

    def passphrase(self) -> str:
        return str(self.first.value())

    def again(self) -> str:
        return str(self.second.value())

    def take_suggestion(self, words: str) -> None:
        """Show a suggestion, readable, in both fields."""
        for field in (self.first, self.second):
            field.set_value(words)
            field.set_shown(True)
        self._changed()

    def clear(self) -> None:
        """Forget everything typed."""
        self.first.clear()
        self.second.clear()
        self._strength.show_strength(None)
        self.show_problems({})

    def is_complete(self) -> bool:
        """Whether it is long enough and the same twice; says so under the fields if not."""
        problems = choice_problems(self.passphrase(), self.again())
        self.show_problems(problems)
        return not problems

    def show_problems(self, problems: dict[str, str]) -> None:
        """``first`` short, ``again`` differs."""
        said = {
            "short": tr("Use at least 8 characters; six words are good."),
            "differs": tr("The two are not the same. Type the passphrase once more."),
        }
        for key, field in (("first", self.first), ("again", self.second)):
            code = problems.get(key)
            field.set_problems([("error", said[code])] if code else [])

    def _changed(self) -> None:
        text = self.passphrase()
        self._strength.show_strength(judge(text, names=self.names) if text else None)
        self.show_problems({})
        self.edited.emit()
