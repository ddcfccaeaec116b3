"""`waystation verifier`: the page for verifiers, from a workspace or from a trust file."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from ledger.trust import TrustList
from tests.cli.conftest import Command
from tests.documents import builders
from tests.documents.builders import DOCUMENT_KEY, ROOT
from tests.places import Site
from values.clock import rfc3339


def carried(page: Path) -> bytes:
    """The trust list in a page."""
    found = re.search(r'"list":"([A-Za-z0-9+/=]+)"', page.read_text("utf-8"))
    assert found is not None
    return base64.b64decode(found[1])


@pytest.mark.parametrize("office", ["station", "registry"])
def test_the_page_carries_the_list_of_the_office(
    busy_site: Site, busy_command: Command, office: str, tmp_path: Path
) -> None:
    folder = {"station": busy_site.station, "registry": busy_site.registry}[office]
    page, trust = tmp_path / "verifier.html", tmp_path / "trust.wst"
    told = busy_command.asked("verifier", folder, "--out", page)
    assert busy_command.asked("trust", "export", folder, "--out", trust)["keys"] == told["keys"]
    listed = TrustList.from_bytes(carried(page), root=None)
    assert told == {
        "file": str(page),
        "keys": 1,
        "trust_number": listed.number,
        "trust_date": rfc3339(listed.issued_at),
        "root": listed.root.fingerprint,
    }
    assert listed.data == trust.read_bytes()


def test_the_page_from_a_trust_file(command: Command, tmp_path: Path) -> None:
    trust, page = tmp_path / "trust.wst", tmp_path / "verifier.html"
    trust.write_bytes(builders.trust_list().data)
    told = command.asked(
        "verifier", "--trust", trust, "--root", ROOT.public.fingerprint, "--out", page
    )
    assert (told["keys"], told["trust_number"], told["root"]) == (1, 7, ROOT.public.fingerprint)
    assert carried(page) == trust.read_bytes()


def test_the_page_from_a_key_set(command: Command, tmp_path: Path) -> None:
    keys, page = tmp_path / "keys.json", tmp_path / "verifier.html"
    keys.write_bytes(builders.key_set(DOCUMENT_KEY))
    told = command.asked("verifier", "--trust", keys, "--out", page)
    assert told == {
        "file": str(page), "keys": 1, "trust_number": None, "trust_date": None, "root": None,
    }  # fmt: skip


def test_people_are_told_what_to_make_public(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    ran = busy_command("verifier", busy_site.registry, "--out", tmp_path / "verifier.html")
    assert ran.code == 0
    assert "1 document key" in ran.out
    assert re.search(r"Root: ([0-9a-f]{4} ?){16}", ran.out)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("verifier", "--out", "OUT"), "usage"),
        (("verifier", "STATION", "--trust", "TRUST", "--out", "OUT"), "usage"),
        (("verifier", "STATION", "--root", "ab", "--out", "OUT"), "usage"),
        (("verifier", "--trust", "TRUST", "--as", "officer", "--out", "OUT"), "usage"),
        (("verifier", "--trust", "TRUST", "--root", "ab" * 32, "--out", "OUT"), "root_mismatch"),
        (("verifier", "--trust", "NONE", "--out", "OUT"), "file"),
        (("verifier", "--trust", "EMPTY", "--out", "OUT"), "not_trust"),
        (("verifier", "STATION", "--as", "officer", "--out", "OUT"), "not_allowed"),
    ],
)
def test_what_is_refused_writes_nothing(
    site: Site, command: Command, tmp_path: Path, words: tuple[str, ...], code: str
) -> None:
    named = {
        "OUT": tmp_path / "verifier.html",
        "STATION": site.station,
        "TRUST": tmp_path / "trust.wst",
        "EMPTY": tmp_path / "empty",
        "NONE": tmp_path / "none",
    }
    named["TRUST"].write_bytes(builders.trust_list().data)
    named["EMPTY"].write_bytes(b"")
    ran = command(*(named.get(word, word) for word in words), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2 if code == "usage" else 1, code)
    assert not named["OUT"].exists()


def test_a_page_that_is_there_is_written_anew_and_whole(
    site: Site, command: Command, tmp_path: Path
) -> None:
    page = tmp_path / "verifier.html"
    page.write_text("an old page")
    command.asked("verifier", site.station, "--out", page)
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert [one.name for one in tmp_path.glob("*verifier*")] == ["verifier.html"]
    assert json.loads(page.read_text("utf-8").split('id="data">')[1].split("</script>")[0])
