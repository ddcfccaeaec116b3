"""A document by its template: pieces from top to bottom, on as many pages as they need.

At the foot of every page stand the code and the last line, at the lower edge of the first the
stub; the pieces run down from the head, and the hands that sign take what is left on the last
page. Everything is measured first, on a sheet that leaves no trace.

What is said is never left out. Where room is short, the gaps are made smaller, then the letters,
down to a bound at which they are still read; then the document goes on on a further page, which
says whose it is. The boxes for hands and stamps keep their least height on every document.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby

from documents.errors import PageError
from documents.layout import blocks, heads, members, panel, pattern, stub
from documents.layout.facts import ALL, NEEDED
from documents.layout.paper import Paper
from documents.layout.pieces import Piece, Pieces
from documents.layout.sheet import Sheet
from documents.page_data import PageData
from documents.qr import Symbol
from documents.templates.model import Kind, Template
from documents.wording import Words

STAMP, LEAST_STAMP = 34.0, 26.0
"""Height in mm of the boxes for hands and stamps: wanted, for a round stamp of 30 mm, and least."""
_TIGHT = 0.6  # of the gaps, before letters are made smaller
_STEP = 0.03
_GAP = 4.0
_MARGIN_BELOW = 13.0


@dataclass(frozen=True, slots=True)
class Planned:
    """One page of a plan: its pieces, and the room for them from `start` to `ceiling`, above the
    code, of which they take what is above `end`. `signed` is the height of the boxes for hands, 0
    on a page without. All in the units of its paper."""

    pieces: tuple[Piece, ...]
    start: float
    end: float
    ceiling: float
    signed: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands on which page, on paper of which measures."""

    paper: Paper
    pages: tuple[Planned, ...]

    @property
    def stamp(self) -> float:
        """The height of the boxes for hands and stamps, in mm; 0 where nobody signs."""
        return self.pages[-1].signed * self.paper.size.scale


