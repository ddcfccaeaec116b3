"""Stations (registry): who is enrolled, and enrolling one by its request.

Enrolling is two steps on purpose: the words of the request are compared by telephone before
anything is signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from desktop import files, offices, words
from desktop.desk import Changes, Desk
from desktop.page import WIDE, Key, Page
from desktop.pages.for_verifiers import save_page
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Caption, Label, Section, Text, Title
from desktop.widgets.layout import Card, Plain, column, row
from desktop.widgets.messages import EmptyState
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from datetime import datetime

    from desktop.dialogs import Filters
    from registry.enrol import Granted
    from registry.queues import StationRow

ADMINISTRATOR: Final = "administrator"
_SOON: Final = 60
"""Days before a certificate ends from which it is a warning."""


class StationsPage(Page):
    """The list, and over it the card of a station that is being enrolled."""

    key = "stations"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._request: Path | None = None
        self._busy = False
        self._may_enrol = desk.role == ADMINISTRATOR
        self._empty = EmptyState(
            "stations",
            tr("No station is enrolled"),
            tr("A station makes a request on its own computer. Bring the request here on a stick."),
            button=(tr("Enrol a station…"), self._choose) if self._may_enrol else None,
        )
        self.table: DataTable[StationRow] = DataTable(
            _columns(self._now),
            name="stations",
            label=tr("Stations"),
            prefs=desk.prefs,
            identity=lambda one: one.id,
            empty=self._empty,
        )
        self.enrol = PrimaryButton(
            tr("Enrol a station…"), icon="plus", on=self._choose, name="stations-enrol"
        )
        self.trust = Button(
            tr("Save the list for verifiers…"), on=self._save_trust, name="stations-trust"
        )
        self.key_set = QuietButton(
            tr("Save it as a key set (JWKS)…"), on=self._save_key_set, name="stations-jwks"
        )
        self.page_for_verifiers = Button(
            tr("Page for verifiers…"), on=self._save_page, name="stations-verifier"
        )
        self.asked = _Asked()
        self.asked.granted.clicked.connect(lambda _checked=False: self._grant())
        self.asked.cancelled.clicked.connect(lambda _checked=False: self._cancel())
        self.answer = _Answer()
        self.answer.closed.clicked.connect(lambda _checked=False: self._cancel())
        self._list = Plain()
        layout = QVBoxLayout(self._list)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S16)
        self._bar = Plain()
        self._bar.setLayout(
            row(self.page_for_verifiers, self.trust, self.key_set, None, self.enrol)
        )
        layout.addWidget(self.table, 1)
        layout.addWidget(self._bar)
        self._bar.setVisible(False)
        self.stack = QStackedWidget()
        for part in (self._list, self.asked, self.answer):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)
        if not self._may_enrol:
            self._bar.hide()
        desk.changed.connect(self._changed)

    def _now(self) -> datetime:
        return self.desk.clock.now()

    def keys(self) -> list[Key]:
        if not self._may_enrol:
            return []
        return [Key("Ctrl+O", tr("Enrol a station by its request"), self._choose)]

    # the list ------------------------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        self._load()

    def _load(self) -> None:
        self.desk.read(
            lambda work: offices.queues.stations(work.session),
            done=self._show,
            parent=self,
            latest="stations",
        )

    def _show(self, stations: Sequence[StationRow]) -> None:
        self.table.set_rows(stations)
        self._bar.setVisible(self._may_enrol and bool(stations))
        if self.stack.currentWidget() is self._list and self.isVisible():
            (self.table.view if stations else self._empty.button or self).setFocus()

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.imports:
            self._load()

    # enrolling -----------------------------------------------------------------------------

    def _choose(self) -> None:
        if not self._may_enrol or self._busy:
            return
        path = self.desk.dialogs.open_file(
            self, tr("Choose the station's request"), files.carried()
        )
        if path is not None:
            self.read_request(path)

    def read_request(self, path: Path) -> None:
        """Look at a request; nothing is signed yet."""
        self.hush()
        self._request = path
        self.desk.read(
            lambda work: _asked(path),
            done=lambda found: self._compare(*found),
            failed=self._failed,
            parent=self,
            latest="request",
        )

    def _compare(self, name: str, administrator: str, said: Sequence[str]) -> None:
        self.asked.show_request(name, administrator, said)
        self.stack.setCurrentWidget(self.asked)
        self.asked.granted.setFocus()

    def _grant(self) -> None:
        request = self._request
        if request is None or self._busy:
            return
        out = self.desk.dialogs.save_file(
            self, tr("Where to write the grant"), files.GRANT, files.carried()
        )
        if out is None:
            return
        self._busy = True
        self.asked.granted.setEnabled(False)
        self.desk.act(
            lambda work: offices.registry_enrol.enrol(work.session, request, out),
            done=lambda granted: self._granted(granted, out),
            failed=self._failed,
            changes=Changes(imports=True),
            parent=self,
        )

    def _granted(self, granted: Granted, out: Path) -> None:
        self._over()
        self.answer.show_grant(granted, out)
        self.stack.setCurrentWidget(self.answer)
        self.answer.closed.setFocus()

    def _cancel(self) -> None:
        self._request = None
        self.stack.setCurrentWidget(self._list)
        self.table.view.setFocus()

    def _failed(self, error: Exception) -> None:
        self._over()
        self.say_failure(error)

    def _over(self) -> None:
        self._busy = False
        self.asked.granted.setEnabled(True)

    # the list for verifiers ------------------------------------------------------------------

    def _save_trust(self) -> None:
        self._export(jwks=False, suggested=files.TRUST, filters=files.carried())

    def _save_key_set(self) -> None:
        self._export(jwks=True, suggested=files.KEY_SET, filters=files.anything())

    def _save_page(self) -> None:
        save_page(self, lambda work, out: offices.registry_trust.export_page(work.session, out))

    def _export(self, *, jwks: bool, suggested: str, filters: Filters) -> None:
        out = self.desk.dialogs.save_file(
            self, tr("Save the list for verifiers"), suggested, filters
        )
        if out is None:
            return
        self.desk.act(
            lambda work: offices.registry_trust.export(work.session, out, jwks=jwks),
            done=lambda count: self.say(
                "success",
                ntr(
                    "The list with {n} key is in {name}.",
                    "The list with {n} keys is in {name}.",
                    count,
                    name=isolate(out.name),
                ),
            ),
            changes=Changes(),
            parent=self,
        )


class _Words(Plain):
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


class _Asked(Plain):
    """A request, before it is granted."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stations-asked")
        self._name = Title("")
        self._who = Text("", muted=True)
        self._words = _Words()
        self.granted = PrimaryButton(
            tr("The words are the same: enrol…"), icon="check", name="stations-grant"
        )
        self.cancelled = Button(tr("Cancel"), name="stations-cancel")
        card = Card(
            column(self._name, self._who, spacing=2),
            Text(
                tr(
                    "Call the station. Its administrator reads six words from the screen. "
                    "Go on only when they are these, in this order."
                )
            ),
            self._words,
            row(self.granted, self.cancelled, None),
            spacing=tokens.S16,
            margin=tokens.S24,
        )
        card.setMaximumWidth(tokens.FORM_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)

    def show_request(self, name: str, administrator: str, said: Sequence[str]) -> None:
        """Show what a request says of itself."""
        self._name.setText(tr("Station “{name}” asks to be enrolled", name=name))
        self._who.setText(tr("Administrator: {name}", name=isolate(administrator)))
        self._words.show_words(said)


