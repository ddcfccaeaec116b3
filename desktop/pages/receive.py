"""Receive: a notice of the registry, and what it decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import offices, words
from desktop.desk import Changes, Desk
from desktop.page import Key, Page
from desktop.pages import standing
from desktop.pages.pruning import PruneCard, said
from desktop.widgets.buttons import PrimaryButton
from desktop.widgets.labels import Section, Text, Title
from desktop.widgets.layout import Card, row
from desktop.widgets.messages import Notice, ProgressCard
from desktop.widgets.table import Column, DataTable
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from station.pruning import Pruned, PruningPlan
    from station.receive import Outcome, Received
    from workspace.exported import SendState


class ReceivePage(Page):
    """Taking a notice in from a stick."""

    key = "receive"

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._busy = False
        self.state = Title("")
        self.state.setObjectName("receive-state")
        self.take = PrimaryButton(
            tr("Take a notice from a stick…"), icon="receive", on=self._choose, name="receive-take"
        )
        self._card = Card(
            self.state,
            Text(
                tr(
                    "A notice is a folder that the registry wrote as its answer. It holds the "
                    "receipt, what was decided, and the newest list for verifying documents."
                ),
                muted=True,
            ),
            row(self.take, None),
        )
        self.progress = ProgressCard(cancellable=False)
        self.result = Card()
        self.result.setObjectName("receive-result")
        self.said = Notice("success", "")
        self.outcomes: DataTable[Outcome] = DataTable(
            _columns(), name="outcomes", label=tr("What the registry decided"), prefs=desk.prefs
        )
        self.outcomes.setMinimumHeight(240)
        self._decided = Section(tr("What needs somebody here"))
        self.result.body.addWidget(self.said)
        self.result.body.addWidget(self._decided)
        self.result.body.addWidget(self.outcomes)
        self.result.hide()
        self.pruning = PruneCard()
        self.pruning.counted.connect(self._count)
        self.pruning.pressed.connect(self._prune)
        self.body.addWidget(self._card)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.result)
        self.body.addWidget(self.pruning)
        self.body.addStretch(1)

    def keys(self) -> list[Key]:
        return [Key("Ctrl+O", tr("Take a notice from a stick"), self._choose)]

    def on_shown(self, **arguments: Any) -> None:
        self.desk.read(
            lambda work: offices.sending.state(work.session),
            done=self._show_state,
            parent=self,
            latest="state",
        )
        self.desk.read(
            lambda work: offices.pruning.policy(work.session),
            done=self.pruning.show_policy,
            parent=self,
            latest="prune",
        )
        self.take.setFocus()

    def _show_state(self, sent: SendState) -> None:
        open_ones = sent.waiting + sent.sent
        self.state.setText(
            ntr(
                "{n} entry waits for the registry's receipt.",
                "{n} entries wait for the registry's receipt.",
                open_ones,
            )
            if open_ones
            else tr("The registry has acknowledged everything.")
        )

    def _choose(self) -> None:
        if self._busy:
            return
        path = self.desk.dialogs.open_folder(self, tr("Choose the notice's folder"))
        if path is not None:
            self.receive(path)

    def receive(self, path: Path) -> None:
        """Take this notice in."""
        self._busy = True
        self.hush()
        self.result.hide()
        self.take.setEnabled(False)
        self.progress.start(
            tr("Taking the notice in"), detail=tr("Its signature is checked first.")
        )
        self.desk.act(
            lambda work: offices.receive.receive(work.session, path),
            done=self._received,
            failed=self._failed,
            changes=Changes.all(),
            parent=self,
        )

    def _count(self) -> None:
        if not self._busy:
            self._work(tr("Counting what can go"))
            self.desk.read(
                lambda work: offices.pruning.plan(work.session),
                done=self._counted,
                failed=self._failed,
                parent=self,
            )

    def _counted(self, plan: PruningPlan) -> None:
        self._over()
        self.pruning.show_plan(plan)

    def _work(self, title: str) -> None:
        self._busy = True
        self.hush()
        for button in (self.take, self.pruning.count, self.pruning.prune):
            button.setEnabled(False)
        self.progress.start(title, detail="")

    def _prune(self) -> None:
        if self._busy:
            return
        self._work(tr("Leaving records to the registry"))
        self.desk.act(
            lambda work: offices.pruning.prune(work.session, progress=work.progress),
            done=self._pruned,
            failed=self._failed,
            progress=lambda done, total: self.progress.progress(done, total, ""),
            changes=Changes.all(),
            parent=self,
        )

    def _pruned(self, done: Pruned) -> None:
        self._over()
        self.say("success", said(done))
        self.on_shown()

    def _received(self, received: Received) -> None:
        self._over()
        self.said.set_message("success", _received_words(received))
        telling = [one for one in received.outcomes if one.outcome not in ("admitted", "known")]
        self._decided.setVisible(bool(telling))
        self.outcomes.setVisible(bool(telling))
        self.outcomes.set_rows(telling)
        self.result.show()
        self.on_shown()

    def _failed(self, error: Exception) -> None:
        self._over()
        self.say_failure(error)

    def _over(self) -> None:
        self._busy = False
        self.progress.finish()
        self.take.setEnabled(True)
        self.pruning.count.setEnabled(True)
        self.pruning.prune.setEnabled(True)


def _received_words(received: Received) -> str:
    """What the notice brought, in whole sentences."""
    number = tr("Notice {number} has been taken in.", number=received.number)
    if received.acknowledged:
        receipt = ntr(
            "The registry acknowledges {n} more entry.",
            "The registry acknowledges {n} more entries.",
            received.acknowledged,
        )
    else:
        receipt = tr("It acknowledges nothing new.")
    return " ".join([number, receipt, *_counted(received.outcomes)])


def _counted(outcomes: Sequence[Outcome]) -> list[str]:
    """How many acts had each outcome."""
    return [
        tr("{outcome}: {count}.", outcome=standing.outcome(code)[0], count=words.number(count))
        for code, count in sorted(Counter(one.outcome for one in outcomes).items())
    ]


def _columns() -> list[Column[Outcome]]:
    return [
        Column(
            key="outcome",
            title=tr("Outcome"),
            value=lambda one: standing.outcome(one.outcome)[0],
            tone=lambda one: standing.outcome(one.outcome)[1],
            width=150,
        ),
        Column(key="why", title=tr("Why"), value=lambda one: tr(one.sentence), stretch=True),
    ]
