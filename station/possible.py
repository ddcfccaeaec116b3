"""Possible earlier registrations of the person being typed, shown quietly beside the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from values.dates import DateError, PartialDate
from workspace.search import Hit, search

if TYPE_CHECKING:
    from forms.draft import MemberDraft
    from workspace.session import Session

SHOWN = 5
LIKELY = 0.8
"""A name this like, and nothing against it, is worth a glance; less would cry wolf."""


def possible(session: Session, member: MemberDraft) -> list[Hit]:
    """Persons already here who may be this one: the name is like, sex and birth not against it."""
    name = next(
        (
            value
            for field in ("name", "name_latin")
            if isinstance(value := member.values.get(field), str) and len(value.strip()) > 1
        ),
        "",
    )
    if not name:
        return []
    sex = member.values.get("sex")
    birth = _birth(session, member)
    found = []
    for hit in search(session, name, limit=40):
        if hit.score < LIKELY:
            continue
        if sex in {"F", "M"} and hit.sex in {"F", "M"} and hit.sex != sex:
            continue
        if birth is not None and hit.birth is not None and _apart(birth, hit.birth):
            continue
        found.append(hit)
    return found[:SHOWN]


def _birth(session: Session, member: MemberDraft) -> PartialDate | None:
    raw = member.values.get("birth")
    if not isinstance(raw, dict) or not raw.get("text"):
        return None
    try:
        return PartialDate.parse(
            raw["text"], raw.get("calendar", "gregorian"), said_on=session.clock.now().date()
        )
    except DateError:
        return None


def _apart(one: PartialDate, other: PartialDate) -> bool:
    """Whether two births cannot be one, with five years of grace: ages are often guesses."""
    grace = 5 * 366
    return (one.earliest - other.latest).days > grace or (other.earliest - one.latest).days > grace
