"""`waystation intake`: once, again, mended, in two formats, and with everything wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from tests import places
from tests.cli.conftest import Command
from tests.places import Site, families, listing, row


def taken(command: Command, site: Site, path: Path, *more: object) -> dict[str, object]:
    return command.asked(
        "intake", site.station, path, "--on", "2026-11-15", "--as", "officer", *more
    )


def persons(command: Command, site: Site) -> int:
    return len(command.asked("search", site.station, "orlok", "--limit", "200")["results"])


def test_numbers_are_told_as_households_are_committed(site: Site, command: Command) -> None:
    """OpenCRVS offline 7: tracking and registration numbers are the server's to give."""
    path = site.write_list(families(3))
    ran = command("intake", site.station, path, "--on", "2026-11-15", "--as", "officer")
    assert ran.code == 0
    told = [line.split() for line in ran.out.splitlines() if line.startswith("H-")]
    assert [listed for listed, _ in told] == ["H-0001", "H-0002", "H-0003"]
    for _, number in told:
        found = command.asked("search", site.station, number)["results"]
        assert len(found) == 2
    assert "3 households, 6 persons" in ran.out


def test_twice_is_once(site: Site, command: Command) -> None:
    """OpenCRVS import: an import given twice is all new the second time, and cannot be tried
    first."""
    path = site.write_list(families(3))
    assert taken(command, site, path)["persons"] == 6
    again = taken(command, site, path)
    assert (again["households"], again["persons"], again["already"]) == (0, 0, 6)
    assert persons(command, site) == 6


def test_another_spelling_of_the_same_rows_is_once_too(site: Site, command: Command) -> None:
    """Spreadsheets change quoting, line ends and order; the rows stay the same."""
    text = families(2)
    taken(command, site, site.write_list(text))
    lines = text.splitlines()
    shuffled = [lines[0], *lines[3:], *lines[1:3]]
    quoted = "\r\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in shuffled)
    again = taken(command, site, site.write_list("\ufeff" + quoted))
    assert (again["persons"], again["already"]) == (0, 4)


def test_the_series_is_the_files_name_unless_it_is_given(site: Site, command: Command) -> None:
    text = families(1)
    assert taken(command, site, site.write_list(text, "a.csv"))["persons"] == 2
    assert taken(command, site, site.write_list(text, "b.csv"), "--series", "a")["persons"] == 0
    assert taken(command, site, site.write_list(text, "a.rejected.csv"))["persons"] == 0
    # Another series is another list: the same household number means another family.
    assert taken(command, site, site.write_list(text, "c.csv"))["persons"] == 2


def test_refused_rows_come_back_are_mended_and_join(site: Site, command: Command) -> None:
    path = site.write_list(
        listing(
            row("H-1", "head", "Arun Orlok", sex="M"),
            row("H-1", "child", "Bela Orlok", birth="2031-01-01"),
            row("H-1", "child", "Chana Orlok", birth="2015-01-01"),
            row("H-2", "head", "Dara Orlok", birth="1990-13-01"),
            row("H-2", "spouse", "Emil Orlok"),
        )
    )
    first = taken(command, site, path)
    assert (first["households"], first["persons"], first["accepted"]) == (1, 2, 2)
    assert [one["row"] for one in first["rejected"]] == [2, 4, 5]  # type: ignore[attr-defined]  # JSON
    codes = [one["code"] for one in first["rejected"]]  # type: ignore[attr-defined]  # JSON
    assert codes[2] == "head_refused"

    refused = site.folder / "list.rejected.csv"
    assert refused.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(io.StringIO(refused.read_text("utf-8"))))
    assert [one["code"] for one in rows] == codes
    assert all(one["message"] for one in rows)
    number = rows[0]["joins"]
    assert [one["joins"] for one in rows] == [number, "", ""]
    found = command.asked("search", site.station, number)["results"]
    assert {one["name"] for one in found} == {"Arun Orlok", "Chana Orlok"}

    mended = refused.read_text("utf-8").replace("2031-01-01", "2021-01-01")
    refused.write_text(mended.replace("1990-13-01", "1990-12-01"), "utf-8")
    second = taken(command, site, refused)
    assert (second["households"], second["persons"], second["rejected"]) == (1, 3, [])
    joined = command.asked("search", site.station, number)["results"]
    assert {one["name"] for one in joined} == {"Arun Orlok", "Bela Orlok", "Chana Orlok"}
    assert taken(command, site, refused)["persons"] == 0
    # The whole list again: everybody is in, mended or not.
    assert taken(command, site, path)["persons"] == 0
    assert persons(command, site) == 5
    assert command.asked("check", site.station)["problems"] == []


def test_rows_that_join_nobody_are_refused(site: Site, command: Command) -> None:
    header = places.HEADER + ",joins"
    line = row("H-9", "child", "Nobody Orlok", birth="2015-01-01")
    for joins in ("WST-A01-K7Q-H00042-74", "nonsense", "=1+1"):
        path = site.write_list(f"{header}\n{line},{joins}\n", "join.csv")
        done = taken(command, site, path)
        assert (done["persons"], len(done["rejected"])) == (0, 1)  # type: ignore[arg-type]  # JSON
    assert persons(command, site) == 0


