"""From the last page of an event to its record: what it changes, what is open, the signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop import offices
from desktop.desk import Changes, Desk
from desktop.events.filling import Filling
from desktop.events.summary import Summary, touched
from desktop.events.telling import Telling
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from station.events import Foreseen, Recorded


class Recording(QObject):
    """Looks ahead while the last page is in front, and signs."""

    said = Signal(str, str)  # kind of message, sentence
    hushed = Signal()
    noted = Signal(str)
    failed = Signal(object)
    recorded = Signal(object, object)  # Filling, Recorded

    def __init__(self, desk: Desk, telling: Telling, summary: Summary) -> None:
        super().__init__(telling)
        self._desk = desk
        self._telling = telling
        self._summary = summary
        self._foreseen_at = -1
        telling.read_back_shown.connect(self.foresee)
        telling.sign_wanted.connect(self.record)

    def begin(self) -> None:
        """Another event."""
        self._foreseen_at = -1
        self._summary.changes.show_changes(())
        self._summary.say("info", "")

    def foresee(self) -> None:
        """What recording will change, as soon as nothing has to be mended."""
        filling = self._telling.filling
        if filling is None or self._foreseen_at == filling.revision:
            return
        if filling.errors():
            self._summary.changes.hide()
            self._summary.say("warning", tr("What this changes is told once nothing is to mend."))
            return
        self._summary.changes.show()
        self._summary.say("info", "")
        self._foreseen_at = filling.revision
        form, typed, language = filling.form, filling.typed, self._desk.language
        self._desk.read(
            lambda work: offices.events.foresee(work.session, form.id, typed, language=language),
            done=lambda changes: self._show(filling, changes),
            failed=lambda _error: self._cannot_foresee(filling),
            parent=self,
            latest="foresee",
        )

    def _cannot_foresee(self, filling: Filling) -> None:
        if self._telling.filling is filling:
            self._foreseen_at = -1  # an answer is wrong: what was found in it is on its way

    def _show(self, filling: Filling, changes: Sequence[Foreseen]) -> None:
        if self._telling.filling is filling:
            named = tr("A child without a name yet")
            self._summary.changes.show_changes(touched(changes, named))

    def record(self) -> None:
        """Sign the event, once nothing is to mend and every warning has its reason."""
        telling, filling = self._telling, self._telling.filling
        if filling is None or telling.held or not filling.reading_back:
            return
        if filling.errors():
            self._mend(filling)
            return
        if filling.open_warnings():
            self.said.emit("warning", tr("Say why what is marked is right as it is, or mend it."))
            self._summary.last.focus_first_open()
            return
        saver = telling.saver
        if saver is None:
            return
        self.hushed.emit()
        saver.save()
        saver.stop()
        telling.held = True
        telling.board.sign.setEnabled(False)
        self.noted.emit(tr("Recording…"))
        identity, form, typed = saver.identity, filling.form, filling.typed
        confirmed = filling.confirmed
        named = frozenset(UUID(hex=one) for one in telling.names_in(filling))
        self._desk.act(
            lambda work: offices.events.record(
                work.session, form.id, typed, confirmed=confirmed, draft_id=identity
            ),
            done=lambda made: self.recorded.emit(filling, made),
            failed=self._not_recorded,
            changes=lambda made: _changes(made, named),
            parent=self,
        )

    def _mend(self, filling: Filling) -> None:
        """To the first thing that has to be mended."""
        errors = filling.errors()
        self._telling.go_to(filling.target(errors[0]))
        self.said.emit(
            "danger",
            ntr(
                "{n} thing has to be mended before the event can be recorded.",
                "{n} things have to be mended before the event can be recorded.",
                len(errors),
            ),
        )

    def _not_recorded(self, error: Exception) -> None:
        self.noted.emit("")
        self.failed.emit(error)
        telling = self._telling
        telling.held = False
        telling.board.sign.setEnabled(True)
        if telling.saver is not None:
            telling.saver.resume()
        telling.check()


def _changes(made: Recorded, named: frozenset[UUID]) -> Changes:
    return Changes(
        persons=named,
        people=made.created is not None,
        queue=made.registration is not None,
        drafts=True,
        documents=bool(made.document),
        sending=True,
    )
