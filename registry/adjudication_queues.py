"""What waits for the registry's people: seven queues, each row with its station, age and owner.

The lists are cut at a length that somebody can work through; the counts are not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from ledger import kinds
from registry import claims, queues
from registry.adjudication_acts import key_of
from registry.adjudication_cases import OPEN, SAME, State, count_open, fold_case, match_id
from registry.decide import REFUSED
from registry.judging import sentence
from registry.stations import stations
from workspace import telling
from workspace.past import user_name
from workspace.search import text
from workspace.waiting import noted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from db.records import MatchCase
    from db.store import Reader
    from ledger.views import PersonView, RegistrationView
    from registry.claims import Owner
    from values.identifiers import EntryHash, PersonId, RegistrationId
    from workspace.session import Session

LISTED: Final = 500
"""Rows of one list: more than anybody works through before it is read again."""

NOBODY: Final = "—"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much lies in each queue. `recorded` waits for a supervisor at a station."""

    new: int
    duplicates: int
    conflicts: int
    held: int
    quarantined: int
    returned: int
    corrections: int
    recorded: int
    second: int


@dataclass(frozen=True, slots=True)
class Waits:
    """What every row says: its key for taking it, the station, since when, and who has it."""

    key: str
    station: str
    at: datetime
    owner: Owner | None


@dataclass(frozen=True, slots=True)
class NewRow(Waits):
    """A reviewed registration that can be registered. `pairs`: how many of its persons may be
    somebody else who is here."""

    registration: RegistrationId
    household_number: str
    head: str = field(repr=False)
    persons: int
    pairs: int


@dataclass(frozen=True, slots=True)
class PairRow(Waits):
    """Two persons who may be one. `shape`: which answers agree and differ, the same for pairs that
    are alike. `seen`: the last entry about it. `by`: who said `same` first. `own`: the reader did.
    """

    first: PersonId
    second: PersonId
    names: tuple[str, str] = field(repr=False)
    numbers: tuple[str, str]
    score: int
    state: State
    shape: tuple[str, ...]
    seen: EntryHash | None
    by: str
    own: bool
    again: bool


@dataclass(frozen=True, slots=True)
class ConflictRow(Waits):
    """A conflict of a record. `shape`: the record's type and the set, the same for alike ones."""

    subject_type: str
    subject: UUID
    set: str
    name: str = field(repr=False)
    number: str
    what: str
    person: PersonId | None
    shape: tuple[str, str]
    identity: bool


@dataclass(frozen=True, slots=True)
class HeldRow(Waits):
    """Entries of one chain that wait for what came before: how many, and which number lacks."""

    entries: int
    lacks: int


@dataclass(frozen=True, slots=True)
class AsideRow(Waits):
    """An act that was put aside, whole. `what`: its kinds in words. `bundle` brought it."""

    entries: tuple[EntryHash, ...]
    what: str
    code: str
    sentence: str
    bundle: UUID | None
    refused: bool


@dataclass(frozen=True, slots=True)
class ReturnedRow(Waits):
    """A registration that was sent back and is not mended yet."""

    registration: RegistrationId
    household_number: str
    head: str = field(repr=False)
    persons: int
    reason: str
    by: str


def sizes(session: Session) -> Sizes:
    """How much lies in each queue."""
    with session.store.read() as reader:
        counted = reader.counts()
        pairs = reader.count_match_cases()
        return Sizes(
            new=reader.count_queue("approved"),
            duplicates=count_open(reader),
            conflicts=counted.conflicts,
            held=counted.held,
            quarantined=counted.quarantined - _refused(reader),
            returned=reader.count_queue("returned"),
            corrections=len(noted(reader)),
            recorded=reader.count_queue("recorded"),
            second=pairs.get(State.SECOND, 0),
        )


def new(session: Session) -> list[NewRow]:
    """Reviewed registrations, the oldest first."""
    with session.store.read() as reader:
        codes = _codes(reader)
        taken = claims.owners(session, reader)
        rows = []
        for view in reader.queue("approved", limit=LISTED):
            key = f"registration/{view.id.hex}"
            pairs = {
                (case.first, case.second)
                for person in view.persons
                for case in reader.match_cases_of(person)
                if case.state in OPEN
            }
            number, head = _family(reader, view)
            rows.append(
                NewRow(
                    key=key,
                    station=_station(reader, codes, "registration", view.id),
                    at=view.submitted_at,
                    owner=taken.get(key),
                    registration=view.id,
                    household_number=number,
                    head=head,
                    persons=len(view.persons),
                    pairs=len(pairs),
                )
            )
        return rows


