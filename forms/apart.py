"""Which children of a family may be there without a parent: they are asked about at once.

Not a verdict: whether a child is unaccompanied or separated is what the child and the focal point
say. Where it is not sure that a parent or the usual carer is there, the question is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from datetime import date
from typing import Final, TypeVar

from forms.draft import Draft, MemberDraft
from forms.facts import HEAD, Facts
from forms.library import MEMBERSHIP, PERSON, Catalogue
from forms.raw import is_blank
from forms.reading import read
from forms.rules import MAJORITY

__all__ = ["QUESTIONS", "apart", "apart_in", "grown_up"]

QUESTIONS: Final = ("uasc_status", "best_interests", "care_arrangement", "guardian")
"""What is asked about such a child, in this order."""

_OF_HEAD = frozenset({"child", "step_child"})
_WEDDED = frozenset({"spouse", "co_wife", "partner"})
"""A rule of its own speaks of husbands and wives under 18."""
_PARENTS = frozenset({"parent", "step_parent", "foster_parent", "guardian"})
_BESIDE_HEAD = frozenset({HEAD, "sibling"})
"""Whose parents are the head's parents."""

K = TypeVar("K", bound=Hashable)


def grown_up(members: Mapping[K, Facts], today: date) -> frozenset[K]:
    """Those who may be 18: whose birth nobody knows is not taken for a child."""
    return frozenset(key for key, one in members.items() if not one.surely_under(MAJORITY, today))


def apart_in(
    members: Mapping[K, Facts], today: date, *, unsaid: Collection[K] = ()
) -> frozenset[K]:
    """Those who may be children without a parent or an adult in the family. ``unsaid`` are members
    who were not asked when they were born: they are nobody's adult yet."""
    grown = grown_up(members, today) - frozenset(unsaid)
    roles = frozenset(members[key].relation for key in grown)

    def with_parent(key: K) -> bool:
        relation = members[key].relation
        if not grown - {key}:
            return False
        if relation in _OF_HEAD:
            return HEAD in roles
        if relation in _BESIDE_HEAD:
            return bool(roles & _PARENTS)
        return relation in _WEDDED

    return frozenset(
        key
        for key, one in members.items()
        if one.maybe_under(MAJORITY, today) and not with_parent(key)
    )


def apart(draft: Draft, today: date, catalogue: Catalogue) -> frozenset[str]:
    """The keys of such members of a draft."""
    unsaid = {one.key for one in draft.members if is_blank(one.values.get("birth"))}
    members = {one.key: _facts(one, today, catalogue) for one in draft.members}
    return apart_in(members, today, unsaid=unsaid)


def _facts(member: MemberDraft, today: date, catalogue: Catalogue) -> Facts:
    said = {"birth": member.values.get("birth")}
    return Facts(
        relation=read(catalogue.form(MEMBERSHIP), member.values, today).text("relation"),
        birth=read(catalogue.form(PERSON), said, today).date("birth"),
    )
