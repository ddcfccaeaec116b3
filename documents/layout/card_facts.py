"""Facts on a card: small labels in both languages, and under them what is signed, never cut."""

from collections.abc import Sequence

from documents.errors import PageError
from documents.layout.blocks import Fact
from documents.layout.sheet import Sheet
from documents.layout.theme import MM, MUTED
from documents.text.lines import Line
from documents.wording import Words

_LABEL, _VALUE = 5.8, 8.4
_READABLE, SMALLEST = 6.0, 4.6
"""One line is made smaller down to the first; two lines down to the second."""
STEP = 0.2


def facts(
    sheet: Sheet,
    words: Words,
    rows: Sequence[Sequence[Fact]],
    x: float,
    y: float,
    width: float,
    room: float,
    *,
    most: float = _VALUE,
) -> float:
    """Rows of facts, a label in both languages over each; as large as `room` allows.

    Returns where they end.
    """
    columns = max(map(len, rows))
    each = (width - 2.0 * (columns - 1)) / columns
    while True:
        label = min(_LABEL, most)
        labels = [[_labels(sheet, words, one, each, label) for one in row] for row in rows]
        over = [max(map(len, row)) for row in labels]
        values = [
            [whole(sheet, one.value, each, most, bold=one.bold) for one in row] for row in rows
        ]
        heights = [
            count * _label_height(label) + max(map(sheet.height, row))
            for count, row in zip(over, values, strict=True)
        ]
        spare = room - sum(heights)
        if spare >= 0:
            break
        most -= STEP
    with sheet.inside("L"):
        for at, row in enumerate(rows):
            top = y + over[at] * _label_height(label)
            for column in range(len(row)):
                start = x + column * (each + 2.0)
                with sheet.inside("LI"):
                    _draw_labels(sheet, labels[at][column], start, top, each, label)
                    with sheet.inside("LBody"):
                        sheet.draw_lines(values[at][column], start, top, each)
                        _beside(sheet, words, row[column], values[at][column], start, top, each)
            y += heights[at] + min(1.6, spare / len(rows))
    return y


def _beside(
    sheet: Sheet,
    words: Words,
    one: Fact,
    lines: Sequence[Line],
    x: float,
    top: float,
    width: float,
) -> None:
    """The value in the authority's language, where its line has room for it."""
    if not one.value_beside or len(lines) > 1:
        return
    size = min(_LABEL, lines[0].style.size)
    taken = sheet.taken(lines[0]) + 1.8
    if taken + sheet.line_width(one.value_beside, size, words.beside) <= width:
        baseline = top + sheet.below(lines[0])
        sheet.line(
            one.value_beside, x + taken, baseline, width - taken, size=size, colour=MUTED,
            language=words.beside,
        )  # fmt: skip


def _labels(
    sheet: Sheet, words: Words, one: Fact, width: float, size: float
) -> list[list[tuple[str, str | None]]]:
    """The label in both languages: on one line where there is room, else on two."""
    own: tuple[str, str | None] = (one.label, None)
    if not one.beside:
        return [[own]]
    other = one.beside, words.beside
    taken = sheet.width(one.label, size=size) + 1.8
    if taken + sheet.line_width(one.beside, size, words.beside) <= width:
        return [[own, other]]
    return [[own], [other]]


def _draw_labels(
    sheet: Sheet,
    labels: Sequence[Sequence[tuple[str, str | None]]],
    x: float,
    bottom: float,
    width: float,
    size: float,
) -> None:
    """Labels that end at `bottom`, where the value begins."""
    with sheet.inside("Lbl"):
        for at, row in enumerate(labels):
            baseline = bottom - (len(labels) - at) * _label_height(size) + 1.08 * size / MM
            start = x
            for text, language in row:
                room = x + width - start
                sheet.line(
                    text, start, baseline, room, size=size, least=3.6, colour=MUTED,
                    language=language,
                )  # fmt: skip
                start += sheet.width(text, size=size) + 1.8


def _label_height(size: float) -> float:
    """Whatever its letters, so that values in a row stand on one line."""
    return 1.36 * size / MM


def whole(
    sheet: Sheet,
    text: str,
    width: float,
    most: float,
    *,
    bold: bool = False,
    language: str | None = None,
) -> tuple[Line, ...]:
    """One line; where it would become too small to read, two: what is signed is never cut.

    Raises:
        PageError: code ``too_much``: two lines of the smallest size do not hold it.
    """
    for parted in (False, True):  # better a date on two lines than no card
        size = most
        while size >= SMALLEST:
            lines = sheet.lines(text, width, size=size, bold=bold, language=language, parted=parted)
            if len(lines) == 1 or (size <= _READABLE and len(lines) == 2):
                return lines
            size -= STEP
    raise PageError("too_much", "A fact is too long for a card. Print it on A4 or A5.")
