"""Whether this office printed a paper earlier today and would only print it once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import kinds
from workspace.papers import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from db.store import Reader
    from ledger.views import DocumentView
    from station.making import Making
    from workspace.session import Session

_PRINTED = (kinds.DOCUMENT_ISSUED, kinds.DOCUMENT_REPRINTED)


def printed_today(
    session: Session, reader: Reader, made: Making, document: DocumentView, said: Mapping[str, Any]
) -> bool:
    """Whether a document that stands came out here this UTC day, on the same paper and in the same
    language as it would now. `said`: what was said when it was printed last."""
    paper = str(said.get("paper") or made.template.papers[0])
    if said["language"] != made.language or paper != made.paper:
        return False
    today = day_of(session.clock.now())
    if document.issued[:10] != today.isoformat() and not document.reprints:
        return False
    return any(
        entry.header.kind in _PRINTED
        and entry.header.office == session.office.id
        and day_of(entry.header.device_time) == today
        for entry in reader.entries_of("document", document.id)
    )
