"""The objects of a PDF that we made: read, put together, and written compactly.

This is no reader of PDF at large. It reads what ReportLab writes and what `Objects.write` writes,
whose strings are hexadecimal and whose streams say their length; anything else is refused. Objects
that are not streams go into compressed object streams (PDF 32000-1, 7.5.7): the many small ones
of a structure tree take a tenth of the room that way.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.errors import RasterError

_REFERENCE = re.compile(rb"(\d+) 0 R\b")
_ROW = struct.Struct(">BIH")  # kind, place, and place within: /W[1 4 2]
_IN_A_STREAM = 200  # objects: a reader inflates a whole stream to find one of them
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line says that the file is binary


@dataclass(slots=True)
class Objects:
    """Objects by number, from 1, each as its bytes; the catalog and the information dictionary."""

    body: dict[int, bytes] = field(default_factory=dict)
    root: int = 0
    info: int = 0
    packed: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    """Object streams as they were read, by what they hold: what has not changed is not packed
    again when a long run of papers grows block by block."""

    def add(self, content: bytes | str) -> int:
        """Put in an object and return its number."""
        number = self.reserve()
        self.body[number] = content.encode("ascii") if isinstance(content, str) else content
        return number

    def reserve(self) -> int:
        """A number for an object whose bytes come later."""
        number = len(self.body) + 1
        self.body[number] = b"null"
        return number

    def stream(self, content: bytes, entries: str = "", *, packed: bool = True) -> int:
        """Put in a stream; `entries` are those of its dictionary besides length and filter."""
        return self.add(_stream(content, entries, packed=packed))

    def refers(self, number: int, key: bytes) -> int:
        """The object that `key` of the dictionary `number` refers to.

        Raises:
            RasterError: there is no such entry.
        """
        found = re.search(rb"/" + key + rb"\s+(\d+) 0 R\b", self.body[number])
        if found is None:
            raise _damaged()
        return int(found[1])

    def pages(self) -> list[int]:
        """The pages in order. The tree has one level."""
        kids = re.search(rb"/Kids\s*\[([^\]]*)\]", self.body[self.refers(self.root, b"Pages")])
        if kids is None:
            raise _damaged()
        return [int(one) for one in _REFERENCE.findall(kids[1])]

    def set_pages(self, numbers: Sequence[int]) -> None:
        """Let the document have these pages."""
        kids = " ".join(f"{number} 0 R" for number in numbers)
        tree = self.refers(self.root, b"Pages")
        self.body[tree] = f"<</Type/Pages/Count {len(numbers)}/Kids[{kids}]>>".encode("ascii")

    def take_in(self, other: Objects) -> int:
        """Put in the objects of another file; returns what was added to their numbers."""
        by = len(self.body)
        for number, content in other.body.items():
            self.body[number + by] = _moved(content, by)
        return by

    @classmethod
    def read(cls, data: bytes) -> Objects:
        """The objects of a file.

        Raises:
            RasterError: it is damaged, or not of our making.
        """
        try:
            at = int(data[data.rindex(b"startxref") + 9 :].split()[0])
            return _read_table(data, at) if data[at : at + 4] == b"xref" else _read_stream(data, at)
        except (ValueError, IndexError, KeyError, TypeError, zlib.error):
            raise _damaged() from None

    def write(self) -> bytes:
        """The file. The same objects give the same bytes."""
        out = [_HEADER]
        at = len(_HEADER)
        places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        small = [number for number, content in self.body.items() if not _is_stream(content)]
        number = len(self.body)
        blocks = [small[at : at + _IN_A_STREAM] for at in range(0, len(small), _IN_A_STREAM)]
        streams = {one: content for one, content in self.body.items() if _is_stream(content)}
        for block in blocks:
            number += 1
            starts, size = [], 0
            for place, one in enumerate(block):
                starts.append(f"{one} {size}")
                size += len(self.body[one]) + 1
                places[one] = (2, number, place)
            first = " ".join(starts).encode("ascii") + b"\n"
            content = first + b"\n".join(self.body[one] for one in block)
            entries = f"/Type/ObjStm/N {len(block)}/First {len(first)}"
            streams[number] = self.packed.get(content) or _stream(content, entries)
        for one, content in streams.items():
            written = b"%d 0 obj\n%b\nendobj\n" % (one, content)
            places[one] = (1, at, 0)
            at += len(written)
            out.append(written)
        number += 1
        places[number] = (1, at, 0)
        table = b"".join([_ROW.pack(*places[one]) for one in range(number + 1)])
        name = hashlib.sha256(b"".join(out)).hexdigest()[:32].upper()
        entries = (
            f"/Type/XRef/W[1 4 2]/Size {number + 1}/Root {self.root} 0 R/Info {self.info} 0 R"
            f"/ID[<{name}><{name}>]"
        )
        out.append(
            b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n"
            % (number, _stream(table, entries), at)
        )
        return b"".join(out)


def _stream(content: bytes, entries: str, *, packed: bool = True) -> bytes:
    if packed:
        content = zlib.compress(content, 6)
        entries += "/Filter/FlateDecode"
    head = f"<<{entries}/Length {len(content)}>>\nstream\n".encode("ascii")
    return head + content + b"\nendstream"


def _is_stream(content: bytes) -> bool:
    return content.endswith(b"endstream")


def _moved(content: bytes, by: int) -> bytes:
    """An object with every reference in it raised; what a stream holds stays as it is."""
    end = content.find(b"stream") if _is_stream(content) else len(content)
    head = _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), content[:end])
    return head + content[end:]


def _bodies(data: bytes, offsets: dict[int, int], end: int) -> dict[int, bytes]:
    """The objects that begin at `offsets`, the last of them before `end`."""
    ordered = sorted(offsets.items(), key=lambda pair: pair[1])
    found = {}
    for place, (number, start) in enumerate(ordered):
        stop = ordered[place + 1][1] if place + 1 < len(ordered) else end
        start = data.index(b"obj", start) + 3
        found[number] = data[start : data.rindex(b"endobj", start, stop)].strip()
    return found


def _read_table(data: bytes, at: int) -> Objects:
    """A file with a table of cross references, as ReportLab writes it: one section from 0."""
    lines = data[at:].split(b"\n")
    count = int(lines[1].split()[1])
    offsets = {number: int(lines[2 + number].split()[0]) for number in range(1, count)}
    trailer = data[data.rindex(b"trailer") :]
    bodies = _bodies(data, offsets, at)
    for number, content in bodies.items():
        if _is_stream(content):  # ReportLab writes no line end after the data, as 7.3.8.1 asks
            bodies[number] = content[: -len(b"endstream")] + b"\nendstream"
    return _made(dict(sorted(bodies.items())), trailer)


def _read_stream(data: bytes, at: int) -> Objects:
    """A file of `Objects.write`."""
    table = data[at:]
    rows = _inflated(table)
    offsets: dict[int, int] = {}
    packed: dict[int, list[int]] = {}
    for number in range(len(rows) // 7):
        row = rows[7 * number : 7 * number + 7]
        first = int.from_bytes(row[1:5], "big")
        if row[0] == 1 and first != at:
            offsets[number] = first
        elif row[0] == 2:
            packed.setdefault(first, []).append(number)
    bodies = _bodies(data, offsets, at)
    streams: dict[bytes, bytes] = {}
    for stream, numbers in packed.items():
        holder = bodies.pop(stream)
        content = _inflated(holder)
        streams[content] = holder
        first = int(re.search(rb"/First (\d+)", holder)[1])  # type: ignore[index]  # TypeError says so
        starts = [int(one) for one in content[:first].split()[1::2]] + [len(content) - first + 1]
        for place, number in enumerate(numbers):
            bodies[number] = content[first + starts[place] : first + starts[place + 1] - 1]
    made = _made(dict(sorted(bodies.items())), table)
    made.packed = streams
    return made


def _made(bodies: dict[int, bytes], trailer: bytes) -> Objects:
    root, info = (
        int(re.search(rb"/" + key + rb" (\d+) 0 R", trailer)[1])  # type: ignore[index]  # likewise
        for key in (b"Root", b"Info")
    )
    if list(bodies) != list(range(1, len(bodies) + 1)) or root not in bodies:
        raise _damaged()
    return Objects(bodies, root, info)


def _inflated(stream: bytes) -> bytes:
    start = stream.index(b"stream\n") + 7
    return zlib.decompressobj().decompress(stream[start:])


def _damaged() -> RasterError:
    return RasterError("damaged_file", "The PDF is damaged. Print it again.")
