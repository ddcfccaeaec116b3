"""The audit: readings of what is sealed, and other acts that leave no entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from values.identifiers import PersonId
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from db.store import Reader
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what, when, to whom: ids and codes, never a registered person's name."""

    at: datetime
    user: str
    act: str
    subject: str
    detail: str
    number: str = ""
    """Of the person it was about, as on their papers."""


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
                number=_number(reader, line.subject),
            )
            for line in reader.audit_lines(limit=limit)
        ]


def _number(reader: Reader, subject: tuple[str, UUID] | None) -> str:
    view = reader.person(PersonId(subject[1])) if subject and subject[0] == "person" else None
    return (view.permanent or view.number) if view else ""
