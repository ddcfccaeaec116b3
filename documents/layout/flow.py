"""A document by its template: pieces from top to bottom, on as many pages as they need.

At the foot of every page stand the code and the last line, at the lower edge of the first the
stub; the pieces of the other blocks run down from the head, and the hands that sign take what is
left on the last page. Everything is measured first, on a sheet that leaves no trace.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import groupby

from documents.errors import PageError
from documents.layout import blocks, members, panel, pattern, stub
from documents.layout.blocks import GAP
from documents.layout.facts import rows
from documents.layout.paper import Paper
from documents.layout.sheet import Sheet
from documents.layout.theme import ACCENT, HAIRLINE, MUTED, TYPE
from documents.page_data import Identity, PageData, Party
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.qr import Symbol
from documents.templates.model import Block, Kind, Template
from documents.wording import Words
from values.text import isolate

_SIGNATURES = 34.0  # room for a round stamp of 30 mm
_LEAST_SIGNATURES, _LEAST_AMONG_ROWS = 14.0, 17.0
_SMALL_PORTRAIT = 28.0  # of a household's head: the table needs the room
_MARGIN_BELOW = 13.0
_GAP = 4.0
_LONG_FACTS = 9.6
_NAMES = (TYPE.least_name, 6.5)


@dataclass(frozen=True, slots=True)
class Piece:
    """What is never divided between two pages. `row` is a row of a table, under its headings."""

    draw: Callable[[Sheet, float], float]
    row: bool = False


@dataclass(frozen=True, slots=True)
class _Shape:
    """How much of the page is used for what; the fuller shapes are tried first."""

    yielded: int = 10
    """Blocks that yield from this number up are left out."""
    least_name: float = TYPE.least_name


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of the plan: its pieces, and the room above the code, of which `end` is taken."""

    pieces: tuple[Piece, ...]
    ceiling: float
    end: float


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
        self._scratch = paper.scratch()

    def draw(self) -> None:
        """Draw the document.

        Raises:
            PageError: code ``too_much``: names and office texts leave no room for the rest.
        """
        plan = self._plan()
        block = self._template.block(Kind.SIGNATURES)
        for number, one in enumerate(plan, start=1):
            with self._paper.page() as sheet:
                blocks.watermark(sheet, self._words, self._page)
                pattern.band(sheet, self._seed)
                y = self._head(sheet)
                for rows, pieces in groupby(one.pieces, key=lambda piece: piece.row):
                    with sheet.inside("Table") if rows else nullcontext():
                        if rows:
                            y = members.headings(sheet, self._words, y)
                        for piece in pieces:
                            y = piece.draw(sheet, y)
                if number == len(plan) and block is not None:
                    height = min(_SIGNATURES, one.ceiling - one.end - 2 * _GAP)
                    if height >= _LEAST_SIGNATURES:
                        blocks.signatures(
                            sheet, self._words, one.ceiling - _GAP - height, height, block.fields
                        )
                self._below(sheet, number == 1)
                blocks.foot(sheet, self._words, self._page, number, len(plan), y=self._foot(number))

    # planning ------------------------------------------------------------------------------

    def _plan(self) -> list[_Page]:
        """On one page if it can be, with what yields left out where it must; else on several."""
        table = bool(self._template.block(Kind.MEMBERS))
        yields = sorted({one.yields for one in self._template.blocks if one.yields}, reverse=True)
        shapes = [_Shape(), *(_Shape(yielded=one) for one in yields)]
        shapes.append(replace(shapes[-1], least_name=_NAMES[1]))
        ceiling = self._below(self._scratch, first=True)
        signed = self._template.block(Kind.SIGNATURES) is not None
        needed = (_LEAST_SIGNATURES + _GAP if signed else 0.0) + _GAP
        if not table:
            for shape in shapes:
                pieces = self._pieces(shape)
                end = self._head(self._scratch) + sum(map(self._height, pieces))
                if end + needed <= ceiling:
                    return [_Page(tuple(pieces), ceiling, end)]
            if end + _GAP <= ceiling:  # the stamp finds its place on the page, without a box
                return [_Page(tuple(pieces), ceiling, end)]
        return self._pages(self._pieces(shapes[0] if not signed or table else shapes[-1]), table)

    def _pages(self, pieces: Sequence[Piece], table: bool) -> list[_Page]:
        """Several pages; the hands move to the last with a row, so that they are not alone."""
        least = (_LEAST_AMONG_ROWS if table else _LEAST_SIGNATURES) + _GAP
        if self._template.block(Kind.SIGNATURES) is None:
            least = 0.0
        left = list(pieces)
        made: list[_Page] = []
        while left or not made:
            ceiling = self._below(self._scratch, first=not made)
            room = ceiling - _GAP
            y = self._head(self._scratch)
            taken: list[Piece] = []
            for at, piece in enumerate(left):
                high = self._height(piece)
                if piece.row and not (taken and taken[-1].row):
                    high += members.headings(self._scratch, self._words, 0.0)
                if at == len(left) - 1 and taken and y + high + least > room:
                    break
                if y + high > room and taken:
                    break
                taken.append(piece)
                y += high
            if len(taken) == 1 and not taken[0].row and y > room + _GAP:
                raise PageError("too_much", "The answers are too long for the page. Shorten them.")
            made.append(_Page(tuple(taken), ceiling, y))
            left = left[len(taken) :]
        last = made[-1]
        if last.end + least > last.ceiling - _GAP:
            made.append(
                _Page((), self._below(self._scratch, first=False), self._head(self._scratch))
            )
        return made

    def _height(self, piece: Piece) -> float:
        return piece.draw(self._scratch, 0.0)

    # above and below -----------------------------------------------------------------------

    def _head(self, sheet: Sheet) -> float:
        return blocks.head(sheet, self._words, self._page, self._template.title)

    def _foot(self, number: int) -> float:
        """Where the last line stands: above the stub on the first page."""
        height = self._paper.size.height
        small = self._paper.size.scale < 1.0
        if number == 1 and self._template.block(Kind.STUB):
            return height - stub.HEIGHT - (6.5 if small else 8.5)
        return height - (9.0 if small else _MARGIN_BELOW)

    def _below(self, sheet: Sheet, first: bool) -> float:
        """The code, and on the first page the stub. Returns where the room above them ends."""
        bottom = self._foot(1 if first else 2) - (6.5 if self._paper.size.scale < 1.0 else 9.0)
        stubbed = first and self._template.block(Kind.STUB)
        top = bottom = bottom + (1.5 if stubbed else 0.0)
        block = self._template.block(Kind.CODE)
        if block is not None:
            sentences = block.sentences
            top = panel.draw(sheet, self._words, self._page, self._code, sentences, bottom)
        if stubbed:
            height = self._paper.size.height
            edge = 3.0 if self._paper.size.scale < 1.0 else 5.0
            with sheet.inside("Sect"):
                stub.draw(sheet, self._words, self._page, height - edge)
        return top

    # pieces --------------------------------------------------------------------------------

    def _pieces(self, shape: _Shape) -> list[Piece]:
        found: list[Piece] = []
        for block in self._template.blocks:
            if 0 < shape.yielded <= block.yields:
                continue
            found += self._of(block, shape)
        return found

    def _of(self, block: Block, shape: _Shape) -> list[Piece]:
        match block.kind:
            case Kind.HOLDER:
                return [Piece(lambda sheet, y: self._holder(sheet, y, block, shape))]
            case Kind.FACTS:
                return self._facts(block)
            case Kind.ALSO:
                return self._also(block)
            case Kind.PEOPLE:
                return self._people(block, shape)
            case Kind.MEMBERS:
                return self._members()
            case Kind.TEXT:
                return self._text(block)
            case Kind.CONSENT:
                return self._consents(block)
            case _:
                return []

    def _holder(self, sheet: Sheet, y: float, block: Block, shape: _Shape) -> float:
        """Portrait, names, and facts beside them, on a ground of fine lines."""
        page, words = self._page, self._words
        table = self._template.block(Kind.MEMBERS) is not None
        portrait = _SMALL_PORTRAIT if table or not _roomy(sheet) else PORTRAIT_WIDTH
        x, width = sheet.margin, sheet.content
        below = y
        if block.portrait:
            below = y + 1.0 + portrait * PORTRAIT_HEIGHT / PORTRAIT_WIDTH
            x += portrait + (7.0 if table else 8.0)
            width = sheet.content - (x - sheet.margin)
        facts = rows(words, page, block.rows)

        def inside(on: Sheet) -> float:
            end = y
            if block.roles:
                end = self._role(on, self._part(block.roles, page.subject), x, end, width)
            end = blocks.names(
                on,
                words,
                page.subject,
                x,
                end,
                width,
                least=shape.least_name,
                beside=not block.portrait,
            )
            if table:
                line = _in_a_line(words, page.subject)
                return on.paragraph(line, x, end + 0.4, width, size=9.4)
            return blocks.facts(
                on, facts, x, end + 1.0, width, parts=block.parts, language=words.beside
            )

        end = max(inside(self._scratch), below)
        pattern.ground(sheet, self._seed, sheet.margin, y, sheet.content, end - y + 1.0)
        if block.portrait:
            blocks.portrait(sheet, words, page.photo, sheet.margin, y + 1.0, width=portrait)
            pattern.rosette(sheet, self._seed, sheet.margin + sheet.content - 9.0, y + 8.0, 8.0)
        inside(sheet)
        pattern.microtext(sheet, page.number, sheet.margin, end + 1.9, sheet.content)
        return end + (3.0 if table else 4.0)

    def _part(self, roles: Sequence[str], who: Identity) -> Party | None:
        return next(
            (
                one
                for one in self._page.parties
                if one.role in roles and one.identity.number == who.number
            ),
            None,
        )

    def _role(self, sheet: Sheet, part: Party | None, x: float, y: float, width: float) -> float:
        """What the holder is in the event."""
        if part is None:
            return y
        said = part.label if not part.label_beside else f"{part.label}  ·  {part.label_beside}"
        return sheet.paragraph(said, x, y, width, size=TYPE.body, bold=True, colour=ACCENT) + 0.6

    def _facts(self, block: Block) -> list[Piece]:
        found = rows(self._words, self._page, block.rows)
        made = self._heading(block.title) if found else []
        table = self._template.block(Kind.MEMBERS) is not None
        size = _LONG_FACTS if table or block.title else TYPE.value
        for row in found:
            parts = block.parts if len(block.parts) == len(row) else ()

            def drawn(
                sheet: Sheet,
                y: float,
                row: list[blocks.Fact] = row,
                parts: tuple[float, ...] = parts,
            ) -> float:
                return blocks.facts(
                    sheet,
                    [row],
                    sheet.margin,
                    y,
                    sheet.content,
                    parts=parts,
                    size=size,
                    language=self._words.beside,
                )

            made.append(Piece(drawn))
        return [*made, Piece(lambda sheet, y: y + 1.5)] if made else []

    def _heading(self, title: str) -> list[Piece]:
        if not title:
            return []
        said, beside = self._words.text(title), self._words.text_beside(title)
        line = f"{said}  ·  {isolate(beside)}" if beside else said

        def drawn(sheet: Sheet, y: float) -> float:
            with sheet.inside("H2"):
                return 0.8 + sheet.paragraph(
                    line, sheet.margin, y + 1.0, sheet.content, size=9.4, bold=True, colour=ACCENT
                )

        return [Piece(drawn)]

    def _also(self, block: Block) -> list[Piece]:
        found = rows(self._words, self._page, block.rows, also=True)
        if not found:
            return []

        def drawn(sheet: Sheet, y: float) -> float:
            y = sheet.paragraph(
                self._words.say("not_in_code"),
                sheet.margin,
                y + 1.5,
                sheet.content,
                size=6.8,
                colour=MUTED,
            )
            return blocks.facts(
                sheet,
                found,
                sheet.margin,
                y + 1.0,
                sheet.content,
                size=_LONG_FACTS,
                language=self._words.beside,
            )

        return [Piece(drawn)]

    def _people(self, block: Block, shape: _Shape) -> list[Piece]:
        """Those who have a part, two beside each other."""
        holder = self._page.subject.number
        parts = [
            one
            for role in block.roles
            for one in self._page.parties
            if one.role == role and (not holder or one.identity.number != holder)
        ]
        made = self._heading(block.title) if parts else []
        for at in range(0, len(parts), 2):
            pair = parts[at : at + 2]

            def drawn(sheet: Sheet, y: float, pair: list[Party] = pair) -> float:
                sheet.rule(sheet.margin, y, sheet.content, colour=HAIRLINE)
                width = (sheet.content - GAP) / 2
                ends = []
                with sheet.inside("L"):
                    for place, one in enumerate(pair):
                        x = sheet.margin + place * (width + GAP)
                        with sheet.inside("LI"):
                            ends.append(self._party(sheet, one, x, y + 1.3, width, shape))
                return max(ends) + 1.6

            made.append(Piece(drawn))
        return [*made, Piece(lambda sheet, y: y + 1.5)] if made else []

    def _party(
        self, sheet: Sheet, one: Party, x: float, y: float, width: float, shape: _Shape
    ) -> float:
        who, words = one.identity, self._words
        y = blocks.two_labels(
            sheet, one.label, one.label_beside, x, y, width, language=words.beside
        )
        with sheet.inside("LBody"):
            return self._who(sheet, who, x, y, width, shape)

    def _who(
        self, sheet: Sheet, who: Identity, x: float, y: float, width: float, shape: _Shape
    ) -> float:
        words = self._words
        own = who.name or who.name_latin
        size = 12.0 if shape.least_name == _NAMES[0] else 8.0
        y = sheet.paragraph(
            own or words.say("not_recorded"), x, y, width, size=size, language=who.name_language
        )
        if who.name_latin and who.name_latin != own:
            y = sheet.paragraph(
                who.name_latin, x, y, width, size=size * 0.76, colour=MUTED, language="en"
            )
        line = "  ·  ".join(
            isolate(part)
            for part in (
                who.number,
                words.code("sex", who.sex),
                words.birth(who.birth) if who.birth else "",
            )
            if part
        )
        if line:
            y = sheet.paragraph(line, x, y + 0.2, width, size=TYPE.small, colour=MUTED)
        return y

    def _members(self) -> list[Piece]:
        return [
            Piece(
                lambda sheet, y, place=place, one=one: members.row(  # type: ignore[misc]  # bound
                    sheet, self._words, place, one, y
                ),
                row=True,
            )
            for place, one in enumerate(self._page.members)
        ]

    def _text(self, block: Block) -> list[Piece]:
        made = self._heading(block.title)
        for key in block.sentences:

            def drawn(sheet: Sheet, y: float, key: str = key) -> float:
                y = sheet.paragraph(
                    self._words.say(key), sheet.margin, y + 0.8, sheet.content, size=9.4
                )
                beside = self._words.say_beside(key)
                if beside:
                    y = sheet.paragraph(
                        beside,
                        sheet.margin,
                        y + 0.8,
                        sheet.content,
                        size=TYPE.body,
                        colour=MUTED,
                        language=self._words.beside,
                    )
                return y + 1.6

            made.append(Piece(drawn))
        return made

    def _consents(self, block: Block) -> list[Piece]:
        """Purpose by purpose, with what was answered at the end of each line."""
        made = self._heading(block.title)
        for purpose, answer in self._page.consents:

            def drawn(
                sheet: Sheet, y: float, purpose: str = purpose, answer: str = answer
            ) -> float:
                words = self._words
                sheet.rule(sheet.margin, y, sheet.content, colour=HAIRLINE)
                wide = sheet.content * 0.78
                asked = words.code("purposes", purpose)
                said = words.code("yes_no", answer) or words.say("not_answered")
                x, left = sheet.margin + wide + GAP, sheet.content - wide - GAP
                with sheet.inside("L"), sheet.inside("LI"):
                    with sheet.inside("Lbl"):
                        end = sheet.paragraph(asked, sheet.margin, y + 1.2, wide, size=9.6)
                    with sheet.inside("LBody"):
                        sheet.paragraph(said, x, y + 1.2, left, size=9.6, bold=True)
                return end + 1.2

            made.append(Piece(drawn))
        return made


def _roomy(sheet: Sheet) -> bool:
    return sheet.size.scale == 1.0


def _in_a_line(words: Words, who: Identity) -> str:
    """What the code says of the focal point beside the name, each part in its own direction."""
    parts = (
        words.code("sex", who.sex),
        words.birth(who.birth) if who.birth else "",
        words.code("countries", who.nationality),
    )
    return "  ·  ".join(isolate(part) for part in parts if part)
