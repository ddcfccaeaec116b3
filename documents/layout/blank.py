"""Blank sheets for power cuts: empty lines under their labels, and a number for typing them in."""

from documents.layout.blocks import GAP, label
from documents.layout.paper import Paper
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import ACCENT, HAIRLINE, MUTED, TYPE, WARNING
from documents.page_data import Blank
from documents.qr import number_symbol
from documents.templates.model import Block, Kind, Template
from documents.wording import Words

_LINE = 11.0
_LEAST_LINE = 8.2


def draw(paper: Paper, words: Words, blank: Blank, template: Template, number: str) -> None:
    """Draw one sheet."""
    scratch = paper.scratch()
    height = _LINE
    bottom = scratch.height_in_all - 30.0
    while height > _LEAST_LINE and _body(scratch, words, blank, template, number, height) > bottom:
        height -= 0.2
    with paper.page() as sheet:
        if blank.training:
            with sheet.turned(38):
                sheet.line(
                    words.say("training"),
                    sheet.margin - 30,
                    sheet.height_in_all / 2,
                    sheet.content + 60,
                    size=TYPE.watermark,
                    least=30,
                    bold=True,
                    colour=HAIRLINE,
                    align=Align.CENTRE,
                )
        _body(sheet, words, blank, template, number, height)
        y = sheet.height_in_all - 22.0
        for at, key in enumerate(("holder_signature", "office_signature")):
            width = (sheet.content - GAP) / 2
            x = sheet.margin + at * (width + GAP)
            sheet.rule(x, y, width, colour=MUTED)
            label(sheet, words, key, x, y + 0.6, width)
        sheet.line(
            number,
            sheet.margin,
            sheet.height_in_all - 12.0,
            sheet.content,
            size=TYPE.small,
            colour=MUTED,
            language="",
        )


def _body(
    sheet: Sheet, words: Words, blank: Blank, template: Template, number: str, height: float
) -> float:
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
        elif block.kind is Kind.ENTRIES:
            y = _entries(sheet, words, block, y, height)
    return y


def _entries(sheet: Sheet, words: Words, block: Block, y: float, height: float) -> float:
    """The lines of one block, as often as it is asked: names alone, other things two in a row."""
    if block.title:
        said = words.text(block.title)
        beside = words.text_beside(block.title)
        with sheet.inside("H2"):
            y = sheet.paragraph(
                f"{said}  ·  {beside}" if beside else said,
                sheet.margin,
                y + 1.0,
                sheet.content,
                size=9.4,
                bold=True,
                colour=ACCENT,
            )
    for time in range(block.times):
        if block.times > 1:
            sheet.line(
                str(time + 1), sheet.margin - 5.0, y + 4.0, 4.0, size=9.0, bold=True, colour=MUTED
            )
        columns = 3 if len(block.fields) > 2 else 2
        for at in range(0, len(block.fields), columns):
            row = block.fields[at : at + columns]
            width = (sheet.content - GAP * (len(row) - 1)) / len(row)
            for place, key in enumerate(row):
                x = sheet.margin + place * (width + GAP)
                label(sheet, words, key, x, y, width)
                sheet.rule(x, y + height - 1.0, width, colour=MUTED)
            y += height
        y += 1.2
    return y
