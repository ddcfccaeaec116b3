"""Records that the registry found to be of one person: who they are, and the number that stands.

A link is never a merge. Each record keeps what was said of it and its own numbers; what is shown
together is computed from the links, and taking a link back leaves everything as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import kinds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from db.store import Reader
    from ledger.views import PersonView
    from values.identifiers import PersonId

MOST = 50
"""Records of one person that are followed: more than anybody has, and a bound."""


def records_of(
    reader: Reader, person: PersonId, *, without: frozenset[PersonId] = frozenset()
) -> list[PersonView]:
    """The record of a person first, then every record linked with it, directly or through others.

    Links between two persons of `without` are not followed. Records that are not here are left
    out: a station holds its own.
    """
    found: dict[PersonId, PersonView] = {}
    ahead = [person]
    while ahead and len(found) < MOST:
        wanted = ahead.pop(0)
        if wanted in found:
            continue
        view = reader.person(wanted)
        if view is None:
            continue
        found[wanted] = view
        ahead += [
            link.other for link in view.links if not {wanted, link.other} <= without
        ]  # fmt: skip
    return list(found.values())


def standing_number(reader: Reader, records: Iterable[PersonView]) -> str:
    """The permanent number that stands for all of these: the one that was given first."""
    numbered = [(_numbered_at(reader, one), one.permanent) for one in records if one.permanent]
    return min(numbered)[1] or "" if numbered else ""


def _numbered_at(reader: Reader, view: PersonView) -> datetime:
    told = [
        entry.header.device_time
        for entry in reader.entries_of(kinds.PERSON, view.id)
        if entry.header.kind == kinds.PERSON_NUMBERED
    ]
    return min(told, default=view.first_at)
