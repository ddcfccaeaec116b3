"""Blank sheets for power cuts: what is to be filled in, and a number for typing it in."""

from collections.abc import Callable, Sequence

from documents.layout import blocks, combs, heads
from documents.layout.blocks import GAP, whole_label
from documents.layout.paper import Paper
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import ACCENT, MUTED, TYPE, WARNING
from documents.page_data import Blank
from documents.qr import number_symbol
from documents.templates.model import Block, Kind, Template
from documents.wording import Words

_LINE, _LEAST_LINE = 12.2, 10.1
_NUMBER = 14.0  # the last line, above the lower edge
_SIGNED = 10.0  # room for signatures above it

_Row = Callable[[Sheet, float, float], float]
"""Draws a row from `y` down, of a height, and returns where it ends."""


def draw(paper: Paper, words: Words, blank: Blank, template: Template, number: str) -> None:
    """Draw one sheet: on one page if it can be, else on as many as its rows need."""
    scratch = paper.scratch()
    height = _LINE
    while height > _LEAST_LINE and len(_pages(scratch, words, blank, template, number, height)) > 1:
        height -= 0.1
    pages = _pages(scratch, words, blank, template, number, height)
    for at, rows in enumerate(pages, start=1):
        with paper.page() as sheet:
            if blank.training:
                heads.training(sheet, words)
            y = _head(sheet, words, blank, template, number)
            for row in rows:
                y = row(sheet, y, height)
            if at == len(pages):
                _hands(sheet, words)
            _foot(sheet, words, number, at, len(pages))


def _pages(
    scratch: Sheet, words: Words, blank: Blank, template: Template, number: str, height: float
) -> list[list[_Row]]:
    """Which rows stand on which page; room for hands is left on each."""
    start = _head(scratch, words, blank, template, number)
    bottom = scratch.height_in_all - _NUMBER - _SIGNED - 5.0
    pages: list[list[_Row]] = [[]]
    y = start
    for row in _rows(words, template):
        high = row(scratch, 0.0, height)
        if y + high > bottom and pages[-1]:
            pages.append([])
            y = start
        pages[-1].append(row)
        y += high
    return pages


def _hands(sheet: Sheet, words: Words) -> None:
    y = sheet.height_in_all - _NUMBER - _SIGNED + 2.0
    width = (sheet.content - GAP) / 2
    for at, key in enumerate(("holder_signature", "office_signature")):
        x = sheet.margin + at * (width + GAP)
        sheet.rule(x, y, width, colour=MUTED)
        whole_label(sheet, words, key, x, y + 0.6, width)


def _foot(sheet: Sheet, words: Words, number: str, at: int, count: int) -> None:
    y = sheet.height_in_all - _NUMBER + 3.0
    half = sheet.content / 2
    sheet.line(number, sheet.margin, y, half, size=TYPE.small, colour=MUTED, language="")
    if count > 1:
        sheet.line(
            words.page_of(at, count),
            sheet.margin + half,
            y,
            half,
            size=TYPE.small,
            colour=MUTED,
            align=Align.END,
        )


def _head(sheet: Sheet, words: Words, blank: Blank, template: Template, number: str) -> float:
    """Who hands it out, what it is, its number large and as a code, and how it is filled in."""
    left, width = sheet.margin, sheet.content
    symbol = number_symbol(number)
    side = sheet.side(symbol)
    room = width - side - 10.0
    sheet.code(symbol, left + width - side - 2.0, 18.0, said=number)
    issuer = blank.issuer
    y = sheet.paragraph(
        issuer.authority or issuer.operation, left, 16.0, room, size=9.6, bold=True, language=""
    )
    y = sheet.paragraph(issuer.office, left, y, room, size=8.4, colour=MUTED, language="")
    with sheet.inside("H1"):
        y = sheet.paragraph(
            words.text(template.title), left, y + 2.0, room, size=16.0, bold=True, colour=ACCENT
        )
    beside = words.text_beside(template.title)
    if beside:
        y = sheet.paragraph(beside, left, y, room, size=8.6, colour=MUTED, language=words.beside)
    sheet.line(number, left, y + 7.5, room, size=18.0, bold=True, language="")
    y = max(y + 10.0, 18.0 + side + 3.0)
    if blank.training:
        y = sheet.paragraph(
            words.say("training_note"), left, y, width, size=8.6, bold=True, colour=WARNING
        )
    for block in template.blocks:
        if block.kind is Kind.TEXT:
            for key in block.sentences:
                y = sheet.paragraph(words.say(key), left, y + 0.5, width, size=TYPE.small) + 1.0
    return y


def _rows(words: Words, template: Template) -> list[_Row]:
    """The rows of all blocks, each as often as it is asked."""
    made: list[_Row] = []
    for block in template.blocks:
        if block.kind is not Kind.ENTRIES:
            continue
        for time in range(block.times):
            title = block.title if time == 0 else ""
            mark = str(time + 1) if block.times > 1 else ""
            made.append(_row(words, block, title, mark))
    return made


def _row(words: Words, block: Block, title: str, mark: str) -> _Row:
    """The entries of one block once: a name has a line of its own, the others stand together."""

    def drawn(sheet: Sheet, y: float, height: float) -> float:
        if title:
            y = blocks.heading(sheet, words, y, title)
        if mark:
            sheet.line(mark, sheet.margin - 5.0, y + 4.0, 4.0, size=9.0, bold=True, colour=MUTED)
        for row in _parted(block.fields):
            width = (sheet.content - GAP * (len(row) - 1)) / len(row)
            for place, key in enumerate(row):
                x = sheet.margin + place * (width + GAP)
                combs.entry(sheet, words, key, x, y, width, height)
            y += height
        return y + 1.2

    return drawn


def _parted(fields: Sequence[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    for key in fields:
        alone = key in combs.NAMES
        if alone or not rows or len(rows[-1]) == 3 or rows[-1][0] in combs.NAMES:
            rows.append([])
        rows[-1].append(key)
    return rows
