"""Who keeps a widget for PySide: it has to be something the widget lies in.

A widget that no attribute holds lives as long as its keeper. One that is kept by a neighbour, or
that keeps its own keeper, is deleted by a collection of cycles while it is on the screen.
"""

from __future__ import annotations

import re

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

_KEEPER = re.compile(r"^parent\.+ .* at (0x[0-9a-f]+)>$", re.MULTILINE)


def wrongly_kept() -> list[str]:
    """Widgets made in Python whose keeper is not above them, each with its keeper."""
    wrappers = {id(one): one for one in shiboken6.getAllValidWrappers()}
    found = []
    for widget in wrappers.values():
        if not isinstance(widget, QWidget) or not shiboken6.createdByPython(widget):
            continue
        told = _KEEPER.search(shiboken6.dump(widget))
        keeper = wrappers.get(int(told[1], 16)) if told else None
        if keeper is not None and not _above(keeper, widget):
            found.append(f"{_name(widget)} is kept by {_name(keeper)}")
    return sorted(found)


def _above(keeper: object, widget: QObject) -> bool:
    above = widget.parent()
    while above is not None and above is not keeper:
        above = above.parent()
    return above is not None


def _name(one: object) -> str:
    said = one.objectName() if isinstance(one, QObject) else ""
    return f"{type(one).__name__} {said}".strip()
