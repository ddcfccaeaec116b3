"""Fixtures of the documents' tests."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

import resources
from documents.trust import Trust, from_trust_list
from tests.documents import builders

VECTORS = Path(__file__).parent.parent / "vectors"


@dataclass(frozen=True)
class ListedPerson:
    """A row of the bundled pre-registration list."""

    name: str
    name_latin: str
    birth: str
    calendar: str
    place: str
    language: str
    sex: str
    nationality: str


@pytest.fixture(scope="session")
def listed_people() -> list[ListedPerson]:
    """Everyone in the bundled list: 177 invented people in eleven scripts."""
    text = resources.read_text("samples/site-a.csv").removeprefix("\ufeff")
    return [
        ListedPerson(
            name=row["name"],
            name_latin=row["name_latin"],
            birth=row["birth"],
            calendar=row["calendar"] or "gregorian",
            place=row["birth_place"],
            language=row["language"],
            sex=row["sex"],
            nationality=row["nationality"],
        )
        for row in csv.DictReader(text.splitlines())
    ]


@pytest.fixture(scope="session")
def vectors() -> Path:
    return VECTORS


@pytest.fixture(scope="session")
def trust() -> Trust:
    """The invented registry's trust list."""
    return from_trust_list(builders.trust_list())
