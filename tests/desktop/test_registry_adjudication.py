"""Queues, pairs and conflicts in the window: by keyboard, over twins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHeaderView, QLabel, QPushButton

from desktop.adjudication.reasons import Bar
from tests.desktop.field_office import NOW, Station, person_id, twin
from tests.desktop.other_offices import (
    Others,
    RefusedError,
    case_of,
    conflict_page,
    conflict_row,
    others_twin,
    pair_row,
    word,
)
from tests.desktop.proposals import proposal
from tests.desktop.stage import Stage, stage
from tests.desktop.test_registry_pages import waiting

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held() -> Others:
    made = Others(pairs=[pair_row(1), pair_row(2), pair_row(3)])
    made.pairs[2].shape = ("name_same",)
    made.cases = {(one.first, one.second): case_of(one) for one in made.pairs}
    return made


@pytest.fixture
def role() -> str:
    return "registrar"


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, held: Others, role: str) -> Iterator[Stage]:
    station = Station()
    offices = twin(station, **others_twin(held))
    with stage(qtbot, tmp_path, offices, station=station, role=role, kind="registry") as made:
        yield made


def others(name: str = "amal", *, own: bool = False) -> Any:
    return SimpleNamespace(name=name, own=own, at=NOW)


# queues ---------------------------------------------------------------------------------------


def test_every_queue_is_counted_and_reached_by_keyboard(put: Stage, held: Others) -> None:
    page = put.page("queues")
    assert page.items["duplicates"].accessibleName() == "Possible duplicates, 3 waiting"
    put.press(K.Key_PageDown, CTRL)
    assert page.items["duplicates"].isChecked()
    assert put.focus_name == "view-queue-duplicates"
    put.press(K.Key_PageUp, CTRL)
    assert page.items["new"].isChecked()


def test_who_came_is_compared_while_somebody_looks(put: Stage, held: Others) -> None:
    """What an import left is done part by part; pairs come into the list as they are found."""
    held.comparing = [(0, True), (1, True), (0, False)]
    page = put.page("queues")
    put.settle()
    assert len(held.calls("propose_some")) == 3 and held.comparing == []
    assert page.items["duplicates"].accessibleName() == "Possible duplicates, 3 waiting"


@pytest.mark.parametrize("role", ["administrator"])
def test_an_administrator_refuses_and_admits_nothing(put: Stage, held: Others) -> None:
    held.aside = [
        SimpleNamespace(
            key="act/1", entries=(b"\1" * 32, b"\2" * 32), station="A01", what="Corrected",
            code="y", sentence="It waits.", at=NOW, owner=None, bundle=person_id(1), refused=False,
        )
    ]  # fmt: skip
    page = put.page("queues", queue="quarantined")
    assert list(page.items) == ["held", "quarantined"]
    assert page.release.isHidden() and not page.refuse.isHidden()
    put.dialogs.because = "Nobody there knows the author"
    put.keys("r")
    put.settle()
    assert put.dialogs.lines and "It waits." in put.dialogs.lines[0]
    assert held.calls("refuse") == [([b"\1" * 32, b"\2" * 32], "Nobody there knows the author")]


def test_families_are_sent_back_with_one_reason_after_a_preview(put: Stage, held: Others) -> None:
    held.to_register = [waiting(1), waiting(2)]
    put.page("queues")
    put.press(K.Key_A, CTRL)
    put.dialogs.because = "A date does not fit"
    put.keys("s")
    put.settle()
    assert len(put.dialogs.lines) == 2 and "Banin Orlok 1" in put.dialogs.lines[0]
    assert held.calls("send_families_back") == [
        ([person_id(1), person_id(2)], "A date does not fit")
    ]


def test_a_case_is_taken_and_given_back(put: Stage, held: Others) -> None:
    page = put.page("queues", queue="duplicates")
    put.keys("t")
    put.settle()
    assert held.calls("take") == [["match/1"]]
    held.pairs[0].owner = others("second", own=True)
    page._load()
    put.settle()
    assert "Give back" in page.take.text()
    put.keys("t")
    put.settle()
    assert held.calls("give_back") == [["match/1"]]


def test_filters_narrow_by_station_age_owner_and_score(put: Stage, held: Others) -> None:
    held.pairs[1].owner = others()
    held.pairs[2].station = "A02, A03"
    page = put.page("queues", queue="duplicates")
    table = page.tables["duplicates"]

    def shown(**choices: str) -> list[str]:
        for name in ("station", "age", "owner", "score"):
            getattr(page.filters, name).set_value(choices.get(name, "all"))
        page.filters.changed.emit()
        return [one.key for one in table.rows()]

    assert shown() == ["match/1", "match/2", "match/3"]
    assert shown(station="A03") == ["match/3"]
    assert shown(age="1") == ["match/2", "match/3"]
    assert shown(owner="free") == ["match/1", "match/3"]
    assert shown(owner="taken") == ["match/2"]
    assert shown(score="900") == []
    assert "3 not shown by the filters" in page.chosen.text()


def test_pairs_that_are_alike_are_decided_together(put: Stage, held: Others) -> None:
    page = put.page("queues", queue="duplicates")
    put.keys("l")
    assert [one.key for one in page.tables["duplicates"].selected()] == ["match/1", "match/2"]
    put.dialogs.because = "Two faces"
    put.keys("d")
    put.settle()
    assert len(put.dialogs.lines) == 2
    (called,) = held.calls("all_said")
    assert called == (
        [(person_id(101), person_id(201)), (person_id(102), person_id(202))], "different",
        "Two faces",
    )  # fmt: skip
    assert "2 pairs decided" in page.banner.sentence()


def test_alike_conflicts_are_settled_after_showing_what_it_does(put: Stage, held: Others) -> None:
    held.in_conflict = [conflict_row(1), conflict_row(2), conflict_row(3, set_="name")]
    held.previews = {
        person_id(number): SimpleNamespace(
            subject_type="person", subject=person_id(number), heads=(), choices={},
            lines=(("Telephone", "011", "012"),), why_not="",
        )
        for number in (1, 2)
    }  # fmt: skip
    page = put.page("queues", queue="conflicts")
    put.keys("l")
    put.dialogs.because = "Asked the station"
    put.find(QPushButton, "queues-latest").click()
    put.settle()
    assert len(put.dialogs.lines) == 2 and "→" in put.dialogs.lines[0]
    assert held.calls("settle_alike") == [([person_id(1), person_id(2)], "Asked the station")]
    assert "2 conflicts settled" in page.banner.sentence()


# pairs ----------------------------------------------------------------------------------------


def opened(put: Stage) -> Any:
    put.page("queues", queue="duplicates")
    put.press(K.Key_Return)
    put.settle()
    page = put.frame.page
    assert page is not None and page.key == "duplicate"
    return page


def test_a_pair_is_opened_and_left_by_keyboard(put: Stage, held: Others) -> None:
    page = opened(put)
    assert page.place.text() == "1 of 3"
    put.keys("j")
    put.settle()
    assert page.place.text() == "2 of 3"
    put.keys("k")
    put.settle()
    assert page.place.text() == "1 of 3"
    assert put.frame.width() == 1366


@pytest.mark.parametrize(("key", "decision"), [("s", "same"), ("d", "different"), ("n", "unsure")])
def test_one_key_decides_with_a_reason_and_goes_on(
    put: Stage, held: Others, key: str, decision: str
) -> None:
    page = opened(put)
    put.keys(key)
    put.settle()
    assert held.calls("said") == []  # no reason was given
    put.dialogs.because = "Looked at both"
    held.state_after = {"same": "second"}.get(decision, decision)
    put.keys(key)
    put.settle()
    assert held.calls("said") == [
        (person_id(101), person_id(201), decision, "Looked at both", b"\7" * 32)
    ]
    assert page.place.text() == "2 of 3" and page.banner.sentence()


def test_differences_are_marked_by_sign_and_words_not_by_colour_alone(put: Stage) -> None:
    page = opened(put)
    birth = put.find(QLabel, "case-birth-0")
    assert birth.accessibleName() == "Date of birth: about 1985, different"
    signs = [
        label.text()
        for label in page.beside.findChildren(QLabel)
        if str(label.property("look")).startswith("mark-")
    ]
    assert signs == ["≈", "=", "≠", "–"]
    bars = [bar.accessibleName() for bar in page.reasons.findChildren(Bar)]
    assert bars == ["speaks for it, 66 of 100", "speaks against it, 33 of 100"]


def test_the_second_reviewer_sees_the_first_ones_reason(put: Stage, held: Others) -> None:
    one = held.pairs[0]
    one.state = "second"
    held.cases[one.first, one.second] = case_of(one, second=True, told=(word("same"),))
    page = opened(put)
    said = " ".join(label.text() for label in page.notice.findChildren(QLabel))
    assert "says that this is one person" in said and "One face on both photos" in said
    assert "I agree" in page.same.text()
    held.state_after = "linked"
    put.dialogs.because = "One mother"
    put.keys("s")
    put.settle()
    assert "are linked" in page.banner.sentence()


def test_ones_own_word_is_taken_back_with_u(put: Stage, held: Others) -> None:
    one = held.pairs[0]
    held.cases[one.first, one.second] = case_of(
        one, may_undo=True, told=(word("same", by="me", own=True),)
    )
    page = opened(put)
    assert not page.same.isEnabled()  # said already
    put.dialogs.because = "The wrong pair"
    put.keys("u")
    put.settle()
    assert held.calls("withdraw_word") == [(one.first, one.second, "The wrong pair")]


def test_a_link_is_taken_back_with_a_reason(put: Stage, held: Others) -> None:
    one = held.pairs[0]
    one.state = "linked"
    held.cases[one.first, one.second] = case_of(one, permanent="WST-R-0000042-17")
    page = opened(put)
    assert page.same.isHidden() and not page.unlink.isHidden()
    put.dialogs.because = "Cousins"
    put.find(QPushButton, "case-unlink").click()
    put.settle()
    assert held.calls("unlink") == [(one.first, one.second, "Cousins")]


def test_nobody_decides_what_somebody_else_looks_at(put: Stage, held: Others) -> None:
    one = held.pairs[0]
    held.cases[one.first, one.second] = case_of(one, owner=others())
    page = opened(put)
    assert page.owner.text() == "\u2068amal\u2069 is looking at this."
    put.dialogs.because = "so"
    put.keys("s")
    put.settle()
    assert held.calls("said") == []


def test_what_is_refused_says_why_and_stays(put: Stage, held: Others) -> None:
    held.fails["said"] = RefusedError("decided_meanwhile", "Look at it again.")
    page = opened(put)
    put.dialogs.because = "so"
    put.keys("d")
    put.settle()
    assert page.banner.sentence() == "Look at it again."
    assert page.place.text() == "1 of 3" and page.different.isEnabled()


def test_after_the_last_pair_the_way_back_is_offered(put: Stage, held: Others) -> None:
    page = opened(put)
    put.dialogs.because = "Two faces"
    held.state_after = "different"
    for _ in range(3):
        put.keys("d")
        put.settle()
    assert page.over.isVisible() and page.side() is None


# conflicts ------------------------------------------------------------------------------------


def test_each_question_is_chosen_by_itself_and_all_are_settled(put: Stage, held: Others) -> None:
    held.in_conflict = [conflict_row(17)]
    held.conflict_page = conflict_page(17)
    put.page("queues", queue="conflicts")
    put.press(K.Key_Return)
    put.settle()
    page = put.frame.page
    assert page is not None and page.key == "conflict"
    assert page.left.text() == "2 questions are open" and not page.settle.isEnabled()
    put.keys("2")
    assert page.left.text() == "1 question is open"
    page.questions[1].choose(0)
    assert page.settle.isEnabled()
    put.dialogs.because = "Asked the person"
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert put.dialogs.lines == [
        "Telephone number: \u2068+999 550 100 012\u2069", "Marital status: \u2068Married\u2069",
    ]  # fmt: skip
    (called,) = held.calls("settle_one")
    assert called[1] == {
        "field:phone": {"phone": b"\1" * 32},
        "field:marital_status": {"marital_status": b"\0" * 32},
    }
    assert called[3] == (b"\1" * 32, b"\2" * 32)


def test_a_third_answer_can_be_typed(put: Stage, held: Others) -> None:
    held.conflict_page = conflict_page(17)
    page = put.page("conflict", subject=("person", person_id(17)))
    first = page.questions[0]
    first.choose(2)
    put.keys("+999 550 1")
    assert first.choice() == "+999 550 1" and first.said() == "+999 550 1"
    first.choose(1)
    assert first.choice() == b"\1" * 32
    assert not page.questions[0].buttons[0].isChecked()


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720)])
def test_on_a_small_screen_a_name_stands_before_what_can_be_read_elsewhere(
    put: Stage, held: Others, size: tuple[int, int]
) -> None:
    held.proposals = [proposal(1), proposal(2, stale=True)]
    held.to_register = [waiting(1), waiting(2)]
    held.in_conflict = [conflict_row(1), conflict_row(2)]
    page = put.page("queues")
    put.frame.resize(*size)
    put.settle()
    for queue, table in page.tables.items():
        put.page("queues", queue=queue)
        QApplication.processEvents()
        assert put.frame.width() == size[0], queue
        if not table.rows():
            continue
        head = table.view.horizontalHeader()
        for place in range(head.count()):
            if head.sectionResizeMode(place) is QHeaderView.ResizeMode.Stretch:
                assert head.sectionSize(place) >= 120, (queue, place)
        assert head.length() <= table.width(), queue
    put.page("queues", queue="corrections")
    QApplication.processEvents()
    assert put.frame.width() == size[0]
    view = page.corrections.table.view
    assert view.horizontalHeader().length() <= view.viewport().width()


def test_an_empty_queue_leaves_the_keyboard_where_it_is_seen(put: Stage, held: Others) -> None:
    page = put.page("queues")
    for queue in page.items:
        held.pairs = []
        put.page("queues", queue=queue)
        assert put.focus_name == f"queue-{queue}"
