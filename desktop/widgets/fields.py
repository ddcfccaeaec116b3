"""The kinds of field a form is made of, but for dates and codes, which are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from desktop.style import tokens
from desktop.widgets.buttons import IconButton, LinkButton
from desktop.widgets.field import MISSING, Field
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Caption
from desktop.widgets.layout import Plain, column, row
from desktop.widgets.messages import announce
from desktop.widgets.ticks import Select, TickBox
from desktop.words import tr
from values.text import ascii_digits

Options = Sequence[tuple[str, str]]
"""Codes and what they are called."""


class TextField(Field):
    """One line. ``direction`` "ltr" is for numbers and addresses, whatever the language.

    ``convert`` says how a text that was typed for a Zawgyi font reads in Unicode, or None for any
    other: :meth:`read_unicode` shows it so, and a note lets one have back what was typed.
    """

    def __init__(
        self,
        key: str,
        label: str,
        *,
        placeholder: str = "",
        direction: str = "auto",
        width: int | None = None,
        limit: int = 200,
        convert: Callable[[str], str | None] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(key, label, **options)
        self._convert = convert
        self._typed = self._converted = self._as_typed = ""
        self._reading: QWidget | None = None
        self._placeholder = placeholder
        self._direction = direction
        self.editor = QLineEdit()
        self.editor.setMaxLength(limit)
        self.editor.setPlaceholderText(placeholder)
        if direction == "ltr":
            self.editor.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                self.editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._width = width
        self.editor.textEdited.connect(lambda _text: self._changed())
        self._seat_editor()

    def _seat_editor(self) -> None:
        if self._width is None:
            self._seat(self.editor)
            return
        self.editor.setFixedWidth(self._width)
        self._seat(self.editor, layout=row(self.editor, None))

    def _read(self) -> str:
        return self.editor.text()

    def _write(self, raw: Any) -> None:
        text = "" if raw is None else str(raw)
        if text != self.editor.text():
            self.editor.setText(text)
        self._show_reading(bool(text) and text == self._converted)

    def _changed(self) -> None:
        self._show_reading(False)
        super()._changed()

    def read_unicode(self) -> None:
        """Show what was typed for a Zawgyi font in Unicode, and say so. What somebody wanted back
        as it was typed is left alone."""
        text = self.editor.text()
        if self._convert is None or not text or text == self._as_typed:
            return
        converted = self._convert(text)
        if converted is not None:
            self._typed, self._converted = text, converted
            self._take(converted)

    def _undo_reading(self) -> None:
        """Have back what was typed."""
        self._as_typed = self._typed
        self._take(self._typed)
        self.focus_editor()

    def _take(self, text: str) -> None:
        self.set_value(text)
        self.edited.emit(self.key, self.value())

    def reading_shown(self) -> bool:
        """Whether a note says that the text was converted."""
        return self._reading is not None and not self._reading.isHidden()

    def _show_reading(self, shown: bool) -> None:
        if shown and self._reading is None:
            self._reading = self._made_reading()
        if self._reading is not None and self._reading.isHidden() is shown:
            self._reading.setVisible(shown)
            if shown:
                announce(self._reading)

    def _made_reading(self) -> QWidget:
        said = tr("Read as Zawgyi, now shown in Unicode.")
        undo = LinkButton(tr("Undo"), on=self._undo_reading, name=f"as-typed-{self.key}")
        undo.setAccessibleName(tr("Undo: have back what was typed in {field}", field=self._name))
        note = Plain()
        note.setLayout(row(Caption(said, wrap=False), undo, None, spacing=tokens.S8))
        note.setAccessibleName(said)
        note.hide()
        self._place.addWidget(note)
        QWidget.setTabOrder(self.editor, undo)
        return note

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self.editor.clear()
        said = tr(MISSING[missing]) if missing else self._placeholder
        self.editor.setPlaceholderText(said)


class NumberField(TextField):
    """A whole number, typed; digits of any script are taken and judged by the form.

    Up and Down count by one between ``least`` and ``most`` (0: no limit). ``unit`` stands after it.
    """

    def __init__(
        self, key: str, label: str, *, least: int = 0, most: int = 0, unit: str = "", **options: Any
    ) -> None:
        options.setdefault("width", 140)
        self._least = least
        self._most = most
        self._unit = unit
        super().__init__(key, label, direction="ltr", limit=12, **options)
        self.editor.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)

    def _seat_editor(self) -> None:
        self.editor.setFixedWidth(self._width or 140)
        unit = Caption(self._unit, wrap=False)
        self._seat(self.editor, layout=row(self.editor, unit, None))

    def number(self) -> int | None:
        """The number that is typed; None when it is none."""
        plain = ascii_digits(self.editor.text().strip())
        return int(plain) if plain.isascii() and plain.isdigit() else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.editor
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self._count(1 if event.key() == Qt.Key.Key_Up else -1)
            return True
        return super().eventFilter(watched, event)

    def _count(self, by: int) -> None:
        now = self.number()
        if now is None and self.editor.text().strip():
            return  # what is typed is not ours to replace
        wanted = self._least if now is None else max(self._least, now + by)
        self.editor.setText(str(min(wanted, self._most) if self._most else wanted))
        self._changed()


class PassphraseField(TextField):
    """A passphrase: hidden, unless its eye is pressed."""

    def __init__(self, key: str, label: str, **options: Any) -> None:
        super().__init__(key, label, limit=1024, direction="ltr", **options)
        self.editor.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.set_shown(False)

    def _seat_editor(self) -> None:
        self._eye = IconButton("eye", tr("Show the passphrase"), ink="muted")
        self._eye.setCheckable(True)
        self._eye.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._eye.toggled.connect(self.set_shown)
        self._seat(self.editor, layout=row(self.editor, self._eye, spacing=4))

    def set_shown(self, shown: bool) -> None:
        """Let it be read on the screen, or not."""
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.editor.setEchoMode(mode)
        self._eye.setAccessibleName(
            tr("Hide the passphrase") if shown else tr("Show the passphrase")
        )
        if self._eye.isChecked() != shown:
            self._eye.setChecked(shown)

    def clear(self) -> None:
        """Forget what was typed."""
        self.editor.clear()
        self.set_shown(False)


class _Paragraph(QPlainTextEdit):
    """Tab leaves it; Enter starts a line."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)


