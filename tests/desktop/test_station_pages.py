"""Find, person, review, documents, verify: by keyboard, over twins."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.pages.verdicts import VerdictCard
from desktop.paper_dialog import PaperAnswer
from tests.desktop.field_office import NOW, Station, hit, person_id, twin
from tests.desktop.other_offices import (
    Others,
    RefusedError,
    others_twin,
    person_page,
    print_row,
    print_run,
    review_row,
    verification,
)
from tests.desktop.stage import Stage, stage

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture
def held() -> Others:
    return Others()


@pytest.fixture
def role() -> str:
    return "supervisor"


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, station: Station, held: Others, role: str) -> Iterator[Stage]:
    offices = twin(station, **others_twin(held))
    with stage(qtbot, tmp_path, offices, station=station, role=role) as made:
        yield made


# find ------------------------------------------------------------------------------------


def test_people_appear_while_typing_and_enter_opens_the_likeliest(
    put: Stage, station: Station
) -> None:
    station.hits = [hit(17, "Amina Yusuf", birth="1985~"), hit(18, "Amina Noor")]
    page = put.page("find")
    put.keys("amina")
    put.qtbot.waitUntil(lambda: len(page.table.rows()) == 2)
    assert put.focus_name == "find-query"
    put.press(K.Key_Return)
    put.settle()
    assert put.frame.page is not None
    assert put.frame.page.key == "person"


def test_enter_before_the_answer_opens_the_first_when_it_comes(
    put: Stage, station: Station, held: Others
) -> None:
    station.hits = [hit(17, "Amina Yusuf")]
    put.page("find")
    put.keys("amina")
    put.press(K.Key_Return)
    put.settle()
    assert held.calls("person") == [person_id(17)]


def test_down_goes_into_the_list_and_enter_opens_that_row(
    put: Stage, station: Station, held: Others
) -> None:
    station.hits = [hit(17, "Amina Yusuf"), hit(18, "Amina Noor")]
    page = put.page("find", query="amina")
    assert len(page.table.rows()) == 2
    put.press(K.Key_Down)
    put.press(K.Key_Down)
    put.press(K.Key_Return)
    put.settle()
    assert held.calls("person") == [person_id(18)]


def test_nobody_found_says_what_to_try(put: Stage) -> None:
    page = put.page("find", query="nobody")
    assert page.stack.currentWidget() is page._nobody


@pytest.mark.parametrize(("role", "offered"), [("officer", True), ("supervisor", False)])
def test_only_an_officer_is_offered_to_register_a_family(put: Stage, offered: bool) -> None:
    page = put.page("find", query="nobody")
    assert (page._nobody.button is not None) is offered


# person ----------------------------------------------------------------------------------


def test_a_person_is_shown_with_household_timeline_and_documents(put: Stage) -> None:
    page = put.page("person", person=person_id(17))
    assert put.find(QLabel, "person-name").text() == "آمنة يوسف"
    assert put.find(QLabel, "person-latin").text() == "Amina Yusuf"
    assert "about 41" in put.find(QLabel, "person-line").text()
    assert "WST-R-0000042-17" in put.find(QLabel, "person-number").text()
    assert page.status.text() == "Reviewed"
    assert [one.title for one in page.timeline.moments()][:2] == [
        "Registration document",
        "Approved",
    ]


def test_a_member_of_the_household_is_a_link(put: Stage, held: Others) -> None:
    page = put.page("person", person=person_id(17))
    every = page.household.findChildren(QPushButton)
    links = [link for link in every if link.objectName() != "household-change"]
    assert [link.text() for link in links] == ["Yusuf Ali", "Layla Yusuf"]
    links[0].click()
    put.settle()
    assert held.calls("person")[-1] == person_id(18)


def test_the_past_of_a_fact_unfolds(put: Stage) -> None:
    page = put.page("person", person=person_id(17))
    assert not page.facts.past_is_open("birth")
    put.find(QPushButton, "history-birth").click()
    assert page.facts.past_is_open("birth")
    said = " ".join(label.text() for label in page.facts.findChildren(QLabel))
    assert "became" in said
    assert "Said so when reading back" in said


def test_a_conflict_is_told(put: Stage, held: Others) -> None:
    held.person = person_page(conflicts=("Date of birth",))
    page = put.page("person", person=person_id(17))
    assert "Date of birth" in page.conflict.sentence()
    assert not page.conflict.isHidden()


def test_printing_leads_to_the_documents_with_the_person_chosen(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Yusuf Ali"), print_row(17, "Amina Yusuf")]
    put.page("person", person=person_id(17))
    put.press(K.Key_P, CTRL)
    put.settle()
    page: Any = put.frame.page
    assert page.key == "documents"
    assert [one.person for one in page.table.selected()] == [person_id(17)]


@pytest.mark.parametrize(("role", "offered"), [("auditor", False), ("officer", True)])
def test_only_those_who_may_print_are_offered_to(put: Stage, offered: bool) -> None:
    page = put.page("person", person=person_id(17))
    assert page.print.isHidden() is not offered


def test_a_person_who_is_not_here_is_said_so(put: Stage, held: Others) -> None:
    held.fails["person"] = RefusedError("unknown_person", "This person is not in this workspace.")
    page = put.page("person", person=person_id(99))
    assert page.banner.sentence() == "This person is not in this workspace."


# review ----------------------------------------------------------------------------------


def test_a_approves_and_goes_to_the_next(put: Stage, held: Others) -> None:
    held.waiting = [review_row(1, "Amina Yusuf"), review_row(2, "Yusuf Ali")]
    page = put.page("review")
    first = page.table.selected()[0].registration
    put.press(K.Key_A)
    put.settle()
    assert held.calls("approve") == [[first]]
    assert [one.head_name for one in page.table.selected()] == ["Yusuf Ali"]


def test_ones_own_family_cannot_be_approved(put: Stage, held: Others) -> None:
    held.waiting = [review_row(1, "Amina Yusuf", own=True)]
    page = put.page("review")
    assert not page.approve.isEnabled()
    put.press(K.Key_A)
    put.settle()
    assert held.calls("approve") == []
    assert "Another supervisor" in page.banner.sentence()
    assert not page.beside.own.isHidden()


def test_sending_back_needs_a_reason(put: Stage, held: Others) -> None:
    held.waiting = [review_row(1, "Amina Yusuf")]
    page = put.page("review")
    put.press(K.Key_S)
    put.settle()
    assert held.calls("send_back") == []
    put.dialogs.because = "A name is misspelt"
    put.press(K.Key_S)
    put.settle()
    assert held.calls("send_back") == [(person_id(5001), "A name is misspelt")]
    assert page.table.rows() == []


def test_j_and_k_move_through_the_list(put: Stage, held: Others) -> None:
    held.waiting = [review_row(1, "Amina Yusuf"), review_row(2, "Yusuf Ali")]
    page = put.page("review")
    put.press(K.Key_J)
    assert page.table.selected()[0].head_name == "Yusuf Ali"
    put.settle()
    assert page.beside._name.text() == "Yusuf Ali"
    put.press(K.Key_K)
    assert page.table.selected()[0].head_name == "Amina Yusuf"


def test_all_without_flags_are_approved_at_once_but_not_ones_own(put: Stage, held: Others) -> None:
    held.waiting = [
        review_row(1, "Amina Yusuf", flags=("Under 18",)),
        review_row(2, "Yusuf Ali"),
        review_row(3, "Marta Kovalenko", own=True),
        review_row(4, "Layla Noor"),
    ]
    put.page("review")
    put.find(QPushButton, "review-all").click()
    put.settle()
    assert held.calls("approve") == [[person_id(5002), person_id(5004)]]


def test_an_empty_queue_says_what_the_page_is_for(put: Stage) -> None:
    page = put.page("review")
    assert page._side.isHidden()
    assert page.table.rows() == []


# documents -------------------------------------------------------------------------------


def test_the_chosen_page_is_previewed_and_nothing_is_issued(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf")]
    page = put.page("documents")
    put.qtbot.waitUntil(lambda: page.paper.has_page)
    assert held.calls("issue") == []
    target, language = held.calls("preview")[0]
    assert (target.type, target.subject, language) == ("registration", person_id(11), None)


def test_printing_issues_once_and_hands_the_pages_to_the_printer(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf"), print_row(12, "Yusuf Ali")]
    page = put.page("documents")
    put.press(K.Key_A, CTRL)
    put.press(K.Key_P, CTRL)
    put.settle()
    ((targets, language, reason),) = held.calls("issue")
    assert [one.subject for one in targets] == [person_id(11), person_id(12)]
    assert (language, reason) == (None, "")
    assert put.dialogs.prints[0].startswith(b"%PDF")
    assert page.banner.sentence() == "2 documents printed"


def test_a_printer_that_fails_can_be_tried_again_without_issuing_again(
    put: Stage, held: Others
) -> None:
    held.printable = [print_row(11, "Amina Yusuf")]
    page = put.page("documents")
    put.dialogs.printed = False
    put.press(K.Key_P, CTRL)
    put.settle()
    assert "issued, but not printed" in page.banner.sentence()
    put.dialogs.printed = True
    page._send_to_printer()
    assert len(held.calls("issue")) == 1
    assert len(put.dialogs.prints) == 2


def test_a_family_document_is_issued_once_for_the_household(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf"), print_row(12, "Yusuf Ali")]
    page = put.page("documents")
    put.find(QPushButton, "choice-type-household").click()
    put.find(QPushButton, "choice-type-household").setFocus()
    page.table.view.selectAll()
    put.press(K.Key_P, CTRL)
    put.settle()
    ((targets, _, _),) = held.calls("issue")
    assert [(one.type, one.subject) for one in targets] == [("household", person_id(7001))]


def test_printing_again_asks_why(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf", issued=date(2026, 11, 3))]
    page = put.page("documents")
    assert page.table.rows() == []
    page = put.page("documents", persons=[person_id(11)])
    put.press(K.Key_P, CTRL)
    put.settle()
    assert held.calls("issue") == []
    put.dialogs.paper_answer = PaperAnswer("lost", "on the road", "other", name="A. Neighbour")
    put.press(K.Key_P, CTRL)
    put.settle()
    assert held.calls("issue")[0][2] == "lost"
    handed, fresh = held.calls("handed")[0]
    assert handed.collector == ("other", "A. Neighbour", "") and not fresh


def test_what_was_printed_today_is_left_out_unless_asked(put: Stage, held: Others) -> None:
    """Whoever prints for one person wants that paper; a queue says what is left out."""
    held.printable = [
        print_row(at, f"Amina Yusuf {at}", issued=date(2026, 11, 15)) for at in (11, 12)
    ]
    page = put.page("documents")
    put.find(QPushButton, "choice-which-all").click()
    for chosen, today, once in ((2, False, True), (2, True, False), (1, True, False)):
        page.table.view.selectAll() if chosen == 2 else page.table.select_first()
        put.dialogs.paper_answer = PaperAnswer("again", today=today)
        put.press(K.Key_P, CTRL)
        put.settle()
        assert held.calls("once")[-1] == once


def test_what_ends_soon_is_renewed_without_asking_why(put: Stage, held: Others) -> None:
    held.printable = [
        print_row(11, "Amina Yusuf", issued=date(2026, 6, 3)),
        print_row(12, "Yusuf Ali", issued=date(2026, 11, 3)),
        print_row(13, "Layla Yusuf"),
    ]
    page = put.page("documents")
    put.find(QPushButton, "choice-which-ending").click()
    assert [one.name for one in page.table.rows()] == ["Amina Yusuf"]
    page.table.view.selectAll()
    put.press(K.Key_P, CTRL)
    put.settle()
    assert held.calls("handed")[0][1] is True


def test_a_queue_is_narrowed_to_a_block(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf"), print_row(20, "Yusuf Ali")]
    page = put.page("documents")
    page.place.editor.setFocus()
    put.keys("b-2")
    assert [one.name for one in page.table.rows()] == ["Yusuf Ali"]


def test_what_was_left_out_is_told_with_its_reason(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf"), print_row(12, "Yusuf Ali")]
    held.skipped = [
        SimpleNamespace(
            person="WST-A01-K7Q-P00012-31", type="registration", code="unread",
            sentence="The code on the page could not be read back, so the document was not "
            "issued. Try it again; if it happens again, tell the administrator.",
        )
    ]  # fmt: skip
    page = put.page("documents")
    put.press(K.Key_P, CTRL)
    put.settle()
    assert not page.left_out.isHidden()
    assert "could not be read back" in page.left_out.sentences()
    assert "1 was left out" in page.banner.sentence()


def test_nothing_is_issued_when_no_file_was_chosen(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf")]
    put.page("documents")
    put.press(K.Key_S, CTRL)
    put.settle()
    assert held.calls("issue") == []


def test_a_jam_is_mended_by_keyboard(put: Stage, held: Others) -> None:
    held.runs = [print_run(1)]
    put.page("documents")
    put.press(K.Key_J, CTRL)
    put.settle()
    page = put.frame.page
    assert page.key == "sheets"
    put.keys("wst a01 k7q d00004 11")
    put.press(K.Key_Return)
    put.settle()
    assert held.calls("after_a_jam") == ["wst a01 k7q d00004 11"]
    assert page.banner.sentence() == "2 documents printed again"


def test_what_became_of_blank_forms_is_told_and_a_spoiled_one_is_accounted_for(
    put: Stage, held: Others
) -> None:
    held.blank = [
        SimpleNamespace(number=number, printed=NOW, state=state, at=None if state == "out" else NOW)
        for number, state in (
            ("WST-A01-K7Q-F00003-03", "out"),
            ("WST-A01-K7Q-F00002-06", "returned"),
            ("WST-A01-K7Q-F00001-09", "spoiled"),
        )
    ]
    page = put.page("blank")
    assert "Printed: 3 · typed in: 1 · spoiled: 1 · unaccounted for: 1" in page.summary.text()
    assert [one.number for one in page.table.rows()] == ["WST-A01-K7Q-F00003-03"]
    page.which.set_value("all")
    page._show()
    assert len(page.table.rows()) == 3
    page.table.select(lambda one: one.state == "returned")
    assert not page.spoiled.isEnabled()
    page.table.select(lambda one: one.state == "out")
    assert page.spoiled.isEnabled()
    page.spoiled.click()
    put.settle()
    sheets = put.frame.page
    assert (sheets.key, sheets.stock.value()) == ("sheets", "WST-A01-K7Q-F00003-03")


def test_a_spoiled_sheet_is_accounted_for(put: Stage, held: Others) -> None:
    page = put.page("sheets")
    assert not page.account.isEnabled()
    page.stock.editor.setFocus()
    put.keys("0001842")
    put.press(K.Key_Return)
    put.settle()
    assert held.calls("spoiled") == [{"code": "jam", "number": "", "stock": "0001842", "words": ""}]
    assert [one.stock for one in page.spoiled.rows()] == ["0001842"]
    assert page.stock.value() == ""


def test_saving_writes_the_file_and_says_that_it_is_not_encrypted(
    put: Stage, held: Others, tmp_path: Path
) -> None:
    held.printable = [print_row(11, "Amina Yusuf")]
    page = put.page("documents")
    put.dialogs.saved_as = tmp_path / "document.pdf"
    put.press(K.Key_S, CTRL)
    put.settle()
    assert (tmp_path / "document.pdf").read_bytes().startswith(b"%PDF")
    assert "not encrypted" in page.banner.sentence()


def test_a_doubtful_clock_is_confirmed_before_printing(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf")]
    held.doubt = SimpleNamespace(shown=datetime(2001, 1, 1, 8, tzinfo=UTC), latest=NOW, behind=True)
    page = put.page("documents")
    assert page.doubt.sentence().startswith("The clock shows 1 January 2001")
    page.doubt.findChild(QPushButton).click()
    put.settle()
    assert len(held.calls("confirm_clock")) == 1
    assert page.doubt.isHidden()


def test_what_was_issued_is_forgotten_when_the_window_locks(put: Stage, held: Others) -> None:
    held.printable = [print_row(11, "Amina Yusuf")]
    page = put.page("documents")
    put.press(K.Key_P, CTRL)
    put.settle()
    assert page._issued is not None
    put.frame.before_lock()
    assert page._issued is None
    assert not page.paper.has_page


# verify ----------------------------------------------------------------------------------

SENTENCE = "The signature is good and the document is in force."


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        ("valid", "Valid"),
        ("expired", "Expired"),
        ("not_yet_valid", "Not valid yet"),
        ("revoked", "Withdrawn"),
        ("unknown_key", "Unknown signature"),
        ("forged", "Forged"),
        ("unreadable", "Not readable"),
    ],
)
def test_each_verdict_has_one_plain_word(put: Stage, held: Others, verdict: str, word: str) -> None:
    held.verification = verification(verdict, SENTENCE)
    put.page("verify")
    put.keys("NCF")
    put.press(K.Key_Return)
    put.settle()
    assert held.calls("verify_text") == ["NCF"]
    assert put.find(QLabel, "verdict-word").text() == word
    assert put.find(QLabel, "verdict-sentence").text() == SENTENCE
    (card,) = put.frame.findChildren(VerdictCard)
    assert card._trusted.isHidden() is (verdict in ("valid", "expired", "unreadable"))


def test_a_verdict_has_the_same_word_wherever_it_is_read() -> None:
    from desktop.pages import verdicts
    from documents.verifier_words import VERDICTS

    assert {verdict: word for verdict, (word, _, _) in verdicts.VERDICTS.items()} == VERDICTS


def test_the_claims_are_shown_to_be_compared(put: Stage, held: Others) -> None:
    held.verification = verification("valid", SENTENCE)
    put.page("verify")
    put.keys("NCF")
    put.press(K.Key_Return)
    put.settle()
    facts = dict(put.frame.findChild(VerdictCard).facts.facts())
    assert facts["Name"] == "آمنة يوسف"
    assert facts["Born"] == "about 1985, age about 41"
    assert facts["Sex"] == "Female"
    assert facts["Nationality as declared"] == "Somalia"
    assert facts["Household"] == "3 persons"
    assert "Provisional household attestation" in facts["Document"]
    assert "WST-A01-K7Q-D00003-11" in facts["Document number"]
    assert facts["Valid until"] == "30 April 2027"  # it ends with that day
    assert "12 days old" in put.find(QLabel, "verify-trust").text()


def test_a_file_with_several_codes_shows_every_one_of_them(
    put: Stage, held: Others, tmp_path: Path
) -> None:
    held.verification = verification("valid", SENTENCE, codes=3)
    put.page("verify")
    put.dialogs.file = tmp_path / "papers.pdf"
    put.press(K.Key_O, CTRL)
    put.settle()
    assert held.calls("search_file") == [tmp_path / "papers.pdf"]
    assert held.calls("judge_all") == ["what was found"]
    assert [card.place.text() for card in put.frame.findChildren(VerdictCard)] == [
        "Code 1 of 3 · Page 1", "Code 2 of 3 · Page 1", "Code 3 of 3 · Page 1",
    ]  # fmt: skip
    assert put.find(QLabel, "verdict-summary").text() == "Valid: 3"


def test_the_worst_stands_first_and_what_was_not_looked_at_is_said(
    put: Stage, held: Others, tmp_path: Path
) -> None:
    many = verification("valid", SENTENCE, codes=20)
    many.results = (
        *many.results,
        verification("forged", "It does not fit.").results[0],
        verification("unreadable", "From this page on nothing was looked at.").results[0],
    )
    held.verification = many
    page = put.page("verify")
    put.dialogs.file = tmp_path / "papers.pdf"
    put.press(K.Key_O, CTRL)
    put.settle()

    def shown() -> list[str]:
        cards = [one for one in put.frame.findChildren(VerdictCard) if not one.isHidden()]
        return [one.word.text() for one in cards]

    assert shown() == ["Not readable", "Forged", *["Valid"] * 8]
    assert put.find(QLabel, "verdict-summary").text() == "Not readable: 1 · Forged: 1 · Valid: 20"
    assert page.verdicts.which.text() == "1 to 10 of 22"
    put.press(K.Key_PageDown, CTRL)
    assert shown() == ["Valid"] * 10
    put.press(K.Key_PageDown, CTRL)
    put.press(K.Key_PageDown, CTRL)
    assert page.verdicts.which.text() == "21 to 22 of 22"
    put.press(K.Key_PageUp, CTRL)
    assert page.verdicts.which.text() == "11 to 20 of 22"


def test_a_file_that_takes_long_holds_up_nobody(put: Stage, held: Others, tmp_path: Path) -> None:
    asked: list[Callable[[], bool]] = []
    ended = threading.Event()

    def looking(stopped: Callable[[], bool]) -> None:
        asked.append(stopped)
        while not stopped():
            ended.wait(0.01)
        ended.set()

    held.looking = looking
    held.verification = verification("valid", SENTENCE)
    page = put.page("verify")
    put.dialogs.file = tmp_path / "hostile.pdf"
    put.press(K.Key_O, CTRL)
    put.qtbot.waitUntil(lambda: bool(asked))
    answers: list[str] = []
    put.desk.read(lambda _work: "answered", done=answers.append, parent=page)
    put.qtbot.waitUntil(lambda: answers == ["answered"])
    assert not ended.is_set()
    put.page("sync")
    assert ended.is_set()
    assert held.calls("judge_all") == []
    put.page("verify")
    assert page.verdicts.isHidden()


def test_what_was_checked_does_not_stay_on_the_screen(put: Stage, held: Others) -> None:
    held.verification = verification("valid", SENTENCE)
    page = put.page("verify")
    put.keys("NCF")
    put.press(K.Key_Return)
    put.settle()
    put.page("sync")
    put.page("verify")
    assert page.verdicts.isHidden()
    assert page.text.text() == ""


@pytest.mark.parametrize("role", ["administrator"])
def test_an_administrator_saves_the_page_for_verifiers(
    put: Stage, held: Others, tmp_path: Path
) -> None:
    page = put.page("verify")
    put.dialogs.saved_as = tmp_path / "verifier.html"
    put.find(QPushButton, "verify-page-for-others").click()
    put.settle()
    assert held.calls("page") == [tmp_path / "verifier.html"]
    assert "trusts 3 keys" in page.banner.sentence()


def test_others_are_not_offered_the_page_for_verifiers(put: Stage) -> None:
    assert put.page("verify").for_others.isHidden()


def test_a_station_without_a_grant_cannot_verify_and_says_so(put: Stage, held: Others) -> None:
    held.fails["verify_text"] = RefusedError("not_enrolled", "This station has no grant yet.")
    page = put.page("verify")
    put.keys("NCF")
    put.press(K.Key_Return)
    put.settle()
    assert page.banner.sentence() == "This station has no grant yet."


def test_times_of_today_are_short(put: Stage, held: Others) -> None:
    held.waiting = [review_row(1, "Amina Yusuf")]
    held.waiting[0].at = NOW - timedelta(days=3)
    page = put.page("review")
    model = page.table.view.model()
    assert model.data(model.index(0, 3)) == "18 November 2026"


def test_who_was_never_asked_about_a_document_is_told_where_one_prints(
    put: Stage, held: Others
) -> None:
    held.printable = [print_row(17, "Amina Yusuf", unasked=True), print_row(18, "Yusuf Ali")]
    page = put.page("documents", persons=[person_id(17)])
    put.settle()
    assert "not recorded for 1 person" in page.unasked.accessibleName()
    assert not page.unasked.isHidden() and page.print.isEnabled(), "nothing is held up"
    page.table.select(lambda one: one.person == person_id(18))
    put.settle()
    assert page.unasked.isHidden()
