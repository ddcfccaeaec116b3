"""Parts of the documents page: a run on the worker, and what it says when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop import offices
from desktop.desk import Work
from desktop.style import tokens
from desktop.widgets.labels import Strong, Text
from desktop.widgets.layout import Card
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from desktop.paper_dialog import PaperAnswer
    from station.batch import Printed
    from station.printing import PrintRow, Skipped

ENDS_SOON: Final = 30
"""Days before its last day from which a document is offered to be renewed."""
ONE, BOTH = "one", "both"
"""How pages come onto sheets: as they are, or on both sides."""
_TOLD: Final = 6  # of what was left out; the list of a run shows them all as they are mended


def run(
    work: Work,
    *,
    targets: Sequence[tuple[str, Any]],
    language: str | None,
    said: PaperAnswer | None,
    fresh: bool,
    once: bool,
    both: bool,
    out: Path | None,
) -> Printed:
    """Issue a queue, into a file or into memory. On the worker."""
    wanted = [offices.printing.Target(type=kind, subject=subject) for kind, subject in targets]
    return issue(
        work,
        wanted=wanted,
        language=language,
        said=said,
        fresh=fresh,
        once=once,
        sheets=BOTH if both else ONE,
        out=out,
    )


def issue(
    work: Work,
    *,
    wanted: Sequence[Any],
    language: str | None,
    said: PaperAnswer | None,
    fresh: bool,
    sheets: str,
    out: Path | None,
    once: bool = False,
) -> Printed:
    """Issue documents by their targets. On the worker."""
    batch = offices.batch
    collector = None
    if said is not None and said.who:
        collector = batch.Collector(said.who, name=said.name, proof=said.proof)

    return batch.print_all(
        work.session,
        wanted,
        language=language,
        reason=said.words or said.code if said else "",
        handed=batch.Handed(code=said.code if said else "", collector=collector),
        fresh=fresh,
        once=once,
        sheets=sheets,
        out=out,
        progress=work.progress,
        cancelled=work.cancelled,
    )


def ended(said: str, issued: Printed) -> str:
    """What became of a run, with why it ended early."""
    parts = [said]
    if issued.fault:
        parts.append(tr(issued.fault))
    elif issued.stopped:
        parts.append(tr("You stopped the run; the rest was not issued."))
    if issued.skipped:
        parts.append(
            ntr("{n} was left out, see below.", "{n} were left out, see below.",
                len(issued.skipped))
        )  # fmt: skip
    return " · ".join(parts)


def asked_for(one: PrintRow, which: str, today: date) -> bool:
    """Whether somebody belongs in the list that was chosen."""
    if which == "open":
        return one.last_issued is None
    if which == "ending":
        return one.ends is not None and one.ends <= today + timedelta(days=ENDS_SOON)
    return True


class LeftOut(Card):
    """What a run left out, and why. Hidden while there is nothing."""

    def __init__(self) -> None:
        super().__init__(spacing=tokens.S8, margin=tokens.S12)
        self.setObjectName("documents-left-out")
        self._title = Strong("")
        self._lines = Text("").selectable()
        self.body.addWidget(self._title)
        self.body.addWidget(self._lines)
        self.hide()

    def show_skipped(self, skipped: Sequence[Skipped]) -> None:
        """Tell of these; none hides the place."""
        self.setVisible(bool(skipped))
        self._title.setText(ntr("{n} left out", "{n} left out", len(skipped)))
        lines = [f"{isolate(one.person)}: {tr(one.sentence)}" for one in skipped[:_TOLD]]
        more = len(skipped) - _TOLD
        if more > 0:
            lines.append(ntr("and {n} more", "and {n} more", more))
        self._lines.setText("\n".join(lines))
        self.setAccessibleName(self._title.text())

    def sentences(self) -> str:
        """What is told, for tests and screen readers."""
        return self._lines.text()
