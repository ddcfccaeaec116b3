"""One question in conflict: both answers with who said them, when, where and on what evidence."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QWidget

from desktop import words
from desktop.style import tokens
from desktop.widgets.buttons import Button, LinkButton
from desktop.widgets.fields import SelectField, TextField
from desktop.widgets.labels import Caption, Pill, Section, Strong, Text
from desktop.widgets.layout import Card, Plain, column, row
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from registry.adjudication_conflicts import FieldShown, Past, SideOf

THIRD = "third"


class Question(Card):
    """Choose one side, or give a third answer. ``choice`` is what is to be settled with."""

    chosen = Signal()

    def __init__(self, one: FieldShown) -> None:
        super().__init__(margin=tokens.S12, spacing=tokens.S8)
        self.shown = one
        self.setObjectName(f"question-{one.name}")
        self.setAccessibleName(tr("In conflict: {what}", what=one.label))
        self._group = QButtonGroup(self)
        self.buttons: list[Button] = []
        self._third: SelectField | TextField | None = None
        self._mark = Pill(tr("Not chosen"), tone="neutral")
        self.body.addLayout(row(Section(one.label, wrap=False), None, self._mark))
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.S12)
        for place, side in enumerate(one.sides):
            grid.addWidget(self._side(side, place), 0, place)
            grid.setColumnStretch(place, 1)
        self.body.addLayout(grid)
        below = row(None)
        if one.editor:
            below.insertWidget(0, self._other())
        self.body.addLayout(below)
        if one.past:
            self._add_past(one.past, below)

    def choose(self, place: int) -> None:
        """Choose a side by its place, from 0; the place after the last is a third answer."""
        if place < len(self.buttons):
            self.buttons[place].setChecked(True)
            self.buttons[place].setFocus()
            self._choose()
        if place == len(self.shown.sides) and self._third is not None:
            self._third.focus_editor()

    def choice(self) -> Any:
        """The hash of the side whose answer holds, an answer as it is typed, or None."""
        at = self._group.checkedId()
        if 0 <= at < len(self.shown.sides):
            return self.shown.sides[at].entry
        if at >= 0 and self._third is not None:
            return self._third.value() or None
        return None

    def said(self) -> str:
        """The answer that is chosen, in words."""
        at = self._group.checkedId()
        if 0 <= at < len(self.shown.sides):
            return self.shown.sides[at].value or tr("nothing")
        told = dict(self.shown.options)
        choice = self.choice()
        return str(told.get(choice, choice or ""))

    def _side(self, side: SideOf, place: int) -> QWidget:
        box = Card(spacing=tokens.S4, margin=tokens.S12)
        box.body.addWidget(Strong(isolate(side.value) or tr("nothing")))
        box.body.addWidget(
            Caption(
                tr(
                    "{when}, by {who}, {where}",
                    when=words.moment(side.at),
                    who=isolate(side.by),
                    where=isolate(side.station),
                )
            )
        )
        if side.evidence:
            box.body.addWidget(Text(tr("Because: {why}", why=isolate(side.evidence)), muted=True))
        if side.doubt:
            box.body.addWidget(Caption(tr("The clock there was in doubt.")))
        marks = row(None)
        if side.shown:
            marks.insertWidget(0, Pill(tr("Shown until decided"), tone="accent"))
        box.body.addLayout(marks)
        box.body.addStretch(1)
        button = Button(
            tr("This holds ({key})", key=place + 1),
            on=self._choose,
            name=f"holds-{self.shown.name}-{place}",
        )
        button.setCheckable(True)
        button.setProperty("look", "segment")
        button.setAccessibleName(
            tr("This holds: {values}", values=f"{self.shown.label}: {side.value}")
        )
        self._group.addButton(button, place)
        self.buttons.append(button)
        box.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        return box

    def _other(self) -> QWidget:
        """A third answer: given here, it holds."""
        key = f"third-{self.shown.name}"
        label = tr("Neither; this holds")
        if self.shown.editor == "choice":
            self._third = SelectField(key, label, options=self.shown.options)
        else:
            self._third = TextField(key, label, width=420)
        hidden = Button("", name=f"holds-{self.shown.name}-other")
        hidden.setCheckable(True)
        self._group.addButton(hidden, len(self.shown.sides))
        hidden.setParent(self)  # after the group, which would keep it
        hidden.hide()
        self._third.edited.connect(partial(self._typed, hidden))
        return self._third

    def _typed(self, hidden: Button, _key: str, raw: Any) -> None:
        if raw:
            hidden.setChecked(True)
        elif hidden.isChecked():
            self._group.setExclusive(False)
            hidden.setChecked(False)
            self._group.setExclusive(True)
        self._choose()

    def _choose(self) -> None:
        chosen = self.choice() is not None
        self._mark.set_state(
            tr("Chosen") if chosen else tr("Not chosen"), tone="success" if chosen else "neutral"
        )
        self.chosen.emit()

    def _add_past(self, past: tuple[Past, ...], beside: QHBoxLayout) -> None:
        """The whole history of the answer, folded away."""
        holder = Plain()
        lines: list[QWidget] = []
        for one in past:
            told = tr(
                "{value}: {when}, by {who}, {where}",
                value=isolate(one.value) or tr("nothing"),
                when=words.moment(one.at),
                who=isolate(one.by),
                where=isolate(one.station),
            )
            lines.append(Text(told))
            if one.evidence:
                lines.append(Caption(tr("Because: {why}", why=isolate(one.evidence))))
        holder.setLayout(column(*lines, spacing=2))
        holder.hide()
        shown = ntr("{n} time answered: show all", "{n} times answered: show all", len(past))
        link = LinkButton(
            shown,
            icon="history",
            on=lambda: holder.setVisible(holder.isHidden()),
            name=f"past-{self.shown.name}",
        )
        beside.addWidget(link, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addWidget(holder)