class Flow:
    """One document on one paper."""

    def __init__(
        self, paper: Paper, words: Words, page: PageData, template: Template, code: Symbol | None
    ) -> None:
        self._paper = paper
        self._words = words
        self._page = page
        self._template = template
        self._code = code
        self._seed = pattern.seed_of(page.credential, page.number)
        self._signed = template.block(Kind.SIGNATURES)

    def draw(self) -> None:
        """Draw the document.

        Raises:
            PageError: code ``too_much``: something that is never divided has no room on a page.
        """
        plan = self.plan()
        count = len(plan.pages)
        for number, one in enumerate(plan.pages, start=1):
            with plan.paper.page() as sheet:
                heads.watermark(sheet, self._words, self._page)
                pattern.band(sheet, self._seed)
                y = self._head(sheet, first=number == 1)
                for rows, pieces in groupby(one.pieces, key=lambda piece: piece.row):
                    with sheet.inside("Table") if rows else nullcontext():
                        if rows:
                            y = members.headings(sheet, self._words, y)
                        for piece in pieces:
                            y = piece.draw(sheet, y)
                if one.signed and self._signed is not None:
                    top = one.ceiling - _GAP - one.signed
                    fields = self._signed.fields
                    blocks.signatures(sheet, self._words, top, one.signed, fields)
                self._below(sheet, first=number == 1)
                foot = self._foot(sheet, first=number == 1)
                heads.foot(sheet, self._words, self._page, number, count, y=foot)

    # planning ------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """On the fewest pages; of such plans the one that says the most in the authority's
        language too.

        Raises:
            PageError: see `draw`.
        """
        every = self._plan_or_none(ALL)
        if every is not None and (len(every.pages) == 1 or self._words.alone):
            return every
        least = self._plan(frozenset())
        if every is not None and len(every.pages) <= len(least.pages):
            return every
        needed = self._plan_or_none(NEEDED)
        fits = needed is not None and len(needed.pages) <= len(least.pages)
        return needed if needed is not None and fits else least

    def _plan_or_none(self, beside: Collection[str]) -> Plan | None:
        try:
            return self._plan(beside)
        except PageError:
            return None

    def _plan(self, beside: Collection[str]) -> Plan:
        """With full boxes for hands if that can be, and of such plans the one with the largest
        letters."""
        best: Plan | None = None
        pieces = Pieces(self._words, self._page, self._template, self._seed, beside=beside)
        for paper in _shapes(self._paper):
            try:
                made = Plan(paper, tuple(self._pages(paper.scratch(), pieces)))
            except PageError:
                continue
            enough = self._signed is None or made.stamp >= STAMP - 0.01
            if len(made.pages) == 1 and enough:
                return made
            if best is None or (len(made.pages), -made.stamp) < (len(best.pages), -best.stamp):
                best = made
        if best is None:
            raise _too_much()
        return best

    def _pages(self, scratch: Sheet, pieces: Pieces) -> list[Planned]:
        """The pages on paper of one shape; the hands never stand on one alone."""
        scale = scratch.size.scale
        hands = LEAST_STAMP / scale + _GAP if self._signed is not None else 0.0
        left = _together(pieces.all(scratch))
        made: list[Planned] = []
        while left or not made:
            first = not made
            start = self._head(scratch, first=first)
            ceiling = self._below(scratch, first=first)
            taken, end = self._fill(scratch, left, start, ceiling - _GAP, hands)
            made.append(Planned(tuple(taken), start, end, ceiling))
            left = left[_count(left, taken) :]
        last = made[-1]
        signed = min(STAMP / scale, last.ceiling - last.end - 2 * _GAP) if hands else 0.0
        made[-1] = Planned(last.pieces, last.start, last.end, last.ceiling, signed)
        return made

    def _fill(
        self,
        scratch: Sheet,
        groups: Sequence[Sequence[Piece]],
        y: float,
        room: float,
        hands: float,
    ) -> tuple[list[Piece], float]:
        """The pieces that stand on a page, and where they end. The last of all takes room for the
        hands with it."""
        taken: list[Piece] = []
        for at, group in enumerate(groups):
            high = sum(piece.draw(scratch, 0.0) for piece in group)
            if group[0].row and not (taken and taken[-1].row):
                high += members.headings(scratch, self._words, 0.0)
            needed = high + (hands if at == len(groups) - 1 else 0.0)
            if y + needed > room:
                if taken:
                    break
                raise _too_much()
            taken += group
            y += high
        return taken, y

    # above and below -----------------------------------------------------------------------

    def _head(self, sheet: Sheet, *, first: bool) -> float:
        if first:
            return heads.head(sheet, self._words, self._page, self._template.title)
        return heads.continued(sheet, self._words, self._page, self._template.title)

    def _foot(self, sheet: Sheet, *, first: bool) -> float:
        """Where the last line stands: above the stub on the first page."""
        size = sheet.size
        if first and self._template.block(Kind.STUB):
            return stub.top(sheet) - 3.4
        return size.height - max(0.0 if size.small else _MARGIN_BELOW, size.clear + 1.0)

    def _below(self, sheet: Sheet, *, first: bool) -> float:
        """The code, and on the first page the stub. Returns where the room above them ends."""
        stubbed = first and self._template.block(Kind.STUB) is not None
        bottom = self._foot(sheet, first=first) - (6.5 if sheet.size.small else 7.5)
        top = bottom
        block = self._template.block(Kind.CODE)
        if block is not None:
            sentences = block.sentences
            top = panel.draw(sheet, self._words, self._page, self._code, sentences, bottom)
        if stubbed:
            with sheet.inside("Sect"):
                stub.draw(sheet, self._words, self._page)
        return top


def _shapes(paper: Paper) -> Iterator[Paper]:
    """The paper as it is, with tighter gaps, and then with smaller letters too."""
    yield paper
    yield paper.shaped(paper.size.scale, air=_TIGHT)
    scale = paper.size.scale
    while scale > paper.size.least_scale:
        scale = max(paper.size.least_scale, scale - _STEP)
        yield paper.shaped(scale, air=_TIGHT)


def _together(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces in groups that stay on one page: what leads, and what follows it."""
    groups: list[list[Piece]] = [[]]
    for piece in pieces:
        groups[-1].append(piece)
        if not piece.leads:
            groups.append([])
    return [group for group in groups if group]


def _count(groups: Sequence[Sequence[Piece]], taken: Sequence[Piece]) -> int:
    """How many groups those taken are."""
    count, left = 0, len(taken)
    while left > 0:
        left -= len(groups[count])
        count += 1
    return count


def _too_much() -> PageError:
    return PageError(
        "too_much",
        "The answers are too long for this paper. Choose a larger paper, or shorten them.",
    )
