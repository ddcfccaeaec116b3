"""Who belongs to which household: moving, splitting, merging, another head, another relation.

Each is one act. Nobody is taken out without being said where to, nobody comes without a relation,
a household has one head at most, and one that everybody left stays, with its past.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger import kinds
from ledger.entry import Subject
from station.household_past import HouseholdChange as HouseholdChange
from station.household_past import past as past
from station.household_past import undo as undo
from station.memberships import (
    head_of,
    household_of,
    join,
    leave,
    person_of,
    relation_code,
    require_member,
    require_reason,
)
from values.identifiers import HouseholdId
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from ledger.views import HouseholdView
    from values.identifiers import PersonId
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class SplitOff:
    """The household that was made, and the act, by which it can be undone."""

    household: HouseholdId
    number: str
    act: UUID


def move(
    session: Session, person: PersonId, *, to: HouseholdId, relation: str, reason: str
) -> UUID:
    """Take a person over into another household; returns the act, for undoing it.

    Raises `RefusedError`: the head goes last, and does not become a second one.
    """
    require(session, Right.RECORD)
    require_reason(reason)
    relation = relation_code(relation)
    with session.act() as act:
        view = person_of(act.unit, person)
        target = household_of(act.unit, to)
        left = act.unit.household_of(person)
        if person in {one.person for one in target.present()}:
            raise RefusedError("already_a_member", "This person belongs to that household already.")
        _require_free_head(target, [relation])
        if left is not None:
            _require_head_last(left, {person})
            require_member(left, person)
            leave(act, left, person, to=to, what="move", reason=reason)
        came_from = left.id if left else None
        join(act, target, view.id, relation, came_from=came_from, what="move", reason=reason)
    return act.id


def split(
    session: Session,
    household: HouseholdId,
    relations: Mapping[PersonId, str],
    *,
    reason: str,
) -> SplitOff:
    """Make a household of its own of some members, with what the family told of itself.

    `relations` names each who goes with the relation to the new head, one of whom is head. Raises
    `RefusedError`: somebody has to stay, and the old head does.
    """
    require(session, Right.RECORD)
    require_reason(reason)
    told = {person: relation_code(relation) for person, relation in relations.items()}
    if list(told.values()).count(kinds.HEAD) != 1:
        raise RefusedError("one_head", "Choose one of those who go as the head of the household.")
    with session.act() as act:
        view = household_of(act.unit, household)
        for person in told:
            require_member(view, person)
            person_of(act.unit, person)
        if len(told) == len(view.present()):
            raise RefusedError(
                "nobody_left",
                "Everybody would go, so nothing is split. Choose those who do not stay.",
            )
        _require_head_last(view, told)
        made, number = HouseholdId(act.new_id()), act.number("H")
        for person in told:
            leave(act, view, person, to=made, what="split", reason=reason)
        act.say(
            kinds.HOUSEHOLD_REGISTERED,
            Subject("household", made),
            {
                "number": number,
                "values": _shared(view),
                # The head comes first, as in every household.
                "members": [
                    {"person": person.bytes, "relation": relation}
                    for person, relation in sorted(
                        told.items(), key=lambda one: one[1] != kinds.HEAD
                    )
                ],
                "from": household.bytes,
                "reason": reason.strip(),
                "as": "split",
            },
            form="household",
        )
    return SplitOff(made, number, act.id)


def merge(
    session: Session,
    into: HouseholdId,
    other: HouseholdId,
    relations: Mapping[PersonId, str],
    *,
    reason: str,
) -> UUID:
    """Take all members of another household over; returns the act, for undoing it.

    `relations` names every member of `other` with the relation to the head of `into`. The other
    household stays, without members, with its past. Raises `RefusedError`.
    """
    require(session, Right.RECORD)
    require_reason(reason)
    if into == other:
        raise RefusedError("same_household", "These are one household. Choose another one.")
    told = {person: relation_code(relation) for person, relation in relations.items()}
    with session.act() as act:
        target, emptied = household_of(act.unit, into), household_of(act.unit, other)
        coming = {one.person for one in emptied.present()}
        if not coming:
            raise RefusedError("nobody_left", "Nobody belongs to that household any more.")
        if set(told) != coming:
            raise RefusedError(
                "relations",
                f"That household has {len(coming)} members. Choose a relation for each of them.",
            )
        here = {one.person for one in target.present()}
        _require_free_head(target, [told[person] for person in coming - here])
        for person, relation in told.items():
            require_member(emptied, person)
            leave(act, emptied, person, to=into, what="merge", reason=reason)
            if person not in here:
                join(act, target, person, relation, came_from=other, what="merge", reason=reason)
    return act.id


def set_head(
    session: Session,
    household: HouseholdId,
    person: PersonId,
    relation_of_old: str,
    *,
    reason: str,
    relations: Mapping[PersonId, str] | None = None,
) -> UUID:
    """Make a member the head; returns the act, for undoing it.

    The old head, if there is one, gets `relation_of_old`; others whose relation is another to the
    new head are named in `relations`. Raises `RefusedError`.
    """
    require(session, Right.RECORD)
    require_reason(reason)
    told = {one: relation_code(relation) for one, relation in (relations or {}).items()}
    with session.act() as act:
        view = household_of(act.unit, household)
        person_of(act.unit, person)
        old = head_of(view)
        if require_member(view, person) == kinds.HEAD:
            raise RefusedError("nothing_changed", "This person is the head already.")
        if old is not None:
            told[old] = relation_code(relation_of_old)
        told[person] = kinds.HEAD
        if list(told.values()).count(kinds.HEAD) > 1:
            raise RefusedError("one_head", "A household has one head. Choose another relation.")
        for one, relation in told.items():
            if require_member(view, one) != relation:
                join(act, view, one, relation, what="head", reason=reason)
    return act.id


def set_relation(
    session: Session, household: HouseholdId, person: PersonId, relation: str, *, reason: str
) -> UUID:
    """Correct a member's relation to the head; returns the act, for undoing it.

    Raises `RefusedError`; who is head is changed by `set_head`.
    """
    require(session, Right.RECORD)
    require_reason(reason)
    relation = relation_code(relation)
    with session.act() as act:
        view = household_of(act.unit, household)
        before = require_member(view, person)
        if relation == before:
            raise RefusedError("nothing_changed", "That is the relation already.")
        if kinds.HEAD in (relation, before):
            raise RefusedError("head_needed", "Choose another head instead: that changes both.")
        join(act, view, person, relation, what="relation", reason=reason)
    return act.id


def _require_free_head(household: HouseholdView, relations: list[str]) -> None:
    """Nobody comes as a second head."""
    wanted = relations.count(kinds.HEAD)
    if wanted > 1 or (wanted and head_of(household) is not None):
        raise RefusedError(
            "two_heads", "That household has a head. Choose the relation to that person."
        )


def _require_head_last(household: HouseholdView, going: Collection[PersonId]) -> None:
    """The head does not go before the others."""
    head = head_of(household)
    staying = {one.person for one in household.present()} - set(going)
    if head in going and staying:
        raise RefusedError(
            "head_leaves",
            "The head would leave the others without one. Choose another head first.",
        )


def _shared(household: HouseholdView) -> dict[str, Any]:
    """What the family told of itself holds for both parts; notes were about the one."""
    return {name: value for name, value in household.values.items() if name != "notes"}
