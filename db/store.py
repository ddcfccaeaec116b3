"""The store of one workspace: opened with its data key, written by one program at a time.

`Store.write()` gives a unit of work that commits once or not at all; `Store.read()` gives a
consistent picture while others write. See ``docs/formats/store.md`` for what lies in the folder.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import URL, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from db import schema
from db.backup import FILES, BackupInfo, pack
from db.card import FILE as CARD
from db.card import POSTGRESQL, SQLCIPHER, StoreCard
from db.engine import (
    WRITES,
    cipher_engine,
    cipher_problems,
    copy_cipher,
    injected_engine,
    postgres_engine,
)
from db.errors import (
    DamagedStoreError,
    DbError,
    NoStoreError,
    PhotoPlaceError,
    PlaceTakenError,
    ReadOnlyError,
    RivalError,
    StoreExistsError,
    StoreFullError,
    WorkspaceBusyError,
    WrongKeyError,
)
from db.former import keep_former
from db.lock import WriterLock
from db.models import CounterRow
from db.numbering import Blocks
from db.objects import ObjectShelf, place
from db.photos import PhotoStore, TableShelf
from db.postgres import address, without_password
from db.reader import Reader
from db.sealing import BodyCodec, Clear, Sealed, derived
from db.space import Ballast, Space, space
from db.transfer import copy_photos, copy_rows
from db.unit import UnitOfWork
from db.upsert import upsert
from values import collecting

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Engine

    from values.secret import Secret

__all__ = ["Reader", "Store", "UnitOfWork"]

MAIN = "store.db"
PHOTOS = "photos.db"
_MADE_MEANWHILE = frozenset({"23505", "42P07"})
"""A unique violation in the catalogue, a duplicate table: somebody else set a store up there."""


class Store:
    """An open store. Close it; closing twice does no harm.

    Threads may share it: each `read()` and `write()` has a connection of its own, and writers
    of one process wait for each other.
    """

    def __init__(
        self,
        engine: Engine,
        photos: PhotoStore,
        codec: BodyCodec,
        *,
        folder: Path | None,
        read_only: bool,
        lock: WriterLock | None,
        photo_engine: Engine,
        data_key: Secret | None = None,
    ) -> None:
        self._engine = engine
        self._photo_engine = photo_engine
        self._codec = codec
        self._data_key = data_key
        self._folder = folder
        self._lock = lock
        self._writing = threading.Lock()
        self._writer: int | None = None
        self.read_only = read_only
        self.photos = photos
        """Photos by their hash; put them before the entry that names them."""

    # -- opening ------------------------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path, data_key: Secret) -> Self:
        """A new encrypted store in `folder` (made if need be), open for writing.

        Raises `StoreExistsError`, `WorkspaceBusyError`, `StoreFullError`.
        """
        card = StoreCard.of(data_key, engine=SQLCIPHER)
        with _opening(folder, read_only=False) as opening:
            if any((folder / name).exists() for name in (CARD, MAIN, PHOTOS)):
                raise StoreExistsError
            store = cls._cipher(opening, data_key)
            schema.create(store._engine, photos=False)
            schema.create_photos(store._photo_engine)
            # The card last: a folder without one holds no store, whatever a crash left there.
            card.write(folder)
        return store

    @classmethod
    def create_postgres(
        cls,
        folder: Path,
        url: str,
        data_key: Secret,
        *,
        password: Secret | None = None,
        photos: str | None = None,
    ) -> Self:
        """A new store in an empty PostgreSQL database; the folder keeps its address and lock.

        A password, in the address or beside it, is used and never written down. `photos` is the
        address of a folder or object store for photographs; without it they lie in a table. Raises
        `ConnectionPolicyError`, `ConnectionLostError`, `StoreExistsError`, `PhotoPlaceError`.
        """
        target = address(url, password=password)
        where = place(photos) if photos else ""
        card = StoreCard.of(data_key, engine=POSTGRESQL, url=without_password(target), photos=where)
        with _opening(folder, read_only=False) as opening:
            if (folder / CARD).exists():
                raise StoreExistsError
            store = cls._sealed(opening, target, data_key, where)
            if not schema.is_empty(store._engine):
                raise StoreExistsError
            try:
                schema.create(store._engine, photos=True)
            except (IntegrityError, ProgrammingError) as error:
                if getattr(error.orig, "sqlstate", None) in _MADE_MEANWHILE:
                    raise StoreExistsError from None
                raise
            card.write(folder)
        return store

    @classmethod
    def open(
        cls,
        folder: Path,
        data_key: Secret,
        *,
        read_only: bool = False,
        joined: bool = False,
        password: Secret | None = None,
    ) -> Self:
        """Open whatever store the folder holds. `password` is the database account's, if asked.

        `joined`: for a process that the program started which holds the lock (PostgreSQL alone).

        Raises `NoStoreError`, `WorkspaceBusyError` (writing only), `WrongKeyError`,
        `DamagedStoreError`, `NewerStoreError`, `OutdatedStoreError` (reading only),
        `ConnectionLostError`.
        """
        card = StoreCard.read(folder)
        if card.engine == POSTGRESQL:
            return cls.open_postgres(
                folder,
                card.url,
                data_key,
                read_only=read_only,
                joined=joined,
                password=password,
            )
        if joined:
            raise WorkspaceBusyError
        with _opening(folder, read_only=read_only) as opening:
            card.require(data_key)
            if not (folder / MAIN).exists() or not (folder / PHOTOS).exists():
                raise DamagedStoreError(
                    "A file of the store is missing. Restore the latest backup."
                )
            store = cls._cipher(opening, data_key)
            try:
                schema.require_current(
                    store._engine,
                    read_only=read_only,
                    before=lambda stamp: keep_former(folder / MAIN, data_key, stamp),
                )
            except WrongKeyError:
                # The card says that the key is right, so the first page is not.
                raise DamagedStoreError from None
        return store

    @classmethod
    def open_postgres(
        cls,
        folder: Path,
        url: str,
        data_key: Secret,
        *,
        read_only: bool = False,
        joined: bool = False,
        password: Secret | None = None,
    ) -> Self:
        """Open a store on PostgreSQL at this address, and note it if the database was moved.

        Raises what `open` raises, and `ConnectionPolicyError`.
        """
        card = StoreCard.read(folder)
        target = address(url, password=password)
        with _opening(folder, read_only=read_only, locked=not joined) as opening:
            card.require(data_key)
            store = cls._sealed(opening, target, data_key, card.photos)
            schema.require_current(store._engine, read_only=read_only or joined)
            bare = without_password(target)
            if not (read_only or joined) and bare != card.url:
                moved = StoreCard.of(data_key, engine=POSTGRESQL, url=bare, photos=card.photos)
                moved.write(folder)
        return store

    @classmethod
    def over(
        cls, engine: Engine, *, photos: Engine | None = None, codec: BodyCodec | None = None
    ) -> Self:
        """A store over an engine that a benchmark brings, unencrypted if that engine is.

        Makes the tables when they are missing. No lock, no folder, no key: never for real data.
        """
        injected_engine(engine)
        photo_engine = engine if photos is None else injected_engine(photos)
        if schema.is_empty(engine):
            schema.create(engine, photos=photos is None)
            if photos is not None:
                schema.create_photos(photos)
        chosen = codec or Clear()
        return cls(
            engine,
            PhotoStore(TableShelf(photo_engine), chosen, read_only=False),
            chosen,
            folder=None,
            read_only=False,
            lock=None,
            photo_engine=photo_engine,
        )

    def close(self) -> None:
        """Close every connection and give up the lock."""
        self._engine.dispose()
        if self._photo_engine is not self._engine:
            self._photo_engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- working ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def read(self) -> Iterator[Reader]:
        """One consistent picture of the store, however long the block takes."""
        with self._engine.connect() as connection:
            if self.engine == POSTGRESQL:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield Reader(connection, self._codec)

    @contextlib.contextmanager
    def batch(self, office: UUID) -> Iterator[UnitOfWork]:
        """`write` for a part of what an office sent. On PostgreSQL batches of different offices
        are written beside one another and beside people's acts; two of one office never are.

        Raises also `RivalError`: then nothing was written, and the work is done again.
        """
        with collecting.later(), self._writes(office) as unit:
            yield unit

    @contextlib.contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """One commit: everything in the block, or nothing when it ends with an exception.

        The unit's `changes` say what was touched. Raises `ReadOnlyError`, `StoreFullError`,
        `PlaceTakenError`, `DamagedStoreError`.
        """
        with self._writes(None) as unit:
            yield unit

    @contextlib.contextmanager
    def _writes(self, office: UUID | None) -> Iterator[UnitOfWork]:
        if self.read_only:
            raise ReadOnlyError
        if self._writer == threading.get_ident():
            # It would wait for itself for ever.
            raise DbError("One act was begun inside another; this is a fault of the program.")
        with self._writing, self._noting_writer():
            with self._transaction(office) as unit:
                yield unit
            for then in unit.once_committed:
                then()

    @contextlib.contextmanager
    def _transaction(self, office: UUID | None) -> Iterator[UnitOfWork]:
        with (
            self._engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin(),
        ):
            blocks = None
            if self.engine == POSTGRESQL:
                blocks = Blocks(self._engine)
                # Programs on other machines may share the database. One act of people at a time,
                # and one batch of an office.
                if office is None:
                    connection.execute(_GUARD)
                else:
                    connection.execute(_CLAIM, {"series": f"import/{office}", "value": 1})
            unit = UnitOfWork(connection, self._codec, blocks=blocks)
            try:
                yield unit
                unit.flush()
            except IntegrityError as error:
                if "entries" in str(error.orig):
                    raise PlaceTakenError from error
                if office is not None and blocks is not None:
                    # Somebody else wrote about the same record first: then it is looked at again.
                    raise RivalError from error
                raise
            finally:
                unit.close()

    @contextlib.contextmanager
    def _noting_writer(self) -> Iterator[None]:
        self._writer = threading.get_ident()
        try:
            yield
        finally:
            self._writer = None

    @property
    def engine(self) -> str:
        """``sqlite`` (SQLCipher or a benchmark's plain twin) or ``postgresql``."""
        return self._engine.dialect.name

    # -- care ---------------------------------------------------------------------------------

    def integrity(self) -> list[str]:
        """What the engine's own checks find wrong, as sentences; empty when all is sound.

        Reads every page of both files. On PostgreSQL the server checks its pages itself, and
        every body and photo is checked as it is opened.
        """
        if self._data_key is None or self.engine == POSTGRESQL:
            return []
        folder = self._require_folder()
        return [
            *cipher_problems(folder / MAIN, self._data_key),
            *cipher_problems(folder / PHOTOS, derived(self._data_key, "photo-file")),
        ]

    def backup(self, to: Path, *, at: datetime) -> BackupInfo:
        """Write everything into one encrypted file, while others go on reading and writing.

        Needs about twice the size of the store on the disk of `to`. Raises `StoreFullError`,
        `StoreExistsError` when `to` is there already. Restoring is `db.backup.restore`.
        """
        folder, data_key = self._require_folder(), self._data_key
        if data_key is None:
            raise NoStoreError("A store without a key has no backup.")
        if to.exists():
            raise StoreExistsError("There is already a file of that name. Choose another name.")
        self._require_room(to.parent, folder)
        workplace = to.with_name(f".{to.name}.parts")
        shutil.rmtree(workplace, ignore_errors=True)
        workplace.mkdir(mode=0o700)
        try:
            with self.photos.dropping:
                entries = self._copy_into(workplace, data_key)
            parts = {name: folder / name for name in FILES if (folder / name).exists()}
            parts |= {name: workplace / name for name in (CARD, MAIN, PHOTOS)}
            return pack(
                to, {name: parts[name] for name in FILES if name in parts}, at=at, entries=entries
            )
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreFullError(
                    "The disk is full, so no backup was made. Choose another disk for it."
                ) from None
            raise
        finally:
            shutil.rmtree(workplace, ignore_errors=True)

    def move_into(self, target: Store) -> None:
        """Copy everything into another, empty store: from a file to PostgreSQL, or back."""
        with self.photos.dropping:
            copy_photos(self.photos, target.photos)
            with (
                self.read() as reader,
                target._engine.connect().execution_options(**{WRITES: True}) as connection,
            ):
                copy_rows(reader.connection, self._codec, connection, target._codec)
                connection.commit()
            # Photos that were put meanwhile and are named by entries of this picture.
            copy_photos(self.photos, target.photos)

    def move_photos(self, to: str) -> int:
        """Put the photographs of a store on PostgreSQL into a folder or object store, and look for
        them there from now on; returns how many. Raises `PhotoPlaceError`.

        Killed before its end it has changed nothing that counts: it can be begun again. What lay
        in the former place stays until it is thrown away there by hand.
        """
        folder, data_key = self._require_folder(), self._data_key
        card = StoreCard.read(folder)
        if data_key is None or card.engine != POSTGRESQL or self.read_only:
            raise PhotoPlaceError("Only a registry on PostgreSQL keeps photographs elsewhere.")
        target = PhotoStore(ObjectShelf(to), self._codec, read_only=False)
        with self.photos.dropping:
            copy_photos(self.photos, target)
            moved = StoreCard.of(data_key, engine=POSTGRESQL, url=card.url, photos=place(to))
            moved.write(folder)
            self.photos = target
        return target.count()

    def _copy_into(self, workplace: Path, data_key: Secret) -> int:
        """Encrypted copies of both files in `workplace`; returns the count of entries."""
        if self.engine == POSTGRESQL:
            with Store.create(workplace, data_key) as copy:
                self.move_into(copy)
        else:
            folder = self._require_folder()
            # Entries first: a photo that comes while they are copied is one too many, not one
            # too few.
            copy_cipher(folder / MAIN, data_key, workplace / MAIN)
            copy_cipher(folder / PHOTOS, derived(data_key, "photo-file"), workplace / PHOTOS)
            StoreCard.of(data_key, engine=SQLCIPHER).write(workplace)
        with Store.open(workplace, data_key, read_only=True) as copy, copy.read() as reader:
            return reader.count_entries()

    def free_space(self) -> Space:
        """Room left on the disk of the folder."""
        return space(self._require_folder())

    def reserve_space(self) -> bool:
        """Lay down the reserve that keeps exporting possible; False when there is no room."""
        return Ballast(self._require_folder()).reserve()

    def release_space(self) -> bool:
        """Give the reserve up, before an export on a full disk; False when there was none."""
        return Ballast(self._require_folder()).release()

    def _require_room(self, target: Path, folder: Path) -> None:
        """Raise `StoreFullError` when a backup of this size cannot fit beside its parts."""
        size = sum((folder / name).stat().st_size for name in FILES if (folder / name).exists())
        if space(target).free < 2 * size:
            raise StoreFullError(
                "There is not enough room on that disk for a backup. Choose another disk for it."
            )

    def _require_folder(self) -> Path:
        if self._folder is None:
            raise NoStoreError("This store lies in no folder.")
        return self._folder

    @classmethod
    def _cipher(cls, opening: _Opening, data_key: Secret) -> Self:
        read_only, folder = opening.read_only, opening.folder
        engine = opening.owns(cipher_engine(folder / MAIN, data_key, read_only=read_only))
        photo_key = derived(data_key, "photo-file")
        photo_engine = opening.owns(cipher_engine(folder / PHOTOS, photo_key, read_only=read_only))
        codec = Clear()
        return cls(
            engine,
            PhotoStore(TableShelf(photo_engine), codec, read_only=read_only),
            codec,
            folder=folder,
            read_only=read_only,
            lock=opening.lock,
            photo_engine=photo_engine,
            data_key=data_key,
        )

    @classmethod
    def _sealed(cls, opening: _Opening, target: URL, data_key: Secret, photos: str) -> Self:
        shelf = ObjectShelf(photos) if photos else None
        engine = opening.owns(postgres_engine(target, read_only=opening.read_only))
        codec = Sealed(data_key)
        return cls(
            engine,
            PhotoStore(shelf or TableShelf(engine), codec, read_only=opening.read_only),
            codec,
            folder=opening.folder,
            read_only=opening.read_only,
            lock=opening.lock,
            photo_engine=engine,
            data_key=data_key,
        )


class _Opening:
    """A store on its way to being open: what has to be given back if it does not get there."""

    def __init__(self, folder: Path, *, read_only: bool) -> None:
        self.folder = folder
        self.read_only = read_only
        self.lock: WriterLock | None = None
        self._engines: list[Engine] = []

    def owns(self, engine: Engine) -> Engine:
        """Remember an engine, to close it on failure."""
        self._engines.append(engine)
        return engine

    def give_up(self) -> None:
        """Close and unlock everything."""
        for engine in self._engines:
            engine.dispose()
        if self.lock is not None:
            self.lock.release()


@contextlib.contextmanager
def _opening(folder: Path, *, read_only: bool, locked: bool = True) -> Iterator[_Opening]:
    """The writer's lock, unless reading, or `locked` by whoever started this process; and nothing
    left open when opening fails."""
    opening = _Opening(folder, read_only=read_only)
    try:
        if not read_only and locked:
            folder.mkdir(parents=True, exist_ok=True)
            lock = WriterLock(folder)
            lock.acquire()
            opening.lock = lock
        yield opening
    except BaseException:
        opening.give_up()
        raise


_CLAIM = upsert(POSTGRESQL, CounterRow)
_GUARD = text("SELECT version_num FROM alembic_version FOR UPDATE")
