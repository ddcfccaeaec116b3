"""What an administrator does about one station: revoke it, look at its people, write its notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop.style import tokens
from desktop.widgets.buttons import Button, DangerButton
from desktop.widgets.fields import ChoiceField, TextField, TickField
from desktop.widgets.labels import Text, Title
from desktop.widgets.layout import Card, Plain, column, row
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, ntr, role, tr

if TYPE_CHECKING:
    from desktop.prefs import Preferences
    from registry.queues import StationRow
    from registry.revoking import Gone, UserOfStation

NOW: Final = "now"
EARLIER: Final = "earlier"


class MomentField(Plain):
    """From now on, or from an earlier time of this registry."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.when = ChoiceField(
            key,
            tr("From when on"),
            options=[(NOW, tr("From now on")), (EARLIER, tr("From an earlier time"))],
        )
        self.time = TextField(
            f"{key}-time",
            tr("Day, or day and time (UTC)"),
            placeholder="2026-11-15 14:30",
            direction="ltr",
            width=220,
        )
        self.when.edited.connect(lambda _key, raw: self._chosen(str(raw)))
        self.setLayout(column(self.when, self.time, spacing=tokens.S8))
        self.reset()

    def reset(self) -> None:
        """From now on."""
        self.when.set_value(NOW)
        self.time.set_value("")
        self.time.set_problems([])
        self.time.hide()

    def _chosen(self, code: str) -> None:
        self.time.setVisible(code == EARLIER)
        if code == EARLIER:
            self.time.focus_editor()

    def read(self) -> tuple[bool, datetime | None]:
        """Whether it can be read, and the time; None is now."""
        if self.when.value() != EARLIER:
            return True, None
        text = str(self.time.value()).strip()
        try:
            return True, datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError:
            self.time.set_problems([("error", tr("Write it as 2026-11-15, or 2026-11-15 14:30."))])
            return False, None


class RevokeForm(Plain):
    """Why, from when on, and whether the laptop is in other hands."""

    wanted = Signal(str, object, bool)  # reason, since or None, lost
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stations-revoke-form")
        self._title = Title("")
        self.reason = TextField("revoke-reason", tr("What happened"))
        self.since = MomentField("revoke-since")
        self.lost = TickField(
            "revoke-lost", tr("The laptop may be in other hands: its document keys go too")
        )
        self.revoke = DangerButton(tr("Revoke"), on=self._revoke, name="stations-revoke-now")
        cancel = Button(tr("Cancel"), on=self.cancelled.emit, name="stations-revoke-cancel")
        card = Card(
            self._title,
            Text(
                tr(
                    "What comes from it is put aside from then on. Nothing is thrown away: a "
                    "registrar may let it in. What it said before stays."
                )
            ),
            self.reason,
            self.since,
            self.lost,
            row(self.revoke, cancel, None),
            spacing=tokens.S16,
            margin=tokens.S24,
        )
        card.setMaximumWidth(tokens.FORM_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)

    def ask(self, station: StationRow) -> None:
        """Ask about this one."""
        self._title.setText(
            tr("Revoke {code}, “{name}”", code=isolate(station.code), name=isolate(station.name))
        )
        self.reason.set_value("")
        self.reason.set_problems([])
        self.since.reset()
        self.lost.set_value(False)
        self.revoke.setEnabled(True)
        self.reason.focus_editor()

    def _revoke(self) -> None:
        reason = str(self.reason.value()).strip()
        self.reason.set_problems([] if reason else [("error", tr("Say what happened."))])
        sound, since = self.since.read()
        if reason and sound:
            self.revoke.setEnabled(False)
            self.wanted.emit(reason, since, bool(self.lost.value()))


class PeopleList(Plain):
    """Who was ever made a user at a station."""

    revoke_wanted = Signal(object)
    closed = Signal()

    def __init__(self, prefs: Preferences) -> None:
        super().__init__()
        self.setObjectName("stations-people")
        self._title = Title("")
        columns: list[Column[UserOfStation]] = [
            Column(
                key="name",
                title=tr("Name"),
                value=lambda one: isolate(one.name),
                stretch=True,
                strong=True,
            ),
            Column(key="role", title=tr("Role"), value=lambda one: role(one.role), width=200),
            Column(
                key="state",
                title=tr("State"),
                value=lambda one: tr("Revoked") if one.revoked else tr("Counts"),
                tone=lambda one: "warning" if one.revoked else "success",
                width=180,
            ),
        ]
        self.table: DataTable[UserOfStation] = DataTable(
            columns,
            name="station-people",
            label=tr("Users of the station"),
            prefs=prefs,
            identity=lambda one: (one.id, one.since),
        )
        self.revoke = DangerButton(
            tr("Revoke this user…"), on=self._revoke, name="stations-revoke-user"
        )
        back = Button(tr("Back to the stations"), on=self.closed.emit, name="stations-people-close")
        self.table.selection_changed.connect(self._selected)
        self.setLayout(
            column(self._title, self.table, row(back, None, self.revoke), spacing=tokens.S16)
        )

    def show_people(self, station: StationRow, people: Sequence[UserOfStation]) -> None:
        """Show them."""
        self._title.setText(tr("Users of {code}", code=isolate(station.code)))
        self.table.set_rows(people)
        self.table.select_first()
        self._selected()
        self.table.view.setFocus()

    def _selected(self) -> None:
        chosen = self.table.selected()
        self.revoke.setEnabled(
            bool(chosen) and not chosen[0].revoked and chosen[0].role != "administrator"
        )

    def _revoke(self) -> None:
        chosen = self.table.selected()
        if chosen:
            self.revoke_wanted.emit(chosen[0])


def told(gone: Gone) -> str:
    """What a revocation did, in a sentence or three."""
    said = [tr("{code} is revoked.", code=isolate(gone.station))]
    said += _counts(gone)
    if gone.keys:
        said.append(tr("Its document keys are revoked too: save the list for verifiers now."))
    return " ".join(said)


def told_of_user(name: str, gone: Gone) -> str:
    """The same for one user."""
    return " ".join([tr("{name} is revoked.", name=isolate(name)), *_counts(gone)])


def _counts(gone: Gone) -> list[str]:
    said = []
    if gone.aside:
        said.append(
            ntr(
                "{n} entry that had come since is put aside.",
                "{n} entries that had come since are put aside.",
                gone.aside,
            )
        )
    if gone.left:
        said.append(
            ntr(
                "{n} entry stays, because others have built on it: look at it.",
                "{n} entries stay, because others have built on them: look at them.",
                gone.left,
            )
        )
    return said
