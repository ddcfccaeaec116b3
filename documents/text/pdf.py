"""Shaped lines into a ReportLab canvas.

Each face becomes one composite font (Type0 over CIDFontType2) with only the glyphs used. A
character code stands for a glyph *and* the text it was shaped from, so that the same glyph
drawn for different letters still copies as the right ones; the font's ToUnicode map holds the
text. See ``docs/formats/text.md`` for how that survives right-to-left extraction.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import uharfbuzz
from reportlab.pdfbase import pdfdoc

from documents.text.canvas import PdfCanvas
from documents.text.faces import Face
from documents.text.lines import Line
from documents.text.shape import Glyph, Run
from values.text import BIDI_CONTROLS

_KEPT_TABLES = frozenset({"head", "hhea", "hmtx", "maxp", "loca", "glyf"})
_SUBSET_FLAGS = (
    uharfbuzz.SubsetFlags.NO_HINTING
    | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
)
_SYMBOLIC = 4  # PDF 32000-1 table 123: the font has its own encoding


@dataclass(eq=False)
class EmbeddedFont:
    """One face inside one PDF: its codes, and at the end its objects."""

    face: Face
    name: str
    codes: dict[tuple[int, str], int] = field(default_factory=dict)

    def code(self, glyph: int, text: str) -> int:
        """The code for a glyph that stands for `text`; code 0 stays the empty box."""
        return self.codes.setdefault((glyph, text), len(self.codes) + 1)

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab calls it by this name
        """Write the font into the document; ReportLab calls this before it saves."""
        data, new_index = _subset(self.face, {glyph for glyph, _ in self.codes})
        tag = _subset_tag(data)
        base = pdfdoc.PDFName(f"{tag}+{self.face.name}")
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": base,
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": self._descriptor(doc, base, data),
                "DW": 0,
                "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray(list(self._widths()))]),
                "CIDToGIDMap": self._stream(doc, "map", self._glyph_map(new_index)),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": base,
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant)]),
                "ToUnicode": self._stream(doc, "text", self._to_unicode()),
            }
        )
        fonts = doc.idToObject["BasicFonts"].dict
        fonts[self.name] = doc.Reference(font)

    def _descriptor(self, doc: Any, base: Any, data: bytes) -> Any:
        face = self.face
        scale = 1000 / face.units
        metrics = face.metrics
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": base,
                "Flags": _SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(
                    [-1000, round(-metrics.descent * scale), 2000, round(metrics.ascent * scale)]
                ),
                "ItalicAngle": 0,
                "Ascent": round(metrics.ascent * scale),
                "Descent": round(-metrics.descent * scale),
                "CapHeight": round(metrics.cap_height * scale),
                "StemV": 160 if face.name.endswith("Bold") else 80,
                "FontFile2": self._stream(doc, "file", data, length1=len(data)),
            }
        )
        return doc.Reference(descriptor)

    def _stream(self, doc: Any, what: str, content: bytes, *, length1: int | None = None) -> Any:
        stream = pdfdoc.PDFStream()
        stream.content = content
        stream.filters = [pdfdoc.PDFZCompress]
        if length1 is not None:
            stream.dictionary["Length1"] = length1
        return doc.Reference(stream, f"{self.name}.{what}")

    def _widths(self) -> Iterator[float]:
        for glyph, _ in self.codes:
            yield round(self.face.advance(glyph) * 1000 / self.face.units, 2)

    def _glyph_map(self, new_index: dict[int, int]) -> bytes:
        pairs = [0, *(new_index.get(glyph, 0) for glyph, _ in self.codes)]
        return b"".join(index.to_bytes(2, "big") for index in pairs)

    def _to_unicode(self) -> bytes:
        """A ToUnicode CMap (PDF 32000-1, 9.10.3)."""
        entries = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            for (_, text), code in self.codes.items()
            if text
        ]
        out = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        for start in range(0, len(entries), 100):  # at most 100 entries a block, 9.7.5.4
            block = entries[start : start + 100]
            out += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        out.append("endcmap CMapName currentdict /CMap defineresource pop end end")
        return "\n".join(out).encode("ascii")


class TextPen:
    """Draws lines on one canvas and remembers which glyphs its fonts need."""

    def __init__(self, canvas: PdfCanvas) -> None:
        self._canvas = canvas
        self._fonts: dict[str, EmbeddedFont] = {}

    def draw(self, line: Line, x: float, baseline: float) -> None:
        """Draw `line` with its left end at `x`, in the canvas's fill colour."""
        out: list[str] = []
        at = x
        for rtl, runs in groupby(line.runs, key=lambda run: run.level % 2):
            group = list(runs)
            # What is written from left to right is extracted as it stands when it says so itself.
            stated = not rtl and not all(_one_to_one(run) for run in group)
            if stated:
                first, last = group[0].start, group[-1].end
                out.append(f"/Span <</ActualText {_text_string(line.text[first:last])}>> BDC")
            for run in group:
                marks = _Marks(self._font(run.face), run, line.style.size)
                out += marks.draw(line.text, at, baseline)
                at += run.width(line.style.size)
            if stated:
                out.append("EMC")
        self._canvas.write("\n".join(out))

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
        self._outlines: list[str] = []

    def draw(self, text: str, x: float, baseline: float) -> list[str]:
        rtl = self._run.level % 2
        want = 0
        for glyph in self._run.glyphs:
            chars = "".join(
                char for char in text[glyph.start : glyph.end] if char not in BIDI_CONTROLS
            )
            if not rtl:
                self._show(glyph, chars, want)
            elif not chars:
                self._outline(glyph, x, baseline, want)
            elif glyph.advance == 0 and unicodedata.category(chars[0]) == "Mn":
                self._outline(glyph, x, baseline, want)
                self._letters(chars, want)
            else:
                self._letters(chars[1:], want)
                self._show(glyph, chars[0], want)
            want += glyph.advance
        self._flush()
        if self._rise:
            self._text_out.append("0 Ts")
        out = []
        if self._text_out:
            out = [
                f"BT /{self._font.name} {_number(self._size)} Tf",
                f"1 0 0 1 {_number(x)} {_number(baseline)} Tm",
                *self._text_out,
                "ET",
            ]
        return out + self._outlines

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

    def _outline(self, glyph: Glyph, x: float, baseline: float, want: int) -> None:
        path = self._run.face.outline(glyph.index)
        if path:
            scale = self._size / self._units
            left = x + (want + glyph.x) * scale
            bottom = baseline + glyph.y * scale
            place = " ".join(_number(value, 5) for value in (scale, 0, 0, scale, left, bottom))
            self._outlines.append(f"q {place} cm {path} f Q")

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


