"""The interview's own fields: papers, consent, needs. By keyboard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

import forms
from desktop.interview.asking import Asking, prepare
from desktop.interview.consent_field import ConsentField
from desktop.interview.documents_field import MOST, DocumentsField
from desktop.interview.make import make
from desktop.interview.needs_field import NeedsField
from forms.library import Asked

K = Qt.Key


@pytest.fixture(scope="module")
def asking() -> Asking:
    return prepare(forms.catalogue(), "en")


def shown(qtbot: Any, field: Any) -> list[Any]:
    """Put a field on the screen; returns what it tells of."""
    told: list[Any] = []
    field.edited.connect(lambda key, raw: told.append(raw))
    qtbot.addWidget(field)
    field.resize(600, 500)
    field.show()
    field.activateWindow()
    qtbot.waitUntil(field.isActiveWindow)
    field.focus_editor()
    return told


def press(key: Qt.Key) -> None:
    now = QApplication.focusWidget()
    assert now is not None
    QTest.keyClick(now, key)


def type_in(text: str) -> None:
    now = QApplication.focusWidget()
    assert now is not None
    QTest.keyClicks(now, text)


@pytest.fixture
def needs(qtbot: Any, asking: Asking) -> tuple[NeedsField, list[Any]]:
    field = NeedsField("needs", "Specific needs", choices=asking.needs)
    field.claim_enter()
    return field, shown(qtbot, field)


def test_a_need_is_found_by_typing_and_ticked_by_enter(
    needs: tuple[NeedsField, list[Any]],
) -> None:
    field, told = needs
    type_in("seeing")
    press(K.Key_Return)
    assert told == [["DS-BD"]]
    assert field.search.text() == ""
    assert "Difficulty seeing" in field.note()


@pytest.mark.parametrize(
    "typed, code",
    [("blind", "DS-BD"), ("deaf", "DS-DF"), ("hiv", "SM-CI"), ("rape", "SV-VA"), ("old", "ER-NF")],
)
def test_a_need_is_found_by_everyday_words(
    needs: tuple[NeedsField, list[Any]], typed: str, code: str
) -> None:
    _field, told = needs
    type_in(typed)
    press(K.Key_Return)
    assert told == [[code]]


def test_part_of_a_word_finds_a_need_while_no_word_begins_like_it(
    needs: tuple[NeedsField, list[Any]],
) -> None:
    _field, told = needs
    type_in("feeding")
    press(K.Key_Return)
    assert told == [["WR-LC"]]


def test_several_needs_come_in_the_order_of_the_list(needs: tuple[NeedsField, list[Any]]) -> None:
    field, told = needs
    for text in ("seeing", "single parent", "child alone"):
        type_in(text)
        press(K.Key_Return)
    assert told[-1] == field.value()
    assert len(field.value()) == 3
    codes = [choice.code for choice in prepare(forms.catalogue(), "en").needs]
    assert field.value() == sorted(field.value(), key=codes.index)


def test_down_and_space_tick_in_the_list_and_letters_search_again(
    needs: tuple[NeedsField, list[Any]],
) -> None:
    field, told = needs
    press(K.Key_Down)
    assert QApplication.focusWidget() is field.list
    press(K.Key_Space)
    assert told == [["CR-CP"]]
    press(K.Key_Space)
    assert told[-1] == []
    type_in("h")
    assert QApplication.focusWidget() is field.search
    assert field.search.text() == "h"


def test_enter_in_the_list_moves_on(qtbot: Any, needs: tuple[NeedsField, list[Any]]) -> None:
    field, _ = needs
    press(K.Key_Down)
    with qtbot.waitSignal(field.moved_on) as moved:
        press(K.Key_Return)
    assert moved.args == [True]


def test_a_search_without_a_match_says_so(needs: tuple[NeedsField, list[Any]]) -> None:
    field, told = needs
    type_in("zzz")
    visible = [
        field.list.item(n).text()
        for n in range(field.list.count())
        if not field.list.item(n).isHidden()
    ]
    assert visible == ["Nothing found. Try another word, or fewer letters."]
    press(K.Key_Return)
    assert told == []


def test_sealed_needs_are_spoken_as_sealed(needs: tuple[NeedsField, list[Any]]) -> None:
    field, _ = needs
    field.set_value(["SV-VO"])
    spoken = [
        str(field.list.item(n).data(Qt.ItemDataRole.AccessibleTextRole))
        for n in range(field.list.count())
    ]
    (one,) = [text for text in spoken if "ticked" in text and "not ticked" not in text]
    assert "sealed" in one


def test_showing_another_member_forgets_the_ticks(needs: tuple[NeedsField, list[Any]]) -> None:
    field, told = needs
    field.set_value(["DS-BD"])
    field.set_value(None)
    assert field.value() == []
    assert field.note() == ""
    assert told == []


@pytest.fixture
def consent(qtbot: Any, asking: Asking) -> tuple[ConsentField, list[Any]]:
    field = ConsentField("consent", "Consent", options=list(asking.questions.items()))
    return field, shown(qtbot, field)


def test_y_and_n_answer_the_questions_one_after_the_other(
    consent: tuple[ConsentField, list[Any]],
) -> None:
    field, told = consent
    type_in("y")
    type_in("y")
    type_in("n")
    assert field.value() == {"registration": "yes", "document": "yes", "assistance": "no"}
    assert len(told) == 3
    now = QApplication.focusWidget()
    assert now is not None
    assert now.objectName() == "consent-tracing-yes"


def test_delete_takes_an_answer_back_to_not_asked(
    consent: tuple[ConsentField, list[Any]],
) -> None:
    field, told = consent
    press(K.Key_Space)
    assert field.value() == {"registration": "yes"}
    press(K.Key_Delete)
    assert field.value() == {}
    assert told[-1] == {}


def test_each_question_is_read_with_its_answer(consent: tuple[ConsentField, list[Any]]) -> None:
    field, _ = consent
    button = field.findChild(QPushButton, "consent-registration-no")
    assert button is not None
    assert button.accessibleName() == (
        "May we keep what you told us, to register you and your family? No"
    )


@pytest.fixture
def papers(qtbot: Any, asking: Asking) -> tuple[DocumentsField, list[Any]]:
    options = asking.options("document_types")
    field = DocumentsField("documents", "Documents", options=options)
    return field, shown(qtbot, field)


def rows_in_sight(field: DocumentsField) -> int:
    return sum(not row.isHidden() for row in field._rows)


def test_one_row_is_ready_and_one_more_comes_with_each(
    papers: tuple[DocumentsField, list[Any]],
) -> None:
    field, told = papers
    assert rows_in_sight(field) == 1
    press(K.Key_Down)
    assert told[-1] == [{"type": "national_id", "number": ""}]
    assert rows_in_sight(field) == 2
    field._rows[0].number.setFocus()
    type_in("TZ-0000")
    assert field.value() == [{"type": "national_id", "number": "TZ-0000"}]


def test_a_row_can_be_taken_out(papers: tuple[DocumentsField, list[Any]]) -> None:
    field, told = papers
    given = [{"type": "passport", "number": "P1"}, {"type": "other", "number": "X2"}]
    field.set_value(given)
    assert rows_in_sight(field) == 3
    assert told == []
    field._rows[0].remove.click()
    assert field.value() == given[1:]
    assert told == [given[1:]]


def test_there_is_an_end_to_the_rows(papers: tuple[DocumentsField, list[Any]]) -> None:
    field, _ = papers
    field.set_value([{"type": "other", "number": str(n)} for n in range(20)])
    assert rows_in_sight(field) == MOST
    assert len(field.value()) == MOST


def test_a_relation_is_found_by_everyday_words(qtbot: Any, asking: Asking) -> None:
    field = make(
        Asked("membership", asking.catalogue.form("membership").field("relation")),
        asking,
        lambda: date(2026, 11, 15),
    )
    shown(qtbot, field)
    type_in("spou")
    press(K.Key_Return)
    assert field.value() == "spouse"
