"""Typed reading of decoded CBOR maps and lists.

One small parser for every format of this room: each method returns a value of exactly
the promised type or raises the error class it was given, naming the field but never
showing its contents (contents may be a person's).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.errors import LedgerError
from ledger.instants import from_milliseconds, from_seconds
from values import cbor

HASH_BYTES = 32
"""SHA-256, everywhere."""
EPOCH_BYTES = 8
"""An epoch of a chain: random, so that a restored store cannot meet its former self."""
MAX_TEXT = 512
"""Characters in a name, code or reason inside signed structures: a line, not a letter."""


class MapReader:
    """Reads fields of one decoded CBOR map.

    Args:
        value: what the decoder gave; anything but a map is refused.
        what: the noun for sentences ('certificate', 'entry header').
        error: the class to raise.
    """

    def __init__(self, value: object, *, what: str, error: type[LedgerError]) -> None:
        self._what = what
        self._error = error
        if not isinstance(value, dict):
            raise self.wrong("form", "is not a map")
        for key in value:
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise self.wrong("form", "has a key that is neither a number nor a text")
        self._map: dict[int | str, Any] = value

    def wrong(self, code: str, detail: str) -> LedgerError:
        """An error of this reader's class, for the caller to raise."""
        return self._error(
            code,
            f"This {self._what} cannot be used: it {detail}. Ask for it to be made again.",
        )

    def version(self, known: int) -> int:
        """Field 0, the major version.

        Raises: the error class with code ``version`` when it is newer than ``known``.
        """
        found = self.uint(0)
        if found != known:
            raise self._error(
                "version",
                f"This {self._what} has format version {found}; this program reads version "
                f"{known}. Update Waystation here, then read it again.",
            )
        return found

    def _take(self, key: int) -> Any:
        if key not in self._map:
            raise self.wrong("missing", f"lacks field {key}")
        return self._map[key]

    def has(self, key: int) -> bool:
        """True when the field is there and not null."""
        return self._map.get(key) is not None

    def uint(self, key: int, *, maximum: int = 2**63 - 1) -> int:
        return self._uint(self._take(key), key, maximum)

    def _uint(self, value: object, key: int, maximum: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= maximum:
            raise self.wrong("form", f"has no whole number within bounds in field {key}")
        return value

    def sint(self, key: int) -> int:
        """A signed 64-bit integer."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
            raise self.wrong("form", f"has no whole number within bounds in field {key}")
        return value

    def optional_sint(self, key: int) -> int | None:
        return self.sint(key) if self.has(key) else None

    def seconds(self, key: int) -> datetime:
        """A moment written as whole seconds since 1970."""
        return self._moment(from_seconds, key)

    def milliseconds(self, key: int) -> datetime:
        """A moment written as whole milliseconds since 1970."""
        return self._moment(from_milliseconds, key)

    def _moment(self, convert: Callable[[int], datetime], key: int) -> datetime:
        try:
            return convert(self.sint(key))
        except OverflowError as fault:
            raise self.wrong("form", f"has no possible time in field {key}") from fault

    def flag(self, key: int) -> bool:
        value = self._take(key)
        if not isinstance(value, bool):
            raise self.wrong("form", f"has no true or false in field {key}")
        return value

    def octets(self, key: int, *, size: int | None = None, maximum: int | None = None) -> bytes:
        return self._octets(self._take(key), key, size, maximum)

    def _octets(self, value: object, key: int, size: int | None, maximum: int | None) -> bytes:
        if not isinstance(value, bytes):
            raise self.wrong("form", f"has no byte string in field {key}")
        if size is not None and len(value) != size:
            raise self.wrong("form", f"has {len(value)} bytes instead of {size} in field {key}")
        if maximum is not None and len(value) > maximum:
            raise self.wrong("size", f"has more than {maximum} bytes in field {key}")
        return value

    def optional_octets(self, key: int, *, size: int | None = None) -> bytes | None:
        return self.octets(key, size=size) if self.has(key) else None

    def text(self, key: int, *, maximum: int = MAX_TEXT) -> str:
        return self._text(self._take(key), key, maximum)

    def _text(self, value: object, key: int, maximum: int) -> str:
        if not isinstance(value, str) or not value:
            raise self.wrong("form", f"has no text in field {key}")
        if len(value) > maximum:
            raise self.wrong("size", f"has more than {maximum} characters in field {key}")
        return value

    def optional_text(self, key: int, *, maximum: int = MAX_TEXT) -> str | None:
        return self.text(key, maximum=maximum) if self.has(key) else None

    def uuid(self, key: int) -> UUID:
        return UUID(bytes=self.octets(key, size=16))

    def items(self, key: int, *, maximum: int) -> list[Any]:
        value = self._take(key)
        if not isinstance(value, list | tuple):
            raise self.wrong("form", f"has no list in field {key}")
        if len(value) > maximum:
            raise self.wrong("size", f"has more than {maximum} items in field {key}")
        return list(value)

    def octets_list(self, key: int, *, size: int, maximum: int) -> tuple[bytes, ...]:
        return tuple(
            self._octets(item, key, size, None) for item in self.items(key, maximum=maximum)
        )

    def row(self, key: int, length: int) -> list[Any]:
        """A list of exactly ``length`` items."""
        value = self.items(key, maximum=length)
        if len(value) != length:
            raise self.wrong("form", f"has {len(value)} items instead of {length} in field {key}")
        return value

    def row_text(self, key: int, value: object, *, maximum: int = MAX_TEXT) -> str:
        """One item of a :meth:`row` as text; ``key`` is only for the sentence."""
        return self._text(value, key, maximum)

    def row_octets(self, key: int, value: object, *, size: int | None) -> bytes:
        return self._octets(value, key, size, None)

    def row_uuid(self, key: int, value: object) -> UUID:
        return UUID(bytes=self._octets(value, key, 16, None))

    def row_uint(self, key: int, value: object, *, maximum: int = 2**63 - 1) -> int:
        return self._uint(value, key, maximum)

    def submap(self, key: int) -> dict[Any, Any]:
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.wrong("form", f"has no map in field {key}")
        return value


def read_map(
    data: bytes, *, what: str, error: type[LedgerError], max_items: int = cbor.MAX_ITEMS
) -> MapReader:
    """Decode one CBOR map and hand back its reader.

    Raises: ``error`` with code ``cbor`` for bytes that are not one well-formed item.
    """
    try:
        value = cbor.decode(data, max_items=max_items)
    except cbor.CborError as fault:
        raise error(
            "cbor",
            f"This {what} is damaged or is something else. Ask for it to be made again.",
        ) from fault
    return MapReader(value, what=what, error=error)
