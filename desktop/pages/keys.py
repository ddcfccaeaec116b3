"""Keys and rules (registry): keys that sign documents, its own, and what stations are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop import files, offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import WIDE, Page
from desktop.pages.care import SettingRow
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.fields import NumberField, PassphraseField
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Card, Plain, Rule, Scroll, row
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from registry.enrol import Granted
    from registry.keys import KeyRow
    from registry.renewing import Renewed


@dataclass(frozen=True, slots=True)
class _Standing:
    keys: Sequence[KeyRow]
    keep_days: int | None


def _standing(work: Work) -> _Standing:
    return _Standing(
        offices.registry_keys.rows(work.session), work.session.office.operation.keep_days
    )


class KeysPage(Page):
    """The table of document keys, and a row for each thing that can be renewed."""

    key = "keys"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._root: Path | None = None
        self.table: DataTable[KeyRow] = DataTable(
            _columns(),
            name="keys",
            label=tr("Keys that sign documents"),
            prefs=desk.prefs,
            identity=lambda one: one.kid,
        )
        self.grant = Button(tr("Grant a request…"), on=self._grant, name="keys-grant")
        self.sealing = Button(tr("Renew…"), on=self._renew_sealing, name="keys-sealing")
        self.signing = Button(tr("Renew…"), on=self._choose_root, name="keys-signing")
        self.authority = Button(tr("Renew…"), on=self._renew_authority, name="keys-authority")
        self.give_up = Button(tr("Give up the former…"), on=self._give_up, name="keys-give-up")
        self.days = NumberField("keep-days", tr("Days that stations keep"), unit=tr("days"))
        self.keep = Button(tr("Save"), on=self._keep, name="keys-keep")
        self.words = PassphraseField("root-passphrase", tr("Passphrase of the root key"))
        self.sign = PrimaryButton(tr("Renew the key"), on=self._renew_signing, name="keys-sign-now")
        self._ask = Card(
            Section(tr("The root key certifies the next one")),
            Text(tr("It is read and not kept. Take it away again when this is done.")),
            self.words,
            row(self.sign, QuietButton(tr("Cancel"), on=self._close, name="keys-cancel"), None),
        )
        self._ask.hide()
        own = Card(
            SettingRow(
                tr("Bundles are sealed to"),
                tr("What was sealed to the former key still opens."),
                self.sealing,
            ),
            Rule(),
            SettingRow(
                tr("Grants, notices and lists are signed with"),
                tr("Once a year. The root key is brought back for it."),
                self.signing,
            ),
            Rule(),
            SettingRow(
                tr("The service's authority"),
                tr("Stations are told of the next one first; it is used when all know it."),
                _both(self.authority, self.give_up),
            ),
        )
        rules = Card(
            Text(
                tr(
                    "How long stations keep what the registry has acknowledged. Nothing entered: "
                    "for good. Choose more days than lie between two backups of the registry."
                )
            ),
            self.days,
            row(self.keep, None),
        )
        scroll = Scroll(margin=0, top=0)
        self.table.setMinimumHeight(180)
        for part in (
            Section(tr("Keys that sign documents")),
            self.table,
            row(self.grant, None),
            self._ask,
            Section(tr("Keys of this registry")),
            own,
            Section(tr("Rules for stations")),
            rules,
        ):
            if isinstance(part, QWidget):
                scroll.body.addWidget(part)
            else:
                scroll.body.addLayout(part)
        scroll.body.addStretch(1)
        self.body.addWidget(scroll, 1)

    def on_shown(self, **arguments: Any) -> None:
        self._load()

    def before_lock(self) -> None:
        self._close()

    def _load(self) -> None:
        self.desk.read(_standing, done=self._show, parent=self, latest="keys")

    def _show(self, standing: _Standing) -> None:
        self.table.set_rows(standing.keys)
        self.days.set_value("" if standing.keep_days is None else str(standing.keep_days))

    def _told(self, sentence: str) -> None:
        self._close()
        self.say("success", sentence)
        self._load()

    def _renew(self, act: Callable[[Work], Renewed], sentence: str) -> None:
        self.desk.act(
            act,
            done=lambda done: self._told(f"{sentence} {_untold(done)}"),
            failed=self._failed,
            changes=Changes(imports=True),
            parent=self,
        )

    def _failed(self, error: Exception) -> None:
        self.sign.setEnabled(True)
        self.say_failure(error)

    def _sure(self, title: str, explanation: str) -> bool:
        reason = self.desk.dialogs.reason(
            self,
            title,
            explanation,
            tr("Renew"),
            choices=[tr("The time has come"), tr("The key may be known to others")],
            danger=False,
        )
        return reason is not None

    # document keys ---------------------------------------------------------------------------

    def _grant(self) -> None:
        request = self.desk.dialogs.open_file(
            self, tr("Choose the station's request"), files.carried()
        )
        if request is None:
            return
        out = self.desk.dialogs.save_file(
            self, tr("Where to write the grant"), files.GRANT, files.carried()
        )
        if out is None:
            return
        self.desk.act(
            lambda work: offices.registry_keys.grant(work.session, request, out),
            done=lambda granted: self._granted(granted, out),
            failed=self.say_failure,
            changes=Changes(imports=True),
            parent=self,
        )

    def _granted(self, granted: Granted, out: Path) -> None:
        self._told(
            tr(
                "The grant for {code} is in {name}. Compare by telephone: {words}",
                code=isolate(granted.code),
                name=isolate(out.name),
                words=isolate(" ".join(granted.words)),
            )
        )

    # its own keys ----------------------------------------------------------------------------

    def _renew_sealing(self) -> None:
        if self._sure(
            tr("Another key to seal bundles to"),
            tr("Stations learn it with their next notice. Older bundles still open."),
        ):
            self._renew(
                lambda work: offices.renewing.renew_sealing(work.session),
                tr("Bundles are sealed to another key from now on."),
            )

    def _choose_root(self) -> None:
        self.hush()
        self._root = self.desk.dialogs.open_file(
            self, tr("The root key, from its locked place"), files.anything()
        )
        if self._root is not None:
            self.words.set_value("")
            self._ask.show()
            self.words.focus_editor()

    def _close(self) -> None:
        self._root = None
        self.words.set_value("")
        self.sign.setEnabled(True)
        self._ask.hide()

    def _renew_signing(self) -> None:
        root, typed = self._root, str(self.words.value())
        if root is None or not typed:
            return
        self.sign.setEnabled(False)
        self._renew(
            lambda work: offices.renewing.renew_signing(
                work.session,
                root_key=offices.files.read_whole(root, limit=files.KEY_BYTES),
                passphrase=offices.slots.passphrase(typed),
            ),
            tr("The key is renewed. Take the root key away, and save the list for verifiers."),
        )

    def _renew_authority(self) -> None:
        if self._sure(
            tr("The next authority of the service"),
            tr("Stations are told of it. The service goes on under the former one meanwhile."),
        ):
            self._renew(
                lambda work: offices.renewing.renew_authority(work.session),
                tr("The next authority is made."),
            )

    def _give_up(self) -> None:
        self._renew(
            lambda work: offices.renewing.give_up_authority(work.session),
            tr("The service stands under the next authority alone. Start it again."),
        )

    # rules -----------------------------------------------------------------------------------

    def _keep(self) -> None:
        text = str(self.days.value() or "").strip()
        if text and not text.isdecimal():
            self.days.set_problems([("error", tr("Give a number of days, 0 or more."))])
            return
        days = int(text) if text else None
        self._renew(
            lambda work: offices.renewing.keep_days(work.session, days),
            tr("Stations keep everything.")
            if days is None
            else words.ntr("Stations keep {n} day.", "Stations keep {n} days.", days),
        )


def _untold(done: Renewed) -> str:
    if not done.untold:
        return ""
    return tr("To be told with their next notice: {codes}.", codes=isolate(", ".join(done.untold)))


def _both(*buttons: QWidget) -> Plain:
    place = Plain()
    place.setLayout(row(*buttons, spacing=tokens.S8))
    return place


def _columns() -> list[Column[KeyRow]]:
    return [
        Column(
            key="station", title=tr("Station"), value=lambda one: isolate(one.station), width=120
        ),
        Column(
            key="kid",
            title=tr("Key"),
            value=lambda one: isolate(one.kid),
            stretch=True,
            strong=True,
        ),
        Column(
            key="status",
            title=tr("State"),
            value=lambda one: _states()[one.status.value],
            tone=lambda one: "success" if one.status.value == "active" else "warning",
            width=160,
        ),
        Column(
            key="until",
            title=tr("Issues until"),
            value=lambda one: words.day(one.issue_until.date()),
            sort=lambda one: one.issue_until,
            width=170,
        ),
        Column(
            key="expiry",
            title=tr("Papers count until"),
            value=lambda one: words.day(one.last_expiry.date()),
            sort=lambda one: one.last_expiry,
            width=190,
        ),
    ]


def _states() -> dict[str, str]:
    return {"active": tr("Active"), "retired": tr("Retired"), "revoked": tr("Revoked")}
