"""What each kind of entry sets, as plain field changes: the first half of the fold.

Beside the form's own fields there are fields of the ledger, whose names begin with
``@`` (no form field does): ``@number``, ``@permanent``, ``@voided``, ``@member:<hex>``,
``@link:<hex>``, ``@status``, ``@revoked``.  A body that does not fit the table in
:mod:`ledger.kinds`, a body that is gone, and a kind unknown here set nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from ledger import kinds
from ledger.entry import Entry

NUMBER = "@number"
PERMANENT = "@permanent"
VOIDED = "@voided"
MEMBER = "@member:"
LINK = "@link:"
STATUS = "@status"
REVOKED = "@revoked"

QUIET = (VOIDED, LINK, STATUS, REVOKED)
"""Where concurrent changes are decided by rank and are no task for people."""

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
    kinds.CONFLICT_RESOLVED: _changes,
    kinds.HOUSEHOLD_REGISTERED: _household_registered,
    kinds.HOUSEHOLD_AMENDED: _changes,
    kinds.HOUSEHOLD_MEMBER_JOINED: lambda body: {member_field(body["person"]): body["relation"]},
    kinds.HOUSEHOLD_MEMBER_LEFT: lambda body: {member_field(body["person"]): None},
    kinds.EVENT_RECORDED: _event_recorded,
    kinds.EVENT_AMENDED: _changes,
    kinds.EVENT_VOIDED: _voided,
    kinds.REGISTRATION_SUBMITTED: _submitted,
    kinds.REGISTRATION_APPROVED: lambda body: {STATUS: "approved"},
    kinds.REGISTRATION_RETURNED: lambda body: {STATUS: "returned"},
    kinds.REGISTRATION_REGISTERED: lambda body: {STATUS: "registered"},
    kinds.DOCUMENT_ISSUED: _own,
    kinds.DOCUMENT_REVOKED: lambda body: {REVOKED: body["reason"]},
}


def body_of(entry: Entry) -> Body | None:
    """The body when it is there and fits its kind, else None."""
    body = entry.body
    if body is None or entry.header.kind not in kinds.RULES:
        return None
    return None if kinds.bad_field(entry.header.kind, body) else body


def writes_of(entry: Entry) -> dict[str, Any]:
    """The fields that ``entry`` sets; None as a value empties a field."""
    writes = _WRITES.get(entry.header.kind)
    body = body_of(entry)
    return {} if writes is None or body is None else writes(body)
