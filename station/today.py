"""What this office printed earlier today and would only print once more: told, or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import kinds
from station.deciding import decide
from station.issuing import Skipped
from station.making import Making, printed_last
from workspace.errors import RefusedError
from workspace.papers import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from db.store import Reader
    from ledger.views import DocumentView
    from station.making import Target
    from workspace.session import Session

_PRINTED = (kinds.DOCUMENT_ISSUED, kinds.DOCUMENT_REPRINTED)


def printed_today(
    session: Session, wanted: Sequence[Target], *, language: str | None
) -> dict[Target, Skipped]:
    """Those of a queue whose document stands as it would be printed, and came out here this UTC
    day: each as what is said of it when it is left out."""
    today = day_of(session.clock.now())
    found: dict[Target, Skipped] = {}
    with session.store.read() as reader:
        for target in wanted:
            try:
                decided = decide(session, reader, target, language=language)
            except RefusedError:
                continue  # told when its turn comes
            last = decided.last if decided.again else None
            if last is None or not _as_before(reader, decided.made, last):
                continue
            if _today(session, reader, last, today):
                found[target] = Skipped(
                    decided.made.person.number,
                    target.type,
                    "printed_today",
                    "This was printed today. If it is needed once more, print it again and say "
                    "why.",
                )
    return found


def _as_before(reader: Reader, made: Making, document: DocumentView) -> bool:
    """Whether it would come out on the same paper and in the same language as it did last."""
    said = printed_last(reader, document)
    paper = str(said.get("paper") or made.template.papers[0])
    return bool(said["language"] == made.language and paper == made.paper)


def _today(session: Session, reader: Reader, document: DocumentView, today: date) -> bool:
    if document.issued[:10] != today.isoformat() and not document.reprints:
        return False
    return any(
        entry.header.kind in _PRINTED
        and entry.header.office == session.office.id
        and day_of(entry.header.device_time) == today
        for entry in reader.entries_of("document", document.id)
    )
