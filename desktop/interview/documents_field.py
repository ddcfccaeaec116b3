"""The papers a person holds: small rows, one more always ready."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop.style import tokens
from desktop.widgets.buttons import IconButton
from desktop.widgets.field import MISSING, Field
from desktop.widgets.layout import Plain, row
from desktop.widgets.ticks import Select
from desktop.words import tr

MOST = 8
"""Rows that fit the page; nobody has been seen with more papers."""

_TYPE_WIDTH = 220


class _Row(Plain):
    """One paper: its type and its number."""

    def __init__(self, key: str, number: int, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.type = Select()
        self.type.setPlaceholderText(tr("Type of document"))
        for code, label in options:
            self.type.addItem(label, code)
        self.type.setCurrentIndex(-1)
        self.type.setFixedWidth(_TYPE_WIDTH)
        self.number = QLineEdit()
        self.number.setMaxLength(100)
        self.number.setPlaceholderText(tr("Number on it"))
        self.number.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.remove = IconButton("close", tr("Take out document {n}", n=number + 1), ink="muted")
        self.remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        policy = self.remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(policy)
        self.type.setObjectName(f"{key}-type-{number}")
        self.type.setAccessibleName(tr("Document {n}: type", n=number + 1))
        self.number.setObjectName(f"{key}-number-{number}")
        self.number.setAccessibleName(tr("Document {n}: number", n=number + 1))
        self.setLayout(row(self.type, self.number, self.remove))

    def raw(self) -> dict[str, str]:
        return {"type": str(self.type.currentData() or ""), "number": self.number.text()}

    def show_raw(self, raw: Any) -> None:
        given = raw if isinstance(raw, dict) else {}
        self.type.setCurrentIndex(self.type.findData(given.get("type") or None))
        number = str(given.get("number", ""))
        if number != self.number.text():
            self.number.setText(number)
        self.remove.setVisible(bool(given))

    @property
    def empty(self) -> bool:
        return not any(self.raw().values())


class DocumentsField(Field):
    """Rows of type and number. The raw value is the list of rows that say anything."""

    def __init__(
        self, key: str, label: str, *, options: Sequence[tuple[str, str]], **rest: Any
    ) -> None:
        super().__init__(key, label, **rest)
        self._rows: list[_Row] = []
        holder = Plain()
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S8)
        inputs: list[QWidget] = []
        for number in range(MOST):
            line = _Row(key, number, options)
            line.type.activated.connect(lambda _index: self._row_changed())
            line.number.textEdited.connect(lambda _text: self._row_changed())
            line.remove.clicked.connect(lambda _checked=False, n=number: self._take_out(n))
            layout.addWidget(line)
            self._rows.append(line)
            inputs += [line.type, line.number]
        self._seat(holder, *inputs)
        self._unfold()

    def _row_changed(self) -> None:
        self._unfold()
        self._changed()

    def _take_out(self, number: int) -> None:
        kept = [line.raw() for index, line in enumerate(self._rows) if index != number]
        self._write([raw for raw in kept if any(raw.values())])
        self._rows[min(number, MOST - 1)].type.setFocus()
        self._changed()

    def _unfold(self) -> None:
        """Every row up to one beyond the last that says something."""
        filled = [index for index, line in enumerate(self._rows) if not line.empty]
        last = filled[-1] if filled else -1
        for index, line in enumerate(self._rows):
            line.setVisible(index <= last + 1)
            line.remove.setVisible(not line.empty)

    def _read(self) -> list[dict[str, str]]:
        return [line.raw() for line in self._rows if not line.empty]

    def _write(self, raw: Any) -> None:
        given = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
        for index, line in enumerate(self._rows):
            line.show_raw(given[index] if index < len(given) else None)
        self._unfold()

    def _show_missing(self, missing: str | None) -> None:
        self.set_note(tr(MISSING[missing]) if missing else "")
