"""One question: a label, an editor, and what is wrong with the answer.

A field never blocks typing. It tells every edit, and when it was left, which Qt's
``editingFinished`` does not do for a field that was tabbed through untouched.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.style import tokens
from desktop.widgets.buttons import LinkButton
from desktop.widgets.labels import Caption, Label
from desktop.widgets.layout import restyle
from desktop.widgets.messages import Picture, announce
from desktop.widgets.missing import MISSING, MissingButton, next_way, ways
from desktop.words import tr

__all__ = ["MISSING", "MISSING_KEY", "WHY_KEY", "Field", "Said"]

MISSING_KEY: Final = "Alt+U"
WHY_KEY: Final = "Shift+F1"
"""Where help about one thing is on every desktop; Alt+W is taken in the interview."""

Said = tuple[str, str] | tuple[str, str, str]
"""What is wrong: severity, sentence, and perhaps the place as the forms name it."""


class Field(QWidget):
    """The base of all fields; a subclass gives the editor and its value.

    The raw value is what the person gave, JSON-able; ``{"missing": "unknown"}`` when they said
    they do not know, and so for the other ways in ``MISSING``. ``allow`` says which of them the
    form takes: Alt+U goes through them and back to an answer, and with ``offer_missing`` a button
    beside the label does. ``why`` is shown under the label by Shift+F1, and by a link beside the
    label with ``why_link``.
    """

    edited = Signal(str, object)  # key, raw value; at every change by the person
    left = Signal(str)  # key; the keyboard left the field
    asked = Signal(str)  # key; somebody wants to know why we ask

    def __init__(
        self,
        key: str,
        label: str,
        *,
        help: str = "",
        required: bool = False,
        why: str = "",
        why_link: bool = True,
        allow_unknown: bool = False,
        allow: Collection[str] = (),
        offer_missing: bool = False,
        show_label: bool = True,
    ) -> None:
        super().__init__()
        self.key = key
        self.why = why
        self.setObjectName(f"field-{key}")
        self._name = label.replace("&", "")
        self._ways = ways({*allow, "unknown"} if allow_unknown else allow)
        self._missing: str | None = None
        self._problems: tuple[tuple[str, str], ...] = ()

        self.label = QLabel(label)
        self.label.setProperty("look", "label")
        if not show_label:  # showing it here would open it as a window of its own
            self.label.hide()
        self._tag = Caption(tr("required") if required else "", wrap=False)
        head = QHBoxLayout()
        head.setSpacing(tokens.S8)
        head.addWidget(self.label)
        head.addWidget(self._tag)
        head.addStretch(1)
        self.missing_button: MissingButton | None = None
        if offer_missing and self._ways:
            self.missing_button = MissingButton(self._ways, field=self._name, key=MISSING_KEY)
            self.missing_button.setObjectName(f"missing-{key}")
            self.missing_button.chosen.connect(self._choose_missing)
            head.addWidget(self.missing_button)
        if why and why_link:
            self._why = LinkButton(tr("Why we ask"), on=self._ask_why)
            self._why.setAccessibleName(tr("Why we ask: {field}", field=self._name))
            self._why.setToolTip(WHY_KEY)
            self._why.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes from answer to answer
            head.addWidget(self._why)
        self._why_text = Caption(why)
        self._why_text.setObjectName(f"why-{key}")
        self._why_text.hide()
        self._help = Caption(help)
        if not help:
            self._help.hide()
        self._note = Caption("")
        self._note.hide()
        self._problem_icon = Picture("danger", role="danger", size=16)
        self._problem_icon.hide()
        self._problem = Label("", as_="problem-error")
        self._problem.setObjectName(f"problem-{key}")
        self._problem.hide()
        problem = QHBoxLayout()
        problem.setSpacing(6)
        problem.addWidget(self._problem_icon, 0, Qt.AlignmentFlag.AlignTop)
        problem.addWidget(self._problem, 1)

        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(tokens.S4)
        if show_label or required or (why and why_link) or self.missing_button is not None:
            self._layout.addLayout(head)
        self._layout.addWidget(self._why_text)
        self._layout.addWidget(self._help)
        self._place = QVBoxLayout()
        self._place.setSpacing(tokens.S4)
        self._layout.addLayout(self._place)
        self._layout.addWidget(self._note)
        self._layout.addLayout(problem)

    # for subclasses ----------------------------------------------------------------

    def _seat(self, editor: QWidget, *inputs: QWidget, layout: Any = None) -> None:
        """Put the editor in place. ``inputs`` take the keyboard (default: the editor)."""
        self._inputs = inputs or (editor,)
        if layout is not None:
            self._place.addLayout(layout)
        else:
            self._place.addWidget(editor)
        self.label.setBuddy(self._inputs[0])
        self.setFocusProxy(self._inputs[0])
        for widget in self._inputs:
            widget.installEventFilter(self)
            if not widget.accessibleName():
                widget.setAccessibleName(self._name)
            if not widget.objectName():
                widget.setObjectName(f"input-{self.key}")
        self._describe()
        self._bind_keys(self)

    def _bind_keys(self, owner: QWidget) -> None:
        """Make the keys of the field work while ``owner`` or something in it has the keyboard."""
        for sequence, act, used in (
            (MISSING_KEY, self.cycle_missing, bool(self._ways)),
            (WHY_KEY, self._ask_why, bool(self.why)),
        ):
            if used:
                shortcut = QShortcut(QKeySequence(sequence), owner)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(act)

    def _read(self) -> Any:
        raise NotImplementedError

    def _write(self, raw: Any) -> None:
        raise NotImplementedError

    def _show_missing(self, missing: str | None) -> None:
        """Show in the editor that the answer is missing on purpose."""

    def _changed(self) -> None:
        """The person changed the answer."""
        if self._missing is not None:
            self._mark(None)
        self.edited.emit(self.key, self.value())

    # the value ---------------------------------------------------------------------

    def value(self) -> Any:
        """The raw value."""
        if self._missing is not None:
            return {"missing": self._missing}
        return self._read()

    def set_value(self, raw: Any) -> None:
        """Show a raw value without telling ``edited``."""
        missing = raw.get("missing") if isinstance(raw, dict) else None
        if missing in MISSING:
            self._write(None)
            self._mark(str(missing))
            return
        self._mark(None)
        self._write(raw)

    def _mark(self, missing: str | None) -> None:
        self._missing = missing
        self._show_missing(missing)
        if self.missing_button is not None:
            self.missing_button.show_way(missing)

    def set_missing(self, missing: str | None) -> None:
        """The person said one of ``MISSING``, or takes it back with None."""
        self.set_value({"missing": missing} if missing else None)
        self.edited.emit(self.key, self.value())

    def missing(self) -> str | None:
        return self._missing

    def cycle_missing(self) -> None:
        """What Alt+U does: on to the next way that the form allows, after the last to an answer."""
        if self._ways:
            self.set_missing(next_way(self._ways, self._missing))

    def _choose_missing(self, way: str) -> None:
        self.set_missing(way or None)
        self.focus_editor()

    # why it is asked ---------------------------------------------------------------

    def show_why(self, shown: bool) -> None:
        """Show why this is asked, under the label."""
        self._why_text.setVisible(shown and bool(self.why))
        if self._why_text.isVisible():
            self._why_text.setAccessibleName(self.why)
            announce(self._why_text)

    def why_shown(self) -> bool:
        return not self._why_text.isHidden()

    def _ask_why(self) -> None:
        self.show_why(not self.why_shown())
        self.asked.emit(self.key)

    # what is said about it -----------------------------------------------------------

    def set_problems(self, problems: Sequence[Said]) -> None:
        """``(severity, sentence)`` each, perhaps with the place inside the field that a field of
        several rows looks at; errors first. Never takes the keyboard."""
        plain = ((problem[0], problem[1]) for problem in problems)
        ordered = tuple(sorted(plain, key=lambda problem: problem[0] != "error"))
        if ordered == self._problems:
            return
        self._problems = ordered
        worst = ordered[0][0] if ordered else ""
        self._problem.setProperty("look", f"problem-{worst or 'error'}")
        self._problem.setText("\n".join(sentence for _, sentence in ordered))
        self._problem.setVisible(bool(ordered))
        tone = "danger" if worst == "error" else "warning"
        self._problem_icon.draw(tone, role=tone)
        self._problem_icon.setVisible(bool(ordered))
        restyle(self._problem)
        for widget in self._inputs:
            widget.setProperty("state", worst)
            restyle(widget)
        self._describe()

    def problems(self) -> tuple[tuple[str, str], ...]:
        return self._problems

    def set_note(self, text: str) -> None:
        """A quiet line under the editor, such as how a date was understood."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def note(self) -> str:
        return self._note.text()

    def focus_editor(self) -> None:
        """Give it the keyboard."""
        self._inputs[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _describe(self) -> None:
        said = " ".join(sentence for _, sentence in self._problems) or self._help.text()
        for widget in self._inputs:
            widget.setAccessibleDescription(said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            self._focus_left()
        return super().eventFilter(watched, event)

    def _focus_left(self) -> None:
        window = self.window()
        now = window.focusWidget() if window is not None else None
        if now is None or not self._holds(now):
            self.left.emit(self.key)

    def _holds(self, widget: QWidget) -> bool:
        """Whether the keyboard is still in the field when it is in ``widget``."""
        return widget in self._inputs
