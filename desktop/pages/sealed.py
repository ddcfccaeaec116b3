"""What is sealed about a person: closed until a registrar says why, gone when the page is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.pages.person_parts import Titled
from desktop.style import tokens
from desktop.widgets.buttons import Button, QuietButton
from desktop.widgets.labels import Caption, Strong, Text
from desktop.widgets.layout import Plain, column, row
from desktop.widgets.messages import Notice, Picture, announce
from desktop.words import N_, isolate, tr

if TYPE_CHECKING:
    from collections.abc import Callable

FIELD: Final = "needs_sealed"
REASONS: Final = (
    N_("To help or protect this person"),
    N_("The person asks what is recorded"),
    N_("The registration is in doubt"),
)


@dataclass(frozen=True, slots=True)
class Need:
    """A sealed need: its code and what it is called."""

    code: str
    label: str


class SealedPlace(Titled):
    """That something is sealed; and, for as long as it is open, what."""

    read_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Sealed needs"), "person-sealed")
        self.read = Button(
            tr("Read what is sealed…"), icon="eye", on=self.read_wanted.emit, name="sealed-read"
        )
        self._closed = Plain()
        self._closed.setLayout(
            column(
                Text(tr("Something is sealed here. It is recorded who reads it, and why.")),
                row(self.read, None),
                spacing=tokens.S12,
            )
        )
        self.close_again = QuietButton(
            tr("Close it again"), icon="close", on=self.close_needs, name="sealed-close"
        )
        self._lines = Plain()
        self._list = column(spacing=tokens.S8)
        self._lines.setLayout(self._list)
        self._open = Plain()
        self._open.setLayout(
            column(
                self._lines,
                Notice("warning", tr("It is gone when you leave this page. Repeat it to nobody.")),
                row(self.close_again, None),
                spacing=tokens.S12,
            )
        )
        self._open.hide()
        self.card.body.addWidget(self._closed)
        self.card.body.addWidget(self._open)
        self._needs: tuple[Need, ...] = ()

    def needs(self) -> tuple[Need, ...]:
        """What is open now."""
        return self._needs

    def show_needs(self, needs: Sequence[Need]) -> None:
        """Open what was sealed."""
        self._empty()
        self._needs = tuple(needs)
        for need in needs:
            line = Plain()
            line.setLayout(
                row(
                    Picture("lock", role="muted", size=16),
                    column(Strong(need.label), Caption(isolate(need.code)), spacing=0),
                )
            )
            line.setAccessibleName(f"{need.label}, {need.code}")
            self._list.addWidget(line)
        if not needs:
            self._list.addWidget(Text(tr("Nothing is sealed here any more.")))
        self._closed.hide()
        self._open.show()
        self._open.setAccessibleName(", ".join(need.label for need in needs))
        announce(self._open)
        self.close_again.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_needs(self) -> None:
        """Forget what was open."""
        had_keyboard = self.close_again.hasFocus()
        self._needs = ()
        self._empty()
        self._open.setAccessibleName("")
        self._open.hide()
        self._closed.show()
        if had_keyboard:
            self.read.setFocus(Qt.FocusReason.OtherFocusReason)

    def _empty(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class Reading(QObject):
    """Asks why, has the vault opened, and shows it if the reader is still there."""

    def __init__(
        self, desk: Desk, place: SealedPlace, parent: QWidget, failed: Callable[[Exception], object]
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._place = place
        self._page = parent
        self._failed = failed
        self._asked: Any = None
        self.person: Any = None
        """Who is shown now; None while nobody is."""
        place.read_wanted.connect(self.ask)

    def ask(self) -> None:
        """The reason first; without one nothing is opened, and nothing recorded."""
        person = self.person
        if person is None or self._place.isHidden() or self._place.needs() or self._asked:
            return
        reason = self._desk.dialogs.reason(
            self._page,
            tr("Read what is sealed?"),
            tr(
                "These needs concern violence and the like. Your name and your reason are written "
                "to the audit before anything is shown."
            ),
            tr("Read"),
            choices=[tr(one) for one in REASONS],
            danger=False,
        )
        if reason is None:
            return
        self._asked = person
        self._place.read.setEnabled(False)
        self._desk.act(
            partial(_read, person=person, reason=reason, language=words.language()),
            done=lambda needs: self._opened(person, needs),
            failed=self._refused,
            changes=Changes(),
            parent=self,
        )

    def leave(self) -> None:
        """The page is left: what is open is closed, what is under way is not shown."""
        self.person = self._asked = None
        self._place.read.setEnabled(True)
        self._place.close_needs()

    def _opened(self, person: Any, needs: Sequence[Need]) -> None:
        if self._asked == person:
            self._asked = None
            self._place.read.setEnabled(True)
            self._place.show_needs(needs)

    def _refused(self, error: Exception) -> None:
        if self._asked is not None:
            self._asked = None
            self._place.read.setEnabled(True)
            self._failed(error)


def _read(work: Work, *, person: Any, reason: str, language: str) -> list[Need]:
    from forms import wording  # the code lists are read where something is read

    codes = offices.vault.read_needs(work.session, person, reason=reason)
    return [Need(code, wording.label("needs", code, language)) for code in codes]
