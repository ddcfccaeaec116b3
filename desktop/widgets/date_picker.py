"""The calendar that opens under a date: a month's page, how the day reads, and what to take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.style import theme, tokens
from desktop.widgets.buttons import IconButton, LinkButton
from desktop.widgets.calendar_names import CalendarNames
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Caption, Strong
from desktop.widgets.layout import Plain, row
from desktop.widgets.messages import announce
from desktop.widgets.month_grid import MonthGrid
from desktop.widgets.overlay import Overlay
from desktop.widgets.picking import Extent, Mark
from desktop.widgets.ticks import TickBox
from desktop.words import tr
from values.calendars import Calendar
from values.dates import PartialDate

Reading = Callable[[PartialDate], str]
"""A date in words, in the Gregorian calendar too."""

_MARGIN: Final = tokens.S12
_ARM: Final = 4.0


class _Turn(IconButton):
    """Turns pages: one chevron for a month, two for a year. The keyboard has its own keys."""

    def __init__(self, label: str, *, forward: bool, year: bool, on: Callable[[], object]) -> None:
        super().__init__("chevron", label, on=on)
        self._icon_name = None
        self._forward = forward
        self._twice = year
        self.setIcon(QIcon())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("text"), 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        way = 1 if self._forward is not self.isRightToLeft() else -1
        middle = QPointF(self.rect().center()) + QPointF(0.5, 0.5)
        for shift in (-3.0, 3.0) if self._twice else (0.0,):
            tip = middle + QPointF(shift + way * _ARM / 2, 0)
            painter.drawPolyline(
                [tip + QPointF(-way * _ARM, -_ARM), tip, tip + QPointF(-way * _ARM, _ARM)]
            )


class DatePicker(Overlay):
    """Opens over a date with ``ask``; tells ``taken`` what was chosen, as it is typed.

    ``reading`` says a date in words.
    """

    taken = Signal(str)  # "1361-07-12", "1361-07", "1361~"

    def __init__(
        self,
        owner: QWidget,
        *,
        names: CalendarNames,
        today: Callable[[], date],
        reading: Reading,
        label: str,
    ) -> None:
        super().__init__(owner)
        self._names = names
        self._reading = reading
        self._label = label
        self.setObjectName("date-picker")
        self.setAccessibleName(tr("Calendar of {field}", field=label))
        self.grid = MonthGrid(names, today)
        self.grid.setObjectName("month-grid")
        self.grid.moved.connect(self._show)
        self.grid.taken.connect(self.take)
        self.grid.typing.connect(self._show_typing)
        self._title = Strong("", wrap=False)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = Caption("")
        self._words.setObjectName("picker-words")
        self.month = self._take_button("picker-month", Extent.MONTH)
        self.year = self._take_button("picker-year", Extent.YEAR)
        self.about = TickBox(tr("About ({key})", key="~"), name="picker-about")
        self.about.clicked.connect(lambda _checked=False: self._toggle_about())
        self._lay_out()

    def _take_button(self, name: str, extent: Extent) -> LinkButton:
        words = {
            Extent.MONTH: tr("Month only ({key})", key="M"),
            Extent.YEAR: tr("Year only ({key})", key="Y"),
        }
        return LinkButton(words[extent], on=lambda: self.take(extent), name=name)

    def _lay_out(self) -> None:
        turn = {
            "year-back": _Turn(
                tr("A year back"), forward=False, year=True, on=lambda: self._by(years=-1)
            ),
            "month-back": _Turn(
                tr("A month back"), forward=False, year=False, on=lambda: self._by(months=-1)
            ),
            "month-on": _Turn(
                tr("A month on"), forward=True, year=False, on=lambda: self._by(months=1)
            ),
            "year-on": _Turn(
                tr("A year on"), forward=True, year=True, on=lambda: self._by(years=1)
            ),
        }
        for name, button in turn.items():
            button.setObjectName(f"picker-{name}")
        head = row(
            turn["year-back"], turn["month-back"], self._title, turn["month-on"], turn["year-on"],
            spacing=0,
        )  # fmt: skip
        head.setStretch(2, 1)
        choices = Plain()
        flow = FlowLayout(choices, gap=tokens.S8)
        for part in (self.month, self.year, self.about):
            flow.addWidget(part)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        choices.setSizePolicy(policy)
        width = self.grid.sizeHint().width()
        self._words.setFixedWidth(width)
        lines = 2 * self._words.fontMetrics().lineSpacing() + 2
        self._words.setFixedHeight(lines)  # of two lines, so that the page under it stays in place
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, tokens.S8, _MARGIN, _MARGIN)
        layout.setSpacing(tokens.S4)
        layout.addLayout(head)
        layout.addWidget(self.grid, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._words)
        layout.addWidget(choices)

    # asking ----------------------------------------------------------------------------

    def ask(self, said: PartialDate | None, calendar: Calendar) -> None:
        """Open at a date, or at today."""
        self.grid.forget_year()
        mark = Mark.of(said, calendar, self.grid.today())
        self.grid.show_mark(mark)
        self._show(mark, spoken=False)
        self.come_up(self.grid)

    def take(self, extent: Extent) -> None:
        """Take the marked day, its month or its year, and close."""
        text = self.grid.mark.text(extent)
        self.go()
        self.taken.emit(text)

    def words(self) -> str:
        """How the marked day reads."""
        return self._words.text()

    def title(self) -> str:
        """The month and year of the page."""
        return self._title.text()

    # inside ----------------------------------------------------------------------------

    def _by(self, *, months: int = 0, years: int = 0) -> None:
        self.grid.forget_year()
        mark = self.grid.mark
        self.grid.go(mark.months(months) if months else mark.years(years))
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle_about(self) -> None:
        mark = self.grid.mark
        self.grid.go(replace(mark, about=not mark.about))

    def _show(self, mark: Mark, *, spoken: bool = True) -> None:
        month = self._names.month(mark.calendar, mark.month)
        self._title.setText(tr("{month} {year}", month=month, year=mark.year))
        weekday = self._names.weekdays[mark.date.weekday()]
        said = mark.said()
        reading = self._reading(said) if said is not None else ""
        self._words.setText(tr("{weekday}, {date}", weekday=weekday, date=reading))
        self.about.setChecked(mark.about)
        self.grid.setAccessibleName(
            tr(
                "{weekday} {day} {month} {year}. {reading}",
                weekday=weekday,
                day=mark.day,
                month=month,
                year=mark.year,
                reading=reading,
            )
        )
        if spoken and self.isVisible():
            announce(self.grid)

    def _show_typing(self, digits: str) -> None:
        if digits:
            self._title.setText(tr("Year {digits}", digits=digits.ljust(4, "–")))
        else:
            mark = self.grid.mark
            month = self._names.month(mark.calendar, mark.month)
            self._title.setText(tr("{month} {year}", month=month, year=mark.year))
