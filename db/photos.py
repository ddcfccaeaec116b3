"""Photos: kept apart from the ledger under the hash of their content.

A photo is committed before the entry that names it, so an orphan is possible and a missing one
is not. SQLCipher keeps them in a file of their own, whose key is derived from the data key. A store
on PostgreSQL keeps them sealed by us under a keyed hash, on whatever shelf was chosen for it: a
table beside the others, a folder, or an object store.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import bindparam, delete, func, select

from db.engine import WRITES
from db.errors import DamagedStoreError, MissingPhotoError, PhotoTooLargeError, ReadOnlyError
from db.models import PhotoRow
from db.upsert import upsert
from values.identifiers import PhotoHash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Engine

    from db.sealing import BodyCodec

MAX_BYTES = 1024 * 1024
"""Intake re-encodes to at most 60 kB; this only stops what did not come through intake."""

PART = 100

AT_ONCE = 32
"""Photos read in one statement: about 2 MB, a tenth of the time of one statement each."""


READERS = 2
"""Threads that read many: opening a page of the file and checking a photo hold up no other."""
AHEAD = 4
"""Statements whose photos wait to be taken at most, in reading many."""


class Shelf(Protocol):
    """Where photos lie: bytes under names of 32 bytes. What it keeps is flushed when it returns."""

    def put(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep bytes under their names; what is there already stays."""

    def get(self, name: bytes) -> bytes | None:
        """The bytes of a name, or None."""

    def several(self, names: Sequence[bytes]) -> dict[bytes, bytes]:
        """The bytes of those of these few names that have any."""

    def size(self, name: bytes) -> int:
        """How many bytes a name has, 0 when there are none."""

    def known(self, names: Sequence[bytes]) -> set[bytes]:
        """Those of these names that have something."""

    def drop(self, names: Sequence[bytes]) -> int:
        """Remove what is under these names; returns how many were there."""

    def count(self) -> int:
        """How many names there are."""

    def names(self) -> Iterator[bytes]:
        """Every name, in order."""


