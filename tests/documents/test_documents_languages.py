"""Every language in which papers are printed says all that stands on them.

Arabic and French have catalogues, whose tests ask for every string of the program."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import Formatter

import pypdfium2
import pytest

import resources
from documents.pages import render
from documents.templates.library import library, read_folder, shipped
from documents.templates.model import Template
from documents.wording import MESSAGES, Words
from forms.codes import code_list
from forms.definition import Form
from forms.library import catalogue
from forms.wording import say_date
from resources import i18n
from tests.documents.builders import NOW, household, page
from values.text import BIDI_CONTROLS

DRAFTS = [one for one in i18n.paper_languages() if one not in i18n.languages()]

SAME = "{original} ({calendar}), {gregorian}"
"""What may read as in English: punctuation alone."""

SENTENCES = {
    "about {date}",
    "between {first} and {last}",
    "{first} or {last}",
    SAME,
    "Page {page} of {pages}",
    "Copy {count}",
    "Printed on {day} by {user}",
    "{count} member",
    "{count} members",
}
"""Sentences around numbers and dates, which the program fills in."""

LISTS = {"sex", "relation", "purposes", "yes_no", "calendars"}
"""Code lists whose labels stand on papers whatever their template."""


@cache
def wordings() -> frozenset[str]:
    """All English texts of papers that the program itself brings."""
    found = {*MESSAGES.values(), *SENTENCES}
    lists = set(LISTS)
    for template in shipped().templates.values():
        found |= {template.title, *(one.label for one in template.asks)}
        found |= {block.title for block in template.blocks if block.title}
        for form, name in _asked(template):
            field = form.field(name)
            found.add(field.label)
            lists |= {field.code_list} - {""}
    for name in lists - {"countries", "languages", "scripts"}:
        found |= {code.label for code in code_list(name)}
    return frozenset(found | {one.label for one in code_list("countries") if not one.extra["cldr"]})


def _asked(template: Template) -> Iterator[tuple[Form, str]]:
    for form in map(catalogue().form, template.forms):
        for name in (*template.answers(), *template.roles()):
            if name in form:
                yield form, name


def drafted(language: str) -> dict[str, str]:
    file = f"i18n/{language.replace('-', '_')}/papers.toml"
    return tomllib.loads(resources.read_text(file))["words"]


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("language", DRAFTS)
def test_every_word_of_a_paper_is_said_in_the_holders_language(language: str) -> None:
    assert sorted(wordings() - drafted(language).keys()) == []
    assert [said for said, text in drafted(language).items() if text == said and said != SAME] == []


@pytest.mark.parametrize("language", DRAFTS)
def test_a_draft_keeps_every_placeholder_and_has_nothing_that_is_not_asked(language: str) -> None:
    words = drafted(language)
    assert {said: text for said, text in words.items() if not text.strip()} == {}
    assert [one for one in words if placeholders(one) != placeholders(words[one])] == []
    more = {"Document", "Part of the holder", "{label} (Latin letters)", "Date", "Day and hour"}
    assert set(words) - wordings() - more == set()


@pytest.mark.parametrize("language", DRAFTS)
def test_the_authoritys_language_stands_beside_every_word(language: str) -> None:
    words = Words(language)
    assert [key for key in MESSAGES if words.say_beside(key) != MESSAGES[key]] == []
    assert [
        one.id for one in shipped().templates.values() if words.text_beside(one.title) != one.title
    ] == []


def test_an_operation_puts_its_own_words_in_the_place_of_a_draft(tmp_path: Path) -> None:
    (tmp_path / "wording.toml").write_text(
        '[sentences.lost]\nps = "خپله جمله."\n[sentences.person_number]\nps = "خپله شمېره"\n'
        '[texts."Provisional registration document"]\nps = "خپل سند"\n',
        "utf-8",
    )
    loaded = library(read_folder(tmp_path))
    own, texts = loaded.sentences, loaded.texts
    words = Words("ps", own=own, texts=texts)
    assert (words.say("lost"), words.say("person_number")) == ("خپله جمله.", "خپله شمېره")
    assert words.text("Provisional registration document") == "خپل سند"
    other = Words("my", own=own, texts=texts)
    assert other.say("person_number") == drafted("my")[MESSAGES["person_number"]]


def test_the_members_of_a_household_are_told_in_both_languages() -> None:
    document = pypdfium2.PdfDocument(render([household(2, language="fr")], created=NOW))
    told = document[0].get_textpage().get_text_range()
    for said in ("Lien avec le chef", "Relation to the head", "Masculin", "Male"):
        assert said in told


@pytest.mark.parametrize("paper", ["a4", "letter", "a5", "card"])
@pytest.mark.parametrize("language", ["my", "ar", "fa-AF"])
def test_the_authority_can_read_who_it_is(language: str, paper: str) -> None:
    """Sex, birth and nationality stand in the authority's words beside the holder's."""
    made = replace(page(language=language), paper=paper, beside="fr")
    with pypdfium2.PdfDocument(render([made], created=NOW)) as document:
        told = " ".join(one.get_textpage().get_text_range() for one in document)
    said = bare("".join(char for char in told if char not in BIDI_CONTROLS))
    assert made.subject.birth is not None
    for wanted in ("Masculin", say_date(made.subject.birth, "fr"), "Myanmar"):
        assert bare(wanted) in said, wanted


def bare(text: str) -> str:
    return "".join(text.split())
