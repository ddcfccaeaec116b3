"""Keeps the draft: at once when a field is left, and within a second while somebody types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop import offices
from desktop.desk import Changes, Desk, Work

Keep = Callable[[Work, str, Any], datetime]
"""Keeps a draft under an id, and says when. On the worker."""


def keep_family(work: Work, identity: str, draft: Any) -> datetime:
    """A family goes to the drafts of families."""
    return offices.drafts.save(work.session, identity, draft)


LATEST: Final = 1000
"""Milliseconds of typing that a power cut may cost."""

AGAIN: Final = 5000
"""Milliseconds until a save that failed is tried again."""


class Saver(QObject):
    """Saves one draft. The worker takes the saves in turn, so the last one wins."""

    saved = Signal(object)  # datetime
    failed = Signal(object)  # Exception

    def __init__(
        self,
        desk: Desk,
        identity: str,
        draft: Callable[[], tuple[int, Any]],
        parent: QObject,
        *,
        known: bool,
        keep: Keep = keep_family,
    ) -> None:
        """``draft`` gives the revision and the draft; ``known``: it was saved before; ``keep``
        is what keeps it."""
        super().__init__(parent)
        self.identity = identity
        self._desk = desk
        self._draft = draft
        self._known = known
        self._keep = keep
        self._saved_revision = 0
        self._stopped = False
        self._failing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.save)

    def touched(self) -> None:
        """Something was typed. The clock is not set back by the next key."""
        if not self._stopped and not self._timer.isActive():
            self._timer.start(LATEST)

    def save(self) -> None:
        """Save now, if there is anything that is not saved."""
        self._timer.stop()
        revision, draft = self._draft()
        if self._stopped or revision == self._saved_revision or not self._desk.unlocked:
            return
        self._saved_revision = revision
        self._desk.act(
            lambda work: self._keep(work, self.identity, draft),
            done=self._done,
            failed=self._refused,
            changes=Changes() if self._known else Changes(drafts=True),
            parent=self,
        )
        self._known = True

    @property
    def pending(self) -> bool:
        """Whether something typed is not with the worker yet."""
        return self._draft()[0] != self._saved_revision

    @property
    def failing(self) -> bool:
        """Whether the last save failed: what was typed is nowhere but here."""
        return self._failing

    @property
    def known(self) -> bool:
        """Whether the draft has been saved at all."""
        return self._known

    def stop(self) -> None:
        """Save no more: the family is being registered, or was discarded."""
        self._stopped = True
        self._timer.stop()

    def resume(self) -> None:
        """Go on: it was not registered."""
        self._stopped = False
        self.touched()

    def _done(self, at: datetime) -> None:
        self._failing = False
        self.saved.emit(at)

    def _refused(self, error: Exception) -> None:
        self._failing = True
        self._saved_revision = -1  # so that the next field that is left tries again too
        self.failed.emit(error)
        if not self._stopped:
            self._timer.start(AGAIN)
