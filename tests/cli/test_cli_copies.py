"""`print` and `document replace`: a copy, or another number and the old one withdrawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from station import printing
from tests.places import Site
from workspace import papers

Command = Any


@pytest.fixture
def print_(busy_site: Site, busy_command: Command, tmp_path: Path) -> Any:
    """`print` for the first person, by an officer."""
    with busy_site.at_station("officer") as session:
        number = printing.printable(session)[0].number

    def printed(*words: object, json: bool = True) -> Any:
        line = (
            "print", busy_site.station, "--person", number, "--out", tmp_path / "out.pdf",
            "--as", "officer", *words,
        )  # fmt: skip
        return busy_command.asked(*line)["documents"][0] if json else busy_command(*line)

    return printed


def revoked(site: Site, number: str) -> str:
    with site.at_station("officer") as session:
        return papers.by_number(session, number).revoked_code


def test_a_second_print_is_a_counted_copy_and_says_so(busy_site: Site, print_: Any) -> None:
    first = print_()
    assert (first["copy"], first["replaces"]) == (1, "")
    second = print_("--language", "am", "--paper", "card")
    assert (second["number"], second["copy"]) == (first["number"], 2)
    third = print_(json=False)
    assert third.code == 0 and f"{first['number']}: copy 3." in third.out
    with busy_site.at_station("officer") as session:
        assert papers.by_number(session, first["number"]).reprints == ("not said",) * 2
    worn = print_("--reason", "damaged", "--collector", "A. Neighbour", "--proof", "her letter")
    assert (worn["number"], worn["copy"]) == (first["number"], 4)


@pytest.mark.parametrize("reason", ["lost", "Stolen"])
def test_a_lost_paper_gets_another_number(busy_site: Site, print_: Any, reason: str) -> None:
    first = print_()
    new = print_("--reason", reason, "--words", "on the road")
    assert new["number"] != first["number"] and new["replaces"] == first["number"]
    assert revoked(busy_site, first["number"]) == reason.casefold()
    said = print_("--reason", "damaged by the rain", json=False)
    assert said.code == 0 and revoked(busy_site, new["number"]) == ""
    unclear = print_("--reason", "it was lost", json=False)
    assert unclear.code == 2 and "--reason lost" in unclear.err
    slip = print_("--reason", "stoln", json=False)
    assert slip.code == 2 and "--reason stolen" in slip.err


def test_a_run_loses_nobodys_paper(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    ran = busy_command(
        "print", busy_site.station, "--all", "--reason", "lost", "--out", tmp_path / "a.pdf",
        "--as", "officer",
    )  # fmt: skip
    assert ran.code == 2 and "--person" in ran.err


def test_what_was_replaced_is_not_replaced_once_more(
    busy_site: Site, busy_command: Command, print_: Any, tmp_path: Path
) -> None:
    first = print_("--paper", "a5", "--language", "ar")

    def replace(number: str, *words: object) -> Any:
        return busy_command(
            "document", "replace", busy_site.station, number, "--out", tmp_path / "new.pdf",
            "--as", "officer", *words,
        )  # fmt: skip

    assert replace(first["number"], "--reason", "lost").code == 0
    with busy_site.at_station("officer") as session, session.store.read() as reader:
        (now,) = (one for one in reader.views("document") if one.revoked is None)
    assert (now.language, now.values["paper"]) == ("ar", "a5")
    again = replace(first["number"])
    assert again.code == 1 and f"was replaced by {now.number}" in again.sentence
    assert revoked(busy_site, now.number) == ""


def test_what_cannot_be_printed_is_said_in_a_sentence(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    def ran(*words: object) -> Any:
        return busy_command(*words, "--out", tmp_path / "out.pdf", "--as", "officer")

    station = busy_site.station
    none = ran("document", "renew", station, "--within", "30")
    assert none.code == 1 and "within 30 days" in none.sentence
    assert ran("print", station, "--all").code == 0
    all_ = ran("print", station, "--all", "--unprinted")
    assert all_.code == 1 and "already" in all_.sentence
    listed = busy_command.asked("templates", "list", station, "--as", "officer")["templates"]
    ids = [one["id"] for one in listed]
    assert "record" not in ids and "blank" in ids
    alone = ran("print", station, "--household", "WST-A01-K7Q-H00042-31")
    assert alone.code == 2 and "--all, also with --household" in alone.err


def test_what_is_left_out_of_a_run_is_named_by_its_number(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    station, out = busy_site.station, tmp_path / "out.pdf"
    made = busy_command.asked("print", station, "--all", "--out", out, "--as", "officer")
    numbers = [one["number"] for one in made["documents"]]
    gone = ("document", "revoke", station, numbers[5], "--reason", "wrong", "--as", "officer")
    assert busy_command.asked(*gone)["withdrawn"] == [numbers[5]]
    resumed = busy_command(
        "document", "resume", station, numbers[4], "--out", out, "--as", "officer"
    )
    assert resumed.code == 0 and f"Left out: {numbers[5]}. " in resumed.out
    cards = busy_command.asked(
        "print", station, "--all", "--document", "registration", "--paper", "card",
        "--sheets", "cards-both", "--out", out, "--as", "officer",
    )  # fmt: skip
    assert (len(cards["documents"]), cards["pages"]) == (6, 2)
