"""What stands around the blocks of a page: head, mark across it, and the last line."""

import math

from documents.layout.blocks import GAP, Fact, fact, facts
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import ACCENT, HAIRLINE, MM, MUTED, TYPE, WARNING, WATERMARK
from documents.page_data import PageData
from documents.wording import Words
from values.text import isolate

_TURN = 38  # degrees, of a watermark
_LOGO = 15.0  # height and most width of the authority's mark, in mm
_HEAD, _HEAD_OF_SMALL = 17.0, 13.6  # top of the head, in mm of paper
_CONTINUED = 9.0


def watermark(sheet: Sheet, words: Words, page: PageData) -> None:
    """The mark of a preview or of training across the page, under everything else."""
    said = mark(words, page)
    if said:
        _across(sheet, said)


def training(sheet: Sheet, words: Words) -> None:
    """The mark of training across a page that is no document."""
    _across(sheet, words.say("training"))


def _across(sheet: Sheet, said: str) -> None:
    """Three times, the middle of each on that of the page."""
    step = sheet.height_in_all / 5.5
    turn = math.radians(_TURN)
    edge = sheet.size.clear + 0.03 * sheet.height_in_all
    size = TYPE.watermark * min(1.0, sheet.height_in_all / 297.0)
    half = min(
        (sheet.width_in_all / 2 - edge) / math.cos(turn),
        (sheet.height_in_all / 2 - edge - step / math.cos(turn)) / math.sin(turn),
    )
    with sheet.turned(_TURN):
        for offset in (-step, 0.0, step):
            along = offset * math.tan(turn) * (1 if sheet.rtl else -1)
            sheet.line(
                said,
                sheet.width_in_all / 2 + along - half,
                sheet.height_in_all / 2 + offset,
                2 * half,
                size=size,
                least=min(16.0, size * 0.6),
                bold=True,
                colour=WATERMARK,
                align=Align.CENTRE,
            )


def mark(words: Words, page: PageData) -> str:
    if not page.credential:
        return words.say("preview")
    return words.say("training") if page.training else ""


def head(sheet: Sheet, words: Words, page: PageData, title: str) -> float:
    """Who issues, and what this is. Returns where the head ends."""
    issuer = page.issuer
    start, width = sheet.margin, sheet.content
    top = (_HEAD_OF_SMALL if sheet.size.small else _HEAD) / sheet.size.scale
    if issuer.logo is not None:
        sheet.photo(
            issuer.logo,
            start,
            top - 1.0,
            _LOGO,
            _LOGO,
            said=issuer.authority or issuer.operation,
            whole=True,
        )
        start, width = start + _LOGO + 4.0, width - _LOGO - 4.0
    half = width * 0.62
    y = sheet.paragraph(
        issuer.authority or issuer.operation,
        start,
        top,
        half,
        size=10.5,
        bold=True,
        language="",
    )
    if issuer.authority and issuer.authority != issuer.operation:
        y = sheet.paragraph(issuer.operation, start, y, half, size=8.6, colour=MUTED, language="")
    rest = width - half - GAP
    below = sheet.paragraph(
        issuer.office,
        start + half + GAP,
        top,
        rest,
        size=9.4,
        align=Align.END,
        language="",
    )
    if issuer.contact:
        below = sheet.paragraph(
            issuer.contact,
            start + half + GAP,
            below,
            rest,
            size=8.0,
            colour=MUTED,
            align=Align.END,
            language="",
        )
    if issuer.logo is not None:
        below = max(below, top + _LOGO - 1.0)
    y = max(y, below) + 5.0 * sheet.air
    copy = words.copy(page.copy)
    room = sheet.content - (sheet.width(copy, size=TYPE.body) + GAP if copy else 0.0)
    if copy:
        sheet.line(
            copy,
            sheet.margin,
            y + 1.2 * TYPE.title / MM,
            sheet.content,
            size=TYPE.body,
            bold=True,
            colour=WARNING,
            align=Align.END,
        )
    y = titled(
        sheet,
        words,
        y,
        room=room,
        said=words.text(title),
        beside=words.text_beside(title),
        training=page.training,
    )
    return y + 4.0 * sheet.air


