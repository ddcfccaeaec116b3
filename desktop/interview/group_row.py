"""One row of questions that are asked again for each of several."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.style import tokens
from desktop.widgets.buttons import IconButton
from desktop.widgets.field import Field
from desktop.widgets.labels import Strong
from desktop.widgets.layout import Card, row
from desktop.words import tr
from forms.raw import is_blank


class GroupRow(Card):
    """One of several: its number, and a widget for each of its questions."""

    take_out = Signal()

    def __init__(self, group: str, fields: dict[str, Field]) -> None:
        super().__init__(spacing=tokens.S8, margin=tokens.S12)
        self.group = group
        self.fields = fields
        self.title = Strong("", wrap=False)
        self.remove = IconButton("minus", "", on=self.take_out.emit, ink="muted")
        self.remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Ctrl+Minus is its key
        self.body.addLayout(row(self.title, None, self.remove))
        for field in fields.values():
            self.body.addWidget(field)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def number(self, place: int) -> None:
        """Say which of the rows it is, counted from 0."""
        title = tr("{field} {n}", field=self.group, n=place + 1)
        self.title.setText(title)
        self.setAccessibleName(title)
        name = tr("Take out {row} (Ctrl+Minus)", row=title)
        self.remove.setAccessibleName(name)
        self.remove.setToolTip(name)

    def raw(self) -> dict[str, Any]:
        given = {name: field.value() for name, field in self.fields.items()}
        return {name: raw for name, raw in given.items() if not is_blank(raw)}

    def show_raw(self, raw: dict[str, Any]) -> None:
        for name, field in self.fields.items():
            if field.value() != raw.get(name):
                field.set_value(raw.get(name))

    def focus_first(self) -> None:
        next(iter(self.fields.values())).focus_editor()

    def stops(self) -> list[QWidget]:
        """What Tab stops at inside it, in its order; a combo box has a window of its own."""
        return [
            widget
            for widget in self.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is self.window()
        ]
