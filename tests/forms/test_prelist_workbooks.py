"""Workbooks that say far more than they weigh: refused at once, with what to do instead."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
import pytest

from forms import workbooks
from forms.errors import PrelistError
from forms.prelist import sheet

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOUND = 20.0
"""Seconds of processor time. The bombs took minutes, or all memory; the refusal well under one."""


def workbook(parts: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook with a header and a row, some parts replaced."""
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    active.append(["household", "relation", "name"])
    active.append(["1", "head", "Sheet One"])
    plain = io.BytesIO()
    book.save(plain)
    made = io.BytesIO()
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        changed = {part.filename: source.read(part) for part in source.infolist()}
        changed |= parts or {}
        changed[TYPES] = changed[TYPES].replace(
            b"</Types>",
            b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxml'
            b'formats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
            if STRINGS in changed
            else b"</Types>",
        )
        for name, data in changed.items():
            target.writestr(name, data)
    return made.getvalue()


def cell(reference: str, text: str) -> bytes:
    """One cell with its text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


HEADER = b'<row r="1">%b%b%b</row>' % (
    cell("A1", "household"),
    cell("B1", "relation"),
    cell("C1", "name"),
)


def rows(content: bytes, before: bytes = b"") -> dict[str, bytes]:
    """A sheet of these rows under the header."""
    body = b"<worksheet %b><sheetData>%b%b</sheetData></worksheet>" % (MAIN, HEADER, content)
    return {SHEET: before + body}


def strings(content: bytes) -> dict[str, bytes]:
    """A table of shared strings."""
    return {STRINGS: b"<sst %b>%b</sst>" % (MAIN, content)}


def _far_cells() -> dict[str, bytes]:
    return rows(
        b"".join(
            b'<row r="%d">%b%b</row>' % (at, cell(f"A{at}", "1"), cell(f"XFD{at}", "x"))
            for at in range(2, 20_000)
        )
    )


def _laughs() -> dict[str, bytes]:
    entities = b"".join(
        b'<!ENTITY %c "%b">' % (98 + at, b"&%c;" % (97 + at) * 20) for at in range(9)
    )
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">%b]>' % entities
    return rows(b'<row r="2"><c r="A2" t="inlineStr"><is><t>&j;</t></is></c></row>', doctype)


def _same_text_everywhere() -> dict[str, bytes]:
    """One long text, pointed to from every cell."""
    line = b"<row>%b</row>" % (b'<c t="s"><v>0</v></c>' * 25)
    return {
        **rows(line * 1_000),
        **strings(b"<si><t>%b</t></si>" % (b"x" * 32_000)),
    }


def _formulas() -> dict[str, bytes]:
    first = b'<row><c><f t="shared" si="0" ref="A2:A9">%b</f></c></row>' % (b"1+" * 4_000 + b"1")
    return rows(first + b'<row><c r="A3"><f t="shared" si="0"/></c></row>' * 20_000)


BOMBS: dict[str, tuple[Callable[[], dict[str, bytes]], str]] = {
    "a row nine thousand million": (
        lambda: rows(b'<row r="9999999999">%b</row>' % cell("A9999999999", "1")),
        "row_number",
    ),
    "a row in powers of ten": (lambda: rows(b'<row r="1E300"/>'), "row_number"),
    "a row that is no number": (lambda: rows(b'<row r="nan"/>'), "row_number"),
    "a row before the one above": (
        lambda: rows(b'<row r="3">%b</row><row r="2"/>' % cell("A3", "1")),
        "row_number",
    ),
    "a cell beyond the last column": (
        lambda: rows(b'<row r="2">%b%b</row>' % (cell("A2", "1"), cell("ZZZZZZ2", "x"))),
        "too_wide",
    ),
    "a cell in the last column of every row": (_far_cells, "too_wide"),
    "many cells without a place": (
        lambda: rows(b"<row>%b</row>" % (b"<c><v>1</v></c>" * 300)),
        "too_wide",
    ),
    "millions of shared texts": (
        lambda: strings(b"<si><t>a</t></si>" * 4_200_000),
        "too_large",
    ),
    "one long text in every cell": (_same_text_everywhere, "too_large"),
    "long formulas that cells share": (_formulas, "too_large"),
    "empty rows": (lambda: rows(b"<row/>" * 200_001), "too_large"),
    "tags that are no cells": (lambda: rows(b"<x/>" * 1_000_001), "too_large"),
    "entities in entities": (_laughs, "unreadable"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_bounded_time(name: str) -> None:
    make, code = BOMBS[name]
    data = workbook(make())
    begun = time.process_time()
    with pytest.raises(PrelistError) as refused:
        list(sheet.records(data))
    assert refused.value.code == code
    assert "CSV" in refused.value.sentence or "split" in refused.value.sentence
    assert time.process_time() - begun < BOUND


def test_a_part_is_looked_at_whatever_its_name_is() -> None:
    """A sheet named like a picture is a sheet."""
    plain = workbook(rows(b'<row r="9999999999"/>'))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.infolist():
            data = source.read(part).replace(b"sheet1.xml", b"sheet1.png")
            target.writestr(part.filename.replace("sheet1.xml", "sheet1.png"), data)
    with pytest.raises(PrelistError) as refused:
        list(sheet.records(made.getvalue()))
    assert refused.value.code == "row_number"


def test_too_many_parts_and_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook()
    for name in ("PART_LIMIT", "UNPACKED_LIMIT"):
        with monkeypatch.context() as small:
            small.setattr(workbooks, name, 5)
            with pytest.raises(PrelistError) as refused:
                list(sheet.records(data))
            assert refused.value.code == "too_large"


def test_what_people_make_is_read() -> None:
    """A gap, formatted empty rows and cells, a picture, a formula that cells share."""
    content = (
        b'<row r="900000">%b</row>' % cell("C900000", "Far Down")
        + b'<row r="900001"><c r="A900001" s="0"/><c r="XFD900001" s="0"/></row>'
        + b'<row r="900002"><c r="A900002"><f t="shared" si="0" ref="A9:A9">1+1</f></c>'
        + b'<c r="IV900002" t="str"><v>Last</v></c></row>'
        + b'<row r="900003"><c r="A900003"><f t="shared" si="0"/></c></row>'
    )
    found = list(sheet.records(workbook({**rows(content), "xl/media/p.png": b"\x89PNG"})))
    assert found[0].cells == ("household", "relation", "name")
    assert found[1].cells == ("", "", "Far Down")
    assert (found[2].cells[0], found[2].cells[255], len(found[2].cells)) == ("=1+1", "Last", 256)
    assert found[3].cells == ("=1+1",)
    assert [one.line for one in found] == [1, 900000, 900002, 900003]
    assert len(found) == 4
