"""The standing of papers that were handed out: withdrawing one, and which wait to be withdrawn.

Withdrawing is an entry, by the office that issued the paper or by the registry. Verifiers learn it
from the status list in the next trust list, and there is no way back: a paper that was withdrawn
in error is issued anew. That is why a death proposes and a person decides (ADR 0022).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING, Any

from ledger import kinds
from ledger.entry import Subject
from workspace.errors import NotAllowedError, RefusedError
from workspace.rights import Right, may, require
from workspace.templates import ends_with_life

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from db.store import Reader
    from ledger.views import DocumentView, PersonView
    from values.identifiers import DocumentId, EventId, HouseholdId, PersonId
    from workspace.session import Session

LOST, STOLEN, WRONG, FRAUD, DEATH = "lost", "stolen", "wrong", "fraud", "death"
REASONS = (LOST, STOLEN, WRONG, FRAUD, DEATH)
"""Why a paper is withdrawn. The holder tells the first two; anybody sees the third."""
REPLACED = "replaced"
"""Said by the act that issues the next one; nobody chooses it."""
GRAVE = frozenset({FRAUD, DEATH})
"""Takes away somebody's papers for what somebody else says: not by an officer alone."""


SIGNED = ("qr", "credential", "issued", "serial")
"""What a copy says that was signed anew."""


@dataclass(frozen=True, slots=True)
class Doomed:
    """A standing paper of somebody whose death is recorded. `own`: this office may withdraw it."""

    document: DocumentId
    number: str
    type: str
    person: PersonId
    person_number: str
    event: EventId | None
    own: bool


def withdraw(
    session: Session, document: DocumentId, *, code: str, words: str = ""
) -> tuple[str, ...]:
    """Withdraw a paper for one of `REASONS`, and whatever else of ours says the same of its holder.
    Returns the numbers, its own first; none when it was withdrawn already.

    Raises `RefusedError` for another reason, for no paper of ours, and at a station for one that
    another office issued; `NotAllowedError` when an officer alone says fraud or death.
    """
    require(session, Right.WITHDRAW)
    if code not in REASONS:
        raise RefusedError(
            "reason", f"Say why the document is withdrawn: {', '.join(REASONS[:-1])} or death."
        )
    if code in GRAVE and not may(session.user.role, Right.APPROVE):
        raise NotAllowedError(session.user.role.value, "supervisor, registrar")
    with session.act() as act:
        view = act.unit.document(document)
        if view is None:
            raise RefusedError("unknown_document", "No document here has that number.")
        if session.kind == "station" and view.office != session.office.id:
            raise RefusedError(
                "not_its_office", "Another office issued this document. Ask the registry."
            )
        if view.revoked is not None:
            return ()
        said: dict[str, Any] = {"reason": words.strip() or code, "code": code}
        if code == DEATH and view.person is not None:
            event = death_of(act.unit, view.person)
            said["event"] = event.bytes if event else None
        everything = [view, *(one for one in like(act.unit, view) if one.id != view.id)]
        gone = [
            one for one in everything if session.kind == "registry" or one.office == view.office
        ]
        for one in gone:
            act.say(kinds.DOCUMENT_REVOKED, Subject("document", one.id), said, base=one.heads)
    return tuple(one.number for one in gone)


def by_number(session: Session, number: str) -> DocumentView:
    """The document of a number as typed. Raises `RefusedError`."""
    from values.numbers import NumberError, parse_any

    try:
        number = str(parse_any(number))
    except NumberError:
        number = number.strip()
    with session.store.read() as reader:
        found = reader.document_by_number(number)
    if found is None:
        raise RefusedError("unknown_document", "No document here has that number.")
    return found