class _Answer(Plain):
    """The grant that was written."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stations-answer")
        self._said = Title("")
        self._file = Text("")
        self._words = _Words()
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


def _asked(path: Path) -> tuple[str, str, tuple[str, ...]]:
    request = offices.registry_enrol.read_request(path)
    return request.name, request.login, tuple(request.words())


def _columns(now: Any) -> list[Column[StationRow]]:
    def until(one: StationRow) -> str:
        return words.day(one.certificate_until.date())

    def until_tone(one: StationRow) -> str:
        return "warning" if (one.certificate_until - now()).days < _SOON else ""

    def contact(one: StationRow) -> str:
        if one.last_contact is None:
            return tr("never")
        return tr("{span} ago", span=words.ago(now() - one.last_contact))

    return [
        Column(
            key="code", title=tr("Code"), value=lambda one: isolate(one.code), width=90, strong=True
        ),
        Column(key="name", title=tr("Name"), value=lambda one: one.name, stretch=True),
        Column(
            key="contact",
            title=tr("Last bundle"),
            value=contact,
            sort=lambda one: one.last_contact.timestamp() if one.last_contact else 0.0,
            width=150,
        ),
        Column(
            key="entries",
            title=tr("Entries here"),
            value=lambda one: words.number(one.entries),
            sort=lambda one: one.entries,
            at_end=True,
            width=130,
        ),
        Column(
            key="until",
            title=tr("Certificate until"),
            value=until,
            sort=lambda one: one.certificate_until,
            tone=until_tone,
            width=190,
        ),
    ]
