"""Finding a person by name in any script, misspelt, or by a number."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forms.kept import date_of
from matching.search_keys import query_keys, scorer, worth_scoring
from values.numbers import NumberError, parse_any
from workspace import stubs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.store import Reader
    from ledger.views import PersonView
    from values.dates import PartialDate
    from values.identifiers import PersonId
    from workspace.session import Session

CANDIDATES = 50
"""Scoring more than this costs more than it finds, measured at 100,000 persons."""
PRUNED = "pruned"
"""The status of a hit whose record lies at the registry alone."""
LEAST_SCORE = 0.55
"""Below this, two names share letters, not a person."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One person found. `score` runs from 0 to 1; a number matches with 1."""

    person: PersonId
    number: str
    name: str
    name_latin: str
    score: float
    sex: str
    birth: PartialDate | None
    household_number: str
    permanent: str
    status: str


def search(session: Session, query: str, *, limit: int = 20) -> list[Hit]:
    """Persons that match, best first.

    Nobody, for a number whose check digits do not match: its letters are no name, and whoever has
    letters in common with it is somebody else. See :func:`mistyped`.
    """
    query = readable(query).strip()
    if not query:
        return []
    wrong = mistyped(query)
    with session.store.read() as reader:
        exact = _by_number(reader, query)
        if exact or wrong:
            return hits_of(reader, [(person, 1.0) for person in exact[:limit]])
        candidates = reader.candidates(query_keys(query), CANDIDATES)
        score = scorer(query)
        worth = worth_scoring([candidate.weight for candidate in candidates])
        scored = [
            (value, candidate.id)
            for candidate in candidates[:worth]
            if candidate.voided is None
            and (value := score([candidate.name, candidate.name_latin])) >= LEAST_SCORE
        ]
        # Views are fetched for those that are shown, not for all that were weighed.
        best = heapq.nsmallest(limit, scored, key=lambda one: (-one[0], one[1]))
        points = {person: value for value, person in best}
        views = {view.id: view for view in reader.persons(list(points))}
        return hits_of(
            reader, [(views[person], points[person]) for person in points if person in views]
        )


def mistyped(query: str) -> str:
    """What to do about a number that was copied wrongly; empty for anything else."""
    try:
        parse_any(readable(query).strip())
    except NumberError as error:
        return str(error) if error.code == "check" else ""
    return ""


def readable(typed: str) -> str:
    """The text without the half characters that bad bytes leave on a command line."""
    return typed.encode("utf-8", "replace").decode("utf-8")


def _by_number(reader: Reader, query: str) -> list[PersonView]:
    try:
        number = str(parse_any(query))
    except NumberError:
        return list(reader.by_document_number(query))
    # More than one is a conflict, and the one who is looked for must not stay hidden by it.
    persons = reader.persons_by_number(number)
    if persons:
        return persons
    household = reader.household_by_number(number)
    if household is not None:
        members = (reader.person(one.person) for one in household.members if one.left_at is None)
        return [person for person in members if person is not None]
    left = [one for one in reader.views("person") if stubs.household(one) == number]
    if left:
        return left
    return list(reader.persons_of_document(number))


def birth_of(view: PersonView) -> PartialDate | None:
    """The date of birth, unless it is unknown, refused, or none that can be read."""
    return date_of(view.values.get("birth"))


def text(view: PersonView, field: str) -> str:
    """A field that holds text, or nothing."""
    value = view.values.get(field)
    return value if isinstance(value, str) else ""


def hits_of(reader: Reader, found: Sequence[tuple[PersonView, float]]) -> list[Hit]:
    """Search results from views and their scores, in the order given."""
    whereabouts = reader.whereabouts([view.id for view, _ in found])
    return [
        Hit(
            person=view.id,
            number=view.number,
            name=text(view, "name") or text(view, "name_latin"),
            name_latin=text(view, "name_latin"),
            score=round(value, 3),
            sex=text(view, "sex"),
            birth=birth_of(view),
            household_number=whereabouts[view.id][0] or stubs.household(view),
            permanent=view.permanent or "",
            status=PRUNED if stubs.is_stub(view) else whereabouts[view.id][1] or "recorded",
        )
        for view, value in found
    ]
