"""Who did what: lines of the audit and signed entries, by time, doer, office and kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from db.asking import Asking
from db.codec import millis, moment
from db.models import AuditRow, EntryRow
from db.statements import PAGE

_SIGNED = (
    EntryRow.arrival,
    EntryRow.kind,
    EntryRow.office_id,
    EntryRow.author_id,
    EntryRow.device_time,
    EntryRow.subject_type,
    EntryRow.subject_id,
)


class Doing(NamedTuple):
    """One act: ``office`` is None for a line of the audit, which this office wrote itself."""

    at: datetime
    user: UUID
    act: str
    office: UUID | None
    subject: tuple[str, UUID] | None
    detail: str


class DoingReader(Asking):
    """Acts, the newest first, page by page: never all of them in memory."""

    def audited(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        users: Sequence[UUID] | None = None,
        act: str = "",
    ) -> Iterator[Doing]:
        """Lines of the audit in this time, of these users (None: all), of this kind."""
        asked: Any = select(AuditRow).order_by(AuditRow.position.desc()).limit(PAGE)
        if since is not None:
            asked = asked.where(AuditRow.at >= millis(since))
        if until is not None:
            asked = asked.where(AuditRow.at < millis(until))
        if users is not None:
            asked = asked.where(AuditRow.user_id.in_([one.bytes for one in users]))
        if act:
            asked = asked.where(AuditRow.act == act)
        for row in self._down(asked, AuditRow.position, "position"):
            subject = (row.subject_type, UUID(bytes=row.subject_id)) if row.subject_id else None
            user = UUID(bytes=row.user_id)
            yield Doing(moment(row.at), user, row.act, None, subject, row.detail)

    def signed(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        users: Sequence[UUID] | None = None,
        office: UUID | None = None,
        act: str = "",
    ) -> Iterator[Doing]:
        """Signed entries that count, as they arrived, by what their headers say."""
        asked: Any = (
            select(*_SIGNED)
            .where(EntryRow.state == "admitted")
            .order_by(EntryRow.arrival.desc())
            .limit(PAGE)
        )
        if since is not None:
            asked = asked.where(EntryRow.device_time >= millis(since))
        if until is not None:
            asked = asked.where(EntryRow.device_time < millis(until))
        if users is not None:
            asked = asked.where(EntryRow.author_id.in_([one.bytes for one in users]))
        if office is not None:
            asked = asked.where(EntryRow.office_id == office.bytes)
        if act:
            asked = asked.where(EntryRow.kind == act)
        for row in self._down(asked, EntryRow.arrival, "arrival"):
            yield Doing(
                moment(row.device_time),
                UUID(bytes=row.author_id),
                row.kind,
                UUID(bytes=row.office_id),
                (row.subject_type, UUID(bytes=row.subject_id)),
                "",
            )

    def audited_kinds(self) -> list[str]:
        """The kinds of act in the audit."""
        return sorted(row.act for row in self._all(select(AuditRow.act).distinct()))

    def _down(self, asked: Any, column: Any, name: str) -> Iterator[Any]:
        before = 1 << 62
        while True:
            rows = self._all(asked.where(column < before))
            yield from rows
            if len(rows) < PAGE:
                return
            before = getattr(rows[-1], name)
