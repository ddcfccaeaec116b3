"""Reading what is sealed, and the audit of it: by keyboard. All people invented."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.pages import PAGES
from tests.desktop.field_office import Station, person_id, twin
from tests.desktop.other_offices import (
    Others,
    RefusedError,
    audit_row,
    others_twin,
    person_page,
)
from tests.desktop.stage import Stage, stage
from tests.desktop.test_pages_over_real_offices import desk_of
from tests.places import Site, listing, row

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
REASON = "To help or protect this person"


@pytest.fixture
def held() -> Others:
    made = Others()
    made.person = person_page(sealed=True)
    made.sealed = {person_id(17): ["LP-AN", "LP-IH"], person_id(18): ["LP-WP"]}
    made.audit = [audit_row(17, REASON), audit_row(18, "The person asks", days=3)]
    return made


@pytest.fixture
def role() -> str:
    return "registrar"


@pytest.fixture
def kind() -> str:
    return "registry"


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, held: Others, role: str, kind: str) -> Iterator[Stage]:
    station = Station()
    offices = twin(station, **others_twin(held))
    with stage(qtbot, tmp_path, offices, station=station, role=role, kind=kind) as made:
        yield made


def said(page: Any) -> list[str]:
    return [need.label for need in page.sealed.needs()]


def opened(put: Stage) -> Any:
    """The page of a person whose sealed needs are open."""
    page = put.page("person", person=person_id(17))
    put.dialogs.because = REASON
    put.press(K.Key_R, CTRL)
    put.settle()
    assert said(page) == ["Abuse or neglect", "In hiding"]
    return page


class TestReading:
    """The reason first, the needs in words, and nothing left behind."""

    def test_the_reason_goes_with_the_reading(self, put: Stage, held: Others) -> None:
        page = opened(put)
        assert held.calls("read_needs") == [(person_id(17), REASON)]
        assert put.focus_name == "sealed-close"
        shown = {one.text() for one in page.sealed.findChildren(QLabel) if one.isVisible()}
        assert {"Abuse or neglect", "In hiding"} <= shown
        assert page.sealed._open.accessibleName() == "Abuse or neglect, In hiding"

    def test_without_a_reason_nothing_is_read(self, put: Stage, held: Others) -> None:
        page = put.page("person", person=person_id(17))
        put.find(QPushButton, "sealed-read").setFocus()
        put.press(K.Key_Space)
        put.settle()
        assert [asked for asked, _ in put.dialogs.asked] == ["reason"]
        assert held.calls("read_needs") == []
        assert said(page) == []

    def test_it_can_be_closed_again(self, put: Stage) -> None:
        page = opened(put)
        put.press(K.Key_Space)
        assert said(page) == []
        assert put.focus_name == "sealed-read"
        words_left = " ".join(one.text() for one in page.sealed.findChildren(QLabel))
        assert "Abuse" not in words_left or not page.sealed._open.isVisible()

    @pytest.mark.parametrize("way", ["home", "person", "lock"])
    def test_it_is_gone_when_the_page_is_left(self, put: Stage, way: str) -> None:
        page = opened(put)
        if way == "home":
            put.page("home")
        elif way == "lock":
            put.frame.before_lock()
        else:
            put.page("person", person=person_id(18))
        assert said(page) == []
        put.page("person", person=person_id(17))
        assert said(page) == []
        put.qtbot.waitUntil(
            lambda: all("Abuse" not in one.text() for one in page.findChildren(QLabel))
        )

    def test_what_comes_after_the_page_was_left_is_not_shown(
        self, put: Stage, held: Others, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gate = threading.Event()
        page = put.page("person", person=person_id(17))
        put.dialogs.because = REASON
        asked = held.called

        def slowly(name: str, value: Any = None) -> None:
            asked(name, value)
            if name == "read_needs":
                assert gate.wait(60)

        monkeypatch.setattr(held, "called", slowly)
        put.press(K.Key_R, CTRL)
        put.press(K.Key_R, CTRL)  # asked once
        put.frame.go("person", person=person_id(18))
        gate.set()
        put.settle()
        assert len(held.calls("read_needs")) == 1
        assert page.reading.person == person_id(18)
        assert said(page) == []

    def test_a_refusal_is_said(self, put: Stage, held: Others) -> None:
        held.fails["read_needs"] = RefusedError("role", "Only a registrar reads what is sealed.")
        page = put.page("person", person=person_id(17))
        put.dialogs.because = REASON
        put.press(K.Key_R, CTRL)
        put.settle()
        assert page.banner.sentence() == "Only a registrar reads what is sealed."
        assert put.find(QPushButton, "sealed-read").isEnabled()

    def test_a_person_with_nothing_sealed_has_no_such_place(self, put: Stage, held: Others) -> None:
        held.person = person_page()
        page = put.page("person", person=person_id(17))
        put.dialogs.because = REASON
        put.press(K.Key_R, CTRL)
        put.settle()
        assert page.sealed.isHidden()
        assert held.calls("read_needs") == []

    @pytest.mark.parametrize(
        ("kind", "role"),
        [
            ("registry", "clerk"),
            ("registry", "auditor"),
            ("registry", "administrator"),
            ("station", "officer"),
            ("station", "supervisor"),
        ],
    )
    def test_nobody_but_a_registrar_is_offered_it(self, put: Stage, held: Others) -> None:
        page = put.page("person", person=person_id(17))
        assert page.sealed.isHidden()
        put.dialogs.because = REASON
        put.press(K.Key_R, CTRL)
        put.settle()
        assert held.calls("read_needs") == []


class TestAudit:
    """The lines, and who may look."""

    @pytest.mark.parametrize("role", ["auditor"])
    def test_the_newest_line_comes_first_and_leads_to_the_person(
        self, put: Stage, held: Others
    ) -> None:
        page = put.page("audit")
        assert [one.detail for one in page.table.shown()] == [REASON, "The person asks"]
        assert put.focus_name == "view-audit"
        model = page.table.view.model()
        cells = [str(model.index(0, place).data()) for place in range(model.columnCount())]
        assert cells[1:4] == ["Yusuf A.", "Read what is sealed", REASON]
        assert "WST-R-0000017-17" in cells[4]
        put.press(K.Key_Down)
        put.press(K.Key_Return)
        put.settle()
        assert put.frame.page is not None
        assert put.frame.page.key == "person"
        assert held.calls("person")[-1] == person_id(18)

    @pytest.mark.parametrize("role", ["administrator"])
    def test_an_act_that_came_later_is_said_by_its_code(self, put: Stage, held: Others) -> None:
        strange = audit_row(1, "")
        strange.act, strange.subject, strange.number = "office.moved", "somewhere else", ""
        held.audit = [strange]
        page = put.page("audit")
        model = page.table.view.model()
        assert model.index(0, 2).data() == "office.moved"
        assert "somewhere else" in model.index(0, 4).data()
        put.press(K.Key_Return)
        put.settle()
        assert put.frame.page is page

    @pytest.mark.parametrize("role", ["auditor"])
    def test_an_empty_audit_says_what_stands_there(self, put: Stage, held: Others) -> None:
        held.audit = []
        page = put.page("audit")
        assert page.said.text() == ""
        assert "Nothing sealed was read yet" in {
            one.text() for one in page.findChildren(QLabel) if one.isVisible()
        }

    @pytest.mark.parametrize("role", ["auditor"])
    def test_a_long_audit_says_that_there_is_more(self, put: Stage, held: Others) -> None:
        held.audit = [audit_row(number, REASON) for number in range(500)]
        page = put.page("audit")
        assert "The newest 500 lines" in page.said.text()

    @pytest.mark.parametrize("office", ["station", "registry"])
    def test_who_finds_it_on_the_rail(self, office: str) -> None:
        (entry,) = [one for one in PAGES if one.key == "audit"]
        roles = ("officer", "supervisor", "clerk", "registrar", "auditor", "administrator")
        assert entry.on_rail
        assert [role for role in roles if entry.open_to(office, role)] == [
            "auditor",
            "administrator",
        ]


def test_a_reading_stands_in_the_audit_of_the_real_registry(
    qtbot: Any, site: Site, tmp_path: Path
) -> None:
    site.take_in(listing(row("H-1", "head", "Banin Orlok", needs="LP-AN DS-BD")))
    site.approve()
    site.admit(site.send())

    with desk_of(qtbot, site, site.registry, "registrar", tmp_path) as put:
        (hit,) = put.page("find", query="Banin").table.rows()
        page = put.page("person", person=hit.person)
        put.dialogs.because = REASON
        put.press(K.Key_R, CTRL)
        put.settle()
        assert said(page) == ["Abuse or neglect"]
    with desk_of(qtbot, site, site.registry, "auditor", tmp_path) as put:
        (line,) = put.page("audit").table.rows()
        assert (line.user, line.act, line.detail) == ("registrar", "sealed.read", REASON)
        assert line.number == hit.number
        put.find(QPushButton, "audit-signed").click()
        put.settle()
        model = put.frame.page.table.view.model()
        told = {str(model.index(place, 2).data()) for place in range(model.rowCount())}
        assert {"Certificate issued", "Bundle imported", "Read what is sealed"} <= told
        assert not any("." in one for one in told), "an act is told by its code"
        put.find(QPushButton, "audit-signed").click()
        put.settle()
        put.press(K.Key_Return)
        put.settle()
        assert put.find(QWidget, "person-name").text() == "Banin Orlok"
