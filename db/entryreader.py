"""Reading the ledger: entries as they were written, and where the chains stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from db import statements as q
from db.asking import Asking
from db.plain import shown
from db.records import (
    EntryState,
    Lost,
    Standing,
)
from db.statements import PAGE, parts
from ledger.chain import Head
from ledger.entry import Entry
from values.identifiers import (
    EntryHash,
    OfficeId,
)

LAST = 2**63 - 1
"""After every arrival number."""


class EntryReader(Asking):
    """Entries come back verbatim and parse when they are looked at. Nothing here judges."""

    def head(self, office: OfficeId, epoch: bytes) -> Head | None:
        """The last entry that stands in a chain, or None when the chain is unknown here.

        Entries that are held, and forked ones, do not stand; one that is quarantined does.
        """
        row = self._one(q.HEAD, office=office.bytes, epoch=epoch)
        return _head(row) if row else None

    def latest_head(self, office: OfficeId) -> Head | None:
        """The head of the chain that this office began last, as far as this store knows."""
        row = self._one(q.LATEST_HEAD, office=office.bytes)
        return _head(row) if row else None

    def epochs(self, office: OfficeId) -> list[tuple[bytes, Head]]:
        """Every epoch of an office with its head, in the order in which they began here."""
        return [(row.epoch, _head(row)) for row in self._all(q.EPOCHS, office=office.bytes)]

    def chains(self) -> list[Head]:
        """The head of every chain in the store."""
        return [_head(row) for row in self._all(q.CHAINS)]

    def entry(self, hash_: bytes) -> Entry | None:
        """The entry of that hash in whatever state, forked ones included."""
        row = self._one(q.BY_HASH, hash=hash_) or self._one(q.FORK_BY_HASH, hash=hash_)
        return self._entry(row) if row else None

    def standing(self, hash_: bytes) -> Standing | None:
        """What was decided about an entry, or None when it is unknown here."""
        if row := self._one(q.STANDING, hash=hash_):
            return Standing(EntryState(row.state), row.reason, Lost(row.lost))
        if row := self._one(q.FORK_BY_HASH, hash=hash_):
            return Standing(EntryState.QUARANTINED, row.reason, forked=True)
        return None

    def standings(self, hashes: Iterable[bytes]) -> dict[bytes, Standing]:
        """`standing` of many at once; those that are unknown are left out."""
        found: dict[bytes, Standing] = {}
        for part in parts(hashes):
            for row in self._all(q.FORK_STANDINGS, hashes=part):
                found[row.hash] = Standing(EntryState.QUARANTINED, row.reason, forked=True)
            for row in self._all(q.STANDINGS, hashes=part):
                found[row.hash] = Standing(EntryState(row.state), row.reason, Lost(row.lost))
        return found

    def places(self, office: OfficeId, epoch: bytes, first: int, last: int) -> dict[int, EntryHash]:
        """Which entries stand at these places of a chain; those that are held do not."""
        rows = self._all(q.PLACES, office=office.bytes, epoch=epoch, low=first, high=last)
        return {row.sequence: EntryHash(row.hash) for row in rows}

    def at(self, office: OfficeId, epoch: bytes, sequence: int) -> Entry | None:
        """What stands at a place of a chain, in whatever state; forked entries do not stand."""
        row = self._one(q.AT, office=office.bytes, epoch=epoch, sequence=sequence)
        return self._entry(row) if row else None

    def forked(self, hashes: Iterable[bytes]) -> frozenset[bytes]:
        """Those of these entries whose place another entry holds, released ones too."""
        found: set[bytes] = set()
        for part in parts(hashes):
            found.update(row.hash for row in self._all(q.KNOWN_FORKS, hashes=part))
        return frozenset(found)

    def known(self, hashes: Iterable[bytes]) -> frozenset[EntryHash]:
        """Those of these entries that the store holds, forked ones included."""
        found: set[EntryHash] = set()
        for part in parts(hashes):
            for statement in (q.KNOWN, q.KNOWN_FORKS):
                found.update(EntryHash(row.hash) for row in self._all(statement, hashes=part))
        return frozenset(found)

    def entries_of(self, subject_type: str, subject_id: UUID) -> list[Entry]:
        """The admitted entries about one subject: what its view is folded from."""
        rows = self._all(q.OF_SUBJECT, type=shown(subject_type), id=subject_id.bytes)
        return [self._entry(row) for row in rows]

    def about(self, subjects: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], list[Entry]]:
        """`entries_of` for many subjects at once; those without any are left out."""
        found: dict[tuple[str, UUID], list[Entry]] = {}
        wanted = {(shown(kind), one.bytes): (kind, one) for kind, one in subjects}
        for part in parts(wanted):
            types = sorted({kind for kind, _ in part})
            for row in self._all(q.OF_SUBJECTS, types=types, ids=[one for _, one in part]):
                subject = wanted.get((row.subject_type, row.subject_id))
                if subject is not None:
                    found.setdefault(subject, []).append(self._entry(row))
        return found

    def entries_of_kind(self, kind: str, subject_type: str) -> list[Entry]:
        """The admitted entries of one kind about one type of subject, as they came in.

        For kinds that are few: it looks through every entry about that type.
        """
        rows = self._all(q.OF_KIND, kind=kind, type=subject_type)
        return [self._entry(row) for row in rows]

    def subjects_since(
        self,
        subject_type: str,
        kinds: Iterable[str],
        after: int,
        *,
        offices: Iterable[OfficeId],
        upto: int | None = None,
    ) -> list[UUID]:
        """The subjects of one type about which admitted entries of these kinds, by these offices,
        arrived after an arrival number, and not after another."""
        rows = self._all(
            q.SUBJECTS_SINCE,
            type=subject_type,
            kinds=list(kinds),
            after=after,
            upto=LAST if upto is None else upto,
            offices=[one.bytes for one in offices],
        )
        return [UUID(bytes=row.subject_id) for row in rows]

    def entries_since(self, kinds: Iterable[str], after: int) -> list[Entry]:
        """The admitted entries of these kinds that arrived after an arrival number. For kinds that
        are few."""
        return [
            self._entry(row)
            for row in self._all(q.ENTRIES_SINCE, kinds=list(kinds), after=after)
        ]  # fmt: skip

    def group(self, group_id: UUID) -> list[Entry]:
        """The entries of one act in whatever state, in their order."""
        return [self._entry(row) for row in self._all(q.GROUP, group=group_id.bytes)]

    def groups(self, groups: Iterable[UUID]) -> dict[UUID, list[tuple[Entry, Standing]]]:
        """`group` for many acts at once, each entry with what was decided about it."""
        found: dict[UUID, list[tuple[Entry, Standing]]] = {}
        for part in parts(one.bytes for one in groups):
            for row in self._all(q.GROUPS, groups=part):
                standing = Standing(EntryState(row.state), row.reason, Lost(row.lost))
                act = found.setdefault(UUID(bytes=row.group_id), [])
                act.append((self._entry(row), standing))
        return found

    def waiting(self, reasons: Iterable[str]) -> Iterator[list[tuple[UUID, OfficeId]]]:
        """Acts with entries that were put aside for one of these reasons, as they came in: the
        act and the office, some at a time. What changes meanwhile may be missed or given."""
        after, wanted = -1, sorted(reasons)
        while True:
            rows = self._all(q.WAITING, reasons=wanted, after=after, limit=PAGE)
            if rows:
                yield [
                    (UUID(bytes=row.group_id), OfficeId(UUID(bytes=row.office_id))) for row in rows
                ]
            if len(rows) < PAGE:
                return
            after = rows[-1].first

    def held_after(self, office: OfficeId, epoch: bytes, after: int, limit: int) -> list[Entry]:
        """Entries of a chain that are held, from `after` (exclusive), as far as none is missing
        between them."""
        rows = self._all(q.HELD_AFTER, office=office.bytes, epoch=epoch, after=after, limit=limit)
        return [
            self._entry(row)
            for place, row in enumerate(rows, start=after + 1)
            if row.sequence == place
        ]

    def held_between(self, office: OfficeId, epoch: bytes, first: int, last: int) -> list[Entry]:
        """The entries that are held at these places of a chain."""
        rows = self._all(q.HELD_BETWEEN, office=office.bytes, epoch=epoch, first=first, last=last)
        return [self._entry(row) for row in rows]

    def chain(
        self, office: OfficeId, epoch: bytes, *, after: int = 0, upto: int | None = None
    ) -> Iterator[Entry]:
        """A chain's entries in order, whatever their state, from `after` (exclusive)."""
        last = upto if upto is not None else (1 << 62)
        while True:
            rows = self._all(
                q.CHAIN, office=office.bytes, epoch=epoch, after=after, upto=last, limit=PAGE
            )
            for row in rows:
                yield self._entry(row)
            if len(rows) < PAGE:
                return
            after = rows[-1].sequence

    def arrivals(self, *, after: int = 0) -> Iterator[tuple[int, Entry, Standing]]:
        """Every entry as it came in, with its arrival number, from `after` (exclusive)."""
        while True:
            rows = self._all(q.ARRIVALS, after=after, limit=PAGE)
            for row in rows:
                standing = Standing(EntryState(row.state), row.reason, Lost(row.lost))
                yield row.arrival, self._entry(row), standing
            if len(rows) < PAGE:
                return
            after = rows[-1].arrival

    def entries_in(self, state: EntryState | str) -> list[Entry]:
        """Every entry in one state; for quarantined, the forked ones too."""
        wanted = EntryState(state)
        found = [self._entry(row) for row in self._all(q.IN_STATE, state=wanted.value)]
        if wanted is EntryState.QUARANTINED:
            found += [self._entry(row) for row in self._all(q.FORKS)]
        return found

    def held(self, office: OfficeId, epoch: bytes) -> list[Entry]:
        """Entries of a chain that wait for a gap to be filled, in order."""
        rows = self._all(q.HELD, office=office.bytes, epoch=epoch)
        return [self._entry(row) for row in rows]

    def forks(self, office: OfficeId | None = None) -> list[tuple[Entry, str | None]]:
        """Quarantined entries whose place another entry holds, with the reason."""
        rows = self._all(q.FORKS) if office is None else self._all(q.FORKS_OF, office=office.bytes)
        return [(self._entry(row), row.reason) for row in rows]

    def branches(self, office: OfficeId) -> list[Entry]:
        """Every entry of an office whose place another entry holds, in the order of places,
        whatever was decided: one that was released comes without its body."""
        return [self._entry(row) for row in self._all(q.BRANCHES_OF, office=office.bytes)]

    def count_entries(self, state: EntryState | str | None = None) -> int:
        """How many entries there are, in all or in one state; forked ones are not counted."""
        if state is None:
            return int(self._scalar(q.COUNT_ENTRIES))
        return int(self._scalar(q.COUNT_STATE, state=EntryState(state).value))

    def shared_subjects(
        self, office: OfficeId, epoch: bytes, first: int, last: int
    ) -> list[tuple[str, UUID]]:
        """The subjects that these entries of a chain speak about, and another office too; of what
        is admitted."""
        rows = self._all(q.SHARED, office=office.bytes, epoch=epoch, first=first, last=last)
        return [(row.subject_type, UUID(bytes=row.subject_id)) for row in rows]

    def arrived_since(self, arrival: int, hashes: Iterable[bytes]) -> frozenset[bytes]:
        """Those of these entries that came in after an arrival number."""
        found: set[bytes] = set()
        for part in parts(hashes):
            rows = self._all(q.ARRIVED_SINCE, hashes=part, since=arrival)
            found.update(row.hash for row in rows)
        return frozenset(found)

    def last_arrival(self) -> int:
        """The arrival number of what came in last; 0 when nothing did."""
        return int(self._scalar(q.LAST_ARRIVAL) or 0)

    def subjects(self) -> Iterator[tuple[str, UUID]]:
        """Every subject that an admitted entry speaks about, once: what `rebuild` folds."""
        for row in self._connection.execute(q.SUBJECTS).yield_per(PAGE):
            yield row.subject_type, UUID(bytes=row.subject_id)


def _head(row: Any) -> Head:
    return Head(OfficeId(UUID(bytes=row.office_id)), row.epoch, row.sequence, EntryHash(row.head))
