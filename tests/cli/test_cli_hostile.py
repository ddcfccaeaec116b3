"""What a careless or a hostile hand gives the commands: each ends with a code and a sentence."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import places
from tests.cli.conftest import Command, Ran
from tests.places import Site, families


def ended_well(ran: Ran) -> None:
    """Refused or done, never a fault; a refusal is one sentence, or an answer that says why."""
    assert ran.code in (0, 1, 2), ran
    if ran.code == 1:
        assert ran.err.strip() or ran.out.strip(), ran
        assert "Traceback" not in ran.err


def test_folders_are_named_from_where_one_stands(
    busy_site: Site, busy_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(busy_site.folder)
    (busy_site.folder / "stick").mkdir()
    assert busy_command.asked("check", "station")["problems"] == []
    sent = busy_command.asked("bundle", "export", "station", "--out", "stick", "--as", "supervisor")
    got = busy_command.asked(
        "registry", "import", "registry", sent["bundle"], "--notice", "stick", "--as", "registrar"
    )
    busy_command.asked("station", "receive", "./station", got["notice"], "--as", "officer")
    busy_command.asked("backup", "station", "--out", "b.wsb")
    busy_command.asked("restore", "b.wsb", "back")
    monkeypatch.chdir(busy_site.station)
    assert busy_command.asked("check", ".")["problems"] == []


def test_a_workspace_behind_a_link_is_the_same_workspace(
    busy_site: Site, busy_command: Command
) -> None:
    link = busy_site.folder / "link"
    link.symlink_to(busy_site.station)
    ran = busy_command("review", link, "--approve-all", "--as", "supervisor")
    assert ran.code == 0
    assert "new numbers" not in ran.err


def test_a_bundle_behind_a_link_is_the_same_bundle(busy_site: Site, busy_command: Command) -> None:
    link = busy_site.outbox / "link"
    link.symlink_to(busy_site.send())
    got = busy_command.asked("registry", "import", busy_site.registry, link, "--as", "registrar")
    assert got["admitted"] == 26
    loop = busy_site.outbox / "loop"
    loop.symlink_to(loop)
    for words in (
        ("registry", "import", busy_site.registry, loop, "--as", "registrar"),
        ("bundle", "inspect", loop),
        ("check", loop),
        ("intake", busy_site.station, loop, "--as", "officer"),
    ):
        ended_well(busy_command(*words))


def test_a_device_where_a_file_is_wanted(busy_site: Site, busy_command: Command) -> None:
    for device in ("/dev/null", "/dev/full"):
        for words in (
            ("intake", busy_site.station, device, "--as", "officer"),
            ("verify", device, "--trust", device),
            ("restore", device, busy_site.folder / "back"),
            ("station", "enrol", busy_site.station, "--grant", device),
            (
                "registry",
                "enrol",
                busy_site.registry,
                "--request",
                device,
                "--out",
                busy_site.folder / "g",
            ),
            ("recover", busy_site.station, "--key", device),
            ("registry", "import", busy_site.registry, device, "--as", "registrar"),
            ("bundle", "inspect", device),
        ):
            ran = busy_command(*words)
            assert ran.code in (1, 2), (words, ran)
    pipe = busy_site.folder / "pipe"
    os.mkfifo(pipe)
    ran = busy_command("intake", busy_site.station, pipe, "--as", "officer", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "no_list")
    ran = busy_command("trust", "export", busy_site.station, "--out", pipe)
    assert ran.code in (1, 2) and pipe.is_fifo(), "what is there is no file, and stays"


@pytest.mark.parametrize("what", ["request", "grant"])
def test_damaged_requests_and_grants(site: Site, command: Command, what: str) -> None:
    chance = random.Random(20261115)
    new, request, grant = (site.folder / name for name in ("new", "asked", "granted"))
    command.asked("station", "request", new, "--name", "Site C", "--out", request)
    command.asked("registry", "enrol", site.registry, "--request", request, "--out", grant)
    whole = (request if what == "request" else grant).read_bytes()
    bad = site.folder / "bad"
    cuts = [whole[:size] for size in (0, 1, 10, len(whole) // 2, len(whole) - 1)]
    flips = [
        whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        for place in (chance.randrange(len(whole)) for _ in range(40))
    ]
    for data in (*cuts, *flips, whole + b"\0", b"\0" * 5000, os.urandom(3_000_000)):
        bad.write_bytes(data)
        if what == "request":
            words: tuple[object, ...] = (
                "registry", "enrol", site.registry, "--request", bad, "--out", site.folder / "g",
            )  # fmt: skip
        else:
            words = ("station", "enrol", new, "--grant", bad)
        ran = command(*words, "--json")
        assert ran.code == 1, (data[:20], ran)
        assert ran.json["error"]["message"].endswith(".")
    assert not (site.folder / "g").exists()
    command.asked("station", "enrol", new, "--grant", grant)


def test_a_grant_for_another_station_is_refused(site: Site, command: Command) -> None:
    new, request = site.folder / "new", site.folder / "asked"
    command.asked("station", "request", new, "--name", "Site C", "--out", request)
    ran = command("station", "enrol", new, "--grant", site.folder / "station-grant.wst", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "other_request")
    ran = command("station", "enrol", site.station, "--grant", request, "--json")
    assert ran.code == 1
    # The grant of another registry for the same request.
    assert command.asked("check", new)["problems"] == []


def test_the_same_request_twice_keeps_the_code(site: Site, command: Command) -> None:
    new, request = site.folder / "new", site.folder / "asked"
    command.asked("station", "request", new, "--name", "Site C", "--out", request)
    words = ("registry", "enrol", site.registry, "--request", request, "--out")
    first = command.asked(*words, site.folder / "g1")
    second = command.asked(*words, site.folder / "g2")
    assert first["code"] == second["code"] == "A02"
    # Either can be taken, and the other after it changes nothing.
    command.asked("station", "enrol", new, "--grant", site.folder / "g2")
    command.asked("station", "enrol", new, "--grant", site.folder / "g1")
    command.asked("user", "add", new, "--name", "x", "--role", "officer")
    assert command.asked("check", new)["problems"] == []


def test_a_request_with_a_station_id_that_is_taken_is_refused(site: Site, command: Command) -> None:
    """Somebody's program asks under the id of a station that is enrolled."""
    from ledger.enrolment import Request
    from ledger.keys import SigningKey
    from sync.seal import new_identity, recipient_of
    from tests.places import office_of
    from values.identifiers import OfficeId, UserId, uuid7

    now, chance = site.clock.now(), site.env.entropy
    forged = Request.create(
        office=OfficeId(office_of(site.station)), name="Site A",
        station_key=SigningKey.generate(chance), document_key=SigningKey.generate(chance),
        recipient=recipient_of(new_identity()), administrator=UserId(uuid7(now, chance)),
        login="mallory", administrator_key=SigningKey.generate(chance), requested_at=now,
    )  # fmt: skip
    (site.folder / "forged").write_bytes(forged.data)
    ran = command(
        "registry", "enrol", site.registry, "--request", site.folder / "forged",
        "--out", site.folder / "g", "--json",
    )  # fmt: skip
    assert (ran.code, ran.json["error"]["code"]) == (1, "station_known")


