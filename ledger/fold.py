"""The fold: from the entries about a subject to its view.

    Law: any order, partition or duplication of the same entries gives the same views.

The fold is total: an entry whose body is gone, malformed or of a kind unknown here keeps
its place among the heads and sets nothing.  It looks only at the entries whose subject it
folds, so after an append one subject is folded again and nothing else.  Who was allowed
to write an entry is decided before, by :mod:`ledger.admission`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict
from uuid import UUID

from ledger import facts, kinds
from ledger.ancestry import Ancestry, members, rank
from ledger.conflicts import NO_SETS, NONE, Candidate, ConflictSets, Settlement, settle
from ledger.conflicts import Conflict as Conflict
from ledger.conflicts import SetRule as SetRule
from ledger.entry import Entry, FormRef
from ledger.registration import fold_registration
from ledger.views import (
    DocumentView,
    EventView,
    HouseholdView,
    Link,
    Membership,
    Participant,
    PersonView,
    View,
)
from values.identifiers import DocumentId, EventId, HouseholdId, PersonId

SUBJECTS = (kinds.PERSON, kinds.HOUSEHOLD, kinds.EVENT, kinds.REGISTRATION, kinds.DOCUMENT)
"""Subject types that have views. Offices, users and bundles have entries, but no view."""


def fold(entries: Iterable[Entry], sets: ConflictSets = NO_SETS) -> dict[tuple[str, UUID], View]:
    """The views of all subjects that ``entries`` speak about, by (type, id)."""
    by_subject: dict[tuple[str, UUID], list[Entry]] = {}
    for entry in entries:
        subject = entry.header.subject
        by_subject.setdefault((subject.type, subject.id), []).append(entry)
    views = ((key, fold_subject(key[0], found, sets)) for key, found in sorted(by_subject.items()))
    return {key: view for key, view in views if view is not None}


def fold_subject(
    subject_type: str, entries: Iterable[Entry], sets: ConflictSets = NO_SETS
) -> View | None:
    """The view of one subject.

    Args:
        entries: all admitted entries about it, in any order.

    Returns:
        None when the subject type has no view, or no entry that created the subject is
        there with its body (held back, or pruned).

    Raises:
        ValueError: when the entries speak about different subjects; a program error.
    """
    make = _FOLDS.get(subject_type)
    order = Ancestry(entries)
    if not order.entries:
        return None
    subject = order.entries[0].header.subject
    if subject.type != subject_type or any(e.header.subject != subject for e in order.entries[1:]):
        raise ValueError("fold_subject takes the entries of one subject")
    return None if make is None else make(subject.id, order, sets)


class _Common(TypedDict):
    heads: tuple[Any, ...]
    first_at: Any
    last_at: Any
    form: FormRef | None


def form_of(order: Ancestry) -> FormRef | None:
    """The form of the last entry, in folding order, that was filled in with one."""
    return next((e.header.form for e in reversed(order.entries) if e.header.form), None)


def sets_name(order: Ancestry) -> str | None:
    """The form whose conflict sets apply to a subject: what it is says so, never what somebody
    wrote on a later entry. A person is asked the form of persons, a household that of households,
    an event the form it was recorded with."""
    subject = order.entries[0].header.subject.type
    if subject != kinds.EVENT:
        return subject
    recorded = (
        entry.header.form
        for entry in order.entries
        if entry.header.kind == kinds.EVENT_RECORDED and facts.body_of(entry) is not None
    )
    form = next(recorded, None)
    return None if form is None else form.id


def _common(order: Ancestry) -> _Common:
    times = [entry.header.device_time for entry in order.entries]
    return {
        "heads": order.heads(),
        "first_at": min(times),
        "last_at": max(times),
        "form": form_of(order),
    }


def settle_subject(order: Ancestry, sets: ConflictSets) -> Settlement:
    """The settlement of all field changes of one subject; shared with the history."""
    return settle(
        order,
        [facts.writes_of(entry, sets.migrate) for entry in order.entries],
        sets.of(sets_name(order)) if len(order) else NONE,
        resolvers=_resolvers(order),
        quiet=facts.QUIET,
    )


def _resolvers(order: Ancestry) -> frozenset[int]:
    """The positions of the entries that settle what their authors saw in conflict."""
    return frozenset(
        position
        for position, entry in enumerate(order.entries)
        if entry.header.kind == kinds.CONFLICT_RESOLVED and facts.body_of(entry) is not None
    )


def _created(order: Ancestry, kind: str) -> bool:
    return any(e.header.kind == kind and facts.body_of(e) is not None for e in order.entries)


def _own_fields(settled: Settlement) -> dict[str, Any]:
    return {name: value for name, value in settled.values.items() if not name.startswith("@")}


def _person(id_: UUID, order: Ancestry, sets: ConflictSets) -> View | None:
    if not _created(order, kinds.PERSON_REGISTERED):
        return None
    settled = settle_subject(order, sets)
    links = []
    for name, reason in settled.values.items():
        if name.startswith(facts.LINK):
            said = settled.lineage[name][-1]
            other = PersonId(UUID(hex=name.removeprefix(facts.LINK)))
            links.append(Link(other, reason or None, order.entries[said].hash))
    return PersonView(
        id=PersonId(id_),
        number=settled.values[facts.NUMBER],
        permanent=settled.values.get(facts.PERMANENT),
        links=tuple(links),
        values=_own_fields(settled),
        conflicts=settled.conflicts,
        voided=settled.values.get(facts.VOIDED),
        **_common(order),
    )


def _household(id_: UUID, order: Ancestry, sets: ConflictSets) -> View | None:
    if not _created(order, kinds.HOUSEHOLD_REGISTERED):
        return None
    settled = settle_subject(order, sets)
    stays = _stays(order, settled)
    two_heads = _one_head(order, stays)
    return HouseholdView(
        id=HouseholdId(id_),
        number=settled.values[facts.NUMBER],
        members=tuple(stay.membership for stay in stays),
        values=_own_fields(settled),
        conflicts=tuple(
            sorted((*settled.conflicts, *two_heads), key=lambda one: (one.set, one.fields))
        ),
        **_common(order),
    )


@dataclass(slots=True)
class _Stay:
    """A membership with what orders it: the position of the entry that began it, and its row
    therein. ``told`` is the position that told the relation, ``former`` the relation before."""

    membership: Membership
    entry: int
    row: int
    told: int
    former: str


def _stays(order: Ancestry, settled: Settlement) -> list[_Stay]:
    """Stays in the household, in the order in which they were entered.

    Told along the lineage of what is shown: of two unaware sides the one not taken up
    leaves no stay behind.
    """
    # Read once, not once for every member: a household of five hundred is one entry.
    told = [
        (facts.writes_of(entry), facts.body_of(entry) or {}, facts.rows_of(entry))
        for entry in order.entries
    ]
    stays: list[_Stay] = []
    for name, lineage in settled.lineage.items():
        if name.startswith(facts.MEMBER):
            person = PersonId(UUID(hex=name.removeprefix(facts.MEMBER)))
            stays.extend(_stays_of(order, lineage, person, told))
    stays.sort(key=lambda stay: (stay.entry, stay.row))
    return stays


def _stays_of(
    order: Ancestry,
    lineage: Iterable[int],
    person: PersonId,
    told: Sequence[tuple[dict[str, Any], facts.Body, list[bytes]]],
) -> Iterator[_Stay]:
    field = facts.member_field(person)
    stay: _Stay | None = None
    former = ""
    for position in lineage:
        writes, body, listed = told[position]
        if field not in writes:
            continue  # a resolution that let stand what was shown
        relation, at = writes[field], order.entries[position].header.device_time
        if isinstance(relation, str):
            if stay is None:
                row = listed.index(person.bytes) if listed else 0
                stay = _Stay(Membership(person, relation, at), position, row, position, former)
            else:
                stay.membership = replace(stay.membership, relation=relation)
                stay.told, stay.former = position, former
            former = former if relation == kinds.HEAD else relation
        elif stay is not None:
            stay.membership = replace(stay.membership, left_at=at, reason=body.get("reason"))
            yield stay
            stay = None
    if stay is not None:
        yield stay


def _one_head(order: Ancestry, stays: Iterable[_Stay]) -> tuple[Conflict, ...]:
    """Show one head at most, and say when unaware entries made more than one.

    The others are shown with the relation that was told of them before.
    """
    heads: dict[int, list[_Stay]] = {}
    for stay in stays:
        if stay.membership.left_at is None and stay.membership.relation == kinds.HEAD:
            heads.setdefault(stay.told, []).append(stay)
    if sum(map(len, heads.values())) < 2:
        return ()
    latest = order.latest(sum(1 << position for position in heads))
    shown = min(heads[order.newest(latest)], key=lambda stay: stay.row)
    for stay in (one for told in heads.values() for one in told if one is not shown):
        relation = stay.former or kinds.UNKNOWN_RELATION
        stay.membership = replace(stay.membership, relation=relation)
    positions = sorted(
        members(latest), key=lambda position: rank(order.entries[position]), reverse=True
    )
    settled = any(not latest & ~order.before[position] for position in _resolvers(order))
    if len(positions) < 2 or settled:
        return ()
    candidates = []
    for position in positions:
        entry = order.entries[position]
        named = {facts.member_field(one.membership.person): kinds.HEAD for one in heads[position]}
        header = entry.header
        candidates.append(Candidate(entry.hash, named, header.author, header.device_time))
    return (
        Conflict(
            set=facts.HEAD,
            fields=tuple(sorted({name for one in candidates for name in one.values})),
            candidates=tuple(candidates),
            identity=False,
        ),
    )


def _event(id_: UUID, order: Ancestry, sets: ConflictSets) -> View | None:
    if not _created(order, kinds.EVENT_RECORDED):
        return None
    settled = settle_subject(order, sets)
    values = _own_fields(settled)
    type_, date = values.pop("type", ""), values.pop("date", None)
    participants, household = values.pop("participants", None), values.pop("household", None)
    return EventView(
        id=EventId(id_),
        type=type_ if isinstance(type_, str) else "",
        date=date if isinstance(date, dict) else None,
        participants=_participants(participants),
        household=_household_id(household),
        values=values,
        conflicts=settled.conflicts,
        voided=settled.values.get(facts.VOIDED),
        **_common(order),
    )


def _participants(value: object) -> tuple[Participant, ...]:
    """Amendments reach this field as a plain value, so it is read with care."""
    found = []
    for item in value if isinstance(value, list) else ():
        match item:
            case {"role": str() as role, "person": bytes() as person} if len(person) == 16:
                found.append(Participant(role, PersonId(UUID(bytes=person))))
    return tuple(found)


def _household_id(value: object) -> HouseholdId | None:
    if isinstance(value, bytes) and len(value) == 16:
        return HouseholdId(UUID(bytes=value))
    return None


def _document(id_: UUID, order: Ancestry, sets: ConflictSets) -> View | None:
    issued = [
        e
        for e in order.entries
        if e.header.kind == kinds.DOCUMENT_ISSUED and facts.body_of(e) is not None
    ]
    if not issued:
        return None
    settled = settle_subject(order, sets)
    body = dict(facts.body_of(issued[0]) or {})
    person = body["person"]
    return DocumentView(
        id=DocumentId(id_),
        number=body["number"],
        type=body["type"],
        person=None if person is None else PersonId(UUID(bytes=person)),
        household=_household_id(body["household"]),
        language=body["language"],
        issued=body["issued"],
        expires=body["expires"],
        status_index=body["status_index"],
        credential=body["credential"],
        office=issued[0].header.office,
        epoch=issued[0].header.epoch,
        reprints=tuple(
            str((facts.body_of(e) or {})["reason"])
            for e in order.entries
            if e.header.kind == kinds.DOCUMENT_REPRINTED and facts.body_of(e) is not None
        ),
        revoked=settled.values.get(facts.REVOKED),
        revoked_code=settled.values.get(facts.REVOKED_CODE) or "",
        values=body,
        **_common(order),
    )


def _registration(id_: UUID, order: Ancestry, sets: ConflictSets) -> View | None:
    return fold_registration(id_, order, **_common(order))


_FOLDS: Mapping[str, Callable[[UUID, Ancestry, ConflictSets], View | None]] = {
    kinds.PERSON: _person,
    kinds.HOUSEHOLD: _household,
    kinds.EVENT: _event,
    kinds.REGISTRATION: _registration,
    kinds.DOCUMENT: _document,
}
