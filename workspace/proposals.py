"""Corrections that wait for a second person: proposed by one, approved or refused by another.

A proposal is an event about the person; it changes nothing. Approving it says `person.corrected`
with the same changes, refusing it voids the event. Both names are in the ledger, and a registry
looks at both again when it admits what a station sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forms import wording
from forms.codes import code_list
from ledger import kinds
from ledger.entry import Subject
from ledger.views import PersonView
from values.dates import Calendar, PartialDate
from values.identifiers import EntryHash, EventId, PersonId
from workspace import reasons, telling
from workspace.differing import Difference, differences, in_conflict, labels, together
from workspace.errors import RefusedError
from workspace.knowing import as_seen, written_since
from workspace.rights import Right, may, require
from workspace.search import text
from workspace.waiting import CORRECTION, approved_by, noted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from db.store import Reader
    from forms.definition import Form
    from ledger.views import EventView
    from values.identifiers import UserId
    from workspace.act import Act
    from workspace.session import Session

BASES = "correction_basis"
SUBJECT = "subject"
"""The participant whose record is to be corrected."""
WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"

_KINDS = {
    "name": "name",
    "birth": "birth_date",
    "birth_place": "birth_place",
    "sex": "sex_marker",
    "nationality": "nationality",
    "parents": "parentage",
}
"""Name of a field, else of its conflict set, to the code of what is corrected."""


_NOTHING: tuple[Any, ...] = (None, "", [], ())
"""What stands where nothing was answered. "Not known" is an answer."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as it was said, under today's names of the fields.

    Attributes:
        before: what stood in these fields for whoever proposed it.
        state: `waiting`, `approved` or `refused`; decided_by, decided_at, note: by whom, when, and
            what was said then.
    """

    event: EventId
    person: PersonId
    by: UserId
    at: datetime
    basis: str
    reason: str
    changes: Mapping[str, Any] = field(repr=False)
    before: Mapping[str, Any] = field(repr=False)
    seen: frozenset[EntryHash]
    state: str
    decided_by: UserId | None = None
    decided_at: datetime | None = None
    note: str = ""

    @property
    def waits(self) -> bool:
        """Whether nobody decided about it yet."""
        return self.state == WAITING


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that waits, in words. `own` ones wait for somebody else.

    `stale`: fields of it, or told together with them, were changed since it was made; it cannot
    be approved any more, and `touched` says which, as labels.
    """

    event: EventId
    person: PersonId
    name: str
    number: str
    by: str
    at: datetime
    basis: str
    basis_text: str
    reason: str
    differences: tuple[Difference, ...]
    own: bool
    stale: bool
    touched: tuple[str, ...]


def proposals(
    session: Session, *, person: PersonId | None = None, language: str = "en"
) -> tuple[Proposal, ...]:
    """What waits for approval, the oldest first; of everybody, or of one person."""
    require(session, Right.CORRECT)
    with session.store.read() as reader:
        rows = []
        for event in noted(reader) if person is None else _events_of(reader, person):
            view = reader.event(event)
            about = _about(reader, view) if view else None
            if view is None or about is None or about.voided is not None:
                continue
            told = _proposed(session, reader, view, about)
            if told is not None and told.waits:
                rows.append(_row(session, reader, told, about, language))
        return tuple(rows)


def of_person(session: Session, reader: Reader, view: PersonView) -> list[Proposed]:
    """Every proposal about a person, decided or not, the oldest first."""
    return [
        told
        for event in reader.events_of(view.id)
        if event.type == CORRECTION and (told := _proposed(session, reader, event, view))
    ]


