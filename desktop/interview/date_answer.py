"""The date field of the interview: it understands a date as people say it, an age too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from desktop.interview.asking import Asking, read_date
from desktop.interview.birth import understood
from desktop.widgets.date_field import DateField
from desktop.words import tr
from values.dates import PartialDate
from values.text import ascii_digits

_PAUSE: Final = 450  # ms; "19" may be an age or the beginning of a year


class DateAnswer(DateField):
    """Keeps what was typed. ``birth`` says that the date may be said as an age.

    Up and Down change the calendar, so that Enter can pass it by. Alt+Down opens its pages.
    """

    def __init__(
        self,
        key: str,
        label: str,
        *,
        asking: Asking,
        today: Callable[[], date],
        birth: bool,
        **options: Any,
    ) -> None:
        self._birth = birth
        super().__init__(
            key,
            label,
            today=today,
            reading=lambda said, on: asking.reading(said, on, birth=birth),
            names=asking.names,
            **options,
        )
        if not birth:
            self._placeholder = tr("Day, month or year")
            self.editor.setPlaceholderText(self._placeholder)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_PAUSE)
        self._settle.timeout.connect(super()._tell)

    def claim_enter(self) -> None:
        """Have Enter pass the calendar by; call it after Enter was taught to move on."""
        self.editor.removeEventFilter(self)
        self.editor.installEventFilter(self)

    def set_calendar(self, code: str) -> None:
        """The calendar to begin with, while nothing has been typed."""
        place = self.calendar.findData(code)
        if place >= 0 and not self.editor.text():
            self.calendar.setCurrentIndex(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.editor
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and self._editor_key(event)
        ):
            return True
        return super().eventFilter(watched, event)

    def _editor_key(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and plain:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            place = (self.calendar.currentIndex() + step) % self.calendar.count()
            self.calendar.setCurrentIndex(place)
            self._touched()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            # As if it had been pressed in the calendar, which is the field's last input.
            QCoreApplication.sendEvent(self.calendar, event)
            return True
        return False

    def date(self) -> PartialDate | None:
        raw = {"text": self.editor.text(), "calendar": str(self.calendar.currentData())}
        return read_date(raw, self._today(), birth=self._birth)

    def _tell(self) -> None:
        """Say how it was understood; a number that may still grow into a year waits a moment."""
        plain = ascii_digits(self.editor.text().strip())
        if plain.isdigit() and len(plain) < 4 and self.editor.hasFocus():
            self.set_note("")
            self._settle.start()
            return
        self._settle.stop()
        super()._tell()

    def _read(self) -> dict[str, str] | str:
        text = self.editor.text()
        if not text.strip():
            return ""
        return {"text": text, "calendar": str(self.calendar.currentData())}

    def _write(self, raw: Any) -> None:
        """Show an answer; what was typed stays in sight when it means the same."""
        if isinstance(raw, dict):
            typed = self.editor.text()
            meant = str(raw.get("text", ""))
            if typed and understood(typed, ages=self._birth) == understood(meant, ages=self._birth):
                raw = {**raw, "text": typed}
            calendar = str(raw.get("calendar", self._default.value))
            if str(raw.get("text", "")) != typed:
                self.editor.setText(str(raw.get("text", "")))
            self.calendar.setCurrentIndex(max(0, self.calendar.findData(calendar)))
            self._tell()
            return
        super()._write(raw)
