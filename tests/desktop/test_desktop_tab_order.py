"""The order of Tab, and that reading it takes no widget from those who keep it."""

from __future__ import annotations

import gc
from typing import Any

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.widgets import tab_order
from desktop.widgets.enter import EnterMoves
from desktop.widgets.fields import ChoiceField
from desktop.widgets.layout import Plain, Scroll, column
from tests.desktop.hands import NONE, SHIFT, K, Table, focus, press
from tests.desktop.keepers import wrongly_kept


class Sheet(Plain):
    """Two inputs in a scroll that no attribute holds, as pages build themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = QLineEdit(), QLineEdit()
        self.first.setObjectName("first")
        self.second.setObjectName("second")
        scroll = Scroll()
        scroll.body.addWidget(self.first)
        scroll.body.addWidget(self.second)
        self.moves = EnterMoves(scroll.inner)
        self.setLayout(column(scroll))


def test_it_begins_after_the_widget_and_goes_round(qtbot: Any) -> None:
    sheets = [Sheet(), Sheet()]
    table = Table(qtbot, *sheets)
    inputs = [one for sheet in sheets for one in (sheet.first, sheet.second)]
    QWidget.setTabOrder(inputs[0], inputs[2])

    def seen(order: list[QWidget]) -> list[int]:
        return [inputs.index(one) for one in order if isinstance(one, QLineEdit)]

    assert seen(tab_order.after(table.window)) == [0, 2, 1, 3]
    assert seen(tab_order.after(inputs[2])) == [1, 3, 0]
    everybody = set(table.window.findChildren(QWidget))
    assert set(tab_order.after(table.window)) == everybody
    assert set(tab_order.after(inputs[1])) == everybody - {inputs[1]}


def test_a_window_of_its_own_is_not_in_the_order(qtbot: Any) -> None:
    table = Table(qtbot, Sheet())
    apart = QWidget(table.window, Qt.WindowType.Dialog)
    inside = QLineEdit(apart)
    order = tab_order.after(table.window)
    assert apart not in order and inside not in order
    assert tab_order.after(apart) == [inside]


def test_reading_it_leaves_every_widget_with_its_keeper(qtbot: Any) -> None:
    sheet = Sheet()
    table = Table(qtbot, sheet, Sheet())
    for start in (table.window, sheet, sheet.second, sheet.first):
        tab_order.after(start)
        assert wrongly_kept() == []
    assert shiboken6.ownedByPython(table.window)


def test_a_page_outlives_the_collector_whoever_walked_over_it(qtbot: Any) -> None:
    """Enter walks to and fro over inputs and choices, and cycles are collected in between."""
    sheet = Sheet()
    choice = ChoiceField("sex", "Sex", options=(("F", "Female"), ("M", "Male")))
    around = Plain()
    around.setLayout(column(sheet, choice))
    EnterMoves(around)
    table = Table(qtbot, around)
    choice.set_value("M")
    sheet.first.setFocus()
    for modifier in (NONE, NONE, SHIFT, SHIFT, NONE):
        press(K.Key_Return, modifier)
        tab_order.after(focus())
        gc.collect()
        assert shiboken6.isValid(sheet.second)
        assert wrongly_kept() == []
    assert table.window.isVisible()
