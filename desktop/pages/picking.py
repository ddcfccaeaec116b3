"""Choosing a row of a table from the program."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt

from desktop.widgets.table import DataTable


def pick(table: DataTable[Any], place: int, *, focus: bool = False) -> None:
    """Make the row at ``place`` of what is shown the chosen one, as near as there is one.

    Qt's ``selectRow`` finds nothing in a right-to-left table that was not laid out yet.
    """
    model = table.view.model()
    last = model.rowCount() - 1
    if last < 0:
        return
    index = model.index(max(0, min(last, place)), 0)
    flag = QItemSelectionModel.SelectionFlag
    table.view.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
    if focus:
        table.view.setFocus(Qt.FocusReason.TabFocusReason)
