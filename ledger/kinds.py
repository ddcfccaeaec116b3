"""The kinds of entry: what each says, about what, and who may write it.

The table :data:`RULES` is normative (``docs/formats/entry.md`` repeats it).  Bodies are
maps under text keys; fields beyond the listed ones are allowed and survive.  A kind that
is not in the table comes from a newer program: it is kept and has no effect here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.certificate import OfficeType, Role
from ledger.status import SIZE as STATUS_LIST

# Subjects
PERSON = "person"
HOUSEHOLD = "household"
EVENT = "event"
REGISTRATION = "registration"
DOCUMENT = "document"
OFFICE = "office"
USER = "user"
BUNDLE = "bundle"
STATION = "station"
MATCH = "match"
"""Two persons who may be one; its id is made of theirs."""

# Kinds
EPOCH_BEGUN = "epoch.begun"
CERTIFICATE_ISSUED = "certificate.issued"
CERTIFICATE_REVOKED = "certificate.revoked"
CLOCK_CONFIRMED = "clock.confirmed"
STATION_ENROLLED = "station.enrolled"
STATION_REVOKED = "station.revoked"
PERSON_REGISTERED = "person.registered"
PERSON_AMENDED = "person.amended"
PERSON_CORRECTED = "person.corrected"
PERSON_VOIDED = "person.voided"
PERSON_NUMBERED = "person.numbered"
PERSONS_LINKED = "persons.linked"
PERSONS_UNLINKED = "persons.unlinked"
MATCH_DECIDED = "match.decided"
CONFLICT_RESOLVED = "conflict.resolved"
HOUSEHOLD_REGISTERED = "household.registered"
HOUSEHOLD_AMENDED = "household.amended"
HOUSEHOLD_MEMBER_JOINED = "household.member_joined"
HOUSEHOLD_MEMBER_LEFT = "household.member_left"
EVENT_RECORDED = "event.recorded"
EVENT_AMENDED = "event.amended"
EVENT_VOIDED = "event.voided"
REGISTRATION_SUBMITTED = "registration.submitted"
REGISTRATION_APPROVED = "registration.approved"
REGISTRATION_RETURNED = "registration.returned"
REGISTRATION_REGISTERED = "registration.registered"
DOCUMENT_ISSUED = "document.issued"
DOCUMENT_REPRINTED = "document.reprinted"
DOCUMENT_REVOKED = "document.revoked"
SHEET_SPOILED = "sheet.spoiled"
NUMBERS_RESERVED = "numbers.reserved"
NUMBERS_SPOILED = "numbers.spoiled"
KEY_COMPROMISED = "key.compromised"
BUNDLE_EXPORTED = "bundle.exported"
BUNDLE_ADMITTED = "bundle.admitted"
ENTRIES_QUARANTINED = "entries.quarantined"
QUARANTINE_RELEASED = "quarantine.released"
QUARANTINE_REFUSED = "quarantine.refused"
NOTICE_WRITTEN = "notice.written"
ENTRY_PRUNED = "entry.pruned"
ENTRY_ERASED = "entry.erased"

# Relations that the ledger itself knows; the others are the code list's affair.
HEAD = "head"
"""The focal point: a household shows one at most, whatever was told."""
UNKNOWN_RELATION = "unknown"
"""Shown for somebody who was told to be head and is not, with nothing told before."""

CORRECTION = "correction"
"""The type of an event that proposes to correct a person's record."""

Check = Callable[[object], bool]


def _text(value: object) -> bool:
    return isinstance(value, str)


def _said(value: object) -> bool:
    """Text that says something: reasons and numbers may not be empty."""
    return isinstance(value, str) and bool(value.strip())


