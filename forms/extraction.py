"""Source strings that stand in data, for Babel's extraction (``pybabel extract``).

Two extraction methods for a mapping file::

    [extractors]
    definitions = forms.extraction:definitions
    codes = forms.extraction:codes
    [definitions: forms/definitions/**.toml]
    [codes: resources/codes/*.csv]
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

__all__ = ["codes", "definitions"]

Message = tuple[int, None, str, list[str]]

_TEXT_KEYS = ("title", "label", "help", "why", "missing", "say", "summary")
_TEXT_COLUMNS = ("label", "question", "basis")


def definitions(
    file: IO[bytes],
    keywords: Sequence[str],
    comment_tags: Sequence[str],
    options: Mapping[str, str],
) -> Iterator[Message]:
    """Every text of a form definition, with the line on which it stands."""
    text = file.read().decode("utf-8")
    lines = text.splitlines()
    for key, message in _texts(tomllib.loads(text)):
        line = next((n for n, one in enumerate(lines, start=1) if message in one), 1)
        yield line, None, message, [key]


def codes(
    file: IO[bytes],
    keywords: Sequence[str],
    comment_tags: Sequence[str],
    options: Mapping[str, str],
) -> Iterator[Message]:
    """The labels of a code list that are not names of countries and languages known to CLDR, nor
    names that are never offered."""
    lines = file.read().decode("utf-8").splitlines()
    head = sum(line.startswith("#") for line in lines)
    for number, row in enumerate(csv.DictReader(lines[head:]), start=head + 2):
        if row.get("cldr") or (row.get("cldr") == "" and row.get("offered") == "no"):
            continue
        for column in _TEXT_COLUMNS:
            if row.get(column):
                yield number, None, row[column], []


def _texts(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if key in _TEXT_KEYS and isinstance(value, str):
            yield key, value
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, Mapping):
                    yield from _texts(one)
