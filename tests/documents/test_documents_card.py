"""What stands on a card stands there whole, or no card is made; what its zone is set in, and when
there is one."""

from __future__ import annotations

import ctypes
import random
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pypdfium2.raw as native
import pytest

from documents.errors import DocumentError, PageError
from documents.page_data import PageData
from documents.pages import render
from documents.templates.library import shipped
from tests.documents.builders import NOW, credential, page
from tests.documents.test_documents_pages import text_of
from values.dates import Calendar, PartialDate
from values.mrz import parse

MM = 72 / 25.4
AGREED = replace(shipped().templates["registration"], issuer="UTO")

BIRTHS = [
    ("ar", PartialDate.parse("1410-05-07~", Calendar.ISLAMIC), "1989"),
    ("am", PartialDate.parse("1971-13-05", Calendar.ETHIOPIC), "1979"),
    ("fa-AF", PartialDate.parse("1361-07-12", Calendar.SOLAR_HIJRI), "1982"),
    ("en", PartialDate.parse("1410-05~", Calendar.ISLAMIC), "29 December 1989"),
    ("en", PartialDate.parse("age:34", said_on=date(2026, 11, 15)), "1991 or 1992"),
]


def card(language: str = "en", **changes: Any) -> PageData:
    made = page()
    issuer = replace(
        made.issuer, **{k: v for k, v in changes.items() if k in ("authority", "office")}
    )
    subject = replace(made.subject, **{k: v for k, v in changes.items() if k == "birth"})
    return replace(made, paper="card", language=language, issuer=issuer, subject=subject)


@pytest.mark.parametrize(("language", "birth", "said"), BIRTHS)
def test_a_birth_is_told_in_the_calendar_of_the_code(
    language: str, birth: PartialDate, said: str
) -> None:
    told = " ".join(text_of(render([card(language, birth=birth)], created=NOW)).split())
    assert said in told
    assert "Islamic" not in told and "1410" not in told


def test_a_long_authority_and_office_stand_in_two_lines() -> None:
    pdf = render(
        [
            card(
                authority="Ministry of the Interior, Directorate of Provisional Civil Registration",
                office="Northern Reception and Registration Centre of Upper Orlan (A01)",
            )
        ],
        created=NOW,
    )
    front = pypdfium2.PdfDocument(pdf)[0]
    (wide, high), text = front.get_size(), front.get_textpage()
    boxes = [text.get_rect(at) for at in range(text.count_rects())]
    head = [box for box in boxes if box[1] > 0.86 * high]
    assert len(head) == 4  # two lines of each
    left = max(box[2] for box in head if box[0] < wide / 2)
    right = min(box[0] for box in head if box[0] >= wide / 2)
    assert left < right, "the authority runs into the office"


@pytest.mark.parametrize("change", ["authority", "office"])
def test_what_two_lines_do_not_hold_is_refused(change: str) -> None:
    with pytest.raises(PageError) as refused:
        render([card(**{change: "A very long name of an office " * 8})], created=NOW)
    assert refused.value.code == "too_much"


def told(data: PageData, side: int) -> str:
    """The text of a side, spaces made one."""
    document = pypdfium2.PdfDocument(render([data], created=NOW))
    return " ".join(document[side].get_textpage().get_text_range().split())


def marks(data: PageData, side: int) -> list[tuple[str, str, tuple[float, ...]]]:
    """Each character of a side with its font and its box, in millimetres."""
    text = pypdfium2.PdfDocument(render([data], created=NOW))[side].get_textpage()
    found = []
    for at in range(text.count_chars()):
        name = ctypes.create_string_buffer(80)
        native.FPDFText_GetFontInfo(text.raw, at, name, 80, ctypes.c_int())
        box = tuple(edge / MM for edge in text.get_charbox(at))
        found.append((text.get_text_range(at, 1), name.value.decode(), box))
    return found


