"""Two registrars at the real registry: a pair is found, looked at twice, linked, and parted again;
what was put aside is refused, a family goes back, and its station reads why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from registry import notices
from registry.stations import stations
from tests.desktop.test_pages_over_real_offices import desk_of
from tests.places import Site
from tests.registry.pairs import arrive, both
from workspace.people import person_page

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def test_two_registrars_link_a_pair_and_one_parts_it(
    qtbot: Any, site: Site, tmp_path: Path
) -> None:
    arrive(site, register=True)
    with site.at_registry() as session:
        one, other = both(session)
        number = person_page(session, other).number
    with desk_of(qtbot, site, site.registry, "registrar", tmp_path) as put:
        put.page("home")
        assert put.frame.rail.item("queues").accessibleName() == "Queues, 1 waiting"
        put.find(QPushButton, "step-duplicates").click()
        put.settle()
        put.press(K.Key_Return)
        put.settle()
        page = put.frame.page
        assert page is not None and page.key == "duplicate"
        put.dialogs.because = "One face on both photos"
        put.keys("s")
        put.settle()
        assert "Another registrar looks next" in page.banner.sentence()
        assert not page.same.isEnabled()
    with desk_of(qtbot, site, site.registry, "second", tmp_path) as put:
        put.page("queues", queue="duplicates")
        put.press(K.Key_Return)
        put.settle()
        page = put.frame.page
        assert page is not None and "I agree" in page.same.text()
        put.dialogs.because = "One mother, asked by telephone"
        put.keys("s")
        put.settle()
        assert "The two records are linked." in page.banner.sentence()
        assert page.state.text() == "Linked"
    with desk_of(qtbot, site, site.registry, "registrar", tmp_path) as put:
        page = put.page("person", person=one)
        said = " ".join(label.text() for label in page.linked.findChildren(QLabel))
        assert "The same person by the registry's decision" in said
        assert number in put.find(QPushButton, "linked-open").text()
        put.find(QPushButton, "linked-compare").click()
        put.settle()
        page = put.frame.page
        assert page is not None and page.key == "duplicate"
        put.dialogs.because = "She came with her cousin"
        put.find(QPushButton, "case-unlink").click()
        put.settle()
        assert page.state.text() == "Two persons"
        assert put.page("person", person=one).linked.isHidden()


def test_a_family_goes_back_and_its_station_reads_why(
    qtbot: Any, site: Site, tmp_path: Path
) -> None:
    arrive(site)
    with desk_of(qtbot, site, site.registry, "registrar", tmp_path) as put:
        page = put.page("queues")
        put.dialogs.because = "A date does not fit"
        put.keys("s")
        put.settle()
        assert "1 family sent back" in page.banner.sentence()
        put.page("queues", queue="returned")
        (row,) = page.tables["returned"].rows()
        assert page.detail.text() and row.reason == "A date does not fit"
    with site.at_registry() as session:
        with session.store.read() as reader:
            (station,) = stations(reader)
        notice = notices.answer(session, station, site.outbox)
    with desk_of(qtbot, site, site.station, "supervisor", tmp_path) as put:
        put.page("sync")
        put.dialogs.folder = notice
        put.press(K.Key_O, CTRL)
        put.settle()
        page = put.page("review", tab="returned")
        (back,) = page.came_back.table.rows()
        assert back.by_registry and "A date does not fit" in page.came_back.detail.text()
    with desk_of(qtbot, site, site.station, "officer", tmp_path) as put:
        home = put.page("home")
        assert put.find(QPushButton, "step-returned") is not None
        said = " ".join(label.text() for label in home.findChildren(QLabel))
        assert "Sent back" in said
