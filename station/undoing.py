"""Undoing what an act changed, by further entries: nothing is taken back, something is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger import kinds
from ledger.entry import Subject
from ledger.history import field_history
from values.identifiers import HouseholdId, PersonId
from workspace import telling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.entry import Entry
    from workspace.act import Act
    from workspace.session import Session

UNDONE = "the event that said so was withdrawn"


def undo(session: Session, act: Act, entries: Iterable[Entry]) -> list[str]:
    """Say, in the open act, what puts back what these entries of an earlier act changed.

    What somebody changed since stays: returned are the labels of those answers.
    """
    left: list[str] = []
    for entry in entries:
        header, body = entry.header, entry.body or {}
        subject = header.subject
        if header.kind == kinds.PERSON_AMENDED:
            left += _restore(session, act, entry)
        elif header.kind == kinds.PERSON_REGISTERED:
            view = act.unit.person(PersonId(subject.id))
            if view is not None and view.voided is None:
                act.say(kinds.PERSON_VOIDED, subject, {"reason": UNDONE}, base=view.heads)
        elif header.kind in (kinds.HOUSEHOLD_MEMBER_LEFT, kinds.HOUSEHOLD_MEMBER_JOINED):
            left += _turn_back(act, header.kind, HouseholdId(subject.id), body)
    return left


def _restore(session: Session, act: Act, entry: Entry) -> list[str]:
    """Put back what the event changed in a person, where nobody changed it since."""
    person = PersonId(entry.header.subject.id)
    view = act.unit.person(person)
    if view is None:
        return []
    changed = [
        change
        for change in field_history(act.unit.entries_of("person", person), session.conflict_sets)
        if change.entry == entry.hash
    ]
    back = {one.field: one.old for one in changed if view.values.get(one.field) == one.new}
    if back:
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", person),
            {"changes": back, "reason": UNDONE},
            form="person",
            base=view.heads,
        )
    form = session.catalogue.form("person")
    return [telling.field_text(form, one.field, "en") for one in changed if one.field not in back]


def _turn_back(act: Act, kind: str, household: HouseholdId, body: Mapping[str, Any]) -> list[str]:
    """Undo one coming or going, unless the person has come or gone since."""
    person = PersonId(UUID(bytes=body["person"]))
    view = act.unit.household(household)
    if view is None:
        return []
    now = act.unit.household_of(person)
    subject = Subject("household", household)
    if kind == kinds.HOUSEHOLD_MEMBER_JOINED:
        if now is None or now.id != household:
            return []
        act.say(
            kinds.HOUSEHOLD_MEMBER_LEFT,
            subject,
            {"person": person.bytes, "reason": UNDONE},
            base=view.heads,
        )
        return []
    stays = [one for one in view.members if one.person == person]
    if now is not None or not stays:
        return []
    act.say(
        kinds.HOUSEHOLD_MEMBER_JOINED,
        subject,
        {"person": person.bytes, "relation": stays[-1].relation},
        base=view.heads,
    )
    return []
