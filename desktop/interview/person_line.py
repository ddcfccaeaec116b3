"""Registered persons as they are offered for an answer, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from values.seeking import fold


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A registered person as they are offered. ``person`` is the id in hexadecimal, ``detail``
    what tells people of one name apart: number, age, household."""

    person: str
    name: str = field(repr=False)
    detail: str = field(default="", repr=False)
    latin: str = field(default="", repr=False)

    def says(self, wanted: str) -> bool:
        """Whether folded letters occur in the names or the number."""
        return any(wanted in fold(text) for text in (self.name, self.latin, self.detail))


class People(Protocol):
    """Who may be named. ``search`` and ``look_up`` answer later, on the UI thread."""

    def at_hand(self) -> Sequence[PersonLine]:
        """Those offered without typing: the household that is talked about."""

    def search(self, typed: str, deliver: Callable[[Sequence[PersonLine]], object]) -> None:
        """Registered persons who may be meant, the likeliest first."""

    def look_up(self, person: str, deliver: Callable[[PersonLine | None], object]) -> None:
        """One person by id in hexadecimal; None when there is none."""


class Nobody:
    """No people to choose from: names only."""

    def at_hand(self) -> Sequence[PersonLine]:
        return ()

    def search(self, typed: str, deliver: Callable[[Sequence[PersonLine]], object]) -> None:
        deliver(())

    def look_up(self, person: str, deliver: Callable[[PersonLine | None], object]) -> None:
        deliver(None)
