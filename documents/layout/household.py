"""The provisional attestation of a household: the focal point and the table of members."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.layout import blocks, panel
from documents.layout.blocks import fact
from documents.layout.paper import Paper
from documents.layout.sheet import Sheet
from documents.layout.theme import (
    CONTENT_WIDTH,
    HAIRLINE,
    INK,
    MARGIN,
    MUTED,
    TINT,
    TYPE,
    Colour,
)
from documents.page_data import Identity, MemberLine, PageData
from documents.qr import Symbol
from documents.wording import Words
from values.text import isolate

_STATEMENT = "provisional_household"
_SIGNATURES, _LEAST_SIGNATURES = 28.0, 17.0
_HEAD_ROW = 5.6
_PORTRAIT = 28.0  # smaller than on a person's own document: the table needs the room
_NUMBERS, _NUMBERS_SIZE = (1.35, 0.75, 0.95, 0.95), 9.6
_GAP = 4.0
_NAME, _LONG_NAME_SIZE = 10.5, 6.5
_LEAST_WHOLE = 5.6
_LONG_NAME = 70  # characters; beyond it a name at full size would take most of the page
# Columns of the table, in parts of its width: order, name, relation, sex, birth, personal number.
_COLUMNS = (0.04, 0.28, 0.15, 0.09, 0.23, 0.21)
_HEADINGS = ("", "name", "relation", "sex", "birth", "person_number")


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell: text, size, language, colour; `whole` keeps it on one line."""

    text: str
    size: float = 7.8
    language: str | None = None
    colour: Colour = INK
    whole: bool = False


def draw(paper: Paper, words: Words, page: PageData, symbol: Symbol | None) -> None:
    """Draw the document, on as many pages as its members need. Every page carries the code."""
    pages = _plan(paper.scratch(), words, page, symbol)
    for at, (first, end) in enumerate(pages):
        with paper.page() as sheet:
            blocks.watermark(sheet, words, page)
            y = _top(sheet, words, page, first=at == 0)
            y = _headings(sheet, words, y)
            for place in range(first, end):
                y = _row(sheet, _cells(words, place, page.members[place]), y)
                sheet.rule(MARGIN, y, CONTENT_WIDTH, colour=HAIRLINE)
            ceiling = panel.draw(sheet, words, page, symbol, _STATEMENT, panel.BOTTOM)
            if at == len(pages) - 1:
                height = min(_SIGNATURES, ceiling - y - 2 * _GAP)
                blocks.signatures(sheet, words, ceiling - _GAP - height, height)
            blocks.foot(sheet, words, page, at + 1, len(pages))


def _plan(
    sheet: Sheet, words: Words, page: PageData, symbol: Symbol | None
) -> list[tuple[int, int]]:
    """Which members stand on which page. The last page keeps room for the signatures."""
    ceiling = panel.draw(sheet, words, page, symbol, _STATEMENT, panel.BOTTOM)
    heights = [
        _row(sheet, _cells(words, place, member), 0.0) for place, member in enumerate(page.members)
    ]
    pages: list[tuple[int, int]] = []
    first = 0
    while first < len(heights) or not pages:
        y = _headings(sheet, words, _top(sheet, words, page, first=not pages))
        least = 1 if pages else 0  # below the focal point there may be no room for a tall row
        end = _fitting(heights, first, ceiling - _GAP - y, least)
        last = _fitting(heights, first, ceiling - _GAP - y - _LEAST_SIGNATURES - _GAP, least)
        if last < len(heights) == end:
            end = max(last, first + least)  # the signatures take a row's place: it moves with them
        pages.append((first, end))
        first = end
    if sum(heights[pages[-1][0] :]) > ceiling - 2 * _GAP - _LEAST_SIGNATURES - y:
        pages.append((len(heights), len(heights)))
    return pages


def _fitting(heights: Sequence[float], first: int, room: float, least: int) -> int:
    """Where the rows from `first` end that fit into `room`: after `least` rows at any rate."""
    end = first
    while end < len(heights) and (end - first < least or sum(heights[first : end + 1]) <= room):
        end += 1
    return end


