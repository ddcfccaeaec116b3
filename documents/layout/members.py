"""The table of a household's members: one row each, nothing of it ever cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.layout.sheet import Sheet
from documents.layout.theme import HAIRLINE, INK, MUTED, TINT, TYPE, Colour
from documents.page_data import MemberLine
from documents.wording import Words
from values.text import isolate

_HEAD_ROW, _BESIDE_ROW, _AIR = 5.2, 3.1, 1.2
_NAME, _LONG_NAME_SIZE = 10.5, 6.5
_BESIDE = 6.4
_LEAST_WHOLE = 5.6
_LONG_NAME = 70  # characters; beyond it a name at full size would take most of the page
# Columns of the table, in parts of its width: order, name, relation, sex, birth, personal number.
_COLUMNS = (0.04, 0.28, 0.15, 0.09, 0.23, 0.21)
_OF_COLUMN = "/A<</O/Table/Scope/Column>>"
_HEADINGS = ("", "name", "relation", "sex", "birth", "person_number")


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell: text, size, language, colour; `whole` keeps it on one line."""

    text: str
    size: float = 7.8
    language: str | None = None
    colour: Colour = INK
    whole: bool = False


def headings(sheet: Sheet, words: Words, y: float) -> float:
    """The row of headings, each with the authority's below it where the page is in another
    language. Returns where it ends."""
    end = y + _HEAD_ROW + (0.0 if words.alone else _BESIDE_ROW)
    sheet.box(sheet.margin, y, sheet.content, end - y, fill=TINT)
    with sheet.inside("TR"):
        for key, (x, width) in zip(_HEADINGS, _places(sheet), strict=True):
            with sheet.inside("TH", extra=_OF_COLUMN):
                if not key:
                    continue
                said, size = words.say(key), TYPE.label
                sheet.line(said, x, y + 3.6, width, size=size, least=5.2, bold=True, colour=MUTED)
                if beside := words.say_beside(key):
                    line, size = y + 3.6 + _BESIDE_ROW, size * 0.92
                    language = words.beside
                    sheet.line(
                        beside,
                        x,
                        line,
                        width,
                        size=size,
                        least=5.0,
                        colour=MUTED,
                        language=language,
                    )
    return end


def row(sheet: Sheet, words: Words, place: int, member: MemberLine, y: float) -> float:
    """One member. Returns where the row ends."""
    y = _row(sheet, _cells(words, place, member), y)
    sheet.rule(sheet.margin, y, sheet.content, colour=HAIRLINE)
    return y


def _cells(words: Words, place: int, member: MemberLine) -> list[list[_Cell]]:
    """The cells of one row, each a stack of texts."""
    who = member.identity
    own = who.name or who.name_latin
    size = _NAME if len(own) <= _LONG_NAME else _LONG_NAME_SIZE
    name = [_Cell(own, size, who.name_language) if own else _Cell(words.say("not_named"))]
    if who.name_latin and who.name_latin != own:
        name.append(_Cell(who.name_latin, min(size, 7.8), "en", MUTED))
    unknown = words.say("not_recorded")
    return [
        [_Cell(str(place + 1), colour=MUTED)],
        name,
        _coded(words, "relation", member.relation),
        _coded(words, "sex", who.sex),
        _told(words, words.birth(who.birth), words.birth_beside(who.birth))
        if who.birth
        else [_Cell(unknown)],
        [_Cell(isolate(who.number), whole=True)],
    ]


def _coded(words: Words, code_list: str, code: str) -> list[_Cell]:
    """A code in words, and below in the authority's."""
    said = words.code(code_list, code) or words.say("not_recorded")
    return _told(words, said, words.code_beside(code_list, code))


def _told(words: Words, said: str, beside: str) -> list[_Cell]:
    return [_Cell(said), *([_Cell(beside, _BESIDE, words.beside, MUTED)] if beside else [])]


def _row(sheet: Sheet, cells: Sequence[Sequence[_Cell]], y: float) -> float:
    """Draw one row, each cell centred in its height. Nothing is ever cut: the row grows."""
    places = _places(sheet)
    heights = [
        _stack(sheet, stack, x, 0.0, width, drawn=False)
        for stack, (x, width) in zip(cells, places, strict=True)
    ]
    height = max(heights) + _AIR
    with sheet.inside("TR"):
        for stack, own, (x, width) in zip(cells, heights, places, strict=True):
            with sheet.inside("TD"):
                _stack(sheet, stack, x, y + (height - own) / 2, width, drawn=True)
    return y + height


def _stack(
    sheet: Sheet, stack: Sequence[_Cell], x: float, y: float, width: float, *, drawn: bool
) -> float:
    for cell in stack:
        size = cell.size
        lines = sheet.lines(cell.text, width, size=size, language=cell.language)
        while cell.whole and len(lines) > 1 and size > _LEAST_WHOLE:
            size -= 0.2
            lines = sheet.lines(cell.text, width, size=size, language=cell.language)
        if drawn:
            y = sheet.draw_lines(lines, x, y, width, colour=cell.colour)
        else:
            y += sheet.height(lines)
    return y


def _places(sheet: Sheet) -> list[tuple[float, float]]:
    """Start and width of each column, inside its padding."""
    places = []
    x = sheet.margin
    for part in _COLUMNS:
        width = part * sheet.content
        places.append((x + 1.0, width - 2.0))
        x += width
    return places
