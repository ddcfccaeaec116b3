"""Users: who may work here, added, given a new passphrase, disabled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk
from desktop.firstrun.parts import NewPassphrase
from desktop.keys import Key
from desktop.page import WIDE, Page
from desktop.pages.stations_deeds import MomentField
from desktop.style import tokens
from desktop.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from desktop.widgets.fields import ChoiceField, TextField
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Card, Plain, Scroll, column, row
from desktop.widgets.table import Column, DataTable
from desktop.words import N_, tr

if TYPE_CHECKING:
    from datetime import datetime

    from workspace.folder import UserRow

_MEANINGS: Final = {
    "officer": N_("Registers families and prints their documents."),
    "supervisor": N_("Reviews what officers took in, exports, prints. Not also an officer."),
    "clerk": N_("Imports what stations send."),
    "registrar": N_("Registers, decides who is the same person, reads sensitive needs."),
    "auditor": N_("Reads who did what. Changes nothing."),
    "administrator": N_("Adds users, enrols, keeps keys. Registers nobody."),
    "service": N_("A program that answers stations over the network."),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A passphrase form under way: for whom, or for a new user; or another role with it."""

    name: str | None
    role: bool = False


class UsersPage(Page):
    """The office's users, in a table; a form opens above it."""

    key = "users"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._asked: _Asked | None = None
        self._given: frozenset[str] = frozenset()
        self.add = PrimaryButton(tr("Add a user"), icon="plus", on=self._ask_new, name="user-add")
        self.renew = Button(
            tr("New passphrase"), icon="key", on=self._ask_renewal, name="user-renew"
        )
        self.change = Button(tr("Change role…"), on=self._ask_role, name="user-role")
        self.disable = DangerButton(tr("Disable…"), on=self._disable, name="user-disable")
        self._form = Card()
        self._form.setObjectName("user-form")
        self._form_place = Scroll(limit=560, margin=0, top=0)
        self._form_place.body.addWidget(self._form)
        self._form_place.body.addStretch(1)
        self._form_place.hide()
        self._form_title = Section("")
        self._form_text = Text("", muted=True)
        self._name = TextField("name", tr("Name"), help=tr("As others will see it here."))
        self._role = ChoiceField(
            "role", tr("Role"), options=[(role, words.role(role)) for role in _MEANINGS]
        )
        self._role.offer(())  # until the office has said which ones it may give
        self._role.edited.connect(lambda _key, raw: self._explain(str(raw)))
        self._passphrase = NewPassphrase(label=tr("First passphrase"))
        self._passphrase.suggestion_wanted.connect(self._suggest)
        self.save = PrimaryButton(tr("Add"), on=self._save, name="user-save")
        self._form.body.addWidget(self._form_title)
        self._form.body.addWidget(self._form_text)
        self._form.body.addWidget(self._name)
        self._form.body.addWidget(self._role)
        self._form.body.addWidget(self._passphrase)
        self._form.body.addLayout(
            row(QuietButton(tr("Cancel"), on=self._close_form, name="user-cancel"), None, self.save)
        )
        columns: list[Column[UserRow]] = [
            Column(
                key="name",
                title=tr("Name"),
                value=lambda user: user.name,
                stretch=True,
                strong=True,
            ),
            Column(
                key="role",
                title=tr("Role"),
                value=lambda user: words.role(str(user.role)),
                width=200,
            ),
            Column(
                key="state",
                title=tr("State"),
                value=lambda user: tr("Disabled") if user.disabled else tr("Can sign in"),
                tone=lambda user: "warning" if user.disabled else "success",
                width=180,
            ),
        ]
        self.table: DataTable[UserRow] = DataTable(
            columns,
            name="users",
            label=tr("Users"),
            prefs=desk.prefs,
            identity=lambda user: user.id,
        )
        self.table.selection_changed.connect(self._selected)
        self._leaving = ("", "")
        self.since = MomentField("disable-since")
        self._since_title = Section("")
        self._since_card = Card(
            self._since_title,
            Text(
                tr("What this user signs is put aside from now on. What they signed before stays.")
            ),
            self.since,
            row(
                DangerButton(tr("Disable"), on=self._disable_since, name="user-disable-now"),
                QuietButton(tr("Cancel"), on=self._close_form, name="user-disable-cancel"),
                None,
            ),
        )
        self._since_card.hide()
        self._list = Plain()
        actions = row(self.add, None, self.renew, self.change, self.disable)
        self._list.setLayout(column(actions, self.table, spacing=tokens.S16))
        self.body.addWidget(self._since_card)
        self.body.addWidget(self._list, 1)
        self.body.addWidget(self._form_place, 1)
        desk.changed.connect(self._changed)
        self._selected()

    def on_shown(self, **arguments: Any) -> None:
        self._load()
        self.table.view.setFocus()

    def before_lock(self) -> None:
        self._close_form()

    def keys(self) -> list[Key]:
        return [
            Key("Ctrl+N", tr("Add a user"), self._ask_new),
            Key("Escape", tr("Close the form"), self._close_form),
        ]

    def _load(self) -> None:
        self.desk.read(
            lambda work: (
                offices.accounts.list_users(work.session),
                offices.accounts.roles(work.session),
            ),
            done=lambda found: self._show(*found),
            parent=self,
            latest="users",
        )

    def _show(self, users: Sequence[UserRow], roles: Sequence[str]) -> None:
        self._given = frozenset(roles)
        self.table.set_rows(users)
        self._role.offer(roles)
        self._selected()

    def _changed(self, changes: Changes) -> None:
        if changes.users:
            self._load()

    def _selected(self) -> None:
        user = self._one()
        other = user is not None and user.name != self.desk.user_name
        self.renew.setEnabled(user is not None and other)
        works = user is not None and other and not user.disabled
        self.disable.setEnabled(works)
        self.change.setEnabled(works and str(user.role if user else "") in self._given)

    def _one(self) -> UserRow | None:
        chosen = self.table.selected()
        return chosen[0] if chosen else None

    # the form --------------------------------------------------------------------------------

    def _ask_new(self) -> None:
        self._open_form(_Asked(None))
        self._form_title.setText(tr("A new user"))
        self._explain("")
        self.save.setText(tr("Add"))
        self._name.focus_editor()

    def _ask_renewal(self) -> None:
        user = self._one()
        if user is None:
            return
        self._open_form(_Asked(user.name))
        self._form_title.setText(tr("A new passphrase for {name}", name=words.isolate(user.name)))
        self._form_text.setText(
            tr("For a forgotten one. The user gets a new key too; the old one stops at once.")
        )
        self.save.setText(tr("Save"))
        self._passphrase.first.focus_editor()

    def _ask_role(self) -> None:
        user = self._one()
        if user is None:
            return
        self._open_form(_Asked(user.name, role=True))
        self._form_title.setText(tr("Another role for {name}", name=words.isolate(user.name)))
        self._form_text.setText(
            tr("With a new passphrase and a new key. What was signed before stays good.")
        )
        self.save.setText(tr("Save"))
        self._role.focus_editor()

    def _open_form(self, asked: _Asked) -> None:
        self._asked = asked
        self._name.setVisible(asked.name is None)
        self._role.setVisible(asked.name is None or asked.role)
        self._name.set_value("")
        self._role.set_value(None)
        self._name.set_problems([])
        self._role.set_problems([])
        self._passphrase.clear()
        self._list.hide()
        self._form_place.show()
        self.hush()

    def _close_form(self) -> None:
        self._asked = None
        self._passphrase.clear()
        self._form_place.hide()
        self._since_card.hide()
        self._list.show()

    def _explain(self, role: str) -> None:
        self._form_text.setText(
            tr(_MEANINGS[role]) if role else tr("Choose a role to read what it may do.")
        )
        self._role.set_problems([])

    def _suggest(self) -> None:
        self.desk.read(
            lambda work: offices.accounts.suggest_passphrase(work.session.env.entropy),
            done=self._passphrase.take_suggestion,
            parent=self._passphrase,
        )

    def _save(self) -> None:
        asked = self._asked
        if asked is None or not self._is_complete(asked):
            return
        typed = self._passphrase.passphrase()
        name, role = str(self._name.value()).strip(), str(self._role.value())
        self.save.setEnabled(False)
        if asked.name is None:
            self.desk.act(
                lambda work: offices.accounts.add_user(
                    work.session, name=name, role=role, passphrase=offices.slots.passphrase(typed)
                ),
                changes=Changes(users=True),
                done=lambda _row: self._saved(
                    tr("{name} can work here now.", name=words.isolate(name))
                ),
                failed=self._not_saved,
                parent=self,
            )
        elif asked.role:
            who = asked.name
            self.desk.act(
                lambda work: offices.accounts.change_role(
                    work.session, name=who, role=role, passphrase=offices.slots.passphrase(typed)
                ),
                changes=Changes(users=True),
                done=lambda row: self._saved(
                    tr(
                        "{name} is {role} from now on.",
                        name=words.isolate(who),
                        role=words.role(str(row.role)),
                    )
                ),
                failed=self._not_saved,
                parent=self,
            )
        else:
            whose = asked.name
            self.desk.act(
                lambda work: offices.accounts.change_passphrase(
                    work.session, name=whose, old=None, new=offices.slots.passphrase(typed)
                ),
                changes=Changes(users=True),
                done=lambda _none: self._saved(
                    tr("{name} has a new passphrase.", name=words.isolate(whose))
                ),
                failed=self._not_saved,
                parent=self,
            )

    def _is_complete(self, asked: _Asked) -> bool:
        complete = self._passphrase.is_complete()
        if asked.name is None:
            unnamed = not str(self._name.value()).strip()
            self._name.set_problems([("error", tr("Give the user's name."))] if unnamed else [])
            unchosen = not self._role.value()
            self._role.set_problems([("error", tr("Choose a role."))] if unchosen else [])
            return complete and not unnamed and not unchosen
        if asked.role:
            unchosen = not self._role.value()
            self._role.set_problems([("error", tr("Choose a role."))] if unchosen else [])
            return complete and not unchosen
        return complete

    def _saved(self, sentence: str) -> None:
        self.save.setEnabled(True)
        self._close_form()
        self.say("success", sentence)

    def _not_saved(self, error: Exception) -> None:
        self.save.setEnabled(True)
        self.say_failure(error)

    # disabling --------------------------------------------------------------------------------

    def _disable(self) -> None:
        user = self._one()
        if user is None:
            return
        name = user.name
        reason = self.desk.dialogs.reason(
            self,
            tr("Disable {name}", name=words.isolate(name)),
            tr("They can no longer open this place. What they signed before stays good."),
            tr("Disable"),
            choices=[
                tr("No longer works here"),
                tr("Works elsewhere now"),
                tr("The passphrase may be known to others"),
            ],
        )
        if reason is None:
            return
        if reason == tr("The passphrase may be known to others"):
            # Somebody else may have worked under the name for some time already.
            self._leaving = (name, reason)
            self._since_title.setText(tr("Disable {name}", name=words.isolate(name)))
            self.since.reset()
            self._since_card.show()
            self.since.when.focus_editor()
            return
        self._do_disable(name, reason, None)

    def _disable_since(self) -> None:
        sound, since = self.since.read()
        if sound:
            self._do_disable(*self._leaving, since)

    def _do_disable(self, name: str, reason: str, since: datetime | None) -> None:
        self.desk.act(
            lambda work: (
                offices.accounts.disable_user(work.session, name=name, reason=reason, since=since)
                if since is not None
                else offices.accounts.disable_user(work.session, name=name, reason=reason)
            ),
            changes=Changes(users=True),
            done=lambda _none: self._saved(tr("{name} is disabled.", name=words.isolate(name))),
            failed=self.say_failure,
            parent=self,
        )
