"""Deterministic CBOR: the one encoding of every byte that is hashed or signed here.

Writing follows the core deterministic encoding of RFC 8949, 4.2.1: shortest integers and
floats, definite lengths, map keys in the bytewise order of their encodings. Reading accepts one
item of the plain data model and nothing else; a tag is refused unless the caller names it, and
no tag ever becomes a Python object other than :class:`Tag`. (General CBOR libraries turn tags
into dates, regular expressions and shared references, and order keys by length first; for bytes
from strangers this small reader is easier to reason about.) See ``docs/formats/cbor.md``.
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cbor2

MAX_DEPTH = 16
"""Arrays, maps and tags inside one another; no format of ours comes near it."""
MAX_ITEMS = 100_000
"""Items in one value: what bytes from a stranger may make us build, far above what we write."""

_DEEPEST = 200  # whatever a caller asks for, so that Python's own stack is never the limit

_UINT, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_CANONICAL_NAN = b"\xf9\x7e\x00"


class CborError(ValueError):
    """Bytes are not the CBOR we read, or a value is not one we write. The reading room turns it
    into its own error with a sentence for people."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tagged item (RFC 8949, 3.4), such as the 18 of a COSE_Sign1."""

    number: int
    value: Any


def encode(value: object) -> bytes:
    """The deterministic encoding of ``value``.

    Takes ``None``, ``bool``, ``int`` (64 bits either way), ``float``, ``bytes``, ``str``, lists
    and tuples, dicts with keys of ``int``, ``str`` or ``bytes``, and :class:`Tag`. Anything else,
    a ``datetime`` above all, raises :class:`CborError`: say in the format how it is written.
    """
    out = bytearray()
    _write(out, value, 0)
    return bytes(out)


def decode(
    data: bytes,
    *,
    max_depth: int = MAX_DEPTH,
    max_items: int = MAX_ITEMS,
    tags: Collection[int] = (),
) -> Any:
    """The one item that ``data`` holds.

    Raises :class:`CborError`, and nothing else, for: no item or bytes after it; an indefinite
    length; duplicate keys; keys other than ``int``, ``str`` or ``bytes``; text that is not UTF-8;
    simple values other than false, true and null; a tag not named in ``tags``; more than
    ``max_items`` items or ``max_depth`` levels. Integers and floats need not be the shortest
    form, and map keys need not be sorted: where that matters, compare with :func:`encode`.
    """
    if not tags and type(data) is bytes and len(data) <= max_items and max_depth >= MAX_DEPTH:
        value = _usual(data)
        if value is not _UNUSUAL:
            return value
    reader = _Reader(data, max_depth=max_depth, max_items=max_items, tags=tags)
    value = reader.item(0)
    if reader.at != len(reader.data):
        raise CborError(f"{len(reader.data) - reader.at} bytes follow the item")
    return value


def _usual(data: bytes) -> Any:
    """The value of bytes that are one item of plain types, read by C code; else `_UNUSUAL`, and
    :class:`_Reader` reads them or says what is wrong.

    No tag becomes anything: those that the library knows are refused before it looks at them, and
    others are of no plain type. That the bytes are one item, and no more and no less, is seen by
    what follows them, which nobody outside knows.
    """
    try:
        value, end = cbor2.loads(
            _PAIR + data + _END,
            max_depth=MAX_DEPTH + 1,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_NO_TAGS,
        )
        if end == _TOKEN and type(end) is bytes and _plain(value):
            return value
    except (cbor2.CBORDecodeError, ValueError, OverflowError, TypeError):
        pass
    return _UNUSUAL


def _plain(value: Any) -> bool:
    kind = type(value)
    if kind is dict:
        if not _KEYS.issuperset(map(type, value)):
            return False
        value = value.values()
    elif kind is not list:
        return kind in _SCALARS
    # Most hold scalars alone, which C code finds out by itself.
    if _SCALARS.issuperset(map(type, value)):
        return True
    for item in value:  # noqa: SIM110 - a generator costs as much as the work
        if type(item) not in _SCALARS and not _plain(item):
            return False
    return True


def _refuse(*_: Any) -> Any:
    raise ValueError("a tag")


