"""Refusing what was typed: the problems that remain, whichever office asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms import wording
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forms.draft import Confirmation
    from forms.problems import Problem

CONFIRM = "Confirm each warning with a reason, or mend it."


class ProblemsError(RefusedError):
    """What was typed has errors, or warnings that nobody confirmed; `problems` names them."""

    def __init__(self, sentence: str, problems: Sequence[Problem]) -> None:
        super().__init__("problems", sentence)
        self.problems = tuple(problems)


def require_settled(problems: Iterable[Problem], confirmed: Iterable[Confirmation]) -> None:
    """Raise `ProblemsError` while an error stands, or a warning without a reason."""
    found = list(problems)
    errors = [problem for problem in found if problem.is_error]
    if errors:
        raise ProblemsError(wording.say(errors[0], "en"), errors)
    answered = {(one.code, one.field) for one in confirmed if one.reason.strip()}
    open_ones = [one for one in found if (one.code, one.field) not in answered]
    if open_ones:
        raise ProblemsError(CONFIRM, open_ones)
