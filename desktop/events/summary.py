"""The last page of an event: read back in sentences, and beside it what recording will change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.events.side_by_side import Change, SideBySide, Touched
from desktop.interview.last_page import LastPage
from desktop.style import tokens
from desktop.widgets.layout import Plain, column
from desktop.widgets.messages import Notice
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from station.events import Foreseen

_BESIDE: Final = 420


class Summary(Plain):
    """Sentences at the start, changes at the end, a note under them."""

    def __init__(self, *, title: str, nothing: str, spoken: str) -> None:
        super().__init__()
        self.last = LastPage()
        self.last.setAccessibleName(spoken)
        self.changes = SideBySide(title, nothing)
        self.note = Notice("info", "")
        self.note.hide()
        beside = Plain()
        beside.setLayout(column(self.changes, self.note, None, spacing=tokens.S12))
        beside.setFixedWidth(_BESIDE)
        self._left = column(self.last, spacing=tokens.S16)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(tokens.S16)
        across.addLayout(self._left, 1)
        across.addWidget(beside)

    def under_last(self, widget: QWidget) -> None:
        """Put something under the sentences."""
        self._left.addWidget(widget)
        self._left.addStretch(1)

    def say(self, kind: str, sentence: str) -> None:
        """What is to be known besides; an empty sentence takes it away."""
        self.note.set_message(kind, sentence)
        self.note.setVisible(bool(sentence))


def touched(found: Iterable[Foreseen], named: str) -> tuple[Touched, ...]:
    """What an event will do, person by person. ``named``: what a child without a name is called."""
    by: dict[tuple[str, str], list[Change]] = {}
    for one in found:
        by.setdefault((one.name or named, one.number), []).append(_change(one))
    return tuple(
        Touched(isolate(name), number, tuple(changes)) for (name, number), changes in by.items()
    )


def _change(one: Foreseen) -> Change:
    household = isolate(one.what)
    match one.kind:
        case "creates":
            return Change(
                tr("Is registered, in household {number}", number=household),
                tr("not registered"),
                one.after,
                tr("New"),
                "success",
            )
        case "leaves":
            what = tr("Leaves household {number}", number=household)
            return Change(what, one.before, tr("no member any more"))
        case "joins" if one.before:
            return Change(tr("Place in the household"), one.before, one.after)
        case "joins":
            what = tr("Joins household {number}", number=household)
            return Change(what, tr("no member"), one.after)
        case _:
            return Change(one.what, one.before, one.after)
