"""Qt calls must not lose references to None, True or False: see docs/adr/0016-pyside-6-11.md."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QPushButton, QWidget

CALLS = 2000
SLACK = 50
"""References that the interpreter itself takes or drops meanwhile."""


_held: list[QWidget] = []
"""Widgets live as long as what is taken from them: a list owns its items."""


def _calls() -> dict[str, Callable[[], object]]:
    items, box, edit, button = QListWidget(), QWidget(), QLineEdit(), QPushButton()
    _held.extend((items, box, edit, button))
    items.addItem("one")
    item = items.item(0)
    return {
        "nothing returned": lambda: item.setHidden(False),
        "a missing object": lambda: items.item(99),
        "a missing value": lambda: item.data(Qt.ItemDataRole.UserRole + 1),
        "a missing property": lambda: box.property("none"),
        "a parent that is not there": lambda: box.parentWidget(),
        "a setter": lambda: edit.setText("a"),
        "true": lambda: button.isEnabled(),
        "false": lambda: button.isCheckable(),
        "no focus": lambda: QApplication.focusWidget(),
    }


@pytest.mark.parametrize(
    "what",
    [
        "nothing returned",
        "a missing object",
        "a missing value",
        "a missing property",
        "a parent that is not there",
        "a setter",
        "true",
        "false",
        "no focus",
    ],
)
def test_no_reference_is_lost(qapp: QApplication, what: str) -> None:
    call = _calls()[what]
    before = [sys.getrefcount(one) for one in (None, True, False)]
    for _ in range(CALLS):
        call()
    after = [sys.getrefcount(one) for one in (None, True, False)]
    assert all(now > then - SLACK for then, now in zip(before, after, strict=True)), (
        f"{what}: {before} became {after}"
    )
    for widget in _held:
        widget.deleteLater()
    _held.clear()
