"""Templates: what ships can be read, and what is wrong is refused with file, place and remedy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from documents import raster
from documents.errors import PageError, TemplateError
from documents.page_data import Answer
from documents.pages import render
from documents.selfcheck import read_back
from documents.templates.library import (
    Library,
    faults,
    from_bytes,
    gaps,
    read_folder,
    shipped,
    to_bytes,
)
from documents.templates.model import About, Kind
from documents.templates.reading import parse
from documents.wording import Words
from forms.library import catalogue
from resources.i18n import languages, paper_languages
from tests.documents.builders import NOW, page, told
from tests.documents.test_documents_pages import text_of
from values.dates import Calendar, PartialDate

GOOD = """
id = "residence"
version = "1.0.0"
title = "Attestation of residence"
about = "event"
forms = ["arrival"]
holder = ["subject"]
signed = ["date", "place"]

[[blocks]]
kind = "head"

[[blocks]]
kind = "holder"
rows = [["holder.sex"]]

[[blocks]]
kind = "facts"
rows = [["event.date", "event.place"]]

[[blocks]]
kind = "also"
rows = [["event.shelter"]]

[[blocks]]
kind = "code"
sentences = ["provisional", "lost"]

[[blocks]]
kind = "foot"
"""


def form(name: str) -> object:
    try:
        return catalogue().form(name)
    except KeyError:
        return None


def read(text: str) -> object:
    return parse(text.encode(), "residence.toml", form=form)  # type: ignore[arg-type]  # a form


def test_every_document_of_the_program_is_there() -> None:
    assert set(shipped().templates) == {
        "absence", "acknowledgement", "adoption", "appointment", "birth", "blank", "closing",
        "consent", "death", "divorce", "household", "loss", "marriage", "recognition", "record",
        "referral", "registration", "seizure", "tracing", "transfer",
    }  # fmt: skip
    for one in shipped().templates.values():
        assert one.coded is (one.about not in (About.RECORD, About.BLANK))
        code = one.block(Kind.CODE)
        assert code is None or code.sentences


def test_a_good_one_is_read() -> None:
    assert read(GOOD)


def test_one_of_an_earlier_version_is_read() -> None:
    """A stored folder may still say which block yields; none does any more."""
    assert read(GOOD.replace('kind = "also"', 'kind = "also"\nyields = 9'))


@pytest.mark.parametrize(
    ("was", "now", "path"),
    [
        ('id = "residence"', 'id = "Residence!"', "id"),
        ('version = "1.0.0"', 'version = "1"', "version"),
        ('about = "event"', 'about = "person"', "forms"),
        ('about = "event"', 'about = "thing"', "about"),
        ('forms = ["arrival"]', 'forms = ["departure"]', "forms[1]"),
        ('forms = ["arrival"]', "forms = []", "forms"),
        ('holder = ["subject"]', 'holder = ["mother"]', "holder[1]"),
        ('signed = ["date", "place"]', 'signed = ["date"]', "blocks[3].rows"),
        ('signed = ["date", "place"]', 'signed = ["date", "place", "shelter"]', "blocks[4].rows"),
        ('signed = ["date", "place"]', 'signed = ["date", "place", "group"]', "signed[3]"),
        ('signed = ["date", "place"]', 'signed = ["date", "place", "nothing"]', "signed[3]"),
        ('["holder.sex"]', '["holder.religion"]', "blocks[2].rows[1][1]"),
        ('["holder.sex"]', '["holder.birth_place"]', "blocks[2].rows"),
        ('["event.shelter"]', '["event.informant_relation", "event.x"]', "blocks[4].rows[1][2]"),
        ('["event.shelter"]', '["document.number"]', "blocks[4].rows"),
        ('kind = "also"', 'kind = "script"', "blocks[4].kind"),
        ('kind = "foot"', 'kind = "foot"\ninclude = "/etc/passwd"', "blocks[6].include"),
        ('kind = "foot"', 'kind = "stub"', "blocks"),
        ('sentences = ["provisional", "lost"]', 'sentences = ["lies"]', "blocks[5].sentences[1]"),
        ('kind = "code"\nsentences', 'kind = "text"\nsentences', "blocks"),
        ('title = "Attestation of residence"', "title = 3", "title"),
        ('title = "Attestation of residence"', "", "title"),
        ('title = "Attestation of residence"', 'title = "x"\nextra = 1', "extra"),
        ('forms = ["arrival"]', 'forms = ["arrival"]\npapers = ["a3"]', "papers[1]"),
        ('forms = ["arrival"]', 'forms = ["arrival"]\npapers = ["card"]', "papers"),
        ('forms = ["arrival"]', 'forms = ["arrival"]\ndays = 100000', "days"),
        ('forms = ["arrival"]', 'forms = ["arrival"]\nissuer = "utopia"', "issuer"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(was: str, now: str, path: str) -> None:
    assert was in GOOD
    with pytest.raises(TemplateError) as refused:
        read(GOOD.replace(was, now, 1))
    assert refused.value.file == "residence.toml"
    assert refused.value.path == path, refused.value.sentence
    assert refused.value.remedy


@pytest.mark.parametrize("secret", ["causes", "external_cause", "contributing", "pregnancy"])
def test_what_is_sealed_can_never_be_printed(secret: str) -> None:
    text = GOOD.replace('["arrival"]', '["death"]').replace('"subject"', '"deceased"')
    with pytest.raises(TemplateError):
        read(text.replace("event.shelter", f"event.{secret}"))


@pytest.mark.parametrize("data", [b"\xff", b"= 1", b"a = [" + b"[" * 9000, b"x" * 300_000])
def test_what_is_no_toml_is_refused(data: bytes) -> None:
    with pytest.raises(TemplateError):
        parse(data, "x.toml", form=form)  # type: ignore[arg-type]  # a form


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "residence.toml").write_text(GOOD, "utf-8")
        (tmp_path / "wording.toml").write_text(
            '[sentences.provisional]\nen = "Our own sentence."\nfr = "Notre phrase."\n'
            '[texts."Attestation of residence"]\nfr = "Attestation de domicile"\n',
            "utf-8",
        )
        Image.new("RGBA", (60, 40), (10, 90, 120, 128)).save(tmp_path / "logo.png")
        return tmp_path

    def test_it_is_read_kept_and_used(self, folder: Path) -> None:
        found = from_bytes(to_bytes(read_folder(folder))).over(shipped())
        assert set(found.templates) > set(shipped().templates)
        assert found.for_form("arrival") is found.get("residence")
        assert found.logo is not None and found.logo.startswith(b"\xff\xd8")
        text = text_of(made_with(found, "fr"))
        assert "Attestation de domicile" in text and "Notre phrase." in text
        assert "Our own sentence." in text
        assert "Lower Orlan" in text

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("notes.txt", b"x"),
            ("logo.png", b"no picture"),
            ("logo.svg", b"<svg/>"),
            ("other.toml", GOOD.encode()),
            ("wording.toml", b"[sentences.our_own]\nfr = 'x'"),
            ("wording.toml", b"[other]\nfr = 'x'"),
            ("wording.toml", b"[sentences.lost]\nen = ''"),
            ("wording.toml", b"[sentences.provisionl]\nen = 'x'"),
            ("wording.toml", b"[sentences.our_own]\nen = 'x'"),
            ("wording.toml", b"[sentences.lost]\nxx = 'x'"),
            ("wording.toml", b"[texts.'Registration dokument']\nfr = 'x'"),
        ],
    )
    def test_what_does_not_belong_is_refused(self, folder: Path, name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
        assert [one.file for one in faults(folder)] in (["other.toml"], ["residence.toml"], [name])
        with pytest.raises(TemplateError):
            read_folder(folder)

    def test_a_mistyped_key_is_told_with_the_one_that_was_meant(self, folder: Path) -> None:
        wording = "[sentences.provisionl]\nen = 'x'\n[texts.'Birth notificatoin']\nfr = 'x'\n"
        (folder / "wording.toml").write_text(wording, "utf-8")
        told = {one.path: one.remedy for one in faults(folder)}
        assert told["sentences.provisionl"].endswith("did you mean provisional")
        assert 'texts."Birth notificatoin"' in told

    def test_words_count_in_the_languages_that_they_name(self, folder: Path) -> None:
        """Ours stay in the others, where the check says it: no page loses the holder's language."""
        (folder / "wording.toml").write_text(
            "[sentences.provisional]\nen = 'Our own sentence.'\n"
            "[sentences.chief]\nen = 'Chief of the camp'\nar = 'رئيس المخيم'\n",
            "utf-8",
        )
        made = GOOD.replace(
            'kind = "code"',
            'kind = "signatures"\nfields = ["chief"]\n\n[[blocks]]\nkind = "code"',
            1,
        )
        (folder / "residence.toml").write_text(made, "utf-8")
        assert faults(folder) == []
        told = "\n".join(gaps(folder))
        assert "sentences.provisional is not said in ar, fr, am" in told
        assert "sentences.chief is not said in fr, am" in told
        found = from_bytes(to_bytes(read_folder(folder))).over(shipped())
        arabic = Words("ar", own=found.sentences)
        assert arabic.say("provisional") == Words("ar").say("provisional")
        assert arabic.say_beside("provisional") == "Our own sentence."
        assert (arabic.say("chief"), arabic.say_beside("chief")) == (
            "رئيس المخيم", "Chief of the camp",
        )  # fmt: skip
        assert "Chief of the camp" in text_of(made_with(found, "ar"))

    def test_what_was_kept_before_is_read_as_it_is(self, folder: Path) -> None:
        kept = {"wording.toml": b"[sentences.provisionl]\nen = 'x'"}
        assert from_bytes(to_bytes(kept)).sentences == {"provisionl": {"en": "x"}}

    def test_no_way_leads_out_of_it(self, folder: Path, tmp_path: Path) -> None:
        (folder / "link.toml").symlink_to("/etc/hostname")
        assert [one.file for one in faults(folder)] == ["link.toml"]
        (folder / "link.toml").unlink()
        (folder / "inner").mkdir()
        assert [one.file for one in faults(folder)] == ["inner"]
        assert faults(tmp_path / "nowhere")


