"""Overview, tables and the audit on a command line; a registry in the middle of its work."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.places import Site, families
from workspace import auditing

WHY = "Monthly count"


@pytest.fixture
def command(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    site.take_in(families(2))
    site.approve()
    site.admit(site.send(), notice=False)
    return Command(site.env, monkeypatch, capsys)


def test_figures_tables_and_who_took_them(command: Command, site: Site, tmp_path: Path) -> None:
    told = command.asked("registry", "overview", site.registry, "--as", "registrar")
    assert sum(one["families"] for one in told["days"]) == 2
    assert {one["queue"]: one["waiting"] for one in told["queues"]}["new"] == 2
    assert told["missing"] == []

    words = ("registry", "export-tables", site.registry, "--as", "registrar")
    made = command.asked(
        *words, "--out", tmp_path / "out", "--format", "hxl", "--table", "persons", "--reason", WHY
    )
    assert made["tables"] == {"persons": 4}
    (file,) = made["files"]
    with Path(file).open(encoding="utf-8-sig", newline="") as found:
        assert len(list(csv.reader(found))) == 2 + 4
    again = command(*words, "--out", tmp_path / "out", "--reason", WHY, "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "exists")
    assert command(*words, "--out", tmp_path / "b").code == 2, "a reason is asked for"
    refused = command(
        "registry", "export-tables", site.registry, "--out", tmp_path / "c", "--reason", WHY,
        "--sensitive", "--json",
    )  # fmt: skip
    assert refused.code == 1 and not (tmp_path / "c").exists(), "an administrator opens no vault"

    rows = command.asked("audit", site.registry, "--act", "tables.exported")["rows"]
    assert [(one["user"], one["detail"]) for one in rows] == [("registrar", f"hxl, persons: {WHY}")]


def test_whoever_founded_the_registry_has_a_name_in_the_audit(
    command: Command, site: Site, tmp_path: Path
) -> None:
    """Their certificate came with the office, and is not among those of other users."""
    tables = ("registry", "export-tables", site.registry, "--out", tmp_path / "tables")
    command.asked(*tables, "--reason", WHY, "--as", "administrator")
    for chosen in ((), ("--user", "administrator")):
        rows = command.asked("audit", site.registry, *chosen)["rows"]
        assert [(one["user"], one["act"]) for one in rows] == [("administrator", "tables.exported")]
    signed = command.asked("audit", site.registry, "--signed", "--user", "administrator")["rows"]
    assert {one["user"] for one in signed} == {"administrator"} and len(signed) > 1
    with site.at_registry("administrator") as session:
        assert "administrator" in auditing.choices(session).users


def test_the_audit_says_numbers_and_codes_where_there_are_some(
    command: Command, site: Site
) -> None:
    """Nobody knows an id by heart; papers and stations have numbers and codes."""
    rows = command.asked("audit", site.registry, "--signed")["rows"]
    called: dict[str, set[str]] = {}
    for one in rows:
        called.setdefault(one["subject"].partition(" ")[0], set()).add(one["number"])
    assert called["station"] == {"A01"}
    for kind in ("person", "household", "registration"):
        assert called[kind] and all(called[kind]), kind


def test_the_audit_is_narrowed_and_exported(command: Command, site: Site, tmp_path: Path) -> None:
    signed = command.asked("audit", site.registry, "--station", "A01")["rows"]
    assert signed and {one["station"] for one in signed} == {"A01"}
    mine = command.asked("audit", site.registry, "--signed", "--user", "officer")["rows"]
    assert mine and {one["user"] for one in mine} == {"officer"}
    assert command.asked("audit", site.registry, "--signed", "--until", "2000-01-01")["rows"] == []
    file = tmp_path / "audit.csv"
    out = ("audit", site.registry, "--signed", "--out", file)
    assert command(*out, "--json").code == 1, "no reason was given"
    count = command.asked(*out, "--reason", WHY)["rows"]
    whole = file.read_bytes()
    again = command(*out, "--reason", WHY, "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "exists"), "nothing is written over"
    assert file.read_bytes() == whole
    nothing = command("audit", site.registry, "--user", "nobody")
    assert nothing.code == 0 and "holds nothing of the kind" in nothing.out
    with file.open(encoding="utf-8-sig", newline="") as found:
        lines = list(csv.reader(found))
    assert len(lines) == 1 + count
    assert lines[1][3] == "audit.exported" and lines[1][6] == f"csv: {WHY}"
    assert "Orlok" not in file.read_text("utf-8-sig")
