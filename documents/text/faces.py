"""The bundled fonts: which face writes which script, loaded when first asked for.

Faces are named by script (ISO 15924). A character whose face lacks it falls back to the Latin
face, then to any face that has it; a character no face has is drawn as the empty box, and
`missing` lets a caller know beforehand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property

import uharfbuzz

import resources
from documents.errors import FontError


class Weight(StrEnum):
    """The weights in use. Only Latin and Arabic have a bold face: labels are in those. Zones for
    machines are in OCR-B, whatever their letters; what it lacks falls back to the regular face."""

    REGULAR = "Regular"
    BOLD = "Bold"
    ZONE = "Zone"


_LATIN = "NotoSans"
_ARABIC = "NotoNaskhArabic"
_CJK = "NotoSansCJKsc-Names"
_ZONE = "OCRB-Zone"

# ISO 15924 script to font family. Scripts without an entry begin with the Latin face.
_FAMILY_OF_SCRIPT = {
    "Adlm": "NotoSansAdlam",
    "Arab": _ARABIC,
    "Armn": "NotoSansArmenian",
    "Beng": "NotoSansBengali",
    "Bopo": _CJK,
    "Cakm": "NotoSansChakma",
    "Cyrl": _LATIN,
    "Deva": "NotoSansDevanagari",
    "Ethi": "NotoSansEthiopic",
    "Geor": "NotoSansGeorgian",
    "Grek": _LATIN,
    "Gujr": "NotoSansGujarati",
    "Guru": "NotoSansGurmukhi",
    "Hang": _CJK,
    "Hani": _CJK,
    "Hebr": "NotoSansHebrew",
    "Hira": _CJK,
    "Kana": _CJK,
    "Khmr": "NotoSansKhmer",
    "Knda": "NotoSansKannada",
    "Laoo": "NotoSansLao",
    "Latn": _LATIN,
    "Mlym": "NotoSansMalayalam",
    "Mymr": "NotoSansMyanmar",
    "Nkoo": "NotoSansNKo",
    "Olck": "NotoSansOlChiki",
    "Orya": "NotoSansOriya",
    "Rohg": "NotoSansHanifiRohingya",
    "Sinh": "NotoSansSinhala",
    "Syrc": "NotoSansSyriac",
    "Taml": "NotoSansTamil",
    "Telu": "NotoSansTelugu",
    "Tfng": "NotoSansTifinagh",
    "Thaa": "NotoSansThaana",
    "Thai": "NotoSansThai",
    "Tibt": "NotoSerifTibetan",
}
# Naskh is drawn small in its em square; beside Latin of the same size it would look like a note.
_OPTICAL_SCALE = {_ARABIC: 1.15}
_WITH_BOLD = frozenset({_LATIN, _ARABIC})
_WITHOUT_WEIGHT = frozenset({_CJK})


@dataclass(frozen=True, slots=True)
class Metrics:
    """Vertical extent of a face in its own units, as a designer meant lines to be spaced."""

    ascent: int
    descent: int  # positive, below the baseline
    cap_height: int


@dataclass(frozen=True, eq=False)
class Face:
    """One font file. `units` is the size of its em square; all glyph numbers are in these units.

    `optical` is the factor by which the face is set larger than the size asked for.
    """

    name: str
    data: bytes = field(repr=False)
    hb_face: uharfbuzz.Face = field(repr=False)
    hb_font: uharfbuzz.Font = field(repr=False)
    units: int
    optical: float = 1.0

    @cached_property
    def coverage(self) -> frozenset[int]:
        """The code points the face has a glyph for."""
        return frozenset(self.hb_face.unicodes)

    @cached_property
    def metrics(self) -> Metrics:
        """Ascent, descent and the height of a capital."""
        extents = self.hb_font.get_font_extents("ltr")
        cap = self.hb_font.get_metric_position_with_fallback(uharfbuzz.OTMetricsTag.CAP_HEIGHT)
        return Metrics(extents.ascender, -extents.descender, cap)

    def scale(self, size: float) -> float:
        """Points per unit of the face when text is set at `size` points."""
        return size * self.optical / self.units

    def has(self, char: str) -> bool:
        """Whether the face has a glyph for `char`."""
        return ord(char) in self.coverage

    @cache  # noqa: B019 - faces live as long as the program
    def advance(self, glyph: int) -> int:
        """The width of a glyph in the face's units."""
        return int(self.hb_font.get_glyph_h_advance(glyph))

    @cache  # noqa: B019 - faces live as long as the program
    def reach(self, glyph: int) -> tuple[int, int]:
        """How far a glyph's ink goes above and below its origin; (0, 0) for a blank."""
        extents = self.hb_font.get_glyph_extents(glyph)
        if extents is None or not extents.height:
            return 0, 0
        return extents.y_bearing, -(extents.y_bearing + extents.height)

    @cached_property
    def blank(self) -> int:
        """The glyph of the space."""
        return int(self.hb_font.get_nominal_glyph(0x20) or 0)

    @cache  # noqa: B019 - faces live as long as the program
    def outline(self, glyph: int) -> str:
        """The glyph's outline as PDF path operators in the face's units; empty for a blank."""
        pen = _PathPen()
        self.hb_font.draw_glyph_with_pen(glyph, pen)
        return " ".join(pen.operators)


