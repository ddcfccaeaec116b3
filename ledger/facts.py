"""What each kind of entry sets, as plain field changes: the first half of the fold.

Beside the form's own fields there are fields of the ledger, whose names begin with
``@`` (no form field does): ``@number``, ``@permanent``, ``@voided``, ``@member:<hex>``,
``@link:<hex>``, ``@status``, ``@revoked``.  A member's place is the relation; it is empty
once the person has left, or ``{"to": id}`` of the household where the person went.  A body
that does not fit the table in :mod:`ledger.kinds`, a body that is gone, and a kind unknown
here set nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from ledger import kinds
from ledger.conflicts import Migrate
from ledger.entry import Entry, FormRef

NUMBER = "@number"
PERMANENT = "@permanent"
VOIDED = "@voided"
MEMBER = "@member:"
HEAD = "@head"
"""No field, but the name of the conflict of two heads of one household."""
LINK = "@link:"
STATUS = "@status"
REVOKED = "@revoked"
REVOKED_CODE = "@revoked_code"

QUIET = (VOIDED, LINK, STATUS, REVOKED, REVOKED_CODE)
"""Where concurrent changes are decided by rank and are no task for people."""

_LISTING = frozenset({kinds.HOUSEHOLD_REGISTERED, kinds.CONFLICT_RESOLVED})
"""The kinds whose ``members`` the table in :mod:`ledger.kinds` knows and checks."""

_OF_EVENTS = ("type", "date", "participants", "household")
"""Fields of the ledger that events have beside those of their form."""

Body = Mapping[str, Any]


def member_field(person: bytes | UUID) -> str:
    """The field that holds a person's place in a household."""
    return MEMBER + (person.bytes if isinstance(person, UUID) else person).hex()


def link_field(other: bytes | UUID) -> str:
    """The field that holds a link to another person's record."""
    return LINK + (other.bytes if isinstance(other, UUID) else other).hex()


def _own(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Form fields only: a body cannot reach the ledger's own fields through its values."""
    return {name: value for name, value in fields.items() if not name.startswith("@")}


def _changes(body: Body) -> dict[str, Any]:
    return _own(body["changes"])


def _person_registered(body: Body) -> dict[str, Any]:
    return {**_own(body["values"]), NUMBER: body["number"]}


def _household_registered(body: Body) -> dict[str, Any]:
    members = {member_field(m["person"]): m["relation"] for m in body["members"]}
    return {**_own(body["values"]), **members, NUMBER: body["number"]}


def _event_recorded(body: Body) -> dict[str, Any]:
    own = {name: body.get(name) for name in ("type", "date", "participants", "household")}
    return {**_own(body["values"]), **own}


def _left(said: Body) -> dict[str, Any]:
    """The place is empty; or, when it is known where the person went, it says so. So two
    stations that sent one person to two households are in conflict."""
    to = said.get("to")
    return {member_field(said["person"]): None if to is None else {"to": to}}


def _resolved(body: Body) -> dict[str, Any]:
    made = _changes(body)
    for member in body.get("members") or ():
        told = member.get("relation")
        made |= _left(member) if told is None else {member_field(member["person"]): told}
    return made


def rows_of(entry: Entry) -> list[bytes]:
    """The persons whom an entry lists, in its order. Only the kinds that list anybody are asked:
    in the body of another kind a field of that name is somebody else's, and may be anything."""
    body = body_of(entry)
    if body is None or entry.header.kind not in _LISTING:
        return []
    return [member["person"] for member in body.get("members") or ()]


def _voided(body: Body) -> dict[str, Any]:
    return {VOIDED: body["reason"]}


def _submitted(body: Body) -> dict[str, Any]:
    return {**_own(body), STATUS: "recorded"}


_WRITES: Mapping[str, Callable[[Body], dict[str, Any]]] = {
    kinds.PERSON_REGISTERED: _person_registered,
    kinds.PERSON_AMENDED: _changes,
    kinds.PERSON_CORRECTED: _changes,
    kinds.PERSON_VOIDED: _voided,
    kinds.PERSON_NUMBERED: lambda body: {PERMANENT: body["permanent"]},
    kinds.PERSONS_LINKED: lambda body: {link_field(body["other"]): body.get("reason") or ""},
    kinds.PERSONS_UNLINKED: lambda body: {link_field(body["other"]): None},
    kinds.CONFLICT_RESOLVED: _resolved,
    kinds.HOUSEHOLD_REGISTERED: _household_registered,
    kinds.HOUSEHOLD_AMENDED: _changes,
    kinds.HOUSEHOLD_MEMBER_JOINED: lambda body: {member_field(body["person"]): body["relation"]},
    kinds.HOUSEHOLD_MEMBER_LEFT: _left,
    kinds.EVENT_RECORDED: _event_recorded,
    kinds.EVENT_AMENDED: _changes,
    kinds.EVENT_VOIDED: _voided,
    kinds.REGISTRATION_SUBMITTED: _submitted,
    kinds.REGISTRATION_APPROVED: lambda body: {STATUS: "approved"},
    kinds.REGISTRATION_RETURNED: lambda body: {STATUS: "returned"},
    kinds.REGISTRATION_REGISTERED: lambda body: {STATUS: "registered"},
    kinds.DOCUMENT_ISSUED: _own,
    # Both always, so that one entry's reason is never shown with another's code.
    kinds.DOCUMENT_REVOKED: lambda body: {
        REVOKED: body["reason"],
        REVOKED_CODE: body.get("code") or "",
    },
}


def body_of(entry: Entry) -> Body | None:
    """The body when it is there and fits its kind, else None."""
    return entry.told


def writes_of(entry: Entry, migrate: Migrate | None = None) -> dict[str, Any]:
    """The fields that ``entry`` sets; None as a value empties a field.

    Fields of a form come under the names of its newest version, as far as ``migrate`` knows.
    """
    writes = _WRITES.get(entry.header.kind)
    body = body_of(entry)
    if writes is None or body is None:
        return {}
    said = writes(body)
    form, subject = entry.header.form, entry.header.subject.type
    if migrate is None or form is None or not _describes(form, subject):
        return said
    if migrate(form.id, form.version, said) is said:
        return said
    return _renamed(said, subject, form, migrate)


def _describes(form: FormRef, subject_type: str) -> bool:
    """Whether a form can be about this type of subject: another one's names are not its names."""
    return form.id == subject_type or subject_type not in (kinds.PERSON, kinds.HOUSEHOLD)


def _renamed(
    said: Mapping[str, Any], subject_type: str, form: FormRef, migrate: Migrate
) -> dict[str, Any]:
    of_ledger = _OF_EVENTS if subject_type == kinds.EVENT else ()
    kept = {n: v for n, v in said.items() if n.startswith("@") or n in of_ledger}
    answers = {n: v for n, v in said.items() if n not in kept}
    # What the ledger itself keeps wins: no migration reaches it.
    made = {**_own(migrate(form.id, form.version, answers)), **kept}
    if isinstance(made.get("participants"), list) and "participants" in kept:
        made["participants"] = [_role(one, form, migrate) for one in made["participants"]]
    return made


def _role(participant: Any, form: FormRef, migrate: Migrate) -> Any:
    """A participant's role is the field that named the person, and is renamed with it."""
    role = participant.get("role") if isinstance(participant, dict) else None
    if not isinstance(role, str):
        return participant
    named = next(iter(migrate(form.id, form.version, {role: None})), role)
    return participant if named == role else {**participant, "role": named}
