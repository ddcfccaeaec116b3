"""A person's page: facts, household, timeline, documents, and the history of every change.

What the reader's role is not shown is not on it: neither as a fact, nor in the past, nor among the
values of the view that the page carries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from forms import wording
from workspace import stubs, telling, timeline
from workspace.differing import people_of
from workspace.errors import RefusedError
from workspace.left_behind import LeftBehind, left_behind
from workspace.linked import records_of, standing_number
from workspace.papers import day_of, dead, prints, stands
from workspace.past import HistoryRow as HistoryRow
from workspace.past import person_rows
from workspace.search import birth_of, text
from workspace.templates import ends_with_life, library
from workspace.timeline import TimelineRow as TimelineRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.store import Reader
    from ledger.conflicts import Conflict
    from ledger.views import DocumentView, HouseholdView, PersonView
    from values.dates import PartialDate
    from values.identifiers import DocumentId, HouseholdId, PersonId
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
    birth_text: str
    """Empty where it is not known."""


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """The household a person belongs to now; `lacks`: that it has no head, or no adult."""

    id: HouseholdId
    number: str
    members: tuple[MemberRow, ...]
    lacks: LeftBehind | None = None


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
    doomed: bool = False
    """It stands, and its holder's death is recorded: somebody has to decide."""
    prints: tuple[tuple[str, str], ...] = ()
    """Language and paper of each print that is unlike the others, the first one first."""


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """Another record that the registry found to be of the same person. `person` is None when it
    is not in this workspace; `permanent` is its own number, which stands for itself alone."""

    person: PersonId | None
    number: str
    name: str
    permanent: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything a page about a person shows. `permanent` is the number that stands for all of the
    person's records; `linked` are the others of them."""

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
    gone: Gone | None = None
    linked: tuple[LinkedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """The event by which somebody is here no more: its type, and its day in words if known."""

    type: str
    date: str


_DEPARTURES: Final = frozenset({"return", "resettlement"})
_ABSENCE: Final = "absence"


def person_page(
    session: Session, person: PersonId, *, language: str = "en", for_them: bool = False
) -> PersonPage:
    """Gather the page. `for_them`: to be handed to the person, who is told of events only what
    concerns them. Raises `RefusedError` when nobody of that id is here."""
    with session.store.read() as reader:
        whole = reader.person(person)
        if whole is None:
            raise RefusedError("unknown_person", "This person is not in this workspace.")
        stubs.require_here(whole)
        view = masked(session, whole)
        household = reader.household_of(person)
        registration = reader.registration_of(person)
        entries = reader.entries_of("person", person)
        form = session.catalogue.form("person")
        records = records_of(reader, person)
        told = timeline.rows(session, reader, whole, entries, language, for_them=for_them)
        for other in records[1:] if not for_them else ():
            about = reader.entries_of("person", other.id)
            rows = timeline.rows(session, reader, other, about, language)
            known = {one.entry for one in told}
            told += [replace(one, of=other.number) for one in rows if one.entry not in known]
        told.sort(key=lambda one: one.at, reverse=True)
        return PersonPage(
            person=view,
            name=text(view, "name") or text(view, "name_latin"),
            name_latin=text(view, "name_latin"),
            number=view.number,
            permanent=standing_number(reader, records),
            sex=text(view, "sex"),
            birth=birth_of(view),
            birth_text=telling.value_text(form, "birth", view.values.get("birth"), language),
            photo=session.photo(view.photo),
            status=str(registration.status) if registration else RECORDED,
            sent=timeline.sent(session, reader, entries),
            facts=tuple(_facts(session, reader, view, language)),
            household=_card(session, reader, household, language) if household else None,
            timeline=tuple(told),
            documents=tuple(_documents(session, reader, view, household, language)),
            history=tuple(person_rows(session, reader, whole, entries, language)),
            conflicts=tuple(
                ", ".join(telling.field_text(form, name, language) for name in conflict.fields)
                for conflict in view.conflicts
            ),
            gone=_gone(reader, whole, household, language),
            linked=() if for_them else _linked(session, whole, records),
        )


def _linked(
    session: Session, view: PersonView, records: Sequence[PersonView]
) -> tuple[LinkedRow, ...]:
    """The person's other records, and a row without a name for each that is elsewhere."""
    here = {one.id for one in records}
    found = [
        LinkedRow(
            person=one.id,
            number=one.number,
            name=text(masked(session, one), "name") or text(one, "name_latin"),
            permanent=one.permanent or "",
        )
        for one in records
        if one.id != view.id
    ]
    elsewhere = [link for link in view.links if link.other not in here]
    return (*found, *(LinkedRow(None, "", "", "") for _ in elsewhere))


def masked(session: Session, view: PersonView) -> PersonView:
    """The view without the fields that this user's role is not shown."""
    form = session.catalogue.form("person")

    def seen(name: str) -> bool:
        return telling.seen_by(form, name, session.user.role)

    if all(map(seen, view.values)):
        return view
    return replace(
        view,
        values={name: value for name, value in view.values.items() if seen(name)},
        conflicts=tuple(
            _masked_conflict(one, frozenset(filter(seen, one.fields)))
            for one in view.conflicts
            if any(map(seen, one.fields))
        ),
    )


def _masked_conflict(conflict: Conflict, seen: frozenset[str]) -> Conflict:
    return replace(
        conflict,
        fields=tuple(name for name in conflict.fields if name in seen),
        candidates=tuple(
            replace(side, values={name: side.values[name] for name in side.values if name in seen})
            for side in conflict.candidates
        ),
    )


def _facts(session: Session, reader: Reader, view: PersonView, language: str) -> list[Fact]:
    form = session.catalogue.form("person")
    people = people_of(reader)
    facts = []
    for field in form.fields():
        if field.name in {"photo", "name", "name_latin"} or field.name not in view.values:
            continue
        value = view.values[field.name]
        shown = telling.value_text(form, field.name, value, language, people=people)
        if shown:
            facts.append(Fact(field.name, telling.field_text(form, field.name, language), shown))
    return facts


def _gone(
    reader: Reader, view: PersonView, household: HouseholdView | None, language: str
) -> Gone | None:
    """The last departure of somebody who joined no household since, or what the absence rests on.
    A death is told by the record itself."""
    absent = view.values.get("presence") not in (None, "", "present")
    wanted = frozenset({_ABSENCE}) if absent else _DEPARTURES if household is None else frozenset()
    found = [one for one in reader.events_of(view.id) if one.type in wanted and not one.voided]
    if not found:
        return None
    last = max(found, key=lambda one: (one.first_at, one.id))
    return Gone(last.type, telling.date_text(last.date, language))


def _card(
    session: Session, reader: Reader, household: HouseholdView, language: str
) -> HouseholdCard:
    rows = []
    for member in household.present():
        whole = reader.person(member.person)
        if whole is not None:
            view = masked(session, whole)
            rows.append(
                MemberRow(
                    person=view.id,
                    number=view.number,
                    name=text(view, "name") or text(view, "name_latin") or view.number,
                    name_latin=text(view, "name_latin"),
                    relation=member.relation,
                    relation_text=wording.label("relation", member.relation, language),
                    birth=birth_of(view),
                    birth_text=telling.date_text(view.values.get("birth"), language),
                )
            )
    lacks = left_behind(reader, household, session.clock.now().date())
    return HouseholdCard(household.id, household.number, tuple(rows), lacks)


def _prints(reader: Reader, document: DocumentView) -> tuple[tuple[str, str], ...]:
    template = library(reader).get(document.type)
    usual = template.papers[0] if template is not None else ""
    found = [
        (str(one.get("language") or ""), str(one.get("paper") or usual))
        for one in prints(reader, document.id)
    ]
    return tuple(dict.fromkeys(found))


def _documents(
    session: Session,
    reader: Reader,
    view: PersonView,
    household: HouseholdView | None,
    language: str,
) -> list[DocumentRow]:
    found = reader.documents_of(view.id, household=household.id if household else None)
    today = day_of(session.clock.now())
    return [
        DocumentRow(
            id=one.id,
            number=one.number,
            type=one.type,
            type_text=telling.document_text(one.type, language),
            issued=one.issued,
            expires=one.expires,
            reprints=len(one.reprints),
            revoked=telling.paper_revoked(one, language),
            doomed=dead(view) and stands(one, today) and ends_with_life(reader, one.type),
            prints=_prints(reader, one),
        )
        for one in found
        if one.person == view.id or one.type == "household"
    ]