def propose(
    session: Session,
    act: Act,
    view: PersonView,
    changes: Mapping[str, Any],
    *,
    at: Sequence[EntryHash],
    reason: str,
    basis: str = "",
) -> EventId:
    """Say, in the open act, that these changes are proposed. `at` are the heads that were seen.

    Raises `RefusedError` without a reason, or for a basis that is none.
    """
    if not (reason := reasons.reason(reason)):
        raise RefusedError("reason", "Say why this has to be corrected: who says so, and how.")
    if basis and code_list(BASES).find(basis) is None:
        raise RefusedError("basis", "Choose from the list what the correction rests on.")
    form = session.catalogue.form("person")
    today = session.clock.now().date().isoformat()
    event = EventId(act.new_id())
    household = act.unit.household_of(view.id)
    photo = changes.get("photo")
    act.say(
        kinds.EVENT_RECORDED,
        Subject("event", event),
        {
            "type": CORRECTION,
            "date": PartialDate(today, Calendar.GREGORIAN, today).to_body(),
            "values": {
                "kind": _kind(form, changes),
                "basis": basis,
                "reason": reason,
                "changes": dict(changes),
                "of": [form.id, form.version],
                "seen": sorted(at),
            },
            "participants": [{"role": SUBJECT, "person": view.id.bytes}],
            "household": household.id.bytes if household else None,
        },
        form=CORRECTION if _has_form(session) else None,
        blobs=[photo] if isinstance(photo, bytes) else [],
    )
    return event


def approve(session: Session, event: EventId, *, note: str = "") -> PersonId:
    """Correct the record as proposed; returns whose it is.

    Raises `RefusedError` for one's own proposal, one that was decided, and one whose fields were
    changed since or are in conflict: that would undo somebody's words unseen.
    """
    require(session, Right.APPROVE)
    with session.act() as act:
        told, view = _waiting(session, act.unit, event)
        if told.by == session.user.id:
            raise RefusedError(
                "own_proposal",
                "You proposed this correction yourself. Ask another supervisor or registrar to "
                "look at it.",
            )
        form = session.catalogue.form("person")
        if strange := [name for name in told.changes if name not in form]:
            raise RefusedError(
                "unknown_field",
                f"This program does not know {len(strange)} of the answers. Update Waystation, "
                "then look at the proposal again.",
            )
        if touched := _touched(session, act.unit, told):
            raise RefusedError(
                "stale",
                f"This was changed after the correction was proposed: {labels(form, touched)}. "
                "Refuse the proposal, look at the record as it is now, and propose it anew.",
            )
        if torn := in_conflict(form, view.conflicts) & set(told.changes):
            raise RefusedError(
                "in_conflict",
                f"This is in conflict: {labels(form, sorted(torn))}. Approving would settle it "
                "unseen. Settle the conflict on the person's page first.",
            )
        photo = told.changes.get("photo")
        act.say(
            kinds.PERSON_CORRECTED,
            Subject("person", view.id),
            {
                "changes": dict(told.changes),
                "reason": told.reason,
                "basis": told.basis,
                "proposal": event.bytes,
                "note": note.strip(),
            },
            form="person",
            base=view.heads,
            blobs=[photo] if isinstance(photo, bytes) else [],
        )
    return view.id


def refuse(session: Session, event: EventId, *, reason: str) -> None:
    """Refuse a proposal, with the reason; whoever made it may withdraw it so. It stays in the
    history. Raises `RefusedError`."""
    require(session, Right.CORRECT)
    if not reason.strip():
        raise RefusedError("reason", "Say why the correction is refused.")
    with session.act() as act:
        told, _ = _waiting(session, act.unit, event)
        if told.by != session.user.id and not may(session.user.role, Right.APPROVE):
            require(session, Right.APPROVE)
        view = act.unit.event(event)
        act.say(
            kinds.EVENT_VOIDED,
            Subject("event", event),
            {"reason": reason.strip()},
            base=view.heads if view else (),
        )


def _waiting(session: Session, reader: Reader, event: EventId) -> tuple[Proposed, PersonView]:
    view = reader.event(event)
    about = _about(reader, view) if view else None
    told = _proposed(session, reader, view, about) if view and about else None
    if told is None or about is None:
        raise RefusedError("no_proposal", "There is no such proposal here. Open the list again.")
    if not told.waits:
        raise RefusedError("decided", "This proposal was decided already. Open the list again.")
    if about.voided is not None:
        raise RefusedError(
            "voided", "This record was voided, so it is not changed any more. Look up another."
        )
    return told, about


def _events_of(reader: Reader, person: PersonId) -> list[EventId]:
    return [one.id for one in reader.events_of(person) if one.type == CORRECTION]


def _about(reader: Reader, view: EventView) -> PersonView | None:
    named = next((one.person for one in view.participants if one.role == SUBJECT), None)
    return reader.person(named) if view.type == CORRECTION and named is not None else None