QUERIES = [
    "", " ", "a", "%", "_", "'; DROP TABLE persons; --", '"', "\\", "\0", "\u202e", "🦆" * 50,
    "x" * 100_000, "WST-A01-", "WST-A01-AAA-P00001-00", "١٢٣", "*", "t:*", "ا" * 1000, "\n\t",
    "NULL", "a b " * 5000, "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_any_query_is_answered(busy_site: Site, busy_command: Command, number: int) -> None:
    ran = busy_command("search", busy_site.station, QUERIES[number], "--json")
    assert ran.code == 0, ran
    assert len(ran.json["results"]) <= 20


def test_any_person_and_type_is_answered(busy_site: Site, busy_command: Command) -> None:
    for query in QUERIES:
        for more in ((), ("--document", query or "x"), ("--language", query)):
            ran = busy_command(
                "print", busy_site.station, "--person", query, "--out", busy_site.folder / "p.pdf",
                "--as", "officer", *more,
            )  # fmt: skip
            assert ran.code == 1, (query, ran)
    assert not (busy_site.folder / "p.pdf").exists()


def test_names_of_stations_and_users(site: Site, command: Command, tmp_path: Path) -> None:
    for number, name in enumerate(QUERIES):
        ran = command(
            "station", "request", tmp_path / str(number), "--name", name, "--admin", name,
            "--out", tmp_path / f"r{number}",
        )  # fmt: skip
        ended_well(ran)
        ended_well(command("user", "add", site.station, "--name", name, "--role", "officer"))
    assert command.asked("check", site.station)["problems"] == []


def test_a_list_that_is_too_long(site: Site, command: Command) -> None:
    line = places.row("H-1", "other", "Arun Orlok")
    path = site.write_list(places.HEADER + "\n" + (line + "\n") * 50_001)
    ran = command("intake", site.station, path, "--as", "officer", "--json")
    assert ran.code == 1
    assert "split" in ran.sentence.lower()


def test_a_list_with_enormous_cells(site: Site, command: Command) -> None:
    path = site.write_list(
        places.listing(
            places.row("H-1", "head", "A" * 200_000),
            places.row("H" * 100_000, "head", "Bela Orlok"),
            places.row("H-3", "head", "Chana Orlok", document="9" * 100_000),
        )
    )
    ran = command("intake", site.station, path, "--on", "2026-11-15", "--as", "officer", "--json")
    ended_well(ran)
    assert command.asked("check", site.station)["problems"] == []


def test_a_zip_bomb_is_no_list(site: Site, command: Command) -> None:
    import zipfile

    path = site.folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.xml", b" " * 300_000_000)
    ran = command("intake", site.station, path, "--as", "officer", "--json")
    assert ran.code == 1, ran


def test_an_old_bundle_again_and_again(busy_site: Site, busy_command: Command) -> None:
    """Replayed bundles, old ones after new ones, change nothing.

    Sync 4 (a): the same bundle again makes rows again.
    """
    first = busy_site.send()
    busy_site.take_in(families(1, first=30))
    second = busy_site.send()
    counts = []
    for bundle in (second, first, second, first, first):
        got = busy_command.asked(
            "registry", "import", busy_site.registry, bundle, "--as", "registrar"
        )
        counts.append((got["admitted"] > 0, got["held"], got["quarantined"]))
    assert counts == [(True, 0, 0)] + [(False, 0, 0)] * 4
    assert busy_command.asked("check", busy_site.registry)["problems"] == []


def test_an_attack_by_file_names_in_a_bundle(busy_site: Site, busy_command: Command) -> None:
    """Sync 3 (i): names of files that lead out of the folder."""
    bundle = busy_site.send()
    (bundle / "..\\..\\evil").write_text("x")
    (bundle / "00001.age").symlink_to("/etc/passwd")
    os.mkfifo(bundle / "pipe")
    got = busy_command.asked("registry", "import", busy_site.registry, bundle, "--as", "registrar")
    assert got["admitted"] == 26
    seen = busy_command.asked("bundle", "inspect", bundle)
    assert seen["whole"] and len(seen["unexpected"]) == 3


def test_a_trust_file_of_the_wrong_kind(busy_site: Site, busy_command: Command) -> None:
    papers = busy_site.folder / "p.pdf"
    busy_command.asked("print", busy_site.station, "--all", "--out", papers, "--as", "officer")
    bad = busy_site.folder / "bad"
    for data in (
        b"", b"{}", b"[]", b'{"keys": 1}', b'{"keys": [1]}', b'{"keys": [{"kty": "OKP"}]}',
        b"\xd2\x84", os.urandom(4000), b"{" * 100_000, b'{"keys": []}',
    ):  # fmt: skip
        bad.write_bytes(data)
        ran = busy_command("verify", papers, "--trust", bad, "--json")
        assert ran.code == 1, (data[:20], ran)


def test_slots_that_grew(busy_site: Site, busy_command: Command) -> None:
    (busy_site.station / "slots.json").write_bytes(b" " * 3_000_000)
    ran = busy_command("check", busy_site.station, "--as", "officer", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "damaged_slots")


Spoil = Callable[[Path], None]


def _no_rights(folder: Path) -> None:
    folder.chmod(0)


@pytest.mark.parametrize("spoil", [_no_rights])
def test_the_state_folder_is_gone_or_closed(
    busy_site: Site, busy_command: Command, spoil: Spoil
) -> None:
    """Without the device's secret no passphrase opens; the sentence says what does."""
    shutil.rmtree(busy_site.state)
    ran = busy_command("check", busy_site.station, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "other_device")
    secret = next(busy_site.state.glob("device-*"))
    secret.write_text("{")
    ran = busy_command("check", busy_site.station, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "device_secret")
    spoil(busy_site.state)
    ended_well(busy_command("check", busy_site.station))
    busy_site.state.chmod(0o700)
