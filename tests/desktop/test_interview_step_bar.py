"""How the tabs of a page share rows, with every title whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from desktop.interview import paint
from desktop.interview.marks import State
from desktop.interview.step_bar import StepBar, Tab, rows_of
from tests.desktop.hands import Table

WIDTHS = st.lists(st.integers(1, 300), min_size=1, max_size=10)
TITLES = ("Who", "Birth", "Origin and journey", "Family", "Documents", "Situation",
          "Needs and consent", "Sharing with the country of origin", "Photo")  # fmt: skip


@settings(max_examples=60)
@given(WIDTHS, st.integers(300, 2000))
def test_every_tab_stands_whole_in_one_row_in_its_order(widths: list[int], room: int) -> None:
    rows = rows_of(widths, room, gap=18, least=8)
    assert [number for row in rows for number in row] == list(range(len(widths)))
    assert all(sum(widths[n] for n in row) + 8 * (len(row) - 1) <= room for row in rows)


def test_there_is_one_row_while_there_is_room() -> None:
    assert rows_of([50, 140, 60], 266, gap=18, least=8) == [[0, 1, 2]]
    assert rows_of([50, 140, 60], 265, gap=18, least=8) == [[0, 1], [2]]
    assert rows_of([], 100, gap=18, least=8) == []


def _tabs(current: int, states: Sequence[State]) -> list[Tab]:
    return [
        Tab(step=n, title=title, state=states[n % len(states)], current=n == current)
        for n, title in enumerate(TITLES)
    ]


@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
@pytest.mark.parametrize("room", [420, 590, 728, 1100])
def test_no_title_is_shortened_and_nothing_jumps(
    qtbot: Any, room: int, way: Qt.LayoutDirection
) -> None:
    bar = StepBar()
    bar.setLayoutDirection(way)
    bar.show_tabs(_tabs(0, [State.OPEN]))
    table = Table(qtbot, bar, width=room)
    high = bar.height()
    for current, states in (
        (0, [State.OPEN]),
        (6, [State.COMPLETE, State.ERROR]),
        (8, [State.WARNING]),
    ):
        bar.show_tabs(_tabs(current, states))
        qtbot.waitUntil(lambda: bar.height() == bar.heightForWidth(bar.width()))
        assert bar.height() == high
        for tab, area in zip(bar.tabs(), bar.areas(), strict=True):
            font = paint.strong(bar.font()) if tab.current else bar.font()
            sign = StepBar.SIGN if tab.state is not State.OPEN else 0
            assert QFontMetrics(font).horizontalAdvance(tab.title) + sign <= area.width()
            assert bar.rect().contains(area)
    assert table.window.width() == room
