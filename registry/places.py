"""Where a registry keeps its photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workspace.rights import Right, require

if TYPE_CHECKING:
    from workspace.session import Session


def move_photos(session: Session, to: str) -> int:
    """Put the photographs into another folder or object store; returns how many. Killed before its
    end it can be begun again. Raises `db.errors.PhotoPlaceError`."""
    require(session, Right.SERVE)
    return session.store.move_photos(to)
