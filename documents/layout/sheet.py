"""A sheet of paper to draw on, measured in millimetres from the corner where reading starts.

`x` runs from the start edge: from the left on pages that read from left to right, from the
right on the others, so a page is laid out once and mirrors itself. `y` runs down. Pictures,
codes and text themselves are never mirrored.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

from documents.layout.images import place_jpeg
from documents.layout.structure import GROUPS, Element, Tree
from documents.layout.theme import A4, INK, MM, MUTED, Colour, PaperSize
from documents.qr import QUIET_MODULES, Symbol
from documents.text.canvas import PdfCanvas
from documents.text.faces import Weight
from documents.text.lines import Line, Style, fit, set_line, set_paragraph
from documents.text.pdf import TextPen
from documents.text.piles import tamed
from values.text import is_rtl

# A Latin line, times its size: 1.36 from baseline to baseline.
_ASCENT, _DESCENT = 1.04, 0.32
_ARTIFACT = "/Artifact BMC"


class Align(StrEnum):
    """Where a line stands in its box, by the page's reading direction."""

    START = "start"
    CENTRE = "centre"
    END = "end"


class Sheet:
    """One page of a canvas. `draws` is false where everything is measured and nothing drawn."""

    draws = True

    def __init__(
        self,
        canvas: PdfCanvas,
        pen: TextPen,
        *,
        tree: Tree,
        rtl: bool,
        language: str,
        size: PaperSize = A4,
    ) -> None:
        self._canvas = canvas
        self._pen = pen
        self._tree = tree
        self._content: Element | None = None
        self.rtl = rtl
        self.language = language
        self.size = size
        self.margin = size.margin
        self.content = size.content
        self.air = size.air
        self.width_in_all = size.width
        self.height_in_all = size.height
        self._unit = MM * size.scale

    def side(self, symbol: Symbol) -> float:
        """The side of a code in the sheet's units: codes keep their printed size."""
        return symbol.side_mm / self.size.scale

    def inside(
        self, role: str, *, language: str = "", instead: str = "", extra: str = ""
    ) -> AbstractContextManager[None]:
        """What is drawn within belongs to an element of `role`; see `Tree.inside`."""
        return self._tree.inside(role, language=language, instead=instead, extra=extra)

    def aside(self) -> AbstractContextManager[None]:
        """What is drawn within is no part of what the page says."""
        return self._tree.aside()

    def within(self, role: str) -> bool:
        """Whether what is drawn now is directly in an element of `role`."""
        return self._tree.within(role)

    def line(
        self,
        text: str,
        x: float,
        baseline: float,
        width: float,
        *,
        size: float,
        least: float | None = None,
        bold: bool = False,
        colour: Colour = INK,
        align: Align = Align.START,
        language: str | None = None,
    ) -> None:
        """Draw one line in a box of `width`, made smaller down to `least` when it does not fit."""
        if not self.draws:
            return
        text = tamed(text)
        style = self.style(text, size, bold=bold, language=language)
        if least is not None:
            style = fit(text, style, width * self._unit, least=least * self.size.scale)
        with self._text(text, language):
            self._draw(set_line(text, style), x, baseline, width, align, colour)

    def typed(self, text: str, left: float, baseline: float, *, pitch: float) -> None:
        """Draw a line for machines: OCR-B, a character every `pitch`, black. `left` is from the
        left edge: such a line reads from left to right on every page."""
        if not self.draws:
            return
        style = Style(1.0, Weight.ZONE, "", 0)
        size = pitch * self._unit * len(text) / set_line(text, style).width
        with self._text(text, ""):
            self._begin()
            low = (self.size.height - baseline) * self._unit
            self._pen.draw(set_line(text, replace(style, size=size)), left * self._unit, low)

    def paragraph(
        self,
        text: str,
        x: float,
        top: float,
        width: float,
        *,
        size: float,
        bold: bool = False,
        colour: Colour = INK,
        language: str | None = None,
        align: Align = Align.START,
        most: int | None = None,
    ) -> float:
        """Draw text in as many lines as it needs (at most `most`) and return where it ends."""
        lines = self.lines(text, width, size=size, bold=bold, language=language)
        return self.draw_lines(lines[:most], x, top, width, colour=colour, align=align)

    def lines(
        self,
        text: str,
        width: float,
        *,
        size: float,
        bold: bool = False,
        language: str | None = None,
        parted: bool = False,
    ) -> tuple[Line, ...]:
        """Break text to `width` without drawing it; see `set_paragraph` for `parted`."""
        text = tamed(text)
        style = self.style(text, size, bold=bold, language=language)
        return set_paragraph(text, style, width * self._unit, parted=parted)

    def draw_lines(
        self,
        lines: Sequence[Line],
        x: float,
        top: float,
        width: float,
        *,
        colour: Colour = INK,
        align: Align = Align.START,
    ) -> float:
        """Draw lines under one another from `top` and return where they end."""
        y = top
        said = "".join(line.whole for line in lines)
        with self._text(said, lines[0].style.language if lines else None):
            for line in lines:
                self._draw(line, x, y + self.below(line), width, align, colour)
                y += self._advance(line)
        return y

    def width(self, text: str, *, size: float) -> float:
        """The room that one line of the page's language takes."""
        return set_line(text, self.style(text, size, bold=False, language=None)).width / self._unit

    def line_width(self, text: str, size: float, language: str) -> float:
        """The room that one line of a language takes."""
        return set_line(text, self.style(text, size, bold=False, language=language)).width / (
            self._unit
        )

    def taken(self, line: Line) -> float:
        """The room that a line takes on its way."""
        return line.width / self._unit

    def height(self, lines: Sequence[Line]) -> float:
        """The room that `draw_lines` will need for `lines`."""
        return sum(self._advance(line) for line in lines)

    def below(self, line: Line) -> float:
        """From the top of a line to its baseline."""
        return baseline_below(line) / self.size.scale

    def _advance(self, line: Line) -> float:
        return line_advance(line) / self.size.scale

    def style(self, text: str, size: float, *, bold: bool, language: str | None) -> Style:
        """The style of `text`: in the page's language unless another is named.

        The page's own sentences run in the page's direction, even when they begin with a Latin
        word; names, and sentences that have not been translated, run in their own.
        """
        weight = Weight.BOLD if bold else Weight.REGULAR
        size *= self.size.scale
        if language is not None:
            return Style(size, weight, language)
        base = 1 if self.rtl and any(map(is_rtl, text)) else None
        return Style(size, weight, self.language, base)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        thickness: float = 0.5,
        radius: float = 0.0,
    ) -> None:
        """Draw a rectangle; `thickness` in points."""
        self._ornament()
        left, bottom = self.corner(x, y, width, height)
        wide, high = width * self._unit, height * self._unit
        how = []
        if fill is not None:
            how.append(f"{colour_operands(fill)} rg")
        if stroke is not None:
            how.append(f"{colour_operands(stroke)} RG {thickness:g} w")
        if radius:
            path = _rounded(left, bottom, wide, high, radius * self._unit)
        else:
            path = f"{left:.3f} {bottom:.3f} {wide:.3f} {high:.3f} re"
        done = ("B" if fill is not None else "S") if stroke is not None else "f"
        self._canvas.write(f"{' '.join(how)} {path} {done}")

    def rule(
        self, x: float, y: float, width: float, *, colour: Colour, thickness: float = 0.5
    ) -> None:
        """Draw a horizontal line; `thickness` in points."""
        left, height = self.corner(x, y, width)
        right = left + width * self._unit
        self._ornament()
        self._canvas.write(
            f"{colour_operands(colour)} RG {thickness:g} w "
            f"{left:.3f} {height:.3f} m {right:.3f} {height:.3f} l S"
        )

    def corner(self, x: float, y: float, width: float, height: float = 0.0) -> tuple[float, float]:
        """The lower left corner of a box, in points from the lower left corner of the paper."""
        return self._left(x, width) * self._unit, (self.size.height - y - height) * self._unit

    @property
    def unit(self) -> float:
        """Points in one unit of the sheet."""
        return self._unit

    def code(self, symbol: Symbol, x: float, y: float, *, said: str) -> None:
        """Draw a QR code with its quiet zone in white; `x`, `y` are the corner of the modules.
        `said` describes it to those who hear the page."""
        side = self.side(symbol)
        quiet = QUIET_MODULES * side / symbol.modules
        self.box(x - quiet, y - quiet, side + 2 * quiet, side + 2 * quiet, fill=(1.0, 1.0, 1.0))
        left, bottom = self.corner(x, y, side, side)
        scale = symbol.module_mm * MM
        place = f"{scale:.5f} 0 0 {scale:.5f} {left:.3f} {bottom:.3f} cm"
        # Black, not ink: a scanner's threshold has the last word.
        with self._picture(said, left, bottom, side * self._unit, side * self._unit):
            self._canvas.write(f"q 0 0 0 rg {place}\n{symbol.path()} Q")

    def photo(
        self,
        jpeg: bytes,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        said: str,
        whole: bool = False,
    ) -> None:
        """Draw a photograph cut to the box, or a mark that is shown whole in it. `said` describes
        it to those who hear the page."""
        left, bottom = self.corner(x, y, width, height)
        wide, high = width * self._unit, height * self._unit
        with self._picture(said, left, bottom, wide, high):
            place_jpeg(self._canvas, jpeg, left, bottom, wide, high, whole=whole)

    def operators(self, strokes: str, colour: Colour, thickness: float) -> None:
        """Strokes given as PDF operators in points; patterns are made that way."""
        self._ornament()
        self._canvas.write(f"q {colour_operands(colour)} RG {thickness:g} w {strokes} Q")

    def micro(self, text: str, x: float, y: float, width: float, *, size: float) -> None:
        """Fill a line with `text`, again and again. It is an ornament: nobody copies it out."""
        line = set_line(text + " ", self.style(text, size, bold=False, language=""))
        step = set_line(text + " n", line.style).width - set_line("n", line.style).width
        count = int(width * self._unit / step) if step else 0
        if not count:
            return
        left, bottom = self.corner(x, y, width)
        self._ornament()
        self._canvas.write("/Span <</ActualText <FEFF>>> BDC")
        self._pen.draw(line, left, bottom, filling(MUTED), times=count, step=step)
        self._canvas.write("EMC")

    @contextmanager
    def turned(self, degrees: float) -> Iterator[None]:
        """Within, the middle of the page is turned by `degrees`; for the watermark."""
        canvas = self._canvas
        self._ornament()
        canvas.saveState()
        width, height = self.size.points
        canvas.translate(width / 2, height / 2)
        canvas.rotate(degrees)
        canvas.translate(-width / 2, -height / 2)
        with self.aside():
            yield
        canvas.restoreState()

    def _draw(
        self, line: Line, x: float, baseline: float, width: float, align: Align, colour: Colour
    ) -> None:
        spare = width - line.width / self._unit
        inset = {Align.START: 0.0, Align.CENTRE: spare / 2, Align.END: spare}[align]
        left = self._left(x, width) + (spare - inset if self.rtl else inset)
        low = (self.size.height - baseline) * self._unit
        self._begin()
        self._pen.draw(line, left * self._unit, low, filling(colour))

    def _text(self, text: str, language: str | None) -> AbstractContextManager[None]:
        """Text of a language; none is the page's."""
        return self._tree.text(text, self.language if language is None else language)

    @contextmanager
    def _picture(
        self, said: str, left: float, bottom: float, width: float, height: float
    ) -> Iterator[None]:
        corners = f"{left:.1f} {bottom:.1f} {left + width:.1f} {bottom + height:.1f}"
        box = f"/A<</O/Layout/BBox[{corners}]>>"
        with self._tree.inside("Figure", alternative=said, extra=box):
            self._begin()
            yield

    def _begin(self) -> None:
        """What is written from here on is content of the innermost element."""
        element = self._tree.innermost
        if element is None or element.role in GROUPS:
            self._ornament()
        elif element is not self._content:
            number = self._tree.take(element)
            self._canvas.belongs(f"/{element.role} <</MCID {number}>> BDC")
            self._content = element

    def _ornament(self) -> None:
        """What is written from here on says nothing."""
        self._canvas.belongs(_ARTIFACT)
        self._content = None

    def _left(self, x: float, width: float) -> float:
        return self.size.width - x - width if self.rtl else x


