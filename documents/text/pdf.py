"""Shaped lines into a ReportLab canvas.

What is copied out of the PDF is the text again: see ``docs/formats/text.md``, "In the PDF", for
why the two directions are written differently.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from documents.text.canvas import PdfCanvas
from documents.text.embed import EmbeddedFont
from documents.text.faces import Face
from documents.text.lines import Line
from documents.text.shape import Glyph, Run
from values.text import BIDI_CONTROLS

_FIRST_PLANE = "\uffff"
KEPT_LINES = 512
"""Lines whose operators are kept: the labels and sentences of several languages."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """Text operators that stand `x` points right of the left end of their line."""

    font: str
    x: float
    body: str

    def at(self, x: float, baseline: float, times: int, step: float) -> str:
        again = f"\n{_number(step)} 0 Td\n{self.body}" * (times - 1) if times > 1 else ""
        place = f"{_number(x + self.x)} {_number(baseline)}"
        return f"BT {self.font} Tf\n1 0 0 1 {place} Tm\n{self.body}{again}\nET"


@dataclass(frozen=True, slots=True)
class _Outlined:
    """A glyph as a path, from the left end of its line and its baseline."""

    scale: str
    x: float
    y: float
    path: str

    def at(self, x: float, baseline: float, times: int, step: float) -> str:
        low = _number(baseline + self.y, 5)
        return "\n".join(
            f"q {self.scale} {_number(x + self.x + time * step, 5)} {low} cm {self.path} f Q"
            for time in range(times)
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """Operators that stand nowhere: what text says when it is copied."""

    operators: str

    def at(self, x: float, baseline: float, times: int, step: float) -> str:
        return self.operators


class TextPen:
    """Draws lines on one canvas and remembers which glyphs its fonts need."""

    def __init__(self, canvas: PdfCanvas) -> None:
        self._canvas = canvas
        self._fonts: dict[str, EmbeddedFont] = {}
        # Labels and sentences come back on every page, and only their place changes.
        self._parts = lru_cache(maxsize=KEPT_LINES)(self._set)

    def draw(
        self,
        line: Line,
        x: float,
        baseline: float,
        colour: str = "0 g",
        *,
        times: int = 1,
        step: float = 0.0,
    ) -> None:
        """Draw `line` with its left end at `x`; `colour` is the operator that sets it.

        With `times`, it is drawn again and again, each time `step` points further.
        """
        parts = [part.at(x, baseline, times, step) for part in self._parts(line)]
        self._canvas.write("\n".join([colour, *parts]))

    def _set(self, line: Line) -> tuple[_Shown | _Outlined | _Said, ...]:
        out: list[_Shown | _Outlined | _Said] = []
        at = 0.0
        for rtl, runs in groupby(line.runs, key=lambda run: run.level % 2):
            group = list(runs)
            # What is written from left to right is extracted as it stands when it says so itself.
            stated = not rtl and not all(_one_to_one(run) for run in group)
            if stated:
                first, last = group[0].start, group[-1].end
                said = _text_string(line.text[first:last])
                out.append(_Said(f"/Span <</ActualText {said}>> BDC"))
            for run in group:
                marks = _Marks(self._font(run.face), run, line.style.size)
                out += marks.parts(line.text, at)
                at += run.width(line.style.size)
            if stated:
                out.append(_Said("EMC"))
        return tuple(out)

    def _font(self, face: Face) -> EmbeddedFont:
        font = self._fonts.get(face.name)
        if font is None:
            font = EmbeddedFont(face, f"T{len(self._fonts) + 1}")
            self._fonts[face.name] = font
            self._canvas.add_font(font)
        return font


class _Marks:
    """The PDF operators of one run.

    From left to right every glyph is shown in turn. From right to left extractors put single
    characters back into reading order, and stumble over everything else: so there every
    character has one code of its own (a ligature's second letter is an invisible one beside
    it), and glyphs that stand for no character, or hang on another, are drawn as outlines.
    """

    def __init__(self, font: EmbeddedFont, run: Run, size: float) -> None:
        self._font = font
        self._run = run
        self._size = size * run.face.optical
        self._units = run.face.units
        self._pen = 0.0  # where the PDF's pen stands, in font units from the start of the run
        self._rise = 0
        self._shown: list[str] = []
        self._codes = ""
        self._text_out: list[str] = []
        self._outlines: list[_Outlined] = []

    def parts(self, text: str, x: float) -> list[_Shown | _Outlined]:
        """The run in parts; it begins `x` points right of the left end of its line."""
        rtl = self._run.level % 2
        own = text[self._run.start : self._run.end]
        if rtl and _undirected(own):
            return self._whole(own, x)
        want = 0
        for glyph in self._run.glyphs:
            chars = "".join(
                char for char in text[glyph.start : glyph.end] if char not in BIDI_CONTROLS
            )
            if not chars and not glyph.advance and not self._run.face.outline(glyph.index):
                continue  # a mark of direction
            if glyph.index == 0:
                # PDF/A-2 allows no code for the empty box of a missing character: it is drawn.
                self._outline(glyph, x, want)
                self._letters(chars, want)
            elif not rtl:
                self._show(glyph, chars, want)
            elif not chars:
                self._outline(glyph, x, want)
            elif glyph.advance == 0 and unicodedata.category(chars[0]) == "Mn":
                self._outline(glyph, x, want)
                self._letters(chars, want)
            else:
                self._letters(chars[1:], want)
                self._show(glyph, chars[0], want)
            want += glyph.advance
        return self._operators(x)

    def _whole(self, text: str, x: float) -> list[_Shown | _Outlined]:
        """A run whose first visible mark says all of its text, the others none: no extractor
        turns that. (In an ActualText, PDFium leaves such letters out.)"""
        want = 0
        left = "".join(char for char in text if char not in BIDI_CONTROLS)
        for glyph in self._run.glyphs:
            if left and self._run.face.outline(glyph.index):
                self._show(glyph, left, want)
                left = ""
            else:
                self._outline(glyph, x, want)
            want += glyph.advance
        return self._operators(x)

    def _operators(self, x: float) -> list[_Shown | _Outlined]:
        self._flush()
        if self._rise:
            self._text_out.append("0 Ts")
        shown = []
        if self._text_out:
            font = f"/{self._font.name} {_number(self._size)}"
            shown.append(_Shown(font, x, "\n".join(self._text_out)))
        return [*shown, *self._outlines]

    def _show(self, glyph: Glyph, chars: str, want: int) -> None:
        if glyph.y != self._rise:
            self._flush()
            self._rise = glyph.y
            self._text_out.append(f"{_number(glyph.y * self._size / self._units)} Ts")
        self._move(want + glyph.x)
        self._code(glyph.index, chars)

    def _letters(self, chars: str, want: int) -> None:
        """Characters without a glyph of their own, invisible, the last in reading order first."""
        blank = self._run.face.blank
        for char in reversed(chars):
            self._move(want)
            self._code(blank, char)

    def _outline(self, glyph: Glyph, x: float, want: int) -> None:
        path = self._run.face.outline(glyph.index)
        if path:
            scale = self._size / self._units
            size = " ".join(_number(value, 5) for value in (scale, 0, 0, scale))
            left = x + (want + glyph.x) * scale
            self._outlines.append(_Outlined(size, left, glyph.y * scale, path))

    def _move(self, want: float) -> None:
        """Bring the pen to `want`; numbers in a TJ array are thousandths of the font size."""
        correction = round((self._pen - want) * 1000 / self._units)
        if correction:
            if self._codes:
                self._shown.append(f"<{self._codes}>")
                self._codes = ""
            self._shown.append(str(correction))
            self._pen -= correction * self._units / 1000

    def _code(self, glyph: int, chars: str) -> None:
        self._codes += f"{self._font.code(glyph, chars):04X}"
        self._pen += self._run.face.advance(glyph)

    def _flush(self) -> None:
        if self._codes:
            self._shown.append(f"<{self._codes}>")
        if self._shown:
            self._text_out.append(f"[{''.join(self._shown)}] TJ")
        self._shown, self._codes = [], ""


def _undirected(text: str) -> bool:
    """Whether there are letters beyond the first plane (Hanifi Rohingya, Adlam): extractors have
    no direction for these, and leave them as they are."""
    return any(char > _FIRST_PLANE for char in text)


def _one_to_one(run: Run) -> bool:
    """Whether each glyph stands for exactly one character: then no ActualText is needed."""
    return all(glyph.end - glyph.start == 1 for glyph in run.glyphs)


def _text_string(text: str) -> str:
    """A PDF text string (PDF 32000-1, 7.9.2.2), without the marks of direction."""
    plain = "".join(char for char in text if char not in BIDI_CONTROLS)
    return f"<FEFF{plain.encode('utf-16-be').hex().upper()}>"


def _number(value: float, digits: int = 3) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text
