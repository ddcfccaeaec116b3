"""Families that somebody left, by death or otherwise, and who of them needs somebody now.

A household without a head has nobody who speaks for it; children without an adult have nobody who
decides for them, until the child-protection focal point knows (best-interests procedure).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from forms.apart import grown_up
from forms.facts import Facts
from ledger import kinds
from workspace.search import birth_of

if TYPE_CHECKING:
    from db.store import Reader
    from ledger.views import HouseholdView
    from values.identifiers import PersonId

MOST: Final = 500
"""Households that are looked at: those changed last. More than a camp changes in a week."""

KNOWN: Final = "best_interests"
"""The answer of a child that says whether the focal point knows."""


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What is wrong with a household now. `person` is a member, by whom its page opens: the child
    nobody has told of, or the eldest."""

    person: PersonId
    headless: bool
    children: bool


def left_behind(reader: Reader, household: HouseholdView, today: date) -> LeftBehind | None:
    """What a household lacks; None where nothing is, or nobody is left."""
    views = {
        one.person: (view, Facts(relation=one.relation, birth=birth_of(view)))
        for one in household.present()
        if (view := reader.person(one.person)) is not None and view.voided is None
    }
    members = {person: facts for person, (_, facts) in views.items()}
    if not members:
        return None
    headless = all(one.relation != kinds.HEAD for one in members.values())
    untold = [person for person, (view, _) in views.items() if view.values.get(KNOWN) != "yes"]
    children = not grown_up(members, today) and bool(untold)
    if not headless and not children:
        return None
    return LeftBehind(untold[0] if children else _eldest(members), headless, children)


def families(reader: Reader, today: date) -> list[LeftBehind]:
    """Every household that lacks somebody, the last changed first."""
    found = (left_behind(reader, one, today) for one in reader.somebody_left(MOST))
    return [one for one in found if one is not None]


def _eldest(members: dict[PersonId, Facts]) -> PersonId:
    """Who was surely born first; whose birth nobody knows comes last."""

    def born(person: PersonId) -> date:
        birth = members[person].birth
        return birth.latest if birth is not None else date.max

    return min(members, key=born)