def _top(sheet: Sheet, words: Words, page: PageData, *, first: bool) -> float:
    """Everything above the table. Returns where it ends."""
    top = blocks.head(sheet, words, page, "household_title")
    if not first:
        return top + 1.0
    below = blocks.portrait(sheet, words, page.photo, MARGIN, top + 1.0, width=_PORTRAIT)
    x = MARGIN + _PORTRAIT + 7.0
    width = CONTENT_WIDTH - _PORTRAIT - 7.0
    y = blocks.names(sheet, words, page.subject, x, top, width)
    y = sheet.paragraph(_in_a_line(words, page.subject), x, y + 0.4, width, size=9.4)
    row = [
        fact(words, "household_number", isolate(page.household_number), bold=True),
        fact(words, "members", words.member_count(len(page.members)), bold=True),
        fact(words, "issued", words.day(page.issued)),
        fact(words, "expires", words.day(page.expires), bold=True),
    ]
    y = max(y, below) + 3.0
    return (
        blocks.facts(sheet, [row], MARGIN, y, CONTENT_WIDTH, parts=_NUMBERS, size=_NUMBERS_SIZE)
        + 1.5
    )


def _in_a_line(words: Words, who: Identity) -> str:
    """What the code says of the focal point beside the name, each part in its own direction."""
    parts = (
        words.code("sex", who.sex),
        words.birth(who.birth) if who.birth else "",
        words.code("countries", who.nationality),
    )
    return "  ·  ".join(isolate(part) for part in parts if part)


def _headings(sheet: Sheet, words: Words, y: float) -> float:
    sheet.box(MARGIN, y, CONTENT_WIDTH, _HEAD_ROW, fill=TINT)
    for key, (x, width) in zip(_HEADINGS, _places(), strict=True):
        if key:
            sheet.line(
                words.say(key),
                x,
                y + 3.8,
                width,
                size=TYPE.label,
                least=5.2,
                bold=True,
                colour=MUTED,
            )
    return y + _HEAD_ROW


def _cells(words: Words, place: int, member: MemberLine) -> list[list[_Cell]]:
    """The cells of one row, each a stack of texts."""
    who = member.identity
    own = who.name or who.name_latin
    size = _NAME if len(own) <= _LONG_NAME else _LONG_NAME_SIZE
    name = [_Cell(own, size, who.name_language) if own else _Cell(words.say("not_named"))]
    if who.name_latin and who.name_latin != own:
        name.append(_Cell(who.name_latin, min(size, 7.8), "en", MUTED))
    unknown = words.say("not_recorded")
    return [
        [_Cell(str(place + 1), colour=MUTED)],
        name,
        [_Cell(words.code("relation", member.relation) or unknown)],
        [_Cell(words.code("sex", who.sex) or unknown)],
        [_Cell(words.birth(who.birth) if who.birth else unknown)],
        [_Cell(isolate(who.number), whole=True)],
    ]


def _row(sheet: Sheet, cells: Sequence[Sequence[_Cell]], y: float) -> float:
    """Draw one row, each cell centred in its height. Nothing is ever cut: the row grows."""
    places = _places()
    heights = [
        _stack(sheet, stack, x, 0.0, width, drawn=False)
        for stack, (x, width) in zip(cells, places, strict=True)
    ]
    height = max(heights) + 1.6
    for stack, own, (x, width) in zip(cells, heights, places, strict=True):
        _stack(sheet, stack, x, y + (height - own) / 2, width, drawn=True)
    return y + height


def _stack(
    sheet: Sheet, stack: Sequence[_Cell], x: float, y: float, width: float, *, drawn: bool
) -> float:
    for cell in stack:
        size = cell.size
        lines = sheet.lines(cell.text, width, size=size, language=cell.language)
        while cell.whole and len(lines) > 1 and size > _LEAST_WHOLE:
            size -= 0.2
            lines = sheet.lines(cell.text, width, size=size, language=cell.language)
        if drawn:
            y = sheet.draw_lines(lines, x, y, width, colour=cell.colour)
        else:
            y += sheet.height(lines)
    return y


def _places() -> list[tuple[float, float]]:
    """Start and width of each column, inside its padding."""
    places = []
    x = MARGIN
    for part in _COLUMNS:
        width = part * CONTENT_WIDTH
        places.append((x + 1.0, width - 2.0))
        x += width
    return places