def test_few_names_are_offered_and_only_near_ones() -> None:
    text = GOOD.replace('kind = "code"', 'kind = "signatures"\nfields = ["ofice_signature"]', 1)
    with pytest.raises(TemplateError) as refused:
        read(text)
    assert refused.value.path == "blocks[5].fields[1]"
    assert "choose one of office_signature" in refused.value.remedy
    assert refused.value.remedy.count(",") <= 2


def made_with(library: Library, language: str) -> bytes:
    made = replace(
        page(language=language),
        type="residence",
        template=library.get("residence"),
        answers=(
            Answer("date", "Day", "1 November 2026"),
            Answer("place", "Place", "Lower Orlan"),
        ),
    )
    issuer = replace(
        made.issuer, logo=library.logo, sentences=library.sentences, texts=library.texts
    )
    return render([replace(made, issuer=issuer)], created=NOW)


@pytest.mark.parametrize("type_", ["birth", "marriage", "tracing"])
def test_a_long_birth_beside_others_has_a_row_of_its_own(type_: str) -> None:
    """Its block divides the row in three; parted, the row has one."""
    made = told(type_, "ar")
    birth = PartialDate.parse("1406-02~", Calendar.ISLAMIC)
    made = replace(made, subject=replace(made.subject, birth=birth, nationality="SYR"))
    assert "1406-02" in text_of(render([made], created=NOW))


