"""After registering: the numbers, large enough to be copied by hand, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.labels import Caption, Display, Strong, Text, Title
from desktop.widgets.layout import Card, Scroll, column, row
from desktop.widgets.messages import Picture
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from station.enter import Registered


class Done(Scroll):
    """The family is registered."""

    print_wanted = Signal(object)  # Registered
    next_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(limit=tokens.FORM_WIDTH)
        self.setObjectName("interview-done")
        self._registered: Registered | None = None
        self._said = Title("")
        self._number = Display("")
        self._number.setObjectName("household-number")
        self._number.setTextInteractionFlags(Text("").selectable().textInteractionFlags())
        self._people = QGridLayout()
        self._people.setHorizontalSpacing(tokens.S24)
        self._people.setVerticalSpacing(tokens.S8)
        self._people.setColumnStretch(0, 1)
        self.next = PrimaryButton(
            tr("Next family"), icon="plus", on=self.next_wanted.emit, name="interview-next"
        )
        self.print = Button(
            tr("Print documents"), icon="print", on=self._print, name="interview-print"
        )
        card = Card(
            column(Caption(tr("Number of the household")), self._number, spacing=0),
            self._people,
            spacing=tokens.S16,
            margin=tokens.S24,
        )
        tick = Picture("success", role="success", size=28)
        self.body.addLayout(row(tick, self._said, spacing=tokens.S12))
        self.body.addWidget(card)
        self.body.addWidget(
            Text(
                tr(
                    "The registration is provisional until the registry has confirmed it. "
                    "It is stored on this computer now; nothing has been sent yet."
                ),
                muted=True,
            )
        )
        self.body.addLayout(row(self.print, self.next, None, spacing=tokens.S12))
        self.body.addStretch(1)

    def show_registered(self, registered: Registered, *, mended: bool = False) -> None:
        """Show the numbers of a family; ``mended``: it had been sent back."""
        self._registered = registered
        count = len(registered.persons)
        self._said.setText(
            tr("Mended. The family waits for review again.")
            if mended
            else ntr("{n} person has been registered", "{n} persons have been registered", count)
        )
        self._number.setText(isolate(registered.household_number))
        while (item := self._people.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line, (_person, number, name) in enumerate(registered.persons):
            said = Strong(name or tr("No name yet"))
            shown = Text(isolate(number), wrap=False).selectable()
            shown.setAccessibleName(f"{name} {number}")
            self._people.addWidget(said, line, 0)
            self._people.addWidget(shown, line, 1)
        self.print.setFocus()

    def _print(self) -> None:
        if self._registered is not None:
            self.print_wanted.emit(self._registered)
