"""Answering any form by keyboard: what an officer's hands do for each kind of question.

Reads from the widgets in sight which question stands where; every answer is typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from desktop.interview.consent_field import ConsentField
from desktop.interview.group_field import GroupField
from desktop.interview.person_field import PersonField
from desktop.widgets.code_field import CodeField
from desktop.widgets.date_field import DateField
from desktop.widgets.field import Field
from desktop.widgets.fields import ChoiceField
from desktop.widgets.place_field import PlaceField
from forms.draft import is_missing
from tests.journeys.hands import Hands

MOST = 80
"""Presses of Tab after which a question cannot be reached."""


class Teller:
    """Types answers. ``names`` are what registered persons are called, by id in hexadecimal."""

    def __init__(self, hands: Hands, names: Mapping[str, str]) -> None:
        self.hands = hands
        self.names = names

    # a whole form ----------------------------------------------------------------------------

    def tell(self, answers: Mapping[str, Any]) -> None:
        """Every page, until all is read back."""
        for _ in range(40):
            page = self._page
            if page.filling is None or page.filling.reading_back:
                return
            place = page.filling.place
            self.page(answers)
            if page.filling.place == place:  # Enter in the last question went on by itself
                self.hands.press("Ctrl+PgDown")
            self.hands.settle()
        raise AssertionError("the form does not end")

    def page(self, answers: Mapping[str, Any]) -> None:
        """The questions in sight. One that an answer brings into sight is answered too."""
        done: set[str] = set()
        place = self._page.filling.place
        while True:
            open_ones = [one for one in self._questions() if one.key not in done]
            if not open_ones or self._page.filling.place != place:
                return
            field = open_ones[0]
            done.add(field.key)
            raw = answers.get(field.key)
            if raw is not None and field.value() != raw:
                self.answer(field, raw)
                self.hands.settle()

    @property
    def _page(self) -> Any:
        frame = self.hands.window.frame
        assert frame is not None
        return frame.page

    def _questions(self) -> list[Field]:
        """The questions of the page, in order; not those inside a group."""
        seen = (one for one in self.hands.in_sight() if isinstance(one, Field))
        return [one for one in seen if not _inside(one, GroupField)]

    # one question ----------------------------------------------------------------------------

    def answer(self, field: Field, raw: Any) -> None:
        """Go there and type the answer."""
        self.reach(field)
        if is_missing(raw):
            for _ in range(3):
                if field.missing() != raw["missing"]:
                    self.hands.press("Alt+U")
            assert field.missing() == raw["missing"], f"{field.key} does not take {raw}"
        elif isinstance(field, GroupField):
            self._group(field, raw)
        elif isinstance(field, ConsentField):
            self.hands.type("".join("y" if one == "yes" else "n" for one in raw.values()))
        elif isinstance(field, PersonField):
            self._person(field, raw)
        elif isinstance(field, ChoiceField):
            self._choice(field, raw)
        elif isinstance(field, DateField):
            self._date(field, raw)
        elif isinstance(field, CodeField):
            self._clear()
            self.hands.type(str(raw))
            self.hands.press("Return")
            assert field.value() == raw, f"{field.key}: {field.value()} instead of {raw}"
        elif isinstance(field, PlaceField) and isinstance(raw, Mapping):
            self.hands.type(str(raw.get("text") or raw.get("code")))
        else:
            self._clear()
            self.hands.type(str(raw))

    def reach(self, field: QWidget) -> None:
        """Tab until the keyboard is in the question."""
        for back in (False, True):
            for _ in range(MOST):
                now = QApplication.focusWidget()
                if now is not None and (now is field or field.isAncestorOf(now)):
                    return
                self.hands.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not reach {field.objectName()}")

    def _clear(self) -> None:
        self.hands.press("Ctrl+A")
        self.hands.press("Delete")

    def _choice(self, field: ChoiceField, code: str) -> None:
        """Arrows go along a line of answers, and down to the next and back."""
        wanted = f"choice-{field.key}-{code}"
        for key in ("Right",) * 6 + ("Down",) * 2 + ("Left",) * 6:
            if self.hands.focus.startswith(wanted):
                break
            self.hands.press(key)
        assert self.hands.focus.startswith(wanted), f"{self.hands.focus} instead of {wanted}"
        self.hands.press("Space")

    def _date(self, field: DateField, raw: Mapping[str, str]) -> None:
        calendar: QComboBox = field.calendar
        for _ in range(calendar.count()):
            if calendar.currentData() != raw["calendar"]:
                self.hands.press("Down")
        self.hands.type(raw["text"])

    def _person(self, field: PersonField, raw: Mapping[str, str]) -> None:
        """A registered person is found by name and taken from the list; another is only named."""
        if "name" in raw:
            self.hands.type(raw["name"])
            self.hands.settle()
            return
        wanted = raw["person"]
        self.hands.type(self.names[wanted])

        def offered() -> list[str]:
            return [one.person for one in field.offered()]

        self.hands.until(lambda: wanted in offered(), f"{field.key} to offer somebody")
        self.hands.press("Down", offered().index(wanted) + 1)
        self.hands.press("Return")
        line = field.line()
        assert line is not None and line.person == wanted

    def _group(self, field: GroupField, rows: list[Mapping[str, Any]]) -> None:
        for place, row in enumerate(rows):
            if len(self._rows(field)) <= place:
                self.hands.press("Ctrl++")
            for question in self._rows(field)[place]:
                if row.get(question.key):
                    self.answer(question, row[question.key])

    def _rows(self, field: GroupField) -> list[list[Field]]:
        """The questions of each row in sight."""
        rows: dict[int, list[Field]] = {}
        for one in self.hands.in_sight():
            if isinstance(one, Field) and one is not field and field.isAncestorOf(one):
                rows.setdefault(id(one.parentWidget()), []).append(one)
        return list(rows.values())


def _inside(widget: QWidget, kind: type[QWidget]) -> bool:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, kind):
            return True
        above = above.parentWidget()
    return False
