"""A program of its own: the window of a station, and an officer who types until she is stopped.

    python -m tests.journeys.typist FOLDER family|event|correction

Before each key it says on standard output when it was pressed and what stands in each field by
then, and once, that the window has noted its first save. The test that started it kills it.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import application
from tests.journeys.hands import Hands, at_the_keyboard, sit_down  # sets the platform first
from tests.places import START, Site, environment

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

FLIGHT: Final = (("date", "2026-03-02"), *HOUSEHOLD[:3])
CAUSE: Final = HOUSEHOLD[3]

PERSON: Final = "Den Orlok"
"""Whose record is corrected: the head of the first invented family."""
CORRECTED: Final = ("name", "Andareas Orlok, called the tall one")
ADDED: Final = ("birth_place", "Baidoa, the quarter behind the market")
REASON: Final = ("reason", "He has shown the card of the school. " * 40)


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


class Typist:
    """Types one key after the other; ``said`` is what stands in the fields by then.

    To each kind of work she first sits down, and then types as long as anybody lets her.
    """

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.said: dict[str, str] = {}

    def begin_family(self) -> None:
        self.hands.press("Ctrl+N")
        self.hands.focused("input-name")

    def family(self) -> Iterator[None]:
        yield from self._fields(HEAD)
        self.hands.press("F2")
        yield from self._fields(HOUSEHOLD)
        self.hands.press("Tab")
        yield from self._letters(*NOTES)

    def begin_event(self) -> None:
        self.hands.press("Ctrl+E")
        self.hands.focused("event-search")
        self.hands.type("flight")
        self.hands.press("Return")
        self.hands.focused("input-date")

    def event(self) -> Iterator[None]:
        yield from self._fields(FLIGHT)
        self.hands.press("Ctrl+PgDown")
        yield from self._fields([CAUSE])
        self.hands.go_to(f"input-{NOTES[0]}")
        yield from self._letters(*NOTES)

    def begin_correction(self) -> None:
        self.hands.press("Ctrl+K")
        self.hands.type(PERSON)
        self.hands.press("Return")
        self.hands.sees("Recorded", PERSON)
        self.hands.settle()
        self.hands.press("Return")
        self.hands.focused("person-event")
        self.hands.settle()
        self.hands.press("Ctrl+T")
        self.hands.focused("input-name")

    def correction(self) -> Iterator[None]:
        self.hands.press("Ctrl+A")
        yield from self._letters(*CORRECTED)
        self.hands.press("Ctrl+PgDown")
        self.hands.go_to(f"input-{ADDED[0]}")
        yield from self._letters(*ADDED)
        self.hands.press("Ctrl+R")
        self.hands.focused(f"input-{REASON[0]}")
        yield from self._letters(*REASON)

    def _fields(self, answers: Sequence[tuple[str, str]]) -> Iterator[None]:
        for field, text in answers:
            yield from self._letters(field, text)
            self.hands.press("Return")

    def _letters(self, field: str, text: str) -> Iterator[None]:
        for letter in text:
            self.said[field] = self.said.get(field, "") + letter
            yield
            self.hands.type(letter)


def _end(*fault: Any) -> None:
    """A fault under Qt's loop would only be printed, and the loop go on."""
    traceback.print_exception(*fault)
    sys.stderr.flush()
    os._exit(1)


def main(folder: Path, work: str) -> None:
    """Type until the end of the text, which no test lets come."""
    sys.excepthook = _end
    application([])
    env = environment(folder / "state", at=START + timedelta(hours=1))
    site = Site(folder, env)
    loop, noted, at_it = QEventLoop(), False, False
    with at_the_keyboard(Patience(), folder / "glass", env) as hands:
        sit_down(hands, site.station)
        hands.unlock("officer")
        typist = Typist(hands)
        getattr(typist, f"begin_{work}")()
        typing = getattr(typist, work)()

        def tick() -> None:
            nonlocal at_it
            if at_it:  # she waits for something to come on the screen
                return
            at_it = True
            press()
            at_it = False

        def press() -> None:
            nonlocal noted
            if not noted and hands.text("page-note").startswith("Saved"):
                noted = True
                print(json.dumps({"saved": True}), flush=True)
            if next(typing, "done") == "done":
                loop.quit()
                return
            print(json.dumps({"at": time.monotonic(), "said": typist.said}), flush=True)

        timer = QTimer()
        timer.timeout.connect(tick)
        timer.start(BETWEEN_KEYS)
        loop.exec()
    QApplication.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
