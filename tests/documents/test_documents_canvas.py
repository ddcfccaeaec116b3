"""The canvas: pages that go to the file when they are drawn, and a file that is whole."""

from __future__ import annotations

import io
import re
import tracemalloc

from documents import raster
from documents.layout.finish import Finish
from documents.layout.images import place_jpeg
from documents.layout.structure import Element, Tree
from documents.objects import Objects
from documents.text.canvas import PdfCanvas
from documents.text.lines import Style, set_line
from documents.text.pdf import TextPen
from tests.documents.builders import portrait

PAGES = 40
OPERATORS = "0 0 m 100 100 l S\n" * 10_000  # 180 kB that compress to nothing


def canvas_on(out: io.BytesIO) -> PdfCanvas:
    return PdfCanvas(out, pagesize=(595, 842))


def test_a_page_is_in_the_file_when_it_is_shown() -> None:
    out = io.BytesIO()
    canvas = canvas_on(out)
    sizes = [out.tell()]
    for _ in range(3):
        canvas.write(OPERATORS)
        canvas.showPage()
        sizes.append(out.tell())
    assert sizes == sorted(set(sizes)), "each page went to the file by itself"


def test_no_page_stays_in_memory() -> None:
    canvas = canvas_on(io.BytesIO())
    tracemalloc.start()
    try:
        canvas.write(OPERATORS)
        canvas.showPage()
        before, _ = tracemalloc.get_traced_memory()
        for at in range(PAGES):
            canvas.write(OPERATORS + f"{at} w")
            canvas.showPage()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < len(OPERATORS), f"{PAGES} pages take the room of none"


def test_no_element_stays_in_memory() -> None:
    canvas, tree = canvas_on(io.BytesIO()), Tree()
    finish = Finish(canvas, tree)
    for at in range(PAGES):
        with tree.inside("Sect"), tree.inside("P"):
            assert isinstance(tree.innermost, Element)
            canvas.write(f"/P <</MCID {tree.take(tree.innermost)}>> BDC EMC")
        canvas.showPage()
        tree.turn()
        finish.paper()
        assert not tree.root.kids and not any(tree.pages), at


def test_the_table_says_where_every_object_is() -> None:
    out = io.BytesIO()
    canvas = canvas_on(out)
    pen = TextPen(canvas)
    for _ in range(2):
        place_jpeg(canvas, portrait(), 0, 0, 30, 40)
        pen.draw(set_line("Office", Style(20.0)), 40.0, 700.0)
        canvas.showPage()
    canvas.save()
    pdf = out.getvalue()
    made = Objects.read(pdf)
    assert len(made.pages()) == 2
    for content in made.body.values():
        for number in re.findall(rb"(\d+) 0 R\b", content.partition(b"stream")[0]):
            assert int(number) in made.body, content
    begun = re.findall(rb"\n(\d+) 0 obj", pdf)
    assert len(begun) == len(set(begun)), "every object is written once"
    assert pdf.count(b"/DCTDecode") == 1, "a picture is there once, however many pages show it"


def test_a_line_that_comes_back_is_drawn_where_it_stands() -> None:
    out = io.BytesIO()
    canvas = canvas_on(out)
    pen = TextPen(canvas)
    line = set_line("مرحبا 12 Office", Style(20.0))
    for down in (0.0, 300.0):
        pen.draw(line, 40.0, 700.0 - down)
    canvas.save()
    picture = raster.page(out.getvalue(), 0, dpi=72, grey=True)
    upper, lower = (picture.crop((0, top, 595, top + 80)) for top in (100, 400))
    assert upper.tobytes() == lower.tobytes()
    assert upper.getextrema() == (0, 255)
