"""Making documents: the credential, the page and the entry that says so, all of them or none.

Pages are drawn, and handed to whoever keeps them, before the entries are committed; and nobody
gets a page whose entry could not be stored. A preview is drawn with a watermark and leaves no
entry.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from documents import credential
from documents.errors import DocumentError
from documents.page_data import MOST_DOCUMENTS
from documents.templates.model import About
from forms.codes import code_list
from ledger import kinds
from ledger.entry import Subject
from ledger.trust import StatusIndex, list_uri
from station import pages
from station.event_pages import (
    Told,
    event_of,
    holder_of,
    require_printable,
    told_of_asked,
    told_of_event,
)
from station.withheld import require_willing, withheld
from values.identifiers import EventId, HouseholdId, PersonId
from values.secret import Secret
from workspace import templates
from workspace.clocks import clock_doubt
from workspace.errors import NotEnrolledError, RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from db.store import Reader
    from documents.pages import PageData
    from documents.templates.library import Library
    from documents.templates.model import Template
    from ledger.views import DocumentView, HouseholdView, PersonView
    from workspace.act import Act
    from workspace.session import Session

STATUS_COUNTER = "status_index"
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
class IssuedDocument:
    """A document that is now an entry. `person` is the number of its holder."""

    number: str
    person: str
    type: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that was left out, by the number of the person it is for, and why."""

    person: str
    type: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Issued:
    """The PDF of what was issued, in the order asked for, and what was left out of it."""

    pdf: bytes
    documents: tuple[IssuedDocument, ...]
    pages: int
    skipped: tuple[Skipped, ...] = ()


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
    that was withdrawn or is blocked, for a paper that the template does not know, and for what was
    not said.
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
    if template.asks or target.said:
        asked = told_of_asked(template, dict(target.said), language, operation.language)
        told = Told(told.answers + asked.answers, told.parties, told.facts + asked.facts)
    # Never longer than the operation's documents: a verifier's key would be over before.
    days = min(template.days or operation.document_days, operation.document_days)
    return Making(target, template, library, person, household, told, heads, days, named)


def preview(session: Session, target: Target, language: str) -> bytes:
    """The page as it would be, marked as a preview: no number, no code, no entry."""
    require(session, Right.PRINT)
    from documents.pages import render

    language = known_language(language)
    today = pages.day_of(session.clock.now())
    with session.store.read() as reader:
        made = making(session, reader, target, language)
        page = pages.page_data(
            session,
            reader,
            made.person,
            made.household,
            template=made.template,
            library=made.library,
            language=language,
            number="",
            issued=today,
            expires=today + timedelta(days=made.days),
            qr_text="",
            told=made.told,
            paper=target.paper,
            serial=target.serial,
        )
    return render([page], created=session.clock.now())


def issue(
    session: Session,
    targets: Sequence[Target],
    *,
    language: str,
    reason: str | None = None,
    skip: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    store: Callable[[bytes], None] = lambda pdf: None,
) -> Issued:
    """Issue documents: sign them, draw the pages, and store the entries in one commit.

    `store` is called with the PDF before the commit: when it raises, nothing is issued. With
    `skip`, a document of which no page can be made is left out and told, and the others are
    issued; without it, none is.

    A document that still says what is known today is reprinted under its number and counted;
    `reason` says why. Otherwise a new one replaces it. Raises `RefusedError` when the clock is in
    doubt and nobody confirmed it, and for a holder who is dead or does not want a document: with
    `skip` only when nobody else is left.
    """
    require(session, Right.PRINT)
    if not session.office.enrolled:
        raise NotEnrolledError
    doubt = clock_doubt(session)
    if doubt is not None:
        raise RefusedError("clock", doubt.sentence)
    if not targets:
        raise RefusedError("nothing_to_print", "There is nobody to print for yet.")
    if len(targets) > MOST_DOCUMENTS:
        raise RefusedError(
            "too_many",
            f"One PDF holds at most {MOST_DOCUMENTS} documents. Print those without a document "
            "first, or a part of them.",
        )
    language = known_language(language)
    with session.store.read() as reader:
        kept_back = list(withheld(reader, targets))
    without = {target for target, _, _ in kept_back}
    left = [one for one in targets if one not in without]
    if kept_back and not (skip and left):
        raise kept_back[0][2]
    skipped = [
        Skipped(number, target.type, error.code, error.sentence)
        for target, number, error in kept_back
    ]
    while True:
        try:
            made = _issue_all(
                session, left, language=language, reason=reason, progress=progress, store=store
            )
        except DocumentError:
            # Nothing was issued: drawing comes before the commit. Find out whose page it was.
            from station.trial import unfit

            found = unfit(session, left, language=language) if skip else []
            gone = {target for target, _, _ in found}
            left = [one for one in left if one not in gone]
            skipped += [
                Skipped(person, target.type, error.code, error.sentence)
                for target, person, error in found
            ]
            if not found or not left:
                raise
        else:
            return replace(made, skipped=tuple(skipped))


