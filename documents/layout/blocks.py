"""The blocks that all pages share: headings, portrait, names, facts and signatures."""

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
)
from documents.page_data import Identity
from documents.photo import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from documents.wording import Words
from values.text import isolate

GAP = 6.0
LATIN = 0.76
"""Size of a name in Latin letters below one in its own script."""
_LATIN = "en"
_BESIDE = 18.0  # size of a name with the Latin one beside it
_BETWEEN = 2.4  # from a value to the same in the authority's language on its line
_SHORT = 60  # characters of both names that stand beside each other


@dataclass(frozen=True, slots=True)
class Fact:
    """A label, the same in the authority's language, and what is said under it: in the holder's
    language, or in another that is named, and beside it in the authority's where the words differ.
    """

    label: str
    beside: str
    value: str
    bold: bool = False
    value_beside: str = ""
    language: str | None = None


def heading(sheet: Sheet, words: Words, y: float, title: str) -> float:
    """The heading of a block, in both languages on one line. Returns where it ends."""
    said, beside = words.text(title), words.text_beside(title)
    with sheet.inside("H2"):
        return sheet.paragraph(
            f"{said}  ·  {isolate(beside)}" if beside else said,
            sheet.margin,
            y + 1.0 * sheet.air,
            sheet.content,
            size=9.4,
            bold=True,
            colour=ACCENT,
        )


def fact(words: Words, key: str, value: str, *, bold: bool = False) -> Fact:
    """A fact under the label `key`; an empty value is said to be not recorded."""
    return Fact(
        words.say(key), words.say_beside(key), value or words.say("not_recorded"), bold=bold
    )


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
    size: float | None = None,
    beside: bool = False,
) -> float:
    """The name in its own script, large, and in Latin letters below it; with `beside`, next to it
    where both are short. A given `size` is kept."""
    with sheet.inside("L"):
        return _names(sheet, words, who, x, y, width, size=size, beside=beside)


def _names(
    sheet: Sheet,
    words: Words,
    who: Identity,
    x: float,
    y: float,
    width: float,
    *,
    size: float | None,
    beside: bool,
) -> float:
    own = who.name or who.name_latin
    if beside and own and who.name_latin not in ("", own) and len(own + who.name_latin) < _SHORT:
        half = (width - GAP) / 2
        with sheet.inside("LI"):
            at = label(sheet, words, "name", x, y, half)
            end = _large(sheet, own, x, at, half, size or _BESIDE, who.name_language)
        x += half + GAP
        with sheet.inside("LI"):
            at = label(sheet, words, "name_latin", x, y, half)
            small = size * LATIN if size else TYPE.name_latin
            other = _large(sheet, who.name_latin, x, at, half, small, _LATIN)
        return max(end, other) + 1.6
    with sheet.inside("LI"):
        y = label(sheet, words, "name", x, y, width)
        if not own:
            with sheet.inside("LBody"):
                said = words.say("not_named")
                return sheet.paragraph(said, x, y, width, size=15, colour=MUTED) + 2
        y = _large(sheet, own, x, y, width, size or TYPE.name, who.name_language) + 1.6
    if who.name_latin and who.name_latin != own:
        with sheet.inside("LI"):
            y = label(sheet, words, "name_latin", x, y, width)
            small = size * LATIN if size else TYPE.name_latin
            y = _large(sheet, who.name_latin, x, y, width, small, _LATIN) + 1.6
    return y


def _large(
    sheet: Sheet,
    name: str,
    x: float,
    y: float,
    width: float,
    size: float,
    language: str,
) -> float:
    """A name on at most two lines, made smaller for that; one of extreme length on more."""
    least = TYPE.least_name
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
    lines: int = 1,
) -> float:
    """A small label, with the authority's beside it where the page is in another language; of two
    `lines`, below it where both have no room side by side.

    Its height does not depend on its letters, so that values in a row stand on one line: see
    `label_lines` for how many all labels of a row take. On one line the second label goes where
    there is no room: the first is the holder's.
    """
    end = y + lines * LABEL_HEIGHT
    if not sheet.draws:
        return end
    size = TYPE.label
    fits = _side_by_side(sheet, text, beside, width, language)
    below = beside and not fits and lines > 1
    baseline = (y if below else end - LABEL_HEIGHT) + 1.2 * size / MM
    rest = width - sheet.width(text, size=size) - 2.0
    with sheet.inside("Lbl" if sheet.within("LI") else "P"):
        sheet.line(text, x, baseline, width, size=size, least=5.0, colour=MUTED)
        if beside and (fits or below):
            sheet.line(
                beside,
                x if below else x + width - rest,
                baseline + (LABEL_HEIGHT if below else 0.0),
                width if below else rest,
                size=size * 0.92,
                least=5.0,
                colour=MUTED,
                language=language,
            )
    return end


