"""The blocks that all pages share: head, portrait, names, facts, code and foot."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.layout.sheet import Align, Sheet, baseline_below
from documents.layout.theme import (
    ACCENT,
    CONTENT_WIDTH,
    HAIRLINE,
    INK,
    MARGIN,
    MM,
    MUTED,
    PAGE_HEIGHT,
    PATTERN,
    TINT,
    TYPE,
    WARNING,
    WATERMARK,
    WHITE,
)
from documents.page_data import Identity, PageData
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.qr import SIDES_MM, Symbol
from documents.wording import Words

GAP = 6.0
PANEL_BOTTOM = PAGE_HEIGHT - 22.0
_ENGLISH = "en"
_PANEL_PAD = 5.0
_CELL_HEIGHT = 6.4


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is said under it. `plain` values (numbers) keep their own direction."""

    label: str
    english: str
    value: str
    bold: bool = False


def fact(words: Words, key: str, value: str, *, bold: bool = False) -> Fact:
    """A fact under the label `key`; an empty value is said to be not recorded."""
    return Fact(
        words.say(key), words.in_english(key), value or words.say("not_recorded"), bold=bold
    )


def watermark(sheet: Sheet, words: Words, page: PageData) -> None:
    """The mark of a preview or of training across the page, under everything else."""
    mark = _mark(words, page)
    if not mark:
        return
    with sheet.turned(38):
        for offset in (-72.0, 0.0, 72.0):
            sheet.line(
                mark,
                MARGIN - 30,
                PAGE_HEIGHT / 2 + offset,
                CONTENT_WIDTH + 60,
                size=TYPE.watermark,
                least=30,
                bold=True,
                colour=WATERMARK,
                align=Align.CENTRE,
            )


def _mark(words: Words, page: PageData) -> str:
    if not page.credential:
        return words.say("preview")
    return words.say("training") if page.training else ""


def head(sheet: Sheet, words: Words, page: PageData, title: str) -> float:
    """Who issues, and what this is. Returns where the head ends."""
    _pattern(sheet, page.number)
    half = CONTENT_WIDTH * 0.62
    top = 24.0
    y = sheet.paragraph(
        page.issuer.authority or page.issuer.operation,
        MARGIN,
        top,
        half,
        size=10.5,
        bold=True,
        most=2,
        language="",
    )
    if page.issuer.authority:
        y = sheet.paragraph(
            page.issuer.operation, MARGIN, y, half, size=8.6, colour=MUTED, most=2, language=""
        )
    rest = CONTENT_WIDTH - half - GAP
    below = sheet.paragraph(
        page.issuer.office,
        MARGIN + half + GAP,
        top,
        rest,
        size=9.4,
        align=Align.END,
        most=2,
        language="",
    )
    if page.issuer.contact:
        below = sheet.paragraph(
            page.issuer.contact,
            MARGIN + half + GAP,
            below,
            rest,
            size=8.0,
            colour=MUTED,
            align=Align.END,
            most=2,
            language="",
        )
    y = max(y, below) + 5.0
    y = sheet.paragraph(
        words.say(title), MARGIN, y, CONTENT_WIDTH, size=TYPE.title, bold=True, colour=ACCENT
    )
    english = words.in_english(title)
    if english:
        y = sheet.paragraph(
            english, MARGIN, y + 0.4, CONTENT_WIDTH, size=9.6, colour=MUTED, language=_ENGLISH
        )
    if page.training:
        y = sheet.paragraph(
            words.say("training_note"),
            MARGIN,
            y + 1.0,
            CONTENT_WIDTH,
            size=8.6,
            bold=True,
            colour=WARNING,
        )
    return y + 4.0


