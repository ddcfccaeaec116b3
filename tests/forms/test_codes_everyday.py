"""Everyday words: what people type finds the codes that mean it."""

from __future__ import annotations

import csv

import pytest

import resources
from forms.codes import code_list
from forms.errors import CodeListError
from forms.everyday import everyday
from resources.i18n import languages
from values.seeking import begun, words

NAMES = sorted(entry.name.removesuffix(".csv") for entry in resources.path("codes/words").iterdir())
LANGUAGES = sorted({"en", *languages()})


def rows(name: str) -> list[dict[str, str]]:
    lines = resources.read_text(f"codes/words/{name}.csv").splitlines()
    return list(csv.DictReader((one for one in lines if not one.startswith("#")), strict=True))


def found(name: str, typed: str, language: str = "en") -> set[str]:
    also = everyday(name, language)
    return {code for code in also if begun(words(typed), words(also[code]))}


def test_the_lists_that_officers_search_have_words() -> None:
    assert set(NAMES) >= {
        "causes",
        "document_types",
        "event_types",
        "hazards",
        "needs",
        "relation",
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_words_are_of_the_codes_that_are_offered_and_of_no_others(name: str) -> None:
    assert [row["code"] for row in rows(name)] == [one.code for one in code_list(name).offered()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_code_has_words_in_every_language(name: str, language: str) -> None:
    for row in rows(name):
        each = [one.strip() for one in row[language].split(";")]
        assert all(map(words, each)), row["code"]
        assert len(set(each)) == len(each), row["code"]


@pytest.mark.parametrize("name", NAMES)
def test_no_further_languages_are_given(name: str) -> None:
    assert {*rows(name)[0]} == {"code", *LANGUAGES}


@pytest.mark.parametrize(
    "typed, codes",
    [
        ("blind", {"DS-BD"}),
        ("deaf", {"DS-DF"}),
        ("wheelchair", {"DS-PM", "DS-PS"}),
        ("wheel chair", {"DS-PM", "DS-PS"}),
        ("widow", {"WR-SF", "SP-PT"}),
        ("orphan", {"SC-UC", "SC-SC", "SC-FC"}),
        ("elderly", {"ER-NF", "ER-MC", "ER-FR"}),
        ("hiv", {"SM-CI"}),
        ("trafficking", {"CR-LW", "LP-AN", "SV-SS"}),
        ("rape", {"SV-VA", "SV-VF", "SV-VO"}),
        ("pregnant", {"SM-DP", "CR-TP"}),
        ("disabled", {"DS-BD", "DS-DF", "DS-PM", "DS-PS", "DS-MM", "DS-MS", "DS-SD"}),
    ],
)
def test_needs_are_found_by_what_people_call_them(typed: str, codes: set[str]) -> None:
    assert codes <= found("needs", typed)


@pytest.mark.parametrize(
    "name, language, typed, code",
    [
        ("relation", "en", "spou", "spouse"),
        ("event_types", "en", "stillb", "foetal_death"),
        ("event_types", "en", "newborn", "live_birth"),
        ("event_types", "en", "wedding", "marriage"),
        ("event_types", "en", "missing", "tracing_request"),
        ("event_types", "en", "entry", "border_crossing"),
        ("event_types", "en", "exit", "border_crossing"),
        ("event_types", "en", "absent", "absence"),
        ("event_types", "en", "lost", "document_lost"),
        ("needs", "fr", "MALVOYANT", "DS-BD"),
        ("needs", "fr", "agee", "ER-NF"),
        ("relation", "fr", "soeur", "sibling"),
        ("needs", "ar", "ارمله", "SP-PT"),
        ("needs", "ar", "الأرملة", "SP-PT"),
        ("needs", "ar", "اعمي", "DS-BD"),
        ("event_types", "ar", "زواج", "divorce"),
        ("event_types", "ar", "عرس", "marriage"),
        ("causes", "ar", "زلزال", "disaster"),
        ("hazards", "fr", "canicule", "heat_wave"),
        ("document_types", "en", "driver", "driving_licence"),
    ],
)
def test_a_code_is_found_by_the_beginning_of_a_word(
    name: str, language: str, typed: str, code: str
) -> None:
    assert code in found(name, typed, language)


def test_a_list_and_a_language_may_have_none() -> None:
    assert not everyday("sex", "en")
    assert not any(everyday("needs", "xx").values())


def test_a_malformed_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    head = "# title: T\n# source: S\n# version: 1\n"
    for body in ("code,en\na,one,two\n", "code,en\na,one\na,two\n"):
        monkeypatch.setattr(resources, "read_text", lambda _name, text=head + body: text)
        everyday.cache_clear()
        with pytest.raises(CodeListError):
            everyday("needs", "en")
    monkeypatch.undo()
    everyday.cache_clear()
