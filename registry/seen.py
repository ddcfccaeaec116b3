"""What is said of a record while a bundle is judged: what was admitted, and what an author saw.

Entries of the store and those that were decided before, as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import authority
from ledger.fold import fold_subject

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.conflicts import ConflictSets
    from ledger.entry import Entry, Subject
    from ledger.views import View
    from registry.picture import Picture
    from values.identifiers import EntryHash


class Records:
    """Entries by subject and by act."""

    def __init__(
        self, picture: Picture, sets: ConflictSets, *, mendable: Collection[str] = ()
    ) -> None:
        self._picture = picture
        self._sets = sets
        self._mendable = mendable

    def about(self, subject: Subject) -> list[Entry]:
        """The admitted entries about a subject."""
        return self._picture.about(subject)

    def act_of(self, entry: Entry) -> list[Entry]:
        """The admitted entries of the act of an entry, by the same office."""
        header = entry.header
        found = self._picture.act(header.group.id)
        return [one for one in found if one.header.office == header.office]

    def unheard_of(self, entry: Entry) -> bool:
        """Whether the entry's author saw something that may stand here yet, or built on what did:
        it never came, is held for what is before it, was put aside for want of something, or comes
        from a copy of the station and waits for somebody to release it."""
        return any(self._may_come(one) for one in self._seen(entry))

    def _may_come(self, hash_: EntryHash) -> bool:
        standing = self._picture.standing(hash_)
        if standing is None or standing.state == "held":
            return True
        return standing.state == "quarantined" and (
            standing.forked or standing.reason in self._mendable
        )

    def as_seen(self, entry: Entry) -> View | None:
        """The record as it was for the author of an entry; None when the author saw none of it.

        What the author saw of it and was put aside here is left out, and what it was built on is
        not.
        """
        return fold_subject(entry.header.subject.type, self.ancestors(entry), self._sets)

    def ancestors(self, entry: Entry) -> list[Entry]:
        """The admitted entries about the subject of an entry that its author knew of."""
        admitted = {one.hash: one for one in self.about(entry.header.subject)}
        return [one for hash_ in self._seen(entry) if (one := admitted.get(hash_)) is not None]

    def erased(self, entry: Entry) -> bool:
        """Whether the record that the author saw was erased: nobody can tell any more what it was.
        Of a record that still stands without one of its amendments, this is not said."""
        return any(
            authority.is_founding(one.header) and one.body_bytes is None
            for one in self.ancestors(entry)
        )

    def _seen(self, entry: Entry) -> list[EntryHash]:
        """What the author of an entry saw of its subject, in whatever state it is here, as far as
        it is known on what that was built."""
        subject = entry.header.subject
        admitted = {one.hash: one for one in self.about(subject)}
        passed: dict[EntryHash, None] = {}
        ahead = list(entry.header.base)
        while ahead:
            wanted = ahead.pop()
            if wanted in passed:
                continue
            passed[wanted] = None
            one = admitted.get(wanted) or self._picture.entry(wanted)
            if one is not None and one.header.subject == subject:
                ahead += one.header.base
        return list(passed)
