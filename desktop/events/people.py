"""Finding persons for the parts of an event, and remembering what each is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject

from desktop.desk import Desk
from desktop.interview.people import DeskPeople
from desktop.interview.person_field import PersonLine


class Acquaintances(DeskPeople):
    """Finds persons as every page does; whoever was offered once is known by name."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(desk, parent)
        self._names: dict[str, str] = {}

    @property
    def names(self) -> Mapping[str, str]:
        """Names by id in hexadecimal."""
        return self._names

    def begin(self, near: Sequence[PersonLine], names: Mapping[str, str]) -> None:
        """Another event: ``near`` are offered first, ``names`` are known already."""
        self._names = dict(names)
        self.set_near(near)
        self._learn(near)

    def search(self, typed: str, deliver: Callable[[Sequence[PersonLine]], object]) -> None:
        def learn(found: Sequence[PersonLine]) -> None:
            self._learn(found)
            deliver(found)

        if self._desk.unlocked:  # a pause in typing may end after the window was locked
            super().search(typed, learn)

    def look_up(self, person: str, deliver: Callable[[PersonLine | None], object]) -> None:
        def learn(found: PersonLine | None) -> None:
            self._learn([found] if found is not None else [])
            deliver(found)

        super().look_up(person, learn)

    def _learn(self, lines: Sequence[PersonLine]) -> None:
        self._names.update({line.person: line.name for line in lines})
