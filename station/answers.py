"""What the registry answered and somebody here has to do something about: sent back, held, put
aside, refused. Noted when a notice is taken, and gone when a later one says that it is well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from ledger.views import DocumentView, EventView, HouseholdView, PersonView
from station import mending, reading
from values import cbor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.store import Reader, UnitOfWork
    from ledger.views import RegistrationView, View
    from sync.notice import Notice
    from values.identifiers import PersonId, RegistrationId
    from workspace.session import Session

PREFIX: Final = "answer/"
RETURNED, HELD, QUARANTINED, REFUSED = "returned", "held", "quarantined", "refused"
_ABOUT_PEOPLE: Final = frozenset({"person", "household", "event", "document"})
OPEN: Final = frozenset({RETURNED, HELD, QUARANTINED, REFUSED})


@dataclass(frozen=True, slots=True)
class Answer:
    """One act that is not done with. `sentence` is English, from the notice (or a supervisor's own
    words for what was sent back here); `name` and `number` say whom it concerns, where that is
    known here. `registration` can be mended by an officer, under `draft`."""

    act: UUID
    outcome: str
    code: str
    sentence: str
    at: datetime
    name: str = ""
    number: str = ""
    person: PersonId | None = None
    registration: RegistrationId | None = None
    draft: str = ""


def note(unit: UnitOfWork, notice: Notice, well: Iterable[UUID]) -> None:
    """Remember what a notice leaves open; `well` are acts that came in though it names none."""
    for act in well:
        unit.delete_setting(_key(act))
    for one in notice.outcomes:
        if one.outcome in OPEN:
            body = [one.outcome, one.code, one.sentence, notice.written_ms]
            unit.put_setting(_key(one.group), cbor.encode(body))
        else:
            unit.delete_setting(_key(one.group))


def open_ones(session: Session) -> list[Answer]:
    """What is not done with, the latest first. What was mended meanwhile is left out."""
    with session.store.read() as reader:
        found = {one.act: one for one in _returned(reader)}
        for key, raw in reader.settings(PREFIX).items():
            act = UUID(hex=key.removeprefix(PREFIX))
            outcome, code, sentence, ms = cbor.decode(raw)
            if outcome != RETURNED:
                at = datetime.fromtimestamp(ms / 1000, UTC)
                one = _about(reader, Answer(act, outcome, code, sentence, at))
                # The office's own notes come and go with what they stand between.
                if outcome != HELD or one.person is not None:
                    found[act] = one
            elif act in found:
                known = found[act]
                found[act] = replace(known, code=code, sentence=known.sentence or sentence)
    return sorted(found.values(), key=lambda one: one.at, reverse=True)


def numbers(session: Session, acts: Iterable[UUID]) -> dict[UUID, str]:
    """The number of the family, or else of the person, that each act concerns, where this office
    knows one."""
    with session.store.read() as reader:
        found = {
            act: _about(reader, Answer(act, "", "", "", session.clock.now())).number for act in acts
        }
    return {act: number for act, number in found.items() if number}


def _returned(reader: Reader) -> Iterable[Answer]:
    for view, reason, at in mending.returned(reader):
        draft = mending.draft_id(view.id)
        yield _registration(
            reader, view, Answer(view.id, RETURNED, RETURNED, reason, at, draft=draft)
        )


def _about(reader: Reader, answer: Answer) -> Answer:
    """Whom an act concerns, as far as this office knows."""
    view = reader.registration(answer.act)
    if view is not None:
        return _registration(reader, view, answer)
    for entry in reader.group(answer.act):
        subject = entry.header.subject
        if subject.type not in _ABOUT_PEOPLE:
            continue
        person = _who(reader, reader.view(subject.type, subject.id))
        if person is not None:
            return replace(
                answer, name=reading.name_of(person), number=person.number, person=person.id
            )
    return answer


def _who(reader: Reader, view: View | None) -> PersonView | None:
    match view:
        case PersonView():
            return view
        case HouseholdView():
            return reading.head_of(reader, view)
        case DocumentView(person=holder) if holder is not None:
            return reader.person(holder)
        case EventView():
            return next(iter(reader.persons(one.person for one in view.participants)), None)
    return None


def _registration(reader: Reader, view: RegistrationView, answer: Answer) -> Answer:
    household = reader.household(view.household)
    head = reading.head_of(reader, household) or next(iter(reader.persons(view.persons)), None)
    number = household.number if household else (head.number if head else "")
    return replace(
        answer,
        name=reading.name_of(head) if head else "",
        number=number,
        person=head.id if head else None,
        registration=view.id,
    )


def _key(act: UUID) -> str:
    return f"{PREFIX}{act.hex}"
