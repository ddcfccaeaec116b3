"""What is said of a record while a bundle is judged: what was admitted, and what an author saw.

Entries of the store and those that came before in the bundle, as one; nothing is stored before all
is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.fold import fold_subject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from db.store import UnitOfWork
    from ledger.conflicts import ConflictSets
    from ledger.entry import Entry, Subject
    from ledger.views import View
    from values.identifiers import EntryHash


class Records:
    """Entries by subject and by act."""

    def __init__(self, unit: UnitOfWork, sets: ConflictSets) -> None:
        self._unit = unit
        self._sets = sets
        self._learned: dict[Subject, list[Entry]] = {}
        self._acts: dict[UUID, list[Entry]] = {}
        self._came: dict[EntryHash, Entry] = {}
        self._gone: frozenset[UUID] = frozenset()

    def note(self, entry: Entry) -> None:
        """Remember an entry of the bundle, whatever is decided about it."""
        self._came[entry.hash] = entry

    def learn(self, entry: Entry) -> None:
        """Remember an entry that was admitted so far."""
        header = entry.header
        self._learned.setdefault(header.subject, []).append(entry)
        self._acts.setdefault(header.group.id, []).append(entry)

    def leave_out(self, groups: Iterable[UUID]) -> None:
        """Acts of this bundle that were found not to stand: nothing is built on them."""
        self._gone = frozenset(groups)

    def about(self, subject: Subject) -> list[Entry]:
        """The admitted entries about a subject."""
        stored = self._unit.entries_of(subject.type, subject.id)
        learned = self._learned.get(subject, ())
        return [*stored, *(one for one in learned if one.header.group.id not in self._gone)]

    def act_of(self, entry: Entry) -> list[Entry]:
        """The admitted entries of the act of an entry, by the same office."""
        header = entry.header
        learned = () if header.group.id in self._gone else self._acts.get(header.group.id, ())
        found = {one.hash: one for one in learned}
        for one in self._unit.group(header.group.id):
            standing = self._unit.standing(one.hash)
            if standing is not None and standing.state == "admitted":
                found.setdefault(one.hash, one)
        return [one for one in found.values() if one.header.office == header.office]

    def unheard_of(self, entry: Entry) -> bool:
        """Whether the entry's author saw something that never came here."""
        known = self._unit.known(entry.header.base)
        return any(one not in known and one not in self._came for one in entry.header.base)

    def as_seen(self, entry: Entry) -> View | None:
        """The record as it was for the author of an entry; None when the author saw none of it.

        What the author saw of it and was put aside here is left out, and what it was built on is
        not.
        """
        return fold_subject(entry.header.subject.type, self.ancestors(entry), self._sets)

    def ancestors(self, entry: Entry) -> list[Entry]:
        """The admitted entries about the subject of an entry that its author knew of."""
        subject = entry.header.subject
        admitted = {one.hash: one for one in self.about(subject)}
        found: dict[EntryHash, Entry] = {}
        passed: set[EntryHash] = set()
        ahead = list(entry.header.base)
        while ahead:
            wanted = ahead.pop()
            if wanted in passed:
                continue
            passed.add(wanted)
            one = admitted.get(wanted)
            if one is not None:
                found[wanted] = one
            else:
                one = self._came.get(wanted) or self._unit.entry(wanted)
            if one is not None and one.header.subject == subject:
                ahead += one.header.base
        return list(found.values())
