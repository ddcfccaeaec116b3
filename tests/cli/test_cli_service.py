"""`waystation registry serve` and `waystation sync`."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from benchmarks.uploads import uploads
from cli.commands import syncing
from tests.cli.conftest import Command
from tests.faults.forking import Forker
from tests.places import Site
from tests.serving import served


def test_serve_and_sync(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    """The commands of the contract, with both processes of the service."""
    forker = Forker(tmp_path)
    child = None
    try:
        child = forker.start(
            "registry", "serve", busy_site.registry, "--port", "0", "--json",
            state=busy_site.state, at=busy_site.clock.now(),
        )  # fmt: skip
        child.wait_for_lines(1)
        said = json.loads(child.lines[0])
        assert said["url"] == f"http://127.0.0.1:{said['port']}" and len(said["processes"]) == 2
        words = ("sync", busy_site.station, "--as", "supervisor", "--url", said["url"])
        done = busy_command.asked(*words)
        assert done["uploaded"] == done["acknowledged"] == 26
        assert {one["outcome"] for one in done["outcomes"]} == {"admitted"}
        again = busy_command.asked(*words)
        assert (again["uploaded"], again["acknowledged"], again["waiting"]) == (0, 0, False)
        os.kill(child.pid, signal.SIGTERM)
        assert child.wait() == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in said["processes"])
    finally:
        if child is not None and not child.code_file.exists():
            child.kill()
        forker.close()
    assert busy_command.asked("check", busy_site.registry)["problems"] == []


def test_a_line_that_broke(
    busy_site: Site, busy_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenCRVS 12292, 9866, 13326: what did not go is said, in a sentence, with what to do."""
    monkeypatch.setattr(syncing.time, "sleep", lambda seconds: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        words = (
            "sync", busy_site.station, "--as", "supervisor", "--url", f"http://127.0.0.1:{port}"
        )  # fmt: skip
        ran = busy_command(*words, "--json")
    assert ran.code == 1
    assert ran.json["error"]["code"] == "line"
    assert (ran.json["uploaded"], ran.json["acknowledged"]) == (0, 0)
    assert "run it again" in ran.sentence
    with served(busy_site) as service:
        said = busy_command("sync", busy_site.station, "--as", "supervisor", "--url", service.url)
    assert said.code == 0
    assert said.out.splitlines()[0] == "26 entries uploaded, 26 entries acknowledged now."


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://registry.invalid:8443", "not_protected"),
        ("https://registry.invalid", "no_authority"),
        ("ftp://registry.invalid", "url"),
        ("https://", "url"),
        ("https://user@registry.invalid", "url"),
        ("https://registry.invalid/path", "url"),
        ("nonsense", "url"),
        ("", "url"),
        (None, "no_service"),
    ],
)
def test_addresses(site: Site, command: Command, url: str | None, code: str) -> None:
    more = () if url is None else ("--url", url)
    ran = command("sync", site.station, "--as", "supervisor", *more, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, code)


def test_what_stands_in_the_way_of_serving(
    site: Site, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("registry", "serve", site.registry, "--as", "service")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = command(*words, "--port", port)
        assert (ran.code, ran.out) == (1, "")
        assert ran.sentence == f"Port {port} is taken by another program. Give another with --port."
    assert "--name" in command(*words, "--host", "0.0.0.0").sentence  # noqa: S104 - it is refused
    assert "station" in command("registry", "serve", site.station).sentence
    with site.at_registry():
        assert "Another program" in command(*words).sentence
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "uvicorn", None)
        assert "extra `registry`" in command(*words, "--port", "0").sentence


def test_the_benchmark_of_uploads(tmp_path: Path) -> None:
    """Small: that it runs, and that nobody fails."""
    found = uploads(tmp_path, stations=3, photos=18).values
    assert (found["failed_stations"], found["admitted_bundles"]) == (0, 3)
    assert found["part_n"] == 3 and found["p95_ratio"] > 0
