"""The symbol: its size on paper, its path, and whether it can be read."""

from __future__ import annotations

import random
from typing import Any

import pytest
import qrcode
import zxingcpp
from PIL import Image

from documents import base45
from documents.errors import CredentialError
from documents.qr import LEAST_MODULE_MM, MASK, QUIET_MODULES, Symbol, number_symbol, symbol
from documents.symbols import AlphanumericCode


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
    assert tuple(bytes(row) for row in grid) == made.rows
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


def text_of(length: int) -> str:
    """A letter first: digits alone would be drawn in another mode, and no text is of digits."""
    return "N" + "".join(random.Random(length).choices(base45.ALPHABET, k=length - 1))


def by_the_library(text: str) -> list[list[bool]]:
    """The symbol as `qrcode` makes it by itself."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def by_the_reader(text: str) -> list[list[bool]]:
    """The same symbol by the library that reads it back, which draws too."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", dataMask=MASK)
    drawn_: Any = made.to_image(scale=1, add_quiet_zones=False)
    picture = memoryview(drawn_)
    side, _ = picture.shape or (0, 0)
    flat = picture.tobytes()
    return [[value == 0 for value in flat[at : at + side]] for at in range(0, side * side, side)]


# Every version that a page can hold has its own blocks, and every length its own last bits.
LENGTHS = [*range(1, 40), *range(40, 1_700, 37), 1_699, 1_700]


@pytest.mark.parametrize("length", LENGTHS)
def test_many_bits_at_a_time_make_the_symbol_of_the_library(length: int) -> None:
    text = text_of(length)
    rows = AlphanumericCode(text, MASK).rows()
    assert [list(row) for row in rows] == by_the_library(text)


@pytest.mark.parametrize("length", [1, 2, 25, 346, 413, 1_000, 1_600])
def test_two_libraries_draw_the_same_symbol(length: int) -> None:
    text = text_of(length)
    rows = [list(row) for row in symbol(text).rows]
    assert rows == by_the_library(text) == by_the_reader(text)


def test_the_code_of_a_number_is_that_of_the_library() -> None:
    number = "WST-A01-K7Q-B00042-31"
    rows = [list(row) for row in number_symbol(number).rows]
    assert rows == by_the_library(number) == by_the_reader(number)
