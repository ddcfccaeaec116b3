"""Enrolment: a station that still waits for its grant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop import offices
from desktop.desk import Desk
from desktop.firstrun.grant import GrantPanel, RequestPanel
from desktop.page import Page
from desktop.style import tokens
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Card, column
from desktop.words import tr

if TYPE_CHECKING:
    from ledger.enrolment import Request


class EnrolPage(Page):
    """The request with its words, and the grant when it comes."""

    key = "enrol"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.request = RequestPanel(tasks=desk.tasks, dialogs=desk.dialogs)
        self.grant = GrantPanel(
            tasks=desk.tasks, dialogs=desk.dialogs, session=lambda: desk.session
        )
        self.grant.enrolled.connect(self._enrolled)
        self.body.addWidget(Card(self.request))
        self.body.addWidget(
            Card(
                column(
                    Section(tr("3  Open the grant that comes back")),
                    Text(
                        tr("Until then this station can be looked at, but registers nobody."),
                        muted=True,
                    ),
                    spacing=tokens.S4,
                ),
                self.grant,
            )
        )
        self.body.addStretch(1)

    def on_shown(self, **arguments: Any) -> None:
        self.desk.read(
            lambda work: offices.station_setup.pending_request(work.session),
            done=self._show,
            parent=self,
            latest="request",
        )

    def _show(self, asked: Request | None) -> None:
        if asked is not None:
            self.request.show_request(tuple(asked.words()), asked.data)

    def _enrolled(self, _code: str) -> None:
        self.desk.rebuild_wanted.emit(
            "users", tr("This station is enrolled. Add the officers and the supervisor next.")
        )
