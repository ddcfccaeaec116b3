"""Export: what would go, one button, and what is on the stick afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import Key, Page
from desktop.pages import standing
from desktop.pages.export_sticks import SticksCard, carry, writing
from desktop.widgets.buttons import PrimaryButton
from desktop.widgets.facts import Facts
from desktop.widgets.labels import Section, Text, Title
from desktop.widgets.layout import Card, row
from desktop.widgets.messages import Notice, ProgressCard
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from desktop.tasks import Task
    from station.export import BundleRow, Exported, ExportPlan
    from station.sticks import Carried, Waiting
    from workspace.exported import SendState


class ExportPage(Page):
    """Writing a bundle to a stick."""

    key = "export"

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._task: Task | None = None
        self.state = Title("")
        self.state.setObjectName("export-state")
        self.advice = Text("", muted=True)
        self.plan = Facts(label_width=220)
        self.unreviewed = Notice("warning", "")
        self.start = PrimaryButton(
            tr("Export to a stick…"), icon="export", on=self._start, name="export-start"
        )
        self._card = Card(
            self.state, self.advice, self.plan, self.unreviewed, row(self.start, None)
        )
        self.progress = ProgressCard()
        self.progress.cancelled.connect(self._stop)
        self.sticks = SticksCard()
        self.sticks.wanted.connect(self._next_stick)
        self.sticks.given_up.connect(self._give_up)
        self.result = _Result()
        self.result.hide()
        self._past_title = Section(tr("Earlier exports"))
        self.past: DataTable[BundleRow] = DataTable(
            _columns(),
            name="exports",
            label=tr("Earlier exports"),
            prefs=desk.prefs,
            identity=lambda one: one.bundle,
        )
        self.past.setMinimumHeight(220)
        self.body.addWidget(self.result)
        self.body.addWidget(self.progress)
        self.body.addWidget(self._card)
        self.body.addWidget(self.sticks)
        self.body.addWidget(self._past_title)
        self.body.addWidget(self.past)
        self.body.addStretch(1)
        self.unreviewed.hide()
        self._show_past(())
        desk.changed.connect(self._changed)

    def keys(self) -> list[Key]:
        return [Key("Ctrl+E", tr("Export to a stick"), self._start)]

    # what would go -------------------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        if self._task is None:
            self._load()

    def _load(self) -> None:
        self.desk.read(
            lambda work: (
                offices.export.plan(work.session),
                offices.sending.state(work.session),
                offices.export.past(work.session),
                offices.sticks.waiting(work.session),
            ),
            done=lambda found: self._show(*found),
            parent=self,
            latest="plan",
        )

    def _show(
        self,
        plan: ExportPlan,
        sent: SendState,
        past: Sequence[BundleRow],
        waiting: Waiting | None,
    ) -> None:
        self.sticks.show_waiting(waiting)
        self.sticks.setVisible(bool(plan.entries) or self.sticks.telling)
        self.state.setText(_state_words(plan, sent))
        self.advice.setText(
            tr("Put a stick in, and choose a folder on it. It is sealed so that only the registry "
               "can read it.")
            if plan.entries
            else tr("Come back when families have been registered.")
        )  # fmt: skip
        self.plan.set_facts(_plan_facts(plan))
        news = bool(plan.entries) and bool(sent.waiting)
        self.plan.setVisible(bool(plan.entries))
        self.start.setText(tr("Export to a stick…") if news else tr("Export again…"))
        self.unreviewed.setVisible(bool(plan.unreviewed))
        self.unreviewed.set_message(
            "warning",
            ntr(
                "{n} family has not been reviewed. It goes too, but the registry registers it "
                "only after a review.",
                "{n} families have not been reviewed. They go too, but the registry registers "
                "them only after a review.",
                plan.unreviewed,
            ),
            action=(tr("Review"), lambda: self.go("review")),
        )
        self.start.setVisible(bool(plan.entries))
        self._show_past(past)
        if plan.entries and self.isVisible():
            self.start.setFocus()

    def _show_past(self, past: Sequence[BundleRow]) -> None:
        self._past_title.setVisible(bool(past))
        self.past.setVisible(bool(past))
        self.past.set_rows(past)

    # the export ----------------------------------------------------------------------------

    def _start(self) -> None:
        if self._task is not None or self.start.isHidden():
            return
        parent = self.desk.dialogs.open_folder(self, tr("Choose a folder on the stick"))
        if parent is None:
            return
        self.hush()
        self.result.hide()
        self._busy(True)
        self.progress.start(writing(parent), detail=tr("Each part is signed and sealed."))
        self._task = self.desk.act(
            partial(_export, parent=parent),
            done=self._exported,
            failed=self._failed,
            progress=self._progressed,
            changes=Changes(sending=True, people=True),
            parent=self,
        )

    def _next_stick(self) -> None:
        if self._task is not None:
            return
        parent = self.desk.dialogs.open_folder(self, tr("Choose a folder on the stick"))
        if parent is None:
            return
        self.hush()
        self.result.hide()
        self._busy(True)
        self.progress.start(writing(parent), detail=tr("Each part is signed and sealed."))
        self._task = self.desk.act(
            partial(carry, parent=parent),
            done=self._carried,
            failed=self._failed,
            progress=self._copied,
            changes=Changes(sending=True, people=True),
            parent=self,
        )

    def _copied(self, done: int, total: int) -> None:
        self.progress.progress(done, total, tr("Writing, and reading it back"))

    def _carried(self, made: Carried) -> None:
        self._over()
        self.sticks.setVisible(True)
        self.sticks.show_carried(made)
        if not made.left:
            self._load()

    def _give_up(self) -> None:
        if self._task is None:
            self.hush()
            self.desk.act(
                lambda work: offices.sticks.abandon(work.session),
                done=lambda _: self._load(),
                failed=self._failed,
                changes=Changes(sending=True),
                parent=self,
            )

    def _busy(self, busy: bool) -> None:
        for button in (self.start, self.sticks.next, self.sticks.give_up):
            button.setEnabled(not busy)

    def _progressed(self, done: int, total: int) -> None:
        detail = (
            tr("Reading it back, to be sure")
            if total and done >= total
            else tr("{done} of {total} entries and photos written", done=done, total=total)
        )
        self.progress.progress(done, total, detail)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _exported(self, made: Exported) -> None:
        self._over()
        self.result.show_bundle(made)
        self.result.show()
        self._load()

    def _failed(self, error: Exception) -> None:
        self._over()
        if getattr(error, "code", "") == "cancelled":
            self.say("info", tr("Stopped. Nothing was left on the stick."))
        elif getattr(error, "code", "") in ("drive_gone", "drive_fault"):
            self.say_failure(error)
            self.sticks.advice.setText(
                tr("What reached the stick stays good. Put the same stick back in and export "
                   "again: it goes on where it stopped.")
            )  # fmt: skip
        else:
            self.say_failure(error)
        self._load()

    def _over(self) -> None:
        self._task = None
        self.progress.finish()
        self._busy(False)

    def _changed(self, changes: Changes) -> None:
        if changes.sending and self.isVisible() and self._task is None:
            self._load()


class _Result(Card):
    """What is on the stick, as it was read back."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("export-result")
        self.said = Notice("success", "")
        self.facts = Facts(label_width=220)
        self.body.addWidget(self.said)
        self.body.addWidget(self.facts)
        self.body.addWidget(
            Text(
                tr(
                    "Take the stick to the registry. What is on it counts as sent only when the "
                    "registry's notice has come back and been received here."
                ),
                muted=True,
            )
        )

    def show_bundle(self, made: Exported) -> None:
        """Show what was written."""
        self.said.set_message("success", tr("Written, read back, and found whole."))
        self.facts.set_facts(
            [
                (tr("Folder on the stick"), isolate(made.bundle.name)),
                (tr("Entries"), words.number(made.entries)),
                (tr("Files"), words.number(made.parts)),
                (tr("Size"), words.size(made.bytes)),
            ]
        )


