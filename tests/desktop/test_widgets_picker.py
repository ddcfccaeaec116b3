"""The calendar under a date: five calendars, by keyboard, in both directions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import forms
from desktop import words
from desktop.interview.asking import Asking, prepare
from desktop.interview.date_answer import DateAnswer
from desktop.style import theme
from desktop.tasks import forbid_on_ui_thread
from desktop.widgets.calendar_names import CalendarNames, calendar_names
from desktop.widgets.date_field import DateField
from desktop.widgets.date_picker import DatePicker
from desktop.widgets.enter import EnterMoves
from desktop.widgets.fields import TextField
from desktop.widgets.picking import ROWS, Extent, Mark, YearTyping
from tests.desktop.hands import ALT, CTRL, SHIFT, K, Table, focus, press, type_in, windows
from values.calendars import Calendar, days_in_month, months_in_year, years
from values.dates import PartialDate

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def asking() -> Asking:
    return prepare(forms.catalogue(), "en")


def names(first_weekday: int = 0, language: str = "en") -> CalendarNames:
    return calendar_names(language, first_weekday=first_weekday)


Opened = Callable[..., tuple[DateAnswer, DatePicker, Table]]


@pytest.fixture
def opened(qtbot: Any, asking: Asking) -> Opened:
    """A date with its calendar open."""

    def make(
        text: str = "", calendar: Calendar = Calendar.GREGORIAN, *, birth: bool = True
    ) -> tuple[DateAnswer, DatePicker, Table]:
        field = DateAnswer("birth", "Born", asking=asking, today=lambda: TODAY, birth=birth)
        field.set_value({"text": text, "calendar": calendar.value})
        table = Table(qtbot, field, TextField("next", "Next"))
        field.focus_editor()
        press(K.Key_Down, ALT)
        picker = field.picker()
        assert picker is not None
        assert picker.isVisible()
        return field, picker, table

    return make


class TestNames:
    """The words come from CLDR, in the language of the window."""

    def test_months_of_every_calendar_in_english(self) -> None:
        english = names()
        assert english.month(Calendar.GREGORIAN, 5) == "May"
        assert english.month(Calendar.SOLAR_HIJRI, 1) == "Farvardin"
        assert english.month(Calendar.ISLAMIC, 9) == "Ramadan"
        assert english.month(Calendar.BUDDHIST, 12) == "December"
        assert english.month(Calendar.ETHIOPIC, 13) == "Pagumen"

    def test_the_thirteenth_month_in_amharic_and_the_days_in_arabic(self) -> None:
        assert names(language="am").month(Calendar.ETHIOPIC, 13) == "ጳጉሜን"
        assert names(language="ar").weekdays[0] == "الاثنين"
        assert names(language="fa").month(Calendar.SOLAR_HIJRI, 7) == "مهر"
        assert names(language="prs").month(Calendar.SOLAR_HIJRI, 1) == "حمل"

    def test_every_month_has_a_name_of_its_own(self) -> None:
        for language in ("en", "fr", "ar"):
            for calendar in Calendar:
                months = names(language=language).months[calendar]
                assert len(set(months)) == months_in_year(calendar)

    def test_weeks_begin_where_the_language_is_spoken(self) -> None:
        assert calendar_names("fr").first_weekday == 0
        assert calendar_names("ar").first_weekday == 5  # Saturday, in most of its countries
        assert names(5).week() == (5, 6, 0, 1, 2, 3, 4)

    def test_an_unknown_language_speaks_english(self) -> None:
        assert names(language="qqq").month(Calendar.GREGORIAN, 1) == "January"


DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


class TestMark:
    """Moving over the pages."""

    @given(day=DAYS, calendar=st.sampled_from(list(Calendar)), by=st.integers(-400, 400))
    def test_days_go_and_come_back(self, day: date, calendar: Calendar, by: int) -> None:
        mark = Mark.at(day, calendar)
        assert mark.date == day
        assert mark.days(by).days(-by) == mark

    @given(day=DAYS, calendar=st.sampled_from(list(Calendar)), by=st.integers(-30, 30))
    def test_a_move_by_months_stays_in_the_month(
        self, day: date, calendar: Calendar, by: int
    ) -> None:
        mark = Mark.at(day, calendar)
        moved = mark.months(by)
        count = months_in_year(calendar)
        assert (moved.year * count + moved.month) - (mark.year * count + mark.month) == by
        assert moved.day == min(mark.day, days_in_month(calendar, moved.year, moved.month))

    @given(day=DAYS, calendar=st.sampled_from(list(Calendar)), first=st.integers(0, 6))
    def test_a_page_has_every_day_once_under_its_weekday(
        self, day: date, calendar: Calendar, first: int
    ) -> None:
        mark = Mark.at(day, calendar)
        weeks = mark.weeks(first)
        assert len(weeks) == ROWS
        shown = [number for week in weeks for number in week if number]
        assert shown == list(range(1, mark.length + 1))
        for week in weeks:
            for place, number in enumerate(week):
                if number:
                    assert mark.on_day(number).date.weekday() == (first + place) % 7

    @pytest.mark.parametrize("calendar", list(Calendar))
    def test_the_ends_of_a_calendar_are_walls(self, calendar: Calendar) -> None:
        last = years(calendar)[-1]
        month = months_in_year(calendar)
        end = Mark(calendar, last, month, days_in_month(calendar, last, month))
        for moved in (end.days(1), end.months(1), end.years(1)):
            assert moved == end
        start = Mark(calendar, years(calendar)[0], 1, 1)
        assert start.months(-1) == start
        assert start.years(-10) == start

    def test_the_last_of_a_long_month_becomes_the_last_of_a_short_one(self) -> None:
        mark = Mark(Calendar.GREGORIAN, 2024, 1, 31)
        assert mark.months(1).day == 29
        leap = Mark(Calendar.ETHIOPIC, 2015, 13, 6)
        assert leap.years(1).day == 5

    def test_what_is_taken(self) -> None:
        mark = Mark(Calendar.SOLAR_HIJRI, 1361, 7, 12)
        assert mark.text() == "1361-07-12"
        assert mark.text(Extent.MONTH) == "1361-07"
        assert Mark(Calendar.SOLAR_HIJRI, 1361, 7, 12, about=True).text(Extent.YEAR) == "1361~"
        said = mark.said()
        assert said is not None
        assert said.earliest == date(1982, 10, 4)

    @pytest.mark.parametrize(
        ("said", "calendar", "expected"),
        [
            (None, Calendar.ETHIOPIC, (2019, 3, 12)),
            (PartialDate.parse("1985~"), Calendar.GREGORIAN, (1985, 1, 1)),
            (PartialDate.parse("198X"), Calendar.GREGORIAN, (1980, 1, 1)),
            (PartialDate.parse("1982-10-04"), Calendar.SOLAR_HIJRI, (1361, 7, 12)),
            (PartialDate.parse("0200"), Calendar.ISLAMIC, (1448, 6, 10)),  # before its first year
        ],
    )
    def test_where_it_opens(
        self, said: PartialDate | None, calendar: Calendar, expected: tuple[int, int, int]
    ) -> None:
        mark = Mark.of(said, calendar, TODAY)
        assert (mark.year, mark.month, mark.day) == expected

    def test_four_digits_of_any_script_are_a_year(self) -> None:
        typing = YearTyping()
        assert [typing.take(key) for key in "۱۳۶"] == [None, None, None]
        assert typing.typed == "136"
        assert typing.take("١") == 1361
        assert typing.typed == ""
        typing.take("1")
        assert typing.back()
        assert not typing.back()


class TestKeys:
    """Every key of the calendar."""

    @pytest.mark.parametrize(
        ("key", "modifiers", "taken"),
        [
            (K.Key_Left, None, "1987-05-02"),
            (K.Key_Right, None, "1987-05-04"),
            (K.Key_Up, None, "1987-04-26"),
            (K.Key_Down, None, "1987-05-10"),
            (K.Key_PageUp, None, "1987-04-03"),
            (K.Key_PageDown, None, "1987-06-03"),
            (K.Key_PageUp, CTRL, "1986-05-03"),
            (K.Key_PageDown, CTRL, "1988-05-03"),
            (K.Key_PageUp, SHIFT, "1977-05-03"),
            (K.Key_Home, None, "1987-05-01"),
            (K.Key_End, None, "1987-05-31"),
            (K.Key_T, None, "2026-11-21"),
        ],
    )
    def test_a_key_moves_and_enter_takes(
        self, opened: Opened, key: Qt.Key, modifiers: Any, taken: str
    ) -> None:
        field, picker, table = opened("1987-05-03")
        press(key, modifiers or Qt.KeyboardModifier.NoModifier)
        assert table.edits == []
        press(K.Key_Return)
        assert field.value() == {"text": taken, "calendar": "gregorian"}
        assert table.told == [field.value()]
        assert not picker.isVisible()
        assert focus() is field.editor

    def test_escape_leaves_everything_as_it_was(self, opened: Opened) -> None:
        field, picker, table = opened("1987")
        press(K.Key_PageDown)
        type_in("19")
        press(K.Key_Escape)
        assert not picker.isVisible()
        assert field.value() == {"text": "1987", "calendar": "gregorian"}
        assert table.edits == []
        assert table.lefts == []
        assert focus() is field.editor

    def test_only_the_month_or_only_the_year(self, opened: Opened) -> None:
        field, _, _ = opened("1987-05-03")
        press(K.Key_M)
        assert field.value()["text"] == "1987-05"
        press(K.Key_Down, ALT)
        press(K.Key_Y)
        assert field.value()["text"] == "1987"

    def test_about_by_its_key_and_by_its_box(self, opened: Opened) -> None:
        field, picker, _ = opened("1987-05-03")
        QTest.keyClick(picker.grid, "~")
        assert picker.about.isChecked()
        press(K.Key_Y)
        assert field.value()["text"] == "1987~"
        press(K.Key_Down, ALT)
        assert picker.about.isChecked()
        picker.about.click()
        picker.take(Extent.DAY)
        assert field.value()["text"] == "1987-01-01"

    def test_a_year_is_typed(self, opened: Opened) -> None:
        field, picker, _ = opened("")
        type_in("196")
        assert picker.title() == "Year 196–"
        press(K.Key_Backspace)
        assert picker.title() == "Year 19––"
        type_in("58")
        assert picker.title() == "November 1958"
        press(K.Key_Y)
        assert field.value() == {"text": "1958", "calendar": "gregorian"}

    def test_the_window_s_keys_do_not_turn_the_page_below(self, opened: Opened) -> None:
        field, _, table = opened("1987-05-03")
        turned: list[str] = []
        for sequence in ("Ctrl+PgDown", "PgDown", "Escape"):
            shortcut = QShortcut(QKeySequence(sequence), table.window)
            shortcut.activated.connect(lambda name=sequence: turned.append(name))
        press(K.Key_PageDown, CTRL)
        press(K.Key_PageDown)
        press(K.Key_Return)
        assert turned == []
        assert field.value()["text"] == "1988-06-03"

    def test_tab_goes_round_inside_and_its_links_take(self, opened: Opened) -> None:
        field, picker, table = opened("1987-05-03")
        seen = []
        for _ in range(4):
            seen.append(focus().objectName())
            press(K.Key_Tab)
        assert seen == ["month-grid", "picker-month", "picker-year", "picker-about"]
        assert focus() is picker.grid
        press(K.Key_Backtab, SHIFT)
        press(K.Key_Backtab, SHIFT)
        assert focus() is picker.year
        press(K.Key_Return)
        assert field.value()["text"] == "1987"
        assert table.lefts == []

    def test_the_field_is_left_when_the_keyboard_goes_elsewhere(self, opened: Opened) -> None:
        field, picker, table = opened("1987")
        other = table.window.findChild(TextField, "field-next")
        assert other is not None
        assert table.lefts == []
        other.focus_editor()
        assert not picker.isVisible()
        assert table.lefts == ["birth"]
        assert field.value()["text"] == "1987"

    def test_the_mouse_chooses_a_day_and_turns_pages(self, opened: Opened) -> None:
        field, picker, _ = opened("1987-05-03")
        picker.findChild(type(field.open_button), "picker-month-on").click()
        assert picker.title() == "June 1987"
        assert focus() is picker.grid
        cell = picker.grid.width() // 7
        line = (picker.grid.height() - 24) // ROWS
        QTest.mouseClick(  # Monday of the second week
            picker.grid, Qt.MouseButton.LeftButton, pos=QPoint(cell // 2, 24 + line + line // 2)
        )
        assert field.value()["text"] == "1987-06-08"

    def test_enter_in_the_calendar_does_not_walk_on(self, qtbot: Any, asking: Asking) -> None:
        field = DateAnswer("birth", "Born", asking=asking, today=lambda: TODAY, birth=True)
        table = Table(qtbot, field, TextField("next", "Next"))
        walker = EnterMoves(table.window)
        field.focus_editor()
        press(K.Key_Down, ALT)
        press(K.Key_Return)
        assert focus() is field.editor
        press(K.Key_Return)
        assert focus().objectName() == "input-next"
        walker.watch()


class TestCalendars:
    """The same keys in every calendar."""

    def test_the_thirteenth_month_has_five_or_six_days(self, opened: Opened) -> None:
        field, picker, _ = opened("2015-12-30", Calendar.ETHIOPIC)
        press(K.Key_Right)
        assert picker.title() == "Pagumen 2015"
        press(K.Key_End)
        assert "11 September 2023" in picker.words()
        press(K.Key_Right)
        assert picker.title() == "Meskerem 2016"
        press(K.Key_Left)
        press(K.Key_Return)
        assert field.value() == {"text": "2015-13-06", "calendar": "ethiopic"}

    def test_the_gregorian_day_stands_below(self, opened: Opened) -> None:
        _, picker, _ = opened("1361-07-12", Calendar.SOLAR_HIJRI)
        assert picker.title() == "Mehr 1361"
        assert "4 October 1982" in picker.words()
        assert "Monday" in picker.words()
        assert "age 44" in picker.words()

    def test_a_buddhist_year(self, opened: Opened) -> None:
        field, picker, _ = opened("", Calendar.BUDDHIST)
        assert picker.title() == "November 2569"
        press(K.Key_Y)
        assert field.value() == {"text": "2569", "calendar": "buddhist"}

    def test_native_digits_open_where_they_say(self, opened: Opened) -> None:
        _, picker, _ = opened("۱۳۶۱-۰۷", Calendar.SOLAR_HIJRI)
        assert picker.title() == "Mehr 1361"

    def test_it_is_spoken_day_by_day(self, opened: Opened) -> None:
        _, picker, _ = opened("1987-05-03")
        press(K.Key_Right)
        assert picker.grid.accessibleName().startswith("Monday 4 May 1987.")


class TestLooks:
    """Where it stands, and in which direction it reads."""

    def test_right_to_left_left_is_onward(
        self, qtbot: Any, dressed: QApplication, asking: Asking
    ) -> None:
        words.use("ar")
        theme.apply(dressed, "dark", rtl=True)
        try:
            field = DateAnswer("birth", "Born", asking=asking, today=lambda: TODAY, birth=True)
            field.set_value({"text": "1987-05-03", "calendar": "gregorian"})
            Table(qtbot, field)
            field.focus_editor()
            press(K.Key_Down, ALT)
            picker = field.picker()
            assert picker is not None
            press(K.Key_Left)
            assert picker.grid.mark.day == 4
            end = field.editor.mapTo(field.window(), QPoint(field.editor.width(), 0)).x()
            assert picker.geometry().right() + 1 == end
            picker.grid.grab()
        finally:
            theme.apply(dressed, "light")

    def test_it_fits_a_small_window_wherever_the_field_is(self, qtbot: Any, asking: Asking) -> None:
        fields = [
            DateAnswer(f"d{n}", "Day", asking=asking, today=lambda: TODAY, birth=False)
            for n in range(9)
        ]
        table = Table(qtbot, *fields, width=1366, height=768)
        for field in fields:
            field.open_picker()
            picker = field.picker()
            assert picker is not None
            assert table.window.rect().contains(picker.geometry())
            press(K.Key_Escape)
        assert windows() == []

    def test_without_names_there_is_no_calendar(self, qtbot: Any) -> None:
        field = DateField("d", "Day", today=lambda: TODAY)
        Table(qtbot, field)
        field.focus_editor()
        assert field.open_button.isHidden()
        field.open_picker()
        assert field.picker() is None

    def test_opening_reads_no_file(self, qtbot: Any, asking: Asking) -> None:
        field = DateAnswer("birth", "Born", asking=asking, today=lambda: TODAY, birth=True)
        Table(qtbot, field)
        field.focus_editor()
        with forbid_on_ui_thread():
            press(K.Key_Down, ALT)
            press(K.Key_PageDown)
            press(K.Key_Return)
        assert field.value()["text"] == "2026-12-21"
