"""The interview's side panel: what to mend, who may be the same person, why we ask.

It is fed while somebody types and never takes the keyboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.style import tokens
from desktop.widgets.buttons import LinkButton
from desktop.widgets.labels import Caption, Strong, Text
from desktop.widgets.layout import Card, Plain, column
from desktop.widgets.messages import Notice, ProblemItem, ProblemList
from desktop.words import ntr, tr


@dataclass(frozen=True, slots=True)
class Earlier:
    """Somebody who may have been registered before."""

    person: Any
    name: str
    detail: str
    likeness: str


class Feed(Plain):
    """Three parts, each there only when it has something to say."""

    problem_chosen = Signal(object)  # the target
    earlier_chosen = Signal(object)  # the person

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("feed")
        self.problems = ProblemList()
        self.problems.activated.connect(self.problem_chosen)
        self._returned = Notice("warning", "")
        self._returned.setObjectName("returned")
        self._reason = ""
        self._earlier_place = Plain()
        self._earlier_layout = QVBoxLayout(self._earlier_place)
        self._earlier_layout.setContentsMargins(0, 0, 0, 0)
        self._earlier_layout.setSpacing(tokens.S8)
        self._earlier: tuple[Earlier, ...] = ()
        self._why_title = Strong(tr("Why we ask"))
        self._why = Text("", muted=True)
        self._why.setObjectName("why")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S16)
        layout.addWidget(self._returned)
        layout.addWidget(self.problems)
        layout.addWidget(self._earlier_place)
        layout.addLayout(column(self._why_title, self._why, spacing=tokens.S4))
        layout.addStretch(1)
        self._returned.hide()
        self._earlier_place.hide()
        self.problems.hide()
        self.set_why("")

    @property
    def has_something(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._reason or self.problems.items() or self._earlier or self._why.text())

    def set_returned(self, reason: str) -> None:
        """Why a supervisor sent this family back; it stays in sight until it is mended."""
        self._reason = reason
        self._returned.set_message("warning", tr("Sent back: {reason}", reason=reason))
        self._returned.setVisible(bool(reason))

    def returned(self) -> str:
        """The reason that is shown."""
        return self._reason

    def set_problems(self, items: Sequence[ProblemItem]) -> None:
        """What is wrong or odd, of the fields that were left."""
        self.problems.set_items(items)
        self.problems.setVisible(bool(items))

    def set_why(self, text: str) -> None:
        """Why the field with the keyboard is asked."""
        self._why.setText(text)
        self._why.setVisible(bool(text))
        self._why_title.setVisible(bool(text))

    def why(self) -> str:
        return self._why.text()

    def earlier(self) -> tuple[Earlier, ...]:
        return self._earlier

    def set_earlier(self, found: Sequence[Earlier]) -> None:
        """Who may be the same person; nothing is redrawn when it is the same as before."""
        if tuple(found) == self._earlier:
            return
        self._earlier = tuple(found)
        while (item := self._earlier_layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._earlier_place.setVisible(bool(found))
        if not found:
            return
        title = ntr(
            "{n} possible earlier registration", "{n} possible earlier registrations", len(found)
        )
        self._earlier_layout.addWidget(Strong(title))
        for one in found:
            self._earlier_layout.addWidget(self._card(one))

    def _card(self, one: Earlier) -> QWidget:
        card = Card(spacing=2, margin=tokens.S12)
        link = LinkButton(one.name, on=lambda: self.earlier_chosen.emit(one.person))
        link.setAccessibleName(tr("Look at {name}", name=one.name))
        card.body.addWidget(link)
        card.body.addWidget(Caption(one.detail))
        card.body.addWidget(Caption(one.likeness))
        return card


__all__ = ["Earlier", "Feed"]