def test_a_spreadsheet(site: Site, command: Command) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in families(2).splitlines():
        sheet.append(line.split(","))
    path = site.folder / "list.xlsx"
    book.save(path)
    assert taken(command, site, path)["persons"] == 4
    # The same list as CSV is the same list.
    assert taken(command, site, site.write_list(families(2)))["persons"] == 0


def test_flags_and_refusals_are_lists_and_counts_are_integers(site: Site, command: Command) -> None:
    path = site.write_list(
        listing(
            row("H-1", "head", "Arun Orlok", sex="M"),
            row("H-1", "child", "=cmd|' /C calc'!A0", birth="2015-01-01"),
            row("H-1", "cousin", "Emil Orlok"),
        )
    )
    done = taken(command, site, path)
    for name in ("households", "persons", "accepted", "already"):
        assert isinstance(done[name], int)
    for name in ("flagged", "rejected"):
        (one,) = done[name]  # type: ignore[misc]  # a list in JSON
        assert {"row": int, "code": str, "message": str} == {
            key: type(value) for key, value in one.items()
        }
    assert (done["persons"], done["accepted"]) == (2, 1)


def test_an_empty_list_is_no_fault(site: Site, command: Command) -> None:
    done = taken(command, site, site.write_list(places.HEADER + "\n"))
    assert (done["households"], done["rejected"]) == (0, [])
    assert not (site.folder / "list.rejected.csv").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 1000,
        b"\xff\xfe" + "household,relation".encode("utf-16-le"),
        b"PK\x03\x04 not a workbook",
        b"\xd0\xcf\x11\xe0 an old workbook",
        b"a,b,c\n1,2,3\n",
        b"household,relation\n",
        b"%PDF-1.7",
        b'"' * 100_000,
        (places.HEADER + "\n").encode() + b'"' + b"x" * 300_000,
    ],
    ids=range(10),
)
def test_what_is_no_list_is_refused_as_a_whole(site: Site, command: Command, data: bytes) -> None:
    path = site.folder / "list.csv"
    path.write_bytes(data)
    ran = command("intake", site.station, path, "--as", "officer", "--json")
    assert ran.code in (0, 1), ran
    if ran.code == 0:
        assert ran.json["persons"] == 0
    else:
        assert ran.json["error"]["message"]
    assert command.asked("check", site.station)["problems"] == []


def test_a_household_of_five_hundred(site: Site, command: Command) -> None:
    rows = [row("H-1", "head", "Arun Orlok", sex="M")]
    rows += [row("H-1", "other", f"Orlok {number}") for number in range(499)]
    done = taken(command, site, site.write_list(listing(*rows)))
    assert (done["households"], done["persons"]) == (1, 500)
    assert command.asked("check", site.station)["problems"] == []
    command.asked("review", site.station, "--approve-all", "--as", "supervisor")
    with site.at_station() as session, session.store.read() as reader:
        head = reader.head(session.office.id, session.epoch)
    assert head is not None
    assert site.admit(site.send()).admitted == head.sequence + 1
    # Its attestation is drawn too.
    number = command.asked("search", site.station, "Arun Orlok")["results"][0]["number"]
    printed = command.asked(
        "print", site.station, "--person", number, "--document", "household", "--language", "en",
        "--out", site.folder / "p.pdf", "--as", "officer",
    )  # fmt: skip
    assert len(printed["documents"]) == 1


def test_a_list_that_cannot_be_written_beside_still_counts(
    site: Site, command: Command, tmp_path: Path
) -> None:
    """The folder is full or read-only: what is in is in, and the reason is said."""
    stick = tmp_path / "stick"
    stick.mkdir()
    path = stick / "list.csv"
    path.write_text(
        listing(row("H-1", "head", "Arun Orlok"), row("H-1", "cousin", "Emil Orlok")), "utf-8"
    )
    (stick / "list.rejected.csv").mkdir()
    ran = command("intake", site.station, path, "--on", "2026-11-15", "--as", "officer", "--json")
    assert ran.code == 1
    assert "list.rejected.csv" in ran.sentence or "refused rows" in ran.sentence
    assert persons(command, site) == 1


def test_a_mended_list_is_not_overwritten_by_a_second_run(site: Site, command: Command) -> None:
    """Running the first list again must not throw somebody's mending away."""
    path = site.write_list(
        listing(row("H-1", "head", "Arun Orlok"), row("H-1", "cousin", "Emil Orlok"))
    )
    taken(command, site, path)
    refused = site.folder / "list.rejected.csv"
    mended = refused.read_text("utf-8").replace("cousin", "other")
    refused.write_text(mended, "utf-8")
    taken(command, site, path)
    kept = [one.read_text("utf-8") for one in site.folder.glob("list.rejected*.csv")]
    assert mended in kept
    assert any("cousin" in text for text in kept)
