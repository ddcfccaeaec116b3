"""Candidates for a search: the rarest keys are followed first, and only so far.

Search keys are made by `matching`; here they are opaque text. Each names a posting list of
persons. The commonest name of a country has tens of thousands of postings, and reading them all
would make a search as slow as the store is large. So lists are sized first (up to a limit, inside
the engine), read from the rarest on until a budget is spent, and the common rest is only asked
about those who were found already. What is lost is only the order among persons who share
nothing but the commonest key.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, func, select

from db.models import PersonRow, SearchKeyRow
from db.records import Candidate
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Executable

POSTINGS = 1500
"""Postings read of one key at most: about 1 ms, and more than anyone scrolls through."""

BUDGET = 5000
"""Postings read in all for one search."""

MAX_KEYS = 64
"""Keys of one query that are looked up; a query is a name, not a book."""

PREFIX = "*"
PART = 300

_LIMIT: Any = bindparam("limit")
_UNDER_KEY = select(SearchKeyRow.ordinal).where(SearchKeyRow.key == bindparam("key"))
_UNDER_PREFIX = select(SearchKeyRow.ordinal).where(
    SearchKeyRow.key >= bindparam("first"), SearchKeyRow.key < bindparam("last")
)
_READ, _READ_PREFIX = _UNDER_KEY.limit(_LIMIT), _UNDER_PREFIX.limit(_LIMIT)
_SIZE, _SIZE_PREFIX = (
    select(func.count()).select_from(postings.subquery()) for postings in (_READ, _READ_PREFIX)
)
_AMONG = _UNDER_KEY.where(SearchKeyRow.ordinal.in_(bindparam("ordinals", expanding=True)))
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
    wanted = list(dict.fromkeys(keys))[:MAX_KEYS]
    sizes = {key: size for key in wanted if (size := _size(ask, key))}
    weights: dict[int, float] = defaultdict(float)
    found: dict[int, int] = defaultdict(int)
    common: list[str] = []
    spent = 0
    for key in sorted(sizes, key=lambda key: (sizes[key], key)):
        if spent and spent + sizes[key] > BUDGET:
            common.append(key)
            continue
        spent += sizes[key]
        _count(_read(ask, key), _weight(sizes[key]), weights, found)
    best = _best(weights, max(limit, PART)) if common else []
    for key in common:
        if not key.endswith(PREFIX):
            _count(_among(ask, key, best), _weight(sizes[key]), weights, found)
    return _persons(ask, _best(weights, limit), weights, found)


def _persons(
    ask: Ask, best: list[int], weights: Mapping[int, float], found: Mapping[int, int]
) -> list[Candidate]:
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


def _weight(size: int) -> float:
    """What finding a key says: a key of one person much, one of a thousand little."""
    return 1 / math.log2(size + 2)


def _count(
    ordinals: Iterable[int], weight: float, weights: dict[int, float], found: dict[int, int]
) -> None:
    for ordinal in ordinals:
        weights[ordinal] += weight
        found[ordinal] += 1


def _best(weights: Mapping[int, float], limit: int) -> list[int]:
    return heapq.nsmallest(limit, weights, key=lambda ordinal: (-weights[ordinal], ordinal))


def _range(key: str) -> dict[str, str]:
    first = key[: -len(PREFIX)]
    return {"first": first, "last": first + "\U0010ffff"}


def _size(ask: Ask, key: str) -> int:
    """How many postings a key has, counted up to one more than are read."""
    most = POSTINGS + 1
    if key.endswith(PREFIX):
        return int(ask(_SIZE_PREFIX, **_range(key), limit=most)[0][0])
    return int(ask(_SIZE, key=key, limit=most)[0][0])


def _read(ask: Ask, key: str) -> set[int]:
    # A prefix may find a person twice, under two tokens that begin alike.
    if key.endswith(PREFIX):
        return {row[0] for row in ask(_READ_PREFIX, **_range(key), limit=POSTINGS)}
    return {row[0] for row in ask(_READ, key=key, limit=POSTINGS)}


def _among(ask: Ask, key: str, ordinals: list[int]) -> list[int]:
    """Those of some persons who are found under a key, however common it is."""
    parts = (ordinals[start : start + PART] for start in range(0, len(ordinals), PART))
    return [row[0] for part in parts for row in ask(_AMONG, key=key, ordinals=part)]