class LongTextField(Field):
    """Some lines."""

    def __init__(
        self, key: str, label: str, *, lines: int = 3, placeholder: str = "", **options: Any
    ) -> None:
        super().__init__(key, label, **options)
        self._placeholder = placeholder
        self.editor = _Paragraph()
        self.editor.setPlaceholderText(placeholder)
        self.editor.setFixedHeight(lines * 20 + 22)
        self._quiet = False
        self.editor.textChanged.connect(self._text_changed)
        self._seat(self.editor)

    def _text_changed(self) -> None:
        if not self._quiet:
            self._changed()

    def _read(self) -> str:
        return self.editor.toPlainText()

    def _write(self, raw: Any) -> None:
        text = "" if raw is None else str(raw)
        if text == self.editor.toPlainText():
            return
        self._quiet = True
        self.editor.setPlainText(text)
        self._quiet = False

    def _show_missing(self, missing: str | None) -> None:
        self.editor.setPlaceholderText(tr(MISSING[missing]) if missing else self._placeholder)


class SelectField(Field):
    """One of a short list, folded away."""

    def __init__(
        self,
        key: str,
        label: str,
        *,
        options: Options,
        placeholder: str | None = None,
        width: int | None = 320,
        **rest: Any,
    ) -> None:
        super().__init__(key, label, **rest)
        self._placeholder = tr("Choose…") if placeholder is None else placeholder
        self.editor = Select()
        self.editor.setPlaceholderText(self._placeholder)
        self.set_options(options)
        self.editor.activated.connect(lambda _index: self._changed())
        if width is None:
            self._seat(self.editor)
        else:
            self.editor.setFixedWidth(width)
            self._seat(self.editor, layout=row(self.editor, None))

    def set_options(self, options: Options) -> None:
        """Other codes to choose from; the answer stays where it can."""
        now = self.editor.currentData()
        self.editor.clear()
        for code, label in options:
            self.editor.addItem(label, code)
        self.editor.setCurrentIndex(self.editor.findData(now) if now is not None else -1)

    def _read(self) -> str:
        code = self.editor.currentData()
        return "" if code is None else str(code)

    def _write(self, raw: Any) -> None:
        self.editor.setCurrentIndex(self.editor.findData(raw) if raw not in (None, "") else -1)

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self.editor.setCurrentIndex(-1)
        self.editor.setPlaceholderText(tr(MISSING[missing]) if missing else self._placeholder)


