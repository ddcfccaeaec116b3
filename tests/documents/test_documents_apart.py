"""Foreign files are looked into by a process that can be ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from documents import apart, codes
from documents.codes import Unseen
from documents.pages import render
from documents.trust import Trust
from documents.verify import judge_all, search_file
from tests.documents.builders import NOW, page
from tests.documents.hostile_pdf import repeating
from tests.documents.test_documents_searching import joined

ONE = page()
PAPER = render([ONE], created=NOW)


def test_it_finds_what_is_found_here_and_tells_how_far_it_is() -> None:
    steps: list[tuple[int, int]] = []
    data = joined(PAPER, PAPER)
    found = apart.search(data, progress=lambda done, total: steps.append((done, total)))
    assert found == codes.search(data)
    assert steps == [(0, 2), (1, 2), (2, 2)]


def test_a_page_that_never_ends_is_ended_and_said() -> None:
    begun = time.monotonic()
    assert apart.search(repeating(), page_seconds=3).unseen == Unseen("too_demanding")
    assert time.monotonic() - begun < 10


def test_what_was_found_before_it_is_judged_and_the_rest_is_said(trust: Trust) -> None:
    seen = apart.search(joined(PAPER, repeating(), PAPER), page_seconds=4)
    told = [(one.reason, one.page) for one in judge_all(seen, trust, at=NOW).results]
    assert told == [("valid", 1), ("too_demanding", 2)]


def test_all_pages_together_have_an_end() -> None:
    begun = time.monotonic()
    seen = apart.search(repeating(), page_seconds=100, file_seconds=2)
    assert seen.unseen == Unseen("too_demanding")
    assert time.monotonic() - begun < 10


def test_nobody_waits_any_more(tmp_path: Path) -> None:
    file = tmp_path / "hostile.pdf"
    file.write_bytes(repeating())
    begun = time.monotonic()
    search_file(file, stopped=lambda: time.monotonic() - begun > 1)
    assert time.monotonic() - begun < 8


def test_text_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a process was started for a text")

    monkeypatch.setattr(apart, "_Reader", never)
    assert [one.text for one in apart.search(ONE.credential.encode("ascii")).found] == [
        ONE.credential
    ]


def test_it_knows_no_passphrase() -> None:
    assert apart._without_ours({"WAYSTATION_PASSPHRASE": "x", "HOME": "y"}) == {"HOME": "y"}


def test_memory_and_files_are_limited(tmp_path: Path) -> None:
    program = """
import pathlib, sys
from documents import looking
looking._limit()
try:
    bytearray(3 * 1024**3)
except MemoryError:
    print("no memory")
try:
    pathlib.Path(sys.argv[1]).write_bytes(b"x")
except OSError:
    print("no file")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "x")], capture_output=True, text=True
    )
    assert done.stdout.split("\n")[:2] == ["no memory", "no file"], done.stderr


def test_it_ends_with_whoever_waits(tmp_path: Path) -> None:
    program = """
import sys, time
from documents import apart
from tests.documents.hostile_pdf import repeating
with apart._Reader(repeating()) as reader:
    print(reader._process.pid, flush=True)
    time.sleep(60)
"""
    waiting = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert waiting.stdout is not None
    reader = int(waiting.stdout.readline())
    time.sleep(1.5)  # until it draws
    assert _runs(reader)
    waiting.send_signal(signal.SIGKILL)
    waiting.wait()
    waiting.stdout.close()
    end = time.monotonic() + 10
    while _runs(reader) and time.monotonic() < end:
        time.sleep(0.1)
    assert not _runs(reader)


def _runs(process: int) -> bool:
    """Whether it runs; one that ended and that nobody has asked after does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text("ascii")
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"