def _export(work: Work, *, parent: Path) -> Exported:
    return offices.export.export(
        work.session, parent, progress=work.progress, cancelled=work.cancelled
    )


def _state_words(plan: ExportPlan, sent: SendState) -> str:
    """Where things stand, in one sentence."""
    if not plan.entries:
        return tr("The registry has everything.")
    if sent.sent and not sent.waiting:
        return tr("Everything is on a stick; the registry has not answered yet.")
    if plan.registrations:
        return ntr(
            "{n} family has not reached the registry.",
            "{n} families have not reached the registry.",
            plan.registrations,
        )
    return ntr(
        "{n} entry has not reached the registry.",
        "{n} entries have not reached the registry.",
        plan.entries,
    )


def _plan_facts(plan: ExportPlan) -> list[tuple[str, str]]:
    return [
        (tr("Families"), words.number(plan.registrations)),
        (tr("Persons"), words.number(plan.persons)),
        (tr("Photos"), words.number(plan.photos)),
        (tr("Signed entries in all"), words.number(plan.entries)),
        (tr("Size, at most"), words.size(plan.bytes)),
    ]


def _columns() -> list[Column[BundleRow]]:
    return [
        Column(
            key="at",
            title=tr("Written"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at,
            width=200,
        ),
        Column(
            key="entries",
            title=tr("Entries"),
            value=lambda one: words.number(one.entries),
            sort=lambda one: one.entries,
            at_end=True,
            width=100,
        ),
        Column(
            key="state",
            title=tr("Where it stands"),
            value=lambda one: standing.sending(one.state)[0],
            tone=lambda one: standing.sending(one.state)[1],
            stretch=True,
        ),
    ]
