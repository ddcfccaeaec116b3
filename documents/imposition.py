"""How finished pages come onto sheets: as they are, on both sides, or cards side by side.

Nothing that is drawn is changed: a card's page becomes a form that is placed at its own size, so a
code that was read on the page is the same on the sheet, and its structure goes with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from documents.errors import PageError, RasterError

MM: Final = 72 / 25.4
CARD: Final = (85.6, 53.98)
"""ID-1 of ISO/IEC 7810, in millimetres."""
SLACK: Final = 1.0
"""Millimetres by which a page may differ from the card it is taken for: makers round."""
_MARK: Final = 4.0  # millimetres of a cut mark, outside the cards
_OFF: Final = 1.0  # millimetres between a card's corner and its mark
_HAIR: Final = 0.25  # points: the thinnest line that every office printer shows
_BOX = re.compile(rb"/MediaBox\s*\[([^\]]*)\]")
_OWN = re.compile(rb"/Pg (\d+) 0 R")
_PARENTS = re.compile(rb"/StructParents \d+")
_KIDS = re.compile(rb"/K(?:\[([^\]]*)\]| (<<[^>]*>>|\d+ 0 R|\d+))")
_KID = re.compile(rb"<</Type/MCR/Pg (\d+) 0 R/MCID (\d+)>>|(\d+ 0 R)|(\d+)")
_FIGURE = re.compile(rb"/BBox\[([^\]]*)\]")


class Sheets(StrEnum):
    """What becomes of the pages of a run."""

    ONE = "one"
    """Each page on a sheet of its own."""
    BOTH = "both"
    """For printing on both sides: no paper begins on another's back."""
    CARDS = "cards"
    """Cards side by side, with cut marks."""
    CARDS_BOTH = "cards-both"
    """Cards and, on the back of the sheet, their backs."""

    @property
    def sides(self) -> int:
        """How many pages of one card there are; 0 where pages are no cards."""
        return {Sheets.CARDS: 1, Sheets.CARDS_BOTH: 2}.get(self, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its grid, in millimetres. Cut marks stand outside the cards."""

    width: float = 210.0
    height: float = 297.0
    columns: int = 2
    rows: int = 4
    cell: tuple[float, float] = CARD
    gap: float = 8.0

    @property
    def cells(self) -> int:
        """How many pages one side takes."""
        return self.columns * self.rows

    def place(self, cell: int, *, back: bool) -> tuple[float, float]:
        """The lower left corner of a cell, from the top left on; a back is mirrored, so that it
        lies behind its front when the sheet is turned over its long edge."""
        line, column = divmod(cell, self.columns)
        if back:
            column = self.columns - 1 - column
        wide = self.columns * self.cell[0] + (self.columns - 1) * self.gap
        high = self.rows * self.cell[1] + (self.rows - 1) * self.gap
        left = (self.width - wide) / 2 + column * (self.cell[0] + self.gap)
        top = (self.height + high) / 2 - line * (self.cell[1] + self.gap)
        return left, top - self.cell[1]


CARDS_ON_A4: Final = Sheet()
"""Eight cards on an A4 sheet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page of a card went: the page of the sheet, the form that it became, and by how
    many points it moved."""

    page: int
    form: int
    left: float
    low: float


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet of cards: the number of its page, and the forms on it so far."""

    page: int
    back: bool
    forms: tuple[int, ...] = ()

    @property
    def full(self) -> bool:
        """Whether no card has room on it."""
        return len(self.forms) == CARDS_ON_A4.cells

    def place(self, form: int) -> Place:
        """Where the next card goes."""
        left, low = CARDS_ON_A4.place(len(self.forms), back=self.back)
        return Place(self.page, form, left * MM, low * MM)

    def content(self) -> bytes:
        """What is drawn on the side: the marks, as artifacts, and the cards, each tagged by itself.

        The forms are named after their cells.
        """
        sheet = CARDS_ON_A4
        marks: list[str] = []
        cards: list[str] = []
        for cell in range(len(self.forms)):
            left, low = sheet.place(cell, back=self.back)
            if not self.back:
                marks += _marks(left, low, sheet)
            cards.append(f"q 1 0 0 1 {left * MM:.4f} {low * MM:.4f} cm /Card{cell} Do Q")
        if marks:
            marks = ["/Artifact BMC", f"0 0 0 RG {_HAIR} w", *marks, "EMC"]
        return "\n".join([*marks, *cards]).encode("ascii")

    def dictionary(self, content: int, tree: int) -> bytes:
        """The page, under the tree of pages; `content` is the number of what is drawn."""
        forms = "".join(f"/Card{cell} {form} 0 R" for cell, form in enumerate(self.forms))
        wide, high = CARDS_ON_A4.width * MM, CARDS_ON_A4.height * MM
        return (
            f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {wide:.4f} {high:.4f}]"
            f"/Resources<</XObject<<{forms}>>>>/Contents {content} 0 R/Tabs/S>>"
        ).encode("ascii")


