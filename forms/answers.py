"""Answers as the ledger keeps them: typed, cleaned, and only what was said.

A value that nobody gave is absent, not empty. What was not known or not told is the map
``{"missing": "unknown"}`` or ``{"missing": "refused"}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from values.dates import PartialDate

__all__ = ["EventAnswers", "HouseholdAnswers", "MemberAnswers", "Values", "event_groups"]

_T = TypeVar("_T")

Values = Mapping[str, Any]
"""Field name to plain value: text, list, map or bytes, fit for deterministic CBOR."""


@dataclass(frozen=True, slots=True)
class MemberAnswers:
    """One member. ``values`` are the person's, with the open needs; ``sensitive`` are the need
    codes that must be sealed before they are kept. ``key`` is the draft's, or the row number."""

    key: str
    relation: str
    values: Values
    sensitive: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class EventAnswers:
    """An event told along with the registration. ``participants`` are places in ``members``."""

    type: str
    date: Mapping[str, str] | None
    values: Values
    participants: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HouseholdAnswers:
    """A household ready to be registered. ``confirmed`` are the warnings an officer answered."""

    values: Values
    members: tuple[MemberAnswers, ...]
    events: tuple[EventAnswers, ...] = ()
    confirmed: tuple[Mapping[str, str], ...] = ()

    @property
    def head(self) -> int | None:
        """The place of the head; ``None`` for rows that join a household already registered."""
        for place, member in enumerate(self.members):
            if member.relation == "head":
                return place
        return None


def event_groups(
    journeys: list[tuple[Values, PartialDate | None]],
) -> tuple[EventAnswers, ...]:
    """One flight and one arrival event for each different journey among the members.

    ``journeys`` holds, per member, the flight's values (origin and cause) and the arrival date.
    """
    events: list[EventAnswers] = []
    flights: list[tuple[Values, list[int]]] = []
    arrivals: list[tuple[PartialDate, list[int]]] = []
    for place, (flight, arrival) in enumerate(journeys):
        if flight:
            _join(flights, flight, place)
        if arrival is not None:
            _join(arrivals, arrival, place)
    for values, places in flights:
        events.append(EventAnswers("flight", None, values, tuple(places)))
    for day, places in arrivals:
        events.append(EventAnswers("arrival", day.to_body(), {}, tuple(places)))
    return tuple(events)


def _join(groups: list[tuple[_T, list[int]]], value: _T, place: int) -> None:
    for known, places in groups:
        if known == value:
            places.append(place)
            return
    groups.append((value, [place]))
