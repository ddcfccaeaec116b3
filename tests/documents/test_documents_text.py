"""Text: every script has its glyphs, in the right order, and can be copied out of the PDF again."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from documents.errors import FontError
from documents.text import faces
from documents.text.canvas import PdfCanvas
from documents.text.faces import Weight, missing
from documents.text.itemise import graphemes
from documents.text.lines import Line, Style, fit, set_line, set_paragraph
from documents.text.pdf import TextPen
from tests.documents.conftest import ListedPerson
from values.text import BIDI_CONTROLS, isolate

# Scripts that the list lacks and other operations will need.
OTHER_SCRIPTS = {
    "Armn": "Հայկ Պետրոսյան",
    "Deva": "श्रीकृष्ण शर्मा",
    "Geor": "გიორგი ბერიძე",
    "Grek": "Ελένη Παπαδοπούλου",
    "Gujr": "ક્ષત્રિય ગુજરાતી",
    "Guru": "ਪੰਜਾਬੀ ਸਿੰਘ",
    "Hang": "김철수",
    "Hebr": "ליאור כהן",
    "Kana": "サトウ はなこ",
    "Knda": "ಕೃಷ್ಣಮೂರ್ತಿ",
    "Mlym": "ശ്രീകൃഷ്ണൻ",
    "Nkoo": "ߡߊߡߊߘߎ",
    "Adlm": "𞤃𞤢𞤥𞤢𞤣𞤵",
    "Orya": "ଓଡ଼ିଆ ଶ୍ରୀ",
    "Sinh": "ශ්‍රී ලංකා",
    "Syrc": "ܝܘܣܦ",
    "Taml": "தமிழ்ச்செல்வி",
    "Telu": "శ్రీనివాస్",
    "Tfng": "ⵎⵓⵃⵎⵎⴷ",
    "Thaa": "އަޙްމަދު",
    "Tibt": "བཀྲ་ཤིས་བདེ་ལེགས",
    "Cakm": "𑄌𑄋𑄴𑄟𑄳𑄦",
    "Olck": "ᱥᱟᱱᱛᱟᱲᱤ",
}


def glyph_indices(line: Line) -> list[int]:
    return [glyph.index for run in line.runs for glyph in run.glyphs]


def reading_order(line: Line) -> str:
    """The text as the runs and glyphs give it back, each run in its own direction."""
    runs = sorted(line.runs, key=lambda run: run.start)
    return "".join(line.text[run.start : run.end] for run in runs)


def all_texts(people: Iterable[ListedPerson]) -> list[tuple[str, str]]:
    texts = [(text, p.language) for p in people for text in (p.name, p.name_latin, p.place) if text]
    return list(dict.fromkeys(texts))


def test_every_name_and_place_in_the_list_has_glyphs(listed_people: list[ListedPerson]) -> None:
    for text, language in all_texts(listed_people):
        line = set_line(text, Style(12.0, language=language))
        assert 0 not in glyph_indices(line), text
        assert not missing(text), text
        assert line.width > 0
        assert reading_order(line) == text


@pytest.mark.parametrize("script", OTHER_SCRIPTS)
def test_other_scripts_have_glyphs(script: str) -> None:
    line = set_line(OTHER_SCRIPTS[script], Style(12.0))
    assert 0 not in glyph_indices(line)
    assert not missing(OTHER_SCRIPTS[script])


def test_glyphs_stand_in_visual_order(listed_people: list[ListedPerson]) -> None:
    """Left to right the characters' places rise, right to left they fall."""
    for text, language in all_texts(listed_people):
        for run in set_line(text, Style(12.0, language=language)).runs:
            starts = [glyph.start for glyph in run.glyphs]
            assert starts == sorted(starts, reverse=bool(run.level % 2)), text


def test_arabic_letters_are_joined() -> None:
    """A word shaped whole uses other glyphs than its letters shaped alone."""
    whole = glyph_indices(set_line("محمد", Style(12.0)))
    alone = [glyph_indices(set_line(letter, Style(12.0)))[0] for letter in "محمد"]
    assert sorted(whole) != sorted(alone)


