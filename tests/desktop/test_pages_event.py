"""Recording an event by keyboard, over an office in memory. All people invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.events.papers import PAPERS
from documents.templates.library import shipped
from forms.library import catalogue
from tests.desktop.field_office import Station, twin
from tests.desktop.invented_events import AMINA, FORM, EventOffice, nothing_read
from tests.desktop.other_offices import Others, RefusedError, others_twin, person_page
from tests.desktop.stage import Stage, stage

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def office() -> EventOffice:
    return EventOffice()


@pytest.fixture
def held() -> Others:
    return Others()


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, office: EventOffice, held: Others) -> Iterator[Stage]:
    with event_stage(qtbot, tmp_path, office, held) as made:
        yield made


def event_stage(qtbot: Any, folder: Path, office: EventOffice, held: Others, **more: Any) -> Any:
    """A stage whose offices know of events."""
    station = Station()
    offices = twin(station, **others_twin(held))
    offices.events = office
    offices.drafts = SimpleNamespace(
        **{name: one for name, one in vars(offices.drafts).items() if name != "list_events"},
        EventDraft=office.draft,
        save_event=office.save_event,
        load_event=office.load_event,
        list_events=office.list_events,
        discard_event=office.discard_event,
    )
    made = stage(qtbot, folder, offices, station=station, **more)
    return _with_a_store(made)


def _with_a_store(made: Any) -> Any:
    from contextlib import contextmanager

    @contextmanager
    def within() -> Iterator[Stage]:
        with made as put:
            put.desk.session.store.read = nothing_read
            yield put

    return within()


def pick(put: Stage, typed: str) -> None:
    """Choose an event by typing some of its name."""
    assert put.focus_name == "event-search"
    put.keys(typed)
    put.press(K.Key_Return)
    put.settle()


def test_an_event_is_found_by_typing_and_enter_opens_its_first_page(put: Stage) -> None:
    page = put.page("event")
    put.keys("xyz")
    assert page.start.picker.offers() == []
    put.press(K.Key_Escape)
    pick(put, "nam")
    assert page.filling is not None and page.filling.form is FORM
    assert put.focus_name == "input-date"
    assert put.frame.header.title() == "Naming feast"


def test_an_event_that_was_typed_before_the_list_came_is_in_front(put: Stage) -> None:
    put.frame.go("event", {})
    put.keys("nam")
    put.press(K.Key_Return)
    put.settle()
    page: Any = put.frame.page
    assert page.filling is not None and page.filling.form is FORM
    assert page.stack.currentWidget() is page.telling.board
    assert put.focus_name == "input-date"


def test_from_a_persons_page_the_person_has_the_part_that_fits(put: Stage) -> None:
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    assert page.filling.raw("mother") == {"person": AMINA.hex}
    assert page.filling.raw("father") is None


def test_when_several_parts_fit_one_is_asked(put: Stage, monkeypatch: Any) -> None:
    from desktop.events import inquiry

    monkeypatch.setattr(inquiry, "fitting", lambda form, person, today: form.people()[:2])
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    said = [button.text() for button in page.part.buttons]
    assert [button.accessibleName() for button in page.part.buttons] == [
        "1  Mother", "2  Father", "3  None of these",
    ], said  # fmt: skip
    put.keys("2")
    put.settle()
    assert page.filling.raw("father") == {"person": AMINA.hex}


def test_the_whole_way_to_the_signature(put: Stage, office: EventOffice) -> None:
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    put.keys("3.5.2026")
    put.press(K.Key_Return)
    put.settle()
    assert page.filling.raw("date")["text"] == "2026-05-03"
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert page.filling.reading_back
    said = " ".join(one.accessibleName() for one in page.summary.last.findChildren(QLabel))
    assert "Day of the feast: 3 May 2026." in said
    ((touched),) = page.summary.changes.shown()
    assert [(one.before, one.after) for one in touched.changes] == [("Single", "Married")]
    put.press(K.Key_Return, CTRL)
    put.settle()
    ((form, raw, confirmed),) = office.recorded
    assert form == "naming" and raw["mother"] == {"person": AMINA.hex} and confirmed == ()
    assert put.focus_name == "event-paper-print"
    assert office.drafts == {}
    put.find(QPushButton, "event-person-0").click()
    put.settle()
    assert put.frame.page is not None and put.frame.page.key == "person"


def test_what_must_be_mended_is_gone_to(put: Stage, office: EventOffice) -> None:
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert "once nothing is to mend" in page.summary.note.sentence()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert put.focus_name == "input-date"
    assert "1 thing has to be mended" in page.banner.sentence()
    assert office.recorded == []


def test_a_warning_is_given_a_reason_in_place(put: Stage, office: EventOffice) -> None:
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    put.keys("2026-05-03")
    page.telling._edited("held", "yes")
    page.telling._edited("guests", "250")
    put.press(K.Key_R, CTRL)
    put.settle()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert put.focus_name == "reason-0"
    put.keys("The whole camp came")
    put.press(K.Key_Return)
    put.settle()
    put.press(K.Key_Return, CTRL)
    put.settle()
    ((_form, _raw, confirmed),) = office.recorded
    assert [one.reason for one in confirmed] == ["The whole camp came"]


def test_what_was_typed_is_kept_and_gone_on_with(put: Stage, office: EventOffice) -> None:
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    put.keys("2026-05")
    put.press(K.Key_Return)
    put.settle()
    ((identity, draft),) = office.drafts.items()
    assert identity.startswith("event-")
    assert draft.raw["date"]["text"] == "2026-05" and draft.persons == {AMINA.hex: "آمنة يوسف"}
    put.press(K.Key_N, CTRL)
    put.settle()
    go_on = put.find(QPushButton, f"draft-{identity}")
    go_on.click()
    put.settle()
    assert page.filling.raw("date")["text"] == "2026-05"
    put.press(K.Key_N, CTRL)
    put.settle()
    put.dialogs.because = "Told twice"
    put.find(QPushButton, f"discard-{identity}").click()
    put.settle()
    assert office.drafts == {}


def test_coming_back_to_the_page_is_coming_back_to_the_event(put: Stage) -> None:
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    put.keys("2026-05")
    put.page("find")
    put.frame.back()
    put.settle()
    assert page.filling is not None and page.filling.raw("date")["text"] == "2026-05"
    assert put.focus_name in ("input-date", "choice-held-yes")


def test_back_from_the_first_page_leads_to_the_list_and_loses_nothing(
    put: Stage, office: EventOffice
) -> None:
    put.page("event", person=AMINA)
    pick(put, "nam")
    put.keys("2026-05")
    put.press(K.Key_Return, SHIFT)
    put.settle()
    assert put.focus_name == "event-search"
    assert len(office.drafts) == 1


def test_a_refusal_of_the_office_is_said_and_nothing_is_lost(
    put: Stage, office: EventOffice
) -> None:
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    put.keys("2026-05-03")
    office.fails = RefusedError("unknown_person", "The person is not here any more.")
    for _ in range(2):
        put.press(K.Key_Return, CTRL)
        put.settle()
    assert page.banner.sentence() == "The person is not here any more."
    office.fails = None
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert len(office.recorded) == 1


@pytest.mark.parametrize("late", [True, False])
def test_what_was_made_is_said(put: Stage, office: EventOffice, late: bool) -> None:
    office.made = SimpleNamespace(
        event=AMINA, created=AMINA, created_number="WST-A01-K7Q-P00099-31", registration=AMINA,
        document="naming", blocked=("No document: the child is under 18.",), late=late,
    )  # fmt: skip
    page = put.page("event", person=AMINA)
    pick(put, "nam")
    put.keys("2026-05-03")
    for _ in range(2):
        put.press(K.Key_Return, CTRL)
        put.settle()
    assert "P00099" in put.find(QLabel, "created-number").text()
    assert page.done._paper.isHidden()
    assert "under 18" in put.find(type(page.done._blocked), "event-blocked").accessibleName()
    assert page.done._late.isHidden() is not late
    put.press(K.Key_P, CTRL)
    put.settle()
    assert put.frame.page is not None and put.frame.page.key == "documents"


def test_a_supervisor_is_not_offered_what_registers_a_person(
    qtbot: Any, tmp_path: Path, office: EventOffice, held: Others
) -> None:
    import dataclasses

    from forms.definition import Effects

    office.forms = [
        FORM,
        dataclasses.replace(FORM, id="birth", title="Birth", effects=Effects(creates={"a": "b"})),
    ]
    with event_stage(qtbot, tmp_path, office, held, role="supervisor") as put:
        page = put.page("event")
        assert [one.form for one in page.start.picker.offers()] == ["naming"]


def test_about_somebody_else(put: Stage, held: Others) -> None:
    held.person = person_page()
    page = put.page("event", person=AMINA)
    assert page.about is not None
    put.find(QPushButton, "event-drop-person").click()
    assert page.about is None


def test_every_paper_about_an_event_has_a_name() -> None:
    told = {
        (shown.id if (shown := shipped().for_form(form.id)) else form.document)
        for form in catalogue().events()
        if form.document
    }
    assert told == set(PAPERS)


def test_no_page_of_an_event_needs_to_be_scrolled(
    qtbot: Any, tmp_path: Path, office: EventOffice, held: Others
) -> None:
    """Not even with every question that another answer may bring."""
    office.forms = [form for form in catalogue().events() if form.id != "correction"]
    office.check = lambda session, form_id, raw: []  # type: ignore[method-assign,assignment]  # not looked at here
    with event_stage(qtbot, tmp_path, office, held) as put:
        for form in office.forms:
            page = put.page("event", form=form.id)
            for number, step in enumerate(page.filling.steps):
                page.filling.jump(number)
                page.telling.show_again()
                questions = page.telling.board.questions
                for field in questions.fields().values():
                    field.show()
                put.settle()
                sheet = questions.stack.currentWidget()
                width, room = sheet.viewport().width(), sheet.viewport().height()
                assert sheet.inner.heightForWidth(width) <= room, (form.id, step.id)
