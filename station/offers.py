"""Which documents there are for a person, or about an event: what can be printed now, what it asks,
and why not what cannot.

What does not apply is not offered: no household's attestation without a household, and nothing
about an event in which the person had no part that its document tells of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from documents.page_data import DocumentType
from documents.templates.model import About
from documents.told import title
from forms.wording import label
from forms.written import written
from resources.i18n import translation
from station import pages, reading
from station.event_pages import holder_of, require_printable
from station.languages import of_authority
from station.making import Target, issue_of
from station.withheld import require_asked, require_willing
from workspace import telling, templates
from workspace.errors import RefusedError
from workspace.papers import day_of, expired
from workspace.rights import Right, require
from workspace.search import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from db.store import Reader
    from documents.templates.library import Library
    from documents.templates.model import Template
    from ledger.views import DocumentView, EventView, PersonView
    from values.identifiers import EventId, PersonId
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Asks:
    """What is asked when the document is printed, in the reader's language."""

    name: str
    label: str
    required: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A document that can be asked for.

    Attributes:
        title: what it is called. detail: of an event, what happened and when.
        papers: what it can be printed on, the usual first.
        standing: one like it stands already, so that printing it is printing it again.
        reason: why there is none now, as a sentence; empty when there is.
    """

    target: Target
    title: str
    detail: str = ""
    papers: tuple[str, ...] = ("a4",)
    asks: tuple[Asks, ...] = ()
    standing: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """For whom, and which. `chosen` is the place of the one that was asked about, or -1.

    `language` is the tag of the papers for what the person speaks, the authority's where papers
    have no words in it (then `wordless` is its name), and empty where nothing is recorded.
    """

    person: PersonId
    name: str
    number: str
    language: str
    offers: tuple[Offer, ...]
    chosen: int = -1
    wordless: str = ""


def offered(
    session: Session,
    *,
    person: PersonId | None = None,
    event: EventId | None = None,
    language: str = "en",
) -> Offered:
    """The documents for a person; with `event`, for whoever the document about it is made for.

    Raises `RefusedError` for nobody, or an event that no document tells of.
    """
    require(session, Right.PRINT)
    with session.store.read() as reader:
        library = templates.library(reader)
        if event is not None:
            person = _holder(reader, library, event).id
        view = reader.person(person) if person is not None else None
        if view is None or view.voided:
            raise RefusedError(
                "nobody", "There is nobody to issue this document for. Look the person up again."
            )
        found = tuple(_offers(session, reader, library, view, language))
        places = [at for at, one in enumerate(found) if event and one.target.event == event]
        spoken = text(view, "language")
        known = written(spoken)
        return Offered(
            person=view.id,
            name=reading.name_of(view),
            number=view.number,
            language=known or (of_authority(session) if spoken else ""),
            offers=found,
            chosen=places[0] if places else -1,
            wordless="" if known else label("languages", spoken, language),
        )


def _holder(reader: Reader, library: Library, event: EventId) -> PersonView:
    view = reader.event(event)
    template = library.for_form(view.type) if view else None
    if view is None or template is None:
        raise RefusedError("no_event", "There is no document about that event.")
    return holder_of(reader, template, view)


def _offers(
    session: Session, reader: Reader, library: Library, person: PersonView, language: str
) -> Iterator[Offer]:
    """Events first, the newest before the others: who comes from one wants its document. Then what
    every registration has, then the rest."""
    events = sorted(reader.events_of(person.id), key=lambda one: one.first_at, reverse=True)
    for event in events:
        template = library.for_form(event.type)
        roles = {one.role for one in event.participants if one.person == person.id}
        if template is not None and roles & set(template.roles()):
            yield _of_event(session, reader, library, template, event, language)
    household = reader.household_of(person.id)
    first = [one for id_ in DocumentType if (one := library.get(id_)) is not None]
    for template in dict.fromkeys([*first, *library.templates.values()]):
        if not template.coded or template.about is About.EVENT:
            continue
        subject: UUID | None = person.id if template.about is About.PERSON else None
        if template.about is About.HOUSEHOLD and household is not None:
            subject = household.id
        if subject is None:
            continue
        yield _offer(session, reader, library, template, Target(template.id, subject), person,
                     language)  # fmt: skip


def _of_event(
    session: Session,
    reader: Reader,
    library: Library,
    template: Template,
    event: EventView,
    language: str,
) -> Offer:
    what = telling.event_text(session.catalogue, event.type, language)
    when = telling.date_text(event.date, language)
    detail = f"{what} · {when}" if when else what
    try:
        holder = holder_of(reader, template, event)
        require_printable(session, reader, event, session.clock.now().date())
    except RefusedError as error:
        return Offer(
            Target(template.id, event.id, event=event.id),
            title(template.id, language, library),
            detail,
            reason=error.sentence,
        )
    target = Target(template.id, holder.id, event=event.id)
    made = _offer(session, reader, library, template, target, holder, language)
    return replace(made, detail=detail)


def _offer(
    session: Session,
    reader: Reader,
    library: Library,
    template: Template,
    target: Target,
    person: PersonView,
    language: str,
) -> Offer:
    reason = ""
    try:
        holder, _ = pages.subject_of(reader, target.type, target.subject)
        require_willing(session, holder, template)
        require_asked(holder, template)
    except RefusedError as error:
        reason = error.sentence
    say = translation(language).gettext
    return Offer(
        target=target,
        title=title(template.id, language, library),
        papers=template.papers,
        asks=tuple(Asks(one.name, say(one.label), one.required) for one in template.asks),
        standing=not template.asks and any(_standing(session, reader, target, person)),
        reason=reason,
    )


def _standing(
    session: Session, reader: Reader, target: Target, person: PersonView
) -> Iterator[DocumentView]:
    household = reader.household_of(person.id) if target.type == "household" else None
    today = day_of(session.clock.now())
    for one in reader.documents_of(
        person=None if household else person.id, household=household.id if household else None
    ):
        if one.type != target.type or one.revoked is not None or expired(one, today):
            continue
        if target.event is None or issue_of(reader, one).get("event") == target.event.bytes:
            yield one
