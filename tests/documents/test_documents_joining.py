"""A run that grows by blocks: its file is complete after each, and costs what the block costs."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2
import pytest

from documents import joining, raster
from documents.errors import PageError, RasterError
from documents.joining import Joined, joined
from documents.objects import Objects, moved
from documents.pages import render
from tests.documents.builders import NOW, page, portrait

PARTS = [render([page(photo=portrait()), page()], created=NOW) for _ in range(2)] + [
    render([page(language="ar")], created=NOW)
]


def test_each_state_of_a_run_is_a_whole_file() -> None:
    run = Joined()
    for at, part in enumerate(PARTS, start=1):
        run = run.plus(part)
        assert run.pdf() == run.pdf()
        assert len(Objects.read(run.pdf()).pages()) == sum(
            len(Objects.read(one).pages()) for one in PARTS[:at]
        )
    assert run.pdf() == joined(PARTS)


def test_pages_look_as_they_did_alone() -> None:
    whole, at = joined(PARTS), 0
    for part in PARTS:
        for number in range(len(pypdfium2.PdfDocument(part))):
            drawn = raster.page(whole, at, dpi=60, grey=True)
            assert drawn.tobytes() == raster.page(part, number, dpi=60, grey=True).tobytes()
            at += 1


def test_a_block_that_is_given_up_leaves_no_trace() -> None:
    run = Joined().plus(PARTS[0])
    before = run.pdf()
    run.plus(PARTS[1])
    assert run.pdf() == before


def test_a_block_costs_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def counting(content: bytes, by: int, own: Callable[[bytes, int], bytes] = moved) -> bytes:
        counted.append(len(content))
        return own(content, by)

    monkeypatch.setattr(joining, "moved", counting)
    run, costs = Joined(), []
    for _ in range(6):
        counted.clear()
        run = run.plus(PARTS[0])
        run.pdf()
        costs.append(sum(counted))
    assert max(costs) == costs[0], "what was taken in before is not touched again"


def test_nothing_is_no_file() -> None:
    with pytest.raises(PageError):
        Joined().pdf()


def test_what_is_not_ours_is_refused() -> None:
    with pytest.raises(RasterError):
        Joined().plus(PARTS[0]).plus(b"%PDF-1.7")
