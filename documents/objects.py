"""The objects of a PDF that we made, read to be changed and put into another file.

This is no reader of PDF at large. It reads what `PdfFile` writes, whose strings are hexadecimal
and whose streams say their length; anything else is refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.errors import RasterError
from documents.pdf_file import ROW, is_stream

_REFERENCE = re.compile(rb"(\d+) 0 R\b")


@dataclass(slots=True)
class Objects:
    """Objects by number, each as its bytes, in the order of the file; the catalog and the
    information dictionary. `top` is the highest number that is taken."""

    body: dict[int, bytes] = field(default_factory=dict)
    root: int = 0
    info: int = 0
    top: int = 0

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

    @classmethod
    def read(cls, data: bytes) -> Objects:
        """The objects of a file.

        Raises:
            RasterError: it is damaged, or not of our making.
        """
        try:
            return _read(data, int(data[data.rindex(b"startxref") + 9 :].split()[0]))
        except (ValueError, IndexError, KeyError, TypeError, zlib.error):
            raise _damaged() from None


def tree_of(pages: Sequence[int]) -> bytes:
    """The tree of these pages."""
    kids = " ".join(f"{number} 0 R" for number in pages)
    return f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode("ascii")


def moved(content: bytes, by: int) -> bytes:
    """An object with every reference in it raised; what a stream holds stays as it is."""
    end = content.find(b"stream") if is_stream(content) else len(content)
    head = _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), content[:end])
    return head + content[end:]


def _read(data: bytes, at: int) -> Objects:
    table = data[at:]
    rows = _inflated(table)
    offsets: dict[int, int] = {}
    packed: dict[int, dict[int, int]] = {}
    for number in range(len(rows) // ROW):
        row = rows[ROW * number : ROW * (number + 1)]
        first = int.from_bytes(row[1:5], "big")
        if row[0] == 1 and first != at:
            offsets[number] = first
        elif row[0] == 2:
            packed.setdefault(first, {})[int.from_bytes(row[5:], "big")] = number
    bodies: dict[int, bytes] = {}
    for holder, content in _bodies(data, offsets, at).items():
        if holder not in packed:
            bodies[holder] = content
            continue
        within = _inflated(content)
        first = int(re.search(rb"/First (\d+)", content)[1])  # type: ignore[index]  # TypeError says so
        starts = [int(one) for one in within[:first].split()[1::2]] + [len(within) - first + 1]
        for place, number in sorted(packed[holder].items()):
            bodies[number] = within[first + starts[place] : first + starts[place + 1] - 1]
    root, info = (
        int(re.search(rb"/" + key + rb" (\d+) 0 R", table)[1])  # type: ignore[index]  # likewise
        for key in (b"Root", b"Info")
    )
    if root not in bodies or info not in bodies:
        raise _damaged()
    return Objects(bodies, root, info, len(rows) // ROW - 1)


def _bodies(data: bytes, offsets: dict[int, int], end: int) -> dict[int, bytes]:
    """The objects that begin at `offsets`, the last of them before `end`."""
    ordered = sorted(offsets.items(), key=lambda pair: pair[1])
    found = {}
    for place, (number, start) in enumerate(ordered):
        stop = ordered[place + 1][1] if place + 1 < len(ordered) else end
        start = data.index(b"obj", start) + 3
        found[number] = data[start : data.rindex(b"endobj", start, stop)].strip()
    return found


def _inflated(stream: bytes) -> bytes:
    start = stream.index(b"stream\n") + 7
    return zlib.decompressobj().decompress(stream[start:])


def _damaged() -> RasterError:
    return RasterError("damaged_file", "The PDF is damaged. Print it again.")
