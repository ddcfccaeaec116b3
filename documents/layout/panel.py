"""The panel at the foot of every page: the code, the number beside it, and what it all means."""

from collections.abc import Sequence

from documents.layout import pattern
from documents.layout.blocks import label
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import (
    HAIRLINE,
    INK,
    LABEL_HEIGHT,
    MUTED,
    TINT,
    TYPE,
    WHITE,
)
from documents.page_data import PageData
from documents.qr import SIDES_MM, Symbol
from documents.wording import Words
from values.text import is_rtl

_PAD = 5.0
_CELL, _CELL_HEIGHT = 5.6, 6.4
_NUMBER_TO_COME = "   -   -   -      -  "
"""The shape of a document's number, as in UTO-A01-K7Q-D00001-31."""

_Said = tuple[float, str, float, bool, str | None]
"""Gap above, text, size, bold, language."""


def draw(
    sheet: Sheet,
    words: Words,
    page: PageData,
    symbol: Symbol | None,
    sentences: Sequence[str],
    bottom: float,
) -> float:
    """The code with the control number beside it and the statements. Returns its top.

    The panel stands on `bottom` and grows upwards, below the fold of an A4 sheet. A preview has
    an empty frame where the code will be. Where the words beside the code would be taller than
    it, the sentences stand below, over the whole width.
    """
    pad = _PAD * sheet.content / 174.0
    side = sheet.side(symbol) if symbol else SIDES_MM[0] / sheet.size.scale
    gap = 9.0 if side < sheet.content / 3 else 6.0
    x = sheet.margin + pad + side + gap
    width = sheet.content - (x - sheet.margin) - pad
    how, what = _how(words), _what(words, page, sentences)
    grid = LABEL_HEIGHT + _CELL_HEIGHT + 0.6
    beside, below = [*how, *what], list[_Said]()
    whole = sheet.content - 2 * pad
    together = max(side + 8.0, grid + _height(sheet, beside, width))
    apart = max(side + 8.0, grid + _height(sheet, how, width)) + _height(sheet, what, whole) + 2.0
    if apart < together:
        beside, below = how, what
    high = max(side + 8.0, grid + _height(sheet, beside, width))
    under = _height(sheet, below, whole) + 2.0 if below else 0.0
    height = high + under + pad * 2 - 2.0
    top = bottom - height
    sheet.box(sheet.margin, top, sheet.content, height, fill=TINT, radius=2.0)
    corner = sheet.margin + pad + 1.5, top + (height - under - side) / 2
    if symbol is None:
        sheet.box(*corner, side, side, fill=WHITE, stroke=HAIRLINE)
    else:
        sheet.code(symbol, *corner, said=words.say("code"))
    # A reader of its height: the words are centred beside the code, or begin at its top.
    y = top + (height - under - grid - _height(sheet, beside, width)) / 2
    y = number_grid(sheet, words, page.number, x, y, width)
    _write(sheet, beside, x, y, width)
    if below:
        _write(sheet, below, sheet.margin + pad, top + high + pad, whole)
    pattern.microtext(sheet, page.number, sheet.margin + 2.0, bottom - 0.7, sheet.content - 4.0)
    return top


def _height(sheet: Sheet, said: Sequence[_Said], width: float) -> float:
    return sum(
        gap + sheet.height(sheet.lines(line, width, size=size, bold=bold, language=language))
        for gap, line, size, bold, language in said
    )


def _write(sheet: Sheet, said: Sequence[_Said], x: float, y: float, width: float) -> float:
    for gap, line, size, bold, language in said:
        # A sentence of the other direction begins where its own readers look for its beginning.
        turned = sheet.rtl and not any(map(is_rtl, line))
        with sheet.inside("H2" if bold else "P", language=language or ""):
            y = sheet.paragraph(
                line,
                x,
                y + gap,
                width,
                size=size,
                bold=bold,
                language=language,
                align=Align.END if turned else Align.START,
            )
    return y


def _how(words: Words) -> list[_Said]:
    return [
        (1.2, words.say("check_title"), TYPE.body, True, None),
        (0.0, words.say("check"), TYPE.small, False, None),
    ]


def _what(words: Words, page: PageData, sentences: Sequence[str]) -> list[_Said]:
    said: list[_Said] = [(1.0, words.say("provisional_title"), TYPE.body, True, None)]
    said += [
        (0.0 if at == 0 else 0.8, words.say(key), TYPE.small, False, None)
        for at, key in enumerate(sentences)
    ]
    said.append((0.8, page.issuer.legal_basis, TYPE.small, False, None))
    if sentences:  # what it is not, in the authority's words too: whoever checks it must read it
        beside = words.say_beside(sentences[0])
        said.append((1.0, beside, TYPE.beside, False, words.beside))
    return [entry for entry in said if entry[1]]


def number_grid(sheet: Sheet, words: Words, number: str, x: float, y: float, width: float) -> float:
    """The control number, one character a cell, for a person to copy or key in; of a preview, its
    empty cells."""
    y = label(sheet, words, "document_number", x, y, width)
    said, number = number or words.say("number_later"), number or _NUMBER_TO_COME
    cell = min(_CELL, width / max(1, len(number)))
    height = _CELL_HEIGHT
    row = cell * len(number)
    # The number reads from left to right on every page: cells are laid out from its own start.
    places = [x + (row - (at + 1) * cell if sheet.rtl else at * cell) for at in range(len(number))]
    for char, place in zip(number, places, strict=True):
        if char != "-":
            sheet.box(place, y, cell, height, fill=WHITE, stroke=HAIRLINE)
    with sheet.inside("P", instead=said):
        for char, place in zip(number, places, strict=True):
            if char == " ":
                continue
            sheet.line(
                char,
                place,
                y + height - 1.75,
                cell,
                size=min(TYPE.grid, TYPE.grid * cell / _CELL * 1.15),
                bold=char != "-",
                colour=INK if char != "-" else MUTED,
                align=Align.CENTRE,
                language="",
            )
    return y + height + 0.6
