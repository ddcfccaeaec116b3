"""Mass arrival: the fewest questions, all of somebody's on one page, the rest asked later.

What is asked at once is what the forms give the tier ``emergency``. Pure; the interview's model
uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from desktop.interview.marks import HOUSEHOLD, Target, is_empty
from desktop.interview.steps import Step, household_pages, steps_of
from desktop.words import N_
from forms.apart import QUESTIONS
from forms.definition import Tier
from forms.draft import Draft, Raw
from forms.library import Asked, Catalogue
from forms.problems import Problem
from forms.rules import PROTECTION

TITLE: Final = N_("Asked at once")

ALONE: Final = N_("A child who may be alone")

NEVER_LATER: Final = frozenset(QUESTIONS)
"""Questions about a child who may be without parents. Only such a child is asked them in a mass
arrival, and then they are not put off: the child may be gone tomorrow."""

LATER: Final = N_("Mass arrival: asked later")
"""The reason that is given for what is not asked at once."""

SAID_BY_EACH: Final = frozenset({"nationality"}) | NEVER_LATER
"""Answers that nobody is given but by the officer's own key: who fled a country, or whose parents
have its papers, may be stateless, and would be registered as its national unseen; whether a child
is alone is said of each child."""


def steps_for(catalogue: Catalogue, *, quick: bool) -> dict[bool, tuple[Step, ...]]:
    """The pages of the household (False) and of a member (True)."""
    household = steps_of(household_pages(catalogue))
    member = steps_of(catalogue.pages(head=False))
    if not quick:
        return {False: household, True: member}
    return {False: _one_page(household), True: (*_one_page(member), _alone(member))}


def _one_page(steps: Iterable[Step]) -> tuple[Step, ...]:
    fields = tuple(one for step in steps for one in step.fields if one.field.tier is Tier.EMERGENCY)
    return (Step("quick", TITLE, fields),)


def _alone(steps: Iterable[Step]) -> Step:
    by_name = {one.field.name: one for step in steps for one in step.fields}
    return Step("alone", ALONE, tuple(by_name[name] for name in QUESTIONS if name in by_name))


def in_sight(
    steps: tuple[Step, ...], asked: Callable[[Asked], bool], *, quick: bool
) -> tuple[Step, ...]:
    """The pages to go through: in a mass arrival, none of which nothing is asked after the
    first."""
    if not quick:
        return steps
    first, *more = steps
    return (first, *(one for one in more if any(asked(field) for field in one.fields)))


def given(draft: Draft, fields: Iterable[Asked]) -> dict[str, Raw]:
    """What a member who is added begins with: what the member before said, where the form lets it
    be taken over and it is not each one's own."""
    if not draft.members:
        return {}
    before = draft.members[-1].values
    return {
        one.field.name: before[one.field.name]
        for one in fields
        if one.field.repeat
        and one.field.name not in SAID_BY_EACH
        and not is_empty(before.get(one.field.name))
    }


def later(
    problems: Iterable[Problem], targets: Iterable[Target], steps: Mapping[bool, Iterable[Step]]
) -> tuple[Problem, ...]:
    """Warnings about answers that are not asked at once, and that can wait: what is about
    somebody's safety never can."""
    asked = {
        of_member: {one.field.name for step in pages for one in step.fields}
        for of_member, pages in steps.items()
    }
    return tuple(
        problem
        for problem, target in zip(problems, targets, strict=True)
        if not problem.is_error
        and problem.field
        and problem.code not in PROTECTION
        and problem.field not in asked[target.subject != HOUSEHOLD]
    )
