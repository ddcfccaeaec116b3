"""After recording: what was made, which paper there is or why there is none, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from desktop.style import tokens
from desktop.widgets.buttons import Button, LinkButton, PrimaryButton
from desktop.widgets.labels import Caption, Display, Strong, Text, Title
from desktop.widgets.layout import Card, Plain, Scroll, column, row
from desktop.widgets.messages import Notice, Picture
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from station.events import Recorded


class Done(Scroll):
    """The event is recorded."""

    print_wanted = Signal()
    paper_wanted = Signal(object)  # event id
    person_wanted = Signal(object)  # person id
    next_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(limit=tokens.FORM_WIDTH)
        self.setObjectName("event-done")
        self._said = Title("")
        self._late = Notice("info", tr("It is registered late. The register says so."))
        self._child = Card(spacing=0, margin=tokens.S24)
        self._number = Display("")
        self._number.setObjectName("created-number")
        self._number.setTextInteractionFlags(Text("").selectable().textInteractionFlags())
        self._child.body.addWidget(Caption(tr("Number of the person registered with it")))
        self._child.body.addWidget(self._number)
        self._child.body.addSpacing(tokens.S8)
        self._child.body.addWidget(
            Text(tr("The registration waits for review, as that of a family does."), muted=True)
        )
        self._paper = Notice("info", "")
        self._paper.setObjectName("event-paper")
        self._blocked = Card(spacing=tokens.S8)
        self._blocked.setObjectName("event-blocked")
        self.print = Button(
            tr("Print documents"), icon="print", on=self.print_wanted.emit, name="event-print"
        )
        self.paper_print = PrimaryButton(
            "", icon="print", on=self._print_paper, name="event-paper-print"
        )
        self._event: Any = None
        self.next = Button(
            tr("Record another event"), icon="plus", on=self.next_wanted.emit, name="event-next"
        )
        self._people = Plain()
        self._people_row = row(spacing=tokens.S12)
        self._people.setLayout(column(self._people_row))
        tick = Picture("success", role="success", size=28)
        self.body.addLayout(row(tick, self._said, spacing=tokens.S12))
        for part in (self._late, self._child, self._paper, self._blocked):
            self.body.addWidget(part)
        self.body.addLayout(row(self.paper_print, self.print, self.next, None, spacing=tokens.S12))
        self.body.addWidget(self._people)
        self.body.addStretch(1)

    def show_recorded(
        self,
        title: str,
        recorded: Recorded,
        *,
        blocked: Sequence[str],
        document: str,
        people: Sequence[tuple[Any, str]],
    ) -> None:
        """``title`` is the event's; ``blocked`` why there is no paper, in words; ``document`` what
        the paper is called; ``people`` those it touched, to go to."""
        self._said.setText(tr("Recorded: {event}", event=title))
        self._late.setVisible(recorded.late)
        self._child.setVisible(recorded.created is not None)
        self._number.setText(isolate(recorded.created_number))
        self._show_blocked(blocked)
        self._event = recorded.event
        self.paper_print.setText(tr("Print: {document}", document=document))
        self.paper_print.setVisible(bool(recorded.document) and not blocked)
        self.print.setVisible(bool(people))
        self._paper.setVisible(not blocked)
        self._paper.set_message(
            "info",
            tr("There is a document about it: {document}.", document=document)
            if recorded.document
            else tr("There is no document of its own about this event. The record keeps it."),
        )
        self._show_people(people)
        self.focus_first()

    def focus_first(self) -> None:
        """Give the keyboard to what comes next most likely."""
        acts = (self.paper_print, self.print, self.next)
        next(one for one in acts if not one.isHidden()).setFocus()

    def _print_paper(self) -> None:
        self.paper_wanted.emit(self._event)

    def _show_blocked(self, reasons: Sequence[str]) -> None:
        while (item := self._blocked.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._blocked.setVisible(bool(reasons))
        if reasons:
            self._blocked.body.addWidget(Strong(tr("No document is printed about it")))
            for reason in reasons:
                self._blocked.body.addWidget(Text(reason).selectable())
        self._blocked.setAccessibleName(" ".join(reasons))

    def _show_people(self, people: Sequence[tuple[Any, str]]) -> None:
        while (item := self._people_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, (person, name) in enumerate(people):
            link = LinkButton(
                tr("To {name}", name=isolate(name)),
                on=partial(self.person_wanted.emit, person),
                name=f"event-person-{number}",
            )
            self._people_row.addWidget(link)
        self._people_row.addStretch(1)
        self._people.setVisible(bool(people))
