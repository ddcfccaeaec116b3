"""The page on places says what is read, and the places of training are fit to train with."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from forms import gazetteer_areas, gazetteer_files
from forms.gazetteer_columns import TableColumns, table_columns
from forms.gazetteer_index import fold
from values.text import is_rtl, scripts_of

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "places.md").read_text("utf-8")


def named(what: str) -> list[str]:
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| {what} |"))
    return re.findall(r"`(\w+)`", line.split("|")[2])


def header(*columns: str) -> TableColumns:
    found = table_columns(columns)
    assert found is not None
    return found


@pytest.mark.parametrize("column", [*named("P-code"), "ADM1_PCODE"])
def test_columns_of_codes(column: str) -> None:
    assert header(column, "ADM1_EN").levels[1].code == 0


@pytest.mark.parametrize("column", named("name in a language"))
def test_columns_of_names(column: str) -> None:
    assert len(header("ADM1_PCODE", column).levels[1].names) == 1


@pytest.mark.parametrize("column", named("name, language elsewhere"))
def test_columns_of_names_whose_language_stands_elsewhere(column: str) -> None:
    assert len(header("ADM1_PCODE", column).levels[1].numbered) == 1


@pytest.mark.parametrize("column", named("other names"))
def test_columns_of_other_names(column: str) -> None:
    assert len(header("ADM1_PCODE", "ADM1_EN", column).levels[1].also) == 1


@pytest.mark.parametrize("column", named("day it holds"))
def test_columns_of_days(column: str) -> None:
    assert header("ADM1_PCODE", "ADM1_EN", column).valid == 2


def test_columns_of_a_plain_list() -> None:
    table = PAGE.split("A plain list")[1].split("\n\n")[1]
    lines = dict(re.findall(r"^\| ([\w -]+) \| (.*) \|$", table, flags=re.M))
    for code in re.findall(r"`(\w+)`", lines["P-code"]):
        for level in re.findall(r"`(\w+)`", lines["level"]):
            for parent in re.findall(r"`(\w+)`", lines["P-code of the area around it"]):
                found = header(code, "name_en", level, parent, "other_names")
                assert found.plain and (found.level, found.parent) == (2, 3)


def test_the_keys_of_the_bytes_are_those_of_the_page() -> None:
    from values import cbor

    body = cbor.decode(gazetteer_files.training().to_bytes())
    table = PAGE.split("## Bytes")[1]
    assert set(re.findall(r"^\| `(\w+)` \|", table, flags=re.M)) == set(body)


def test_limits_are_those_of_the_page() -> None:
    assert f"{gazetteer_areas.PLACE_LIMIT:,} areas" in PAGE
    assert f"{gazetteer_areas.LANGUAGE_LIMIT} languages" in PAGE
    assert f"names of {gazetteer_files.NAME_LIMIT} characters" in PAGE


def test_training_has_a_country_to_learn_with() -> None:
    places = gazetteer_files.training()
    levels = Counter(place.level for place in places)
    assert levels == {0: 1, 1: 6, 2: 24, 3: 120}
    assert f"{len(places)} areas" in PAGE
    assert all(place.code.startswith("XT") for place in places)
    assert all(place.parent == place.code[:-2] for place in places if place.level)
    repeated = Counter(place.name for place in places).most_common(3)
    assert all(count > 2 for _, count in repeated), "names that only their parents tell apart"


def test_training_names_are_in_both_scripts() -> None:
    for place in gazetteer_files.training():
        assert set(place.names) == {"en", "ar"}
        assert scripts_of(place.names["en"]) == ("Latn",)
        assert scripts_of(place.names["ar"]) == ("Arab",)
        assert is_rtl(place.names["ar"])
        assert fold(place.name) and len(place.name) <= 30
