"""A time of day, typed as people say it: 7:30, 0730, 7 pm."""

from __future__ import annotations

import re
from typing import Any, Final

from desktop.widgets.fields import TextField
from desktop.words import isolate, tr
from values.text import ascii_digits

_APART: Final = re.compile(
    r"(\d{1,2})\s*(?:[:.h٫]\s*(\d{2})?)?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE
)
_TOGETHER: Final = re.compile(r"(\d{1,2})(\d{2})\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)


def time_of(text: str) -> str:
    """``07:30`` for what was typed; empty when it is no time.

    ``7:30``, ``7.30``, ``7h30``, ``730``, ``7``, ``7 pm`` and the digits of any script are read.
    """
    plain = ascii_digits(text.strip())
    match = _APART.fullmatch(plain) or _TOGETHER.fullmatch(plain)
    if match is None:
        return ""
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else ""


class TimeField(TextField):
    """The raw value is ``07:30`` once the field was left, and what is typed until then, or when
    it is no time. What was understood stands under it."""

    def __init__(self, key: str, label: str, **options: Any) -> None:
        options.setdefault("width", 140)
        options.setdefault("placeholder", tr("Such as {time}", time=isolate("07:30")))
        super().__init__(key, label, direction="ltr", limit=20, **options)
        self.editor.textChanged.connect(lambda _text: self._tell())

    def _tell(self) -> None:
        text = self.editor.text().strip()
        understood = time_of(text)
        self.set_note(isolate(understood) if understood and understood != text else "")

    def _focus_left(self) -> None:
        understood = time_of(self.editor.text())
        if understood and understood != self.editor.text():
            self.editor.setText(understood)
            self._changed()
        super()._focus_left()

    def _read(self) -> str:
        return self.editor.text().strip()