class _PathPen:
    """Collects PDF path operators (PDF 32000-1, 8.5.2); the interface is fontTools' pen."""

    def __init__(self) -> None:
        self.operators: list[str] = []
        self._at = (0.0, 0.0)

    def moveTo(self, to: tuple[float, float]) -> None:  # noqa: N802 - the interface's name
        self._put("m", to)

    def lineTo(self, to: tuple[float, float]) -> None:  # noqa: N802 - the interface's name
        self._put("l", to)

    def curveTo(  # noqa: N802 - the interface's name
        self, first: tuple[float, float], second: tuple[float, float], to: tuple[float, float]
    ) -> None:
        self._put("c", first, second, to)

    def qCurveTo(self, control: tuple[float, float], to: tuple[float, float]) -> None:  # noqa: N802 - the interface's name
        """A quadratic curve as the cubic one that is the same curve."""
        (x0, y0), (x1, y1), (x2, y2) = self._at, control, to
        first = (x0 + 2 * (x1 - x0) / 3, y0 + 2 * (y1 - y0) / 3)
        second = (x2 + 2 * (x1 - x2) / 3, y2 + 2 * (y1 - y2) / 3)
        self._put("c", first, second, to)

    def closePath(self) -> None:  # noqa: N802 - the interface's name
        self.operators.append("h")

    def _put(self, operator: str, *points: tuple[float, float]) -> None:
        self.operators.append(" ".join(f"{x:.0f} {y:.0f}" for x, y in points) + f" {operator}")
        self._at = points[-1]


def candidates(script: str, weight: Weight) -> Iterator[Face]:
    """Faces to try for a character of `script`, the best first, then every other face."""
    if weight is Weight.ZONE:
        yield _load(_ZONE)
    first = _FAMILY_OF_SCRIPT.get(script, _LATIN)
    yield _face(first, weight)
    if first != _LATIN:
        yield _face(_LATIN, weight)
    for family in sorted(set(_FAMILY_OF_SCRIPT.values()) - {first, _LATIN}):
        yield _face(family, weight)


def best_for(script: str, weight: Weight) -> Face:
    """The face that writes `script`."""
    return next(candidates(script, weight))


def missing(text: str) -> frozenset[str]:
    """The visible characters of `text` that no bundled face has."""
    return frozenset(
        char
        for char in text
        if not invisible(char)
        and not any(face.has(char) for face in candidates("Latn", Weight.REGULAR))
    )


def invisible(char: str) -> bool:
    """Whether `char` is a default ignorable that shaping consumes: joiners, selectors, marks of
    direction. Such a character never asks for a face of its own."""
    code = ord(char)
    return (
        0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or code in {0xAD, 0x34F, 0x61C, 0xFEFF}
    )


def _face(family: str, weight: Weight) -> Face:
    bold = weight is Weight.BOLD and family in _WITH_BOLD
    return _load(
        family if family in _WITHOUT_WEIGHT else f"{family}-{'Bold' if bold else 'Regular'}"
    )


@cache
def _load(name: str) -> Face:
    try:
        data = resources.read_bytes(f"fonts/{name}.ttf")
    except FileNotFoundError:
        raise FontError(
            "missing_font", f"The font {name} is missing. Install Waystation again."
        ) from None
    hb_face = uharfbuzz.Face(uharfbuzz.Blob(data))
    if not hb_face.glyph_count:
        raise FontError("damaged_font", f"The font {name} is damaged. Install Waystation again.")
    optical = _OPTICAL_SCALE.get(name.partition("-")[0], 1.0)
    return Face(name, data, hb_face, uharfbuzz.Font(hb_face), hb_face.upem, optical)
