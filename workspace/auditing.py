"""The audit: readings of what is sealed, and other acts that leave no entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime

    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what, when, to whom: ids and codes, never a registered person's name."""

    at: datetime
    user: str
    act: str
    subject: str
    detail: str


def read(session: Session, *, limit: int = 500) -> list[AuditRow]:
    """The newest lines first."""
    require(session, Right.AUDIT)
    with session.store.read() as reader:
        return [
            AuditRow(
                at=line.at,
                user=reader.user_name(line.user) or str(line.user),
                act=line.act,
                subject=f"{line.subject[0]} {line.subject[1]}" if line.subject else "",
                detail=line.detail,
            )
            for line in reader.audit_lines(limit=limit)
        ]
