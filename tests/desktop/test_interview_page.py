"""The household interview by keyboard alone. All people invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from desktop import words
from desktop.interview.marks import Target
from forms.draft import UNKNOWN, Draft
from tests.desktop.field_office import NOW, Station, hit, twin
from tests.desktop.other_offices import RefusedError
from tests.desktop.stage import Stage, stage
from values import burmese

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier

PURPOSES = (
    "registration",
    "document",
    "assistance",
    "tracing",
    "host_state",
    "third_state",
    "statistics",
)
COMPLETE: dict[str, Any] = {
    "name": "Amina Yusuf",
    "sex": "F",
    "birth": {"text": "1985~", "calendar": "gregorian"},
    "nationality": "SOM",
    "language": "som",
    "phone": "+999550100011",
    "consent": dict.fromkeys(PURPOSES, "yes"),
}
HOUSEHOLD: dict[str, Any] = {
    "origin_country": "SOM",
    "cause": "conflict",
    "arrival": {"text": "2026-04", "calendar": "gregorian"},
}


def whole_family() -> Draft:
    """A head and the household, with nothing left to ask."""
    draft = Draft.new()
    for name, raw in COMPLETE.items():
        draft = draft.with_value("m1", name, raw)
    for name, raw in HOUSEHOLD.items():
        draft = draft.with_household(name, raw)
    return draft


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, station: Station) -> Iterator[Stage]:
    with stage(qtbot, tmp_path, twin(station), station=station) as made:
        yield made


def saved(station: Station) -> Draft:
    """The one draft in the store."""
    ((draft, _),) = station.drafts.values()
    return draft


def go_on(put: Stage, draft: Draft) -> Any:
    """Open the interview at a draft that was left off."""
    put.station.drafts["left-off"] = (draft, NOW)
    return put.page("interview", draft="left-off")


def enter(put: Stage, times: int = 1) -> None:
    for _ in range(times):
        put.press(K.Key_Return)


def test_a_first_page_is_ready_to_be_typed_into(put: Stage) -> None:
    put.page("interview")
    assert put.focus_name == "input-name"
    put.keys("Amina Yusuf")
    enter(put)
    assert put.focus_name == "input-name_latin"
    enter(put)
    assert put.focus_name == "choice-sex-F"
    put.press(K.Key_Space)
    enter(put)
    assert put.focus_name == "input-birth"
    put.press(K.Key_Return, SHIFT)
    assert put.focus_name == "add-other_names"  # a page is entered backwards at its end
    put.press(K.Key_Return, SHIFT)
    assert put.focus_name == "choice-sex-F"


def test_leaving_a_field_saves_at_once(put: Stage, station: Station) -> None:
    put.page("interview")
    put.keys("Amina")
    assert station.saves == 0
    enter(put)
    put.settle()
    assert saved(station).member("m1").values["name"] == "Amina"
    assert put.find(QLabel, "page-note").text() == f"Saved {words.clock_time(NOW)}"


def test_typing_on_is_saved_within_a_second(put: Stage, station: Station) -> None:
    put.page("interview")
    put.keys("Ami")
    put.qtbot.waitUntil(lambda: station.saves > 0)
    put.keys("na")
    put.qtbot.waitUntil(lambda: station.saves > 1)
    put.settle()
    assert saved(station).member("m1").values["name"] == "Amina"


def test_what_was_typed_is_saved_before_the_window_locks(put: Stage, station: Station) -> None:
    put.page("interview")
    put.keys("Amina")
    put.frame.before_lock()
    put.settle()
    assert saved(station).member("m1").values["name"] == "Amina"


def test_going_elsewhere_saves_and_coming_back_is_where_one_was(
    put: Stage, station: Station
) -> None:
    page = put.page("interview")
    put.keys("Amina")
    put.press(K.Key_PageDown, CTRL)
    put.page("find")
    assert saved(station).member("m1").values["name"] == "Amina"
    assert put.page("interview") is page
    assert put.focus_name == "input-birth"


def test_a_save_that_fails_is_said_and_tried_again(put: Stage, station: Station) -> None:
    page = put.page("interview")
    station.fails["drafts.save"] = RefusedError("disk", "The disk is full. Make room.")
    put.keys("Amina")
    enter(put)
    put.settle()
    assert "The disk is full" in page.banner.sentence()
    del station.fails["drafts.save"]
    enter(put)
    put.settle()
    assert saved(station).member("m1").values["name"] == "Amina"


def test_an_age_is_said_in_words_under_the_field_and_kept(put: Stage) -> None:
    page = put.page("interview")
    put.press(K.Key_PageDown, CTRL)
    put.keys("34y")
    field = page.sitting.board.questions.field("birth")
    assert "age 34" in field.note()
    enter(put)
    assert page.interview.raw("birth") == {"text": "age:34", "calendar": "gregorian"}
    assert field.editor.text() == "34y"
    assert put.focus_name == "input-birth_place"


def test_a_number_that_may_become_a_year_is_not_read_as_an_age_at_once(put: Stage) -> None:
    page = put.page("interview")
    put.press(K.Key_PageDown, CTRL)
    put.keys("19")
    field = page.sitting.board.questions.field("birth")
    assert field.note() == ""
    put.keys("85~")
    assert field.note() == "about 1985, age about 41"


def test_down_changes_the_calendar_and_the_next_date_begins_in_it(put: Stage) -> None:
    page = put.page("interview")
    put.press(K.Key_PageDown, CTRL)
    put.keys("1361-07-12")
    put.press(K.Key_Down)
    field = page.sitting.board.questions.field("birth")
    assert "4 October 1982" in field.note()
    assert page.interview.raw("birth") == {"text": "1361-07-12", "calendar": "solar-hijri"}
    put.press(K.Key_F10)
    put.keys("child")
    put.press(K.Key_PageDown, CTRL)
    assert field.calendar.currentData() == "solar-hijri"


def test_alt_u_marks_the_field_unknown_and_takes_it_back(put: Stage) -> None:
    page = put.page("interview")
    put.press(K.Key_PageDown, CTRL)
    assert page.sitting.board.hints() == (True, True, False)
    put.press(K.Key_U, ALT)
    assert page.interview.raw("birth") == UNKNOWN
    put.press(K.Key_U, ALT)
    assert page.interview.raw("birth") != UNKNOWN


def test_alt_w_says_that_the_person_would_not_say(put: Stage) -> None:
    page = put.page("interview")
    put.press(K.Key_PageDown, CTRL)
    put.press(K.Key_W, ALT)
    assert page.interview.raw("birth") == {"missing": "refused"}


def test_ctrl_d_repeats_the_member_before(put: Stage) -> None:
    page = go_on(put, whole_family().with_member({"name": "Yusuf Ali"}))
    put.press(K.Key_F4)
    put.press(K.Key_PageDown, CTRL)
    put.press(K.Key_PageDown, CTRL)
    assert put.focus_name == "input-nationality"
    assert page.sitting.board.hints()[2]
    put.press(K.Key_D, CTRL)
    assert page.interview.raw("nationality") == "SOM"
    assert put.find(QLineEdit, "input-nationality").text() == "Somalia"


def test_function_keys_go_to_the_rows_and_f10_adds_one(put: Stage) -> None:
    page = go_on(put, whole_family().with_member({"name": "Yusuf Ali", "relation": "spouse"}))
    put.press(K.Key_F2)
    assert page.interview.subject == ""
    put.press(K.Key_F4)
    assert page.interview.subject == "m2"
    put.press(K.Key_F3)
    assert page.interview.subject == "m1"
    put.press(K.Key_F10)
    assert page.interview.subject == "m3"
    assert put.focus_name == "input-relation"
    family = page.sitting.board.family
    assert [line.key for line in family.lines()] == ["F2", "F3", "F4", "F5"]
    assert family.current() == "m3"


def test_f6_is_a_member_and_not_the_frames(put: Stage) -> None:
    draft = whole_family()
    for number in range(4):
        draft = draft.with_member({"name": f"Child {number}", "relation": "child"})
    page = go_on(put, draft)
    put.press(K.Key_F6)
    assert page.interview.subject == "m4"
    assert page.isAncestorOf(put.frame.focusWidget())


def test_ctrl_f6_goes_round_the_panes_where_f6_is_a_member(put: Stage) -> None:
    page = go_on(put, whole_family())
    before = page.interview.subject, put.focus_name
    put.press(K.Key_F6, CTRL)
    assert put.frame.rail.isAncestorOf(put.frame.focusWidget())
    put.press(K.Key_F6, CTRL)
    assert (page.interview.subject, put.focus_name) == before
    put.press(K.Key_F1)
    told = {key.sequence: key.what for group in put.dialogs.groups for key in group.keys}
    assert "side panel" in told["Ctrl+F6"]
    assert "F6" not in told
    assert "" not in told.values()


def test_before_a_family_sits_down_f6_is_the_frames(put: Stage) -> None:
    put.station.drafts["one"] = (whole_family(), NOW)
    page = put.page("interview")
    assert page.interview is None
    put.press(K.Key_F6)
    assert put.frame.rail.isAncestorOf(put.frame.focusWidget())
    put.press(K.Key_F1)
    told = {key.sequence for group in put.dialogs.groups for key in group.keys}
    assert "F6" in told
    assert "Ctrl+F6" not in told


def test_a_key_without_a_member_leaves_the_keyboard_where_it_was(put: Stage) -> None:
    page = put.page("interview")
    put.keys("Amina")
    put.press(K.Key_F9)
    assert put.focus_name == "input-name"
    put.keys(" Yusuf")
    assert page.interview.raw("name") == "Amina Yusuf"


def test_the_page_of_one_member_never_shows_the_answers_of_another(put: Stage) -> None:
    page = put.page("interview")
    put.keys("Amina")
    put.press(K.Key_F10)
    put.keys("spo")
    put.press(K.Key_F3)
    assert put.find(QLineEdit, "input-name").text() == "Amina"
    assert page.interview.raw("relation") == "head"
    put.press(K.Key_F4)
    assert put.find(QLineEdit, "input-name").text() == ""
    assert page.interview.raw("name", "m2") is None


def test_ctrl_enter_saves_the_member_and_goes_on(put: Stage) -> None:
    page = put.page("interview")
    put.keys("Amina")
    put.press(K.Key_Return, CTRL)
    assert page.interview.subject == ""
    put.press(K.Key_Return, CTRL)
    assert page.interview.subject == "m2"


def test_a_problem_is_shown_when_the_field_is_left_and_never_takes_the_keyboard(
    put: Stage,
) -> None:
    page = put.page("interview")
    enter(put)
    put.settle()
    assert put.focus_name == "input-name_latin"
    assert put.find(QLabel, "problem-name").text().startswith("Enter the name")
    assert [item.target.field for item in page.feed.problems.items()] == ["name"]
    put.press(K.Key_Return, SHIFT)
    put.keys("Amina")
    enter(put)
    put.settle()
    assert page.feed.problems.items() == ()


def test_possible_earlier_registrations_appear_while_typing(put: Stage, station: Station) -> None:
    station.hits = [hit(17, "Amina Yusuf", birth="1985~")]
    page = put.page("interview")
    put.keys("Amina")
    put.qtbot.waitUntil(lambda: bool(page.feed.earlier()))
    assert put.focus_name == "input-name"
    (found,) = page.feed.earlier()
    assert found.name == "Amina Yusuf"
    assert "about 41" in found.detail
    assert put.frame.panel.isVisible()


def test_why_we_ask_follows_the_keyboard(put: Stage) -> None:
    page = put.page("interview")
    assert "is the one that counts" in page.feed.why()
    enter(put)
    assert "cannot read the script" in page.feed.why()


def test_the_last_page_reads_the_family_back_and_every_fact_leads_to_its_field(
    put: Stage,
) -> None:
    page = go_on(put, whole_family())
    put.press(K.Key_R, CTRL)
    put.settle()
    said = put.find(QLabel, "said-m1")
    assert "Amina Yusuf is the head of the household." in said.accessibleName().replace(
        "\u2068", ""
    ).replace("\u2069", "")
    assert "about 1985, age about 41" in said.accessibleName()
    said.linkActivated.emit("0")
    assert put.focus_name == "input-name"
    assert not page.interview.reading_back


def test_registering_jumps_to_the_first_thing_to_mend(put: Stage, station: Station) -> None:
    page = go_on(put, whole_family().with_value("m1", "birth", ""))
    put.press(K.Key_R, CTRL)
    put.settle()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert station.registered == []
    assert put.focus_name == "input-birth"
    assert "1 thing has to be mended" in page.banner.sentence()
    put.keys("1985")
    put.press(K.Key_R, CTRL)
    assert page.banner.isHidden()


def test_a_warning_is_confirmed_in_place_with_a_reason(put: Stage, station: Station) -> None:
    page = go_on(put, whole_family().with_value("m1", "phone", ""))
    put.press(K.Key_R, CTRL)
    put.settle()
    put.press(K.Key_Return, CTRL)
    assert station.registered == []
    assert put.focus_name == "reason-0"
    put.keys("The family has no telephone")
    enter(put)
    put.settle()
    assert page.interview.open_warnings() == ()
    put.press(K.Key_Return, CTRL)
    put.settle()
    (draft,) = station.registered
    assert [one.reason for one in draft.confirmed] == ["The family has no telephone"]


def test_registering_shows_the_numbers_and_enter_begins_the_next_family(
    put: Stage, station: Station
) -> None:
    page = go_on(put, whole_family())
    put.press(K.Key_R, CTRL)
    put.settle()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert len(station.registered) == 1
    assert station.drafts == {}
    assert "H00001" in put.find(QLabel, "household-number").text()
    assert put.focus_name == "interview-next"
    enter(put)
    put.settle()
    assert page.interview.empty
    assert put.focus_name == "input-name"
    assert station.drafts == {}


def test_after_registering_a_draft_is_not_saved_again(put: Stage, station: Station) -> None:
    page = go_on(put, whole_family())
    put.keys("x")
    put.press(K.Key_R, CTRL)
    put.settle()
    put.press(K.Key_Return, CTRL)
    put.settle()
    page.on_hidden()
    put.settle()
    assert station.drafts == {}


def test_an_office_that_refuses_leaves_the_family_as_it_was(put: Stage, station: Station) -> None:
    page = go_on(put, whole_family())
    station.fails["register"] = RefusedError("not_enrolled", "This station has no grant yet.")
    put.press(K.Key_R, CTRL)
    put.settle()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert page.banner.sentence() == "This station has no grant yet."
    assert page.interview.raw("name", "m1") == "Amina Yusuf"
    assert put.find(QPushButton, "register").isEnabled()
    put.press(K.Key_F3)
    assert page.interview.subject == "m1"


def test_enter_never_registers(put: Stage, station: Station) -> None:
    page = go_on(put, whole_family())
    put.press(K.Key_R, CTRL)
    put.settle()
    enter(put, 3)
    put.settle()
    assert station.registered == []
    assert page.interview is not None


def test_unfinished_families_are_offered_and_one_can_be_gone_on_with(
    put: Stage, station: Station
) -> None:
    station.drafts["one"] = (whole_family(), NOW)
    page = put.page("interview")
    assert not page.interview
    assert put.focus_name == "interview-new"
    put.find(QPushButton, "draft-one").click()
    put.settle()
    assert page.interview.raw("name") == "Amina Yusuf"


def test_discarding_asks_for_the_reason(put: Stage, station: Station) -> None:
    station.drafts["one"] = (whole_family(), NOW)
    put.page("interview")
    put.find(QPushButton, "discard-one").click()
    assert list(station.drafts) == ["one"]
    put.dialogs.because = "The family left"
    put.find(QPushButton, "discard-one").click()
    put.settle()
    assert station.drafts == {}


def test_a_member_is_taken_out_by_a_key_that_f1_tells(put: Stage) -> None:
    page = go_on(put, whole_family().with_member({"name": "Kabir Yusuf"}))
    put.press(K.Key_F10, CTRL)
    assert len(page.interview.draft.members) == 2, "the head stays"
    put.press(K.Key_F4)
    assert "Ctrl+F10" in page.sitting.board.take_out.toolTip()
    put.press(K.Key_F10, CTRL)
    assert len(page.interview.draft.members) == 1
    assert any(key.sequence == "Ctrl+F10" for key in page.keys())  # noqa: SIM118 - a page is no dict
    page._put_back()
    page.sitting.read_back()
    put.press(K.Key_F10, CTRL)
    assert len(page.interview.draft.members) == 2, "nobody is in front when all is read back"


def test_a_member_taken_out_can_be_put_back(put: Stage) -> None:
    page = go_on(put, whole_family().with_member({"name": "Yusuf Ali", "relation": "spouse"}))
    assert page.sitting.board.take_out.isHidden()
    put.press(K.Key_F4)
    put.find(QPushButton, "take-out").click()
    assert page.interview.subjects == ("", "m1")
    assert "Yusuf Ali" in page.banner.sentence()
    page._put_back()
    assert page.interview.raw("name", "m2") == "Yusuf Ali"


def test_a_photo_is_taken_in_and_shown(put: Stage, station: Station, tmp_path: Path) -> None:
    picture = QImage(60, 80, QImage.Format.Format_RGB32)
    picture.fill(0xFF336699)
    file = tmp_path / "face.png"
    picture.save(str(file))
    page = go_on(put, whole_family())
    put.dialogs.file = file
    page.sitting.go_to(Target("m1", "photo"))
    assert put.focus_name == "photo-choose"
    put.press(K.Key_Space)
    put.settle()
    field = page.sitting.board.questions.field("photo")
    assert field.has_picture
    assert page.interview.raw("photo") == next(iter(station.photos)).hex()
    put.press(K.Key_F2)
    page.sitting.go_to(Target("m1", "photo"))
    put.settle()
    assert field.has_picture


def test_every_control_has_a_name_for_screen_readers(put: Stage) -> None:
    page = go_on(put, whole_family())
    for subject in ("m1", ""):
        for number in range(len(page.interview.steps_of(subject))):
            page.interview.go(subject, number)
            page.sitting.show_again()
            for widget in page.findChildren(QLineEdit) + page.findChildren(QPushButton):
                if widget.isVisibleTo(page):
                    assert widget.accessibleName() or widget.text(), widget.objectName()


@pytest.mark.parametrize("subject", ["m1", ""])
def test_no_page_of_questions_needs_to_be_scrolled(put: Stage, subject: str) -> None:
    page = go_on(put, whole_family().with_household("cause", "disaster"))
    for number in range(len(page.interview.steps_of(subject))):
        page.interview.go(subject, number)
        page.sitting.show_again()
        put.settle()
        sheet = page.sitting.board.questions.stack.currentWidget()
        room = sheet.viewport().height()
        assert sheet.inner.heightForWidth(sheet.viewport().width()) <= room, page.interview.step.id


def test_a_family_that_was_sent_back_shows_why_until_it_is_mended(
    put: Stage, station: Station
) -> None:
    station.drafts["mend-1"] = (whole_family(), NOW)
    station.reasons["mend-1"] = "A name is misspelt"
    page = put.page("interview")
    said = [label.text() for label in page.start.findChildren(QLabel)]
    assert any("A name is misspelt" in text for text in said)
    put.find(QPushButton, "draft-mend-1").click()
    put.settle()
    assert page.feed.returned() == "A name is misspelt"
    put.press(K.Key_R, CTRL)
    put.settle()
    assert put.frame.panel.isVisible()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert page.done._said.text() == "Mended. The family waits for review again."
    put.press(K.Key_Return)
    put.settle()
    assert page.feed.returned() == ""


def commit(text: str) -> None:
    """What an input method writes where the keyboard is."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(QApplication.focusWidget(), event)


