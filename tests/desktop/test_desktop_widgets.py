"""Fields, tables and messages, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import files
from desktop.dialogs import KeysDialog, QtDialogs, ReasonDialog, WordsDialog
from desktop.keys import Key, KeyGroup, common
from desktop.prefs import Preferences
from desktop.widgets.buttons import Button, IconButton, PrimaryButton
from desktop.widgets.code_field import CodeField
from desktop.widgets.date_field import DateField, normalise, plain_reading
from desktop.widgets.enter import EnterMoves
from desktop.widgets.facts import Avatar, Facts
from desktop.widgets.field import Field
from desktop.widgets.fields import (
    ChoiceField,
    LongTextField,
    NumberField,
    PassphraseField,
    SelectField,
    TextField,
    TickField,
    TicksField,
)
from desktop.widgets.labels import Elided, Pill
from desktop.widgets.layout import Plain, Scroll
from desktop.widgets.messages import (
    Banner,
    EmptyState,
    Notice,
    ProblemItem,
    ProblemList,
    ProgressCard,
)
from desktop.widgets.table import Column, DataTable
from tests.desktop.answering import answered
from values.dates import PartialDate
from values.seeking import fold

KEY = Qt.Key
TODAY = date(2026, 11, 21)
CAUSES = [("conflict", "Conflict"), ("flood", "Flood"), ("quake", "Earthquake")]
LANGUAGES = [
    ("ara", "Arabic"),
    ("amh", "Amharic"),
    ("tir", "Tigrinya"),
    ("fra", "French"),
    ("prs", "Dari (Persian)"),
    ("ces", "Čeština"),
]


class Board:
    """Widgets under each other in a shown window."""

    def __init__(self, qtbot: Any) -> None:
        self.qtbot = qtbot
        self.widget = Plain()
        self.layout = QVBoxLayout(self.widget)
        self.edits: list[tuple[str, Any]] = []
        self.lefts: list[str] = []

    def show(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.layout.addWidget(widget)
            if isinstance(widget, Field):
                widget.edited.connect(lambda key, raw: self.edits.append((key, raw)))
                widget.left.connect(self.lefts.append)
        self.widget.resize(720, 600)
        self.widget.show()
        self.widget.activateWindow()
        self.qtbot.waitUntil(self.widget.isActiveWindow)


@pytest.fixture
def board(qtbot: Any) -> Iterator[Board]:
    made = Board(qtbot)
    yield made
    made.widget.close()
    made.widget.deleteLater()


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


class TestField:
    """What all fields do."""

    def test_each_key_is_told(self, board: Board) -> None:
        name = TextField("name", "Name")
        board.show(name)
        name.focus_editor()
        QTest.keyClicks(focus(), "Ab")
        assert board.edits == [("name", "A"), ("name", "Ab")]

    def test_setting_a_value_is_not_an_edit(self, board: Board) -> None:
        name = TextField("name", "Name")
        board.show(name)
        name.set_value("Amina")
        assert name.value() == "Amina"
        assert board.edits == []

    def test_leaving_is_told_even_when_nothing_was_typed(self, board: Board) -> None:
        first, second = TextField("first", "First"), TextField("second", "Second")
        board.show(first, second)
        first.focus_editor()
        QTest.keyClick(focus(), KEY.Key_Tab)
        assert board.lefts == ["first"]
        assert board.edits == []

    def test_a_field_of_two_inputs_is_left_once(self, board: Board) -> None:
        born = DateField("birth", "Born", today=lambda: TODAY)
        board.show(born, TextField("next", "Next"))
        born.focus_editor()
        QTest.keyClick(focus(), KEY.Key_Tab)  # to its calendar
        assert board.lefts == []
        QTest.keyClick(focus(), KEY.Key_Tab)
        assert board.lefts == ["birth"]

    def test_alt_u_says_unknown_and_takes_it_back(self, board: Board) -> None:
        name = TextField("name", "Name", allow_unknown=True)
        board.show(name)
        name.focus_editor()
        QTest.keyClicks(focus(), "Am")
        QTest.keyClick(focus(), KEY.Key_U, Qt.KeyboardModifier.AltModifier)
        assert name.value() == {"missing": "unknown"}
        assert name.editor.text() == ""
        assert name.editor.placeholderText() == "Unknown"
        QTest.keyClick(focus(), KEY.Key_U, Qt.KeyboardModifier.AltModifier)
        assert name.value() == ""

    def test_typing_ends_unknown(self, board: Board) -> None:
        name = TextField("name", "Name", allow_unknown=True)
        board.show(name)
        name.set_missing("refused")
        assert name.missing() == "refused"
        name.focus_editor()
        QTest.keyClicks(focus(), "A")
        assert board.edits[-1] == ("name", "A")

    def test_problems_are_shown_and_spoken(self, board: Board) -> None:
        name = TextField("name", "Name", help="As she writes it")
        board.show(name)
        assert name.editor.accessibleDescription() == "As she writes it"
        name.set_problems([("warning", "Is that a place?"), ("error", "Enter the name")])
        assert name.problems()[0] == ("error", "Enter the name")
        assert name.editor.property("state") == "error"
        assert "Enter the name" in name.editor.accessibleDescription()
        name.set_problems([])
        assert name.editor.property("state") == ""
        assert name.editor.accessibleDescription() == "As she writes it"

    def test_why_we_ask(self, board: Board) -> None:
        name = TextField("name", "Name", why="To print it")
        board.show(name)
        asked: list[str] = []
        name.asked.connect(asked.append)
        name.findChildren(QPushButton)[0].click()
        assert asked == ["name"]

    def test_the_base_has_no_value_of_its_own(self) -> None:
        with pytest.raises(NotImplementedError):
            Field("x", "X")._read()
        with pytest.raises(NotImplementedError):
            Field("x", "X")._write(None)


FIELDS: list[tuple[Any, Any]] = [
    (lambda: TextField("k", "K"), "Amina"),
    (lambda: TextField("k", "K", direction="ltr", width=200), "+251 911"),
    (lambda: NumberField("k", "K"), "12"),
    (lambda: PassphraseField("k", "K"), "hale kidu"),
    (lambda: LongTextField("k", "K"), "two\nlines"),
    (lambda: SelectField("k", "K", options=CAUSES), "flood"),
    (lambda: ChoiceField("k", "K", options=CAUSES), "flood"),
    (lambda: TickField("k", "K"), True),
    (lambda: TicksField("k", "K", options=CAUSES), ["conflict", "quake"]),
    (lambda: CodeField("k", "K", options=LANGUAGES), "tir"),
    (
        lambda: DateField("k", "K", today=lambda: TODAY),
        {"text": "1361-07", "calendar": "solar-hijri"},
    ),
]


@pytest.mark.parametrize(("make", "raw"), FIELDS)
def test_every_field_keeps_a_raw_value(board: Board, make: Any, raw: Any) -> None:
    field = make()
    board.show(field)
    empty = field.value()
    field.set_value(raw)
    assert field.value() == raw
    field.set_value({"missing": "refused"})
    assert field.value() == {"missing": "refused"}
    field.set_value(raw)
    assert field.value() == raw
    field.set_value(None)
    assert field.value() == empty
    assert board.edits == []
    first = field._inputs[0]
    assert "K" in (first.accessibleName(), first.accessibleDescription())


class TestChoice:
    """Answers in sight."""

    def test_space_chooses_and_delete_takes_back(self, board: Board) -> None:
        cause = ChoiceField("cause", "Cause", options=CAUSES)
        board.show(cause)
        cause.focus_editor()
        QTest.keyClick(focus(), KEY.Key_Space)
        assert cause.value() == "conflict"
        QTest.keyClick(focus(), KEY.Key_Delete)
        assert cause.value() == ""
        assert [raw for _, raw in board.edits] == ["conflict", ""]

    def test_options_may_change_under_a_selection(self, board: Board) -> None:
        cause = SelectField("cause", "Cause", options=CAUSES)
        board.show(cause)
        cause.set_value("flood")
        cause.set_options(CAUSES[1:])
        assert cause.value() == "flood"
        cause.set_options(CAUSES[:1])
        assert cause.value() == ""

    def test_ticks_are_told_in_the_order_shown(self, board: Board) -> None:
        causes = TicksField("causes", "Causes", options=CAUSES)
        board.show(causes)
        for code in ("quake", "conflict"):
            box = causes.findChild(QWidget, f"tick-causes-{code}")
            QTest.keyClick(box, KEY.Key_Space)
        assert board.edits[-1] == ("causes", ["conflict", "quake"])


class TestPassphrase:
    """Hidden unless asked."""

    def test_the_eye(self, board: Board) -> None:
        field = PassphraseField("p", "Passphrase")
        board.show(field)
        field.set_value("hale")
        assert field.editor.echoMode() is QLineEdit.EchoMode.Password
        eye = field.findChildren(IconButton)[0]
        eye.click()
        assert field.editor.echoMode() is QLineEdit.EchoMode.Normal
        assert eye.accessibleName() == "Hide the passphrase"
        field.clear()
        assert field.value() == ""
        assert field.editor.echoMode() is QLineEdit.EchoMode.Password


class TestCode:
    """Type-ahead."""

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("a", ["ara", "amh", "tir", "fra", "prs", "ces"][:2]),
            ("pers", ["prs"]),
            ("cest", ["ces"]),
            ("tir", ["tir"]),
            ("zz", []),
        ],
    )
    def test_the_likeliest_first(self, board: Board, typed: str, found: list[str]) -> None:
        field = CodeField("language", "Language", options=LANGUAGES)
        board.show(field)
        field.focus_editor()
        QTest.keyClicks(field.editor, typed)
        assert [code for code, _ in field.suggestions()][: len(found) or 1] == found

    def test_down_and_enter_choose(self, board: Board) -> None:
        field = CodeField("language", "Language", options=LANGUAGES)
        board.show(field, TextField("next", "Next"))
        field.focus_editor()
        QTest.keyClicks(field.editor, "am")
        assert field._list.isVisible()
        QTest.keyClick(field.editor, KEY.Key_Down)
        QTest.keyClick(field.editor, KEY.Key_Up)
        QTest.keyClick(field.editor, KEY.Key_Return)
        assert field.value() == "amh"
        assert field.editor.text() == "Amharic"
        assert not field._list.isVisible()

    def test_enter_takes_the_likeliest_and_moves_on(self, board: Board) -> None:
        field, after = CodeField("language", "Language", options=LANGUAGES), TextField("n", "N")
        board.show(field, after)
        EnterMoves(board.widget)
        field.focus_editor()
        QTest.keyClicks(field.editor, "a")
        QTest.keyClick(field.editor, KEY.Key_Return)
        assert field.value() == "ara"
        assert focus() is after.editor

    def test_escape_keeps_what_was_typed(self, board: Board) -> None:
        field = CodeField("language", "Language", options=LANGUAGES)
        board.show(field)
        field.focus_editor()
        QTest.keyClicks(field.editor, "a")
        QTest.keyClick(field.editor, KEY.Key_Escape)
        assert not field._list.isVisible()
        assert field.value() == "a"

    def test_a_click_chooses(self, board: Board) -> None:
        field = CodeField("language", "Language", options=LANGUAGES)
        board.show(field)
        field.focus_editor()
        QTest.keyClicks(field.editor, "a")
        where = field._list.visualItemRect(field._list.item(1)).center()
        QTest.mouseClick(field._list.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert field.value() == "amh"

    def test_leaving_takes_what_is_meant(self, board: Board) -> None:
        field = CodeField("language", "Language", options=LANGUAGES)
        board.show(field, TextField("next", "Next"))
        field.focus_editor()
        QTest.keyClicks(field.editor, "tigri")
        QTest.keyClick(field.editor, KEY.Key_Tab)
        assert field.value() == "tir"
        assert board.edits[-1] == ("language", "tir")

    def test_a_text_of_ones_own_stays_where_it_may(self, board: Board) -> None:
        field = CodeField("place", "Place", options=LANGUAGES, free=True)
        board.show(field, TextField("next", "Next"))
        field.focus_editor()
        QTest.keyClicks(field.editor, "tigri")
        QTest.keyClick(field.editor, KEY.Key_Tab)
        assert field.value() == "tigri"

    def test_a_lookup_gives_its_own_labels(self, board: Board) -> None:
        field = CodeField(
            "place", "Place", lookup=lambda typed: [("ET07", f"{typed.title()}, Sidama")]
        )
        board.show(field)
        field.set_value("ET07")
        field.set_label("ET07", "Hawassa, Sidama")
        assert field.editor.text() == "Hawassa, Sidama"
        assert field.value() == "ET07"
        field.focus_editor()
        field.editor.selectAll()
        QTest.keyClicks(field.editor, "dila")
        field.choose("ET07")
        assert field.editor.text() == "Dila, Sidama"

    def test_folding(self) -> None:
        assert fold("Čeština") == "cestina"


class TestDate:
    """Dates as they are said."""

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("3/5/1987", "1987-05-03"),
            ("03.05.1987", "1987-05-03"),
            ("1987-5-3", "1987-05-03"),
            ("1987 5", "1987-05"),
            ("5/1987", "1987-05"),
            ("1987", "1987"),
            ("1985~", "1985~"),
            ("~1985", "1985~"),
            ("1985?", "1985~"),
            ("1980s", "198X"),
            ("198x", "198X"),
            ("34", "age:34"),
            ("٣٤", "age:34"),
            ("spring", "spring"),
            ("", ""),
        ],
    )
    def test_what_is_typed_is_brought_into_one_form(self, typed: str, kept: str) -> None:
        assert normalise(typed) == kept

    @pytest.mark.parametrize("typed", ["13/5/1987", "5/5/1987", "1987-05-03", "5/1987", "soon"])
    def test_where_one_day_only_can_be_meant_nothing_is_asked(
        self, board: Board, typed: str
    ) -> None:
        born = DateField("birth", "Born", today=lambda: TODAY)
        board.show(born)
        born.focus_editor()
        QTest.keyClicks(born.editor, typed)
        assert "month stands first" not in born.note()

    def test_it_says_at_once_how_it_understood(self, board: Board) -> None:
        born = DateField("birth", "Born", today=lambda: TODAY)
        board.show(born)
        born.focus_editor()
        QTest.keyClicks(born.editor, "3/5/1987")
        assert born.note() == (
            "3 May 1987 · age 39. Read with the day first. If the month stands first, type "
            "1987-03-05."
        )
        assert board.edits[-1] == ("birth", {"text": "1987-05-03", "calendar": "gregorian"})
        born.editor.selectAll()
        QTest.keyClicks(born.editor, "soon")
        assert born.note() == ""
        assert born.date() is None
        assert born.value() == {"text": "soon", "calendar": "gregorian"}

    @pytest.mark.parametrize(
        ("edtf", "said"),
        [
            ("1985~", "about between 1 January 1985 and 31 December 1985 · age 40 to 41"),
            ("2030", "between 1 January 2030 and 31 December 2030, in the future"),
        ],
    )
    def test_readings(self, edtf: str, said: str) -> None:
        assert plain_reading(PartialDate.parse(edtf), TODAY) == said


class TestEnter:
    """Enter walks through a form."""

    def test_forward_back_and_out(self, board: Board) -> None:
        name = TextField("name", "Name")
        sex = ChoiceField("sex", "Sex", options=[("F", "Female"), ("M", "Male")])
        notes = TextField("notes", "Notes")
        board.show(name, sex, notes)
        moves = EnterMoves(board.widget)
        ends: list[str] = []
        moves.past_end.connect(lambda: ends.append("end"))
        moves.past_start.connect(lambda: ends.append("start"))
        name.focus_editor()
        QTest.keyClick(focus(), KEY.Key_Return)
        assert focus().objectName() == "choice-sex-F"
        sex.set_value("M")
        QTest.keyClick(focus(), KEY.Key_Return)
        assert focus() is notes.editor
        QTest.keyClick(focus(), KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert focus().objectName() == "choice-sex-M"  # the chosen one
        QTest.keyClick(focus(), KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert focus() is name.editor
        QTest.keyClick(focus(), KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        notes.focus_editor()
        QTest.keyClick(focus(), KEY.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
        assert ends == ["start", "end"]

    def test_hidden_and_disabled_ones_are_passed_over(self, board: Board) -> None:
        first, second, third = (TextField(k, k) for k in "abc")
        board.show(first, second, third)
        EnterMoves(board.widget)
        second.hide()
        first.focus_editor()
        QTest.keyClick(focus(), KEY.Key_Return)
        assert focus() is third.editor


@dataclass(frozen=True)
class Family:
    """A row."""

    key: int
    name: str
    people: int


FAMILIES = [Family(1, "Yusuf", 4), Family(2, "Abebe", 12), Family(3, "Diallo", 7)]


def columns() -> list[Column[Family]]:
    return [
        Column("name", "Name", lambda row: row.name, stretch=True),
        Column(
            "people",
            "People",
            lambda row: str(row.people),
            sort=lambda row: row.people,
            at_end=True,
            tone=lambda row: "warning" if row.people > 10 else "",
        ),
    ]


class TestTable:
    """Rows."""

    def table(self, board: Board, **options: Any) -> DataTable[Family]:
        made: DataTable[Family] = DataTable(
            columns(), name="families", label="Families", identity=lambda row: row.key, **options
        )
        board.show(made)
        made.set_rows(FAMILIES)
        return made

    def test_it_orders_by_value_not_by_text(self, board: Board) -> None:
        table = self.table(board)
        assert [row.name for row in table.shown()] == ["Yusuf", "Abebe", "Diallo"]
        table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        assert [row.people for row in table.shown()] == [4, 7, 12]
        table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        assert [row.name for row in table.shown()] == ["Abebe", "Diallo", "Yusuf"]

    def test_a_first_order(self, board: Board) -> None:
        table = self.table(board, order=("people", True))
        assert [row.people for row in table.shown()] == [12, 7, 4]

    def test_enter_opens_and_ctrl_c_copies(self, board: Board) -> None:
        table = self.table(board)
        opened: list[Family] = []
        table.activated.connect(opened.append)
        table.focus_rows()
        QTest.keyClick(table.view, KEY.Key_Down)
        QTest.keyClick(table.view, KEY.Key_Return)
        assert opened == [FAMILIES[1]]
        QTest.keyClick(table.view, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.clipboard().text() == "Abebe\t12"

    def test_a_selection_lasts_through_new_rows(self, board: Board) -> None:
        table = self.table(board, several=True)
        table.select(lambda row: row.key in (1, 3))
        assert [row.key for row in table.selected()] == [1, 3]
        table.set_rows([Family(3, "Diallo", 8), *FAMILIES[:2]])
        assert [row.key for row in table.selected()] == [3, 1]

    def test_nothing_says_what_the_place_is_for(self, board: Board) -> None:
        empty = EmptyState("find", "Nobody yet", "They will stand here.", button=("Add", print))
        table = self.table(board, empty=empty)
        assert not empty.isVisible()
        table.set_rows([])
        assert empty.isVisible()
        assert empty.button is not None
        assert table.current() is None

    def test_widths_are_remembered(self, board: Board, tmp_path: Path) -> None:
        prefs = Preferences(tmp_path / "prefs.ini")
        table = self.table(board, prefs=prefs)
        table.view.horizontalHeader().resizeSection(1, 222)
        assert prefs.widths("families") == {"people": 222}
        again: DataTable[Family] = DataTable(columns(), name="families", prefs=prefs)
        board.layout.addWidget(again)
        assert again.view.horizontalHeader().sectionSize(1) == 222

    def test_it_is_drawn_in_both_directions(self, board: Board) -> None:
        table = self.table(board)
        table.focus_rows()
        plain = table.grab().toImage()
        board.widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        assert table.grab().toImage() != plain


class TestMessages:
    """What is said."""

    def test_a_notice_may_change_and_act(self, board: Board) -> None:
        done: list[int] = []
        notice = Notice("info", "One", action=("Do", lambda: done.append(1)))
        board.show(notice)
        notice.findChildren(QPushButton)[0].click()
        notice.set_message("danger", "Two")
        assert notice.sentence() == notice.accessibleName() == "Two"
        assert notice.property("tone") == "danger"
        assert done == [1]

    def test_a_banner_is_hidden_until_it_speaks(self, board: Board) -> None:
        banner = Banner()
        board.show(banner)
        assert not banner.isVisible()
        banner.show_message("success", "Sent")
        assert banner.isVisible()
        banner.findChildren(IconButton)[0].click()
        assert not banner.isVisible()

    def test_problems_are_links_that_keys_follow(self, board: Board) -> None:
        problems = ProblemList()
        board.show(problems)
        items = [
            ProblemItem("error", "Enter the name", "name"),
            ProblemItem("warning", "Very old", "birth"),
        ]
        problems.set_items(items)
        links = problems.findChildren(QWidget, "")
        targets: list[str] = []
        problems.activated.connect(targets.append)
        for link in links:
            if link.accessibleName() == "Enter the name":
                QTest.keyClick(link, KEY.Key_Return)
            if link.accessibleName() == "Very old":
                QTest.mouseClick(link, Qt.MouseButton.LeftButton)
        assert targets == ["name", "birth"]
        problems.set_items(list(items))
        assert problems.items() == tuple(items)

    def test_long_work_can_be_stopped_once(self, board: Board) -> None:
        card = ProgressCard()
        board.show(card)
        stopped: list[int] = []
        card.cancelled.connect(lambda: stopped.append(1))
        card.start("Writing")
        card.progress(3, 10)
        assert card._detail.text() == "3 of 10"
        button = card.findChild(QPushButton, "progress-stop")
        button.click()
        button.click()
        assert stopped == [1]
        card.finish()
        assert not card.isVisible()


class TestSmallThings:
    """Text, faces, facts."""

    def test_a_long_line_shortens_and_keeps_its_whole(self, board: Board) -> None:
        line = Elided("A very long name " * 20)
        board.show(line)
        line.grab()
        assert line.toolTip().startswith("A very long name")
        line.setText("short")
        line.grab()
        assert line.toolTip() == ""

    def test_a_state_is_a_word_and_a_shape(self, board: Board) -> None:
        pill = Pill("Registered", tone="success")
        board.show(pill)
        before = pill.grab().toImage()
        pill.set_state("Returned", tone="warning")
        assert pill.accessibleName() == "Returned"
        assert pill.grab().toImage() != before

    def test_a_face_or_letters(self, board: Board) -> None:
        avatar = Avatar(48)
        board.show(avatar)
        avatar.set_person("Amina Yusuf")
        assert avatar.accessibleName() == "No photo of Amina Yusuf"
        letters = avatar.grab().toImage()
        from PySide6.QtGui import QImage

        image = QImage(40, 60, QImage.Format.Format_RGB32)
        image.fill(0xFF336699)
        avatar.set_person("Amina Yusuf", image)
        assert avatar.accessibleName() == "Photo of Amina Yusuf"
        assert avatar.grab().toImage() != letters

    def test_facts_are_named_for_readers(self, board: Board) -> None:
        facts = Facts([("Number", "42")])
        board.show(facts)
        facts.set_facts([("Number", "43"), ("Phone", "")])
        assert facts.facts() == [("Number", "43"), ("Phone", "")]
        names = [widget.accessibleName() for widget in facts.findChildren(QWidget)]
        assert "Number: 43" in names

    def test_a_page_scrolls_to_what_matters(self, board: Board) -> None:
        scroll = Scroll(limit=720)
        fields = [TextField(str(n), str(n)) for n in range(30)]
        for field in fields:
            scroll.body.addWidget(field)
        board.show(scroll)
        scroll.reveal(fields[-1])
        assert scroll.verticalScrollBar().value() > 0

    def test_buttons_act_once_a_press(self, board: Board) -> None:
        done: list[str] = []
        first = Button("&First", on=lambda: done.append("first"))
        second = PrimaryButton("Second", icon="check", on=lambda: done.append("second"))
        board.show(first, second)
        first.setFocus()
        QTest.keyClick(first, KEY.Key_Space)
        second.setFocus()
        QTest.keyClick(second, KEY.Key_Return)
        assert done == ["first", "second"]
        assert first.accessibleName() == "First"


class TestDialogs:
    """Windows over the window."""

    def test_a_reason_is_needed(self, qtbot: Any) -> None:
        dialog = ReasonDialog(None, "Void", "It stays in the ledger.", "Void", choices=["Twice"])
        qtbot.addWidget(dialog)
        dialog.show()
        assert not dialog.act.isEnabled()
        words = dialog.findChild(LongTextField)
        words.focus_editor()
        words.editor.setPlainText("ok")
        assert not dialog.act.isEnabled()
        words.editor.setPlainText("entered by mistake")
        assert dialog.act.isEnabled()
        choice = dialog.findChild(SelectField)
        choice.set_value("Twice")
        assert dialog.reason() == "Twice: entered by mistake"
        QTest.keyClick(dialog, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert dialog.result() == 1

    def test_f1_closes_the_keys_again(self, qtbot: Any) -> None:
        dialog = KeysDialog(None, [common()])
        qtbot.addWidget(dialog)
        dialog.show()
        QTest.keyClick(dialog, KEY.Key_F1)
        assert dialog.result() == 1

    def test_more_keys_than_the_screen_has_room_for_are_paged(self, qtbot: Any) -> None:
        many = KeyGroup("Many", tuple(Key(f"Ctrl+{n}", f"Do {n}") for n in range(80)))
        dialog = KeysDialog(None, [many, common()])
        qtbot.addWidget(dialog)
        dialog.show()
        assert dialog.height() <= dialog.screen().availableGeometry().height()
        QTest.keyClick(dialog, KEY.Key_PageDown)
        down = dialog.area.verticalScrollBar().value()
        assert down > 0
        QTest.keyClick(dialog, KEY.Key_PageUp)
        assert dialog.area.verticalScrollBar().value() < down

    def test_keys_that_a_page_tells_of_are_not_told_twice(self) -> None:
        told = [key.sequence for key in common(without={"Return", "Shift+Return"}).keys]
        assert told[0] == "Alt+U" and not {"Return", "Shift+Return"} & set(told)

    def test_a_short_text(self, qtbot: Any) -> None:
        dialog = WordsDialog(None, "Name", "For the list.", "Name", "Save")
        qtbot.addWidget(dialog)
        assert not dialog.act.isEnabled()
        dialog._field.set_value("x")
        dialog._look()
        assert dialog.text() == "x"
        assert dialog.act.isEnabled()

    @pytest.mark.parametrize(("typed", "kept"), [("list", "list.wst"), ("a.wst", "a.wst")])
    def test_a_file_gets_its_suffix(
        self, board: Board, tmp_path: Path, typed: str, kept: str
    ) -> None:
        board.show()

        def answer(dialog: QFileDialog) -> None:
            assert dialog.selectedFiles()[0].endswith("trust.wst")
            dialog.setDirectory(str(tmp_path))
            name = dialog.findChild(QLineEdit, "fileNameEdit")
            name.setText(typed)
            QTest.keyClick(name, KEY.Key_Return)

        with answered(QFileDialog, answer):
            found = QtDialogs().save_file(board.widget, "Save", "trust.wst", files.carried())
        assert found == tmp_path / kept

    def test_a_file_dialog_that_is_left_saves_nothing(self, board: Board) -> None:
        board.show()
        with answered(QFileDialog, lambda dialog: QTest.keyClick(dialog, KEY.Key_Escape)):
            assert QtDialogs().save_file(board.widget, "Save", "trust.wst") is None

    def test_without_a_printer_nothing_is_printed(self, qtbot: Any) -> None:
        from PySide6.QtPrintSupport import QPrinterInfo

        parent = QWidget()
        qtbot.addWidget(parent)
        if not QPrinterInfo.availablePrinterNames():
            assert QtDialogs().print_pdf(parent, b"%PDF-1.4", "x") is False
