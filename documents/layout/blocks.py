"""The blocks that all pages share: head, portrait, names, facts, signatures and foot."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.layout.sheet import Align, Sheet
from documents.layout.theme import (
    ACCENT,
    HAIRLINE,
    LABEL_HEIGHT,
    MM,
    MUTED,
    TINT,
    TYPE,
    WARNING,
    WATERMARK,
)
from documents.page_data import Identity, PageData
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.wording import Words

GAP = 6.0
_LATIN = "en"
_SHORT = 60  # characters of both names that stand beside each other
_LOGO = 15.0  # height and most width of the authority's mark, in mm


@dataclass(frozen=True, slots=True)
class Fact:
    """A label, the same in the authority's language, and what is said under it: in the holder's
    language, and beside it in the authority's where the words differ."""

    label: str
    beside: str
    value: str
    bold: bool = False
    value_beside: str = ""


def fact(words: Words, key: str, value: str, *, bold: bool = False) -> Fact:
    """A fact under the label `key`; an empty value is said to be not recorded."""
    return Fact(
        words.say(key), words.say_beside(key), value or words.say("not_recorded"), bold=bold
    )


def watermark(sheet: Sheet, words: Words, page: PageData) -> None:
    """The mark of a preview or of training across the page, under everything else."""
    said = mark(words, page)
    if not said:
        return
    step = sheet.height_in_all / 4.1
    with sheet.turned(38):
        for offset in (-step, 0.0, step):
            sheet.line(
                said,
                sheet.margin - 30,
                sheet.height_in_all / 2 + offset,
                sheet.content + 60,
                size=TYPE.watermark * min(1.0, sheet.height_in_all / 297.0),
                least=16,
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
    top = 22.0 if sheet.size.scale == 1.0 else 17.0
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
        most=2,
        language="",
    )
    if issuer.authority and issuer.authority != issuer.operation:
        y = sheet.paragraph(
            issuer.operation, start, y, half, size=8.6, colour=MUTED, most=2, language=""
        )
    rest = width - half - GAP
    below = sheet.paragraph(
        issuer.office,
        start + half + GAP,
        top,
        rest,
        size=9.4,
        align=Align.END,
        most=2,
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
            most=2,
            language="",
        )
    if issuer.logo is not None:
        below = max(below, top + _LOGO - 1.0)
    y = max(y, below) + 5.0
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
    with sheet.inside("H1"):
        y = sheet.paragraph(
            words.text(title), sheet.margin, y, room, size=TYPE.title, bold=True, colour=ACCENT
        )
    beside = words.text_beside(title)
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
    if page.training:
        y = sheet.paragraph(
            words.say("training_note"),
            sheet.margin,
            y + 1.0,
            sheet.content,
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
        sheet.photo(photo, x, y, width, height, said=words.say("photo"))
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
    beside: bool = False,
) -> float:
    """The name in its own script, large, and in Latin letters below it; with `beside`, next to it
    where both are short."""
    with sheet.inside("L"):
        return _names(sheet, words, who, x, y, width, least=least, beside=beside)


def _names(
    sheet: Sheet,
    words: Words,
    who: Identity,
    x: float,
    y: float,
    width: float,
    *,
    least: float,
    beside: bool,
) -> float:
    size = TYPE.name
    own = who.name or who.name_latin
    if beside and own and who.name_latin not in ("", own) and len(own + who.name_latin) < _SHORT:
        half = (width - GAP) / 2
        with sheet.inside("LI"):
            at = label(sheet, words, "name", x, y, half)
            end = _large(sheet, own, x, at, half, size * 0.86, least, who.name_language)
        x += half + GAP
        with sheet.inside("LI"):
            at = label(sheet, words, "name_latin", x, y, half)
            other = _large(sheet, who.name_latin, x, at, half, size * 0.66, least, _LATIN)
        return max(end, other) + 1.6
    with sheet.inside("LI"):
        y = label(sheet, words, "name", x, y, width)
        if not own:
            with sheet.inside("LBody"):
                said = words.say("not_named")
                return sheet.paragraph(said, x, y, width, size=15, colour=MUTED) + 2
        y = _large(sheet, own, x, y, width, size, least, who.name_language) + 1.6
    if who.name_latin and who.name_latin != own:
        with sheet.inside("LI"):
            y = label(sheet, words, "name_latin", x, y, width)
            y = _large(sheet, who.name_latin, x, y, width, size * 2 / 3, least, _LATIN) + 1.6
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
    with sheet.inside("LBody", language=language):
        return sheet.paragraph(name, x, y, width, size=size, language=language)


