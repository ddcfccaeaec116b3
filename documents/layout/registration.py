"""The provisional registration document of one person: one page."""

from dataclasses import dataclass

from documents.errors import PageError
from documents.layout import blocks, panel
from documents.layout.blocks import Fact, fact
from documents.layout.paper import Paper
from documents.layout.sheet import Sheet
from documents.layout.theme import CONTENT_WIDTH, MARGIN, MUTED, TYPE
from documents.page_data import PageData
from documents.photo import PORTRAIT_WIDTH
from documents.qr import Symbol
from documents.wording import Words
from values.text import isolate

_SIGNATURES = 34.0  # room for a round stamp of 30 mm
_LEAST_SIGNATURES = 14.0
_GAP = 4.0


@dataclass(frozen=True, slots=True)
class _Shape:
    """How much of the page is used for what; the fuller shapes are tried first."""

    also: bool = True
    office: bool = True
    least_name: float = TYPE.least_name


# Names of extreme length take the room of what the code does not vouch for and of what the head
# already says; they are made smaller last, and never cut.
_SHAPES = (
    _Shape(),
    _Shape(also=False),
    _Shape(also=False, office=False),
    _Shape(also=False, office=False, least_name=6.5),
)


def draw(paper: Paper, words: Words, page: PageData, symbol: Symbol | None) -> None:
    """Draw the document.

    Raises:
        PageError: code ``too_much``: names and office texts leave no room for the rest.
    """
    scratch = paper.scratch()
    ceiling = panel.draw(scratch, words, page, symbol, "provisional", panel.BOTTOM)
    for shape in _SHAPES:
        room = ceiling - _body(scratch, words, page, shape)
        if room >= _LEAST_SIGNATURES + 2 * _GAP:
            break
    if room < _GAP:
        raise PageError("too_much", "The names are too long for the page. Shorten them.")
    with paper.page() as sheet:
        blocks.watermark(sheet, words, page)
        _body(sheet, words, page, shape)
        panel.draw(sheet, words, page, symbol, "provisional", panel.BOTTOM)
        height = min(_SIGNATURES, room - 2 * _GAP)
        if height >= _LEAST_SIGNATURES:
            blocks.signatures(sheet, words, ceiling - _GAP - height, height)
        blocks.foot(sheet, words, page, 1, 1)


def _body(sheet: Sheet, words: Words, page: PageData, shape: _Shape) -> float:
    """Everything above the signatures. Returns where it ends."""
    top = blocks.head(sheet, words, page, "registration_title")
    below = blocks.portrait(sheet, words, page.photo, MARGIN, top + 1.0)
    x = MARGIN + PORTRAIT_WIDTH + 8.0
    width = CONTENT_WIDTH - PORTRAIT_WIDTH - 8.0
    y = blocks.names(sheet, words, page.subject, x, top, width, least=shape.least_name)
    y = blocks.facts(sheet, _person(words, page), x, y + 1.0, width)
    y = max(y, below) + 4.0
    y = blocks.facts(sheet, _numbers(words, page, office=shape.office), MARGIN, y, CONTENT_WIDTH)
    also = _also_recorded(words, page) if shape.also else []
    if also:
        note = words.say("not_in_code")
        y = sheet.paragraph(note, MARGIN, y + 1.5, CONTENT_WIDTH, size=6.8, colour=MUTED)
        y = blocks.facts(sheet, [also], MARGIN, y + 1.0, CONTENT_WIDTH, size=9.6)
    return y


def _person(words: Words, page: PageData) -> list[list[Fact]]:
    who = page.subject
    return [
        [
            fact(words, "sex", words.code("sex", who.sex)),
            fact(words, "nationality", words.code("countries", who.nationality)),
        ],
        [fact(words, "birth", words.birth(who.birth) if who.birth else "")],
    ]


def _also_recorded(words: Words, page: PageData) -> list[Fact]:
    """What helps to know the holder and is not in the code, where anybody could read it."""
    who = page.subject
    return [
        fact(words, key, value)
        for key, value in (
            ("birth_place", who.birth_place),
            ("father_name", who.father_name),
            ("mother_name", who.mother_name),
        )
        if value
    ]


def _numbers(words: Words, page: PageData, *, office: bool) -> list[list[Fact]]:
    rows = [
        [
            fact(words, "person_number", isolate(page.subject.number), bold=True),
            fact(words, "document_number", isolate(page.number), bold=True),
        ],
        [
            fact(words, "issued", words.day(page.issued)),
            fact(words, "expires", words.day(page.expires), bold=True),
        ],
    ]
    if office:
        rows.append(
            [fact(words, "office", page.issuer.office), fact(words, "issued_by", page.issued_by)]
        )
    further = [
        fact(words, key, isolate(value))
        for key, value in (
            ("permanent_number", page.permanent_number),
            ("replaces", page.replaces),
        )
        if value
    ]
    return [*rows, further] if further else rows
