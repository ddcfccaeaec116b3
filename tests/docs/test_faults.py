"""The page of faults that others met: each has a test that exists and names it, and nothing else
does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "faults.md"
LETTERS = "abcdefghij"
"""Of the faults in MOSIP's code."""
REPORTS = re.findall(
    r"\d+",
    """
    3941 7049 9922 10988 12292 9866 13326 5313 9946 12878 10604 11991 11058 9238 3623 11682 10480
    4569 7463 8789 11073 13703 3947 4320 10792 12737
    """,
)
"""Of OpenCRVS, which this project set out to answer."""
PAINS = re.findall(
    r"\d+", "971 747 928 974 1011 948 945 1104 864 890 732 966 942 933 903 1021 660 26697"
)
"""Of MOSIP, likewise."""
SYSTEM = re.compile(r"\b(?:OpenCRVS|MOSIP)\b|\bSync [1-6] \([a-z]\)")


def rows() -> Iterator[tuple[str, list[str]]]:
    """The name of each fault, and its tests."""
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "Name":
            assert len(cells) == 4, line
            assert all(cells), line
            yield cells[0], re.findall(r"`([^`]+)`", cells[3])


ROWS = list(rows())


@cache
def docstrings() -> dict[str, str]:
    """What each test says of itself, on one line, by the name that the page gives it."""
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name = f"{path.relative_to(TESTS).as_posix()}::{node.name}"
                found[name] = " ".join((ast.get_docstring(node) or "").split())
    return found


@pytest.mark.parametrize(("fault", "tests"), ROWS, ids=[name for name, _ in ROWS])
def test_every_fault_has_tests_that_name_it(fault: str, tests: list[str]) -> None:
    assert tests
    for test in tests:
        assert test in docstrings(), "there is no such test"
        assert re.search(rf"(?<!\w){re.escape(fault)}(?!\w)", docstrings()[test]), test


def test_what_a_test_names_stands_on_the_page() -> None:
    listed = {test for _, tests in ROWS for test in tests}
    naming = {test for test, words in docstrings().items() if SYSTEM.search(words)}
    assert naming - listed == set()


def test_no_fault_is_left_out_or_told_twice() -> None:
    names = [name for name, _ in ROWS]
    assert len(names) == len(set(names))
    told = {
        (name.split()[0], word) for name in names for word in re.findall(r"\d+|\([a-z]\)", name)
    }
    assert {("MOSIP", f"({letter})") for letter in LETTERS} <= told
    assert {("OpenCRVS", number) for number in REPORTS} <= told
    assert {("MOSIP", number) for number in PAINS} <= told
    for group in "123456":
        letters = [name[-2] for name in names if name.startswith(f"Sync {group} ")]
        assert letters == [chr(ord("a") + place) for place in range(len(letters))]
        assert letters
