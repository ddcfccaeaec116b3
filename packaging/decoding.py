"""How surely the codes of all specimens are read after what happens to paper.

    python packaging/decoding.py

Prints a table: scanned badly, photocopied twice, photographed. The damage is simulated, with fixed
seeds; real printers and phones are another question.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageOps

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from specimen_pages import NOW, specimens

from documents import codes, raster
from documents.pages import render

Damage = Callable[[bytes, random.Random], Image.Image]


def scanned(pdf: bytes, chance: random.Random) -> Image.Image:
    """At 150 dots an inch, out of focus, three degrees askew, with noise."""
    page = raster.page(pdf, 0, dpi=150, grey=True)
    askew = page.rotate(chance.choice((-3, 3)), Image.Resampling.BICUBIC, True, fillcolor=255)
    return _noisy(askew.filter(ImageFilter.GaussianBlur(0.7)), 14)


def copied(pdf: bytes, chance: random.Random) -> Image.Image:
    """Twice on a black-and-white copier, at 300 dots an inch."""
    page = raster.page(pdf, 0, dpi=300, grey=True)
    for _ in range(2):
        page = page.rotate(chance.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor=255)
        page = _noisy(page.filter(ImageFilter.GaussianBlur(1.2)), 24)
        limit = chance.randint(110, 150)
        page = page.point([0 if value < limit else 255 for value in range(256)])
    return page


def photographed(pdf: bytes, chance: random.Random) -> Image.Image:
    """By a telephone held at a slant: 300 pixels an inch, perspective, uneven light, JPEG."""
    page = raster.page(pdf, 0, dpi=300, grey=True)
    # With the table around it: cut edges would take part of a card's code, whatever the slant.
    page = ImageOps.expand(page, round(0.06 * page.width), fill=190)
    wide, high = page.size

    def off(share: float) -> float:
        return chance.uniform(0, share) * wide

    corners = (off(0.05), off(0.05), off(0.05), high - off(0.05), wide - off(0.05),
               high - off(0.05), wide - off(0.05), off(0.05))  # fmt: skip
    slanted = page.transform((wide, high), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    turned = slanted.rotate(chance.uniform(-9, 9), Image.Resampling.BICUBIC, True, fillcolor=190)
    light = (
        Image.linear_gradient("L").resize(turned.size).point([170 + one // 3 for one in range(256)])
    )
    return _noisy(ImageChops.multiply(turned, light).filter(ImageFilter.GaussianBlur(0.9)), 12)


def _noisy(page: Image.Image, strength: int) -> Image.Image:
    noise = Image.effect_noise(page.size, strength)
    return ImageChops.add(page, noise, scale=1, offset=-128)


WAYS: tuple[tuple[str, Damage, float], ...] = (
    ("scanned at 150 dpi, blurred, 3 degrees askew, noisy", scanned, 0.98),
    ("photocopied twice in black and white, 300 dpi", copied, 0.95),
    ("photographed at a slant, 300 pixels an inch", photographed, 0.95),
)


def main() -> int:
    pages = [(one.name, one.page) for one in specimens()]
    drawn = [(name, page.credential, render([page], created=NOW)) for name, page in pages]
    short = 0
    for title, damage, wanted in WAYS:
        chance = random.Random(7)
        lost = [
            name
            for name, text, pdf in drawn
            if text not in codes.read_picture(damage(pdf, chance).convert("RGB"))
        ]
        rate = 1 - len(lost) / len(drawn)
        print(
            f"{title}: {len(drawn) - len(lost)} of {len(drawn)} ({rate:.1%}, wanted {wanted:.0%})"
        )
        print("   not read:", ", ".join(lost) or "none")
        short += rate < wanted
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
