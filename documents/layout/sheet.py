"""A sheet of paper to draw on, measured in millimetres from the corner where reading starts.

`x` runs from the start edge: from the left on pages that read from left to right, from the
right on the others, so a page is laid out once and mirrors itself. `y` runs down. Pictures,
codes and text themselves are never mirrored.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

from documents.layout.images import place_jpeg
from documents.layout.theme import INK, MM, PAGE_HEIGHT, PAGE_WIDTH, Colour
from documents.qr import QUIET_MODULES, Symbol
from documents.text.canvas import PdfCanvas
from documents.text.faces import Weight
from documents.text.lines import Line, Style, fit, set_line, set_paragraph
from documents.text.pdf import TextPen
from documents.text.piles import tamed
from values.text import is_rtl

# A Latin line, times its size: 1.36 from baseline to baseline.
_ASCENT, _DESCENT = 1.04, 0.32


class Align(StrEnum):
    """Where a line stands in its box, by the page's reading direction."""

    START = "start"
    CENTRE = "centre"
    END = "end"


class Sheet:
    """One page of a canvas."""

    def __init__(self, canvas: PdfCanvas, pen: TextPen, *, rtl: bool, language: str) -> None:
        self._canvas = canvas
        self._pen = pen
        self.rtl = rtl
        self.language = language

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
        text = tamed(text)
        style = self.style(text, size, bold=bold, language=language)
        if least is not None:
            style = fit(text, style, width * MM, least=least)
        self._draw(set_line(text, style), x, baseline, width, align, colour)

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
    ) -> tuple[Line, ...]:
        """Break text to `width` without drawing it."""
        text = tamed(text)
        return set_paragraph(text, self.style(text, size, bold=bold, language=language), width * MM)

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
        for line in lines:
            self._draw(line, x, y + baseline_below(line), width, align, colour)
            y += line_advance(line)
        return y

    def width(self, text: str, *, size: float) -> float:
        """The room in mm that one line of the page's language takes."""
        return set_line(text, self.style(text, size, bold=False, language=None)).width / MM

    @staticmethod
    def height(lines: Sequence[Line]) -> float:
        """The room that `draw_lines` will need for `lines`."""
        return sum(line_advance(line) for line in lines)

    def style(self, text: str, size: float, *, bold: bool, language: str | None) -> Style:
        """The style of `text`: in the page's language unless another is named.

        The page's own sentences run in the page's direction, even when they begin with a Latin
        word; names, and sentences that have not been translated, run in their own.
        """
        weight = Weight.BOLD if bold else Weight.REGULAR
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
        canvas = self._canvas
        if fill is not None:
            canvas.setFillColorRGB(*fill)
        if stroke is not None:
            canvas.setStrokeColorRGB(*stroke)
            canvas.setLineWidth(thickness)
        place = (
            self._left(x, width) * MM,
            (PAGE_HEIGHT - y - height) * MM,
            width * MM,
            height * MM,
        )
        if radius:
            canvas.roundRect(
                *place, radius * MM, stroke=int(stroke is not None), fill=int(fill is not None)
            )
        else:
            canvas.rect(*place, stroke=int(stroke is not None), fill=int(fill is not None))

    def rule(
        self, x: float, y: float, width: float, *, colour: Colour, thickness: float = 0.5
    ) -> None:
        """Draw a horizontal line; `thickness` in points."""
        left, height = self._left(x, width) * MM, (PAGE_HEIGHT - y) * MM
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(thickness)
        self._canvas.line(left, height, left + width * MM, height)

    def code(self, symbol: Symbol, x: float, y: float) -> None:
        """Draw a QR code with its quiet zone in white; `x`, `y` are the corner of the modules."""
        side, quiet = symbol.side_mm, QUIET_MODULES * symbol.module_mm
        self.box(x - quiet, y - quiet, side + 2 * quiet, side + 2 * quiet, fill=(1.0, 1.0, 1.0))
        left, bottom = self._left(x, side) * MM, (PAGE_HEIGHT - y - side) * MM
        scale = symbol.module_mm * MM
        place = f"{scale:.5f} 0 0 {scale:.5f} {left:.3f} {bottom:.3f} cm"
        # Black, not ink: a scanner's threshold has the last word.
        self._canvas.write(f"q 0 0 0 rg {place}\n{symbol.path()} Q")

    def photo(self, jpeg: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draw a photograph cut to the box."""
        left, bottom = self._left(x, width) * MM, (PAGE_HEIGHT - y - height) * MM
        place_jpeg(self._canvas, jpeg, left, bottom, width * MM, height * MM)

    def operators(self, path: str, colour: Colour, thickness: float) -> None:
        """Stroke a path given as PDF operators in points; patterns are made that way."""
        red, green, blue = colour
        self._canvas.write(f"q {red:.3f} {green:.3f} {blue:.3f} RG {thickness} w {path} S Q")

    @contextmanager
    def turned(self, degrees: float) -> Iterator[None]:
        """Within, the middle of the page is turned by `degrees`; for the watermark."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(PAGE_WIDTH * MM / 2, PAGE_HEIGHT * MM / 2)
        canvas.rotate(degrees)
        canvas.translate(-PAGE_WIDTH * MM / 2, -PAGE_HEIGHT * MM / 2)
        yield
        canvas.restoreState()

    def _draw(
        self, line: Line, x: float, baseline: float, width: float, align: Align, colour: Colour
    ) -> None:
        spare = width - line.width / MM
        inset = {Align.START: 0.0, Align.CENTRE: spare / 2, Align.END: spare}[align]
        left = self._left(x, width) + (spare - inset if self.rtl else inset)
        self._canvas.setFillColorRGB(*colour)
        self._pen.draw(line, left * MM, (PAGE_HEIGHT - baseline) * MM)

    def _left(self, x: float, width: float) -> float:
        return PAGE_WIDTH - x - width if self.rtl else x


def baseline_below(line: Line) -> float:
    """How far below its top, in mm, a line has its baseline: enough for what its ink needs."""
    return max(line.ascent + 0.10 * line.style.size, line.style.size * _ASCENT) / MM


def line_advance(line: Line) -> float:
    """The height in mm that a line takes. Marks above and below never touch the next line."""
    below = max(line.descent + 0.06 * line.style.size, line.style.size * _DESCENT)
    return baseline_below(line) + below / MM
