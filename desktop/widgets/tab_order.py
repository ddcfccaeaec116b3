"""The order of Tab, read without taking widgets from those who keep them.

A widget made in Python lives as long as something in Python keeps it; one that only Qt holds is
kept for its parent. PySide takes what ``nextInFocusChain`` returns for a child of the widget that
was asked, whatever its parent is. After a walk along the ring of focus, what a page did not store
in an attribute would be kept by its neighbour in the ring alone, and a walk back closes cycles of
neighbours that keep each other: the next collection of cycles then deletes parts of a page that is
in front. So the ring is read here and nowhere else, and everything is given back to its window.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def after(widget: QWidget) -> list[QWidget]:
    """The other widgets of the window in the order of Tab, beginning with the one after
    ``widget``. Hidden ones and those that take no keys are among them, the window itself is not.
    """
    window = widget.window()
    order = _order(window)
    if widget is window:
        return order
    if widget not in order:
        return []  # it is being taken out of the window
    here = order.index(widget)
    return order[here + 1 :] + order[:here]


def _order(window: QWidget) -> list[QWidget]:
    steps = sum(one.window() is window for one in window.findChildren(QWidget))
    order: list[QWidget] = []
    now = window
    for _ in range(steps):  # not one more: the last would take the window for its child
        beside = now.nextInFocusChain()
        if beside is None or beside is window:
            break
        order.append(beside)
        now = beside
    window.findChildren(QWidget)  # takes all of them for children of the window again
    return order