def pairs(session: Session) -> list[PairRow]:
    """Pairs that wait: those for a second look first, then disputed ones, then by score."""
    with session.store.read() as reader:
        codes = _codes(reader)
        taken = claims.owners(session, reader)
        cases = [case for state in OPEN for case in reader.match_cases(state, limit=LISTED)]
        cases = cases[:LISTED]
        wanted = {person for case in cases for person in (case.first, case.second)}
        views = {view.id: view for view in reader.persons(wanted)}
        return [
            _pair(session, reader, case, views, codes, taken)
            for case in cases
            if case.first in views and case.second in views
        ]


def _pair(
    session: Session,
    reader: Reader,
    case: MatchCase,
    views: dict[PersonId, PersonView],
    codes: dict[UUID, str],
    taken: dict[str, Owner],
) -> PairRow:
    one, other = views[case.first], views[case.second]
    told = fold_case(reader.entries_of(kinds.MATCH, match_id(one.id, other.id)))
    same = next((word for word in told.standing if word.decision == SAME), None)
    key = key_of(one.id, other.id)
    places = {_station(reader, codes, "person", view.id) for view in (one, other)}
    return PairRow(
        key=key,
        station=", ".join(sorted(places)),
        at=case.at,
        owner=taken.get(key),
        first=one.id,
        second=other.id,
        names=(_name(one), _name(other)),
        numbers=(one.permanent or one.number, other.permanent or other.number),
        score=case.score,
        state=State(case.state),
        shape=tuple(sorted(code for code, _ in case.details.get("reasons") or ())),
        seen=told.heads[0] if told.heads else None,
        by=user_name(session, reader, same.author) if same else "",
        own=any(word.author == session.user.id for word in told.standing),
        again=bool(case.details.get("again")),
    )


def conflicts(session: Session, *, language: str = "en") -> list[ConflictRow]:
    """Every open conflict, the oldest first."""
    with session.store.read() as reader:
        codes = _codes(reader)
        taken = claims.owners(session, reader)
        rows = []
        for one in reader.conflicts()[:LISTED]:
            told = queues.conflict_row(session, reader, one, language)
            key = f"conflict/{one.subject_type}/{one.subject_id.hex}"
            view = reader.view(one.subject_type, one.subject_id)
            held = next((c for c in view.conflicts if c.set == one.name), None) if view else None
            rows.append(
                ConflictRow(
                    key=key,
                    station=_station(reader, codes, one.subject_type, one.subject_id),
                    at=one.since,
                    owner=taken.get(key),
                    subject_type=one.subject_type,
                    subject=one.subject_id,
                    set=one.name,
                    name=told.name,
                    number=told.number,
                    what=told.what,
                    person=told.person,
                    shape=(one.subject_type, one.name),
                    identity=held is not None and held.identity,
                )
            )
        return rows


def held(session: Session) -> list[HeldRow]:
    """Chains of which entries wait, each with the number that lacks."""
    with session.store.read() as reader:
        codes = _codes(reader)
        taken = claims.owners(session, reader)
        chains: dict[tuple[UUID, bytes], list[tuple[int, datetime]]] = {}
        for entry in reader.entries_in("held"):
            header = entry.header
            chain = chains.setdefault((header.office, header.epoch), [])
            chain.append((header.sequence, header.device_time))
        rows = []
        for (office, epoch), waiting in chains.items():
            station = next((one for one in stations(reader) if one.id == office), None)
            head = reader.head(station.id, epoch) if station else None
            key = f"chain/{office.hex}/{epoch.hex()}"
            rows.append(
                HeldRow(
                    key=key,
                    station=codes.get(office, NOBODY),
                    at=min(at for _, at in waiting),
                    owner=taken.get(key),
                    entries=len(waiting),
                    lacks=head.sequence + 1 if head else 1,
                )
            )
        return rows


