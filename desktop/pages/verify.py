"""Verify: a paper on the table, its code read, one plain verdict. No network is needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from desktop import camera, offices
from desktop.desk import Desk, Work
from desktop.page import Key, Page
from desktop.pages.for_verifiers import save_page
from desktop.pages.paper import Paper
from desktop.pages.verdicts import Outcome, Verdicts, outcome, trust_words
from desktop.style import tokens
from desktop.tasks import Lane, Task
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.labels import Caption, Text
from desktop.widgets.layout import restyle, row
from desktop.widgets.messages import Picture
from desktop.words import tr

if TYPE_CHECKING:
    from datetime import date, datetime

    from documents.codes import Search
    from documents.verdict import Verification

PATTERNS: Final = ("*.pdf", "*.png", "*.jpg", "*.jpeg", "*.webp", "*.tif", "*.tiff", "*.bmp")
ADMINISTRATOR: Final = "administrator"
_VIEW: Final = 300  # pixels of height for what the camera sees
_COMMANDS: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class VerifyPage(Page):
    """Drop a file, choose one, or scan into the field."""

    key = "verify"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setAcceptDrops(True)
        self._outcome: Outcome | None = None
        self._search: Task | None = None
        self._checked = False
        self.open_camera: Callable[[], camera.Frames] = camera.open_camera
        self.watch = camera.Watch(desk.tasks, self)
        self.watch.seen.connect(self._show_frame)
        self.watch.found.connect(self._camera_found)
        self.watch.failed.connect(self._camera_failed)
        self.watch.ended.connect(self._camera_ended)
        self.view = Paper()
        self.view.setObjectName("verify-camera")
        self.view.setFixedHeight(_VIEW)
        self.view.hide()
        self.camera = Button(
            tr("Use the camera"), icon="camera", on=self._turn_camera, name="verify-camera-on"
        )
        self.zone = _Zone()
        self.zone.choose.clicked.connect(lambda _checked=False: self._choose())
        self.text = QLineEdit()
        self.text.setObjectName("verify-text")
        self.text.setPlaceholderText(tr("Or scan the code with a reader, or paste its text here"))
        self.text.setAccessibleName(tr("Text of the code"))
        self.text.setMaxLength(20_000)
        self.text.returnPressed.connect(self._check_text)
        self.verdicts = Verdicts()
        self.verdicts.hide()
        self.trust = Caption("")
        self.trust.setObjectName("verify-trust")
        self.another = Button(tr("Choose a file…"), on=self._choose, name="verify-another")
        self.another.hide()
        self.for_others = Button(
            tr("Page for verifiers…"), on=self._save_page, name="verify-page-for-others"
        )
        # At the registry it stands beside the other files for verifiers.
        if desk.role != ADMINISTRATOR or desk.kind != "station":
            self.for_others.hide()
        self.body.addWidget(self.zone)
        self.body.addWidget(self.view)
        beside = row(self.text, self.camera, self.another)
        beside.setStretch(0, 1)
        self.body.addLayout(beside)
        self.body.addWidget(self.verdicts)
        self.body.addWidget(self.trust)
        self.body.addLayout(row(self.for_others, None))
        self.body.addStretch(1)
        self.trust.hide()

    def on_shown(self, **arguments: Any) -> None:
        self.text.setFocus()
        application = QApplication.instance()
        if application is not None:
            # A reader types wherever the keyboard is; see `eventFilter`.
            application.installEventFilter(self)

    def before_lock(self) -> None:
        self._leave()

    def on_hidden(self) -> None:
        self._leave()

    def _leave(self) -> None:
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.watch.stop()
        self._forget()

    def keys(self) -> list[Key]:
        return [
            Key("Ctrl+O", tr("Choose a file"), self._choose),
            Key("Ctrl+V", tr("Paste the text of a code")),
            Key("Return", tr("Check the text")),
            Key("Ctrl+T", tr("Camera on or off"), self._turn_camera),
            Key("Ctrl+PgDown", tr("Next codes in the file"), lambda: self.verdicts.turn(1)),
            Key("Ctrl+PgUp", tr("Previous codes in the file"), lambda: self.verdicts.turn(-1)),
        ]

    def _forget(self) -> None:
        """What was on a paper stays on the screen no longer than it is looked at."""
        if self._search is not None:
            self._search.drop()
            self._search = None
            self.zone.say("")
            self.set_note("")
        self._outcome = None
        self._checked = False
        self.text.clear()
        self.view.say("")
        self.view.hide()
        self.verdicts.show_codes(())
        for widget in (self.trust, self.another):
            widget.hide()
        self.zone.show()

    # ways in -------------------------------------------------------------------------------

    def _choose(self) -> None:
        path = self.desk.dialogs.open_file(
            self, tr("Choose a PDF or a picture"), [(tr("PDF and pictures"), PATTERNS)]
        )
        if path is not None:
            self.check_file(path)

    def check_file(self, path: Path) -> None:
        """Check every code in a file. It is looked into beside the office's work, which a file that
        takes long must not hold up; what was found is judged by the office."""
        self._begin()
        self._search = self.desk.tasks.run(
            lambda task: offices.verify.search_file(path, stopped=task.cancelled),
            done=lambda seen: self._check(partial(_judge_all, seen=seen)),
            failed=self._failed,
            parent=self,
            lane=Lane.POOL,
            latest="verify",
        )

    def _check_text(self) -> None:
        text = self.text.text()
        if text.strip():
            self.watch.stop()
            self._checked = True
            self._check(partial(_verify_text, text=text))

    # a reader that types ------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and self.isVisible():
            assert isinstance(event, QKeyEvent)  # noqa: S101 - by its type
            if self._takes_typing(watched, event):
                return True
        return bool(super().eventFilter(watched, event))

    def _takes_typing(self, watched: QObject, event: QKeyEvent) -> bool:
        """Whether a key was the first of a code that is typed while the keyboard is elsewhere.

        A reader is a keyboard: it types the code and Enter. The first letter brings the keyboard
        to the field, and the rest goes there by itself. A blank first is somebody pressing a
        button. What was checked before makes room.
        """
        letter = event.text()
        held = event.modifiers() & _COMMANDS
        if held or not letter or not letter.isprintable() or letter == " ":
            return False
        if QApplication.activeModalWidget() is not None or not isinstance(watched, QWidget):
            return False
        if watched is self.text:
            if self._checked and not self.text.hasSelectedText():
                self.text.clear()
            self._checked = False
            return False
        here = watched is self or self.isAncestorOf(watched)
        nowhere = watched is self.window() and QApplication.focusWidget() is None
        if not (here or nowhere) or isinstance(watched, QLineEdit):
            return False
        self.text.setFocus()
        self.text.clear()
        self.text.insert(letter)
        self._checked = False
        return True

    # the camera ----------------------------------------------------------------------------

    def _turn_camera(self) -> None:
        if self.watch.running:
            self.watch.stop()
            return
        self.hush()
        self._forget()
        self.zone.hide()
        self.view.say(tr("Hold the code before the camera."))
        self.view.show()
        self.camera.setText(tr("Stop the camera"))
        self.watch.start(self.open_camera)

    def _show_frame(self, image: QImage) -> None:
        if self.watch.running and not self.view.isHidden():
            self.view.show_page(image, tr("What the camera sees"))
        self.watch.drawn()

    def _camera_found(self, text: str) -> None:
        self._checked = True
        self._check(partial(_verify_text, text=text))

    def _camera_failed(self, error: Exception) -> None:
        if isinstance(error, camera.CameraError):
            self.say("warning", tr(error.sentence))
        else:
            self.say_failure(error)

    def _camera_ended(self) -> None:
        self.camera.setText(tr("Use the camera"))
        self.view.say("")
        self.view.hide()
        self.zone.setVisible(self._outcome is None)

    # checking ------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.hush()
        self.zone.say(tr("Checking…"))
        self.set_note(tr("Checking…"))

    def _check(self, how: Callable[..., Verification]) -> None:
        self._begin()
        self.desk.read(
            partial(
                _look,
                how=how,
                at=self.desk.clock.now(),
                today=self.desk.today(),
                language=self.desk.language,
            ),
            done=self._show,
            failed=self._failed,
            parent=self,
            latest="verify",
        )

    def _failed(self, error: Exception) -> None:
        self.zone.say("")
        self.set_note("")
        self._forget()
        self.say_failure(error)

    def _save_page(self) -> None:
        save_page(self, lambda work, out: offices.station_trust.export_page(work.session, out))

    # the verdict ---------------------------------------------------------------------------

    def _show(self, outcome: Outcome) -> None:
        self.zone.say("")
        self.set_note("")
        self._outcome = outcome
        self.text.selectAll()
        self.zone.hide()
        self.another.show()
        self.verdicts.show_codes(outcome.codes)
        self.trust.setText(trust_words(outcome))
        self.trust.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _file_in(event) is not None:
            event.acceptProposedAction()
            self.zone.light(on=True)

    def dragLeaveEvent(self, event: Any) -> None:
        self.zone.light(on=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.zone.light(on=False)
        path = _file_in(event)
        if path is not None:
            event.acceptProposedAction()
            self.check_file(path)


class _Zone(QFrame):
    """Where a file may be dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._words = Text(tr("Drop a PDF or a picture of the document here"), muted=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.choose = PrimaryButton(tr("Choose a file…"), icon="folder", name="verify-choose")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.S24, tokens.S24, tokens.S24, tokens.S24)
        layout.setSpacing(tokens.S12)
        layout.addWidget(Picture("verify", role="muted", size=32), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._words)
        layout.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignHCenter)

    def say(self, words_: str) -> None:
        """What is going on; empty for the invitation."""
        self._words.setText(words_ or tr("Drop a PDF or a picture of the document here"))

    def light(self, *, on: bool) -> None:
        """A file hovers over it."""
        self.setProperty("look", "message" if on else "card")
        self.setProperty("tone", "info")
        restyle(self)


def _verify_text(trust: Any, *, at: datetime, text: str) -> Verification:
    return offices.verify.verify_text(text, trust, at=at)


def _judge_all(trust: Any, *, at: datetime, seen: Search) -> Verification:
    return offices.verify.judge_all(seen, trust, at=at)


def _look(
    work: Work, *, how: Callable[..., Verification], at: datetime, today: date, language: str
) -> Outcome:
    from documents.trust import from_trust_list  # cryptography is loaded with the first check

    held = offices.trusting.trust_of(work.session)
    found = how(from_trust_list(held), at=at)
    known = offices.templates.known(work.session)
    return outcome(found, language, today, known)


def _file_in(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
