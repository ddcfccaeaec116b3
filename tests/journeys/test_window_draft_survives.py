"""The window is killed in the middle of an interview: at most two seconds of typing are lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from tests.journeys.hands import Hands, at_the_keyboard, sit_down
from tests.places import Site

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

MAY_BE_LOST: Final = 2.0
"""Seconds of typing, from the key that was not saved to the kill."""
ROOT: Final = Path(__file__).parents[2]
SEEDS: Final = (1, 2)


def typed_until_killed(site: Site, moment: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    """Start the program, let the officer type, kill it at some key after the first save.

    Returns what had been typed two seconds before the kill, and at the kill.
    """
    typed: list[tuple[float, dict[str, str]]] = []
    left: int | None = None  # keys until the kill, once something was saved
    with (
        tempfile.TemporaryFile("w+") as faults,  # a pipe that nobody reads would fill and block it
        subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.typist", str(site.folder)],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            stderr=faults,
            text=True,
        ) as program,
    ):
        assert program.stdout is not None
        try:
            for line in program.stdout:
                told = json.loads(line)
                if "saved" in told:
                    left = moment.randrange(5, 160)
                    continue
                typed.append((told["at"], told["said"]))
                left = None if left is None else left - 1
                if left == 0:
                    break
        finally:
            program.kill()
            killed = time.monotonic()
        program.wait()
        faults.seek(0)
        errors = faults.read()
    assert program.returncode == -9, f"it ended by itself:\n{errors}"
    assert left == 0, f"nothing was ever saved:\n{errors}"
    surely = [said for at, said in typed if at <= killed - MAY_BE_LOST]
    return (surely[-1] if surely else {}), typed[-1][1]


def shown(hands: Hands) -> dict[str, str]:
    """What stands in the fields of the family that was left off, page by page."""
    found: dict[str, str] = {}
    for key, fields in (
        ("F3", ("name", "name_latin")),
        ("F2", ("origin_country", "origin_place", "origin_code", "cause", "arrival")),
    ):
        hands.press(key)
        hands.until(partial(_shows, hands, f"input-{fields[0]}"), fields[0])
        for field in fields:
            found[field] = hands.typed(f"input-{field}")
    hands.press("Ctrl+PgDown")
    hands.until(partial(_shows, hands, "input-notes"), "the notes")
    found["notes"] = hands.typed("input-notes")
    return found


def _shows(hands: Hands, name: str) -> bool:
    return any(one.objectName() == name for one in hands.in_sight())


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_typed_survives_a_kill(qtbot: Any, site: Site, tmp_path: Path, seed: int) -> None:
    surely, at_most = typed_until_killed(site, random.Random(seed))
    site.clock.advance(timedelta(hours=1))
    with at_the_keyboard(qtbot, tmp_path / "glass", site.env) as hands:
        sit_down(hands, site.station)
        hands.unlock("officer")
        hands.press("Alt+2")
        hands.sees("1 person, saved")
        hands.focused("interview-new")
        hands.press("Tab")
        assert hands.focus.startswith("draft-")
        hands.press("Space")
        hands.sees("Head of the household")
        found = shown(hands)
    for field, text in surely.items():
        assert found[field].startswith(text), f"{field} lost more than two seconds"
    for field, text in found.items():
        assert at_most.get(field, "").startswith(text), f"{field} says what nobody typed"
    assert sum(map(len, found.values())) > 10
