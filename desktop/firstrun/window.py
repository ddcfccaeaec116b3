"""The first run as people see it: a card, one step at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import files, words
from desktop.dialogs import Dialogs
from desktop.firstrun import work
from desktop.firstrun.grant import GrantPanel, RequestPanel
from desktop.firstrun.pages import (
    KeysPage,
    LanguagePage,
    OfficePage,
    PassphrasePage,
    PurposePage,
    SheetCheckPage,
    SheetPage,
    StepPage,
    TakeAwayPage,
    TrainedPage,
    default_folder,
)
from desktop.firstrun.shell import CardShell
from desktop.firstrun.steps import Purpose, Step, Walk
from desktop.style import theme, tokens
from desktop.tasks import Task, Tasks
from desktop.widgets.buttons import PrimaryButton, QuietButton
from desktop.widgets.labels import Text, Title
from desktop.widgets.layout import look
from desktop.widgets.messages import Notice, ProgressCard
from desktop.words import tr

if TYPE_CHECKING:
    from workspace.session import Session

_WIDTH: Final = 600


class _Dots(QWidget):
    """How far along, as a row of strokes."""

    def __init__(self) -> None:
        super().__init__()
        self._at, self._of = 0, 1
        self.setFixedHeight(4)

    def show_place(self, at: int, of: int) -> None:
        self._at, self._of = at, of
        self.setAccessibleName(tr("Step {at} of {of}", at=at + 1, of=of))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        gap = 6
        each = (self.width() - gap * (self._of - 1)) / self._of
        for place in range(self._of):
            painter.setBrush(theme.colour("accent" if place <= self._at else "pressed"))
            x = place * (each + gap)
            left = self.width() - x - each if rtl else x
            painter.drawRoundedRect(round(left), 0, round(each), 4, 2, 2)


class _MakePage(StepPage):
    """The work, under way."""

    def __init__(self) -> None:
        super().__init__()
        self.card = ProgressCard(cancellable=False)
        self.failure = Notice("danger", "")
        self.failure.hide()
        self.body.addWidget(self.card)
        self.body.addWidget(self.failure)

    def title(self) -> str:
        return tr("One moment")

    def action(self) -> str:
        return ""


class _RequestPage(StepPage):
    """The request and its words."""

    def __init__(self, panel: RequestPanel) -> None:
        super().__init__()
        self.body.addWidget(panel)

    def title(self) -> str:
        return tr("Ask the registry for a grant")


class _GrantPage(StepPage):
    """Waiting for the grant, which may take days."""

    def __init__(self, panel: GrantPanel) -> None:
        super().__init__()
        self._panel = panel
        self.body.addWidget(panel)

    def begin(self) -> None:
        self._panel.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def title(self) -> str:
        return tr("The registry's grant")

    def explanation(self) -> str:
        return tr("When the registry has answered, open the file it gave you.")

    def action(self) -> str:
        return tr("Later")

    def action_is_primary(self) -> bool:
        return False


class FirstRun(CardShell):
    """Walks through the steps and hands over an open session, or a folder to unlock."""

    finished = Signal(object, object)  # folder, session or None
    language_chosen = Signal(str)

    def __init__(
        self,
        *,
        tasks: Tasks,
        dialogs: Dialogs,
        environment: work.Environments,
        walk: Walk | None = None,
        choose: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        super().__init__(width=_WIDTH)
        self.setObjectName("first-run")
        self.walk = walk or Walk()
        self._tasks = tasks
        self._dialogs = dialogs
        self._environment = environment
        self._choose = choose
        self._session: Session | None = None
        self._made: Any = None
        self._page: StepPage | None = None
        self._dots = _Dots()
        self._title = Title("")
        self._explanation = Text("", muted=True)
        self._place = QVBoxLayout()
        self._back = QuietButton(tr("Back"), on=self._go_back, name="first-back")
        self._next = PrimaryButton("", on=self._go_forward, name="first-next")
        foot = QHBoxLayout()
        foot.addWidget(self._back)
        foot.addStretch(1)
        foot.addWidget(self._next)
        head = QVBoxLayout()
        head.setSpacing(tokens.S4)
        head.addWidget(self._title)
        head.addWidget(self._explanation)
        body = self.card.body
        body.addWidget(self._dots)
        body.addLayout(head)
        body.addLayout(self._place)
        body.addSpacing(tokens.S8)
        body.addLayout(foot)
        self._show_step()

    def begin(self) -> None:
        """Give the step in front the keyboard, once it can be seen."""
        if self._page is not None:
            self._page.begin()

    @property
    def session(self) -> Session | None:
        """The office made here, while it is still open here."""
        return self._session

    def release(self) -> Session | None:
        """Hand the open session over; from now on it is the caller's to close."""
        session, self._session = self._session, None
        return session

    # going --------------------------------------------------------------------------------

    def _go_forward(self) -> None:
        if self._page is None:
            return
        if self.walk.step is Step.GRANT:
            self._finish()
            return
        if self.walk.step is Step.TRAINED:
            self.finished.emit(self._made.station, None)
            return
        self._page.collect(self.walk.answers)
        problems = self.walk.problems()
        self._page.show_problems(problems)
        if not problems:
            self.walk.forward()
            self._show_step()

    def _go_back(self) -> None:
        self.walk.back()
        self._show_step()

    def _show_step(self) -> None:
        step = self.walk.step
        if step is Step.DONE:
            self._finish()
            return
        page = self._build(step)
        if self._page is not None:
            self._place.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self._place.addWidget(page)
        page.advance.connect(self._go_forward)
        self._title.setText(page.title())
        self._explanation.setText(page.explanation())
        self._explanation.setVisible(bool(page.explanation()))
        self._next.setText(page.action())
        self._next.setVisible(bool(page.action()))
        look(self._next, "primary" if page.action_is_primary() else "")
        self._back.setVisible(self.walk.may_go_back)
        self._dots.show_place(self.walk.path.index(step), len(self.walk.path) - 1)
        page.show()
        if page.action():
            self._next.setFocus(Qt.FocusReason.OtherFocusReason)
        page.begin()
        if step is Step.MAKE:
            self._make()

    def _build(self, step: Step) -> StepPage:
        answers = self.walk.answers
        match step:
            case Step.LANGUAGE:
                language = LanguagePage()
                language.chosen.connect(self.language_chosen)
                return language
            case Step.PURPOSE:
                purpose = PurposePage()
                purpose.existing_wanted.connect(self._open_existing)
                purpose.restore_wanted.connect(self._restore)
                return purpose
            case Step.OFFICE:
                return OfficePage(answers, self._dialogs)
            case Step.PASSPHRASE:
                passphrase = PassphrasePage(answers)
                passphrase.made.suggestion_wanted.connect(lambda: self._suggest(passphrase))
                return passphrase
            case Step.KEYS:
                return KeysPage(answers, self._dialogs)
            case Step.MAKE:
                return _MakePage()
            case Step.REQUEST:
                panel = RequestPanel(tasks=self._tasks, dialogs=self._dialogs)
                panel.show_request(self._made.words, self._made.request)
                return _RequestPage(panel)
            case Step.TAKE_AWAY:
                return TakeAwayPage(self._made.root, self._made.keys, self._made.notes)
            case Step.SHEET:
                return SheetPage(self.walk.sheet)
            case Step.SHEET_CHECK:
                return SheetCheckPage(self._choose(max(1, len(self.walk.sheet))))
            case Step.GRANT:
                return self._grant_page()
            case _:
                trained = TrainedPage(self._made.users)
                trained.registry_wanted.connect(
                    lambda: self.finished.emit(self._made.registry, None)
                )
                return trained

    def _grant_page(self) -> StepPage:
        def session() -> Session:
            if self._session is None:
                raise RuntimeError("The station is not open.")
            return self._session

        panel = GrantPanel(tasks=self._tasks, dialogs=self._dialogs, session=session)
        panel.enrolled.connect(lambda _code: self._finish())
        return _GrantPage(panel)

    def _finish(self) -> None:
        self.finished.emit(self.walk.answers.folder, self._session)

    # the work --------------------------------------------------------------------------------

    def _make(self) -> None:
        answers = self.walk.answers
        folder = answers.folder or default_folder(answers.purpose)
        answers.folder = folder
        page = self._page
        if not isinstance(page, _MakePage):
            return
        passphrase = answers.passphrase
        environment = self._environment
        job: Callable[[Task], Any]
        if answers.purpose is Purpose.REGISTRY:
            page.card.start(tr("Making the registry and its keys"))
            keys_folder = answers.keys_folder or folder.parent / "waystation-keys"

            def job(_task: Task) -> Any:
                return work.make_registry(
                    folder,
                    name=answers.name,
                    code=answers.code,
                    administrator=answers.administrator,
                    passphrase=passphrase,
                    keys_folder=keys_folder,
                    environment=environment,
                )
        elif answers.purpose is Purpose.TRAINING:
            page.card.start(tr("Inventing people and registering them"))

            def job(task: Task) -> Any:
                return work.make_training(
                    folder,
                    passphrase=passphrase,
                    environment=environment,
                    progress=task.progress,
                )
        else:
            page.card.start(tr("Making the station and its keys"))

            def job(_task: Task) -> Any:
                return work.make_station(
                    folder,
                    name=answers.name,
                    administrator=answers.administrator,
                    passphrase=passphrase,
                    environment=environment,
                )

        def whole(task: Task) -> Any:
            made = job(task)
            session = getattr(made, "session", None)
            return made, session, work.sheet(session) if session is not None else ()

        self._tasks.run(
            whole,
            done=self._was_made,
            failed=self._not_made,
            progress=page.card.progress,
            parent=self,
        )

    def _was_made(self, result: tuple[Any, Session | None, tuple[str, ...]]) -> None:
        self._made, self._session, self.walk.sheet = result
        self.walk.forward()
        self._show_step()

    def _not_made(self, error: Exception) -> None:
        page = self._page
        if isinstance(page, _MakePage):
            page.card.finish()
            page.failure.set_message(
                "danger", words.failure(error), action=(tr("Go back"), self._begin_again)
            )
            page.failure.show()
            self._title.setText(tr("That did not work"))

    def _begin_again(self) -> None:
        """Back to the questions; what was typed is still there, but for the passphrase."""
        answers = self.walk.answers
        self.walk = Walk()
        self.walk.answers = answers
        answers.passphrase = answers.again = ""
        self.walk.forward()
        self.walk.forward()
        self._show_step()

    def _suggest(self, page: PassphrasePage) -> None:
        self._tasks.run(
            lambda _task: work.suggest(self._environment),
            done=page.made.take_suggestion,
            parent=page,
        )

    def _open_existing(self) -> None:
        folder = self._dialogs.open_folder(self, tr("Open a place that exists"))
        if folder is not None:
            self.finished.emit(folder, None)

    def _restore(self) -> None:
        file = self._dialogs.open_file(
            self,
            tr("The backup to restore"),
            [(tr("Backups"), ("*.backup",)), *files.anything()],
        )
        if file is None:
            return
        parent = self._dialogs.open_folder(self, tr("Where the restored place is kept"))
        if parent is None:
            return
        folder = parent / Path(file).stem
        self._tasks.run(
            lambda _task: work.restore(file, folder, environment=self._environment),
            done=lambda _entries: self.finished.emit(folder, None),
            failed=lambda error: self._explanation.setText(words.failure(error)),
            parent=self,
        )
