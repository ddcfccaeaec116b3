"""What a document is made from, looked up once: its template, its holder, what it tells; then its
credential and its page.

Saying that it was issued is `station.issuing`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from documents import credential
from documents.templates.model import About
from documents.wording import Words
from forms.written import written
from ledger import kinds
from station import pages
from station.event_pages import (
    Told,
    event_of,
    holder_of,
    require_printable,
    told_of_asked,
    told_of_event,
)
from station.languages import of_authority
from station.signing import document_key
from station.withheld import require_asked, require_willing
from values.identifiers import EventId, PersonId
from workspace import papers, templates
from workspace.errors import RefusedError
from workspace.reasons import line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from db.store import Reader
    from documents.credential import StatusReference
    from documents.pages import PageData
    from documents.templates.library import Library
    from documents.templates.model import Template
    from ledger.views import DocumentView, HouseholdView, PersonView
    from workspace.session import Session

_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Target:
    """One document to issue: its type, and the person or household it is for.

    ``event``: the event that it tells of. ``said``: what was asked when it was printed, by name.
    ``paper``: one of its template's, empty for the usual one. ``serial``: the number of the sheet,
    where paper is pre-numbered.
    """

    type: str
    subject: UUID
    event: EventId | None = None
    said: tuple[tuple[str, str], ...] = ()
    paper: str = ""
    serial: str = ""

    def __post_init__(self) -> None:
        """What was typed is made fit to print and to sign, whoever asked for it."""
        object.__setattr__(self, "said", tuple((name, line(told)) for name, told in self.said))


@dataclass(frozen=True, slots=True)
class Making:
    """Everything that a document is made from, looked up once."""

    target: Target
    template: Template
    library: Library
    person: PersonView
    household: HouseholdView | None
    told: Told
    heads: list[bytes]
    """The entries that it is drawn from: the same heads draw the same page."""
    days: int
    language: str
    """Of the page: what was asked for, or the holder's own."""
    named: int = 0
    """How many an attestation names and counts."""

    @property
    def paper(self) -> str:
        """On which it is printed: the one asked for, or its template's usual."""
        return self.target.paper or self.template.papers[0]


def fits(template: Template, paper: str) -> None:
    """Raises `RefusedError` for a paper that the template does not know; empty is its usual."""
    if paper and paper not in template.papers:
        raise RefusedError(
            "paper", f"This document is printed on: {', '.join(template.papers)}. Choose one."
        )


def making(session: Session, reader: Reader, target: Target, language: str | None) -> Making:
    """Look up what a document is made from. Without a language, the holder's own leads, or the
    authority's where papers have no words for that.

    Raises `RefusedError` for nobody, for whoever is dead or does not want a document, for an event
    that was withdrawn or is blocked, for a statement of consent that nobody asked for, for a paper
    that the template does not know, and for what was not said.
    """
    library = templates.library(reader)
    template = library.get(target.type)
    if template is None or not template.coded:
        raise RefusedError("document_type", "There is no such document. Choose another.")
    fits(template, target.paper)
    if target.serial and not _SERIAL.fullmatch(target.serial):
        raise RefusedError(
            "serial", "The number of a sheet has letters, digits and hyphens, 40 at most."
        )
    operation = session.office.operation
    person, household = pages.subject_of(reader, target.type, target.subject)
    heads: list[bytes] = sorted(person.heads)
    told, named = Told(), 0
    if template.about is About.HOUSEHOLD and household is not None:
        named = len(pages.named_members(reader, household))
        members = pages.present_members(household)
        heads = sorted({*map(bytes, household.heads), *_member_heads(reader, members)})
    elif template.about is About.EVENT:
        event = reader.event(target.event) if target.event else None
        if event is None:
            event = event_of(session, reader, template, person, session.clock.now().date())
        require_printable(session, reader, event, session.clock.now().date())
        person = holder_of(reader, template, event)
        household = reader.household_of(person.id)
        target = replace(target, event=event.id, subject=person.id)
        language = language or _own_language(session, person)
        told = told_of_event(
            session, reader, template, event, person, language=language, beside=operation.language
        )
        parties = [part.person for part in event.participants]
        heads = sorted({*map(bytes, event.heads), *_member_heads(reader, parties)})
    require_willing(session, person, template)
    require_asked(person, template)
    language = language or _own_language(session, person)
    if template.asks or target.said:
        words = Words(language, operation.language, texts=library.texts)
        asked = told_of_asked(template, dict(target.said), words)
        told = Told(told.answers + asked.answers, told.parties, told.facts + asked.facts)
    # Never longer than the operation's documents: a verifier's key would be over before.
    days = min(template.days or operation.document_days, operation.document_days)
    return Making(target, template, library, person, household, told, heads, days, language, named)


