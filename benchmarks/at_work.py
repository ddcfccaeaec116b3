"""The real window at work, driven by keys: how much memory it holds, when it could not answer."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from benchmarks import at_forms
from benchmarks.camp import WORDS, environment
from desktop import app as desktop
from desktop import words
from desktop.dialogs import QtDialogs
from desktop.prefs import Preferences
from desktop.style import fonts, theme
from desktop.tasks import Tasks
from training.offices import OFFICER
from values.clock import SystemClock

if TYPE_CHECKING:
    from desktop.frame import Frame

BEAT_MS = 5
KEY_MS = 25
"""Forty keys in a second: faster than anybody types, so that gaps have no rest to hide in."""
ANSWER = "Bado Kami 1987"
FIELDS = 120
LIMIT_SECONDS = 240


class Pulse(QObject):
    """A heartbeat on the event loop; what a beat comes late is a gap."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin a new series."""
        self.gaps = []
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> list[float]:
        """End the series; gaps in milliseconds beyond the beat."""
        self._timer.stop()
        return self.gaps

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(max(0.0, (now - self._last) * 1000 - BEAT_MS))
        self._last = now


class Officer(QObject):
    """Opens the station and works by keyboard; each step is one turn of the event loop."""

    def __init__(self, window: desktop.Window, steps: list[Any]) -> None:
        super().__init__()
        self._window = window
        self._steps = iter(steps)
        self._timer = QTimer(self)
        self._timer.setInterval(KEY_MS)
        self._timer.timeout.connect(self._step)
        self._waiting: Callable[[], bool] | None = None
        self._stepping = False  # a step that lets events through is not stepped on

    def begin(self) -> None:
        self._timer.start()

    def _step(self) -> None:
        if self._stepping:
            return
        if self._waiting is not None:
            if not self._waiting():
                return
            self._waiting = None
        step = next(self._steps, None)
        if step is None:
            self._timer.stop()
            return
        self._stepping = True
        try:
            self._waiting = step()
        finally:
            self._stepping = False


def run(what: str, station: Path) -> None:
    """Measure, print JSON, end."""
    with tempfile.TemporaryDirectory() as scratch:
        app, window = _window(Path(scratch), station)
        answer = {"memory": _memory, "gaps": _gaps, "forms": _forms, "keys": _keys}[what](window)
        QTimer.singleShot(LIMIT_SECONDS * 1000, lambda: app.exit(3))
        code = app.exec()
        window.close()
        window.tasks.close()
    if code != 0:
        sys.exit(code)
    print(json.dumps(answer))


def _window(scratch: Path, station: Path) -> tuple[QApplication, desktop.Window]:
    app = desktop.application(["waystation"])
    prefs = Preferences(scratch / "prefs.ini")
    words.use("en")
    fonts.load_first()
    theme.apply(app, prefs.theme, scale=prefs.text_scale, rtl=False)
    window = desktop.Window(
        tasks=Tasks(),
        dialogs=QtDialogs(),
        prefs=prefs,
        clock=SystemClock(),
        environment=lambda: environment(station.parent),
    )
    window.start(station)
    window.show()
    return app, window


def _memory(window: desktop.Window) -> dict[str, Any]:
    answer: dict[str, Any] = {}

    def note(name: str) -> Callable[[], None]:
        return lambda: answer.update({name: _resident()})

    pages = ["home", "find", "interview", "documents", "sync", "verify", "home"]
    steps = [
        *_unlock(window, before=note("before")),
        *[step for page in pages for step in (_go(window, page), *[_idle] * 20)],
        _then(note("resident")),
        _then(lambda: QApplication.exit(0)),
    ]
    window.officer = Officer(window, steps)  # type: ignore[attr-defined]  # kept alive with it
    window.officer.begin()  # type: ignore[attr-defined]  # likewise
    return answer


def _gaps(window: desktop.Window) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    pulse = Pulse()

    def end_of(name: str) -> Callable[[], None]:
        return lambda: answer.update({name: pulse.stop()})

    steps = [
        *_unlock(window, before=lambda: None),
        *[_idle] * 40,
        _then(pulse.start),
        *[_idle] * 80,
        _then(end_of("idle")),
        _then(pulse.start),
        _go(window, "interview"),
        *[_idle] * 10,
        _key(Qt.Key.Key_Return),
        *[_idle] * 10,
        *[step for _ in range(FIELDS) for step in (*_type(ANSWER), _key(Qt.Key.Key_Return))],
        _go(window, "find"),
        *[
            step
            for name in ("bado", "کاد", "кало mi", "lomi")
            for step in (*_type(name), *_wipe(name))
        ],
        _then(end_of("working")),
        _then(lambda: QApplication.exit(0)),
    ]
    window.officer = Officer(window, steps)  # type: ignore[attr-defined]  # kept alive with it
    window.officer.begin()  # type: ignore[attr-defined]  # likewise
    window.pulse = pulse  # type: ignore[attr-defined]  # likewise
    return answer


def _forms(window: desktop.Window) -> dict[str, Any]:
    series = at_forms.Series()
    steps = [
        *_unlock(window, before=lambda: None),
        *[_idle] * 80,  # the places are read meanwhile
        *at_forms.steps(
            window,
            series,
            go=lambda page: _go(window, page),
            idle=_idle,
            letters=_type,
        ),
        _then(lambda: QApplication.exit(0)),
    ]
    window.officer = Officer(window, steps)  # type: ignore[attr-defined]  # kept alive with it
    window.officer.begin()  # type: ignore[attr-defined]  # likewise
    return series.found


def _keys(window: desktop.Window) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    steps = [
        *_unlock(window, before=lambda: None),
        *[_idle] * 80,
        _then(lambda: answer.update(at_forms.count())),
        _then(lambda: QApplication.exit(0)),
    ]
    window.officer = Officer(window, steps)  # type: ignore[attr-defined]  # kept alive with it
    window.officer.begin()  # type: ignore[attr-defined]  # likewise
    return answer


def _unlock(window: desktop.Window, *, before: Callable[[], None]) -> list[Any]:
    def type_it() -> Callable[[], bool]:
        before()
        door = window.unlock
        assert door is not None  # noqa: S101 - the window shows its door
        door.user.set_value(OFFICER)
        door.passphrase.set_value(WORDS)
        door.try_open()
        return lambda: window.frame is not None

    def ready() -> Callable[[], bool]:
        return lambda: window.unlock is not None and window.unlock.user.value() != ""

    return [ready, *[_idle] * 40, type_it]


def _go(window: desktop.Window, page: str) -> Any:
    def go() -> None:
        frame: Frame | None = window.frame
        assert frame is not None  # noqa: S101 - it was unlocked before
        frame.go(page)

    return go


def _idle() -> None:
    """A turn in which nothing is pressed."""


def _then(act: Callable[[], Any]) -> Any:
    def step() -> None:
        act()

    return step


def _key(key: Qt.Key) -> Any:
    def press() -> None:
        target = QApplication.focusWidget()
        if target is not None:
            QTest.keyClick(target, key)

    return press


def _type(text: str) -> list[Any]:
    def letter(char: str) -> Any:
        def press() -> None:
            target = QApplication.focusWidget()
            if isinstance(target, QLineEdit | QPlainTextEdit):
                # QTest knows the keys of ASCII alone; an input method sends the text like this.
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(
                        target,
                        QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char),
                    )

        return press

    return [letter(char) for char in text]


def _wipe(text: str) -> list[Any]:
    return [_key(Qt.Key.Key_Backspace) for _ in text]


def _resident() -> float:
    """Resident memory of this process in megabytes, as the system counts it."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
