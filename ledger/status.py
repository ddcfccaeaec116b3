"""Status lists: one revocation bit per issued document, and the secret order of indices.

The list is that of the IETF Token Status List with one bit per document: bit ``i`` is bit
``i mod 8``, counted from the least significant, of byte ``i div 8``; zlib-compressed.
Each station and epoch has a list of its own, so two offline stations never share an
index.  Inside it, indices are a secret permutation of a counter: whoever sees a
document's index learns neither how many were issued nor which came next.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ledger.errors import StatusError
from ledger.keys import domain
from values.identifiers import OfficeId
from values.secret import Secret

INDEX_BITS = 17
SIZE = 2**INDEX_BITS
"""Documents per station and epoch: 131,072, about 350 a day for a year. 16 KiB as bits,
and random revocations of one in a hundred compress to less than 2 KiB."""

_URI_DOMAIN = domain("status-list")
_INDEX_DOMAIN = domain("status-index")
_HALF_BITS = 9  # two halves of 9 bits: the smallest even Feistel network over 17 bits
_HALF_MASK = (1 << _HALF_BITS) - 1
_ROUNDS = 10  # as FF1 (NIST SP 800-38G) has; four would already be a strong permutation


def list_uri(office: OfficeId, epoch: bytes) -> str:
    """The short name of a list inside credentials: ``urn:wst:`` and 12 characters."""
    digest = hashlib.sha256(_URI_DOMAIN + office.bytes + epoch).digest()
    return "urn:wst:" + base64.urlsafe_b64encode(digest[:9]).decode("ascii")


@dataclass(frozen=True, slots=True)
class StatusList:
    """Revocation bits of one station and epoch; immutable."""

    bits: bytes

    def __post_init__(self) -> None:
        if len(self.bits) != SIZE // 8:
            raise StatusError("size", "This status list does not have the expected size.")

    @classmethod
    def empty(cls) -> StatusList:
        """A list in which nothing is revoked."""
        return cls(bytes(SIZE // 8))

    def is_revoked(self, index: int) -> bool:
        """Raises :class:`StatusError` (code ``index``) outside the list."""
        _check_index(index)
        return bool(self.bits[index >> 3] >> (index & 7) & 1)

    def revoked(self, indices: Iterable[int]) -> StatusList:
        """A list in which these are revoked too. There is no way back: a document that
        was revoked in error is issued again under another number."""
        bits = bytearray(self.bits)
        for index in indices:
            _check_index(index)
            bits[index >> 3] |= 1 << (index & 7)
        return StatusList(bytes(bits))

    def with_all(self, other: StatusList) -> StatusList:
        """A list in which everything is revoked that either revokes."""
        both = int.from_bytes(self.bits, "big") | int.from_bytes(other.bits, "big")
        return StatusList(both.to_bytes(SIZE // 8, "big"))

    def count(self) -> int:
        """How many are revoked."""
        return int.from_bytes(self.bits, "big").bit_count()

    def marked(self) -> Iterator[int]:
        """The indices that are revoked, ascending."""
        for place, octet in enumerate(self.bits):
            if octet:
                yield from (place << 3 | bit for bit in range(8) if octet >> bit & 1)

    def compressed(self) -> bytes:
        """zlib at level 9, as the ``lst`` of a Token Status List."""
        return zlib.compress(self.bits, 9)

    @classmethod
    def from_compressed(cls, data: bytes) -> StatusList:
        """Raises :class:`StatusError`: ``compressed`` for damage, ``size`` for any other
        length once inflated (inflation stops one byte beyond it)."""
        inflater = zlib.decompressobj()
        try:
            bits = inflater.decompress(data, SIZE // 8 + 1)
        except zlib.error as fault:
            raise StatusError(
                "compressed", "This status list is damaged. Ask for a new trust list."
            ) from fault
        if not inflater.eof or inflater.unused_data:
            raise StatusError("size", "This status list does not have the expected size.")
        return cls(bits)


def _check_index(index: int) -> None:
    if not 0 <= index < SIZE:
        raise StatusError("index", "This status index lies outside its list.")


class StatusIndex:
    """The secret permutation of one station's epoch.

    A balanced Feistel network of ten rounds over 18 bits with HMAC-SHA-256 as the round
    function, walked until the result lies below 2**17 (cycle walking, Black and Rogaway
    2002); about two walks per index.

    Args:
        key: 32 random bytes, drawn per epoch and kept in the store.
    """

    __slots__ = ("_key",)

    def __init__(self, key: Secret) -> None:
        if len(key.reveal()) != 32:
            raise StatusError("key", "The key of a status index has 32 bytes.")
        self._key = key

    def index(self, counter: int) -> int:
        """The index of the ``counter``-th document, counted from 0.

        Raises:
            StatusError: code ``exhausted`` when the epoch has no index left.
        """
        if not 0 <= counter < SIZE:
            raise StatusError(
                "exhausted",
                "This station has used up its document numbers. Begin a new epoch: make a "
                "backup and restore it.",
            )
        value = self._permute(counter)
        while value >= SIZE:
            value = self._permute(value)
        return value

    def _permute(self, value: int) -> int:
        left, right = value >> _HALF_BITS, value & _HALF_MASK
        for number in range(_ROUNDS):
            left, right = right, left ^ self._round(number, right)
        return left << _HALF_BITS | right

    def _round(self, number: int, half: int) -> int:
        message = _INDEX_DOMAIN + bytes([number]) + half.to_bytes(2, "big")
        digest = hmac.digest(self._key.reveal(), message, "sha256")
        return int.from_bytes(digest[:2], "big") & _HALF_MASK
