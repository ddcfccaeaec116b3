"""Corrections that a station sends: two persons have to have agreed, whatever its program did.

`workspace.proposals` says so at the station; here it is looked at again, from the signatures. What
may be changed without a proposal is told by `registry.guarded`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ledger import kinds
from ledger.entry import Subject
from registry import guarded
from workspace.proposals import SUBJECT
from workspace.waiting import CORRECTION, approved_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from forms.library import Catalogue
    from ledger.entry import Entry
    from registry.seen import Records

MISSING = "proposal_missing"
OWN = "own_proposal"
DIFFERS = "proposal_differs"
REFUSED = "proposal_refused"
REWRITTEN = "proposal_rewritten"

SENTENCES = {
    MISSING: "A correction names no proposal about this person that is here. "
    "Ask the station to propose it, and to let a second person approve it.",
    OWN: "A correction was approved by the person who proposed it. "
    "Let another supervisor of the station look at it.",
    DIFFERS: "A correction changes something else than was proposed. "
    "Ask the station what was meant, and to propose it anew.",
    REFUSED: "A correction was made although the station had refused it. "
    "Ask the supervisor which of the two holds.",
    REWRITTEN: "A proposal was changed after it was made, or something was made a proposal. "
    "Ask the station to refuse it, and to propose it anew.",
    **guarded.SENTENCES,
}


class Corrections:
    """Looks at corrections and at what is said of their proposals."""

    def __init__(self, catalogue: Catalogue, records: Records) -> None:
        self._catalogue = catalogue
        self._records = records

    def fault(self, entry: Entry) -> str | None:
        """Why an entry does not stand, as a code; None when it does, or is no correction."""
        if entry.body is None:
            return None
        if entry.header.kind == kinds.EVENT_AMENDED:
            return self._amended(entry)
        if entry.header.kind == kinds.PERSON_CORRECTED:
            return self._corrected(entry)
        return None

    def _corrected(self, entry: Entry) -> str | None:
        proposal = approved_by(entry)
        told = [] if proposal is None else self._records.about(Subject(kinds.EVENT, proposal))
        first = next((one for one in told if _proposes(one, entry.header.subject.id)), None)
        if first is None:
            return MISSING
        if first.header.author == entry.header.author:
            return OWN
        if not self._same(first, entry):
            return DIFFERS
        changes = self._renamed(entry, (entry.body or {})["changes"])
        if guarded.never(self._catalogue.form("person"), changes):
            return guarded.NEVER
        refused = any(
            one.header.kind == kinds.EVENT_VOIDED and one.header.office == entry.header.office
            for one in told
        )
        return REFUSED if refused else None

    def _amended(self, entry: Entry) -> str | None:
        """A proposal stays as it was made, and nothing becomes one; of another event, what its
        form never has corrected stays as well."""
        changes = (entry.body or {})["changes"]
        recorded = [
            (one.body or {}).get("type")
            for one in self._records.about(entry.header.subject)
            if one.header.kind == kinds.EVENT_RECORDED
        ]
        if CORRECTION in (*recorded, changes.get("type")):
            return REWRITTEN
        forms = [one for one in recorded if isinstance(one, str) and self._catalogue.has(one)]
        if any(guarded.never(self._catalogue.form(one), changes) for one in forms):
            return guarded.NEVER
        return None

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


def _proposes(entry: Entry, person: UUID) -> bool:
    body = entry.body
    if entry.header.kind != kinds.EVENT_RECORDED or body is None or body["type"] != CORRECTION:
        return False
    return {"role": SUBJECT, "person": person.bytes} in (
        {"role": one["role"], "person": one["person"]} for one in body["participants"]
    )


def _names_a_form(of: object) -> bool:
    return isinstance(of, list) and len(of) == 2 and all(isinstance(one, str) for one in of)
