"""Which answers are changed at once, and which wait for a second person: a lock and a word."""

from __future__ import annotations

from collections.abc import Container, Mapping

from PySide6.QtWidgets import QBoxLayout

from desktop.widgets.field import Field
from desktop.widgets.labels import Caption
from desktop.widgets.messages import Picture
from desktop.words import tr

_MARKED = "lock_word"


def mark_locks(fields: Mapping[str, Field], *, approved: Container[str]) -> None:
    """Put a lock beside the labels of those whose change needs approval."""
    for name, field in fields.items():
        if name not in approved or field.property(_MARKED):
            continue
        head = _row_of(field)
        if head is None:
            continue
        field.setProperty(_MARKED, True)
        place = head.indexOf(field.label) + 1
        word = Caption(tr("a change needs approval"), wrap=False)
        head.insertWidget(place, Picture("lock", role="muted", size=14))
        head.insertWidget(place + 1, word)


def _row_of(field: Field) -> QBoxLayout | None:
    """The row in which a field's label stands."""
    layout = field.layout()
    if layout is None:
        return None
    rows = (
        one for one in (layout, *layout.findChildren(QBoxLayout)) if isinstance(one, QBoxLayout)
    )
    return next((row for row in rows if row.indexOf(field.label) >= 0), None)
