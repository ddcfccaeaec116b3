"""The bidirectional algorithm against Unicode's own conformance data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.text import bidi
from tests.documents.conftest import VECTORS
from values.text import isolate

UNICODE = VECTORS / "unicode"
_BASES = {"0": 0, "1": 1, "2": None}


def lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def shown(levels: tuple[int, ...], kept: list[int | None]) -> list[int]:
    """The visual order without what rule X9 removes."""
    return [at for at in bidi.visual_order(levels) if kept[at] is not None]


def numbers(text: str) -> list[int | None]:
    return [None if word == "x" else int(word) for word in text.split()]


def test_characters() -> None:
    cases = 0
    for line in lines(UNICODE / "BidiCharacterTest-sample.txt"):
        codes, direction, base, levels, order = line.split(";")
        text = "".join(chr(int(code, 16)) for code in codes.split())
        got = bidi.resolve(text, base=_BASES[direction])
        wanted = numbers(levels)
        assert got.base == int(base), line
        assert all(w is None or w == g for w, g in zip(wanted, got.levels, strict=True)), line
        assert shown(got.levels, wanted) == numbers(order), line
        cases += 1
    assert cases > 1_000


def test_classes() -> None:
    wanted: list[int | None] = []
    order: list[int | None] = []
    cases = 0
    for line in lines(UNICODE / "BidiTest-sample.txt"):
        if line.startswith("@Levels:"):
            wanted = numbers(line.partition(":")[2])
        elif line.startswith("@Reorder:"):
            order = numbers(line.partition(":")[2])
        else:
            classes, bits = line.split(";")
            types = classes.split()
            for bit, base in ((1, None), (2, 0), (4, 1)):
                if int(bits) & bit:
                    got = bidi.resolve_types("a" * len(types), types, base=base)
                    pairs = zip(wanted, got.levels, strict=True)
                    assert all(w is None or w == g for w, g in pairs), (line, base)
                    assert shown(got.levels, wanted) == order, (line, base)
                    cases += 1
    assert cases > 1_000


def visual(text: str, *, base: int | None = None) -> str:
    levels = bidi.resolve(text, base=base).levels
    return "".join(text[at] for at in bidi.visual_order(levels))


def test_why_numbers_are_isolated() -> None:
    """Unicode's own rules print a control number backwards inside Arabic, unless it is isolated."""
    assert "3456-12" in visual("رقم 12-3456")
    assert "12-3456" in visual(f"رقم {isolate('12-3456')}")
    assert "WST-A01-K7Q-D00042-31" in visual(f"رقم {isolate('WST-A01-K7Q-D00042-31')} نعم")


def test_arabic_digits_keep_the_order_of_a_date() -> None:
    assert "٢٠٢٦/٠١/٣١" in visual("تاريخ ٢٠٢٦/٠١/٣١")


def test_trailing_space_goes_to_the_paragraph_side() -> None:
    text = "abc אבג "
    paragraph = bidi.resolve(text)
    assert bidi.line_levels(text, paragraph, 0, len(text))[-1] == 0


@pytest.mark.parametrize("text", ["", "abc", "  ", "12", "Ada 12-34"])
def test_plain_text_is_one_run(text: str) -> None:
    assert set(bidi.resolve(text).levels) <= {0}


@given(st.text(max_size=40), st.sampled_from([None, 0, 1]))
@settings(max_examples=100)
def test_every_text_has_levels_and_an_order(text: str, base: int | None) -> None:
    paragraph = bidi.resolve(text, base=base)
    assert len(paragraph.levels) == len(text)
    assert sorted(bidi.visual_order(paragraph.levels)) == list(range(len(text)))
