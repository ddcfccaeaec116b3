"""How commands end when they cannot do what was asked: exit codes, one sentence, no names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli.main import COMMANDS, waystation
from cli.running import run
from tests import places
from tests.cli.conftest import Command
from tests.places import Site


def test_every_command_explains_itself(command: Command) -> None:
    for name in COMMANDS:
        assert command(name, "--help").code == 0, name
    assert command("--version").code == 0


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command that does something."""
    found = []
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                found += leaves(command, (*path, name))
            else:
                found.append((*path, name))
    return found


def test_every_command_takes_json(command: Command) -> None:
    for words in leaves(waystation):
        assert "--json" in command(*words, "--help").out, words


@pytest.mark.parametrize(
    "words",
    [
        ("nothing",),
        ("intake",),
        ("review", "DIR"),
        ("print", "DIR"),
        ("print", "DIR", "--all", "--person", "x", "--out", "f"),
        ("bundle",),
        ("bundle", "export", "DIR"),
        ("user", "add", "DIR", "--name", "x", "--role", "king"),
        ("user", "add", "DIR", "--name", "x"),
        ("intake", "DIR", "list.csv", "--on", "yesterday"),
        ("intake", "DIR", "list.csv", "--on", "2026-02-30"),
        ("verify", "--trust", "f"),
        ("search", "DIR", "x", "--limit", "0"),
        ("registry", "serve", "DIR", "--port", "many"),
        ("check", "DIR", "--frob"),
    ],
)
def test_wrong_usage_exits_2(command: Command, site: Site, words: tuple[str, ...]) -> None:
    ran = command(*words)
    assert (ran.code, ran.out) == (2, ""), ran
    assert ran.err
    with_json = command(*words, "--json")
    assert with_json.code == 2
    assert list(with_json.json) == ["error"]


def test_a_wrong_passphrase(command: Command, site: Site) -> None:
    for wrong in ("wrong words", "", "seven easy words, invented ", "x" * 100_000):
        ran = command("check", site.station, "--json", env={"WAYSTATION_PASSPHRASE": wrong})
        assert (ran.code, ran.json["error"]["code"]) == (1, "wrong_passphrase")
        assert ran.err == ran.json["error"]["message"] + "\n"
    assert command("check", site.station).code == 0


def test_a_passphrase_is_one_however_it_is_composed(site: Site, command: Command) -> None:
    """An accent may be typed as one character or as two; keyboards differ."""
    composed, decomposed = "caf\u00e9 au lait, matin", "cafe\u0301 au\u00a0lait, matin"
    command.asked(
        "user", "add", site.station, "--name", "x", "--role", "officer",
        env={"WAYSTATION_NEW_PASSPHRASE": decomposed},
    )  # fmt: skip
    for words in (composed, decomposed):
        typed = {"WAYSTATION_PASSPHRASE": words}
        assert command("search", site.station, "a", "--as", "x", env=typed).code == 0


def test_a_passphrase_that_is_no_text(site: Site, command: Command) -> None:
    ran = command("check", site.station, env={"WAYSTATION_PASSPHRASE": "\udcff\udcfe"})
    assert ran.code == 1 and "UTF-8" in ran.sentence


def test_no_passphrase_and_no_terminal(site: Site, command: Command) -> None:
    ran = command("check", site.station, env={"WAYSTATION_PASSPHRASE": None})
    assert ran.code == 1
    assert "WAYSTATION_PASSPHRASE" in ran.sentence


def test_an_unknown_user(site: Site, command: Command) -> None:
    ran = command("check", site.station, "--as", "nobody", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "unknown_user")
    assert "nobody" not in ran.err


