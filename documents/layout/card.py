"""A card (ID-1, 85.6 x 54 mm): the code and the face in front, what it means behind.

Type sizes are points of the sheet, which are three quarters of printed ones. What is signed is
made smaller down to a limit, then broken into two lines, never cut: a card that does not hold it
is not made.
"""

from collections.abc import Sequence
from dataclasses import replace

from documents.errors import PageError
from documents.layout import blocks, heads, pattern, zone
from documents.layout.blocks import Fact, fact
from documents.layout.card_facts import SMALLEST, STEP, facts, whole
from documents.layout.facts import value_beside, value_of
from documents.layout.paper import Paper
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import ACCENT, HAIRLINE, INK, MUTED, TYPE, WARNING, WHITE
from documents.page_data import PageData
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.qr import CARD_SIDES_MM, QUIET_MODULES, Symbol
from documents.templates.model import Kind, Template
from documents.text.lines import Line
from documents.wording import Words
from values.dates import Calendar, PartialDate
from values.text import isolate

_PORTRAIT = 23.0
_HEAD, _MICRO, _BODY, _NUMBERS, _FOOT = 7.9, 15.7, 16.6, 57.8, 65.6  # from the upper edge
_CODE = 12.0
_VALUE_BEHIND = 7.6
_COLUMNS = 3  # of facts behind
_SENTENCE, _LEAST_SENTENCE = TYPE.small, 5.2
_LEAST_TITLE = 5.0


def draw(
    paper: Paper, words: Words, page: PageData, template: Template, symbol: Symbol | None
) -> None:
    """Draw front and back.

    Raises:
        PageError: code ``mrz``: the name cannot be written in the zone for machines;
            ``too_much``: a fact, a name or a sentence is too long for a card.
    """
    lines = zone.lines_of(page, template)
    seed = pattern.seed_of(page.credential, page.number)
    with paper.page() as sheet:
        _front(sheet, words, page, template, symbol, seed)
    with paper.page() as sheet:
        _back(sheet, words, page, template, lines, seed)


def _front(
    sheet: Sheet,
    words: Words,
    page: PageData,
    template: Template,
    symbol: Symbol | None,
    seed: bytes,
) -> None:
    side = sheet.side(symbol) if symbol else CARD_SIDES_MM[0] / sheet.size.scale
    quiet = side * QUIET_MODULES / (symbol.modules if symbol else 65)
    left, code = sheet.margin, sheet.margin + sheet.content - side
    width = code - quiet - 0.8 - left
    pattern.ground(sheet, seed, 0.0, 0.0, sheet.width_in_all, sheet.height_in_all)
    heads.watermark(sheet, words, page)
    _head(sheet, words, page, template, left, width, code, side)
    pattern.microtext(sheet, page.number, left, _MICRO, width)
    blocks.portrait(sheet, words, page.photo, left, _BODY, width=_PORTRAIT)
    high = _PORTRAIT * PORTRAIT_HEIGHT / PORTRAIT_WIDTH
    beside = left + _PORTRAIT + 2.4
    about = [[_holder(words, page, ref)] for ref in ("sex", "birth", "nationality")]
    until = fact(words, "expires", words.day(page.expires), bold=True)
    about.append([replace(until, value_beside=words.day_beside(page.expires))])
    facts(sheet, words, about, beside, _BODY - 0.6, left + width - beside, high + 0.8)
    _names(sheet, words, page, left, _BODY + high + 0.4, width)
    number = fact(words, "person_number", isolate(page.subject.number), bold=True)
    facts(sheet, words, [[number]], left, _NUMBERS, width, _FOOT - _NUMBERS)
    if symbol is None:
        sheet.box(code, _CODE, side, side, fill=WHITE, stroke=HAIRLINE)
    else:
        sheet.code(symbol, code, _CODE, said=words.say("code"))
    number = fact(words, "document_number", value_of(words, page, "document.number"))
    facts(sheet, words, [[number]], code, _NUMBERS, side, _FOOT - _NUMBERS)
    _foot(sheet, words, page, left, code, side)


def _head(
    sheet: Sheet,
    words: Words,
    page: PageData,
    template: Template,
    left: float,
    width: float,
    code: float,
    side: float,
) -> None:
    """Who issues, and what this is, in both languages."""
    issuer = page.issuer
    _above(sheet, issuer.authority or issuer.operation, left, width, size=8.0, bold=True)
    _above(sheet, issuer.office, code, side, size=7.0, align=Align.END)
    said, beside = words.text(template.title), words.text_beside(template.title)
    size, room = 10.0, _MICRO - 0.6 - _HEAD
    while True:  # letters below the line of one language never touch those of the other
        title = sheet.lines(said, width, size=size, bold=True)
        other = sheet.lines(beside, width, size=0.64 * size, language=words.beside)
        high = sheet.height(title) + (sheet.height(other) if beside else 0.0)
        if size < _LEAST_TITLE or (high <= room and len(title) == len(other) == 1):
            break
        size -= STEP
    y = _HEAD + max(0.0, (room - high) / 2)
    with sheet.inside("H1"):
        y = sheet.draw_lines(title, left, y, width, colour=ACCENT)
    if beside:
        sheet.draw_lines(other, left, y, width, colour=MUTED)


def _above(
    sheet: Sheet,
    text: str,
    x: float,
    width: float,
    *,
    size: float,
    bold: bool = False,
    align: Align = Align.START,
) -> None:
    """What stands over the title, on its line or on two."""
    lines = whole(sheet, text, width, size, bold=bold, language="")
    sheet.draw_lines(lines, x, _HEAD - 0.4 - sheet.height(lines), width, align=align)


