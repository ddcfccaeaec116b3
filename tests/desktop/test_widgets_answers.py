"""Not knowing, why it is asked, numbers, times and places, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop import words
from desktop.interview.reach import places_of
from desktop.style import theme
from desktop.widgets.code_field import CodeField
from desktop.widgets.enter import EnterMoves
from desktop.widgets.field import Field
from desktop.widgets.fields import ChoiceField, LongTextField, NumberField, TextField
from desktop.widgets.missing import MISSING, MissingButton, next_way, ways
from desktop.widgets.place_field import PlaceField, PlaceLine
from desktop.widgets.time_field import TimeField, time_of
from tests.desktop.hands import ALT, SHIFT, K, Table, focus, press, type_in, windows
from tests.desktop.looks import clipped, nameless

ALL = tuple(MISSING)
UNKNOWN = {"missing": "unknown"}
REFUSED = {"missing": "refused"}
NOT_APPLICABLE = {"missing": "not_applicable"}


class TestMissing:
    """The three ways of not knowing."""

    def test_alt_u_goes_through_what_the_form_allows_and_back(self, qtbot: Any) -> None:
        field = TextField("name", "Name", allow=ALL)
        table = Table(qtbot, field)
        field.focus_editor()
        press(K.Key_U, ALT, times=4)
        assert table.told == [UNKNOWN, REFUSED, NOT_APPLICABLE, ""]

    def test_only_allowed_ways_are_gone_through(self, qtbot: Any) -> None:
        field = TextField("name", "Name", allow=("not_applicable", "refused"))
        table = Table(qtbot, field)
        field.focus_editor()
        press(K.Key_U, ALT, times=3)
        assert table.told == [REFUSED, NOT_APPLICABLE, ""]

    def test_where_nothing_is_allowed_the_key_does_nothing(self, qtbot: Any) -> None:
        field = TextField("name", "Name", offer_missing=True)
        table = Table(qtbot, field)
        field.focus_editor()
        field.cycle_missing()
        assert table.told == []
        assert field.missing_button is None

    @pytest.mark.parametrize(
        "make",
        [
            lambda **o: TextField("k", "K", **o),
            lambda **o: LongTextField("k", "K", **o),
            lambda **o: ChoiceField("k", "K", options=[("a", "A"), ("b", "B")], **o),
            lambda **o: CodeField("k", "K", options=[("a", "A"), ("b", "B")], **o),
            lambda **o: NumberField("k", "K", **o),
            lambda **o: TimeField("k", "K", **o),
            lambda **o: PlaceField("k", "K", **o),
        ],
    )
    def test_the_way_is_said_in_words_wherever_it_is_chosen(
        self, qtbot: Any, make: Callable[..., Field]
    ) -> None:
        field = make(allow=ALL, offer_missing=True)
        Table(qtbot, field)
        button = field.missing_button
        assert button is not None
        assert button.text() == "No answer"
        for way, said in MISSING.items():
            field.set_value({"missing": way})
            assert button.text() == said
            assert said in button.accessibleName()
            assert field.value() == {"missing": way}
        field.set_value("")
        assert button.text() == "No answer"

    def test_typing_is_an_answer_again(self, qtbot: Any) -> None:
        field = TextField("name", "Name", allow=ALL, offer_missing=True)
        Table(qtbot, field)
        field.set_value(REFUSED)
        field.focus_editor()
        type_in("A")
        assert field.value() == "A"
        assert field.missing_button is not None
        assert field.missing_button.way() is None

    def test_the_button_offers_the_ways_and_the_way_back(self, qtbot: Any) -> None:
        field = TextField("name", "Name", allow=ALL, offer_missing=True)
        table = Table(qtbot, field)
        button = field.missing_button
        assert button is not None
        menu = button.menu_of_ways()
        assert [one.text() for one in menu.actions()] == list(MISSING.values())
        menu.actions()[2].trigger()
        assert field.value() == NOT_APPLICABLE
        assert focus() is field.editor
        back = button.menu_of_ways().actions()
        assert isinstance(back[-1], QAction)
        back[-1].trigger()
        assert table.told == [NOT_APPLICABLE, ""]

    def test_with_one_way_the_button_is_a_switch(self, qtbot: Any) -> None:
        field = TextField("name", "Name", allow_unknown=True, offer_missing=True)
        table = Table(qtbot, field)
        button = field.missing_button
        assert button is not None
        assert button.text() == "Unknown"
        button.click()
        button.click()
        assert table.told == [UNKNOWN, ""]

    def test_tab_goes_from_answer_to_answer(self, qtbot: Any) -> None:
        first = TextField("a", "A", allow=ALL, offer_missing=True, why="Because")
        second = TextField("b", "B", allow=ALL, offer_missing=True, why="Because")
        Table(qtbot, first, second)
        first.focus_editor()
        press(K.Key_Tab)
        assert focus() is second.editor

    def test_ways(self) -> None:
        assert ways({"refused", "unknown", "nonsense"}) == ("unknown", "refused")
        assert next_way(("refused",), None) == "refused"
        assert next_way(("refused",), "refused") is None
        assert next_way(("refused",), "unknown") is None
        assert next_way((), None) is None


class TestWhy:
    """Why it is asked, at hand and out of the way."""

    def test_shift_f1_shows_it_under_the_label_and_hides_it(self, qtbot: Any) -> None:
        field = TextField("name", "Name", why="To print it", why_link=False)
        Table(qtbot, field)
        asked: list[str] = []
        field.asked.connect(asked.append)
        field.focus_editor()
        assert not field.why_shown()
        press(K.Key_F1, SHIFT)
        assert field.why_shown()
        shown = field.findChild(QLabel, "why-name")
        assert shown is not None
        assert shown.isVisible()
        assert shown.text() == "To print it"
        press(K.Key_F1, SHIFT)
        assert not field.why_shown()
        assert asked == ["name", "name"]
        assert field.findChildren(QPushButton) == []

    def test_the_link_does_the_same(self, qtbot: Any) -> None:
        field = TextField("name", "Name", why="To print it")
        Table(qtbot, field)
        field.findChildren(QPushButton)[0].click()
        assert field.why_shown()

    def test_a_question_without_a_reason_has_no_key(self, qtbot: Any) -> None:
        field = TextField("name", "Name")
        Table(qtbot, field)
        field.focus_editor()
        press(K.Key_F1, SHIFT)
        assert not field.why_shown()
        field.show_why(True)
        assert not field.why_shown()


class TestNumber:
    """Numbers are typed or counted."""

    def test_up_and_down_count_within_the_bounds(self, qtbot: Any) -> None:
        field = NumberField("n", "N", least=1, most=3)
        table = Table(qtbot, field)
        field.focus_editor()
        press(K.Key_Up, times=4)
        press(K.Key_Down, times=3)
        assert table.told == ["1", "2", "3", "3", "2", "1", "1"]

    def test_what_is_typed_is_kept_and_native_digits_count(self, qtbot: Any) -> None:
        field = NumberField("n", "N")
        Table(qtbot, field)
        field.set_value("٢٩")
        assert field.value() == "٢٩"
        assert field.number() == 29
        field.focus_editor()
        press(K.Key_Up)
        assert field.value() == "30"
        field.set_value("some")
        press(K.Key_Up)
        assert field.value() == "some"
        assert field.number() is None

    def test_the_unit_stands_after_it(self, qtbot: Any) -> None:
        field = NumberField("n", "Weight", unit="grams")
        Table(qtbot, field)
        assert "grams" in [label.text() for label in field.findChildren(QLabel)]


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("7:30", "07:30"),
        ("7.30", "07:30"),
        ("7h30", "07:30"),
        ("0730", "07:30"),
        ("730", "07:30"),
        ("7", "07:00"),
        ("19", "19:00"),
        ("7 pm", "19:00"),
        ("12:15 a.m.", "00:15"),
        ("12 PM", "12:00"),
        ("١٩:٣٠", "19:30"),
        ("24:00", ""),
        ("7:75", ""),
        ("13 pm", ""),
        ("noon", ""),
        ("", ""),
        ("12345", ""),
    ],
)
def test_times_as_they_are_said(text: str, understood: str) -> None:
    assert time_of(text) == understood


def test_a_time_is_read_when_it_is_left(qtbot: Any) -> None:
    field = TimeField("at", "At")
    table = Table(qtbot, field, TextField("next", "Next"))
    field.focus_editor()
    type_in("730")
    assert field.value() == "730"
    assert "07:30" in field.note()
    press(K.Key_Tab)
    assert table.edits[-1] == ("at", "07:30")
    assert field.note() == ""
    field.set_value("half past")
    field.focus_editor()
    press(K.Key_Tab)
    assert field.value() == "half past"


PLACES = [
    PlaceLine("TN0102", "Baidoa", "Bay", "Baidoa, Bay"),
    PlaceLine("TN0103", "Baidoa East", "Bay", "Baidoa East, Bay"),
    PlaceLine("TN0201", "Wajid", "Bakool", "Wajid, Bakool"),
    PlaceLine("TN0202", "Wajid", "Gedo", "Wajid, Gedo"),
]


def find(typed: str) -> list[PlaceLine]:
    return [
        one
        for one in PLACES
        if one.name.casefold().startswith(typed.casefold()) or one.code.startswith(typed)
    ]


class TestPlace:
    """Places are found by typing; what is not listed stays as words."""

    def test_down_and_enter_fill_the_words_and_the_code(self, qtbot: Any) -> None:
        field = PlaceField("origin", "From", find=find)
        table = Table(qtbot, field)
        placed: list[tuple[str, str]] = []
        field.placed.connect(lambda text, code: placed.append((text, code)))
        field.focus_editor()
        type_in("Bai")
        assert [line.code for line in field.offered()] == ["TN0102", "TN0103"]
        assert field.value() == {"text": "Bai", "code": ""}
        press(K.Key_Down)
        press(K.Key_Down)
        press(K.Key_Return)
        assert field.value() == {"text": "Baidoa East, Bay", "code": "TN0103"}
        assert table.told[-1] == field.value()
        assert placed == [("Baidoa East, Bay", "TN0103")]
        assert "TN0103" in field.note()
        assert field.offered() == ()

    def test_changing_the_words_lets_the_code_go(self, qtbot: Any) -> None:
        field = PlaceField("origin", "From", find=find)
        Table(qtbot, field)
        field.set_value({"text": "Baidoa, Bay", "code": "TN0102"})
        assert field.code() == "TN0102"
        field.focus_editor()
        press(K.Key_End)
        type_in("x")
        assert field.value() == {"text": "Baidoa, Bayx", "code": ""}
        assert field.note() == ""

    def test_enter_finishes_the_place_that_begins_so(self, qtbot: Any) -> None:
        field = PlaceField("origin", "From", find=find)
        table = Table(qtbot, field, TextField("next", "Next"))
        EnterMoves(table.window)
        field.focus_editor()
        type_in("Baid")
        press(K.Key_Return)
        assert field.value() == {"text": "Baidoa, Bay", "code": "TN0102"}
        assert focus().objectName() == "input-next"

    @pytest.mark.parametrize("key", [K.Key_Escape, K.Key_Up])
    def test_words_of_one_s_own_are_an_answer(self, qtbot: Any, key: K) -> None:
        field = PlaceField("origin", "From", find=find)
        table = Table(qtbot, field, TextField("next", "Next"))
        EnterMoves(table.window)
        field.focus_editor()
        type_in("Baid")
        press(key)  # then nothing is marked, and nothing is taken
        press(K.Key_Return)
        assert field.value() == {"text": "Baid", "code": ""}
        assert focus().objectName() == "input-next"
        assert "without a place code" in field.note()

    def test_enter_does_not_choose_between_places_of_one_name(self, qtbot: Any) -> None:
        field = PlaceField("origin", "From", find=find)
        table = Table(qtbot, field, TextField("next", "Next"))
        EnterMoves(table.window)
        field.focus_editor()
        type_in("Waj")
        press(K.Key_Return)
        assert field.value() == {"text": "Waj", "code": ""}

    def test_a_whole_name_of_one_place_only_is_that_place(self, qtbot: Any) -> None:
        field = PlaceField("origin", "From", find=find)
        table = Table(qtbot, field, TextField("next", "Next"))
        EnterMoves(table.window)
        field.focus_editor()
        type_in("baidoa")
        press(K.Key_Tab)
        assert field.value() == {"text": "Baidoa, Bay", "code": "TN0102"}
        field.set_value("")
        field.focus_editor()
        type_in("Baidoa East")
        press(K.Key_Return)
        assert field.value() == {"text": "Baidoa East, Bay", "code": "TN0103"}

    def test_a_name_of_several_places_is_asked_about(self, qtbot: Any) -> None:
        field = PlaceField("origin", "From", find=find)
        Table(qtbot, field, TextField("next", "Next"))
        field.focus_editor()
        type_in("Wajid")
        press(K.Key_Tab)
        assert field.value() == {"text": "Wajid", "code": ""}
        assert "Several places" in field.note()
        field.focus_editor()
        press(K.Key_Down)
        press(K.Key_Down)
        press(K.Key_Return)
        assert field.value() == {"text": "Wajid, Gedo", "code": "TN0202"}

    def test_escape_closes_the_list_and_keeps_the_words(self, qtbot: Any) -> None:
        field = PlaceField("origin", "From", find=find)
        Table(qtbot, field)
        field.focus_editor()
        type_in("Wa")
        press(K.Key_Escape)
        assert field.offered() == ()
        assert field.value() == {"text": "Wa", "code": ""}

    def test_a_question_of_text_fills_its_code_s_question_too(self, qtbot: Any) -> None:
        field = PlaceField("origin_place", "From", find=find, plain=True, code_key="origin_code")
        table = Table(qtbot, field)
        field.focus_editor()
        type_in("Bai")
        assert table.edits == [("origin_place", part) for part in ("B", "Ba", "Bai")]
        press(K.Key_Down)
        press(K.Key_Return)
        assert table.edits[-2:] == [
            ("origin_place", "Baidoa, Bay"),
            ("origin_code", "TN0102"),
        ]
        field.set_value("Baidoa, Bay")  # the page shows the answer again: the code stands
        assert field.code() == "TN0102"
        type_in("!")
        assert table.edits[-2:] == [("origin_place", "Baidoa, Bay!"), ("origin_code", "")]
        type_in("!")
        assert table.edits[-1] == ("origin_place", "Baidoa, Bay!!")

    def test_without_places_it_is_a_line_of_text(self, qtbot: Any) -> None:
        field = PlaceField("origin", "From", allow=("unknown",))
        Table(qtbot, field)
        field.focus_editor()
        type_in("Here")
        press(K.Key_Down)
        assert field.value() == {"text": "Here", "code": ""}
        press(K.Key_U, ALT)
        assert field.value() == UNKNOWN
        assert field.editor.text() == ""
        field.set_value("words of an older form")
        assert field.value() == {"text": "words of an older form", "code": ""}

    def test_a_gazetteer_is_asked_in_the_language(self) -> None:
        class Twin:
            """Answers as a gazetteer does."""

            def search(self, typed: str) -> list[Any]:
                assert typed == "bai"
                return [self]

            code = "TN0102"

            def name_in(self, language: str) -> str:
                return {"ar": "بيدوا"}.get(language, "Baidoa")

            def label(self, place: Any, language: str) -> str:
                return f"{place.name_in(language)}, Bay"

        twin: Any = Twin()
        assert places_of(twin, "en")("bai") == [PLACES[0]]
        assert places_of(twin, "ar")("bai")[0].name == "بيدوا"


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_they_are_named_whole_and_in_the_window(
    qtbot: Any, dressed: QApplication, look: str, language: str
) -> None:
    words.use(language)
    theme.apply(dressed, look, rtl=words.rtl())
    try:
        common: dict[str, Any] = {"allow": ALL, "offer_missing": True, "why": "Because"}
        place = PlaceField("place", "Place", find=find, required=True, **common)
        number = NumberField("number", "Number", unit="g", **common)
        table = Table(qtbot, place, number, TimeField("time", "Time", **common))
        number.set_value(UNKNOWN)
        place.focus_editor()
        type_in("Bai")
        press(K.Key_Down)
        QApplication.processEvents()
        assert clipped(table.window) == []
        assert nameless(table.window) == []
        assert windows() == []
        buttons = table.window.findChildren(MissingButton)
        assert len(buttons) == 3
        for button in buttons:
            button.grab()
        if language == "ar":
            label = place.label
            assert label.mapTo(table.window, label.rect().topLeft()).x() > 360
    finally:
        theme.apply(dressed, "light")
