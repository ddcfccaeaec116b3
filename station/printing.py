"""Printing provisional documents: the entries and the page, or neither.

Pages are drawn, and handed to whoever keeps them, before the entries are committed; and nobody
gets a page whose entry could not be stored. A preview is drawn with a watermark and leaves no
entry.
"""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from documents import credential
from documents.errors import DocumentError
from documents.page_data import MOST_DOCUMENTS
from forms.codes import code_list
from ledger import kinds
from ledger.entry import Subject
from ledger.trust import StatusIndex, list_uri
from station import pages, reading
from station.trial import unfit
from station.withheld import dead, refused, require_willing, unasked, withheld
from values.identifiers import DocumentId, HouseholdId, PersonId
from values.numbers import NumberError, parse_any
from values.secret import Secret
from workspace.clocks import clock_doubt as clock_doubt
from workspace.clocks import confirm_clock as confirm_clock
from workspace.errors import NotEnrolledError, RefusedError
from workspace.rights import Right, require
from workspace.search import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from db.store import Reader
    from documents.pages import PageData
    from ledger.views import DocumentView, PersonView
    from workspace.act import Act
    from workspace.session import Session

TYPES = ("registration", "household")
STATUS_COUNTER = "status_index"
QUEUE_LENGTH = 500
"""Persons in the print queue at once: more than a desk registers in a day."""


@dataclass(frozen=True, slots=True)
class Target:
    """One document to issue: its type, and the person or household it is for."""

    type: str
    subject: UUID


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
class PrintRow:
    """One person in the print queue, with the day of the last document, if any.

    `unasked`: what the person says to a document is not recorded.
    """

    person: PersonId
    number: str
    name: str
    household: HouseholdId | None
    household_number: str
    last_issued: date | None
    unasked: bool = False


def printable(session: Session, *, also: Iterable[PersonId] = ()) -> list[PrintRow]:
    """Those whose registration stands and was not returned, the newest registration first; without
    the dead, and whoever does not want a document.

    As long as a day's work: the newest persons without a document, the newest at all, and those
    named in `also`. For anybody else there is the search.
    """
    require(session, Right.PRINT)
    rows: list[PrintRow] = []
    with session.store.read() as reader:
        found = {
            view.id: view
            for views in (
                reader.newest_persons(QUEUE_LENGTH, unprinted=True),
                reader.newest_persons(QUEUE_LENGTH),
                reader.persons(list(also)),
            )
            for view in views
        }
        newest = sorted(found.values(), key=lambda one: (one.first_at, one.number), reverse=True)
        for view in newest:
            if not _stands(reader, view) or refused(view):
                continue
            household = reader.household_of(view.id)
            issued = [
                one.issued for one in reader.documents_of(person=view.id) if one.revoked is None
            ]
            rows.append(
                PrintRow(
                    person=view.id,
                    number=view.number,
                    name=reading.name_of(view),
                    household=household.id if household else None,
                    household_number=household.number if household else "",
                    last_issued=date.fromisoformat(max(issued)) if issued else None,
                    unasked=unasked(view),
                )
            )
    return rows


def targets_for_all(session: Session, *, unprinted: bool = False) -> list[Target]:
    """Every household with its attestation first, then each member's registration document.

    With `unprinted`, only what has no standing document yet.
    Without the dead, those who were voided or erased, and registrations that were returned.
    """
    require(session, Right.PRINT)
    found: list[Target] = []
    with session.store.read() as reader:
        for household in reader.households():
            present = [
                one
                for one in pages.present_members(household)
                if (person := reader.person(one)) is not None and _stands(reader, person)
            ]
            if not present or household.voided:
                continue
            found.append(Target("household", household.id))
            found.extend(Target("registration", person) for person in present)
        return [one for one in found if not unprinted or not _printed(reader, one)]


def _printed(reader: Reader, target: Target) -> bool:
    household = HouseholdId(target.subject) if target.type == "household" else None
    person = PersonId(target.subject) if target.type == "registration" else None
    return any(
        one.type == target.type and one.revoked is None
        for one in reader.documents_of(person=person, household=household)
    )


def _stands(reader: Reader, person: PersonView) -> bool:
    """Whether papers are printed for somebody in the ordinary run of work."""
    registration = reader.registration_of(person.id)
    returned = registration is not None and registration.status == "returned"
    return not person.voided and not returned and not dead(person)


