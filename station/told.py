"""A registration in sentences, as it was read back, for whoever decides about it.

Everything that was answered is said, the same way the officer read it aloud; sealed answers are
counted as sealed, and a value that is no answer to its question is shown as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms.check import raw_values
from forms.draft import Draft, MemberDraft
from forms.kept import SEALED, misfits
from forms.readback import Sentence, read_back
from resources.i18n import translation
from station import reading
from values.identifiers import EventId, PersonId
from values.text import isolate
from workspace import telling, vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from db.store import Reader
    from forms.definition import Form
    from forms.library import Catalogue
    from ledger.views import EventView, HouseholdView, PersonView, RegistrationView
    from workspace.session import Session


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


FAMILY, JOINED, EVENT = "family", "joined", "event"
"""What a registration registers: a family, members of one that is registered, a person whom an
event brought (a birth)."""

_HOUSEHOLD = _("The household")
_PART = _("{question}: {answer}.")
_SEALED = _("Some needs are sealed and are not read aloud.")
_FLAG = _("{name}: {flag}")
_PERSON_WITHOUT_NAME = _("No name yet")


@dataclass(frozen=True, slots=True)
class Told:
    """What is said about one member, the household or the event; ``number`` may be empty."""

    title: str
    number: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """How the registration came about. ``event`` is the event's title, or empty."""

    kind: str
    event: str


def made(session: Session, reader: Reader, view: RegistrationView, language: str) -> Made:
    """Whether it is a family, joins one, or came with an event."""
    if view.source.get("way") == EVENT:
        event = _event(reader, view)
        return Made(EVENT, _title(session.catalogue, event, language) if event else "")
    return Made(JOINED if view.source.get("joined") is True else FAMILY, "")


def told(
    session: Session, reader: Reader, view: RegistrationView, language: str
) -> tuple[Told, ...]:
    """Every member that was registered, then the event or the household that came with them."""
    household = reader.household(view.household)
    how = made(session, reader, view, language).kind
    people = [one for one in reader.persons(view.persons) if one.voided is None]
    said = _said(session, household if how == FAMILY else None, people, household, language)
    found = [
        Told(
            reading.name_of(one)
            if _named(one)
            else translation(language).gettext(_PERSON_WITHOUT_NAME),
            one.number,
            tuple(said.get(place, ())),
        )
        for place, one in enumerate(people)
    ]
    text = translation(language).gettext
    if how == FAMILY and household is not None:
        found.append(Told(text(_HOUSEHOLD), household.number, tuple(said.get(None, ()))))
    elif how == EVENT and (event := _event(reader, view)) is not None:
        found.insert(0, _told_event(session, reader, event, language))
    return tuple(found)