def test_marks_are_not_torn_from_their_letters() -> None:
    for text in ("Bokɔ́mbɛ", "Ga̱tluak", "Nguyễn"):
        (run,) = set_line(text, Style(12.0)).runs
        assert run.face.name == "NotoSans-Regular"


def test_the_language_reaches_the_shaper() -> None:
    """The S'gaw Karen forms of Burmese letters differ; the font knows them by language."""
    karen = glyph_indices(set_line("ဖာပွန်", Style(12.0, language="ksw")))
    burmese = glyph_indices(set_line("ဖာပွန်", Style(12.0, language="mya")))
    assert karen != burmese


def test_a_missing_character_is_named_beforehand() -> None:
    assert missing("A\U00013000B") == frozenset("\U00013000")
    assert not missing("Ada\u200d \u2068x\u2069")


def test_a_missing_font_says_what_to_do() -> None:
    with pytest.raises(FontError, match="Install Waystation again"):
        faces._load("NotoSansNowhere-Regular")


def test_bold_exists_where_labels_need_it() -> None:
    for script in ("Latn", "Cyrl", "Arab"):
        assert faces.best_for(script, Weight.BOLD).name.endswith("Bold")
    assert faces.best_for("Mymr", Weight.BOLD).name.endswith("Regular")


class TestLines:
    def test_thai_breaks_between_words(self) -> None:
        text = "อำเภอแม่สายประเสริฐวงศ์สุริยะพิทักษ์" * 3
        lines = set_paragraph(text, Style(12.0), 120.0)
        assert len(lines) > 2
        assert "".join(line.text for line in lines) == text
        assert all(line.width <= 120.0 for line in lines)
        assert not any(unicodedata.combining(line.text[0]) for line in lines)

    def test_a_word_wider_than_a_line_is_broken_between_characters(self) -> None:
        text = "ကြီး" * 12
        lines = set_paragraph(text, Style(12.0), 40.0)
        assert "".join(line.text for line in lines) == text
        assert all(len(line.text) % 4 == 0 for line in lines), "whole syllables"

    def test_levels_are_those_of_the_paragraph(self) -> None:
        text = "التسجيل وهذه الوثيقة مجانيان WST-A01 إذا فُقدت فأبلغ المكتب"
        for line in set_paragraph(text, Style(9.0), 90.0):
            assert line.base == 1

    def test_empty_text_is_one_empty_line(self) -> None:
        (line,) = set_paragraph("", Style(9.0), 90.0)
        assert line.width == 0

    def test_a_long_name_is_made_smaller_down_to_a_limit(self) -> None:
        name = "Maria Consolación Esperanza Remedios de los Santos-Macaraeg"
        wide = set_line(name, Style(20.0)).width
        assert fit(name, Style(20.0), wide / 2, least=6.0).size == pytest.approx(10.0)
        assert fit(name, Style(20.0), wide / 20, least=6.0).size == 6.0
        assert fit(name, Style(20.0), wide * 2, least=6.0).size == 20.0

    @given(
        st.text(alphabet="abc אבג محمد ကြီး 12-3 ไทย \u2068\u2069", max_size=60),
        st.floats(min_value=8.0, max_value=200.0),
    )
    @settings(max_examples=60, deadline=None)
    def test_nothing_is_lost(self, text: str, width: float) -> None:
        lines = set_paragraph(text, Style(10.0), width)
        joined = "".join(text[line.start : line.end] for line in lines)
        assert joined == text
        boundaries = {end for _, end in graphemes(text)}
        assert all(line.end in boundaries or not text for line in lines)


def drawn(texts: Iterable[str], *, style: Style) -> bytes:
    """A PDF with one line per text."""
    out = io.BytesIO()
    canvas = PdfCanvas(out, pagesize=(595, 842))
    pen = TextPen(canvas)
    y = 800.0
    for text in texts:
        pen.draw(set_line(text, style), 40.0, y)
        y -= 20.0
        if y < 40.0:
            canvas.showPage()
            y = 800.0
    canvas.save()
    return out.getvalue()


