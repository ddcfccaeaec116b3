"""The second pair of eyes: a supervisor approves what an officer took in, or sends it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import kinds
from ledger.entry import Subject
from station import mending, reading, told
from workspace import telling
from workspace.errors import RefusedError
from workspace.past import user_name
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from db.store import Reader
    from ledger.views import RegistrationView
    from values.identifiers import RegistrationId
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One registration that waits. `own` ones were taken in by the reader, who may not approve.

    `kind` is `family`, `joined` (members of a family that is registered already) or `event`, whose
    title is in `event`. `flags` and `confirmed` say whose they are.
    """

    registration: RegistrationId
    household_number: str
    head_name: str
    persons: int
    author: str
    at: datetime
    flags: tuple[str, ...]
    confirmed: tuple[tuple[str, str], ...]
    own: bool
    kind: str
    event: str


@dataclass(frozen=True, slots=True)
class ReviewDetail:
    """The registration in sentences, as it was read back to the family."""

    row: ReviewRow
    told: tuple[told.Told, ...]


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A registration that came back and is not mended yet: from whom, when and why."""

    registration: RegistrationId
    household_number: str
    head_name: str
    persons: int
    reason: str
    by: str
    by_registry: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """How many were approved, and how many skipped because the reviewer took them in."""

    approved: int
    skipped: int


def waiting(session: Session, *, language: str = "en") -> list[ReviewRow]:
    """What waits for review, oldest first."""
    require(session, Right.REVIEW)
    with session.store.read() as reader:
        return [_row(session, reader, view, language) for view in reader.queue("recorded")]


def returned(session: Session, *, language: str = "en") -> list[ReturnedRow]:
    """What a supervisor or the registry sent back and no officer has mended yet, oldest first."""
    require(session, Right.REVIEW)
    with session.store.read() as reader:
        rows = []
        for view, reason, at in mending.returned(reader):
            household = reader.household(view.household)
            rows.append(
                ReturnedRow(
                    registration=view.id,
                    household_number=household.number if household else "",
                    head_name=mending.title(reader, view),
                    persons=len(view.persons),
                    reason=telling.reason_text(reason, language),
                    by=user_name(session, reader, view.reviewer) if view.reviewer else "",
                    by_registry=_by_registry(session, reader, view),
                    at=at,
                )
            )
        return rows


def _by_registry(session: Session, reader: Reader, view: RegistrationView) -> bool:
    """Whether the word by which it came back is another office's."""
    said = [
        entry.header
        for entry in reader.entries_of(kinds.REGISTRATION, view.id)
        if entry.header.kind == kinds.REGISTRATION_RETURNED
    ]
    return bool(said) and said[-1].office != session.office.id


def detail(session: Session, registration: RegistrationId, *, language: str = "en") -> ReviewDetail:
    """One registration, to read before deciding."""
    require(session, Right.REVIEW)
    with session.store.read() as reader:
        view = _found(reader, registration)
        return ReviewDetail(
            row=_row(session, reader, view, language),
            told=told.told(session, reader, view, language),
        )


def approve(session: Session, registrations: Iterable[RegistrationId]) -> ReviewResult:
    """Approve; one's own are skipped, because one signature is no review."""
    require(session, Right.REVIEW)
    approved = skipped = 0
    with session.act() as act:
        for identity in registrations:
            view = _found(act.unit, identity)
            if view.status != "recorded":
                continue
            if view.submitter == session.user.id:
                skipped += 1
                continue
            act.say(
                kinds.REGISTRATION_APPROVED, Subject("registration", identity), {}, base=view.heads
            )
            approved += 1
    return ReviewResult(approved=approved, skipped=skipped)


def approve_all(session: Session) -> ReviewResult:
    """Approve everything that waits."""
    require(session, Right.REVIEW)
    with session.store.read() as reader:
        identities = [view.id for view in reader.queue("recorded")]
    return approve(session, identities)


def send_back(session: Session, registration: RegistrationId, reason: str) -> None:
    """Return a registration to its officer, with the reason in words."""
    require(session, Right.REVIEW)
    reason = reason.strip()
    if not reason:
        raise RefusedError("reason", "Say what the officer has to mend.")
    with session.act() as act:
        view = _found(act.unit, registration)
        if view.status not in {"recorded", "approved"}:
            raise RefusedError("already_decided", "This registration has been decided already.")
        act.say(
            kinds.REGISTRATION_RETURNED,
            Subject("registration", registration),
            {"reason": reason},
            base=view.heads,
        )


def _found(reader: Reader, registration: RegistrationId) -> RegistrationView:
    view = reader.registration(registration)
    if view is None:
        raise RefusedError("unknown_registration", "There is no such registration here.")
    return view


def _row(session: Session, reader: Reader, view: RegistrationView, language: str) -> ReviewRow:
    household = reader.household(view.household)
    how = told.made(session, reader, view, language)
    # A family goes by its head; whoever came to it goes by their own name.
    head = (
        reading.head_of(reader, household)
        if how.kind == told.FAMILY
        else next(iter(reader.persons(view.persons)), None)
    )
    flags, confirmed = told.flags(reader, view, language)
    return ReviewRow(
        registration=view.id,
        household_number=household.number if household else "",
        head_name=reading.name_of(head) if head else "",
        persons=len(view.persons),
        author=reading.author_name(reader, session, view.submitter),
        at=view.submitted_at,
        flags=flags,
        confirmed=confirmed,
        own=view.submitter == session.user.id,
        kind=how.kind,
        event=how.event,
    )
