"""A person at the keyboard of the real window: keys go in, words on the screen come out.

Every key is sent to the native window that has the focus, as the computer would send it, so that
shortcuts, popups, dialogs and focus behave as they do under a person's fingers. Nothing here
calls a page. What a person would see is read from the widgets that are in sight.
"""

from __future__ import annotations

import html
import os
import re

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from desktop import words
from desktop.app import Window, wear
from desktop.dialogs import QtDialogs
from desktop.pages.unlock import UnlockPage
from desktop.prefs import Preferences
from desktop.style import fonts
from desktop.tasks import BLOCKING, Tasks, forbid_on_ui_thread
from tests.desktop.answering import answered
from tests.desktop.fakes import FakeDialogs
from tests.desktop.keepers import wrongly_kept
from tests.desktop.strays import no_strays
from tests.places import WORDS, Site
from workspace.environment import Environment

T = TypeVar("T")
SIZE: Final = (1366, 768)
PATIENCE: Final = 20_000
"""Milliseconds to wait for what must come; other work may share the machine."""

STORE: Final = (
    "db.store:Store.read",
    "db.store:Store.write",
    "db.store:Store.backup",
    "db.slots:KeySlots.open_with_sheet",
    "db.slots:KeySlots.add_user",
    "db.slots:KeySlots.change_passphrase",
    "registry.admit:import_bundle",
    "station.export:export",
    "station.receive:receive",
    "station.printing:issue",
    "station.batch:print_all",
    "station.batch:print_again",
)
"""Calls that block besides those that the window's own guard knows."""

_MARKS: Final = re.compile("[\u200e\u200f\u2066-\u2069]")
_TAGS: Final = re.compile(r"<[^>]+>")


def plain(text: str) -> str:
    """What is read of a text: no marks of direction, no mark-up, no mnemonics."""
    bare = html.unescape(_TAGS.sub("", text)) if "<" in text else text
    return _MARKS.sub("", bare).replace("&", "").replace("\u202f", " ")


@dataclass
class Desktop(FakeDialogs):
    """The computer's file dialogs answer as laid out; our own dialogs are the real ones."""

    printed: list[bytes] = field(default_factory=list)
    answer: Callable[[], object] | None = None
    """What the person does once a dialog of ours is in front."""
    before: Callable[[], object] | None = None
    """What is looked at before that."""

    def reason(self, parent: Any, title: str, *words_: Any, **options: Any) -> str | None:
        self.asked.append(("reason", title))
        return self._with_hands(
            parent, lambda: QtDialogs().reason(parent, title, *words_, **options)
        )

    def paper(self, parent: Any, title: str, *words_: Any, **options: Any) -> Any:
        self.asked.append(("paper", title))
        return self._with_hands(
            parent, lambda: QtDialogs().paper(parent, title, *words_, **options)
        )

    def show_keys(self, parent: Any, groups: Any) -> None:
        self.asked.append(("show_keys", ""))
        self._with_hands(parent, lambda: QtDialogs().show_keys(parent, groups))

    def print_pdf(self, parent: Any, pdf: bytes, title: str) -> bool:
        self.asked.append(("print_pdf", title))
        self.printed.append(pdf)
        return True

    def _with_hands(self, parent: QWidget, ask: Callable[[], T]) -> T:
        answer, self.answer = self.answer, None
        assert answer is not None, "nobody was going to answer this dialog"
        try:
            with answered(QDialog, lambda _dialog: answer()):
                return ask()
        finally:
            # The offscreen screen has no window manager to give the window back.
            parent.window().activateWindow()


