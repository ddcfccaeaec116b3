"""How the tabs of a page share a line that is too short for them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.interview.step_bar import StepBar, _fitted

WIDTHS = st.lists(st.integers(1, 300), min_size=1, max_size=10)


@settings(max_examples=60)
@given(WIDTHS, st.integers(0, 2000), st.data())
def test_they_fit_and_the_one_in_front_stays_whole(
    widths: list[int], room: int, data: st.DataObject
) -> None:
    keep = data.draw(st.integers(-1, len(widths) - 1))
    fitted = _fitted(widths, room, keep=keep)
    assert all(new <= old for new, old in zip(fitted, widths, strict=True))
    if keep >= 0:
        assert fitted[keep] == widths[keep]
    least = [width if n == keep else min(width, StepBar.SIGN * 2) for n, width in enumerate(widths)]
    assert sum(fitted) <= max(room, sum(least))
    if sum(widths) <= room:
        assert fitted == widths


def test_the_longest_is_shortened_first() -> None:
    assert _fitted([50, 140, 60, 120], 300, keep=-1) == [50, 95, 60, 95]
    assert _fitted([50, 140, 60, 120], 360, keep=0) == [50, 130, 60, 120]
