"""Back in with the recovery sheet, when the administrator's passphrase is lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.dialogs import SheetDialog
from desktop.firstrun import work
from desktop.firstrun.parts import NewPassphrase
from desktop.tasks import Tasks
from desktop.widgets.buttons import PrimaryButton, QuietButton
from desktop.widgets.fields import TextField
from desktop.widgets.labels import Text
from desktop.widgets.messages import Notice
from desktop.words import tr


class RecoverDialog(SheetDialog):
    """The sheet's text and a new passphrase; ``administrator`` is whose it is, once accepted."""

    def __init__(
        self, parent: QWidget, folder: Path, *, tasks: Tasks, environment: work.Environments
    ) -> None:
        super().__init__(parent, tr("Open with the recovery sheet"), width=520)
        self.setObjectName("recover-dialog")
        self.administrator = ""
        self._folder = folder
        self._tasks = tasks
        self._environment = environment
        self.code = TextField(
            "code",
            tr("What stands on the sheet"),
            help=tr("All of it, in order. Spaces and small letters do not matter."),
            direction="ltr",
        )
        self.made = NewPassphrase(label=tr("A new passphrase for the administrator"))
        self.made.suggestion_wanted.connect(self._suggest)
        self._notice = Notice("danger", "")
        self._notice.hide()
        self.act = PrimaryButton(tr("Open"), on=self._recover, name="recover-act")
        self.body.addWidget(
            Text(tr("The other users keep theirs; give a new one to whoever needs it."), muted=True)
        )
        self.body.addWidget(self._notice)
        self.body.addWidget(self.code)
        self.body.addWidget(self.made)
        self.buttons.addWidget(QuietButton(tr("Cancel"), on=self.reject, name="recover-cancel"))
        self.buttons.addWidget(self.act)
        self.code.focus_editor()

    def _suggest(self) -> None:
        self._tasks.run(
            lambda _task: work.suggest(self._environment),
            done=self.made.take_suggestion,
            parent=self,
        )

    def _recover(self) -> None:
        code, new = str(self.code.value()).strip(), self.made.passphrase()
        complete = self.made.is_complete()
        missing = [("error", tr("Copy what stands on the sheet."))] if not code else []
        self.code.set_problems(missing)
        if missing or not complete:
            return
        self.act.setEnabled(False)
        self._tasks.run(
            lambda _task: work.recover(
                self._folder, code=code, new=new, environment=self._environment
            ),
            done=self._recovered,
            failed=self._failed,
            parent=self,
        )

    def _recovered(self, administrator: str) -> None:
        self.administrator = administrator
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.act.setEnabled(True)
        self._notice.set_message("danger", words.failure(error))
        self._notice.show()
