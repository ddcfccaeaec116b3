"""Junk where the program keeps its own small files: refused with a sentence, never a fault."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command
from tests.places import Site

OURS = ("office.json", "slots.json", "store.json")
JUNK = {
    "null": b"null",
    "text": b'"x"',
    "number": b"5",
    "list": b"[]",
    "object": b"{}",
    "deep": b"[" * 100_000,
    "nul": b"\0" * 100,
    "empty": b"",
    "lists": b"[[1]]",
    "format": b'{"format":1}',
    "digits": b'{"format":' + b"9" * 5000 + b"}",
    "utf-16": '{"format":1}'.encode("utf-16"),
    "latin": b'{"\xff":1}',
    "surrogate": b'{"format":1,"engine":"sqlcipher","key_check":"\\ud800","url":""}',
    "huge": b" " * 40_000_000,
}
VALUES: list[Any] = [None, [], {}, 5, "x", "00", 10**30, -1, True, 1e999, "a\nb\u202e"]


def ended_well(command: Command, *words: object) -> str:
    """The command ends with 0 or 1 and says something; returns the refusal's code."""
    ran = command(*words, "--json")
    assert ran.code in (0, 1), ran
    assert "Traceback" not in ran.err
    error = ran.json.get("error")
    if error:
        assert error["message"].endswith(".")
        return str(error["code"])
    return ""


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("junk", JUNK)
def test_a_file_of_ours_is_junk(
    busy_site: Site, busy_command: Command, name: str, junk: str
) -> None:
    (busy_site.station / name).write_bytes(JUNK[junk])
    assert ended_well(busy_command, "check", busy_site.station, "--as", "officer")
    assert ended_well(busy_command, "rebuild", busy_site.station, "--as", "officer")


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    yield at
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*at, key))
    elif isinstance(value, list):
        for index in range(min(1, len(value))):
            yield from places(value[index], (*at, index))


def changed(value: Any, at: tuple[Any, ...], new: Any) -> bytes:
    """The JSON with another value at that place."""
    if not at:
        return json.dumps(new).encode()
    copy = json.loads(json.dumps(value))
    inner = copy
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = new
    return json.dumps(copy).encode()


@pytest.mark.parametrize("name", OURS)
def test_any_value_in_a_file_of_ours(busy_site: Site, busy_command: Command, name: str) -> None:
    path = busy_site.station / name
    kept = json.loads(path.read_bytes())
    for at in places(kept):
        for new in VALUES:
            path.write_bytes(changed(kept, at, new))
            ended_well(busy_command, "check", busy_site.station, "--as", "officer")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Another Site"),
        ("operation", "Another operation"),
        ("kind", "registry"),
        ("id", "01a1dea6-a690-7b0d-b568-61adcab5f016"),
        ("training", True),
        ("enrolled", False),
    ],
)
def test_check_tells_a_card_that_was_changed(
    busy_site: Site, busy_command: Command, field: str, value: object
) -> None:
    """It is read before anyone has unlocked, so anybody could change it."""
    path = busy_site.station / "office.json"
    card = json.loads(path.read_bytes())
    path.write_text(json.dumps({**card, field: value}))
    ran = busy_command("check", busy_site.station, "--as", "officer", "--json")
    assert ran.code == 1
    (problem,) = ran.json["problems"]
    assert f"another {field} " in problem
    assert busy_command("rebuild", busy_site.station, "--as", "officer").code == 0
    assert json.loads(path.read_bytes()) == card
    assert busy_command("check", busy_site.station, "--as", "officer").code == 0


def test_another_offices_card_is_told(busy_site: Site, busy_command: Command) -> None:
    card = (busy_site.registry / "office.json").read_bytes()
    (busy_site.station / "office.json").write_bytes(card)
    ran = busy_command("check", busy_site.station, "--as", "officer", "--json")
    assert (ran.code, len(ran.json["problems"]) > 1) == (1, True)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("name", [*OURS, "lock"])
@pytest.mark.parametrize("put", [_pipe, _device, _folder])
def test_what_is_no_file_is_not_read(
    busy_site: Site, busy_command: Command, name: str, put: Any
) -> None:
    path = busy_site.station / name
    path.unlink()
    put(path)
    assert ended_well(busy_command, "rebuild", busy_site.station, "--as", "officer")


def test_a_lock_that_is_a_link_harms_no_file(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("precious")
    lock = busy_site.station / "lock"
    lock.unlink()
    lock.symlink_to(precious)
    assert ended_well(busy_command, "rebuild", busy_site.station, "--as", "officer") == "file"
    assert precious.read_text() == "precious"


STATE_JUNK = {
    **{name: data for name, data in JUNK.items() if name != "surrogate"},
    "no secret": b'{"kept_in":"file"}',
    "bad secret": b'{"kept_in":"file","secret":"zz"}',
    "short secret": b'{"kept_in":"file","secret":"00"}',
    "number": b'{"kept_in":"file","secret":5}',
    "keyring": b'{"kept_in":"keyring"}',
    "negative": b'{"epoch":"00","sequence":-5}',
    "endless": b'{"epoch":"00","sequence":1e999}',
}


@pytest.mark.parametrize("junk", STATE_JUNK)
def test_junk_in_the_accounts_own_folder(busy_site: Site, busy_command: Command, junk: str) -> None:
    for path in sorted(busy_site.state.glob("*.json")):
        kept = path.read_bytes()
        path.write_bytes(STATE_JUNK[junk])
        for folder in (busy_site.station, busy_site.registry):
            code = ended_well(busy_command, "rebuild", folder)
            assert code in ("", "device_secret")
        path.write_bytes(kept)


def test_a_pipe_in_the_accounts_own_folder(busy_site: Site, busy_command: Command) -> None:
    for path in sorted(busy_site.state.glob("*.json")):
        path.unlink()
        os.mkfifo(path)
    assert ended_well(busy_command, "rebuild", busy_site.station) == "device_secret"
