"""A row of the timeline as it is shown: in the reader's words and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop import words
from desktop.events.papers import paper
from desktop.pages import standing
from desktop.pages.timeline import Moment
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from station.undoing import Withdrawn
    from workspace.people import TimelineRow


def moment_of(row: TimelineRow, *, sent: bool, may_withdraw: bool, may_print: bool) -> Moment:
    """``sent``: say how far it was sent, which means nothing where everything is sent to."""
    word, tone = standing.sending(row.status) if sent else ("", "")
    return Moment(
        when=words.moment(row.at),
        title=row.title,
        detail=words.beside(
            row.detail, tr("told of record {number}", number=isolate(row.of)) if row.of else ""
        ),
        by=isolate(row.by),
        state=word,
        tone=tone,
        document=row.document_number or "",
        role=row.role,
        late=row.late,
        voided=bool(row.voided),
        event=row.event if may_withdraw and not row.state else None,
        paper=paper(row.paper) if may_print and row.paper else "",
        about=row.event,
        act=row.act,
        undoes=row.undoes,
        undone=row.undone,
    )


def left_by(made: Withdrawn) -> str:
    """What withdrawing an event leaves to be done, in sentences; nothing is ''."""
    said = []
    if made.left:
        said.append(
            tr(
                "Withdrawn. Look at what is not as it was before, because another event or "
                "a later change says otherwise: {fields}.",
                fields="; ".join(made.left),
            )
        )
    if made.documents:
        numbers = ", ".join(isolate(one.number) for one in made.documents)
        said.append(tr("Withdraw these documents too: {numbers}.", numbers=numbers))
    if made.headless:
        numbers = ", ".join(isolate(one) for one in made.headless)
        said.append(
            tr("These households have no head now, choose one: {numbers}.", numbers=numbers)
        )
    return " ".join(said)