def titled(
    sheet: Sheet, words: Words, y: float, *, room: float, said: str, beside: str, training: bool
) -> float:
    """The title in `room`, below it what stands beside it, and that this is for training. Returns
    where they end."""
    with sheet.inside("H1"):
        y = sheet.paragraph(said, sheet.margin, y, room, size=TYPE.title, bold=True, colour=ACCENT)
    if beside:
        y = sheet.paragraph(
            beside,
            sheet.margin,
            y + 0.4,
            sheet.content,
            size=9.6,
            colour=MUTED,
            language=words.beside,
        )
    if training:
        y = sheet.paragraph(
            words.say("training_note"),
            sheet.margin,
            y + 1.0,
            sheet.content,
            size=8.6,
            bold=True,
            colour=WARNING,
        )
    return y


def continued(sheet: Sheet, words: Words, page: PageData, title: str) -> float:
    """The head of a further page: what it belongs to, whose it is, and both numbers."""
    top = (_HEAD_OF_SMALL if sheet.size.small else _HEAD) / sheet.size.scale
    half = (sheet.content - GAP) / 2
    issuer, who = page.issuer, page.subject
    below = sheet.paragraph(
        issuer.authority or issuer.operation,
        sheet.margin + half + GAP,
        top,
        half,
        size=TYPE.body,
        colour=MUTED,
        align=Align.END,
        language="",
    )
    y = sheet.paragraph(
        words.text(title), sheet.margin, top, half, size=11.0, bold=True, colour=ACCENT
    )
    beside = words.text_beside(title)
    if beside:
        y = sheet.paragraph(
            beside,
            sheet.margin,
            y,
            half,
            size=TYPE.small,
            colour=MUTED,
            language=words.beside,
        )
    own = who.name or who.name_latin
    name = Fact(
        words.say("focal_point" if page.members else "name"),
        words.say_beside("focal_point" if page.members else "name"),
        own or words.say("not_named"),
        value_beside=who.name_latin if who.name_latin != own else "",
        language=who.name_language if own else None,
    )
    number = words.say("not_recorded") if not page.number else isolate(page.number)
    own_number = page.household_number if page.members else who.number
    key = "household_number" if page.members else "person_number"
    numbers = [
        fact(words, key, isolate(own_number) if own_number else ""),
        fact(words, "document_number", number, bold=True),
    ]
    y = facts(
        sheet,
        [[name, *numbers]],
        sheet.margin,
        max(y, below) + 1.5,
        sheet.content,
        parts=(1.5, 1.0, 1.0),
        size=_CONTINUED,
        language=words.beside,
    )
    return y + 3.0 * sheet.air


def foot(sheet: Sheet, words: Words, page: PageData, number: int, count: int, *, y: float) -> None:
    """The last line: which document, which page, which sheet of pre-numbered paper."""
    sheet.rule(sheet.margin, y - 4.2, sheet.content, colour=HAIRLINE)
    third = sheet.content / 3
    said = page.number
    if page.serial:
        said += f"  ·  {page.serial}"
    with sheet.aside():
        sheet.line(
            said, sheet.margin, y, third, size=TYPE.small, least=5.0, colour=MUTED, language=""
        )
    warned = mark(words, page)
    if warned:
        sheet.line(
            warned,
            sheet.margin + third,
            y,
            third,
            size=TYPE.small,
            least=5.0,
            bold=True,
            colour=WARNING,
            align=Align.CENTRE,
        )
    with sheet.aside():
        sheet.line(
            words.page_of(number, count),
            sheet.margin + 2 * third,
            y,
            third,
            size=TYPE.small,
            colour=MUTED,
            align=Align.END,
        )
