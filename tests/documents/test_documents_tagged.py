"""What a file says of itself: structure, metadata, colour and fonts, read without our own writer.

The whole of PDF/A-2a is asked of the validator ``page-validation``; the structure is asked of every
file here by rules of our own.
"""

from __future__ import annotations

import importlib
import io
import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.specimen_people import PEOPLE
from documents.errors import RasterError
from documents.imposition import Sheets
from documents.joining import joined
from documents.objects import Objects
from documents.page_data import Blank, PageData, Record, Section
from documents.pages import render, render_blank, render_record
from documents.pdf_file import END_OF_STREAM, PdfFile
from documents.templates.library import shipped
from tests.documents import builders
from tests.documents.builders import NOW, household, identity, page, told

BLANKS = ("WST-A01-K7Q-F00001-05",)


def of(at: int) -> PageData:
    sample = PEOPLE[at]
    who = identity(name=sample.name, name_latin=sample.latin, name_language=sample.language)
    return page(who)


def record() -> bytes:
    made = Record(
        language="ar",
        number="WST-A01-K7Q-P00042-08",
        made=NOW.date(),
        made_by="officer",
        issuer=page().issuer,
        name="Saw Htoo Wah",
        sections=(Section("Person", (("Name", "Saw Htoo Wah"), ("Sex", "Male"))),),
    )
    return render_record(made, created=NOW)


def cards() -> bytes:
    return render([builders.card(at) for at in range(5)], created=NOW)


FILES = {
    "registration": lambda: render([page(photo=builders.portrait())], created=NOW),
    "arabic": lambda: render([page(language="ar", photo=builders.portrait())], created=NOW),
    "preview": lambda: render([replace(page(), credential="", number="")], created=NOW),
    "missing letters": lambda: render([page(identity(name="Ali \U0001f600"))], created=NOW),
    "household": lambda: render([household(40)], created=NOW),
    "event": lambda: render([told("birth", "ar")], created=NOW),
    "card": lambda: render(
        [replace(page(language="ar"), paper="card", credential="", number="")], created=NOW
    ),
    "card with a zone": lambda: render(
        [
            replace(
                page(language="ar"),
                photo=builders.portrait(),
                paper="card",
                copy=2,
                template=replace(shipped().templates["registration"], issuer="XOM"),
            )
        ],
        created=NOW,
    ),
    "scripts": lambda: render([of(at) for at in range(len(PEOPLE))], created=NOW),
    "record": record,
    "blank": lambda: render_blank(
        Blank(language="fr", numbers=BLANKS, issuer=page().issuer), created=NOW
    ),
    "joined": lambda: joined([FILES["arabic"](), FILES["household"](), FILES["event"]()]),
    "both sides": lambda: joined([FILES["registration"]()], Sheets.BOTH),
    "cards": lambda: joined([cards()], Sheets.CARDS),
    "cards with backs": lambda: joined([cards(), cards()], Sheets.CARDS_BOTH),
}


def streams(made: Objects, number: int) -> bytes:
    body = made.body[number]
    return zlib.decompress(body[body.index(b"stream\n") + 7 : -len(END_OF_STREAM)])


def elements(made: Objects) -> dict[int, bytes]:
    return {number: one for number, one in made.body.items() if one.startswith(b"<</S/")}


@pytest.mark.parametrize("name", sorted(FILES))
def test_all_content_is_tagged_or_an_artifact(name: str) -> None:
    made = Objects.read(FILES[name]())
    catalog = made.body[made.root]
    assert b"/MarkInfo<</Marked true>>" in catalog and b"/Lang(" in catalog
    assert b"/DisplayDocTitle true" in catalog
    tree = made.refers(made.root, b"StructTreeRoot")
    rows = re.findall(rb"(\d+) (\d+) 0 R", made.body[made.refers(tree, b"ParentTree")])
    for at, number in enumerate(made.pages()):
        content = made.body[number]
        if b"/Contents" not in content:
            continue  # the empty back of a sheet
        assert b"/Tabs/S" in content
        if b"/Card0" in content:
            # Marks and nothing else; what stands on the cards is tagged in them.
            assert outside(streams(made, made.refers(number, b"Contents"))) == []
            continue
        own = re.search(rb"/StructParents (\d+)", content)
        assert own is not None and int(rows[int(own[1])][0]) == int(own[1])
        parents = [
            int(one) for one in re.findall(rb"(\d+) 0 R", made.body[int(rows[int(own[1])][1])])
        ]
        drawn = streams(made, made.refers(number, b"Contents"))
        numbers = [int(one) for one in re.findall(rb"/MCID (\d+)>> BDC", drawn)]
        assert numbers == list(range(len(parents))), at
        for mark, parent in enumerate(parents):
            said = made.body[parent]
            assert b"/Pg %d 0 R" % number in said or b"/MCR/Pg %d 0 R" % number in said
            assert re.search(rb"/K \d|/K\[", said)
            role = re.search(rb"/(\w+) <</MCID %d>> BDC" % mark, drawn)
            assert role is not None and said.startswith(b"<</S/" + role[1])
        assert outside(drawn) == []


def outside(drawn: bytes) -> list[bytes]:
    """Operators that paint and stand in no marked content, and marks that do not match."""
    depth, found = 0, []
    for line in drawn.split(b"\n"):
        if line.endswith((b"BDC", b"BMC")):
            depth += 1
        elif line == b"EMC":
            depth -= 1
        elif (
            b"/Card" not in line
            and depth < 1
            and re.search(rb"(^|\s)(TJ|Tj|f|S|Do|B|f\*)(\s|$)", line)
        ):
            found.append(line[:60])
    return found


