"""What two people changed without knowing of each other: both sides, and deciding which holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop import words
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.labels import Caption, Pill, Strong, Text
from desktop.widgets.layout import Card, Plain, column, row
from desktop.widgets.messages import Notice
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from workspace.conflicts import ConflictShown, Side


class ConflictsPlace(Plain):
    """Every conflict of a record with its sides beside each other.

    Who may settle them chooses a side of each; they are settled together, with one reason.
    """

    settle_wanted = Signal(object)  # {set: entry}

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("person-conflicts")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(tokens.S12)
        self._shown: tuple[ConflictShown, ...] = ()
        self._chosen: dict[str, Any] = {}
        self._buttons: dict[tuple[str, Any], Button] = {}
        self._settle: PrimaryButton | None = None
        self.hide()

    def show_conflicts(self, found: Sequence[ConflictShown], *, may_settle: bool) -> None:
        """Show these; nothing is shown while there are none."""
        self._shown = tuple(found)
        self._chosen, self._buttons, self._settle = {}, {}, None
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(found))
        for one in found:
            self._layout.addWidget(self._card(one, may_settle=may_settle))
        if found and may_settle:
            self._settle = PrimaryButton(
                ntr("Settle the conflict…", "Settle the {n} conflicts…", len(found)),
                icon="check",
                on=lambda: self.settle_wanted.emit(dict(self._chosen)),
                name="conflicts-settle",
            )
            self._settle.setEnabled(False)
            foot = Plain()
            foot.setLayout(row(self._settle, None))
            self._layout.addWidget(foot)

    def heads(self) -> Any:
        """What the conflicts were seen on."""
        return self._shown[0].heads if self._shown else None

    def _card(self, one: ConflictShown, *, may_settle: bool) -> QWidget:
        card = Card(
            Notice(
                "warning",
                tr(
                    "In conflict: {what}. Nobody is overruled until somebody decides.",
                    what=one.title,
                ),
            ),
            spacing=tokens.S12,
        )
        card.setObjectName(f"conflict-{one.set}")
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.S12)
        for place, side in enumerate(one.sides):
            grid.addWidget(self._side(one, side, place, may_settle=may_settle), 0, place)
            grid.setColumnStretch(place, 1)
        card.body.addLayout(grid)
        return card

    def _side(self, one: ConflictShown, side: Side, place: int, *, may_settle: bool) -> QWidget:
        box = Card(spacing=tokens.S4, margin=tokens.S12)
        for said in side.values:
            box.body.addLayout(
                column(Caption(said.label), Strong(said.value or tr("nothing")), spacing=0)
            )
        if side.reason:
            box.body.addWidget(Text(side.reason, muted=True))
        box.body.addWidget(
            Caption(tr("{when}, by {who}", when=words.moment(side.at), who=isolate(side.by)))
        )
        if side.doubt:
            box.body.addWidget(Caption(tr("The clock there was in doubt.")))
        marks = row(None)
        if side.shown:
            marks.insertWidget(0, Pill(tr("Shown until decided"), tone="accent"))
        box.body.addLayout(marks)
        box.body.addStretch(1)
        if may_settle:
            choose = Button(
                tr("This holds"),
                on=partial(self._choose, one.set, side.entry),
                name=f"side-{one.set}-{place}",
            )
            choose.setCheckable(True)
            choose.setProperty("look", "segment")
            values = ", ".join(f"{said.label}: {said.value}" for said in side.values)
            choose.setAccessibleName(tr("This holds: {values}", values=values))
            self._buttons[one.set, side.entry] = choose
            box.body.addWidget(choose, 0, Qt.AlignmentFlag.AlignLeading)
        return box

    def _choose(self, set_: str, entry: Any) -> None:
        self._chosen[set_] = entry
        for (of_set, of_entry), button in self._buttons.items():
            if of_set == set_:
                button.setChecked(of_entry == entry)
        if self._settle is not None:
            self._settle.setEnabled(len(self._chosen) == len(self._shown))