class _Segment(QPushButton):
    """One answer of a choice; a letter key picks it through its mnemonic."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty("look", "segment")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text.replace("&", ""))


class ChoiceField(Field):
    """One of a few answers, all in sight. Arrows move, Space chooses, Delete takes it back."""

    def __init__(self, key: str, label: str, *, options: Options, **rest: Any) -> None:
        super().__init__(key, label, **rest)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._segments: list[_Segment] = []
        holder = Plain()
        flow = FlowLayout(holder, gap=8)
        for code, text in options:
            segment = _Segment(code, text)
            segment.setObjectName(f"choice-{key}-{code}")
            self._group.addButton(segment)
            self._segments.append(segment)
            flow.addWidget(segment)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        self._group.buttonClicked.connect(lambda _button: self._changed())
        self._seat(holder, *self._segments)
        for segment in self._segments:
            segment.setAccessibleDescription(self._name)

    def _chosen(self) -> _Segment | None:
        return next((one for one in self._segments if one.isChecked()), None)

    def _read(self) -> str:
        chosen = self._chosen()
        return chosen.code if chosen is not None else ""

    def _write(self, raw: Any) -> None:
        self._group.setExclusive(False)
        for segment in self._segments:
            segment.setChecked(segment.code == raw and raw not in (None, ""))
        self._group.setExclusive(True)

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self._write(None)
        self.set_note(tr(MISSING[missing]) if missing else "")

    def offer(self, codes: Container[str]) -> None:
        """Show only these answers; a chosen one that is offered no more is taken back."""
        for segment in self._segments:
            segment.setVisible(segment.code in codes)
        if self._read() and self._read() not in codes:
            self._write(None)

    def focus_editor(self) -> None:
        offered = (one for one in self._segments if not one.isHidden())
        chosen = self._chosen() or next(offered, None)
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._read():
            self._write(None)
            self._changed()
            return
        super().keyPressEvent(event)


class TickField(Field):
    """Yes, or not said."""

    def __init__(self, key: str, label: str, **rest: Any) -> None:
        super().__init__(key, label, show_label=False, **rest)
        self.editor = TickBox(label)
        self.editor.clicked.connect(lambda _checked=False: self._changed())
        self._seat(self.editor)

    def _read(self) -> bool:
        return self.editor.isChecked()

    def _write(self, raw: Any) -> None:
        self.editor.setChecked(bool(raw))


class TicksField(Field):
    """Any number of answers. The raw value is the list of their codes, in the order shown."""

    def __init__(
        self, key: str, label: str, *, options: Options, columns: int = 2, **rest: Any
    ) -> None:
        super().__init__(key, label, **rest)
        self._boxes: list[tuple[str, TickBox]] = []
        holder = Plain()
        stacks = [column(spacing=2) for _ in range(max(1, columns))]
        per = -(-len(options) // len(stacks))  # rounded up: read down, then across
        for index, (code, text) in enumerate(options):
            box = TickBox(text, name=f"tick-{key}-{code}")
            box.clicked.connect(lambda _checked=False: self._changed())
            self._boxes.append((code, box))
            stacks[index // max(1, per)].addWidget(box)
        for stack in stacks:
            stack.addStretch(1)
        beside = row(*stacks, spacing=24)
        for index in range(len(stacks)):
            beside.setStretch(index, 1)
        holder.setLayout(beside)
        inputs: list[QWidget] = [box for _, box in self._boxes]
        self._seat(holder, *inputs)
        for _, box in self._boxes:
            box.setAccessibleDescription(self._name)

    def _read(self) -> list[str]:
        return [code for code, box in self._boxes if box.isChecked()]

    def _write(self, raw: Any) -> None:
        chosen = set(raw or ())
        for code, box in self._boxes:
            box.setChecked(code in chosen)

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self._write(None)
        self.set_note(tr(MISSING[missing]) if missing else "")
