"""Proposing pairs of persons who may be one, after an import and after corrections.

A proposal is a row of a queue and no entry: nothing was decided. A pair that was decided is
proposed again only when an answer by which persons are told apart has changed since.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from db.retry import retrying
from ledger import kinds
from registry.adjudication_cases import MARK
from registry.adjudication_noting import Noting
from registry.stations import stations
from registry.weighing import Weighing, sorted_ids
from values.identifiers import PersonId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from db.store import Reader, UnitOfWork
    from values.identifiers import OfficeId
    from workspace.session import Session

PART: Final = 250
"""Persons who are weighed together, and whose proposals are stored in one commit."""

_CHANGING: Final = (
    kinds.PERSON_REGISTERED,
    kinds.PERSON_AMENDED,
    kinds.PERSON_CORRECTED,
    kinds.PERSON_VOIDED,
    kinds.CONFLICT_RESOLVED,
)


def propose_new(session: Session) -> int:
    """Propose for everybody whose record people of the registry changed, or let in, since this was
    last done; returns how many pairs are in the queue for it. What a bundle brings is owed
    (`registry.owing`); in a registry older than that, everybody is looked at once."""
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


def told_of(
    reader: Reader, offices: Iterable[OfficeId], after: int, *, upto: int | None = None
) -> list[PersonId]:
    """Persons whose records these offices' entries made or changed, by those that came after an
    arrival, and not after another."""
    found = reader.subjects_since(kinds.PERSON, _CHANGING, after, upto=upto, offices=offices)
    return [PersonId(one) for one in found]


def freed_by(reader: Reader, hashes: Iterable[bytes]) -> list[PersonId]:
    """Persons of whom these entries tell, which lay here and were let in."""
    entries = (one for hash_ in hashes if (one := reader.entry(hash_)) is not None)
    about = (one.header.subject for one in entries)
    return [PersonId(one.id) for one in about if one.type == kinds.PERSON]


def propose_for(
    session: Session,
    persons: Iterable[PersonId],
    *,
    after: bytes = b"",
    keep: Callable[[UnitOfWork, PersonId], None] = lambda unit, last: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Look for others who may be these persons, and note each pair; returns how many pairs are in
    the queue for it that were not. Doing it again changes nothing.

    They are gone through in the order of their ids, from behind `after` on; `keep` is called in
    the commit of each part with the last of it, so that who was cut off goes on there.
    """
    wanted = sorted_ids(persons)
    start = sum(one.bytes <= after for one in wanted)
    weighing = Weighing()
    made = 0
    for place in range(start, len(wanted), PART):
        progress(place, len(wanted))
        part = wanted[place : place + PART]
        made += retrying(partial(_propose_some, session, weighing, part, keep))
    if wanted:
        progress(len(wanted), len(wanted))
    return made


def _propose_some(
    session: Session,
    weighing: Weighing,
    persons: Sequence[PersonId],
    keep: Callable[[UnitOfWork, PersonId], None],
) -> int:
    with session.store.read() as reader:
        weighed = weighing.weigh(reader, persons)
    with session.store.write() as unit:
        made = Noting(session, unit, weighed).note()
        keep(unit, persons[-1])
    return made


def _everybody(session: Session, reader: Reader) -> list[PersonId]:
    return told_of(reader, [session.office.id, *(one.id for one in stations(reader))], 0)


def _changed(session: Session, reader: Reader, after: int) -> list[PersonId]:
    """Persons whose records the registry's own entries changed after an arrival, or who are told of
    in what they let in."""
    released = reader.entries_since((kinds.QUARANTINE_RELEASED,), after)
    hashes = chain.from_iterable((one.body or {}).get("entries") or () for one in released)
    return [*told_of(reader, [session.office.id], after), *freed_by(reader, hashes)]
