"""Reading for pairs: many persons at once who may be one with others.

A search asks for one name and wants the best; here a few statements answer for hundreds of records.
What a key names is asked and counted in one: a list, cut off at a limit, as one text, which costs
a tenth of its rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import TextClause, bindparam, or_, select, text

from db.asking import Asking
from db.keptreader import match_case
from db.models import MatchCaseRow, MemberRow, PersonRow, SearchKeyRow
from db.plain import shown
from db.statements import parts
from db.viewrows import MAX_KEY
from values.identifiers import HouseholdId, PersonId

if TYPE_CHECKING:
    from db.records import MatchCase

_TABLE = SearchKeyRow.__tablename__
_NAMED = f"SELECT ordinal FROM {_TABLE} WHERE key = asked.value ORDER BY ordinal LIMIT :limit"  # noqa: S608 - a name of ours

_SQLITE = text(
    f"SELECT asked.key, (SELECT group_concat(ordinal) FROM ({_NAMED}))"  # noqa: S608 - likewise
    " FROM json_each(:keys) AS asked"
)
_POSTGRES = text(
    f"SELECT asked.place - 1, array_to_string(ARRAY({_NAMED}), ',')"  # noqa: S608 - likewise
    " FROM json_array_elements_text(CAST(:keys AS json)) WITH ORDINALITY AS asked(value, place)"
)
_GLIMPSES = select(PersonRow.ordinal, PersonRow.id, PersonRow.sex, PersonRow.birth).where(
    PersonRow.ordinal.in_(bindparam("ordinals", expanding=True)),
    PersonRow.voided.is_(None),
    ~PersonRow.stub,
)
_HOMES = select(MemberRow.person_id, MemberRow.household_id).where(
    MemberRow.person_id.in_(bindparam("persons", expanding=True))
)
_CASES = select(MatchCaseRow).where(
    or_(
        MatchCaseRow.first_id.in_(bindparam("persons", expanding=True)),
        MatchCaseRow.second_id.in_(bindparam("persons", expanding=True)),
    )
)


class Glimpse(NamedTuple):
    """The little of a person by which most are left aside: no view is decoded for it."""

    ordinal: int
    id: PersonId
    sex: str
    birth: str
    """EDTF as it was said, in whichever calendar."""


class Named:
    """The persons under one key, as many as were asked for. Most lists are weighed by their length
    and never read, so one is read at its first use."""

    __slots__ = ("_ordinals", "_text", "size")

    def __init__(self, text_: str) -> None:
        self._text = text_
        self._ordinals: list[int] | None = None
        self.size = text_.count(",") + 1

    @property
    def ordinals(self) -> list[int]:
        """The lowest first."""
        if self._ordinals is None:
            self._ordinals = [*map(int, self._text.split(","))]
        return self._ordinals


class PairReader(Asking):
    """What proposing pairs asks, for many persons with each statement."""

    def named_by(self, keys: Iterable[str], limit: int) -> dict[str, Named]:
        """The persons under each key, those stored first and so many of them at most; keys
        that nobody has are left out. Keys are exact, none is a prefix."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Named] = {}
        for part in parts(wanted):
            # As the table keeps them.
            listed = json.dumps([shown(key)[:MAX_KEY] for key in part])
            for place, named in self._all(self._naming, keys=listed, limit=limit):
                if named:
                    found[part[place]] = Named(named)
        return found

    def glimpses(self, ordinals: Iterable[int]) -> list[Glimpse]:
        """Those of these persons who can be one with somebody: neither void nor pruned."""
        return [
            Glimpse(row.ordinal, PersonId(UUID(bytes=row.id)), row.sex, row.birth)
            for part in parts(ordinals)
            for row in self._all(_GLIMPSES, ordinals=part)
        ]

    def homes_of(self, persons: Iterable[PersonId]) -> dict[PersonId, frozenset[HouseholdId]]:
        """Every household that each of them belongs or once belonged to."""
        found: dict[PersonId, set[HouseholdId]] = {one: set() for one in persons}
        for part in parts(one.bytes for one in found):
            for row in self._all(_HOMES, persons=part):
                home = HouseholdId(UUID(bytes=row.household_id))
                found[PersonId(UUID(bytes=row.person_id))].add(home)
        return {one: frozenset(homes) for one, homes in found.items()}

    def match_cases_of_all(self, persons: Iterable[PersonId]) -> list[MatchCase]:
        """Every pair that any of these persons is part of, each once."""
        found = {
            (row.first_id, row.second_id): row
            for part in parts(one.bytes for one in persons)
            for row in self._all(_CASES, persons=part)
        }
        return [match_case(found[key]) for key in sorted(found)]

    @property
    def _naming(self) -> TextClause:
        return _POSTGRES if self._connection.dialect.name == "postgresql" else _SQLITE
