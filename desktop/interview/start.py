"""Before an interview: a new family, one that was left off, or one that came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.style import tokens
from desktop.widgets.buttons import Button, LinkButton, PrimaryButton, QuietButton
from desktop.widgets.labels import Caption, Elided, Section, Text
from desktop.widgets.layout import Card, Plain, Rule, Scroll, column, row
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from station.drafts import DraftRow


class Start(Scroll):
    """The families that came back or were not finished, and the way to a new one."""

    new_wanted = Signal()
    continued = Signal(str)  # draft id
    discard_wanted = Signal(object)  # DraftRow

    def __init__(self) -> None:
        super().__init__(limit=tokens.FORM_WIDTH)
        self.setObjectName("interview-start")
        self.new = PrimaryButton(
            tr("New family"), icon="plus", on=self.new_wanted.emit, name="interview-new"
        )
        self._returned = _Families(tr("Sent back, to be mended"))
        self._unfinished = _Families(tr("Families not finished yet"))
        self.body.addLayout(
            row(Text(tr("Sit down with the family, and ask the head first."), muted=True), self.new)
        )
        self.body.addWidget(self._returned)
        self.body.addWidget(self._unfinished)
        self.body.addStretch(1)
        self.buttons: list[Button] = []

    def show_drafts(self, drafts: Sequence[DraftRow]) -> None:
        """Show these, in the order given; those that came back come first."""
        self.buttons = []
        self._returned.show_lines([self._line(one) for one in drafts if one.reason])
        self._unfinished.show_lines([self._line(one) for one in drafts if not one.reason])

    def focus_returned(self) -> None:
        """Give the keyboard to the first family that came back, else to a new one."""
        (self.buttons[0] if self._returned.count else self.new).setFocus()

    def _line(self, draft: DraftRow) -> Plain:
        title = draft.title or tr("No name yet")
        saved = tr(
            "{members}, saved {when}",
            members=ntr("{n} person", "{n} persons", draft.members),
            when=words.moment(draft.saved_at),
        )
        said = column(Elided(title, as_="strong"), Caption(saved, wrap=False), spacing=2)
        acts: list[Button] = []
        if draft.reason:
            said.insertSpacing(1, tokens.S4)
            said.insertWidget(2, Text(draft.reason))
            said.insertSpacing(3, tokens.S4)
            mend = Button(
                tr("Mend"),
                icon="edit",
                on=lambda: self.continued.emit(draft.id),
                name=f"draft-{draft.id}",
            )
            mend.setAccessibleName(
                tr("Mend {name}. Sent back: {reason}", name=title, reason=draft.reason)
            )
            acts.append(mend)
        else:
            go_on = LinkButton(
                tr("Go on"), on=lambda: self.continued.emit(draft.id), name=f"draft-{draft.id}"
            )
            go_on.setAccessibleName(tr("Go on with {name}", name=title))
            discard = QuietButton(
                tr("Discard…"),
                on=lambda: self.discard_wanted.emit(draft),
                name=f"discard-{draft.id}",
            )
            discard.setAccessibleName(tr("Discard {name}", name=title))
            acts.extend((go_on, discard))
        self.buttons.append(acts[0])
        line = Plain()
        layout = row(said, *acts, spacing=tokens.S12)
        layout.setStretch(0, 1)
        line.setLayout(layout)
        return line


class _Families(Plain):
    """A heading over a card of families; gone while there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.count = 0
        self._card = Card(spacing=tokens.S8)
        self.setLayout(column(Section(title), self._card, spacing=tokens.S8))
        self.hide()

    def show_lines(self, lines: Sequence[QWidget]) -> None:
        """Show these under each other."""
        while (item := self._card.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(lines):
            if number:
                self._card.body.addWidget(Rule())
            self._card.body.addWidget(line)
        self.count = len(lines)
        self.setVisible(bool(lines))
