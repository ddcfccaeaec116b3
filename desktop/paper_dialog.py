"""Asks why a paper is printed again or withdrawn, as a code, and who fetches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.dialogs import SheetDialog
from desktop.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from desktop.widgets.fields import ChoiceField, LongTextField, SelectField, TextField
from desktop.widgets.labels import Text
from desktop.widgets.ticks import TickBox
from desktop.words import tr

Choices = Sequence[tuple[str, str]]
"""Codes, each with its words."""

HOLDER, OTHER = "holder", "other"


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """What was said. `who` is empty when nobody asked who fetches the paper; `today`: papers that
    were printed today are printed once more, as whoever asks for a single one wants."""

    code: str
    words: str = ""
    who: str = ""
    name: str = ""
    proof: str = ""
    today: bool = True


class PaperDialog(SheetDialog):
    """The act is off until a reason is chosen, and another collector has a name."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        explanation: str,
        action: str,
        *,
        choices: Choices,
        collector: bool = False,
        danger: bool = False,
        today: bool = False,
    ) -> None:
        super().__init__(parent, title)
        self.setObjectName("paper-dialog")
        self.body.addWidget(Text(explanation, muted=True))
        self._choice = SelectField(
            "paper-reason", tr("Reason"), options=[("", tr("Choose…")), *choices], width=None
        )
        self._words = LongTextField("paper-words", tr("In your own words"), lines=2)
        self._who = ChoiceField(
            "paper-who",
            tr("Who fetches it"),
            options=[(HOLDER, tr("The holder")), (OTHER, tr("Somebody else"))],
        )
        self._who.set_value(HOLDER)
        self._name = TextField("paper-name", tr("Name of the person"))
        self._proof = TextField("paper-proof", tr("Shown as proof: letter, paper, number"))
        for field in (self._choice, self._words, self._who, self._name, self._proof):
            field.edited.connect(lambda _key, _raw: self._look())
            self.body.addWidget(field)
        self._today = TickBox(tr("Also what was printed today"), name="paper-today")
        self.body.addWidget(self._today)
        self._today.setVisible(today)
        self._asks, self._asks_today = collector, today
        self._who.setVisible(collector)
        kind = DangerButton if danger else PrimaryButton
        self.act: Button = kind(action, on=self.accept, name="paper-act")
        self.buttons.addWidget(QuietButton(tr("Cancel"), on=self.reject, name="paper-cancel"))
        self.buttons.addWidget(self.act)
        self._choice.focus_editor()
        self._look()

    def answer(self) -> PaperAnswer:
        """What was said so far."""
        who = str(self._who.value() or HOLDER) if self._asks else ""
        other = who == OTHER
        return PaperAnswer(
            code=str(self._choice.value() or ""),
            words=str(self._words.value() or "").strip(),
            who=who,
            name=str(self._name.value() or "").strip() if other else "",
            proof=str(self._proof.value() or "").strip() if other else "",
            today=self._today.isChecked() or not self._asks_today,
        )

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
        ):
            if self.act.isEnabled():
                self.accept()
            return
        super().keyPressEvent(event)

    def _look(self) -> None:
        said = self.answer()
        for field in (self._name, self._proof):
            field.setVisible(said.who == OTHER)
        self.act.setEnabled(bool(said.code) and (said.who != OTHER or bool(said.name)))