_UNUSUAL = object()
_TOKEN = os.urandom(16)
_PAIR, _END = b"\x82", b"\x50" + _TOKEN
_KEYS = frozenset({int, str, bytes})
_SCALARS = frozenset({int, str, bytes, bool, float, type(None)})
_KNOWN_TAGS = (*range(6), *range(20, 40), 43000, 100, 256, 258, 260, 261, 1004, 55799)
_NO_TAGS = dict.fromkeys(_KNOWN_TAGS, _refuse)


def decode_own(data: bytes) -> Any:
    """The item that this program wrote into its own authenticated store, six times as fast.

    For views and other derived rows alone: SQLCipher has authenticated the page, and
    :func:`encode` wrote it. Whatever came from outside is read by :func:`decode`, which refuses
    what a stranger could hide. Raises :class:`CborError`.
    """
    try:
        return cbor2.loads(
            data, max_depth=MAX_DEPTH, allow_indefinite=False, allow_duplicate_keys=False
        )
    except (cbor2.CBORDecodeError, ValueError, OverflowError) as error:
        raise CborError("a stored value cannot be read") from error


def encode_own(value: object) -> bytes:
    """A value for this program's own store, six times as fast as :func:`encode`: maps stay in
    their order, and floats are long.

    For views and other derived rows alone, never for what is hashed or signed; it takes values
    that :func:`encode` would refuse. :func:`decode_own` reads it. Raises :class:`CborError`.
    """
    try:
        return cbor2.dumps(value)
    except (cbor2.CBOREncodeError, ValueError, OverflowError, RecursionError) as error:
        raise CborError("a value cannot be kept") from error


def decode_sequence(
    data: bytes,
    *,
    max_depth: int = MAX_DEPTH,
    max_items: int = MAX_ITEMS,
    tags: Collection[int] = (),
) -> Iterator[Any]:
    """The items of a CBOR sequence (RFC 8742), one after the other.

    ``max_items`` bounds each item, not the sequence: limit the sequence by its bytes. Raises
    :class:`CborError` when it reaches a bad item; those before it have been given by then.
    """
    reader = _Reader(data, max_depth=max_depth, max_items=max_items, tags=tags)
    while reader.at < len(reader.data):
        reader.left = max_items
        yield reader.item(0)


@lru_cache(maxsize=4096)
def bytes_head(size: int) -> bytes:
    """The head of a byte string of ``size`` bytes (RFC 8949, 3.1), for whoever joins large ones."""
    return _head(_BYTES, size)


def _head(major: int, argument: int) -> bytes:
    kind = major << 5
    if argument < 24:
        return bytes((kind | argument,))
    if argument < 1 << 8:
        return bytes((kind | 24, argument))
    if argument < 1 << 16:
        return struct.pack(">BH", kind | 25, argument)
    if argument < 1 << 32:
        return struct.pack(">BI", kind | 26, argument)
    return struct.pack(">BQ", kind | 27, argument)


def _integer(value: int) -> bytes:
    if 0 <= value < 1 << 64:
        return _head(_UINT, value)
    if -(1 << 64) <= value < 0:
        return _head(_NEGATIVE, -1 - value)
    raise CborError("an integer needs more than 64 bits")


def _float(value: float) -> bytes:
    """The shortest of half, single and double that keeps the value (RFC 8949, 4.2.1)."""
    if math.isnan(value):
        return _CANONICAL_NAN
    for code, initial in (("e", 0xF9), ("f", 0xFA)):
        try:
            packed = struct.pack(f">{code}", value)
        except OverflowError:
            continue
        if struct.unpack(f">{code}", packed)[0] == value:
            return bytes((initial,)) + packed
    return b"\xfb" + struct.pack(">d", value)


def _text(value: str) -> bytes:
    try:
        raw = value.encode()
    except UnicodeEncodeError as error:
        raise CborError("a text holds half a character (a lone surrogate)") from error
    return _head(_TEXT, len(raw)) + raw


def _key(key: object) -> bytes:
    if isinstance(key, str):
        return _text(key)
    if isinstance(key, bytes):
        return _head(_BYTES, len(key)) + key
    if isinstance(key, int) and not isinstance(key, bool):
        return _integer(key)
    raise CborError(f"a map key is of type {type(key).__name__}")


