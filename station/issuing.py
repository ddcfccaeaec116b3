"""Making documents: the credential, the page and the entry that says so, all of them or none.

Pages are drawn, and handed to whoever keeps them, before the entries are committed; and nobody
gets a page whose entry could not be stored. A preview is drawn with a watermark and leaves no
entry.
"""

from __future__ import annotations

import hmac
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
from station import pages
from station.trial import unfit
from values.identifiers import HouseholdId, PersonId
from values.secret import Secret
from workspace.clocks import clock_doubt
from workspace.errors import NotEnrolledError, RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from db.store import Reader
    from documents.pages import PageData
    from ledger.views import DocumentView
    from workspace.act import Act
    from workspace.session import Session

STATUS_COUNTER = "status_index"


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


def preview(session: Session, target: Target, language: str) -> bytes:
    """The page as it would be, marked as a preview: no number, no code, no entry."""
    require(session, Right.PRINT)
    from documents.pages import render

    language = known_language(language)
    today = pages.day_of(session.clock.now())
    with session.store.read() as reader:
        person, household = pages.subject_of(reader, target.type, target.subject)
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
    doubt and nobody confirmed it.
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
    left = list(targets)
    skipped: list[Skipped] = []
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
                members=len(members),
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
