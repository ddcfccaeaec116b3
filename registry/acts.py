"""Acts are admitted whole: one that a bundle cut in two waits for its rest.

An act is one group, written in one go by one person: its entries stand one after the other in the
chain, counted from 0. What ends in the middle of an act is held at that place, and the chain with
it; what goes on with another act instead can never become whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.entry import Entry
    from registry.picture import Picture

WAITS = "act_waits"
BROKEN = "act_broken"

SENTENCES = {
    WAITS: "The rest of this act is in the bundle that follows. Ask the station for it.",
    BROKEN: "Entries of this act are missing, or stand in another order than they were written. "
    "Ask the station whether its program was changed.",
}


def fault(picture: Picture, run: Sequence[Entry], *, last: bool) -> str | None:
    """Why entries of one act that got their places in a chain now are no whole act, as a code.

    `last`: nothing follows them in their chain, so that their rest may come.
    """
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
    if not _begun(picture, run):
        return BROKEN
    if run[-1].header.group.index == first.group.count - 1:
        return None
    return WAITS if last else BROKEN


def _begun(picture: Picture, run: Sequence[Entry]) -> bool:
    """Whether all of the act before this run stands here already, and the same office said nothing
    else to be of this act."""
    first = run[0].header
    new = {entry.hash for entry in run}
    before = sorted(
        (one.epoch, one.sequence, one.group.index)
        for entry, standing in picture.group(first.group.id)
        if entry.hash not in new
        and (one := entry.header).office == first.office
        and standing.state != "held"  # the rest of it may lie here beyond a gap
    )
    return before == [
        (first.epoch, first.sequence - first.group.index + place, place)
        for place in range(first.group.index)
    ]
