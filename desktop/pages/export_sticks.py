"""A bundle on several sticks: one after the other, each asked for when the last one is full."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from desktop import offices, words
from desktop.widgets.buttons import Button, QuietButton
from desktop.widgets.labels import Text
from desktop.widgets.layout import Card, fill, row
from desktop.widgets.messages import Notice
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from station.sticks import Carried, Waiting


class SticksCard(Card):
    """Which sticks are written, and the button for the next one."""

    wanted = Signal()
    """The next stick is to be written."""
    given_up = Signal()
    """The sticks that were written are of no use any more."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("export-sticks")
        self._all_written = False
        self.said = Notice("info", "")
        self.advice = Text(
            tr("When one stick is too small: the bundle is prepared here, then written on one "
               "stick after the other. The registry needs all of them."),
            muted=True,
        )  # fmt: skip
        self.next = Button("", on=self.wanted.emit, name="export-next-stick")
        self.give_up = QuietButton(
            tr("Begin again from the first stick"), on=self.given_up.emit, name="export-give-up"
        )
        fill(self.body, self.said, self.advice, row(self.next, self.give_up, None))
        self.show_waiting(None)

    @property
    def telling(self) -> bool:
        """Whether there is something on it that somebody has to read."""
        return not self.said.isHidden()

    def show_waiting(self, waiting: Waiting | None) -> None:
        """What an earlier day left: some sticks written, or none."""
        begun = waiting is not None and waiting.sticks > 0
        self.said.setVisible(begun or self._all_written)
        self.give_up.setVisible(begun)
        if waiting is not None and begun:
            self._ask_for(waiting.sticks + 1, waiting.left)
        else:
            self.next.setText(tr("Export to several sticks…"))

    def show_carried(self, made: Carried) -> None:
        """One more stick is written and read back."""
        self._all_written = not made.left
        self.said.setVisible(True)
        self.give_up.setVisible(bool(made.left))
        if made.left:
            self._ask_for(made.number + 1, made.left)
            return
        self.next.setText(tr("Export to several sticks…"))
        self.said.set_message(
            "success",
            tr(
                "All {count} sticks are written, read back, and found whole. Take all of them to "
                "the registry, each with its number on it.",
                count=words.number(made.number),
            ),
        )

    def _ask_for(self, number: int, left: int) -> None:
        self.said.set_message(
            "info",
            tr(
                "Write the number {done} on the stick and take it out. Then put in stick {next}: "
                "{left} files are still to be written.",
                done=words.number(number - 1),
                next=words.number(number),
                left=words.number(left),
            ),
        )
        self.next.setText(tr("Write stick {number}…", number=words.number(number)))


def carry(work: Any, parent: Path) -> Carried:
    """Write the next stick; on the worker."""
    return offices.sticks.carry(
        work.session, parent, progress=work.progress, cancelled=work.cancelled
    )


def writing(parent: Path) -> str:
    """What the progress card says."""
    return tr("Writing to {folder}", folder=isolate(parent.name or str(parent)))
