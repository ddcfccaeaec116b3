"""Saying that a document is issued or printed again: the credential, the page and the entry.

That pages are drawn, read back and kept before the entries are committed is `station.batch_run`. A
preview is drawn with a watermark and leaves no entry.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from documents.templates.model import About
from ledger import kinds
from ledger.entry import Subject
from ledger.trust import StatusIndex
from station.languages import printed_in
from station.life import JUST_PRINTED, REPLACED, Handed, expired
from station.making import (
    Making,
    Target,
    also_said,
    as_issued,
    issue_of,
    making,
    page_of,
    sign,
)
from station.signing import document_key
from values.identifiers import HouseholdId, PersonId
from values.secret import Secret
from workspace.clocks import clock_doubt
from workspace.errors import NotEnrolledError, RefusedError
from workspace.papers import day_of
from workspace.rights import Right, require

if TYPE_CHECKING:
    from db.store import Reader
    from documents.pages import PageData
    from ledger.views import DocumentView
    from workspace.act import Act
    from workspace.session import Session

STATUS_COUNTER = "status_index"


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


def preview(session: Session, target: Target, language: str) -> bytes:
    """The page as it would be, marked as a preview: no number, no code, no entry."""
    require(session, Right.PRINT)
    from documents.pages import render

    language = printed_in(session, language)
    today = day_of(session.clock.now())
    with session.store.read() as reader:
        made = making(session, reader, target, language)
        page = page_of(
            session,
            reader,
            made,
            language=language,
            number="",
            issued=today,
            expires=today + timedelta(days=made.days),
            qr_text="",
        )
    return render([page], created=session.clock.now())


def ready(session: Session) -> None:
    """Whether documents can be issued here and now, before anything is drawn.

    Raises `NotEnrolledError`, and `RefusedError` for a clock in doubt or a signing key whose
    window is over.
    """
    if not session.office.enrolled:
        raise NotEnrolledError
    doubt = clock_doubt(session)
    if doubt is not None:
        raise RefusedError("clock", doubt.sentence)
    document_key(session)


def issue_one(
    session: Session,
    act: Act,
    target: Target,
    *,
    language: str,
    reason: str | None,
    fresh: bool = False,
    handed: Handed = JUST_PRINTED,
    since: int | None = None,
) -> tuple[PageData, IssuedDocument]:
    """Say one document in an act and give its page.

    A document that still says what is known today is printed again under its number and counted;
    `reason` says why. Otherwise, or with `fresh`, a new one replaces it. One that was printed
    after the place `since` of the chain (see `sequence`) is not printed once more.

    Raises `RefusedError`, as `making.making`.
    """
    made = making(session, act.unit, target, language)
    standing = _standing(act.unit, made, language)
    today = day_of(session.clock.now())
    last = max(standing, key=lambda one: (one.issued, one.number), default=None)
    if last is not None and since is not None and _printed_after(session, act, last, since):
        raise RefusedError(
            "printed_meanwhile",
            f"The document {last.number} was printed meanwhile. If it is needed once more, print "
            "it again and say why.",
        )
    if last is not None and not (fresh or handed.gone) and _says_the_same(act, made, last, today):
        return _again(session, act, made, last, reason=reason, handed=handed)
    number = act.number("D")
    expires = today + timedelta(days=made.days)
    index = _status_index(session).index(
        act.unit.next_counter(f"{STATUS_COUNTER}/{session.epoch.hex()}")
    )
    signed = sign(session, made, number=number, expires=expires, index=index)
    replaces = last.number if last else ""
    act.say(
        kinds.DOCUMENT_ISSUED,
        Subject("document", act.new_id()),
        {
            "number": number,
            "type": made.target.type,
            "person": made.person.id.bytes,
            "household": made.household.id.bytes if made.household else None,
            "language": language,
            "issued": today.isoformat(),
            "expires": expires.isoformat(),
            "status_index": index,
            "credential": signed.digest,
            "qr": signed.text,
            "drawn_from": made.heads,
            "replaces": replaces,
            **also_said(made),
            **handed.fields(),
        },
    )
    for old in standing:
        # Two papers of one kind in a holder's hands are one for somebody else. Another station's
        # is the registry's to withdraw: what is said here about it would be set aside.
        if old.office == session.office.id:
            act.say(
                kinds.DOCUMENT_REVOKED,
                Subject("document", old.id),
                {
                    "reason": (reason or "").strip() or f"replaced by {number}",
                    "code": handed.code if handed.gone else REPLACED,
                    "by": number,
                },
                base=old.heads,
            )
    page = page_of(
        session,
        act.unit,
        made,
        language=language,
        number=number,
        issued=today,
        expires=expires,
        qr_text=signed.text,
        replaces=replaces,
    )
    return page, IssuedDocument(number=number, person=made.person.number, type=made.target.type)


def reprint_one(
    session: Session,
    act: Act,
    document: DocumentView,
    *,
    reason: str | None,
    handed: Handed = JUST_PRINTED,
) -> tuple[PageData, IssuedDocument]:
    """Say in an act that a document is printed again, and give its page: its own number and code.

    Raises `RefusedError` when it does not stand, or when more is known now than it says: a page
    that differs from its code would look forged.
    """
    if handed.gone:
        raise RefusedError(
            "gone",
            f"Whoever has {document.number} could go on using it. Replace it by a new one.",
        )
    today = day_of(session.clock.now())
    if document.revoked is not None or expired(document, today):
        raise RefusedError(
            "not_standing",
            f"The document {document.number} is withdrawn or expired. Print a new one.",
        )
    target = as_issued(act.unit, document)
    made = making(session, act.unit, target, document.language) if target else None
    if made is None or not _says_the_same(act, made, document, today):
        raise RefusedError(
            "changed",
            f"The record was changed since {document.number} was issued. Print a new one.",
        )
    return _again(session, act, made, document, reason=reason, handed=handed)


def _again(
    session: Session,
    act: Act,
    made: Making,
    document: DocumentView,
    *,
    reason: str | None,
    handed: Handed,
) -> tuple[PageData, IssuedDocument]:
    said = issue_of(act.unit, document)
    copy = len(document.reprints) + 2
    act.say(
        kinds.DOCUMENT_REPRINTED,
        Subject("document", document.id),
        {"reason": (reason or "").strip() or "printed again", **handed.fields()},
        base=document.heads,
    )
    page = page_of(
        session,
        act.unit,
        made,
        language=document.language,
        number=document.number,
        issued=date.fromisoformat(document.issued),
        expires=date.fromisoformat(document.expires),
        qr_text=str(said["qr"]),
        replaces=str(said.get("replaces") or ""),
        copy=copy,
    )
    return page, IssuedDocument(
        number=document.number, person=made.person.number, type=document.type
    )


def sequence(session: Session) -> int:
    """How far the chain of this office is."""
    with session.store.read() as reader:
        head = reader.head(session.office.id, session.epoch)
    return head.sequence if head else 0


def _printed_after(session: Session, act: Act, document: DocumentView, since: int) -> bool:
    """Whether this office printed a document after that place of its chain."""
    return any(
        entry.header.office == session.office.id
        and entry.header.epoch == session.epoch
        and entry.header.sequence > since
        for entry in act.unit.entries_of("document", document.id)
    )


def _standing(reader: Reader, made: Making, language: str) -> list[DocumentView]:
    """The documents of this kind, in this language, about this event or this errand, that stand
    now. Two slips that say different things are two papers, and both count."""
    target = made.target
    of_household = made.template.about is About.HOUSEHOLD
    found = []
    for one in reader.documents_of(
        person=None if of_household else PersonId(made.person.id),
        household=HouseholdId(target.subject) if of_household else None,
    ):
        if one.type != target.type or one.revoked is not None or one.language != language:
            continue
        if target.event is not None or made.template.asks:
            said = issue_of(reader, one)
            if target.event is not None and said.get("event") != target.event.bytes:
                continue
            if made.template.asks and dict(said.get("said") or {}) != dict(target.said):
                continue
        found.append(one)
    return found


def _says_the_same(act: Act, made: Making, last: DocumentView, today: date) -> bool:
    """Whether a document can be printed again as it is: what is signed has not changed."""
    said, also = issue_of(act.unit, last), also_said(made)
    return (
        said.get("drawn_from") == made.heads
        and not expired(last, today)
        and all(said.get(key) == also.get(key) for key in ("said", "facts", "serial"))
        and (said.get("paper") == "card") == (made.target.paper == "card")
    )


def _status_index(session: Session) -> StatusIndex:
    """The epoch's secret order of indices, so that nobody reads counts from documents."""
    key = hmac.digest(session.office.keys.status.reveal(), session.epoch, "sha256")
    return StatusIndex(Secret(key))
