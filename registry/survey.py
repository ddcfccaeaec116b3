"""Looking through a bundle before anything of it is kept: whole, signed, and what it names.

Every entry is read, hashed and its signature checked. For a large bundle that is done part by part
in processes of their own, since it is much of an import's work and needs nothing of the store.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.certificate import Certificate
from ledger.entry import verify
from ledger.errors import LedgerError
from ledger.keys import PublicKey
from sync.bundle import check_places
from sync.errors import BadOutcome, ContentsError
from sync.parts import PartInfo, PartKind, entries_in
from values.identifiers import EntryHash, OfficeId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ledger.entry import Entry
    from sync.bundle import OpenedBundle, Range

CHECKERS = 2
"""Processes that check parts: what the smallest server has cores."""

MANY = 3
"""Parts from which they are worth starting: some 20,000 entries, five seconds of one core."""

AHEAD = 2
"""Parts that wait for each of them, so that none idles and memory stays flat."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bundle to be looked through: its bytes, unsealed and unpacked, the places that
    its entries must have, and the keys of the certificates that are known."""

    info: PartInfo
    content: bytes
    office: OfficeId
    ranges: Sequence[Range]
    first: int
    keys: Mapping[bytes, bytes]


@dataclass(slots=True)
class Seen:
    """What is in a part, or in a bundle.

    `photos` are named by its entries. `lost` are entries that the station says it erased or
    pruned: those may come without a body. `doubtful` are those whose signature did not fit the
    certificate that they name, or whose certificate was not known yet. `keys` are those of
    certificates that entries bring.
    """

    photos: set[bytes] = field(default_factory=set)
    lost: set[EntryHash] = field(default_factory=set)
    doubtful: set[EntryHash] = field(default_factory=set)
    keys: dict[bytes, bytes] = field(default_factory=dict)

    def add(self, other: Seen) -> None:
        """With what is in another part."""
        self.photos |= other.photos
        self.lost |= other.lost
        self.doubtful |= other.doubtful
        self.keys |= other.keys


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen in a bundle."""

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


def check(part: Part) -> Seen:
    """Look through a part. Pure. Raises `sync.errors.ContentsError` where it is not as promised."""
    seen = Seen()
    keys: dict[bytes, PublicKey] = {}

    def key_of(certificate: bytes) -> PublicKey | None:
        if certificate not in keys:
            raw = part.keys.get(certificate) or seen.keys.get(certificate)
            if raw is None:
                return None
            keys[certificate] = PublicKey(raw)
        return keys[certificate]

    entries = entries_in(part.info, part.content)
    for entry in check_places(entries, part.office, part.ranges, first=part.first):
        header = entry.header
        seen.photos.update(bytes(blob) for blob in header.blobs)
        key = key_of(header.certificate)
        if key is None or not verify(entry, key):
            seen.doubtful.add(entry.hash)
        if header.kind in {kinds.ENTRY_ERASED, kinds.ENTRY_PRUNED}:
            seen.lost |= _lost(entry)
        elif header.kind == kinds.CERTIFICATE_ISSUED:
            _learn(entry, seen.keys)
    return seen


def look(
    opened: OpenedBundle, known: Iterable[Certificate], *, checkers: int | None = None
) -> Survey:
    """Look through all entries of a bundle. `checkers` processes help with a large one; None leaves
    it to the number of cores. Raises `sync.errors.ContentsError`."""
    found = Seen(keys={one.hash: bytes(one.public_key.raw) for one in known})
    parts = _parts(opened, found)
    large = sum(info.kind is PartKind.ENTRIES for info in opened.manifest.parts) >= MANY
    wanted = min(CHECKERS, os.cpu_count() or 1) if checkers is None else checkers
    # The first one here: it brings the certificates that the others need.
    for part in islice(parts, 1):
        found.add(check(part))
    if large and wanted > 1:
        with _helpers(wanted) as helpers:
            waiting: deque[Future[Seen | BadOutcome]] = deque()
            for part in parts:
                waiting.append(helpers.submit(_checked, part))
                if len(waiting) >= wanted * AHEAD:
                    found.add(_sound(waiting.popleft().result()))
            for one in waiting:
                found.add(_sound(one.result()))
    else:
        for part in parts:
            found.add(check(part))
    return Survey(frozenset(found.photos), frozenset(found.lost), frozenset(found.doubtful))


def _checked(part: Part) -> Seen | BadOutcome:
    """`check` for another process: an outcome is a value there."""
    try:
        return check(part)
    except ContentsError as error:
        return error.outcome


def _sound(seen: Seen | BadOutcome) -> Seen:
    if isinstance(seen, BadOutcome):
        raise ContentsError(seen)
    return seen


@contextmanager
def _helpers(count: int) -> Iterator[ProcessPoolExecutor]:
    # Spawned, not forked: a copy of this process would hold its keys and its connections.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context) as helpers:
        try:
            yield helpers
        except BaseException:
            helpers.shutdown(wait=False, cancel_futures=True)
            raise


def _parts(opened: OpenedBundle, found: Seen) -> Iterator[Part]:
    first = 0
    for info, content in opened.unsealed.contents(PartKind.ENTRIES):
        yield Part(info, content, opened.office, opened.manifest.ranges, first, dict(found.keys))
        first += info.items


def _lost(entry: Entry) -> set[EntryHash]:
    """The entries of which this one says that they lost their bodies by law."""
    body = entry.body
    if body is None or kinds.bad_field(entry.header.kind, body):
        return set()
    return {EntryHash(hash_) for hash_ in body["entries"]}


def _learn(entry: Entry, keys: dict[bytes, bytes]) -> None:
    """The key of a certificate that an entry brings. Whether it may bring it is judged later."""
    body = entry.body or {}
    value = body.get("certificate")
    if not isinstance(value, bytes):
        return
    try:
        certificate = Certificate.from_bytes(value)
    except LedgerError:
        return
    keys[certificate.hash] = bytes(certificate.public_key.raw)
