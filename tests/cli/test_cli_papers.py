"""`print` beyond the first two documents, and `templates`: an operation's own folder."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.cli.conftest import Command
from tests.documents.test_documents_templates import GOOD
from tests.places import Site


def page_sizes(pdf: bytes) -> set[tuple[int, int]]:
    """Of the pages, in points."""
    with pypdfium2.PdfDocument(pdf) as document:
        return {(round(wide), round(high)) for wide, high in (one.get_size() for one in document)}


def someone(site: Site) -> str:
    with site.at_station("officer") as session, session.store.read() as reader:
        return next(iter(reader.persons())).number


def test_a_slip_says_what_was_given(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    number, out = someone(busy_site), tmp_path / "slip.pdf"
    line = ("print", busy_site.station, "--person", number, "--document", "appointment")
    ran = busy_command(*line, "--out", out, "--as", "officer", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "asked")
    assert not out.exists()
    said = ("--say", "day=20 November, 9:00", "--say", "place=Tent 4", "--language", "ar")
    made = busy_command.asked(*line, *said, "--out", out, "--as", "officer")
    assert made["documents"][0]["type"] == "appointment" and made["pages"] == 1
    assert out.read_bytes().startswith(b"%PDF-")
    assert busy_command(*line, "--say", "day", "--out", out, "--as", "officer").code == 2


def test_no_event_no_notification(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    line = ("print", busy_site.station, "--person", someone(busy_site), "--document", "birth")
    ran = busy_command(*line, "--out", tmp_path / "x.pdf", "--as", "officer", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "no_event")


def test_a_card_and_blank_sheets(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    line = ("print", busy_site.station, "--person", someone(busy_site), "--paper")
    made = busy_command.asked(*line, "card", "--out", tmp_path / "c.pdf", "--as", "officer")
    assert made["pages"] == 2
    both = ("card", "--sheets", "both", "--out", tmp_path / "both.pdf")
    assert busy_command.asked(*line, *both, "--as", "officer")["pages"] == 2
    ran = busy_command(*line, "a3", "--out", tmp_path / "d.pdf", "--as", "officer", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "paper")
    sheets = ("print", busy_site.station, "--document", "blank", "--count", "3")
    made = busy_command.asked(*sheets, "--out", tmp_path / "s.pdf", "--as", "officer")
    assert made["pages"] == len(set(made["numbers"])) == 3


def test_blank_sheets_of_another_size(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    line = ("print", busy_site.station, "--document", "blank", "--as", "officer", "--out")
    busy_command.asked(*line, tmp_path / "l.pdf", "--paper", "letter")
    busy_command.asked(*line, tmp_path / "a.pdf")
    assert page_sizes((tmp_path / "l.pdf").read_bytes()) == {(612, 792)}
    assert page_sizes((tmp_path / "a.pdf").read_bytes()) == {(595, 842)}
    ran = busy_command(*line, tmp_path / "c.pdf", "--paper", "card", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "paper")
    assert not (tmp_path / "c.pdf").exists()


ONE = ("--person", "WST-A01-K7Q-P00001-01")
BLANK = ("--document", "blank")
PLACE = ("--shelter-number", "B-")


@pytest.mark.parametrize(
    "words",
    [
        (*ONE, "--unprinted"),
        (*ONE, "--most", "2"),
        (*ONE, *PLACE),
        (*ONE, "--household", "WST-A01-K7Q-H00001-01"),
        (*ONE, "--count", "2"),
        ("--all", "--count", "2"),
        ("--all", "--proof", "a card"),
        (*ONE, "--proof", "a card"),
        (*BLANK, *ONE),
        (*BLANK, "--all"),
        (*BLANK, *PLACE),
        (*BLANK, "--once"),
        (*BLANK, "--reason", "lost"),
        (*BLANK, "--words", "why"),
        (*BLANK, "--collector", "Somebody"),
        (*BLANK, "--sheets", "both"),
    ],
)
def test_an_option_that_would_mean_nothing_is_refused(
    busy_site: Site, busy_command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Whoever asks for "only those without a document" must not get a copy of one."""
    out = tmp_path / "x.pdf"
    ran = busy_command("print", busy_site.station, *words, "--out", out, "--as", "officer")
    assert ran.code == 2 and "--" in ran.sentence, ran.err
    assert not out.exists()


def test_an_operations_templates_are_checked_loaded_and_listed(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "residence.toml").write_text(GOOD.replace('"date", "place"]', '"date"]'), "utf-8")
    ran = busy_command("templates", "check", folder, "--json")
    assert ran.code == 1 and ran.json["problems"][0]["path"] == "blocks[3].rows"
    assert busy_command("templates", "load", busy_site.station, folder).code == 1
    (folder / "residence.toml").write_text(GOOD, "utf-8")
    assert busy_command.asked("templates", "check", folder)["problems"] == []
    refused = busy_command("templates", "load", busy_site.station, folder, "--as", "officer")
    assert refused.code == 1
    loaded = busy_command.asked("templates", "load", busy_site.station, folder)
    assert loaded["templates"] == ["residence"]
    listed = busy_command.asked("templates", "list", busy_site.station)["templates"]
    assert {"residence", "registration", "birth"} <= {one["id"] for one in listed}
