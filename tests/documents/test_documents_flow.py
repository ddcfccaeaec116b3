"""Sheets: nothing that was said is left out, everybody has room to sign, no page is a stranger."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from documents import raster
from documents.errors import PageError
from documents.layout import writer
from documents.layout.combs import apart
from documents.layout.flow import LEAST_STAMP, STAMP, Plan
from documents.layout.theme import PAPERS
from documents.page_data import Answer, Blank, Issuer, MemberLine, PageData, Party
from documents.pages import render, render_blank
from documents.templates.library import shipped
from documents.templates.model import Kind
from documents.wording import Words
from tests.documents.builders import NOW, household, told
from tests.documents.test_documents_pages import text_of
from values.text import BIDI_CONTROLS

SHEETS = [
    (one.id, paper)
    for one in shipped().templates.values()
    if one.coded
    for paper in one.papers
    if paper != "card"
]
LANGUAGES = ("en", "fr", "ar", "my", "am", "ur")
READ = {"a4": 0.85, "letter": 0.85, "a5": 0.81}
"""Shares of the sizes in the theme below which letters are not read any more."""


def whole_text(pdf: bytes) -> str:
    """What all pages say, without the spaces that lines end in."""
    text = "".join(text_of(pdf, number) for number in range(raster.page_count(pdf)))
    return "".join(char for char in text if not char.isspace() and char not in BIDI_CONTROLS)


def bare(text: str) -> str:
    return "".join(text.split())


def assert_signed(plan: Plan, made: PageData) -> None:
    """The boxes are whole, on the page, high enough, and below everything else."""
    template = shipped().templates[made.type]
    assert plan.paper.size.scale >= READ[plan.paper.size.name] - 1e-9
    for one in plan.pages:
        assert one.start <= one.end <= one.ceiling
        assert one.ceiling < plan.paper.size.height
        assert one.pieces, "no page is empty but for boxes"
        if one is not plan.pages[-1]:
            assert not one.signed
    if template.block(Kind.SIGNATURES) is None:
        return
    last = plan.pages[-1]
    assert LEAST_STAMP - 0.01 <= plan.stamp <= STAMP + 0.01
    assert last.end + last.signed < last.ceiling


LONGER = {("letter", "my")}
"""Burmese letters need half as much height again, and a Letter sheet is 18 mm lower than A4."""


@pytest.mark.parametrize(("type_", "paper"), SHEETS)
def test_hands_and_stamps_have_room_on_every_sheet(type_: str, paper: str) -> None:
    for language in LANGUAGES:
        made = replace(told(type_, language), paper=paper)
        plan = writer.plan(made)
        assert_signed(plan, made)
        most = 2 if paper == "a5" or (paper, language) in LONGER else 1
        assert len(plan.pages) <= most, language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_family_of_six_has_one_page_and_one_of_ten_two(language: str, paper: str) -> None:
    for size, most in ((6, 1), (10, 2), (14, 2)):
        made = replace(household(size, language=language), paper=paper)
        plan = writer.plan(made)
        assert_signed(plan, made)
        assert len(plan.pages) <= most + ((paper, language) in LONGER)


@pytest.mark.parametrize("type_", sorted({type_ for type_, _ in SHEETS}))
@pytest.mark.parametrize("language", ["fr", "ar", "my"])
def test_the_boxes_say_who_signs_in_both_languages(type_: str, language: str) -> None:
    block = shipped().templates[type_].block(Kind.SIGNATURES)
    if block is None:
        return
    words = Words(language)
    text = whole_text(render([told(type_, language)], created=NOW))
    for key in block.fields or ("holder_signature", "office_signature"):
        assert bare(words.say_beside(key) or words.say(key)) in text
        if language == "fr":  # the others are drawn in an order of their own
            assert bare(words.say(key)) in text


def much(type_: str, language: str) -> tuple[PageData, list[str]]:
    """A document on which every value is long, and the values."""
    made = told(type_, language)
    said: list[str] = []

    def long(name: str, length: int) -> str:
        text = f"{name.replace('_', ' ').replace('.', ' ')} " + "lower orlan " * 40
        said.append(text[:length].strip())
        return said[-1]

    answers = tuple(
        Answer(one.name, one.label, long(one.name, 160), one.label_beside) for one in made.answers
    )
    who = replace(
        made.subject,
        name=long("name", 120),
        name_latin=long("latin", 120),
        name_language="eng",
        birth_place=long("birthplace", 120),
        father_name=long("father", 120),
        mother_name=long("mother", 120),
    )
    parties = tuple(
        Party(
            one.role,
            one.label,
            who
            if at == 0
            else replace(one.identity, name=long(one.role, 120), name_language="eng"),
            one.label_beside,
        )
        for at, one in enumerate(made.parties)
    )
    issuer = replace(
        made.issuer,
        authority=long("authority", 120),
        operation=long("operation", 120),
        office=long("office", 100),
        contact=long("contact", 120),
        legal_basis=long("act", 160),
    )
    members = tuple(
        MemberLine(
            identity=who
            if at == 0
            else replace(one.identity, name=long(f"member {at}", 120), name_latin=""),
            relation=one.relation,
        )
        for at, one in enumerate(made.members)
    )
    return (
        replace(
            made,
            subject=who,
            parties=parties,
            answers=answers,
            issuer=issuer,
            members=members,
            permanent_number="WST-R-0000042-17",
            replaces="WST-A01-K7Q-D00031-11",
            serial="A-000017",
        ),
        [*said, "WST-R-0000042-17", "WST-A01-K7Q-D00031-11", "A-000017"],
    )


def printed(type_: str, values: list[str]) -> list[str]:
    """Of the values, those that the document prints at all."""
    refs = {ref for one in shipped().templates[type_].blocks for row in one.rows for ref in row}
    left_out = {
        "birthplace": "holder.birth_place",
        "father": "holder.father_name",
        "mother": "holder.mother_name",
        "WST-R-": "holder.permanent",
        "WST-A01-K7Q-D00031": "document.replaces",
    }
    roles = shipped().templates[type_].roles()
    return [
        value
        for value in values
        if not any(
            value.startswith(start) and ref not in refs and start not in roles
            for start, ref in left_out.items()
        )
    ]


@pytest.mark.parametrize(
    ("type_", "paper", "language"),
    [(*one, "en") for one in SHEETS] + [(*one, "my") for one in SHEETS if one[1] == "a5"],
)
def test_nothing_that_was_said_vanishes(type_: str, paper: str, language: str) -> None:
    made, values = much(type_, language)
    made = replace(made, paper=paper)
    try:
        pdf = render([made], created=NOW)
    except PageError as refused:
        # Long names in tall letters on half a sheet: refused in words that say what to do.
        assert (language, paper, refused.code) == ("my", "a5", "too_much")
        assert "larger paper" in str(refused)
        return
    text = whole_text(pdf)
    for value in printed(type_, values):
        assert bare(value) in text, value
    assert_signed(writer.plan(made), made)


def test_what_has_no_room_on_a_page_of_its_own_is_refused_in_words() -> None:
    made = told("death", "en")
    answers = tuple(replace(one, value="far away " * 900) for one in made.answers)
    with pytest.raises(PageError) as refused:
        render([replace(made, answers=answers)], created=NOW)
    assert refused.value.code == "too_much"
    assert "shorten" in str(refused.value)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_further_page_says_whose_it_is(language: str) -> None:
    for made, own in (
        (replace(told("registration", language), paper="a5"), "WST-A01-K7Q-P00042-08"),
        (household(24, language=language), "WST-A01-K7Q-H00007-55"),
    ):
        pdf = render([made], created=NOW)
        pages = raster.page_count(pdf)
        assert pages > 1
        for number in range(pages):
            text = text_of(pdf, number)
            assert made.subject.name_latin in text
            assert own in text
            assert made.number in text.replace("–", "-")


@pytest.mark.parametrize(
    ("type_", "paper"),
    [one for one in SHEETS if one[0] in ("registration", "birth", "household", "referral")],
)
def test_the_edge_that_printers_leave_stays_clear(type_: str, paper: str) -> None:
    """But for the line to tear along; of the watermark too."""
    made = replace(told(type_, "ar"), paper=paper, training=True)
    stubbed = shipped().templates[type_].block(Kind.STUB) is not None
    for number, picture in enumerate(raster.pages(render([made], created=NOW), dpi=100)):
        edge = int(7.0 / 25.4 * 100)
        middle = picture.copy()
        middle.paste(255, (edge, edge, picture.width - edge, picture.height - edge))
        if stubbed and number == 0:
            size = PAPERS[paper]
            at = int((size.real_height - 36.0) / 25.4 * 100)
            middle.paste(255, (0, at, picture.width, picture.height - edge))
        assert middle.getextrema()[0] > 250


def blank(language: str, times: int = 0) -> Blank:
    template = shipped().templates["blank"]
    if times:
        blocks = tuple(replace(one, times=times) for one in template.blocks)
        template = replace(template, blocks=blocks)
    issuer = Issuer(operation="Invented operation", office="Reception site A, Station A01")
    return Blank(
        language=language, numbers=("WST-A01-K7Q-F00001-20",), issuer=issuer, template=template
    )


class TestBlank:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_one_family_has_one_page_and_dates_name_their_boxes(self, language: str) -> None:
        words = Words(language)
        pdf = render_blank(replace(blank(language), training=True), created=NOW)
        assert raster.page_count(pdf) == (2 if language == "my" else 1)
        text = whole_text(pdf)
        if language in ("en", "fr"):
            assert text.count(bare(words.say("month"))) >= 9
        edge = 27
        middle = raster.page(pdf, 0, dpi=100, grey=True)
        middle.paste(255, (edge, edge, middle.width - edge, middle.height - edge))
        assert middle.getextrema()[0] > 250

    def test_letters_have_boxes_where_they_stand_apart(self) -> None:
        assert [apart(Words(one)) for one in ("en", "fr", "am")] == [True] * 3
        assert [apart(Words(one)) for one in ("ar", "my", "ur")] == [False] * 3

    def test_rows_that_one_page_does_not_hold_go_on_under_the_same_number(self) -> None:
        pdf = render_blank(blank("en", times=30), created=NOW)
        pages = raster.page_count(pdf)
        assert pages > 2
        for number in range(pages):
            text = text_of(pdf, number)
            assert text.count("WST-A01-K7Q-F00001-20") == 2
            assert f"Page {number + 1} of {pages}" in text
        assert sum(text_of(pdf, one).count("Notes") for one in range(pages)) == 30


@pytest.mark.parametrize(
    ("type_", "roles"),
    [
        ("birth", ("mother", "father")),
        ("marriage", ("spouse_a", "spouse_b")),
        ("divorce", ("spouse_a", "spouse_b")),
        ("adoption", ("adopter", "second_adopter")),
    ],
)
def test_names_of_equals_have_one_size(type_: str, roles: tuple[str, str]) -> None:
    short, long = "Ilan Orlok", "Maria " * 14 + "Orlanova"
    for first, second in ((short, long), (long, short)):
        made = told(type_, "en")
        names = dict(zip(roles, (first, second), strict=True))
        parties = tuple(
            replace(
                one,
                identity=replace(
                    one.identity, name=names.get(one.role, "Utopia"), name_latin="", birth=None
                ),
            )
            for one in made.parties
        )
        subject = parties[0].identity
        pdf = render([replace(made, parties=parties, subject=subject)], created=NOW)
        plan = writer.plan(replace(made, parties=parties, subject=subject))
        least = 8.0 * plan.paper.size.scale - 0.1
        sizes = {round(largest(pdf, one.split()[-1]), 2) for one in (first, second)}
        assert len(sizes) == 1
        assert sizes.pop() >= least


def largest(pdf: bytes, text: str) -> float:
    """The largest size in points in which a text stands on the first page."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0].get_textpage()
    whole = page.get_text_range()
    places = [at for at in range(len(whole)) if whole.startswith(text, at)]
    size: float = max(pypdfium2.raw.FPDFText_GetFontSize(page, at) for at in places)
    document.close()
    return size
