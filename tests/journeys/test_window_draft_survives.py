"""The window is killed while a family is taken in, an event told or a record corrected: at most two
seconds of typing are lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from tests.journeys.hands import Hands, at_the_keyboard, sit_down
from tests.places import Site, families

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

MAY_BE_LOST: Final = 2.0
"""Seconds of typing, from the key that was not saved to the kill."""
ROOT: Final = Path(__file__).parents[2]

Shown = Callable[[Hands], Iterator[tuple[str, str]]]


def typed_until_killed(
    site: Site, work: str, moment: random.Random
) -> tuple[dict[str, str], dict[str, str]]:
    """Start the program, let the officer type, kill it at some key after the first save.

    Returns what had been typed two seconds before the kill, and at the kill.
    """
    typed: list[tuple[float, dict[str, str]]] = []
    left: int | None = None  # keys until the kill, once something was saved
    with (
        tempfile.TemporaryFile("w+") as faults,  # a pipe that nobody reads would fill and block it
        subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.typist", str(site.folder), work],
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


def family(hands: Hands) -> Iterator[tuple[str, str]]:
    """Go on with the family that was left off: what stands in its fields, page by page."""
    hands.press("Alt+2")
    hands.sees("1 person, saved")
    hands.focused("interview-new")
    hands.press("Tab")
    assert hands.focus.startswith("draft-")
    hands.press("Space")
    hands.sees("Head of the household")
    hands.press("F3")
    yield from fields(hands, "name", "name_latin")
    hands.press("F2")
    yield from fields(hands, "origin_country", "origin_place", "origin_code", "cause", "arrival")
    hands.press("Ctrl+PgDown")
    yield from fields(hands, "notes")


def event(hands: Hands) -> Iterator[tuple[str, str]]:
    """The same for the event."""
    go_on(hands, "event-event-")
    yield from fields(hands, "date", "origin_country", "origin_place", "origin_code")
    hands.press("Ctrl+PgDown")
    yield from fields(hands, "cause", "notes")


def correction(hands: Hands) -> Iterator[tuple[str, str]]:
    """The same for the correction."""
    go_on(hands, "correction-person-")
    hands.sees("This was typed before and is not signed yet.")
    yield from fields(hands, "name")
    hands.press("Ctrl+PgDown")
    yield from fields(hands, "birth_place")
    hands.press("Ctrl+R")
    yield from fields(hands, "reason")


def go_on(hands: Hands, line: str) -> None:
    """From the line of the first page on which it is listed."""
    hands.until(lambda: _names(hands, line), line)
    hands.go_to(_names(hands, line)[0])
    hands.press("Space")


def fields(hands: Hands, *names: str) -> Iterator[tuple[str, str]]:
    """What stands in these fields, once they are there."""
    for name in names:
        hands.until(partial(_shows, hands, f"input-{name}"), name)
        yield name, hands.typed(f"input-{name}")


def _names(hands: Hands, start: str) -> list[str]:
    return [name for one in hands.in_sight() if (name := one.objectName()).startswith(start)]


def _shows(hands: Hands, name: str) -> bool:
    return any(one.objectName() == name for one in hands.in_sight())


@pytest.mark.parametrize(("shown", "seed"), [(family, 1), (family, 2), (event, 3), (correction, 4)])
def test_what_was_typed_survives_a_kill(
    qtbot: Any, site: Site, tmp_path: Path, shown: Shown, seed: int
) -> None:
    if shown is correction:
        site.take_in(families(1))
    surely, at_most = typed_until_killed(site, shown.__name__, random.Random(seed))
    site.clock.advance(timedelta(hours=2))
    with at_the_keyboard(qtbot, tmp_path / "glass", site.env) as hands:
        sit_down(hands, site.station)
        hands.unlock("officer")
        found = dict(shown(hands))
    for field, text in surely.items():
        assert found[field].startswith(text), f"{field} lost more than two seconds"
    for field, text in found.items():
        assert at_most.get(field, "").startswith(text), f"{field} says what nobody typed"
    assert sum(map(len, found.values())) > 10