def _write(out: bytearray, value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise CborError(f"the value is nested more than {MAX_DEPTH} deep")
    if value is None:
        out.append(0xF6)
    elif value is True:
        out.append(0xF5)
    elif value is False:
        out.append(0xF4)
    elif isinstance(value, str):
        out += _text(value)
    elif isinstance(value, bytes):
        out += _head(_BYTES, len(value))
        out += value
    elif isinstance(value, int):
        out += _integer(value)
    elif isinstance(value, dict):
        out += _head(_MAP, len(value))
        for key, item in sorted((_key(key), item) for key, item in value.items()):
            out += key
            _write(out, item, depth + 1)
    elif isinstance(value, list | tuple):
        out += _head(_ARRAY, len(value))
        for item in value:
            _write(out, item, depth + 1)
    elif isinstance(value, float):
        out += _float(value)
    elif isinstance(value, Tag):
        if value.number < 0:
            raise CborError("a tag number is negative")
        out += _head(_TAG, value.number)
        _write(out, value.value, depth + 1)
    else:
        raise CborError(f"a value is of type {type(value).__name__}")


class _Reader:
    """A position in bytes, with what is left of the allowance of items."""

    __slots__ = ("at", "data", "left", "max_depth", "tags")

    def __init__(
        self, data: bytes, *, max_depth: int, max_items: int, tags: Collection[int]
    ) -> None:
        if not isinstance(data, bytes | bytearray | memoryview):
            raise CborError(f"bytes are needed, not {type(data).__name__}")
        self.data = bytes(data)
        self.at = 0
        self.left = max_items
        self.max_depth = min(max_depth, _DEEPEST)
        self.tags = frozenset(tags)

    def item(self, depth: int) -> Any:
        if depth > self.max_depth:
            raise CborError(f"the data is nested more than {self.max_depth} deep")
        self.left -= 1
        if self.left < 0:
            raise CborError("the data holds too many items")
        if self.at >= len(self.data):
            raise CborError("the data ends in the middle of an item")
        initial = self.data[self.at]
        self.at += 1
        major, info = initial >> 5, initial & 31
        if major == _SIMPLE:
            return self._simple(info)
        argument = info if info < 24 else self._argument(info)
        if major == _UINT:
            return argument
        if major == _TEXT:
            try:
                return self._take(argument).decode()
            except UnicodeDecodeError as error:
                raise CborError("a text is not UTF-8") from error
        if major == _BYTES:
            return self._take(argument)
        if major == _ARRAY:
            self._room_for(argument)
            return [self.item(depth + 1) for _ in range(argument)]
        if major == _MAP:
            self._room_for(argument * 2)
            return self._map(argument, depth + 1)
        if major == _NEGATIVE:
            return -1 - argument
        if argument not in self.tags:
            raise CborError(f"tag {argument} is not expected here")
        return Tag(argument, self.item(depth + 1))

    def _map(self, length: int, depth: int) -> dict[int | str | bytes, Any]:
        result: dict[int | str | bytes, Any] = {}
        for _ in range(length):
            key = self.item(depth)
            if type(key) not in (int, str, bytes):
                raise CborError(f"a map key is of type {type(key).__name__}")
            if key in result:
                raise CborError("a map has a duplicate key")
            result[key] = self.item(depth)
        return result

    def _argument(self, info: int) -> int:
        if info > 27:
            raise CborError("an item has an indefinite or reserved length")
        return int.from_bytes(self._take(1 << (info - 24)), "big")

    def _simple(self, info: int) -> bool | float | None:
        if info == 20:
            return False
        if info == 21:
            return True
        if info == 22:
            return None
        if info in (25, 26, 27):
            raw = self._take(1 << (info - 24))
            value: float = struct.unpack({25: ">e", 26: ">f", 27: ">d"}[info], raw)[0]
            return value
        raise CborError("a simple value other than false, true or null")

    def _room_for(self, items: int) -> None:
        """Refuse a length that the bytes or the allowance cannot hold, before looping over it."""
        if items > self.left or items > len(self.data) - self.at:
            raise CborError("a container is longer than the data or the limit")

    def _take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.data):
            raise CborError("the data ends in the middle of an item")
        raw = self.data[self.at : end]
        self.at = end
        return raw