@pytest.mark.parametrize("language", ["en", "ar", "my"])
def test_the_zone_is_in_ocr_b_ten_characters_an_inch_where_icao_puts_it(language: str) -> None:
    data = replace(card(language), template=AGREED)
    zone = [one for one in marks(data, 1) if "OCRB-Zone" in one[1] and one[0].strip()]
    text = "".join(char for char, _, _ in zone)
    assert len(zone) == 90
    assert parse(text, today=NOW.date()).document_number.replace("-", "") == (
        data.number.replace("-", "")
    )
    for line, middle in zip(range(3), (19.05, 12.7, 6.35), strict=True):
        boxes = [box for _, _, box in zone[line * 30 : line * 30 + 30]]
        assert 4.0 <= boxes[0][0] <= 6.0  # part 5, 4.2.1.3
        middles = [(left + right) / 2 for left, _, right, _ in boxes]
        assert (middles[-1] - middles[0]) / 29 == pytest.approx(2.54, abs=0.03)
        assert all(middle - 2.15 < low and high < middle + 2.15 for _, low, _, high in boxes)
        letter = next(box for char, _, box in zone[line * 30 : line * 30 + 30] if char.isalpha())
        assert letter[3] - letter[1] == pytest.approx(2.54, abs=0.1)  # size 1


def test_where_no_code_is_agreed_there_is_no_zone_but_in_training() -> None:
    real = card()
    assert "<<<" not in told(real, 1)
    assert "<<<" not in told(replace(real, credential=""), 1)
    assert "WRUTO" in told(replace(real, training=True), 1)
    own = replace(real, template=replace(AGREED, issuer="XOM"), training=True)
    assert "WRXOM" in told(own, 1)


def test_a_name_that_no_zone_can_hold_prevents_only_a_zone() -> None:
    data = card()
    data = replace(data, subject=replace(data.subject, name="段启荣", name_latin=""))
    render([data], created=NOW)
    with pytest.raises(PageError) as refused:
        render([replace(data, template=AGREED)], created=NOW)
    assert refused.value.code == "mrz"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize(
    "changes",
    [{}, {"copy": 2}, {"training": True}, {"credential": ""}],
    ids=["first", "copy", "training", "preview"],
)
def test_both_numbers_and_what_it_is_not_are_in_front(
    language: str, changes: dict[str, Any]
) -> None:
    data = replace(card(language), **changes)
    front = told(data, 0)
    assert data.number in front and data.subject.number in front
    for english in (
        "Document number", "Personal number", "Nationality as declared", "Valid until",
        "Provisional. Not a travel document. Does not establish nationality.",
    ):  # fmt: skip
        assert english in front
    if changes.get("copy"):
        assert "2" in front and ("Copy 2" in front or language != "en")


@pytest.mark.parametrize(("language", "turned"), [("ar", True), ("ps", True), ("fr", False)])
def test_a_sentence_begins_on_the_side_it_is_read_from(language: str, turned: bool) -> None:
    page_ = pypdfium2.PdfDocument(render([card(language)], created=NOW))[1]
    text = page_.get_textpage()
    margin = 3.2
    english = "It confirms that the holder"
    at = text.get_text_range().replace("\r\n", "\n").find(english)
    assert at >= 0
    found = text.search(english).get_next()
    assert found is not None
    left = text.get_charbox(found[0])[0] / MM
    assert left == pytest.approx(margin, abs=0.4), turned


def test_a_replacement_says_everything_behind() -> None:
    data = replace(
        card("ar"), template=AGREED, replaces="UTO-A01-K7Q-D00001-31", serial="A-000017",
        permanent_number="UTO-R-00000042-17", copy=3,
    )  # fmt: skip
    behind = told(data, 1)
    for said in (data.replaces, data.serial, data.permanent_number, data.number):
        assert said in behind


def test_sentences_too_long_for_a_card_are_refused() -> None:
    data = card()
    long = {"provisional": {"en": "It confirms what was said here. " * 250}}
    data = replace(data, issuer=replace(data.issuer, sentences=long))
    with pytest.raises(PageError) as refused:
        render([data], created=NOW)
    assert refused.value.code == "too_much"


@pytest.mark.parametrize("letters", ["abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"])
def test_a_name_that_no_card_holds_is_printed_on_paper_as_it_is(letters: str) -> None:
    """A refusal must not make somebody change a legal name for the sake of a card."""
    drawn = random.Random(7)
    own, latin = (
        " ".join("".join(drawn.choices(of, k=9)) for _ in range(19)).title()
        for of in (letters, "abcdefghijklmnopqrstuvwxyz")
    )
    made = card()
    made = replace(made, subject=replace(made.subject, name=own, name_latin=latin))
    made = replace(made, credential=credential(name=own, name_latin=latin).text)
    with pytest.raises(DocumentError) as refused:
        render([made], created=NOW)
    assert refused.value.sentence.endswith("Print it on A4 or A5.")
    assert render([replace(made, paper="a4")], created=NOW)
