"""The list of refused rows that goes back to the writer."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping

from forms.prelist import csvtext
from forms.prelist.intake import Refusal
from forms.prelist.reading import Prelist
from forms.prelist.table import EXTRA_COLUMNS, column_name

__all__ = ["write_refused"]

_STAND_ALONE = frozenset({"at_registry", "other_family", "head_changed"})
"""Refused because the household of that number is registered with another head: mended, such a
row must not join it."""


def write_refused(
    prelist: Prelist,
    refusals: Iterable[Refusal],
    *,
    joins: Mapping[str, str],
    language: str = "en",
) -> bytes:
    """The refused rows as CSV: the original columns, then ``code``, ``message`` and ``joins``.

    ``joins`` gives the new number of each of the list's households that is registered; a row of
    such a household, mended and taken in again, joins it. Cells are written as they were, bad
    bytes included. A row with too few cells is filled up and one with too many keeps the surplus
    at its end, so that the three columns stand under their names.
    """
    kept = [
        place
        for place, cell in enumerate(prelist.columns)
        if column_name(cell) not in EXTRA_COLUMNS
    ]
    width = len(prelist.columns)
    lines = [csvtext.row([*(prelist.columns[place] for place in kept), *EXTRA_COLUMNS])]
    for refusal in refusals:
        row = prelist.row(refusal.row)
        filled = row.cells + ("",) * (width - len(row.cells))
        target = row.joins
        if refusal.code not in _STAND_ALONE:
            target = target or joins.get(refusal.household, "")
        lines.append(
            csvtext.row(
                [
                    *(filled[place] for place in kept),
                    refusal.code,
                    refusal.message(language),
                    target,
                    *filled[width:],
                ]
            )
        )
    text = "".join(lines).encode("utf-8", "surrogateescape")
    return (codecs.BOM_UTF8 if prelist.bom else b"") + text