@pytest.mark.parametrize("name", sorted(FILES))
def test_pictures_are_described_and_cells_stand_in_rows(name: str) -> None:
    made = Objects.read(FILES[name]())
    found = elements(made)
    role = {number: re.match(rb"<</S/(\w+)", one)[1] for number, one in found.items()}  # type: ignore[index]  # by the pattern
    wanted = {b"LI": {b"L"}, b"Lbl": {b"LI"}, b"LBody": {b"LI"}, b"TR": {b"Table"}}
    wanted |= {b"TD": {b"TR"}, b"TH": {b"TR"}, b"Sect": {b"Document", b"Sect"}}
    for number, one in found.items():
        parent = role.get(made.refers(number, b"P"), b"")
        assert parent in wanted.get(role[number], {parent}), one
        if role[number] == b"Figure":
            assert b"/Alt <FEFF" in one
        if role[number] == b"TH":
            assert b"/Scope/Column" in one
    kinds = set(role.values())
    assert b"Document" in kinds and b"H1" in kinds


def test_what_runs_from_the_right_says_itself_in_reading_order() -> None:
    from documents.wording import Words

    made = Objects.read(FILES["arabic"]())
    title = Words("ar").text("Provisional registration document")
    said = title.encode("utf-16-be").hex().upper().encode()
    assert any(b"/ActualText <FEFF" + said + b">" in one for one in elements(made).values())
    assert any(b"/Lang(en)" in one for one in elements(made).values())


@pytest.mark.parametrize("name", sorted(FILES))
def test_metadata_colour_and_fonts_are_as_the_archive_wants_them(name: str) -> None:
    pdf = FILES[name]()
    made = Objects.read(pdf)
    packet = made.body[made.refers(made.root, b"Metadata")]
    assert b"<pdfaid:part>2<" in packet and b"<pdfaid:conformance>A<" in packet
    assert b"2026-11-15T10:00:00Z" in packet
    assert b"D:20261115100000Z" in made.body[made.info]
    assert re.search(rb"/ID\[<([0-9A-F]{32})><\1>\]", pdf)
    assert b"/Encrypt" not in pdf
    for one in made.body.values():
        assert b"/SMask" not in one.partition(b"stream")[0]
        if b"/Type0" in one:
            assert b"/ToUnicode" in one
        if b"/Type /FontDescriptor" in one:
            assert b"/FontFile2" in one


def test_the_colour_profile_is_the_one_that_others_make() -> None:
    from PIL import ImageCms

    from documents.layout.colour import srgb

    own = ImageCms.ImageCmsProfile(io.BytesIO(srgb()))
    other = ImageCms.createProfile("sRGB")
    assert own.profile.version == pytest.approx(4.2)
    for colour in ("red", "green", "blue"):
        mine = getattr(own.profile, f"{colour}_colorant")[0]
        theirs = getattr(ImageCms.ImageCmsProfile(other).profile, f"{colour}_colorant")[0]
        assert mine == pytest.approx(theirs, abs=0.001)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_validator_finds_nothing(name: str) -> None:
    validator: Any = importlib.import_module("page")  # of page-validation, which has no types
    told = validator.validate_pdf_bytes(FILES[name](), profile=validator.ValidationProfile.PDF_A_2A)
    assert [one.message for one in told.failures] == []


def test_objects_are_read_as_they_were_written() -> None:
    made = Objects.read(FILES["household"]())
    out = io.BytesIO()
    file = PdfFile(out)
    file.reserve(max(made.body))
    for number, content in made.body.items():
        file.put(number, content)
    file.close(made.root, made.info)
    again = Objects.read(out.getvalue())
    assert (again.body, again.root, again.info) == (made.body, made.root, made.info)


@pytest.mark.parametrize("last", [b"\r", b"\n", b"\r\n", b"x"])
def test_data_ends_where_its_length_says(last: bytes) -> None:
    out = io.BytesIO()
    file = PdfFile(out)
    number = file.stream(b"data" + last, packed=False)
    file.close(file.add("<</Type/Catalog>>"), file.add("<<>>"))
    pdf = out.getvalue()
    assert re.search(rb"\nstream\n(.*?)\r?\nendstream", pdf, re.DOTALL)[1] == b"data" + last  # type: ignore[index]  # else it fails
    assert b"/Length %d>>" % len(b"data" + last) in Objects.read(pdf).body[number]


@pytest.mark.parametrize("cut", [0, 10, 1_000, -40, -9])
def test_a_damaged_file_is_refused(cut: int) -> None:
    pdf = FILES["registration"]()
    with pytest.raises(RasterError):
        Objects.read(pdf[:cut])


PDFINFO = shutil.which("pdfinfo")


@pytest.mark.skipif(
    PDFINFO is None, reason="pdfinfo is missing: sudo apt-get install poppler-utils"
)
def test_another_reader_reads_the_tree_in_order(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(FILES["joined"]())
    done = subprocess.run(
        [str(PDFINFO), "-struct-text", str(file)], capture_output=True, check=True
    )
    assert done.stderr == b""
    said = done.stdout.decode()
    places = [said.index(one) for one in ("Table", "Member 1", "Member 40", "TH")]
    assert places[1] < places[2]
    assert said.count("Document\n") == 1
