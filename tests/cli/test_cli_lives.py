"""What becomes of papers, sheets and keys, from a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.places import Site

Command = Any


def test_a_paper_from_its_issue_to_its_end(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    station, out = busy_site.station, tmp_path / "out.pdf"

    def asked(*words: object, by: str = "officer") -> Any:
        return busy_command.asked(*words, "--as", by)

    issued = asked("print", station, "--all", "--sheets", "both", "--out", out)
    assert len(issued["documents"]) == issued["pages"] == 9
    numbers = [one["number"] for one in issued["documents"]]
    again = asked(
        "document", "reprint", station, numbers[1], "--reason", "damaged",
        "--collector", "A. Neighbour", "--proof", "her letter", "--out", out,
    )  # fmt: skip
    assert [one["number"] for one in again["documents"]] == [numbers[1]]
    resumed = asked("document", "resume", station, numbers[7], "--out", out)
    assert [one["number"] for one in resumed["documents"]] == numbers[7:]
    new = asked(
        "document", "replace", station, numbers[1], "--reason", "lost", "--words", "on the road",
        "--out", out,
    )  # fmt: skip
    assert new["documents"][0]["number"] not in numbers
    renewed = asked("document", "renew", station, "--within", "200", "--out", out)
    assert len(renewed["documents"]) == 9
    gone = renewed["documents"][4]["number"]
    assert asked("document", "revoke", station, gone, "--reason", "stolen")["revoked"] is True
    assert asked("document", "revoke", station, gone, "--reason", "stolen")["revoked"] is False
    assert asked("document", "of-the-dead", station)["documents"] == []
    refused = busy_command("document", "revoke", station, gone, "--reason", "x", "--as", "officer")
    assert refused.code == 1 and "lost, stolen" in refused.sentence
    cards = busy_command(
        "document", "renew", station, "--within", "200", "--sheets", "cards", "--out", out,
        "--as", "officer",
    )  # fmt: skip
    assert cards.code == 1 and "no cards" in cards.sentence


def test_spoiled_sheets_are_listed_by_day(busy_site: Site, busy_command: Command) -> None:
    station = busy_site.station
    busy_command.asked(
        "sheet", "spoiled", station, "--stock", "0001842", "--reason", "misfeed", "--as", "officer"
    )
    listed = busy_command.asked("sheet", "list", station, "--as", "officer")["sheets"]
    assert [(one["stock"], one["code"]) for one in listed] == [("0001842", "misfeed")]
    other = busy_command.asked("sheet", "list", station, "--on", "2020-01-01", "--as", "officer")
    assert other["sheets"] == []
    nameless = busy_command("sheet", "spoiled", station, "--reason", "jam", "--as", "officer")
    assert nameless.code == 1 and "serial" in nameless.sentence
    wordless = busy_command(
        "sheet", "spoiled", station, "--stock", "1", "--reason", "other", "--as", "officer"
    )
    assert wordless.code == 1


def test_a_key_changes_by_two_files_and_one_is_lost(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    request, grant = tmp_path / "key.request", tmp_path / "key.grant"
    asked = busy_command.asked("key", "request", busy_site.station, "--out", request)
    granted = busy_command.asked(
        "key", "grant", busy_site.registry, "--request", request, "--out", grant
    )
    assert granted["request_words"] == asked["words"]
    taken = busy_command.asked("key", "take", busy_site.station, "--grant", grant)
    assert taken["words"] == granted["words"]
    listed = busy_command.asked("key", "list", busy_site.registry)["keys"]
    assert [one["status"] for one in listed] == ["active", "active"]
    assert taken["key"] in {one["key"] for one in listed}
    lost = next(one["key"] for one in listed if one["key"] != taken["key"])
    done = busy_command.asked(
        "trust", "compromise", busy_site.registry, "--station", "A01", "--key", lost,
        "--since", "2026-11-15T10:00:00Z", "--reason", "the laptop was taken",
    )  # fmt: skip
    assert done["genuine"] == 0
    listed = busy_command.asked("key", "list", busy_site.registry)["keys"]
    assert sorted(one["status"] for one in listed) == ["active", "revoked"]


def test_what_became_of_blank_forms(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    station = busy_site.station
    made = busy_command.asked(
        "print", station, "--document", "blank", "--count", "3", "--out", tmp_path / "b.pdf",
        "--as", "officer",
    )["numbers"]  # fmt: skip
    busy_command.asked(
        "sheet", "spoiled", station, "--stock", made[1], "--reason", "jam", "--as", "officer"
    )
    told = busy_command.asked("sheet", "list", station, "--blank", "--as", "officer")
    assert (told["printed"], told["returned"], told["spoiled"]) == (3, 0, 1)
    assert told["unaccounted"] == [made[2], made[0]]
    assert [one["state"] for one in told["sheets"]] == ["out", "spoiled", "out"]
    both = ("sheet", "list", station, "--blank", "--on", "2026-11-15", "--as", "officer")
    assert busy_command(*both).code == 2
