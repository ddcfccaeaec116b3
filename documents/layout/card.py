"""A card (ID-1, 85.6 x 54 mm): the code and the face in front, the zone for machines behind."""

from documents.errors import PageError
from documents.layout import blocks, heads, pattern
from documents.layout.facts import value_of
from documents.layout.paper import Paper
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import ACCENT, HAIRLINE, INK, MUTED, TYPE, WARNING, WHITE
from documents.page_data import PageData
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.qr import CARD_SIDES_MM, Symbol
from documents.templates.model import Kind, Template
from documents.wording import Words
from values.dates import Calendar, PartialDate
from values.mrz import Mrz, MrzError, Names, write
from values.text import isolate

ZONE_CODE = "WR"
"""First letter W: ICAO gives P to passports, V to visas, and A, C and I to cards that travel. No
reader takes this for one of them."""
TEST_ISSUER = "UTO"
"""ICAO's Utopia, of specimens: where no authority has agreed to be named as the issuer."""

_PITCH_MM, _LINE_MM = 2.54, 4.23  # ICAO 9303 part 3: ten characters an inch, six lines
_TOP, _PORTRAIT = 15.0, 25.0
_READABLE, _SMALLEST = 6.0, 4.6
"""Points: a line is made smaller down to the first, two lines down to the second."""
_FACT_LINES, _FACT_ROOM = 2, 5.6


def zone(page: PageData, template: Template) -> tuple[str, ...]:
    """The three lines of the zone.

    Raises:
        PageError: code ``mrz``: the name cannot be written in it.
    """
    who = page.subject
    try:
        return write(
            Mrz(
                format="TD1",
                document_code=ZONE_CODE,
                issuer=template.issuer or TEST_ISSUER,
                document_number=page.number.replace("-", ""),
                names=Names(who.name_latin or who.name),
                nationality=who.nationality,
                birth=who.birth,
                sex=who.sex,
                expiry=PartialDate.parse(page.expires.isoformat()),
            )
        )
    except MrzError as error:
        raise PageError("mrz", f"No card can be made. {error}") from None


def draw(
    paper: Paper, words: Words, page: PageData, template: Template, symbol: Symbol | None
) -> None:
    """Draw front and back. Raises `PageError` as `zone` does."""
    lines = zone(page, template) if page.number else ()
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
    left, width = sheet.margin, sheet.content
    side = (sheet.side(symbol) if symbol else CARD_SIDES_MM[0] / sheet.size.scale) + 4.4
    pattern.ground(sheet, seed, 0.0, 0.0, sheet.width_in_all, sheet.height_in_all)
    heads.watermark(sheet, words, page)
    issuer = page.issuer.authority or page.issuer.operation
    _whole(sheet, issuer, left, 6.2, width * 0.6, size=8.0, bold=True, language="")
    _whole(
        sheet,
        page.issuer.office,
        left + width * 0.62,
        6.2,
        width * 0.38,
        size=7.0,
        align=Align.END,
        language="",
    )
    title = words.text(template.title)
    with sheet.inside("H1"):
        sheet.line(title, left, 11.6, width * 0.62, size=10.0, least=6.0, bold=True, colour=ACCENT)
    beside = words.text_beside(template.title)
    sheet.line(
        beside,
        left + width * 0.64,
        11.6,
        width * 0.36,
        size=7.0,
        least=4.5,
        colour=MUTED,
        align=Align.END,
        language=words.beside,
    )
    blocks.portrait(sheet, words, page.photo, left, _TOP, width=_PORTRAIT)
    rest = width - side - 2.0
    x = left + _PORTRAIT + 3.0
    y = _TOP - 0.6
    for ref, key in (
        ("holder.sex", "sex"),
        ("holder.birth", "birth"),
        ("holder.nationality", "nationality"),
        ("document.expires", "expires"),
    ):
        room = rest - _PORTRAIT - 3.0
        sheet.line(words.say(key), x, y + 2.6, room, size=6.2, least=4.6, colour=MUTED)
        value = value_of(words, page, ref) or words.say("not_recorded")
        if ref == "holder.birth" and page.subject.birth is not None:
            # There is room for one calendar: that of the code and of the zone behind.
            value = words.birth(_gregorian(page.subject.birth))
        strong = ref == "document.expires"
        _whole(sheet, value, x, y + 6.6, room, size=8.4, bold=strong)
        y += 8.1
    _names(sheet, words, page, left, _TOP + _PORTRAIT * PORTRAIT_HEIGHT / PORTRAIT_WIDTH, rest)
    sheet.line(
        isolate(page.subject.number),
        left,
        sheet.height_in_all - 3.4,
        rest,
        size=8.0,
        least=6.0,
        bold=True,
    )
    corner = left + width - side + 1.6, _TOP + 1.6
    real = side - 4.4
    if symbol is None:
        sheet.box(*corner, real, real, fill=WHITE, stroke=HAIRLINE)
    else:
        sheet.code(symbol, *corner, said=words.say("code"))
    pattern.microtext(sheet, page.number, left, 13.0, width)
    mark = heads.mark(words, page) or words.copy(page.copy)
    below = sheet.height_in_all - 3.4
    if mark:
        sheet.line(
            mark,
            left + rest + 2.0,
            below,
            side,
            size=7.0,
            least=5.0,
            bold=True,
            colour=WARNING,
            align=Align.CENTRE,
        )
    else:
        sheet.line(
            isolate(page.number),
            left + rest + 2.0,
            below,
            side,
            size=7.4,
            least=5.0,
            colour=MUTED,
            align=Align.CENTRE,
        )