def _holder(words: Words, page: PageData, key: str) -> Fact:
    value = value_of(words, page, f"holder.{key}")
    other = value_beside(words, page, f"holder.{key}")
    if key == "birth" and page.subject.birth is not None:
        # There is room for one calendar: that of the code and of the zone behind.
        said = page.subject.birth.gregorian
        calendar = Calendar.GREGORIAN.value
        birth = PartialDate.from_body({"edtf": said, "calendar": calendar, "entered": said})
        value, other = words.birth(birth), words.birth_beside(birth)
    return replace(fact(words, key, value), value_beside=other)


def _names(sheet: Sheet, words: Words, page: PageData, x: float, y: float, width: float) -> None:
    """Both names in the room that is left over the number; made smaller, never cut."""
    who = page.subject
    room = _NUMBERS - y
    own = who.name or who.name_latin
    shown = [(own or words.say("not_named"), who.name_language if own else None, 12.0)]
    if who.name_latin and who.name_latin != own:
        shown.append((who.name_latin, "en", 9.0))
    shrink = 1.0
    while True:
        lines = [
            sheet.lines(text, width, size=size * shrink, language=language)
            for text, language, size in shown
        ]
        if sum(map(sheet.height, lines)) <= room:
            break
        if shrink < 0.34:
            raise PageError("too_much", "The names are too long for a card. Print it on A4 or A5.")
        shrink -= 0.06
    for at, part in enumerate(lines):
        y = sheet.draw_lines(part, x, y, width, colour=MUTED if at else INK)


def _foot(
    sheet: Sheet, words: Words, page: PageData, left: float, code: float, side: float
) -> None:
    """What it is not, in both languages; and which copy, or that it is none."""
    sheet.rule(left, _FOOT, sheet.content, colour=HAIRLINE)
    mark = heads.mark(words, page) or words.copy(page.copy)
    width = code - left - 2.0 if mark else sheet.content
    own, beside = words.say("in_short"), words.say_beside("in_short")
    baseline = _FOOT + (2.8 if beside else 4.0)
    sheet.line(
        own,
        left,
        baseline,
        width,
        size=6.2,
        least=SMALLEST,
        bold=True,
        align=_side(sheet, own, 6.2, None),
    )
    sheet.line(
        beside,
        left,
        baseline + 2.5,
        width,
        size=5.8,
        least=SMALLEST,
        colour=MUTED,
        align=_side(sheet, beside, 5.8, words.beside),
        language=words.beside,
    )
    sheet.line(
        mark,
        code,
        _FOOT + 4.0,
        side,
        size=7.4,
        least=SMALLEST,
        bold=True,
        colour=WARNING,
        align=Align.END,
    )


def _back(
    sheet: Sheet,
    words: Words,
    page: PageData,
    template: Template,
    lines: tuple[str, ...],
    seed: bytes,
) -> None:
    left, width = sheet.margin, sheet.content
    end = sheet.height_in_all - (zone.HEIGHT / sheet.size.scale if lines else 0.0)
    pattern.ground(sheet, seed, 0.0, 0.0, sheet.width_in_all, end)
    heads.watermark(sheet, words, page)
    shown = [
        fact(words, key, value)
        for key, value in (
            ("document_number", isolate(page.number) if page.number else ""),
            ("issued", words.day(page.issued)),
            ("office", page.issuer.office),
            ("permanent_number", isolate(page.permanent_number) if page.permanent_number else ""),
            ("replaces", isolate(page.replaces) if page.replaces else ""),
            ("serial", isolate(page.serial) if page.serial else ""),
        )
        if value
    ]
    rows = [shown[at : at + _COLUMNS] for at in range(0, len(shown), _COLUMNS)]
    room = 10.6 * len(rows)
    y = facts(sheet, words, rows, left, 2.0, width, room, most=_VALUE_BEHIND)
    _sentences(sheet, words, template, left, y + 0.8, width, end - (0.8 if lines else 3.0))
    pattern.microtext(sheet, page.number, 0.0, end, sheet.width_in_all)
    if lines:
        zone.draw(sheet, lines)


def _sentences(
    sheet: Sheet, words: Words, template: Template, x: float, y: float, width: float, end: float
) -> None:
    """What it confirms and what it does not, in the holder's language and in the authority's as
    far as both can be read; the short sentence in front is always in both."""
    block = template.block(Kind.CODE)
    keys = block.sentences if block else ()
    own = [(words.say(key), None) for key in keys]
    both = own + [(said, words.beside) for key in keys if (said := words.say_beside(key))]
    for shown, least in ((both, _LEAST_SENTENCE), (own, SMALLEST)):
        size = _SENTENCE
        while size >= least:
            set_ = [sheet.lines(said, width, size=size, language=tag) for said, tag in shown]
            if sum(map(sheet.height, set_)) <= end - y:
                for at, lines in enumerate(set_):
                    colour = MUTED if shown[at][1] else INK
                    align = _turn(sheet, lines)
                    y = sheet.draw_lines(lines, x, y, width, colour=colour, align=align)
                return
            size -= STEP
    raise PageError("too_much", "The sentences are too long for a card. Print it on A4 or A5.")


def _side(sheet: Sheet, text: str, size: float, language: str | None) -> Align:
    return _turn(sheet, sheet.lines(text, sheet.content, size=size, language=language))


def _turn(sheet: Sheet, lines: Sequence[Line]) -> Align:
    """Where lines begin: on the side from which their own text is read."""
    return Align.START if bool(lines[0].base) == sheet.rtl else Align.END