def portrait(
    sheet: Sheet,
    words: Words,
    photo: bytes | None,
    x: float,
    y: float,
    *,
    width: float = PORTRAIT_WIDTH,
) -> float:
    """The photograph, or a frame that says there is none. Returns where it ends."""
    height = width * PORTRAIT_HEIGHT / PORTRAIT_WIDTH
    if photo is not None:
        sheet.photo(photo, x, y, width, height)
        sheet.box(x, y, width, height, stroke=HAIRLINE)
    else:
        sheet.box(x, y, width, height, fill=TINT, stroke=HAIRLINE)
        sheet.paragraph(
            words.say("no_photo"),
            x + 3,
            y + height / 2 - 4,
            width - 6,
            size=TYPE.small,
            colour=MUTED,
            align=Align.CENTRE,
        )
    return y + height


def names(
    sheet: Sheet,
    words: Words,
    who: Identity,
    x: float,
    y: float,
    width: float,
    *,
    least: float = TYPE.least_name,
) -> float:
    """The name in its own script, large, and in Latin letters below it."""
    own = who.name or who.name_latin
    y = label(sheet, words.say("name"), words.in_english("name"), x, y, width)
    if not own:
        return sheet.paragraph(words.say("not_named"), x, y, width, size=15, colour=MUTED) + 2
    y = _large(sheet, own, x, y, width, TYPE.name, least, who.name_language) + 1.6
    if who.name_latin and who.name_latin != own:
        y = label(sheet, words.say("name_latin"), words.in_english("name_latin"), x, y, width)
        y = _large(sheet, who.name_latin, x, y, width, TYPE.name_latin, least, _ENGLISH) + 1.6
    return y


def _large(
    sheet: Sheet,
    name: str,
    x: float,
    y: float,
    width: float,
    size: float,
    least: float,
    language: str,
) -> float:
    """A name on at most two lines, made smaller for that; one of extreme length on more."""
    while size > least and len(sheet.lines(name, width, size=size, language=language)) > 2:
        size = max(least, size - 1.0)
    return sheet.paragraph(name, x, y, width, size=size, language=language)


def label(sheet: Sheet, text: str, english: str, x: float, y: float, width: float) -> float:
    """A small label, with its English beside it when the page is in another language."""
    size = TYPE.label
    lines = sheet.lines(text, width, size=size)[:1]
    end = sheet.draw_lines(lines, x, y, width, colour=MUTED)
    rest = width - lines[0].width / MM - 2.0
    if english and rest > 8:
        sheet.line(
            english,
            x + width - rest,
            y + baseline_below(lines[0]),
            rest,
            size=size * 0.92,
            least=5.0,
            colour=MUTED,
            language=_ENGLISH,
        )
    return end + 0.3


def facts(
    sheet: Sheet,
    rows: Sequence[Sequence[Fact]],
    x: float,
    y: float,
    width: float,
    *,
    parts: Sequence[float] = (),
    size: float = TYPE.value,
) -> float:
    """Rows of facts, a hairline above each row; columns are equal, or divided by `parts`."""
    for row in rows:
        sheet.rule(x, y, width, colour=HAIRLINE)
        shares = parts or [1.0] * len(row)
        unit = (width - GAP * (len(row) - 1)) / sum(shares)
        ends = []
        at = x
        for entry, share in zip(row, shares, strict=True):
            ends.append(_fact(sheet, entry, at, y + 1.3, share * unit, size))
            at += share * unit + GAP
        y = max(ends) + 1.9
    return y


def _fact(sheet: Sheet, entry: Fact, x: float, y: float, width: float, size: float) -> float:
    y = label(sheet, entry.label, entry.english, x, y, width)
    return sheet.paragraph(entry.value, x, y, width, size=size, bold=entry.bold, most=3)


