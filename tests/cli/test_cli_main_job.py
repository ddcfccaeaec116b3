"""The main job by its commands, each answer with the keys and types of the contract."""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from documents import codes
from ledger.keys import PublicKey
from tests import places
from tests.cli.conftest import Command
from tests.places import WORDS, Site, environment

Shape = dict[str, Any]
ROW = {"row": int, "code": str, "message": str}


def fits(value: object, shape: Any) -> bool:
    """Whether a value is of a shape: a type, a list of one shape, a map with at least keys."""
    match shape:
        case [inner]:
            return isinstance(value, list) and all(fits(one, inner) for one in value)
        case dict():
            return isinstance(value, dict) and all(
                name in value and fits(value[name], inner) for name, inner in shape.items()
            )
        case type() if shape is int:
            return isinstance(value, int) and not isinstance(value, bool)
        case _:
            return isinstance(value, shape)


def test_the_main_job_by_its_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Command(environment(tmp_path / "state"), monkeypatch, capsys)
    registry, station, stick = tmp_path / "registry", tmp_path / "station", tmp_path / "stick"
    stick.mkdir()

    def asked(*words: object, shape: Shape, user: str | None = None) -> dict[str, Any]:
        chosen = ["--as", user] if user else []
        answer = command.asked(*words, *chosen)
        assert fits(answer, shape), (words, answer)
        return answer

    created = asked(
        "registry", "create", registry,
        shape={"registry": str, "administrator": str, "root": str, "keys": [str]},
    )  # fmt: skip
    assert created["administrator"] == "administrator"
    UUID(created["registry"])
    keys = [Path(path) for path in created["keys"]]
    assert {path.parent for path in keys} == {tmp_path / "registry-offline-keys"}
    for path in keys:
        assert path.read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")
        assert path.stat().st_mode & 0o077 == 0

    requested = asked(
        "station", "request", station, "--name", "Site B", "--out", stick / "request",
        "--admin", "keeper", shape={"station": str, "administrator": str, "words": [str]},
    )  # fmt: skip
    assert requested["administrator"] == "keeper"
    assert len(requested["words"]) == 6
    granted = asked(
        "registry", "enrol", registry, "--request", stick / "request", "--out", stick / "grant",
        shape={"station": str, "words": [str], "request_words": [str]},
    )  # fmt: skip
    assert granted["request_words"] == requested["words"]
    enrolled = asked(
        "station", "enrol", station, "--grant", stick / "grant",
        shape={"station": str, "root": str, "words": [str]},
    )  # fmt: skip
    assert enrolled["root"] == created["root"]
    assert enrolled["words"] == granted["words"] and len(granted["words"]) == 6
    assert enrolled["station"] == granted["station"] == requested["station"]
    again = command.asked("station", "enrol", station, "--grant", stick / "grant")
    assert again["root"] == enrolled["root"]

    user = {"id": str, "name": str, "role": str, "disabled": bool}
    for folder, name, role in (
        (station, "Farid", "officer"), (station, "Hana", "supervisor"),
        (registry, "Ilan", "registrar"), (registry, "Jaya", "clerk"),
    ):  # fmt: skip
        added = asked("user", "add", folder, "--name", name, "--role", role, shape={"user": user})
        assert added["user"]["role"] == role
    listed = asked("user", "list", station, shape={"users": [user]})
    assert [one["name"] for one in listed["users"]] == ["keeper", "Farid", "Hana"]

    people = stick / "people.csv"
    people.write_text(places.families(2, size=3), "utf-8")
    taken = asked(
        "intake", station, people, "--on", "2026-11-15", user="Farid",
        shape={
            "households": int, "persons": int, "accepted": int, "flagged": [ROW], "rejected": [ROW]
        },
    )  # fmt: skip
    assert (taken["households"], taken["persons"], taken["accepted"]) == (2, 6, 6)
    again = command.asked("intake", station, people, "--on", "2026-11-15", "--as", "Farid")
    assert (again["households"], again["persons"], again["accepted"]) == (0, 0, 0)

    reviewed = asked(
        "review", station, "--approve-all", user="Hana", shape={"approved": int, "skipped": int}
    )
    assert reviewed == {"approved": 2, "skipped": 0}

    printed = asked(
        "print", station, "--all", "--language", "en", "--out", stick / "papers.pdf", user="Farid",
        shape={
            "file": str, "pages": int,
            "documents": [{"number": str, "person": str, "type": str}],
        },
    )  # fmt: skip
    assert printed["pages"] == len(printed["documents"]) == 8
    assert Path(printed["file"]).read_bytes().startswith(b"%PDF-")

    exported = asked(
        "bundle", "export", station, "--out", stick, user="Hana",
        shape={"bundle": str, "entries": int, "parts": int, "bytes": int},
    )  # fmt: skip
    bundle = Path(exported["bundle"])
    assert bundle.parent == stick
    assert exported["bytes"] == sum(path.stat().st_size for path in bundle.iterdir())
    seen = asked(
        "bundle", "inspect", bundle, shape={"whole": bool, "signed_by": str, "missing": [str]}
    )
    assert seen["whole"] and seen["missing"] == []

    imported = asked(
        "registry", "import", registry, bundle, "--notice", stick, user="Jaya",
        shape={
            "admitted": int, "known": int, "held": int, "quarantined": int, "match_cases": int,
            "conflicts": int, "reasons": [str], "notice": str,
        },
    )  # fmt: skip
    assert imported["admitted"] == exported["entries"]
    assert imported["known"] == imported["held"] == imported["quarantined"] == 0
    second = command.asked(
        "registry", "import", registry, bundle, "--notice", stick, "--as", "Ilan"
    )
    assert second["admitted"] == 0 and second["known"] == exported["entries"]

    received = asked(
        "station", "receive", station, imported["notice"], user="Hana",
        shape={"acknowledged": int, "outcomes": [{"outcome": str, "code": str}]},
    )  # fmt: skip
    assert received["acknowledged"] == exported["entries"]
    assert {one["outcome"] for one in received["outcomes"]} == {"admitted"}

    for folder in (station, registry):
        assert asked("check", folder, shape={"entries": int, "problems": [str]})["problems"] == []
        assert asked("rebuild", folder, shape={"entries": int, "changed": int})["changed"] == 0
        found = asked(
            "search", folder, "orlok",
            shape={"results": [{"number": str, "name": str, "name_latin": str, "score": float}]},
        )  # fmt: skip
        assert len(found["results"]) == 6
        by_number = command.asked("search", folder, found["results"][0]["number"])
        assert [one["number"] for one in by_number["results"]] == [found["results"][0]["number"]]

    written = asked("trust", "export", registry, "--out", stick / "trust", shape={"keys": int})
    assert written["keys"] == 1
    assert asked(
        "trust", "export", registry, "--out", stick / "jwks", "--jwks", shape={"keys": int}
    ) == {**written, "file": str(stick / "jwks")}
    (jwk,) = json.loads((stick / "jwks").read_text())["keys"]
    raw = urlsafe_b64decode(jwk["x"] + "=")
    assert (jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519")
    assert urlsafe_b64decode(jwk["kid"] + "==")[:8] == PublicKey(raw).kid
    assert len(urlsafe_b64decode(jwk["kid"] + "==")) == 8

    verdict = {
        "verdict": str, "claims": dict, "results": [dict], "revocation": str, "root_pinned": bool
    }  # fmt: skip
    checked = asked(
        "verify", stick / "papers.pdf", "--trust", stick / "trust", "--root", created["root"],
        "--at", "2026-11-16", shape={**verdict, "trust_age_days": int, "root": str},
    )  # fmt: skip
    assert checked["verdict"] == "valid" and len(checked["results"]) == 8
    assert checked["revocation"] == "checked" and checked["root_pinned"] is True
    assert checked["root"].replace(" ", "") == created["root"].replace(" ", "")
    assert checked["claims"]["169"]["1"] in {one["person"] for one in printed["documents"]}
    loose = asked(
        "verify", stick / "papers.pdf", "--trust", stick / "jwks", "--at", "2026-11-16",
        shape=verdict,
    )  # fmt: skip
    assert (loose["verdict"], loose["revocation"]) == ("valid", "unknown")
    assert (loose["root_pinned"], loose["trust_age_days"]) == (False, None)

    backed = asked("backup", station, "--out", stick / "b.wsb", shape={"entries": int})
    restored = asked("restore", stick / "b.wsb", tmp_path / "back", shape={"entries": int})
    assert restored["entries"] == backed["entries"]
    recovered = command.asked(
        "recover", tmp_path / "back", "--key", keys[1],
        env={"WAYSTATION_NEW_PASSPHRASE": "a passphrase after that"},
    )  # fmt: skip
    assert recovered["entries"] == backed["entries"]


def test_text_of_a_code_is_verified_from_an_argument_and_from_input(
    busy_site: Site, busy_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers, trust = busy_site.folder / "p.pdf", busy_site.folder / "t"
    busy_command.asked("print", busy_site.station, "--all", "--out", papers, "--as", "officer")
    busy_command.asked("trust", "export", busy_site.station, "--out", trust)
    text = codes.find(papers.read_bytes())[0].text
    at = ("--trust", trust, "--at", "2026-11-16T10:00:00Z")
    assert busy_command.asked("verify", "--text", text, *at)["verdict"] == "valid"
    told = busy_command("verify", "--text", text, *at)
    assert "Issued by: " in told.out
    nobody = busy_command("verify", "--text", text, *at, "--language", "zz")
    assert nobody.code == 2 and "--language" in nobody.err

    def from_input(data: bytes) -> Any:
        read, write = os.pipe()
        os.write(write, data)
        os.close(write)
        with os.fdopen(read, encoding="utf-8") as piped, monkeypatch.context() as patch:
            patch.setattr("sys.stdin", piped)
            return busy_command("verify", "--text", "-", *at, "--json")

    assert from_input(text.encode() + b"\r\n").json["verdict"] == "valid"
    cut = text[:-4].encode()
    for junk in (b"", b"\n", b"\xff\xfe\x00", b"HC1:" + b"A" * 40, b"x" * 60_000, cut):
        ran = from_input(junk)
        assert ran.code == 1 and ran.json["verdict"] in {"unreadable", "forged"}, junk[:20]

    late = busy_command("verify", "--text", text, "--trust", trust, "--at", "2030-01-01", "--json")
    assert late.code == 1 and late.json["verdict"] == "expired"
    early = busy_command("verify", "--text", text, "--trust", trust, "--at", "2020-01-01", "--json")
    assert early.code == 1 and early.json["verdict"] == "not_yet_valid"
    pinned = busy_command("verify", "--text", text, *at, "--root", "ab" * 32, "--json")
    assert pinned.code == 1 and pinned.json["error"]["code"] == "root_mismatch"
    assert busy_command("verify", "--text", text, papers, *at).code == 2
    assert busy_command("verify", *at).code == 2
    assert busy_command("verify", "--text", text, "--trust", trust, "--at", "soon").code == 2
    assert busy_command("verify", "--text", text, "--trust", papers).code == 1
    assert busy_command("verify", busy_site.folder / "none", *at).code == 1


def test_a_checkpoint_reads_what_the_guide_says(busy_site: Site, busy_command: Command) -> None:
    """One block for each code: the page and the verdict, then what to compare with the paper."""
    papers, trust = busy_site.folder / "p.pdf", busy_site.folder / "t"
    busy_command.asked("print", busy_site.station, "--all", "--out", papers, "--as", "officer")
    busy_command.asked("trust", "export", busy_site.station, "--out", trust)
    at = ("--trust", trust, "--at", "2026-11-16")
    blocks = busy_command("verify", papers, *at).out.split("\n\n")
    assert len(blocks) == 10, "nine papers, and what was trusted"
    first, second = (dict(_facts(one)) for one in blocks[:2])
    assert blocks[0].startswith("page 1: VALID. ") and blocks[1].startswith("page 2: VALID. ")
    assert first["Document"] == "Provisional household attestation"
    assert second["Document"] == "Provisional registration document"
    assert second["Date of birth"] == "4 March 1990"
    assert second["Document number"].startswith("WST-A01-") and "-D0" in second["Document number"]
    assert second["Issued on"] == "15 November 2026" and "Valid until" in second
    late = busy_command("verify", papers, "--trust", trust, "--at", "2020-01-01").out
    assert late.startswith("page 1: NOT VALID YET. ")
    sheets = busy_site.folder / "f.pdf"
    made = busy_command.asked(
        "print", busy_site.station, "--document", "blank", "--out", sheets, "--as", "officer"
    )
    for given in ((sheets,), ("--text", made["numbers"][0].lower())):
        told = busy_command("verify", *given, *at)
        assert told.code == 1 and "a blank form of an office, no document" in told.out


def _facts(block: str) -> list[tuple[str, str]]:
    lines = (one.strip().partition(": ") for one in block.splitlines()[1:])
    return [(label, value) for label, _, value in lines]


def test_a_picture_of_a_paper_is_verified(busy_site: Site, busy_command: Command) -> None:
    import pypdfium2

    papers, trust = busy_site.folder / "p.pdf", busy_site.folder / "t"
    busy_command.asked("print", busy_site.station, "--all", "--out", papers, "--as", "officer")
    busy_command.asked("trust", "export", busy_site.station, "--out", trust)
    page = pypdfium2.PdfDocument(papers)[1]
    picture = busy_site.folder / "photo.jpg"
    page.render(scale=3).to_pil().convert("RGB").save(picture, quality=80)
    seen = busy_command.asked("verify", picture, "--trust", trust, "--at", "2026-11-16")
    assert seen["verdict"] == "valid"


def test_the_demo_answers_what_the_contract_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Command(environment(tmp_path / "state"), monkeypatch, capsys)
    few = tmp_path / "few.csv"
    few.write_text(places.families(2), "utf-8")
    ran = command(
        "demo", tmp_path / "demo", "--list", few, "--on", "2026-11-15", "--json",
        env={"WAYSTATION_PASSPHRASE": None},
    )  # fmt: skip
    assert ran.code == 0, ran
    # Without a passphrase one is made up, and printed for people.
    words = ran.err.split("Passphrase of every user: ")[1].strip()
    assert words not in ran.out and words != WORDS and len(words.split()) == 6
    answer, given = ran.json, {"WAYSTATION_PASSPHRASE": words}
    assert fits(
        answer,
        {
            **dict.fromkeys(
                ("station", "registry", "bundle", "notice", "trust", "jwks", "administrator",
                 "officer", "supervisor", "registrar"), str
            ),
            **dict.fromkeys(
                ("households", "persons", "entries", "admitted", "again_admitted"), int
            ),
            "documents": [str],
            "seconds": dict,
        },
    ), answer  # fmt: skip
    assert (answer["households"], answer["persons"], answer["again_admitted"]) == (2, 4, 0)
    for name in ("station", "registry", "bundle", "notice", "trust", "jwks"):
        assert Path(answer[name]).exists()
    assert all(isinstance(value, float) for value in answer["seconds"].values())
    for user in ("officer", "supervisor", "administrator"):
        assert command("search", answer["station"], "x", "--as", answer[user], env=given).code == 0
    assert command("check", answer["station"]).code == 1
    # Where a demo stands already, another is refused and the first still works.
    assert command("demo", tmp_path / "demo", "--list", few).code == 1
    assert command.asked("check", answer["station"], env=given)["problems"] == []


def test_a_list_that_is_not_there_leaves_nothing_behind(command: Command, tmp_path: Path) -> None:
    ran = command("demo", tmp_path / "demo", "--list", tmp_path / "none.csv")
    assert ran.code == 1
    assert "none.csv is not there" in ran.err
    assert not (tmp_path / "demo").exists()


def test_printing_goes_on_in_parts(busy_command: Command, busy_site: Site) -> None:
    out = busy_site.folder / "part.pdf"
    words = ("print", busy_site.station, "--all", "--unprinted", "--out", out, "--as", "officer")
    first = busy_command.asked(*words, "--most", 4)["documents"]
    rest = busy_command.asked(*words)["documents"]
    assert len(first) == 4 and rest
    numbers = [one["number"] for one in (*first, *rest)]
    assert len(set(numbers)) == len(numbers)
    again = busy_command(*words)
    assert again.code == 1 and "has a document already" in again.sentence
