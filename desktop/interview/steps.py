"""Pages of the interview, cut so that each fits on a small screen without scrolling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from forms.definition import Kind
from forms.library import HOUSEHOLD, Asked, Catalogue

ROOM: Final = 6
"""What a page holds at 1366 by 768, in single-line fields."""

_WEIGHT: Final = {
    Kind.LONG_TEXT: 2,
    Kind.DOCUMENTS: 4,
    Kind.GROUP: 2,
    Kind.CODES: ROOM,  # a searchable list deserves a page of its own
    Kind.CONSENT: ROOM,
    Kind.PHOTO: ROOM,
}


class PageLike(Protocol):
    """What a page of the forms has."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fields(self) -> tuple[Asked, ...]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One page as it is shown. A page of the forms that is too long becomes several parts."""

    id: str
    title: str
    fields: tuple[Asked, ...] = field(default=())
    part: int = 1
    parts: int = 1


def steps_of(pages: Iterable[PageLike]) -> tuple[Step, ...]:
    """The pages, each cut where it would grow longer than the screen."""
    made: list[Step] = []
    for page in pages:
        parts = list(_parts(page.fields))
        made += [
            Step(page.id, page.title, fields, number, len(parts))
            for number, fields in enumerate(parts, start=1)
        ]
    return tuple(made)


def _parts(fields: Iterable[Asked]) -> Iterable[tuple[Asked, ...]]:
    part: list[Asked] = []
    filled = 0
    for one in fields:
        weight = _WEIGHT.get(one.field.kind, 1)
        if part and filled + weight > ROOM:
            yield tuple(part)
            part, filled = [], 0
        part.append(one)
        filled += weight
    if part:
        yield tuple(part)


def household_pages(catalogue: Catalogue) -> list[Step]:
    """The household's own pages, from its own form."""
    form = catalogue.form(HOUSEHOLD)
    return [
        Step(page.id, page.title, tuple(Asked(HOUSEHOLD, field) for field in page.fields))
        for page in form.pages
    ]
