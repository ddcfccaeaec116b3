"""A run that grows by blocks: its file is complete after each, and costs what the block costs."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdfium2
import pytest

from documents import joining, raster
from documents.codes import read_picture
from documents.errors import PageError, RasterError
from documents.imposition import CARDS_ON_A4, Sheets
from documents.joining import Sheaf, joined
from documents.objects import Objects, moved
from documents.pages import render
from tests.documents.builders import NOW, card, page, portrait

PARTS = [render([page(photo=portrait()), page()], created=NOW) for _ in range(2)] + [
    render([page(language="ar")], created=NOW)
]
COUNTS = ([1, 1], [1, 1], [1])


def test_each_state_of_a_run_is_a_whole_file() -> None:
    out = io.BytesIO()
    sheaf = Sheaf(out)
    for at, part in enumerate(PARTS, start=1):
        sheaf.add(part, COUNTS[at - 1])
        assert len(Objects.read(out.getvalue()).pages()) == sum(map(sum, COUNTS[:at]))
    assert out.getvalue() == joined(PARTS)


def test_pages_look_as_they_did_alone() -> None:
    whole, at = joined(PARTS), 0
    for part in PARTS:
        for number in range(len(pypdfium2.PdfDocument(part))):
            drawn = raster.page(whole, at, dpi=60, grey=True)
            assert drawn.tobytes() == raster.page(part, number, dpi=60, grey=True).tobytes()
            at += 1


@pytest.mark.parametrize("sheets", Sheets)
def test_a_block_that_is_given_up_leaves_no_trace(sheets: Sheets) -> None:
    part = cards(3) if sheets.sides else PARTS[0]
    pages = [2] * 3 if sheets.sides else [1, 1]
    out = io.BytesIO()
    sheaf = Sheaf(out, sheets)
    sheaf.add(part, pages)
    sheaf.take_back()
    assert out.getvalue() == b""
    sheaf.add(part, pages)
    sheaf.keep()
    before = out.getvalue()
    sheaf.add(part, pages)
    assert len(out.getvalue()) > len(before)
    sheaf.take_back()
    assert out.getvalue() == before
    out.seek(len(before) - 40)
    out.write(b"a disk that filled up in the middle of a block")
    sheaf.take_back()
    assert out.getvalue() == before


def test_a_block_costs_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def counting(content: bytes, by: int, own: Callable[[bytes, int], bytes] = moved) -> bytes:
        counted.append(len(content))
        return own(content, by)

    class Once(io.BytesIO):
        """A file that says from where on it was written."""

        lowest = 0

        def write(self, data: bytes) -> int:  # type: ignore[override]  # bytes are enough here
            self.lowest = min(self.lowest, self.tell())
            return super().write(data)

    monkeypatch.setattr(joining, "moved", counting)
    out = Once()
    sheaf, costs, written = Sheaf(out), [], []
    for _ in range(6):
        counted.clear()
        out.lowest = len(out.getvalue())
        sheaf.add(PARTS[0], [1, 1])
        costs.append(sum(counted))
        written.append(len(out.getvalue()) - out.lowest)
    assert max(costs) == costs[0], "what was taken in before is not touched again"
    assert max(written) < 1.1 * written[0], "nor written again"


def test_nothing_is_no_file() -> None:
    with pytest.raises(PageError):
        joined([])


def test_what_is_not_ours_is_refused() -> None:
    sheaf = Sheaf(io.BytesIO())
    sheaf.add(PARTS[0], [1, 1])
    with pytest.raises(RasterError):
        sheaf.add(b"%PDF-1.7", [1])


def test_both_sides_never_share_a_sheet() -> None:
    both = joined(PARTS[:2], Sheets.BOTH, [[1, 1], [2]])
    assert raster.page_count(both) == 4 + 2
    with pytest.raises(PageError, match="add up"):
        joined(PARTS[:1], Sheets.BOTH, [[3]])


def cards(count: int, first: int = 0) -> bytes:
    return render([card(first + at) for at in range(count)], created=NOW)


def test_cards_of_several_blocks_share_a_sheet() -> None:
    parts = [cards(3), cards(7, first=3)]
    texts = [card(at).credential for at in range(10)]
    sheets = joined(parts, Sheets.CARDS_BOTH, [[2] * 3, [2] * 7])
    assert raster.page_count(sheets) == 4, "two sheets of eight, with their backs"
    read = [read_picture(one) for one in raster.pages(sheets, dpi=300)]
    assert [sorted(one) for one in read] == [sorted(texts[:8]), [], sorted(texts[8:]), []]
    alone = joined(parts, Sheets.CARDS, [[2] * 3, [2] * 7])
    assert raster.page_count(alone) == 3, "twenty pages, eight on a sheet"


def test_a_back_lies_behind_its_front() -> None:
    for cell in range(CARDS_ON_A4.cells):
        left, low = CARDS_ON_A4.place(cell, back=False)
        behind, as_low = CARDS_ON_A4.place(cell, back=True)
        assert low == as_low
        assert left + CARDS_ON_A4.cell[0] + behind == pytest.approx(CARDS_ON_A4.width)


def test_what_is_no_card_comes_on_no_sheet_of_cards() -> None:
    with pytest.raises(PageError, match="no cards"):
        joined(PARTS[:1], Sheets.CARDS)
    single = Objects.read(cards(1)).pages()
    assert len(single) == 2
    with pytest.raises(PageError, match="no back"):
        joined(PARTS[2:], Sheets.CARDS_BOTH)


def test_what_stands_on_a_card_is_told_from_its_place_on_the_sheet() -> None:
    made = Objects.read(joined([cards(2)], Sheets.CARDS_BOTH, [[2, 2]]))
    fronts, backs = made.pages()
    forms = [
        [int(one) for one in re.findall(rb"/Card\d (\d+) 0 R", made.body[side])]
        for side in (fronts, backs)
    ]
    named = {
        number: side for side, own in zip((fronts, backs), forms, strict=True) for number in own
    }
    tree = made.refers(made.root, b"StructTreeRoot")
    rows = dict(re.findall(rb"(\d+) (\d+) 0 R", made.body[made.refers(tree, b"ParentTree")]))
    for form, side in named.items():
        key = re.search(rb"/StructParents (\d+)", made.body[form])
        assert key is not None
        parents = re.findall(rb"(\d+) 0 R", made.body[int(rows[key[1]])])
        for mark, parent in enumerate(parents):
            said = made.body[int(parent)]
            assert b"<</Type/MCR/Pg %d 0 R/Stm %d 0 R/MCID %d>>" % (side, form, mark) in said
            assert b"/Pg %d 0 R" % side in said
    # The photograph and the code of the second card stand right of the first card's.
    boxes = [
        [float(one) for one in found.split()]
        for found in re.findall(rb"/BBox\[([^\]]*)\]/?", b"".join(
            body for body in made.body.values() if body.startswith(b"<</S/Figure")))
    ]  # fmt: skip
    wide = CARDS_ON_A4.width / 25.4 * 72
    assert len(boxes) == 4 or len(boxes) == 2
    assert all(0 < one[0] < one[2] < wide for one in boxes)
    assert max(one[0] for one in boxes) > wide / 2


def test_the_same_run_gives_the_same_bytes() -> None:
    first, again = (joined([cards(2), cards(1)], Sheets.CARDS, [[2, 2], [2]]) for _ in range(2))
    assert first == again