def _gregorian(birth: PartialDate) -> PartialDate:
    said = birth.gregorian
    return PartialDate.from_body(
        {"edtf": said, "calendar": Calendar.GREGORIAN.value, "entered": said}
    )


def _whole(
    sheet: Sheet,
    text: str,
    x: float,
    baseline: float,
    width: float,
    *,
    size: float,
    bold: bool = False,
    align: Align = Align.START,
    language: str | None = None,
) -> None:
    """One line; where it would become too small to read, two: what is signed is never cut.

    Raises:
        PageError: code ``too_much``: two lines of the smallest size do not hold it.
    """
    if len(sheet.lines(text, width, size=_READABLE, bold=bold, language=language)) == 1:
        sheet.line(
            text, x, baseline, width, size=size, least=_READABLE, bold=bold, align=align,
            language=language,
        )  # fmt: skip
        return
    small, parted = _READABLE, False
    while True:
        lines = sheet.lines(text, width, size=small, bold=bold, language=language, parted=parted)
        if len(lines) <= _FACT_LINES and sheet.height(lines) <= _FACT_ROOM:
            break
        small -= 0.2
        if small < _SMALLEST and not parted:
            small, parted = _READABLE, True  # better a date on two lines than no card
        elif small < _SMALLEST:
            raise PageError("too_much", "A fact is too long for a card. Print it on paper.")
    sheet.draw_lines(lines, x, baseline + 1.3 - sheet.height(lines), width, align=align)


def _names(sheet: Sheet, words: Words, page: PageData, x: float, y: float, width: float) -> None:
    """Both names in the room that is left over the number; made smaller, never cut."""
    who = page.subject
    room = sheet.height_in_all - 8.2 - y
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
            raise PageError("too_much", "The names are too long for a card. Print them on paper.")
        shrink -= 0.06
    for at, part in enumerate(lines):
        y = sheet.draw_lines(part, x, y, width, colour=MUTED if at else INK)


def _back(
    sheet: Sheet,
    words: Words,
    page: PageData,
    template: Template,
    lines: tuple[str, ...],
    seed: bytes,
) -> None:
    left, width = sheet.margin, sheet.content
    scale = sheet.size.scale
    zone_top = sheet.height_in_all - (3 * _LINE_MM + 4.2) / scale
    pattern.ground(sheet, seed, 0.0, 0.0, sheet.width_in_all, zone_top)
    heads.watermark(sheet, words, page)
    half = width / 2
    rows = (
        ("document_number", value_of(words, page, "document.number")),
        ("issued", words.day(page.issued)),
        ("office", page.issuer.office),
        ("replaces", isolate(page.replaces) if page.replaces else ""),
        ("serial", isolate(page.serial) if page.serial else ""),
    )
    y = 1.6
    for at, (key, value) in enumerate([row for row in rows if row[1]]):
        x = left + (at % 2) * half
        sheet.line(words.say(key), x, y + 2.6, half - 2.0, size=6.0, least=4.4, colour=MUTED)
        sheet.line(value, x, y + 6.4, half - 2.0, size=7.6, least=4.6)
        if at % 2:
            y += 8.0
    y += 8.0 if len([row for row in rows if row[1]]) % 2 else 0.0
    code = template.block(Kind.CODE)
    said = [words.say(key) for key in (code.sentences if code else ())]
    said.append(words.say_beside("in_short"))
    said = [one for one in said if one]
    size = TYPE.small
    while (
        size > 4.4
        and y + 1.0 + sum(sheet.height(sheet.lines(one, width, size=size)) for one in said)
        > zone_top - 0.6
    ):
        size -= 0.2
    y += 1.0
    for one in said:
        y = sheet.paragraph(one, left, y, width, size=size)
    sheet.box(0.0, zone_top, sheet.width_in_all, sheet.height_in_all - zone_top, fill=WHITE)
    pattern.microtext(sheet, page.number, 0.0, zone_top, sheet.width_in_all)
    pitch = _PITCH_MM / scale
    for number, line in enumerate(lines):
        baseline = zone_top + (4.6 + number * _LINE_MM) / scale
        start = (sheet.width_in_all - pitch * len(line)) / 2
        with sheet.inside("P", instead=line):
            for at, char in enumerate(line):
                place = start + at * pitch
                if sheet.rtl:  # the zone reads from left to right on every card
                    place = sheet.width_in_all - place - pitch
                sheet.line(char, place, baseline, pitch, size=13.2, align=Align.CENTRE, language="")
