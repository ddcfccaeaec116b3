"""The history of changes of one subject: the same entries, told field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger import facts, kinds
from ledger.ancestry import Ancestry
from ledger.conflicts import NO_SETS, ConflictSets
from ledger.entry import Entry
from ledger.fold import settle_subject
from ledger.registration import judge_reviews
from values.identifiers import EntryHash, OfficeId, UserId


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as one entry changed it.

    Attributes:
        field: a form field, or one of the ledger's own (``@number``, ``@voided``,
            ``@member:<hex of the person id>``, ...; see :mod:`ledger.facts`).
        old: what the author saw; None for empty. new: what the author wrote.
        time: device time; ``doubt`` says that the clock was known to be doubtful.
        reason: as the author gave it, or None.
    """

    field: str
    old: Any
    new: Any
    entry: EntryHash
    author: UserId
    office: OfficeId
    time: datetime
    doubt: bool
    kind: str
    reason: str | None


def field_history(entries: Iterable[Entry], sets: ConflictSets = NO_SETS) -> list[FieldChange]:
    """Every change of every field of one subject, in folding order.

    A field that an entry repeats unchanged is left out, except in a
    ``conflict.resolved``, where keeping what was shown is the decision.  Reviews that do
    not count are left out.

    Args:
        entries: all admitted entries about one subject, in any order.
        sets: as for :func:`ledger.fold.fold_subject`; decides what an author saw during
            a conflict.
    """
    order = Ancestry(entries)
    refused = {review.entry for review in judge_reviews(order)[1]}
    changes: list[FieldChange] = []
    for written in settle_subject(order, sets).written:
        entry = order.entries[written.position]
        header = entry.header
        repeated = written.old == written.new and header.kind != kinds.CONFLICT_RESOLVED
        if repeated or entry.hash in refused:
            continue
        reason = (facts.body_of(entry) or {}).get("reason")
        changes.append(
            FieldChange(
                field=written.field,
                old=written.old,
                new=written.new,
                entry=entry.hash,
                author=header.author,
                office=header.office,
                time=header.device_time,
                doubt=header.doubt,
                kind=header.kind,
                reason=reason if isinstance(reason, str) else None,
            )
        )
    return changes
