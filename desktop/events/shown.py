"""What the parts of a form's page show, worked out from its model. No widgets in here."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.events.filling import Filling
from desktop.events.offer import text_of
from desktop.events.said import HERE
from desktop.interview.last_page import Doubt
from desktop.interview.marks import Target
from desktop.interview.step_bar import Tab
from desktop.widgets.messages import ProblemItem
from forms.problems import Problem


def tabs(filling: Filling) -> list[Tab]:
    """The pages on which something is asked, each with its state; a page's parts are one tab."""
    pages: list[list[int]] = []
    for number, step in enumerate(filling.steps):
        if step.part > 1 and pages and filling.steps[pages[-1][0]].id == step.id:
            pages[-1].append(number)
        else:
            pages.append([number])
    return [
        Tab(
            parts[0],
            text_of(filling.form, filling.steps[parts[0]].title),
            filling.state(parts),
            filling.step_number in parts,
        )
        for parts in pages
        if filling.step_number in parts or any(filling.asked_on(number) for number in parts)
    ]


def problem_items(filling: Filling, sentences: Mapping[Problem, str]) -> list[ProblemItem]:
    """What the side panel lists."""
    return [
        ProblemItem(one.severity, sentences.get(one, ""), _where(filling, one))
        for one in filling.shown()
    ]


def error_items(filling: Filling, sentences: Mapping[Problem, str]) -> list[ProblemItem]:
    """What must be mended, for the last page."""
    return [
        ProblemItem(one.severity, sentences.get(one, ""), Target(HERE, _where(filling, one)))
        for one in filling.errors()
    ]


def doubts(filling: Filling, sentences: Mapping[Problem, str]) -> list[Doubt]:
    """The warnings, each with the reason given so far; those without one come first."""
    found = [
        Doubt(
            one,
            Target(HERE, _where(filling, one)),
            sentences.get(one, ""),
            filling.reason_for(one),
        )
        for one in filling.warnings()
    ]
    return sorted(found, key=lambda doubt: bool(doubt.reason))


def _where(filling: Filling, problem: Problem) -> str:
    """The question a problem is about; in a group with its place: ``witnesses.1.name``."""
    target = filling.target(problem)
    return problem.field if problem.field.startswith(f"{target}.") else target