def _one_to_one(run: Run) -> bool:
    """Whether each glyph stands for exactly one character: then no ActualText is needed."""
    return all(glyph.end - glyph.start == 1 for glyph in run.glyphs)


def _text_string(text: str) -> str:
    """A PDF text string (PDF 32000-1, 7.9.2.2), without the marks of direction."""
    plain = "".join(char for char in text if char not in BIDI_CONTROLS)
    return f"<FEFF{plain.encode('utf-16-be').hex().upper()}>"


def _subset(face: Face, glyphs: set[int]) -> tuple[bytes, dict[int, int]]:
    """A font file with only `glyphs` and their parts, and where each of them now is."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs | {0})
    wanted.flags = _SUBSET_FLAGS
    wanted.drop_table_tag_set.update(
        int.from_bytes(tag.encode("ascii"), "big")
        for tag in face.hb_face.table_tags
        if tag not in _KEPT_TABLES
    )
    plan = uharfbuzz.SubsetPlan(face.hb_face, wanted)
    mapping = dict(plan.old_to_new_glyph_mapping.items())
    return bytes(plan.execute().blob.data), mapping


def _subset_tag(data: bytes) -> str:
    """Six capitals that name the subset (PDF 32000-1, 9.6.4); the same glyphs, the same tag."""
    digest = int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
    letters = []
    for _ in range(6):
        digest, letter = divmod(digest, 26)
        letters.append(chr(65 + letter))
    return "".join(letters)


def _number(value: float, digits: int = 3) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text
