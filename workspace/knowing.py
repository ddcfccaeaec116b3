"""What somebody knew of a record who saw these heads, and what was written since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.ancestry import Ancestry, members
from ledger.fold import fold_subject
from ledger.history import field_history

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.entry import Entry
    from ledger.views import View
    from values.identifiers import EntryHash
    from workspace.session import Session


def as_seen(
    session: Session, subject_type: str, entries: Iterable[Entry], seen: Iterable[EntryHash]
) -> View | None:
    """A record as it was for whoever saw these heads; None when they are not here."""
    order = Ancestry(entries)
    known = [order.entries[place] for place in members(_known(order, seen))]
    return fold_subject(subject_type, known, session.conflict_sets) if known else None


def written_since(
    session: Session, entries: Iterable[Entry], seen: Iterable[EntryHash]
) -> frozenset[str]:
    """The fields of a subject that were changed by entries which `seen` did not know of."""
    listed = list(entries)
    order = Ancestry(listed)
    known = _known(order, seen)
    unseen = {entry.hash for place, entry in enumerate(order.entries) if not known >> place & 1}
    changes = field_history(listed, session.conflict_sets)
    return frozenset(change.field for change in changes if change.entry in unseen)


def _known(order: Ancestry, seen: Iterable[EntryHash]) -> int:
    """The mask of these entries and all their ancestors."""
    heads = set(seen)
    mask = 0
    for place, entry in enumerate(order.entries):
        if entry.hash in heads:
            mask |= order.before[place] | 1 << place
    return mask
