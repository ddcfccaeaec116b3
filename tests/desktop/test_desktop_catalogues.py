"""The catalogues: whole, in step with their compiled form, and true to their placeholders."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import forms
import resources
from desktop import words
from ledger import admission
from registry import judging
from workspace import opening

HOME = Path(resources.__file__).parent / "i18n"
LANGUAGES = ("ar", "fr")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def catalogue(language: str) -> Catalog:
    path = HOME / language / "LC_MESSAGES" / "waystation.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated(language: str) -> None:
    lacking = [message.id for message in catalogue(language) if not all(strings(message.string))]
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_from_below_is_in_the_catalogue(language: str) -> None:
    """Sentences that the offices keep as constants, and those of the forms' fields."""
    known = catalogue(language)
    shown = [
        *judging.SENTENCES.values(),
        *admission.SENTENCES.values(),
        opening.NEW_EPOCH,
        *(field.missing for form in forms.catalogue().all() for field in form.fields()),
    ]
    assert [text for text in shown if text and text not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_kept(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        if not message.id or not all(strings(message.string)):
            continue
        wanted = set(PLACEHOLDER.findall(strings(message.id)[-1]))
        *fewer, last = strings(message.string)
        if set(PLACEHOLDER.findall(last)) != wanted:
            wrong.append(message.id)
        # "one person" may leave the number out
        if any(not set(PLACEHOLDER.findall(form)) <= wanted for form in fewer):
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_is_there(language: str) -> None:
    made = catalogue(language)
    for message in made:
        if isinstance(message.id, list | tuple):
            assert len(strings(message.string)) == made.num_plurals, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_or_obsolete(language: str) -> None:
    made = catalogue(language)
    assert not made.obsolete
    assert [message.id for message in made if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_of_this_text(language: str) -> None:
    with (HOME / language / "LC_MESSAGES" / "waystation.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalogue(language):
        if isinstance(message.id, str) and message.id and message.string:
            assert compiled.gettext(message.id) == message.string


def test_the_window_speaks_them() -> None:
    try:
        words.use("fr")
        assert words.tr("Home") == "Accueil"
        assert words.ntr("{n} person", "{n} persons", 0) == "0 personne"
        words.use("ar")
        assert words.ntr("{n} person", "{n} persons", 2) == "شخصان"
        assert words.ntr("{n} person", "{n} persons", 5) == "5 أشخاص"
    finally:
        words.use("en")


def test_a_line_that_begins_in_latin_letters_still_runs_to_the_left() -> None:
    try:
        words.use("ar")
        said = words.tr("Ctrl+L locks at once. What was typed is kept.")
        assert said.startswith("\u200fCtrl+L")
        assert not words.tr("PDF").startswith("\u200f")
        assert not words.tr("Home").startswith("\u200f")
    finally:
        words.use("en")


@pytest.mark.parametrize(
    ("language", "other"), [("ar", r"حزم"), ("fr", r"\blots?\b|\bla station\b")]
)
def test_one_word_for_one_thing(language: str, other: str) -> None:
    """What a bundle or a station is called is not said in two ways."""
    found = re.compile(other)
    strange = [
        said for one in catalogue(language) if one.id for said in strings(one.string)
        if found.search(said)
    ]  # fmt: skip
    assert strange == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_else_is_called_as_cancelling_is(language: str) -> None:
    """Revoking a station and leaving the form had one word in Arabic, side by side."""
    known = catalogue(language)
    leave = str(known["Cancel"].string)
    same = [one.id for one in known if one.id != "Cancel" and leave in strings(one.string)]
    assert same == []
