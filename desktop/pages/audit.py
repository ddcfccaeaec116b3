"""Audit: who read what is sealed, and other acts that leave no entry in the chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop import offices, words
from desktop.desk import Desk
from desktop.page import WIDE, Key, Page
from desktop.widgets.labels import Text
from desktop.widgets.messages import EmptyState
from desktop.widgets.table import Column, DataTable
from desktop.words import N_, isolate, tr

if TYPE_CHECKING:
    from workspace.auditing import AuditRow

_LIMIT: Final = 500
_ACTS: Final = {"sealed.read": N_("Read what is sealed")}
_PERSON: Final = "person"


class AuditPage(Page):
    """The newest lines, and the way to the person that one is about."""

    key = "audit"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.said = Text("", muted=True)
        self.table: DataTable[AuditRow] = DataTable(
            _columns(),
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
        self.body.addWidget(self.said)
        self.body.addWidget(self.table, 1)
        self.said.hide()

    def keys(self) -> list[Key]:
        return [Key("Return", tr("Open the person")), Key("Ctrl+C", tr("Copy the line"))]

    def on_shown(self, **arguments: Any) -> None:
        self.desk.read(
            lambda work: offices.auditing.read(work.session, limit=_LIMIT),
            done=self._show,
            parent=self,
            latest="audit",
        )

    def _show(self, rows: Sequence[AuditRow]) -> None:
        self.table.set_rows(rows)
        self.said.setText(
            tr("The newest {n} lines. There are more.", n=_LIMIT)
            if len(rows) == _LIMIT
            else tr("Who read what is sealed, the newest first.")
        )
        self.said.setVisible(bool(rows))
        if rows and self.isVisible():
            self.table.focus_rows()

    def _open(self, row: AuditRow) -> None:
        kind, identity = _subject(row)
        if kind == _PERSON and identity is not None:
            self.go("person", person=identity)


def _subject(row: AuditRow) -> tuple[str, UUID | None]:
    """What an act was about: its kind and its id."""
    kind, _, identity = row.subject.partition(" ")
    try:
        return kind, UUID(identity)
    except ValueError:
        return kind, None


def _columns() -> list[Column[AuditRow]]:
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
            value=lambda one: tr(_ACTS.get(one.act, one.act)),
            width=170,
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
