"""Queues (registry): reviewed families to register, entries that were set aside, corrections.

Corrections are there for those who may decide them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk
from desktop.page import WIDE, Key, Page
from desktop.pages import DECIDES
from desktop.pages.corrections import Corrections
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.fields import ChoiceField
from desktop.widgets.labels import Caption
from desktop.widgets.layout import Plain, column, row
from desktop.widgets.messages import EmptyState
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from registry.decide import Registering
    from registry.queues import AsideRow, ConflictRow, QueueCounts, WaitingRow

_WAITING: Final = "waiting"
_ASIDE: Final = "aside"
_CONFLICTS: Final = "conflicts"
_CORRECTIONS: Final = "corrections"


class QueuesPage(Page):
    """What waits for a decision of the registry."""

    key = "queues"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._busy = False
        self._counts: QueueCounts | None = None
        self._may_decide = desk.role in DECIDES
        choices = [
            (_WAITING, tr("To register")),
            (_ASIDE, tr("Set aside")),
            (_CONFLICTS, tr("In conflict")),
        ]
        if self._may_decide:
            choices.append((_CORRECTIONS, tr("Corrections")))
        self.which = ChoiceField("queue", tr("Queue"), show_label=False, options=choices)
        self.which.set_value(_WAITING)
        self.also = Caption("")
        self.also.setObjectName("queues-also")
        self.waiting: DataTable[WaitingRow] = DataTable(
            _waiting_columns(),
            name="to-register",
            label=tr("Families to register"),
            prefs=desk.prefs,
            several=True,
            identity=lambda one: one.registration,
            empty=EmptyState(
                "queues",
                tr("Nothing to register"),
                tr("Families that a supervisor reviewed appear here after their bundle came in."),
            ),
        )
        self.aside: DataTable[AsideRow] = DataTable(
            _aside_columns(),
            name="aside",
            label=tr("Entries set aside"),
            prefs=desk.prefs,
            several=True,
            identity=lambda one: one.entry,
            empty=EmptyState(
                "queues",
                tr("Nothing is set aside"),
                tr("What cannot be trusted as it came is kept here until somebody decides."),
            ),
        )
        self.conflicts: DataTable[ConflictRow] = DataTable(
            _conflict_columns(),
            name="conflicts",
            label=tr("Records in conflict"),
            prefs=desk.prefs,
            identity=lambda one: (one.subject, one.set),
            empty=EmptyState(
                "queues",
                tr("Nothing is in conflict"),
                tr("Where two offices said different things of one record, it is listed here."),
            ),
        )
        self.conflicts.activated.connect(self._open_conflict)
        self.register = PrimaryButton(
            tr("Register"), icon="check", on=self._register, name="queues-register"
        )
        self.release = Button(tr("Admit after all…"), on=self._release, name="queues-release")
        self.chosen = Caption("", wrap=False)
        self.corrections = Corrections(desk)
        self.corrections.said.connect(self.say)
        self.corrections.failed.connect(self.say_failure)
        self.corrections.noted.connect(self._noted)
        self.corrections.person_wanted.connect(lambda person: self.go("person", person=person))
        self.stack = QStackedWidget()
        for table in (self.waiting, self.aside, self.conflicts):
            self.stack.addWidget(table)
            table.selection_changed.connect(self._enable)
        self.stack.addWidget(self.corrections)
        self.waiting.activated.connect(lambda _row: self.register.setFocus())
        self.which.edited.connect(lambda _key, _raw: self._switch())
        self.body.addWidget(self.which)
        self.body.addWidget(self.stack, 1)
        self.foot = Plain()
        below = row(column(self.chosen, self.also, spacing=2), self.release, self.register)
        below.setStretch(0, 1)
        self.foot.setLayout(below)
        self.body.addWidget(self.foot)
        desk.changed.connect(self._changed)
        self._switch()

    def keys(self) -> list[Key]:
        found = [Key("Ctrl+A", tr("Choose everything in the list"))]
        if self._may_decide:
            found += [
                Key("Ctrl+Return", tr("Register what is chosen"), self._register),
                Key("A", tr("Approve a correction"), partial(self._decide, Corrections.approve)),
                Key(
                    "R",
                    tr("Refuse a correction with a reason"),
                    partial(self._decide, Corrections.refuse),
                ),
            ]
        return found

    @property
    def _queue(self) -> str:
        return str(self.which.value() or _WAITING)

    @property
    def _tables(self) -> dict[str, DataTable[Any]]:
        return {_WAITING: self.waiting, _ASIDE: self.aside, _CONFLICTS: self.conflicts}

    def _open_conflict(self, conflict: ConflictRow) -> None:
        """The person's page is where it is settled, that of a place in the household too."""
        if conflict.person is not None:
            self.go("person", person=conflict.person)

    def _decide(self, decision: Callable[[Corrections], None]) -> None:
        if self._queue == _CORRECTIONS:
            decision(self.corrections)

    def _noted(self, note: str) -> None:
        self.hush()
        self.set_note(note)

    # what waits ----------------------------------------------------------------------------

    def on_shown(self, queue: str | None = None, **arguments: Any) -> None:
        if queue in (_WAITING, _ASIDE, _CONFLICTS) or (queue == _CORRECTIONS and self._may_decide):
            self.which.set_value(queue)
            self._switch()
        self._load()

    def _load(self) -> None:
        if self._may_decide:
            self.corrections.load()
        language = self.desk.language
        self.desk.read(
            lambda work: (
                offices.queues.counts(work.session),
                offices.queues.to_register(work.session),
                offices.queues.aside(work.session),
                offices.queues.conflicts(work.session, language=language),
            ),
            done=lambda found: self._show(*found),
            parent=self,
            latest="queues",
        )

    def _show(
        self,
        counts: QueueCounts,
        waiting: Sequence[WaitingRow],
        aside: Sequence[AsideRow],
        conflicts: Sequence[ConflictRow],
    ) -> None:
        self._counts = counts
        self.waiting.set_rows(waiting)
        self.aside.set_rows(aside)
        self.conflicts.set_rows(conflicts)
        self.also.setText(_also(counts))
        self.also.setVisible(bool(self.also.text()))
        if self.isVisible() and self._queue != _CORRECTIONS:
            table = self._tables[self._queue]
            if table.rows() and not table.selected():
                table.select_first()
            if table.rows():
                table.view.setFocus()
            else:
                self.which.focus_editor()
        self._enable()

    def _switch(self) -> None:
        queue = self._queue
        shown: dict[str, QWidget] = {**self._tables, _CORRECTIONS: self.corrections}
        self.stack.setCurrentWidget(shown[queue])
        self.foot.setVisible(queue != _CORRECTIONS)
        self.register.setVisible(queue == _WAITING and self._may_decide)
        self.release.setVisible(queue == _ASIDE and self._may_decide)
        self._enable()

    def _enable(self) -> None:
        families = len(self.waiting.selected())
        entries = len(self.aside.selected())
        self.register.setEnabled(bool(families) and not self._busy)
        self.release.setEnabled(bool(entries) and not self._busy)
        waiting = self._queue == _WAITING
        text = (
            ntr("{n} family chosen", "{n} families chosen", families)
            if waiting
            else ntr("{n} entry chosen", "{n} entries chosen", entries)
        )
        if self._queue == _CONFLICTS:
            self.chosen.setText(tr("Press Enter to open the record and settle it there."))
        else:
            self.chosen.setText(text if (families if waiting else entries) else "")

    # decisions -----------------------------------------------------------------------------

    def _register(self) -> None:
        chosen = [one.registration for one in self.waiting.selected()]
        if not chosen or self._busy or not self._may_decide or self._queue != _WAITING:
            return
        self._busy = True
        self._enable()
        self.hush()
        self.desk.act(
            lambda work: offices.decide.register(work.session, chosen),
            done=self._registered,
            failed=self._failed,
            changes=Changes(queue=True, people=True, sending=True),
            parent=self,
        )

    def _registered(self, made: Registering) -> None:
        self._busy = False
        families = ntr("{n} family registered", "{n} families registered", made.registered)
        persons = ntr(
            "{n} person has a permanent number now",
            "{n} persons have a permanent number now",
            made.numbered,
        )
        self.say("success", tr("{families}. {persons}.", families=families, persons=persons))
        self._load()

    def _release(self) -> None:
        chosen = [one.entry for one in self.aside.selected()]
        if not chosen or self._busy:
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Admit these entries after all?"),
            tr("They become part of the records. The reason is kept with the decision."),
            tr("Admit"),
            danger=False,
        )
        if reason is None:
            return
        self._busy = True
        self._enable()
        self.desk.act(
            lambda work: offices.decide.release(work.session, chosen, reason=reason),
            done=self._released,
            failed=self._failed,
            changes=Changes(queue=True, imports=True, people=True),
            parent=self,
        )

    def _released(self, count: int) -> None:
        self._busy = False
        self.say("success", ntr("{n} entry admitted.", "{n} entries admitted.", count))
        self._load()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._enable()
        self.say_failure(error)

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and not self._busy and (changes.queue or changes.imports):
            self._load()