def prints(reader: Reader, document: DocumentId) -> list[Mapping[str, Any]]:
    """What was said of each print of a document, the first one first: all of its issue, with what
    a copy said otherwise (language, paper, and what was signed anew)."""
    found: list[Mapping[str, Any]] = []
    for entry in reader.entries_of("document", document):
        body = entry.body or {}
        if entry.header.kind == kinds.DOCUMENT_ISSUED and not found:
            found.append(body)
        elif entry.header.kind == kinds.DOCUMENT_REPRINTED and found:
            anew = SIGNED if "qr" in body else ()
            kept = {key: value for key, value in found[-1].items() if key not in anew}
            said = {key: body[key] for key in ("language", "paper", *anew) if key in body}
            found.append({**kept, **said})
    return found


def standing(
    reader: Reader,
    *,
    type_: str,
    person: PersonId | None = None,
    household: HouseholdId | None = None,
    event: bytes | None = None,
    said: Mapping[str, str] | None = None,
) -> list[DocumentView]:
    """The papers of a type that were not withdrawn, of a person or of a household; about that event
    and errand, where it has one."""
    return [
        one
        for one in reader.documents_of(person=person, household=household)
        if one.type == type_
        and one.revoked is None
        and one.values.get("event") == event
        and (one.values.get("said") or None) == said
    ]


def like(reader: Reader, document: DocumentView) -> list[DocumentView]:
    """Papers that were not withdrawn and say what this one says, of the same holder. An older
    program gave each language, and each card, a number of its own."""
    of_household = document.type == "household"
    return standing(
        reader,
        type_=document.type,
        person=None if of_household else document.person,
        household=document.household if of_household else None,
        event=document.values.get("event"),
        said=document.values.get("said") or None,
    )


def replaced_by(reader: Reader, document: DocumentView) -> str:
    """The number of what was issued in place of a document that was withdrawn, or that stands now
    for its holder; empty when there is none."""
    if document.revoked is None:
        return ""
    for entry in reader.entries_of("document", document.id):
        if entry.header.kind == kinds.DOCUMENT_REVOKED and (entry.body or {}).get("by"):
            return str((entry.body or {})["by"])
    now = [one.number for one in like(reader, document)]
    return max(now, default="")


def dead(person: PersonView) -> bool:
    """Whether a death is recorded. One that was withdrawn leaves no date behind."""
    return DEATH in person.values


def expired(document: DocumentView, today: date) -> bool:
    """Whether its last day is over. Nothing is written for that: the paper itself says the day."""
    return date.fromisoformat(document.expires[:10]) < today


def stands(document: DocumentView, today: date) -> bool:
    """Whether it would verify, as far as this office knows."""
    return document.revoked is None and not expired(document, today)


def day_of(moment: datetime) -> date:
    """The UTC day of a moment: documents are dated by it."""
    return moment.astimezone(UTC).date()


def to_withdraw(session: Session) -> list[Doomed]:
    """Standing papers of the dead. Nothing is stored for this: it is what the views say together,
    so it comes and goes with the death, in whatever order entries arrive."""
    today = day_of(session.clock.now())
    with session.store.read() as reader:
        return sorted(_doomed(session, reader, today), key=lambda one: one.number)


def _doomed(session: Session, reader: Reader, today: date) -> Iterator[Doomed]:
    for document in reader.views("document"):
        if document.person is None or not ends_with_life(reader, document.type):
            continue
        if not stands(document, today):
            continue
        person = reader.person(document.person)
        if person is None or not dead(person):
            continue
        yield Doomed(
            document=document.id,
            number=document.number,
            type=document.type,
            person=person.id,
            person_number=person.number,
            event=death_of(reader, person.id),
            own=session.kind == "registry" or document.office == session.office.id,
        )


def death_of(reader: Reader, person: PersonId) -> EventId | None:
    """The event that says a person died, if one stands."""
    for event in reader.events_of(person):
        deceased = any(
            one.role == "deceased" and one.person == person for one in event.participants
        )
        if event.type == "death" and event.voided is None and deceased:
            return event.id
    return None
