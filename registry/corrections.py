"""Corrections that a station sends: two persons have to have agreed, whatever its program did.

`workspace.proposals` says so at the station; here it is looked at again, from the signatures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger import kinds
from ledger.ancestry import Ancestry, members
from ledger.facts import writes_of
from workspace.differing import needs_approval
from workspace.proposals import SUBJECT
from workspace.waiting import CORRECTION, approved_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.store import UnitOfWork
    from forms.library import Catalogue
    from ledger.entry import Entry

MISSING = "proposal_missing"
OWN = "own_proposal"
DIFFERS = "proposal_differs"
REFUSED = "proposal_refused"
UNAPPROVED = "unapproved"

SENTENCES = {
    MISSING: "A correction names no proposal about this person that is here. "
    "Ask the station to propose it, and to let a second person approve it.",
    OWN: "A correction was approved by the person who proposed it. "
    "Let another supervisor of the station look at it.",
    DIFFERS: "A correction changes something else than was proposed. "
    "Ask the station what was meant, and to propose it anew.",
    REFUSED: "A correction was made although the station had refused it. "
    "Ask the supervisor which of the two holds.",
    UNAPPROVED: "An answer was changed that a second person has to agree to. "
    "Ask the station to propose it as a correction.",
}

_REVIEWED = frozenset({kinds.REGISTRATION_SUBMITTED, kinds.EVENT_RECORDED, kinds.EVENT_VOIDED})
"""What an act that changes such an answer says as well: a review follows, or the event is there to
be looked at with its evidence."""


class Corrections:
    """What is known of proposals while one bundle is judged: those in the store, and those that
    came before in the bundle."""

    def __init__(self, catalogue: Catalogue, unit: UnitOfWork) -> None:
        self._catalogue = catalogue
        self._unit = unit
        self._events: dict[UUID, list[Entry]] = {}
        self._persons: dict[UUID, list[Entry]] = {}
        self._acts: dict[UUID, set[str]] = {}

    def learn(self, entry: Entry) -> None:
        """Remember an entry that was admitted."""
        header = entry.header
        self._acts.setdefault(header.group.id, set()).add(_said(entry))
        if header.subject.type == kinds.EVENT:
            self._events.setdefault(header.subject.id, []).append(entry)
        elif header.subject.type == kinds.PERSON:
            self._persons.setdefault(header.subject.id, []).append(entry)

    def fault(self, entry: Entry) -> str | None:
        """Why an approval of a correction does not stand, as a code; None when it does."""
        if entry.header.kind != kinds.PERSON_CORRECTED or entry.body is None:
            return None
        proposal = approved_by(entry)
        told = self._told(proposal) if proposal is not None else []
        first = next((one for one in told if _proposes(one, entry.header.subject.id)), None)
        if first is None:
            return MISSING
        if first.header.author == entry.header.author:
            return OWN
        if not self._same(first, entry):
            return DIFFERS
        refused = any(
            one.header.kind == kinds.EVENT_VOIDED and one.header.office == entry.header.office
            for one in told
        )
        return REFUSED if refused else None

    def unapproved(self, entry: Entry) -> bool:
        """Whether an amendment changes what it may not, in an act that was admitted so far."""
        body = entry.body
        if entry.header.kind != kinds.PERSON_AMENDED or body is None:
            return False
        form = self._catalogue.form("person")
        named = {one for one in writes_of(entry, self._catalogue.migrated) if one in form}
        guarded = {one for one in named if needs_approval(form, one)}
        if not guarded or self._acts.get(entry.header.group.id, set()) & _REVIEWED:
            return False
        return bool(guarded & self._answered(entry))

    def _answered(self, entry: Entry) -> set[str]:
        """The fields that had an answer before, as far as the entry's author knew: a first answer
        completes a record and corrects nothing."""
        person = entry.header.subject.id
        known = [
            *self._unit.entries_of(kinds.PERSON, person),
            *self._persons.get(person, ()),
            entry,
        ]
        order = Ancestry(known)
        place = next(at for at, one in enumerate(order.entries) if one.hash == entry.hash)
        return {
            name
            for at in members(order.before[place])
            for name, value in writes_of(order.entries[at], self._catalogue.migrated).items()
            if value is not None
        }

    def _told(self, event: UUID) -> list[Entry]:
        return [*self._unit.entries_of("event", event), *self._events.get(event, ())]

    def _same(self, proposal: Entry, correction: Entry) -> bool:
        """Whether what was corrected is what was proposed, under today's names."""
        values = (proposal.body or {})["values"]
        of = values.get("of")
        changes = values.get("changes")
        if not isinstance(changes, Mapping) or not _names_a_form(of):
            return False
        proposed = self._catalogue.migrated(of[0], of[1], changes)
        corrected = self._renamed(correction, (correction.body or {})["changes"])
        return dict(proposed) == dict(corrected)

    def _renamed(self, entry: Entry, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        form = entry.header.form
        return changes if form is None else self._catalogue.migrated(form.id, form.version, changes)


def proposed(entries: Iterable[Entry]) -> set[UUID]:
    """The proposals among these entries."""
    return {
        entry.header.subject.id for entry in entries if entry.header.kind == kinds.EVENT_RECORDED
    }


def _said(entry: Entry) -> str:
    """The kind of an entry; a proposal is no event that anything follows from."""
    kind = entry.header.kind
    proposal = kind == kinds.EVENT_RECORDED and (entry.body or {}).get("type") == CORRECTION
    return CORRECTION if proposal else kind


def _proposes(entry: Entry, person: UUID) -> bool:
    body = entry.body
    if entry.header.kind != kinds.EVENT_RECORDED or body is None or body["type"] != CORRECTION:
        return False
    return {"role": SUBJECT, "person": person.bytes} in (
        {"role": one["role"], "person": one["person"]} for one in body["participants"]
    )


def _names_a_form(of: object) -> bool:
    return isinstance(of, list) and len(of) == 2 and all(isinstance(one, str) for one in of)
