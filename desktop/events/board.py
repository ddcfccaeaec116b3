"""One form as it is laid out: whose it is, its pages in a line, one page of questions at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop.interview.asking import Asking
from desktop.interview.questions import Questions
from desktop.interview.step_bar import StepBar
from desktop.style import tokens
from desktop.widgets.buttons import LinkButton, PrimaryButton, QuietButton
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Caption, Elided
from desktop.widgets.layout import Plain, Rule, Scroll, column, row
from desktop.words import tr


class Board(Plain):
    """Everything that is seen while a form is filled. ``last`` is its last page."""

    marked = Signal(str)  # unknown, refused or not_applicable, for the field with the keyboard
    repeat_wanted = Signal()
    back_wanted = Signal()
    next_wanted = Signal()
    sign_wanted = Signal()

    def __init__(
        self, asking: Asking, today: Callable[[], date], *, last: QWidget, sign: str
    ) -> None:
        super().__init__()
        self.setObjectName("form-board")
        self._asking = asking
        self._today = today
        self.questions = Questions(asking, today)
        self.last = last
        self._last_scroll = Scroll(margin=tokens.S4, top=tokens.S12, bottom=tokens.S12)
        self._last_scroll.body.addWidget(last)
        self._last_scroll.body.addStretch(1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.questions)
        self.stack.addWidget(self._last_scroll)
        self.name = Elided("", as_="title")
        self.name.setObjectName("form-title")
        self.detail = Caption("", wrap=False)
        self.steps = StepBar()
        self._hints = self._hint_buttons()
        self.previous = QuietButton(tr("Back"), on=self.back_wanted.emit, name="form-back")
        self.onward = PrimaryButton(tr("Next"), on=self.next_wanted.emit, name="form-next")
        self.sign = PrimaryButton(sign, icon="check", on=self.sign_wanted.emit, name="form-sign")
        for button in (self.previous, self.onward):
            # Enter in the last field does the same, so Tab need not stop here twice.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._holder = Plain()
        self._lay_out()

    def _hint_buttons(self) -> dict[str, LinkButton]:
        made = {
            "unknown": LinkButton(
                tr("Unknown ({key})", key="Alt+U"), on=lambda: self.marked.emit("unknown")
            ),
            "refused": LinkButton(
                tr("Would not say ({key})", key="Alt+W"), on=lambda: self.marked.emit("refused")
            ),
            "not_applicable": LinkButton(
                tr("Does not apply ({key})", key="Alt+A"),
                on=lambda: self.marked.emit("not_applicable"),
            ),
            "repeat": LinkButton(
                tr("As last time ({key})", key="Ctrl+D"), on=self.repeat_wanted.emit
            ),
        }
        for name, hint in made.items():
            hint.setObjectName(f"form-hint-{name}")
            hint.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
            hint.hide()
        return made

    def _lay_out(self) -> None:
        head = row(self.name, self.detail, spacing=tokens.S12)
        head.setStretch(0, 1)
        hints = Plain()
        flow = FlowLayout(hints, gap=tokens.S8)
        for hint in self._hints.values():
            flow.addWidget(hint)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        hints.setSizePolicy(policy)
        foot = row(hints, self.previous, self.onward, self.sign)
        foot.setStretch(0, 1)
        middle = QVBoxLayout(self._holder)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(tokens.S4)
        middle.addLayout(head)
        middle.addWidget(self.steps)
        middle.addWidget(Rule())
        middle.addWidget(self.stack, 1)
        middle.addLayout(column(Rule(), foot, spacing=tokens.S8))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(tokens.S32, 0, tokens.S32, tokens.S16)
        outer.setSpacing(0)
        outer.addWidget(self._holder, 1000)
        outer.addStretch(1)

    def begin(self) -> None:
        """Another form: its questions are made anew, page by page when they are first shown."""
        old = self.questions
        self.questions = Questions(self._asking, self._today)
        self.stack.insertWidget(0, self.questions)
        self.stack.removeWidget(old)
        old.hide()
        old.deleteLater()

    def show_heading(self, title: str, detail: str) -> None:
        """Whose record it is, or whom it is about; nothing is said in an empty line."""
        self.name.setText(title)
        self.name.setVisible(bool(title))
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))

    def show_hints(self, offered: frozenset[str] | set[str]) -> None:
        """Offer only what the field with the keyboard allows."""
        for name, hint in self._hints.items():
            hint.setVisible(name in offered)

    def hints(self) -> set[str]:
        """What is offered for the field with the keyboard."""
        return {name for name, hint in self._hints.items() if not hint.isHidden()}

    def show_mode(self, *, reading_back: bool) -> None:
        """Questions, or the last page, which has room for two columns."""
        self.stack.setCurrentWidget(self._last_scroll if reading_back else self.questions)
        self.steps.setVisible(not reading_back)
        self.onward.setVisible(not reading_back)
        self.sign.setVisible(reading_back)
        width = tokens.FORM_WIDTH + 2 * tokens.S4
        self._holder.setMaximumWidth(16777215 if reading_back else width)
        if reading_back:
            self._last_scroll.verticalScrollBar().setValue(0)
