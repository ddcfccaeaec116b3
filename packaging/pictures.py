"""The pictures of the README, from the tour of the screens.

Run the tour first: ``pytest tests/journeys/test_screens.py -k en-light``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image

HERE: Final = Path(__file__).resolve().parents[1]
SCREENS: Final = HERE / "build" / "screens" / "en-light"
IMAGES: Final = HERE / "docs" / "images"
SIZE: Final = (1138, 640)
COLOURS: Final = 256

PICTURES: Final = {
    "home": "station-officer-home",
    "interview": "station-officer-interview-head-0",
    "person": "station-officer-person",
    "documents": "station-officer-documents",
    "overview": "registry-registrar-overview",
}
"""Each picture, and the screen that it is made of."""


def main() -> None:
    """Make them again, small enough for a page."""
    for name, screen in PICTURES.items():
        with Image.open(SCREENS / f"{screen}.png") as taken:
            small = taken.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
        # What is rare counts: a warning is a few pixels of amber.
        few = small.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
