"""The symbol: its size on paper, its path, and whether it can be read."""

from __future__ import annotations

import random

import pytest
import zxingcpp
from PIL import Image

from documents import base45
from documents.errors import CredentialError
from documents.qr import LEAST_MODULE_MM, QUIET_MODULES, Symbol, symbol


def some_text(size: int) -> str:
    return base45.encode(random.Random(size).randbytes(size))


def drawn(made: Symbol, *, scale: int = 4) -> Image.Image:
    side = made.modules + 2 * QUIET_MODULES
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(made.rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET_MODULES, y + QUIET_MODULES), 0)
    return picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)


@pytest.mark.parametrize(
    ("size", "side"),
    [(150, 35.0), (400, 35.0), (500, 45.0), (780, 45.0), (832, 45.0), (1150, 60.0)],
)
def test_it_is_printed_large_enough_and_read(size: int, side: float) -> None:
    made = symbol(some_text(size))
    assert made.side_mm == side
    assert made.module_mm >= LEAST_MODULE_MM
    (code,) = zxingcpp.read_barcodes(drawn(made), text_mode=zxingcpp.TextMode.Plain)
    assert code.text == some_text(size)
    assert code.ec_level == "M"


def test_the_path_is_the_symbol() -> None:
    made = symbol(some_text(200))
    grid = [[False] * made.modules for _ in range(made.modules)]
    for line in made.path().splitlines()[:-1]:
        x, y, width, height, operator = line.split()
        assert (height, operator) == ("1", "re")
        for column in range(int(x), int(x) + int(width)):
            grid[made.modules - 1 - int(y)][column] = True
    assert tuple(tuple(row) for row in grid) == made.rows
    assert made.path().endswith("\nf"), "one fill for all: no hairlines between modules"


def test_the_same_text_gives_the_same_symbol() -> None:
    symbol.cache_clear()
    first = symbol(some_text(300))
    symbol.cache_clear()
    assert symbol(some_text(300)).rows == first.rows


@pytest.mark.parametrize("text", ["", "lower case", "naïve"])
def test_what_is_no_base45_is_refused(text: str) -> None:
    with pytest.raises(CredentialError) as refused:
        symbol(text)
    assert refused.value.code == "not_base45"


@pytest.mark.parametrize("size", [2_000, 4_000])
def test_what_cannot_be_printed_is_refused(size: int) -> None:
    with pytest.raises(CredentialError) as refused:
        symbol(some_text(size))
    assert refused.value.code == "names_too_long"
