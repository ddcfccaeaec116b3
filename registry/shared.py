"""Records that two offices spoke about at the same time, on a store that takes several writers.

Neither batch saw the other. So at the end of each import, when no other end is under way, what both
are about is looked at with both: the import that ends last sees all. Views are folded anew, and of
two that make one record the one that was told of first stands.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from db.records import Finding
from ledger import authority
from ledger.entry import Subject
from registry.judging import GROUP
from workspace.act import refold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from db.records import BundleRecord
    from db.store import UnitOfWork
    from ledger.entry import Entry
    from registry.batches import Tally
    from sync.bundle import Range
    from workspace.session import Session


def settle(
    session: Session,
    unit: UnitOfWork,
    record: BundleRecord,
    ranges: Sequence[Range],
    tally: Tally,
) -> set[Subject]:
    """Bring what this import and another office said of the same records into one order; returns
    what was folded anew."""
    subjects = {
        Subject(*one)
        for run in ranges
        for one in unit.shared_subjects(record.office, run.epoch, run.first, run.last)
    }
    codes: dict[UUID, str] = {}
    for subject in subjects:
        codes |= _clashes(unit, record, tally, subject)
    subjects |= _put_aside(unit, record, tally, codes)
    refold(session, unit, subjects)
    return subjects


def _clashes(
    unit: UnitOfWork, record: BundleRecord, tally: Tally, subject: Subject
) -> dict[UUID, str]:
    """Acts that this import admitted and that cannot stand beside what others said, by their
    codes."""
    about = unit.entries_of(subject.type, subject.id)
    new = unit.arrived_since(tally.since, (one.hash for one in about))
    ours = [one for one in about if one.header.office == record.office and one.hash in new]
    others = [one for one in about if one not in ours]
    found = {}
    for one in ours:
        if authority.is_founding(one.header):
            code = authority.fault(one.header, others)
            if code is not None and code != authority.OWNER_UNKNOWN:
                found[one.header.group.id] = code
    return found


def _put_aside(
    unit: UnitOfWork, record: BundleRecord, tally: Tally, codes: dict[UUID, str]
) -> set[Subject]:
    """Put acts of this import aside; returns what they are about."""
    touched: set[Subject] = set()
    for group, found in unit.groups(codes).items():
        act = [
            one
            for one, standing in found
            if standing.state == "admitted" and one.header.office == record.office
        ]
        for one in act:
            code = codes[group] if authority.is_founding(one.header) else GROUP
            unit.set_state([one.hash], "quarantined", code)
            tally.findings += 1
            finding = Finding(one.hash, group, "quarantined", code, tally.findings)
            unit.put_findings(record.id, [finding])
        _count(tally, act, codes[group])
        touched |= {one.header.subject for one in act}
    return touched


def _count(tally: Tally, act: Iterable[Entry], code: str) -> None:
    size = sum(1 for _ in act)
    tally.counts += Counter(quarantined=size)
    tally.counts["admitted"] -= size
    tally.reasons[code] += size
    tally.acts -= 1
    tally.changed = True
