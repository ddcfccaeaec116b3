"""What was begun and is not signed yet, as it is listed; and throwing a correction away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from desktop import offices
from desktop.desk import Changes
from desktop.page import Page
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from station.drafts import EventDraftRow
    from workspace.drafts import CorrectionRow

HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class LeftOff:
    """One line of the list. ``draft`` is set for an event, ``correction`` for a correction."""

    key: str
    title: str
    who: str = field(repr=False)
    saved_at: datetime
    draft: EventDraftRow | None = None
    correction: CorrectionRow | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it can be gone on with: the record of a correction may be gone."""
        return self.correction is None or self.correction.person is not None


def of_event(draft: EventDraftRow, title: str) -> LeftOff:
    """An event that is being told; ``title`` is what its form is called."""
    who = " · ".join(isolate(name) for name in draft.names) or tr("Nobody named yet")
    return LeftOff(draft.id, title, who, draft.saved_at, draft=draft)


def of_correction(correction: CorrectionRow) -> LeftOff:
    """A correction in the making."""
    return LeftOff(
        key=f"{correction.kind}-{correction.subject.hex}",
        title=tr("Correction: {name}", name=_name(correction)),
        who="" if correction.kind == HOUSEHOLD else isolate(correction.number),
        saved_at=correction.saved_at,
        correction=correction,
    )


def _name(correction: CorrectionRow) -> str:
    if correction.kind == HOUSEHOLD and correction.number:
        return tr("Household {number}", number=isolate(correction.number))
    return isolate(correction.name or correction.number or "–")


def leads_to(correction: CorrectionRow) -> dict[str, Any]:
    """What the page that corrects is opened with."""
    return {correction.kind: correction.person}


def agreed(page: Page, name: str) -> bool:
    """Whether somebody wants the correction of ``name`` gone for good, and says why."""
    reason = page.desk.dialogs.reason(
        page,
        tr("Discard this correction?"),
        tr("{name}: what was typed goes for good. The record stays as it is.", name=name),
        tr("Discard"),
        choices=[tr("Typed by mistake"), tr("It is right as it stands")],
    )
    return reason is not None


def discard(
    page: Page,
    kind: str,
    subject: UUID,
    *,
    done: Callable[[], object],
    failed: Callable[[Exception], object] | None = None,
) -> None:
    """Have the office throw away what was typed over a record."""
    about = frozenset({UUID(int=subject.int)})
    page.desk.act(
        lambda work: offices.changes.discard_correction(work.session, kind, subject),
        done=lambda _none: done(),
        failed=failed,
        changes=Changes(drafts=True, households=about)
        if kind == HOUSEHOLD
        else Changes(drafts=True, persons=about),
        parent=page,
    )
