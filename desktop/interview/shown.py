"""What the interview's parts show, worked out from its model. No widgets in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt

from desktop.interview.asking import Asking
from desktop.interview.family_list import Line
from desktop.interview.last_page import Doubt
from desktop.interview.marks import HOUSEHOLD, FamilyRow, State, is_empty
from desktop.interview.model import Interview
from desktop.interview.step_bar import Tab
from desktop.widgets.messages import ProblemItem
from desktop.words import beside, ntr, tr
from forms.problems import Problem

RELATIONS = "relation"


def is_f6(event: Any) -> bool:
    """Whether a key event is a bare F6."""
    return bool(
        event.key() == Qt.Key.Key_F6 and event.modifiers() == Qt.KeyboardModifier.NoModifier
    )


def family_lines(interview: Interview, asking: Asking, today: date) -> list[Line]:
    """The rows of the family list."""
    return [_line(number, row, asking, today) for number, row in enumerate(interview.family())]


def _line(number: int, row: FamilyRow, asking: Asking, today: date) -> Line:
    open_ones = ntr("{n} to ask", "{n} to ask", row.missing) if row.missing else ""
    state = {
        State.OPEN: open_ones,
        State.ERROR: ntr("{n} to mend", "{n} to mend", row.errors),
        State.WARNING: ntr("{n} to look at", "{n} to look at", row.warnings),
        State.COMPLETE: tr("complete"),
    }[row.state]
    if row.subject == HOUSEHOLD:
        name = tr("Household")
        detail = open_ones or state
    else:
        name = row.name or tr("Member {n}", n=number)
        relation = asking.label(RELATIONS, row.relation) if row.relation else ""
        age = asking.age(row.birth, today)
        detail = beside(age, relation) or open_ones
    key = f"F{row.key}" if row.key else ""
    spoken = ", ".join(dict.fromkeys(part for part in (name, detail, state, key) if part))
    return Line(row.subject, name, detail, row.state, key, spoken)


def heading(interview: Interview, asking: Asking) -> tuple[str, str]:
    """The name of the subject in front, and a word beside it."""
    if interview.subject == HOUSEHOLD:
        return tr("The household"), ""
    place = interview.draft.index(interview.subject) + 1
    row = interview.family()[place]
    relation = asking.label(RELATIONS, row.relation) if row.relation else ""
    return row.name or tr("Member {n}", n=place), relation


def tabs(interview: Interview) -> list[Tab]:
    """The pages of the subject in front, each with its state; a page's parts are one tab."""
    pages: list[list[int]] = []
    for number, step in enumerate(interview.steps):
        if step.part > 1 and pages:
            pages[-1].append(number)
        else:
            pages.append([number])
    return [
        Tab(
            parts[0],
            tr(interview.steps[parts[0]].title),
            _page_state(interview, parts),
            interview.step_number in parts,
        )
        for parts in pages
    ]


def _page_state(interview: Interview, parts: Sequence[int]) -> State:
    """A page is complete when something was answered on it and nothing required is open."""
    names = {
        one.field.name
        for number in parts
        for one in interview.steps[number].fields
        if interview.is_asked(one, interview.subject)
    }
    mine = [
        problem
        for problem in interview.shown()
        if interview.target(problem).subject == interview.subject and problem.field in names
    ]
    if any(problem.is_error for problem in mine):
        return State.ERROR
    if mine:
        return State.WARNING
    answered = any(not is_empty(interview.raw(name)) for name in names)
    if answered and not names & set(interview.missing(interview.subject)):
        return State.COMPLETE
    return State.OPEN


def problem_items(interview: Interview, sentences: Mapping[Problem, str]) -> list[ProblemItem]:
    """What the side panel lists: of this subject first, others with their name before it."""
    here, elsewhere = [], []
    for problem in interview.shown():
        target = interview.target(problem)
        sentence = sentences.get(problem, "")
        if target.subject == interview.subject:
            here.append(ProblemItem(problem.severity, sentence, target))
        else:
            said = _named(interview, target.subject, sentence)
            elsewhere.append(ProblemItem(problem.severity, said, target))
    return [*here, *elsewhere]


def error_items(interview: Interview, sentences: Mapping[Problem, str]) -> list[ProblemItem]:
    """What must be mended, for the last page."""
    return [
        ProblemItem(
            problem.severity,
            _named(interview, interview.target(problem).subject, sentences.get(problem, "")),
            interview.target(problem),
        )
        for problem in interview.errors()
    ]


def doubts(interview: Interview, sentences: Mapping[Problem, str]) -> list[Doubt]:
    """The warnings, each with the reason given so far; those without one come first."""
    found = [
        Doubt(
            problem,
            interview.target(problem),
            _named(interview, interview.target(problem).subject, sentences.get(problem, "")),
            interview.reason_for(problem),
        )
        for problem in interview.warnings()
    ]
    return sorted(found, key=lambda doubt: bool(doubt.reason))


def _named(interview: Interview, subject: str, sentence: str) -> str:
    if subject == HOUSEHOLD:
        return tr("Household: {sentence}", sentence=sentence)
    place = interview.draft.index(subject) + 1
    name = interview.family()[place].name or tr("Member {n}", n=place)
    return tr("{name}: {sentence}", name=name, sentence=sentence)
