"""The verdict on each row of a list as written: accepted, flagged or rejected.

``docs/formats/prelist.md`` gives the rules with their reasons. A row is rejected only for what
its writer must mend; whatever a person has to look at is flagged, and registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from forms.facts import Facts
from forms.prelist.family import household_problems, list_problems
from forms.prelist.reading import Prelist
from forms.prelist.single import facts_of, row_problems
from forms.problems import Problem

__all__ = ["Judgement", "RowVerdict", "Verdicts", "judge"]


class Judgement(StrEnum):
    """What happens to a row."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """The verdict on one row, with its problems: those that reject first."""

    row: int
    problems: tuple[Problem, ...] = ()

    @property
    def verdict(self) -> Judgement:
        """Rejected by any error, flagged by any warning, else accepted."""
        if any(problem.is_error for problem in self.problems):
            return Judgement.REJECTED
        return Judgement.FLAGGED if self.problems else Judgement.ACCEPTED

    @property
    def code(self) -> str:
        """The code of the first problem; empty when accepted."""
        return self.problems[0].code if self.problems else ""

    def message(self, language: str = "en") -> str:
        """What to do about the first problem, as a sentence; empty when accepted."""
        from forms.wording import say_row  # here: sentences are asked for only at the end

        return say_row(self.problems[0], language) if self.problems else ""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on all rows, in the order of the list. Iterates over them."""

    rows: tuple[RowVerdict, ...]
    facts: tuple[Facts, ...] = field(repr=False)

    def __iter__(self) -> Iterator[RowVerdict]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, number: int) -> RowVerdict:
        """The verdict on a data record, counted from 1."""
        return self.rows[number - 1]

    def numbers(self, judgement: Judgement) -> tuple[int, ...]:
        """The rows with this verdict."""
        return tuple(one.row for one in self.rows if one.verdict is judgement)


def judge(prelist: Prelist, on: date | None = None) -> Verdicts:
    """Judge every row as written, with dates and ages as on ``on`` (the list's own day)."""
    day = prelist.on if on is None else on
    problems: dict[int, list[Problem]] = {row.number: [] for row in prelist.rows}
    facts = tuple(facts_of(row, day) for row in prelist.rows)
    for row in prelist.rows:
        problems[row.number] += [row.fault] if row.fault else row_problems(row, day)
    for number, problem in household_problems(prelist.rows, facts, day):
        problems[number].append(problem)
    for number, problem in list_problems(prelist.rows, facts):
        problems[number].append(problem)
    return Verdicts(
        tuple(
            # Sorting is stable: errors come first, each kind in the order in which it was found.
            RowVerdict(number, tuple(sorted(found, key=lambda one: not one.is_error)))
            for number, found in problems.items()
        ),
        facts,
    )
