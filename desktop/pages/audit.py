"""Audit: who read what is sealed, who exported, and, where it is asked for, who signed what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import WIDE, Key, Page
from desktop.style import tokens
from desktop.widgets.buttons import Button, QuietButton
from desktop.widgets.fields import SelectField
from desktop.widgets.labels import Text
from desktop.widgets.layout import Plain, row
from desktop.widgets.messages import EmptyState
from desktop.widgets.table import Column, DataTable
from desktop.words import N_, isolate, ntr, tr

if TYPE_CHECKING:
    from workspace.auditing import Asked, AuditRow, Choices

_LIMIT: Final = 500
_ACTS: Final = {
    "sealed.read": N_("Read what is sealed"),
    "tables.exported": N_("Exported tables"),
    "audit.exported": N_("Exported the audit"),
    "my_data.printed": N_("Printed a person's own data"),
    "sheets.printed": N_("Printed blank forms"),
}
_PERSON: Final = "person"
_ALL: Final = "all"
_DAYS: Final = (1, 7, 30)
_WIDTH: Final = 176


class AuditPage(Page):
    """The newest lines, narrowed by day, user, station and kind; and all of them as a file."""

    key = "audit"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._titles: dict[str, str] = {}
        self.days = self._select(
            "audit-days",
            tr("When"),
            [
                (_ALL, tr("Every day")),
                *((str(n), ntr("The last {n} day", "The last {n} days", n)) for n in _DAYS),
            ],
        )
        self.user = self._select("audit-user", tr("Who"), [(_ALL, tr("Everybody"))])
        self.station = self._select("audit-station", tr("Station"), [(_ALL, tr("Every station"))])
        self.act = self._select("audit-act", tr("What"), [(_ALL, tr("Every kind"))])
        self.signed = QuietButton(tr("Signed acts too"), on=self._load, name="audit-signed")
        self.signed.setCheckable(True)
        self.export = Button(tr("Export…"), icon="export", on=self._export, name="audit-export")
        self.said = Text("", muted=True)
        self.table: DataTable[AuditRow] = DataTable(
            _columns(self._act),
            name="audit",
            label=tr("The audit"),
            prefs=desk.prefs,
            identity=lambda one: (one.at, one.user, one.act, one.subject),
            order=("at", True),
            empty=EmptyState(
                "eye",
                tr("Nothing sealed was read yet"),
                tr(
                    "Who reads what is sealed about a person stands here, with the reason. What "
                    "was signed stands on each person's page."
                ),
            ),
        )
        self.table.activated.connect(self._open)
        filters = Plain()
        filters.setLayout(
            row(self.days, self.user, self.station, self.act, None, spacing=tokens.S12)
        )
        below = Plain()
        above = row(self.said, self.signed, self.export)
        above.setStretch(0, 1)
        below.setLayout(above)
        self.body.addWidget(filters)
        self.body.addWidget(below)
        self.body.addWidget(self.table, 1)
        self.station.setVisible(desk.kind == "registry")

    def _select(self, key: str, label: str, options: Sequence[tuple[str, str]]) -> SelectField:
        made = SelectField(key, label, options=options, show_label=False, width=_WIDTH)
        made.set_value(_ALL)
        made.editor.setAccessibleName(label)
        made.edited.connect(lambda _key, _raw: self._load())
        return made

    def keys(self) -> list[Key]:
        return [
            Key("Return", tr("Open the person")),
            Key("Ctrl+C", tr("Copy the line")),
            Key("Ctrl+E", tr("Export all that is asked for"), self._export),
        ]

    def on_shown(self, **arguments: Any) -> None:
        self._load()
        self.desk.read(
            lambda work: offices.auditing.choices(work.session),
            done=self._offer,
            parent=self,
            latest="audit-choices",
        )

    def _offer(self, found: Choices) -> None:
        for field, first, options in (
            (self.user, tr("Everybody"), [(one, isolate(one)) for one in found.users]),
            (self.station, tr("Every station"), [(one, isolate(one)) for one in found.stations]),
            (self.act, tr("Every kind"), [(one, self._act(one)) for one in found.acts]),
        ):
            now = field.value()
            field.set_options([(_ALL, first), *options])
            field.set_value(now if now in [code for code, _ in options] else _ALL)

    def _load(self) -> None:
        self.desk.read(
            partial(_read, wanted=self._wanted(), language=self.desk.language),
            done=self._show,
            parent=self,
            latest="audit",
        )

    def _wanted(self) -> dict[str, Any]:
        user, station, act = (
            "" if one.value() in (_ALL, None) else str(one.value())
            for one in (self.user, self.station, self.act)
        )
        since = None
        if (days := self.days.value()) not in (_ALL, None):
            first = self.desk.today() - timedelta(days=int(days) - 1)
            since = datetime.combine(first, time()).astimezone()
        signed = self.signed.isChecked() or bool(station)
        return {"since": since, "user": user, "station": station, "act": act, "signed": signed}

    def _act(self, code: str) -> str:
        return tr(_ACTS[code]) if code in _ACTS else self._titles.get(code, code)

    def _show(self, found: tuple[Sequence[AuditRow], dict[str, str]]) -> None:
        rows, self._titles = found
        self.table.set_rows(rows)
        if len(rows) == _LIMIT:
            said = tr("The newest {n} lines. There are more.", n=_LIMIT)
        else:
            said = tr("Who read what is sealed, the newest first.") if rows else ""
        self.said.setText(said)
        self.export.setEnabled(bool(rows))
        if rows and self.isVisible():
            self.table.focus_rows()

    def _open(self, row: AuditRow) -> None:
        kind, identity = _subject(row)
        if kind == _PERSON and identity is not None:
            self.go("person", person=identity)

    def _export(self) -> None:
        if not self.export.isEnabled():
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Export the audit"),
            tr("All that is asked for goes into one file, which is not sealed."),
            tr("Export…"),
            danger=False,
        )
        if reason is None:
            return
        chosen = self.desk.dialogs.save_file(
            self,
            tr("Export the audit"),
            f"audit-{self.desk.today():%Y-%m-%d}.xlsx",
            [("XLSX", ["*.xlsx"]), ("CSV", ["*.csv"])],
        )
        if chosen is None:
            return
        path, wanted = Path(chosen), self._wanted()
        form = "csv" if path.suffix.lower() == ".csv" else "xlsx"
        self.export.setEnabled(False)
        self.desk.act(
            lambda work: offices.auditing.export(
                work.session, path, offices.tabular.Form(form), asked=_asked(wanted), reason=reason
            ),
            done=self._exported,
            failed=self._failed,
            changes=Changes(),
            parent=self,
        )

    def _exported(self, count: int) -> None:
        self.export.setEnabled(True)
        self.say("success", ntr("{n} row was written.", "{n} rows were written.", count))
        self._load()

    def _failed(self, error: Exception) -> None:
        self.export.setEnabled(True)
        self.say_failure(error)


def _asked(wanted: dict[str, Any]) -> Asked:
    """On a worker: what is asked for, as the office takes it."""
    made: Asked = offices.auditing.Asked(**wanted)
    return made


def _read(
    work: Work, *, wanted: dict[str, Any], language: str
) -> tuple[list[AuditRow], dict[str, str]]:
    """The lines, and in words what was signed."""
    rows = offices.auditing.read(work.session, limit=_LIMIT, asked=_asked(wanted))
    return rows, offices.auditing.titles({one.act for one in rows}, language)


def _subject(row: AuditRow) -> tuple[str, UUID | None]:
    """What an act was about: its kind and its id."""
    kind, _, identity = row.subject.partition(" ")
    try:
        return kind, UUID(identity)
    except ValueError:
        return kind, None


def _columns(act: Callable[[str], str]) -> list[Column[AuditRow]]:
    return [
        Column(
            key="at",
            title=tr("When"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at,
            width=210,
        ),
        Column(key="user", title=tr("Who"), value=lambda one: one.user, width=150, strong=True),
        Column(
            key="act",
            title=tr("What"),
            value=lambda one: act(one.act),
            width=210,
        ),
        Column(key="detail", title=tr("Why"), value=lambda one: one.detail, stretch=True),
        Column(
            key="subject",
            title=tr("About"),
            value=lambda one: isolate(one.number or one.subject),
            width=210,
            mono=True,
        ),
    ]
