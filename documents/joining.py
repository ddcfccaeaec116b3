"""Pages of several of our PDFs as one, and empty pages among them, with all that tags them.

A program that copies pages leaves the structure tree behind. Here the objects themselves are put
together: pages, elements and the table that leads from content to elements.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.errors import PageError, RasterError
from documents.objects import Objects, moved, tree_of
from documents.pdf_file import PdfFile

_ROW = re.compile(rb"(\d+) (\d+) 0 R\b")
_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_NEXT = re.compile(rb"NextKey \d+")
_PARENTS = re.compile(rb"/StructParents (\d+)")
_ABOVE = re.compile(rb"/(Parent|P) \d+ 0 R")
_BOX = re.compile(rb"/MediaBox\s*\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Joined:
    """The pages of several PDFs, in order, as one. Of several, the first says what it is called.

    A run of papers grows by blocks, and its file is wanted after each: what was taken in is bytes
    that stay as they are, and only what leads to it is written again.
    """

    _chunks: tuple[bytes, ...] = field(default=(), repr=False)
    """The file so far, without what a file has once."""
    _table: bytes = field(default=b"", repr=False)
    _pages: tuple[int, ...] = ()
    _papers: tuple[int, ...] = ()
    """The elements under the document."""
    _rows: tuple[int, ...] = ()
    """For each page, the list of the elements to which its content belongs."""
    _once: _Once | None = None

    def plus(self, part: bytes) -> Joined:
        """With the pages of one PDF more.

        Raises:
            RasterError: it cannot be read, or is not of our making.
        """
        other = Objects.read(part)
        own = _Once.of(other)
        once = self._once or own
        file, out = self._file()
        by = file.top
        file.reserve(other.top)
        gone = {own.root, own.info, own.pages, own.tree, own.parents, own.document}
        if self._once:
            gone.add(other.refers(own.root, b"Metadata"))
        pages, papers, rows = other.pages(), _kids(other, own.document), _rows(other, own.parents)
        for number in pages:
            other.body[number] = _adopted(other.body[number], len(self._rows))
        above = dict.fromkeys(pages, once.pages) | dict.fromkeys(papers, once.document)
        for number, content in other.body.items():
            if number not in gone:
                content = moved(content, by)
                if number in above:
                    content = _ABOVE.sub(rb"/\1 %d 0 R" % above[number], content, count=1)
                file.put(by + number, content)
        file.flush()
        return Joined(
            (*self._chunks, out.getvalue()),
            file.table,
            (*self._pages, *(by + one for one in pages)),
            (*self._papers, *(by + one for one in papers)),
            (*self._rows, *(by + one for one in rows)),
            once,
        )

    def pdf(self) -> bytes:
        """The file.

        Raises:
            PageError: nothing was taken in.
        """
        once = self._once
        if once is None:
            raise PageError("nothing", "There is nothing to print.")
        file, out = self._file()
        table = " ".join(f"{at} {row} 0 R" for at, row in enumerate(self._rows))
        papers = b" ".join(b"%d 0 R" % one for one in self._papers)
        said = once.said
        file.put(once.pages, tree_of(self._pages))
        file.put(once.parents, f"<</Nums[{table}]>>".encode("ascii"))
        file.put(once.tree, _NEXT.sub(b"NextKey %d" % len(self._rows), said[once.tree]))
        file.put(once.document, _KIDS.sub(b"/K[" + papers + b"]", said[once.document]))
        file.put(once.root, said[once.root])
        file.put(once.info, said[once.info])
        file.close(once.root, once.info)
        return b"".join([*self._chunks, out.getvalue()])

    def _file(self) -> tuple[PdfFile, io.BytesIO]:
        """A file that goes on where this one ends."""
        out = io.BytesIO()
        if not self._chunks:
            return PdfFile(out), out
        return PdfFile(out, after=self._table, size=sum(map(len, self._chunks))), out


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


def joined(parts: Sequence[bytes]) -> bytes:
    """The pages of several PDFs, in order, as one; see `Joined`. One alone comes back as it is.

    Raises:
        RasterError: one of them cannot be read, or is not of our making.
    """
    if len(parts) == 1:
        return parts[0]
    made = Joined()
    for part in parts:
        made = made.plus(part)
    return made.pdf()


def for_both_sides(pdf: bytes, pages: Sequence[int]) -> bytes:
    """A PDF for printing on both sides, in which no paper begins on another's back.

    `pages` says of how many pages each document is, in order; one of an odd number is followed by
    an empty page of its own size.

    Raises:
        RasterError: the PDF cannot be read. PageError: `pages` are not those of the PDF.
    """
    made = Objects.read(pdf)
    own = made.pages()
    if sum(pages) != len(own):
        raise PageError("pages", "The pages of the documents do not add up.")
    parent = made.refers(made.root, b"Pages")
    turned: list[int] = []
    at = 0
    for count in pages:
        turned += own[at : at + count]
        at += count
        if count % 2:
            box = _BOX.search(made.body[own[at - 1]])
            if box is None:
                raise RasterError("damaged_file", "The PDF is damaged. Print it again.")
            empty = b"<</Type/Page/Parent %d 0 R%b/Resources<<>>>>" % (parent, box[0])
            turned.append(made.add(empty))
    made.set_pages(turned)
    return made.write()


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
