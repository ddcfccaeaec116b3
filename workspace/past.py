"""The past of a record, field by field: who said what, when and why, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.history import field_history
from resources.i18n import translation
from workspace import proposals, telling
from workspace.differing import people_of
from workspace.errors import RefusedError
from workspace.waiting import CORRECTION, approved_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from db.store import Reader
    from forms.definition import Form
    from ledger.entry import Entry
    from ledger.views import PersonView
    from values.identifiers import EntryHash, EventId, PersonId, UserId
    from workspace.proposals import Proposed
    from workspace.session import Session


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


STATES = {
    proposals.WAITING: _("Proposed; waits for approval"),
    proposals.APPROVED: _("Proposed and approved"),
    proposals.REFUSED: _("Proposed and refused"),
}


NOT_SHOWN = _("not shown")
SEX = "sex"
"""Only the marker that stands now is shown: an old one betrays whoever had it changed."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of one field, or one that was proposed and never came to be.

    Attributes:
        by, at, reason: of whoever wrote it; of a correction, whoever approved it.
        what: the kind of change, in words.
        proposed_by: who proposed a correction; empty for other changes.
        state: of a proposal that changed nothing: `waiting` or `refused`. Else empty.
        decided_by, note: who refused it, and why; or what the approver added.
        doubt: the clock was known to be doubtful.
    """

    field: str
    label: str
    old: str
    new: str
    by: str
    at: datetime
    reason: str
    what: str = ""
    entry: EntryHash | None = None
    proposal: EventId | None = None
    proposed_by: str = ""
    state: str = ""
    decided_by: str = ""
    note: str = ""
    doubt: bool = False


def history(
    session: Session, person: PersonId, field: str | None = None, *, language: str = "en"
) -> tuple[HistoryRow, ...]:
    """Every change of one field of a person, or of all, the newest first. What the reader's role
    is not shown is left out. Raises `RefusedError` when nobody of that id is here."""
    with session.store.read() as reader:
        view = reader.person(person)
        if view is None:
            raise RefusedError("unknown_person", "This person is not in this workspace.")
        rows = person_rows(session, reader, view, reader.entries_of("person", person), language)
        return tuple(row for row in rows if field is None or row.field == field)


def person_rows(
    session: Session,
    reader: Reader,
    view: PersonView,
    entries: Sequence[Entry],
    language: str,
) -> list[HistoryRow]:
    """The history of a person, the newest first."""
    form = session.catalogue.form("person")
    now = view.values.get(SEX)
    told = {one.event: one for one in proposals.of_person(session, reader, view)}
    rows = list(field_rows(session, reader, form, entries, told, language, now=now))
    for one in told.values():
        if one.state != proposals.APPROVED:
            rows += _proposed_rows(session, reader, form, one, language, now=now)
    return sorted(rows, key=lambda row: row.at, reverse=True)


def field_rows(
    session: Session,
    reader: Reader,
    form: Form,
    entries: Iterable[Entry],
    told: dict[EventId, Proposed],
    language: str,
    *,
    now: Any = None,
) -> Iterator[HistoryRow]:
    """What the entries about one subject changed, in folding order. `now`: the sex that stands."""
    listed = {entry.hash: entry for entry in entries}
    people = people_of(reader)

    def said(name: str, value: Any) -> str:
        told = telling.value_text(form, name, value, language, people=people)
        return discreet(session, name, told, value, now, language)

    for change in field_history(listed.values(), session.conflict_sets):
        if not telling.seen_by(form, change.field, session.user.role):
            continue
        proposal = approved_by(listed[change.entry])
        proposed = told.get(proposal) if proposal else None
        yield HistoryRow(
            field=change.field,
            label=telling.field_text(form, change.field, language),
            old=said(change.field, change.old),
            new=said(change.field, change.new),
            by=user_name(session, reader, change.author),
            at=change.time,
            reason=telling.reason_text(change.reason or "", language),
            what=telling.kind_text(change.kind, language),
            entry=change.entry,
            proposal=proposal,
            proposed_by=user_name(session, reader, proposed.by) if proposed else "",
            note=proposed.note if proposed else "",
            doubt=change.doubt,
        )


def _proposed_rows(
    session: Session, reader: Reader, form: Form, one: Proposed, language: str, *, now: Any
) -> Iterator[HistoryRow]:
    people = people_of(reader)

    def said(name: str, value: Any) -> str:
        return telling.value_text(form, name, value, language, people=people)

    for name, value in sorted(one.changes.items()):
        if not telling.seen_by(form, name, session.user.role):
            continue
        yield HistoryRow(
            field=name,
            label=telling.field_text(form, name, language),
            old=discreet(
                session, name, said(name, one.before.get(name)), one.before.get(name), now, language
            ),
            new=said(name, value),
            by=user_name(session, reader, one.by),
            at=one.at,
            reason=telling.reason_text(one.reason, language),
            what=translation(language).gettext(STATES[one.state]),
            proposal=one.event,
            proposed_by=user_name(session, reader, one.by),
            state=one.state,
            decided_by=user_name(session, reader, one.decided_by) if one.decided_by else "",
            note=one.note,
        )


def sees_before(session: Session) -> bool:
    """Whether this role is shown what stood before a correction, as its form says."""
    try:
        form = session.catalogue.form(CORRECTION)
    except KeyError:
        return True
    return telling.seen_by(form, "before", session.user.role)


def discreet(session: Session, name: str, told: str, value: Any, now: Any, language: str) -> str:
    """An answer of the past in words, unless it is one that only few roles are shown."""
    if name != SEX or not told or value == now or sees_before(session):
        return told
    return translation(language).gettext(NOT_SHOWN)


def user_name(session: Session, reader: Reader, user: UserId) -> str:
    """The login name of whoever signed; users are staff, not registered people."""
    if user == session.user.id:
        return session.user.name
    return reader.user_name(user) or session.office.first_users().get(user) or "—"
