"""Form definitions: read strictly, and named by their content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import forms
from forms.codes import code_list
from forms.context import sample
from forms.definition import Kind
from forms.errors import DefinitionError
from forms.library import Catalogue
from forms.loading import parse

VECTORS = Path(__file__).parents[1] / "vectors" / "forms"

GOOD = """
id = "visit"
version = "1.2.0"
title = "Visit"

[[conflict_sets]]
name = "when"
identity = true
fields = ["date"]

[[pages]]
id = "visit"
title = "Visit"

[[pages.fields]]
name = "date"
kind = "date"
label = "When"
why = "To order visits."
required = true
missing = "Enter the day."

[[pages.fields]]
name = "cause"
kind = "code"
label = "Cause"
why = "To know."
code_list = "causes"

[[pages.fields]]
name = "hazard"
kind = "code"
label = "Hazard"
why = "To count."
code_list = "hazards"
shown_when = "cause == 'disaster'"
"""


def test_a_definition_is_read() -> None:
    form = parse(GOOD, file="visit.toml")
    assert [field.name for field in form.fields()] == ["date", "cause", "hazard"]
    assert form.field("date").kind is Kind.DATE
    assert form.page_of("hazard").id == "visit"
    assert form.conflict_sets() == {
        "when": (frozenset({"date"}), True),
        "cause": (frozenset({"cause"}), False),
        "hazard": (frozenset({"hazard"}), False),
    }
    condition = form.field("hazard").shown_when
    assert condition is not None
    assert condition.names == {"cause"}
    assert condition.holds({**sample(form.fields()), "cause": "disaster"})
    assert not condition.holds(sample(form.fields()))
    assert form.reference == ("visit", "1.2.0", form.hash)


def test_the_hash_is_of_the_content_not_of_the_file() -> None:
    form = parse(GOOD, file="visit.toml")
    assert parse("# a remark\n" + GOOD, file="other.toml").hash == form.hash
    assert parse(GOOD.replace("When", "Which day"), file="visit.toml").hash != form.hash


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('id = "visit"\nversion', 'id = "Visit!"\nversion', "id"),
        ('version = "1.2.0"', 'version = "1.2"', "version"),
        ('version = "1.2.0"', 'version = "01.2.0"', "version"),
        ('title = "Visit"\n\n[[conflict', "\n[[conflict", "title"),
        ('title = "Visit"\n\n[[conflict', 'titel = "Visit"\n\n[[conflict', "title"),
        ("[[conflict_sets]]", 'colour = "red"\n[[conflict_sets]]', "colour"),
        ('kind = "date"', 'kind = "dat"', "pages[0].fields[0].kind"),
        ('kind = "date"', "kind = 3", "pages[0].fields[0].kind"),
        ("required = true", 'required = "yes"', "pages[0].fields[0].required"),
        ('missing = "Enter the day."', "", "pages[0].fields[0].missing"),
        ("required = true", "required = true\nwarn_if_empty = true", "warn_if_empty"),
        ('why = "To order visits."', "", "pages[0].fields[0].why"),
        ('why = "To order visits."', 'why = ""', "pages[0].fields[0].why"),
        ('label = "When"', 'label = "When"\nmax_length = 3', "pages[0].fields[0].max_length"),
        ('label = "When"', 'label = "When"\nmax_length = -3', "pages[0].fields[0].max_length"),
        ('label = "When"', 'label = "When"\nlenght = 3', "pages[0].fields[0].lenght"),
        ('code_list = "causes"', "", "pages[0].fields[1].code_list"),
        ('code_list = "causes"', 'code_list = "reasons"', "pages[0].fields[1].code_list"),
        (
            'code_list = "causes"',
            'code_list = "causes"\ndefault = "war"',
            "pages[0].fields[1].default",
        ),
        (
            "cause == 'disaster'",
            "course == 'disaster'",
            "fields[2].shown_when: mend the condition at 1:1: undeclared reference to 'course'",
        ),
        ("cause == 'disaster'", "cause == 'war'", "shown_when: 'war' is no code of cause"),
        ("cause == 'disaster'", "cause in ['war']", "hazard.shown_when: 'war' is no code of cause"),
        ("cause == 'disaster'", "cause ==", "pages[0].fields[2].shown_when: mend the condition"),
        ("cause == 'disaster'", "cause > 3", "fields[2].shown_when: mend the condition at 1:7"),
        ("cause == 'disaster'", "cause", "write a condition, which is true or false"),
        ("cause == 'disaster'", "date.year > 3", "hazard.shown_when: mend the condition"),
        ("cause == 'disaster'", "hazard == 'flood'", "go round: hazard -> hazard"),
        ('name = "hazard"', 'name = "date"', "date"),
        ('fields = ["date"]', 'fields = ["day"]', "conflict_sets[0].fields"),
        ('fields = ["date"]', 'fields = ["date", "date"]', "conflict_sets[0].fields"),
        ('name = "when"', 'name = "cause"', "cause"),
        ("[[pages]]", "[pages]", "pages"),
        ("[[pages]]", "[[page]]", "pages"),
        ('id = "visit"\nversion', 'id = "visit\nversion', "file"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    assert old in GOOD
    with pytest.raises(DefinitionError) as caught:
        parse(GOOD.replace(old, new, 1), file="visit.toml")
    assert caught.value.file == "visit.toml"
    assert place in str(caught.value)
    assert str(caught.value).startswith("visit.toml: ")


def test_the_shipped_forms_are_those_of_the_vectors() -> None:
    """A form whose content changes must get a new version: entries name the old one by hash."""
    golden = json.loads((VECTORS / "forms.json").read_text(encoding="utf-8"))
    every = forms.catalogue().every()
    assert {f"{form.id}@{form.version}": form.hash.hex() for form in every} == golden


def test_the_interview_has_the_pages_of_the_screens() -> None:
    pages = forms.catalogue().pages(head=True)
    assert [page.title for page in pages] == [
        "Who",
        "Birth",
        "Origin and journey",
        "Family",
        "Documents",
        "Situation",
        "Needs and consent",
        "Sharing with the country of origin",
        "Photo",
    ]
    journey = pages[2]
    assert {asked.form for asked in journey.fields} == {"household", "person"}
    member = forms.catalogue().pages(head=False)
    assert [page.id for page in member] == [page.id for page in pages]
    assert {asked.form for page in member for asked in page.fields} == {"membership", "person"}
    names = [asked.field.name for page in pages for asked in page.fields]
    assert not {"needs_sealed", "death", "presence"} & set(names)


def test_identity_is_where_two_unaware_amendments_must_meet() -> None:
    sets = forms.catalogue().conflict_sets()
    identity = {
        (form, name)
        for form, found in sets.items()
        if not forms.catalogue().form(form).event
        for name, (_, is_one) in found.items()
        if is_one
    }
    assert identity == {
        ("person", "name"),
        ("person", "sex"),
        ("person", "birth"),
        ("person", "parents"),
        ("person", "death"),
        ("membership", "relation"),
    }
    assert sets["person"]["needs"] == (frozenset({"needs", "needs_sealed"}), False)


def test_the_newest_version_is_asked_and_the_older_is_kept() -> None:
    old = parse(GOOD, file="visit.toml")
    new = parse(GOOD.replace("1.2.0", "1.10.0").replace("When", "Day"), file="visit.toml")
    found = Catalogue([new, old])
    assert found.form("visit") is new
    assert found.form("visit", "1.2.0") is old
    assert found.all() == (new,)
    with pytest.raises(DefinitionError, match="stands twice"):
        Catalogue([old, old])
    with pytest.raises(KeyError):
        found.form("visit", "9.0.0")


def test_every_question_says_why_it_is_asked() -> None:
    for form in forms.catalogue().all():
        for field in form.fields():
            assert field.why.endswith(".")
            assert not field.missing or field.missing.endswith(".")


def test_events_have_forms() -> None:
    assert {form.id for form in forms.catalogue().events()} == {
        code.code for code in code_list("event_types")
    }