def _proposed(
    session: Session, reader: Reader, view: EventView, about: PersonView
) -> Proposed | None:
    """The proposal that an event makes; None for what cannot be read as one.

    It is what its author signed when it was made: nobody rewrites it under that name.
    """
    events = reader.entries_of("event", view.id)
    first = next((one for one in events if one.header.kind == kinds.EVENT_RECORDED), None)
    body = (first.body if first is not None else None) or {}
    said = body.get("values")
    if first is None or not isinstance(said, Mapping) or not _is_about(body, about):
        return None
    changes, of, seen = (said.get(name) for name in ("changes", "of", "seen"))
    if not isinstance(changes, Mapping) or not isinstance(of, list) or not isinstance(seen, list):
        return None
    if len(of) != 2 or not all(isinstance(one, str) for one in of):
        return None
    entries = reader.entries_of("person", about.id)
    state, decided, note = WAITING, None, ""
    approved = next((one for one in entries if approved_by(one) == view.id), None)
    if approved is not None:
        state, decided, note = APPROVED, approved, str((approved.body or {}).get("note") or "")
    elif view.voided is not None:
        voided = (one for one in events if one.header.kind == kinds.EVENT_VOIDED)
        state, decided, note = REFUSED, next(voided, None), view.voided
    heads = frozenset(EntryHash(one) for one in seen if isinstance(one, bytes))
    named = session.catalogue.migrated(of[0], of[1], changes)
    seen_then = as_seen(session, "person", entries, heads)
    return Proposed(
        event=view.id,
        person=about.id,
        by=first.header.author,
        at=first.header.device_time,
        basis=text_of(said, "basis"),
        reason=text_of(said, "reason"),
        changes={name: value for name, value in named.items() if not name.startswith("@")},
        before=seen_then.values if isinstance(seen_then, PersonView) else {},
        seen=heads,
        state=state,
        decided_by=decided.header.author if decided else None,
        decided_at=decided.header.device_time if decided else None,
        note=note,
    )


def _is_about(body: Mapping[str, Any], about: PersonView) -> bool:
    """Whether an event, as it was recorded, proposes to correct this person's record."""
    people = [one for one in body.get("participants") or () if isinstance(one, Mapping)]
    return body.get("type") == CORRECTION and any(
        one.get("role") == SUBJECT and one.get("person") == about.id.bytes for one in people
    )


def _touched(session: Session, reader: Reader, told: Proposed) -> list[str]:
    """Fields of a proposal, or told together with them, that were changed since it was made.

    A first answer to a question of which the proposal says nothing changed no words that whoever
    proposed it had seen: a name in Latin letters, where there was none, leaves the name as it was.
    """
    form = session.catalogue.form("person")
    since = written_since(session, reader.entries_of("person", told.person), told.seen)
    mine = frozenset().union(*(together(form, name) for name in told.changes))
    first = {name for name in since - told.changes.keys() if told.before.get(name) in _NOTHING}
    return sorted(since & mine - first)


def _row(
    session: Session, reader: Reader, told: Proposed, view: PersonView, language: str
) -> Proposal:
    form = session.catalogue.form("person")
    role = session.user.role
    touched = _touched(session, reader, told)
    own = told.by == session.user.id
    return Proposal(
        event=told.event,
        person=view.id,
        name=text(view, "name") or text(view, "name_latin"),
        number=view.number,
        by=session.user.name if own else reader.user_name(told.by) or "—",
        at=told.at,
        basis=told.basis,
        basis_text=wording.label(BASES, told.basis, language),
        reason=told.reason,
        differences=differences(
            reader, form, view.values, told.changes, role=role, language=language
        ),
        own=own,
        stale=bool(touched),
        touched=tuple(telling.field_text(form, name, language) for name in touched),
    )


def text_of(values: Mapping[str, Any], name: str) -> str:
    """A value that is text, or nothing."""
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _kind(form: Form, changes: Mapping[str, Any]) -> str:
    """What is corrected, as one code."""
    found = set()
    for name in changes:
        of_set = (key for key, (fields, _) in form.conflict_sets().items() if name in fields)
        keys = (name, *of_set)
        found.add(next((_KINDS[key] for key in keys if key in _KINDS), "other"))
    return found.pop() if len(found) == 1 else "other"


def _has_form(session: Session) -> bool:
    return any(form.id == CORRECTION for form in session.catalogue.all())
