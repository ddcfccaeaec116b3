"""The band of fine waves above the head of a page."""

import math
from itertools import pairwise

from documents.layout.sheet import Sheet
from documents.layout.theme import CONTENT_WIDTH, MARGIN, MM, PAGE_HEIGHT, PATTERN


def draw(sheet: Sheet, seed: str) -> None:
    """A band of fine waves, shaped by the document's number: it tells originals of one number
    from pages that were put together, and costs an amateur time. It proves nothing."""
    phases = [ord(char) for char in seed]
    spread = sum(value * (at + 1) for at, value in enumerate(phases))
    left, right = MARGIN * MM, (MARGIN + CONTENT_WIDTH) * MM
    middle = (PAGE_HEIGHT - 17.0) * MM
    parts = []
    for strand in range(7):
        amplitude = 2.1 * MM * (1 - strand / 9)
        waves = 5 + (spread + 3 * strand) % 7
        phase = (spread % 97 + strand * 23) / 97 * math.tau
        parts.append(_wave(left, right, middle, amplitude, waves, phase))
    sheet.operators(" ".join(parts), PATTERN, 0.35)


def _wave(
    left: float, right: float, middle: float, amplitude: float, waves: int, phase: float
) -> str:
    """A sine as cubic curves through its points with its own slopes (Hermite to Bezier)."""
    steps = waves * 4
    step = (right - left) / steps
    turn = math.tau * waves / (right - left)
    points = []
    for at in range(steps + 1):
        x = left + at * step
        points.append(
            (
                x,
                middle + amplitude * math.sin(turn * (x - left) + phase),
                amplitude * turn * math.cos(turn * (x - left) + phase),
            )
        )
    out = [f"{points[0][0]:.2f} {points[0][1]:.2f} m"]
    for (x0, y0, slope0), (x1, y1, slope1) in pairwise(points):
        third = (x1 - x0) / 3
        out.append(
            f"{x0 + third:.2f} {y0 + slope0 * third:.2f} "
            f"{x1 - third:.2f} {y1 - slope1 * third:.2f} {x1:.2f} {y1:.2f} c"
        )
    return " ".join(out)