def extracted(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    plain = "".join(char for char in text if char not in BIDI_CONTROLS)
    return [line.strip() for line in plain.replace("\r", "").split("\n")]


def test_names_are_copied_out_as_they_are(listed_people: list[ListedPerson]) -> None:
    # pdfium does not know that Hanifi Rohingya runs from right to left.
    texts = [
        person.name
        for person in listed_people
        if person.name and not any(0x10D00 <= ord(char) < 0x10D40 for char in person.name)
    ]
    found = set(extracted(drawn(texts, style=Style(11.0))))
    # pdfium moves a mark on an Arabic letter to another place; no letter is lost.
    marked = {text for text in texts if text not in found}
    assert all(any(map(unicodedata.combining, text)) for text in marked)
    assert len(marked) <= 1


def test_one_glyph_for_two_letters_is_copied_as_two() -> None:
    assert "الله لا إله" in extracted(drawn(["الله لا إله"], style=Style(11.0)))


def test_isolated_numbers_are_copied_whole() -> None:
    (line, *_) = extracted(drawn([f"رقم {isolate('WST-A01-K7Q-D00042-31')}"], style=Style(11.0)))
    assert "WST-A01-K7Q-D00042-31" in line


def test_only_used_glyphs_are_embedded() -> None:
    small = len(drawn(["段启荣"], style=Style(11.0)))
    assert small < 12_000, "the face itself has six megabytes"


def test_the_same_text_gives_the_same_bytes() -> None:
    texts = ["Ada", "محمد", "段启荣", "စောထူးဝါး"]
    assert drawn(texts, style=Style(11.0)) == drawn(texts, style=Style(11.0))


class TestFonts:
    def test_all_faces_are_there_and_unchanged(self) -> None:
        import hashlib

        lines = resources.read_text("fonts/SHA256SUMS").splitlines()
        sums = {name: digest for digest, name in (line.split() for line in lines)}
        assert len(sums) > 25
        for name, expected in sums.items():
            data = resources.read_bytes(f"fonts/{name}")
            assert hashlib.sha256(data).hexdigest() == expected, name

    def test_every_family_in_use_is_shipped(self) -> None:
        for script in faces._FAMILY_OF_SCRIPT:
            for weight in Weight:
                assert faces.best_for(script, weight).units > 0

    def test_the_licence_is_beside_them(self) -> None:
        assert "SIL OPEN FONT LICENSE" in resources.read_text("fonts/OFL.txt").upper()
        assert "Debian" in resources.read_text("fonts/README.md")

    def test_they_stay_small(self) -> None:
        files = [
            entry for entry in resources.path("fonts").iterdir() if entry.name.endswith(".ttf")
        ]
        assert sum(len(entry.read_bytes()) for entry in files) < 12_000_000


@pytest.mark.parametrize(
    "date",
    [
        "15 November 2026",
        "1 de noviembre de 2026",
        "15 نوفمبر 2026",
        "15 نومبر، 2026",
        "2026 နိုဝင်ဘာ 15",
        "၂၀၂၆ နိုဝင်ဘာ ၁၅",
        "۱۵ نومبر ۲۰۲۶",
        "15 ኖቬምበር 2026",
        "2026 نومبر 15",
        "November 2026",
        "WST-A01-K7Q-P00042-08",
    ],
)
def test_a_date_is_never_parted_by_the_end_of_a_line(date: str) -> None:
    text = f"1361-07-12 (x), {isolate(date)}, seen again {date}, and no more"
    whole = set_line(date, Style(10)).width
    for width in range(int(whole) + 12, 260, 3):
        lines = [line.whole for line in set_paragraph(text, Style(10), float(width))]
        assert "".join(lines) == text
        assert sum(line.count(date) for line in lines) == 2, lines
    narrow = set_paragraph(text, Style(10), whole * 0.7)
    assert all(line.width <= whole * 0.7 for line in narrow)
