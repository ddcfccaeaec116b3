"""Reasons that the program gives by itself are told in the reader's language."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from station.undoing import UNDONE
from workspace import telling


def given_by_forms() -> set[str]:
    """Why people leave a household, as the events that ship say it."""
    folder = files("forms").joinpath("definitions", "events")
    found = (tomllib.loads(one.read_text("utf-8")) for one in folder.iterdir())
    reasons = {one.get("effects", {}).get("leave_reason", "") for one in found}
    return reasons - {""}


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("reason", sorted(given_by_forms() | {UNDONE}))
def test_a_reason_of_the_program_is_translated(reason: str, language: str) -> None:
    assert telling.reason_text(reason, language) != reason


def test_a_reason_in_peoples_words_stays_as_it_is() -> None:
    assert telling.reason_text("misheard", "fr") == "misheard"
