"""The page on code lists says what the lists are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import resources
from forms.codes import code_list

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "codes.md"
NAMES = sorted(
    entry.name.removesuffix(".csv")
    for entry in resources.path("codes").iterdir()
    if entry.name.endswith(".csv") and entry.name != "country_names.csv"
)


def columns(name: str) -> list[str]:
    lines = resources.read_text(f"codes/{name}.csv").splitlines()
    header = next(line for line in lines if not line.startswith("#")).split(",")
    return [one for one in header if one not in ("code", "label", "offered", "in_lists")]


def row(name: str) -> str:
    """The line of the table that is true of this list."""
    codes = code_list(name)
    further = ", ".join(f"`{one}`" for one in columns(name))
    count = f"{len(codes)} ({len(codes.offered())})"
    return f"| `{name}` | {codes.title} | {count} | {codes.version} | {further} | {codes.source} |"


@pytest.mark.parametrize("name", NAMES)
def test_every_list_stands_in_the_table_as_it_is(name: str) -> None:
    assert row(name) in PAGE.read_text("utf-8").splitlines()


def test_the_table_names_no_other_lists() -> None:
    told = re.findall(r"^\| `(\w+)` \|(?:[^|]*\|){5}$", PAGE.read_text("utf-8"), flags=re.M)
    assert told == NAMES


def test_every_column_is_explained() -> None:
    above = PAGE.read_text("utf-8").split("## The lists")[0]
    explained = set(re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| `.*$", above, flags=re.M))))
    assert {one for name in NAMES for one in columns(name)} <= explained
