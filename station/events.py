"""Civil and displacement events: what is recorded once people are registered.

An event is an entry of its own about the persons it touches; what it changes in their records and
households is said in the same act, so that neither stands without the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms import wording
from forms.events import EventFacts, check_event, event_facts
from forms.kept import date_of
from forms.persons import Person
from ledger import kinds
from ledger.entry import Subject
from station import effects, reading
from station.effects import Amends, Creates, Joins, Leaves
from station.enter import form_values
from station.register import ProblemsError
from station.undoing import Withdrawn as Withdrawn
from station.undoing import undo
from values.identifiers import EventId, PersonId, RegistrationId
from workspace import beside, telling, templates, vault
from workspace.errors import RefusedError
from workspace.rights import Right, require
from workspace.search import birth_of, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from db.store import Reader
    from forms.definition import Form
    from forms.draft import Confirmation, Raw
    from forms.problems import Problem
    from ledger.views import HouseholdView
    from values.dates import PartialDate
    from workspace.act import Act
    from workspace.session import Session

FAMILIES = ("civil", "displacement", "protection", "document", "presence")
CORRECTION = "correction"
"""Recorded by correcting a person's record, not from the list of events."""
MARRIAGE = "marriage"
SPOUSES = ("spouse_a", "spouse_b")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One thing that recording the event will change, in words: for looking at before signing.

    ``kind``: ``creates``, ``amends``, ``leaves`` or ``joins``. ``what`` is the field's label, or
    the household's number.
    """

    kind: str
    name: str
    number: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording made.

    Attributes:
        created, created_number: the person who was registered with the event, if one was.
        registration: what now waits for review because of that.
        document: id of the document that may be printed about it, or empty.
        blocked: why there is no document: source strings of the form's rules.
        late: whether it was registered later than the form's limit.
    """

    event: EventId
    created: PersonId | None
    created_number: str
    registration: RegistrationId | None
    document: str
    blocked: tuple[str, ...]
    late: bool


def forms_for(session: Session) -> tuple[Form, ...]:
    """The events that may be recorded, family by family."""
    found = [form for form in session.catalogue.events() if form.id != CORRECTION]
    return tuple(sorted(found, key=lambda form: (FAMILIES.index(form.event), form.title)))


def people_named(reader: Reader, form: Form, raw: Mapping[str, Raw]) -> dict[str, Person]:
    """What the form's rules may know of the registered persons whom answers name, by their id in
    hexadecimal. One who is not here is left out."""
    found: dict[str, Person] = {}
    for one in form.people():
        chosen = raw.get(one.name)
        identity = chosen.get("person") if isinstance(chosen, Mapping) else None
        if not isinstance(identity, str) or identity in found:
            continue
        try:
            view = reader.person(PersonId(UUID(hex=identity)))
        except ValueError:
            continue
        if view is None or view.voided is not None:
            continue
        found[identity] = Person(
            id=identity,
            sex=text(view, "sex"),
            birth=birth_of(view),
            marital_status=text(view, "marital_status"),
            dead=effects.DEATH in view.values,
            present=text(view, "presence") in ("", "present"),
            married=_married(reader, view.id),
            died=date_of(view.values.get(effects.DEATH)),
        )
    return found


def _married(reader: Reader, person: PersonId) -> PartialDate | None:
    """When the first marriage was that stands as an event; None when any of them has no date."""
    marriages = [
        date_of(event.date)
        for event in reader.events_of(person)
        if event.type == MARRIAGE
        and event.voided is None
        and any(one.person == person and one.role in SPOUSES for one in event.participants)
    ]
    known = [said for said in marriages if said is not None]
    if len(known) < len(marriages):
        return None
    return min(known, key=lambda said: said.earliest, default=None)


def check(session: Session, form_id: str, raw: Mapping[str, Raw]) -> list[Problem]:
    """What is wrong or odd in the event as typed."""
    with session.store.read() as reader:
        return _problems(session, reader, session.catalogue.form(form_id), raw)


def foresee(
    session: Session, form_id: str, raw: Mapping[str, Raw], *, language: str = "en"
) -> tuple[Foreseen, ...]:
    """What recording will change, side by side with what stands.

    Raises :class:`~forms.errors.DraftError` while the event has errors.
    """
    form = session.catalogue.form(form_id)
    with session.store.read() as reader:
        facts = event_facts(form, raw, _today(session), people_named(reader, form, raw))
        return tuple(
            line
            for step in effects.plan(reader, facts)
            for line in _foreseen(session, step, language)
        )