@pytest.mark.parametrize("words", [("check",), ("rebuild",), ("user", "list"), ("audit",)])
def test_a_folder_that_is_no_workspace(
    command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    for extra in ((), ("--as", "officer")):
        for folder in (tmp_path, tmp_path / "none"):
            ran = command(*words, folder, *extra, "--json")
            assert (ran.code, ran.json["error"]["code"]) == (1, "no_workspace")


def test_a_file_where_a_folder_is_wanted(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert command("check", tmp_path / "file").code == 2


def test_the_wrong_kind_of_office(site: Site, command: Command) -> None:
    ran = command("intake", site.registry, site.write_list(places.families(1)), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "wrong_office")
    ran = command("registry", "import", site.station, site.folder, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "wrong_office")


def test_a_station_without_a_grant_says_what_is_missing(
    site: Site, command: Command, tmp_path: Path
) -> None:
    """MOSIP 1021: a machine that is not registered is told something else."""
    new = tmp_path / "new"
    command.asked("station", "request", new, "--name", "Site C", "--out", tmp_path / "request")
    for words in (
        ("user", "add", new, "--name", "x", "--role", "officer"),
        ("trust", "export", new, "--out", tmp_path / "t"),
        ("verifier", new, "--out", tmp_path / "v"),
        ("station", "receive", new, tmp_path / "notice"),
    ):
        ran = command(*words, "--json")
        assert (ran.code, ran.json["error"]["code"]) == (1, "not_enrolled"), words
    assert command.asked("check", new)["problems"] == []
    assert command.asked("search", new, "x")["results"] == []


def test_what_is_not_built_yet_says_so(command: Command) -> None:
    ran = command("match", "list.csv", "--out", "pairs.csv", "--json")
    assert ran.code == 1
    assert ran.json["error"]["code"] == "not_in_this_version"
    assert "search" in ran.sentence


def test_one_program_writes_and_others_read(busy_site: Site, busy_command: Command) -> None:
    approve = ("review", busy_site.station, "--approve-all", "--as", "supervisor")
    with busy_site.at_station("officer"):
        ran = busy_command(*approve, "--json")
        assert (ran.code, ran.json["error"]["code"]) == (1, "busy")
        assert "Another program" in ran.sentence
        assert len(busy_command.asked("search", busy_site.station, "orlok")["results"]) == 6
        assert busy_command.asked("check", busy_site.station)["problems"] == []
        out = busy_site.folder / "b.wsb"
        assert busy_command.asked("backup", busy_site.station, "--out", out)["entries"] > 20
    assert busy_command(*approve).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("backup", "STATION", "--out", "BAD/b.wsb"),
        ("trust", "export", "STATION", "--out", "BAD/t"),
        ("verifier", "STATION", "--out", "BAD/v.html"),
        ("print", "STATION", "--all", "--out", "BAD/p.pdf", "--as", "officer"),
        ("bundle", "export", "STATION", "--out", "BAD", "--as", "supervisor"),
        ("registry", "import", "REGISTRY", "BAD", "--notice", "BAD", "--as", "clerk"),
        ("registry", "enrol", "REGISTRY", "--request", "BAD/r", "--out", "g"),
        ("station", "enrol", "STATION", "--grant", "BAD/g"),
        ("station", "receive", "STATION", "BAD/n"),
        ("station", "request", "BAD/new", "--name", "x", "--out", "r"),
        ("registry", "create", "BAD/new"),
        ("restore", "BAD/b.wsb", "new"),
        ("recover", "STATION", "--key", "BAD/k"),
        ("intake", "STATION", "BAD/list.csv", "--as", "officer"),
        ("verify", "BAD/p.pdf", "--trust", "BAD/t"),
        ("demo", "BAD/demo"),
    ],
)
def test_a_path_through_a_file_is_the_machines_fault_not_ours(
    busy_site: Site, busy_command: Command, tmp_path: Path, words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad").write_text("a file, not a folder")
    named = {"STATION": str(busy_site.station), "REGISTRY": str(busy_site.registry)}
    given = [named.get(word, word.replace("BAD", str(tmp_path / "bad"))) for word in words]
    ran = busy_command(*given, "--json")
    assert ran.code in (1, 2), ran
    assert set(ran.json) == {"error"}
    assert "Traceback" not in ran.err and "Waystation failed" not in ran.err


def test_errors_name_no_person(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    """Canary names in lists and queries do not come back in errors or logs."""
    bad = busy_site.write_list(
        places.listing(
            places.row("H-1", "head", "Zyzzyva Quokka", birth="2031-01-01", document="CAN-777"),
            places.row("H-2", "cousin", "Zyzzyva Numbat", document="CAN-778"),
        ),
        "bad.csv",
    )
    ran = busy_command("intake", busy_site.station, bad, "--as", "officer", "--json")
    assert ran.code == 0 and len(ran.json["rejected"]) == 2
    said = ran.out + ran.err
    for canary in ("Zyzzyva", "Quokka", "Numbat", "CAN-777", "CAN-778"):
        assert canary not in said


def test_a_fault_of_ours_exits_3_without_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    @click.group()
    def group() -> None:
        """A program with a fault."""

    @group.command()
    def broken() -> None:
        name = "Zyzzyva Quokka"
        raise ValueError(f"cannot read {name}")

    assert run(group, ["broken"]) == 3
    seen = capsys.readouterr()
    assert "Quokka" not in seen.out + seen.err
    assert "Waystation failed (ValueError)" in seen.err


def test_the_real_program(tmp_path: Path) -> None:
    """The console script itself, with the cost that slots have for real."""
    program = Path(sys.executable).with_name("waystation")
    env = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "LANG": "C", "LC_ALL": "C",
        "PYTHONIOENCODING": "ascii", "WAYSTATION_PASSPHRASE": "correct horse battery staple",
    }  # fmt: skip

    def waystation_(*words: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(program), *map(str, words)], env=env, capture_output=True, check=False,
            stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip

    request = waystation_(
        "station", "request", tmp_path / "station", "--name", "گل‌آقا", "--admin", "رضایی",
        "--out", tmp_path / "request", "--json",
    )  # fmt: skip
    assert request.returncode == 0, request.stderr
    assert json.loads(request.stdout.decode("utf-8"))["administrator"] == "رضایی"
    listed = waystation_("user", "list", tmp_path / "station", "--json")
    assert listed.returncode == 0, listed.stderr
    slots = json.loads((tmp_path / "station" / "slots.json").read_text())
    assert slots["users"][0]["kdf"]["memory_kib"] >= 64 * 1024
    # Slots made cheaper are refused, whatever the passphrase.
    slots["users"][0]["kdf"]["memory_kib"] = 1024
    (tmp_path / "station" / "slots.json").write_text(json.dumps(slots))
    weak = waystation_("check", tmp_path / "station")
    assert weak.returncode == 1 and b"strength" in weak.stderr
