"""Lines: text broken to a width and put into visual order.

Break opportunities come from ICU, which knows Thai, Lao, Khmer and Burmese words. The levels
are those of the whole paragraph (UAX 9 L1 and L2 work on lines).
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate

from icu4py.breakers import LineBreaker

from documents.text import bidi
from documents.text.bidi import Paragraph
from documents.text.faces import Weight
from documents.text.itemise import graphemes, in_code_points, itemise
from documents.text.shape import Run, shape

_SHORT = r"(?:[^\d\s]{1,3}\s)?"
_WHOLE = (
    # 4 May 2027; 2027 May 4, as in Burmese and Pashto; May 2027; WST-A01-K7Q-P00042-08
    re.compile(rf"(?<!\d)\d{{1,2}}[^\d\s]{{0,2}}\s{_SHORT}[^\d\s]+\s{_SHORT}\d{{4}}(?!\d)"),
    re.compile(r"(?<!\d)\d{4}[^\d\s]?\s[^\d\s]+\s\d{1,2}(?!\d)"),
    re.compile(r"[^\d\s]+\s\d{4}(?!\d|\s[^\d\s]+\s\d{1,2}(?!\d))"),
    re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+){3,}"),
)
"""What is read at one glance, in the digits of any script: a line ends before it or after it."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set. `language` is BCP 47 or ISO 639-3; `base` 1 makes a paragraph run right to
    left, None takes it from the text."""

    size: float
    weight: Weight = Weight.REGULAR
    language: str = ""
    base: int | None = None


@dataclass(frozen=True, eq=False)  # two are equal when they are one: what is drawn is kept by it
class Line:
    """One line, ready to be drawn: runs from left to right. Sizes are in points."""

    text: str
    start: int
    end: int
    base: int
    runs: tuple[Run, ...]
    style: Style
    space: str = ""
    """The white space that it ends in, which is not drawn."""

    @property
    def whole(self) -> str:
        """Its text as it was, so that the lines of a paragraph joined are the paragraph."""
        return self.text + self.space

    @cached_property
    def width(self) -> float:
        """Advance width."""
        return sum(run.width(self.style.size) for run in self.runs)

    @cached_property
    def ascent(self) -> float:
        """How far the ink goes above the baseline."""
        return max(
            (
                (run.face.reach(glyph.index)[0] + glyph.y) * run.face.scale(self.style.size)
                for run in self.runs
                for glyph in run.glyphs
            ),
            default=0.0,
        )

    @cached_property
    def descent(self) -> float:
        """How far the ink goes below the baseline."""
        return max(
            (
                (run.face.reach(glyph.index)[1] - glyph.y) * run.face.scale(self.style.size)
                for run in self.runs
                for glyph in run.glyphs
            ),
            default=0.0,
        )


@lru_cache(maxsize=2048)  # labels and sentences come back on every page of a print run
def set_line(text: str, style: Style) -> Line:
    """Set `text` as one line, however wide."""
    return _line(text, bidi.resolve(text, base=style.base), 0, len(text), style)


@lru_cache(maxsize=2048)  # likewise, in each of the sizes that a page is measured in
def set_paragraph(
    text: str, style: Style, width: float, *, parted: bool = False
) -> tuple[Line, ...]:
    """Break `text` into lines no wider than `width` points.

    Dates and numbers of documents stay on one line where it holds them, unless they may be
    `parted`.

    A word wider than a line is broken between user-perceived characters. Empty text is one
    empty line.
    """
    whole = set_line(text, style)
    if whole.width <= width:
        return (whole,)
    paragraph = bidi.resolve(text, base=style.base)
    reach = _reach(text, paragraph, style)
    lines = []
    start = 0
    while start < len(text):
        end = _line_end(text, reach, start, width, parted)
        lines.append(_line(text, paragraph, start, end, style))
        start = end
    return tuple(lines)


def fit(text: str, style: Style, width: float, *, least: float) -> Style:
    """The style with its size reduced, not below `least`, until the text fits one line."""
    natural = set_line(text, style).width
    if natural <= width:
        return style
    return replace(style, size=max(least, style.size * width / natural))


def _reach(text: str, paragraph: Paragraph, style: Style) -> list[float]:
    """For every place between characters, the width of the text before it, in points.

    The text is shaped once, in logical order; breaking a line changes at most the joining of
    the letters beside the break, and no line breaks inside a joined word.
    """
    widths = [0.0] * len(text)
    for item in itemise(text, paragraph.levels, style.weight, style.language):
        run = shape(text, item, style.language)
        for glyph in run.glyphs:
            widths[glyph.start] += glyph.advance * run.face.scale(style.size)
    return [0.0, *accumulate(widths)]


def _line_end(text: str, reach: list[float], start: int, width: float, parted: bool) -> int:
    """Where the line that begins at `start` ends: the last opportunity that still fits."""
    whole, plain = _opportunities(text)
    for opportunities in (() if parted else whole, plain, _boundaries(text)):
        best = start
        for end in opportunities:
            if end <= start:
                continue
            visible = start + len(text[start:end].rstrip())
            if reach[visible] - reach[start] > width:
                break
            best = end
        if best > start:
            return best
    return next(end for end in _boundaries(text) if end > start)


@lru_cache(maxsize=256)
def _opportunities(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where a line may end, after ICU; never before a mark that hangs on a space. First the places
    that leave dates and numbers of documents whole, then all: for a line that is too narrow."""
    segments = LineBreaker(text, "en").segments()
    letters = frozenset(_boundaries(text))
    plain = tuple(end for _, end in in_code_points(text, segments) if end in letters)
    inside = frozenset(
        at
        for one in _WHOLE
        for found in one.finditer(text)
        for at in range(found.start() + 1, found.end())
    )
    return tuple(end for end in plain if end not in inside), plain


@lru_cache(maxsize=256)
def _boundaries(text: str) -> tuple[int, ...]:
    return tuple(end for _, end in graphemes(text))


def _line(text: str, paragraph: Paragraph, start: int, end: int, style: Style) -> Line:
    """Shape `text[start:end]`, without the white space it ends in, and order its runs."""
    visible = len(text[start:end].rstrip()) + start
    part = text[start:visible]
    levels = bidi.line_levels(text, paragraph, start, visible)
    items = itemise(part, levels, style.weight, style.language)
    runs = [shape(part, item, style.language) for item in items]
    ordered = tuple(runs[at] for at in bidi.visual_order([run.level for run in runs]))
    return Line(part, start, end, paragraph.base, ordered, style, text[visible:end])
