"""Looking through a bundle before anything of it is kept: whole, signed, and what it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.entry import verify
from values.identifiers import EntryHash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.certificate import Certificate
    from ledger.entry import Entry
    from ledger.keys import PublicKey
    from sync.bundle import OpenedBundle


@dataclass(slots=True)
class Survey:
    """What was seen in a bundle.

    `photos` are named by its entries. `lost` are entries that the station says it erased or
    pruned: those may come without a body.
    """

    photos: set[bytes] = field(default_factory=set)
    lost: frozenset[EntryHash] = frozenset()

    def verified(self, entry: Entry, public: PublicKey) -> bool:
        """Whether this key signed the entry."""
        return verify(entry, public)


def look(opened: OpenedBundle, known: Iterable[Certificate]) -> Survey:
    """Read every entry once. Raises `sync.errors.ContentsError` where they are not as promised."""
    survey = Survey()
    lost: set[EntryHash] = set()
    for entry in opened.entries():
        survey.photos.update(bytes(blob) for blob in entry.header.blobs)
        lost |= lost_bodies(entry)
    survey.lost = frozenset(lost)
    return survey


def lost_bodies(entry: Entry) -> set[EntryHash]:
    """The entries of which this one says that they lost their bodies by law."""
    if entry.header.kind not in {kinds.ENTRY_ERASED, kinds.ENTRY_PRUNED}:
        return set()
    body = entry.body
    if body is None or kinds.bad_field(entry.header.kind, body):
        return set()
    return {EntryHash(hash_) for hash_ in body["entries"]}
