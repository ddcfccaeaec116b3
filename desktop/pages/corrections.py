"""Corrections that wait for a second person: a list, before beside after, and two decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop import offices, words
from desktop.desk import Changes, Desk
from desktop.events.side_by_side import Change, SideBySide, Touched
from desktop.pages.ages import brief
from desktop.style import tokens
from desktop.widgets.buttons import Button, LinkButton, PrimaryButton
from desktop.widgets.labels import Caption, Text, Title
from desktop.widgets.layout import Card, Plain, Scroll, column, row
from desktop.widgets.messages import EmptyState, Notice
from desktop.widgets.table import Column, DataTable
from desktop.words import N_, isolate, tr

if TYPE_CHECKING:
    from datetime import date

    from workspace.proposals import Proposal

_BESIDE: Final = 460
_LEAST_BESIDE: Final = 360
_REASONS: Final = (
    N_("The paper says otherwise"),
    N_("Not enough to rest on"),
    N_("About somebody else"),
)


class Corrections(Plain):
    """Proposals to correct a record; A approves, R refuses with a reason."""

    said = Signal(str, str)  # kind of message, sentence
    failed = Signal(object)
    noted = Signal(str)
    counted = Signal(int)
    person_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("corrections")
        self._desk = desk
        self._busy = False
        empty = EmptyState(
            "review",
            tr("No correction waits"),
            tr("Corrections of names, births and the like appear here, for a second person."),
        )
        self.table: DataTable[Proposal] = DataTable(
            _columns(desk.today),
            name="corrections",
            label=tr("Corrections that wait for approval"),
            prefs=desk.prefs,
            identity=lambda one: one.event,
            empty=empty,
        )
        self.table.selection_changed.connect(self._look)
        self.beside = _Beside()
        self.beside.person_wanted.connect(self.person_wanted)
        self._approve = PrimaryButton(
            tr("Approve ({key})", key="A"), icon="check", on=self.approve, name="correction-approve"
        )
        self._refuse = Button(
            tr("Refuse… ({key})", key="R"), on=self.refuse, name="correction-refuse"
        )
        self._side = Plain()
        self._side.setMinimumWidth(_LEAST_BESIDE)
        self._side.setMaximumWidth(_BESIDE)
        layout = QVBoxLayout(self._side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        layout.addWidget(self.beside, 1)
        layout.addLayout(row(self._refuse, None, self._approve))
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(tokens.S24)
        across.addWidget(self.table, 1)
        across.addWidget(self._side, 1)
        self._enable()

    # what waits ----------------------------------------------------------------------------

    def load(self) -> None:
        """Look at what waits."""
        language = self._desk.language
        self._desk.read(
            lambda work: offices.changes.proposals(work.session, language=language),
            done=self._show,
            failed=self.failed.emit,
            parent=self,
            latest="proposals",
        )

    def _show(self, waiting: Sequence[Proposal]) -> None:
        shown = self.table.shown()
        before = self.table.current()
        place = shown.index(before) if before in shown else 0
        self.table.set_rows(waiting)
        if waiting and not self.table.selected():
            self.table.choose(place)
        self._side.setVisible(bool(waiting))
        self.counted.emit(len(waiting))
        self._look()
        if self.isVisible() and waiting and not self.table.view.hasFocus():
            self.table.view.setFocus()

    def step(self, by: int) -> None:
        """To the next one, or the one before."""
        self.table.choose(self.table.view.currentIndex().row() + by)

    def _chosen(self) -> Proposal | None:
        chosen = self.table.selected()
        return chosen[0] if chosen else None

    def _look(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.beside.show_proposal(chosen)
        self._enable()

    def _enable(self) -> None:
        chosen = self._chosen()
        others = chosen is not None and not chosen.own and not self._busy
        self._approve.setEnabled(others and chosen is not None and not chosen.stale)
        self._refuse.setEnabled(chosen is not None and not self._busy)

    # decisions -----------------------------------------------------------------------------

    def approve(self) -> None:
        """Correct the record as proposed."""
        chosen = self._chosen()
        if chosen is None or self._busy:
            return
        if chosen.own:
            self.said.emit("info", _own_sentence())
            return
        if chosen.stale:
            self.said.emit("warning", _stale_sentence(chosen))
            return
        self._run(lambda work: offices.changes.approve(work.session, chosen.event), tr("Approved"))

    def refuse(self) -> None:
        """Refuse it, with a reason for whoever proposed it."""
        chosen = self._chosen()
        if chosen is None or self._busy:
            return
        reason = self._desk.dialogs.reason(
            self,
            tr("Withdraw this correction?") if chosen.own else tr("Refuse this correction?"),
            tr("The record stays as it is. The proposal and the reason stay in its history."),
            tr("Withdraw") if chosen.own else tr("Refuse"),
            choices=[tr(one) for one in _REASONS],
        )
        if reason is None:
            return
        self._run(
            lambda work: offices.changes.refuse(work.session, chosen.event, reason=reason),
            tr("Refused"),
        )

    def _run(self, fn: Callable[..., object], note: str) -> None:
        self._busy = True
        self._enable()
        self._desk.act(
            fn,
            done=lambda _made: self._decided(note),
            failed=self._failed,
            changes=Changes(queue=True, people=True, sending=True),
            parent=self,
        )

    def _decided(self, note: str) -> None:
        self._busy = False
        self._enable()
        self.noted.emit(note)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._enable()
        self.failed.emit(error)
        self.load()


class _Beside(Scroll):
    """One proposal: what stands and what is proposed, why, on what, by whom."""

    person_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(margin=0, top=0, bottom=0, spacing=tokens.S12)
        self.setObjectName("correction-detail")
        self._proposal: Proposal | None = None
        self.notice = Notice("info", "")
        self._name = Title("")
        self._line = Caption("")
        self._open = LinkButton(tr("Open the record"), on=self._go, name="correction-person")
        self.changes = SideBySide(tr("What would change"), tr("Nothing any more."))
        self._why = Card(spacing=tokens.S8)
        self._basis = Text("")
        self._reason = Text("").selectable()
        self._why.body.addLayout(column(Caption(tr("What it rests on")), self._basis, spacing=0))
        self._why.body.addLayout(column(Caption(tr("Why")), self._reason, spacing=0))
        self.body.addWidget(self.notice)
        self.body.addLayout(column(self._name, self._line, row(self._open, None), spacing=2))
        self.body.addWidget(self.changes)
        self.body.addWidget(self._why)
        self.body.addStretch(1)

    def show_proposal(self, one: Proposal) -> None:
        """Show a proposal."""
        self._proposal = one
        self.notice.setVisible(one.own or one.stale)
        if one.stale:
            self.notice.set_message("warning", _stale_sentence(one))
        elif one.own:
            self.notice.set_message("info", _own_sentence())
        self._name.setText(isolate(one.name or one.number))
        self._line.setText(
            tr(
                "{number}, proposed by {officer}, {when}",
                number=isolate(one.number),
                officer=isolate(one.by),
                when=words.moment(one.at),
            )
        )
        self.changes.show_changes(
            [
                Touched(
                    "",
                    "",
                    tuple(
                        Change(
                            found.label,
                            found.before,
                            found.after,
                            tr("Says who it is") if found.identity else "",
                            "accent",
                        )
                        for found in one.differences
                    ),
                )
            ]
        )
        self._basis.setText(one.basis_text or tr("Not said"))
        self._reason.setText(one.reason)

    def _go(self) -> None:
        if self._proposal is not None:
            self.person_wanted.emit(self._proposal.person)


def _columns(today: Callable[[], date]) -> list[Column[Proposal]]:
    return [
        Column(
            key="name",
            title=tr("Record of"),
            value=lambda one: one.name or one.number,
            strong=True,
            stretch=True,
        ),
        Column(
            key="what",
            title=tr("What"),
            value=lambda one: ", ".join(found.label for found in one.differences),
            width=170,
        ),
        Column(key="by", title=tr("Proposed by"), value=lambda one: one.by, width=110, spare=True),
        Column(
            key="at",
            title=tr("When"),
            value=lambda one: brief(one.at, today()),
            sort=lambda one: one.at,
            width=110,
            spare=True,
        ),
        Column(key="state", title=tr("State"), value=_state, tone=_tone, width=120, spare=True),
    ]


def _state(one: Proposal) -> str:
    if one.stale:
        return tr("Out of date")
    return tr("Your own") if one.own else ""


def _tone(one: Proposal) -> str:
    if one.stale:
        return "warning"
    return "accent" if one.own else ""


def _own_sentence() -> str:
    return tr("You proposed this yourself. Another supervisor, or the registry, has to decide.")


def _stale_sentence(one: Proposal) -> str:
    return tr(
        "This was changed after it was proposed: {fields}. Refuse it, and have it proposed anew.",
        fields=", ".join(one.touched),
    )
