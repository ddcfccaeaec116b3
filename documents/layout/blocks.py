"""The blocks that all pages share: head, portrait, names, facts, signatures and foot."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.layout import pattern
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import (
    ACCENT,
    CONTENT_WIDTH,
    HAIRLINE,
    LABEL_HEIGHT,
    MARGIN,
    MM,
    MUTED,
    PAGE_HEIGHT,
    TINT,
    TYPE,
    WARNING,
    WATERMARK,
)
from documents.page_data import Identity, PageData
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.wording import Words

GAP = 6.0
_ENGLISH = "en"


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
    pattern.draw(sheet, page.number)
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
    """A small label, with its English beside it when the page is in another language.

    Its height does not depend on its letters, so that values in a row stand on one line.
    """
    size = TYPE.label
    baseline = y + 1.2 * size / MM
    rest = width - sheet.width(text, size=size) - 2.0
    sheet.line(text, x, baseline, width, size=size, least=5.0, colour=MUTED)
    if english and rest > 8:
        sheet.line(
            english,
            x + width - rest,
            baseline,
            rest,
            size=size * 0.92,
            least=5.0,
            colour=MUTED,
            language=_ENGLISH,
        )
    return y + LABEL_HEIGHT


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
    return sheet.paragraph(entry.value, x, y, width, size=size, bold=entry.bold)


def signatures(sheet: Sheet, words: Words, y: float, height: float) -> None:
    """Room for the holder's and the office's hand."""
    width = (CONTENT_WIDTH - GAP) / 2
    for at, key in enumerate(("holder_signature", "office_signature")):
        x = MARGIN + at * (width + GAP)
        sheet.box(x, y, width, height, stroke=HAIRLINE, radius=1.2)
        said, english = words.say(key), words.in_english(key)
        if sheet.width(said, size=TYPE.label) > width - 5:
            sheet.paragraph(said, x + 2.5, y + 1.6, width - 5, size=TYPE.label, colour=MUTED)
        else:
            label(sheet, said, english, x + 2.5, y + 1.6, width - 5)


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
