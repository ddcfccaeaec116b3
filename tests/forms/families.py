"""Invented families: a draft that is complete, and lists made row by row."""

from __future__ import annotations

from datetime import date
from typing import Any

from forms import prelist
from forms.draft import Draft
from forms.prelist.csvtext import row

TODAY = date(2026, 11, 15)
"""The day on which every test judges."""

CONSENT = dict.fromkeys(
    (
        "registration",
        "document",
        "assistance",
        "tracing",
        "host_state",
        "third_state",
        "statistics",
    ),
    "yes",
)

HEAD = {
    "relation": "head",
    "name": "گل‌آقا رضایی",
    "sex": "M",
    "birth": {"text": "1361-07-12", "calendar": "solar-hijri"},
    "nationality": "AFG",
    "language": "prs",
    "phone": "+999550100011",
    "consent": CONSENT,
}
CHILD = {
    "relation": "child",
    "name": "زهرا رضایی",
    "sex": "F",
    "birth": {"text": "2013-04", "calendar": "gregorian"},
    "nationality": "AFG",
    "language": "prs",
    "consent": CONSENT,
}
HOUSEHOLD = {
    "origin_country": "AFG",
    "origin_place": "Bamyan; Yakawlang",
    "cause": "persecution",
    "arrival": {"text": "2026-04-18", "calendar": "gregorian"},
}


def draft(*members: dict[str, Any], household: dict[str, Any] | None = None) -> Draft:
    """A draft of these members; a complete one of head and child when none are named."""
    made = Draft(household=HOUSEHOLD if household is None else household)
    for values in members or (HEAD, CHILD):
        made = made.with_member(values)
    return made


BASE = {
    "household": "1",
    "relation": "head",
    "name": "Amina Yusuf",
    "sex": "F",
    "birth": "1985-04-02",
    "nationality": "SOM",
    "language": "som",
    "document_type": "none",
    "share_with_origin": "no",
}


def listed(*rows: dict[str, str], columns: tuple[str, ...] = prelist.COLUMNS) -> bytes:
    """A list in CSV: each row is the head of household 1 but for what is named."""
    lines = [row(columns)]
    for values in rows:
        cells = {**BASE, **values}
        lines.append(row(cells.get(name, "") for name in columns))
    return "".join(lines).encode("utf-8", "surrogateescape")


def judged(
    *rows: dict[str, str], columns: tuple[str, ...] = prelist.COLUMNS
) -> list[tuple[str, list[str]]]:
    """The verdict on each row with its codes, each as ``code:column``."""
    return verdicts(listed(*rows, columns=columns))


def verdicts(data: bytes) -> list[tuple[str, list[str]]]:
    """The same for the bytes of a list."""
    found = prelist.judge(prelist.read(data, "camp.csv", on=TODAY))
    return [
        (one.verdict.value, [f"{each.code}:{each.field}" for each in one.problems]) for one in found
    ]
