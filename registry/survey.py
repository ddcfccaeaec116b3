"""Looking through a bundle before anything of it is kept: whole, signed, and what it names.

Every entry is read, hashed and its signature checked. For a large bundle `sync` does that part by
part in processes of their own; what is left here is little for each entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.certificate import Certificate
from ledger.entry import verify
from ledger.errors import LedgerError
from values.identifiers import EntryHash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.certificate import CertificateHash
    from ledger.entry import Entry
    from ledger.keys import PublicKey
    from sync.bundle import OpenedBundle


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen in a bundle.

    `photos` are named by its entries. `lost` are entries that the station says it erased or
    pruned: those may come without a body. `doubtful` are those whose signature did not fit the
    certificate that they name, or whose certificate was not known yet.
    """

    photos: frozenset[bytes]
    lost: frozenset[EntryHash]
    doubtful: frozenset[EntryHash]

    def verified(self, came: frozenset[EntryHash]) -> Callable[[Entry, PublicKey], bool]:
        """Says whether a key signed an entry; those of the bundle (`came`) were looked at already.

        A certificate is named by its hash, so the key that was tried is the one that is asked for.
        """

        def signed(entry: Entry, public: PublicKey) -> bool:
            known = entry.hash in came and entry.hash not in self.doubtful
            return known or verify(entry, public)

        return signed


def look(opened: OpenedBundle, known: Iterable[Certificate]) -> Survey:
    """Look through all entries of a bundle. Raises `sync.errors.ContentsError`."""
    photos: set[bytes] = set()
    lost: set[EntryHash] = set()
    doubtful: set[EntryHash] = set()
    keys = {one.hash: one.public_key for one in known}
    for entry, outline, signed in opened.checked(keys):
        photos.update(outline.blobs)
        if not signed:
            doubtful.add(EntryHash(outline.hash))
        if outline.kind in {kinds.ENTRY_ERASED, kinds.ENTRY_PRUNED}:
            lost |= _lost(entry)
        elif outline.kind == kinds.CERTIFICATE_ISSUED:
            _learn(entry, keys)
    return Survey(frozenset(photos), frozenset(lost), frozenset(doubtful))


def _lost(entry: Entry) -> set[EntryHash]:
    """The entries of which this one says that they lost their bodies by law."""
    body = entry.body
    if body is None or kinds.bad_field(entry.header.kind, body):
        return set()
    return {EntryHash(hash_) for hash_ in body["entries"]}


def _learn(entry: Entry, keys: dict[CertificateHash, PublicKey]) -> None:
    """The key of a certificate that an entry brings, for the parts that follow. Whether it may
    bring it is judged later."""
    body = entry.body or {}
    value = body.get("certificate")
    if not isinstance(value, bytes):
        return
    try:
        certificate = Certificate.from_bytes(value)
    except LedgerError:
        return
    keys[certificate.hash] = certificate.public_key
