"""Proposing pairs of persons who may be one, at the end of an import and after corrections.

A proposal is a row of a queue and no entry: nothing was decided. A pair that was decided is
proposed again only when an answer by which persons are told apart has changed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from db.records import MatchCase
from db.retry import retrying
from forms.kept import date_of
from ledger import kinds
from matching import weights
from matching.proposing import Profile, Proposal, blocking_keys, compare, propose
from matching.search_keys import scorer
from registry.adjudication_cases import (
    MARK,
    State,
    basis_of,
    details_of,
    fold_case,
    match_id,
    pair,
)
from registry.stations import stations
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from db.records import BundleRecord
    from db.store import Reader, UnitOfWork
    from ledger.entry import Entry
    from ledger.views import PersonView
    from workspace.session import Session

CANDIDATES: Final = 60
"""Persons of an index who are weighed for one."""
PART: Final = 100
"""Persons whose proposals are stored in one commit."""
LEAST_NAME: Final = 0.5
"""Of the likeness of names: below it nobody is worth reading a record for."""

_CHANGING: Final = (
    kinds.PERSON_REGISTERED,
    kinds.PERSON_AMENDED,
    kinds.PERSON_CORRECTED,
    kinds.PERSON_VOIDED,
    kinds.CONFLICT_RESOLVED,
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A person with what is proposed for them."""

    view: PersonView
    proposals: tuple[tuple[PersonView, Proposal], ...]


def propose_new(session: Session) -> int:
    """Propose for everybody whose record people of the registry changed, or let in, since this was
    last done; returns how many pairs are in the queue for it. What a bundle brings is proposed when
    it is imported; in a registry older than that, everybody is looked at once."""
    with session.store.read() as reader:
        raw = reader.setting(MARK)
        if raw is not None and reader.last_arrival() <= int(raw):
            return 0
    with session.store.write() as unit:
        # No other act of people is under way: what they say later has a higher number.
        raw, last = unit.setting(MARK), unit.last_arrival()
        persons = _everybody(session, unit) if raw is None else _changed(session, unit, int(raw))
    made = propose_for(session, persons)
    with session.store.write() as unit:
        unit.put_setting(MARK, str(last).encode("ascii"))
    return made


def brought(reader: Reader, record: BundleRecord, since: int) -> list[PersonId]:
    """Persons whose records came or changed with a bundle that is being imported, since an arrival:
    by what it holds, and by what lay here and came free with it."""
    found = reader.subjects_since(kinds.PERSON, _CHANGING, since, offices=[record.office])
    told = (one.hash for one in reader.findings(record.id) if one.outcome == "admitted")
    freed = (one for hash_ in told if (one := reader.entry(hash_)) is not None)
    return _persons(found, freed)


