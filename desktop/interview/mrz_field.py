"""Reading a document by its machine readable lines: what they say, and what that would change."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from desktop.dialogs import SheetDialog
from desktop.interview.asking import Asking
from desktop.interview.mrz_answers import FIELDS, Change, Standing, compare, mrz_answers
from desktop.interview.mrz_lines import MrzLines
from desktop.style import tokens
from desktop.widgets.buttons import PrimaryButton, QuietButton
from desktop.widgets.fields import ChoiceField
from desktop.widgets.labels import Caption, Label, Pill, Text
from desktop.widgets.layout import Plain, column, row
from desktop.widgets.messages import Picture, announce
from desktop.words import isolate, tr
from forms.draft import Raw
from forms.library import PERSON
from values.mrz import Mrz, MrzError, parse

KEEP: Final = "keep"
TAKE: Final = "take"
_WIDTH: Final = 640
_LABEL: Final = 150
_OPEN: Final = frozenset({"length"})
"""What is wrong with lines that are still being typed."""


class MrzEntry(Plain):
    """Lines, and under them what they would fill in.

    Empty answers are filled; where something else was answered, somebody says which holds.
    """

    whole_changed = Signal(bool)  # whether the lines can be read
    confirmed = Signal()  # Enter in whole lines

    def __init__(
        self,
        asking: Asking,
        *,
        today: Callable[[], date],
        current: Mapping[str, Raw],
        asked: Collection[str] = FIELDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._asking = asking
        self._today = today
        self._current = dict(current)
        self._asked = asked
        self._mrz: Mrz | None = None
        self._changes: tuple[Change, ...] = ()
        self._choices: dict[str, ChoiceField] = {}
        self.lines = MrzLines(monotonic=monotonic, whole=lambda: self._mrz is not None)
        self.lines.textChanged.connect(self._read)
        self.lines.confirmed.connect(self.confirmed)
        self._hint = Caption("")
        self._wrong = Label("", as_="problem-error")
        self._wrong.setObjectName("mrz-problem")
        self._icon = Picture("danger", role="danger", size=16)
        problem = row(self._icon, self._wrong, spacing=6)
        problem.setStretch(1, 1)
        self._list = Plain()
        self._list.setObjectName("mrz-list")
        self._list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, tokens.S8, 0, 0)
        self._grid.setHorizontalSpacing(tokens.S16)
        self._grid.setVerticalSpacing(tokens.S8)
        self._grid.setColumnMinimumWidth(0, _LABEL)
        self._grid.setColumnStretch(1, 1)
        place = Plain()  # the style sheet lets the lines themselves shrink to nothing
        place.setLayout(column(self.lines))
        place.setFixedHeight(self.lines.sizeHint().height())
        self.setLayout(column(place, self._hint, problem, self._list, None, spacing=tokens.S4))
        self._say_problem(None)
        self._say_hint()

    # what was read ---------------------------------------------------------------------

    @property
    def whole(self) -> bool:
        """Whether the lines can be read."""
        return self._mrz is not None

    def changes(self) -> tuple[Change, ...]:
        """What the lines would change."""
        return self._changes

    def problem(self) -> str:
        """What is wrong with the lines, in words."""
        return self._wrong.text()

    def undecided(self) -> str:
        """The first question that somebody still has to decide; empty when there is none."""
        return next((name for name, one in self._choices.items() if not one.value()), "")

    def ask_next(self) -> bool:
        """Give the keyboard to the next open decision; says whether there was one."""
        name = self.undecided()
        if name:
            self._choices[name].focus_editor()
        return bool(name)

    def answers(self) -> dict[str, Raw]:
        """What is to be filled in: what was empty, and what was decided for the lines."""
        return {
            change.name: change.after
            for change in self._changes
            if change.standing is Standing.NEW
            or (change.name in self._choices and self._choices[change.name].value() == TAKE)
        }

    # inside ----------------------------------------------------------------------------

    def _read(self) -> None:
        text = self.lines.text()
        had, self._mrz = self._mrz, None
        problem: MrzError | None = None
        if text.strip():
            try:
                self._mrz = parse(text, today=self._today())
            except MrzError as error:
                problem = error
        self._say_problem(problem)
        self._say_hint()
        if self._mrz is not None or had is not None:
            self._show_changes()
        if (had is None) is not (self._mrz is None):
            self.whole_changed.emit(self._mrz is not None)

    def _say_hint(self) -> None:
        if self._mrz is not None:
            name_cut = self._mrz.names.truncated
            self._hint.setText(
                tr("The name fills its line, so some of it may be missing.") if name_cut else ""
            )
            return
        self._hint.setText(
            tr("Type the two or three lines with every <, or scan them. Upper case or lower.")
        )

    def _say_problem(self, problem: MrzError | None) -> None:
        told = problem if problem is not None and problem.code not in _OPEN else None
        if told is None and problem is not None and self.lines.text().count("\n") >= 2:
            told = problem  # three lines were begun: it is not being typed any more
        said = tr(told.sentence) if told is not None else ""
        if told is not None and told.suggestion:
            said = tr(
                "{sentence} Perhaps it is {character} there.",
                sentence=said,
                character=isolate(told.suggestion),
            )
        self._wrong.setText(said)
        self._wrong.setVisible(bool(said))
        self._icon.setVisible(bool(said))
        self.lines.mark(told.line if told else None, told.position if told else None)

    def _show_changes(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._choices = {}
        found = mrz_answers(self._mrz) if self._mrz is not None else {}
        self._changes = compare(self._current, found, asked=self._asked)
        for place, change in enumerate(self._changes):
            label = Text(self._label(change.name), muted=True)
            self._grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self._said(change), place, 1, Qt.AlignmentFlag.AlignTop)
        if self._changes:
            self._list.setAccessibleName(
                ". ".join(f"{self._label(one.name)}: {self._words(one)}" for one in self._changes)
            )
            announce(self._list)

    def _said(self, change: Change) -> QWidget:
        after = self._answer(change.name, change.after)
        if change.standing is not Standing.OTHER:
            line = Plain()
            new = change.standing is Standing.NEW
            pill = Pill(tr("new") if new else tr("the same"), tone="success" if new else "neutral")
            words = Text(after, muted=not new, wrap=True)
            held = row(words, pill, spacing=tokens.S12)
            held.setStretch(0, 1)
            line.setLayout(held)
            return line
        before = self._answer(change.name, change.before)
        choice = ChoiceField(
            f"mrz-{change.name}",
            self._label(change.name),
            options=[
                (KEEP, tr("Keep {answer}", answer=isolate(before))),
                (TAKE, tr("Take {answer}", answer=isolate(after))),
            ],
            show_label=False,
        )
        self._choices[change.name] = choice
        return choice

    def _words(self, change: Change) -> str:
        after = self._answer(change.name, change.after)
        if change.standing is Standing.OTHER:
            before = self._answer(change.name, change.before)
            return tr("{before} or {after}", before=before, after=after)
        return after

    def _label(self, name: str) -> str:
        form = self._asking.catalogue.form(PERSON)
        return self._asking.text(PERSON, form.field(name).label)

    def _answer(self, name: str, raw: Raw) -> str:
        form = self._asking.catalogue.form(PERSON)
        return self._asking.answer(form.field(name), raw, self._today())


class MrzDialog(SheetDialog):
    """Reads a document and hands over answers. Enter fills in, once all is decided."""

    taken = Signal(object)  # {field: raw answer}

    def __init__(
        self,
        parent: QWidget | None,
        asking: Asking,
        *,
        today: Callable[[], date],
        current: Mapping[str, Raw],
        asked: Collection[str] = FIELDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent, tr("Read the lines of a document"), width=_WIDTH)
        self.setObjectName("mrz-dialog")
        self.entry = MrzEntry(
            asking, today=today, current=current, asked=asked, monotonic=monotonic
        )
        self.body.addWidget(self.entry, 1)
        self.fill = PrimaryButton(tr("Fill in"), icon="check", on=self.go_on, name="mrz-fill")
        cancel = QuietButton(tr("Cancel"), on=self.reject, name="mrz-cancel")
        for button in (self.fill, cancel):
            button.setAutoDefault(False)  # a scanner's Enter must press nothing
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self.fill)
        self.fill.setEnabled(False)
        self.entry.whole_changed.connect(self.fill.setEnabled)
        self.entry.confirmed.connect(self.go_on)
        self.entry.lines.setFocus()

    def go_on(self) -> None:
        """To the next decision; when there is none, hand over the answers and close."""
        if not self.entry.whole or self.entry.ask_next():
            return
        answers = self.entry.answers()
        self.accept()
        self.taken.emit(answers)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
            return
        super().keyPressEvent(event)
