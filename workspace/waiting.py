"""Which corrections wait for a second person: a list beside the views, so that it can be asked for.

It is kept where views are stored, from the same entries, and may name too many, never too few:
`workspace.proposals` looks at each before it shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ledger import kinds
from ledger.views import EventView, PersonView
from values.identifiers import EventId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.store import Reader, UnitOfWork
    from ledger.entry import Entry
    from ledger.views import View

CORRECTION = kinds.CORRECTION
"""The type of the events that propose one."""
_PREFIX = "proposal/"


def note(unit: UnitOfWork, view: View, entries: Iterable[Entry]) -> None:
    """Keep the list true to a view that was folded from these entries."""
    if isinstance(view, EventView) and view.type == CORRECTION:
        if view.voided is None:
            unit.put_setting(_key(view.id), b"")
        else:
            unit.delete_setting(_key(view.id))
    elif isinstance(view, PersonView):
        for entry in entries:
            proposal = approved_by(entry)
            if proposal is not None and unit.setting(_key(proposal)) is not None:
                unit.delete_setting(_key(proposal))


def noted(reader: Reader) -> list[EventId]:
    """The proposals that may wait, the oldest first: their ids begin with the time."""
    return [EventId(UUID(hex=key[len(_PREFIX) :])) for key in sorted(reader.settings(_PREFIX))]


def approved_by(entry: Entry) -> EventId | None:
    """The proposal that an entry approves, if it approves one."""
    if entry.header.kind != kinds.PERSON_CORRECTED or entry.body is None:
        return None
    proposal = entry.body.get("proposal")
    if not isinstance(proposal, bytes) or len(proposal) != 16:
        return None
    return EventId(UUID(bytes=proposal))


def _key(event: EventId) -> str:
    return _PREFIX + event.hex
