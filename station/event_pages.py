"""What a document about an event says: its answers in words, its people, and what is signed of
them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from documents import told as facts_told
from documents.page_data import Answer, Identity, Party
from documents.wording import Words
from forms.codes import code_list
from forms.definition import Kind
from forms.raw import raw_of
from forms.reading import read
from ledger import kinds
from resources.i18n import papers
from station import reading
from station.events import people_named
from values.dates import PartialDate
from values.identifiers import PersonId
from workspace.errors import RefusedError
from workspace.search import text
from workspace.telling import value_text
from workspace.vault import SEALED

if TYPE_CHECKING:
    from datetime import date

    from db.store import Reader
    from documents.templates.model import Template
    from forms.definition import Field, Form
    from ledger.views import EventView, PersonView
    from workspace.session import Session

_DATE = "date"


@dataclass(frozen=True, slots=True)
class Told:
    """What a document tells besides its holder: printed answers and parties, signed facts."""

    answers: tuple[Answer, ...] = ()
    parties: tuple[Party, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


def event_of(
    session: Session, reader: Reader, template: Template, person: PersonView, today: date
) -> EventView:
    """The latest event of a person that the document tells of and that stands.

    Raises `RefusedError` when there is none, when it was withdrawn, or when its form forbids a
    document about it.
    """
    found = [
        one
        for one in reader.events_of(person.id)
        if one.type in template.forms
        and any(
            part.person == person.id and part.role in template.roles() for part in one.participants
        )
    ]
    if not found:
        raise RefusedError(
            "no_event",
            "Nothing is recorded that this document could tell of. Record the event first.",
        )
    standing = [one for one in found if one.voided is None]
    if not standing:
        raise RefusedError(
            "event_voided", "The event is withdrawn: no document is made about it any more."
        )
    latest = max(standing, key=lambda one: (one.first_at, one.id))
    require_printable(session, reader, latest, today)
    return latest


def require_printable(session: Session, reader: Reader, event: EventView, today: date) -> None:
    """Raise `RefusedError` for an event that was withdrawn, or about which its form's rules allow
    no document: by what was known when it was recorded, or by what is known now."""
    if event.voided is not None:
        raise RefusedError(
            "event_voided", "The event is withdrawn: no document is made about it any more."
        )
    form = session.catalogue.form(event.type)
    blocked = set(_recorded(reader, event).get("no_document") or ())
    raw = {name: raw_of(form.field(name), value) for name, value in _kept(form, event)}
    people = people_named(reader, form, raw)
    context = read(form, raw, today, people=people).context
    rules = [
        one
        for one in form.rules
        if one.no_document and (one.code in blocked or one.when.holds(context))
    ]
    if rules:
        raise RefusedError("event_blocked", rules[0].say)


def holder_of(reader: Reader, template: Template, event: EventView) -> PersonView:
    """For whom the document is made: the first role of its template with a registered person.

    Raises `RefusedError` when nobody of them is registered.
    """
    for role in template.holder:
        for part in event.participants:
            view = reader.person(part.person) if part.role == role else None
            if view is not None and not view.voided:
                return view
    raise RefusedError(
        "holder_not_registered",
        "The person whom this document is about is not registered. Register that person first.",
    )


def told_of_event(
    session: Session,
    reader: Reader,
    template: Template,
    event: EventView,
    holder: PersonView,
    *,
    language: str,
    beside: str,
) -> Told:
    """The event as its document tells it."""
    form = session.catalogue.form(event.type)
    values = dict(_kept(form, event))

    def name_of(identity: bytes) -> str:
        view = reader.person(PersonId(UUID(bytes=identity)))
        return reading.name_of(view) if view is not None else ""

    answers = []
    for name in template.answers():
        if name not in form or name not in values or not _said(values[name]):
            continue
        label, other = _labels(form, form.field(name), language, beside)
        words, more = (
            value_text(form, name, values[name], tag, people=name_of) for tag in (language, beside)
        )
        answers.append(Answer(name, label, words, other, "" if more == words else more))
    parties = tuple(_parties(reader, template, form, event, values, holder, language, beside))
    return Told(tuple(answers), parties, _facts(template, form, values, parties, holder))


def told_of_asked(template: Template, said: Mapping[str, str], words: Words) -> Told:
    """What was asked when the document was printed, in the page's `words`.

    Raises `RefusedError` for what is missing, or was not asked.
    """
    strange = sorted(set(said) - {one.name for one in template.asks})
    if strange:
        raise RefusedError("not_asked", "This document does not ask for that. Leave it out.")
    answers, facts = [], []
    for one in template.asks:
        value = " ".join(said.get(one.name, "").split())
        if not value and one.required:
            raise RefusedError(
                "asked", f"Say what to print under {one.label!r}, as --say {one.name}=..."
            )
        if not value:
            continue
        label, other = words.text(one.label), words.text_beside(one.label)
        answers.append(Answer(f"asked.{one.name}", label, value, other))
        if f"asked.{one.name}" in template.signed:
            facts.append((one.name, value))
    return Told(tuple(answers), (), tuple(facts))


def _recorded(reader: Reader, event: EventView) -> Mapping[str, Any]:
    for entry in reader.entries_of("event", event.id):
        if entry.header.kind == kinds.EVENT_RECORDED:
            return entry.body or {}
    return {}


def _kept(form: Form, event: EventView) -> Sequence[tuple[str, Any]]:
    """The answers that are not sealed, by name, the date and the people among them."""
    found = {
        name: value
        for name, value in event.values.items()
        if name in form and not form.field(name).sensitive and not _sealed(value)
    }
    if event.date is not None:
        found[_DATE] = dict(event.date)
    for part in event.participants:
        if part.role in form and part.role not in found:
            found[part.role] = {"person": part.person.bytes}
    return list(found.items())


def _sealed(value: Any) -> bool:
    return isinstance(value, Mapping) and SEALED in value


def _said(value: Any) -> bool:
    return value not in (None, "", [], {}) and not (
        isinstance(value, Mapping) and "missing" in value
    )


def _labels(form: Form, field: Field, language: str, beside: str) -> tuple[str, str]:
    """The question in both languages; the second is empty where it is the first."""
    found = [
        form.texts.get(tag, {}).get(field.label) or papers(tag).gettext(field.label)
        for tag in (language, beside)
    ]
    return found[0], "" if found[1] == found[0] else found[1]


def _parties(
    reader: Reader,
    template: Template,
    form: Form,
    event: EventView,
    values: Mapping[str, Any],
    holder: PersonView,
    language: str,
    beside: str,
) -> Sequence[Party]:
    found = []
    for role in template.roles():
        if role not in form or form.field(role).kind is not Kind.PERSON:
            continue
        value = values.get(role)
        if not isinstance(value, Mapping) or not _said(value):
            continue
        label, other = map(facts_told.part, _labels(form, form.field(role), language, beside))
        identity = Identity(number="", name=str(value.get("name") or ""))
        if isinstance(value.get("person"), bytes):
            view = reader.person(PersonId(UUID(bytes=value["person"])))
            if view is None:
                continue
            # Of others than the holder only the names are in the code, and nothing else is said.
            identity = Identity(
                number=view.number if view.id == holder.id else "",
                name=text(view, "name"),
                name_latin=text(view, "name_latin"),
                name_language=text(view, "language"),
            )
        found.append(Party(role, label, identity, other))
    return found


def _facts(
    template: Template,
    form: Form,
    values: Mapping[str, Any],
    parties: Sequence[Party],
    holder: PersonView,
) -> tuple[tuple[str, str], ...]:
    """What stands in the code: who the holder is in it, then the signed answers in their order."""
    facts: list[tuple[str, str]] = []
    for one in parties:
        if one.identity.number == holder.number:
            facts.append(("holder", one.role))
    for name in template.signed:
        if name not in form:
            continue
        if form.field(name).kind is Kind.PERSON:
            for one in parties:
                if one.role == name and one.identity.number != holder.number:
                    facts += _names(name, one.identity)
        elif _said(values.get(name)) and (plain := _plain(form.field(name), values[name])):
            facts.append((name, plain))
    return tuple(facts)


def _names(role: str, who: Identity) -> list[tuple[str, str]]:
    own = who.name or who.name_latin
    found = [(role, own)] if own else []
    if who.name_latin and who.name_latin != own:
        found.append((f"{role}_latin", who.name_latin))
    return found


def _plain(field: Field, value: Any) -> str:
    """An answer as it stands in a code: dates in EDTF, codes as codes, places as they are told."""
    match field.kind:
        case Kind.DATE if isinstance(value, Mapping):
            try:
                return PartialDate.from_body(dict(value)).gregorian
            except (ValueError, KeyError, TypeError, AttributeError):
                return ""
        case Kind.PLACE if isinstance(value, Mapping):
            return str(value.get("text") or value.get("code") or "")
        case Kind.CODES if isinstance(value, list):
            return " ".join(map(str, value))
        case _:
            return "" if isinstance(value, Mapping | list | bytes) else str(value)


def consents_of(person: PersonView) -> tuple[tuple[str, str], ...]:
    """What was answered, purpose by purpose, in the order in which it is asked."""
    said = person.values.get("consent")
    answers = said if isinstance(said, Mapping) else {}
    return tuple(
        (one.code, str(answers.get(one.code, ""))) for one in code_list("purposes").offered()
    )
