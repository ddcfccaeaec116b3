"""Reading fields out of decoded CBOR: the right type or a :class:`FormatError`.

A map with integer keys comes in, typed values come out; nothing half-checked goes further.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sync import limits
from sync.errors import FormatError
from values import cbor


def malformed(detail: str) -> FormatError:
    """The bytes do not follow the format."""
    return FormatError(
        "malformed",
        "This is damaged, or not from Waystation. Ask the sender to write it again.",
        detail=detail,
    )


def newer(detail: str) -> FormatError:
    """The bytes are of a later version than this program reads."""
    return FormatError(
        "version",
        "This was written by a newer Waystation. Update this program, then try again.",
        detail=detail,
    )


def over(what: str) -> FormatError:
    """The bytes claim more than the format allows."""
    return FormatError(
        "limit",
        "This is larger than anything Waystation writes, so it was not opened. "
        "Ask the sender to write it again.",
        detail=f"{what} over the limit",
    )


class Reader:
    """The fields of one decoded map."""

    def __init__(self, values: dict[Any, Any]) -> None:
        self._values = values

    @classmethod
    def over(
        cls,
        data: bytes,
        *,
        version: int,
        max_depth: int = limits.MAX_MANIFEST_DEPTH,
        max_items: int = limits.MAX_MANIFEST_ITEMS,
    ) -> Reader:
        """Decode a versioned map: field 0 is the major version, refused when it is another."""
        try:
            value = cbor.decode(data, max_depth=max_depth, max_items=max_items)
        except cbor.CborError as error:
            raise malformed(f"cbor: {error}") from error
        reader = cls(as_map(value))
        found = reader.natural(0)
        if found > version:
            raise newer(f"version {found}")
        if found != version:
            raise malformed(f"version {found}")
        return reader

    def get(self, key: int) -> object:
        """The field, None when it is null or not there."""
        return self._values.get(key)

    def uuid(self, key: int) -> UUID:
        return as_uuid(self.get(key))

    def text(self, key: int) -> str:
        return as_text(self.get(key))

    def bytes(self, key: int, *, length: int | None = None) -> bytes:
        return as_bytes(self.get(key), length=length)

    def natural(self, key: int, *, least: int = 0) -> int:
        return as_natural(self.get(key), least=least)

    def list(self, key: int, *, most: int) -> list[Any]:
        value = self.get(key)
        if not isinstance(value, list):
            raise malformed(f"field {key} is not a list")
        if len(value) > most:
            raise over(f"field {key}")
        return value

    def rest(self, known: Collection[int]) -> dict[Any, Any]:
        """Fields that this version does not know, to be written again untouched."""
        return {key: value for key, value in self._values.items() if key not in known}


def as_map(value: object) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise malformed("not a map")
    return value


def as_list(value: object, *, length: int) -> list[Any]:
    """A list of exactly ``length``: later versions add fields to maps, never to short lists."""
    if not isinstance(value, list) or len(value) != length:
        raise malformed(f"not a list of {length}")
    return value


def as_bytes(value: object, *, length: int | None = None) -> bytes:
    if not isinstance(value, bytes) or (length is not None and len(value) != length):
        raise malformed("not bytes of the right length")
    return value


def as_text(value: object) -> str:
    if not isinstance(value, str):
        raise malformed("not text")
    return value


def as_natural(value: object, *, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise malformed(f"not a whole number from {least}")
    return value


def as_uuid(value: object) -> UUID:
    return UUID(bytes=as_bytes(value, length=16))
