"""The keyboard is never lost: not to what vanishes, not to what is at work, not to the rail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from desktop.style import theme
from desktop.widgets.buttons import Button, DangerButton, LinkButton, PrimaryButton, QuietButton
from desktop.widgets.chrome import RailItem
from desktop.widgets.messages import Notice
from desktop.widgets.ticks import TickBox
from tests.desktop.conftest import Bench


def focus() -> str:
    now = QApplication.focusWidget()
    return now.objectName() if now is not None else ""


def test_an_act_in_a_message_comes_where_the_message_stands(
    bench: Bench, station_folder: Path
) -> None:
    bench.sign_in(station_folder, "Amal K.")
    page = bench.page("settings")
    notice = Notice("warning", "Something is odd.", action=("Look", lambda: notice.hide()))
    page.body.insertWidget(0, notice)
    notice.set_message("warning", "Something is odd.", action=("Look", lambda: notice.hide()))
    bench.settle()
    link: Any = next(one for one in notice.findChildren(QPushButton) if one.isVisible())
    link.setFocus()
    assert link.hasFocus()
    QTest.keyClick(link, Qt.Key.Key_Space)
    bench.settle()
    assert page.isAncestorOf(QApplication.focusWidget())


def test_a_button_at_work_gets_the_keyboard_back(bench: Bench, station_folder: Path) -> None:
    bench.sign_in(station_folder, "Amal K.")
    page = bench.page("settings")
    page.care.check.setFocus()
    QTest.keyClick(page.care.check, Qt.Key.Key_Space)
    assert not page.care.check.isEnabled()
    assert focus() == "rail-settings"
    bench.settle()
    assert focus() == "care-check"


def test_what_one_does_meanwhile_is_left_alone(bench: Bench, station_folder: Path) -> None:
    bench.sign_in(station_folder, "Amal K.")
    page = bench.page("settings")
    page.care.check.setFocus()
    QTest.keyClick(page.care.check, Qt.Key.Key_Space)
    page.change.setFocus()
    bench.settle()
    assert focus() == "passphrase-change"


def test_keys_with_ctrl_work_wherever_the_keyboard_is(bench: Bench, station_folder: Path) -> None:
    frame = bench.sign_in(station_folder, "Amal K.")
    bench.page("home")
    item = frame.rail.item("home")
    item.setFocus()
    QTest.keyClick(item, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert frame.place[0] == "interview" or frame.page.key == "interview"


def test_a_page_without_controls_leaves_the_keyboard_on_the_rail(
    bench: Bench, station_folder: Path
) -> None:
    frame = bench.sign_in(station_folder, "Marie L.")
    bench.page("home")
    assert focus() == "rail-home"
    frame.go("settings")
    bench.settle()
    assert QApplication.focusWidget() is not None
    assert focus() != "rail-home"


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
def test_the_ring_is_ours_alone_when_the_keyboard_came_by_tab(
    qtbot: Any, qapp: QApplication, look: str
) -> None:
    """Qt's own style paints a second box over what is reached by Tab: it looks like a fault."""
    theme.apply(qapp, look)
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    place = RailItem("home", "Home", "home", "")
    place.setChecked(True)
    parts: tuple[QWidget, ...] = (
        PrimaryButton("Go"), Button("Look"), QuietButton("Leave"), DangerButton("Revoke"),
        LinkButton("Open"), TickBox("Also today"), place,
    )  # fmt: skip
    for part in parts:
        layout.addWidget(part)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for part in parts:
        part.setFocus()
        seen = []
        for by_tab in (False, True):
            window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange, by_tab)
            seen.append(part.grab().toImage())
        assert seen[0] == seen[1], type(part).__name__
