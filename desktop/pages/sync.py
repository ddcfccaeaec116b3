"""Sync: where everything stands between here and the registry, and the one act that is next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import Key, Page
from desktop.pages import RECORDS
from desktop.pages.pruning import PruneCard, said
from desktop.pages.sync_parts import AnswersCard, StateCard, StickCard, fit, past_columns
from desktop.pages.sync_words import (
    ENROL,
    EXPORT,
    MEND,
    RECEIVE,
    STICK,
    SYNC,
    Errands,
    Situation,
    last_answer,
    next_try,
    received,
    situation,
    written,
)
from desktop.style import tokens
from desktop.syncer import SENDERS, Phase
from desktop.widgets.labels import Section
from desktop.widgets.layout import Scroll, column
from desktop.widgets.messages import Notice, announce
from desktop.widgets.table import DataTable
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from desktop.tasks import Task
    from station.answers import Answer
    from station.errand import Errand
    from station.export import BundleRow, Exported
    from station.outbox import Outbox
    from station.pruning import Pruned, PruningPlan
    from station.receive import Received
    from station.sticks import Carried

_WIDTH = 1040


class SyncPage(Page):
    """Sending to the registry and taking its answers, over a line or on sticks."""

    key = "sync"
    layout_width = "free"

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._task: Task | None = None
        self._box: Outbox | None = None
        self._now = Situation("info", "", "")
        self._title = ""
        self._sends = desk.role in SENDERS
        scroll = Scroll(limit=_WIDTH)
        self.scroll_area = scroll
        self.state = StateCard()
        self.state.pressed.connect(self._press)
        self.state.paused.connect(desk.syncer.pause)
        self.state.cancelled.connect(desk.syncer.cancel)
        self.state.automatic.connect(desk.syncer.set_automatic)
        self.unreviewed = Notice("warning", "")
        self.unreviewed.hide()
        self.stick = StickCard()
        self.stick.export.connect(self._export)
        self.stick.several.connect(self._next_stick)
        self.stick.again.connect(self._give_up)
        self.stick.receive.connect(self._choose_notice)
        self.stick.progress.cancelled.connect(self._stop)
        self.answers = AnswersCard(desk.prefs)
        self.answers.opened.connect(self._open)
        self._past_title = Section(tr("Earlier exports"))
        self.past: DataTable[BundleRow] = DataTable(
            past_columns(),
            name="exports",
            label=tr("Earlier exports"),
            prefs=desk.prefs,
            identity=lambda one: one.bundle,
        )
        self.pruning = PruneCard()
        self.pruning.counted.connect(self._count)
        self.pruning.pressed.connect(self._prune)
        across = QHBoxLayout()
        across.setSpacing(tokens.S16)
        across.addLayout(column(self.state, self.unreviewed, None, spacing=tokens.S12), 8)
        across.addLayout(column(self.stick, None), 5)
        scroll.body.addLayout(across)
        for widget in (self.answers, self._past_title, self.past, self.pruning):
            scroll.body.addWidget(widget)
        scroll.body.addStretch(1)
        self.body.addWidget(scroll)
        self._show_past(())
        desk.changed.connect(self._changed)
        desk.syncer.moved.connect(self._moved)
        desk.syncer.ended.connect(self._ended)

    def keys(self) -> list[Key]:
        found = [Key("Ctrl+Return", tr("Do what is next"), self._press)]
        if self._sends:
            found.append(Key("Ctrl+E", tr("Export to a stick"), self._export))
        return [*found, Key("Ctrl+O", tr("Take a notice from a stick"), self._choose_notice)]

    # what stands where ---------------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        self._load()

    def _load(self, *, focus: bool = True) -> None:
        self.desk.read(
            lambda work: (
                offices.outbox.look(work.session),
                offices.pruning.policy(work.session),
            ),
            done=lambda found: self._show(*found, focus=focus),
            parent=self,
            latest="box",
        )

    def _show(self, box: Outbox, keeps: int | None, *, focus: bool) -> None:
        self._box = box
        self.state.counts.show_box(box)
        self.state.answered.setText(last_answer(box))
        self.state.by_itself.setVisible(self._sends and box.reachable)
        self.state.by_itself.setChecked(self.desk.syncer.automatic)
        self.answers.show_answers(box.answers, mends=self.desk.role == "officer")
        self._show_unreviewed(box)
        self._show_past(box.past)
        self.pruning.show_policy(keeps)
        self._render()
        if focus and self.isVisible():
            first = next(
                (one for one in (self.state.primary, self.state.pause) if one.isVisible()),
                self.stick.take,
            )
            first.setFocus()

    def _show_unreviewed(self, box: Outbox) -> None:
        count = box.plan.unreviewed if box.plan is not None else 0
        self.unreviewed.setVisible(bool(count))
        self.unreviewed.set_message(
            "warning",
            ntr(
                "{n} family has not been reviewed. It goes too, but the registry registers it "
                "only after a review.",
                "{n} families have not been reviewed. They go too, but the registry registers "
                "them only after a review.",
                count,
            ),
            action=(tr("Review"), lambda: self.go("review")),
        )

    def _show_past(self, past: Any) -> None:
        self._past_title.setVisible(bool(past))
        self.past.setVisible(bool(past))
        self.past.set_rows(past)
        fit(self.past, len(past))

    def _render(self) -> None:
        """Say where things stand now, from what was last read and what goes on over the line."""
        box, syncer = self._box, self.desk.syncer
        if box is None or not self.desk.unlocked:
            return
        self._now = situation(
            box,
            Errands(syncer.phase, syncer.code, syncer.sentence, syncer.waiting),
            role=self.desk.role,
            enrolled=bool(self.desk.office.enrolled),
        )
        kept = self.state.pause.hasFocus() or self.state.cancel.hasFocus()
        led = self.state.primary.hasFocus()
        self.state.show_situation(self._now)
        self.stick.show_box(box, sends=self._sends, primary=self._now.act)
        self.state.progress.setVisible(syncer.running)
        if syncer.running:
            self.state.progress.show_step(syncer.step)
        # The keyboard stays with what goes on: from Sync now to Pause, and back.
        if led and syncer.running:
            self.state.pause.setFocus()
        elif kept and self.state.primary.isVisible():
            self.state.primary.setFocus()
        self._show_when()
        if self._now.title != self._title and self.isVisible():
            self._title = self._now.title
            self.state.title.setAccessibleName(f"{self._now.title}. {self._now.advice}")
            announce(self.state.title)

    def _show_when(self) -> None:
        syncer = self.desk.syncer
        told = syncer.due is not None and not syncer.running and self._now.act == SYNC
        self.state.when.setVisible(told)
        self.state.show_when(
            next_try(syncer.seconds_left(), lost=syncer.phase is Phase.LOST) if told else ""
        )

    def _moved(self) -> None:
        if self.isVisible():
            self._render()

    def _changed(self, changes: Changes) -> None:
        if (changes.sending or changes.queue) and self.isVisible() and self._task is None:
            self._load(focus=False)

    # what is next --------------------------------------------------------------------------

    def _press(self) -> None:
        if not self.state.primary.isVisible() or not self.state.primary.isEnabled():
            return
        acts: dict[str, Callable[[], object]] = {
            SYNC: self._sync,
            EXPORT: self._export,
            STICK: self._next_stick,
            RECEIVE: self._choose_notice,
            MEND: self._mend,
            ENROL: lambda: self.go("enrol"),
        }
        acts[self._now.act]()

    def _sync(self) -> None:
        self.hush()
        self.stick.hush()
        self.desk.syncer.begin()

    def _mend(self) -> None:
        first = next((one for one in self.answers.table.rows() if one.draft), None)
        if first is not None:
            self._open(first)

    def _open(self, answer: Answer) -> None:
        if answer.draft and self.desk.role == "officer":
            self.go("interview", draft=answer.draft)
        elif answer.person is not None and self.desk.role in (*RECORDS, "administrator"):
            self.go("person", person=answer.person)

    def _ended(self, errand: Errand) -> None:
        """A sync is over: what it brought is said, whatever page asked for it."""
        if not self.isVisible():
            return
        done = errand.done
        if done.alarms:
            self.say("danger", " ".join(tr(one) for one in done.alarms))
        elif done.notices:
            self.say("success", received(done.notices, done.acknowledged, done.outcomes))

    # sticks --------------------------------------------------------------------------------

    def _begin(self, title: str, detail: str, *, cancellable: bool = True) -> None:
        self.hush()
        self.stick.hush()
        self._busy(True)
        self.stick.progress.start(title, detail=detail, cancellable=cancellable)

    def _busy(self, busy: bool) -> None:
        self.stick.set_busy(busy)
        self.state.primary.setEnabled(not busy)
        for button in (self.pruning.count, self.pruning.prune):
            button.setEnabled(not busy)

    def _over(self) -> None:
        self._task = None
        self.stick.progress.finish()
        self._busy(False)

    def _export(self) -> None:
        box = self._box
        if self._task is not None or box is None or box.plan is None or not box.plan.entries:
            return
        parent = self.desk.dialogs.open_folder(self, tr("Choose a folder on the stick"))
        if parent is None:
            return
        self._begin(_writing(parent), tr("Each part is signed and sealed."))
        self._task = self.desk.act(
            partial(_write, parent=parent),
            done=self._exported,
            failed=self._failed,
            progress=self._progressed,
            changes=Changes(sending=True, people=True),
            parent=self,
        )

    def _exported(self, made: Exported) -> None:
        self._over()
        self.stick.say(
            "success",
            written(made.bundle.name, made.entries, made.parts, made.bytes),
            tr("Take the stick to the registry. What is on it counts as sent only when the "
               "registry's notice has come back and been received here."),
        )  # fmt: skip
        self._load()

    def _next_stick(self) -> None:
        if self._task is not None or self._box is None or self._box.plan is None:
            return
        parent = self.desk.dialogs.open_folder(self, tr("Choose a folder on the stick"))
        if parent is None:
            return
        self._begin(_writing(parent), tr("Each part is signed and sealed."))
        self._task = self.desk.act(
            partial(_carry, parent=parent),
            done=self._carried,
            failed=self._failed,
            progress=lambda done, total: self.stick.progress.progress(
                done, total, tr("Writing, and reading it back")
            ),
            changes=Changes(sending=True, people=True),
            parent=self,
        )

    def _carried(self, made: Carried) -> None:
        self._over()
        if made.left:
            self.stick.say(
                "info",
                tr(
                    "Stick {done} is written: files {first} to {last} of {parts}. Write the number "
                    "{done} on it and take it out, then put in stick {next}.",
                    done=words.number(made.number),
                    first=words.number(made.first + 1),
                    last=words.number(made.last + 1),
                    parts=words.number(made.parts),
                    next=words.number(made.number + 1),
                ),
            )
        else:
            self.stick.say(
                "success",
                tr(
                    "All {count} sticks are written, read back, and found whole. Take all of them "
                    "to the registry, each with its number on it.",
                    count=words.number(made.number),
                ),
            )
        self._load()

    def _give_up(self) -> None:
        if self._task is None:
            self.hush()
            self.stick.hush()
            self.desk.act(
                lambda work: offices.sticks.abandon(work.session),
                done=lambda _: self._load(),
                failed=self._failed,
                changes=Changes(sending=True),
                parent=self,
            )

    def _progressed(self, done: int, total: int) -> None:
        detail = (
            tr("Reading it back, to be sure")
            if total and done >= total
            else tr("{done} of {total} entries and photos written", done=done, total=total)
        )
        self.stick.progress.progress(done, total, detail)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _failed(self, error: Exception) -> None:
        self._over()
        code = getattr(error, "code", "")
        if code == "cancelled":
            self.say("info", tr("Stopped. Nothing was left on the stick."))
        elif code == "no_room" and self._box is not None and not self._begun:
            self.say_failure(error)
            self.stick.say(
                "info",
                tr("One stick is too small. Take a larger one, or several: the bundle is prepared "
                   "here, then written on one after the other."),
            )  # fmt: skip
        elif code in ("drive_gone", "drive_fault"):
            self.say_failure(error)
            self.stick.say(
                "warning",
                tr("What reached the stick stays good. Put the same stick back in and export "
                   "again: it goes on where it stopped."),
            )  # fmt: skip
        else:
            self.say_failure(error)
        self._load()

    @property
    def _begun(self) -> bool:
        sticks = self._box.sticks if self._box is not None else None
        return sticks is not None and sticks.sticks > 0

    # notices -------------------------------------------------------------------------------

    def _choose_notice(self) -> None:
        if self._task is not None:
            return
        path = self.desk.dialogs.open_folder(self, tr("Choose the notice's folder"))
        if path is not None:
            self.receive(path)

    def receive(self, path: Path) -> None:
        """Take this notice in."""
        self._begin(
            tr("Taking the notice in"),
            tr("Its signature is checked first."),
            cancellable=False,
        )
        self._task = self.desk.act(
            lambda work: offices.receive.receive(work.session, path),
            done=self._received,
            failed=self._failed,
            changes=Changes.all(),
            parent=self,
        )

    def _received(self, got: Received) -> None:
        self._over()
        self.stick.say("success", received([got.number], got.acknowledged, got.outcomes))
        if got.alarms:
            self.say("danger", " ".join(tr(one) for one in got.alarms))
        self._load()

    # leaving records to the registry -------------------------------------------------------

    def _count(self) -> None:
        if self._task is None:
            self._begin(tr("Counting what can go"), "", cancellable=False)
            self._task = self.desk.read(
                lambda work: offices.pruning.plan(work.session),
                done=self._counted,
                failed=self._failed,
                parent=self,
            )

    def _counted(self, plan: PruningPlan) -> None:
        self._over()
        self.pruning.show_plan(plan)

    def _prune(self) -> None:
        if self._task is not None:
            return
        self._begin(tr("Leaving records to the registry"), "", cancellable=False)
        self._task = self.desk.act(
            lambda work: offices.pruning.prune(work.session, progress=work.progress),
            done=self._pruned,
            failed=self._failed,
            progress=lambda done, total: self.stick.progress.progress(done, total, ""),
            changes=Changes.all(),
            parent=self,
        )

    def _pruned(self, done: Pruned) -> None:
        self._over()
        self.say("success", said(done))
        self._load()


def _write(work: Work, *, parent: Path) -> Exported:
    return offices.export.export(
        work.session, parent, progress=work.progress, cancelled=work.cancelled
    )


def _carry(work: Work, *, parent: Path) -> Carried:
    return offices.sticks.carry(
        work.session, parent, progress=work.progress, cancelled=work.cancelled
    )


def _writing(parent: Path) -> str:
    return tr("Writing to {folder}", folder=words.isolate(parent.name or str(parent)))
