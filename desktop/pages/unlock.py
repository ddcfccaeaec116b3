"""Unlocking: who, and the passphrase. The first thing painted, so it imports little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop import offices, words
from desktop.firstrun.shell import CardShell
from desktop.style import tokens
from desktop.tasks import Tasks
from desktop.widgets.buttons import LinkButton, PrimaryButton
from desktop.widgets.chrome import Band
from desktop.widgets.fields import PassphraseField, SelectField
from desktop.widgets.labels import Caption, Text, Title
from desktop.widgets.messages import Notice, announce
from desktop.words import tr

if TYPE_CHECKING:
    from workspace.environment import Environment
    from workspace.session import Session

_WIDTH: Final = 440
_HINT_AFTER: Final = 2  # wrong passphrases before the keyboard is suspected


@dataclass(frozen=True, slots=True)
class Door:
    """What may be seen from outside a locked place."""

    kind: str
    name: str
    operation: str
    training: bool
    users: tuple[tuple[str, str], ...]  # login name and role, of those who can open it


def look(folder: Path) -> Door:
    """Read a place's card and its users. On a worker."""
    card = offices.folder.card(folder)
    return Door(
        kind=card.kind,
        name=card.name,
        operation=card.operation,
        training=card.training,
        users=tuple(
            (user.name, str(user.role))
            for user in offices.folder.users(folder)
            if not user.disabled
        ),
    )