def _issue_all(
    session: Session,
    targets: Sequence[Target],
    *,
    language: str,
    reason: str | None,
    progress: Callable[[int, int], None],
    store: Callable[[bytes], None],
) -> Issued:
    from documents.pages import render
    from documents.raster import page_count

    drawn: list[PageData] = []
    issued: list[IssuedDocument] = []
    with session.act() as act:
        for done, target in enumerate(targets, start=1):
            page, document = _issue_one(session, act, target, language=language, reason=reason)
            drawn.append(page)
            issued.append(document)
            progress(done, 2 * len(targets))
        pdf = render(drawn, created=session.clock.now())
        # Counted in the file: the attestation of a large household takes more than one.
        count = page_count(pdf)
        store(pdf)
    progress(2 * len(targets), 2 * len(targets))
    return Issued(pdf=pdf, documents=tuple(issued), pages=count)


def _issue_one(
    session: Session, act: Act, target: Target, *, language: str, reason: str | None
) -> tuple[PageData, IssuedDocument]:
    made = making(session, act.unit, target, language)
    target, person, household = made.target, made.person, made.household
    last = _standing(act.unit, made, language)
    said = _issue_of(act.unit, last) if last else {}
    today = pages.day_of(session.clock.now())
    replaces, copy = "", 1
    if last is not None and _says_the_same(said, made, last, today):
        number, qr_text = last.number, str(said["qr"])
        issued, expires = date.fromisoformat(last.issued), date.fromisoformat(last.expires)
        copy = len(last.reprints) + 2
        replaces = str(said.get("replaces") or "")
        act.say(
            kinds.DOCUMENT_REPRINTED,
            Subject("document", last.id),
            {"reason": (reason or "").strip() or "printed again"},
            base=last.heads,
        )
    else:
        number = act.number("D")
        issued, expires = today, today + timedelta(days=made.days)
        index = _status_index(session).index(
            act.unit.next_counter(f"{STATUS_COUNTER}/{session.epoch.hex()}")
        )
        signed = sign(session, made, number=number, expires=expires, index=index)
        qr_text = signed.text
        replaces = last.number if last else ""
        act.say(
            kinds.DOCUMENT_ISSUED,
            Subject("document", act.new_id()),
            {
                "number": number,
                "type": target.type,
                "person": person.id.bytes,
                "household": household.id.bytes if household else None,
                "language": language,
                "issued": issued.isoformat(),
                "expires": expires.isoformat(),
                "status_index": index,
                "credential": signed.digest,
                "qr": qr_text,
                "drawn_from": made.heads,
                "replaces": replaces,
                **_also_said(made),
            },
        )
    page = pages.page_data(
        session,
        act.unit,
        person,
        household,
        template=made.template,
        library=made.library,
        language=language,
        number=number,
        issued=issued,
        expires=expires,
        qr_text=qr_text,
        told=made.told,
        replaces=replaces,
        paper=target.paper,
        serial=target.serial,
        copy=copy,
    )
    return page, IssuedDocument(number=number, person=person.number, type=target.type)


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
        session.office.keys.document_key(),
        portrait=portrait,
    )


def _also_said(made: Making) -> dict[str, Any]:
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


def _standing(reader: Reader, made: Making, language: str) -> DocumentView | None:
    """The document of this kind, in this language and about this event, that stands now."""
    target = made.target
    of_household = made.template.about is About.HOUSEHOLD
    standing = [
        one
        for one in reader.documents_of(
            person=None if of_household else PersonId(made.person.id),
            household=HouseholdId(target.subject) if of_household else None,
        )
        if one.type == target.type and one.revoked is None and one.language == language
    ]
    if target.event is not None:
        standing = [
            one for one in standing if _issue_of(reader, one).get("event") == target.event.bytes
        ]
    return max(standing, key=lambda one: (one.issued, one.number), default=None)


def _says_the_same(said: dict[str, Any], made: Making, last: DocumentView, today: date) -> bool:
    """Whether a document can be printed again as it is: what is signed has not changed."""
    also = _also_said(made)
    return (
        said.get("drawn_from") == made.heads
        and date.fromisoformat(last.expires) > today
        and all(said.get(key) == also.get(key) for key in ("said", "facts", "serial"))
        and (said.get("paper") == "card") == (made.target.paper == "card")
    )


def known_language(tag: str) -> str:
    """A language's tag (BCP 47) as it is written. Raises `RefusedError` for none that is known.

    Before anything is issued: what the page lacks words for is printed in English, but a
    document in no language at all could not be said in the chain.
    """
    from babel import Locale, UnknownLocaleError  # CLDR's data: only where papers are made

    try:
        return str(Locale.parse(tag.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError, TypeError):
        if tag.casefold() in code_list("languages"):  # one that CLDR has no data of
            return tag.casefold()
        raise RefusedError(
            "language", "There is no such language. Write it as a tag: en, fr, ar, fa-AF."
        ) from None


def _issue_of(reader: Reader, document: DocumentView) -> dict[str, Any]:
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


def _status_index(session: Session) -> StatusIndex:
    """The epoch's secret order of indices, so that nobody reads counts from documents."""
    key = hmac.digest(session.office.keys.status.reveal(), session.epoch, "sha256")
    return StatusIndex(Secret(key))
