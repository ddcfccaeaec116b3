"""Widgets where Qt has an edge: right to left before a layout, wrapped text, names, the end."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.style import theme
from desktop.widgets.buttons import Button, IconButton, PrimaryButton
from desktop.widgets.finder import Finder
from desktop.widgets.labels import Text
from desktop.widgets.layout import Scroll
from desktop.widgets.table import Column, DataTable


def table() -> DataTable[str]:
    made: DataTable[str] = DataTable(
        [
            Column("name", "Name", lambda row: row, stretch=True),
            Column("size", "Letters", lambda row: str(len(row)), at_end=True),
        ],
        name="names",
        label="Names",
        identity=lambda row: row,
    )
    made.set_rows(["Yusuf", "Abebe", "Diallo"])
    return made


@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize(
    "way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft], ids=["ltr", "rtl"]
)
def test_the_first_row_is_chosen_in_both_directions(
    qtbot: Any, way: Qt.LayoutDirection, shown: bool
) -> None:
    made = table()
    qtbot.addWidget(made)
    made.setLayoutDirection(way)
    if shown:
        made.show()
    made.select_first()
    assert made.selected() == ["Yusuf"]
    assert made.current() == "Yusuf"


def test_a_place_past_the_end_is_the_last_row(qtbot: Any) -> None:
    made = table()
    qtbot.addWidget(made)
    made.choose(7)
    assert made.selected() == ["Diallo"]
    made.choose(-3)
    assert made.selected() == ["Yusuf"]
    made.set_rows([])
    made.choose(0)
    made.select_first()
    assert made.selected() == []


def test_text_that_fits_needs_no_scroll_bar(qtbot: Any) -> None:
    scroll = Scroll(limit=720)
    qtbot.addWidget(scroll)
    for _ in range(5):
        scroll.body.addWidget(Text("Sit down with the family, and ask the head first. " * 6))
    scroll.resize(800, 600)
    scroll.show()
    needed = scroll.inner.heightForWidth(800)
    scroll.resize(800, needed + 2)
    QApplication.processEvents()
    assert not scroll.verticalScrollBar().isVisible()
    for label in scroll.findChildren(Text):
        assert label.height() >= label.heightForWidth(label.width())
    scroll.resize(800, needed // 2)
    QApplication.processEvents()
    assert scroll.verticalScrollBar().isVisible()


@pytest.mark.parametrize("kind", [Button, PrimaryButton])
def test_a_button_is_called_what_it_says(qtbot: Any, kind: type[Button]) -> None:
    button = kind("&Add")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Add"
    button.setText("Save &it")
    assert (button.text(), button.accessibleName()) == ("Save &it", "Save it")


def test_an_icon_alone_keeps_its_name(qtbot: Any) -> None:
    button = IconButton("close", "Close this message")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Close this message"


def test_the_finder_outlives_its_icon(qtbot: Any, dressed: QApplication) -> None:
    """Qt takes a line edit's actions away before the line edit hears its last news."""
    holder = QWidget()
    qtbot.addWidget(holder)
    finder = Finder(holder)
    holder.show()
    theme.apply(dressed, "dark")
    shiboken6.invalidate(finder._glass)
    theme.apply(dressed, "light")
    QCoreApplication.sendEvent(finder, QEvent(QEvent.Type.StyleChange))
    QTest.keyClicks(finder, "a")
    assert finder.text() == "a"
