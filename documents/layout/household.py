"""The provisional attestation of a household: the focal point and the table of members."""

from documents.layout import blocks
from documents.layout.blocks import fact
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import (
    CONTENT_WIDTH,
    HAIRLINE,
    MARGIN,
    MUTED,
    PAGE_HEIGHT,
    TINT,
    TYPE,
)
from documents.page_data import MemberLine, PageData
from documents.photo import PORTRAIT_WIDTH
from documents.qr import Symbol
from documents.wording import Words
from values.text import isolate

_PANEL_BOTTOM = PAGE_HEIGHT - 22.0
_ROW = 9.6
_FIRST_PAGE_ROWS = 7
_NEXT_PAGE_ROWS = 15
# Columns of the table, in parts of its width: number, name, relation, sex, birth, personal number.
_COLUMNS = (0.04, 0.31, 0.15, 0.09, 0.21, 0.20)


def page_count(page: PageData) -> int:
    """How many pages the members need."""
    rest = max(0, len(page.members) - _FIRST_PAGE_ROWS)
    return 1 + -(-rest // _NEXT_PAGE_ROWS)


def draw(sheet: Sheet, words: Words, page: PageData, symbol: Symbol, number: int) -> None:
    """Draw page `number` (from 1). Every page carries the code."""
    if page.training:
        blocks.watermark(sheet, words)
    top = blocks.head(sheet, words, page, "household_title")
    first = 0
    count = _FIRST_PAGE_ROWS
    if number == 1:
        top = _focal_point(sheet, words, page, top)
    else:
        first = _FIRST_PAGE_ROWS + (number - 2) * _NEXT_PAGE_ROWS
        count = _NEXT_PAGE_ROWS
    _table(sheet, words, page.members[first : first + count], first, top + 2.0)
    blocks.code_panel(sheet, words, page, symbol, "provisional_household", _PANEL_BOTTOM)
    blocks.foot(sheet, words, page, number, page_count(page))


def _focal_point(sheet: Sheet, words: Words, page: PageData, top: float) -> float:
    blocks.portrait(sheet, words, page.photo, MARGIN, top + 1.0)
    x = MARGIN + PORTRAIT_WIDTH + 8.0
    width = CONTENT_WIDTH - PORTRAIT_WIDTH - 8.0
    y = blocks.names(sheet, words, page.subject, x, top, width)
    y = blocks.facts(
        sheet,
        [
            [
                fact(words, "household_number", isolate(page.household_number), bold=True),
                fact(words, "members", words.member_count(len(page.members)), bold=True),
            ],
            [
                fact(words, "issued", words.day(page.issued)),
                fact(words, "expires", words.day(page.expires), bold=True),
            ],
        ],
        x,
        y + 0.5,
        width,
    )
    return max(y, top + 46.0) + 2.0


def _table(
    sheet: Sheet, words: Words, members: tuple[MemberLine, ...], before: int, y: float
) -> None:
    heads = ("", "name", "relation", "sex", "birth", "person_number")
    widths = [part * CONTENT_WIDTH for part in _COLUMNS]
    starts = [MARGIN + sum(widths[:at]) for at in range(len(widths))]
    sheet.box(MARGIN, y, CONTENT_WIDTH, 5.4, fill=TINT)
    for key, x, width in zip(heads, starts, widths, strict=True):
        if key:
            sheet.line(
                words.say(key), x + 1, y + 3.7, width - 2,
                size=TYPE.label, least=5.5, bold=True, colour=MUTED,
            )
    y += 5.4
    for at, member in enumerate(members):
        who = member.identity
        own = who.name or who.name_latin or words.say("not_named")
        sheet.line(str(before + at + 1), starts[0] + 1, y + 5.2, widths[0] - 2, size=8, colour=MUTED)
        if who.name_latin and who.name_latin != own:
            sheet.line(
                own, starts[1] + 1, y + 4.4, widths[1] - 2,
                size=10.5, least=6, language=who.name_language,
            )
            sheet.line(
                who.name_latin, starts[1] + 1, y + 8.0, widths[1] - 2,
                size=7.8, least=5, colour=MUTED, language="en",
            )
        else:
            sheet.line(
                own, starts[1] + 1, y + 6.0, widths[1] - 2,
                size=10.5, least=6, language=who.name_language,
            )
        cells = (
            words.code("relation", member.relation),
            words.code("sex", who.sex),
            words.birth(who.birth) if who.birth else "",
        )
        for text, x, width in zip(cells, starts[2:5], widths[2:5], strict=True):
            lines = sheet.lines(text or words.say("not_recorded"), width - 2, size=7.8)[:2]
            height = 3.4 * len(lines)
            sheet.draw_lines(lines, x + 1, y + (_ROW - height) / 2 - 0.2, width - 2)
        sheet.line(
            isolate(who.number), starts[5] + 1, y + 5.9, widths[5] - 2,
            size=7.8, least=5, align=Align.START,
        )
        y += _ROW
        sheet.rule(MARGIN, y, CONTENT_WIDTH, colour=HAIRLINE)
