"""Drafts: what an officer typed, saved as typed, until it is registered or discarded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forms.draft import Draft
from station import mending
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime

    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft in the list of unfinished families."""

    id: str
    title: str
    members: int
    saved_at: datetime
    reason: str = ""
    """Why a supervisor sent the registration back, for one that is to be mended."""


def list_drafts(session: Session) -> list[DraftRow]:
    """Unfinished families and those that came back, the last touched first.

    Each officer sees all of the station's.
    """
    require(session, Right.INTAKE)
    rows: dict[str, DraftRow] = {}
    with session.store.read() as reader:
        for view, reason, at in mending.returned(reader):
            identity = mending.draft_id(view.id)
            rows[identity] = DraftRow(
                identity, mending.title(reader, view), len(view.persons), at, reason
            )
        for record in reader.drafts():
            draft = Draft.from_json(record.data.decode("utf-8"))
            rows[record.id] = DraftRow(
                id=record.id,
                title=_title(draft),
                members=len(draft.members),
                saved_at=record.at,
                reason=rows[record.id].reason if record.id in rows else "",
            )
    return sorted(rows.values(), key=lambda row: row.saved_at, reverse=True)


def _title(draft: Draft) -> str:
    """The head's name as typed so far, or nothing."""
    for member in draft.members:
        for field in ("name", "name_latin"):
            name = member.values.get(field)
            if isinstance(name, str) and name.strip():
                return name.strip()
    return ""


def load(session: Session, identity: str) -> Draft:
    """A draft as it was typed. Raises `RefusedError` when it is gone."""
    with session.store.read() as reader:
        raw = reader.draft(identity)
        returned = mending.registration_of(identity)
        if raw is None and returned is not None:
            return mending.reopen(session, reader, returned)
    if raw is None:
        raise RefusedError(
            "no_draft", "This draft was registered or discarded meanwhile. Open the list again."
        )
    return Draft.from_json(raw.decode("utf-8"))


def save(session: Session, identity: str, draft: Draft) -> datetime:
    """Keep the draft; returns when, for the "Saved 10:42" beside it."""
    require(session, Right.INTAKE)
    now = session.clock.now()
    with session.store.write() as unit:
        unit.save_draft(identity, now, draft.to_json().encode("utf-8"))
    return now


def discard(session: Session, identity: str) -> None:
    """Throw a draft away. Only drafts can be: what is registered stays."""
    require(session, Right.INTAKE)
    with session.store.write() as unit:
        unit.delete_draft(identity)
