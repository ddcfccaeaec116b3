"""What is said about a record in conflict without deciding about it.

Whoever writes into a set having seen all its sides settles the conflict (`docs/formats/fold.md`).
An event or its withdrawal is no decision, so it goes on from each side apart: what it says holds
whichever side is chosen, and both sides stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ledger import facts, kinds
from ledger.entry import Subject
from workspace.differing import in_conflict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forms.definition import Form
    from ledger.views import HouseholdView, PersonView
    from values.identifiers import EntryHash, PersonId
    from workspace.act import Act

Base = tuple["EntryHash", ...]


def amend(act: Act, form: Form, view: PersonView, changes: Mapping[str, Any], **said: Any) -> None:
    """Say, in the open act, that answers of a person change; `said` goes into the bodies too."""
    for base, told in apart(form, view, changes):
        photo = told.get("photo")
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", view.id),
            {"changes": told, **said},
            form=form.id,
            base=base,
            blobs=[photo] if isinstance(photo, bytes) else [],
        )


def apart(
    form: Form, view: PersonView, changes: Mapping[str, Any]
) -> Iterator[tuple[Base, dict[str, Any]]]:
    """The changes cut up so that no conflict is settled by them, each part with its base.

    What touches no conflict goes together, on all heads. Of a set in conflict each side goes on by
    itself; a field about which the sides differ is told on the side that is shown alone, else the
    other side would be lost.
    """
    free = dict(changes)
    for conflict in view.conflicts:
        mine = {name: free.pop(name) for name in in_conflict(form, [conflict]) & free.keys()}
        for place, side in enumerate(conflict.candidates):
            told = {
                name: value
                for name, value in mine.items()
                if place == 0 or name not in conflict.fields
            }
            if told:
                yield (side.hash,), told
    if free:
        yield view.heads, free


def base_of_place(household: HouseholdView, person: PersonId) -> Base:
    """What an entry about a member's place names as its base: all heads, or the side that is shown
    while the place is in conflict."""
    mine = facts.member_field(person)
    for conflict in household.conflicts:
        if conflict.set == mine:
            return (conflict.candidates[0].hash,)
    return household.heads