def with_portrait(session: Session, made: Making, paper: str) -> bool:
    """Whether the code holds the portrait on this paper: where operation or template want it, but
    for cards, which have no room."""
    wanted = made.template.photo_in_code or session.office.operation.photo_in_code
    return wanted and paper != "card"


def sign(
    session: Session, made: Making, *, number: str, expires: date, status: StatusReference
) -> credential.Credential:
    """The credential of a document."""
    portrait = None
    if with_portrait(session, made, made.paper):
        portrait = session.photo(made.person.values.get("photo"))
    return credential.issue(
        pages.claims_of(
            session,
            made.person,
            type_=made.target.type,
            members=made.named,
            number=number,
            issued_at=session.clock.now(),
            expires=expires,
            status=status,
            facts=made.told.facts,
            serial=made.target.serial,
        ),
        document_key(session),
        portrait=portrait,
    )


def page_of(
    session: Session,
    reader: Reader,
    made: Making,
    *,
    number: str,
    issued: date,
    expires: date,
    qr_text: str,
    replaces: str = "",
    copy: int = 1,
) -> PageData:
    """The page of a document."""
    return pages.page_data(
        session,
        reader,
        made.person,
        made.household,
        template=made.template,
        library=made.library,
        language=made.language,
        number=number,
        issued=issued,
        expires=expires,
        qr_text=qr_text,
        told=made.told,
        replaces=replaces,
        paper=made.target.paper,
        serial=made.target.serial,
        copy=copy,
    )


def also_said(made: Making) -> dict[str, Any]:
    """What the entry of the issue says beyond what every one says; nothing for the first two."""
    target, also = made.target, dict[str, Any]()
    if target.event is not None:
        also["event"] = target.event.bytes
    if target.said:
        also["said"] = dict(target.said)
    if target.serial:
        also["serial"] = target.serial
    if made.told.facts:
        also["facts"] = [list(one) for one in made.told.facts]
    if target.paper:
        also["paper"] = target.paper
    return also


def as_printed(reader: Reader, document: DocumentView) -> Target | None:
    """What was asked for when a document was printed last; None when that was lawfully erased."""
    said = printed_last(reader, document)
    subject = document.household if document.type == "household" else document.person
    if not said or subject is None:
        return None
    event, asked = said.get("event"), said.get("said")
    return Target(
        document.type,
        subject,
        event=EventId(UUID(bytes=event)) if isinstance(event, bytes) else None,
        said=tuple(sorted(asked.items())) if isinstance(asked, dict) else (),
        paper=str(said.get("paper") or ""),
        serial=str(said.get("serial") or ""),
    )


def issue_of(reader: Reader, document: DocumentView) -> dict[str, Any]:
    """What was said when the document was issued; empty when that was lawfully erased."""
    for entry in reader.entries_of("document", document.id):
        if entry.header.kind == kinds.DOCUMENT_ISSUED:
            return entry.body or {}
    return {}


def printed_last(reader: Reader, document: DocumentView) -> dict[str, Any]:
    """What was said when the document was issued, with what its last copy said otherwise."""
    prints = papers.prints(reader, document.id)
    return dict(prints[-1]) if prints else {}


def _own_language(session: Session, person: PersonView) -> str:
    spoken = person.values.get("language")
    found = written(spoken) if isinstance(spoken, str) else ""
    return found or of_authority(session)


def _member_heads(reader: Reader, members: Sequence[PersonId]) -> list[bytes]:
    return [
        head
        for member in members
        if (view := reader.person(member)) is not None
        for head in view.heads
    ]
