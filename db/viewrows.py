"""How each view becomes rows: the columns that queries need, its side tables, and the blob."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from db.codec import decode, encode, millis
from db.models import (
    AttendeeRow,
    Base,
    DocumentRow,
    EventRow,
    HouseholdRow,
    MemberRow,
    ParticipantRow,
    PersonRow,
    RegistrationRow,
    SourceRow,
)
from db.plain import indexed, shown
from ledger.views import (
    DocumentView,
    EventView,
    HouseholdView,
    PersonView,
    RegistrationView,
    View,
)

Columns = dict[str, Any]

HASH_BYTES = 32
DOCUMENT_KEY = "doc:"
"""Search keys of documents that persons carry. `matching` prefixes its own with one letter."""

MAX_KEY = 120
"""Characters of one search key: longer ones are cut, so that one field cannot fill an index."""


BETWEEN_KEYS = "\n"
"""Separates the search keys in a person's row; no key holds a line break."""


@dataclass(frozen=True, slots=True)
class ViewTable:
    """One type of view: its class, its table, and what its rows hold.

    `side` gives rows of side tables that belong to the view; they are replaced with it.
    """

    view: type[Any]
    table: Table
    columns: Callable[[Any], Columns]
    side: Callable[[Any], Mapping[Table, list[Columns]]]
    side_tables: Mapping[Table, str]
    """Side tables with the column that names the view."""


def table(row: type[Base]) -> Table:
    """The table of a model."""
    found = row.__table__
    assert isinstance(found, Table)  # noqa: S101 - every model here is a plain table
    return found


def view_row(view: View) -> Columns:
    """The row of a view, its blob included."""
    columns = VIEWS[subject_type(view)].columns(view)
    columns["id"] = view.id.bytes
    columns["first_at"] = millis(view.first_at)
    columns["last_at"] = millis(view.last_at)
    columns["view"] = encode(view)
    return columns


def read_view(kind: str, data: bytes) -> Any:
    """A view from its blob. Raises `ViewCodecError`."""
    return decode(VIEWS[kind].view, data)


def subject_type(view: View) -> str:
    """The type of subject that a view is about."""
    return _TYPES[type(view)]


def document_key(number: str) -> str | None:
    """The search key of a document's number: letters and digits alone, so that writing it with
    spaces or hyphens finds it too. None for a number that has neither."""
    letters = "".join(char for char in number.casefold() if char.isalnum())
    return (DOCUMENT_KEY + letters)[:MAX_KEY] if letters else None


def document_keys(view: PersonView) -> frozenset[str]:
    """Search keys of the documents that a person carries."""
    documents = view.values.get("documents")
    if not isinstance(documents, list):
        return frozenset()
    numbers = [one.get("number") for one in documents if isinstance(one, Mapping)]
    keys = [document_key(number) for number in numbers if isinstance(number, str)]
    return frozenset(key for key in keys if key is not None)


def person_keys(view: PersonView, keys: frozenset[str]) -> list[str]:
    """The search keys of a person as the table takes them, in order: those given, and those of the
    documents that the person carries."""
    listed = shown(BETWEEN_KEYS.join(keys | document_keys(view))).split(BETWEEN_KEYS)
    return sorted({key[:MAX_KEY] for key in listed if key})


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return shown(value) if isinstance(value, str) else ""


def _number(text: str | None) -> str | None:
    return None if text is None else indexed(text)


def _reason(text: str | None) -> str | None:
    return None if text is None else shown(text)


def _person(view: PersonView) -> Columns:
    birth = view.values.get("birth")
    return {
        "number": _number(view.number),
        "permanent": _number(view.permanent),
        "name": _text(view.values, "name"),
        "name_latin": _text(view.values, "name_latin"),
        "sex": _text(view.values, "sex"),
        "birth": _text(birth, "edtf") if isinstance(birth, Mapping) else "",
        "voided": _reason(view.voided),
    }


def _household(view: HouseholdView) -> Columns:
    return {
        "number": _number(view.number),
        "size": len(view.present()),
        "voided": _reason(view.voided),
    }


def _members(view: HouseholdView) -> Mapping[Table, list[Columns]]:
    # Whoever left and came back has two stays and one row: the stay that counts now.
    rows: dict[bytes, Columns] = {}
    for position, stay in enumerate(view.members):
        before = rows.get(stay.person.bytes)
        if before is not None and before["present"] and stay.left_at is not None:
            continue
        rows[stay.person.bytes] = {
            "household_id": view.id.bytes,
            "person_id": stay.person.bytes,
            "relation": shown(stay.relation),
            "position": position,
            "present": stay.left_at is None,
        }
    return {table(MemberRow): list(rows.values())}


def _event(view: EventView) -> Columns:
    return {
        "type": shown(view.type),
        "household_id": view.household.bytes if view.household else None,
        "voided": _reason(view.voided),
    }


def _participants(view: EventView) -> Mapping[Table, list[Columns]]:
    rows = {
        (one.person.bytes, one.role): {
            "event_id": view.id.bytes,
            "person_id": one.person.bytes,
            "role": indexed(one.role),
        }
        for one in view.participants
    }
    return {table(ParticipantRow): list(rows.values())}


def _document(view: DocumentView) -> Columns:
    return {
        "number": _number(view.number),
        "type": shown(view.type),
        "person_id": view.person.bytes if view.person else None,
        "household_id": view.household.bytes if view.household else None,
        "voided": _reason(view.voided or view.revoked),
    }


def _nothing(_view: DocumentView | PersonView) -> Mapping[Table, list[Columns]]:
    return {}


def _registration(view: RegistrationView) -> Columns:
    return {
        "status": view.status.value,
        "household_id": view.household.bytes,
    }


def _attendees(view: RegistrationView) -> Mapping[Table, list[Columns]]:
    attendees = [
        {"registration_id": view.id.bytes, "person_id": person}
        for person in dict.fromkeys(person.bytes for person in view.persons)
    ]
    rows = view.source.get("rows")
    hashes = rows if isinstance(rows, list) else []
    series = view.source.get("series")
    sources = [
        {
            "row_hash": row,
            "registration_id": view.id.bytes,
            "series": indexed(series if isinstance(series, str) else ""),
            "household": indexed(str(view.source.get("household", ""))),
        }
        for row in dict.fromkeys(hashes)
        if isinstance(row, bytes) and len(row) == HASH_BYTES
    ]
    return {table(AttendeeRow): attendees, table(SourceRow): sources}


VIEWS: Mapping[str, ViewTable] = {
    "person": ViewTable(PersonView, table(PersonRow), _person, _nothing, {}),
    "household": ViewTable(
        HouseholdView,
        table(HouseholdRow),
        _household,
        _members,
        {table(MemberRow): "household_id"},
    ),
    "event": ViewTable(
        EventView,
        table(EventRow),
        _event,
        _participants,
        {table(ParticipantRow): "event_id"},
    ),
    "document": ViewTable(DocumentView, table(DocumentRow), _document, _nothing, {}),
    "registration": ViewTable(
        RegistrationView,
        table(RegistrationRow),
        _registration,
        _attendees,
        {table(AttendeeRow): "registration_id", table(SourceRow): "registration_id"},
    ),
}
"""By subject type, as `ledger.kinds` names them."""

_TYPES: Mapping[type[Any], str] = {entry.view: kind for kind, entry in VIEWS.items()}
