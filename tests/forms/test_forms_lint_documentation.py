"""The page about events is made from the definitions, and is true."""

from __future__ import annotations

from pathlib import Path

import pytest

import forms
from forms import documentation
from forms.documentation import BEGIN, END, placed, table

PAGE = Path(__file__).parents[2] / "docs" / "events.md"


def test_the_page_about_events_is_true() -> None:
    page = PAGE.read_text("utf-8")
    assert placed(page, table(forms.catalogue())) == page, (
        "make it again: python -m forms.documentation docs/events.md"
    )


def test_it_tells_of_every_event_item_rule_and_document() -> None:
    made = table(forms.catalogue())
    for form in forms.catalogue().events():
        section = made.partition(f"\n## {form.title}\n")[2].partition("\n## ")[0]
        assert f"`{form.id}` {form.version}. {form.summary}" in section
        for field in form.fields():
            assert f"| {field.label} | `{field.name}` |" in section
        for rule in form.rules:
            marked = "error" in section.partition(f"`{rule.code}`")[2].partition(":")[0]
            assert marked is rule.error
            assert rule.say in section
        assert ("No document." in section) is (form.document == "")
        assert form.document.replace("_", " ") in section


def test_a_bar_does_not_end_a_cell() -> None:
    made = table(forms.catalogue())
    for line in made.splitlines():
        if line.startswith("| "):
            assert line.replace("\\|", "").count("|") == 6, line


def test_what_follows_is_told_in_words() -> None:
    made = table(forms.catalogue())
    assert (
        "In the record of “Husband or wife who survives”, “Marital status” becomes “Widowed”."
        in (made)
    )
    assert "The stay of “Who died” in the household ends (died)." in made
    assert "“The child” goes over to the household of “Who adopts”." in made
    assert "becomes the answer to “Marital status of both after it”" in made


def test_it_is_placed_between_its_markers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert placed(f"a\n{BEGIN}\nold\n{END}\nz\n", "new") == f"a\n{BEGIN}\n\nnew\n{END}\nz\n"
    with pytest.raises(ValueError, match="events: begin"):
        placed("no markers", "new")
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}{END}", "utf-8")
    documentation.main([str(page)])
    documentation.main([])
    assert capsys.readouterr().out in page.read_text("utf-8")
