"""What the registry decided, as a notice brings it, for people and for programs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from station import answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from station.receive import Outcome
    from workspace.session import Session

WORDS: Final = {
    "admitted": "admitted",
    "held": "held",
    "quarantined": "set aside",
    "refused": "refused",
    "registered": "registered",
    "returned": "sent back",
}
"""As the window calls them. Of a word that a later registry writes, the word itself."""

LISTED: Final = 10
"""Numbers that one line names: a whole bundle may be set aside for one reason."""


def told(session: Session, outcomes: Sequence[Outcome]) -> tuple[list[dict[str, Any]], list[str]]:
    """Each outcome for a program, with the number of the family or person it concerns; and lines
    for people: how many of each, then each reason with the numbers that it is said of."""
    numbers = answers.numbers(session, [one.group for one in outcomes])
    rows = [
        {
            "group": str(one.group),
            "number": numbers.get(one.group, ""),
            "outcome": one.outcome,
            "code": one.code,
            "message": one.sentence,
        }
        for one in outcomes
    ]
    counts = Counter(one.outcome for one in outcomes)
    lines = [", ".join(f"{_word(code)}: {count}" for code, count in counts.items())]
    same: dict[tuple[str, str], list[str]] = {}
    for one in outcomes:
        if one.sentence:
            same.setdefault((one.outcome, one.sentence), []).append(numbers.get(one.group, ""))
    for (outcome, why), found in same.items():
        whose = [number for number in found if number]
        more = [f"and {len(whose) - LISTED} more"] if len(whose) > LISTED else []
        lines.append(f"{_word(outcome)}: {why}")
        lines += [f"  {', '.join([*whose[:LISTED], *more])}"] if whose else []
    return rows, [line for line in lines if line]


def _word(code: str) -> str:
    return WORDS.get(code, code)
