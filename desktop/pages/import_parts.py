"""What is shown of bundles and notices below the list on the import page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop import words
from desktop.pages.import_rows import ENDED, State, detail, word
from desktop.style import tokens
from desktop.widgets.buttons import Button
from desktop.widgets.facts import Facts
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Card, row
from desktop.widgets.messages import Notice
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from desktop.pages.import_rows import Line
    from registry.inbox import NoticeSlip


class ResultCard(Card):
    """The bundle that is chosen in the list, in full."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("import-result")
        self.said = Notice("success", "")
        self.facts = Facts(label_width=270)
        self._why = Section(tr("Why not everything was admitted"))
        self.reasons = Card()
        self.button = Button(tr("Look at the queues"), name="import-queues")
        self.go_on = self.button.clicked
        for widget in (self.said, self.facts, self._why, self.reasons):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.button, None))
        self.hide()

    def show_line(self, line: Line | None) -> None:
        """Say what there is to say of it; nothing while it only waits its turn."""
        told = line is not None and line.state in (*ENDED, State.MISSING, State.STOPPED)
        self.setVisible(told)
        if line is None or not told:
            return
        made = line.imported
        for widget in (self.facts, self._why, self.reasons, self.button):
            widget.setVisible(made is not None)
        if made is None:
            tone = "danger" if line.state is State.REFUSED else "warning"
            said = detail(line) if line.state is not State.STOPPED else words.beside(
                word(line)[0], detail(line)
            )  # fmt: skip
            self.said.set_message(tone, said)
            return
        aside = made.held + made.quarantined
        self.said.set_message(
            "warning" if aside else "success",
            tr("The bundle of station {code} is in.", code=isolate(made.station))
            if made.admitted or aside
            else tr(
                "Everything in this bundle of station {code} was here already.",
                code=isolate(made.station),
            ),
        )
        facts = [
            (tr("Admitted"), words.number(made.admitted)),
            (tr("Known already"), words.number(made.known)),
            (tr("Held, until what is missing comes"), words.number(made.held)),
            (tr("Set aside, for a registrar to decide"), words.number(made.quarantined)),
        ]
        if made.match_cases:
            facts.append((tr("Possible duplicates to compare"), words.number(made.match_cases)))
        if made.conflicts:
            facts.append((tr("Conflicts to settle"), words.number(made.conflicts)))
        self.facts.set_facts(facts)
        self._why.setVisible(bool(made.reasons))
        self.reasons.setVisible(bool(made.reasons))
        _emptied(self.reasons)
        for reason in made.reasons:
            self.reasons.body.addWidget(Text(tr(reason)).selectable())


class SlipsCard(Card):
    """The notices to carry back."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("import-notices")
        self.facts = Facts(label_width=120)
        self.button = Button(tr("Write them to another folder…"), name="import-notices-elsewhere")
        self.wanted = self.button.clicked
        self.body.addWidget(Section(tr("Notices to carry back")))
        self.body.addWidget(self.facts)
        self.body.addLayout(row(self.button, None))
        self.body.setSpacing(tokens.S12)
        self.hide()

    def show_slips(self, slips: Sequence[NoticeSlip]) -> None:
        """For which station one lies where."""
        self.setVisible(bool(slips))
        self.facts.set_facts(
            [
                (
                    tr("Station {code}", code=isolate(one.station)),
                    tr(
                        "The notice is in {folder}, beside the bundle. Send the stick back.",
                        folder=isolate(one.folder.name),
                    )
                    if one.folder is not None
                    else tr(one.sentence),
                )
                for one in slips
            ]
        )


def _emptied(card: Card) -> None:
    while (item := card.body.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
