"""Photos: kept apart from the ledger under the hash of their content.

A photo is committed before the entry that names it, so an orphan is possible and a missing one
is not. SQLCipher keeps them in a file of their own, whose key is derived from the data key;
PostgreSQL in a table, sealed by us, under a keyed hash.
"""

from __future__ import annotations

import threading
from hashlib import sha256
from typing import TYPE_CHECKING

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


class PhotoStore:
    """Put, get and drop photos. Each `put` is a commit of its own, flushed to the disk."""

    def __init__(self, engine: Engine, codec: BodyCodec, *, read_only: bool) -> None:
        self._engine = engine
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
            rows.append({"name": name, "data": self._codec.seal(data, name)})
        if rows:
            statement = upsert(self._engine.dialect.name, PhotoRow, keep=True)
            options = {WRITES: True}
            with self._engine.connect().execution_options(**options) as connection:
                connection.execute(statement, rows)
                connection.commit()
        return hashes

    def get(self, photo: bytes) -> bytes:
        """A photo's bytes, checked against their hash.

        Raises `MissingPhotoError`, or `DamagedStoreError` when they are not what was put.
        """
        name = self._name(photo)
        with self._engine.connect() as connection:
            stored = connection.execute(_GET, {"name": name}).scalar()
        if stored is None:
            raise MissingPhotoError
        data = self._codec.open(stored, name)
        if sha256(data).digest() != photo:
            raise DamagedStoreError
        return data

    def several(self, photos: Sequence[bytes]) -> Iterator[tuple[PhotoHash, bytes]]:
        """The photos of these hashes that are here, in their order, each checked against its hash.

        Some are in memory at a time. Raises `DamagedStoreError` as `get`.
        """
        for start in range(0, len(photos), AT_ONCE):
            part = {self._name(one): PhotoHash(one) for one in photos[start : start + AT_ONCE]}
            with self._engine.connect() as connection:
                rows = connection.execute(_SEVERAL, {"names": list(part)}).all()
            stored = {row.name: row.data for row in rows}
            for name, photo in part.items():
                if name in stored:
                    data = self._codec.open(stored[name], name)
                    if sha256(data).digest() != photo:
                        raise DamagedStoreError
                    yield photo, data

    def size(self, photo: bytes) -> int:
        """Bytes that a photo takes, without reading it; 0 when it is not here."""
        with self._engine.connect() as connection:
            return int(connection.execute(_SIZE, {"name": self._name(photo)}).scalar() or 0)

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
        names = list(wanted)
        found: set[bytes] = set()
        with self._engine.connect() as connection:
            for start in range(0, len(names), PART):
                part = names[start : start + PART]
                found.update(connection.execute(_KNOWN, {"names": part}).scalars())
        return [photo for name, photo in wanted.items() if name not in found]

    def drop(self, photos: Iterable[bytes]) -> int:
        """Remove photos that were pruned or erased; returns how many were there."""
        if self._read_only:
            raise ReadOnlyError
        rows = [{"b_name": self._name(photo)} for photo in photos]
        if not rows:
            return 0
        options = {WRITES: True}
        with (
            self.dropping,
            self._engine.connect().execution_options(**options) as connection,
        ):
            dropped = sum(connection.execute(_DROP, row).rowcount for row in rows)
            connection.commit()
        return dropped

    def count(self) -> int:
        """How many photos there are."""
        with self._engine.connect() as connection:
            return int(connection.execute(_COUNT).scalar() or 0)

    def every(self) -> Iterator[bytes]:
        """Every photo's bytes, in the order of the stored names."""
        for name in self.names():
            with self._engine.connect() as connection:
                stored = connection.execute(_GET, {"name": name}).scalar()
            if stored is not None:
                yield self._codec.open(stored, name)

    def names(self) -> Iterator[bytes]:
        """The stored names, in order: hashes, or keyed hashes on PostgreSQL."""
        after = b""
        while True:
            with self._engine.connect() as connection:
                part = connection.execute(_NAMES, {"after": after}).scalars().all()
            yield from part
            if len(part) < PART:
                return
            after = part[-1]

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
