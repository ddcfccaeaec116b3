"""Other records of the same person, on the page of one: who they are, and the way to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop.style import tokens
from desktop.widgets.buttons import LinkButton
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Card, Plain, row
from desktop.words import beside, isolate, ntr, tr

if TYPE_CHECKING:
    from workspace.people import LinkedRow


class LinkedPlace(Plain):
    """Hidden while there is only the one record."""

    went = Signal(str, dict)  # navigate: page key and arguments

    def __init__(self, *, may_compare: bool) -> None:
        super().__init__()
        self.setObjectName("person-linked")
        self._may_compare = may_compare
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_linked(self, person: Any, linked: Sequence[LinkedRow]) -> None:
        """Show these records beside the person's own."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(linked))
        if not linked:
            return
        card = Card(spacing=tokens.S4)
        card.body.addWidget(Section(tr("The same person by the registry's decision")))
        for one in linked:
            if one.person is not None:
                card.body.addLayout(self._line(person, one))
        elsewhere = sum(one.person is None for one in linked)
        if elsewhere:
            card.body.addWidget(
                Text(
                    ntr(
                        "{n} record of this person lies at another office.",
                        "{n} records of this person lie at other offices.",
                        elsewhere,
                    ),
                    muted=True,
                )
            )
        card.body.addWidget(
            Text(tr("Each record stays as it is; what happened is shown together."), muted=True)
        )
        self._layout.addWidget(card)

    def _line(self, person: Any, one: LinkedRow) -> QVBoxLayout:
        line = QVBoxLayout()
        told = beside(isolate(one.name), isolate(one.number), isolate(one.permanent))
        open_ = LinkButton(
            told,
            icon="person",
            on=partial(self.went.emit, "person", {"person": one.person}),
            name="linked-open",
        )
        buttons = row(open_, None)
        if self._may_compare:
            compare = LinkButton(
                tr("Look at the link"),
                on=partial(self.went.emit, "duplicate", {"pair": (person, one.person)}),
                name="linked-compare",
            )
            buttons.addWidget(compare)
        line.addLayout(buttons)
        return line
