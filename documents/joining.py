"""A run of papers as one PDF that grows in its file, and is whole after every part.

A program that copies pages leaves the structure tree behind. Here the objects themselves are put
together: pages, elements and the table that leads from content to elements. What was taken in is
bytes that stay as they are and are not held; only what leads to them is written again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import IO

from documents.errors import PageError
from documents.imposition import Place, Sheets, Side, empty_page, form_of, imposed
from documents.objects import Objects, moved, tree_of
from documents.pdf_file import PdfFile

_ROW = re.compile(rb"(\d+) (\d+) 0 R\b")
_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_NEXT = re.compile(rb"NextKey \d+")
_PARENTS = re.compile(rb"/StructParents (\d+)")
_ABOVE = re.compile(rb"/(Parent|P) \d+ 0 R")


class Sheaf:
    """The pages of several PDFs, in order, as one in `out`, which is seekable and empty.

    `sheets` says how they come onto sheets. Of several parts, the first says what the file is
    called. A part that was added stays for good with `keep`; `take_back` removes it again.
    """

    def __init__(self, out: IO[bytes], sheets: Sheets = Sheets.ONE) -> None:
        self._out = out
        self._sheets = sheets
        self._kept = self._now = _State()

    def add(self, part: bytes, counts: Sequence[int]) -> None:
        """Add the pages of one PDF; `counts` says of how many pages each document in it is.

        Raises:
            RasterError: it cannot be read, or is not of our making.
            PageError: `counts` are not those of the PDF, or its pages do not fit the sheets.
            OSError: the file cannot be written; what stands in it is whole after `take_back`.
        """
        other = Objects.read(part)
        if sum(counts) != len(other.pages()):
            raise PageError("pages", "The pages of the documents do not add up.")
        self._now = self._taken_in(other, counts)
        self._end()

    @property
    def pages(self) -> int:
        """Of how many pages the file is: of cards, how many sheets."""
        return len(self._now.pages)

    def keep(self) -> None:
        """What was added stays."""
        self._kept = self._now

    def take_back(self) -> None:
        """Leave in the file what was kept, and no more. Raises `OSError`."""
        self._now = self._kept
        if self._now.once is None:
            self._out.seek(0)
            self._out.truncate()
        else:
            self._end()

    def _taken_in(self, other: Objects, counts: Sequence[int]) -> _State:
        was, own = self._now, _Once.of(other)
        once = was.once or own
        file = self._file()
        by = file.top
        file.reserve(other.top)
        gone = {own.root, own.info, own.pages, own.tree, own.parents, own.document}
        if was.once:
            gone.add(other.refers(own.root, b"Metadata"))
        pages, papers, rows = other.pages(), _kids(other, own.document), _rows(other, own.parents)
        for number in pages:
            other.body[number] = _adopted(other.body[number], len(was.rows))
        layout = _Layout(file, once.pages, was.open)
        if self._sheets.sides:
            gone.update(pages)
            layout.cards(other, pages, by=by, sides=self._sheets.sides)
        else:
            layout.pages(other, counts, by=by, both=self._sheets is Sheets.BOTH)
        above = dict.fromkeys(pages, once.pages) | dict.fromkeys(papers, once.document)
        for number, content in other.body.items():
            if number not in gone:
                content = moved(content, by)
                if number in above:
                    content = _ABOVE.sub(rb"/\1 %d 0 R" % above[number], content, count=1)
                if layout.places and content.startswith(b"<</S/"):
                    content = imposed(content, layout.places)
                file.put(by + number, content)
        file.flush()
        return _State(
            size=file.size,
            table=file.table,
            pages=(*was.pages, *layout.turned),
            papers=(*was.papers, *(by + one for one in papers)),
            rows=(*was.rows, *(by + one for one in rows)),
            open=layout.open,
            once=once,
        )

    def _end(self) -> None:
        """Write what leads to the pages."""
        now, once = self._now, self._now.once
        assert once is not None  # noqa: S101 - something was taken in
        file = self._file()
        table = " ".join(f"{at} {row} 0 R" for at, row in enumerate(now.rows))
        papers = b" ".join(b"%d 0 R" % one for one in now.papers)
        said = once.said
        for side in now.open:
            _put(file, side, once.pages)
        file.put(once.pages, tree_of(now.pages))
        file.put(once.parents, f"<</Nums[{table}]>>".encode("ascii"))
        file.put(once.tree, _NEXT.sub(b"NextKey %d" % len(now.rows), said[once.tree]))
        file.put(once.document, _KIDS.sub(b"/K[" + papers + b"]", said[once.document]))
        file.put(once.root, said[once.root])
        file.put(once.info, said[once.info])
        file.close(once.root, once.info)
        self._out.truncate()

    def _file(self) -> PdfFile:
        """A file that goes on where what was taken in ends."""
        self._out.seek(self._now.size)
        if not self._now.size:
            return PdfFile(self._out)
        return PdfFile(self._out, after=self._now.table, size=self._now.size)


@dataclass(frozen=True, slots=True)
class _State:
    """How far a file is: `size` bytes of it stay as they are."""

    size: int = 0
    table: bytes = field(default=b"", repr=False)
    pages: tuple[int, ...] = ()
    papers: tuple[int, ...] = ()
    """The elements under the document."""
    rows: tuple[int, ...] = ()
    """For each page that was drawn, the list of the elements to which its content belongs."""
    open: tuple[Side, ...] = ()
    """The sides of the last sheet of cards: they are written again while cards join them."""
    once: _Once | None = None


@dataclass(frozen=True, slots=True)
class _Once:
    """What a file has once: the numbers, and what the objects say."""

    root: int
    info: int
    pages: int
    tree: int
    parents: int
    document: int
    said: dict[int, bytes] = field(repr=False)

    @classmethod
    def of(cls, made: Objects) -> _Once:
        tree = made.refers(made.root, b"StructTreeRoot")
        [document] = _kids(made, tree)
        pages, parents = made.refers(made.root, b"Pages"), made.refers(tree, b"ParentTree")
        numbers = (made.root, made.info, pages, tree, parents, document)
        return cls(*numbers, said={one: made.body[one] for one in numbers})


class _Layout:
    """The pages of the file that come from those of a part, whose numbers rise by `by`."""

    def __init__(self, file: PdfFile, tree: int, sides: tuple[Side, ...]) -> None:
        self._file = file
        self._tree = tree
        self.open = sides
        self.turned: list[int] = []
        self.places: dict[int, Place] = {}
        """Where cards went, by the numbers that their pages would have."""

    def pages(self, other: Objects, counts: Sequence[int], *, by: int, both: bool) -> None:
        """Each page as it is; with `both`, a document of an odd number is followed by an empty
        page, so that none begins on another's back."""
        left = iter(other.pages())
        for count in counts:
            own = [next(left) for _ in range(count)]
            self.turned += [by + one for one in own]
            if both and count % 2:
                self.turned.append(self._file.add(empty_page(other.body[own[-1]], self._tree)))

    def cards(self, other: Objects, pages: Sequence[int], *, by: int, sides: int) -> None:
        """Each page in the next cell of a sheet; with two `sides`, fronts and backs in turns."""
        if len(pages) % sides:
            raise PageError("backs", "A card has no back. Print the fronts alone.")
        for at, number in enumerate(pages):
            turn = at % sides
            if not self.open or (turn == 0 and self.open[0].full):
                self._turn_over(sides)
            side, content = self.open[turn], other.refers(number, b"Contents")
            other.body[content] = form_of(other.body[number], other.body[content])
            self.places[by + number] = side.place(by + content)
            side = replace(side, forms=(*side.forms, by + content))
            self.open = (*self.open[:turn], side, *self.open[turn + 1 :])

    def _turn_over(self, sides: int) -> None:
        """Write a sheet that is full, and begin one."""
        for side in self.open:
            _put(self._file, side, self._tree)
        self.open = tuple(Side(self._file.reserve(), bool(one)) for one in range(sides))
        self.turned += [one.page for one in self.open]


