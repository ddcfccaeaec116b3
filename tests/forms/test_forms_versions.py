"""Old versions of forms stay: what was asked then can be read now, and nothing is lost."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms.check import check, raw_values
from forms.definition import Form
from forms.library import Catalogue, definition_files
from forms.loading import parse
from forms.reading import read
from tests.forms.families import CHILD, HEAD, HOUSEHOLD, TODAY, draft
from values import cbor

EARLIER = files("forms").joinpath("definitions/earlier")
CURRENT = files("forms").joinpath("definitions")


def texts() -> dict[str, str]:
    return {name: file.read_text(encoding="utf-8") for name, file in definition_files(CURRENT)}


@pytest.mark.parametrize("name", sorted(texts()))
def test_the_hash_can_be_computed_from_the_file_alone(name: str) -> None:
    """By another program: SHA-256 over the domain and the deterministic CBOR of the TOML."""
    raw = tomllib.loads(texts()[name])
    form = forms.catalogue().form(raw["id"], raw["version"])
    assert form.hash == hashlib.sha256(b"waystation/form/1\0" + cbor.encode(raw)).digest()
    assert form.file == name


@pytest.mark.parametrize("name", ["person", "household", "membership", "flight", "arrival"])
def test_the_first_version_is_still_here(name: str) -> None:
    catalogue = forms.catalogue()
    old, new = catalogue.form(name, "1.0.0"), catalogue.form(name)
    assert old.file == f"earlier/{name}-1.0.0.toml"
    assert new.version_key > old.version_key
    for field in old.fields():
        now = new.field(field.name)
        assert (now.kind, now.code_list, now.required) == (
            field.kind,
            field.code_list,
            field.required,
        ), field.name
    assert {one.name for one in old.pages[0].fields} <= {one.name for one in new.fields()}


def test_pages_keep_their_order() -> None:
    catalogue = forms.catalogue()
    for name in ("person", "household", "membership"):
        old = [page.id for page in catalogue.form(name, "1.0.0").pages]
        new = [page.id for page in catalogue.form(name).pages]
        assert [page for page in new if page in old] == old


def test_answers_of_an_earlier_version_are_read_by_the_newest() -> None:
    """OpenCRVS 7463: forms have no versions, so old records are read with today's form."""
    catalogue = forms.catalogue()
    for name, raw in (("person", HEAD), ("person", CHILD), ("household", HOUSEHOLD)):
        then = read(catalogue.form(name, "1.0.0"), raw, TODAY).values()
        now = catalogue.migrated(name, "1.0.0", then)
        assert now == then
        newest = catalogue.form(name)
        assert read(newest, raw_values(newest, now), TODAY).values() == then


def test_a_family_of_then_has_nothing_wrong_now() -> None:
    first = Catalogue(
        form for form in forms.catalogue().every() if form.event == "" and form.version == "1.0.0"
    )
    assert check(draft(HEAD, CHILD), TODAY, catalogue=first) == []
    assert check(draft(HEAD, CHILD), TODAY) == []


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("flight", {"origin_country": "SOM", "cause": "conflict"}),
        ("flight", {"date": {"text": "2026"}, "origin_country": "SOM", "cause": "disaster"}),
        ("arrival", {"date": {"text": "2026-04"}, "place": "Reception site"}),
        ("arrival", {}),
    ],
)
def test_events_told_as_before_are_judged_as_before(name: str, raw: dict[str, Any]) -> None:
    catalogue = forms.catalogue()

    def found(form: Form) -> tuple[list[tuple[str, str]], dict[str, Any]]:
        seen = read(form, raw, TODAY)
        return [(one.code, one.field) for one in seen.problems], seen.values()

    assert found(catalogue.form(name)) == found(catalogue.form(name, "1.0.0"))


# migrations --------------------------------------------------------------------------------

FORM = """
id = "visit"
version = "VERSION"
title = "Visit"
MIGRATIONS

[[pages]]
id = "visit"
title = "Visit"
"""
TEXT = """
[[pages.fields]]
name = "NAME"
kind = "text"
label = "Text"
why = "To know."
max_length = 80
"""


def version(number: str, *names: str, migrations: str = "") -> Form:
    text = FORM.replace("VERSION", number).replace("MIGRATIONS", migrations)
    return parse(text + "".join(TEXT.replace("NAME", name) for name in names), file="visit.toml")


FIRST = version("1.0.0", "host", "guests")
SECOND = version(
    "2.0.0",
    "host_name",
    "guests",
    migrations='[[migrations]]\nfrom = "1.0.0"\nrename = { host = "host_name" }',
)
THIRD = version(
    "2.1.0",
    "host_name",
    "guest_one",
    "guest_two",
    migrations=(
        '[[migrations]]\nfrom = "2.0.0"\n'
        '[[migrations.splits]]\nfield = "guests"\ninto = ["guest_one", "guest_two"]\nat = ";"'
    ),
)
ALL = Catalogue([THIRD, FIRST, SECOND])


def test_renamed_and_split_fields_are_found_under_their_new_names() -> None:
    kept = {"host": "Idris", "guests": "Ilan; Dalia; Tarun", "colour": "red"}
    told = {key: value for key, value in ALL.migrated("visit", "1.0.0", kept).items() if value}
    assert told == {
        "host_name": "Idris",
        "guest_one": "Ilan",
        "guest_two": "Dalia; Tarun",
        "colour": "red",
    }
    later = {"host_name": "Idris", "guests": "Ilan"}
    told = {key: value for key, value in ALL.migrated("visit", "2.0.0", later).items() if value}
    assert told == {"host_name": "Idris", "guest_one": "Ilan"}
    newest = {"host_name": "Idris", "host": "a field that came back from a newer program"}
    assert ALL.migrated("visit", "2.1.0", newest) == newest


def test_what_was_not_known_stays_so_through_a_migration() -> None:
    unknown = {"missing": "unknown"}
    told = ALL.migrated("visit", "1.0.0", {"host": unknown, "guests": unknown})
    assert told["host_name"] == unknown
    assert told["guest_one"] == unknown


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12).filter(
            lambda name: name not in {"host", "guests", "host_name", "guest_one", "guest_two"}
        ),
        st.one_of(st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2)),
        max_size=5,
    ),
    st.sampled_from(["1.0.0", "2.0.0", "2.1.0", "9.9.9"]),
)
def test_fields_that_no_version_knows_survive(unknown: dict[str, Any], number: str) -> None:
    told = ALL.migrated("visit", number, {**unknown, "host": "Idris"})
    assert {name: told[name] for name in unknown} == unknown
    assert ALL.migrated("another_form", number, unknown) == unknown
