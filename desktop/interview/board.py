"""The interview as it is laid out: the family at the start, one page of questions beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout

from desktop.interview.asking import Asking
from desktop.interview.family_list import FamilyList
from desktop.interview.last_page import LastPage
from desktop.interview.questions import Questions
from desktop.interview.step_bar import StepBar
from desktop.style import tokens
from desktop.widgets.buttons import IconButton, LinkButton, PrimaryButton, QuietButton
from desktop.widgets.fields import TextField
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Caption, Elided
from desktop.widgets.layout import Plain, Rule, Scroll, column, row
from desktop.words import tr

TAKE_OUT_KEY: Final = "Ctrl+F10"
"""Beside F10, which adds a member; Shift+F10 opens menus on every desktop."""

_SHEET: Final = 280  # pixels: a control number, and room to see that it is whole


class Board(Plain):
    """Everything the officer sees while a family sits in front of her."""

    unknown_wanted = Signal()
    refused_wanted = Signal()
    repeat_wanted = Signal()
    back_wanted = Signal()
    next_wanted = Signal()
    register_wanted = Signal()
    take_out_wanted = Signal()
    pace_wanted = Signal()
    document_wanted = Signal()

    def __init__(self, asking: Asking, today: Callable[[], date]) -> None:
        super().__init__()
        self.setObjectName("interview-board")
        self.family = FamilyList()
        self.questions = Questions(asking, today)
        self.last = LastPage()
        self._last_scroll = Scroll(limit=tokens.FORM_WIDTH, margin=tokens.S4, top=tokens.S12)
        self._last_scroll.body.addWidget(self.last)
        self.sheet = TextField(
            "sheet", tr("Number of the blank form"), direction="ltr", width=_SHEET, limit=240,
            help=tr("Only where the family was written down by hand before, as in a power cut. "
                    "Several with commas between them."),
        )  # fmt: skip
        self._last_scroll.body.addWidget(self.sheet)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.questions)
        self.stack.addWidget(self._last_scroll)
        self.name = Elided("", as_="title")
        self.name.setObjectName("subject-name")
        self.detail = Caption("", wrap=False)
        self.take_out = IconButton(
            "trash",
            tr("Take this person out of the family ({key})", key=TAKE_OUT_KEY),
            on=self.take_out_wanted.emit,
            name="take-out",
            ink="muted",
        )
        self.take_out.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the key does the same
        self.pace = LinkButton("", on=self.pace_wanted.emit, name="pace")
        self.pace.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Ctrl+M does the same
        self.document = LinkButton(
            tr("Read a document ({key})", key="Ctrl+I"),
            on=self.document_wanted.emit,
            name="read-document",
        )
        self.document.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
        self.steps = StepBar()
        self._hints = self._hint_buttons()
        self.previous = QuietButton(tr("Back"), on=self.back_wanted.emit, name="step-back")
        self.onward = PrimaryButton(tr("Next"), on=self.next_wanted.emit, name="step-next")
        self.register = PrimaryButton(
            tr("Register this family"), icon="check", on=self.register_wanted.emit, name="register"
        )
        for button in (self.previous, self.onward):
            # Enter in the last field does the same, so Tab need not stop here twice.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()

    def _hint_buttons(self) -> tuple[LinkButton, LinkButton, LinkButton]:
        unknown = LinkButton(
            tr("Unknown ({key})", key="Alt+U"), on=self.unknown_wanted.emit, name="hint-unknown"
        )
        refused = LinkButton(
            tr("Would not say ({key})", key="Alt+W"),
            on=self.refused_wanted.emit,
            name="hint-refused",
        )
        repeat = LinkButton(
            tr("As before ({key})", key="Ctrl+D"), on=self.repeat_wanted.emit, name="hint-repeat"
        )
        for hint in (unknown, refused, repeat):
            hint.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
        return unknown, refused, repeat

    def _lay_out(self) -> None:
        head = row(self.name, self.detail, self.take_out, self.pace, spacing=tokens.S12)
        head.setStretch(0, 1)
        hints = Plain()
        flow = FlowLayout(hints, gap=tokens.S8)
        for hint in (*self._hints, self.document):
            flow.addWidget(hint)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        hints.setSizePolicy(policy)
        foot = row(hints, self.previous, self.onward, self.register)
        foot.setStretch(0, 1)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(tokens.S4)
        middle.addLayout(head)
        middle.addWidget(self.steps)
        middle.addWidget(Rule())
        middle.addWidget(self.stack, 1)
        middle.addLayout(column(Rule(), foot, spacing=tokens.S8))
        holder = Plain()
        holder.setLayout(middle)
        holder.setMaximumWidth(tokens.FORM_WIDTH + 2 * tokens.S4)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(tokens.S24, 0, tokens.S24, tokens.S16)
        outer.setSpacing(tokens.S24)
        outer.addWidget(self.family)
        outer.addWidget(holder, 1000)
        outer.addStretch(1)

    def show_heading(self, title: str, detail: str, *, removable: bool) -> None:
        """Whose page this is; ``removable`` offers to take the person out."""
        self.name.setText(title)
        self.detail.setText(detail)
        self.take_out.setVisible(removable)

    def show_pace(self, *, quick: bool) -> None:
        """Whether only what is needed at once is asked; the link leads to the other."""
        key = "Ctrl+M"
        self.pace.setText(
            tr("Ask everything ({key})", key=key)
            if quick
            else tr("Ask only what is needed now ({key})", key=key)
        )

    def show_hints(self, *, unknown: bool, refused: bool, repeat: bool) -> None:
        """Offer only what the field with the keyboard allows."""
        for hint, offered in zip(self._hints, (unknown, refused, repeat), strict=True):
            hint.setVisible(offered)

    def hints(self) -> tuple[bool, bool, bool]:
        """Which hints are offered: unknown, would not say, as before."""
        unknown, refused, repeat = self._hints
        return (
            not unknown.isHidden(),
            not refused.isHidden(),
            not repeat.isHidden(),
        )

    def show_sheet(self, number: str, *, asked: bool) -> None:
        """The number of the blank form, where it is asked for."""
        self.sheet.setVisible(asked)
        self.sheet.set_value(number)

    def show_mode(self, *, reading_back: bool) -> None:
        """Questions, or the family read back."""
        self.stack.setCurrentWidget(self._last_scroll if reading_back else self.questions)
        self.steps.setVisible(not reading_back)
        self.onward.setVisible(not reading_back)
        self.register.setVisible(reading_back)
        self.family.end.setVisible(not reading_back)
        if reading_back:
            self._last_scroll.verticalScrollBar().setValue(0)
