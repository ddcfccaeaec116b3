"""Every text the interface sets can be read on what it is set on."""

from __future__ import annotations

import pytest

from desktop.style import palettes, tokens

PALETTES = sorted(palettes.BY_NAME)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize(("ink", "ground"), tokens.TEXT_PAIRS)
def test_text_reaches_4_5_to_1(name: str, ink: str, ground: str) -> None:
    palette = palettes.BY_NAME[name]
    ratio = tokens.contrast(palette.role(ink), palette.role(ground))
    assert ratio >= 4.5, f"{ink} on {ground} in {name}: {ratio:.2f}"


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize(("shape", "ground"), tokens.SHAPE_PAIRS)
def test_outlines_and_the_focus_ring_reach_3_to_1(name: str, shape: str, ground: str) -> None:
    palette = palettes.BY_NAME[name]
    ratio = tokens.contrast(palette.role(shape), palette.role(ground))
    assert ratio >= 3.0, f"{shape} on {ground} in {name}: {ratio:.2f}"


def test_contrast_of_the_extremes_is_21_to_1() -> None:
    assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#777777", "#777777") == pytest.approx(1)


def test_an_unknown_role_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        palettes.LIGHT.role("name")
