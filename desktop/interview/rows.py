"""The rows of the family list, worked out from the interview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.interview.marks import HOUSEHOLD, FamilyRow, State, shown_name

if TYPE_CHECKING:
    from desktop.interview.model import Interview

FIRST_KEY: Final = 2
LAST_KEY: Final = 9
"""F2 to F9 go to the household and the first seven members; F10 adds one, as on the screen."""


def rows_of(interview: Interview) -> tuple[FamilyRow, ...]:
    """The household first, then each member."""
    return tuple(
        _row(interview, number, subject) for number, subject in enumerate(interview.subjects)
    )


def _row(interview: Interview, number: int, subject: str) -> FamilyRow:
    mine = [one for one in interview.shown() if interview.target(one).subject == subject]
    wrong = [one for one in mine if one.is_error and not interview.is_missing(one)]
    odd = [one for one in mine if not one.is_error]
    missing = len(interview.missing(subject))
    state = State.COMPLETE
    if wrong:
        state = State.ERROR
    elif missing:
        state = State.OPEN
    elif odd:
        state = State.WARNING
    key = number + FIRST_KEY
    member = None if subject == HOUSEHOLD else interview.draft.member(subject)
    return FamilyRow(
        subject=subject,
        name=shown_name(member.values) if member else "",
        relation=member.relation if member else "",
        birth=member.values.get("birth") if member else None,
        state=state,
        missing=missing,
        errors=len(wrong),
        warnings=len(odd),
        key=key if key <= LAST_KEY else 0,
    )
