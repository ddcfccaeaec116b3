"""Acts are admitted whole: one that a bundle cut in two waits for its rest.

An act is one group, written in one go by one person: its entries stand one after the other in the
chain, counted from 0. What ends in the middle of an act is held at that place, and the chain with
it; what goes on with another act instead can never become whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from db.store import UnitOfWork
    from ledger.entry import Entry
    from values.identifiers import EntryHash

WAITS = "act_waits"
BROKEN = "act_broken"

SENTENCES = {
    WAITS: "The rest of this act is in the bundle that follows. Ask the station for it.",
    BROKEN: "Entries of this act are missing, or stand in another order than they were written. "
    "Ask the station whether its program was changed.",
}


def faults(unit: UnitOfWork, placed: Iterable[Entry]) -> dict[EntryHash, str]:
    """Those of the entries that got a place in their chain now whose act is not whole, each with
    its code."""
    chains: dict[tuple[object, bytes], list[Entry]] = {}
    for entry in placed:
        chains.setdefault((entry.header.office, entry.header.epoch), []).append(entry)
    found: dict[EntryHash, str] = {}
    for chain in chains.values():
        chain.sort(key=lambda entry: entry.header.sequence)
        runs = list(_runs(chain))
        begun: set[UUID] = set()
        for place, run in enumerate(runs):
            group = run[0].header.group.id
            again = group in begun
            begun.add(group)
            code = BROKEN if again else _fault(unit, run, last=place == len(runs) - 1)
            if code is not None:
                found |= dict.fromkeys((entry.hash for entry in run), code)
    return found


def _runs(chain: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries act by act."""
    run: list[Entry] = []
    for entry in chain:
        if run and entry.header.group.id != run[0].header.group.id:
            yield run
            run = []
        run.append(entry)
    if run:
        yield run


def _fault(unit: UnitOfWork, run: Sequence[Entry], *, last: bool) -> str | None:
    first = run[0].header
    told = (first.group.count, first.author, first.certificate)
    for place, entry in enumerate(run):
        header = entry.header
        in_order = (header.group.index, header.sequence) == (
            first.group.index + place,
            first.sequence + place,
        )
        if not in_order or (header.group.count, header.author, header.certificate) != told:
            return BROKEN
    if not _begun(unit, run):
        return BROKEN
    if run[-1].header.group.index == first.group.count - 1:
        return None
    return WAITS if last else BROKEN


def _begun(unit: UnitOfWork, run: Sequence[Entry]) -> bool:
    """Whether all of the act before this run stands here already, and the same office said nothing
    else to be of this act."""
    first = run[0].header
    new = {entry.hash for entry in run}
    before = sorted(
        (one.epoch, one.sequence, one.group.index)
        for entry in unit.group(first.group.id)
        if entry.hash not in new
        and (one := entry.header).office == first.office
        and (standing := unit.standing(entry.hash)) is not None
        and standing.state != "held"  # the rest of it may lie here beyond a gap
    )
    return before == [
        (first.epoch, first.sequence - first.group.index + place, place)
        for place in range(first.group.index)
    ]
