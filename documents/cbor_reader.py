"""A reader of other makers' CBOR (RFC 8949): tolerant of form, strict about meaning.

`values.cbor` reads what we write. A checkpoint also meets credentials that others wrote, with
indefinite lengths, floats and tags. Those are accepted here; what could make two readers see
two different things is not: duplicate keys, trailing bytes, more depth or items than a
credential has. It never allocates more than it was given.
"""

import struct
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 16
MAX_ITEMS = 4096  # 8 kB of input could not hold more that mean something


class CborReadError(ValueError):
    """The bytes are not one acceptable CBOR item. Verification turns it into a verdict."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tagged item, RFC 8949 section 3.4."""

    tag: int
    value: Any


class _Break:
    """The stop code of an indefinite-length item."""


_BREAK = _Break()


def read(data: bytes) -> Any:
    """Return the one item in `data`.

    Raises:
        CborReadError: malformed, truncated, trailing bytes, duplicate keys, over a limit.
    """
    reader = _Reader(data)
    value = reader.item(0)
    if reader.at != len(data):
        raise CborReadError("bytes after the item")
    return value


class _Reader:
    __slots__ = ("at", "count", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.count = 0

    def item(self, depth: int, *, breakable: bool = False) -> Any:
        if depth > MAX_DEPTH:
            raise CborReadError("nested too deeply")
        self.count += 1
        if self.count > MAX_ITEMS:
            raise CborReadError("too many items")
        head = self.take(1)[0]
        major, info = head >> 5, head & 31
        if head == 0xFF:
            if breakable:
                return _BREAK
            raise CborReadError("a stop code without a beginning")
        if major == 7:
            return self.simple(info)
        argument = None if info == 31 else self.argument(info)
        if major == 0 and argument is not None:
            return argument
        if major == 1 and argument is not None:
            return -1 - argument
        if major in {2, 3}:
            return self.string(major, argument, depth)
        if major == 4:
            return self.array(argument, depth)
        if major == 5:
            return self.map(argument, depth)
        if major == 6 and argument is not None:
            return Tagged(argument, self.item(depth + 1))
        raise CborReadError("an item that RFC 8949 does not know")

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise CborReadError("the bytes end too early")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def argument(self, info: int) -> int:
        if info < 24:
            return info
        if info > 27:
            raise CborReadError("a reserved length")
        return int.from_bytes(self.take(1 << (info - 24)), "big")

    def simple(self, info: int) -> Any:
        if info == 20:
            return False
        if info == 21:
            return True
        if info in {22, 23}:
            return None
        if info in {25, 26, 27}:
            size, form = {25: (2, ">e"), 26: (4, ">f"), 27: (8, ">d")}[info]
            return struct.unpack(form, self.take(size))[0]
        raise CborReadError("a simple value without meaning")

    def string(self, major: int, size: int | None, depth: int) -> bytes | str:
        if size is not None:
            raw = self.take(size)
        else:
            pieces = []
            while not isinstance(piece := self.item(depth + 1, breakable=True), _Break):
                if not isinstance(piece, bytes if major == 2 else str):
                    raise CborReadError("a string put together from something else")
                pieces.append(piece if isinstance(piece, bytes) else piece.encode())
            raw = b"".join(pieces)
        if major == 2:
            return raw
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise CborReadError("text that is not UTF-8") from None

    def array(self, size: int | None, depth: int) -> list[Any]:
        if size is not None:
            if size > MAX_ITEMS:
                raise CborReadError("too many items")
            return [self.item(depth + 1) for _ in range(size)]
        items = []
        while not isinstance(item := self.item(depth + 1, breakable=True), _Break):
            items.append(item)
        return items

    def map(self, size: int | None, depth: int) -> dict[Any, Any]:
        pairs: dict[Any, Any] = {}
        if size is not None and size > MAX_ITEMS:
            raise CborReadError("too many items")
        while size is None or len(pairs) < size:
            key = self.item(depth + 1, breakable=size is None)
            if isinstance(key, _Break):
                break
            # bool is an int in Python: 1 and true would collide, and no credential has either.
            if isinstance(key, bool) or not isinstance(key, int | str | bytes):
                raise CborReadError("a key that is neither a number nor a string")
            if key in pairs:
                raise CborReadError("a key twice")
            pairs[key] = self.item(depth + 1)
        return pairs
