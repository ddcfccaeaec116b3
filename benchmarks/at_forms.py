"""Forms at work: the longest of them opened, typed into and turned, over fifty thousand places."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from benchmarks import keys
from forms.library import catalogue

if TYPE_CHECKING:
    from desktop.app import Window
    from forms.definition import Form

ANSWER = "Bado 1987"
"""Typed into every question: some of it fits, most is wrong, as when somebody learns."""

PLACE = "al barmi"
PLACE_EVENT, PLACE_FIELD = "transfer", "input-from_place"
PATIENCE = 20
"""Seconds to wait for a widget."""
TURNS = 4
"""How often the form is gone through, forth and back."""


def longest() -> Form:
    """The event with the most questions."""
    return max(catalogue().events(), key=lambda form: sum(1 for _ in form.fields()))


class Series:
    """Milliseconds that the window's own thread worked for one thing, layout and paint included."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = {"opened": [], "key": [], "place_key": [], "turn": []}

    def of(
        self, name: str, act: Callable[[], object], *, counts: Callable[[], object] = bool
    ) -> Callable[[], None]:
        """A step that does something, and notes how long it took if that changed what ``counts``
        tells: a key that nobody took says nothing."""

        def step() -> None:
            before, begun = counts(), time.perf_counter()
            act()
            QApplication.processEvents()
            took = (time.perf_counter() - begun) * 1000
            if counts is bool or counts() != before:
                self.found[name].append(took)

        return step


def steps(
    window: Window,
    series: Series,
    *,
    go: Callable[[str], Any],
    idle: Callable[[], None],
    letters: Callable[[str], list[Callable[[], None]]],
) -> list[Any]:
    """Open the longest event, answer every page, turn forth and back; then find a place."""
    form = longest()
    found: list[Any] = [go("event"), _until_at_rest(window), *letters(form.title), *[idle] * 10]
    found += [series.of("opened", _press(Qt.Key.Key_Return)), *[idle] * 20]
    pages = len(form.pages) + 3
    for turn in range(TURNS):
        forth = Qt.Key.Key_PageDown if turn % 2 == 0 else Qt.Key.Key_PageUp
        for _ in range(pages):
            for _ in range(3):
                found += [series.of("key", letter, counts=_typed) for letter in letters(ANSWER)]
                found += [series.of("key", _press(Qt.Key.Key_Tab), counts=_focused)]
            turned = _press(forth, Qt.KeyboardModifier.ControlModifier)
            found += [series.of("turn", turned, counts=lambda: _place(window)), idle, idle]
    found += [_event(window, PLACE_EVENT), _until(window, PLACE_FIELD)]
    found += [_focus(window, PLACE_FIELD)]
    for _ in range(6):
        found += [series.of("place_key", letter, counts=_typed) for letter in letters(PLACE)]
        back = _press(Qt.Key.Key_Backspace)
        found += [series.of("place_key", back, counts=_typed) for _ in PLACE]
    return found


class Typist:
    """The keyboard of the real window: :class:`benchmarks.keys.Keyboard`."""

    @property
    def focus(self) -> str:
        """The object name of the widget that has the keyboard."""
        now = QApplication.focusWidget()
        return now.objectName() if now is not None else ""

    def press(self, keys: str) -> None:
        """A key or a chord, such as ``Ctrl+Return``."""
        chord = QKeySequence(keys)[0]  # type: ignore[index]  # PySide's stubs leave it out
        _press(chord.key(), chord.keyboardModifiers())()
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """A text, letter by letter."""
        for letter in text:
            target = QApplication.focusWidget()
            assert target is not None  # noqa: S101 - somebody is typed at
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QTest.asciiToKey(ord(letter))
                none = Qt.KeyboardModifier.NoModifier
                QApplication.sendEvent(target, QKeyEvent(kind, key, none, letter))
            QApplication.processEvents()

    def until(self, name: str) -> None:
        """Wait until a widget has the keyboard. Raises :class:`TimeoutError`."""
        ends = time.monotonic() + PATIENCE
        while self.focus != name:
            if time.monotonic() > ends:
                raise TimeoutError(f"{name} does not get the keyboard; {self.focus} has it")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def count() -> dict[str, int]:
    """A family of five in a mass arrival, up to the last key before it is registered."""
    typist = Typist()
    typist.press("Ctrl+N")
    typist.until("input-name")
    typist.press("Ctrl+M")
    typist.until("input-origin_country")
    counted = keys.Counted(typist)
    keys.family(counted)
    typist.until("read-back")
    return {"presses": counted.presses + 1, "characters": counted.characters}


def _focused() -> object:
    return QApplication.focusWidget()


def _typed() -> object:
    target = QApplication.focusWidget()
    return target.text() if isinstance(target, QLineEdit) else None


def _place(window: Window) -> object:
    page: Any = window.frame.page if window.frame is not None else None
    filling = getattr(page, "filling", None)
    return filling.place if filling is not None else None


def _press(
    key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> Callable[[], None]:
    def press() -> None:
        target = QApplication.focusWidget()
        if target is not None:
            QTest.keyClick(target, key, modifiers)

    return press


def _until(window: Window, name: str) -> Callable[[], Callable[[], bool]]:
    """A step that is over when the widget is in sight."""

    def in_sight() -> bool:
        found = window.findChild(QWidget, name)
        return isinstance(found, QWidget) and found.isVisible()

    return lambda: in_sight


def _until_at_rest(window: Window) -> Callable[[], Callable[[], bool]]:
    """A step that is over when nothing is asked of the store any more: over a large camp the
    counts of the first page come before what is looked at next."""
    return lambda: lambda: not window.tasks.busy


def _event(window: Window, form: str) -> Callable[[], None]:
    """A step that begins an event; the one in hand is kept as a draft."""

    def begin() -> None:
        assert window.frame is not None  # noqa: S101 - it was unlocked before
        window.frame.go("event", form=form)

    return begin


def _focus(window: Window, name: str) -> Callable[[], None]:
    def focus() -> None:
        found = window.findChild(QWidget, name)
        assert isinstance(found, QWidget), name  # noqa: S101 - the page shows it
        found.setFocus()

    return focus
