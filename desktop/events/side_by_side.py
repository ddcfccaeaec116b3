"""What will be different: before beside after, line by line, for every person touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.style import tokens
from desktop.widgets.labels import Caption, Label, Pill, Strong, Text
from desktop.widgets.layout import Card, Plain, row
from desktop.widgets.messages import Picture
from desktop.words import isolate, tr


@dataclass(frozen=True, slots=True)
class Change:
    """One line: what it is, what stands, what will stand. ``tag`` says something of it in a word,
    with the tone of its pill."""

    what: str
    before: str
    after: str
    tag: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Touched:
    """A person, or a household, with what changes for it."""

    name: str
    detail: str
    changes: tuple[Change, ...]


class SideBySide(Card):
    """The changes of each who is touched, before and after beside each other."""

    def __init__(self, title: str, nothing: str) -> None:
        super().__init__(spacing=tokens.S12)
        self.setObjectName("what-changes")
        self._title = title
        self._nothing = nothing
        self._shown: tuple[Touched, ...] | None = None
        self.show_changes(())

    def shown(self) -> tuple[Touched, ...]:
        """What stands here."""
        return self._shown or ()

    def show_changes(self, touched: Sequence[Touched]) -> None:
        """Show these; nothing is redrawn when they are the same as before."""
        if tuple(touched) == self._shown:
            return
        self._shown = tuple(touched)
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.body.addWidget(Strong(self._title))
        if not touched:
            self.body.addWidget(Text(self._nothing, muted=True))
        for one in touched:
            self.body.addWidget(_block(one))


def _block(one: Touched) -> QWidget:
    block = Plain()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(tokens.S8)
    grid.setVerticalSpacing(tokens.S4)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(2, 1)
    line = 0
    if one.name or one.detail:
        grid.addWidget(Strong(one.name), line, 0, 1, 3)
        if one.detail:
            grid.addWidget(Caption(isolate(one.detail)), line + 1, 0, 1, 3)
            line += 1
        line += 1
    for change in one.changes:
        line = _add(grid, line, change)
    said = [
        f"{change.what}: {change.before or '–'} → {change.after or '–'}" for change in one.changes
    ]
    block.setAccessibleName(". ".join([one.name, *said]))
    return block


def _add(grid: QGridLayout, line: int, change: Change) -> int:
    top = Qt.AlignmentFlag.AlignTop
    what = Caption(change.what)
    if change.tag:
        # Beside each other in a line of their own: neither stands on the other.
        heading = row(what, Pill(change.tag, tone=change.tone), spacing=tokens.S8)
        heading.setStretch(0, 1)
        grid.addLayout(heading, line, 0, 1, 3)
    else:
        grid.addWidget(what, line, 0, 1, 3)
    before = Label(change.before or tr("nothing"), as_="muted")
    after = Label(change.after or tr("nothing"), as_="strong" if change.after else "muted")
    before.setAccessibleName(tr("Before: {value}", value=change.before or tr("nothing")))
    after.setAccessibleName(tr("After: {value}", value=change.after or tr("nothing")))
    grid.addWidget(before, line + 1, 0, top)
    grid.addWidget(Picture("chevron", role="muted", size=16), line + 1, 1, top)
    grid.addWidget(after, line + 1, 2, top)
    return line + 2
