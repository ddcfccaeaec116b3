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
from desktop.pages.stations_cards import AnswerCard, AskedCard
from desktop.pages.stations_deeds import PeopleList, RevokeForm, told, told_of_user
from desktop.style import tokens
from desktop.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from desktop.widgets.layout import Plain, row
from desktop.widgets.messages import EmptyState
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from datetime import datetime

    from desktop.dialogs import Filters
    from registry.enrol import Granted
    from registry.queues import StationRow
    from registry.revoking import UserOfStation

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
        self.revoke = DangerButton(tr("Revoke…"), on=self._ask_revoke, name="stations-revoke")
        self.people = Button(
            tr("Its users…"), icon="users", on=self._show_people, name="stations-users"
        )
        self.notice = Button(
            tr("Write its notice…"), icon="export", on=self._write_notice, name="stations-notice"
        )
        self.table.selection_changed.connect(self._selected)
        self.form = RevokeForm()
        self.form.wanted.connect(self._revoke)
        self.form.cancelled.connect(self._cancel)
        self.users = PeopleList(desk.prefs)
        self.users.revoke_wanted.connect(self._revoke_user)
        self.users.closed.connect(self._cancel)
        self.asked = AskedCard()
        self.asked.granted.clicked.connect(lambda _checked=False: self._grant())
        self.asked.cancelled.clicked.connect(lambda _checked=False: self._cancel())
        self.answer = AnswerCard()
        self.answer.closed.clicked.connect(lambda _checked=False: self._cancel())
        self._list = Plain()
        layout = QVBoxLayout(self._list)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S16)
        self._bar = Plain()
        self._bar.setLayout(
            row(self.page_for_verifiers, self.trust, self.key_set, None, self.enrol)
        )
        self._deeds = Plain()
        self._deeds.setLayout(row(self.notice, self.people, None, self.revoke))
        self._deeds.setVisible(False)
        layout.addWidget(self._deeds)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._bar)
        self._bar.setVisible(False)
        self.stack = QStackedWidget()
        for part in (self._list, self.asked, self.answer, self.form, self.users):
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
        self._deeds.setVisible(self._may_enrol and bool(stations))
        self.asked.offer([one for one in stations if one.revoked is None])
        self._selected()
        if self.stack.currentWidget() is self._list and self.isVisible():
            if stations:
                self.table.focus_rows()
            else:
                (self._empty.button or self).setFocus()

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.imports:
            self._load()

    # about one station -----------------------------------------------------------------------

    def _one(self) -> StationRow | None:
        chosen = self.table.selected()
        return chosen[0] if chosen else None

    def _selected(self) -> None:
        one = self._one()
        for button in (self.people, self.notice):
            button.setEnabled(one is not None)
        self.revoke.setEnabled(one is not None and one.revoked is None)

    def _ask_revoke(self) -> None:
        one = self._one()
        if one is not None:
            self.hush()
            self.stack.setCurrentWidget(self.form)
            self.form.ask(one)

    def _revoke(self, reason: str, since: datetime | None, lost: bool) -> None:
        one = self._one()
        if one is None:
            return
        self.desk.act(
            lambda work: offices.revoking.revoke(
                work.session, station=one.code, reason=reason, since=since, lost=lost
            ),
            done=lambda gone: self._done(told(gone)),
            failed=self._not_revoked,
            changes=Changes(imports=True, queue=True, people=True),
            parent=self,
        )

    def _not_revoked(self, error: Exception) -> None:
        self.form.revoke.setEnabled(True)
        self.say_failure(error)

    def _done(self, sentence: str) -> None:
        self._cancel()
        self.say("success", sentence)
        self._load()

    def _show_people(self) -> None:
        one = self._one()
        if one is None:
            return

        def show(people: Sequence[UserOfStation]) -> None:
            self.users.show_people(one, people)
            self.stack.setCurrentWidget(self.users)

        self.desk.read(
            lambda work: offices.revoking.users(work.session, one.code),
            done=show,
            failed=self.say_failure,
            parent=self,
            latest="people",
        )

    def _revoke_user(self, user: UserOfStation) -> None:
        one = self._one()
        if one is None:
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Revoke {name}", name=isolate(user.name)),
            tr("What this user signs is put aside from now on. What they signed before stays."),
            tr("Revoke"),
            choices=[
                tr("Registered people who do not exist"),
                tr("The passphrase may be known to others"),
                tr("Was made a user without leave"),
            ],
        )
        if reason is None:
            return
        self.desk.act(
            lambda work: offices.revoking.revoke_user(
                work.session, station=one.code, name=user.name, reason=reason
            ),
            done=lambda gone: self._done(told_of_user(user.name, gone)),
            failed=self.say_failure,
            changes=Changes(imports=True, queue=True, people=True),
            parent=self,
        )

    def _write_notice(self) -> None:
        one = self._one()
        if one is None:
            return
        folder = self.desk.dialogs.open_folder(self, tr("Where to write the notice"))
        if folder is None:
            return
        self.desk.act(
            lambda work: offices.notices.ask(work.session, station=one.code, parent=folder),
            done=lambda path: self._done(
                tr(
                    "The notice for {code} is in {name}. Bring it to the station.",
                    code=isolate(one.code),
                    name=isolate(path.name),
                )
            ),
            failed=self.say_failure,
            changes=Changes(imports=True),
            parent=self,
        )

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
        replaces, reason = self.asked.replaced()
        if replaces and not reason:
            return
        out = self.desk.dialogs.save_file(
            self, tr("Where to write the grant"), files.GRANT, files.carried()
        )
        if out is None:
            return
        self._busy = True
        self.asked.granted.setEnabled(False)
        self.desk.act(
            lambda work: (
                offices.registry_enrol.enrol(
                    work.session, request, out, replaces=replaces, reason=reason
                )
                if replaces
                else offices.registry_enrol.enrol(work.session, request, out)
            ),
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


def _asked(path: Path) -> tuple[str, str, tuple[str, ...]]:
    request = offices.registry_enrol.read_request(path)
    return request.name, request.login, tuple(request.words())


def _state(one: StationRow) -> str:
    if one.revoked is not None:
        return tr("Revoked {day}", day=words.day(one.revoked.at.date()))
    if one.due:
        return tr("Needs a notice")
    if one.replaces:
        return tr("Replaces {code}", code=isolate(one.replaces))
    return tr("In use")


def _tone(one: StationRow) -> str:
    return "warning" if one.revoked is not None or one.due else "success"


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
        Column(key="state", title=tr("State"), value=_state, tone=_tone, width=250),
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
