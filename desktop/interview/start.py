"""Before an interview: a new family, or one that was left off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop import words
from desktop.style import tokens
from desktop.widgets.buttons import Button, LinkButton, PrimaryButton, QuietButton
from desktop.widgets.labels import Caption, Elided, Label, Section, Text
from desktop.widgets.layout import Card, Plain, Rule, Scroll, column, row
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from station.drafts import DraftRow


class Start(Scroll):
    """The families that were not finished, and the way to a new one."""

    new_wanted = Signal()
    continued = Signal(str)  # draft id
    discard_wanted = Signal(object)  # DraftRow

    def __init__(self) -> None:
        super().__init__(limit=tokens.FORM_WIDTH)
        self.setObjectName("interview-start")
        self.new = PrimaryButton(
            tr("New family"), icon="plus", on=self.new_wanted.emit, name="interview-new"
        )
        self._card = Card(spacing=0)
        self._title = Section(tr("Families not finished yet"))
        self._list = Plain()
        self._lines = QVBoxLayout(self._list)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(tokens.S8)
        self._card.body.addWidget(self._list)
        self.body.addLayout(
            row(Text(tr("Sit down with the family, and ask the head first."), muted=True), self.new)
        )
        self.body.addWidget(self._title)
        self.body.addWidget(self._card)
        self.body.addStretch(1)
        self.buttons: list[Button] = []

    def show_drafts(self, drafts: Sequence[DraftRow]) -> None:
        """Show these, the last touched first."""
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        self._title.setVisible(bool(drafts))
        self._card.setVisible(bool(drafts))
        for number, draft in enumerate(drafts):
            if number:
                self._lines.addWidget(Rule())
            self._lines.addWidget(self._line(draft))

    def _line(self, draft: DraftRow) -> Plain:
        title = draft.title or tr("No name yet")
        go_on = LinkButton(
            tr("Go on"), on=lambda: self.continued.emit(draft.id), name=f"draft-{draft.id}"
        )
        go_on.setAccessibleName(tr("Go on with {name}", name=title))
        discard = QuietButton(
            tr("Discard…"), on=lambda: self.discard_wanted.emit(draft), name=f"discard-{draft.id}"
        )
        discard.setAccessibleName(tr("Discard {name}", name=title))
        detail = tr(
            "{members}, saved {when}",
            members=ntr("{n} person", "{n} persons", draft.members),
            when=words.moment(draft.saved_at),
        )
        words_below: list[Label] = [Caption(detail, wrap=False)]
        if draft.reason:
            words_below.insert(0, Text(tr("Sent back: {reason}", reason=draft.reason)))
            discard.hide()  # what is registered stays; only a mended copy could be thrown away
        line = Plain()
        layout = row(
            column(Elided(title, as_="strong"), *words_below, spacing=2),
            go_on,
            discard,
            spacing=tokens.S12,
        )
        layout.setStretch(0, 1)
        line.setLayout(layout)
        self.buttons.append(go_on)
        return line
