"""What can be seen to be wrong is refused before anything is made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.places import Site, families, listing, row

WRONG_DAYS = ["0001-01-01", "0034-01-01", "1899-12-31", "2200-01-01", "9999-12-31"]


def taken(command: Command, site: Site, path: Path, *more: object) -> tuple[int, str]:
    """Exit code and code of the refusal."""
    ran = command("intake", site.station, path, "--as", "officer", *more, "--json")
    return ran.code, ran.json.get("error", {}).get("code", "")


@pytest.mark.parametrize("on", WRONG_DAYS)
def test_a_day_on_which_nobody_wrote_lists(site: Site, command: Command, on: str) -> None:
    path = site.write_list(listing(row("1", "head", "Old One", birth="age:34")))
    assert taken(command, site, path, "--on", on) == (1, "list_day")
    assert not list(site.folder.glob("*.rejected.csv"))
    assert taken(command, site, path, "--on", "2026-11-15") == (0, "")


@pytest.mark.parametrize("on", WRONG_DAYS)
def test_a_demonstration_of_that_day_makes_nothing(
    command: Command, tmp_path: Path, on: str
) -> None:
    ran = command("demo", tmp_path / "demo", "--on", on, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "list_day")
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("series", ["z\n" + "q" * 50, "q" * 201, "a\u202eb"])
def test_a_series_that_could_not_be_typed_again(site: Site, command: Command, series: str) -> None:
    path = site.write_list(families(1))
    assert taken(command, site, path, "--on", "2026-11-15", "--series", series) == (1, "series")
    assert taken(command, site, path, "--on", "2026-11-15", "--series", "قائمة") == (0, "")


def test_a_demonstration_inside_a_workspace(busy_site: Site, busy_command: Command) -> None:
    before = sorted(path.name for path in busy_site.station.iterdir())
    ran = busy_command("demo", busy_site.station, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "workspace_there")
    assert sorted(path.name for path in busy_site.station.iterdir()) == before
    # Of a damaged one too.
    (busy_site.station / "office.json").write_text("{")
    assert busy_command("demo", busy_site.station).code == 1
    assert busy_command("check", busy_site.registry).code == 0


def test_a_demonstration_over_another_one(command: Command, tmp_path: Path) -> None:
    """One office is there: the other one is not made beside it."""
    station = tmp_path / "demo" / "station"
    station.mkdir(parents=True)
    (station / "something").write_text("x")
    ran = command("demo", tmp_path / "demo", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "not_empty")
    assert list((tmp_path / "demo").iterdir()) == [station]


def test_a_demonstration_keeps_its_hands_off_other_lists(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(families(1))
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "list.csv"
    other.write_text(families(2))
    ran = command("demo", tmp_path, "--list", other, "--on", "2026-11-15", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "in_the_way")
    # Its own list is not deleted after it.
    done = command("demo", tmp_path, "--list", path, "--on", "2026-11-15", "--json")
    assert done.code == 0, done
    assert json.loads(done.out)["persons"] == 2
    assert path.read_text() == families(1)