def record(
    session: Session,
    form_id: str,
    raw: Mapping[str, Raw],
    *,
    confirmed: Sequence[Confirmation] = (),
    draft_id: str = "",
) -> Recorded:
    """Sign and store the event with all that it changes; the draft goes in the same commit.

    Raises `ProblemsError` while errors remain or a warning that nobody confirmed, `RefusedError`
    for somebody who is not here, or a draft that was recorded already.
    """
    require(session, Right.RECORD)
    form = session.catalogue.form(form_id)
    with session.act() as act:
        if draft_id and act.unit.setting(_done(draft_id)) is not None:
            raise RefusedError(
                "recorded_already", "This event is recorded already. Open the person's page."
            )
        problems = _problems(session, act.unit, form, raw)
        _require_settled(session, problems, confirmed)
        people = people_named(act.unit, form, raw)
        facts = event_facts(form, raw, _today(session), people)
        if missing := [one for _, one in facts.people if one.hex() not in people]:
            raise RefusedError(
                "unknown_person",
                f"{len(missing)} of the persons named are not here any more. Choose them again.",
            )
        return _say(session, act, facts, confirmed, draft_id)


def void(session: Session, event: EventId, *, reason: str, language: str = "en") -> Withdrawn:
    """Withdraw an event, and undo by further entries what it changed.

    What another event or a later change says too stays as it is: returned is what has to be looked
    at. Raises `RefusedError` for an event that is not here, is void, is a correction, or without a
    reason.
    """
    require(session, Right.REVIEW)
    if not reason.strip():
        raise RefusedError("reason", "Say why the event is withdrawn.")
    with session.act() as act:
        view = act.unit.event(event)
        if view is None:
            raise RefusedError("no_event", "This event is not in this workspace.")
        if view.type == CORRECTION:
            raise RefusedError(
                "correction",
                "A correction is not withdrawn. Refuse it while it waits; once it is approved, "
                "propose another correction of the same answers.",
            )
        if view.voided is not None:
            raise RefusedError("voided_already", "This event is withdrawn already.")
        done = undo(session, act, view, language=language)
        act.say(
            kinds.EVENT_VOIDED, Subject("event", event), {"reason": reason.strip()}, base=view.heads
        )
    return done


def _problems(
    session: Session, reader: Reader, form: Form, raw: Mapping[str, Raw]
) -> list[Problem]:
    people = people_named(reader, form, raw)
    found = check_event(form, raw, _today(session), people)
    found += effects.objections(reader, form, raw, people)
    return found


def _require_settled(
    session: Session, problems: Sequence[Problem], confirmed: Sequence[Confirmation]
) -> None:
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        raise ProblemsError(wording.say(errors[0], "en", forms=session.catalogue), errors)
    answered = {(one.code, one.field) for one in confirmed if one.reason.strip()}
    open_ones = [one for one in problems if (one.code, one.field) not in answered]
    if open_ones:
        raise ProblemsError("Confirm each warning with a reason, or mend it.", open_ones)


