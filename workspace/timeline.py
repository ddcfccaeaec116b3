"""What happened to a person, and what was done about the record: one line each, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms import wording
from forms.definition import Kind
from forms.events import DATE
from ledger import kinds
from resources.i18n import translation
from values.identifiers import HouseholdId
from values.text import isolate
from workspace import proposals, telling, templates
from workspace.concerning import concerns
from workspace.differing import differences, form_of, people_of
from workspace.exported import covered_upto, exported_upto
from workspace.past import STATES, discreet, user_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from db.store import Reader
    from forms.definition import Form
    from ledger.entry import Entry
    from ledger.views import EventView, PersonView
    from values.identifiers import EntryHash, EventId
    from workspace.proposals import Proposed
    from workspace.session import Session

HOUSEHOLDS = 20
"""Households of one person that are followed: more moves than anybody makes, and a bound."""


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


MOVED = _("Moved to household {number}")
SPLIT = _("Split off into household {number}")
BACK = _("Moved back to household {number}")
UNDONE = _("undone by {name}: {reason}")
UNDONE_SILENTLY = _("undone by {name}")
RELATION = _("Place in the household")
WITHDRAWN = _("withdrawn: {reason}")
WITHDRAWN_SILENTLY = _("withdrawn")
DECIDED = _("{what}, by {name}: {note}")
DECIDED_SILENTLY = _("{what}, by {name}")

_OF_PERSONS = frozenset({kinds.PERSON_VOIDED, kinds.PERSON_NUMBERED, kinds.CONFLICT_RESOLVED})
"""Kinds about the person that are told here; changes of fields are told in the history."""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something that happened, or that was done.

    Attributes:
        status: how far it got: `waiting`, `sent` or `acknowledged`.
        event, type: of an event, its id and its type. voided: why it was withdrawn, or empty.
        role: what part the person had in the event, as its form calls it. late: whether it was
            registered later than the form's limit.
        state: of a correction: `waiting`, `approved` or `refused`.
        act, undoes: of a coming or going, its act, and the act that it takes back. undone: a
            later act took it back; the detail says who.
        paper: the id of the document that tells of the event with this person's part in it, while
            the event stands; empty when there is none.
        of: the number of another record of the same person that this is told of; empty for the
            record itself.
    """

    at: datetime
    title: str
    detail: str
    by: str
    status: str
    document_number: str | None
    entry: EntryHash
    event: EventId | None = None
    type: str = ""
    voided: str = ""
    state: str = ""
    role: str = ""
    late: bool = False
    act: UUID | None = None
    undoes: UUID | None = None
    undone: bool = False
    paper: str = ""
    of: str = ""


def rows(
    session: Session,
    reader: Reader,
    view: PersonView,
    entries: Iterable[Entry],
    language: str,
    *,
    for_them: bool = False,
) -> list[TimelineRow]:
    """The timeline of a person, from the entries about the person and about what touches them.

    `for_them`: as the person is told it, who learns nothing about others from it.
    """
    found: list[TimelineRow] = []
    registration = reader.registration_of(view.id)
    if registration is not None:
        for entry in reader.entries_of("registration", registration.id):
            reason = telling.reason_text(str((entry.body or {}).get("reason", "")), language)
            title = telling.act_text(entry.header, language)
            found.append(_row(session, reader, entry, title, reason))
    for entry in entries:
        if entry.header.kind in _OF_PERSONS and entry.body is not None:
            said = telling.reason_text(str(entry.body.get("reason") or ""), language)
            reason = said or str(entry.body.get("permanent") or "")
            title = telling.kind_text(entry.header.kind, language)
            found.append(_row(session, reader, entry, title, reason))
    corrections = {one.event: one for one in proposals.of_person(session, reader, view)}
    for event in reader.events_of(view.id):
        told = concerns(form_of(session, "event", event), event, view.id) if for_them else None
        if told is not None or not for_them:
            correction = corrections.get(event.id)
            found.append(_event(session, reader, event, view, correction, told, language))
    for document in reader.documents_of(view.id):
        for entry in reader.entries_of("document", document.id):
            title = telling.paper_title(entry.header.kind, document.type, language)
            if title:
                detail = telling.paper_detail(entry.body or {}, entry.header.kind, language)
                found.append(_row(session, reader, entry, title, detail, document=document.number))
    start = [registration.household] if registration else []
    found += _stays(session, reader, view, start, language, for_them=for_them)
    return sorted(found, key=lambda row: (row.at, row.entry), reverse=True)


