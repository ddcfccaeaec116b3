"""What is held about a person, for that person: labels on one side, what is recorded beside them.

No code and no signature: it proves nothing to anybody else, and says so.
"""

from documents.layout import heads
from documents.layout.paper import Paper
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import ACCENT, HAIRLINE, MUTED, TYPE
from documents.page_data import Record, Section
from documents.wording import Words
from values.text import isolate

_LABEL = 0.36  # of the width
_GAP = 4.0
_BOTTOM = 24.0  # above the lower edge
_SIZE, _LABEL_SIZE = 9.6, 8.4

_Place = tuple[int, int]
"""A line: its section and its place in it; the heading is line -1."""


def draw(paper: Paper, words: Words, record: Record) -> None:
    """Draw the record on as many pages as it needs."""
    pages = _plan(paper.scratch(), words, record)
    for number, places in enumerate(pages, start=1):
        with paper.page() as sheet:
            y = _head(sheet, words, record) if number == 1 else sheet.margin
            for place in places:
                y = _line(sheet, record.sections, place, y)
            with sheet.aside():
                _foot(sheet, words, record, number, len(pages))


def _plan(sheet: Sheet, words: Words, record: Record) -> list[list[_Place]]:
    """Which lines stand on which page. A heading never stands alone at the foot of one."""
    pages: list[list[_Place]] = [[]]
    y = _head(sheet, words, record)
    for at, section in enumerate(record.sections):
        for place in range(-1, len(section.lines)):
            height = _line(sheet, record.sections, (at, place), 0.0)
            needed = height
            if place == -1 and section.lines:
                needed += _line(sheet, record.sections, (at, 0), 0.0)
            if y + needed > sheet.height_in_all - _BOTTOM and pages[-1]:
                pages.append([])
                y = sheet.margin
            pages[-1].append((at, place))
            y += height
    return pages


def _head(sheet: Sheet, words: Words, record: Record) -> float:
    half = sheet.content * 0.6
    top = sheet.margin
    y = sheet.paragraph(
        record.issuer.authority or record.issuer.operation,
        sheet.margin,
        top,
        half,
        size=10.5,
        bold=True,
        most=2,
        language="",
    )
    below = sheet.paragraph(
        record.issuer.office,
        sheet.margin + half,
        top,
        sheet.content - half,
        size=9.4,
        align=Align.END,
        most=2,
        language="",
    )
    y = max(y, below) + 5.0
    y = heads.titled(
        sheet,
        words,
        y,
        room=sheet.content,
        said=words.say("record_title"),
        beside=words.say_beside("record_title"),
        training=record.training,
    )
    if record.name:
        y = sheet.paragraph(
            record.name, sheet.margin, y + 3.0, sheet.content, size=15.0, language=""
        )
    said = words.made_on(record.made, record.made_by)
    y = sheet.paragraph(said, sheet.margin, y + 1.0, sheet.content, size=8.6, colour=MUTED)
    y = sheet.paragraph(words.say("record_note"), sheet.margin, y + 2.0, sheet.content, size=9.0)
    return y + _GAP


def _line(sheet: Sheet, sections: tuple[Section, ...], place: _Place, y: float) -> float:
    """A heading, or a label with what is recorded beside it. Returns where it ends."""
    section = sections[place[0]]
    if place[1] == -1:
        with sheet.inside("H2"):
            y = sheet.paragraph(
                section.heading,
                sheet.margin,
                y + 4.0,
                sheet.content,
                size=11.5,
                bold=True,
                colour=ACCENT,
            )
        return y + 1.0
    label, value = section.lines[place[1]]
    sheet.rule(sheet.margin, y, sheet.content, colour=HAIRLINE)
    width = sheet.content * _LABEL
    x, rest = sheet.margin + width, sheet.content - width
    with sheet.inside("L"), sheet.inside("LI"):
        with sheet.inside("Lbl"):
            left = sheet.paragraph(
                label, sheet.margin, y + 1.4, width - _GAP, size=_LABEL_SIZE, colour=MUTED
            )
        with sheet.inside("LBody"):
            right = sheet.paragraph(value, x, y + 1.0, rest, size=_SIZE)
    return max(left, right) + 1.4


def _foot(sheet: Sheet, words: Words, record: Record, number: int, count: int) -> None:
    y = sheet.height_in_all - 13.0
    sheet.rule(sheet.margin, y - 4.2, sheet.content, colour=HAIRLINE)
    half = sheet.content / 2
    sheet.line(
        isolate(record.number), sheet.margin, y, half, size=TYPE.small, colour=MUTED, language=""
    )
    sheet.line(
        words.page_of(number, count),
        sheet.margin + half,
        y,
        half,
        size=TYPE.small,
        colour=MUTED,
        align=Align.END,
    )