def _say(
    session: Session,
    act: Act,
    facts: EventFacts,
    confirmed: Sequence[Confirmation],
    draft_id: str,
) -> Recorded:
    event = EventId(act.new_id())
    steps = effects.plan(act.unit, facts)
    participants = list(facts.people)
    created, number = None, ""
    household = next(
        (found.id for _, one in facts.people if (found := _household(act.unit, one))), None
    )
    for step in steps:
        match step:
            case Creates():
                require(session, Right.INTAKE)
                created, number = _create(session, act, step, event)
                participants.append((step.role, created.bytes))
                household = step.household.id
            case Amends():
                changes = {field: after for field, (_, after) in step.changes.items()}
                form = session.catalogue.form("person")
                beside.amend(act, form, step.person, changes, event=event.bytes)
            case Leaves(person, home, _, reason, to):
                place = {"reason": reason, **({"to": to.bytes} if to else {})}
                _place(act, kinds.HOUSEHOLD_MEMBER_LEFT, home, person.id, event, place)
            case Joins(person, home, relation, came_from):
                place = {"relation": relation, **({"from": came_from.bytes} if came_from else {})}
                _place(act, kinds.HOUSEHOLD_MEMBER_JOINED, home, person.id, event, place)
    sealed = {name: vault.seal_value(session, value) for name, value in facts.sensitive.items()}
    body: dict[str, Any] = {
        "type": facts.form.id,
        "date": dict(facts.date) if facts.date else None,
        "values": {**facts.values, **sealed},
        "participants": [{"role": role, "person": one} for role, one in participants],
        "household": household.bytes if household else None,
        "late": facts.late,
        "no_document": list(facts.no_document),
        "confirmed": [
            {"code": one.code, "field": one.field, "reason": one.reason.strip()}
            for one in confirmed
            if one.reason.strip()
        ],
    }
    if facts.unsure:
        body["date_missing"] = facts.unsure
    photos = [value for value in facts.values.values() if _is_photo(value)]
    act.say(kinds.EVENT_RECORDED, Subject("event", event), body, form=facts.form.id, blobs=photos)
    if draft_id:
        act.unit.put_setting(_done(draft_id), event.bytes)
        act.unit.delete_draft(draft_id)
    blocked = tuple(rule.say for rule in facts.form.rules if rule.code in facts.no_document)
    return Recorded(
        event=event,
        created=created,
        created_number=number,
        registration=RegistrationId(act.id) if created else None,
        document="" if blocked else _document(act.unit, facts.form.id),
        blocked=blocked,
        late=facts.late,
    )


def _document(reader: Reader, form: str) -> str:
    """The document that tells of such an event, where there is a template of it."""
    template = templates.library(reader).for_form(form)
    return template.id if template else ""


def _create(session: Session, act: Act, step: Creates, event: EventId) -> tuple[PersonId, str]:
    """Register the person, in the household, and hand the registration in for review."""
    person = PersonId(act.new_id())
    number = act.number("P")
    household = Subject("household", step.household.id)
    values = form_values(session, "person", step.values)
    act.say(
        kinds.PERSON_REGISTERED,
        Subject("person", person),
        {"number": number, "values": values, "household": step.household.id.bytes},
        form="person",
    )
    act.say(
        kinds.HOUSEHOLD_MEMBER_JOINED,
        household,
        {"person": person.bytes, "relation": step.relation, "event": event.bytes},
        base=step.household.heads,
    )
    act.say(
        kinds.REGISTRATION_SUBMITTED,
        Subject("registration", act.id),
        {
            "household": step.household.id.bytes,
            "persons": [person.bytes],
            "on": _today(session).isoformat(),
            "source": {"way": "event", "event": event.bytes},
            "flags": [],
            "confirmed": [],
        },
    )
    return person, number


def _place(
    act: Act,
    kind: str,
    household: HouseholdView,
    person: PersonId,
    event: EventId,
    place: Mapping[str, Any],
) -> None:
    act.say(
        kind,
        Subject("household", household.id),
        {"person": person.bytes, **place, "event": event.bytes},
        base=beside.base_of_place(household, person),
    )


def _foreseen(session: Session, step: effects.Step, language: str) -> Iterable[Foreseen]:
    form = session.catalogue.form("person")
    match step:
        case Creates(_, values, household, relation):
            name = str(values.get("name") or "")
            yield Foreseen("creates", name, "", household.number, "", _as(relation, language))
        case Amends(person, changes):
            for field, (before, after) in changes.items():
                if before == after:
                    continue
                yield Foreseen(
                    "amends",
                    reading.name_of(person),
                    person.number,
                    telling.field_text(form, field, language),
                    telling.value_text(form, field, before, language),
                    telling.value_text(form, field, after, language),
                )
        case Leaves(person, household, relation):
            who = reading.name_of(person), person.number
            yield Foreseen("leaves", *who, household.number, _as(relation, language), "")
        case Joins(person, household, relation):
            who = reading.name_of(person), person.number
            was = reading.relation_of(household, person.id)
            before = _as(was, language) if was else ""
            yield Foreseen("joins", *who, household.number, before, _as(relation, language))


def _as(relation: str, language: str) -> str:
    return wording.label("relation", relation, language)


def _household(reader: Reader, identity: bytes) -> HouseholdView | None:
    return reader.household_of(PersonId(UUID(bytes=identity)))


def _is_photo(value: Any) -> bool:
    return isinstance(value, bytes) and len(value) == 32


def _done(draft_id: str) -> str:
    return f"recorded/{draft_id}"


def _today(session: Session) -> date:
    return session.clock.now().date()
