"""Questions that are asked again for each of several: rows that come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.interview.group_row import GroupRow
from desktop.style import tokens
from desktop.widgets.buttons import QuietButton
from desktop.widgets.enter import EnterMoves
from desktop.widgets.field import MISSING, Field, Said
from desktop.widgets.labels import Caption
from desktop.widgets.layout import Plain, row
from desktop.widgets.messages import Notice, announce
from desktop.words import tr
from forms.definition import Field as Question

MOST: Final = 20
"""Rows where a form sets no bound."""

MakeField = Callable[[Question], Field]
"""The widget for one question of a row."""


class GroupField(Field):
    """The raw value is the list of rows, each a map of its answers; blank rows at the end are
    left out, others keep their place, by which problems name them.

    Ctrl+Plus adds a row, Ctrl+Minus takes out the one with the keyboard, which may be put back.
    """

    row_left = Signal(str)  # "witnesses.1.name": the keyboard left that question

    def __init__(
        self,
        key: str,
        label: str,
        *,
        fields: Sequence[Question],
        make: MakeField,
        least: int = 0,
        most: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(key, label, **options)
        self._questions = tuple(fields)
        self._make = make
        self._most = most or MOST
        self._ready = max(least, 1) if options.get("required") else 0
        self._rows: list[GroupRow] = []  # all that were made; the first ``_count`` are in sight
        self._count = 0
        self._taken: tuple[int, dict[str, Any]] | None = None
        self._holder = Plain()
        self._holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._stack = QVBoxLayout(self._holder)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(tokens.S8)
        self._undo = Notice("info", "")
        self._undo.setObjectName(f"undo-{key}")
        self._undo.hide()
        self.add = QuietButton(
            tr("Add to {field} (Ctrl+Plus)", field=self._name),
            icon="plus",
            on=self.add_row,
            name=f"add-{key}",
        )
        self.add.setProperty("passed", True)
        self._limit = Caption("", wrap=False)
        foot = Plain()
        foot.setLayout(row(self.add, self._limit, None))
        self._stack.addWidget(self._undo)
        self._stack.addWidget(foot)
        self._seat(self._holder, self.add)
        self.add.setAccessibleName(tr("Add to {field}", field=self._name))
        for sequence, act in (
            ("Ctrl++", self.add_row),
            ("Ctrl+=", self.add_row),
            ("Ctrl+-", self.take_out_current),
        ):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._show_count(self._ready)

    def _bind_keys(self, owner: QWidget) -> None:
        # In the rows these keys belong to the questions; two would make them ambiguous.
        super()._bind_keys(self.add)

    # rows ------------------------------------------------------------------------------

    def rows(self) -> int:
        """How many rows are in sight."""
        return self._count

    def inner(self, place: int, name: str) -> Field:
        """The widget of one question. Raises IndexError and KeyError."""
        return self._rows[: self._count][place].fields[name]

    def add_row(self) -> None:
        """What Ctrl+Plus does: one more row at the end, with the keyboard in it."""
        if self._count >= self._most:
            return
        self._forget_taken()
        self._show_count(self._count + 1)
        self._rows[self._count - 1].focus_first()

    def take_out_current(self) -> None:
        """What Ctrl+Minus does: the row with the keyboard goes."""
        now = self.focusWidget()
        for place, one in enumerate(self._rows[: self._count]):
            if now is not None and one.isAncestorOf(now):
                self.take_out(place)
                return

    def take_out(self, place: int) -> None:
        """Take a row out; it can be put back until something else is done with the rows."""
        raws = self._raws()
        taken = raws.pop(place)
        self._forget_problems()
        self._show(raws, least=max(self._ready, len(raws)))
        if self._count:
            self._rows[min(place, self._count - 1)].focus_first()
        else:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        if taken:
            self._taken = (place, taken)
            said = tr("{field} {n} was taken out.", field=self._name, n=place + 1)
            self._undo.set_message("info", said, action=(tr("Put it back"), self.put_back))
            self._undo.show()
            announce(self._undo)
        self._changed()

    def put_back(self) -> None:
        """Undo the last taking out."""
        if self._taken is None:
            return
        place, taken = self._taken
        raws = self._raws()
        while raws and not raws[-1] and len(raws) > place:
            raws.pop()  # a blank row that stood ready gives its place
        raws.insert(place, taken)
        self._forget_taken()
        self._show(raws, least=self._ready)
        self._rows[place].focus_first()
        self._changed()

    def _forget_taken(self) -> None:
        self._taken = None
        self._undo.hide()

    def _raws(self) -> list[dict[str, Any]]:
        return [one.raw() for one in self._rows[: self._count]]

    def _show(self, raws: Sequence[dict[str, Any]], *, least: int) -> None:
        self._show_count(max(len(raws), least))
        for place, one in enumerate(self._rows):
            one.show_raw(raws[place] if place < len(raws) else {})

    def _show_count(self, count: int) -> None:
        made = len(self._rows)
        while len(self._rows) < count:
            self._rows.append(self._new_row())
        if count != self._count:
            self._forget_problems()  # they name rows by number, and are told anew
        self._count = count
        for place, one in enumerate(self._rows):
            one.setVisible(place < count)
        # Tab into the whole goes to its proxy: it must be what comes first inside.
        self.setFocusProxy(next(iter(self._rows[0].fields.values())) if count else self.add)
        full = count >= self._most
        self.add.setEnabled(not full)
        self._limit.setText(tr("At most {n}", n=self._most) if full else "")
        if len(self._rows) > made:
            self._in_order(made)
            EnterMoves.teach(self)

    def _forget_problems(self) -> None:
        for one in self._rows:
            for field in one.fields.values():
                field.set_problems(())

    def _new_row(self) -> GroupRow:
        place = len(self._rows)
        fields = {one.name: self._make(one) for one in self._questions}
        made = GroupRow(self._name, fields)
        made.setObjectName(f"row-{self.key}-{place}")
        made.number(place)
        made.take_out.connect(lambda: self.take_out(self._rows.index(made)))
        for name, field in fields.items():
            for part in (field, *field.findChildren(QWidget)):
                if part.objectName():  # each row has its own
                    part.setObjectName(f"{part.objectName()}-{place}")
            field.edited.connect(lambda _key, _raw: self._row_edited())
            field.left.connect(lambda _key, row=made, one=name: self._inner_left(row, one))
        self._stack.insertWidget(place, made)
        return made

    def _in_order(self, first: int) -> None:
        """Tab goes through the rows, then to the button. What is made later would come after the
        whole page, so new rows are put where the button was, and it after them."""
        before: QWidget = self.add
        if first:
            before = self._rows[first - 1].stops()[-1]
        for one in self._rows[first:]:
            for widget in one.stops():
                QWidget.setTabOrder(before, widget)
                before = widget
        QWidget.setTabOrder(before, self.add)

    def _row_edited(self) -> None:
        self._forget_taken()
        self._changed()

    def _inner_left(self, one: GroupRow, name: str) -> None:
        self.row_left.emit(f"{self.key}.{self._rows.index(one)}.{name}")
        self._focus_left()

    def _holds(self, widget: QWidget) -> bool:
        return self.isAncestorOf(widget)

    # what a field does -----------------------------------------------------------------

    def focus_editor(self) -> None:
        if self._count:
            self._rows[0].focus_first()
        else:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_place(self, place: str) -> None:
        """Give the question at "1.name" or "witnesses.1.name" the keyboard, if it is there."""
        parts = place.removeprefix(f"{self.key}.").split(".")
        if len(parts) == 2 and parts[0].isdigit() and int(parts[0]) < self._count:
            field = self._rows[int(parts[0])].fields.get(parts[1])
            if field is not None:
                field.focus_editor()
                return
        self.focus_editor()

    def set_problems(self, problems: Sequence[Said]) -> None:
        """Those with a place go under their question, the others under the whole."""
        own: list[Said] = []
        inside: dict[tuple[int, str], list[tuple[str, str]]] = {}
        for problem in problems:
            parts = (problem[2] if len(problem) > 2 else "").removeprefix(f"{self.key}.").split(".")
            if len(parts) == 2 and parts[0].isdigit() and int(parts[0]) < self._count:
                inside.setdefault((int(parts[0]), parts[1]), []).append((problem[0], problem[1]))
            else:
                own.append(problem)
        super().set_problems(own)
        for place, one in enumerate(self._rows):
            for name, field in one.fields.items():
                field.set_problems(inside.get((place, name), ()))

    def _read(self) -> list[dict[str, Any]]:
        raws = self._raws()
        while raws and not raws[-1]:
            raws.pop()
        return raws

    def _write(self, raw: Any) -> None:
        given = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
        given = given[: self._most]
        if self._count and given == self._read() and given:
            return  # a blank row that stands ready stays
        self._forget_taken()
        self._show(given, least=self._ready)

    def _show_missing(self, missing: str | None) -> None:
        self.set_note(tr(MISSING[missing]) if missing else "")
