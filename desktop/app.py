"""The desktop program: one window that is a first run, a locked door, or a frame."""

from __future__ import annotations

import gc
import importlib
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from desktop import offices, words
from desktop.desk import Desk
from desktop.pages.unlock import UnlockPage
from desktop.prefs import Preferences
from desktop.style import fonts, theme
from desktop.tasks import Tasks
from desktop.words import tr
from values.clock import Clock, SystemClock

if TYPE_CHECKING:
    from desktop.dialogs import Dialogs
    from desktop.firstrun.window import FirstRun
    from desktop.frame import Frame
    from desktop.idle import IdleWatch
    from workspace.environment import Environment
    from workspace.session import Session

_SIZE: Final = (1180, 740)  # fits a 1366x768 screen with its panels
_LEAST: Final = (960, 600)
_ARABIC: Final = 107  # per cent of the text size: Naskh is drawn smaller than Latin letters

# Modules of the window that come after the door; imported while the passphrase is typed.
_NEXT: Final = ("desktop.frame", "desktop.pages.home")


def this_machine() -> Environment:
    """The real environment. On a worker."""
    return offices.environment.Environment.default()


class LaterDialogs:
    """The dialogs, loaded when the first one is asked for: none is, before the first paint."""

    def __getattr__(self, name: str) -> Any:
        from desktop.dialogs import QtDialogs

        return getattr(QtDialogs(), name)


class Window(QMainWindow):
    """The one window. What it shows depends on whether a workspace is there and open."""

    first_painted = Signal()

    def __init__(
        self,
        *,
        tasks: Tasks,
        dialogs: Dialogs,
        prefs: Preferences,
        clock: Clock,
        environment: Callable[[], Environment] = this_machine,
    ) -> None:
        super().__init__()
        self.setObjectName("waystation")
        self.setWindowTitle("Waystation")
        self.resize(*_SIZE)
        self.setMinimumSize(*_LEAST)
        self._environment = environment
        self._prefs = prefs
        self._dialogs = dialogs
        self.tasks = tasks
        self.desk = Desk(tasks=tasks, dialogs=dialogs, prefs=prefs, clock=clock, parent=self)
        self.desk.language_wanted.connect(self.speak)
        self.desk.look_wanted.connect(self.dress)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.unlock: UnlockPage | None = None
        self.first_run: FirstRun | None = None
        self.frame: Frame | None = None
        self._whose: str = ""  # the user whose frame is kept behind the door
        self._folder: Path | None = None
        self.idle: IdleWatch | None = None
        self._painted = False
        self.desk.idle_wanted.connect(self._set_idle)
        self.desk.place_wanted.connect(self._move_to)
        self.desk.rebuild_wanted.connect(self._rebuild)

    # what is shown ---------------------------------------------------------------------------

    def start(self, workspace: Path | None) -> None:
        """Show the door of ``workspace``, of the last place, or the first run."""
        folder = workspace or self._prefs.workspace
        if folder is not None:
            self.show_door(folder)
        else:
            self.show_first_run()

    def show_door(self, folder: Path) -> None:
        """The locked door of a place."""
        self._folder = folder
        self._drop(self.unlock)
        self.unlock = UnlockPage(
            folder,
            tasks=self.tasks,
            environment=self._environment,
            last_user=self._whose or self._prefs.last_user,
        )
        self.unlock.unlocked.connect(self._opened)
        self.unlock.elsewhere.connect(self.show_first_run)
        self._bring(self.unlock)
        self.unlock.begin()

    def show_first_run(self) -> None:
        """What this computer is to be."""
        from desktop.firstrun.window import FirstRun  # a computer sees it once

        self._drop(self.first_run)
        self.first_run = FirstRun(
            tasks=self.tasks, dialogs=self._dialogs, environment=self._environment
        )
        self.first_run.finished.connect(self._first_run_over)
        self.first_run.language_chosen.connect(self.speak)
        self._bring(self.first_run)
        self.first_run.begin()

    def _first_run_over(self, folder: Path, session: Session | None) -> None:
        if self.first_run is not None:
            self.first_run.release()
        self._forget_frame()
        self._folder = folder
        self._prefs.workspace = folder
        if session is None:
            self.show_door(folder)
        else:
            self._opened(session)

    def _opened(self, session: Session) -> None:
        from desktop.frame import Frame  # imported while the passphrase was typed

        self.desk.open(session)
        self._prefs.workspace = self._folder
        self._prefs.last_user = session.user.name
        if self.frame is not None and self._whose == session.user.name:
            self._bring(self.frame)
            self.frame.come_back()
        else:
            self._forget_frame()
            self._whose = session.user.name
            self.frame = Frame(self.desk)
            self.frame.lock_asked.connect(self.lock)
            self._bring(self.frame)
            self.frame.go("home")
        self.setWindowTitle(f"{session.office.name} – Waystation")
        for note in list(session.notes):
            page = self.frame.page
            if page is not None:
                page.say("warning", tr(note))
        self._drop(self.unlock)
        self._drop(self.first_run)
        self.unlock = self.first_run = None
        self._watch()

    def _watch(self) -> None:
        """Notice from now on when nobody is there."""
        if self.idle is None:
            from desktop.idle import IdleWatch  # nothing to lock before

            self.idle = IdleWatch(self._prefs.idle_minutes * 60, parent=self)
            self.idle.idle.connect(lambda: self.lock(idle=True))
        self.idle.start()

    # locking ---------------------------------------------------------------------------------

    def lock(self, *, idle: bool = False) -> None:
        """Hide everything and let the keys go. Where one was is kept for the same user."""
        if not self.desk.unlocked or self._folder is None:
            return
        if self.idle is not None:
            self.idle.stop()
        if self.frame is not None:
            self.frame.before_lock()
        from desktop import dialogs  # loaded already, or nothing is open

        dialogs.close_all()
        self.desk.lock()
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsClipboard():  # a copied row is personal data
            clipboard.clear()
        self.setWindowTitle("Waystation")
        self.show_door(self._folder)
        if idle and self.unlock is not None:
            self.unlock.say("info", tr("Locked, because nobody was there. Nothing is lost."))

    def _move_to(self, folder: Path) -> None:
        self.lock()
        self._forget_frame()
        self.show_door(folder)

    def _set_idle(self, minutes: int) -> None:
        if self.idle is not None:
            self.idle.seconds = minutes * 60

    # language and look -----------------------------------------------------------------------

    def speak(self, language: str) -> None:
        """Another language: everything is built again in it."""
        self._prefs.language = language
        words.use(language)
        self.dress()
        if self.first_run is not None:
            walk = self.first_run.walk
            self.show_first_run()
            self.first_run.walk.answers = walk.answers
        elif self.desk.unlocked and self.frame is not None:
            self._rebuild()
        elif self._folder is not None:
            self._forget_frame()
            self.show_door(self._folder)

    def _rebuild(self, page: str = "", sentence: str = "") -> None:
        """The frame anew, where one was or on ``page``, with something to say there."""
        if self.frame is None:
            return
        place = (page, {}) if page else self.frame.place
        self.frame.before_lock()
        self._forget_frame()
        self._opened(self.desk.session)
        if place is not None:
            self.frame.go(*place)
        if sentence and self.frame.page is not None:
            self.frame.page.say("success", sentence)

    def dress(self) -> None:
        """Put the chosen look on."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            wear(app, self._prefs)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint; what the first paint did without may come after it."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    # ends --------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.frame is not None and self.desk.unlocked:
            self.frame.before_lock()
        self.desk.lock()
        held = self.first_run.release() if self.first_run is not None else None
        if held is not None:
            self.tasks.run(lambda _task: held.close())
        super().closeEvent(event)

    def _bring(self, widget: QWidget) -> None:
        if self._stack.indexOf(widget) < 0:
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)

    def _drop(self, widget: QWidget | None) -> None:
        if widget is not None:
            self._stack.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def _forget_frame(self) -> None:
        self._drop(self.frame)
        self.frame = None
        self._whose = ""


def wear(app: QApplication, prefs: Preferences) -> None:
    """Put on the look that was chosen. Arabic letters are small for their size."""
    scale = round(prefs.text_scale * (_ARABIC if words.rtl() else 100) / 100)
    theme.apply(app, prefs.theme, scale=scale, rtl=words.rtl())


def application(arguments: list[str]) -> QApplication:
    """The one QApplication, named, in the base style."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(arguments)
    app.setApplicationName("waystation")
    app.setApplicationDisplayName("Waystation")
    app.setOrganizationName("")
    app.setDesktopFileName("waystation")
    return app