@pytest.mark.parametrize("type_", sorted(shipped().issued()))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_document_is_drawn_on_each_of_its_papers(type_: str, language: str) -> None:
    if type_ == "household":
        return  # has its own tests
    made = told(type_, language)
    template = shipped().templates[type_]
    for paper in template.papers:
        pdf = render([replace(made, paper=paper)], created=NOW)
        if paper == "card":
            assert raster.page_count(pdf) == 2
            continue
        pages = raster.page_count(pdf)
        assert pages == 1 or (paper == "a5" and pages == 2)
        assert read_back(pdf, [made.credential]).sound
        text = " ".join(text_of(pdf, number) for number in range(pages))
        signed = [one for one in template.answers() if one in template.signed]
        for name in signed:
            assert f"told {name}" in text


def test_paper_that_the_template_does_not_know_is_refused() -> None:
    with pytest.raises(PageError):
        render([replace(page(), paper="card", type="birth")], created=NOW)
    with pytest.raises(PageError):
        render([replace(page(), type="passport")], created=NOW)


@pytest.mark.parametrize("language", paper_languages())
def test_every_language_of_papers_says_everything(language: str) -> None:
    from documents.wording import MESSAGES, Words

    words = Words(language)
    assert words.language == language
    if language in languages():
        unsaid = [key for key, text in MESSAGES.items() if words.say(key) == text]
        assert unsaid in ([], ["notes"]) or language == "en"
    else:  # titles and labels; legal sentences stand in the authority's language
        for key in ("name", "birth", "document_number", "issued", "expires", "holder_signature"):
            assert words.say(key) != MESSAGES[key]
        for one in shipped().templates.values():
            assert one.about in (About.RECORD, About.BLANK) or words.text(one.title) != one.title


def test_a_copy_says_so_and_stock_is_numbered() -> None:
    text = text_of(render([replace(page(), copy=3, serial="A-000017")], created=NOW))
    assert "Copy 3" in text and "A-000017" in text