def propose_for(
    session: Session,
    persons: Iterable[PersonId],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Look for others who may be these persons, and note each pair; returns how many pairs are in
    the queue for it that were not. Doing it again changes nothing."""
    wanted = sorted(set(persons), key=lambda one: one.bytes)
    made = 0
    for start in range(0, len(wanted), PART):
        made += retrying(partial(_propose_some, session, wanted[start : start + PART]))
        progress(min(start + PART, len(wanted)), len(wanted))
    return made


def propose_within(session: Session, unit: UnitOfWork, persons: Iterable[PersonId]) -> int:
    """`propose_for`, for few, in a transaction that is open already."""
    weighed = [_weigh(unit, view) for view in unit.persons(persons)]
    return sum(_note(session, unit, one) for one in weighed)


def _propose_some(session: Session, persons: Sequence[PersonId]) -> int:
    with session.store.read() as reader:
        weighed = [_weigh(reader, view) for view in reader.persons(persons)]
    with session.store.write() as unit:
        return sum(_note(session, unit, one) for one in weighed)


def _everybody(session: Session, reader: Reader) -> list[PersonId]:
    offices = [session.office.id, *(one.id for one in stations(reader))]
    return _persons(reader.subjects_since(kinds.PERSON, _CHANGING, 0, offices=offices), ())


def _changed(session: Session, reader: Reader, after: int) -> list[PersonId]:
    """Persons whose records the registry's own entries changed after an arrival, or who are told of
    in what they let in."""
    own = [session.office.id]
    found = reader.subjects_since(kinds.PERSON, _CHANGING, after, offices=own)
    released = reader.entries_since((kinds.QUARANTINE_RELEASED,), after)
    hashes = chain.from_iterable((one.body or {}).get("entries") or () for one in released)
    freed = (one for hash_ in hashes if (one := reader.entry(hash_)) is not None)
    return _persons(found, freed)


def _persons(found: Iterable[UUID], entries: Iterable[Entry]) -> list[PersonId]:
    """These subjects, and those of the entries that are about a person."""
    about = (one.header.subject for one in entries)
    freed = (one.id for one in about if one.type == kinds.PERSON)
    return [PersonId(one) for one in dict.fromkeys(chain(found, freed))]


def _weigh(reader: Reader, view: PersonView) -> Weighed:
    if view.voided is not None:
        return Weighed(view, ())
    person = profile_of(view)
    views = {one.id: one for one in _candidates(reader, view, person)}
    likely = {one.other for one in propose(person, [profile_of(one) for one in views.values()])}
    # Households are read for the few who are likely, and they are weighed with them.
    whole = with_households(reader, person)
    others = [
        with_households(reader, profile_of(one)) for one in views.values() if one.id in likely
    ]
    made = propose(whole, others)
    return Weighed(view, tuple((views[PersonId(one.other)], one) for one in made))


def _candidates(reader: Reader, view: PersonView, person: Profile) -> list[PersonView]:
    found = reader.candidates(blocking_keys(person), CANDIDATES)
    scores = [scorer(name) for name in person.names]
    near = [
        one.id
        for one in found
        if one.id != view.id
        and one.voided is None
        and not one.stub
        and any(score([one.name, one.name_latin]) >= LEAST_NAME for score in scores)
    ]
    views = {one.id: one for one in reader.persons(near)}
    for _, number in person.documents:
        for one in reader.by_document_number(number):
            views.setdefault(one.id, one)
    views.pop(view.id, None)
    return [one for one in views.values() if one.voided is None]


def _note(session: Session, unit: UnitOfWork, weighed: Weighed) -> int:
    """Keep what was found for one person; returns how many pairs came into the queue."""
    view = weighed.view
    known = {pair(one.first, one.second): one for one in unit.match_cases_of(view.id)}
    made = 0
    for other, proposal in weighed.proposals:
        made += _keep(
            session, unit, known.pop(pair(view.id, other.id), None), view, other, proposal
        )
    for case in known.values():
        made += _look_again(session, unit, case)
    return made


def _keep(
    session: Session,
    unit: UnitOfWork,
    case: MatchCase | None,
    view: PersonView,
    other: PersonView,
    proposal: Proposal,
) -> int:
    """Note one pair; 1 when it waits now and did not."""
    basis = basis_of(view, other)
    first, second = pair(view.id, other.id)
    made = MatchCase(
        first=first,
        second=second,
        state=State.PROPOSED,
        score=proposal.score,
        at=session.clock.now(),
        details=details_of(proposal.reasons, basis=basis, version=weights.VERSION),
    )
    if case is None:
        unit.put_match_case(made)
        return 1
    state = state_of(unit, case, basis)
    again = state is State.PROPOSED and case.state != State.PROPOSED
    details = {**made.details}
    if case.details.get("again") or (again and case.state != State.GONE):
        details["again"] = True
    kept = replace(made, state=state, at=made.at if again else case.at, details=details)
    if kept != case:
        unit.put_match_case(kept)
    return int(again)


def _look_again(session: Session, unit: UnitOfWork, case: MatchCase) -> int:
    """A pair that was not proposed this time: what was told since may have taken away what spoke
    for it, or it is one of too many for one person."""
    one, other = unit.person(case.first), unit.person(case.second)
    if one is not None and other is not None and one.voided is None and other.voided is None:
        mine, theirs = (with_households(unit, profile_of(view)) for view in (one, other))
        made = compare(mine, theirs)
        if made is not None and made.weight >= weights.LEAST:
            return _keep(session, unit, case, one, other, made)
    if case.state == State.PROPOSED:
        unit.put_match_case(replace(case, state=State.GONE))
    return 0


def state_of(reader: Reader, case: MatchCase, basis: bytes) -> State:
    """Where a pair stands: as it was decided, or proposed anew when the answers changed since."""
    told = fold_case(reader.entries_of(kinds.MATCH, match_id(case.first, case.second)))
    decided = told.state in (State.DIFFERENT, State.UNSURE)
    if decided and told.standing and told.standing[-1].basis != basis:
        return State.PROPOSED
    return told.state


def profile_of(view: PersonView) -> Profile:
    """What is compared of a record, without its households."""
    values = view.values
    documents = values.get("documents")
    listed = documents if isinstance(documents, list) else ()
    return Profile(
        id=view.id,
        names=(*_texts(values, "name", "name_latin"), *_others(values.get("other_names"))),
        sex=next(iter(_texts(values, "sex")), ""),
        birth=date_of(values.get("birth")),
        father=_texts(values, "father_name"),
        mother=_texts(values, "mother_name"),
        documents=frozenset(
            (str(one.get("type") or ""), number)
            for one in listed
            if isinstance(one, Mapping) and (number := _plain(one.get("number")))
        ),
        phone=next(iter(_texts(values, "phone")), ""),
    )


def with_households(reader: Reader, person: Profile) -> Profile:
    """The same, with every household the person belongs or belonged to."""
    homes = reader.households_of(PersonId(person.id))
    return replace(person, households=frozenset(one.id for one in homes))


def _texts(values: Mapping[str, object], *names: str) -> tuple[str, ...]:
    found = (values.get(name) for name in names)
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str) and one))


def _others(rows: object) -> Sequence[str]:
    listed = rows if isinstance(rows, list | tuple) else ()
    names = [row.get("name") for row in listed if isinstance(row, Mapping)]
    return [name for name in names if isinstance(name, str) and name]


def _plain(number: object) -> str:
    if not isinstance(number, str):
        return ""
    return "".join(char for char in number.upper() if char.isalnum())