def _put(file: PdfFile, side: Side, tree: int) -> None:
    file.put(side.page, side.dictionary(file.stream(side.content()), tree))


def joined(
    parts: Sequence[bytes], sheets: Sheets = Sheets.ONE, counts: Sequence[Sequence[int]] = ()
) -> bytes:
    """The pages of several PDFs, in order, as one; see `Sheaf`. Without `counts`, each page is a
    document.

    Raises:
        RasterError, PageError: as `Sheaf.add`; and for no part at all.
    """
    if not parts:
        raise PageError("nothing", "There is nothing to print.")
    out = io.BytesIO()
    sheaf = Sheaf(out, sheets)
    for at, part in enumerate(parts):
        sheaf.add(part, counts[at] if counts else [1] * len(Objects.read(part).pages()))
    return out.getvalue()


def _kids(made: Objects, element: int) -> list[int]:
    """The elements under the root of a structure tree, or under the document."""
    kids = _KIDS.search(made.body[element])
    return [int(one) for one in re.findall(rb"(\d+) 0 R", kids[1] if kids else b"")]


def _rows(made: Objects, parents: int) -> list[int]:
    """The rows of the table from content to elements, in its order."""
    return [int(row) for _, row in _ROW.findall(made.body[parents])]


def _adopted(page: bytes, before: int) -> bytes:
    """A page that stands after others, of which `before` have elements."""
    return _PARENTS.sub(lambda found: b"/StructParents %d" % (int(found[1]) + before), page)