def quarantined(session: Session, *, refused: bool = False, language: str = "en") -> list[AsideRow]:
    """Acts that were put aside and wait for a decision; or those that were refused."""
    with session.store.read() as reader:
        codes = _codes(reader)
        taken = claims.owners(session, reader)
        brought = _brought(reader)
        acts: dict[tuple[UUID, UUID], list[tuple[EntryHash, str, str, datetime]]] = {}
        for entry in reader.entries_in("quarantined"):
            standing = reader.standing(entry.hash)
            code = (standing.reason if standing else None) or ""
            if (code == REFUSED) is not refused:
                continue
            header = entry.header
            act = acts.setdefault((header.office, header.group.id), [])
            act.append((entry.hash, header.kind, code, header.device_time))
        rows = []
        for (office, group), found in acts.items():
            key = f"act/{office.hex}/{group.hex}"
            # What is wrong, before what only came with it.
            code = min((code for _, _, code, _ in found), key=lambda one: one == "act_incomplete")
            bundle, since, why = brought.get(found[0][0], (None, found[0][3], ""))
            rows.append(
                AsideRow(
                    key=key,
                    station=codes.get(office, NOBODY),
                    at=since,
                    owner=taken.get(key),
                    entries=tuple(hash_ for hash_, _, _, _ in found),
                    what=", ".join(
                        f"{telling.kind_text(kind, language)} ({count})"
                        if count > 1
                        else telling.kind_text(kind, language)
                        for kind, count in Counter(kind for _, kind, _, _ in found).items()
                    ),
                    code=code,
                    sentence=why if refused else sentence(code),
                    bundle=bundle,
                    refused=refused,
                )
            )
        return rows[:LISTED]


def returned(session: Session, *, language: str = "en") -> list[ReturnedRow]:
    """Registrations that were sent back, the oldest first."""
    with session.store.read() as reader:
        codes = _codes(reader)
        taken = claims.owners(session, reader)
        rows = []
        for view in reader.queue("returned", limit=LISTED):
            key = f"registration/{view.id.hex}"
            number, head = _family(reader, view)
            rows.append(
                ReturnedRow(
                    key=key,
                    station=_station(reader, codes, "registration", view.id),
                    at=view.reviewed_at or view.last_at,
                    owner=taken.get(key),
                    registration=view.id,
                    household_number=number,
                    head=head,
                    persons=len(view.persons),
                    reason=telling.reason_text(view.returned or "", language),
                    by=user_name(session, reader, view.reviewer) if view.reviewer else "",
                )
            )
        return rows


def take(session: Session, keys: Iterable[str]) -> None:
    """Take cases, see `registry.claims`."""
    claims.take(session, keys)


def give_back(session: Session, keys: Iterable[str]) -> None:
    """Release cases, see `registry.claims`."""
    claims.release(session, keys)


def _refused(reader: Reader) -> int:
    """How many entries stay put aside by somebody's decision."""
    found: set[bytes] = set()
    for entry in reader.entries_of_kind(kinds.QUARANTINE_REFUSED, "bundle"):
        found.update((entry.body or {}).get("entries") or ())
    standing = (reader.standing(one) for one in found)
    return sum(
        one is not None and one.state == "quarantined" and one.reason == REFUSED for one in standing
    )


def _brought(reader: Reader) -> dict[EntryHash, tuple[UUID | None, datetime, str]]:
    """By entry: the bundle that brought it, since when it is put aside, and why it was refused."""
    found: dict[EntryHash, tuple[UUID | None, datetime, str]] = {}
    for entry in reader.entries_of_kind(kinds.ENTRIES_QUARANTINED, "bundle"):
        told = (entry.header.subject.id, entry.header.device_time, "")
        for hash_ in (entry.body or {}).get("entries") or ():
            found[hash_] = told
    for entry in reader.entries_of_kind(kinds.QUARANTINE_REFUSED, "bundle"):
        body = entry.body or {}
        for hash_ in body.get("entries") or ():
            bundle = found[hash_][0] if hash_ in found else None
            found[hash_] = (bundle, entry.header.device_time, str(body["reason"]))
    return found


def _codes(reader: Reader) -> dict[UUID, str]:
    return {one.id: one.code for one in stations(reader)}


def _station(reader: Reader, codes: dict[UUID, str], subject_type: str, subject: UUID) -> str:
    """The station that first spoke of a record."""
    told = reader.entries_of(subject_type, subject)
    return codes.get(told[0].header.office, NOBODY) if told else NOBODY


def _family(reader: Reader, view: RegistrationView) -> tuple[str, str]:
    """The household's number, and the name of its head, or of whoever is named first."""
    household = reader.household(view.household)
    people = {one.id: one for one in reader.persons(view.persons)}
    members = household.present() if household else ()
    head = next((one.person for one in members if one.relation == kinds.HEAD), None)
    named = people.get(head) if head else None
    first = named or next((people[one] for one in view.persons if one in people), None)
    return household.number if household else "", _name(first) if first else ""


def _name(view: PersonView) -> str:
    return text(view, "name") or text(view, "name_latin") or view.number
