"""What another program copies out of a page, and what pages look like beside approved ones."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from benchmarks.specimen_people import PEOPLE, Sample
from documents import raster
from documents.page_data import PageData
from documents.pages import render
from tests.documents import builders
from tests.documents.builders import NOW, identity, page, told
from tests.documents.conftest import VECTORS
from values.text import BIDI_CONTROLS

POPPLER = shutil.which("pdftotext")
NEEDS_POPPLER = pytest.mark.skipif(
    POPPLER is None, reason="pdftotext is missing: sudo apt-get install poppler-utils"
)
SPACED = frozenset({22})
"""Latin and Arabic in one name: poppler guesses the spaces between them."""


def copied_out(pdf: bytes, folder: Path) -> str:
    file = folder / "page.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        [str(POPPLER), "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True
    )
    return plain(done.stdout.decode())


def plain(text: str) -> str:
    kept = "".join(char for char in text if char not in BIDI_CONTROLS)
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", kept))


def raster_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[0].get_textpage().get_text_bounded())
    finally:
        document.close()


def of(sample: Sample, language: str = "en") -> PageData:
    who = identity(name=sample.name, name_latin=sample.latin, name_language=sample.language)
    return page(who, language=language)


@NEEDS_POPPLER
@pytest.mark.parametrize("at", range(len(PEOPLE)), ids=lambda at: f"{at}-{PEOPLE[at].language}")
def test_names_of_every_script_are_found_again(at: int, tmp_path: Path) -> None:
    sample = PEOPLE[at]
    text = copied_out(render([of(sample)], created=NOW), tmp_path)
    name = unicodedata.normalize("NFC", sample.name)
    if at in SPACED:
        assert name.replace(" ", "") in text.replace(" ", "")
    else:
        assert name in text
    assert sample.latin in text
    assert "WST-A01-K7Q-D00042-31" in text and "14 May 2027" in text


@NEEDS_POPPLER
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_is_read_from_top_to_bottom(language: str, tmp_path: Path) -> None:
    from documents.wording import Words

    text = copied_out(render([of(PEOPLE[0], language)], created=NOW), tmp_path)
    words = Words(language)
    title = words.text("Provisional registration document")
    order = [title, *map(words.say, ("person_number", "check_title", "provisional_title", "stub"))]
    places = [text.index(one.split(",")[0]) for one in order]
    assert places == sorted(places)
    # Microtext is an ornament: it is not copied out.
    assert text.count("WST-A01-K7Q-D00042-31") <= 4


RIGHT = ("ar", "fa-AF", "ps", "ur")


@NEEDS_POPPLER
@pytest.mark.parametrize("language", [*RIGHT, "my", "fr"])
def test_words_and_numbers_of_a_page_are_found_again(language: str, tmp_path: Path) -> None:
    """Poppler may part a line of two directions, so it is asked for words; PDFium for lines."""
    from documents.wording import Words

    pdf = render([page(language=language)], created=NOW)
    poppler = copied_out(pdf, tmp_path)
    pdfium = plain(raster_text(pdf))
    words = Words(language)
    for key in ("person_number", "issued", "check_title", "holder_signature"):
        assert plain(words.say(key)) in poppler
    title, day = words.text("Provisional registration document"), words.day(page().expires)
    assert plain(title) in pdfium
    # The authority's day stands on the same line: of two directions, PDFium orders them as one.
    assert plain(day) in pdfium or language in RIGHT
    for one in re.findall(r"\w+", plain(f"{title} {day}")):
        assert one in poppler and one in pdfium
    assert "WST-A01-K7Q-D00042-31" in poppler and "WST-A01-K7Q-D00042-31" in pdfium


@NEEDS_POPPLER
@pytest.mark.parametrize("at", range(len(PEOPLE)), ids=lambda at: f"{at}-{PEOPLE[at].language}")
def test_a_name_with_a_number_is_found_by_its_words(at: int, tmp_path: Path) -> None:
    sample = replace(PEOPLE[at], name=f"{PEOPLE[at].name} 12")
    pdf = render([of(sample)], created=NOW)
    for text in (copied_out(pdf, tmp_path), plain(raster_text(pdf))):
        for word in plain(sample.name).split():
            assert word in text


APPROVED = VECTORS / "documents" / "pages"
RESOLUTION = 50
MOST_DIFFERENT = 0.01
"""Share of pixels that may differ by a quarter of the scale: another version of the rasteriser
moves edges, a missing glyph or a moved block changes more."""

LOOKS = {
    "registration-my": lambda: page(builders.identity(), language="my", photo=builders.portrait()),
    "birth-ar": lambda: told("birth", "ar"),
    "card-en": lambda: replace(page(), paper="card"),
}


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_pages_look_as_approved(name: str) -> None:
    """Previews, without a code: make them again by deleting the picture and running this twice."""
    made = replace(LOOKS[name](), credential="", number="")
    picture = raster.page(render([made], created=NOW), 0, dpi=RESOLUTION, grey=True)
    file = APPROVED / f"{name}.png"
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        picture.save(file, optimize=True)
        pytest.fail(f"{file} was not there; look at it, then run this again")
    with Image.open(file) as approved:
        assert approved.size == picture.size
        difference = ImageChops.difference(approved.convert("L"), picture.convert("L"))
    histogram = difference.histogram()
    assert sum(histogram[64:]) / sum(histogram) <= MOST_DIFFERENT
