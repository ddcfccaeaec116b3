"""What is left of a pruned person: who it is, and that the record lies at the registry.

A station keeps no more than it must. The entries of a pruned person lose their bodies, so no fold
can make the view again: the stub is kept beside the ledger, by `rebuild` too, with the names and
the number by which the person is found, and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeGuard

from ledger import kinds
from ledger.views import PersonView
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from db.store import UnitOfWork
    from ledger.entry import Entry

SINCE: Final = "@pruned"
"""The day on which it was pruned. No entry can set a field whose name begins so."""
HOUSEHOLD: Final = "@household"
"""The number of the household."""
_KEPT: Final = ("name", "name_latin")


def make(view: PersonView, *, household: str, on: date) -> PersonView:
    """The stub of a person whose entries are about to lose their bodies."""
    values = {name: view.values[name] for name in _KEPT if name in view.values}
    values |= {SINCE: on.isoformat(), HOUSEHOLD: household}
    return replace(view, values=values, links=(), conflicts=())


def is_stub(view: object) -> TypeGuard[PersonView]:
    """Whether a view is what was left of a pruned person."""
    return isinstance(view, PersonView) and SINCE in view.values


def since(view: PersonView) -> str:
    """The day on which it was pruned, as ISO 8601."""
    return str(view.values.get(SINCE, ""))


def household(view: PersonView) -> str:
    """The number of the household that a stub belonged to."""
    return str(view.values.get(HOUSEHOLD, ""))


def keep(unit: UnitOfWork, stub: PersonView, entries: Iterable[Entry]) -> None:
    """Leave a stub where a fold found nothing, with the permanent number if one has come."""
    permanent = stub.permanent
    for entry in entries:
        if entry.header.kind == kinds.PERSON_NUMBERED and entry.body is not None:
            permanent = str(entry.body["permanent"])
    if permanent != stub.permanent:
        put(unit, replace(stub, permanent=permanent))


def put(unit: UnitOfWork, stub: PersonView) -> None:
    """Store a stub, to be found by the names on it."""
    from workspace.act import search_keys  # it folds, and asks here what to keep

    unit.put_view(stub, search_keys(stub), stub=True)


def require_here(view: PersonView) -> None:
    """Raise `RefusedError` (`pruned`) for somebody whose record is not at this station any more."""
    if is_stub(view):
        raise RefusedError(
            "pruned",
            f"This record was left to the registry on {since(view)}: this station keeps the name "
            f"and the number {view.number} alone. Ask the registry for it under that number.",
        )
