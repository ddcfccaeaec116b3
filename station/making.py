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
from ledger import kinds
from ledger.trust import list_uri
from station import pages
from station.event_pages import (
    Told,
    event_of,
    holder_of,
    require_printable,
    told_of_asked,
    told_of_event,
)
from station.signing import document_key
from station.withheld import require_asked, require_willing
from values.identifiers import EventId, PersonId
from workspace import templates
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from db.store import Reader
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
    named: int = 0
    """How many an attestation names and counts."""


def making(session: Session, reader: Reader, target: Target, language: str) -> Making:
    """Look up what a document is made from.

    Raises `RefusedError` for nobody, for whoever is dead or does not want a document, for an event
    that was withdrawn or is blocked, for a statement of consent that nobody asked for, for a paper
    that the template does not know, and for what was not said.
    """
    library = templates.library(reader)
    template = library.get(target.type)
    if template is None or not template.coded:
        raise RefusedError("document_type", "There is no such document. Choose another.")
    if target.paper and target.paper not in template.papers:
        raise RefusedError(
            "paper", f"This document is printed on: {', '.join(template.papers)}. Choose one."
        )
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
        told = told_of_event(
            session, reader, template, event, person, language=language, beside=operation.language
        )
        parties = [part.person for part in event.participants]
        heads = sorted({*map(bytes, event.heads), *_member_heads(reader, parties)})
    require_willing(person, template.about)
    require_asked(person, template)
    if template.asks or target.said:
        words = Words(language, operation.language, texts=library.texts)
        asked = told_of_asked(template, dict(target.said), words)
        told = Told(told.answers + asked.answers, told.parties, told.facts + asked.facts)
    # Never longer than the operation's documents: a verifier's key would be over before.
    days = min(template.days or operation.document_days, operation.document_days)
    return Making(target, template, library, person, household, told, heads, days, named)


def sign(
    session: Session, made: Making, *, number: str, expires: date, index: int
) -> credential.Credential:
    """The credential of a document, with a portrait where operation or template want one."""
    wanted = made.template.photo_in_code or session.office.operation.photo_in_code
    portrait = None
    if wanted and made.target.paper != "card":  # there is no room for it
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
            status=credential.StatusReference(list_uri(session.office.id, session.epoch), index),
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
    language: str,
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
        language=language,
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


def as_issued(reader: Reader, document: DocumentView) -> Target | None:
    """What was asked for when a document was issued; None when that was lawfully erased."""
    said = issue_of(reader, document)
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


def _member_heads(reader: Reader, members: Sequence[PersonId]) -> list[bytes]:
    return [
        head
        for member in members
        if (view := reader.person(member)) is not None
        for head in view.heads
    ]
