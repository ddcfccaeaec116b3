"""A date as people know it: a day, a month, a year, about a year, a decade, or an age."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.widgets.buttons import IconButton
from desktop.widgets.calendar_names import CalendarNames
from desktop.widgets.date_picker import DatePicker
from desktop.widgets.field import MISSING, Field
from desktop.widgets.layout import row
from desktop.widgets.ticks import Select
from desktop.words import N_, day, tr
from values.dates import Calendar, DateError, PartialDate
from values.text import ascii_digits

CALENDARS: Final = (
    (Calendar.GREGORIAN, N_("Gregorian")),
    (Calendar.SOLAR_HIJRI, N_("Solar Hijri")),
    (Calendar.ETHIOPIC, N_("Ethiopic")),
    (Calendar.BUDDHIST, N_("Buddhist era")),
    (Calendar.ISLAMIC, N_("Islamic")),
)

_DAY_FIRST = re.compile(r"(\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[./\s-](\d{1,2})(?:[./\s-](\d{1,2}))?")
_MONTH_FIRST = re.compile(r"(\d{1,2})[./\s-](\d{4})")
_MONTHS: Final = 12
_AGE = re.compile(r"(\d{1,3})")
_ABOUT = re.compile(r"[~≈]\s*(\d{4})|(\d{4})\s*[~≈?]")
_DECADE = re.compile(r"(\d{3})0?s|(\d{3})[xX_]", re.ASCII)


def normalise(text: str) -> str:
    """What was typed, in the notation dates are kept in, where it can be told.

    ``3/5/1987`` and ``3.5.1987`` are the third of May: the day is said first wherever
    these forms are used. ``34`` is an age. Anything else is left as it is.
    """
    plain = ascii_digits(text.strip())
    if found := _DAY_FIRST.fullmatch(plain):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if found := _YEAR_FIRST.fullmatch(plain):
        start = f"{found[1]}-{int(found[2]):02d}"
        return f"{start}-{int(found[3]):02d}" if found[3] else start
    if found := _MONTH_FIRST.fullmatch(plain):
        return f"{found[2]}-{int(found[1]):02d}"
    if found := _ABOUT.fullmatch(plain):
        return f"{found[1] or found[2]}~"
    if found := _DECADE.fullmatch(plain):
        return f"{found[1] or found[2]}X"
    if found := _AGE.fullmatch(plain):
        return f"age:{int(found[1])}"
    return text.strip()


def month_first(text: str) -> str:
    """The other day that ``3/5/1987`` can mean, the month said first, in the notation dates are
    kept in; empty where it can mean one day only."""
    found = _DAY_FIRST.fullmatch(ascii_digits(text.strip()))
    if found is None:
        return ""
    month, day = int(found[1]), int(found[2])
    both = 1 <= month <= _MONTHS and 1 <= day <= _MONTHS and month != day
    return f"{found[3]}-{month:02d}-{day:02d}" if both else ""


def plain_reading(value: PartialDate, today: date) -> str:
    """How a date was understood, with the Gregorian day or span and the age."""
    first, last = value.earliest, value.latest
    said = (
        day(first)
        if first == last
        else tr("between {first} and {last}", first=day(first), last=day(last))
    )
    if value.approximate:
        said = tr("about {when}", when=said)
    if first > today:
        return tr("{when}, in the future", when=said)
    least, most = value.age_on(today)
    age = (
        tr("age {years}", years=least)
        if least == most
        else tr("age {least} to {most}", least=least, most=most)
    )
    return tr("{when} · {age}", when=said, age=age)


class DateField(Field):
    """Text and a calendar; under it, at once, how it was understood.

    The raw value is ``{"text", "calendar"}``. ``today`` gives the day of the interview,
    from which an age is counted. ``reading`` says an understood date in words. With ``names`` a
    calendar opens by Alt+Down or the button beside the text.
    """

    def __init__(
        self,
        key: str,
        label: str,
        *,
        today: Callable[[], date],
        calendars: Sequence[Calendar] = tuple(Calendar),
        calendar: Calendar = Calendar.GREGORIAN,
        reading: Callable[[PartialDate, date], str] = plain_reading,
        names: CalendarNames | None = None,
        **options: Any,
    ) -> None:
        super().__init__(key, label, **options)
        self._names = names
        self._picker: DatePicker | None = None
        self._today = today
        self._reading = reading
        self._default = calendar
        self._placeholder = tr("Day, month, year, or an age")
        self.editor = QLineEdit()
        self.editor.setMaxLength(100)
        self.editor.setFixedWidth(260)
        self.editor.setPlaceholderText(self._placeholder)
        if self.editor.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            self.editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.calendar = Select()
        self.calendar.setObjectName(f"calendar-{key}")
        self.calendar.setAccessibleName(tr("Calendar of {field}", field=self._name))
        self.calendar.setFixedWidth(160)
        called = dict(CALENDARS)
        for code in calendars:
            self.calendar.addItem(tr(called[code]), code.value)
        if len(calendars) < 2:
            self.calendar.hide()
        self.calendar.setCurrentIndex(max(0, self.calendar.findData(calendar.value)))
        self.editor.textEdited.connect(lambda _text: self._touched())
        self.calendar.activated.connect(lambda _index: self._touched())
        self.open_button = IconButton(
            "calendar", tr("Choose in a calendar (Alt+Down)"), on=self.open_picker, ink="muted"
        )
        self.open_button.setObjectName(f"open-{key}")
        self.open_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Alt+Down is its key
        if names is None:
            self.open_button.hide()
        beside = row(self.editor, self.open_button, self.calendar, None)
        self._seat(self.editor, self.editor, self.calendar, layout=beside)

    def picker(self) -> DatePicker | None:
        """The calendar that opens; made when it is first asked for, None without ``names``."""
        if self._picker is None and self._names is not None:
            self._picker = DatePicker(
                self.editor,
                names=self._names,
                today=self._today,
                reading=lambda said: self._reading(said, self._today()),
                label=self._name,
            )
            self._picker.taken.connect(self._picked)
            self._picker.closed.connect(self._picker_closed)
        return self._picker

    def open_picker(self) -> None:
        """What Alt+Down does: the calendar, at what is said so far."""
        picker = self.picker()
        if picker is not None:
            picker.ask(self.date(), Calendar(str(self.calendar.currentData())))

    def _picked(self, text: str) -> None:
        self.editor.setText(text)
        self._touched()

    def _picker_closed(self, back: bool) -> None:
        if back:
            self.editor.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self._focus_left()

    def _holds(self, widget: QWidget) -> bool:
        picker = self._picker
        return super()._holds(widget) or (
            picker is not None and (picker is widget or picker.isAncestorOf(widget))
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Down
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and self._names is not None
            and watched in (self.editor, self.calendar)
        ):
            self.open_picker()
            return True
        return super().eventFilter(watched, event)

    def date(self) -> PartialDate | None:
        """The date as understood; None when there is none or it cannot be read."""
        text = normalise(self.editor.text())
        if not text:
            return None
        try:
            return PartialDate.parse(text, str(self.calendar.currentData()), said_on=self._today())
        except DateError:
            return None

    def _touched(self) -> None:
        self._changed()
        self._tell()

    def _tell(self) -> None:
        value = self.date()
        if value is None:
            self.set_note("")
            return
        said = self._reading(value, self._today())
        other = month_first(self.editor.text())
        if other:
            # Forms of some countries say the month first: nobody but the person can tell.
            doubt = tr(
                "Read with the day first. If the month stands first, type {other}.", other=other
            )
            said = f"{said}. {doubt}"
        self.set_note(said)

    def _read(self) -> dict[str, str] | str:
        text = normalise(self.editor.text())
        if not text:
            return ""
        return {"text": text, "calendar": str(self.calendar.currentData())}

    def _write(self, raw: Any) -> None:
        text, calendar = "", self._default.value
        if isinstance(raw, dict):
            text = str(raw.get("text", ""))
            calendar = str(raw.get("calendar", calendar))
        elif isinstance(raw, str):
            text = raw
        if normalise(self.editor.text()) != text:
            self.editor.setText(text)
        self.calendar.setCurrentIndex(max(0, self.calendar.findData(calendar)))
        self._tell()

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self.editor.clear()
            self.set_note("")
        said = tr(MISSING[missing]) if missing else self._placeholder
        self.editor.setPlaceholderText(said)
