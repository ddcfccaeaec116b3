"""Queues, stations: by keyboard, over twins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from tests.desktop.field_office import NOW, Station, person_id, twin
from tests.desktop.other_offices import WORDS, Others, others_twin
from tests.desktop.proposals import proposal
from tests.desktop.stage import Stage, stage

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held() -> Others:
    return Others()


@pytest.fixture
def role() -> str:
    return "registrar"


@pytest.fixture
def put(qtbot: Any, tmp_path: Path, held: Others, role: str) -> Iterator[Stage]:
    station = Station()
    offices = twin(station, **others_twin(held))
    with stage(qtbot, tmp_path, offices, station=station, role=role, kind="registry") as made:
        yield made


def waiting(number: int) -> Any:
    return SimpleNamespace(
        key=f"registration/{number}",
        registration=person_id(number),
        household_number=f"WST-A01-K7Q-H{number:05d}-74",
        head=f"Banin Orlok {number}",
        persons=4,
        pairs=0,
        station="A01",
        at=NOW - timedelta(hours=number),
        owner=None,
    )


def test_a_registrar_registers_what_is_chosen(put: Stage, held: Others) -> None:
    held.to_register = [waiting(1), waiting(2), waiting(3)]
    page = put.page("queues")
    put.press(K.Key_A, CTRL)
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert held.calls("register") == [[person_id(1), person_id(2), person_id(3)]]
    assert "3 families registered" in page.banner.sentence()
    assert "12 persons have a permanent number" in page.banner.sentence()
    assert page.tables["new"].rows() == []


@pytest.mark.parametrize("role", ["clerk"])
def test_a_clerk_sees_the_queues_and_decides_nothing(put: Stage, held: Others) -> None:
    held.to_register = [waiting(1)]
    page = put.page("queues")
    assert page.register.isHidden()
    put.press(K.Key_Return, CTRL)
    put.settle()
    assert held.calls("register") == []


def test_what_was_set_aside_is_admitted_only_with_a_reason(put: Stage, held: Others) -> None:
    held.aside = [
        SimpleNamespace(
            key="act/1",
            entries=(b"\1" * 32,),
            station="A01",
            what="Corrected",
            code="y",
            sentence="It waits.",
            at=NOW,
            owner=None,
            bundle=None,
            refused=False,
        )
    ]
    page = put.page("queues", queue="aside")
    assert page.register.isHidden()
    put.find(QPushButton, "queues-release").click()
    assert held.calls("release") == []
    put.dialogs.because = "The officer was confirmed by phone"
    put.find(QPushButton, "queues-release").click()
    put.settle()
    assert held.calls("release") == [([b"\1" * 32], "The officer was confirmed by phone")]


def test_a_registrar_decides_about_corrections(put: Stage, held: Others) -> None:
    held.proposals = [proposal(1)]
    home = put.page("home")
    put.find(QPushButton, "step-corrections").click()
    put.settle()
    page = put.frame.page
    assert page is not home and page.key == "queues"
    assert page.stack.currentWidget() is page.corrections and page.foot.isHidden()
    put.keys("a")
    put.settle()
    assert held.calls("approve_change") == [person_id(6001)]
    put.dialogs.because = "The card belongs to a cousin"
    put.keys("r")
    put.settle()
    assert [called[0] for called in held.calls("refuse_change")] == [person_id(6001)]


@pytest.mark.parametrize("role", ["clerk"])
def test_a_clerk_finds_no_corrections_to_decide(put: Stage, held: Others) -> None:
    held.proposals = [proposal(1)]
    page = put.page("queues", queue="corrections")
    assert "corrections" not in page.items and page.items["new"].isChecked()
    assert page.corrections.table.rows() == []


@pytest.mark.parametrize("role", ["administrator"])
def test_a_station_is_enrolled_after_its_words_were_compared(
    put: Stage, held: Others, tmp_path: Path
) -> None:
    page = put.page("stations")
    put.dialogs.file = tmp_path / "station-request.wst"
    put.dialogs.saved_as = tmp_path / "station-grant.wst"
    put.press(K.Key_O, CTRL)
    put.settle()
    assert held.calls("enrol") == []
    assert put.focus_name == "stations-grant"
    shown = [one.text() for one in page.asked._words.findChildren(QLabel)]
    assert shown == list(WORDS)
    put.press(K.Key_Space)
    put.settle()
    assert held.calls("enrol") == [
        (tmp_path / "station-request.wst", tmp_path / "station-grant.wst")
    ]
    assert "A02" in page.answer._said.text()
    assert put.dialogs.suggested == ["station-grant.wst"]
    assert put.focus_name == "stations-close"


@pytest.mark.parametrize("role", ["administrator"])
def test_enrolling_can_be_left_without_a_trace(put: Stage, held: Others, tmp_path: Path) -> None:
    page = put.page("stations")
    put.dialogs.file = tmp_path / "station-request.wst"
    put.press(K.Key_O, CTRL)
    put.settle()
    put.find(QPushButton, "stations-cancel").click()
    assert held.calls("enrol") == []
    assert page.stack.currentWidget() is page._list


@pytest.mark.parametrize("role", ["administrator"])
@pytest.mark.parametrize(
    ("button", "jwks", "name"),
    [("stations-trust", False, "trust.wst"), ("stations-jwks", True, "trust.jwks.json")],
)
def test_the_list_for_verifiers_is_saved(
    put: Stage, held: Others, tmp_path: Path, button: str, jwks: bool, name: str
) -> None:
    held.stations = [
        SimpleNamespace(
            id=person_id(1), code="A01", name="Site A", last_contact=None, entries=0,
            certificate_until=NOW + timedelta(days=20), revoked=None, replaces="", due=False,
        )
    ]  # fmt: skip
    page = put.page("stations")
    put.dialogs.saved_as = tmp_path / "trust"
    put.find(QPushButton, button).click()
    put.settle()
    assert held.calls("trust") == [(tmp_path / "trust", jwks)]
    assert put.dialogs.suggested == [name]
    assert "3 keys" in page.banner.sentence()


@pytest.mark.parametrize("role", ["administrator"])
def test_the_page_for_verifiers_is_saved(put: Stage, held: Others, tmp_path: Path) -> None:
    held.stations = [
        SimpleNamespace(
            id=person_id(1), code="A01", name="Site A", last_contact=None, entries=0,
            certificate_until=NOW + timedelta(days=20), revoked=None, replaces="", due=False,
        )
    ]  # fmt: skip
    page = put.page("stations")
    put.find(QPushButton, "stations-verifier").click()
    put.settle()
    assert held.calls("page") == [], "the dialog was left without a name"
    put.dialogs.saved_as = tmp_path / "verifier.html"
    put.find(QPushButton, "stations-verifier").click()
    put.settle()
    assert held.calls("page") == [tmp_path / "verifier.html"]
    assert put.dialogs.suggested == ["verifier.html", "verifier.html"]
    assert "trusts 3 keys" in page.banner.sentence()


def test_a_registrar_sees_the_stations_but_enrols_none(put: Stage) -> None:
    page = put.page("stations")
    assert page._bar.isHidden()
    put.press(K.Key_O, CTRL)
    assert put.dialogs.asked == []
