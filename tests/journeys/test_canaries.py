"""No name and no number of a person lies in the clear anywhere but on the papers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import resources
from tests import places
from tests.cli.conftest import Command
from tests.journeys.conftest import Demo
from tests.places import Site, environment, listing, row

SHORTEST = 5
"""Shorter words would be found by chance in some megabytes of random bytes."""


def canaries() -> set[str]:
    """Every name, telephone and document number of the bundled list."""
    rows = csv.DictReader(io.StringIO(resources.read_bytes("samples/site-a.csv").decode()))
    columns = ("name", "name_latin", "father_name", "mother_name", "phone", "document_number")
    found = {one[column].strip() for one in rows for column in columns}
    return {text for text in found if len(text) >= SHORTEST}


def spellings(texts: set[str]) -> Iterator[tuple[str, bytes]]:
    """Each text in the encodings in which programs leave it lying about."""
    for text in texts:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield text, text.encode(encoding)


def found_in(folder: Path, texts: set[str], *, except_: set[Path]) -> list[tuple[Path, str]]:
    """Files in which one of the texts can be read."""
    wanted = list(spellings(texts))
    hits = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in except_:
            data = path.read_bytes()
            hits += [(path, text) for text, spelt in wanted if spelt in data]
    return hits


def test_the_canaries_would_be_found(demo: Demo, tmp_path: Path) -> None:
    texts = canaries()
    assert len(texts) > 300
    (tmp_path / "leak").write_text(f"saved {sorted(texts)[0]}", "utf-16-le")
    assert found_in(tmp_path, texts, except_=set())


def test_nothing_of_a_person_lies_in_the_clear(demo: Demo) -> None:
    """The demo's folder holds both offices, the stick, the offline keys, the machine's state.

    Sync 5 (f): a name in a temporary file, a log or an index.
    """
    folder = demo.site.folder
    assert demo.site.state.is_dir() and demo.site.state.is_relative_to(folder)
    assert found_in(folder, canaries(), except_=set(demo.job.documents)) == []


def test_nothing_of_a_person_is_logged(demo: Demo) -> None:
    assert [text for text in canaries() if text in demo.log] == []


NAMES = ("Zyzzyva Quokkason", "Numbatina Quokkason", "Refusenik Quokkason")
DOCUMENTS = ("CANARY-774411", "CANARY-774412", "CANARY-774413")


def test_the_command_tells_no_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    founded_site: Site,
) -> None:  # fmt: skip
    """Everything that the command prints on its way, refused rows included."""
    site = founded_site.copied(tmp_path / "site")
    site = Site(site.folder, environment(site.state, at=site.clock.now()))
    command = Command(site.env, monkeypatch, capsys)
    listed = site.write_list(
        listing(
            row("H-1", "head", NAMES[0], document=DOCUMENTS[0], sex="M"),
            row("H-1", "spouse", NAMES[1], document=DOCUMENTS[1]),
            row("H-1", "cousin", NAMES[2], document=DOCUMENTS[2]),
        )
    )
    said = []

    def ask(*words: object, code: int = 0) -> None:
        for more in ((), ("--json",)):
            ran = command(*words, *more)
            assert ran.code in (code, 1), ran
            said.append(ran.out + ran.err)

    ask("intake", site.station, listed, "--on", "2026-11-15", "--as", "officer")
    ask("review", site.station, "--approve-all", "--as", "supervisor")
    ask("print", site.station, "--all", "--out", site.folder / "p.pdf", "--as", "officer")
    ask("bundle", "export", site.station, "--out", site.outbox, "--as", "supervisor")
    for bundle in sorted(site.outbox.iterdir()):
        ask("bundle", "inspect", bundle)
        ask("registry", "import", site.registry, bundle, "--notice", site.outbox, "--as", "clerk")
    for notice in sorted(site.outbox.iterdir()):
        ask("station", "receive", site.station, notice, "--as", "supervisor")
    for folder in (site.station, site.registry):
        for words in (("check",), ("rebuild",), ("audit",), ("user", "list")):
            ask(*words, folder)
    ask("backup", site.station, "--out", site.folder / "b.wsb")
    ask("intake", site.station, site.folder / "p.pdf", "--as", "officer", code=1)
    ask("print", site.station, "--person", NAMES[0], "--out", site.folder / "q", "--as", "officer")
    for canary in (*NAMES, *DOCUMENTS, "Quokkason"):
        assert not [text for text in said if canary in text], canary
    papers = {site.folder / "p.pdf", listed, site.folder / "list.rejected.csv"}
    assert found_in(site.folder, {*NAMES, *DOCUMENTS, "Quokkason"}, except_=papers) == []
    assert places.WORDS not in "".join(said)
