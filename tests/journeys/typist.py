"""A program of its own: the window of a station, and an officer who types until she is stopped.

    python -m tests.journeys.typist FOLDER

Before each key it says on standard output when it was pressed and what stands in each field by
then, and once, that the window has noted its first save. The test that started it kills it.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import application
from tests.journeys.hands import Hands, at_the_keyboard, sit_down  # sets the platform first
from tests.places import Site, environment

BETWEEN_KEYS: Final = 15
"""Milliseconds: faster than anybody types."""

HOUSEHOLD: Final = (
    ("origin_country", "Somalia"),
    ("origin_place", "Bay; Baidoa, the quarter behind the market"),
    ("origin_code", "SO2401"),
    ("cause", "War or armed conflict"),
    ("arrival", "2026-04-18"),
)
HEAD: Final = (
    ("name", "آمنة يوسف علي حسن"),
    ("name_latin", "Amina Yusuf Ali Hassan"),
)
NOTES: Final = ("notes", "They ask for the brother who went ahead. " * 40)


class Patience:
    """Waits as the tests' own helper does, without pytest."""

    def waitUntil(  # noqa: N802 - as pytest-qt calls it
        self, check: Callable[[], object], *, timeout: int = 20_000
    ) -> None:
        deadline = time.monotonic() + timeout / 1000
        while True:
            try:
                if check() in (True, None):
                    return
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
            if time.monotonic() > deadline:
                raise AssertionError("waited too long")
            loop = QEventLoop()
            QTimer.singleShot(5, loop.quit)
            loop.exec()


def keys(hands: Hands, said: dict[str, str]) -> Iterator[None]:
    """One key after the other; ``said`` is what stands in the fields."""

    def letters(field: str, text: str) -> Iterator[None]:
        for letter in text:
            said[field] = said.get(field, "") + letter
            yield
            hands.type(letter)

    for field, text in HEAD:
        yield from letters(field, text)
        hands.press("Return")
    hands.press("F2")
    for field, text in HOUSEHOLD:
        yield from letters(field, text)
        hands.press("Return")
    hands.press("Tab")
    yield from letters(*NOTES)


def _end(*fault: Any) -> None:
    """A fault under Qt's loop would only be printed, and the loop go on."""
    traceback.print_exception(*fault)
    sys.stderr.flush()
    os._exit(1)


def main(folder: Path) -> None:
    """Type until the end of the text, which no test lets come."""
    sys.excepthook = _end
    application([])
    env = environment(folder / "state")
    site = Site(folder, env)
    said: dict[str, str] = {}
    loop, noted = QEventLoop(), False
    with at_the_keyboard(Patience(), folder / "glass", env) as hands:
        sit_down(hands, site.station)
        hands.unlock("officer")
        hands.press("Ctrl+N")
        hands.focused("input-name")
        typing = keys(hands, said)

        def tick() -> None:
            nonlocal noted
            if not noted and hands.text("page-note").startswith("Saved"):
                noted = True
                print(json.dumps({"saved": True}), flush=True)
            if next(typing, "done") == "done":
                loop.quit()
                return
            print(json.dumps({"at": time.monotonic(), "said": said}), flush=True)

        timer = QTimer()
        timer.timeout.connect(tick)
        timer.start(BETWEEN_KEYS)
        loop.exec()
    QApplication.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
