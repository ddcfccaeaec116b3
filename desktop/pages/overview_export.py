"""What is to be exported as tables: which, how, for what, and why."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.fields import ChoiceField, LongTextField, SelectField, TickField, TicksField
from desktop.widgets.labels import Text, Title
from desktop.widgets.layout import Plain, Scroll, row
from desktop.words import tr

ALL: Final = "all"
_LEAST: Final = 3  # letters of a reason


class ExportForm(Plain):
    """A form in the place of the figures."""

    wanted = Signal(dict)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("overview-export-form")
        self.tables = TicksField(
            "export-tables",
            tr("Tables"),
            options=[
                ("persons", tr("Persons")),
                ("households", tr("Households")),
                ("events", tr("Events")),
                ("documents", tr("Documents")),
                ("stations", tr("Stations")),
                ("queues", tr("Queues")),
            ],
        )
        self.kind = ChoiceField(
            "export-form",
            tr("Format"),
            options=[("xlsx", "XLSX"), ("csv", "CSV"), ("hxl", "CSV + HXL")],
        )
        self.purpose = SelectField(
            "export-purpose",
            tr("Who is in the tables"),
            options=[
                (ALL, tr("Everybody")),
                ("assistance", tr("Who agreed to be known to those who help")),
                ("tracing", tr("Who agreed to finding relatives")),
                ("host_state", tr("Who agreed to be known to this country")),
                ("third_state", tr("Who agreed to be known to a third country")),
                ("statistics", tr("Who agreed to be counted")),
            ],
            width=400,
        )
        self.sensitive = TickField(
            "export-sensitive", tr("Needs and legal status too, also what is sealed")
        )
        self.why = LongTextField("export-reason", tr("Why these tables leave"))
        self.problem = Text("")
        self.problem.setObjectName("export-problem")
        self.go = PrimaryButton(tr("Choose a folder…"), on=self._go, name="export-go")
        self.leave = Button(tr("Cancel"), on=self.cancelled.emit, name="export-cancel")
        inside = Scroll(limit=tokens.FORM_WIDTH, margin=0, top=0)
        for part in (
            Title(tr("Export tables")),
            Text(
                tr(
                    "The files are for other programs and are not sealed. Who exported what, when "
                    "and why stands in the audit."
                ),
                muted=True,
            ),
            self.tables,
            self.kind,
            self.purpose,
            self.sensitive,
            self.why,
            self.problem,
        ):
            inside.body.addWidget(part)
        foot = Plain()
        foot.setLayout(row(self.go, self.leave, None))
        inside.body.addWidget(foot)
        inside.body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inside)

    def open(self, *, sensitive: bool) -> None:
        """Begin anew; ``sensitive``: whether that may be asked for."""
        self.tables.set_value(["persons", "households", "events", "documents"])
        self.kind.set_value("xlsx")
        self.purpose.set_value(ALL)
        self.sensitive.set_value(False)
        self.sensitive.setVisible(sensitive)
        self.why.set_value("")
        self._say("")

    def focus_first(self) -> None:
        self.why.focus_editor()

    def reason(self) -> str:
        """Why, as it was typed."""
        return str(self.why.value() or "").strip()

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _go(self) -> None:
        chosen = [str(one) for one in self.tables.value() or []]
        if not chosen:
            self._say(tr("Choose at least one table."))
            self.tables.focus_editor()
            return
        if len(self.reason()) < _LEAST:
            self._say(tr("Say why, in a few words. It stands in the audit."))
            self.why.focus_editor()
            return
        self._say("")
        purpose: Any = self.purpose.value()
        self.wanted.emit(
            {
                "tables": chosen,
                "form": str(self.kind.value()),
                "sensitive": bool(self.sensitive.value()) and not self.sensitive.isHidden(),
                "purpose": "" if purpose == ALL else str(purpose),
            }
        )
