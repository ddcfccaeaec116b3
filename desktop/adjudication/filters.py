"""Which rows of a queue are shown: by station, age, owner and score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.style import tokens
from desktop.widgets.fields import SelectField
from desktop.widgets.layout import Plain, row
from desktop.words import isolate, tr

_ALL, _MINE, _FREE, _TAKEN = "all", "mine", "free", "taken"
_DAYS: Final = (1, 7, 30)
_SCORES: Final = (500, 750, 900)
_WIDTH: Final = 168


class Filters(Plain):
    """A few narrow choices over a table. They stay as they are from queue to queue."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("queue-filters")
        self.station = self._field("filter-station", tr("Station"), [(_ALL, tr("Every station"))])
        self.age = self._field(
            "filter-age",
            tr("How long it waits"),
            [
                (_ALL, tr("However long")),
                *((str(days), tr("Longer than {n} d", n=days)) for days in _DAYS),
            ],
        )
        self.owner = self._field(
            "filter-owner",
            tr("Who has it"),
            [
                (_ALL, tr("Taken or free")),
                (_FREE, tr("Free")),
                (_MINE, tr("Taken by me")),
                (_TAKEN, tr("Taken by others")),
            ],
        )
        self.score = self._field(
            "filter-score",
            tr("Likeness"),
            [
                (_ALL, tr("Any likeness")),
                *((str(score), tr("From {n} %", n=score // 10)) for score in _SCORES),
            ],
        )
        self._row = row(self.station, self.age, self.owner, self.score, None, spacing=tokens.S12)
        self.setLayout(self._row)

    def _field(self, key: str, label: str, options: Sequence[tuple[str, str]]) -> SelectField:
        made = SelectField(key, label, options=options, show_label=False, width=_WIDTH)
        made.set_value(_ALL)
        made.editor.setAccessibleName(label)
        made.edited.connect(lambda _key, _raw: self.changed.emit())
        return made

    def set_stations(self, codes: Sequence[str]) -> None:
        """Offer these stations; the one chosen stays chosen while it is there."""
        now = self.station.value()
        self.station.set_options(
            [(_ALL, tr("Every station")), *((code, isolate(code)) for code in sorted(set(codes)))]
        )
        self.station.set_value(now if now in codes else _ALL)

    def show_score(self, shown: bool) -> None:
        """Whether rows have a score."""
        self.score.setVisible(shown)

    def lets(self, one: Any, now: datetime) -> bool:
        """Whether a row is shown."""
        station, days, score = (
            "" if one.value() == _ALL else str(one.value())
            for one in (self.station, self.age, self.score)
        )
        if station and station not in str(one.station).split(", "):
            return False
        if days and now - one.at <= timedelta(days=int(days)):
            return False
        if score and getattr(one, "score", 1000) < int(score):
            return False
        owner = one.owner
        match self.owner.value():
            case "free":
                return owner is None
            case "mine":
                return owner is not None and owner.own
            case "taken":
                return owner is not None and not owner.own
        return True

    def add(self, widget: QWidget) -> None:
        """Something that narrows one queue alone, at the end of the row."""
        self._row.addWidget(widget)