class UnlockPage(CardShell):
    """The locked door of one place."""

    unlocked = Signal(object)  # the session
    elsewhere = Signal()  # open or make another place

    def __init__(
        self,
        folder: Path,
        *,
        tasks: Tasks,
        environment: Callable[[], Environment],
        last_user: str = "",
    ) -> None:
        super().__init__(width=_WIDTH)
        self.setObjectName("unlock")
        self._folder = folder
        self._tasks = tasks
        self._environment = environment
        self._last_user = last_user
        self._wrong = 0
        self._band: Band | None = None
        self._title = Title(tr("Waystation"))
        self._subtitle = Text("", muted=True)
        self.user = SelectField("user", tr("User"), options=[], width=None)
        self.passphrase = PassphraseField("passphrase", tr("Passphrase"))
        self.passphrase.editor.returnPressed.connect(self.try_open)
        self.passphrase.edited.connect(lambda _key, _raw: self.passphrase.set_problems([]))
        self._keyboard = Caption("")
        self._keyboard.hide()
        self._notice = Notice("danger", "")
        self._notice.setObjectName("unlock-notice")
        self._notice.hide()
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setAccessibleName(tr("Opening"))
        self._bar_place = QVBoxLayout()
        self.open_button = PrimaryButton(tr("Unlock"), on=self.try_open, name="unlock-open")
        self._elsewhere = LinkButton(
            tr("Another place…"), on=self.elsewhere.emit, name="unlock-elsewhere"
        )
        self._recover = LinkButton(tr("Passphrase lost?"), on=self.recover, name="unlock-recover")
        self._looked = False
        self._door: Door | None = None
        self._eager = False  # Enter was pressed before the users were known
        self._build()
        QGuiApplication.inputMethod().localeChanged.connect(self._name_keyboard)

    def _build(self) -> None:
        body = self.card.body
        head = QVBoxLayout()
        head.setSpacing(tokens.S4)
        head.addWidget(self._title)
        head.addWidget(self._subtitle)
        body.addLayout(head)
        body.addWidget(self._notice)
        body.addWidget(self.user)
        body.addWidget(self.passphrase)
        body.addWidget(self._keyboard)
        holder = QWidget()
        holder.setFixedHeight(6)
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._bar)
        self._bar.hide()
        body.addWidget(holder)
        foot = QHBoxLayout()
        foot.addWidget(self._recover)
        foot.addStretch(1)
        foot.addWidget(self.open_button)
        body.addLayout(foot)
        aside = QHBoxLayout()
        aside.addStretch(1)
        aside.addWidget(self._elsewhere)
        aside.addStretch(1)
        self.under.addLayout(aside)

    # what is behind the door -------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint first; only then let a worker import what reads the card."""
        super().paintEvent(event)
        if not self._looked:
            self._looked = True
            QTimer.singleShot(0, self._look)

    def _look(self) -> None:
        folder = self._folder
        self._tasks.run(
            lambda _task: look(folder), done=self.show_door, failed=self._no_door, parent=self
        )

    def show_door(self, door: Door) -> None:
        """Say whose place this is, and who can open it."""
        self._door = door
        self._title.setText(door.name or tr("Waystation"))
        kind = tr("Station") if door.kind == "station" else tr("Registry")
        self._subtitle.setText(f"{kind} · {door.operation}" if door.operation else kind)
        if door.training and self._band is None:
            self._band = Band(tr("Training. These people are invented; nothing here counts."))
            self.above.addWidget(self._band)
        self.user.set_options(
            [
                (name, tr("{name}, {role}", name=words.isolate(name), role=words.role(role)))
                for name, role in door.users
            ]
        )
        names = [name for name, _ in door.users]
        if self._last_user in names:
            self.user.set_value(self._last_user)
        elif names:
            self.user.set_value(names[0])
        if self._eager:
            self._eager = False
            self.try_open()

    def _no_door(self, error: Exception) -> None:
        self._tell("danger", words.failure(error))
        self._subtitle.setText(str(self._folder))
        self.user.setEnabled(False)
        self.passphrase.setEnabled(False)
        self.open_button.setEnabled(False)
        self._elsewhere.setFocus()

    # opening -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Wait for the passphrase."""
        self.passphrase.focus_editor()

    def try_open(self) -> None:
        """Unlock with what was typed; as soon as the users are known, if they are not yet."""
        if self._door is None:
            self._eager = True
            return
        name, typed = str(self.user.value()), str(self.passphrase.value())
        if not name:
            self.user.set_problems([("error", tr("Choose who you are."))])
            self.user.focus_editor()
            return
        if not typed:
            self.passphrase.set_problems([("error", tr("Type your passphrase."))])
            self.passphrase.focus_editor()
            return
        folder, environment = self._folder, self._environment

        def open_it(_task: object) -> Session:
            secret = offices.slots.passphrase(typed)
            return offices.opening.open_workspace(folder, name, secret, env=environment())

        self._set_busy(True)
        self._tasks.run(open_it, done=self._opened, failed=self._refused, parent=self)

    def recover(self) -> None:
        """Use the recovery sheet; afterwards the administrator opens with a new passphrase."""
        from desktop.firstrun.recover import RecoverDialog  # hardly ever needed

        dialog = RecoverDialog(self, self._folder, tasks=self._tasks, environment=self._environment)
        dialog.accepted.connect(lambda: self._recovered(dialog.administrator))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _recovered(self, administrator: str) -> None:
        self.user.set_value(administrator)
        self._tell("success", tr("The new passphrase is set. Unlock with it now."))
        self.passphrase.focus_editor()

    def user_name(self) -> str:
        return str(self.user.value())

    def say(self, kind: str, sentence: str) -> None:
        """Why it is locked, for instance."""
        self._tell(kind, sentence)

    def _opened(self, session: Session) -> None:
        self._wrong = 0
        self._set_busy(False)
        self.passphrase.clear()
        self._notice.hide()
        self.unlocked.emit(session)

    def _refused(self, error: Exception) -> None:
        self._set_busy(False)
        if getattr(error, "code", "") == "wrong_passphrase":
            self._wrong += 1
            self.passphrase.set_problems([("error", self._wrong_sentence())])
            self.passphrase.editor.selectAll()
        elif getattr(error, "code", "") == "busy":
            folder = self._folder
            self._tasks.run(
                lambda _task: offices.beside.look(folder).running,
                done=lambda running: self._tell("danger", _busy(error, service=running)),
                failed=lambda _error: self._tell("danger", words.failure(error)),
                parent=self,
            )
        else:
            self._tell("danger", words.failure(error))
        self.passphrase.focus_editor()
        self._name_keyboard()

    def _wrong_sentence(self) -> str:
        if self._wrong > _HINT_AFTER:
            return tr(
                "Still not the passphrase. Press the eye to see what is typed, and look at "
                "Caps Lock and the keyboard language. The administrator can give you a new one."
            )
        return tr("That is not this user's passphrase. Type it again.")

    def _name_keyboard(self) -> None:
        """Passphrases fail most often for a keyboard that writes another language."""
        locale = QGuiApplication.inputMethod().locale()
        name = locale.nativeLanguageName() or locale.name()
        self._keyboard.setText(tr("Keyboard: {language}", language=name))
        self._keyboard.setVisible(self._wrong > 0 and bool(name) and name != "C")

    def _set_busy(self, busy: bool) -> None:
        self.open_button.setEnabled(not busy)
        self.open_button.setText(tr("Unlocking…") if busy else tr("Unlock"))
        self.user.setEnabled(not busy)
        self.passphrase.setEnabled(not busy)
        self._bar.setVisible(busy)

    def _tell(self, kind: str, sentence: str) -> None:
        self._notice.set_message(kind, sentence)
        self._notice.show()
        announce(self._notice)


def _busy(error: Exception, *, service: bool) -> str:
    """Who holds the place: another program, or the registry's own service at its work."""
    if not service:
        return words.failure(error)
    return tr(
        "The registry's service is taking bundles in just now. It lets go of the registry some "
        "seconds after the last one: try again then."
    )
