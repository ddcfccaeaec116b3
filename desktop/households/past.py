"""What happened to a household, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from desktop import words
from desktop.style import tokens
from desktop.widgets.labels import Caption, Pill, Section, Strong, Text
from desktop.widgets.layout import Card, Plain, Rule, column, row
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from station.households import HouseholdChange


class Past(Plain):
    """Acts under each other: what, who, why, by whom; undone ones say so."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("household-past")
        self._card = Card(spacing=tokens.S8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S8)
        layout.addWidget(Section(tr("What happened to the household")))
        layout.addWidget(self._card)

    def show_past(self, past: Sequence[HouseholdChange]) -> None:
        """Show these, in order."""
        while (item := self._card.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, change in enumerate(past):
            if place:
                self._card.body.addWidget(Rule())
            self._card.body.addWidget(_line(change))
        self.setVisible(bool(past))


def _line(change: HouseholdChange) -> Plain:
    title = Strong(change.title, wrap=False)
    head = row(title, None)
    if change.undone:
        struck = title.font()
        struck.setStrikeOut(True)
        title.setFont(struck)
        head.addWidget(Pill(tr("Undone"), tone="neutral", icon="undo"))
    said = [Text(one) for one in change.lines]
    if change.reason:
        said.append(Text(change.reason, muted=True))
    when = tr("{when}, by {who}", when=words.moment(change.at), who=isolate(change.by))
    line = Plain()
    line.setLayout(column(head, *said, Caption(when), spacing=2))
    told = (change.title, *change.lines, change.reason, when, tr("Undone") if change.undone else "")
    line.setAccessibleName(", ".join(one for one in told if one))
    return line
