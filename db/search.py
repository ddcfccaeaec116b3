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
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from sqlalchemy import TextClause, bindparam, select, text

from db.models import PersonRow, SearchKeyRow
from db.records import Candidate
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Executable

POSTINGS = 250
"""Postings read of one key at most: under 1 ms, and more than anyone scrolls through."""

BUDGET = 900
"""Postings read in all for one search."""

COMMON = 10
"""Keys too common to be read that are still asked about those found: each costs a look a person."""

MAX_KEYS = 44
"""Keys of one query that are looked up; a query is a name, not a book."""

PREFIX = "*"
PART = 300

_TABLE = SearchKeyRow.__tablename__
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
    """Persons found under any of the keys, the best first: most and rarest keys win.

    The keys come with the telling ones first.
    """
    wanted = list(dict.fromkeys(keys))[:MAX_KEYS]
    sizes = _sizes(ask, wanted)
    weights: dict[int, float] = defaultdict(float)
    found: dict[int, int] = defaultdict(int)
    rare: list[str] = []
    spent = 0
    for key in sorted(sizes, key=lambda key: (sizes[key], key)):
        if not spent or spent + sizes[key] <= BUDGET:
            rare.append(key)
            spent += sizes[key]
    for key, ordinals in _read(ask, rare).items():
        _count(ordinals, _weight(sizes[key]), weights, found)
    common = [
        key for key in wanted if key in sizes and key not in rare and not key.endswith(PREFIX)
    ]
    if common:
        best = _best(weights, min(limit + limit // 2, PART))
        for key, ordinals in _read(ask, common[:COMMON], best).items():
            _count(ordinals, _weight(sizes[key]), weights, found)
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


def _sizes(ask: Ask, keys: Sequence[str]) -> dict[str, int]:
    """How many postings each key has, counted up to one more than are read; none are left out."""
    if not keys:
        return {}
    asked = _together(_kinds(keys), counting=True, among=False)
    counted = ask(asked, **_parameters(keys), limit=POSTINGS + 1)
    return {keys[place]: int(size) for place, size in counted if size}


def _read(ask: Ask, keys: Sequence[str], among: Sequence[int] | None = None) -> dict[str, set[int]]:
    """The postings of each key, or those of some persons alone, however common the key is.

    A set each: a prefix may find a person twice, under two tokens that begin alike.
    """
    lists: dict[str, set[int]] = {key: set() for key in keys}
    if not keys:
        return lists
    parameters = _parameters(keys)
    if among is not None:
        parameters["ordinals"] = list(among)
    asked = _together(_kinds(keys), counting=False, among=among is not None)
    for place, ordinal in ask(asked, **parameters, limit=POSTINGS):
        lists[keys[place]].add(ordinal)
    return lists


def _kinds(keys: Iterable[str]) -> str:
    """``e`` for an exact key, ``p`` for a prefix."""
    return "".join("p" if key.endswith(PREFIX) else "e" for key in keys)


def _parameters(keys: Iterable[str]) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for place, key in enumerate(keys):
        if key.endswith(PREFIX):
            parameters[f"first{place}"] = key[: -len(PREFIX)]
            parameters[f"last{place}"] = key[: -len(PREFIX)] + "\U0010ffff"
        else:
            parameters[f"key{place}"] = key
    return parameters


@cache
def _together(kinds: str, *, counting: bool, among: bool) -> TextClause:
    """One statement for all keys: thirty small ones cost more in their handling than they find.

    Only numbers and names of ours are put together here; what was typed is bound.
    """
    parts = []
    for place, kind in enumerate(kinds):
        where = (
            f"key = :key{place}" if kind == "e" else f"key >= :first{place} AND key < :last{place}"
        )
        if among:
            where += " AND ordinal IN :ordinals"
        postings = f"(SELECT ordinal FROM {_TABLE} WHERE {where} LIMIT :limit) AS s{place}"  # noqa: S608 - no key in it
        shown = "count(*)" if counting else "ordinal"
        parts.append(f"SELECT {place} AS place, {shown} AS found FROM {postings}")  # noqa: S608 - no key in it
    statement = text(" UNION ALL ".join(parts))
    return statement.bindparams(bindparam("ordinals", expanding=True)) if among else statement
