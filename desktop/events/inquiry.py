"""What the recording of events asks the offices. On the worker, every one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from desktop import offices
from desktop.desk import Work
from desktop.events.roles import fitting, roles_of
from desktop.events.telling import Judge, Judged
from desktop.interview.asking import Asking, prepare
from desktop.interview.person_field import PersonLine
from desktop.interview.reaching import places
from desktop.pages.ages import age_words
from desktop.words import beside, isolate
from forms.definition import Form
from forms.draft import Raw

if TYPE_CHECKING:
    from desktop.widgets.place_field import FindPlaces
    from station.drafts import EventDraft, EventDraftRow
    from workspace.drafts import CorrectionRow


@dataclass(frozen=True, slots=True)
class About:
    """The person from whose page one came, and those who live with that person."""

    person: UUID
    name: str = field(repr=False)
    detail: str = field(repr=False)
    near: tuple[PersonLine, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        """The id as answers name it."""
        return self.person.hex


@dataclass(frozen=True, slots=True)
class Ready:
    """What the page needs before an event is chosen."""

    asking: Asking
    places: FindPlaces | None
    forms: tuple[Form, ...]
    drafts: Sequence[EventDraftRow]
    corrections: Sequence[CorrectionRow]
    about: About | None


def ready(work: Work, *, person: Any, language: str, today: date, first: bool) -> Ready:
    """The events, the words, what was left off, and who it is about; the ``first`` time the places
    as well."""
    session = work.session
    return Ready(
        asking=prepare(session.catalogue, language),
        places=places(work, language) if first else None,
        forms=tuple(offices.events.forms_for(session)),
        drafts=offices.drafts.list_events(session),
        corrections=offices.changes.list_corrections(session),
        about=about(work, person, language=language, today=today) if person else None,
    )


def about(work: Work, person: Any, *, language: str, today: date) -> About:
    """Somebody and their household, as they are offered."""
    found = offices.people.person_page(work.session, person, language=language)
    name = found.name or found.number
    age = age_words(found.birth, today, language)
    first = PersonLine(UUID(int=person.int).hex, name, _detail("", age, found.number))
    members = found.household.members if found.household is not None else ()
    others = tuple(
        PersonLine(
            UUID(int=one.person.int).hex,
            one.name,
            _detail(one.relation_text, age_words(one.birth, today, language), one.number),
            one.name_latin if one.name_latin != one.name else "",
        )
        for one in members
        if one.person != person
    )
    return About(
        person=UUID(int=person.int),
        name=name,
        detail=_detail("", age, found.number),
        near=(first, *others),
    )


def _detail(relation: str, age: str, number: str) -> str:
    return beside(relation, age, isolate(str(number)))


def parts_for(work: Work, form: Form, person: str, *, today: date) -> tuple[str, ...]:
    """The parts that the person may have in the event: names of fields."""
    roles = roles_of(form)
    if not roles:
        return ()
    with work.session.store.read() as reader:
        known = offices.events.people_named(reader, form, {roles[0].name: {"person": person}})
    if person not in known:
        return tuple(one.name for one in roles)
    return tuple(one.name for one in fitting(form, known[person], today))


def judge(form: Form, asking: Asking) -> Judge:
    """What looks at the answers to this form."""

    def look(work: Work, typed: Mapping[str, Raw]) -> Judged:
        problems = offices.events.check(work.session, form.id, typed)
        with work.session.store.read() as reader:
            people = offices.events.people_named(reader, form, typed)
        return Judged(tuple((one, asking.say(one)) for one in problems), people)

    return look


def keep(work: Work, identity: str, draft: tuple[Any, ...]) -> datetime:
    """Keep an event as typed: form, answers, names, reasons."""
    made: EventDraft = offices.drafts.EventDraft(*draft)
    return offices.drafts.save_event(work.session, identity, made)
