"""The format pages say what the code does: tables are compared, not trusted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger import enrolment, entry, facts, kinds, status, trust
from ledger.certificate import MAX_BYTES, MAX_PATH, OfficeType, Role

PAGES = Path(__file__).parents[2] / "docs" / "formats"
OWN = ("entry", "certificate", "trust-list", "enrolment", "fold")


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def rows(text: str, columns: int) -> list[list[str]]:
    found = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    return [row for row in found if len(row) == columns]


KINDS = {row[0].strip("`"): row for row in rows(page("entry"), 5) if "." in row[0]}


def test_every_kind_is_on_the_page() -> None:
    assert set(KINDS) == set(kinds.RULES)


@pytest.mark.parametrize("kind", kinds.RULES)
def test_the_page_says_who_may_write_it_and_what_it_holds(kind: str) -> None:
    _, subjects, office, roles, body = KINDS[kind]
    rule = kinds.RULES[kind]
    assert set(subjects.split(", ")) == rule.subjects
    offices = set(OfficeType) if office == "both" else {OfficeType(office)}
    assert offices == rule.offices
    named = {
        "any": set(Role),
        "any but auditor": set(Role) - {Role.AUDITOR},
    }.get(roles) or {Role(role) for role in roles.split(", ")}
    assert named == rule.roles
    assert set(rule.body) <= set(re.findall(r"`(\w+)`", body))


def test_limits_are_the_ones_on_the_pages() -> None:
    limits = {
        "entry": [entry.MAX_HEADER_BYTES, entry.MAX_BASE, entry.MAX_BLOBS, entry.MAX_GROUP],
        "certificate": [MAX_BYTES, MAX_PATH],
        "trust-list": [trust.MAX_KEYS, trust.MAX_REVOKED, status.SIZE],
    }
    for name, numbers in limits.items():
        for number in numbers:
            assert f"{number:,}" in page(name)
    assert entry.MAX_BODY_BYTES == 4 * 2**20
    assert enrolment.MAX_REQUEST_BYTES == 16 * 2**10
    assert enrolment.MAX_SETTINGS_BYTES == 256 * 2**10


def test_the_fields_of_the_ledger_are_on_the_page() -> None:
    for name in (facts.NUMBER, facts.PERMANENT, facts.MEMBER, *facts.QUIET):
        assert f"`{name}" in page("fold")


@pytest.mark.parametrize("name", OWN)
def test_links_lead_somewhere(name: str) -> None:
    for target, anchor in re.findall(r"\]\((\w[\w-]*\.md)?(#[\w-]+)?\)", page(name)):
        text = page(target.removesuffix(".md")) if target else page(name)
        headings = {
            "#" + re.sub(r"[^\w -]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
            for line in text.splitlines()
            if line.startswith("#")
        }
        assert not anchor or anchor in headings
