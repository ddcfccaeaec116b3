"""Code lists: their format, and what they must hold."""

from __future__ import annotations

import pytest

import resources
from forms.codes import code_list, parse, sensitive_needs
from forms.errors import CodeListError
from values.dates import Calendar

NAMES = sorted(
    entry.name.removesuffix(".csv")
    for entry in resources.path("codes").iterdir()
    if entry.name.endswith(".csv") and entry.name != "country_names.csv"
)


@pytest.mark.parametrize("name", NAMES)
def test_every_list_says_where_it_comes_from(name: str) -> None:
    codes = code_list(name)
    assert codes.title and codes.source and codes.version
    assert all(code.code == code.code.strip() and code.label.strip() for code in codes)


def test_the_lists_of_the_data_readme() -> None:
    def in_lists(name: str) -> set[str]:
        return {code.code for code in code_list(name) if code.in_lists}

    assert in_lists("relation") == {
        "head",
        "spouse",
        "child",
        "foster_child",
        "parent",
        "sibling",
        "grandchild",
        "nephew_niece",
        "in_law",
        "co_wife",
        "unrelated_minor",
        "other",
    }
    assert in_lists("sex") == {"F", "M", "X"}
    assert in_lists("document_types") == {
        "none",
        "national_id",
        "passport",
        "birth_certificate",
        "family_book",
        "refugee_card",
        "driving_licence",
        "other",
    }
    assert in_lists("causes") == {
        "conflict",
        "persecution",
        "disaster",
        "climate_slow_onset",
        "development",
        "other",
        "unknown",
    }
    assert in_lists("hazards") == {
        "flood",
        "cyclone",
        "earthquake",
        "landslide",
        "drought",
        "sea_level_rise",
        "wildfire",
        "volcanic",
        "storm",
        "other",
    }
    assert in_lists("calendars") == {calendar.value for calendar in Calendar}


def test_countries_are_those_of_the_standard_and_the_stateless() -> None:
    countries = code_list("countries")
    assert len(countries) == 249 + 5
    assert {code.code for code in countries if not code.in_lists} == {"XXB", "XXC", "XXX", "UTO"}
    assert countries.find("afg") == "AFG"
    assert countries.find("ZZZ") is None


def test_languages_are_the_whole_standard() -> None:
    languages = code_list("languages")
    assert len(languages) > 7900
    for code in [
        "prs",
        "pbt",
        "apc",
        "mls",
        "apd",
        "rhg",
        "mya",
        "ksw",
        "ukr",
        "tir",
        "amh",
        "khm",
        "lao",
        "ben",
        "swh",
        "cmn",
        "nus",
        "ayn",
        "ckb",
    ]:
        assert languages[code].offered
    assert not languages["aaa"].offered


def test_needs_have_families_and_say_what_is_sealed() -> None:
    needs = code_list("needs")
    families = code_list("need_families")
    assert len(needs) == 71
    assert {need.family for need in needs} == {family.code for family in families}
    assert all(need.code.startswith(f"{need.family}-") for need in needs)
    sealed = {need.code for need in needs if need.sealed}
    never = {need.code for need in needs if not need.offered}
    assert never == {"LP-AP", "LP-CR", "LP-ST"}
    assert sealed == never | {"LP-AN", "LP-IH", "LP-WP"} | {
        need.code for need in needs if need.family in ("SV", "TR")
    }


def test_sensitive_needs_are_split_and_an_unknown_one_is_sealed() -> None:
    assert sensitive_needs(("CR-NE", "SV-VA", "NEW-1")) == (("CR-NE",), ("SV-VA", "NEW-1"))


GOOD = "# title: T\n# source: S\n# version: 1\ncode,label,offered,in_lists\na,A,yes,yes\n"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (GOOD.replace("# source: S\n", ""), "comment lines"),
        (GOOD.replace("# source: S", "# sauce: S"), "# sauce: S"),
        (GOOD.replace(",in_lists", ""), "header"),
        (GOOD + "b,B,perhaps,yes\n", "code 2, offered"),
        (GOOD + "b,B\n", "code 2"),
        (GOOD + "b,B,yes,yes,more\n", "code 2"),
        (GOOD + ",B,yes,yes\n", "code 2"),
        (GOOD + "A,B,yes,yes\n", "code 2"),
        (GOOD.replace("a,A,yes,yes\n", ""), "file"),
    ],
)
def test_a_malformed_list_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(CodeListError) as caught:
        parse("x", text, file="codes/x.csv")
    assert caught.value.where == where
    assert str(caught.value).startswith(f"codes/x.csv: {where}: ")


@pytest.mark.parametrize("name", ["nothing", "../secrets", ""])
def test_a_list_that_is_not_there(name: str) -> None:
    with pytest.raises(CodeListError, match="no such code list"):
        code_list(name)
