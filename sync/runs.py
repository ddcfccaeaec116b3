"""The unbroken runs in entries as they pass into a bundle, and the photos that they name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from ledger.entry import Entry
from sync import limits
from sync.errors import NotPackableError
from sync.manifest import Range
from values import cbor
from values.identifiers import EntryHash, OfficeId

_OFFICE, _EPOCH, _SEQUENCE, _PREVIOUS, _BODY_HASH, _BLOBS = 2, 3, 4, 5, 16, 17
"""Keys of a header (``docs/formats/entry.md``)."""


class Runs:
    """Watches entries pass, in chain order, and remembers where each run begins and ends.

    Six fields of each header are all that is looked at. They come out of the writer's own store,
    which has authenticated them, so they are read by the quick decoder: the strict one, which
    parses every field as a stranger's, took most of the time of an export.
    """

    def __init__(self, office: OfficeId) -> None:
        self._office = office.bytes
        self._runs: list[Range] = []
        self.blobs: set[bytes] = set()

    @property
    def ranges(self) -> tuple[Range, ...]:
        return tuple(self._runs)

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Hand the entries on. Raises :class:`NotPackableError` for one that cannot be sent."""
        for entry in entries:
            self._note(entry)
            yield entry

    def _note(self, entry: Entry) -> None:
        try:
            header: dict[int, Any] = cbor.decode_own(entry.header_bytes)
            office, epoch = header[_OFFICE][1], header[_EPOCH]
            sequence, previous = header[_SEQUENCE], header.get(_PREVIOUS)
            body_hash, blobs = header[_BODY_HASH], header[_BLOBS]
        except (cbor.CborError, LookupError, TypeError, AttributeError):
            raise _damaged(entry) from None
        body = entry.body_bytes
        if body is not None and hashlib.sha256(body).digest() != body_hash:
            # Said here, where it can be mended, and not weeks later at the registry.
            raise _damaged(entry)
        if office != self._office:
            raise NotPackableError(
                "contents",
                "An entry of another office was about to be exported. Have the workspace checked.",
            )
        if body is not None:
            self.blobs.update(blobs)
        self._continue(epoch, sequence, previous, EntryHash(entry.hash))

    def _continue(
        self, epoch: bytes, sequence: int, previous: bytes | None, head: EntryHash
    ) -> None:
        last = self._runs[-1] if self._runs else None
        if last and last.epoch == epoch and sequence == last.last + 1:
            self._runs[-1] = Range(last.epoch, last.first, sequence, last.previous, head)
            return
        if len(self._runs) >= limits.MAX_RANGES:
            raise NotPackableError(
                "contents", "The chain is broken in too many places. Have the workspace checked."
            )
        before = None if previous is None else EntryHash(previous)
        self._runs.append(Range(epoch, sequence, sequence, before, head))


def _damaged(entry: Entry) -> NotPackableError:
    return NotPackableError(
        "contents",
        "An entry in the workspace is damaged. Check the workspace before exporting.",
        detail=f"entry {entry.hash.hex()}",
    )
