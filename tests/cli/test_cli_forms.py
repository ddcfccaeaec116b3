"""`forms check`, `forms load`, `forms list`: an operation's own forms, from a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import own_forms as example
from tests.cli.conftest import Command
from tests.places import Site


@pytest.mark.parametrize("office", ["station", "registry"])
def test_checked_loaded_and_listed(
    site: Site, command: Command, tmp_path: Path, office: str
) -> None:
    workspace = getattr(site, office)
    folder = example.write(tmp_path / "own")
    assert command.asked("forms", "list", workspace) == {"forms": [], "lists": []}
    assert command.asked("forms", "check", folder) == {"problems": []}
    done = command.asked("forms", "load", workspace, folder)
    assert [one["id"] for one in done["loaded"]] == [example.FORM]
    again = command.asked("forms", "load", workspace, folder)
    assert (again["loaded"], again["forms"]) == ([], done["forms"])
    listed = command.asked("forms", "list", workspace, "--as", "auditor")
    assert listed == {"forms": done["forms"], "lists": done["lists"]}
    (form,), (crops,) = listed["forms"], listed["lists"]
    assert (form["version"], form["family"], form["newest"]) == ("1.0.0", "displacement", True)
    assert (crops["id"], crops["title"]) == ("x_crops", "Crops")
    later = command.asked("forms", "load", workspace, example.renewed(tmp_path / "later"))
    assert [(one["version"], one["newest"]) for one in later["forms"]] == [
        ("1.0.0", False),
        ("1.1.0", True),
    ]
    assert example.FORM in command("forms", "list", workspace).out


def test_a_folder_with_a_fault_is_refused_whole(
    site: Site, command: Command, tmp_path: Path
) -> None:
    folder = example.write(tmp_path / "own", ('id = "x_harvest_lost"', 'id = "person"'))
    for words in (("check", folder), ("load", site.station, folder)):
        ran = command("forms", *words, "--json")
        assert ran.code == 1
        (first, *_) = ran.json["problems"]
        assert (first["file"], first["path"]) == ("harvest.toml", "id")
        assert first["message"].startswith("begin it with x_")
    assert command.asked("forms", "list", site.station)["forms"] == []


def test_loading_is_the_administrators(site: Site, command: Command, tmp_path: Path) -> None:
    folder = example.write(tmp_path / "own")
    ran = command("forms", "load", site.station, folder, "--as", "officer", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "not_allowed")
    ran = command("forms", "load", site.station, tmp_path / "none", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "no_folder")
