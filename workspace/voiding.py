"""Voiding a record: it was made by mistake, or twice, and does not count any more.

Nothing is deleted. The person leaves the household by a further entry; documents stay as they are
until somebody withdraws them, and are named so that it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger import kinds
from ledger.entry import Subject
from workspace.beside import base_of_place
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from db.store import Reader
    from ledger.views import PersonView
    from values.identifiers import DocumentId, HouseholdId, PersonId
    from workspace.act import Act
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Standing:
    """A document that still verifies. `type`: as it was issued, `registration` or `household`."""

    id: DocumentId
    number: str
    type: str


@dataclass(frozen=True, slots=True)
class Voided:
    """What voiding leaves to be done.

    Attributes:
        household: the one that was left, or None.
        documents: to be withdrawn: the person's own, and attestations that count the person.
        headless: the household has members and no head now; somebody has to be named.
    """

    household: HouseholdId | None
    documents: tuple[Standing, ...]
    headless: bool


def void(session: Session, person: PersonId, *, reason: str) -> Voided:
    """Void a person's record, and end the stay in the household.

    Raises `RefusedError` without a reason, for nobody, or for a record that is void already.
    """
    require(session, Right.VOID)
    if not reason.strip():
        raise RefusedError("reason", "Say why the record is voided: a mistake, or made twice.")
    with session.act() as act:
        view = act.unit.person(person)
        if view is None:
            raise RefusedError("unknown_person", "This person is not in this workspace.")
        if view.voided is not None:
            raise RefusedError("voided_already", "This record is voided already.")
        _require_own(session, act.unit, person)
        return say_void(act, view, reason=reason)


def say_void(act: Act, view: PersonView, *, reason: str, **said: Any) -> Voided:
    """Say, in the open act, that a person's record is void and the stay in the household ends;
    `said` goes into the bodies too."""
    person = view.id
    homes = [
        one
        for one in act.unit.households_of(person)
        if person in {member.person for member in one.present()}
    ]
    # One home, or those between which nobody has decided yet.
    households: list[HouseholdId | None] = [*(home.id for home in homes)] or [None]
    documents = {
        one.id: Standing(one.id, one.number, one.type)
        for household in households
        for one in act.unit.documents_of(person, household=household)
        if one.revoked is None and (one.person == person or one.type == "household")
    }
    act.say(
        kinds.PERSON_VOIDED,
        Subject("person", person),
        {"reason": reason.strip(), **said},
        base=view.heads,
    )
    headless = False
    for home in homes:
        act.say(
            kinds.HOUSEHOLD_MEMBER_LEFT,
            Subject("household", home.id),
            {"person": person.bytes, "reason": reason.strip(), "as": "void", **said},
            base=base_of_place(home, person),
        )
        others = [one for one in home.present() if one.person != person]
        headless |= bool(others) and all(one.relation != kinds.HEAD for one in others)
    return Voided(households[0], tuple(documents.values()), headless)


def _require_own(session: Session, reader: Reader, person: PersonId) -> None:
    """Only the office that made a record, or the registry, voids it: people move on, and another
    station does not know what was meant."""
    made = [
        entry.header.office
        for entry in reader.entries_of("person", person)
        if entry.header.kind == kinds.PERSON_REGISTERED
    ]
    if session.kind == "station" and session.office.id not in made:
        raise RefusedError(
            "not_its_office",
            "Another station made this record. Ask the registry to void it.",
        )
