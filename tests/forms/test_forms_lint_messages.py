"""What the check of a folder says to somebody who writes a first form."""

from __future__ import annotations

from pathlib import Path

from forms.lint import problems

FORM = """
id = "own_form"
version = "{version}"
title = "Own form"

[[pages]]
id = "first"
title = "First"

[[pages.fields]]
name = "one"
kind = "text"
label = "One"
why = "Because."
{length}

[[pages.fields]]
name = "two"
kind = "number"
label = "Two"
why = "Because."
max_length = 5
"""


def said(folder: Path, *, version: str = "1.0.0", length: str = "") -> list[str]:
    (folder / "own.toml").write_text(FORM.format(version=version, length=length), "utf-8")
    return [str(one) for one in problems(folder)]


def test_all_fields_that_are_wrong_are_named_in_one_run(tmp_path: Path) -> None:
    one, two = said(tmp_path)
    assert "pages[0].fields[0].max_length: add it" in one and "(in first, one)" in one
    assert "pages[0].fields[1].max_length: take it out" in two and "(in first, two)" in two


def test_a_version_is_asked_for_in_words(tmp_path: Path) -> None:
    (one,) = said(tmp_path, version="1.0")
    assert "version: write three numbers, such as 1.0.0, not '1.0'" in one


def test_an_empty_folder_has_no_form_that_can_be_used(tmp_path: Path) -> None:
    (one,) = problems(tmp_path)
    assert "no form" in one.remedy