ZAWGYI, UNICODE = "ႏွင္းခြန္းဆုန္", "နှင်းခွန်းဆုန်"


def test_burmese_typed_for_zawgyi_is_shown_in_unicode_and_can_be_had_back(
    put: Stage, station: Station
) -> None:
    page = put.page("interview")
    field = page.sitting.board.questions.field("name")
    commit(ZAWGYI)
    assert page.interview.raw("name") == ZAWGYI, "nothing changes under the keyboard"
    put.press(K.Key_Return)
    put.settle()
    assert page.interview.raw("name") == UNICODE == put.find(QLineEdit, "input-name").text()
    assert field.reading_shown()
    assert put.focus_name != "input-name", "Enter went on"
    put.press(K.Key_Backtab, SHIFT)
    assert put.focus_name == "as-typed-name", "by keyboard too"
    put.press(K.Key_Space)
    assert page.interview.raw("name") == ZAWGYI and not field.reading_shown()
    put.press(K.Key_Return)
    put.settle()
    assert page.interview.raw("name") == ZAWGYI, "once is enough"
    problems = {one.code for one in page.interview.open_warnings()}
    assert "zawgyi" in problems, "and what the forms make of it is asked about"
    put.press(K.Key_F10)
    put.settle()
    assert not field.reading_shown(), "another member has another name"


def test_what_was_converted_stays_so_for_whoever_comes_back(put: Stage) -> None:
    page = put.page("interview")
    field = page.sitting.board.questions.field("name")
    commit(ZAWGYI)
    put.press(K.Key_PageDown, CTRL)
    put.press(K.Key_PageUp, CTRL)
    put.settle()
    assert field.value() == UNICODE and field.reading_shown()
    put.find(QLineEdit, "input-name").setFocus()
    put.keys("x")
    assert not field.reading_shown(), "it is no more what was converted"


def test_the_model_is_read_on_the_worker_as_soon_as_somebody_sits_down(
    qtbot: Any, tmp_path: Path, station: Station
) -> None:
    burmese._detector.cache_clear()
    with stage(qtbot, tmp_path, twin(station), station=station) as put:
        put.settle()
        assert burmese._detector.cache_info().currsize == 1
