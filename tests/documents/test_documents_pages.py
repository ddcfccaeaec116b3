"""Pages: read back from pixels, copied out as text, the same bytes twice, never cut."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from PIL import Image

from documents import raster
from documents.errors import PageError
from documents.objects import Objects
from documents.page_data import Issuer, MemberLine, PageData
from documents.pages import render
from documents.selfcheck import read_back
from documents.wording import MESSAGES, Words
from tests.documents import builders
from tests.documents.builders import NOW, household, identity, page
from tests.documents.conftest import ListedPerson
from values.dates import PartialDate
from values.text import BIDI_CONTROLS


def text_of(pdf: bytes, number: int = 0) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text: str = document[number].get_textpage().get_text_range()
    document.close()
    plain = "".join(char for char in text if char not in BIDI_CONTROLS)
    return re.sub(r"\s+", " ", plain)


def rendered(*pages: PageData) -> bytes:
    return render(pages, created=NOW)


def role_of_kids(made: Objects, element: int) -> set[bytes]:
    kids = re.search(rb"/K\[([^]]*)", made.body[element])
    assert kids is not None
    found = (made.body[int(one)] for one in re.findall(rb"(\d+) 0 R", kids[1]))
    return {one.removeprefix(b"<</S/").split(b"/")[0] for one in found}


def listed_page(person: ListedPerson, number: int, *, language: str = "en") -> PageData:
    birth = (
        PartialDate.parse(person.birth, person.calendar, said_on=date(2026, 11, 15))
        if person.birth
        else None
    )
    who = identity(
        number=f"WST-A01-K7Q-P{number:05d}-08",
        name=person.name,
        name_latin=person.name_latin,
        name_language=person.language,
        birth=birth,
        sex=person.sex,
        nationality=person.nationality,
    )
    return page(who, language=language, number=f"WST-A01-K7Q-D{number:05d}-31")


@pytest.fixture(scope="module")
def everyone(listed_people: list[ListedPerson]) -> tuple[list[PageData], bytes]:
    pages = [listed_page(person, at) for at, person in enumerate(listed_people) if at % 3 == 0]
    return pages, rendered(*pages)


def test_the_code_of_every_page_is_read_from_its_pixels(
    everyone: tuple[list[PageData], bytes],
) -> None:
    pages, pdf = everyone
    told = read_back(pdf, [one.credential for one in pages])
    assert told.sound
    assert told.pages == len(pages)


def test_every_page_says_its_name_and_numbers(
    everyone: tuple[list[PageData], bytes], listed_people: list[ListedPerson]
) -> None:
    pages, pdf = everyone
    for at in range(0, len(pages), 4):
        said = text_of(pdf, at)
        person = listed_people[at * 3]
        assert pages[at].number in said
        assert pages[at].subject.number in said
        assert person.name_latin in said
        assert "Provisional registration document" in said
        assert "14 May 2027" in said


def test_pages_are_small(everyone: tuple[list[PageData], bytes]) -> None:
    pages, pdf = everyone
    assert len(pdf) / len(pages) < 18_000


@pytest.mark.parametrize(
    ("said", "calendar", "words"),
    [
        ("1985~", "gregorian", "about 1985"),
        ("1987", "gregorian", "1987"),
        ("198X", "gregorian", "between 1980 and 1989"),
        ("1987-05", "gregorian", "May 1987"),
        ("1361-07-12", "solar-hijri", "1361-07-12 (Solar Hijri), 4 October 1982"),
    ],
)
def test_birth_is_printed_as_it_is_known(said: str, calendar: str, words: str) -> None:
    text = text_of(rendered(page(identity(birth=PartialDate.parse(said, calendar)))))
    assert words in text
    assert "1 January" not in text


def test_what_is_not_known_is_said_to_be_not_recorded() -> None:
    text = text_of(rendered(page(identity(birth=None, sex="", nationality=""))))
    assert text.count("Not recorded") == 3


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("paper", ["a4", "card"])
def test_a_preview_says_that_the_number_comes_with_the_print(language: str, paper: str) -> None:
    comes = Words(language).say("number_later")
    pdf = rendered(replace(page(), credential="", number="", language=language, paper=paper))
    assert comes in " ".join(text_of(pdf, at) for at in range(raster.page_count(pdf)))
    assert comes not in text_of(rendered(replace(page(), language=language)))


def test_a_newborn_without_a_name_has_a_document() -> None:
    text = text_of(rendered(page(identity(name="", name_latin=""))))
    assert "Not yet named" in text


def test_it_says_what_it_is_not() -> None:
    """OpenCRVS 10988: a certificate was printed offline, and the record fell back later."""
    for made in (page(), household(3)):
        text = text_of(rendered(made))
        assert "Provisional" in text
        assert "not a travel document" in text
        assert "does not establish nationality" in text


class TestFile:
    def test_the_same_input_gives_the_same_bytes(self) -> None:
        made = [page(photo=builders.portrait()), household(4, language="ar")]
        assert rendered(*made) == rendered(*made)

    def test_the_time_is_the_one_given(self) -> None:
        first = rendered(page())
        later = render([page()], created=NOW + timedelta(hours=1))
        assert b"<xmp:CreateDate>2026-11-15T10:00:00Z<" in first
        assert b"<xmp:CreateDate>2026-11-15T11:00:00Z<" in later

    def test_metadata_names_no_person(self) -> None:
        pdf = rendered(page(language="fr"))
        document = pypdfium2.PdfDocument(pdf)
        about = document.get_metadata_dict()
        document.close()
        assert "WST-A01-K7Q-D00042-31" in about["Title"]
        assert about["Creator"] == "Waystation"
        assert not any("Saw" in value or "စော" in value for value in about.values())
        assert b"<rdf:li>fr</rdf:li>" in pdf

    def test_only_our_fonts_are_in_it(self) -> None:
        pdf = rendered(page())
        assert not any(b"Helvetica" in one for one in Objects.read(pdf).body.values())
        assert any(b"+NotoSans-Regular" in one for one in Objects.read(pdf).body.values())

    def test_a_photograph_is_stored_once_and_unchanged(self) -> None:
        photo = builders.portrait((300, 390))
        pdf = rendered(page(photo=photo), page(photo=photo))
        assert pdf.count(photo) == 1

    def test_nothing_to_print(self) -> None:
        with pytest.raises(PageError) as refused:
            rendered()
        assert refused.value.code == "nothing"

    def test_too_much_to_print(self) -> None:
        with pytest.raises(PageError) as refused:
            rendered(*[page()] * 5_001)
        assert refused.value.code == "too_many"

    def test_a_damaged_photograph_is_refused(self) -> None:
        with pytest.raises(PageError) as refused:
            rendered(replace(page(), photo=b"no"))
        assert refused.value.code == "photo"


class TestHousehold:
    @pytest.mark.parametrize("size", [1, 2, 6, 7, 8, 14, 40])
    def test_every_member_is_there_and_every_page_has_the_code(self, size: int) -> None:
        made = household(size)
        pdf = rendered(made)
        pages = raster.page_count(pdf)
        told = read_back(pdf, [made.credential])
        assert told.sound
        text = " ".join(text_of(pdf, at) for at in range(pages))
        for place in range(1, size + 1):
            assert f"Member {place} " in text
            assert f"P{place:05d}" in text
        assert f"Page {pages} of {pages}" in text
        assert text.count("Signature and stamp of the office") == 1
        assert ("1 member " if size == 1 else f"{size} members") in text

    @pytest.mark.parametrize("language", ["en", "ar"])
    @pytest.mark.parametrize("size", [1, 6, 7, 40])
    def test_rows_stand_under_headings_on_every_page(self, size: int, language: str) -> None:
        made = Objects.read(rendered(household(size, language=language)))
        tables = [one for one in made.body.values() if one.startswith(b"<</S/Table/")]
        assert tables
        rows = 0
        for table in tables:
            first, *rest = re.findall(rb"(\d+) 0 R", re.search(rb"/K\[([^]]*)", table)[1])  # type: ignore[index]  # else it fails
            kinds = [role_of_kids(made, int(one)) for one in (first, *rest)]
            assert kinds == [{b"TH"}, *[{b"TD"}] * len(rest)]
            assert rest, "headings stand above a row"
            rows += len(rest)
        assert rows == size

    def test_a_family_of_six_has_one_page(self) -> None:
        assert raster.page_count(rendered(household(6))) == 1


class TestLanguages:
    def test_arabic_pages_are_mirrored(self) -> None:
        """The photograph and the code stand on the right, where reading starts."""
        for language, right in (("en", False), ("ar", True)):
            picture = raster.page(rendered(page(language=language)), 0, dpi=50, grey=True)
            code = picture.crop((0, picture.height * 2 // 3, picture.width, picture.height))
            half = code.width // 2
            left_ink = ink(code.crop((0, 0, half, code.height)))
            right_ink = ink(code.crop((half, 0, code.width, code.height)))
            assert (right_ink > left_ink) is right

    def test_numbers_stay_as_they_are_in_arabic(self) -> None:
        text = text_of(rendered(page(language="ar")))
        assert "WST-A01-K7Q-D00042-31" in text
        assert "WST-A01-K7Q-P00042-08" in text

    @pytest.mark.parametrize("language", ["en", "fr", "ar", "my", "xx", "fa-AF", ""])
    def test_any_language_prints_and_is_read(self, language: str) -> None:
        made = page(language=language)
        assert read_back(rendered(made), [made.credential]).sound

    def test_every_message_can_be_said(self) -> None:
        words = Words("en")
        for key in MESSAGES:
            assert words.say(key) == MESSAGES[key]
            assert words.say_beside(key) == ""


def ink(picture: Image.Image) -> int:
    return sum(count for value, count in enumerate(picture.histogram()) if value < 64)


class TestExtremes:
    @pytest.mark.parametrize(
        "who",
        [
            identity(name="ခင်" * 66, name_latin="K" * 198),
            identity(name="W" * 200, name_latin=""),
            identity(name="段" * 120, name_latin="Duan " * 40),
            identity(name="محمد " * 40, name_latin="Mohammed " * 22),
        ],
        ids=["burmese", "one word", "han", "arabic"],
    )
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_the_longest_names_are_printed_whole(self, who: object, language: str) -> None:
        """MOSIP 966: long names and addresses are not on the receipt."""
        made = page(who, language=language, photo=builders.portrait())  # type: ignore[arg-type]  # test table
        pdf = rendered(made)
        assert read_back(pdf, [made.credential]).sound
        text = text_of(pdf).replace(" ", "")
        assert (made.subject.name_latin or made.subject.name).replace(" ", "") in text

    def test_a_household_of_the_longest_names(self) -> None:
        members = tuple(
            MemberLine(
                identity=identity(
                    number=f"WST-A01-K7Q-P{at:05d}-08", name="ခင်" * 40, name_latin="K " * 100
                ),
                relation="child",
            )
            for at in range(12)
        )
        made = page(members[0].identity, members=members)
        assert read_back(rendered(made), [made.credential]).sound


class TestTraining:
    def test_the_mark_is_on_the_page_and_the_code_still_reads(self) -> None:
        made = page(training=True, photo=builders.portrait())
        pdf = rendered(made)
        text = text_of(pdf)
        assert "TRAINING, NOT VALID" in text
        assert "It proves nothing" in text
        assert read_back(pdf, [made.credential]).sound

    def test_without_it_nothing_says_so(self) -> None:
        assert "TRAINING" not in text_of(rendered(page()))


def test_a_wrong_code_on_a_page_is_noticed() -> None:
    first, second = page(), page(identity(name_latin="Somebody Else"))
    told = read_back(rendered(first), [second.credential])
    assert told.unread_pages == (1,)
    assert told.missing_documents == (0,)
    assert not told.sound


def test_printing_is_loaded_only_by_printing() -> None:
    """ReportLab, the fonts and pdfium cost start-up time that a desktop must not pay."""
    script = (
        "import sys; import documents.pages, documents.credential, documents.photo;"
        "print([m for m in ('reportlab','uharfbuzz','pypdfium2','qrcode','zxingcpp')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_drawing_leaves_no_file(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert isinstance(io.BytesIO(rendered(page())), io.BytesIO)


class TestPreview:
    def test_it_has_no_code_and_says_so(self) -> None:
        """OpenCRVS 10480: offline there is no preview, or one that could pass for the
        certificate."""
        for made in (page(), household(3)):
            pdf = rendered(replace(made, credential="", number=""))
            assert "PREVIEW, NOT A DOCUMENT" in text_of(pdf)
            told = read_back(pdf, [])
            assert told.unread_pages == tuple(range(1, told.pages + 1))


class TestBeyondTheCode:
    who = identity(birth_place="ဖာပွန်", father_name="Saw Eh", mother_name="Naw Mu")

    def test_it_is_printed_and_said_not_to_be_vouched_for(self) -> None:
        text = text_of(rendered(page(self.who)))
        assert "The code does not vouch for what follows" in text
        assert "Naw Mu" in text

    def test_without_it_nothing_is_said(self) -> None:
        assert "does not vouch" not in text_of(rendered(page()))


def test_the_worst_page_still_holds_everything_that_is_signed() -> None:
    """Names of 200 letters twice, two-line offices, a legal basis, every further number: on one
    sheet, its second side included."""
    who = identity(
        name="ခ" * 200,
        name_latin="W" * 200,
        birth=PartialDate.parse("1380-01", "solar-hijri"),
        birth_place="x" * 60,
    )
    issuer = Issuer(
        operation="A name of an operation that takes two lines of the head, as they do " * 2,
        office="Reception site A in the valley of the long names, Station A01",
        authority="Ministry of Reception and Other Matters, Department of Names and Numbers",
        contact="Tent 4 near the water point, open every day but Friday; ask for the supervisor",
        legal_basis="Issued under an invented act of 2026, section 12, as amended. " * 2,
    )
    for language in ("en", "fr", "ar"):
        made = replace(
            page(who, language=language, photo=builders.portrait()),
            issuer=issuer,
            permanent_number="WST-R-0000042-17",
            replaces="WST-A01-K7Q-D00031-11",
            training=True,
        )
        pdf = rendered(made)
        pages = raster.page_count(pdf)
        assert pages <= 2
        assert read_back(pdf, [made.credential]).sound
        text = "".join(text_of(pdf, number) for number in range(pages)).replace(" ", "")
        assert "W" * 200 in text
        assert "WST-R-0000042-17" in text


def test_values_of_people_are_not_shown_by_repr() -> None:
    made = page(photo=builders.portrait())
    for shown in (repr(made), repr(household(2)), repr(builders.credential())):
        assert "Saw" not in shown
        assert "စော" not in shown
        assert "1986" not in shown
