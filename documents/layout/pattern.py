"""Fine lines that a copier blurs and a forger has to draw again: waves, rosettes, microtext.

They are shaped by the digest of the credential: the pattern of one document does not fit another.
They prove nothing, and cost an amateur time; the signature in the code is the security.
"""

import hashlib
import math
import zlib

from documents import base45
from documents.layout.sheet import Sheet
from documents.layout.theme import FINE, MM, PATTERN, TYPE

_BAND, _BAND_OF_SMALL = 12.0, 9.6  # of the head, in mm of paper from the upper edge
_STRANDS, _LINE = 7, 0.35
_TURNS = 5
_STEPS = 12  # straight lines of a petal


def seed_of(credential: str, number: str) -> bytes:
    """What shapes the pattern: the digest of the credential, of a preview the number's."""
    if not credential:
        return hashlib.sha256(number.encode()).digest()
    return hashlib.sha256(zlib.decompress(base45.decode(credential))).digest()


def band(sheet: Sheet, seed: bytes) -> None:
    """A band of waves over the head of a page."""
    if not sheet.draws:
        return
    left = sheet.margin * sheet.unit
    right = left + sheet.content * sheet.unit
    depth = _BAND_OF_SMALL if sheet.size.small else _BAND
    _waves(sheet, seed, left, right, sheet.size.points[1] - depth * MM, 2.1 * MM)


def ground(sheet: Sheet, seed: bytes, x: float, y: float, width: float, height: float) -> None:
    """A ground of interlaced waves in a box, for behind a photograph and a name."""
    if not sheet.draws:
        return
    left, bottom = sheet.corner(x, y, width, height)
    wide, tall = width * sheet.unit, height * sheet.unit
    parts = []
    rows = max(3, round(tall / (6.5 * MM)))
    for row in range(rows):
        middle = bottom + tall * (row + 0.5) / rows
        byte = seed[row % len(seed)]
        for strand in range(3):
            waves = 2 + (byte + strand) % 4
            phase = (seed[(row + 7) % 32] + 80 * strand) / 256 * math.tau
            swing = tall / rows * (0.42 + 0.13 * strand)
            parts.append(_wave(left, left + wide, middle, swing, waves, phase))
    sheet.operators(
        f"{left:.1f} {bottom:.1f} {wide:.1f} {tall:.1f} re W n " + " ".join(parts), FINE, 0.2
    )


def rosette(sheet: Sheet, seed: bytes, x: float, y: float, radius: float) -> None:
    """A rosette about a point: one closed line (a hypotrochoid) that a compass cannot draw."""
    if not sheet.draws:
        return
    left, bottom = sheet.corner(x, y, 0.0)
    petals = 7 + seed[0] % 9
    depth = 0.30 + seed[1] / 900
    turn = seed[2] / 256 * math.tau
    size = radius * sheet.unit
    points = []
    for at in range(_STEPS + 1):
        angle = at / _STEPS * math.tau / petals
        reach = size * (1 - depth / 2 + depth / 2 * math.cos(petals * angle))
        points.append(f"{reach * math.cos(angle):.2f} {reach * math.sin(angle):.2f}")
    petal = f"{points[0]} m {' l '.join(points[1:])} l S"
    place = f"{_turned(turn)} {left:.2f} {bottom:.2f} cm"
    sheet.operators(
        f"{place} " + f" {_turned(math.tau / petals)} 0 0 cm ".join([petal] * petals), FINE, 0.25
    )


def _turned(angle: float) -> str:
    """The first four operands of `cm` for a turn; widths of lines stay what they are."""
    cos, sin = math.cos(angle), math.sin(angle)
    return f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f}"


def microtext(sheet: Sheet, number: str, x: float, y: float, width: float) -> None:
    """The number again and again in letters of one point: a line to the eye, dots on a copy."""
    if not number:
        return
    sheet.micro(number, x, y, width, size=TYPE.micro)


def _waves(
    sheet: Sheet, seed: bytes, left: float, right: float, middle: float, swing: float
) -> None:
    parts = []
    for strand in range(_STRANDS):
        amplitude = swing * (1 - strand / 9)
        waves = _TURNS + (seed[strand] + 3 * strand) % 7
        phase = seed[strand + 8] / 256 * math.tau
        parts.append(_wave(left, right, middle, amplitude, waves, phase))
    sheet.operators(" ".join(parts), PATTERN, _LINE)


def _wave(
    left: float, right: float, middle: float, amplitude: float, waves: int, phase: float
) -> str:
    """A sine as cubic curves through its points with its own slopes (Hermite to Bezier).

    One wave is drawn again and again, each time moved by its length: the same operators, which
    are compressed to nothing, and a move leaves the width of the line what it is.
    """
    length = (right - left) / waves
    heights, ahead, behind = [], [], []
    for quarter in range(5):
        angle = quarter * math.tau / 4 + phase
        height = middle + amplitude * math.sin(angle)
        rise = amplitude * math.tau / 12 * math.cos(angle)
        heights.append(f"{height:.1f}")
        ahead.append(f"{height + rise:.1f}")
        behind.append(f"{height - rise:.1f}")
    out = [f"0 {heights[0]} m"]
    for at in range(4):
        x = [f"{length * (3 * at + third) / 12:.2f}" for third in (1, 2, 3)]
        out.append(f"{x[0]} {ahead[at]} {x[1]} {behind[at + 1]} {x[2]} {heights[at + 1]} c")
    out.append("S")
    move = f" 1 0 0 1 {length:.2f} 0 cm "
    return f"q 1 0 0 1 {left:.2f} 0 cm {move.join([' '.join(out)] * waves)} Q"