def label_lines(
    sheet: Sheet, pairs: Sequence[tuple[str, str]], widths: Sequence[float], language: str
) -> int:
    """How many lines the labels of a row take: one, or two where any has no room on one."""
    fit = all(
        _side_by_side(sheet, *pair, width, language)
        for pair, width in zip(pairs, widths, strict=True)
    )
    return 1 if fit else 2


def _side_by_side(sheet: Sheet, text: str, beside: str, width: float, language: str) -> bool:
    if not beside:
        return True
    rest = width - sheet.width(text, size=TYPE.label) - 2.0
    return rest > 8 and rest >= 0.76 * sheet.line_width(beside, TYPE.label * 0.92, language)


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
            pairs = [(entry.label, entry.beside) for entry in row]
            lines = label_lines(sheet, pairs, [share * unit for share in shares], language)
            for entry, share in zip(row, shares, strict=True):
                with sheet.inside("LI"):
                    ends.append(
                        _fact(sheet, entry, at, y + 1.3, share * unit, size, language, lines)
                    )
                at += share * unit + GAP
            y = max(ends) + 1.9 * sheet.air
    return y


def _fact(
    sheet: Sheet,
    entry: Fact,
    x: float,
    y: float,
    width: float,
    size: float,
    language: str,
    lines: int,
) -> float:
    y = two_labels(sheet, entry.label, entry.beside, x, y, width, language=language, lines=lines)
    with sheet.inside("LBody"):
        return _value(sheet, entry, x, y, width, size, language)


def _value(
    sheet: Sheet, entry: Fact, x: float, y: float, width: float, size: float, language: str
) -> float:
    """What is said, and in the authority's language on its line where both have room, else under
    it."""
    lines = sheet.lines(entry.value, width, size=size, bold=entry.bold, language=entry.language)
    end = sheet.draw_lines(lines, x, y, width)
    beside = entry.value_beside
    if not beside:
        return end
    taken = sheet.taken(lines[0]) + _BETWEEN
    if len(lines) == 1 and taken + sheet.line_width(beside, TYPE.small, language) <= width:
        baseline = y + sheet.below(lines[0])
        rest = width - taken
        sheet.line(beside, x + taken, baseline, rest, size=TYPE.small, colour=MUTED,
                   language=language)  # fmt: skip
        return end
    return sheet.paragraph(beside, x, end, width, size=TYPE.small, colour=MUTED, language=language)


def signatures(
    sheet: Sheet, words: Words, y: float, height: float, keys: Sequence[str] = ()
) -> None:
    """Room for the hands of the holder and the office, or of those named by `keys`."""
    keys = keys or ("holder_signature", "office_signature")
    width = (sheet.content - GAP * (len(keys) - 1)) / len(keys)
    for at, key in enumerate(keys):
        x = sheet.margin + at * (width + GAP)
        sheet.box(x, y, width, height, stroke=HAIRLINE, radius=1.2)
        whole_label(sheet, words, key, x + 2.5, y + 1.6, width - 5)


def whole_label(sheet: Sheet, words: Words, key: str, x: float, y: float, width: float) -> None:
    """Both labels whole: side by side where that is possible, else one below the other."""
    said, beside = words.say(key), words.say_beside(key)
    taken = sheet.width(said, size=TYPE.label)
    if beside:
        taken += 2.0 + sheet.line_width(beside, TYPE.label, words.beside)
    if taken <= width:
        label(sheet, words, key, x, y, width)
        return
    y = sheet.paragraph(said, x, y, width, size=TYPE.label, colour=MUTED)
    if beside:
        sheet.paragraph(beside, x, y, width, size=TYPE.label, colour=MUTED, language=words.beside)