def _also(counts: QueueCounts) -> str:
    """What else there is, in words, where nothing on this page can be done about it."""
    parts = []
    if counts.recorded:
        parts.append(
            ntr(
                "{n} family waits for a supervisor's review",
                "{n} families wait for a supervisor's review",
                counts.recorded,
            )
        )
    if counts.held:
        parts.append(
            ntr(
                "{n} entry is held until what came before it arrives",
                "{n} entries are held until what came before them arrives",
                counts.held,
            )
        )
    return " · ".join(parts)


def _waiting_columns() -> list[Column[WaitingRow]]:
    return [
        Column(
            key="household",
            title=tr("Household"),
            value=lambda one: isolate(one.household_number),
            strong=True,
            stretch=True,
        ),
        Column(
            key="persons",
            title=tr("Persons"),
            value=lambda one: words.number(one.persons),
            sort=lambda one: one.persons,
            at_end=True,
            width=100,
        ),
        Column(
            key="station", title=tr("Station"), value=lambda one: isolate(one.station), width=120
        ),
        Column(
            key="at",
            title=tr("Taken in"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at,
            width=220,
        ),
    ]


def _conflict_columns() -> list[Column[ConflictRow]]:
    return [
        Column(
            key="name",
            title=tr("Name"),
            value=lambda one: isolate(one.name),
            strong=True,
            stretch=True,
        ),
        Column(
            key="number",
            title=tr("Number"),
            value=lambda one: isolate(one.number),
            width=230,
            mono=True,
        ),
        Column(
            key="what",
            title=tr("What is said in two ways"),
            value=lambda one: one.what or tr("sealed"),
            stretch=True,
        ),
        Column(
            key="at",
            title=tr("Since"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at,
            width=220,
        ),
    ]


def _aside_columns() -> list[Column[AsideRow]]:
    return [
        Column(
            key="station", title=tr("Station"), value=lambda one: isolate(one.station), width=110
        ),
        Column(
            key="place",
            title=tr("Place in its chain"),
            value=lambda one: words.number(one.sequence),
            sort=lambda one: one.sequence,
            at_end=True,
            width=150,
        ),
        Column(key="why", title=tr("Why"), value=lambda one: tr(one.sentence), stretch=True),
    ]
