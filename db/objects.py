"""Photos in a folder, or in an object store that speaks S3's protocol.

An object is named by the stored name in hexadecimal, below its first two digits: `ab/abcd…`. The
library obstore speaks to every kind of place; it finds credentials where each keeps them (for S3 in
`AWS_ACCESS_KEY_ID` and the like), and none is ever written down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from db.errors import PhotoPlaceError
from db.files import sync_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from obstore.store import ObjectStore

Answer = TypeVar("Answer")

SCHEMES = frozenset({"file", "s3", "s3a", "memory"})
"""A folder, S3 and what speaks its protocol (`AWS_ENDPOINT_URL`), and memory, for trying out."""


def place(url: str) -> str:
    """The address of a place for photos, as it may be written down. Raises `PhotoPlaceError`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise PhotoPlaceError from None
    fits = parts.scheme in SCHEMES and (parts.netloc or parts.path.strip("/"))
    if not fits or parts.password or parts.username or parts.query or parts.fragment:
        raise PhotoPlaceError
    return url.rstrip("/")


def folder_url(folder: Path) -> str:
    """The address of a folder."""
    return folder.resolve().as_uri()


class ObjectShelf:
    """Photos as objects. See `db.photos.Shelf`."""

    def __init__(self, url: str) -> None:
        """Raises `PhotoPlaceError` when the address names no place, or the library is missing."""
        self._url = place(url)
        self._store = _opened(self._url)

    def put(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        """See `Shelf`. Objects are whole or not there."""
        import obstore

        for name, data in rows:
            path = _path(name)
            if self._head(path) is None:
                _asked(lambda at=path, what=data: obstore.put(self._store, at, what))  # type: ignore[misc]  # bound now
                self._flush(path)

    def get(self, name: bytes) -> bytes | None:
        """See `Shelf`."""
        import obstore

        try:
            return _asked(lambda: bytes(obstore.get(self._store, _path(name)).bytes()))
        except FileNotFoundError:
            return None

    def several(self, names: Sequence[bytes]) -> dict[bytes, bytes]:
        """See `Shelf`; one after the other."""
        found = ((name, self.get(name)) for name in names)
        return {name: data for name, data in found if data is not None}

    def size(self, name: bytes) -> int:
        """See `Shelf`."""
        return self._head(_path(name)) or 0

    def known(self, names: Sequence[bytes]) -> set[bytes]:
        """See `Shelf`."""
        return {name for name in names if self._head(_path(name)) is not None}

    def drop(self, names: Sequence[bytes]) -> int:
        """See `Shelf`."""
        import obstore

        there = [_path(name) for name in names if self._head(_path(name)) is not None]
        for path in there:
            _asked(lambda at=path: obstore.delete(self._store, at))  # type: ignore[misc]  # bound now
        return len(there)

    def count(self) -> int:
        """See `Shelf`; goes through all names."""
        return sum(1 for _ in self.names())

    def names(self) -> Iterator[bytes]:
        """See `Shelf`; no more than a 256th of them lies in memory."""
        import obstore

        for first in range(256):
            prefix = f"{first:02x}"
            found: list[str] = _asked(
                lambda at=prefix: [  # type: ignore[misc]  # bound now
                    one["path"] for part in obstore.list(self._store, prefix=at) for one in part
                ]
            )
            for path in sorted(found):
                name = path.rsplit("/", 1)[-1]
                if len(name) == 64 and path == f"{name[:2]}/{name}":
                    yield bytes.fromhex(name)

    def _head(self, path: str) -> int | None:
        import obstore

        try:
            return _asked(lambda: int(obstore.head(self._store, path)["size"]))
        except FileNotFoundError:
            return None

    def _flush(self, path: str) -> None:
        """An object store keeps what it has taken; a folder's file is flushed by us."""
        parts = urlsplit(self._url)
        if parts.scheme == "file":
            from pathlib import Path
            from urllib.request import url2pathname

            sync_file(Path(url2pathname(parts.path)) / path)


def _opened(url: str) -> ObjectStore:
    try:
        from obstore.store import from_url
    except ImportError:
        raise PhotoPlaceError(
            "The program lacks the library obstore. Install Waystation with its extra 'registry'."
        ) from None
    options: dict[str, Any] = {"mkdir": True} if url.startswith("file:") else {}
    return _asked(lambda: from_url(url, **options))


def _path(name: bytes) -> str:
    return f"{name.hex()[:2]}/{name.hex()}"


def _asked(ask: Callable[[], Answer]) -> Answer:
    """What the library answers; its errors become ours, without the address of anything."""
    from obstore.exceptions import BaseError

    try:
        return ask()
    except FileNotFoundError:
        raise
    except (BaseError, OSError, ValueError):
        raise PhotoPlaceError(
            "The place of the photographs cannot be reached or written. Check it, and the rights "
            "of this account there; then try again."
        ) from None
