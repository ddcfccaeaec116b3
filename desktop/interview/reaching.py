"""What the questions of a page may look up, from the open office. On the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop import offices
from desktop.desk import Work
from desktop.interview.reach import places_of

if TYPE_CHECKING:
    from desktop.widgets.place_field import FindPlaces


def places(work: Work, language: str) -> FindPlaces | None:
    """The search of the places that are known here, or None. Reading them takes up to a second,
    so a page asks once."""
    gazetteer = offices.areas.gazetteer(work.session)
    return places_of(gazetteer, language) if gazetteer is not None else None
