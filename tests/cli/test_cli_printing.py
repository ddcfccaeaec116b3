"""`waystation print`: a place is proved first, and what is issued by then is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from station import printing
from tests.cli.conftest import Command
from tests.faults.test_disk_full import fill, small_disk
from tests.places import Site
from workspace import files

ROOT = os.geteuid() == 0


def documents(site: Site) -> int:
    """How many documents are issued."""
    with site.at_station("officer") as session, session.store.read() as reader:
        return reader.counts().documents


def printed(command: Command, site: Site, out: object) -> tuple[int, str]:
    """Exit code and code of the refusal."""
    ran = command("print", site.station, "--all", "--out", out, "--as", "officer", "--json")
    return ran.code, ran.json.get("error", {}).get("code", "")


@pytest.mark.parametrize("out", ["/dev/null/x.pdf", "/proc/nowhere/x.pdf", "/dev/full"])
def test_a_place_that_is_none_issues_nothing(
    busy_site: Site, busy_command: Command, out: str
) -> None:
    assert printed(busy_command, busy_site, out) == (1, "file")
    assert documents(busy_site) == 0


@pytest.mark.skipif(not ROOT, reason="mounting a small disk needs root")
def test_a_full_disk_issues_nothing(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick", "64k") as stick:
        fill(stick, 8 * 1024)
        assert printed(busy_command, busy_site, stick / "x.pdf") == (1, "disk_full")
        assert documents(busy_site) == 0
        assert [one.name for one in stick.iterdir()] == ["filler"]
    assert printed(busy_command, busy_site, tmp_path / "x.pdf") == (0, "")
    assert documents(busy_site) == 9


def test_what_is_issued_and_not_kept_is_named(
    busy_site: Site, busy_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: files.Prepared) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(files.Prepared, "keep", gone)
        ran = busy_command(
            "print", busy_site.station, "--all", "--out", tmp_path / "x.pdf", "--as", "officer"
        )
    assert ran.code == 1
    assert documents(busy_site) == 9
    assert ran.sentence.startswith("9 documents are issued") and "-D00001-" in ran.sentence
    assert "document resume" in ran.sentence
    assert not list(tmp_path.glob("*x.pdf*"))
    again = busy_command.asked(
        "print", busy_site.station, "--all", "--out", tmp_path / "x.pdf", "--as", "officer",
        "--reason", "the stick broke",
    )  # fmt: skip
    assert len(again["documents"]) == 9
    assert documents(busy_site) == 9
    assert again["skipped"] == []


def test_every_file_of_papers_is_for_this_account_alone(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    station, out = busy_site.station, tmp_path / "p.pdf"
    with busy_site.at_station("officer") as session:
        person = printing.printable(session)[0].number
    before = os.umask(0o022)
    try:
        made = busy_command.asked("print", station, "--all", "--out", out, "--as", "officer")
        number = made["documents"][0]["number"]
        for line in (
            ("print", station, "--all"),
            ("print", station, "--person", person),
            ("print", station, "--person", person, "--paper", "card", "--sheets", "cards"),
            ("print", station, "--document", "blank", "--count", "2"),
            ("document", "reprint", station, number, "--reason", "damaged"),
            ("document", "resume", station, number),
            ("document", "replace", station, number, "--reason", "lost"),
            ("document", "renew", station, "--within", "2000"),
        ):
            out.unlink()
            out.write_bytes(b"what stood here before, for everybody to read")
            out.chmod(0o644)
            busy_command.asked(*line, "--out", out, "--as", "officer")
            assert out.stat().st_mode & 0o777 == 0o600, line
    finally:
        os.umask(before)


def test_the_command_prints_all_and_says_what_came_out_before(
    busy_site: Site, busy_command: Command
) -> None:
    line = ("print", busy_site.station, "--all", "--out", busy_site.folder / "p.pdf")
    made = busy_command.asked(*line, "--as", "officer")
    assert made["again"] == 0
    again = busy_command.asked(*line, "--as", "officer")
    assert (len(again["documents"]), again["again"]) == (9, 9)
    told = busy_command(*line, "--as", "officer")
    assert "9 documents came out today before" in told.out
    refused = busy_command(*line, "--once", "--as", "officer")
    assert refused.code == 1 and "printed today" in refused.sentence
