"""Families that came back to this station to be mended: from whom, when and why.

The officer mends them from the list of unfinished families; a supervisor sees here what is on its
way, and what the registry asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop import offices, words
from desktop.desk import Desk
from desktop.style import tokens
from desktop.widgets.labels import Text
from desktop.widgets.layout import Plain
from desktop.widgets.messages import EmptyState
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from station.review import ReturnedRow


class CameBack(Plain):
    """A list to read; nothing is decided here."""

    counted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("came-back")
        self._desk = desk
        self.table: DataTable[ReturnedRow] = DataTable(
            _columns(),
            name="came-back",
            label=tr("Families that came back"),
            prefs=desk.prefs,
            identity=lambda one: one.registration,
            empty=EmptyState(
                "undo",
                tr("Nothing came back"),
                tr("Families that you or the registry sent back stand here until they are mended."),
            ),
        )
        self.detail = Text("")
        self.table.selection_changed.connect(self._look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.detail)

    def load(self) -> None:
        """Look at what came back."""
        language = self._desk.language
        self._desk.read(
            lambda work: offices.review.returned(work.session, language=language),
            done=self._show,
            parent=self,
            latest="came-back",
        )

    def _show(self, rows: Sequence[ReturnedRow]) -> None:
        self.table.set_rows(rows)
        if rows and not self.table.selected():
            self.table.select_first()
        self.counted.emit(len(rows))
        self._look()

    def _look(self) -> None:
        chosen = self.table.selected()
        self.detail.setText(isolate(chosen[0].reason) if chosen else "")


def _columns() -> list[Column[ReturnedRow]]:
    return [
        Column(
            key="head", title=tr("Family of"), value=lambda one: isolate(one.head_name),
            strong=True, stretch=True,
        ),
        Column(
            key="household", title=tr("Household"),
            value=lambda one: isolate(one.household_number), width=210, mono=True,
        ),
        Column(key="why", title=tr("Why"), value=lambda one: isolate(one.reason), stretch=True),
        Column(
            key="by", title=tr("Sent back by"),
            value=lambda one: tr("the registry") if one.by_registry else isolate(one.by),
            width=150,
        ),
        Column(
            key="at", title=tr("When"), value=lambda one: words.moment(one.at),
            sort=lambda one: one.at, width=220,
        ),
    ]  # fmt: skip
