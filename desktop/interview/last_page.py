"""The last page: the family read back in sentences, what is open, and the one button.

Every fact is a link to its field. Warnings are confirmed here with a reason, in place.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop.interview.marks import Target
from desktop.interview.read_back import Block, Fact, Sentence
from desktop.style import theme, tokens
from desktop.widgets.buttons import Button, LinkButton
from desktop.widgets.labels import Caption, Strong, Text
from desktop.widgets.layout import Card, Plain, column, row
from desktop.widgets.messages import Picture, ProblemItem, ProblemList
from desktop.words import isolate, ntr, rtl, tr


@dataclass(frozen=True, slots=True)
class Doubt:
    """A warning, as it is shown: where it is, what it says, and the reason given so far."""

    key: Any
    target: Target
    sentence: str
    reason: str


class _Sentences(QLabel):
    """The sentences about one subject; Tab walks through their links, Enter follows."""

    followed = Signal(object)  # Target

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._targets: list[Target] = []
        self._sentences = tuple(sentences)
        self.setAccessibleName(" ".join(sentence.plain() for sentence in sentences))
        self._draw()
        self.linkActivated.connect(self._follow)

    def _draw(self) -> None:
        """Facts are set in the text's colour, underlined: a page full of blue is no sentence."""
        self._targets.clear()
        said = " ".join(self._marked(sentence) for sentence in self._sentences)
        way = "rtl" if rtl() else "ltr"  # not as the first name is written
        self.setText(f'<p dir="{way}" style="line-height: 150%; margin: 0;">{said}</p>')

    def _marked(self, sentence: Sentence) -> str:
        parts = {name: self._link(fact) for name, fact in sentence.facts.items()}
        return html.escape(sentence.template, quote=False).format(**parts)

    def _link(self, fact: Fact) -> str:
        text = html.escape(isolate(fact.text), quote=False)
        if fact.target is None:
            return html.escape(fact.text, quote=False)
        self._targets.append(fact.target)
        ink = theme.current().danger if fact.open else theme.current().accent
        weight = "600" if fact.open else "500"
        style = f"color: {ink}; text-decoration: none; font-weight: {weight};"
        return f'<a href="{len(self._targets) - 1}" style="{style}">{text}</a>'

    def _follow(self, link: str) -> None:
        self.followed.emit(self._targets[int(link)])

    def changeEvent(self, event: Any) -> None:
        if event.type() == event.Type.StyleChange and hasattr(self, "_sentences"):
            self._draw()
        super().changeEvent(event)


class _DoubtRow(Plain):
    """One warning with its reason. Enter in the reason confirms it."""

    confirmed = Signal(object, str)  # key, reason
    looked_at = Signal(object)  # Target

    def __init__(self, doubt: Doubt, number: int) -> None:
        super().__init__()
        self.doubt = doubt
        picture = Picture(
            "check" if doubt.reason else "warning",
            role="success" if doubt.reason else "warning",
            size=16,
        )
        self.reason = QLineEdit(doubt.reason)
        self.reason.setObjectName(f"reason-{number}")
        self.reason.setMaxLength(400)
        self.reason.setPlaceholderText(tr("If it is right as it is, say why"))
        self.reason.setAccessibleName(tr("Reason: {warning}", warning=doubt.sentence))
        self.confirm = Button(tr("Confirm"), on=self._confirm, name=f"confirm-{number}")
        self.reason.textChanged.connect(lambda _text: self._look())
        look = LinkButton(tr("Look at it"), on=lambda: self.looked_at.emit(doubt.target))
        words = Text(doubt.sentence)
        layout = row(
            column(picture, None),
            column(
                row(words, look),
                row(self.reason, self.confirm),
                spacing=tokens.S8,
            ),
            spacing=tokens.S12,
        )
        self.setLayout(layout)
        self._look()

    def _look(self) -> None:
        said = self.reason.text().strip()
        self.confirm.setEnabled(
            said != self.doubt.reason and (bool(said) or bool(self.doubt.reason))
        )
        done = bool(said) and said == self.doubt.reason
        self.confirm.setText(tr("Confirmed") if done else tr("Confirm"))

    def _confirm(self) -> None:
        self.confirmed.emit(self.doubt.key, self.reason.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
        ):
            if self.confirm.isEnabled():
                self._confirm()
            return
        super().keyPressEvent(event)


class LastPage(Plain):
    """What is open, then the family in sentences."""

    followed = Signal(object)  # Target
    confirmed = Signal(object, str)  # key of a doubt, reason

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("read-back")
        self.setAccessibleName(tr("The family, read back"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(tokens.S12, 0, tokens.S12, 0)
        self._layout.setSpacing(tokens.S16)
        self._shown: tuple[Any, ...] = ()
        self.doubts: list[_DoubtRow] = []

    def show_family(
        self,
        blocks: Sequence[Block],
        errors: Sequence[ProblemItem],
        doubts: Sequence[Doubt],
    ) -> None:
        """Show it all; nothing is redrawn while nothing changed."""
        wanted = (tuple(blocks), tuple(errors), tuple(doubts))
        if wanted == self._shown:
            return
        self._shown = wanted
        begun = {line.doubt.key: line.reason.text() for line in self.doubts}
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.doubts = []
        if errors:
            self._layout.addWidget(self._errors(errors))
        if doubts:
            self._layout.addWidget(self._doubts(doubts, begun))
        for block in blocks:
            self._layout.addWidget(self._block(block))
        self._layout.addStretch(1)

    def paintEvent(self, event: Any) -> None:
        """A bar beside the sentences while the page itself has the keyboard."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            bar = self.rect().adjusted(0, 0, 3 - self.width(), 0)
            if self.isRightToLeft():
                bar.moveRight(self.rect().right())
            painter.fillRect(bar, theme.colour("focus"))
            painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def first_open(self) -> QWidget | None:
        """Where the first warning without a reason can be given one."""
        return next((line.reason for line in self.doubts if not line.doubt.reason), None)

    def focus_first_open(self) -> None:
        """Give it the keyboard; where all have a reason, the page itself gets it."""
        (self.first_open() or self).setFocus()

    def _errors(self, errors: Sequence[ProblemItem]) -> QWidget:
        problems = ProblemList()
        problems.setObjectName("read-back-errors")
        problems.activated.connect(self.followed)
        problems.set_items(errors)
        return Card(problems)

    def _doubts(self, doubts: Sequence[Doubt], begun: Mapping[Any, str]) -> QWidget:
        still = sum(not doubt.reason for doubt in doubts)
        title = (
            ntr(
                "{n} thing to look at, or to confirm with a reason",
                "{n} things to look at, or to confirm with a reason",
                still,
            )
            if still
            else tr("All warnings have been confirmed with a reason")
        )
        card = Card(Strong(title), spacing=tokens.S16)
        card.setObjectName("read-back-warnings")
        for number, doubt in enumerate(doubts):
            line = _DoubtRow(doubt, number)
            if not doubt.reason and begun.get(doubt.key):
                line.reason.setText(begun[doubt.key])  # a reason begun is not lost
            line.confirmed.connect(self.confirmed)
            line.looked_at.connect(self.followed)
            card.body.addWidget(line)
            self.doubts.append(line)
        return card

    def _block(self, block: Block) -> QWidget:
        sentences = _Sentences(block.sentences)
        sentences.setObjectName(f"said-{block.subject or 'household'}")
        sentences.followed.connect(self.followed)
        if not block.sentences:
            return Card(Strong(block.title), Caption(tr("Nothing has been asked yet.")))
        return Card(Strong(block.title), sentences, spacing=tokens.S4)
