"""The provisional registration document of one person: one page."""

from documents.layout import blocks
from documents.layout.blocks import GAP, fact
from documents.layout.sheet import Sheet
from documents.layout.theme import CONTENT_WIDTH, MARGIN, PAGE_HEIGHT
from documents.page_data import PageData
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.qr import Symbol
from documents.wording import Words
from values.text import isolate

_PANEL_BOTTOM = PAGE_HEIGHT - 22.0
_SIGNATURES = 27.0


def page_count(page: PageData) -> int:
    """A person's document has one page."""
    return 1


def draw(sheet: Sheet, words: Words, page: PageData, symbol: Symbol, number: int) -> None:
    """Draw the page."""
    if page.training:
        blocks.watermark(sheet, words)
    top = blocks.head(sheet, words, page, "registration_title")
    blocks.portrait(sheet, words, page.photo, MARGIN, top + 1.0)
    x = MARGIN + PORTRAIT_WIDTH + 8.0
    width = CONTENT_WIDTH - PORTRAIT_WIDTH - 8.0
    who = page.subject
    y = blocks.names(sheet, words, who, x, top, width)
    y = blocks.facts(
        sheet,
        [
            [
                fact(words, "sex", words.code("sex", who.sex)),
                fact(words, "nationality", words.code("countries", who.nationality)),
            ],
            [fact(words, "birth", words.birth(who.birth) if who.birth else "")],
        ],
        x,
        y + 1.0,
        width,
    )
    y = max(y, top + 1.0 + PORTRAIT_HEIGHT) + 4.0
    y = blocks.facts(sheet, _numbers(words, page), MARGIN, y, CONTENT_WIDTH)
    panel = blocks.code_panel(sheet, words, page, symbol, "provisional", _PANEL_BOTTOM)
    room = panel - GAP - y
    blocks.signatures(sheet, words, panel - GAP - min(_SIGNATURES, room), min(_SIGNATURES, room))
    blocks.foot(sheet, words, page, number, 1)


def _numbers(words: Words, page: PageData) -> list[list[blocks.Fact]]:
    rows = [
        [
            fact(words, "person_number", isolate(page.subject.number), bold=True),
            fact(words, "document_number", isolate(page.number), bold=True),
        ],
        [
            fact(words, "issued", words.day(page.issued)),
            fact(words, "expires", words.day(page.expires), bold=True),
        ],
        [
            fact(words, "office", page.issuer.office),
            fact(words, "issued_by", page.issued_by),
        ],
    ]
    further = [
        fact(words, key, isolate(value))
        for key, value in (
            ("permanent_number", page.permanent_number),
            ("replaces", page.replaces),
        )
        if value
    ]
    return [*rows, further] if further else rows
