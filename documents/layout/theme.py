"""Measures and colours of the pages. Lengths are millimetres, type sizes points.

One dark accent and greys: the pages are printed on office printers, mostly in black and white,
and copied. Nothing that matters is said by colour alone.
"""

from dataclasses import dataclass

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
MARGIN = 18.0  # office printers cut 5 mm, files are punched at 12 mm
CONTENT_WIDTH = PAGE_WIDTH - 2 * MARGIN
MM = 72 / 25.4  # points

Colour = tuple[float, float, float]

INK: Colour = (0.09, 0.11, 0.14)
MUTED: Colour = (0.36, 0.40, 0.44)  # 5.9 to 1 on white
ACCENT: Colour = (0.06, 0.29, 0.35)
HAIRLINE: Colour = (0.74, 0.77, 0.79)
TINT: Colour = (0.945, 0.957, 0.960)
PATTERN: Colour = (0.80, 0.87, 0.88)
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
    grid: float = 13.0
    watermark: float = 58.0


TYPE = Type()
LABEL_HEIGHT = 1.65 * TYPE.label / MM  # of the small labels above values
