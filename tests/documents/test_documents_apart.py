"""Foreign files are looked into by a process that can be ended."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from documents import apart, codes
from documents.codes import Unseen
from documents.pages import render
from documents.trust import Trust
from documents.verify import judge_all, search_file
from tests.documents.builders import NOW, page
from tests.documents.hostile_pdf import repeating, tiled
from tests.documents.test_documents_searching import joined

ONE = page()
PAPER = render([ONE], created=NOW)
FOR_EVER = 1e6  # seconds


def test_it_finds_what_is_found_here_and_tells_how_far_it_is() -> None:
    steps: list[tuple[int, int]] = []
    data = joined(PAPER, PAPER)
    found = apart.search(data, progress=lambda done, total: steps.append((done, total)))
    assert found == codes.search(data)
    assert steps == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize("hostile", [repeating, tiled])
def test_a_page_that_never_ends_is_ended_and_said(hostile: Callable[[], bytes]) -> None:
    """MOSIP 903: a device hangs while it captures, and the machine must be started again."""
    assert apart.search(hostile(), page_seconds=1).unseen == Unseen("too_demanding")


def test_what_was_found_before_it_is_judged_and_the_rest_is_said(trust: Trust) -> None:
    steps: list[tuple[int, int]] = []
    seen = apart.search(
        joined(PAPER, tiled(), PAPER),
        progress=lambda done, total: steps.append((done, total)),
        stopped=lambda: (1, 3) in steps,
    )
    told = [(one.reason, one.page) for one in judge_all(seen, trust, at=NOW).results]
    assert told == [("valid", 1), ("too_demanding", 2)]


def test_all_pages_together_have_an_end() -> None:
    seen = apart.search(tiled(), page_seconds=FOR_EVER, file_seconds=1)
    assert seen.unseen == Unseen("too_demanding")


def test_nobody_waits_any_more(tmp_path: Path) -> None:
    file = tmp_path / "hostile.pdf"
    file.write_bytes(tiled())
    answers = [False, False, True]
    assert search_file(file, stopped=lambda: answers.pop(0)).unseen == Unseen("too_demanding")
    assert answers == []


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


def test_it_ends_with_whoever_waits() -> None:
    program = """
import sys
from documents import apart
from tests.documents.hostile_pdf import tiled
with apart._Reader(tiled()) as reader:
    assert reader.next(60, lambda: False) == {"done": 0, "total": 1}
    print(reader._process.pid, flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as waiting:
        assert waiting.stdout is not None
        reader = os.pidfd_open(int(waiting.stdout.readline()))
        try:
            assert not _ended(reader, seconds=0), "it draws, and nothing ends that but its end"
            waiting.kill()
            assert _ended(reader, seconds=60)
        finally:
            os.close(reader)


def _ended(process: int, *, seconds: float) -> bool:
    """Whether a process, by its descriptor, ends before so many seconds are over."""
    return bool(select.select([process], [], [], seconds)[0])
