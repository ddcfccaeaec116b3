"""Putting a page on the screen for a test: a desk with a twin behind it, and keys to press."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop import offices, words
from desktop.desk import Desk
from desktop.frame import Frame
from desktop.page import Page
from desktop.prefs import Preferences
from desktop.style import fonts, theme
from desktop.tasks import Tasks, forbid_on_ui_thread
from tests.desktop.field_office import Station, session_of
from tests.desktop.keepers import wrongly_kept
from tests.desktop.strays import no_strays
from values.clock import Clock

SIZE = (1366, 768)
W = TypeVar("W", bound=QWidget)


@dataclass
class Answers:
    """Answers the dialogs as the test wants; keeps what was asked."""

    file: Path | None = None
    folder: Path | None = None
    saved_as: Path | None = None
    because: str | None = None
    paper_answer: Any = None
    printed: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)
    prints: list[bytes] = field(default_factory=list)
    groups: list[Any] = field(default_factory=list)
    suggested: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def open_file(self, parent: QWidget, title: str, filters: Any = ()) -> Path | None:
        self.asked.append(("open_file", title))
        return self.file

    def open_folder(self, parent: QWidget, title: str) -> Path | None:
        self.asked.append(("open_folder", title))
        return self.folder

    def save_file(
        self, parent: QWidget, title: str, suggested: str, filters: Any = ()
    ) -> Path | None:
        self.asked.append(("save_file", title))
        self.suggested.append(suggested)
        return self.saved_as

    def reason(
        self,
        parent: QWidget,
        title: str,
        explanation: str,
        action: str,
        *,
        choices: Any = (),
        danger: bool = True,
    ) -> str | None:
        self.asked.append(("reason", title))
        return self.because

    def several(
        self,
        parent: QWidget,
        title: str,
        explanation: str,
        lines: Any,
        action: str,
        **options: Any,
    ) -> str | None:
        self.asked.append(("several", title))
        self.lines = list(lines)
        return self.because

    def paper(
        self, parent: QWidget, title: str, explanation: str, action: str, **options: Any
    ) -> Any:
        self.asked.append(("paper", title))
        return self.paper_answer

    def show_keys(self, parent: QWidget, groups: Any) -> None:
        self.asked.append(("show_keys", ""))
        self.groups = list(groups)

    def print_pdf(self, parent: QWidget, pdf: bytes, title: str) -> bool:
        self.asked.append(("print_pdf", title))
        self.prints.append(pdf)
        return self.printed


@dataclass
class Stage:
    """A frame with its desk, on the offscreen screen."""

    desk: Desk
    frame: Frame
    dialogs: Answers
    station: Station
    qtbot: Any
    post: Any = None
    """What goes between the offices, where a test has to do with it."""

    def settle(self) -> None:
        """Wait until nothing is under way and nothing is queued."""
        self.qtbot.waitUntil(lambda: not self.desk.tasks.busy)
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: not self.desk.tasks.busy)

    def page(self, key: str, **arguments: Any) -> Any:
        """Bring a page to the front, ready."""
        self.frame.go(key, arguments)
        self.settle()
        page = self.frame.page
        assert isinstance(page, Page)
        assert page.key == key
        return page

    def keys(self, text: str) -> None:
        """Type text into whatever has the keyboard, letter by letter: popups take it over."""
        for letter in text:
            QTest.keyClicks(self._focus(), letter)

    def press(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press one key."""
        QTest.keyClick(self._focus(), key, modifiers)

    def _focus(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup
        if not self.frame.isActiveWindow():
            # The offscreen screen has no window manager to give the window back after a popup.
            self.frame.activateWindow()
            self.qtbot.waitUntil(self.frame.isActiveWindow)
        return QApplication.focusWidget() or self.frame

    @property
    def focus_name(self) -> str:
        """The object name of the widget with the keyboard."""
        now = QApplication.focusWidget()
        return now.objectName() if now is not None else ""

    def find(self, kind: type[W], name: str) -> W:
        """A visible widget by its object name."""
        found = [one for one in self.frame.findChildren(kind, name) if one.isVisibleTo(self.frame)]
        assert found, f"{name} is not in sight"
        return found[0]

    def shoot(self, path: Path) -> None:
        """Keep what is on the screen."""
        QApplication.processEvents()
        self.frame.grab().save(str(path))


@contextmanager
def stage(
    qtbot: Any,
    folder: Path,
    offices_twin: Any,
    *,
    station: Station | None = None,
    kind: str = "station",
    role: str = "officer",
    training: bool = False,
    look: str = "light",
    language: str = "en",
    guard: bool = True,
) -> Iterator[Stage]:
    """A frame at 1366 by 768 over the twin; the UI thread may not block while it is up."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    words.use(language)
    fonts.load_first()
    fonts.load_rest()
    theme.apply(application, look, rtl=words.rtl())
    station = station or Station()
    session = session_of(station, kind=kind, role=role, training=training)
    with (
        offices.use(offices_twin),
        on_screen(
            qtbot, folder, lambda: session, clock=station.clock, station=station, guard=guard
        ) as put,
    ):
        yield put


@contextmanager
def on_screen(
    qtbot: Any,
    folder: Path,
    opening: Callable[[], Any],
    *,
    clock: Clock,
    station: Station | None = None,
    guard: bool = True,
) -> Iterator[Stage]:
    """A frame over a session, which is opened on the worker as the window does."""
    tasks = Tasks()
    dialogs = Answers()
    desk = Desk(tasks=tasks, dialogs=dialogs, prefs=Preferences(folder / "prefs.ini"), clock=clock)
    tasks.run(lambda _task: opening(), done=desk.open)
    qtbot.waitUntil(lambda: desk.unlocked)
    frame = Frame(desk)
    frame.resize(*SIZE)
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    put = Stage(desk, frame, dialogs, station or Station(), qtbot)
    try:
        with no_strays(), forbid_on_ui_thread() if guard else nullcontext():
            yield put
        assert wrongly_kept() == []
    finally:
        put.settle()
        desk.lock()
        frame.close()
        frame.deleteLater()
        # Gone before the next stage dresses the application anew.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        tasks.close()
