"""The specimen book: what it must show, and that its answers are answers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from documents.page_data import PageData
from documents.templates.library import shipped
from forms.codes import code_list
from values.calendars import Calendar
from values.numbers import parse_any

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture(scope="module")
def pages() -> dict[str, PageData]:
    """By name; drawing them takes a minute, making them does not."""
    sys.path.insert(0, str(PACKAGING))
    try:
        from specimen_pages import specimens

        return {one.name: one.page for one in specimens()}
    finally:
        sys.path.remove(str(PACKAGING))


def test_every_document_is_there_in_every_language_that_has_words(
    pages: dict[str, PageData],
) -> None:
    for language in ("en", "ar", "fr", "my", "am", "ps", "ur", "fa-AF"):
        for template in shipped().templates.values():
            if template.coded:
                assert f"{template.id}-{template.papers[0]}-{language}" in pages
    for language in ("bn", "km", "th"):
        assert {f"registration-{paper}-{language}" for paper in ("a4", "card")} <= set(pages)


def test_copies_replacements_and_all_calendars_are_there(pages: dict[str, PageData]) -> None:
    shown = list(pages.values())
    calendars = {one.subject.birth.calendar for one in shown if one.subject.birth}
    assert calendars == set(Calendar)
    assert any(one.copy > 1 for one in shown) and any(one.replaces for one in shown)
    assert any(one.training for one in shown)
    assert any(len(one.subject.name) > 50 for one in shown)


def test_answers_are_said_as_the_office_says_them(pages: dict[str, PageData]) -> None:
    told = {one.value for page in pages.values() for one in page.answers}
    assert not any("cannot be read" in value for value in told)
    assert any("Ethiopian" in value or "የኢትዮጵያ" in value for value in told)
    assert "about 28 October 2026" in told and "September 2026" in told
    codes = {one.code for name in ("marriage_form", "adoption_type") for one in code_list(name)}
    assert not told & codes, "a code instead of its words"
    for page in pages.values():
        for said in (page.number, page.subject.number, page.replaces, page.permanent_number):
            assert not said or str(parse_any(said)) == said
