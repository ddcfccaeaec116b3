"""The middle of the interview: one page of questions at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from desktop.interview.asking import Asking
from desktop.interview.date_answer import DateAnswer
from desktop.interview.make import make
from desktop.interview.marks import is_empty
from desktop.interview.needs_field import NeedsField
from desktop.interview.photo_field import PhotoField
from desktop.interview.steps import Step
from desktop.style import tokens
from desktop.widgets.enter import EnterMoves
from desktop.widgets.field import Field, Said
from desktop.widgets.fields import TextField
from desktop.widgets.layout import Plain, Scroll

_PAUSE: Final = 60
"""Milliseconds after a page was shown, when it has been painted."""

_ROOMY: Final = 4
"""Fields that leave room between them on a small screen."""


class _Sheet(Scroll):
    """The widgets of one step. They are made once and shown for every member."""

    def __init__(self, step: Step, fields: Mapping[str, Field]) -> None:
        super().__init__(
            limit=tokens.FORM_WIDTH,
            margin=tokens.S4,
            top=tokens.S8,
            bottom=tokens.S4,
            spacing=tokens.S16 if len(fields) <= _ROOMY else tokens.S8,
        )
        self.step = step
        self.fields = fields
        for field in fields.values():
            self.body.addWidget(field)
        self.body.addStretch(1)
        self.enter = EnterMoves(self.inner)
        for field in fields.values():
            if isinstance(field, DateAnswer):
                field.claim_enter()
            if isinstance(field, NeedsField):
                field.claim_enter()
                field.moved_on.connect(self._from_list)

    def _from_list(self, forward: bool) -> None:
        (self.enter.past_end if forward else self.enter.past_start).emit()


class Questions(Plain):
    """Shows the fields of a step with a subject's answers in them."""

    edited = Signal(str, object)  # field, raw
    left = Signal(str)
    entered = Signal(str)  # the field that has the keyboard now; empty for none
    past_end = Signal()
    past_start = Signal()
    photo_wanted = Signal(object)  # PhotoField
    photo_dropped = Signal(object, object)  # PhotoField, Path

    def __init__(self, asking: Asking, today: Callable[[], date]) -> None:
        super().__init__()
        self._asking = asking
        self._today = today
        self._sheets: dict[tuple[bool, int], _Sheet] = {}
        self._current: _Sheet | None = None
        self._focused = ""
        self._showing = False
        self._next: tuple[Step, bool, int] | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._make_ahead)
        self.stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def show_step(
        self,
        step: Step,
        *,
        of_member: bool,
        number: int,
        answers: Mapping[str, Any],
        asked: Sequence[str],
        calendar: str,
        at_end: bool,
        ahead: Sequence[Step] = (),
    ) -> None:
        """Bring a step to the front with these answers; ``asked`` are the fields in sight.

        The keyboard goes to the first field without an answer, or to the last field when somebody
        walks backwards. ``calendar`` is where dates that were not answered yet begin. ``ahead`` are
        the steps that follow: the next one is made in the pause before somebody turns to it.
        """
        self._showing = True  # what loses the keyboard now was not left by the officer
        sheet = self._sheet(step, of_member=of_member, number=number)
        for name, field in sheet.fields.items():
            field.set_problems(())
            self._show_answer(sheet, name, answers.get(name))
            field.setVisible(name in asked)
            if isinstance(field, DateAnswer):
                field.set_calendar(calendar)
        if sheet is not self._current:
            self._current = sheet
            self.stack.setCurrentWidget(sheet)
        sheet.settle()
        sheet.verticalScrollBar().setValue(0)
        if at_end and asked:
            self.focus(asked[-1])
        else:
            self._focus_first_open(answers, asked)
            if asked and sheet.verticalScrollBar().value():
                # A page that was begun elsewhere than at its top reads as the middle of another's.
                self.focus(asked[0])
                sheet.verticalScrollBar().setValue(0)
        self._showing = False
        self._next = (ahead[0], of_member, number + 1) if ahead else None
        self._pause.start()

    def _make_ahead(self) -> None:
        if self._next is not None:
            step, of_member, number = self._next
            self._sheet(step, of_member=of_member, number=number).ensurePolished()

    def show_answers(self, answers: Mapping[str, Any]) -> None:
        """Show other answers on the same page, where they differ from what is in the fields."""
        if self._current is not None:
            for name in self._current.fields:
                self._show_answer(self._current, name, answers.get(name))

    def settle(self) -> None:
        """Take the keyboard from the field that has it, so that it finishes what was typed."""
        now = QApplication.focusWidget()
        if now is not None and self._current is not None and self._current.isAncestorOf(now):
            now.clearFocus()

    def _focus_first_open(self, answers: Mapping[str, Any], asked: Sequence[str]) -> None:
        if asked:
            self.focus(next((one for one in asked if is_empty(answers.get(one))), asked[0]))

    def _show_answer(self, sheet: _Sheet, name: str, raw: Any) -> None:
        default = self._default(sheet.step, name)
        sheet.fields[name].set_value(default if raw is None and default else raw)

    def _left(self, name: str) -> None:
        if not self._showing:
            field = self.field(name)
            if isinstance(field, TextField):
                field.read_unicode()
            self.left.emit(name)

    def focus(self, name: str) -> None:
        """Give a field of the step in front the keyboard, and scroll to it."""
        field = self.field(name)
        if field is not None and self._current is not None:
            field.focus_editor()
            self._current.reveal(field)

    def field(self, name: str) -> Field | None:
        """A field of the step in front."""
        return self._current.fields.get(name) if self._current is not None else None

    def fields(self) -> Mapping[str, Field]:
        """The fields of the step in front."""
        return self._current.fields if self._current is not None else {}

    def focused(self) -> str:
        """The field that has the keyboard, or had it last on this step."""
        return self._focused if self.field(self._focused) is not None else ""

    def show_problems(self, problems: Mapping[str, Sequence[Said]]) -> None:
        """Under each field what is wrong with it."""
        for name, field in self.fields().items():
            field.set_problems(problems.get(name, ()))

    def _sheet(self, step: Step, *, of_member: bool, number: int) -> _Sheet:
        key = (of_member, number)
        if key not in self._sheets:
            fields = {
                asked.field.name: make(asked, self._asking, self._today) for asked in step.fields
            }
            sheet = _Sheet(step, fields)
            sheet.enter.past_end.connect(self.past_end)
            sheet.enter.past_start.connect(self.past_start)
            for field in fields.values():
                field.edited.connect(self.edited)
                field.left.connect(self._left)
                if isinstance(field, PhotoField):
                    field.wanted.connect(lambda one=field: self.photo_wanted.emit(one))
                    field.dropped.connect(
                        lambda path, one=field: self.photo_dropped.emit(one, path)
                    )
            self._sheets[key] = sheet
            self.stack.addWidget(sheet)
        return self._sheets[key]

    @staticmethod
    def _default(step: Step, name: str) -> str:
        return next((one.field.default for one in step.fields if one.field.name == name), "")

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is None or self._current is None or not self._current.isAncestorOf(now):
            return
        for name, field in self._current.fields.items():
            if field is now or field.isAncestorOf(now):
                if self._focused != name:
                    self._focused = name
                    self.entered.emit(name)
                self._current.reveal(field)
                return
