"""Drafts: what an officer typed, saved as typed, until it is registered or discarded.

A family in the making is a :class:`~forms.draft.Draft`; an event that is being told is an
:class:`EventDraft`. Both lie beside each other, told apart by their ids; so do corrections, which
`workspace.drafts` keeps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from forms.draft import Confirmation, Draft, Raw
from forms.errors import DraftError
from station import mending
from workspace.drafts import EVENT_DRAFT, is_family
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime

    from workspace.session import Session

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event as typed: the answers to a form, and what the persons named in it are called.

    ``persons``: names by id in hexadecimal, so that a list of drafts can say whom they are about.
    """

    form: str
    raw: Mapping[str, Raw] = field(default_factory=dict, repr=False)
    persons: Mapping[str, str] = field(default_factory=dict, repr=False)
    confirmed: tuple[Confirmation, ...] = ()

    def to_json(self) -> str:
        """The draft as saved: everything as typed."""
        content = {
            "format": _FORMAT,
            "form": self.form,
            "raw": dict(self.raw),
            "persons": dict(self.persons),
            "confirmed": [
                {"code": one.code, "field": one.field, "reason": one.reason}
                for one in self.confirmed
            ],
        }
        # ASCII, so that half a character from a keyboard driver cannot stop the saving.
        return json.dumps(content, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> EventDraft:
        """Read a saved draft. Raises :class:`~forms.errors.DraftError` when it is damaged or of a
        newer format."""
        try:
            content = json.loads(text)
            if content["format"] != _FORMAT:
                raise DraftError(
                    "version", "The draft was saved by a newer program; update Waystation."
                )
            return cls(
                form=str(content["form"]),
                raw=dict(content["raw"]),
                persons={str(one): str(name) for one, name in content["persons"].items()},
                confirmed=tuple(
                    Confirmation(str(one["code"]), str(one["field"]), "", str(one["reason"]))
                    for one in content["confirmed"]
                ),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DraftError("damaged", "The draft is damaged; restore a backup.") from error


@dataclass(frozen=True, slots=True)
class EventDraftRow:
    """One event in the list of those that are not recorded yet. ``names`` are the persons in it."""

    id: str
    form: str
    names: tuple[str, ...] = field(repr=False)
    saved_at: datetime


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
            if not is_family(record.id):
                continue
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
        for script in ("name", "name_latin"):
            name = member.values.get(script)
            if isinstance(name, str) and name.strip():
                return name.strip()
    return ""


def load(session: Session, identity: str) -> Draft:
    """A draft as it was typed. Raises `RefusedError` when it is gone."""
    _require_family(identity)
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
    _require_family(identity)
    now = session.clock.now()
    with session.store.write() as unit:
        unit.save_draft(identity, now, draft.to_json().encode("utf-8"))
    return now


def discard(session: Session, identity: str) -> None:
    """Throw a draft away. Only drafts can be: what is registered stays."""
    require(session, Right.INTAKE)
    _require_family(identity)
    with session.store.write() as unit:
        unit.delete_draft(identity)


def _require_family(identity: str) -> None:
    if not is_family(identity):
        raise RefusedError("no_draft", "This is no family in the making.")


def list_events(session: Session) -> list[EventDraftRow]:
    """Events that were begun and not recorded, the last touched first."""
    require(session, Right.RECORD)
    rows = []
    with session.store.read() as reader:
        for record in reader.drafts():
            if record.id.startswith(EVENT_DRAFT):
                draft = EventDraft.from_json(record.data.decode("utf-8"))
                names = tuple(dict.fromkeys(draft.persons.values()))
                rows.append(EventDraftRow(record.id, draft.form, names, record.at))
    return rows


def load_event(session: Session, identity: str) -> EventDraft:
    """An event as it was typed. Raises `RefusedError` when it is gone."""
    require(session, Right.RECORD)
    with session.store.read() as reader:
        raw = reader.draft(identity)
    if raw is None or not identity.startswith(EVENT_DRAFT):
        raise RefusedError(
            "no_draft", "This event was recorded or discarded meanwhile. Open the list again."
        )
    return EventDraft.from_json(raw.decode("utf-8"))


def save_event(session: Session, identity: str, draft: EventDraft) -> datetime:
    """Keep the event; returns when, for the "Saved 10:42" beside it."""
    require(session, Right.RECORD)
    now = session.clock.now()
    with session.store.write() as unit:
        unit.save_draft(identity, now, draft.to_json().encode("utf-8"))
    return now


def discard_event(session: Session, identity: str) -> None:
    """Throw an event away that was not recorded."""
    require(session, Right.RECORD)
    if not identity.startswith(EVENT_DRAFT):
        raise RefusedError("no_draft", "This is no event in the making.")
    with session.store.write() as unit:
        unit.delete_draft(identity)
