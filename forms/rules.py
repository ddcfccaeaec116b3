"""What does not fit together, in one person and in one family: warnings, never refusals.

A person at the table or the writer of a list may be right against every rule here, so each can be
confirmed with a reason. Rules speak only when they are sure: a range of possible births that
allows the normal case raises nothing, except where a child may need protection.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from forms.facts import HAZARD_CAUSES, HEAD, Facts, folded, same_person
from forms.problems import Problem, warning

__all__ = ["PROTECTION", "family", "person", "personal_papers"]

MAJORITY = 18
"""Convention on the Rights of the Child, article 1."""
PARENT_GAP = 12
"""Years between parent and child below which census editing asks again (UN Handbook on
Population and Housing Census Editing)."""
GRANDPARENT_GAP = 2 * PARENT_GAP
ELDER = 50
"""UNHCR counts older people from 60; below 50 even a wide guess of an age does not reach it."""
PROTECTION = frozenset(
    {
        "spouse_under_18",
        "head_under_18",
        "head_married_under_18",
        "child_without_parents",
        "share_after_persecution",
    }
)
"""Codes of what is about somebody's safety: answered while the person is at the table, however
many wait."""
_SPOUSES = frozenset({"spouse", "co_wife", "partner"})
_APART = frozenset({"unaccompanied", "separated"})
_WOMEN_ONLY = frozenset({"WR-WR", "WR-SF", "WR-LC", "SM-DP", "CR-TP"})
_PERSONAL_PAPERS = frozenset({"national_id", "passport", "driving_licence"})
"""Papers that belong to one person; a family book or a refugee card may name a whole family."""
_GAP_TO_HEAD = {
    "child": PARENT_GAP,
    "grandchild": GRANDPARENT_GAP,
    "foster_child": 0,
    "step_child": 0,
    "unrelated_minor": 0,
}
_GAP_OVER_HEAD = {"parent": PARENT_GAP, "grandparent": GRANDPARENT_GAP}
_PARENT_OF = {
    "head": frozenset({"parent"}),
    "sibling": frozenset({"parent"}),
    "child": frozenset({"spouse", "co_wife"}),
    "grandchild": frozenset({"child", "in_law"}),
    "nephew_niece": frozenset({"sibling"}),
}
"""Where a parent who is named may stand in the family. A grandson often bears his grandfather's
name, so a namesake of the wrong generation is not taken for the parent."""


def person(facts: Facts, on: date, *, index: int | None = None) -> Iterator[Problem]:
    """What does not fit in one person."""
    yield from _protection(facts, on, index)
    yield from _contradictions(facts, on, index)
    yield from _needs(facts, on, index)
    yield from _papers(facts, index)


def family(members: Sequence[Facts], on: date) -> Iterator[Problem]:
    """What does not fit between the members of one household. ``person`` is the place in
    ``members``; ``other`` in the parameters is the other member's place, counted from 1."""
    head = next((place for place, one in enumerate(members) if one.relation == HEAD), None)
    if head is not None:
        yield from _child_marriage(members, head, on)
    yield from _generations(members, head)
    yield from _repeats(members)


def _protection(facts: Facts, on: date, index: int | None) -> Iterator[Problem]:
    if facts.relation in _SPOUSES and facts.maybe_under(MAJORITY, on) and facts.birth:
        yield warning("spouse_under_18", "birth", index, age=facts.birth.age_on(on)[0])
    known_alone = facts.uasc_status in _APART or any(code.startswith("SC-") for code in facts.needs)
    if facts.relation == HEAD and facts.surely_under(MAJORITY, on) and not known_alone:
        yield warning("head_under_18", "birth", index)
    cared_for = known_alone or facts.uasc_status == "with_family"
    if facts.relation == "unrelated_minor" and not cared_for:
        yield warning("child_without_parents", "needs", index)
    if facts.cause == "persecution" and facts.share_with_origin == "yes":
        yield warning("share_after_persecution", "share_with_origin", index)


def _child_marriage(members: Sequence[Facts], head: int, on: date) -> Iterator[Problem]:
    married = any(one.relation in _SPOUSES for one in members)
    if married and members[head].surely_under(MAJORITY, on):
        yield warning("head_married_under_18", "birth", head)


