"""Saying that a document is issued or printed again: the credential, the page and the entry.

That pages are drawn, read back and kept before the entries are committed is `station.batch_run`. A
preview is drawn with a watermark and leaves no entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from documents.credential import StatusReference
from ledger import kinds
from ledger.entry import Subject
from ledger.trust import list_uri
from station.deciding import Manner, decide, says_the_same, signs_the_same
from station.languages import printed_in
from station.life import REPLACED, Handed, expired
from station.making import (
    Making,
    Target,
    also_said,
    as_printed,
    making,
    page_of,
    printed_last,
    sign,
)
from station.signing import document_key, require_signer
from station.stock import note_used, require_fresh, require_not_spoiled
from station.today import printed_today
from workspace.clocks import clock_doubt
from workspace.errors import RefusedError
from workspace.papers import day_of
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from db.store import Reader
    from documents.pages import PageData
    from ledger.views import DocumentView
    from workspace.act import Act
    from workspace.reserved import Paper
    from workspace.session import Session

Reached = Mapping[bytes, int]
"""The last sequence of each epoch."""

NOT_SAID = "not said"
"""Why something was printed again, when nobody was asked."""
PRINTED_TODAY = "printed_today"
PRINTED_TODAY_SENTENCE = (
    "This was printed today. If it is needed once more, print it again and say why."
)


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A document that is now an entry. `person` is the number of its holder, `replaces` that of the
    document in whose place it is; `copy` counts the prints under one number; `before`: it came out
    like this on the same day already."""

    number: str
    person: str
    type: str
    copy: int = field(default=1, compare=False)
    replaces: str = field(default="", compare=False)
    before: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that was left out, by the number of the person it is for, and why."""

    person: str
    type: str
    code: str
    sentence: str


def preview(session: Session, target: Target, language: str | None) -> bytes:
    """The page as it would be, marked as a preview: no number, no code, no entry. Without a
    language, in the one that it would have."""
    require(session, Right.PRINT)
    from documents.pages import render

    language = printed_in(session, language) if language is not None else None
    today = day_of(session.clock.now())
    with session.store.read() as reader:
        made = decide(session, reader, target, Manner(language)).made
        page = page_of(
            session,
            reader,
            made,
            number="",
            issued=today,
            expires=today + timedelta(days=made.days),
            qr_text="",
        )
    return render([page], created=session.clock.now())


def ready(session: Session) -> None:
    """Whether documents can be issued here and now, before anything is drawn.

    Raises `NotEnrolledError`, `OfficeError` for a user who was disabled, and `RefusedError` for a
    clock in doubt or a signing key whose window is over.
    """
    require_signer(session)
    doubt = clock_doubt(session)
    if doubt is not None:
        raise RefusedError("clock", doubt.sentence)
    document_key(session)


def takes_number(session: Session, reader: Reader, target: Target, manner: Manner) -> bool:
    """Whether `issue_one` would issue a new document now, rather than print one again or refuse."""
    try:
        decided = decide(session, reader, target, manner)
        require_fresh(session, reader, target.serial)
    except RefusedError:
        return False
    return not decided.again


def issue_one(
    session: Session,
    act: Act,
    target: Target,
    manner: Manner,
    *,
    take: Callable[[], Paper],
    since: Reached,
) -> tuple[PageData, IssuedDocument]:
    """Say one document in an act and give its page.

    A document that is printed again (see `deciding.decide`) keeps its number and is counted. A new
    one replaces it, whatever it was printed on. One that was printed after `since` (see `reached`)
    is not printed once more. `take` hands out what was reserved before (see `workspace.reserved`).

    Raises `RefusedError`, as `making.making` and `stock.require_fresh`.
    """
    decided = decide(session, act.unit, target, manner)
    made, last, today = decided.made, decided.last, day_of(session.clock.now())
    before = (
        last is not None
        and decided.again
        and printed_today(session, act.unit, made, last, decided.said)
    )
    if before and manner.once:
        raise RefusedError(PRINTED_TODAY, PRINTED_TODAY_SENTENCE)
    require_fresh(session, act.unit, target.serial)
    if last is not None and _printed_after(session, act, last, since):
        raise RefusedError(
            "printed_meanwhile",
            f"The document {last.number} was printed meanwhile. If it is needed once more, print "
            "it again and say why.",
        )
    if last is not None and decided.again:
        page, document = _again(
            session, act, made, last, decided.said, reason=manner.reason, handed=manner.handed
        )
        return page, replace(document, before=before)
    paper = take()
    number, index = paper.number, paper.index
    assert index is not None  # noqa: S101 - reserved in the series of documents
    expires = today + timedelta(days=made.days)
    status = StatusReference(list_uri(session.office.id, session.epoch), index)
    signed = sign(session, made, number=number, expires=expires, status=status)
    if target.serial:
        note_used(session, act.unit, target.serial, number, today)
    replaces = last.number if last else ""
    act.say(
        kinds.DOCUMENT_ISSUED,
        Subject("document", act.new_id()),
        {
            "number": number,
            "type": made.target.type,
            "person": made.person.id.bytes,
            "household": made.household.id.bytes if made.household else None,
            "language": made.language,
            "issued": today.isoformat(),
            "expires": expires.isoformat(),
            "status_index": index,
            "credential": signed.digest,
            "qr": signed.text,
            "drawn_from": made.heads,
            "replaces": replaces,
            **also_said(made),
            **manner.handed.fields(),
        },
    )
    for old in decided.standing:
        # Two papers of one kind in a holder's hands are one for somebody else. Another station's
        # is the registry's to withdraw: what is said here about it would be set aside.
        if old.office == session.office.id:
            act.say(
                kinds.DOCUMENT_REVOKED,
                Subject("document", old.id),
                {
                    "reason": manner.reason.strip() or f"replaced by {number}",
                    "code": manner.handed.code if manner.handed.gone else REPLACED,
                    "by": number,
                },
                base=old.heads,
            )
    page = page_of(
        session,
        act.unit,
        made,
        number=number,
        issued=today,
        expires=expires,
        qr_text=signed.text,
        replaces=replaces,
    )
    return page, IssuedDocument(number, made.person.number, made.target.type, replaces=replaces)


def reprint_one(
    session: Session,
    act: Act,
    document: DocumentView,
    *,
    reason: str,
    handed: Handed,
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
    target = as_printed(act.unit, document)
    if target is not None and target.serial:
        require_not_spoiled(session, act.unit, target.serial)
    said = printed_last(act.unit, document)
    made = making(session, act.unit, target, said["language"]) if target else None
    if made is None or not says_the_same(made, document, said, today):
        raise RefusedError(
            "changed",
            f"The record was changed since {document.number} was issued. Print a new one.",
        )
    return _again(session, act, made, document, said, reason=reason, handed=handed)


def _again(
    session: Session,
    act: Act,
    made: Making,
    document: DocumentView,
    said: Mapping[str, Any],
    *,
    reason: str,
    handed: Handed,
) -> tuple[PageData, IssuedDocument]:
    told: dict[str, object] = {}
    if said["language"] != made.language:
        told["language"] = made.language
    if str(said.get("paper") or made.template.papers[0]) != made.paper:
        told["paper"] = made.paper
    if not signs_the_same(session, made, said):
        today = day_of(session.clock.now())
        told |= _signed_anew(session, made, document, issued=today)
        if "serial" in told:
            note_used(session, act.unit, made.target.serial, document.number, today)
    copy = len(document.reprints) + 2
    act.say(
        kinds.DOCUMENT_REPRINTED,
        Subject("document", document.id),
        {
            "reason": reason.strip() or NOT_SAID,
            **told,
            **handed.fields(),
        },
        base=document.heads,
    )
    said = {**said, **told}
    page = page_of(
        session,
        act.unit,
        made,
        number=document.number,
        issued=date.fromisoformat(said["issued"]),
        expires=date.fromisoformat(document.expires),
        qr_text=str(said["qr"]),
        replaces=str(said.get("replaces") or ""),
        copy=copy,
    )
    return page, IssuedDocument(document.number, made.person.number, document.type, copy=copy)


def _signed_anew(
    session: Session, made: Making, document: DocumentView, *, issued: date
) -> dict[str, object]:
    """A code for the paper of a copy: of the same number, with the same place in the status list.
    It says the day on which it was signed, and so does the page."""
    signed = sign(
        session,
        made,
        number=document.number,
        expires=date.fromisoformat(document.expires),
        status=StatusReference(list_uri(document.office, document.epoch), document.status_index),
    )
    told: dict[str, object] = {
        "issued": issued.isoformat(),
        "credential": signed.digest,
        "qr": signed.text,
    }
    return told | ({"serial": made.target.serial} if made.target.serial else {})


def reached(session: Session) -> Reached:
    """How far the chains of this office are."""
    with session.store.read() as reader:
        return {epoch: head.sequence for epoch, head in reader.epochs(session.office.id)}


def _printed_after(session: Session, act: Act, document: DocumentView, since: Reached) -> bool:
    """Whether this office printed a document after these places of its chains."""
    return any(
        entry.header.office == session.office.id
        and entry.header.sequence > since.get(entry.header.epoch, 0)
        for entry in act.unit.entries_of("document", document.id)
    )