class Hands:
    """Presses keys and reads the screen."""

    def __init__(self, window: Window, dialogs: Desktop, qtbot: Any) -> None:
        self.window = window
        self.dialogs = dialogs
        self.qtbot = qtbot

    # keys ------------------------------------------------------------------------------------

    def press(self, keys: str, times: int = 1) -> None:
        """Press keys as they are written on F1's page, such as ``Ctrl+Return``."""
        chord = QKeySequence(keys)[0]  # type: ignore[index]  # PySide's stubs leave it out
        key, modifiers = chord.key(), chord.keyboardModifiers()
        if key is Qt.Key.Key_Tab and modifiers & Qt.KeyboardModifier.ShiftModifier:
            key = Qt.Key.Key_Backtab
        for _ in range(times):
            QTest.keyClick(self._glass(), key, modifiers)

    def type(self, text: str) -> None:
        """Type a text of any script, letter by letter."""
        for letter in text:
            key = QTest.asciiToKey(ord(letter)) if letter.isascii() else Qt.Key.Key_unknown
            QTest.sendKeyEvent(
                QTest.KeyAction.Click,
                self._glass(),
                Qt.Key(key),
                letter,
                Qt.KeyboardModifier.NoModifier,
            )

    def _glass(self) -> Any:
        """The native window that has the keyboard."""
        self.qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is not None)
        return QGuiApplication.focusWindow()

    def go_to(self, name: str, *, back: bool = False, most: int = 60) -> None:
        """Press Tab until a widget has the keyboard: by its object name, or by what it says."""
        for _ in range(most):
            if name in (self.focus, self.focus_says):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not reach {name}; it reaches {self.focus}")

    def push(self, name: str) -> None:
        """Tab to a button and press it."""
        self.go_to(name)
        self.press("Space")

    @property
    def focus(self) -> str:
        """The object name of the widget that has the keyboard."""
        now = QApplication.focusWidget()
        return now.objectName() if now is not None else ""

    @property
    def focus_says(self) -> str:
        """What a screen reader calls the widget that has the keyboard."""
        now = QApplication.focusWidget()
        return plain(now.accessibleName()) if now is not None else ""

    # waiting -----------------------------------------------------------------------------------

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for a condition."""

        def check() -> None:
            assert condition(), f"waited for {what or 'a condition'}; on the screen:\n{self.screen}"

        self.qtbot.waitUntil(check, timeout=PATIENCE)

    def settle(self) -> None:
        """Wait until no work is under way."""
        for _ in range(2):
            self.until(lambda: not self.window.tasks.busy, "the work to end")
            QApplication.processEvents()
        strays = [
            type(one).__name__
            for one in QApplication.topLevelWidgets()
            if one.isVisible() and not isinstance(one, Window | QDialog)
        ]
        assert strays == [], "parts of the window came up as windows of their own"

    def sees(self, *texts: str) -> None:
        """Wait until all of these can be read on the screen."""
        for text in texts:
            self.until(partial(self._reads, text), f"“{text}”")

    def _reads(self, text: str) -> bool:
        return text in self.screen

    def focused(self, name: str) -> None:
        """Wait until a widget has the keyboard."""
        self.until(lambda: self.focus == name, f"the keyboard at {name}, it is at {self.focus}")

    # reading -----------------------------------------------------------------------------------

    def in_sight(self) -> list[QWidget]:
        """The widgets that can be seen now."""
        return list(_in_sight(self.window))

    @property
    def screen(self) -> str:
        """Everything that can be read now, one text a line."""
        top = QApplication.activeModalWidget() or self.window
        lines = (text for widget in _in_sight(top) for text in texts_of(widget))
        return "\n".join(plain(line) for line in lines if line)

    def text(self, name: str) -> str:
        """What one visible widget says."""
        for widget in _in_sight(self.window):
            if widget.objectName() == name:
                return "\n".join(plain(one) for one in texts_of(widget))
        raise AssertionError(f"{name} is not in sight; on the screen:\n{self.screen}")

    def typed(self, name: str) -> str:
        """What stands in a visible input."""
        for widget in _in_sight(self.window):
            if widget.objectName() == name and isinstance(widget, QLineEdit):
                return widget.text()
            if widget.objectName() == name and isinstance(widget, QPlainTextEdit):
                return widget.toPlainText()
        raise AssertionError(f"{name} is not in sight; on the screen:\n{self.screen}")

    # the door --------------------------------------------------------------------------------

    def unlock(self, user: str, passphrase: str = WORDS) -> None:
        """Choose a user, type the passphrase, and wait for home."""
        self.until(lambda: "Unlock" in self.screen, "the door")
        self.until(lambda: self._door().count() > 0, "the users")
        self.go_to("input-user", back=True)
        for _ in range(self._door().count()):
            self.press("Up")
        while plain(self._door().currentText()).partition(",")[0] != user:
            at = self._door().currentIndex()
            self.press("Down")
            assert self._door().currentIndex() > at, f"no user {user}"
        self.go_to("input-passphrase")
        self.type(passphrase)
        self.press("Return")
        self.until(lambda: self.window.frame is not None and self.window.desk.unlocked, "home")
        self.settle()

    def _door(self) -> QComboBox:
        for box in self.window.findChildren(QComboBox, "input-user"):
            if box.isVisible():
                return box
        raise AssertionError(f"no door is in sight; on the screen:\n{self.screen}")

    def lock(self) -> None:
        """Lock, and wait until the place is really closed."""
        self.press("Ctrl+L")
        self.until(lambda: not self.window.desk.unlocked, "the lock")
        self.settle()

    def turn_to(self, folder: Path) -> None:
        """From one place's door to the door of another, as the window offers it."""
        self.dialogs.folder = folder
        self.push("unlock-elsewhere")
        self.sees("Which language?")
        self.push("first-next")
        self.push("open-existing")
        self.until(lambda: self.focus == "input-passphrase", "the other door")


