"""What stands on a card stands there whole, or no card is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pytest

from documents.errors import PageError
from documents.page_data import PageData
from documents.pages import render
from tests.documents.builders import NOW, page
from tests.documents.test_documents_pages import text_of
from values.dates import Calendar, PartialDate

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
