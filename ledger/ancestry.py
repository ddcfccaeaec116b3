"""Which entries knew of which: the order in which one subject's entries are folded.

An entry names in ``base`` the heads its author saw.  Its *ancestors* are those entries,
theirs, and so on, as far as they are in the set.  Two entries of which neither is an
ancestor of the other were written *unaware* of each other.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

from ledger.entry import Entry
from values.identifiers import EntryHash

Rank = tuple[datetime, EntryHash]


def rank(entry: Entry) -> Rank:
    """The tie-break wherever one is needed: later device time, then higher hash.

    It decides what is *shown* first and never what is kept.
    """
    return entry.header.device_time, entry.hash


def members(mask: int) -> Iterator[int]:
    """The positions that a bit mask holds, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Ancestry:
    """The entries of one subject in a fixed order, and the ancestors of each.

    The order is topological and, among entries that could come next, by :func:`rank`;
    it depends on the set alone, not on the order or number of times entries are given.
    Positions are indices into :attr:`entries`; sets of positions are bit masks.

    Attributes:
        entries: in order. before: for each position, the mask of its ancestors.
    """

    __slots__ = ("before", "entries")

    def __init__(self, entries: Iterable[Entry]) -> None:
        given = list(entries)
        if len(given) == 1:
            # Of most subjects there is one, whatever it says that its author saw.
            self.entries: tuple[Entry, ...] = (given[0],)
            self.before: tuple[int, ...] = (0,)
            return
        known: dict[EntryHash, Entry] = {}
        for entry in given:
            # One copy of an entry may have lost its body; the other one counts.
            if known.get(entry.hash) is None or entry.body_bytes is not None:
                known[entry.hash] = entry
        parents = {
            hash_: frozenset(b for b in entry.header.base if b in known)
            for hash_, entry in known.items()
        }
        children: dict[EntryHash, list[EntryHash]] = {}
        for hash_, bases in parents.items():
            for base in bases:
                children.setdefault(base, []).append(hash_)
        waiting = {hash_: len(bases) for hash_, bases in parents.items()}
        ready = [rank(known[hash_]) for hash_, count in waiting.items() if count == 0]
        heapq.heapify(ready)
        ordered: list[Entry] = []
        place: dict[EntryHash, int] = {}
        before: list[int] = []
        while ready:
            _, hash_ = heapq.heappop(ready)
            mask = 0
            for base in parents[hash_]:
                mask |= before[place[base]] | 1 << place[base]
            place[hash_] = len(ordered)
            ordered.append(known[hash_])
            before.append(mask)
            for child in children.get(hash_, ()):
                waiting[child] -= 1
                if waiting[child] == 0:
                    heapq.heappush(ready, rank(known[child]))
        self.entries = tuple(ordered)
        self.before = tuple(before)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def everything(self) -> int:
        """The mask of all positions."""
        return (1 << len(self.entries)) - 1

    def latest(self, mask: int) -> int:
        """The positions of ``mask`` that are no ancestor of another of ``mask``."""
        covered = 0
        for position in members(mask):
            covered |= self.before[position]
        return mask & ~covered

    def heads(self) -> tuple[EntryHash, ...]:
        """Hashes of the entries that are nobody's ancestor, ascending."""
        if len(self.entries) == 1:
            return (self.entries[0].hash,)
        latest = self.latest(self.everything)
        return tuple(sorted(self.entries[position].hash for position in members(latest)))

    def newest(self, mask: int) -> int:
        """The position of ``mask`` with the highest :func:`rank`. The mask is not empty."""
        return max(members(mask), key=lambda position: rank(self.entries[position]))