def _in_sight(top: QWidget) -> Iterator[QWidget]:
    for widget in (top, *top.findChildren(QWidget)):
        if widget.isVisible():
            yield widget


def texts_of(widget: QWidget) -> Iterator[str]:
    """What a person reads on a widget itself, not on what lies in it."""
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.text() or widget.placeholderText()
    elif isinstance(widget, QPlainTextEdit):
        yield widget.toPlainText()
    elif isinstance(widget, QComboBox):
        yield widget.currentText()
    elif isinstance(widget, QListWidget):
        for number in range(widget.count()):
            item = widget.item(number)
            if not item.isHidden():
                yield item.text()
    elif isinstance(widget, QTableView):
        model = widget.model()
        for line in range(model.rowCount()):
            for column in range(model.columnCount()):
                yield str(model.index(line, column).data() or "")
    elif not widget.children() or widget.objectName() in ("steps", "timeline"):
        yield widget.accessibleName()  # painted by ourselves: what it says to a screen reader


def aside(do: Callable[[], T]) -> T:
    """Do blocking work of the test away from the UI thread, and wait for it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()


@contextmanager
def at_the_keyboard(
    qtbot: Any,
    folder: Path,
    env: Environment,
    *,
    language: str = "en",
    theme: str = "light",
    environment: Callable[[], Environment] | None = None,
) -> Iterator[Hands]:
    """The real window over real offices. Whatever blocks the UI thread fails the test."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    prefs = Preferences(folder / "desktop.ini")
    prefs.language, prefs.theme = language, theme
    words.use(language)
    fonts.load_first()
    fonts.load_rest()
    wear(app, prefs)
    dialogs, tasks = Desktop(), Tasks()
    window = Window(
        tasks=tasks,
        dialogs=dialogs,
        prefs=prefs,
        clock=env.clock,
        environment=environment or (lambda: env),
    )
    window.resize(*SIZE)
    hands = Hands(window, dialogs, qtbot)
    try:
        with no_strays(), forbid_on_ui_thread((*BLOCKING, *STORE)):
            yield hands
            hands.settle()
            assert wrongly_kept() == []
            window.close()
            hands.settle()
    finally:
        window.close()
        tasks.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        words.use("en")


def sit_down(hands: Hands, folder: Path | None) -> None:
    """Start the program at a place's door, or at the first run."""
    hands.window.start(folder)
    hands.window.show()
    hands.window.activateWindow()
    qtbot = hands.qtbot
    qtbot.waitUntil(hands.window.isActiveWindow, timeout=PATIENCE)
    if folder is not None:
        assert isinstance(hands.window.unlock, UnlockPage)


__all__ = ["SIZE", "Desktop", "Hands", "Site", "aside", "at_the_keyboard", "plain", "sit_down"]
