"""A person's page: facts, household, timeline, documents, and the history of every change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from forms import wording
from ledger.history import field_history
from values.dates import PartialDate
from workspace import telling
from workspace.errors import RefusedError
from workspace.exported import covered_upto, exported_upto
from workspace.search import birth_of, text

if TYPE_CHECKING:
    from db.store import Reader
    from ledger.entry import Entry
    from ledger.views import HouseholdView, PersonView
    from values.identifiers import DocumentId, EntryHash, HouseholdId, PersonId, UserId
    from workspace.session import Session

RECORDED, APPROVED, RETURNED, REGISTERED = "recorded", "approved", "returned", "registered"


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer, in words of the reader's language."""

    field: str
    label: str
    value_text: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member of the household as it is now."""

    person: PersonId
    number: str
    name: str
    name_latin: str
    relation: str
    relation_text: str
    birth: PartialDate | None


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """The household a person belongs to now."""

    id: HouseholdId
    number: str
    members: tuple[MemberRow, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something that happened, or that was done, newest first."""

    at: datetime
    title: str
    detail: str
    by: str
    status: str
    document_number: str | None
    entry: EntryHash


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document issued to the person or the household."""

    id: DocumentId
    number: str
    type: str
    type_text: str
    issued: str
    expires: str
    reprints: int
    revoked: str | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of one field."""

    field: str
    label: str
    old: str
    new: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything a page about a person shows."""

    person: PersonView
    name: str
    name_latin: str
    number: str
    permanent: str
    sex: str
    birth: PartialDate | None
    birth_text: str
    photo: bytes | None
    status: str
    sent: str
    facts: tuple[Fact, ...]
    household: HouseholdCard | None
    timeline: tuple[TimelineRow, ...]
    documents: tuple[DocumentRow, ...]
    history: tuple[HistoryRow, ...]
    conflicts: tuple[str, ...]


def person_page(session: Session, person: PersonId, *, language: str = "en") -> PersonPage:
    """Gather the page. Raises `RefusedError` when nobody of that id is here."""
    with session.store.read() as reader:
        view = reader.person(person)
        if view is None:
            raise RefusedError("unknown_person", "This person is not in this workspace.")
        household = reader.household_of(person)
        registration = reader.registration_of(person)
        entries = reader.entries_of("person", person)
        photo = session.photo(view.photo)
        return PersonPage(
            person=view,
            name=text(view, "name") or text(view, "name_latin"),
            name_latin=text(view, "name_latin"),
            number=view.number,
            permanent=view.permanent or "",
            sex=text(view, "sex"),
            birth=birth_of(view),
            birth_text=_value_text(session, "birth", view.values.get("birth"), language),
            photo=photo,
            status=str(registration.status) if registration else RECORDED,
            sent=_sent(session, reader, entries),
            facts=tuple(_facts(session, view, language)),
            household=_card(reader, household, language) if household else None,
            timeline=tuple(_timeline(session, reader, view, household, language)),
            documents=tuple(_documents(reader, view, household, language)),
            history=tuple(_history(session, reader, entries, language)),
            conflicts=tuple(
                ", ".join(_label(session, name, language) for name in sorted(conflict.fields))
                for conflict in view.conflicts
            ),
        )


def _facts(session: Session, view: PersonView, language: str) -> list[Fact]:
    form = session.catalogue.form("person")
    facts = []
    for field in form.fields():
        if field.name in {"photo", "name", "name_latin"} or field.name not in view.values:
            continue
        value = view.values[field.name]
        shown = _value_text(session, field.name, value, language)
        if shown:
            facts.append(Fact(field.name, _label(session, field.name, language), shown))
    return facts


def _label(session: Session, field: str, language: str) -> str:
    return telling.field_text(session.catalogue.form("person"), field, language)


def _value_text(session: Session, field: str, value: Any, language: str) -> str:
    if value is None:
        return ""
    return telling.value_text(session.catalogue.form("person"), field, value, language)


def _card(reader: Reader, household: HouseholdView, language: str) -> HouseholdCard:
    rows = []
    for member in household.present():
        view = reader.person(member.person)
        if view is not None:
            rows.append(
                MemberRow(
                    person=view.id,
                    number=view.number,
                    name=text(view, "name") or text(view, "name_latin") or view.number,
                    name_latin=text(view, "name_latin"),
                    relation=member.relation,
                    relation_text=wording.label("relation", member.relation, language),
                    birth=birth_of(view),
                )
            )
    return HouseholdCard(household.id, household.number, tuple(rows))


def _timeline(
    session: Session,
    reader: Reader,
    view: PersonView,
    household: HouseholdView | None,
    language: str,
) -> list[TimelineRow]:
    rows: list[TimelineRow] = []
    registration = reader.registration_of(view.id)
    if registration is not None:
        for entry in reader.entries_of("registration", registration.id):
            body = entry.body or {}
            rows.append(
                TimelineRow(
                    at=entry.header.device_time,
                    title=telling.act_text(entry.header, language),
                    detail=str(body.get("reason", "")),
                    by=_by(session, reader, entry.header.author),
                    status=_sent(session, reader, [entry]),
                    document_number=None,
                    entry=entry.hash,
                )
            )
    for event in reader.events_of(view.id):
        first = reader.entries_of("event", event.id)[0]
        rows.append(
            TimelineRow(
                at=event.first_at,
                title=wording.label("event_types", event.type, language),
                detail=_event_detail(session, event.type, event.date, event.values, language),
                by=_by(session, reader, first.header.author),
                status=_sent(session, reader, [first]),
                document_number=None,
                entry=first.hash,
            )
        )
    for document in reader.documents_of(view.id):
        first = reader.entries_of("document", document.id)[0]
        rows.append(
            TimelineRow(
                at=document.first_at,
                title=telling.document_text(document.type, language),
                detail="",
                by=_by(session, reader, first.header.author),
                status=_sent(session, reader, [first]),
                document_number=document.number,
                entry=first.hash,
            )
        )
    return sorted(rows, key=lambda row: (row.at, row.entry), reverse=True)


def _event_detail(session: Session, type_: str, date: Any, values: Any, language: str) -> str:
    parts = []
    if date:
        parts.append(wording.say_date(PartialDate.from_body(date), language))
    form = session.catalogue.form(type_)
    parts += [
        telling.value_text(form, field.name, values[field.name], language)
        for field in form.fields()
        if field.name in values
    ]
    return " · ".join(part for part in parts if part)


def _documents(
    reader: Reader, view: PersonView, household: HouseholdView | None, language: str
) -> list[DocumentRow]:
    found = reader.documents_of(view.id, household=household.id if household else None)
    return [
        DocumentRow(
            id=one.id,
            number=one.number,
            type=one.type,
            type_text=telling.document_text(one.type, language),
            issued=one.issued,
            expires=one.expires,
            reprints=len(one.reprints),
            revoked=one.revoked,
        )
        for one in found
        if one.person == view.id or one.type == "household"
    ]


def _history(
    session: Session, reader: Reader, entries: list[Entry], language: str
) -> list[HistoryRow]:
    rows = []
    for change in field_history(entries, session.conflict_sets):
        rows.append(
            HistoryRow(
                field=change.field,
                label=_label(session, change.field, language),
                old=_value_text(session, change.field, change.old, language),
                new=_value_text(session, change.field, change.new, language),
                by=_by(session, reader, change.author),
                at=change.time,
                reason=change.reason or "",
            )
        )
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _by(session: Session, reader: Reader, user: UserId) -> str:
    if user == session.user.id:
        return session.user.name
    return reader.user_name(user) or "—"


def _sent(session: Session, reader: Reader, entries: list[Entry]) -> str:
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
