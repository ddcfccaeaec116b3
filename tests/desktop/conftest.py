"""A dressed application, a window over the twin, and a guard on the UI thread."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop import offices, words
from desktop.app import Window
from desktop.prefs import Preferences
from desktop.style import fonts, theme
from desktop.tasks import Tasks, forbid_on_ui_thread
from tests.desktop.fakes import NOW, PASSPHRASE, FakeDialogs, FakeOffice, FakeOffices
from tests.desktop.keepers import wrongly_kept
from tests.desktop.strays import no_strays
from values.clock import FixedClock


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """English, light, left to right, whatever the test before did."""
    words.use("en")
    fonts.load_first()
    theme.apply(qapp, "light")
    yield qapp
    words.use("en")


class Bench:
    """The window over the twin, with the hands of a test on it."""

    def __init__(self, window: Window, twin: FakeOffices, dialogs: FakeDialogs, qtbot: Any) -> None:
        self.window = window
        self.twin = twin
        self.dialogs = dialogs
        self.qtbot = qtbot

    def settle(self) -> None:
        """Wait until nothing is under way, and a door that is shown was looked behind."""
        unlock = self.window.unlock
        if unlock is not None and unlock.isVisible():
            self.qtbot.waitUntil(lambda: unlock._looked)
            QApplication.processEvents()
        for _ in range(3):
            self.qtbot.waitUntil(lambda: not self.window.tasks.busy)
            QApplication.processEvents()

    def show(self, folder: Path | None) -> None:
        self.window.start(folder)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.settle()

    def sign_in(self, folder: Path, name: str) -> Any:
        """Unlock as ``name`` and return the frame."""
        if not self.window.isVisible():
            self.show(folder)
        self.settle()
        unlock = self.window.unlock
        assert unlock is not None
        self.qtbot.waitUntil(lambda: unlock.user.editor.count() > 0)
        unlock.user.set_value(name)
        unlock.passphrase.set_value(PASSPHRASE)
        unlock.try_open()
        self.settle()
        assert self.window.frame is not None
        return self.window.frame

    def page(self, key: str, **arguments: Any) -> Any:
        """Go to a page and return it, settled."""
        frame = self.window.frame
        assert frame is not None
        frame.go(key, **arguments)
        self.settle()
        page = frame.page
        assert page is not None
        assert page.key == key
        return page

    def find(self, kind: type[Any], name: str) -> Any:
        """A visible widget by its object name."""
        for widget in self.window.findChildren(kind, name):
            if widget.isVisible():
                return widget
        raise AssertionError(f"{name} is not in sight")


@pytest.fixture
def station_folder(tmp_path: Path) -> Path:
    return tmp_path / "station"


@pytest.fixture
def registry_folder(tmp_path: Path) -> Path:
    return tmp_path / "registry"


@pytest.fixture
def twin(station_folder: Path, registry_folder: Path) -> FakeOffices:
    """A station and a registry, with a user for each role."""
    return FakeOffices(
        {station_folder: FakeOffice(), registry_folder: FakeOffice("registry", name="Registry")}
    )


@pytest.fixture
def bench(qtbot: Any, twin: FakeOffices, tmp_path: Path, dressed: QApplication) -> Iterator[Bench]:
    """The whole window. Blocking the UI thread, or a stray window, fails the test."""
    tasks, dialogs = Tasks(), FakeDialogs()
    window = Window(
        tasks=tasks,
        dialogs=dialogs,
        prefs=Preferences(tmp_path / "prefs.ini"),
        clock=FixedClock(NOW),
        environment=lambda: twin.environment.Environment.default(),
    )
    window.resize(1366, 768)
    held = Bench(window, twin, dialogs, qtbot)
    try:
        with no_strays(), offices.use(twin), forbid_on_ui_thread():
            yield held
            held.settle()
            assert wrongly_kept() == []
            window.close()
            held.settle()
    finally:
        tasks.close()
        window.deleteLater()


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


Wait = Callable[[], None]
