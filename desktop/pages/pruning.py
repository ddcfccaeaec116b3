"""Leaving to the registry what it has acknowledged: what would go first, then the button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desktop import words
from desktop.widgets.buttons import Button, DangerButton
from desktop.widgets.facts import Facts
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Card, fill, row
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from station.pruning import Pruned, PruningPlan


class PruneCard(Card):
    """Shown only where the operation's policy lets records go."""

    counted = Signal()
    """What would go is to be counted: it may take a while."""
    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("prune")
        self.advice = Text("", muted=True)
        self.facts = Facts(label_width=220)
        self.count = Button(tr("Count what can go"), on=self.counted.emit, name="prune-count")
        self.prune = DangerButton("", on=self.pressed.emit, name="prune-start")
        title = Section(tr("Leave records to the registry"))
        fill(self.body, title, self.advice, self.facts, row(self.count, self.prune, None))
        self.hide()

    def show_policy(self, days: int | None) -> None:
        """For how many days records are kept; without a policy nothing is shown."""
        self.setVisible(days is not None)
        self.facts.hide()
        self.prune.hide()
        self.count.show()
        if days is None:
            return
        self.advice.setText(
            tr(
                "What the registry acknowledged more than {days} days ago can leave this computer. "
                "Names and numbers stay, so that people are found; answers and photos go, and "
                "only the registry has them then.",
                days=words.number(days),
            )
        )

    def show_plan(self, plan: PruningPlan) -> None:
        """What would go."""
        self.count.hide()
        self.facts.show()
        self.facts.set_facts(
            [
                (tr("Families"), words.number(plan.households)),
                (tr("Persons"), words.number(plan.persons)),
                (tr("Photos"), words.number(plan.photos)),
                (tr("Families that stay"), words.number(sum(plan.kept.values()))),
            ]
        )
        self.prune.setVisible(bool(plan.households))
        self.prune.setText(
            ntr(
                "Remove {n} family from this computer",
                "Remove {n} families from this computer",
                plan.households,
            )
        )


def said(done: Pruned) -> str:
    """What was done, in one sentence."""
    return ntr(
        "{n} family was left to the registry. It is still found by name and number.",
        "{n} families were left to the registry. They are still found by name and number.",
        done.households,
    )