def _row(
    session: Session,
    reader: Reader,
    entry: Entry,
    title: str,
    detail: str,
    *,
    document: str | None = None,
) -> TimelineRow:
    return TimelineRow(
        at=entry.header.device_time,
        title=title,
        detail=detail,
        by=user_name(session, reader, entry.header.author),
        status=sent(session, reader, [entry]),
        document_number=document,
        entry=entry.hash,
    )


def _event(
    session: Session,
    reader: Reader,
    event: EventView,
    view: PersonView,
    correction: Proposed | None,
    told: frozenset[str] | None,
    language: str,
) -> TimelineRow:
    first = next(
        one
        for one in reader.entries_of("event", event.id)
        if one.header.kind == kinds.EVENT_RECORDED
    )
    if correction is not None:
        detail = _correction(session, reader, correction, view, language)
    else:
        detail = _details(session, reader, event, view, told, language)
        if event.voided is not None:
            # Why it was withdrawn may name anybody.
            said = WITHDRAWN if told is None else WITHDRAWN_SILENTLY
            why = telling.reason_text(event.voided, language)
            withdrawn = translation(language).gettext(said).format(reason=why)
            detail = " · ".join(part for part in (withdrawn, detail) if part)
    return TimelineRow(
        at=event.first_at,
        title=telling.event_text(session.catalogue, event.type, language),
        detail=detail,
        by=user_name(session, reader, first.header.author),
        status=sent(session, reader, [first]),
        document_number=None,
        entry=first.hash,
        event=event.id,
        type=event.type,
        voided=event.voided or "",
        state=correction.state if correction else "",
        role="" if correction else _role(session, event, view, language),
        late=bool((first.body or {}).get("late")),
        paper=_paper(reader, event, view),
    )


def _paper(reader: Reader, event: EventView, view: PersonView) -> str:
    template = templates.library(reader).for_form(event.type)
    if template is None or event.voided is not None:
        return ""
    parts = {one.role for one in event.participants if one.person == view.id}
    return template.id if parts & set(template.roles()) else ""


def _role(session: Session, event: EventView, view: PersonView, language: str) -> str:
    """What part the person had in the event; several are told together."""
    form = form_of(session, "event", event)
    roles = [one.role for one in event.participants if one.person == view.id]
    told = [telling.field_text(form, role, language) for role in roles if role in form]
    return ", ".join(dict.fromkeys(told))


def _details(
    session: Session,
    reader: Reader,
    event: EventView,
    view: PersonView,
    told: frozenset[str] | None,
    language: str,
) -> str:
    """What the event tells, as far as this role is shown it, and of that only what is `told`."""
    form = form_of(session, "event", event)
    parts = [telling.date_text(event.date, language)]
    if not session.catalogue.has(event.type) and told is None:
        for name, value in sorted(event.values.items()):
            if answer := telling.value_text(form, name, value, language):
                parts.append(telling.labelled(name.replace("_", " "), answer))
    for field in form.fields():
        shown = field.seen_by(session.user.role.value) and (told is None or field.name in told)
        if not shown or field.name == DATE:
            continue
        answer = _answer(reader, form, field.name, event, view, language)
        if answer:
            label = telling.field_text(form, field.name, language)
            parts.append(telling.labelled(label, answer))
    return " · ".join(part for part in parts if part)


def _answer(
    reader: Reader, form: Form, name: str, event: EventView, view: PersonView, language: str
) -> str:
    """One answer in words; of a part in it the name of whoever else has it."""
    people = people_of(reader)
    if form.field(name).kind is Kind.PERSON:
        others = [one.person for one in event.participants if one.role == name]
        named = [isolate(people(one.bytes)) for one in others if one != view.id]
        if others:
            return ", ".join(named)
    return telling.value_text(form, name, event.values.get(name), language, people=people)


def _correction(
    session: Session, reader: Reader, told: Proposed, view: PersonView, language: str
) -> str:
    text = translation(language).gettext
    form = session.catalogue.form("person")
    role = session.user.role
    found = differences(reader, form, told.before, told.changes, role=role, language=language)
    parts = []
    for one in found:
        was, now = told.before.get(one.field), view.values.get(one.field)
        before = discreet(session, one.field, one.before, was, now, language)
        parts.append(f"{one.label}: {before or '—'} → {one.after or '—'}")
    what = text(STATES[told.state])
    if told.decided_by is not None:
        name = user_name(session, reader, told.decided_by)
        said = DECIDED if told.note else DECIDED_SILENTLY
        what = text(said).format(what=what, name=name, note=told.note)
    return " · ".join([*parts, telling.reason_text(told.reason, language), what])