class TableShelf:
    """A table: of the photo file, or beside the others on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        """See `Shelf`; one commit."""
        statement = upsert(self._engine.dialect.name, PhotoRow, keep=True)
        options = {WRITES: True}
        with self._engine.connect().execution_options(**options) as connection:
            connection.execute(statement, [{"name": name, "data": data} for name, data in rows])
            connection.commit()

    def get(self, name: bytes) -> bytes | None:
        """See `Shelf`."""
        with self._engine.connect() as connection:
            stored: bytes | None = connection.execute(_GET, {"name": name}).scalar()
        return stored

    def several(self, names: Sequence[bytes]) -> dict[bytes, bytes]:
        """See `Shelf`; one statement."""
        with self._engine.connect() as connection:
            rows = connection.execute(_SEVERAL, {"names": list(names)}).all()
        return {row.name: row.data for row in rows}

    def size(self, name: bytes) -> int:
        """See `Shelf`."""
        with self._engine.connect() as connection:
            return int(connection.execute(_SIZE, {"name": name}).scalar() or 0)

    def known(self, names: Sequence[bytes]) -> set[bytes]:
        """See `Shelf`."""
        found: set[bytes] = set()
        with self._engine.connect() as connection:
            for start in range(0, len(names), PART):
                part = list(names[start : start + PART])
                found.update(connection.execute(_KNOWN, {"names": part}).scalars())
        return found

    def drop(self, names: Sequence[bytes]) -> int:
        """See `Shelf`; one commit."""
        with self._engine.connect().execution_options(**{WRITES: True}) as connection:
            dropped = sum(connection.execute(_DROP, {"b_name": one}).rowcount for one in names)
            connection.commit()
        return dropped

    def count(self) -> int:
        """See `Shelf`."""
        with self._engine.connect() as connection:
            return int(connection.execute(_COUNT).scalar() or 0)

    def names(self) -> Iterator[bytes]:
        """See `Shelf`."""
        after = b""
        while True:
            with self._engine.connect() as connection:
                part = connection.execute(_NAMES, {"after": after}).scalars().all()
            yield from part
            if len(part) < PART:
                return
            after = part[-1]


class PhotoStore:
    """Put, get and drop photos. Each `put` is a commit of its own, flushed to the disk."""

    def __init__(self, shelf: Shelf, codec: BodyCodec, *, read_only: bool) -> None:
        self._shelf = shelf
        self._codec = codec
        self._read_only = read_only
        self.dropping = threading.RLock()
        """Held while photos are dropped, and by a backup, whose two halves must agree."""

    def put(self, data: bytes) -> PhotoHash:
        """Keep a photo and return its hash. Putting one twice changes nothing."""
        return self.put_many([data])[0]

    def put_many(self, photos: Iterable[bytes]) -> list[PhotoHash]:
        """Keep several photos in one commit. Raises `PhotoTooLargeError` before any is kept."""
        if self._read_only:
            raise ReadOnlyError
        hashes: list[PhotoHash] = []
        rows = []
        for data in photos:
            if len(data) > MAX_BYTES:
                raise PhotoTooLargeError
            photo = PhotoHash(sha256(data).digest())
            hashes.append(photo)
            name = self._codec.photo_name(photo)
            rows.append((name, self._codec.seal(data, name)))
        if rows:
            self._shelf.put(rows)
        return hashes

    def get(self, photo: bytes) -> bytes:
        """A photo's bytes, checked against their hash.

        Raises `MissingPhotoError`, or `DamagedStoreError` when they are not what was put.
        """
        name = self._name(photo)
        stored = self._shelf.get(name)
        if stored is None:
            raise MissingPhotoError
        return self._opened(stored, name, photo)

    def several(self, photos: Sequence[bytes]) -> Iterator[tuple[PhotoHash, bytes]]:
        """The photos of these hashes that are here, in their order, each checked against its hash.

        Some are in memory at a time: the next ones are read and checked on threads while the
        caller works with these. Raises `DamagedStoreError` as `get`.
        """
        parts = [photos[start : start + AT_ONCE] for start in range(0, len(photos), AT_ONCE)]
        if len(parts) <= 1:
            for part in parts:
                yield from self._some(part)
            return
        with ThreadPoolExecutor(READERS, thread_name_prefix="photos") as threads:
            reading: deque[Future[list[tuple[PhotoHash, bytes]]]] = deque()
            try:
                for part in parts:
                    reading.append(threads.submit(self._some, part))
                    if len(reading) > AHEAD:
                        yield from reading.popleft().result()
                while reading:
                    yield from reading.popleft().result()
            finally:
                for one in reading:
                    one.cancel()

    def _some(self, photos: Sequence[bytes]) -> list[tuple[PhotoHash, bytes]]:
        part = {self._name(one): PhotoHash(one) for one in photos}
        stored = self._shelf.several(list(part))
        return [
            (photo, self._opened(stored[name], name, photo))
            for name, photo in part.items()
            if name in stored
        ]

    def size(self, photo: bytes) -> int:
        """Bytes that a photo takes, without reading it; 0 when it is not here."""
        return self._shelf.size(self._name(photo))

    def total_size(self, photos: Iterable[bytes]) -> int:
        """Bytes that these photos take together, without reading them."""
        return sum(self.size(photo) for photo in photos)

    def sound(self, photo: bytes) -> bool:
        """Whether a photo is here and is what its hash says."""
        try:
            self.get(photo)
        except (MissingPhotoError, DamagedStoreError):
            return False
        return True

    def missing(self, photos: Iterable[bytes]) -> list[PhotoHash]:
        """Those of these photos that are not in the store, in their order."""
        wanted = {self._name(photo): PhotoHash(photo) for photo in photos}
        found = self._shelf.known(list(wanted))
        return [photo for name, photo in wanted.items() if name not in found]

    def drop(self, photos: Iterable[bytes]) -> int:
        """Remove photos that were pruned or erased; returns how many were there."""
        if self._read_only:
            raise ReadOnlyError
        names = [self._name(photo) for photo in photos]
        if not names:
            return 0
        with self.dropping:
            return self._shelf.drop(names)

    def count(self) -> int:
        """How many photos there are."""
        return self._shelf.count()

    def every(self) -> Iterator[bytes]:
        """Every photo's bytes, in the order of the stored names."""
        for name in self._shelf.names():
            stored = self._shelf.get(name)
            if stored is not None:
                yield self._codec.open(stored, name)

    def names(self) -> Iterator[bytes]:
        """The stored names, in order: hashes, or keyed hashes on PostgreSQL."""
        return self._shelf.names()

    def _opened(self, stored: bytes, name: bytes, photo: bytes) -> bytes:
        data = self._codec.open(stored, name)
        if sha256(data).digest() != photo:
            raise DamagedStoreError
        return data

    def _name(self, photo: bytes) -> bytes:
        return self._codec.photo_name(PhotoHash(photo))


_GET = select(PhotoRow.data).where(PhotoRow.name == bindparam("name"))
_SEVERAL = select(PhotoRow.name, PhotoRow.data).where(
    PhotoRow.name.in_(bindparam("names", expanding=True))
)
_SIZE = select(func.length(PhotoRow.data)).where(PhotoRow.name == bindparam("name"))
_KNOWN = select(PhotoRow.name).where(PhotoRow.name.in_(bindparam("names", expanding=True)))
_DROP = delete(PhotoRow).where(PhotoRow.name == bindparam("b_name"))
_COUNT = select(func.count()).select_from(PhotoRow)
_NAMES = (
    select(PhotoRow.name)
    .where(PhotoRow.name > bindparam("after"))
    .order_by(PhotoRow.name)
    .limit(PART)
)
