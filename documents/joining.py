"""Pages of several of our PDFs as one, and empty pages among them, with all that tags them.

A program that copies pages leaves the structure tree behind. Here the objects themselves are put
together: pages, elements and the table that leads from content to elements.
"""

import re
from collections.abc import Sequence

from documents.errors import PageError, RasterError
from documents.objects import Objects

_ROW = re.compile(rb"(\d+) (\d+) 0 R\b")
_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_BOX = re.compile(rb"/MediaBox\s*\[[^\]]*\]")


def joined(parts: Sequence[bytes]) -> bytes:
    """The pages of several PDFs, in order, as one. One alone comes back as it is; of several, the
    first says what the file is called.

    Raises:
        RasterError: one of them cannot be read, or is not of our making.
    """
    if len(parts) == 1:
        return parts[0]
    made = Objects.read(parts[0])
    pages = made.pages()
    tree = made.refers(made.root, b"StructTreeRoot")
    [document], rows = _kids(made, tree), _rows(made, tree)
    papers = _kids(made, document)
    for part in parts[1:]:
        other = Objects.read(part)
        by = made.take_in(other)
        old = by + other.refers(other.root, b"StructTreeRoot")
        [gone] = _kids(made, old)
        for number in other.pages():
            _adopt(made, by + number, len(pages))
        for paper in _kids(made, gone):
            content = made.body[paper]
            made.body[paper] = content.replace(b"/P %d 0 R" % gone, b"/P %d 0 R" % document, 1)
            papers.append(paper)
        rows += _rows(made, old)
        pages += [by + number for number in other.pages()]
        # What a file has once is the first one's.
        for number in (
            other.root,
            other.info,
            other.refers(other.root, b"Pages"),
            other.refers(other.root, b"Metadata"),
        ):
            made.body[by + number] = b"null"
        made.body[made.refers(old, b"ParentTree")] = b"null"
        made.body[old] = made.body[gone] = b"null"
    made.set_pages(pages)
    table = " ".join(f"{at} {row} 0 R" for at, row in enumerate(rows))
    made.body[made.refers(tree, b"ParentTree")] = f"<</Nums[{table}]>>".encode("ascii")
    made.body[tree] = re.sub(rb"NextKey \d+", b"NextKey %d" % len(rows), made.body[tree])
    refs = b" ".join(b"%d 0 R" % one for one in papers)
    made.body[document] = _KIDS.sub(b"/K[" + refs + b"]", made.body[document])
    return made.write()


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


def _rows(made: Objects, tree: int) -> list[int]:
    """For each page, the list of the elements to which its content belongs."""
    rows = _ROW.findall(made.body[made.refers(tree, b"ParentTree")])
    return [int(row) for _, row in rows]


def _adopt(made: Objects, page: int, before: int) -> None:
    """Make `page` one of this document, after `before` others."""
    content = made.body[page]
    parent = made.refers(made.root, b"Pages")
    content = re.sub(rb"/Parent \d+ 0 R", b"/Parent %d 0 R" % parent, content)
    made.body[page] = re.sub(
        rb"/StructParents (\d+)",
        lambda found: b"/StructParents %d" % (int(found[1]) + before),
        content,
    )
