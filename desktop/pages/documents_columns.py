"""The columns of the people for whom documents are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop import words
from desktop.widgets.table import Column
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from station.printing import PrintRow


def columns() -> list[Column[PrintRow]]:
    """Name, number, household and the last document."""
    return [
        Column(key="name", title=tr("Name"), value=lambda one: one.name, strong=True, stretch=True),
        Column(
            key="number",
            title=tr("Number"),
            value=lambda one: isolate(one.number),
            width=202,
            mono=True,
        ),
        Column(
            key="household",
            title=tr("Household"),
            value=lambda one: isolate(_tail(one.household_number)),
            width=118,
            mono=True,
        ),
        Column(
            key="issued",
            title=tr("Last document"),
            value=lambda one: words.day(one.last_issued) if one.last_issued else tr("none yet"),
            sort=lambda one: one.last_issued.isoformat() if one.last_issued else "",
            width=154,
        ),
    ]


def _tail(number: str) -> str:
    """The end of a household's number, which differs among those of one station."""
    return "-".join(number.split("-")[-2:])
