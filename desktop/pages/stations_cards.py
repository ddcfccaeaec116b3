"""The cards of enrolling a station: its request, whose words are compared, and its grant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout

from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.fields import SelectField, TextField
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Caption, Label, Section, Text, Title
from desktop.widgets.layout import Card, Plain, column, row
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from registry.enrol import Granted
    from registry.queues import StationRow

ANOTHER: Final = "another"


class Words(Plain):
    """Six words to compare, large, in reading order."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=8)

    def show_words(self, said: Sequence[str]) -> None:
        """Show these."""
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for word in said:
            self._flow.addWidget(Label(word, as_="word", wrap=False))
        self.setAccessibleName(", ".join(said))
        self.setMinimumHeight(self._flow.heightForWidth(max(320, self.width())))


class AskedCard(Plain):
    """A request, before it is granted."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stations-asked")
        self._name = Title("")
        self._who = Text("", muted=True)
        self._words = Words()
        self.granted = PrimaryButton(
            tr("The words are the same: enrol…"), icon="check", name="stations-grant"
        )
        self.cancelled = Button(tr("Cancel"), name="stations-cancel")
        self._place = SelectField(
            "replaces",
            tr("Takes the place of a lost laptop"),
            options=[],
        )
        self._reason = TextField("replaces-reason", tr("What happened to the lost one"))
        self._reason.hide()
        self._place.edited.connect(lambda _key, raw: self._reason.setVisible(raw != ANOTHER))
        card = Card(
            column(self._name, self._who, spacing=2),
            Text(
                tr(
                    "Call the station. Its administrator reads six words from the screen. "
                    "Go on only when they are these, in this order."
                )
            ),
            self._words,
            self._place,
            self._reason,
            row(self.granted, self.cancelled, None),
            spacing=tokens.S16,
            margin=tokens.S24,
        )
        card.setMaximumWidth(tokens.FORM_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)

    def offer(self, stations: Sequence[StationRow]) -> None:
        """Offer these as lost; the field is away while there is none."""
        self._place.set_options(
            [
                (ANOTHER, tr("No, it is another station")),
                *((one.code, f"{one.code}  {one.name}") for one in stations),
            ]
        )
        self._place.set_value(ANOTHER)
        self._place.setVisible(bool(stations))

    def replaced(self) -> tuple[str, str]:
        """The code of the lost station, if one was chosen, and what happened to it."""
        chosen = str(self._place.value() or ANOTHER)
        code = "" if chosen == ANOTHER else chosen
        reason = str(self._reason.value()).strip()
        missing = bool(code) and not reason
        self._reason.set_problems([("error", tr("Say what happened."))] if missing else [])
        return code, reason

    def show_request(self, name: str, administrator: str, said: Sequence[str]) -> None:
        """Show what a request says of itself."""
        self._place.set_value(ANOTHER)
        self._reason.set_value("")
        self._reason.hide()
        self._name.setText(tr("Station “{name}” asks to be enrolled", name=name))
        self._who.setText(tr("Administrator: {name}", name=isolate(administrator)))
        self._words.show_words(said)


class AnswerCard(Plain):
    """The grant that was written."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stations-answer")
        self._said = Title("")
        self._file = Text("")
        self._words = Words()
        self.closed = PrimaryButton(tr("Back to the stations"), name="stations-close")
        card = Card(
            self._said,
            self._file,
            Section(tr("Words of the grant")),
            Caption(tr("The station shows the same words when it opens the grant.")),
            self._words,
            row(self.closed, None),
            spacing=tokens.S12,
            margin=tokens.S24,
        )
        card.setMaximumWidth(tokens.FORM_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)

    def show_grant(self, granted: Granted, out: Path) -> None:
        """Show it."""
        self._said.setText(tr("The station is {code} from now on", code=isolate(granted.code)))
        self._file.setText(
            tr("The grant is in {name}. Bring it to the station.", name=isolate(out.name))
        )
        self._words.show_words(granted.words)
