"""The provisional registration document of one person: one page."""

from documents.layout import blocks
from documents.layout.blocks import GAP, PANEL_BOTTOM, Fact, fact
from documents.layout.paper import Paper
from documents.layout.theme import CONTENT_WIDTH, MARGIN, MUTED
from documents.page_data import PageData
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.qr import Symbol
from documents.wording import Words
from values.text import isolate

_SIGNATURES = 34.0  # room for a round stamp of 30 mm


def draw(paper: Paper, words: Words, page: PageData, symbol: Symbol | None) -> None:
    """Draw the document."""
    with paper.page() as sheet:
        blocks.watermark(sheet, words, page)
        top = blocks.head(sheet, words, page, "registration_title")
        blocks.portrait(sheet, words, page.photo, MARGIN, top + 1.0)
        x = MARGIN + PORTRAIT_WIDTH + 8.0
        width = CONTENT_WIDTH - PORTRAIT_WIDTH - 8.0
        y = blocks.names(sheet, words, page.subject, x, top, width)
        y = blocks.facts(sheet, _person(words, page), x, y + 1.0, width)
        y = max(y, top + 1.0 + PORTRAIT_HEIGHT) + 4.0
        y = blocks.facts(sheet, _numbers(words, page), MARGIN, y, CONTENT_WIDTH)
        also = _also_recorded(words, page)
        if also:
            y = sheet.paragraph(
                words.say("not_in_code"), MARGIN, y + 1.5, CONTENT_WIDTH, size=6.8, colour=MUTED
            )
            y = blocks.facts(sheet, [also], MARGIN, y + 1.0, CONTENT_WIDTH, size=9.6)
        panel = blocks.code_panel(sheet, words, page, symbol, "provisional", PANEL_BOTTOM)
        height = min(_SIGNATURES, panel - y - 2 * GAP)
        blocks.signatures(sheet, words, panel - GAP - height, height)
        blocks.foot(sheet, words, page, 1, 1)


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


def _numbers(words: Words, page: PageData) -> list[list[Fact]]:
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
