"""What the questions of a page may look up: places, persons. None of it is needed to type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.widgets.place_field import FindPlaces, PlaceLine

if TYPE_CHECKING:
    from desktop.interview.person_field import People
    from forms.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Reach:
    """Handed to the widgets with the words.

    ``places`` finds places by what is typed. ``people`` finds persons. ``codes`` says of a
    question of text which other question holds the P-code of its place, as ``origin_place`` has
    ``origin_code``. ``beside`` puts "Why we ask" and the ways of not answering beside each label,
    for a page without the side panel and the line of hints.
    """

    places: FindPlaces | None = None
    people: People | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    beside: bool = False


ORIGIN: dict[str, str] = {"origin_place": "origin_code"}
"""The questions of text in the forms of old that hold a place, each with that of its code."""


def places_of(gazetteer: Gazetteer, language: str) -> FindPlaces:
    """The search of a gazetteer as the widget asks it: some milliseconds a key."""

    def find(typed: str) -> list[PlaceLine]:
        found = []
        for place in gazetteer.search(typed):
            text = gazetteer.label(place, language)
            name = place.name_in(language)
            around = text.removeprefix(name).lstrip(",، ")
            found.append(PlaceLine(place.code, name, around, text))
        return found

    return find


__all__ = ["ORIGIN", "Reach", "places_of"]