@lru_cache(maxsize=64)
def colour_operands(colour: Colour) -> str:
    """A colour as the operands of `rg` and `RG`."""
    return " ".join(f"{part:.3g}" for part in colour)


@lru_cache(maxsize=64)
def filling(colour: Colour) -> str:
    """The operator that sets the colour of text."""
    return f"{colour_operands(colour)} rg"


def _rounded(left: float, bottom: float, wide: float, high: float, radius: float) -> str:
    """A rectangle with rounded corners: quarters of a circle as cubic curves."""
    right, top = left + wide, bottom + high
    inner = radius * 0.4477  # 1 - 4 / 3 * (sqrt(2) - 1)
    return (
        f"{left + radius:.3f} {bottom:.3f} m {right - radius:.3f} {bottom:.3f} l "
        f"{right - inner:.3f} {bottom:.3f} {right:.3f} {bottom + inner:.3f} "
        f"{right:.3f} {bottom + radius:.3f} c {right:.3f} {top - radius:.3f} l "
        f"{right:.3f} {top - inner:.3f} {right - inner:.3f} {top:.3f} "
        f"{right - radius:.3f} {top:.3f} c {left + radius:.3f} {top:.3f} l "
        f"{left + inner:.3f} {top:.3f} {left:.3f} {top - inner:.3f} "
        f"{left:.3f} {top - radius:.3f} c {left:.3f} {bottom + radius:.3f} l "
        f"{left:.3f} {bottom + inner:.3f} {left + inner:.3f} {bottom:.3f} "
        f"{left + radius:.3f} {bottom:.3f} c h"
    )


def baseline_below(line: Line) -> float:
    """How far below its top, in mm, a line has its baseline: enough for what its ink needs."""
    return max(line.ascent + 0.10 * line.style.size, line.style.size * _ASCENT) / MM


def line_advance(line: Line) -> float:
    """The height in mm that a line takes. Marks above and below never touch the next line."""
    below = max(line.descent + 0.06 * line.style.size, line.style.size * _DESCENT)
    return baseline_below(line) + below / MM
