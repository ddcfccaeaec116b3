"""A PDF file that is written as its objects come, and keeps none of them.

Streams go out at once. Objects that are not streams wait for others and go into compressed object
streams (PDF 32000-1, 7.5.7): the many small ones of a structure tree take a tenth of the room that
way. What is kept of the file is where everything stands: seven bytes an object.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence
from typing import IO

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
"""The second line says that the file is binary."""
END_OF_STREAM = b"\r\nendstream"
"""Both characters: before one of them, data that ends in the other would seem a byte shorter."""
_ROW = struct.Struct(">BIH")  # kind, place, and place within: /W[1 4 2]
ROW = _ROW.size
"""Bytes of one object in the table of places."""
_PLAIN, _PACKED = 1, 2
_UNUSED = _ROW.pack(0, 0, 65535)  # 7.5.4: a number that is never used leads to the first
_IN_A_STREAM = 200  # objects: a reader inflates a whole stream to find one of them


class PdfFile:
    """The objects of one file, in the order in which they are put in; numbers begin with 1.

    `after` is the table of a file to which this one adds, of which `size` bytes are written; what
    was named there is put in here or is not used.
    """

    def __init__(self, out: IO[bytes], *, after: bytes = _UNUSED, size: int = 0) -> None:
        self._out = out
        self._at = size
        self._table = bytearray(after)
        self._waiting: list[tuple[int, bytes]] = []
        self._digest = hashlib.sha256(after)
        if not size:
            self._write(HEADER)

    @property
    def table(self) -> bytes:
        """Where every object stands, by number; whole after `flush`."""
        return bytes(self._table)

    @property
    def size(self) -> int:
        """How many bytes the file has."""
        return self._at

    @property
    def top(self) -> int:
        """The highest number that was given."""
        return len(self._table) // ROW - 1

    def reserve(self, count: int = 1) -> int:
        """The first of `count` numbers, for objects that come later."""
        first = self.top + 1
        self._table += _UNUSED * count
        return first

    def add(self, content: bytes | str) -> int:
        """Put in an object and return its number."""
        number = self.reserve()
        self.put(number, content.encode("ascii") if isinstance(content, str) else content)
        return number

    def stream(self, content: bytes, entries: str = "", *, packed: bool = True) -> int:
        """Put in a stream; `entries` are those of its dictionary besides length and filter."""
        return self.add(stream(content, entries, packed=packed))

    def put(self, number: int, content: bytes) -> None:
        """Put in the object of a number that was reserved."""
        if is_stream(content):
            self._row(number, _PLAIN, self._at, 0)
            self._write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
            return
        self._waiting.append((number, content))
        if len(self._waiting) == _IN_A_STREAM:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        holder = self.reserve()
        for place, (number, _) in enumerate(waiting):
            self._row(number, _PACKED, holder, place)
        self.put(holder, together(waiting))

    def close(self, root: int, info: int) -> None:
        """Write the table, and where it stands. The same objects give the same bytes."""
        self.flush()
        number = self.reserve()
        start = self._at
        self._row(number, _PLAIN, start, 0)
        name = self._digest.hexdigest()[:32].upper()
        entries = (
            f"/Type/XRef/W[1 4 2]/Size {number + 1}/Root {root} 0 R/Info {info} 0 R"
            f"/ID[<{name}><{name}>]"
        )
        table = stream(self.table, entries)
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, table))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _row(self, number: int, kind: int, place: int, within: int) -> None:
        _ROW.pack_into(self._table, number * ROW, kind, place, within)

    def _write(self, data: bytes) -> None:
        self._at += len(data)
        self._digest.update(data)
        self._out.write(data)


def together(objects: Sequence[tuple[int, bytes]]) -> bytes:
    """The object stream of some objects."""
    starts, size = [], 0
    for number, content in objects:
        starts.append(f"{number} {size}")
        size += len(content) + 1
    first = " ".join(starts).encode("ascii") + b"\n"
    content = first + b"\n".join(content for _, content in objects)
    return stream(content, f"/Type/ObjStm/N {len(objects)}/First {len(first)}")


def stream(content: bytes, entries: str = "", *, packed: bool = True) -> bytes:
    """A stream object; `entries` as for `PdfFile.stream`."""
    if packed:
        content = zlib.compress(content, 6)
        entries += "/Filter/FlateDecode"
    head = f"<<{entries}/Length {len(content)}>>\nstream\n".encode("ascii")
    return head + content + END_OF_STREAM


def is_stream(content: bytes) -> bool:
    """Whether an object is a stream."""
    return content.endswith(b"endstream")
