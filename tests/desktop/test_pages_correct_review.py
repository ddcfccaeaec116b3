"""Corrections that wait, conflicts, and withdrawing: by keyboard, over twins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from station.undoing import Withdrawn
from tests.desktop.field_office import NOW, Station, person_id, twin
from tests.desktop.other_offices import Others, RefusedError, others_twin, person_page, review_row
from tests.desktop.proposals import proposal
from tests.desktop.stage import Stage, stage
from values.identifiers import DocumentId
from workspace.voiding import Standing

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held() -> Others:
    return Others()


@contextmanager
def seat(
    qtbot: Any, folder: Path, held: Others, role: str = "supervisor", kind: str = "station"
) -> Iterator[Stage]:
    station = Station()
    offices = twin(station, **others_twin(held))
    with stage(qtbot, folder, offices, station=station, role=role, kind=kind) as put:
        yield put


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, held: Others) -> Iterator[Stage]:
    with seat(qtbot, tmp_path, held) as made:
        yield made


def turn(put: Stage) -> Any:
    page = put.page("review")
    put.press(K.Key_PageDown, CTRL)
    put.settle()
    return page


def test_corrections_are_approved_and_refused_by_keys(put: Stage, held: Others) -> None:
    held.proposals = [proposal(1), proposal(2)]
    held.waiting = [review_row(1, "Layla")]
    page = turn(put)
    assert page.tabs[1].text() == "2 corrections"
    assert page.corrections.beside.changes.shown()[0].changes[0].after == "3 May 1986"
    put.keys("a")
    put.settle()
    assert held.calls("approve_change") == [person_id(6001)]
    put.keys("j")
    put.dialogs.because = "Not enough to rest on"
    put.keys("r")
    put.settle()
    assert held.calls("refuse_change") == [(person_id(6002), "Not enough to rest on")]
    assert held.calls("approve") == [], "no family was meant"
    put.press(K.Key_PageUp, CTRL)
    put.keys("a")
    put.settle()
    assert len(held.calls("approve")) == 1


@pytest.mark.parametrize(("own", "stale"), [(True, False), (False, True)])
def test_what_may_not_be_approved_says_why(
    put: Stage, held: Others, own: bool, stale: bool
) -> None:
    held.proposals = [proposal(1, own=own, stale=stale)]
    page = turn(put)
    assert not page.corrections._approve.isEnabled()
    put.keys("a")
    put.settle()
    assert held.calls("approve_change") == []
    said = page.banner.sentence()
    assert ("You proposed this yourself" in said) is own
    assert ("changed after it was proposed: Date of birth" in said) is stale
    assert page.corrections.beside.notice.sentence() == said


def test_what_the_office_refuses_is_said(put: Stage, held: Others) -> None:
    held.proposals = [proposal(1)]
    held.fails["approve_change"] = RefusedError("decided", "This was decided already.")
    page = turn(put)
    put.keys("a")
    put.settle()
    assert page.banner.sentence() == "This was decided already."


def test_the_record_of_a_correction_is_a_step_away(put: Stage, held: Others) -> None:
    held.proposals = [proposal(17)]
    turn(put)
    put.find(QPushButton, "correction-person").click()
    put.settle()
    assert put.frame.page is not None and put.frame.page.key == "person"


# conflicts ---------------------------------------------------------------------------------


def side(number: int, value: str, *, shown: bool) -> Any:
    return SimpleNamespace(
        entry=bytes([number]), by="amal", at=NOW, doubt=False, reason="", shown=shown,
        values=(SimpleNamespace(field="birth", label="Date of birth", value=value),),
    )  # fmt: skip


def conflict(name: str) -> Any:
    return SimpleNamespace(
        set=name, title=name, fields=(name,), identity=True, heads=(b"h",),
        sides=(side(1, "1985", shown=True), side(2, "1986", shown=False)),
    )  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_both_sides_are_shown_and_who_may_settles_all_with_one_reason(
    qtbot: Any, tmp_path: Path, held: Others, role: str
) -> None:
    held.person = person_page(conflicts=("Date of birth", "Sex"))
    held.conflicts = [conflict("birth"), conflict("sex")]
    with seat(qtbot, tmp_path, held, role) as put:
        page = put.page("person", person=person_id(17))
        assert page.conflict.isHidden() and not page.conflicts.isHidden()
        if role == "officer":
            assert page.conflicts.findChildren(QPushButton) == []
            return
        settle = put.find(QPushButton, "conflicts-settle")
        put.find(QPushButton, "side-birth-1").click()
        assert not settle.isEnabled()
        put.find(QPushButton, "side-sex-0").click()
        put.dialogs.because = "A document was shown"
        settle.click()
        put.settle()
        assert held.calls("settle") == [
            ({"birth": b"\x02", "sex": b"\x01"}, "A document was shown", (b"h",))
        ]


# a person ------------------------------------------------------------------------------------


def happened(number: int, title: str, **more: Any) -> Any:
    values = {
        "at": NOW, "title": title, "detail": "", "by": "amal", "status": "waiting",
        "document_number": None, "entry": b"", "event": person_id(number), "type": "death",
        "voided": "", "state": "", "role": "Mother", "late": True,
        "act": None, "undoes": None, "undone": False, "paper": "", "of": "",
    }  # fmt: skip
    return SimpleNamespace(**{**values, **more})


def test_an_event_is_withdrawn_by_a_supervisor_with_a_reason(put: Stage, held: Others) -> None:
    held.person = person_page()
    held.person.timeline = (
        happened(8001, "Birth"),
        happened(8002, "Death", voided="Told twice"),
        happened(8003, "Correction", state="waiting"),
    )
    page = put.page("person", person=person_id(17))
    moments = page.timeline.moments()
    assert [(one.role, one.late, one.voided) for one in moments][:2] == [
        ("Mother", True, False),
        ("Mother", True, True),
    ]
    assert moments[2].event is None, "a correction is refused, not withdrawn"
    put.dialogs.because = "Told twice"
    put.find(QPushButton, f"withdraw-{person_id(8001)}").click()
    put.settle()
    assert held.calls("void_event") == [(person_id(8001), "Told twice")]
    assert "put back" in page.banner.sentence()


def test_what_withdrawing_an_event_leaves_is_said(put: Stage, held: Others) -> None:
    held.person = person_page()
    held.person.timeline = (happened(8001, "Birth"),)
    paper = Standing(DocumentId(person_id(9)), "WST-A01-K7Q-D00001-63", "registration")
    held.withdrawn = Withdrawn(("Milo Vedin: Place in the household",), (paper,), ("H00002-47",))
    page = put.page("person", person=person_id(17))
    put.dialogs.because = "Told twice"
    put.find(QPushButton, f"withdraw-{person_id(8001)}").click()
    put.settle()
    said = page.banner.sentence()
    for told in ("Milo Vedin: Place in the household", paper.number, "H00002-47"):
        assert told in said


def test_a_record_is_voided_with_a_reason(put: Stage, held: Others) -> None:
    put.page("person", person=person_id(17))
    put.dialogs.because = "Registered twice"
    put.find(QPushButton, "person-void").click()
    put.settle()
    assert held.calls("void") == [(person_id(17), "Registered twice")]


@pytest.mark.parametrize(
    ("values", "voided", "word"),
    [
        ({"death": {"edtf": "2026"}}, None, "Dead"),
        ({"presence": "absent"}, None, "Absent"),
        ({"presence": "present"}, None, ""),
        ({}, "Registered twice", "Withdrawn"),
    ],
)
def test_what_everybody_must_see_first(
    put: Stage, held: Others, values: dict[str, Any], voided: str | None, word: str
) -> None:
    held.person = person_page()
    held.person.person = SimpleNamespace(values=values, voided=voided)
    page = put.page("person", person=person_id(17))
    assert page.head.fate.isHidden() is not word
    assert (page.head.fate.text() == word) or not word
    assert put.find(QPushButton, "person-event").isEnabled() is (voided is None)


def test_everything_recorded_is_seen_in_a_language_before_it_is_printed(
    put: Stage, held: Others
) -> None:
    held.person = person_page()
    put.page("person", person=person_id(17))
    put.press(K.Key_M, CTRL)
    put.settle()
    page: Any = put.frame.page
    assert page.key == "my_data" and page.paper.has_page
    assert held.calls("preview_my_data") == [(person_id(17), "", "en")], "the person's own first"
    assert not page.wordless.isHidden() and "Somali" in page.wordless.sentence()
    assert page.language.value() == "en" and not held.calls("my_data")
    page.language.set_value("fr")
    page.language.edited.emit("language", "fr")
    put.settle()
    put.press(K.Key_P, CTRL)
    put.settle()
    assert held.calls("my_data") == [(person_id(17), "fr", "en")]
    assert len(put.dialogs.prints) == 1


@pytest.mark.parametrize(
    ("role", "kind", "offered"),
    [
        ("officer", "station", ["event", "correct", "print", "another", "data"]),
        ("supervisor", "station", ["event", "correct", "print", "another", "data", "void"]),
        ("auditor", "station", []),
        ("registrar", "registry", ["correct", "void"]),
        ("clerk", "registry", []),
    ],
)
def test_only_what_a_role_may_do_is_offered(
    qtbot: Any, tmp_path: Path, held: Others, role: str, kind: str, offered: list[str]
) -> None:
    with seat(qtbot, tmp_path, held, role, kind) as put:
        page = put.page("person", person=person_id(17))
        assert list(page._acts) == offered