def code_panel(
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
    x = MARGIN + _PANEL_PAD + side + 9.0
    width = CONTENT_WIDTH - (x - MARGIN) - _PANEL_PAD
    text = _panel_text(words, page, statement)
    number = sheet.lines(words.say("document_number"), width, size=TYPE.label)[:1]
    beside = sheet.height(number) + 0.3 + _CELL_HEIGHT + 0.6
    beside += sum(
        gap + sheet.height(sheet.lines(line, width, size=size, bold=bold))
        for gap, line, size, bold in text
    )
    height = max(side + 8.0, beside) + _PANEL_PAD * 2 - 2.0
    top = bottom - height
    sheet.box(MARGIN, top, CONTENT_WIDTH, height, fill=TINT, radius=2.0)
    corner = MARGIN + _PANEL_PAD + 1.5, top + (height - side) / 2
    if symbol is None:
        sheet.box(*corner, side, side, fill=WHITE, stroke=HAIRLINE)
    else:
        sheet.code(symbol, *corner)
    y = _number_grid(sheet, words, page.number, x, top + (height - beside) / 2, width)
    for gap, line, size, bold in text:
        y = sheet.paragraph(line, x, y + gap, width, size=size, bold=bold)
    return top


def _panel_text(
    words: Words, page: PageData, statement: str
) -> list[tuple[float, str, float, bool]]:
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


def signatures(sheet: Sheet, words: Words, y: float, height: float) -> None:
    """Room for the holder's and the office's hand."""
    width = (CONTENT_WIDTH - GAP) / 2
    for at, key in enumerate(("holder_signature", "office_signature")):
        x = MARGIN + at * (width + GAP)
        sheet.box(x, y, width, height, stroke=HAIRLINE, radius=1.2)
        label(sheet, words.say(key), words.in_english(key), x + 2.5, y + 1.6, width - 5)


def foot(sheet: Sheet, words: Words, page: PageData, number: int, count: int) -> None:
    """The last line: which document, which page."""
    y = PAGE_HEIGHT - 13.0
    sheet.rule(MARGIN, y - 4.2, CONTENT_WIDTH, colour=HAIRLINE)
    third = CONTENT_WIDTH / 3
    sheet.line(page.number, MARGIN, y, third, size=TYPE.small, colour=MUTED, language="")
    mark = _mark(words, page)
    if mark:
        sheet.line(
            mark,
            MARGIN + third,
            y,
            third,
            size=TYPE.small,
            bold=True,
            colour=WARNING,
            align=Align.CENTRE,
        )
    sheet.line(
        words.page_of(number, count),
        MARGIN + 2 * third,
        y,
        third,
        size=TYPE.small,
        colour=MUTED,
        align=Align.END,
    )


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


def _pattern(sheet: Sheet, seed: str) -> None:
    """A band of fine waves, shaped by the document's number: it tells originals of one number
    from pages that were put together, and costs an amateur time. It proves nothing."""
    phases = [ord(char) for char in seed]
    spread = sum(value * (at + 1) for at, value in enumerate(phases))
    left, right = MARGIN * MM, (MARGIN + CONTENT_WIDTH) * MM
    middle = (PAGE_HEIGHT - 17.0) * MM
    parts = []
    for strand in range(7):
        amplitude = 2.1 * MM * (1 - strand / 9)
        waves = 5 + (spread + 3 * strand) % 7
        phase = (spread % 97 + strand * 23) / 97 * math.tau
        parts.append(_wave(left, right, middle, amplitude, waves, phase))
    sheet.operators(" ".join(parts), PATTERN, 0.35)


def _wave(
    left: float, right: float, middle: float, amplitude: float, waves: int, phase: float
) -> str:
    """A sine as cubic curves through its points with its own slopes (Hermite to Bezier)."""
    steps = waves * 4
    step = (right - left) / steps
    turn = math.tau * waves / (right - left)
    points = []
    for at in range(steps + 1):
        x = left + at * step
        points.append(
            (
                x,
                middle + amplitude * math.sin(turn * (x - left) + phase),
                amplitude * turn * math.cos(turn * (x - left) + phase),
            )
        )
    out = [f"{points[0][0]:.2f} {points[0][1]:.2f} m"]
    for (x0, y0, slope0), (x1, y1, slope1) in pairwise(points):
        third = (x1 - x0) / 3
        out.append(
            f"{x0 + third:.2f} {y0 + slope0 * third:.2f} "
            f"{x1 - third:.2f} {y1 - slope1 * third:.2f} {x1:.2f} {y1:.2f} c"
        )
    return " ".join(out)
