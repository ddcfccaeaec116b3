"""What is filled in by hand: boxes for letters and for the digits of a date, marks, and lines.

Boxes help where letters stand apart. Arabic and Burmese are written together: names in them have
a line. A date has its boxes in every language, with day, month and year named in them.
"""

from fontTools import unicodedata as ucd

from documents.layout.blocks import label
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import HAIRLINE, LABEL_HEIGHT, MUTED
from documents.wording import Words

DATES = frozenset({"day", "arrival", "birth"})
NAMES = frozenset({"name", "name_latin", "father_name", "mother_name"})
_MARKED = {"sex": ("F", "M", "X")}
_APART = frozenset({"Latn", "Cyrl", "Grek", "Armn", "Geor", "Ethi"})
"""Scripts (ISO 15924) whose letters are written one by one."""
_CELL = 5.4
_DATE = (("day", 2), ("month", 2), ("year", 4))
_BETWEEN = 1.6  # the parts of a date
_MARK = 3.6
_BELOW = 1.6


def apart(words: Words) -> bool:
    """Whether letters of the page's language have boxes of their own."""
    letter = next(char for char in words.say("name") if char.isalpha())
    return str(ucd.script(letter)) in _APART


def entry(
    sheet: Sheet, words: Words, key: str, x: float, y: float, width: float, height: float
) -> None:
    """One thing to fill in, under its label, in a row of `height`."""
    label(sheet, words, key, x, y, width)
    top, high = y + LABEL_HEIGHT, height - LABEL_HEIGHT - _BELOW
    if key in DATES:
        _date(sheet, words, x, top, width, high)
    elif key in NAMES and apart(words):
        _boxes(sheet, x, top, width, high)
    elif key in _MARKED:
        _marks(sheet, words, key, x, top, width, high)
    else:
        sheet.rule(x, top + high, width, colour=MUTED)


def _boxes(sheet: Sheet, x: float, y: float, width: float, high: float) -> None:
    """Boxes side by side, open above: letters with marks above them have room."""
    count = int(width / _CELL)
    cell = width / count
    sheet.rule(x, y + high, width, colour=MUTED)
    for at in range(count + 1):
        sheet.box(x + at * cell - 0.05, y + high * 0.3, 0.1, high * 0.7, fill=MUTED)


def _date(sheet: Sheet, words: Words, x: float, y: float, width: float, high: float) -> None:
    cells = sum(count for _, count in _DATE)
    cell = min(_CELL, (width - _BETWEEN * (len(_DATE) - 1)) / cells)
    for key, count in _DATE:
        wide = cell * count
        sheet.line(
            words.say(key),
            x + 0.3,
            y + high - 0.7,
            wide - 0.6,
            size=5.4,
            least=4.0,
            colour=MUTED,
            align=Align.CENTRE,
        )
        sheet.box(x, y, wide, high, stroke=MUTED)
        for at in range(1, count):
            sheet.box(x + at * cell - 0.05, y, 0.1, high * 0.42, fill=HAIRLINE)
        x += wide + _BETWEEN


def _marks(
    sheet: Sheet, words: Words, key: str, x: float, y: float, width: float, high: float
) -> None:
    """A box to tick before each of the answers that there are; the longest has the most room."""
    said = [words.code(key, one) for one in _MARKED[key]]
    wanted = [sheet.width(one, size=7.0) for one in said]
    room = width - len(said) * (_MARK + 2.6)
    spare = max(0.0, room - sum(wanted)) / len(said)
    for one, natural in zip(said, wanted, strict=True):
        sheet.box(x, y + (high - _MARK) / 2, _MARK, _MARK, stroke=MUTED)
        x += _MARK + 1.0
        wide = min(natural, room * natural / sum(wanted)) + 0.1
        sheet.line(one, x, y + high / 2 + 0.9, wide, size=7.0, least=4.6)
        x += wide + 1.5 + spare