def _stays(
    session: Session,
    reader: Reader,
    view: PersonView,
    start: Iterable[HouseholdId],
    language: str,
    *,
    for_them: bool,
) -> Iterator[TimelineRow]:
    """Comings and goings, followed from household to household. What an event did is told there;
    what was undone stays, and says by whom."""
    went: list[tuple[Entry, str]] = []  # each with its title
    undone: dict[UUID, Entry] = {}
    now = reader.household_of(view.id)
    waiting = [*start, *([now.id] if now else [])]
    seen: set[HouseholdId] = set()
    while waiting and len(seen) < HOUSEHOLDS:
        household = waiting.pop()
        if household in seen:
            continue
        seen.add(household)
        known = reader.household(household)
        for entry in reader.entries_of("household", household) if known else ():
            body = entry.body or {}
            waiting += _linked(body) if _speaks_of(body, view) else []
            if taken_back := _undoes(body):
                undone.setdefault(taken_back, entry)
            told = _told(entry.header.kind, body, view, known.number if known else "", language)
            if told is not None:
                went.append((entry, told))
    text = translation(language).gettext
    for entry, told in went:
        body, act = entry.body or {}, entry.header.group.id
        parts = [_stay_detail(body, language)]
        if (by := undone.get(act)) is not None:
            reason = telling.reason_text(str((by.body or {}).get("reason") or ""), language)
            said = UNDONE if reason and not for_them else UNDONE_SILENTLY
            name = user_name(session, reader, by.header.author)
            parts.append(text(said).format(name=name, reason=reason))
        yield replace(
            _row(session, reader, entry, told, " · ".join(filter(None, parts))),
            act=act,
            undoes=_undoes(body),
            undone=by is not None,
        )


def _undoes(body: Mapping[str, Any]) -> UUID | None:
    """The act that an entry takes back."""
    said = body.get("undoes")
    return UUID(bytes=said) if isinstance(said, bytes) and len(said) == 16 else None


def _speaks_of(body: Mapping[str, Any], view: PersonView) -> bool:
    """Whether an entry of a household moves this person."""
    return body.get("person") == view.id.bytes or _split_off(body, view)


def _split_off(body: Mapping[str, Any], view: PersonView) -> bool:
    """Whether a household was made with this person in it, out of another."""
    members = body.get("members")
    return isinstance(body.get("from"), bytes) and any(
        isinstance(one, Mapping) and one.get("person") == view.id.bytes
        for one in (members if isinstance(members, list) else ())
    )


def _linked(body: Mapping[str, Any]) -> list[HouseholdId]:
    """The households that an entry says the person came from or went to."""
    return [
        HouseholdId(UUID(bytes=one))
        for name in ("from", "to")
        if isinstance(one := body.get(name), bytes) and len(one) == 16
    ]


def _told(
    kind: str, body: Mapping[str, Any], view: PersonView, number: str, language: str
) -> str | None:
    """The title of a coming or going; None for what another row tells."""
    text = translation(language).gettext
    if kind == kinds.HOUSEHOLD_REGISTERED and _split_off(body, view):
        return text(SPLIT).format(number=number)
    if body.get("person") != view.id.bytes or body.get("event"):
        return None
    if kind == kinds.HOUSEHOLD_MEMBER_LEFT:
        return None if body.get("to") else telling.kind_text(kind, language)
    if kind != kinds.HOUSEHOLD_MEMBER_JOINED:
        return None
    if body.get("from"):
        return text(BACK if _undoes(body) else MOVED).format(number=number)
    # Told again as something else, or as a member at last: the relation is what is new.
    return text(RELATION)


def _stay_detail(body: Mapping[str, Any], language: str) -> str:
    relation, reason = body.get("relation"), body.get("reason")
    parts = [
        wording.label("relation", relation, language) if isinstance(relation, str) else "",
        telling.reason_text(reason, language) if isinstance(reason, str) else "",
    ]
    return " · ".join(part for part in parts if part)


def sent(session: Session, reader: Reader, entries: Iterable[Entry]) -> str:
    """How far the newest of these entries has got: waiting, sent, or acknowledged."""
    states = []
    for entry in entries:
        header = entry.header
        if header.office != session.office.id:
            return "acknowledged"
        if header.sequence <= covered_upto(reader, header.office, header.epoch):
            states.append(2)
        else:
            states.append(int(header.sequence <= exported_upto(reader, header.epoch)))
    return ("waiting", "sent", "acknowledged")[min(states, default=0)]
