"""Why a record is corrected, and what that rests on: asked once, before it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal

from desktop.style import tokens
from desktop.widgets.enter import EnterMoves
from desktop.widgets.fields import LongTextField, SelectField
from desktop.widgets.labels import Text
from desktop.widgets.layout import Card
from desktop.words import tr

LEAST: Final = 3
"""Letters; enough to refuse a lone full stop."""


class Reasons(Card):
    """The reason in words, and for what needs approval the basis from a list."""

    edited = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=tokens.S12)
        self.setObjectName("correct-reasons")
        self.revision = 0
        """Counts the changes, so that a save can tell whether it is still the latest."""
        self.basis = SelectField(
            "basis",
            tr("What the correction rests on"),
            options=(),
            help=tr("For what needs approval: whoever decides reads it."),
        )
        self.reason = LongTextField(
            "reason",
            tr("Why it is corrected"),
            lines=3,
            required=True,
            placeholder=tr("Who says so, or what was shown"),
        )
        self._nothing = Text(tr("Nothing was changed yet."), muted=True)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self.reason)
        self.body.addWidget(self.basis)
        self.enter = EnterMoves(self)
        for one in (self.reason, self.basis):
            one.edited.connect(lambda _key, _raw: self._edited())
            one.left.connect(lambda _key: self.left.emit())

    def _edited(self) -> None:
        self.revision += 1
        self.edited.emit()

    def begin(self, bases: Sequence[tuple[str, str]], *, reason: str = "", basis: str = "") -> None:
        """Another record, with what was said about it before."""
        self.revision = 0
        self.basis.set_options(bases)
        self.basis.set_value(basis)
        self.reason.set_value(reason)
        self.reason.set_problems(())
        self.show_asked(changes=False, approval=False)

    def show_asked(self, *, changes: bool, approval: bool) -> None:
        """Ask only once something changes; the basis only for what needs approval."""
        self._nothing.setVisible(not changes)
        self.reason.setVisible(changes)
        self.basis.setVisible(approval)

    @property
    def typed(self) -> tuple[str, str]:
        """The reason and the code of the basis as they stand, asked for or not."""
        return str(self.reason.value() or ""), str(self.basis.value() or "")

    @property
    def said(self) -> str:
        """The reason, or nothing where it is too short to be one."""
        text = str(self.reason.value() or "").strip()
        return text if len(text) >= LEAST else ""

    @property
    def rests_on(self) -> str:
        """The code of the basis, where one was asked for."""
        return "" if self.basis.isHidden() else str(self.basis.value() or "")

    def ask_again(self) -> None:
        """Say that the reason is missing, and give it the keyboard."""
        self.reason.set_problems([("error", tr("Say why this is corrected."))])
        self.reason.focus_editor()