def label(sheet: Sheet, words: Words, key: str, x: float, y: float, width: float) -> float:
    """The small label of a message; see `two_labels`."""
    return two_labels(
        sheet, words.say(key), words.say_beside(key), x, y, width, language=words.beside
    )


def two_labels(
    sheet: Sheet,
    text: str,
    beside: str,
    x: float,
    y: float,
    width: float,
    *,
    language: str = _LATIN,
) -> float:
    """A small label, with the authority's beside it where the page is in another language.

    Its height does not depend on its letters, so that values in a row stand on one line. Where
    both have no room side by side, the second goes: the first is the holder's.
    """
    if not sheet.draws:
        return y + LABEL_HEIGHT
    size = TYPE.label
    baseline = y + 1.2 * size / MM
    taken = sheet.width(text, size=size)
    rest = width - taken - 2.0
    wanted = sheet.line_width(beside, size * 0.92, language) if beside else 0.0
    with sheet.inside("Lbl" if sheet.within("LI") else "P"):
        sheet.line(text, x, baseline, width, size=size, least=5.0, colour=MUTED)
        if beside and rest > 8 and rest >= wanted * 0.76:
            sheet.line(
                beside,
                x + width - rest,
                baseline,
                rest,
                size=size * 0.92,
                least=5.0,
                colour=MUTED,
                language=language,
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
    language: str = _LATIN,
) -> float:
    """Rows of facts, a hairline above each row; columns are equal, or divided by `parts`.
    `language` is that of what stands beside."""
    with sheet.inside("L"):
        for row in rows:
            sheet.rule(x, y, width, colour=HAIRLINE)
            # Rows whose answers are long were parted: their columns are not those of the block.
            shares = parts if len(parts) == len(row) else [1.0] * len(row)
            unit = (width - GAP * (len(row) - 1)) / sum(shares)
            ends = []
            at = x
            for entry, share in zip(row, shares, strict=True):
                with sheet.inside("LI"):
                    ends.append(_fact(sheet, entry, at, y + 1.3, share * unit, size, language))
                at += share * unit + GAP
            y = max(ends) + 1.9
    return y


def _fact(
    sheet: Sheet, entry: Fact, x: float, y: float, width: float, size: float, language: str
) -> float:
    y = two_labels(sheet, entry.label, entry.beside, x, y, width, language=language)
    with sheet.inside("LBody"):
        y = sheet.paragraph(entry.value, x, y, width, size=size, bold=entry.bold)
        if entry.value_beside:
            y = sheet.paragraph(
                entry.value_beside, x, y, width, size=TYPE.small, colour=MUTED, language=language
            )
    return y


def signatures(
    sheet: Sheet, words: Words, y: float, height: float, keys: Sequence[str] = ()
) -> None:
    """Room for the hands of the holder and the office, or of those named by `keys`."""
    keys = keys or ("holder_signature", "office_signature")
    width = (sheet.content - GAP * (len(keys) - 1)) / len(keys)
    for at, key in enumerate(keys):
        x = sheet.margin + at * (width + GAP)
        sheet.box(x, y, width, height, stroke=HAIRLINE, radius=1.2)
        said = words.say(key)
        if sheet.width(said, size=TYPE.label) > width - 5:
            sheet.paragraph(said, x + 2.5, y + 1.6, width - 5, size=TYPE.label, colour=MUTED)
        else:
            label(sheet, words, key, x + 2.5, y + 1.6, width - 5)


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
