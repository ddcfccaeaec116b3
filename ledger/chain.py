"""How the entries of one office follow one another, and what a receipt covers.

Pure: the caller knows the head of the chain and says so.  A chain is (office, epoch);
its order is its sequence, never a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ledger.entry import Entry
from ledger.errors import EntryError
from ledger.fields import EPOCH_BYTES, HASH_BYTES
from values.identifiers import EntryHash, OfficeId


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain. It follows the chain, not the judgement: an entry that
    was quarantined for its author moves it, a forked one does not."""

    office: OfficeId
    epoch: bytes
    sequence: int
    hash: EntryHash

    @classmethod
    def of(cls, entry: Entry) -> Head:
        """The head once ``entry`` stands."""
        header = entry.header
        return cls(header.office, header.epoch, header.sequence, entry.hash)


@dataclass(frozen=True, slots=True)
class Next:
    """The entry continues the chain; ``head`` is the new head."""

    head: Head


@dataclass(frozen=True, slots=True)
class Same:
    """The entry is already part of the chain."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Another entry stands at this place: the store was cloned, or someone forges.

    ``standing`` is the hash of the one that was first.
    """

    standing: EntryHash


@dataclass(frozen=True, slots=True)
class Gap:
    """Entries from ``expected`` up to the one before this are missing."""

    expected: int


@dataclass(frozen=True, slots=True)
class BadLink:
    """The entry is next in number but names another predecessor: the tail of a fork."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The place lies before the head, and the caller did not say what stands there."""

    sequence: int


Link = Next | Same | Fork | Gap | BadLink | Earlier


def continue_chain(head: Head | None, entry: Entry, *, standing: EntryHash | None = None) -> Link:
    """What ``entry`` is to the chain that ends at ``head``.

    Args:
        head: of the same office and epoch; None when the epoch is new here.
        standing: the hash of what is stored at the entry's own place, if anything.

    Raises:
        ValueError: when ``head`` is of another chain; a program error.
    """
    header = entry.header
    if head is not None and (head.office, head.epoch) != (header.office, header.epoch):
        raise ValueError("the head belongs to another chain")
    if head is not None and header.sequence == head.sequence:
        standing = head.hash
    if standing is not None:
        return Same() if standing == entry.hash else Fork(standing)
    reached = 0 if head is None else head.sequence
    if header.sequence <= reached:
        return Earlier(header.sequence)
    if header.sequence > reached + 1:
        return Gap(reached + 1)
    if header.previous != (None if head is None else head.hash):
        return BadLink()
    return Next(Head.of(entry))


@dataclass(frozen=True, slots=True)
class Receipt:
    """The registry's word that it holds a chain up to and including ``sequence``."""

    office: OfficeId
    epoch: bytes
    sequence: int
    hash: EntryHash

    def to_value(self) -> list[object]:
        """``[office, epoch, sequence, hash]`` for CBOR."""
        return [self.office.bytes, self.epoch, self.sequence, self.hash]

    @classmethod
    def from_value(cls, value: object) -> Receipt:
        """Raises :class:`EntryError` (code ``receipt``) for any other shape."""
        match value:
            case [bytes() as office, bytes() as epoch, int() as sequence, bytes() as hash_] if (
                len(office) == 16
                and len(epoch) == EPOCH_BYTES
                and not isinstance(sequence, bool)
                and sequence >= 1
                and len(hash_) == HASH_BYTES
            ):
                return cls(OfficeId(UUID(bytes=office)), epoch, sequence, EntryHash(hash_))
        raise EntryError("receipt", "This receipt cannot be read. Ask for the notice again.")

    @classmethod
    def of(cls, head: Head) -> Receipt:
        return cls(head.office, head.epoch, head.sequence, head.hash)


def is_covered(entry: Entry, receipts: Iterable[Receipt]) -> bool:
    """True when a receipt says that the registry already held this entry.

    Used for revocation by position: what no receipt covers when a certificate is revoked
    is quarantined, whatever time it claims.  A receipt for exactly this place must name
    this very entry.
    """
    header = entry.header
    covered = False
    for receipt in receipts:
        if (receipt.office, receipt.epoch) != (header.office, header.epoch):
            continue
        if header.sequence == receipt.sequence and receipt.hash != entry.hash:
            return False
        covered = covered or header.sequence <= receipt.sequence
    return covered
