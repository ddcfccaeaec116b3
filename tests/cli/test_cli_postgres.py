"""A registry on PostgreSQL: created, enrolling, importing, checked, backed up to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ledger import kinds
from ledger.entry import Subject
from registry import decide, queues
from tests import neighbours, places
from tests.cli.conftest import Command
from tests.db.conftest import new_database, postgres_socket
from tests.places import environment
from workspace import care

# The throwaway cluster of the store's own tests, for this module as well.
__all__ = ["new_database", "postgres_socket"]


def test_a_registry_on_postgresql(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    new_database: Callable[[], str],
) -> None:
    command = Command(environment(tmp_path / "state"), monkeypatch, capsys)
    registry, station, stick = tmp_path / "registry", tmp_path / "station", tmp_path / "stick"
    stick.mkdir()
    url = new_database()
    ran = command("registry", "create", registry, "--database", url)
    assert ran.code == 0, ran
    assert "encrypted volume" in ran.out and "TLS" in ran.out
    again = command("registry", "create", tmp_path / "other", "--database", url, "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "store_exists")
    assert not list((tmp_path / "other-offline-keys").glob("*")), "keys of no registry are left"

    asked = command.asked
    asked("station", "request", station, "--name", "Site P", "--out", stick / "request")
    asked("registry", "enrol", registry, "--request", stick / "request", "--out", stick / "grant")
    asked("station", "enrol", station, "--grant", stick / "grant")
    for folder, name in ((station, "officer"), (station, "supervisor"), (registry, "registrar")):
        asked("user", "add", folder, "--name", name, "--role", name)
    people = stick / "people.csv"
    people.write_text(places.families(3), "utf-8")
    asked("intake", station, people, "--on", "2026-11-15", "--as", "officer")
    asked("review", station, "--approve-all", "--as", "supervisor")
    bundle = asked("bundle", "export", station, "--out", stick, "--as", "supervisor")["bundle"]

    words = ("registry", "import", registry, bundle, "--notice", stick, "--as", "registrar")
    first, second = asked(*words), asked(*words)
    assert (first["held"], first["quarantined"], second["admitted"]) == (0, 0, 0)
    assert second["known"] == first["admitted"] > 18
    got = asked("station", "receive", station, first["notice"], "--as", "supervisor")
    assert got["acknowledged"] == first["admitted"]

    checked = asked("check", registry)
    assert checked["problems"] == []
    assert asked("rebuild", registry)["changed"] == 0
    here = asked("search", station, "orlok")["results"]
    there = asked("search", registry, "orlok")["results"]
    assert {one["number"] for one in here} == {one["number"] for one in there}
    assert len(there) == 6

    # One program writes; others read. The password is nowhere, and the names are not in the files.
    with places.opened(registry, "registrar", command.env) as session:
        busy = command("rebuild", registry, "--json")
        assert (busy.code, busy.json["error"]["code"]) == (1, "busy")
        assert asked("check", registry)["problems"] == []
        assert care.check(session).problems == ()
    for path in registry.rglob("*"):
        assert b"Orlok" not in path.read_bytes()

    # A backup is one encrypted file, from which a registry without a server comes back.
    asked("backup", registry, "--out", stick / "r.wsb")
    restored = asked("restore", stick / "r.wsb", tmp_path / "back")
    assert restored["entries"] == checked["entries"]
    assert asked("check", tmp_path / "back")["problems"] == []
    assert len(asked("search", tmp_path / "back", "orlok")["results"]) == 6


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://waystation@db.invalid/registry?sslmode=disable", "insecure_database"),
        ("postgresql://waystation@127.0.0.1:1/registry", "connection"),
        ("mysql://root@localhost/x", "insecure_database"),
        ("sqlite:///x.db", "insecure_database"),
        ("nonsense", "insecure_database"),
        ("postgresql://localhost/", "insecure_database"),
    ],
)
def test_a_database_that_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    url: str, code: str,
) -> None:  # fmt: skip
    command = Command(environment(tmp_path / "state"), monkeypatch, capsys)
    ran = command("registry", "create", tmp_path / "registry", "--database", url, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, code)
    # Nothing stands in the way of trying again with the right address.
    assert command("check", tmp_path / "registry").code == 1
    assert not list(tmp_path.rglob("*.age"))


def test_no_text_of_a_station_stops_a_registry_on_postgresql(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    new_database: Callable[[], str],
) -> None:
    """An older or a changed program signed U+0000: put aside, and everything else goes on."""
    command = Command(environment(tmp_path / "state"), monkeypatch, capsys)
    registry, station, stick = tmp_path / "registry", tmp_path / "station", tmp_path / "stick"
    stick.mkdir()
    asked = command.asked
    assert command("registry", "create", registry, "--database", new_database()).code == 0
    asked("station", "request", station, "--name", "Site P", "--out", stick / "request")
    asked("registry", "enrol", registry, "--request", stick / "request", "--out", stick / "grant")
    asked("station", "enrol", station, "--grant", stick / "grant")
    for folder, name in ((station, "officer"), (station, "supervisor"), (registry, "registrar")):
        asked("user", "add", folder, "--name", name, "--role", name)
    people = stick / "people.csv"
    people.write_text(places.families(3), "utf-8")
    asked("intake", station, people, "--on", "2026-11-15", "--as", "officer")
    with places.opened(station, "supervisor", command.env) as session:
        with session.store.read() as reader:
            person = min(reader.persons(), key=lambda one: one.number)
        with neighbours.signing_anything(), session.act() as act:
            act.say(
                kinds.PERSON_VOIDED,
                Subject("person", person.id),
                {"reason": "typed\0twice"},
                base=person.heads,
            )
    with places.opened(station, "officer", command.env) as session, neighbours.signing_anything():
        for body in hostile():
            with session.act() as act:
                act.say(kinds.PERSON_REGISTERED, Subject("person", uuid4()), body)
    words = ("registry", "import", registry, "--notice", stick, "--as", "registrar")
    for bundles in (1, 2):
        bundle = asked("bundle", "export", station, "--out", stick, "--as", "supervisor")["bundle"]
        done = asked(*words[:3], bundle, *words[3:])
        assert done["quarantined"] == (4 if bundles == 1 else 0), done
        assert done["admitted"] > 0
    assert asked("check", registry)["problems"] == []
    # A registrar may let it stand all the same.
    with places.opened(registry, "registrar", command.env) as session:
        aside = [one.entry for one in queues.aside(session)]
        assert decide.release(session, aside, reason="asked the station") == 4
    assert asked("check", registry)["problems"] == []


def hostile() -> list[dict[str, Any]]:
    noise = "".join(chr(0x4E00 + (at * 7919) % 20000) for at in range(9000))
    return [
        {"number": "WST\0", "values": {"name": "Forged One"}},
        {"number": "W-1", "values": {"name": "Forged\0Two", "documents": [{"number": "A\0B"}]}},
        {"number": "W-2", "values": {"name\0": "Forged Three"}},
        {"number": noise, "values": {"name": noise, "documents": [{"number": noise}]}},
    ]