def flags(
    reader: Reader, view: RegistrationView, language: str
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What was flagged, and what was confirmed with its reason; each says whose it is."""
    flagged = [
        (str(one["code"]), str(one.get("field", "")), one.get("person"), one) for one in view.flags
    ]
    confirmed = []
    for one in view.confirmed:
        about = one.get("person")
        if about is None:  # by an earlier program, which named no one: told by its only flag
            same = {
                person if isinstance(person, bytes) else b""
                for code, field, person, _flag in flagged
                if (code, field) == (str(one["code"]), str(one.get("field", "")))
            }
            about = same.pop() if len(same) == 1 else None
        params = next(
            (
                flag.get("params")
                for code, field, person, flag in flagged
                if (code, field, person) == (str(one["code"]), str(one.get("field", "")), about)
            ),
            None,
        )
        said = _flag(reader, {"params": params, **one}, about, language)
        confirmed.append((said, str(one.get("reason", ""))))
    texts = [_flag(reader, one, person, language) for _code, _field, person, one in flagged]
    return tuple(dict.fromkeys(texts)), tuple(confirmed)


def _flag(reader: Reader, flag: Mapping[str, Any], about: Any, language: str) -> str:
    said = telling.flag_text(flag, language)
    name = _name(reader, about)
    if not name:
        return said
    return translation(language).gettext(_FLAG).format(name=isolate(name), flag=said)


def _name(reader: Reader, identity: Any) -> str:
    """The name of somebody named by bytes; empty for what names nobody here."""
    if not isinstance(identity, bytes) or len(identity) != 16:
        return ""
    view = reader.person(PersonId(UUID(bytes=identity)))
    return reading.name_of(view) if view is not None else ""


def _named(person: PersonView) -> bool:
    return reading.name_of(person) != person.number


def _said(
    session: Session,
    whole: HouseholdView | None,
    people: list[PersonView],
    home: HouseholdView | None,
    language: str,
) -> dict[int | None, list[str]]:
    """The sentences by the member's place; of the household under None."""
    form = session.catalogue.form("person")
    role = session.user.role
    hidden: dict[int | None, set[str]] = {}
    members = []
    for place, one in enumerate(people):
        values = {name: value for name, value in one.values.items() if name in form}
        hidden[place] = _not_said(form, values) | {
            field.name for field in form.fields() if not telling.seen_by(form, field.name, role)
        }
        raw = raw_values(form, values)
        relation = reading.relation_of(home, one.id) if home else ""
        members.append(MemberDraft(one.id.hex, {**raw, "relation": relation}))
    about = session.catalogue.form("household")
    if whole is not None:
        hidden[None] = _not_said(about, whole.values)
    draft = Draft(
        household=raw_values(about, whole.values) if whole else {},
        members=tuple(members),
    )
    today = session.clock.now().date()
    found: dict[int | None, list[str]] = {}
    for sentence in read_back(draft, today, language, catalogue=session.catalogue):
        names = {part.field for part in sentence.parts if part.field}
        if sentence.person in hidden and not names & hidden[sentence.person]:
            found.setdefault(sentence.person, []).append(_plain(sentence))
    for place, one in enumerate(people):
        found.setdefault(place, []).extend(_misfits(form, one.values, language))
        if one.values.get(vault.FIELD) is not None:
            found[place].append(translation(language).gettext(_SEALED))
    if whole is not None:
        found.setdefault(None, []).extend(_misfits(about, whole.values, language))
    return found


def _not_said(form: Form, values: Mapping[str, Any]) -> set[str]:
    """What is not read as an answer: sealed values, and those that are none of the question's."""
    sealed = {
        name
        for name, value in values.items()
        if isinstance(value, dict) and isinstance(value.get(SEALED), bytes)
    }
    return sealed | set(misfits(form, values))


def _misfits(form: Form, values: Mapping[str, Any], language: str) -> Iterator[str]:
    """Values that are no answers, as they are."""
    for name in misfits(form, values):
        yield _line(form, name, values[name], language)


def _line(
    form: Form, name: str, value: Any, language: str, people: telling.People | None = None
) -> str:
    question = telling.field_text(form, name, language).rstrip("?؟: ")
    answer = telling.value_text(form, name, value, language, people=people)
    return translation(language).gettext(_PART).format(question=question, answer=isolate(answer))


def _plain(sentence: Sentence) -> str:
    """The sentence, its facts isolated: a right-to-left name must not turn the words around it."""
    return "".join(isolate(part.text) if part.field else part.text for part in sentence.parts)


def _event(reader: Reader, view: RegistrationView) -> EventView | None:
    identity = view.source.get("event")
    if not isinstance(identity, bytes) or len(identity) != 16:
        return None
    return reader.event(EventId(UUID(bytes=identity)))


def _title(catalogue: Catalogue, event: EventView, language: str) -> str:
    if not catalogue.has(event.type):
        return telling.event_text(catalogue, event.type, language)
    form = catalogue.form(event.type)
    return telling.form_text(form, form.title, language)


def _told_event(session: Session, reader: Reader, event: EventView, language: str) -> Told:
    """The event that registered them: when, and all its answers with the persons it names."""
    title = _title(session.catalogue, event, language)
    if not session.catalogue.has(event.type):
        return Told(title, "", ())
    form = session.catalogue.form(event.type)
    lines = []
    values: dict[str, Any] = dict(event.values)
    parts = {one.role: one.person.bytes for one in event.participants}
    for field in form.fields():
        if not telling.seen_by(form, field.name, session.user.role):
            continue
        value = values.get(field.name)
        if value is None and field.name == "date":
            value = event.date
        if value is None and field.name in parts:
            value = {"person": parts[field.name]}
        if telling.value_text(form, field.name, value, language):
            lines.append(_line(form, field.name, value, language, lambda who: _name(reader, who)))
    return Told(title, "", tuple(lines))
