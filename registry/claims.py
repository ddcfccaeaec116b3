"""Who is looking at what: one case of a queue, taken by one person of the registry.

A case that is taken is listed with the name of who took it, and nobody else decides about it. It
comes free when it is released, decided, or not touched for a while, so that nobody who went home
keeps a case. No entry says so: it is about who works on what, and nothing was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from values import cbor
from values.identifiers import UserId
from workspace.errors import RefusedError
from workspace.past import user_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.store import Reader, UnitOfWork
    from workspace.session import Session

KEPT: Final = timedelta(minutes=30)
"""A case that nobody touched for this long is free again."""

_PREFIX: Final = "claim/"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who took a case, and when. `own`: the reader."""

    user: UserId
    name: str
    at: datetime
    own: bool


def owners(session: Session, reader: Reader) -> dict[str, Owner]:
    """Everything that is taken just now, by its key."""
    found = {}
    for name, raw in reader.settings(_PREFIX).items():
        owner = _owner(session, reader, raw)
        if owner is not None:
            found[name.removeprefix(_PREFIX)] = owner
    return found


def take(session: Session, keys: Iterable[str]) -> None:
    """Take cases, or keep them longer. Raises `RefusedError` when somebody else has one."""
    with session.store.write() as unit:
        for key in keys:
            require_free(session, unit, key)
            told = {"user": session.user.id.bytes, "at": int(session.clock.now().timestamp())}
            unit.put_setting(_PREFIX + key, cbor.encode(told))


def release(session: Session, keys: Iterable[str]) -> None:
    """Give cases back; what somebody else took stays theirs."""
    with session.store.write() as unit:
        for key in keys:
            drop(session, unit, key)


def drop(session: Session, unit: UnitOfWork, key: str) -> None:
    """Give one back in a transaction that is open already: it was decided."""
    raw = unit.setting(_PREFIX + key)
    owner = _owner(session, unit, raw) if raw is not None else None
    if raw is not None and (owner is None or owner.own):
        unit.delete_setting(_PREFIX + key)


def require_free(session: Session, reader: Reader, key: str) -> None:
    """Raise `RefusedError` when somebody else is looking at a case."""
    raw = reader.setting(_PREFIX + key)
    owner = _owner(session, reader, raw) if raw is not None else None
    if owner is not None and not owner.own:
        raise RefusedError(
            "taken",
            f"{owner.name} is looking at this. Ask whether it can be released, or take another.",
        )


def _owner(session: Session, reader: Reader, raw: bytes) -> Owner | None:
    told = cbor.decode(raw)
    at = datetime.fromtimestamp(told["at"], UTC)
    if session.clock.now() - at > KEPT:
        return None
    user = UserId(UUID(bytes=told["user"]))
    return Owner(user, user_name(session, reader, user), at, user == session.user.id)
