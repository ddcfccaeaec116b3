"""What stands between the head of a document and its code: its blocks as pieces, in their order.

A piece is never divided between two pages. It draws itself on a sheet from `y` down and returns
where it ends; on a sheet that only measures it does the same and leaves no trace.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from documents.layout import blocks, members, pattern
from documents.layout.blocks import GAP
from documents.layout.facts import ALL, rows, value_beside
from documents.layout.sheet import Sheet
from documents.layout.theme import ACCENT, HAIRLINE, MUTED, TYPE
from documents.page_data import Identity, PageData, Party
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.templates.model import Block, Kind, Template
from documents.wording import Words
from values.text import isolate

_SMALL_PORTRAIT = 28.0  # of a household's head: the table needs the room
_LONG_FACTS = 9.6
_PARTY, _EQUAL, _LEAST_PARTY = 12.0, 15.0, 8.0  # names of those with a part, in points
_MOST_LINES = 2
_IN_A_LINE = ("holder.sex", "holder.birth", "holder.nationality")

Draw = Callable[[Sheet, float], float]


@dataclass(frozen=True, slots=True)
class Piece:
    """`row` is a row of a table, under its headings; what `leads` stands with the next piece."""

    draw: Draw
    row: bool = False
    leads: bool = False


class Pieces:
    """The pieces of one document."""

    def __init__(
        self,
        words: Words,
        page: PageData,
        template: Template,
        seed: bytes,
        *,
        beside: Collection[str] = ALL,
    ) -> None:
        """`beside`: the facts that are said in the authority's language too."""
        self._words = words
        self._beside = beside
        self._page = page
        self._template = template
        self._seed = seed
        self._table = template.block(Kind.MEMBERS) is not None

    def all(self, scratch: Sheet) -> list[Piece]:
        """Those of all blocks; `scratch` measures on the paper that they will be drawn on."""
        return [piece for block in self._template.blocks for piece in self._of(block, scratch)]

    def _of(self, block: Block, scratch: Sheet) -> list[Piece]:
        match block.kind:
            case Kind.HOLDER:
                return [Piece(lambda sheet, y: self._holder(sheet, y, block, scratch))]
            case Kind.FACTS:
                return self._facts(block)
            case Kind.ALSO:
                return self._also(block)
            case Kind.PEOPLE:
                return self._people(block)
            case Kind.MEMBERS:
                return self._members()
            case Kind.TEXT:
                return self._text(block)
            case Kind.CONSENT:
                return self._consents(block)
            case _:
                return []

    # the holder ----------------------------------------------------------------------------

    def _holder(self, sheet: Sheet, y: float, block: Block, scratch: Sheet) -> float:
        """Portrait, names, and facts beside them, on a ground of fine lines."""
        page, words, table = self._page, self._words, self._table
        portrait = _SMALL_PORTRAIT if table or sheet.size.small else PORTRAIT_WIDTH
        x, width = sheet.margin, sheet.content
        below = y
        if block.portrait:
            below = y + 1.0 + portrait * PORTRAIT_HEIGHT / PORTRAIT_WIDTH
            x += portrait + (7.0 if table else 8.0)
            width = sheet.content - (x - sheet.margin)
        facts = rows(words, page, block.rows, beside=self._beside)
        size = self._size_of_equals(scratch)

        def inside(on: Sheet) -> float:
            end = y
            if block.roles:
                end = self._role(on, self._part(block.roles, page.subject), x, end, width)
            end = blocks.names(
                on, words, page.subject, x, end, width, size=size, beside=not block.portrait
            )
            if table:
                return self._in_lines(on, x, end + 0.4, width)
            return blocks.facts(
                on, facts, x, end + 1.0, width, parts=block.parts, language=words.beside
            )

        end = max(inside(scratch), below)
        pattern.ground(sheet, self._seed, sheet.margin, y, sheet.content, end - y + 1.0)
        if block.portrait:
            blocks.portrait(sheet, words, page.photo, sheet.margin, y + 1.0, width=portrait)
            pattern.rosette(sheet, self._seed, sheet.margin + sheet.content - 9.0, y + 8.0, 8.0)
        inside(sheet)
        pattern.microtext(sheet, page.number, sheet.margin, end + 1.9, sheet.content)
        return end + 2.2 + (0.8 if table else 1.8) * sheet.air

    def _in_lines(self, sheet: Sheet, x: float, y: float, width: float) -> float:
        """What the code says of the focal point beside the name, and in the authority's words."""
        y = sheet.paragraph(_in_a_line(self._words, self._page.subject), x, y, width, size=9.4)
        if _IN_A_LINE[0] not in self._beside:
            return y
        said = [value_beside(self._words, self._page, ref) for ref in _IN_A_LINE]
        line = "  ·  ".join(isolate(one) for one in said if one)
        if not line:
            return y
        language = self._words.beside
        return sheet.paragraph(line, x, y, width, size=TYPE.small, colour=MUTED, language=language)

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

    # facts ---------------------------------------------------------------------------------

    def _facts(self, block: Block) -> list[Piece]:
        found = rows(self._words, self._page, block.rows, beside=self._beside)
        if not found:
            return []
        size = _LONG_FACTS if self._table or block.title else TYPE.value
        made = [self._row(row, size, block.parts) for row in found]
        return _block([*self._heading(block.title), *made])

    def _row(self, row: list[blocks.Fact], size: float, shares: tuple[float, ...] = ()) -> Piece:
        parts = shares if len(shares) == len(row) else ()
        beside = self._words.beside

        def drawn(sheet: Sheet, y: float) -> float:
            return blocks.facts(
                sheet, [row], sheet.margin, y, sheet.content, parts=parts, size=size,
                language=beside,
            )  # fmt: skip

        return Piece(drawn)

    def _also(self, block: Block) -> list[Piece]:
        found = rows(self._words, self._page, block.rows, also=True)
        if not found:
            return []
        said = self._words.say("not_in_code")

        def warned(sheet: Sheet, y: float) -> float:
            at = y + 1.5 * sheet.air
            return 1.0 + sheet.paragraph(
                said, sheet.margin, at, sheet.content, size=6.8, colour=MUTED
            )

        return [Piece(warned, leads=True), *(self._row(row, _LONG_FACTS) for row in found)]

    def _heading(self, title: str) -> list[Piece]:
        if not title:
            return []
        return [
            Piece(lambda sheet, y: 0.8 + blocks.heading(sheet, self._words, y, title), leads=True)
        ]

    # people --------------------------------------------------------------------------------

    def _parties(self, block: Block) -> list[Party]:
        """Those with a part, without the holder."""
        holder = self._page.subject.number
        return [
            one
            for role in block.roles
            for one in self._page.parties
            if one.role == role and (not holder or one.identity.number != holder)
        ]

    def _people(self, block: Block) -> list[Piece]:
        """Those who have a part, two beside each other, all names in one size."""
        parts = self._parties(block)
        made = []
        for at in range(0, len(parts), 2):

            def drawn(sheet: Sheet, y: float, pair: list[Party] = parts[at : at + 2]) -> float:
                sheet.rule(sheet.margin, y, sheet.content, colour=HAIRLINE)
                width = _half(sheet)
                size = self._size_of_equals(sheet) or _size_for(
                    sheet, [one.identity for one in parts], _PARTY
                )
                ends = []
                labels = [(one.label, one.label_beside) for one in pair]
                lines = blocks.label_lines(sheet, labels, [width] * len(pair), self._words.beside)
                with sheet.inside("L"):
                    for place, one in enumerate(pair):
                        x = sheet.margin + place * (width + GAP)
                        with sheet.inside("LI"):
                            ends.append(self._party(sheet, one, x, y + 1.3, width, size, lines))
                return max(ends) + 1.6 * sheet.air

            made.append(Piece(drawn))
        return _block([*self._heading(block.title), *made]) if made else []

    def _size_of_equals(self, sheet: Sheet) -> float | None:
        """The size of all names where the holder is one of equals, as of two who marry."""
        holder = self._template.block(Kind.HOLDER)
        own = set(holder.roles) if holder else set()
        for block in self._template.blocks:
            if block.kind is Kind.PEOPLE and own & set(block.roles):
                others = [one.identity for one in self._parties(block)]
                return _size_for(sheet, [self._page.subject, *others], _EQUAL)
        return None

    def _party(
        self, sheet: Sheet, one: Party, x: float, y: float, width: float, size: float, lines: int
    ) -> float:
        beside = self._words.beside
        y = blocks.two_labels(
            sheet, one.label, one.label_beside, x, y, width, language=beside, lines=lines
        )
        with sheet.inside("LBody"):
            return self._who(sheet, one.identity, x, y, width, size)

    def _who(
        self, sheet: Sheet, who: Identity, x: float, y: float, width: float, size: float
    ) -> float:
        words = self._words
        own = who.name or who.name_latin
        y = sheet.paragraph(
            own or words.say("not_recorded"), x, y, width, size=size, language=who.name_language
        )
        if who.name_latin and who.name_latin != own:
            y = sheet.paragraph(
                who.name_latin,
                x,
                y,
                width,
                size=size * blocks.LATIN,
                colour=MUTED,
                language="en",
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

    # sentences -----------------------------------------------------------------------------

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
                return y + 1.6 * sheet.air

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


def _block(made: list[Piece]) -> list[Piece]:
    """The pieces of a block, with the room that stands below the last."""
    last = made[-1]
    return [
        *made[:-1],
        replace(last, draw=lambda sheet, y: last.draw(sheet, y) + 1.5 * sheet.air),
    ]


def _half(sheet: Sheet) -> float:
    return (sheet.content - GAP) / 2


def _size_for(sheet: Sheet, people: Sequence[Identity], size: float) -> float:
    """The largest size up to `size` in which each of the names takes two lines of half the width
    at most; one of extreme length takes more."""
    width = _half(sheet)

    def long(who: Identity) -> bool:
        own = who.name or who.name_latin
        lines = sheet.lines(own, width, size=size, language=who.name_language)
        return len(lines) > _MOST_LINES

    while size > _LEAST_PARTY and any(map(long, people)):
        size -= 1.0
    return size


def _in_a_line(words: Words, who: Identity) -> str:
    """What the code says of the focal point beside the name, each part in its own direction."""
    parts = (
        words.code("sex", who.sex),
        words.birth(who.birth) if who.birth else "",
        words.code("countries", who.nationality),
    )
    return "  ·  ".join(isolate(part) for part in parts if part)
