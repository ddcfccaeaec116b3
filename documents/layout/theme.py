"""Measures and colours of the pages. Lengths are millimetres, type sizes points.

One dark accent and greys: the pages are printed on office printers, mostly in black and white,
and copied. Nothing that matters is said by colour alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MM = 72 / 25.4  # points
CLEAR = 7.2
_SMALL = 180.0


@dataclass(frozen=True, slots=True)
class PaperSize:
    """A sheet of paper, in millimetres.

    Pages are laid out in units of the sheet: on smaller paper type and gaps shrink together by
    `scale`, and `width`, `height` and `margin` are what that leaves room for. Codes keep their
    printed size on every paper.
    """

    name: str
    real_width: float
    real_height: float
    real_margin: float  # office printers cut 6.4 mm, files are punched at 12 mm
    scale: float = 1.0
    least_scale: float = 1.0
    """Down to which letters may be made smaller: below it the smallest are no longer read."""
    air: float = 1.0
    """Shares of the usual gaps between blocks."""

    @property
    def width(self) -> float:
        """Its width in its own units."""
        return self.real_width / self.scale

    @property
    def height(self) -> float:
        """Its height in its own units."""
        return self.real_height / self.scale

    @property
    def margin(self) -> float:
        """The margin at the sides, in its own units."""
        return self.real_margin / self.scale

    @property
    def content(self) -> float:
        """The width between the margins, in its own units."""
        return self.width - 2 * self.margin

    @property
    def clear(self) -> float:
        """What stays free at every edge, in its own units: no office printer prints there. Printers
        of cards print up to the edge."""
        return 0.0 if self.name == "card" else CLEAR / self.scale

    @property
    def small(self) -> bool:
        """Whether heads and portraits are those of small paper."""
        return self.real_width < _SMALL

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.real_width * MM, self.real_height * MM


A4 = PaperSize("a4", 210.0, 297.0, 18.0, least_scale=0.85)
PAPERS: Mapping[str, PaperSize] = MappingProxyType(
    {
        "a4": A4,
        "letter": PaperSize("letter", 215.9, 279.4, 18.0, least_scale=0.85),
        "a5": PaperSize("a5", 148.0, 210.0, 11.0, 0.86, least_scale=0.81),
        "card": PaperSize("card", 85.6, 54.0, 3.2, 0.74, least_scale=0.74),
    }
)
"""By the names that templates use. The card is ID-1 of ISO/IEC 7810."""

Colour = tuple[float, float, float]

INK: Colour = (0.09, 0.11, 0.14)
MUTED: Colour = (0.36, 0.40, 0.44)  # 5.9 to 1 on white
ACCENT: Colour = (0.06, 0.29, 0.35)
HAIRLINE: Colour = (0.74, 0.77, 0.79)
TINT: Colour = (0.945, 0.957, 0.960)
PATTERN: Colour = (0.80, 0.87, 0.88)
FINE: Colour = (0.86, 0.91, 0.92)  # behind text: 5 to 1 is kept for what stands on it
WATERMARK: Colour = (0.90, 0.90, 0.90)
WHITE: Colour = (1.0, 1.0, 1.0)
WARNING: Colour = (0.62, 0.16, 0.10)


@dataclass(frozen=True, slots=True)
class Type:
    """The type sizes in use, in points."""

    title: float = 19.0
    name: float = 21.0
    name_latin: float = 14.0
    least_name: float = 9.0
    value: float = 11.0
    label: float = 7.2
    body: float = 8.3
    small: float = 7.4
    beside: float = 6.8
    grid: float = 13.0
    micro: float = 1.0
    watermark: float = 58.0


TYPE = Type()
LABEL_HEIGHT = 1.65 * TYPE.label / MM  # of the small labels above values
