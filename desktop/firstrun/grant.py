"""Waiting for the registry: the request, its six words, and the grant that comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import files, words
from desktop.dialogs import Dialogs
from desktop.firstrun import work
from desktop.firstrun.parts import WordGrid
from desktop.style import tokens
from desktop.tasks import Tasks
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Plain, column, row
from desktop.widgets.messages import Notice
from desktop.words import tr

if TYPE_CHECKING:
    from workspace.session import Session


class RequestPanel(QWidget):
    """The words to read out, and the file to carry."""

    def __init__(self, *, tasks: Tasks, dialogs: Dialogs) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self._tasks = tasks
        self._dialogs = dialogs
        self._data = b""
        self.grid = WordGrid()
        self.grid.setObjectName("request-words")
        self._said = Notice("success", "")
        self._said.hide()
        self.save = Button(
            tr("Save the request file…"), icon="export", on=self._save, name="save-request"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S16)
        layout.addLayout(
            column(
                Section(tr("1  Carry the request to the registry")),
                Text(tr("Save it on a stick, or send it; it holds no secret."), muted=True),
                spacing=tokens.S4,
            )
        )
        layout.addLayout(row(self.save, None))
        layout.addWidget(self._said)
        layout.addLayout(
            column(
                Section(tr("2  Read these six words to the registry by telephone")),
                Text(
                    tr("If they see the same words, nobody exchanged the request on its way."),
                    muted=True,
                ),
                spacing=tokens.S4,
            )
        )
        layout.addWidget(self.grid)

    def show_request(self, request_words: tuple[str, ...], data: bytes) -> None:
        """What this station asked."""
        self._data = data
        self.grid.set_words(request_words)
        self.save.setEnabled(bool(data))

    def _save(self) -> None:
        out = self._dialogs.save_file(self, tr("Save the request"), files.REQUEST, files.carried())
        if out is None:
            return
        data = self._data
        self._tasks.run(
            lambda _task: work.write_request(data, out),
            done=self._saved,
            failed=lambda error: self._tell("danger", words.failure(error)),
            parent=self,
        )

    def _saved(self, out: Path) -> None:
        self._tell("success", tr("Saved as {name}.", name=words.isolate(out.name)))

    def _tell(self, kind: str, sentence: str) -> None:
        self._said.set_message(kind, sentence)
        self._said.show()


class GrantPanel(QWidget):
    """Choose the grant, compare its words, take it."""

    enrolled = Signal(str)  # the station's code

    def __init__(self, *, tasks: Tasks, dialogs: Dialogs, session: Callable[[], Session]) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self._tasks = tasks
        self._dialogs = dialogs
        self._session = session
        self._path: Path | None = None
        self.choose = PrimaryButton(
            tr("Open the grant…"), icon="folder", on=self._choose, name="choose-grant"
        )
        self._said = Notice("danger", "")
        self._said.hide()
        self.grid = WordGrid()
        self.grid.setObjectName("grant-words")
        self.match = PrimaryButton(
            tr("They are the same"), icon="check", on=self._take, name="words-match"
        )
        self.differ = QuietButton(tr("They differ"), on=self._refuse, name="words-differ")
        self._compare = Plain()
        inner = QVBoxLayout(self._compare)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(tokens.S12)
        inner.addWidget(
            Text(tr("Ask the registry by telephone to read its six words. Are they these?"))
        )
        inner.addWidget(self.grid)
        inner.addLayout(row(self.match, self.differ, None))
        self._compare.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        layout.addLayout(row(self.choose, None))
        layout.addWidget(self._said)
        layout.addWidget(self._compare)

    def _choose(self) -> None:
        path = self._dialogs.open_file(self, tr("Open the grant"), files.carried())
        if path is None:
            return
        self._tasks.run(
            lambda _task: work.read_grant(path),
            done=self._read,
            failed=self._failed,
            parent=self,
        )

    def _read(self, grant: work.GrantRead) -> None:
        self._path = grant.path
        self._said.hide()
        self.grid.set_words(grant.words)
        self.choose.hide()
        self._compare.show()
        self.match.setFocus()

    def _refuse(self) -> None:
        self._path = None
        self.choose.show()
        self.choose.setFocus()
        self._compare.hide()
        self._tell(
            "warning",
            tr("Do not use this grant. Ask the registry to make a new one and bring it again."),
        )

    def _take(self) -> None:
        path = self._path
        if path is None:
            return
        self.match.setEnabled(False)
        session = self._session()
        self._tasks.run(
            lambda _task: work.take_grant(session, path),
            done=self._taken,
            failed=self._failed,
            parent=self,
        )

    def _taken(self, code: str) -> None:
        self._compare.hide()
        self.match.setEnabled(True)
        self._tell("success", tr("This is station {code} now.", code=words.isolate(code)))
        self.enrolled.emit(code)

    def _failed(self, error: Exception) -> None:
        self.match.setEnabled(True)
        self._compare.hide()
        self.choose.show()
        self._tell("danger", words.failure(error))

    def _tell(self, kind: str, sentence: str) -> None:
        self._said.set_message(kind, sentence)
        self._said.show()
