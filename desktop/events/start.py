"""Before an event is told: about whom, which one, and those that were not finished."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop import words
from desktop.events.left_off import LeftOff
from desktop.events.offer import Offer
from desktop.events.picker import Picker
from desktop.style import tokens
from desktop.widgets.buttons import IconButton, LinkButton, QuietButton
from desktop.widgets.labels import Caption, Elided, Section, Strong, Text
from desktop.widgets.layout import Card, Plain, Rule, column, row
from desktop.words import isolate, tr

_BESIDE = 320


class Start(Plain):
    """The list of events; beside it whom the event is about, and what was left off."""

    chosen = Signal(str)  # form id
    continued = Signal(object)  # LeftOff
    discard_wanted = Signal(object)  # LeftOff
    person_dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("event-start")
        self.picker = Picker()
        self.picker.chosen.connect(self.chosen)
        self._about = Card(spacing=tokens.S4)
        self._name = Strong("")
        self._detail = Caption("")
        drop = IconButton(
            "close",
            tr("About somebody else"),
            on=self.person_dropped.emit,
            name="event-drop-person",
        )
        head = row(column(self._name, self._detail, spacing=2), drop)
        head.setStretch(0, 1)
        self._about.body.addWidget(Caption(tr("About")))
        self._about.body.addLayout(head)
        self._left = Plain()
        self._drafts = Card(spacing=tokens.S8)
        self._left.setLayout(
            column(Section(tr("Not recorded yet")), self._drafts, spacing=tokens.S8)
        )
        self._nobody = Text(
            tr("An event can be about several people. Whom it touches is asked on its pages."),
            muted=True,
        )
        beside = Plain()
        beside.setFixedWidth(_BESIDE)
        layout = QVBoxLayout(beside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S16)
        for part in (self._about, self._nobody, self._left):
            layout.addWidget(part)
        layout.addStretch(1)
        holder = Plain()
        holder.setMaximumWidth(tokens.FORM_WIDTH)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.picker)
        across = QHBoxLayout(self)
        across.setContentsMargins(tokens.S32, tokens.S8, tokens.S32, tokens.S16)
        across.setSpacing(tokens.S24)
        across.addWidget(holder, 1000)
        across.addWidget(beside)
        across.addStretch(1)
        self.show_about("", "")
        self.show_drafts(())

    def show_about(self, name: str, detail: str) -> None:
        """Whom the event is about; nobody yet when both are empty."""
        self._about.setVisible(bool(name or detail))
        self._nobody.setVisible(not (name or detail))
        self._name.setText(isolate(name))
        self._detail.setText(detail)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """The events to choose from."""
        self.picker.show_offers(offers)

    def show_drafts(self, drafts: Sequence[LeftOff]) -> None:
        """The events and corrections that were left off."""
        while (item := self._drafts.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, draft in enumerate(drafts):
            if number:
                self._drafts.body.addWidget(Rule())
            self._drafts.body.addWidget(self._line(draft))
        self._left.setVisible(bool(drafts))

    def _line(self, draft: LeftOff) -> Plain:
        saved = tr("saved {when}", when=words.moment(draft.saved_at))
        spoken = ", ".join(part for part in (draft.title, draft.who) if part)
        go_on = LinkButton(
            tr("Go on"), on=lambda: self.continued.emit(draft), name=f"draft-{draft.key}"
        )
        go_on.setAccessibleName(tr("Go on with {name}", name=spoken))
        go_on.setEnabled(draft.goes_on)
        discard = QuietButton(
            tr("Discard…"),
            on=lambda: self.discard_wanted.emit(draft),
            name=f"discard-{draft.key}",
        )
        discard.setAccessibleName(tr("Discard {name}", name=spoken))
        line = Plain()
        line.setLayout(
            column(
                Elided(draft.title, as_="strong"),
                *([Elided(draft.who)] if draft.who else []),
                Caption(saved),
                row(go_on, discard, None),
                spacing=2,
            )
        )
        return line
