"""The panel at the foot of every page: the code, the number beside it, and what it all means."""

from documents.layout.blocks import label
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import (
    CONTENT_WIDTH,
    HAIRLINE,
    INK,
    LABEL_HEIGHT,
    MARGIN,
    MUTED,
    PAGE_HEIGHT,
    TINT,
    TYPE,
    WHITE,
)
from documents.page_data import PageData
from documents.qr import SIDES_MM, Symbol
from documents.wording import Words

BOTTOM = PAGE_HEIGHT - 22.0
_PAD = 5.0
_CELL_HEIGHT = 6.4


def draw(
    sheet: Sheet,
    words: Words,
    page: PageData,
    symbol: Symbol | None,
    statement: str,
    bottom: float,
) -> float:
    """The code with the control number beside it and the statements. Returns its top.

    The panel stands on `bottom` and grows upwards, below the fold of an A4 sheet. A preview has
    an empty frame where the code will be.
    """
    side = symbol.side_mm if symbol else SIDES_MM[0]
    x = MARGIN + _PAD + side + 9.0
    width = CONTENT_WIDTH - (x - MARGIN) - _PAD
    text = _text(words, page, statement)
    beside = LABEL_HEIGHT + _CELL_HEIGHT + 0.6
    beside += sum(
        gap + sheet.height(sheet.lines(line, width, size=size, bold=bold))
        for gap, line, size, bold in text
    )
    height = max(side + 8.0, beside) + _PAD * 2 - 2.0
    top = bottom - height
    sheet.box(MARGIN, top, CONTENT_WIDTH, height, fill=TINT, radius=2.0)
    corner = MARGIN + _PAD + 1.5, top + (height - side) / 2
    if symbol is None:
        sheet.box(*corner, side, side, fill=WHITE, stroke=HAIRLINE)
    else:
        sheet.code(symbol, *corner)
    y = _number_grid(sheet, words, page.number, x, top + (height - beside) / 2, width)
    for gap, line, size, bold in text:
        y = sheet.paragraph(line, x, y + gap, width, size=size, bold=bold)
    return top


def _text(words: Words, page: PageData, statement: str) -> list[tuple[float, str, float, bool]]:
    """What stands beside the code: gap above, text, size, bold."""
    text = [
        (1.2, words.say("check_title"), TYPE.body, True),
        (0.0, words.say("check"), TYPE.small, False),
        (1.0, words.say("provisional_title"), TYPE.body, True),
        (0.0, words.say(statement), TYPE.small, False),
        (1.0, page.issuer.legal_basis, TYPE.small, False),
        (1.0, words.say("lost"), TYPE.small, False),
        (1.0, words.in_english("in_short"), TYPE.small, False),
    ]
    return [entry for entry in text if entry[1]]


def _number_grid(
    sheet: Sheet, words: Words, number: str, x: float, y: float, width: float
) -> float:
    """The control number, one character a cell, for a person to copy or key in."""
    y = label(sheet, words.say("document_number"), words.in_english("document_number"), x, y, width)
    cell = min(5.6, width / max(1, len(number)))
    height = _CELL_HEIGHT
    row = cell * len(number)
    # The number reads from left to right on every page: cells are laid out from its own start.
    for at, char in enumerate(number):
        place = x + (row - (at + 1) * cell if sheet.rtl else at * cell)
        if char != "-":
            sheet.box(place, y, cell, height, fill=WHITE, stroke=HAIRLINE)
        sheet.line(
            char,
            place,
            y + height - 1.75,
            cell,
            size=TYPE.grid,
            bold=char != "-",
            colour=INK if char != "-" else MUTED,
            align=Align.CENTRE,
            language="",
        )
    return y + height + 0.6