def _contradictions(facts: Facts, on: date, index: int | None) -> Iterator[Problem]:
    if facts.arrival and facts.birth and facts.arrival.latest < facts.birth.earliest:
        yield warning("arrival_before_birth", "arrival", index)
    if facts.hazard and facts.cause not in HAZARD_CAUSES:
        yield warning("hazard_without_cause", "hazard", index)
    if facts.relation == "co_wife" and facts.sex == "M":
        yield warning("relation_against_sex", "relation", index)
    if facts.relation == "unrelated_minor" and facts.surely_at_least(MAJORITY, on):
        yield warning("minor_is_adult", "relation", index)


def _needs(facts: Facts, on: date, index: int | None) -> Iterator[Problem]:
    for code in facts.needs:
        family_code = code[:2]
        against_sex = code in _WOMEN_ONLY and facts.sex == "M"
        adult = family_code in ("CR", "SC") and facts.surely_at_least(MAJORITY, on)
        young = family_code == "ER" and facts.surely_under(ELDER, on)
        not_head = code == "SC-CH" and facts.relation not in (HEAD, "")
        if against_sex or adult or young or not_head:
            yield warning("need_contradicts", "needs", index, need=code)


def _papers(facts: Facts, index: int | None) -> Iterator[Problem]:
    for kind, number in facts.documents:
        if number and kind in ("", "none"):
            yield warning("number_without_document", "documents", index)
        elif kind not in ("", "none") and not number:
            yield warning("document_without_number", "documents", index, type=kind)


def _repeats(members: Sequence[Facts]) -> Iterator[Problem]:
    """Members who may stand in the household twice, each against the first of them."""
    named: dict[str, list[int]] = {}
    papers: dict[tuple[str, str], int] = {}
    for place, one in enumerate(members):
        namesakes = sorted({other for name in _names(one) for other in named.get(name, ())})
        for other in namesakes:
            if same_person(members[other], one):
                yield warning("possible_repeat", "name", place, other=other + 1)
                break
        for name in _names(one):
            named.setdefault(name, []).append(place)
        for paper in personal_papers(one):
            first = papers.setdefault(paper, place)
            if first != place:
                yield warning("document_twice", "documents", place, other=first + 1)


def _generations(members: Sequence[Facts], head: int | None) -> Iterator[Problem]:
    """Parents and grandparents who are not old enough to be so: the first of each member."""
    named: dict[str, list[int]] = {}
    for place, one in enumerate(members):
        for name in _names(one):
            named.setdefault(name, []).append(place)
    for place, one in enumerate(members):
        for elder, years in _elders(members, named, head, place):
            if _too_close(members[elder], one, years):
                older = _surely_older(one, members[elder])
                code = "older_than_parent" if older else "too_close_to_parent"
                yield warning(code, "birth", place, other=elder + 1, years=years)
                break
        years = _GAP_OVER_HEAD.get(one.relation, 0)
        if years and head is not None and _too_close(one, members[head], years):
            younger = _surely_older(members[head], one)
            code = "parent_younger" if younger else "parent_too_close"
            yield warning(code, "birth", place, other=head + 1, years=years)


def _elders(
    members: Sequence[Facts], named: dict[str, list[int]], head: int | None, place: int
) -> Iterator[tuple[int, int]]:
    """Places of those who must be older than this member, and by how many years."""
    one = members[place]
    if head is not None and head != place and one.relation in _GAP_TO_HEAD:
        yield head, _GAP_TO_HEAD[one.relation]
    generation = _PARENT_OF.get(one.relation, frozenset())
    for parent in (folded(one.father_name), folded(one.mother_name)):
        for other in named.get(parent, ()) if parent else ():
            if members[other].relation in generation:
                yield other, PARENT_GAP


def _names(one: Facts) -> set[str]:
    return {folded(one.name), folded(one.name_latin)} - {""}


def _too_close(elder: Facts, younger: Facts, years: int) -> bool:
    """Whether fewer than ``years`` lie between the births, whatever they mean."""
    if elder.birth is None or younger.birth is None:
        return False
    first, last = elder.birth.earliest, younger.birth.latest
    reached = (last.month, last.day) >= (first.month, first.day)
    return last.year - first.year - (0 if reached else 1) < years


def _surely_older(one: Facts, other: Facts) -> bool:
    if one.birth is None or other.birth is None:
        return False
    return one.birth.latest < other.birth.earliest


def personal_papers(one: Facts) -> set[tuple[str, str]]:
    """Papers that only one person can hold, as comparable pairs of kind and number."""
    papers = {(kind, folded(number)) for kind, number in one.documents if kind in _PERSONAL_PAPERS}
    return {(kind, number) for kind, number in papers if number}
