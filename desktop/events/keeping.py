"""Keeping a correction while it is typed: saved, looked at anew, or thrown away."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop.desk import Changes
from desktop.events import correction, left_off
from desktop.events.correction import Opened
from desktop.events.filling import Filling
from desktop.events.reasons import Reasons
from desktop.events.telling import Telling
from desktop.interview.kept import say_kept
from desktop.interview.saver import Saver
from desktop.page import Page
from desktop.words import isolate, tr
from forms.draft import Raw


class Keeping(QObject):
    """Ties one record after the other to its draft."""

    gone = Signal()  # drafts about the record came or went elsewhere
    discarded = Signal(object)  # Opened

    def __init__(self, page: Page, telling: Telling, reasons: Reasons) -> None:
        super().__init__(telling)
        self._page = page
        self._telling = telling
        self._reasons = reasons
        self._opened: Opened | None = None
        self._aside: dict[str, Raw] = {}  # typed before, and not to be answered now
        reasons.edited.connect(self.touched)
        reasons.left.connect(self._save)
        page.desk.changed.connect(self._changed)

    def begin(self, opened: Opened, filling: Filling, aside: dict[str, Raw]) -> Saver:
        """What keeps this record from now on."""
        self._opened, self._aside = opened, aside
        saver = Saver(
            self._page.desk,
            opened.draft_id,
            lambda: (filling.revision + self._reasons.revision, self.typed(opened, filling)),
            self._page,
            known=opened.draft is not None,
            keep=correction.keep,
        )
        say_kept(saver, self._page, still=lambda: bool(self._telling.filling) and not self._busy)
        return saver

    def typed(self, opened: Opened, filling: Filling) -> tuple[Any, ...]:
        """What is kept of it."""
        at = opened.at
        answers = correction.mine(at, filling.typed, self._page.desk.today())
        seen = tuple(one.hex() for one in at.heads)
        return (
            opened.kind,
            at.subject.hex,
            {**self._aside, **answers},
            *self._reasons.typed,
            filling.confirmed,
            seen,
        )

    def touched(self) -> None:
        """Something was typed beside the answers."""
        if self._telling.saver is not None:
            self._telling.saver.touched()

    def discard(self) -> None:
        """Throw away what was typed, if that is wanted."""
        opened, saver = self._opened, self._telling.saver
        if opened is None or saver is None or self._busy:
            return
        if not saver.known and not saver.pending:
            self._page.say("info", tr("Nothing was changed. Change an answer first, or go back."))
            return
        if not left_off.agreed(self._page, isolate(opened.name)):
            return
        saver.stop()
        left_off.discard(
            self._page,
            opened.kind,
            opened.at.subject,
            done=partial(self.discarded.emit, opened),
            failed=partial(self._not_discarded, saver),
        )

    @property
    def _busy(self) -> bool:
        return self._telling.held

    def _save(self) -> None:
        if self._telling.saver is not None:
            self._telling.saver.save()

    def _not_discarded(self, saver: Saver, error: Exception) -> None:
        saver.resume()
        self._page.say_failure(error)

    def _changed(self, changes: Changes) -> None:
        opened, saver = self._opened, self._telling.saver
        if opened is None or saver is None or saver.pending or not changes.drafts:
            return
        of_person = opened.kind == correction.PERSON
        touched = changes.persons if of_person else changes.households
        if UUID(int=opened.at.subject.int) in touched and not self._page.isVisible():
            self.gone.emit()
