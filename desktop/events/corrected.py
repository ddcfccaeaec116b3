"""After a correction: what was changed at once, what waits for whom, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.labels import Strong, Text, Title
from desktop.widgets.layout import Card, Scroll, row
from desktop.widgets.messages import Picture
from desktop.words import ntr, tr


class Done(Scroll):
    """The changes are signed."""

    back_wanted = Signal()
    next_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(limit=tokens.FORM_WIDTH)
        self.setObjectName("correct-done")
        self._said = Title("")
        self._card = Card(spacing=tokens.S8)
        self._card.setObjectName("correct-told")
        self.back = PrimaryButton(
            tr("To the person"), icon="person", on=self.back_wanted.emit, name="correct-back"
        )
        self.next = Button("", on=self.next_wanted.emit, name="correct-next")
        tick = Picture("success", role="success", size=28)
        self.body.addLayout(row(tick, self._said, spacing=tokens.S12))
        self.body.addWidget(self._card)
        self.body.addLayout(row(self.next, self.back, None, spacing=tokens.S12))
        self.body.addStretch(1)

    def show_done(
        self, name: str, *, at_once: Sequence[str], waits: Sequence[str], then: int
    ) -> None:
        """``at_once`` and ``waits`` are labels of answers; ``then`` how many are still to come."""
        self._said.setText(tr("Signed: {name}", name=name))
        while (item := self._card.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if at_once:
            self._card.body.addWidget(Strong(tr("Changed at once")))
            self._card.body.addWidget(Text(" · ".join(at_once)))
        if waits:
            self._card.body.addWidget(Strong(tr("Waits for approval")))
            self._card.body.addWidget(Text(" · ".join(waits)))
            self._card.body.addWidget(
                Text(
                    tr("Another supervisor, or the registry, decides. The record stays as it is."),
                    muted=True,
                )
            )
        self.next.setVisible(then > 0)
        self.next.setText(
            ntr("Next: {n} more person to complete", "Next: {n} more persons to complete", then)
        )

    def focus_first(self) -> None:
        """Give the keyboard to what comes next."""
        (self.back if self.next.isHidden() else self.next).setFocus()