def target_of(session: Session, number: str, type_: str) -> Target:
    """The target for a person's number as typed. Raises `RefusedError`."""
    known_type(type_)
    number = readable(number)
    with suppress(NumberError):
        # As it is printed, however it was typed.
        number = str(parse_any(number))
    with session.store.read() as reader:
        persons = reader.persons_by_number(number)
        if len(persons) > 1:
            raise RefusedError(
                "number_shared",
                "Two persons have that number. Print from the person's page; tell the registry.",
            )
        if persons:
            person = persons[0]
            if type_ == "registration":
                return Target(type_, person.id)
            household = reader.household_of(person.id)
            if household is not None:
                return Target(type_, household.id)
        by_number = reader.household_by_number(number)
        if by_number is not None and type_ == "household":
            return Target(type_, by_number.id)
    raise RefusedError(
        "unknown_number", "No person here has that number. Check it against the paper."
    )


def preview(session: Session, target: Target, language: str) -> bytes:
    """The page as it would be, marked as a preview: no number, no code, no entry."""
    require(session, Right.PRINT)
    from documents.pages import render

    language = known_language(language)
    today = pages.day_of(session.clock.now())
    with session.store.read() as reader:
        person, household = pages.subject_of(reader, target.type, target.subject)
        require_willing(person)
        page = pages.page_data(
            session,
            reader,
            person,
            household,
            type_=target.type,
            language=language,
            number="",
            issued=today,
            expires=today + timedelta(days=session.office.operation.document_days),
            qr_text="",
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
    person, household = pages.subject_of(act.unit, target.type, target.subject)
    require_willing(person)
    members = pages.present_members(household) if household else []
    # What the page is drawn from, by name: the same heads draw the same page.
    heads: list[bytes] = sorted(person.heads)
    if target.type == "household" and household is not None:
        heads = sorted({*map(bytes, household.heads), *_member_heads(act.unit, members)})
    standing = [
        one
        for one in act.unit.documents_of(
            person=PersonId(target.subject) if target.type == "registration" else None,
            household=HouseholdId(target.subject) if target.type == "household" else None,
        )
        if one.type == target.type and one.revoked is None and one.language == language
    ]
    today = pages.day_of(session.clock.now())
    last = max(standing, key=lambda one: (one.issued, one.number), default=None)
    said = _issue_of(act.unit, last) if last else {}
    if (
        last is not None
        and said.get("drawn_from") == heads
        and date.fromisoformat(last.expires) > today
    ):
        number, qr_text = last.number, str(said["qr"])
        issued, expires = date.fromisoformat(last.issued), date.fromisoformat(last.expires)
        act.say(
            kinds.DOCUMENT_REPRINTED,
            Subject("document", last.id),
            {"reason": (reason or "").strip() or "printed again"},
            base=last.heads,
        )
        replaces = ""
    else:
        number = act.number("D")
        issued, expires = today, today + timedelta(days=session.office.operation.document_days)
        index = _status_index(session).index(
            act.unit.next_counter(f"{STATUS_COUNTER}/{session.epoch.hex()}")
        )
        made = credential.issue(
            pages.claims_of(
                session,
                person,
                type_=target.type,
                members=len(pages.named_members(act.unit, household)) if household else 0,
                number=number,
                issued_at=session.clock.now(),
                expires=expires,
                status=credential.StatusReference(
                    list_uri(session.office.id, session.epoch), index
                ),
            ),
            session.office.keys.document_key(),
        )
        qr_text = made.text
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
                "credential": made.digest,
                "qr": qr_text,
                "drawn_from": heads,
                "replaces": replaces,
            },
        )
    page = pages.page_data(
        session,
        act.unit,
        person,
        household,
        type_=target.type,
        language=language,
        number=number,
        issued=issued,
        expires=expires,
        qr_text=qr_text,
        replaces=replaces,
    )
    return page, IssuedDocument(number=number, person=person.number, type=target.type)


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


def withdraw(session: Session, document: DocumentId, *, reason: str) -> None:
    """Withdraw a document that was lost, stolen or wrong: verifiers refuse its code.

    They learn of it with the next trust list after the registry has met this entry. Withdrawing
    twice changes nothing. Raises `RefusedError` without a reason, or for no document of ours.
    """
    require(session, Right.PRINT)
    reason = reason.strip()
    if not reason:
        raise RefusedError("reason", "Say why the document is withdrawn: lost, stolen or wrong.")
    with session.act() as act:
        view = act.unit.document(document)
        if view is None:
            raise RefusedError("unknown_document", "No document here has that number.")
        if view.revoked is None:
            act.say(
                kinds.DOCUMENT_REVOKED,
                Subject("document", document),
                {"reason": reason},
                base=view.heads,
            )


def known_type(type_: str) -> str:
    """The type itself. Raises `RefusedError` for one that does not exist."""
    if type_ not in TYPES:
        raise RefusedError(
            "document_type", f"There is no document {type_!r}. Choose one of: {', '.join(TYPES)}."
        )
    return type_


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
