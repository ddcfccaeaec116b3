"""Exporting onto several sticks: sealed on this computer first, then carried stick by stick.

The prepared bundle lies in the workspace, sealed: not even this station can open it. What is noted
between two sticks is how many of its parts have left. Only the last stick makes it exported.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from station.begun import Begun
from station.export import Written, note, plan, write
from sync import fields
from sync.errors import FormatError
from sync.fields import Reader
from sync.folder import part_name
from sync.inspect import inspect
from sync.spread import Stick, spread
from values import cbor
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspace.session import Session

FOLDER: Final = "for-sticks"
"""Of the workspace; holds one prepared bundle at most, besides what a kill may have left."""
CARRIED: Final = "export/carried"
"""The setting in which it is remembered how far the sticks have come."""
PREPARED: Final = "export/prepared"
"""The one with what is to be noted once the last stick is written."""
SPARE_BYTES: Final = 200 * 1024**2
"""Left free on this computer's disk when a bundle is prepared on it."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One stick is written. `number` counts the sticks of this bundle; `first` and `last` are the
    parts on it; `left` parts wait for another stick."""

    bundle: Path
    number: int
    first: int
    last: int
    left: int
    entries: int
    parts: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bundle that is prepared and partly carried: `sticks` are written, `left` parts of `parts`
    are not, which are `size` bytes."""

    sticks: int
    left: int
    parts: int
    size: int


@dataclass(frozen=True, slots=True)
class _State:
    folder: str
    entries: int
    ends: tuple[int, ...]
    """For each stick that was written, the first part that is not on it or one before."""

    def to_bytes(self) -> bytes:
        return cbor.encode({0: 1, 1: self.folder, 2: self.entries, 3: list(self.ends)})

    @classmethod
    def from_bytes(cls, data: bytes) -> _State:
        reader = Reader.over(data, version=1)
        ends = tuple(fields.as_natural(item) for item in reader.list(3, most=20_000))
        return cls(reader.text(1), reader.natural(2), ends)


def waiting(session: Session) -> Waiting | None:
    """What was begun on several sticks and is not all carried yet, or None."""
    state = _state(session)
    if state is None:
        return None
    source = session.folder / FOLDER / state.folder
    found = inspect(source)
    if not found.whole:
        return None
    end = state.ends[-1] if state.ends else 0
    size = sum((source / part_name(index)).stat().st_size for index in range(end, found.parts))
    return Waiting(len(state.ends), found.parts - end, found.parts, size)


def carry(
    session: Session,
    parent: Path,
    *,
    room: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Carried:
    """Write the next stick; the first time, the bundle is prepared before. `room` is how many
    bytes the stick may take, at most what is free on it.

    Call it again, with another stick, while `left` is not 0. A stick that was pulled out is gone
    on with. Raises `RefusedError` (`no_folder`, `no_room_here`) and the errors of `sync`.
    """
    require(session, Right.EXPORT)
    if not parent.is_dir():
        raise RefusedError("no_folder", "That folder does not exist. Choose a folder on the stick.")
    state = _state(session)
    if state is None or not inspect(session.folder / FOLDER / state.folder).whole:
        state = _prepare(session, progress, cancelled)
    source = session.folder / FOLDER / state.folder
    first = state.ends[-1] if state.ends else 0
    stick = spread(source, parent, first=first, room=room, progress=progress, cancelled=cancelled)
    state = _State(state.folder, state.entries, (*state.ends, stick.end))
    if stick.left:
        _keep(session, state)
    else:
        _over(session, source)
    return _carried(stick, state)


def abandon(session: Session) -> None:
    """Give up what was prepared: nothing of it counts, and the sticks written so far are of no
    use. The next export begins anew."""
    require(session, Right.EXPORT)
    with session.store.write() as unit:
        for key in (CARRIED, PREPARED):
            unit.delete_setting(key)
    shutil.rmtree(session.folder / FOLDER, ignore_errors=True)


def _prepare(
    session: Session, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> _State:
    place = session.folder / FOLDER
    need, free = plan(session).bytes, shutil.disk_usage(session.folder).free
    if need + SPARE_BYTES > free:
        raise RefusedError(
            "no_room_here",
            "This computer's disk has too little room to prepare a bundle for several sticks. "
            "Free some space, or export to one stick that holds it all.",
        )
    place.mkdir(exist_ok=True)
    made = write(session, place, progress=progress, cancelled=cancelled)
    state = _State(made.path.name, made.entries, ())
    with session.store.write() as unit:
        unit.put_setting(PREPARED, made.begun.to_bytes())
        unit.put_setting(CARRIED, state.to_bytes())
    for other in place.iterdir():  # what earlier runs, killed at some point, left behind
        if other.name != state.folder:
            shutil.rmtree(other, ignore_errors=True)
    return state


def _over(session: Session, source: Path) -> None:
    with session.store.read() as reader:
        raw = reader.setting(PREPARED)
    assert raw is not None  # noqa: S101 - written in one commit with the state
    begun, found = Begun.from_bytes(raw), inspect(source)
    state = _state(session)
    entries = state.entries if state else 0
    note(session, Written(source, begun, entries, found.parts, found.size))
    abandon(session)


def _keep(session: Session, state: _State) -> None:
    with session.store.write() as unit:
        unit.put_setting(CARRIED, state.to_bytes())


def _state(session: Session) -> _State | None:
    with session.store.read() as reader:
        raw = reader.setting(CARRIED)
    try:
        return _State.from_bytes(raw) if raw else None
    except FormatError:
        return None


def _carried(stick: Stick, state: _State) -> Carried:
    return Carried(
        bundle=stick.path,
        number=len(state.ends),
        first=stick.first,
        last=stick.end - 1,
        left=stick.left,
        entries=state.entries,
        parts=stick.parts,
        bytes=stick.size,
    )