def main(workspace: Path | None = None) -> int:
    """Run the desktop until its window is closed; returns the exit code."""
    app = application(sys.argv[:1])
    prefs = Preferences()
    words.use(prefs.language)
    fonts.load_first()
    wear(app, prefs)
    tasks = Tasks()
    window = Window(
        tasks=tasks, dialogs=cast("Dialogs", LaterDialogs()), prefs=prefs, clock=SystemClock()
    )
    window.setWindowIcon(QIcon(icon_path()))
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: window.dress())
    sys.excepthook = _log_fault
    window.start(workspace)
    window.show()
    window.first_painted.connect(lambda: _after_first_paint(tasks))
    code = app.exec()
    tasks.close()
    return code


def icon_path() -> str:
    """The program's own icon."""
    import resources

    return str(Path(resources.__file__).parent / "icons" / "waystation.svg")


def _after_first_paint(tasks: Tasks) -> None:
    """What the first window did without: other scripts, and the store."""
    fonts.load_rest()
    tasks.run(lambda _task: _warm())


def _warm() -> None:
    """Import what unlocking needs. On a worker.

    What is imported stays for good, so the collector need not look at it again: without this,
    a full collection in the middle of a key stroke takes a tenth of a second.
    """
    offices.warm()
    for module in _NEXT:
        importlib.import_module(module)
    gc.freeze()


def _log_fault(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """A fault of ours: logged by its kind and place, never with what was typed."""
    place = ""
    while trace is not None:
        frame = getattr(trace, "tb_frame", None)
        if frame is not None:
            place = f"{frame.f_globals.get('__name__')}:{getattr(trace, 'tb_lineno', 0)}"
        trace = getattr(trace, "tb_next", None)
    logging.getLogger("desktop").error("fault %s at %s", kind.__name__, place)