def _uint(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _index(value: object) -> bool:
    """A place in a status list: one bit, which a reader must be able to find."""
    return isinstance(value, int) and _uint(value) and value < STATUS_LIST


def _octets(size: int) -> Check:
    return lambda value: isinstance(value, bytes) and len(value) == size


_id = _octets(16)
_hash = _octets(32)
_epoch = _octets(8)


def _bytes(value: object) -> bool:
    return isinstance(value, bytes)


def _map(value: object) -> bool:
    return isinstance(value, dict) and _TEXT.issuperset(map(type, value))


_TEXT = frozenset({str})


def _maybe(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _list(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _some(check: Check) -> Check:
    """A list that is not empty."""
    return lambda value: isinstance(value, list) and bool(value) and all(map(check, value))


def _pair(value: object) -> bool:
    """Two different ids, in ascending order."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(map(_id, value))
        and (value[0] < value[1])
    )


def _shape(**fields: Check) -> Check:
    """A map with at least these fields; those that accept None may be left out."""

    def check(value: object) -> bool:
        if not isinstance(value, dict) or not _map(value):
            return False
        for name, fits in fields.items():  # noqa: SIM110 - most of what an entry lists goes here
            if not fits(value.get(name)):
                return False
        return True

    return check


def _place(value: object) -> bool:
    """``[epoch, sequence, hash]`` of an earlier head."""
    return (
        isinstance(value, list)
        and len(value) == 3
        and _epoch(value[0])
        and _uint(value[1])
        and _hash(value[2])
    )


_CHANGES = {"changes": _map, "reason": _maybe(_text)}
_REASON = {"reason": _said}
_MEMBER = _shape(person=_id, relation=_said)
_COLLECTOR = _shape(who=_said, name=_maybe(_text), proof=_maybe(_text))
"""Who fetched a paper: ``who`` is ``holder`` or ``other``, whose name and proof are words."""
_PAPER = _shape(number=_said, status_index=_maybe(_index))
"""A number that is spoken for; a sheet without a code has no place in the status list."""
_KEPT = _shape(
    entry=_hash,
    number=_maybe(_said),
    status_index=_maybe(_index),
    credential=_maybe(_hash),
    serial=_maybe(_said),
)
"""What outlives an erased paper: by these, nobody is known and the paper is."""
_SETTLED = _shape(person=_id, relation=_maybe(_said), to=_maybe(_id))

_O, _S = Role.OFFICER, Role.SUPERVISOR
_C, _R = Role.CLERK, Role.REGISTRAR
_A, _SV = Role.ADMINISTRATOR, Role.SERVICE
_FIELD = frozenset({_O, _S, _R})
"""Those who work on records: the three roles with persons before them or their files."""
_ANYONE = frozenset(Role) - {Role.AUDITOR}
_IMPORT = frozenset({_C, _R, _SV, _A})
"""Those who import, and those who may run the service that does."""
_BOTH = frozenset(OfficeType)
_STATION = frozenset({OfficeType.STATION})
_REGISTRY = frozenset({OfficeType.REGISTRY})


@dataclass(frozen=True, slots=True)
class KindRule:
    """What the ledger demands of one kind.

    Attributes:
        subjects: allowed subject types.
        roles: who may write it. offices: where.
        body: required fields of the values and their checks.
    """

    subjects: frozenset[str]
    roles: frozenset[Role]
    offices: frozenset[OfficeType]
    body: Mapping[str, Check]

    def bad_field(self, body: Mapping[str, Any]) -> str | None:
        """The first field that is missing or of the wrong shape, or None."""
        for name, check in self.body.items():
            if not check(body.get(name)):
                return name
        return None


def _rule(
    subjects: str | tuple[str, ...],
    roles: frozenset[Role] | set[Role],
    offices: frozenset[OfficeType],
    **body: Check,
) -> KindRule:
    types = frozenset({subjects} if isinstance(subjects, str) else subjects)
    return KindRule(types, frozenset(roles), offices, body)


RULES: Mapping[str, KindRule] = {
    # offices and users
    EPOCH_BEGUN: _rule(
        OFFICE, frozenset(Role), _BOTH, reason=_said, previous=_maybe(_place), tag=_said
    ),
    CERTIFICATE_ISSUED: _rule(USER, {_A}, _BOTH, certificate=_bytes),
    CERTIFICATE_REVOKED: _rule(
        (USER, OFFICE),
        {_A},
        _BOTH,
        certificate=_hash,
        since=_maybe(_uint),
        office=_maybe(_id),
        covered=_maybe(_list(_place)),
        **_REASON,
    ),
    CLOCK_CONFIRMED: _rule(OFFICE, _ANYONE, _BOTH, shown=_said, latest=_said),
    STATION_ENROLLED: _rule(
        STATION,
        {_A},
        _REGISTRY,
        code=_said,
        name=_said,
        recipient=_said,
        request=_hash,
        certificates=_some(_bytes),
        replaces=_maybe(_id),
    ),
    STATION_REVOKED: _rule(
        STATION,
        {_A},
        _REGISTRY,
        certificates=_some(_hash),
        covered=_list(_place),
        since=_maybe(_uint),
        **_REASON,
    ),
    # persons
    PERSON_REGISTERED: _rule(PERSON, {_O}, _STATION, number=_said, values=_map),
    PERSON_AMENDED: _rule(PERSON, _FIELD, _BOTH, **_CHANGES),
    # Whoever proposed it is the author of the event that it names: two persons, two keys.
    PERSON_CORRECTED: _rule(PERSON, {_S, _R}, _BOTH, changes=_map, proposal=_maybe(_id), **_REASON),
    PERSON_VOIDED: _rule(PERSON, {_S, _R}, _BOTH, **_REASON),
    PERSON_NUMBERED: _rule(PERSON, {_R}, _REGISTRY, permanent=_said),
    PERSONS_LINKED: _rule(
        PERSON, {_R}, _REGISTRY, other=_id, reason=_maybe(_text), permanent=_maybe(_said)
    ),
    PERSONS_UNLINKED: _rule(PERSON, {_R}, _REGISTRY, other=_id, reason=_maybe(_text)),
    # About the pair and not about a person: it is the registry's own affair until it links them.
    MATCH_DECIDED: _rule(
        MATCH,
        {_R},
        _REGISTRY,
        persons=_pair,
        decision=_said,
        basis=_maybe(_bytes),
        undoes=_maybe(_hash),
        **_REASON,
    ),
    CONFLICT_RESOLVED: _rule(
        (PERSON, HOUSEHOLD, EVENT), {_S, _R}, _BOTH, members=_maybe(_list(_SETTLED)), **_CHANGES
    ),
    # households
    HOUSEHOLD_REGISTERED: _rule(
        HOUSEHOLD, {_O, _S}, _STATION, number=_said, values=_map, members=_list(_MEMBER)
    ),
    HOUSEHOLD_AMENDED: _rule(HOUSEHOLD, _FIELD, _BOTH, **_CHANGES),
    HOUSEHOLD_MEMBER_JOINED: _rule(
        HOUSEHOLD,
        _FIELD,
        _BOTH,
        person=_id,
        relation=_said,
        reason=_maybe(_text),
        **{"from": _maybe(_id)},
    ),
    HOUSEHOLD_MEMBER_LEFT: _rule(
        HOUSEHOLD, _FIELD, _BOTH, person=_id, reason=_maybe(_text), to=_maybe(_id)
    ),
    # events
    EVENT_RECORDED: _rule(
        EVENT,
        _FIELD,
        _BOTH,
        type=_said,
        date=_maybe(_map),
        values=_map,
        participants=_list(_shape(role=_text, person=_id)),
        household=_maybe(_id),
    ),
    EVENT_AMENDED: _rule(EVENT, _FIELD, _BOTH, **_CHANGES),
    EVENT_VOIDED: _rule(EVENT, _FIELD, _BOTH, **_REASON),
    # registrations
    REGISTRATION_SUBMITTED: _rule(
        REGISTRATION,
        {_O},
        _STATION,
        household=_id,
        persons=_list(_id),
        on=_said,
        source=_shape(way=_said),
        flags=_maybe(_list(_shape(code=_said))),
        confirmed=_maybe(_list(_shape(code=_said))),
    ),
    REGISTRATION_APPROVED: _rule(REGISTRATION, {_S}, _STATION),
    REGISTRATION_RETURNED: _rule(REGISTRATION, {_S, _R}, _BOTH, **_REASON),
    REGISTRATION_REGISTERED: _rule(REGISTRATION, {_R}, _REGISTRY),
    # documents
    DOCUMENT_ISSUED: _rule(
        DOCUMENT,
        _FIELD,
        _BOTH,
        number=_said,
        type=_said,
        person=_maybe(_id),
        household=_maybe(_id),
        language=_said,
        issued=_said,
        expires=_said,
        status_index=_index,
        credential=_hash,
        collector=_maybe(_COLLECTOR),
    ),
    DOCUMENT_REPRINTED: _rule(
        DOCUMENT,
        _FIELD,
        _BOTH,
        code=_maybe(_said),
        collector=_maybe(_COLLECTOR),
        language=_maybe(_said),
        paper=_maybe(_said),
        issued=_maybe(_said),
        credential=_maybe(_hash),
        qr=_maybe(_said),
        serial=_maybe(_said),
        **_REASON,
    ),
    DOCUMENT_REVOKED: _rule(
        DOCUMENT,
        _FIELD,
        _BOTH,
        code=_maybe(_said),
        event=_maybe(_id),
        by=_maybe(_said),
        **_REASON,
    ),
    SHEET_SPOILED: _rule(
        OFFICE,
        {_O, _S},
        _STATION,
        code=_maybe(_said),
        number=_maybe(_said),
        stock=_maybe(_said),
        **_REASON,
    ),
    NUMBERS_RESERVED: _rule(OFFICE, {_O, _S}, _STATION, papers=_some(_PAPER)),
    NUMBERS_SPOILED: _rule(
        OFFICE, {_O, _S}, _STATION, epoch=_epoch, papers=_some(_PAPER), **_REASON
    ),
    KEY_COMPROMISED: _rule(STATION, {_A}, _REGISTRY, key=_hash, since=_uint, **_REASON),
    # exchange
    BUNDLE_EXPORTED: _rule(OFFICE, {_S}, _STATION, bundle=_id, first=_uint, last=_uint),
    BUNDLE_ADMITTED: _rule(
        BUNDLE,
        _IMPORT,
        _REGISTRY,
        bundle=_id,
        station=_id,
        epoch=_epoch,
        first=_uint,
        last=_uint,
        head=_maybe(_hash),
        outcomes=_list(_shape(group=_id, outcome=_said)),
        admitted=_maybe(_uint),
    ),
    ENTRIES_QUARANTINED: _rule(
        (BUNDLE, OFFICE), _IMPORT, _REGISTRY, entries=_some(_hash), **_REASON
    ),
    QUARANTINE_RELEASED: _rule((BUNDLE, OFFICE), {_R}, _REGISTRY, entries=_some(_hash), **_REASON),
    # Refusing lets nothing in, so whoever looks after the stations may do it too.
    QUARANTINE_REFUSED: _rule(
        (BUNDLE, OFFICE), {_R, _A}, _REGISTRY, entries=_some(_hash), **_REASON
    ),
    NOTICE_WRITTEN: _rule(
        (BUNDLE, OFFICE), _IMPORT, _REGISTRY, station=_id, number=_uint, sha256=_hash
    ),
    # leaving things out, lawfully
    ENTRY_PRUNED: _rule(
        OFFICE, {_S, _R, _A}, _BOTH, entries=_some(_hash), basis=_said, second=_maybe(_id)
    ),
    ENTRY_ERASED: _rule(
        OFFICE,
        {_R, _A},
        _BOTH,
        entries=_some(_hash),
        basis=_said,
        second=_id,
        kept=_maybe(_list(_KEPT)),
    ),
}


def may_write(kind: str, role: Role, office_type: OfficeType) -> bool:
    """True when a user of this role may write this kind in this type of office."""
    rule = RULES.get(kind)
    return rule is not None and role in rule.roles and office_type in rule.offices


def bad_field(kind: str, body: Mapping[str, Any]) -> str | None:
    """The first field of ``body`` that the table does not accept; None when all are fine.

    An unknown kind has no bad fields: nothing here reads it.
    """
    rule = RULES.get(kind)
    return None if rule is None else rule.bad_field(body)
