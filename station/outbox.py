"""How sending stands, all of it at once: what waits, what was sent, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import answers, export, line, sending, spool, sticks
from station.answers import Answer
from station.line import Standing
from workspace import service
from workspace.rights import Right, may

if TYPE_CHECKING:
    from datetime import datetime

    from station.export import BundleRow, ExportPlan
    from station.sticks import Waiting
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Outbox:
    """`waiting`, `sent` and `acknowledged` count entries of this station: not yet handed over, on
    a stick or with the service without a receipt, and covered by one. `plan` is what an export
    would take, for those who may export. `answered` is when the registry was last heard of,
    `notice` the number of its last notice. `reachable`: it is known where its service is."""

    waiting: int
    sent: int
    acknowledged: int
    plan: ExportPlan | None
    answers: tuple[Answer, ...]
    answered: datetime | None
    notice: int
    reachable: bool
    line: Standing
    sticks: Waiting | None
    past: tuple[BundleRow, ...]


def look(session: Session) -> Outbox:
    """How it stands now."""
    state = sending.state(session)
    # An export into the spool is noted like one onto a stick; it has left only when it is there.
    held = sum(one.entries for one in spool.on_their_way(session) if not one.there)
    held = min(held, state.sent)
    exports = may(session.user.role, Right.EXPORT)
    answered, notice = line.last_answer(session)
    with session.store.read() as reader:
        reachable = service.held(reader) is not None
    return Outbox(
        waiting=state.waiting + held,
        sent=state.sent - held,
        acknowledged=state.acknowledged,
        plan=export.plan(session) if exports else None,
        answers=tuple(answers.open_ones(session)),
        answered=answered,
        notice=notice,
        reachable=reachable,
        line=line.standing(session),
        sticks=sticks.waiting(session) if exports else None,
        past=tuple(export.past(session)) if exports else (),
    )
