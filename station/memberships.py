"""Coming to a household and leaving it, as entries; and who may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms.codes import code_list
from ledger import kinds
from ledger.entry import Subject
from workspace.conflicts import in_doubt
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from db.store import Reader
    from ledger.views import HouseholdView, PersonView
    from values.identifiers import HouseholdId, PersonId
    from workspace.act import Act

RELATIONS = "relation"


def join(
    act: Act,
    household: HouseholdView,
    person: PersonId,
    relation: str,
    *,
    what: str,
    reason: str,
    came_from: HouseholdId | None = None,
    undoes: UUID | None = None,
) -> None:
    """Say, in the open act, that a person belongs to a household under a relation."""
    body: dict[str, Any] = {"person": person.bytes, "relation": relation}
    if came_from is not None:
        body["from"] = came_from.bytes
    _say(act, kinds.HOUSEHOLD_MEMBER_JOINED, household, body, what, reason, undoes)


def leave(
    act: Act,
    household: HouseholdView,
    person: PersonId,
    *,
    what: str,
    reason: str,
    to: HouseholdId | None = None,
    undoes: UUID | None = None,
) -> None:
    """Say, in the open act, that a person belongs to a household no more."""
    body: dict[str, Any] = {"person": person.bytes}
    if to is not None:
        body["to"] = to.bytes
    _say(act, kinds.HOUSEHOLD_MEMBER_LEFT, household, body, what, reason, undoes)


def _say(
    act: Act,
    kind: str,
    household: HouseholdView,
    body: dict[str, Any],
    what: str,
    reason: str,
    undoes: UUID | None,
) -> None:
    act.say(
        kind,
        Subject("household", household.id),
        {
            **body,
            "reason": reason.strip() or None,
            "as": what,
            **({"undoes": undoes.bytes} if undoes else {}),
        },
        base=household.heads,
    )


def person_of(reader: Reader, person: PersonId) -> PersonView:
    """A person who can be moved. Raises `RefusedError` for nobody, or a voided record."""
    view = reader.person(person)
    if view is None:
        raise RefusedError("unknown_person", "This person is not in this workspace.")
    if view.voided is not None:
        raise RefusedError("voided", "This record was voided, so the person joins no household.")
    return view


def household_of(reader: Reader, household: HouseholdId) -> HouseholdView:
    """A household. Raises `RefusedError` for one that is not here."""
    view = reader.household(household)
    if view is None:
        raise RefusedError("unknown_household", "This household is not in this workspace.")
    return view


def require_member(household: HouseholdView, person: PersonId) -> str:
    """The relation of somebody who belongs to the household now, and whose place is not in
    conflict. Raises `RefusedError`."""
    if person in in_doubt(household):
        raise RefusedError(
            "in_conflict",
            "The place of this person in the household is in conflict. Ask a supervisor or a "
            "registrar to settle it first.",
        )
    for member in household.present():
        if member.person == person:
            return member.relation
    raise RefusedError("not_a_member", "This person does not belong to the household any more.")


def relation_code(relation: str) -> str:
    """A relation as it is kept. Raises `RefusedError` for none, or one that is not in the list."""
    found = code_list(RELATIONS).find(relation.strip()) if relation.strip() else None
    if found is None:
        raise RefusedError("relation", "Choose the relation to the head of the household.")
    return found


def head_of(household: HouseholdView) -> PersonId | None:
    """Who is head now, if anybody is."""
    for member in household.present():
        if member.relation == kinds.HEAD:
            return member.person
    return None


def require_reason(reason: str) -> None:
    """Raise `RefusedError` when nothing was said."""
    if not reason.strip():
        raise RefusedError("reason", "Say why the household changes.")
