"""Rows that come and go, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop import words
from desktop.interview.group_field import GroupField
from desktop.style import theme
from desktop.widgets.buttons import LinkButton
from desktop.widgets.date_field import DateField
from desktop.widgets.enter import EnterMoves
from desktop.widgets.field import Field
from desktop.widgets.fields import TextField
from desktop.widgets.messages import Notice
from forms.definition import Field as Question
from forms.definition import Kind
from tests.desktop.hands import ALT, CTRL, SHIFT, K, Table, focus, press, type_in, windows
from tests.desktop.looks import clipped, nameless

QUESTIONS = (
    Question("name", Kind.NAME, "Name", max_length=100, required=True),
    Question("when", Kind.DATE, "When", unknown=True, why="To tell them apart"),
)


def make(one: Question) -> Field:
    options: dict[str, Any] = {"required": one.required, "why": one.why, "why_link": False}
    if one.kind is Kind.DATE:
        return DateField(
            one.name, one.label, today=lambda: date(2026, 11, 21), allow=("unknown",), **options
        )
    return TextField(one.name, one.label, **options)


Put = Callable[..., tuple[GroupField, Table]]


@pytest.fixture
def put(qtbot: Any) -> Put:
    def made(**options: Any) -> tuple[GroupField, Table]:
        field = GroupField("witnesses", "Witnesses", fields=QUESTIONS, make=make, **options)
        table = Table(
            qtbot, TextField("first", "First"), field, TextField("last", "Last"), height=760
        )
        return field, table

    return made


def test_a_group_nobody_needs_begins_without_rows(put: Put) -> None:
    field, table = put()
    assert field.rows() == 0
    assert field.value() == []
    field.focus_editor()
    assert focus() is field.add
    press(K.Key_Plus, CTRL)
    assert field.rows() == 1
    assert focus().objectName() == "input-name-0"
    type_in("Xawo")
    assert field.value() == [{"name": "Xawo"}]
    assert table.edits[-1] == ("witnesses", [{"name": "Xawo"}])


def test_a_required_one_stands_ready(put: Put) -> None:
    field, _ = put(required=True, least=2)
    assert field.rows() == 2
    assert field.value() == []
    field.focus_editor()
    assert focus().objectName() == "input-name-0"


def test_ctrl_plus_and_ctrl_minus(put: Put) -> None:
    field, table = put()
    field.set_value([{"name": "Xawo"}])
    field.inner(0, "name").focus_editor()
    press(K.Key_Equal, CTRL)  # the same key without Shift
    type_in("Cali")
    assert field.value() == [{"name": "Xawo"}, {"name": "Cali"}]
    field.inner(0, "when").focus_editor()
    press(K.Key_Minus, CTRL)
    assert field.value() == [{"name": "Cali"}]
    assert table.edits[-1] == ("witnesses", [{"name": "Cali"}])
    assert focus().objectName() == "input-name-0"


def undo_of(field: GroupField) -> Notice:
    found = field.findChild(Notice, "undo-witnesses")
    assert found is not None
    return found


def test_what_was_taken_out_can_be_put_back(put: Put) -> None:
    field, table = put()
    rows = [{"name": "A"}, {"name": "B"}, {"name": "C"}]
    field.set_value(rows)
    field.take_out(1)
    notice = undo_of(field)
    assert notice.isVisible()
    assert notice.sentence() == "Witnesses 2 was taken out."
    link = notice.findChild(LinkButton)
    assert link is not None
    link.click()
    assert field.value() == rows
    assert table.edits[-1] == ("witnesses", rows)
    assert not notice.isVisible()
    assert focus().objectName() == "input-name-1"
    field.put_back()
    assert field.value() == rows


def test_the_offer_ends_with_the_next_key(put: Put) -> None:
    field, _ = put()
    field.set_value([{"name": "A"}, {"name": "B"}])
    field.take_out(0)
    assert undo_of(field).isVisible()
    type_in("x")
    assert not undo_of(field).isVisible()
    field.put_back()
    assert len(field.value()) == 1


def test_a_blank_row_goes_without_a_word(put: Put) -> None:
    field, _ = put()
    field.add_row()
    press(K.Key_Minus, CTRL)
    assert field.rows() == 0
    assert not undo_of(field).isVisible()
    assert focus() is field.add


def test_a_row_that_stood_ready_gives_its_place_back(put: Put) -> None:
    field, _ = put(required=True)
    field.set_value([{"name": "A"}])
    field.take_out(0)
    assert field.rows() == 1
    field.put_back()
    assert field.rows() == 1
    assert field.value() == [{"name": "A"}]


def test_there_is_an_end_to_the_rows(put: Put) -> None:
    field, _ = put(most=2)
    field.set_value([{"name": name} for name in "ABC"])
    assert field.rows() == 2
    assert not field.add.isEnabled()
    field.add_row()
    assert field.rows() == 2
    field.take_out(0)
    assert field.add.isEnabled()


def test_a_blank_row_between_keeps_the_numbers(put: Put) -> None:
    field, _ = put()
    for _ in range(3):
        field.add_row()
    field.inner(1, "name").focus_editor()
    type_in("B")
    assert field.value() == [{}, {"name": "B"}]
    field.set_value(field.value())  # the page shows the answer again: the row that waits stays
    assert field.rows() == 3


def test_problems_go_to_their_row(put: Put) -> None:
    field, _ = put()
    field.set_value([{"name": "A"}, {"name": "B"}])
    field.set_problems(
        [
            ("error", "Enter when.", "witnesses.1.when"),
            ("error", "Nobody.", "witnesses.9.name"),
            ("warning", "Two at least.", "witnesses"),
            ("warning", "Look again."),
        ]
    )
    assert field.inner(1, "when").problems() == (("error", "Enter when."),)
    assert field.inner(0, "when").problems() == ()
    assert [sentence for _, sentence in field.problems()] == [
        "Nobody.",
        "Two at least.",
        "Look again.",
    ]
    field.focus_place("witnesses.1.when")
    assert focus() is field.inner(1, "when").focusProxy()
    field.focus_place("witnesses")
    assert focus().objectName() == "input-name-0"
    field.take_out(0)  # the numbers are others now
    assert field.inner(0, "when").problems() == ()


def test_it_is_left_once_and_its_questions_each(put: Put) -> None:
    field, table = put()
    left: list[str] = []
    field.row_left.connect(left.append)
    field.set_value([{"name": "A"}])
    field.inner(0, "name").focus_editor()
    press(K.Key_Tab)
    assert left == ["witnesses.0.name"]
    table.lefts.clear()
    press(K.Key_Tab, times=2)  # over the calendar to the button
    assert focus() is field.add
    assert table.lefts == []
    press(K.Key_Tab)
    assert table.lefts == ["witnesses"]
    assert focus().objectName() == "input-last"


def test_tab_goes_through_rows_added_later(put: Put) -> None:
    field, _ = put()
    field.add_row()
    field.add_row()
    seen = []
    first = field.window().findChild(TextField, "field-first")
    assert first is not None
    first.focus_editor()
    for _ in range(8):
        press(K.Key_Tab)
        seen.append(focus().objectName())
    assert seen == [
        "input-name-0",
        "input-when-0",
        "calendar-when-0",
        "input-name-1",
        "input-when-1",
        "calendar-when-1",
        "add-witnesses",
        "input-last",
    ]


def test_enter_passes_a_group_by_and_walks_through_its_rows(put: Put) -> None:
    field, table = put()
    walker = EnterMoves(table.window)
    first = table.window.findChild(TextField, "field-first")
    last = table.window.findChild(TextField, "field-last")
    assert first is not None
    assert last is not None
    first.focus_editor()
    press(K.Key_Return)
    assert focus() is last.editor
    press(K.Key_Return, SHIFT)
    assert focus() is first.editor
    press(K.Key_Plus, CTRL)  # from anywhere on the page
    assert focus().objectName() == "input-name-0"
    for expected in ("input-when-0", "calendar-when-0", "input-last"):
        press(K.Key_Return)
        assert focus().objectName() == expected
    press(K.Key_Equal, CTRL)  # no group comes after: the first
    assert field.rows() == 2
    assert walker.parent() is table.window


def test_space_adds_and_enter_goes_on_from_the_button(put: Put) -> None:
    field, table = put()
    EnterMoves(table.window)
    field.focus_editor()
    assert focus() is field.add
    press(K.Key_Return)
    assert field.rows() == 0
    assert focus().objectName() == "input-last"
    field.focus_editor()
    press(K.Key_Space)
    assert focus().objectName() == "input-name-0"


def test_without_a_group_the_key_is_nobody_s(qtbot: Any) -> None:
    table = Table(qtbot, TextField("first", "First"))
    EnterMoves(table.window)
    table.window.findChild(TextField, "field-first").focus_editor()
    press(K.Key_Plus, CTRL)
    assert table.edits == []


def test_keys_of_a_question_belong_to_the_question(put: Put) -> None:
    field, _ = put(allow=("unknown", "refused"), why="Why not")
    field.add_row()
    type_in("A")
    field.inner(0, "when").focus_editor()
    press(K.Key_U, ALT)
    assert field.value() == [{"name": "A", "when": {"missing": "unknown"}}]
    press(K.Key_F1, SHIFT)
    assert field.inner(0, "when").why_shown()
    assert not field.why_shown()


def test_not_knowing_any_is_said_at_the_button(put: Put) -> None:
    field, table = put(allow=("unknown", "refused"))
    field.focus_editor()
    press(K.Key_U, ALT, times=2)
    assert table.edits == [
        ("witnesses", {"missing": "unknown"}),
        ("witnesses", {"missing": "refused"}),
    ]
    assert field.note() == "Did not want to say"
    press(K.Key_Plus, CTRL)
    type_in("A")
    assert field.value() == [{"name": "A"}]
    assert field.note() == ""


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_whole_in_every_look(
    put: Put, dressed: QApplication, look: str, language: str
) -> None:
    words.use(language)
    theme.apply(dressed, look, rtl=words.rtl())
    try:
        field, table = put(most=3, required=True)
        field.set_value([{"name": "A"}, {"name": "B"}])
        field.take_out(0)
        QApplication.processEvents()
        assert clipped(table.window) == []
        assert nameless(table.window) == []
        assert windows() == []
        table.window.grab()
    finally:
        theme.apply(dressed, "light")
