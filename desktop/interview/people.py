"""Finding registered persons for an answer, on the worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from desktop import offices
from desktop.desk import Desk, Work
from desktop.interview.person_field import SHOWN, PersonLine
from desktop.pages.ages import age_words
from desktop.words import beside, isolate, tr
from values.identifiers import PersonId

if TYPE_CHECKING:
    from workspace.search import Hit


class DeskPeople(QObject):
    """Who may be named, from the open office. ``near`` are offered without typing."""

    def __init__(self, desk: Desk, parent: QObject, near: Sequence[PersonLine] = ()) -> None:
        super().__init__(parent)
        self._desk = desk
        self._near = tuple(near)

    def set_near(self, near: Sequence[PersonLine]) -> None:
        """Another household is talked about."""
        self._near = tuple(near)

    def at_hand(self) -> Sequence[PersonLine]:
        return self._near

    def search(self, typed: str, deliver: Callable[[Sequence[PersonLine]], object]) -> None:
        self._desk.read(
            partial(_search, typed=typed, today=self._desk.today(), language=self._desk.language),
            done=deliver,
            failed=lambda _error: None,  # the name alone is an answer: no reason to interrupt
            parent=self,
            latest="search",
        )

    def look_up(self, person: str, deliver: Callable[[PersonLine | None], object]) -> None:
        self._desk.read(
            partial(
                _look_up, person=person, today=self._desk.today(), language=self._desk.language
            ),
            done=deliver,
            failed=lambda _error: None,
            parent=self,
        )


def line_of(hit: Hit, *, today: date, language: str) -> PersonLine:
    """A person who was found, as they are offered. On the worker."""
    household = hit.household_number
    parts = (
        age_words(hit.birth, today, language),
        isolate(hit.permanent or hit.number),
        tr("household {number}", number=isolate(household)) if household else "",
    )
    return PersonLine(
        person=UUID(int=hit.person.int).hex,
        name=hit.name or hit.number,
        detail=beside(*parts),
        latin=hit.name_latin if hit.name_latin != hit.name else "",
    )


def _search(work: Work, *, typed: str, today: date, language: str) -> list[PersonLine]:
    hits = offices.search.search(work.session, typed, limit=SHOWN)
    return [line_of(hit, today=today, language=language) for hit in hits]


def _look_up(work: Work, *, person: str, today: date, language: str) -> PersonLine | None:
    with work.session.store.read() as reader:
        view = reader.person(PersonId(UUID(hex=person)))
        hits = offices.search.hits_of(reader, [(view, 1.0)]) if view is not None else []
    return line_of(hits[0], today=today, language=language) if hits else None
