"""Candidates for a search: postings of the rarest keys first, common ones only so far.

Search keys are made by `matching`; here they are opaque text. Each names a posting list of
persons. A name like the commonest one of a country has tens of thousands of postings; following
them would make a search as slow as the store is large, so each list is read up to a limit and
lists beyond the first few are read rarest first until a budget is spent. What is lost is only
the order among persons who match nothing but the commonest key.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, select

from db.models import PersonRow, SearchKeyRow
from db.records import Candidate
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Executable

POSTINGS = 400
"""Postings read of one key: well under 1 ms, and more than anyone scrolls through."""

BUDGET = 2400
"""Postings read in all for one search."""

MAX_KEYS = 48
"""Keys of one query that are looked up; a query is a name, not a book."""

PREFIX = "*"
PART = 300

_POSTINGS = (
    select(SearchKeyRow.ordinal)
    .where(SearchKeyRow.key == bindparam("key"))
    .limit(bindparam("limit"))
)
_PREFIXED = (
    select(SearchKeyRow.ordinal)
    .where(SearchKeyRow.key >= bindparam("first"), SearchKeyRow.key < bindparam("last"))
    .limit(bindparam("limit"))
)
_PERSONS = select(
    PersonRow.ordinal,
    PersonRow.id,
    PersonRow.number,
    PersonRow.permanent,
    PersonRow.name,
    PersonRow.name_latin,
    PersonRow.sex,
    PersonRow.birth,
    PersonRow.voided,
    PersonRow.stub,
).where(PersonRow.ordinal.in_(bindparam("ordinals", expanding=True)))


class Ask(Protocol):
    """Runs one statement; the reader's own, so that pending writes are seen."""

    def __call__(self, statement: Executable, **parameters: Any) -> Sequence[Any]: ...


def candidates(ask: Ask, keys: Iterable[str], limit: int) -> list[Candidate]:
    """Persons found under any of the keys, the best first: most and rarest keys win."""
    lists = {key: _read(ask, key, POSTINGS) for key in sorted(set(keys))[:MAX_KEYS]}
    weights: dict[int, float] = defaultdict(float)
    found: dict[int, int] = defaultdict(int)
    spent = 0
    for _key, ordinals in sorted(lists.items(), key=lambda item: len(item[1])):
        if spent >= BUDGET:
            break
        spent += len(ordinals)
        weight = 1 / math.log2(len(ordinals) + 2)
        for ordinal in ordinals:
            weights[ordinal] += weight
            found[ordinal] += 1
    best = sorted(weights, key=lambda ordinal: (-weights[ordinal], ordinal))[:limit]
    rows: dict[int, Any] = {}
    for start in range(0, len(best), PART):
        for row in ask(_PERSONS, ordinals=best[start : start + PART]):
            rows[row.ordinal] = row
    return [
        Candidate(
            id=PersonId(UUID(bytes=row.id)),
            number=row.number,
            permanent=row.permanent,
            name=row.name,
            name_latin=row.name_latin,
            sex=row.sex,
            birth=row.birth,
            voided=row.voided,
            stub=row.stub,
            keys=found[ordinal],
            weight=weights[ordinal],
        )
        for ordinal in best
        if (row := rows.get(ordinal)) is not None
    ]


def _read(ask: Ask, key: str, limit: int) -> set[int]:
    if not key.endswith(PREFIX):
        return {row[0] for row in ask(_POSTINGS, key=key, limit=limit)}
    first = key[: -len(PREFIX)]
    last = first + "\U0010ffff"
    return {row[0] for row in ask(_PREFIXED, first=first, last=last, limit=limit)}
