"""One question: a label, an editor, and what is wrong with the answer.

A field never blocks typing. It tells every edit, and when it was left, which Qt's
``editingFinished`` does not do for a field that was tabbed through untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.style import tokens
from desktop.widgets.buttons import LinkButton
from desktop.widgets.labels import Caption, Label
from desktop.widgets.layout import restyle
from desktop.widgets.messages import Picture
from desktop.words import N_, tr

MISSING: Final = {"unknown": N_("Unknown"), "refused": N_("Did not want to say")}


class Field(QWidget):
    """The base of all fields; a subclass gives the editor and its value.

    The raw value is what the person gave, JSON-able; ``{"missing": "unknown"}``
    when they said they do not know.
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
        allow_unknown: bool = False,
        show_label: bool = True,
    ) -> None:
        super().__init__()
        self.key = key
        self.why = why
        self.setObjectName(f"field-{key}")
        self._name = label.replace("&", "")
        self._allow_unknown = allow_unknown
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
        if why:
            self._why = LinkButton(tr("Why we ask"), on=lambda: self.asked.emit(self.key))
            self._why.setAccessibleName(tr("Why we ask: {field}", field=self._name))
            self._why.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes from answer to answer
            head.addWidget(self._why)
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
        if show_label or required or why:
            self._layout.addLayout(head)
        self._layout.addWidget(self._help)
        self._place = QVBoxLayout()
        self._place.setSpacing(tokens.S4)
        self._layout.addLayout(self._place)
        self._layout.addWidget(self._note)
        self._layout.addLayout(problem)
        if allow_unknown:
            shortcut = QShortcut(QKeySequence("Alt+U"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.toggle_unknown)

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

    def _read(self) -> Any:
        raise NotImplementedError

    def _write(self, raw: Any) -> None:
        raise NotImplementedError

    def _show_missing(self, missing: str | None) -> None:
        """Show in the editor that the answer is missing on purpose."""

    def _changed(self) -> None:
        """The person changed the answer."""
        if self._missing is not None:
            self._missing = None
            self._show_missing(None)
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
            self._missing = str(missing)
            self._show_missing(self._missing)
            return
        self._missing = None
        self._show_missing(None)
        self._write(raw)

    def set_missing(self, missing: str | None) -> None:
        """The person said ``unknown`` or ``refused``, or takes it back with None."""
        self.set_value({"missing": missing} if missing else None)
        self.edited.emit(self.key, self.value())

    def missing(self) -> str | None:
        return self._missing

    def toggle_unknown(self) -> None:
        """What Alt+U does."""
        if self._allow_unknown:
            self.set_missing(None if self._missing == "unknown" else "unknown")

    # what is said about it -----------------------------------------------------------

    def set_problems(self, problems: Sequence[tuple[str, str]]) -> None:
        """``(severity, sentence)`` each; errors first. Never takes the keyboard."""
        ordered = tuple(sorted(problems, key=lambda problem: problem[0] != "error"))
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
        if now is None or now not in self._inputs:
            self.left.emit(self.key)