def empty_page(page: bytes, tree: int) -> bytes:
    """A page as large as this one with nothing on it."""
    return b"<</Type/Page/Parent %d 0 R%b/Resources<<>>>>" % (tree, _box(page)[0])


def form_of(page: bytes, content: bytes) -> bytes:
    """The form (PDF 32000-1, 8.10) that draws what a page draws. `content` is what it draws.

    Raises:
        PageError: the page is no card. RasterError: it is not of our making.
    """
    box, parents = _box(page), _PARENTS.search(page)
    size = [float(one) / MM for one in box[1].split()[2:]]
    if any(abs(got - want) > SLACK for got, want in zip(size, CARD, strict=True)):
        raise PageError("no_card", "These documents are no cards. Print each on its own sheet.")
    if parents is None:
        raise _foreign()
    entries = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources%b%b" % (
        box[1].strip(),
        _resources(page),
        parents[0],
    )
    return content.replace(b"<<", b"<<" + entries, 1)


def imposed(element: bytes, places: Mapping[int, Place]) -> bytes:
    """An element whose content went with its page: it names the form, and the page of the sheet
    (PDF 32000-1, 14.7.4.2); a figure's box is moved."""
    own = _OWN.search(element)
    if own is None:
        return element
    page = int(own[1])
    at = places[page]

    def kid(found: re.Match[bytes]) -> bytes:
        if found[3]:
            return found[0]
        where, mark = (places[int(found[1])], found[2]) if found[1] else (at, found[4])
        return b"<</Type/MCR/Pg %d 0 R/Stm %d 0 R/MCID %b>>" % (where.page, where.form, mark)

    def kids(found: re.Match[bytes]) -> bytes:
        return b"/K[%b]" % _KID.sub(kid, found[1] if found[1] is not None else found[2])

    def box(found: re.Match[bytes]) -> bytes:
        moves = (at.left, at.low, at.left, at.low)
        corners = [float(one) + by for one, by in zip(found[1].split(), moves, strict=True)]
        return b"/BBox[%b]" % " ".join(f"{one:.1f}" for one in corners).encode("ascii")

    element = _KIDS.sub(kids, element, count=1)
    element = _FIGURE.sub(box, element, count=1)
    return _OWN.sub(b"/Pg %d 0 R" % at.page, element, count=1)


def _box(page: bytes) -> re.Match[bytes]:
    found = _BOX.search(page)
    if found is None:
        raise _foreign()
    return found


def _resources(page: bytes) -> bytes:
    """The dictionary of what a page draws with, dictionaries within it and all."""
    start = page.index(b"<<", page.index(b"/Resources"))
    depth = 0
    for found in re.compile(rb"<<|>>").finditer(page, start):
        depth += 1 if found[0] == b"<<" else -1
        if depth == 0:
            return page[start : found.end()]
    raise _foreign()


def _marks(left: float, low: float, sheet: Sheet) -> Sequence[str]:
    """Two short lines at each corner of a card: where to cut, and nothing on the card itself."""
    right, high = left + sheet.cell[0], low + sheet.cell[1]
    reach = min(_MARK, sheet.gap / 2)
    lines = []
    for x, away in ((left, -1), (right, 1)):
        for y, up in ((low, -1), (high, 1)):
            lines.append(_line(x + away * _OFF, y, x + away * reach, y))
            lines.append(_line(x, y + up * _OFF, x, y + up * reach))
    return lines


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f"{x1 * MM:.4f} {y1 * MM:.4f} m {x2 * MM:.4f} {y2 * MM:.4f} l S"


def _foreign() -> RasterError:
    return RasterError("damaged_file", "The PDF is damaged. Print it again.")
