"""Tables for other programs: what is in them, what is not, and that somebody answers for it."""

from __future__ import annotations

import csv
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from registry import tables
from registry.tables import TABLES, Wanted
from tests.places import Site, families, listing, row
from tests.registry.conftest import moved_to_postgres
from values.text import unguarded
from workspace import auditing, tabular
from workspace.errors import NotAllowedError, RefusedError
from workspace.tabular import Column, Form, Table

WHY = "Monthly count for the camp's coordination"
SAID = listing(
    row("H-1", "head", "=Banin Orlok", sex="M"),
    row("H-1", "spouse", "Ténah Orlok", sex="F"),
)


@pytest.fixture(params=["sqlcipher", "postgresql"])
def told(request: pytest.FixtureRequest, site: Site, tmp_path: Path) -> Site:
    site.take_in(families(3))
    site.approve()
    site.admit(site.send(), notice=False)
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("new_database")
        moved_to_postgres(site, new_database(), tmp_path / "spare")
    return site


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[unguarded(cell) for cell in line] for line in csv.reader(file)]


def test_every_table_in_every_form(told: Site, tmp_path: Path) -> None:
    with told.at_registry() as session:
        plain = tables.export(session, tmp_path / "csv", Wanted(), reason=WHY)
        tables.export(session, tmp_path / "hxl", Wanted(form=Form.HXL), reason=WHY)
        tables.export(session, tmp_path / "xlsx", Wanted(form=Form.XLSX), reason=WHY)
    assert {one.table: one.rows for one in plain} == {
        "persons": 6, "households": 3, "events": 6, "documents": 0, "stations": 1, "queues": 8,
    }  # fmt: skip
    book = load_workbook(tmp_path / "xlsx" / tabular.WORKBOOK, read_only=True)
    assert book.sheetnames == list(TABLES)
    for name in TABLES:
        lines = read(tmp_path / "csv" / f"{name}.csv")
        tagged = read(tmp_path / "hxl" / f"{name}.hxl.csv")
        assert tagged[0] == lines[0] and tagged[2:] == lines[1:]
        assert all(tag.startswith("#") and "  " not in tag for tag in tagged[1])
        assert len(set(tagged[1])) == len(tagged[1]), "every column can be told by its hashtag"
        sheet = [["" if one is None else str(one) for one in line] for line in book[name].values]
        sheet = [line + [""] * (len(sheet[0]) - len(line)) for line in sheet]
        assert sheet[0] == lines[0]
        if len(lines) > 1:
            assert sheet[2:] == lines[1:]
    people = read(tmp_path / "csv" / "persons.csv")
    assert len({line[0] for line in people[1:]}) == 6
    assert not any("Orlok" in str(path) for path in tmp_path.rglob("*"))
    for path in (*(tmp_path / "csv").iterdir(), *(tmp_path / "xlsx").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for name in ("csv", "hxl", "xlsx"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700


def test_the_reason_stands_in_the_audit_before_the_first_row(site: Site, tmp_path: Path) -> None:
    with site.at_registry() as session:
        tables.export(session, tmp_path / "a", Wanted(("persons",)), reason=WHY)
        with pytest.raises(RefusedError):
            tables.export(session, tmp_path / "b", Wanted(), reason="  ")
        with pytest.raises(RefusedError):
            tables.export(session, tmp_path / "c", Wanted(), reason=WHY, cancelled=lambda: True)
        assert not list(tmp_path.glob("b*")) and not list(tmp_path.glob(".c*"))
        assert not (tmp_path / "c").exists()
        with pytest.raises(RefusedError):
            tables.export(session, tmp_path / "a", Wanted(), reason=WHY)
    with site.at_registry("administrator") as session:
        acts = [one for one in auditing.read(session) if one.act == tables.ACT]
    assert [one.detail for one in acts][-1] == f"csv, persons: {WHY}"
    assert len(acts) == 2 and {one.user for one in acts} == {"registrar"}


def test_who_may_not_gets_nothing(site: Site, tmp_path: Path) -> None:
    with site.at_registry("administrator") as session, pytest.raises(NotAllowedError):
        tables.export(session, tmp_path / "s", Wanted(sensitive=True), reason=WHY)
    with site.at_registry("service") as session, pytest.raises(NotAllowedError):
        tables.export(session, tmp_path / "s", Wanted(), reason=WHY)
    assert not (tmp_path / "s").exists()


def test_what_is_sensitive_is_asked_for_in_so_many_words(site: Site, tmp_path: Path) -> None:
    with site.at_registry() as session:
        tables.export(session, tmp_path / "plain", Wanted(("persons",)), reason=WHY)
        tables.export(session, tmp_path / "all", Wanted(("persons",), sensitive=True), reason=WHY)
    plain = read(tmp_path / "plain" / "persons.csv")[0]
    everything = read(tmp_path / "all" / "persons.csv")[0]
    assert set(everything) - set(plain) == {*tables.SENSITIVE, "needs_sealed"}


def test_who_said_no_is_provably_absent(told: Site, tmp_path: Path) -> None:
    with told.at_registry() as session:
        with session.store.read() as reader:
            yes = {
                one.number
                for one in reader.persons()
                if one.values.get("consent", {}).get("assistance") == "yes"
            }
        wanted = Wanted(purpose="assistance")
        made = tables.export(session, tmp_path / "out", wanted, reason=WHY)
        assert {one.table for one in made} == {"persons", "stations", "queues"}
        with pytest.raises(RefusedError):
            only = Wanted(("events",), purpose="assistance")
            tables.export(session, tmp_path / "no", only, reason=WHY)
    lines = read(tmp_path / "out" / "persons.csv")
    assert {line[0] for line in lines[1:]} == yes
    shared = {name for name in lines[0] if name.startswith("consent_")}
    assert shared == {"consent_assistance"}


HOSTILE = [
    "=cmd|' /C calc'!A0", "@SUM(1)", "+999550100011", "-1", "'=already", "\t=1", " =1", "＝1",
    "plain", "'quoted'", "", "مرحبا", "a,b;\"c\"\nd",
]  # fmt: skip


@pytest.mark.parametrize("form", list(Form))
def test_nothing_runs_and_everything_comes_back(tmp_path: Path, form: Form) -> None:
    table = Table("t", (Column("a", "#meta +a"),), lambda: ([one] for one in HOSTILE))
    tabular.write(tmp_path / "o", [table], form)
    if form is Form.XLSX:
        sheet = load_workbook(tmp_path / "o" / tabular.WORKBOOK)["t"]
        cells = [sheet.cell(place + 3, 1) for place in range(len(HOSTILE))]
        assert [cell.value or "" for cell in cells] == HOSTILE
        assert all(cell.data_type != "f" for cell in cells), "text, and no formula"
        return
    (path,) = (tmp_path / "o").iterdir()
    head = 2 if form is Form.HXL else 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        raw = [line[0] if line else "" for line in csv.reader(file)][head:]
    assert [unguarded(cell) for cell in raw] == HOSTILE
    assert not any(cell.strip(" ")[:1] in set("=+-@\t＝") for cell in raw if cell)


def test_a_sheet_that_is_full_goes_on_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "SHEET_ROWS", 5)
    table = Table("t", (Column("a", "#meta +a"),), lambda: ([one] for one in range(7)))
    (made,) = tabular.write(tmp_path / "o", [table], Form.XLSX)
    book = load_workbook(made.file)
    assert book.sheetnames == ["t", "t 2", "t 3"]
    values = [line[0] for name in book.sheetnames for line in list(book[name].values)[2:]]
    assert values == list(range(7))
    assert [path.name for path in (tmp_path / "o").iterdir()] == [tabular.WORKBOOK]
